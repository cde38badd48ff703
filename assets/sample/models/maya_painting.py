"""The court scene on the Maya vase, in red, orange, black and cream slips."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point, smooth
from assets.sample.forms.finish import Finish, filled, painted, shaded, smoothstep
from assets.sample.forms.noise import blurred, cells, generator, spectral
from assets.sample.forms.ornament import repeats
from assets.sample.models.thrown import Vessel

_SLIPS = {"red": "#a03a1c", "orange": "#cf7a35", "cream": "#ecd6a8", "black": "#1e1612"}


class _Court:
    """Canvases of the four slips, laid over each other in order."""

    def __init__(self, pot: Vessel) -> None:
        self.coats: list[tuple[str, Canvas]] = []
        self._pot = pot

    def coat(self, slip: str) -> Canvas:
        canvas = self._pot.canvas((1024, 1024))
        self.coats.append((slip, canvas))
        return canvas


def _glyph_band(court: _Court, pot: Vessel) -> None:
    top, bottom = pot.down(0.236), pot.down(0.208)
    ground, ink = court.coat("cream"), court.coat("black")
    ground.band(top, bottom)
    for y in (top - 0.0015, bottom + 0.0005):
        ink.band(y, y + 0.0018)
    count, step = repeats(pot.girth, 0.0275)
    rng = generator("maya-glyphs")
    for k in range(count):
        x, y = (k + 0.5) * step, (top + bottom) / 2
        for dx, dy, w, h in (
            (-0.004, 0.001, 0.0078, 0.0098),
            (0.0082, -0.0048, 0.0038, 0.0044),
            (0.0082, 0.0056, 0.0038, 0.0044),
        ):
            cx, cy = x + dx, y + dy
            corners = [
                (cx - w, cy - h * 0.7),
                (cx - w * 0.6, cy - h),
                (cx + w * 0.6, cy - h),
                (cx + w, cy - h * 0.6),
                (cx + w, cy + h * 0.7),
                (cx, cy + h),
                (cx - w, cy + h * 0.7),
            ]
            ink.line(smooth([*corners, corners[0]], 8), 0.0011)
            kind = int(rng.integers(0, 4))
            if kind == 0:
                ink.disc((cx - w * 0.2, cy - h * 0.25), w * 0.28)
                ink.stroke(
                    [
                        (cx - w * 0.5, cy + h * 0.5),
                        (cx + w * 0.1, cy + h * 0.35),
                        (cx + w * 0.6, cy + h * 0.5),
                    ],
                    0.0009,
                )
            elif kind == 1:
                for s in (-0.4, 0.0, 0.4):
                    ink.line([(cx + s * w, cy - h * 0.6), (cx + s * w, cy + h * 0.5)], 0.0009)
            elif kind == 2:
                ink.ring((cx, cy), w * 0.45, 0.001)
                ink.disc((cx, cy), w * 0.16)
            else:
                ink.stroke(
                    [(cx - w * 0.6, cy), (cx, cy - h * 0.5), (cx + w * 0.5, cy), (cx, cy + h * 0.4)], 0.001
                )
                ink.disc((cx, cy), w * 0.14)


def _seated(court: _Court, at: Point, size: float, facing: int, cloth: str) -> None:
    """A cross-legged noble in profile, body turned to us."""

    def p(x: float, y: float) -> Point:
        return (at[0] + facing * x * size, at[1] + y * size)

    def w(*values: float) -> list[float]:
        return [value * size for value in values]

    skin, dress, ink = court.coat("orange"), court.coat(cloth), court.coat("black")
    skin.limb([p(-0.30, -0.06), p(0.05, -0.14), p(0.38, -0.07)], w(0.14, 0.15, 0.09))
    skin.limb([p(0.28, -0.05), p(0.0, -0.05), p(-0.2, -0.05)], w(0.08, 0.11, 0.08))
    skin.blob(
        [p(-0.17, -0.14), p(-0.2, -0.42), p(-0.15, -0.55), p(0.15, -0.54), p(0.17, -0.38), p(0.16, -0.14)]
    )
    skin.limb([p(0.13, -0.50), p(0.30, -0.34), p(0.46, -0.45)], w(0.10, 0.08, 0.05))
    skin.limb([p(-0.15, -0.50), p(-0.26, -0.30), p(-0.04, -0.22)], w(0.10, 0.08, 0.05))
    skin.limb([p(0.0, -0.54), p(0.02, -0.62)], w(0.09, 0.09))
    skin.blob(
        [
            p(-0.10, -0.62),
            p(-0.11, -0.80),
            p(-0.02, -0.88),
            p(0.08, -0.82),
            p(0.17, -0.70),
            p(0.12, -0.66),
            p(0.12, -0.61),
            p(0.02, -0.585),
        ]
    )
    dress.blob([p(-0.20, -0.22), p(0.18, -0.22), p(0.24, -0.04), p(-0.24, -0.04)])
    dress.blob([p(-0.17, -0.55), p(0.0, -0.50), p(0.16, -0.55), p(0.10, -0.44), p(-0.12, -0.44)])
    thin = 0.016 * size
    ink.stroke([p(-0.17, -0.14), p(-0.2, -0.42), p(-0.15, -0.55)], thin)
    ink.stroke([p(0.15, -0.54), p(0.17, -0.38), p(0.16, -0.14)], thin)
    ink.stroke(
        [p(-0.09, -0.80), p(0.06, -0.83), p(0.17, -0.70), p(0.12, -0.66), p(0.12, -0.61), p(0.02, -0.585)],
        thin,
    )
    ink.stroke([p(0.02, -0.735), p(0.065, -0.745), p(0.09, -0.725)], thin)
    ink.disc(p(-0.075, -0.69), 0.035 * size)
    for k in range(5):
        ink.line([p(-0.19 + 0.09 * k, -0.20), p(-0.20 + 0.095 * k, -0.06)], thin * 0.7)
    ink.stroke([p(0.30, -0.36), p(0.46, -0.47)], thin)


def _feathers(court: _Court, at: Point, size: float, facing: int) -> None:
    """The bird headdress: a beaked head over the brow, long plumes sweeping back and up."""

    def p(x: float, y: float) -> Point:
        return (at[0] + facing * x * size, at[1] + y * size)

    red, cream, ink = court.coat("red"), court.coat("cream"), court.coat("black")
    for k in range(9):
        s = k / 8
        curve = [
            p(-0.05, -0.86),
            p(-0.25 - 0.16 * s, -1.18 + 0.34 * s),
            p(-0.42 - 0.30 * s, -1.30 + 0.62 * s),
            p(-0.58 - 0.22 * s, -1.22 + 0.86 * s),
        ]
        (red if k % 2 else cream).brush(curve, 0.115 * size)
        ink.stroke(curve, 0.012 * size)
    cream.blob([p(-0.16, -0.86), p(-0.12, -1.06), p(0.06, -1.12), p(0.20, -1.02), p(0.16, -0.86)])
    red.blob([p(0.14, -1.02), p(0.33, -1.00), p(0.38, -0.84), p(0.30, -0.90), p(0.15, -0.90)])
    ink.disc(p(0.05, -0.99), 0.035 * size)
    ink.stroke([p(-0.15, -0.86), p(0.0, -0.90), p(0.17, -0.86)], 0.022 * size)
    ink.stroke([p(0.14, -1.02), p(0.33, -1.00), p(0.38, -0.84)], 0.014 * size)


def _throne(court: _Court, x: float, top: float, bottom: float) -> None:
    red, ink, cream = court.coat("red"), court.coat("black"), court.coat("cream")
    w = 0.043
    red.polygon([(x - w, top), (x + w, top), (x + w * 0.9, bottom), (x - w * 0.9, bottom)])
    ink.band(bottom, bottom + 0.003)
    for k in range(5):
        cream.disc((x - w * 0.72 + k * w * 0.36, (top + bottom) / 2), 0.0048)
        ink.disc((x - w * 0.72 + k * w * 0.36, (top + bottom) / 2), 0.0022)
    ink.line([(x - w, top), (x + w, top)], 0.002)


def vase_finish(pot: Vessel) -> Finish:
    """All slips over each other, worn and stained."""
    court = _Court(pot)
    rim, foot = court.coat("red"), court.coat("black")
    rim.band(0.0, pot.down(0.239))
    floor = pot.down(0.020)
    foot.band(floor + 0.004, pot.length)
    middle = pot.girth / 2
    _throne(court, middle, floor - 0.030, floor)
    _feathers(court, (middle - 0.004, floor - 0.030), 0.103, 1)
    _seated(court, (middle - 0.004, floor - 0.030), 0.103, 1, "cream")
    for x, facing, cloth in ((middle - 0.092, 1, "red"), (middle + 0.098, -1, "cream"), (0.012, 1, "red")):
        _seated(court, (x, floor), 0.098, facing, cloth)
        cap, band = court.coat("cream"), court.coat("black")
        cap.blob(
            [
                (x - facing * 0.012, floor - 0.080),
                (x - facing * 0.006, floor - 0.102),
                (x + facing * 0.006, floor - 0.101),
                (x + facing * 0.009, floor - 0.083),
            ]
        )
        band.line([(x - facing * 0.012, floor - 0.081), (x + facing * 0.009, floor - 0.083)], 0.002)
    _glyph_band(court, pot)
    shape = (1024, 1024)
    rng = generator("maya-ruler-vase")
    cloud, fine = spectral(rng, shape, low=2), spectral(rng, shape, low=60, slope=0.6)
    color = shaded(filled(shape, "#dba35a"), 0.07 * cloud)
    for slip, canvas in court.coats:
        color = painted(
            color, shaded(filled(shape, _SLIPS[slip]), 0.09 * cloud), blurred(canvas.array(), 0.6) * 0.95
        )
    flakes = cells(rng, shape, (40, 40))
    lost = smoothstep(0.97, 1.0, flakes.owner + 0.02 * cloud) * smoothstep(
        0.03, 0.12, flakes.second - flakes.nearest
    )
    color = painted(color, "#c99a6b", lost * 0.8)
    color = painted(color, "#5a3c22", 0.25 * smoothstep(0.8, 2.4, spectral(rng, shape, low=3)))
    return Finish(np.clip(color, 0, 1), 0.36 + 0.3 * lost, bump=0.1 * fine - 0.4 * lost)
