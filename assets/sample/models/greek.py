"""Painted pottery of Athens."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point
from assets.sample.forms.finish import Finish, dressed, filled, material, painted, plain, shaded, smoothstep
from assets.sample.forms.lathe import swept, tube
from assets.sample.forms.noise import cells, generator, spectral
from assets.sample.forms.ornament import rays
from assets.sample.forms.slab import cushion, slab
from assets.sample.forms.surface import Array, Surface, joined
from assets.sample.models.thrown import Vessel, throw
from assets.sample.replica import Replica, Sight, assembled, spotted

_OUTER: list[Point] = [
    (0.120, 0.350), (0.149, 0.350), (0.149, 0.350), (0.150, 0.347), (0.150, 0.331), (0.148, 0.328),
    (0.148, 0.328), (0.126, 0.322), (0.116, 0.312), (0.113, 0.300), (0.113, 0.287), (0.113, 0.287),
    (0.127, 0.270), (0.141, 0.240), (0.145, 0.212), (0.142, 0.178), (0.128, 0.133), (0.102, 0.090),
    (0.072, 0.057), (0.054, 0.041), (0.054, 0.041), (0.058, 0.036), (0.058, 0.036), (0.074, 0.030),
    (0.080, 0.022), (0.080, 0.006), (0.079, 0.0), (0.079, 0.0), (0.068, 0.0), (0.060, 0.006), (0.0, 0.012),
]  # fmt: skip
_INNER: list[Point] = [
    (0.0, 0.046), (0.045, 0.050), (0.092, 0.095), (0.120, 0.140), (0.134, 0.185), (0.137, 0.215),
    (0.132, 0.245), (0.117, 0.272), (0.105, 0.290), (0.105, 0.310), (0.110, 0.330), (0.120, 0.350),
]  # fmt: skip


def _discus_thrower(body: Canvas, lines: Canvas, at: Point, tall: float) -> None:
    """A youth stepping left, about to throw; an owl is painted on his discus."""

    def p(x: float, y: float) -> Point:
        return (at[0] + x * tall, at[1] + y * tall)

    def w(*values: float) -> list[float]:
        return [value * tall for value in values]

    body.limb([p(0.04, -0.50), p(0.13, -0.29), p(0.10, -0.12), p(0.17, 0.0)], w(0.125, 0.10, 0.085, 0.045))
    body.limb([p(0.16, -0.01), p(0.07, 0.0)], w(0.045, 0.028))
    body.limb(
        [p(-0.02, -0.50), p(-0.14, -0.32), p(-0.13, -0.13), p(-0.21, 0.0)], w(0.13, 0.105, 0.085, 0.045)
    )
    body.limb([p(-0.21, -0.005), p(-0.30, 0.0)], w(0.045, 0.025))
    body.blob(
        [p(-0.08, -0.50), p(0.08, -0.49), p(0.07, -0.60), p(0.10, -0.76), p(-0.10, -0.77), p(-0.06, -0.60)]
    )
    body.limb([p(0.08, -0.75), p(0.20, -0.68), p(0.29, -0.80)], w(0.08, 0.065, 0.045))
    body.limb([p(-0.08, -0.75), p(-0.21, -0.80), p(-0.31, -0.90)], w(0.08, 0.065, 0.045))
    body.limb([p(-0.01, -0.78), p(-0.03, -0.84)], w(0.06, 0.06))
    body.blob(
        [
            p(-0.10, -0.90),
            p(-0.115, -0.865),
            p(-0.09, -0.835),
            p(-0.03, -0.82),
            p(0.03, -0.86),
            p(0.035, -0.93),
            p(-0.02, -0.975),
            p(-0.085, -0.95),
        ]
    )
    body.disc(p(-0.37, -0.93), 0.092 * tall)
    _head_lines(lines, p(-0.035, -0.9), tall)
    thin = 0.008 * tall
    lines.stroke([p(0.0, -0.76), p(-0.005, -0.66), p(0.0, -0.53)], thin)
    lines.stroke([p(-0.09, -0.70), p(-0.05, -0.675), p(0.0, -0.69), p(0.05, -0.675), p(0.08, -0.70)], thin)
    lines.stroke([p(-0.05, -0.55), p(0.0, -0.52), p(0.05, -0.55)], thin)
    for y in (-0.64, -0.605):
        lines.stroke([p(-0.045, y), p(0.045, y)], thin * 0.8)
    for x, y in ((-0.14, -0.31), (0.13, -0.28)):
        lines.stroke([p(x - 0.03, y - 0.02), p(x - 0.035, y + 0.015), p(x, y + 0.03)], thin)
    lines.stroke([p(-0.12, -0.22), p(-0.11, -0.15), p(-0.14, -0.09)], thin * 0.8)
    _owl(lines, p(-0.37, -0.925), 0.06 * tall)
    lines.ring(p(-0.37, -0.93), 0.084 * tall, thin)


def _owl(lines: Canvas, at: Point, size: float) -> None:
    x, y = at
    lines.blob(
        [
            (x, y - size),
            (x + 0.5 * size, y - 0.7 * size),
            (x + 0.45 * size, y + 0.3 * size),
            (x, y + 0.9 * size),
            (x - 0.45 * size, y + 0.3 * size),
            (x - 0.5 * size, y - 0.7 * size),
        ]
    )
    for side in (-1, 1):
        lines.disc((x + side * 0.2 * size, y - 0.55 * size), 0.15 * size, 0.0)
        lines.disc((x + side * 0.2 * size, y - 0.55 * size), 0.07 * size)
        lines.line(
            [(x + side * 0.15 * size, y + 0.8 * size), (x + side * 0.2 * size, y + 1.1 * size)], 0.1 * size
        )


def _head_lines(lines: Canvas, at: Point, tall: float) -> None:
    """Hair as a black cap with a reserved edge, eye, brow, nostril, lips; the face looks left."""
    x, y = at

    def p(dx: float, dy: float) -> Point:
        return (x + dx * tall, y + dy * tall)

    lines.blob(
        [
            p(-0.055, -0.045),
            p(-0.02, -0.068),
            p(0.04, -0.055),
            p(0.062, -0.01),
            p(0.05, 0.04),
            p(0.022, 0.05),
            p(0.012, 0.01),
            p(-0.02, -0.03),
        ]
    )
    thin = 0.007 * tall
    lines.stroke([p(-0.058, -0.012), p(-0.035, -0.018), p(-0.022, -0.008)], thin)
    lines.disc(p(-0.042, -0.008), 0.006 * tall)
    lines.stroke([p(-0.062, -0.028), p(-0.04, -0.034), p(-0.02, -0.024)], thin * 0.7)
    lines.stroke([p(-0.068, 0.036), p(-0.05, 0.036)], thin * 0.8)
    lines.stroke([p(0.005, 0.0), p(0.012, 0.008), p(0.004, 0.018)], thin)


def _dancing_girl(body: Canvas, lines: Canvas, at: Point, tall: float) -> None:
    """A girl in a short thin dress, castanets in both raised hands, one foot lifted."""

    def p(x: float, y: float) -> Point:
        return (at[0] + x * tall, at[1] + y * tall)

    def w(*values: float) -> list[float]:
        return [value * tall for value in values]

    body.limb([p(0.02, -0.42), p(0.05, -0.22), p(0.06, 0.0)], w(0.10, 0.075, 0.04))
    body.limb([p(0.055, -0.005), p(-0.03, 0.0)], w(0.04, 0.025))
    body.limb([p(-0.04, -0.42), p(-0.16, -0.28), p(-0.08, -0.13)], w(0.11, 0.085, 0.04))
    body.limb([p(-0.08, -0.13), p(-0.15, -0.10)], w(0.04, 0.025))
    body.polygon(
        [
            p(-0.09, -0.76),
            p(0.09, -0.76),
            p(0.075, -0.60),
            p(0.15, -0.33),
            p(0.07, -0.345),
            p(0.0, -0.33),
            p(-0.08, -0.345),
            p(-0.17, -0.33),
            p(-0.07, -0.60),
        ]
    )
    body.limb([p(0.075, -0.74), p(0.20, -0.72), p(0.26, -0.86)], w(0.07, 0.055, 0.04))
    body.limb([p(-0.075, -0.74), p(-0.19, -0.66), p(-0.27, -0.76)], w(0.07, 0.055, 0.04))
    body.limb([p(0.0, -0.77), p(-0.01, -0.83)], w(0.05, 0.05))
    body.blob(
        [
            p(-0.095, -0.89),
            p(-0.105, -0.86),
            p(-0.08, -0.83),
            p(-0.02, -0.82),
            p(0.03, -0.85),
            p(0.06, -0.92),
            p(-0.01, -0.965),
            p(-0.075, -0.94),
        ]
    )
    for x, y, lean in ((0.27, -0.90, 1), (-0.29, -0.80, -1)):
        body.limb([p(x, y), p(x + 0.03 * lean, y - 0.08)], w(0.02, 0.028))
        body.limb([p(x - 0.01 * lean, y), p(x - 0.03 * lean, y - 0.075)], w(0.02, 0.028))
    _head_lines(lines, p(-0.025, -0.893), tall)
    thin = 0.0065 * tall
    for k in range(-4, 5):
        x = k * 0.018
        lines.stroke([p(x * 0.9, -0.60), p(x * 1.5 - 0.005, -0.46), p(x * 1.9, -0.345)], thin * 0.8)
        if abs(k) < 4:
            lines.stroke([p(x * 1.1, -0.74), p(x * 0.9, -0.615)], thin * 0.7)
    lines.line([p(-0.072, -0.605), p(0.076, -0.605)], thin * 2.2)


def _frame(lines: Canvas, box_: tuple[float, float, float, float]) -> None:
    """Ivy berries down both sides of a panel and a row of tongues above it."""
    left, top, right, bottom = box_
    for edge in (left + 0.0055, right - 0.0055):
        for k in range(int((bottom - top) / 0.0085)):
            lines.disc((edge + (0.0022 if k % 2 else -0.0022), top + 0.010 + k * 0.0085), 0.0024)
    count = int((right - left) / 0.008)
    for k in range(count):
        x = left + (k + 0.5) * (right - left) / count
        lines.limb([(x, top + 0.002), (x, top + 0.008)], [0.004, 0.0045])


def _painting(pot: Vessel) -> tuple[Array, Array]:
    """Where the clay is reserved, and the black upon it."""
    pixels = (2048, 1024)
    clay, lines = pot.canvas(pixels), pot.canvas(pixels)
    figures, inner = pot.canvas(pixels), pot.canvas(pixels)
    neck, foot, bottom = pot.down(0.2865), pot.down(0.0405), pot.down(0.118)
    top = neck + 0.004
    for middle, draw in ((pot.girth / 2, _discus_thrower), (0.0, _dancing_girl)):
        half = 0.125
        clay.polygon(
            [(middle - half, top), (middle + half, top), (middle + half, bottom), (middle - half, bottom)]
        )
        low, high = middle - half + 0.011, middle + half - 0.011
        lines.polygon(
            [(low, top + 0.010), (high, top + 0.010), (high, bottom - 0.006), (low, bottom - 0.006)]
        )
        draw(figures, inner, (middle, bottom - 0.007), (bottom - top) * 0.90)
        _frame(lines, (middle - half, top, middle + half, bottom))
    start = pot.down(0.105) + 0.012
    clay.band(start, foot - 0.004)
    rays(lines, start + 0.004, foot - 0.005, 0.024)
    drawn = figures.array()
    black = lines.array() * (1 - drawn) + inner.array() * drawn
    return clay.array(), black


def _finish(pot: Vessel) -> Finish:
    rng = generator("attic-column-krater")
    reserved, lines = _painting(pot)
    shape = reserved.shape
    cloud, fine = spectral(rng, shape, low=2, slope=1.5), spectral(rng, shape, low=60, slope=0.8)
    flakes = cells(rng, shape, (46, 92))
    lost = smoothstep(0.975, 1.0, flakes.owner + 0.015 * cloud) * smoothstep(
        0.02, 0.10, flakes.second - flakes.nearest
    )
    bare = np.clip(reserved * (1 - lines), 0, 1)
    clay = shaded(filled(shape, "#b5663a"), 0.06 * cloud + 0.03 * fine)
    gloss = shaded(filled(shape, "#17140f"), 0.18 * cloud + 0.1 * fine)
    color = painted(gloss, clay, bare)
    color = painted(color, shaded(clay, 0.12 * fine - 0.05), lost * (1 - bare) * 0.9)
    color = painted(color, "#8d7b62", 0.22 * smoothstep(0.6, 2.2, cloud))
    matt = np.maximum(bare, lost)
    return Finish(color, 0.26 + 0.42 * matt + 0.04 * fine.clip(-1, 1), bump=0.10 * fine - 0.35 * matt)


def _handles() -> Surface:
    """On each side two rods from the shoulder to a plate that juts from the rim."""
    parts = []
    for side in (-1, 1):
        for z in (-0.030, 0.030):
            bend = [
                (side * 0.118, 0.262, z),
                (side * 0.146, 0.266, z),
                (side * 0.156, 0.286, z),
                (side * 0.157, 0.334, z),
            ]
            parts.append(tube(swept(bend, 40), 0.0098, 28))
        plate = slab(cushion(0.058, 0.094, 7), [(0, 0.0095), (0.86, 0.0095), (0.97, 0.008), (1, 0)], (41, 41))
        parts.append(plate.turned((1, 0, 0), -90).moved((side * 0.1435, 0.3405, 0)))
    return joined(parts)


def attic_column_krater() -> Replica:
    """Column-krater by Myson: discus thrower and dancing girl in reserved panels."""
    pot = throw(_OUTER, _INNER, (220, 80), 256)
    dress = material("red-figure", _finish(pot))
    black = plain("gloss", "#191612", 0.34)
    meshes = [
        dressed("outer-wall", pot.outside, dress),
        dressed("inner-wall", pot.inside, black),
        dressed("handles", _handles(), black),
    ]
    scan = assembled("attic-column-krater", meshes, (0.345, 0.35, 0.30), "lathe from a measured profile")
    sights = {
        "rim": Sight((0.0, 0.34, 0.1), (0, 0, -1)),
        "handle-plate": Sight((0.155, 0.34, 0.0), (0, -1, 0)),
        "discus": Sight((-0.05, 0.245, 0.1), (0, 0, -1)),
        "dancer": Sight((0.0, 0.21, -0.1), (0, 0, 1)),
        "rays-foot": Sight((0.0, 0.07, 0.05), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(10.0, 9.0))
