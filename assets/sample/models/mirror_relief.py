"""The relief of the Tang mirror: musician, phoenix, tortoise on its leaf, hills, water, the poem's panel."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point
from assets.sample.forms.ornament import around, rosette, spiral
from assets.sample.forms.relief import Relief
from assets.sample.forms.surface import Array

SIZE = 0.216
"""Metres across."""


def _at(x: float, y: float) -> Point:
    """Design coordinates (tenths of a metre from the middle, y up) on the canvas."""
    return (SIZE / 2 + x * 0.1, SIZE / 2 - y * 0.1)


def _musician(c: Canvas) -> None:
    c.blob(
        [
            _at(-0.72, -0.22),
            _at(-0.62, 0.10),
            _at(-0.50, 0.22),
            _at(-0.38, 0.10),
            _at(-0.24, -0.20),
            _at(-0.48, -0.28),
        ]
    )
    c.disc(_at(-0.50, 0.31), 0.0075)
    c.disc(_at(-0.50, 0.40), 0.0035)
    c.limb([_at(-0.60, 0.10), _at(-0.52, -0.02), _at(-0.40, -0.02)], [0.007, 0.006, 0.004])


def _zither(c: Canvas) -> None:
    c.polygon([_at(-0.62, -0.10), _at(-0.20, -0.01), _at(-0.19, -0.05), _at(-0.61, -0.15)])


def _phoenix(c: Canvas) -> None:
    c.blob([_at(0.30, -0.08), _at(0.38, 0.14), _at(0.50, 0.18), _at(0.56, 0.02), _at(0.48, -0.12)])
    c.limb([_at(0.36, 0.12), _at(0.30, 0.24), _at(0.34, 0.32)], [0.006, 0.004, 0.005])
    c.line([_at(0.34, 0.32), _at(0.27, 0.31)], 0.002)
    for k in range(5):
        c.brush(
            [_at(0.50, 0.10), _at(0.58 + 0.05 * k, 0.24 + 0.03 * k), _at(0.52 + 0.09 * k, 0.44 - 0.03 * k)],
            0.0055,
        )
        c.brush(
            [_at(0.50, 0.0), _at(0.66 + 0.03 * k, -0.06 - 0.05 * k), _at(0.80 - 0.03 * k, 0.08 - 0.13 * k)],
            0.005,
        )
    for dx in (-0.03, 0.05):
        c.line([_at(0.42 + dx, -0.10), _at(0.40 + dx, -0.28)], 0.0022)


def _scenery(c: Canvas) -> None:
    for x, y, s in ((0.0, 0.62, 1.0), (-0.14, 0.56, 0.7), (0.15, 0.56, 0.7)):
        c.blob(
            [
                _at(x - 0.12 * s, y - 0.10 * s),
                _at(x - 0.04 * s, y + 0.10 * s),
                _at(x, y + 0.16 * s),
                _at(x + 0.05 * s, y + 0.08 * s),
                _at(x + 0.12 * s, y - 0.10 * s),
            ]
        )
    for side in (-1, 1):
        for k in range(3):
            c.line(spiral(_at(side * (0.32 + 0.09 * k), 0.62 - 0.05 * k), 0.0052, 1.3, 90, side), 0.0018)
    for k in range(7):
        x = -0.66 - 0.02 * (k % 2)
        c.limb(
            [
                _at(x - 0.03 + 0.03 * (k % 3), -0.25 + 0.1 * k),
                _at(x - 0.14 + 0.05 * (k % 2), -0.18 + 0.1 * k),
            ],
            [0.003, 0.0015],
        )
    for k in range(5):
        level = -0.46 - 0.05 * k
        ripple = np.linspace(-0.36 + 0.02 * k, 0.36 - 0.02 * k, 60)
        c.line([_at(float(a), level + 0.012 * float(np.sin(a * 40 + k))) for a in ripple], 0.0016)


def _lotus(c: Canvas) -> None:
    rosette(c, _at(0, 0), 0.0215, 9, heart=0.15)


def _tortoise(c: Canvas) -> None:
    c.blob(
        [
            _at(-0.10, 0),
            _at(-0.06, 0.085),
            _at(0.06, 0.085),
            _at(0.10, 0),
            _at(0.06, -0.085),
            _at(-0.06, -0.085),
        ]
    )
    for a in (35, 145, 215, 325):
        c.limb([_at(0, 0), around(_at(0, 0), 0.0135, a)], [0.004, 0.0035])
    c.limb([_at(0, 0.05), _at(0, 0.14)], [0.005, 0.005])


def _panel(c: Canvas) -> None:
    c.line([_at(-0.08, 0.20), _at(0.08, 0.20), _at(0.08, 0.46), _at(-0.08, 0.46), _at(-0.08, 0.20)], 0.0014)
    for column in range(4):
        for row in range(5):
            x, y = -0.055 + 0.036 * column, 0.235 + 0.047 * row
            c.line([_at(x - 0.010, y), _at(x + 0.010, y)], 0.0011)
            c.line([_at(x, y - 0.014), _at(x, y + 0.016)], 0.0011)
            if (row + column) % 2:
                c.line([_at(x - 0.010, y + 0.012), _at(x + 0.010, y + 0.012)], 0.0011)


def mirror_relief(pixels: int) -> Array:
    """Heights in metres over the mirror's ground."""
    r = Relief((pixels, pixels), (SIZE, SIZE))
    r.raise_(_scenery, 0.0010, 0.0016)
    r.raise_(_lotus, 0.0013, 0.003)
    for draw in (_musician, _phoenix):
        r.raise_(draw, 0.0019, 0.0030)
    r.add(_zither, 0.0007, 0.001)
    r.raise_(_panel, 0.0009, 0.0008)
    r.raise_(_tortoise, 0.0060, 0.0075)
    return r.height
