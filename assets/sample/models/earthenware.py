"""Unglazed, slipped and slip-painted earthenware: Jōmon, Acoma, Maya, Samanid."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point
from assets.sample.forms.finish import (
    Finish,
    cavity,
    dressed,
    filled,
    material,
    painted,
    plain,
    ramp,
    shaded,
    smoothstep,
)
from assets.sample.forms.lathe import tube
from assets.sample.forms.noise import blurred, cells, generator, spectral
from assets.sample.forms.ornament import around, repeats
from assets.sample.forms.surface import Array, Surface, displaced, joined
from assets.sample.models.maya_painting import vase_finish
from assets.sample.models.thrown import Vessel, seen_from_above, throw
from assets.sample.replica import Replica, Sight, assembled, spotted


def _peaked(surface: Surface, top: float, rise: float) -> Surface:
    """The upper part drawn up into four triangular peaks that lean outward."""
    p = surface.positions.copy()
    angle = np.arctan2(p[:, 0], p[:, 2])
    nearest = np.abs(angle / (np.pi / 2) - np.round(angle / (np.pi / 2))) * 2
    peak = np.maximum(1.0 - nearest * 1.75, 0.0) ** 1.15
    share = np.clip((p[:, 1] - (top - 0.085)) / 0.085, 0.0, 1.0) ** 1.5
    p[:, 1] += rise * peak * share
    lean = 1.0 + 0.10 * peak * share
    p[:, 0] *= lean
    p[:, 2] *= lean
    return surface.reshaped(p)


def _coils(top: float) -> Surface:
    """Coiled ropes of clay inside and along each peak."""
    parts = []
    for k in range(4):
        turn = np.linspace(0, 1, 90)
        radius = 0.030 * (1 - 0.85 * turn)
        a = 2 * np.pi * 2.6 * turn
        path = np.stack(
            [radius * np.cos(a), top + 0.030 + radius * np.sin(a), np.full(90, 0.1655) - 0.006 * turn], axis=1
        )
        path[:, 2] += 0.12 * (path[:, 1] - top)
        parts.append(tube(path, 0.0060, 16).turned((0, 1, 0), 90 * k))
        inner = path - [0, 0, 0.024]
        parts.append(tube(inner, 0.0055, 16).turned((0, 1, 0), 90 * k))
        for side in (-1, 1):
            edge = np.array(
                [
                    (side * 0.095 * (1 - s), top + 0.002 + 0.072 * s**1.1, 0.152 + 0.032 * s)
                    for s in np.linspace(0, 1, 40)
                ]
            )
            parts.append(tube(edge, 0.0085, 16).turned((0, 1, 0), 90 * k))
    return joined(parts)


def jomon_deep_vessel() -> Replica:
    """Middle Jōmon deep vessel: four peaks with coils, cord marks, squiggle lines."""
    top = 0.372
    outer: list[Point] = [
        (0.160, top), (0.166, top - 0.004), (0.166, top - 0.012), (0.158, 0.325), (0.143, 0.285), (0.136,
        0.250),
        (0.138, 0.205), (0.135, 0.150), (0.118, 0.080), (0.098, 0.020), (0.093, 0.004), (0.088, 0.0),
        (0.088, 0.0), (0.0, 0.0),
    ]  # fmt: skip
    inner: list[Point] = [
        (0.0, 0.018), (0.075, 0.020), (0.102, 0.080), (0.120, 0.150), (0.124, 0.210), (0.122, 0.250),
        (0.130, 0.290), (0.146, 0.330), (0.152, top - 0.01), (0.160, top),
    ]  # fmt: skip
    pot = throw(outer, inner, (240, 80), 288)
    rng = generator("jomon-deep-vessel")
    shape = (1024, 2048)
    squiggles = pot.canvas((2048, 1024))
    start, end = pot.down(0.330), pot.down(0.215)
    count, step = repeats(pot.girth, 0.021)
    for k in range(count):
        y = np.linspace(start, end, 60)
        x = (k + 0.5) * step + 0.0042 * np.sin((y - start) * 260 + k)
        squiggles.line(np.stack([x, y], axis=1), 0.0038)
    for level in (0.338, 0.206):
        squiggles.band(pot.down(level) - 0.0022, pot.down(level) + 0.0022)
    rows, columns = np.indices(shape)
    diagonal = columns / 2048 * pot.girth * 260 + rows / 1024 * pot.length * 210
    weave = np.sin(diagonal * 2.0) * (0.6 + 0.4 * np.sin(diagonal * 0.9 - rows / 1024 * pot.length * 900))
    lower = smoothstep(pot.down(0.205), pot.down(0.195), np.linspace(0, pot.length, 1024))[:, None]
    cords = weave * lower * (0.7 + 0.3 * spectral(rng, shape, low=3))
    cut = blurred(squiggles.array(), 2.0)
    lumps = spectral(rng, shape, low=4, slope=1.9)
    height = -0.0026 * cut + 0.0007 * cords + 0.0011 * lumps
    wall = _peaked(displaced(pot.outside, height), top, 0.075)
    fire, grit = spectral(rng, shape, low=1.5, slope=1.8), spectral(rng, shape, low=80, slope=0.5)
    color = ramp(
        0.5 + 0.24 * fire, [(0.0, "#3d332c"), (0.35, "#6c5643"), (0.62, "#8f7053"), (1.0, "#a98a68")]
    )
    color = painted(
        shaded(color, 0.07 * grit + 0.05 * cords), "#382f28", 0.55 * cut + 0.25 * cavity(height, 6)
    )
    dress = material("cord-marked", Finish(color, 0.93, bump=1.1 * cords + 0.35 * grit - 1.0 * cut))
    clay_shape = (256, 256)
    coil = shaded(filled(clay_shape, "#80664d"), 0.14 * spectral(rng, clay_shape, low=2))
    inside = shaded(filled(clay_shape, "#4f4237"), 0.16 * spectral(rng, clay_shape, low=2))
    meshes = [
        dressed("outer-wall", wall, dress),
        dressed("inner-wall", _peaked(pot.inside, top, 0.075), material("inside", Finish(inside, 0.95))),
        dressed(
            "coils",
            _coils(top),
            material("coil", Finish(coil, 0.93, bump=0.4 * spectral(rng, clay_shape, low=20))),
        ),
    ]
    scan = assembled(
        "jomon-deep-vessel",
        meshes,
        (0.368, 0.447, 0.368),
        "coil-built profile, incised and cord-marked relief",
    )
    sights = {
        "peak": Sight((0.0, 0.43, 0.1), (0, 0, -1)),
        "coil": Sight((0.012, 0.385, 0.1), (0, 0, -1)),
        "cord-marks": Sight((0.02, 0.13, 0.1), (0, 0, -1)),
        "base": Sight((0.0, 0.015, 0.05), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(20.0, 12.0))


def _acoma_painting(pot: Vessel) -> tuple[Array, Array]:
    pixels = (2048, 1024)
    red, black = pot.canvas(pixels), pot.canvas(pixels)
    top, bottom = pot.down(0.186), pot.down(0.088)
    red.band(bottom + 0.006, pot.length)
    black.band(bottom + 0.0035, bottom + 0.0075)
    black.band(0.0, 0.006)
    for y in (pot.down(0.196), top - 0.004):
        black.band(y, y + 0.0022)
    middle, tall = (top + bottom) / 2, bottom - top
    count, step = repeats(pot.girth, 0.112)
    for k in range(count):
        x = (k + 0.5) * step
        w, h = step / 2, tall * 0.40
        diamond = np.array([(-w, 0.0), (0.0, -h), (w, 0.0), (0.0, h), (-w, 0.0)])
        for scale, pen in ((1.0, 0.0016), (0.62, 0.0016)):
            black.line(diamond * scale + (x, middle), pen)
        red.line(diamond * 0.81 + (x, middle), 0.0105)
        black.blob([(x - 0.012, middle), (x, middle - 0.010), (x + 0.012, middle), (x, middle + 0.010)])
        _leaves(black, (x, middle), (w, tall * 0.5))
    count, step = repeats(pot.girth, 0.040)
    y0, y1 = pot.down(0.226), pot.down(0.199)
    for k in range(count):
        x = k * step
        black.polygon([(x + 0.012, y0), (x + 0.030, y0), (x + 0.020, y1), (x + 0.002, y1)])
        black.line([(x + 0.034, y0), (x + 0.024, y1)], 0.0013)
        black.line([(x + 0.0375, y0), (x + 0.0275, y1)], 0.0013)
    return red.array(), black.array()


def _leaves(black: Canvas, center: Point, half: tuple[float, float]) -> None:
    """Pairs of leaf shapes that fill the triangles above and below the joint of two diamonds."""
    x, y = center
    w, h = half
    for side in (-1, 1):
        for up in (-1, 1):
            for reach, rise in ((0.50, 0.86), (0.74, 0.64), (0.95, 0.80)):
                base = (x + side * w * 0.95, y + up * h * 0.95)
                tip = (x + side * w * reach * 0.62, y + up * h * rise)
                black.brush([base, ((base[0] + tip[0]) / 2, (base[1] + tip[1]) / 2 - up * 0.002), tip], 0.010)
        black.line([(x + side * w, y - h), (x + side * w, y - h * 0.2)], 0.0014)


def acoma_water_jar() -> Replica:
    """Olla of Acoma Pueblo: red diamonds and black leaves over white slip."""
    outer: list[Point] = [
        (0.0785, 0.229), (0.0815, 0.2285), (0.082, 0.226), (0.080, 0.212), (0.081, 0.198), (0.081, 0.198),
        (0.100, 0.190), (0.125, 0.172),
        (0.1405, 0.145), (0.142, 0.125), (0.136, 0.095), (0.118, 0.058), (0.092, 0.020), (0.078, 0.002),
        (0.072, 0.0), (0.072, 0.0), (0.05, 0.009), (0.0, 0.016),
    ]  # fmt: skip
    inner: list[Point] = [
        (0.0, 0.024), (0.05, 0.020), (0.085, 0.028), (0.112, 0.062), (0.130, 0.100), (0.136, 0.130), (0.130,
        0.152), (0.110, 0.176), (0.080, 0.190), (0.0745, 0.199), (0.0745, 0.214), (0.0785, 0.229),
    ]  # fmt: skip
    pot = throw(outer, inner, (200, 80), 288)
    rng = generator("acoma-water-jar")
    red, black = _acoma_painting(pot)
    shape = red.shape
    cloud, fine = spectral(rng, shape, low=2), spectral(rng, shape, low=70, slope=0.6)
    worn = smoothstep(1.1, 2.6, spectral(rng, shape, low=8, slope=1.1))
    color = shaded(filled(shape, "#e3d8c3"), 0.03 * cloud + 0.015 * fine)
    color = painted(color, shaded(filled(shape, "#9b4a2c"), 0.08 * cloud), red)
    color = painted(color, shaded(filled(shape, "#231d1a"), 0.2 * cloud), black * (1 - 0.35 * worn))
    color = painted(color, "#a98b66", 0.30 * worn)
    wall = displaced(pot.outside, 0.0006 * spectral(rng, shape, low=2, slope=2.0))
    inside_shape = (256, 256)
    inside = painted(
        filled(inside_shape, "#b89c7c"),
        "#8f4a30",
        np.broadcast_to((np.arange(256) > 226)[:, None], inside_shape) * 0.95,
    )
    meshes = [
        dressed(
            "outer-wall", wall, material("slip-painted", Finish(color, 0.58 + 0.12 * worn, bump=0.12 * fine))
        ),
        dressed("inner-wall", pot.inside, material("inside", Finish(inside, 0.9))),
    ]
    scan = assembled("acoma-water-jar", meshes, (0.284, 0.229, 0.284), "lathe from a measured profile")
    sights = {
        "lip": Sight((0.0, 0.227, 0.05), (0, 0, -1)),
        "neck-band": Sight((0.01, 0.212, 0.05), (0, 0, -1)),
        "diamonds": Sight((0.0, 0.142, 0.05), (0, 0, -1)),
        "red-underbody": Sight((0.0, 0.06, 0.05), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(6.0, 13.0))


def samanid_proverb_bowl() -> Replica:
    """Slip-painted bowl: one line of Kufic round the rim, its ascenders pointing to the center."""
    outer: list[Point] = [
        (0.1715, 0.110), (0.173, 0.1092), (0.1722, 0.1065), (0.150, 0.083), (0.115, 0.047), (0.080, 0.016),
        (0.066, 0.007),
        (0.062, 0.004), (0.061, 0.0), (0.061, 0.0), (0.040, 0.0), (0.037, 0.003), (0.0, 0.004),
    ]  # fmt: skip
    inner: list[Point] = [
        (0.0, 0.013), (0.045, 0.014), (0.073, 0.022), (0.112, 0.055), (0.147, 0.089), (0.1715, 0.110),
    ]  # fmt: skip
    pot = throw(outer, inner, (110, 150), 256)
    rng = generator("samanid-proverb-bowl")
    n, half = 1536, 0.173
    ink = Canvas((n, n), (2 * half, 2 * half))
    _kufic_ring(ink, (half, half))
    cloud, fine = spectral(rng, (n, n), low=2), spectral(rng, (n, n), low=70, slope=0.6)
    net = cells(rng, (n, n), (40, 40))
    cracks = (1 - smoothstep(0.0, 0.03, net.second - net.nearest)) * smoothstep(-0.5, 1.5, cloud)
    color = shaded(filled((n, n), "#e8dfca"), 0.03 * cloud)
    color = painted(color, "#a98f68", 0.4 * cracks + 0.16 * smoothstep(0.4, 2.4, cloud))
    color = painted(color, shaded(filled((n, n), "#2a1c17"), 0.2 * cloud), blurred(ink.array(), 0.8) * 0.96)
    worn = smoothstep(2.2, 2.9, spectral(rng, (n, n), low=14, slope=0.9))
    color = painted(color, "#b67a55", worn * 0.85)
    dress = material("slip", Finish(color, 0.22 + 0.5 * worn, bump=0.08 * fine - 0.15 * cracks))
    shape = (256, 1024)
    body = smoothstep(pot.down(0.030), pot.down(0.020), np.linspace(0, pot.length, 256))[:, None]
    edge = body + 0.25 * spectral(rng, shape, low=3)
    back = painted(filled(shape, "#ded3bb"), "#b0714c", smoothstep(0.4, 0.6, edge))
    meshes = [
        dressed("inner-wall", seen_from_above(pot.inside), dress),
        dressed("outer-wall", pot.outside, material("back", Finish(back, 0.45))),
    ]
    scan = assembled("samanid-proverb-bowl", meshes, (0.346, 0.11, 0.346), "lathe from a measured profile")
    sights = {
        "inscription": Sight((0.0, 0.09, 0.148), (0, -1, 0)),
        "center-dot": Sight((0.0, 0.012, 0.0), (0, -1, 0)),
        "foot": Sight((0.0, 0.006, 0.02), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(0.0, 55.0))


def _kufic_ring(ink: Canvas, center: Point) -> None:
    """Angular letter shapes on a circular base line; forms follow Kufic, the reading is schematic."""
    base, pen = 0.158, 0.0062
    for start, end in ((92, 236), (243, 446)):
        arc = [around(center, base, a) for a in np.linspace(start, end, 160)]
        ink.line(arc, pen)
    letters = "ablafnlkladwlrablaqlfmlasbhlwadlakt blmafyalhslmdalbq"
    for k, letter in enumerate(letters):
        a = 92.0 + 354.0 / len(letters) * (k + 0.5)
        if letter in "al":
            lean = 1.3 if letter == "a" else -0.6
            reach = 0.098 if k % 4 else 0.088
            ink.limb([around(center, base, a), around(center, reach, a + lean)], [pen, pen * 1.15])
            ink.polygon(
                [
                    around(center, reach + 0.004, a + lean - 2.0),
                    around(center, reach - 0.005, a + lean + 3.2),
                    around(center, reach + 0.006, a + lean + 1.2),
                ]
            )
        elif letter in "fqwmh":
            spot = around(center, base - 0.0105, a)
            ink.disc(spot, 0.0098)
            ink.disc(spot, 0.0036, 0.0)
            if letter in "qw":
                ink.limb(
                    [around(center, base + 0.001, a - 1), around(center, base + 0.0095, a - 4)],
                    [pen, pen * 0.6],
                )
        elif letter in "bnyt":
            ink.limb([around(center, base, a), around(center, base - 0.016, a)], [pen, pen])
        elif letter in "dkr":
            ink.limb(
                [
                    around(center, base - 0.022, a + 2.6),
                    around(center, base - 0.018, a - 2.0),
                    around(center, base, a - 2.0),
                ],
                [pen * 0.8] * 3,
            )
        elif letter == "s":
            for d in (-2.2, 0, 2.2):
                ink.limb([around(center, base, a + d), around(center, base - 0.013, a + d)], [pen * 0.75] * 2)
    ink.disc(center, 0.0075)
    for k in range(3):
        ink.limb([around(center, 0.006, 120 * k), around(center, 0.016, 120 * k + 55)], [0.005, 0.002])
    ink.ring(center, 0.1695, 0.0022)


def maya_ruler_vase() -> Replica:
    """Tall painted vase: a band of glyphs, a ruler on his throne, two kneeling attendants."""
    outer: list[Point] = [
        (0.0485, 0.245), (0.0515, 0.2447), (0.0525, 0.242), (0.0518, 0.225), (0.0500, 0.160), (0.0490,
        0.080), (0.0485, 0.012), (0.047, 0.003), (0.044, 0.0), (0.044, 0.0), (0.0, 0.0),
    ]  # fmt: skip
    inner: list[Point] = [
        (0.0, 0.008),
        (0.038, 0.009),
        (0.0435, 0.018),
        (0.0445, 0.10),
        (0.0462, 0.18),
        (0.0482, 0.238),
        (0.0485, 0.245),
    ]
    pot = throw(outer, inner, (220, 60), 256)
    dress = material("polychrome-slip", vase_finish(pot))
    meshes = [
        dressed("outer-wall", pot.outside, dress),
        dressed("inner-wall", pot.inside, plain("inside", "#a06a3c", 0.6)),
    ]
    scan = assembled("maya-ruler-vase", meshes, (0.105, 0.245, 0.105), "lathe from a measured profile")
    sights = {
        "glyph-band": Sight((0.0, 0.222, 0.02), (0, 0, -1)),
        "ruler": Sight((0.004, 0.12, 0.02), (0, 0, -1)),
        "attendants": Sight((-0.045, 0.06, 0.02), (1, 0, -0.6)),
    }
    return Replica(scan, spotted(scan, sights), view=(-8.0, 8.0))
