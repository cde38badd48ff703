"""Glazed wares of China, Korea and Turkey: cobalt under glaze, celadon, Iznik."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point, smooth
from assets.sample.forms.finish import (
    Finish,
    dressed,
    filled,
    material,
    painted,
    plain,
    ramp,
    shaded,
    smoothstep,
)
from assets.sample.forms.noise import blurred, cells, generator, spectral
from assets.sample.forms.ornament import around, leaf, peony, petals, repeats, rosette, scroll, spiral, waves
from assets.sample.forms.surface import Array, displaced
from assets.sample.models.thrown import Vessel, seen_from_above, throw, throwing_marks
from assets.sample.replica import Replica, Sight, assembled, spotted

_COBALT = [(0.0, "#e6ebe8"), (0.22, "#a9bcd4"), (0.5, "#4f70b4"), (0.8, "#24418f"), (1.0, "#152a66")]
_JAR_OUTER: list[Point] = [
    (0.073, 0.394), (0.0775, 0.3935), (0.0785, 0.390), (0.0765, 0.380), (0.0755, 0.362), (0.078, 0.354),
    (0.078, 0.354), (0.104, 0.344), (0.140, 0.326), (0.170, 0.298), (0.186, 0.262), (0.1875, 0.236),
    (0.180, 0.196), (0.162, 0.148), (0.140, 0.100), (0.120, 0.058), (0.108, 0.026), (0.106, 0.008),
    (0.105, 0.0), (0.105, 0.0), (0.094, 0.0), (0.090, 0.008), (0.0, 0.010),
]  # fmt: skip
_JAR_INNER: list[Point] = [
    (0.0, 0.024), (0.080, 0.026), (0.110, 0.070), (0.150, 0.145), (0.174, 0.215), (0.176, 0.258),
    (0.160, 0.296), (0.130, 0.322), (0.085, 0.342), (0.068, 0.352), (0.068, 0.380), (0.073, 0.394),
]  # fmt: skip


def _peony_scroll(paint: Canvas, lines: Canvas, pot: Vessel) -> None:
    top, bottom = pot.down(0.236), pot.down(0.118)
    middle, tall = (top + bottom) / 2, bottom - top
    for (x, y), angle in scroll(paint, middle, tall * 0.20, pot.girth / 6, 0.0035):
        leaf(paint, (x, y), angle, 0.042, 0.017)
        leaf(paint, (x, y), angle + 50, 0.030, 0.012)
        lines.line(spiral((x + 0.012, y - np.sign(angle) * 0.012), 0.006, 1.2), 0.0012)
    for k in range(6):
        center = ((k + 0.5) * pot.girth / 6, middle + (tall * 0.07 if k % 2 else -tall * 0.07))
        paint.disc(center, tall * 0.36, 0.0)
        peony(paint, lines, center, tall * 0.34, k * 37)


def _cloud_collar(paint: Canvas, lines: Canvas, pot: Vessel) -> None:
    """Four hanging lappets on the shoulder; a phoenix in each, clouds between them."""
    top, bottom = pot.down(0.350), pot.down(0.246)
    tall = bottom - top
    for k in range(4):
        x = (k + 0.5) * pot.girth / 4
        w = pot.girth / 4 * 0.42
        lobes = [
            (-w, top),
            (-w * 1.02, top + tall * 0.40),
            (-w * 0.68, top + tall * 0.55),
            (-w * 0.62, top + tall * 0.78),
            (-w * 0.25, top + tall * 0.80),
            (0.0, top + tall * 0.99),
        ]
        outline = [(x + dx, y) for dx, y in lobes] + [(x - dx, y) for dx, y in lobes[::-1]]
        curve = smooth(outline, 10)
        paint.polygon(curve, 0.34)
        lines.line(curve, 0.0035)
        lines.line((curve - (x, top)) * (0.9, 0.9) + (x, top), 0.0014)
        _phoenix(paint, lines, (x, top + tall * 0.45), tall * 0.34)
        between = x + pot.girth / 8
        for dx, dy in ((-0.016, 0.55), (0.016, 0.6), (0.0, 0.78)):
            lines.line(spiral((between + dx, top + tall * dy), 0.009, 1.4, 90), 0.002)


def _phoenix(paint: Canvas, lines: Canvas, at: Point, size: float) -> None:
    def p(x: float, y: float) -> Point:
        return (at[0] + x * size, at[1] + y * size)

    paint.blob([p(-0.8, -0.3), p(-0.3, -0.35), p(0.35, 0.0), p(0.3, 0.3), p(-0.2, 0.2), p(-0.6, -0.05)], 0.0)
    lines.blob([p(-0.75, -0.42), p(-0.45, -0.5), p(0.1, -0.12), p(0.4, 0.1), p(0.1, 0.28), p(-0.3, 0.05)])
    lines.limb([p(-0.6, -0.45), p(-0.85, -0.75), p(-0.75, -0.95)], [size * 0.2, size * 0.12, size * 0.16])
    lines.line([p(-0.78, -0.95), p(-1.0, -0.86)], size * 0.06)
    for k in range(5):
        lines.brush(
            [p(-0.1, -0.1), p(0.1 + 0.15 * k, -0.65 + 0.06 * k), p(0.15 + 0.28 * k, -0.9 + 0.16 * k)],
            size * 0.14,
        )
    for k in range(4):
        lines.brush(
            [p(0.3, 0.1), p(0.8, -0.1 + 0.2 * k), p(1.25, 0.35 + 0.12 * k), p(1.45 - 0.15 * k, 0.75)],
            size * 0.1,
        )


def _scratched(height: Array, pot: Vessel) -> Array:
    """Two characters scratched through the shoulder glaze near the neck, as plain strokes."""
    pen = pot.canvas((height.shape[1], height.shape[0]))
    x0, y0 = pot.girth * 0.5 + 0.066, pot.down(0.333)
    strokes = [
        [(0, 2), (10, 1)], [(5, 0), (5, 11)], [(1, 5), (9, 5)], [(0, 11), (10, 10)], [(2, 7), (4, 9)],
        [(15, 1), (24, 1)], [(19, 1), (15, 11)], [(17, 5), (23, 5)], [(23, 5), (22, 11)], [(17, 8), (22, 8)],
    ]  # fmt: skip
    for stroke in strokes:
        pen.line([(x0 + x * 0.0011, y0 + y * 0.0013) for x, y in stroke], 0.0008)
    return pen.array()


def yuan_blue_white_jar() -> Replica:
    """Guan jar of Jingdezhen: cloud collar with phoenixes, peony scroll, petal panels."""
    pot = throw(_JAR_OUTER, _JAR_INNER, (220, 70), 288)
    rng = generator("yuan-blue-white-jar")
    paint, lines = pot.canvas((2048, 1024)), pot.canvas((2048, 1024))
    _cloud_collar(paint, lines, pot)
    _peony_scroll(paint, lines, pot)
    waves(lines, pot.down(0.384), pot.down(0.357), 0.036, 0.0022)
    petals(lines, pot.down(0.100), pot.down(0.014), 0.052, 0.0016)
    for height in (0.386, 0.355, 0.243, 0.239, 0.114, 0.108, 0.010):
        lines.band(pot.down(height) - 0.0009, pot.down(height) + 0.0009)
    shape = (1024, 2048)
    cloud, fine = spectral(rng, shape, low=2, slope=1.6), spectral(rng, shape, low=90, slope=0.5)
    cobalt = blurred(paint.array() * 0.62, 0.8) * (1 + 0.22 * cloud) + blurred(lines.array(), 0.9) * (
        0.8 + 0.1 * cloud
    )
    heaped = smoothstep(1.2, 2.4, spectral(rng, shape, low=80, slope=0.9)) * (cobalt > 0.4)
    color = ramp(np.clip(cobalt + 0.25 * heaped, 0, 1), _COBALT)
    color = shaded(color, 0.012 * cloud)
    scratch = _scratched(cloud, pot)
    color = painted(color, "#8a7d66", scratch * 0.8)
    foot = smoothstep(pot.down(0.008), pot.down(0.004), np.linspace(0, pot.length, 1024))[:, None]
    color = painted(color, "#b98a5e", np.broadcast_to(foot, shape))
    bump = 0.05 * throwing_marks(rng, shape) + 0.03 * fine - 0.5 * scratch
    dress = material("underglaze-blue", Finish(color, 0.10 + 0.5 * foot + 0.3 * scratch, bump=bump))
    meshes = [
        dressed("outer-wall", pot.outside, dress),
        dressed("inner-wall", pot.inside, plain("glaze", "#dfe4df", 0.12)),
    ]
    scan = assembled("yuan-blue-white-jar", meshes, (0.375, 0.394, 0.375), "lathe from a measured profile")
    sights = {
        "cloud-collar": Sight((0.06, 0.30, 0.1), (0, -0.5, -1)),
        "peony-scroll": Sight((0.0, 0.18, 0.1), (0, 0, -1)),
        "scratched-characters": Sight((0.042, 0.333, 0.08), (-0.3, -1, -0.6)),
        "petal-panels": Sight((0.0, 0.06, 0.05), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(0.0, 14.0))


def iznik_artichoke_dish() -> Replica:
    """Large dish: artichokes, rosettes and saz leaves in blue, turquoise, sage green and purple."""
    outer: list[Point] = [
        (0.1800, 0.0685), (0.1820, 0.0675), (0.1805, 0.0655), (0.150, 0.058), (0.138, 0.052), (0.120, 0.030),
        (0.106, 0.016), (0.104, 0.012), (0.104, 0.0), (0.104, 0.0), (0.097, 0.0), (0.096, 0.008), (0.0,
        0.010),
    ]  # fmt: skip
    inner: list[Point] = [
        (0.0, 0.017), (0.085, 0.018), (0.110, 0.025), (0.128, 0.043), (0.140, 0.059), (0.152, 0.064),
        (0.180, 0.0685),
    ]  # fmt: skip
    pot = throw(outer, inner, (110, 130), 256)
    rng = generator("iznik-artichoke-dish")
    n, half = 1536, 0.182
    layers = {
        name: Canvas((n, n), (2 * half, 2 * half))
        for name in ("blue", "turquoise", "green", "purple", "lines")
    }
    _artichoke_garden(layers, (half, half))
    _foaming_rim(layers, (half, half))
    masks = {name: layer.array() for name, layer in layers.items()}
    cloud, fine = spectral(rng, (n, n), low=2), spectral(rng, (n, n), low=70, slope=0.6)
    color = shaded(filled((n, n), "#eeece2"), 0.012 * cloud)
    for name, paint in (
        ("turquoise", "#3a9aa5"),
        ("green", "#7f9a78"),
        ("purple", "#7d6486"),
        ("blue", "#2b4aa0"),
    ):
        color = painted(color, shaded(filled((n, n), paint), 0.14 * cloud), blurred(masks[name], 0.7) * 0.93)
    color = painted(color, "#16233f", blurred(masks["lines"], 0.6) * 0.92)
    pits = smoothstep(2.6, 3.2, fine)
    color = painted(color, "#6f6250", pits * 0.7)
    dress = material("iznik", Finish(color, 0.12 + 0.3 * pits, bump=0.06 * fine - 0.4 * pits))
    meshes = [
        dressed("face", seen_from_above(pot.inside), dress),
        dressed("back", pot.outside, plain("white-glaze", "#e6e3d8", 0.16)),
    ]
    scan = assembled("iznik-artichoke-dish", meshes, (0.364, 0.069, 0.364), "lathe from a measured profile")
    sights = {
        "artichoke": Sight((0.0, 0.02, -0.03), (0, -1, 0)),
        "saz-leaf": Sight((0.062, 0.02, 0.03), (0, -1, 0)),
        "rim": Sight((0.0, 0.066, 0.168), (0, -1, 0)),
        "foot-ring": Sight((0.0, 0.006, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(0.0, 52.0))


def _artichoke(layers: dict[str, Canvas], at: Point, degrees: float, size: float) -> None:
    """A scaled flower head on its stem."""
    for row in range(5):
        reach = size * (0.95 - 0.19 * row)
        for k in range(7 - row):
            a = degrees + (k - (6 - row) / 2) * (26 - 2 * row)
            tip, low = around(at, reach, a), around(at, reach * 0.35, a)
            left, right = around(at, reach * 0.74, a + 13), around(at, reach * 0.74, a - 13)
            shape = [low, left, tip, right]
            layers["lines"].polygon(smooth([*shape, low], 8), 0.0)
            layers["blue" if (row + k) % 2 else "turquoise"].blob(shape, 0.85)
            layers["lines"].line(smooth([*shape, low], 8), size * 0.028)
            layers["lines"].line([around(at, reach * 0.6, a), around(at, reach * 0.85, a)], size * 0.02)
    layers["purple"].blob([around(at, size * 0.36, degrees + d) for d in (0, 60, 120, 180, 240, 300)])


def _artichoke_garden(layers: dict[str, Canvas], center: Point) -> None:
    cx, cy = center
    root = (cx, cy + 0.118)
    for dx, dy, a in ((0.0, -0.035, 90.0), (-0.062, 0.02, 125.0), (0.066, -0.028, 55.0)):
        head = (cx + dx, cy + dy)
        layers["lines"].stroke(
            [
                root,
                (cx + dx * 0.2, cy + 0.06),
                ((root[0] + head[0]) / 2 + dx * 0.4, cy + dy / 2 + 0.03),
                head,
            ],
            0.0026,
        )
        _artichoke(layers, head, a, 0.046)
    for dx, dy, a in (
        (0.035, 0.085, 20.0),
        (-0.03, 0.09, 130.0),
        (0.052, 0.045, -10.0),
        (-0.012, 0.04, 150.0),
    ):
        leaf(layers["green"], (cx + dx, cy + dy), a, 0.075, 0.026, teeth=9)
        leaf(layers["blue"], (cx + dx, cy + dy), a + 8, 0.058, 0.009)
    for dx, dy, r in (
        (-0.092, -0.03, 0.019),
        (-0.04, -0.082, 0.018),
        (0.043, -0.088, 0.016),
        (0.096, 0.028, 0.018),
        (0.01, 0.045, 0.014),
        (-0.09, 0.062, 0.014),
    ):
        rosette(layers["turquoise" if dx > 0 else "purple"], (cx + dx, cy + dy), r, 8)
        layers["blue"].disc((cx + dx, cy + dy), r * 0.26)
        layers["lines"].ring((cx + dx, cy + dy), r * 0.30, 0.0012)
        for k in range(8):
            layers["lines"].line(
                [around((cx + dx, cy + dy), r * 0.45, 45 * k), around((cx + dx, cy + dy), r * 0.8, 45 * k)],
                0.0009,
            )
    for a in range(0, 360, 30):
        stem = [
            around(center, 0.095 + 0.012 * (a % 60 == 0), a),
            around(center, 0.108, a + 6),
            around(center, 0.118, a + 3),
        ]
        layers["lines"].stroke(stem, 0.0012)
        layers["blue"].disc(stem[0], 0.004)


def _foaming_rim(layers: dict[str, Canvas], center: Point) -> None:
    for radius in (0.1265, 0.129, 0.1445, 0.1785):
        layers["blue"].ring(center, radius, 0.0013)
    for k in range(24):
        a = 15.0 * k
        if k % 2:
            for d in (-3.2, 0, 3.2):
                layers["blue"].disc(around(center, 0.158 + (0.006 if d == 0 else 0), a + d), 0.0058)
            layers["green"].line([around(center, 0.150, a - 3), around(center, 0.150, a + 3)], 0.003)
        else:
            rosette(layers["turquoise"], around(center, 0.161, a), 0.0125, 6)
            layers["blue"].disc(around(center, 0.161, a), 0.003)
        layers["lines"].stroke(
            [around(center, 0.150, a + 3), around(center, 0.161, a + 7.5), around(center, 0.170, a + 11)],
            0.0014,
        )
        layers["lines"].line(spiral(around(center, 0.170, a + 5), 0.004, 1.1, a), 0.001)


def goryeo_celadon_bowl() -> Replica:
    """Conical bowl; molded peony sprays under a glaze that pools in the hollows."""
    outer: list[Point] = [
        (0.0895, 0.0828), (0.0905, 0.0822), (0.0900, 0.0805), (0.078, 0.058), (0.060, 0.035), (0.040,
        0.016), (0.022, 0.0075),
        (0.0178, 0.006), (0.0178, 0.006), (0.0175, 0.0), (0.0175, 0.0), (0.0140, 0.0), (0.0135, 0.003),
        (0.0, 0.0035),
    ]  # fmt: skip
    inner: list[Point] = [
        (0.0, 0.0085), (0.012, 0.0088), (0.0135, 0.0102), (0.0135, 0.0102), (0.036, 0.0195), (0.057,
        0.0375), (0.0755, 0.060), (0.0895, 0.0828),
    ]  # fmt: skip
    pot = throw(outer, inner, (130, 220), 288)
    rng = generator("goryeo-celadon-bowl")
    n, half = 1024, 0.0905
    petals_, lines = Canvas((n, n), (2 * half, 2 * half)), Canvas((n, n), (2 * half, 2 * half))
    for k in range(3):
        a = 90.0 + 120 * k
        at = around((half, half), 0.050, a)
        for d in (-52, -30, 30, 52, 72, -72):
            leaf(
                petals_,
                around((half, half), 0.046 - abs(d) * 0.0002, a + d * 0.45),
                a + d * 1.3 - 30,
                0.026,
                0.012,
            )
        petals_.disc(at, 0.0215, 0.0)
        peony(petals_, lines, at, 0.0205, a)
        lines.stroke([around((half, half), 0.018, a - 40), around((half, half), 0.03, a - 20), at], 0.0012)
    for radius in (0.0140, 0.0785):
        lines.ring((half, half), radius, 0.0011)
    relief = blurred(petals_.array(), 2.0) - 0.55 * blurred(lines.array(), 1.3)
    inside = displaced(seen_from_above(pot.inside), relief * 0.00055)
    crackle = cells(rng, (n, n), (22, 22))
    cracks = 1 - smoothstep(0.0, 0.025, crackle.second - crackle.nearest)
    pooled = np.clip(blurred(relief, 6) - relief, -0.6, 0.6)
    cloud = spectral(rng, (n, n), low=2)
    color = ramp(0.5 + 0.62 * pooled + 0.04 * cloud, [(0.0, "#b9c6ab"), (0.45, "#94a88d"), (1.0, "#5d7a66")])
    color = painted(color, "#566a58", cracks * 0.25)
    dress = material("celadon-inside", Finish(color, 0.13, bump=1.6 * relief - 0.1 * cracks))
    outer_shape = (512, 1024)
    wall = shaded(filled(outer_shape, "#93a68b"), 0.05 * spectral(rng, outer_shape, low=2))
    foot = smoothstep(pot.down(0.004), pot.down(0.0015), np.linspace(0, pot.length, 512))[:, None]
    wall = painted(wall, "#8a6547", np.broadcast_to(foot, outer_shape) * 0.85)
    meshes = [
        dressed("inner-wall", inside, dress),
        dressed("outer-wall", pot.outside, material("celadon-outside", Finish(wall, 0.14 + 0.5 * foot))),
    ]
    scan = assembled(
        "goryeo-celadon-bowl", meshes, (0.181, 0.083, 0.181), "lathe from a measured profile, molded relief"
    )
    sights = {
        "peony": Sight((0.0, 0.04, -0.050), (0, -1, 0)),
        "lip": Sight((0.0, 0.079, 0.05), (0, 0, -1)),
        "foot": Sight((0.0, 0.003, 0.01), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(0.0, 44.0))


__all__ = ["goryeo_celadon_bowl", "iznik_artichoke_dish", "repeats", "yuan_blue_white_jar"]
