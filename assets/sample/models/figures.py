"""Carved and modelled figures: a Cycladic marble, a shabty, a Moche feline vessel."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.finish import smoothstep, srgb
from assets.sample.forms.noise import generator, volume
from assets.sample.forms.sdf import (
    Solid,
    box,
    cut,
    ellipsoid,
    mirrored,
    path,
    rod,
    roughened,
    stations,
    union,
)
from assets.sample.forms.surface import Array, sample
from assets.sample.models.sculpting import Coat, mixed, sculpted
from assets.sample.replica import Replica, Sight, assembled, spotted


def _cycladic_solid() -> Solid:
    """Upright, in metres: folded-arm figure of the late Spedos type."""
    legs = mirrored(
        stations(
            [(0.0, 0.020, 0.010, 0.0165, 0.030), (0.018, 0.022, 0.016, 0.018, 0.022), (0.040, 0.020, 0.017,
            0.0165, 0.004), (0.10, 0.025, 0.021, 0.0215, -0.004),
             (0.155, 0.024, 0.018, 0.0205, 0.002), (0.22, 0.031, 0.023, 0.026, 0.003), (0.27, 0.034, 0.024,
             0.027, 0.0)], power=2.3,
        )
    )  # fmt: skip
    trunk = stations(
        [(0.200, 0.034, 0.014, 0, 0), (0.235, 0.054, 0.021, 0, 0), (0.275, 0.060, 0.024, 0, 0), (0.325,
        0.050, 0.022, 0, 0.001), (0.37, 0.060, 0.023, 0, 0.001), (0.425, 0.073, 0.021, 0, -0.002),
         (0.446, 0.066, 0.017, 0, -0.004), (0.460, 0.035, 0.014, 0, -0.005), (0.468, 0.022, 0.012, 0,
         -0.005)], power=2.5,
    )  # fmt: skip
    neck = stations(
        [
            (0.44, 0.021, 0.017, 0, -0.005),
            (0.47, 0.0175, 0.0165, 0, -0.005),
            (0.525, 0.0165, 0.0165, 0, -0.008),
        ]
    )
    head = stations(
        [(0.500, 0.014, 0.012, 0, 0.0005), (0.510, 0.021, 0.016, 0, -0.002), (0.535, 0.029, 0.019, 0,
        -0.010), (0.565, 0.034, 0.0185, 0, -0.019), (0.590, 0.035, 0.014, 0, -0.027), (0.599, 0.028, 0.008,
        0, -0.031)], power=2.4,
    )  # fmt: skip
    nose = rod((0, 0.566, 0.0005), (0, 0.540, 0.0125), 0.0026, 0.0042)
    upper = mirrored(rod((0.066, 0.430, 0.0), (0.063, 0.345, 0.008), 0.0125, 0.0115))
    lower = rod((-0.060, 0.338, 0.013), (0.045, 0.338, 0.0215), 0.0098, 0.0085)
    higher = rod((0.060, 0.361, 0.013), (-0.045, 0.361, 0.0215), 0.0098, 0.0085)
    breasts = mirrored(ellipsoid((0.026, 0.398, 0.0175), (0.015, 0.014, 0.010)))
    body = union([trunk, legs], 0.014)
    body = union([body, upper, lower, higher], 0.006)
    body = union([body, breasts], 0.010)
    body = union([body, neck], 0.014)
    body = union([body, head], 0.012)
    body = union([body, nose], 0.004)
    cleft = union(
        [
            rod((0, 0.012, 0.035), (0, 0.262, 0.0245), 0.0036),
            rod((0, 0.012, -0.026), (0, 0.262, -0.0285), 0.0036),
        ]
    )
    groin = mirrored(rod((0.0, 0.258, 0.0255), (0.052, 0.288, 0.0235), 0.0016))
    body = cut(body, union([cleft, groin]), 0.003)
    toes = mirrored(
        union(
            [
                rod((0.010 + 0.006 * k, -0.004, 0.040), (0.010 + 0.006 * k, 0.012, 0.046), 0.0011)
                for k in range(4)
            ]
        )
    )
    fingers = union([
        *(rod((0.034, 0.335 - 0.0035 * k + 0.006, 0.0312), (0.052, 0.335 - 0.0035 * k + 0.006, 0.029),
        0.0007) for k in range(4)),
        *(rod((-0.034, 0.358 - 0.0035 * k + 0.006, 0.0312), (-0.052, 0.358 - 0.0035 * k + 0.006, 0.029),
        0.0007) for k in range(4)),
    ])  # fmt: skip
    return cut(body, union([toes, fingers]), 0.001)


def cycladic_figure() -> Replica:
    """Female figure with folded arms, head tilted back; shown upright."""
    rng = generator("cycladic-figure")
    noise = volume(rng)
    solid = roughened(_cycladic_solid(), lambda p: 0.00035 * noise.at(p, 0.05) + 0.00008 * noise.at(p, 0.008))

    def paint(p: Array, n: Array, hollow: Array) -> Coat:
        cloud, fine = noise.fractal(p, 0.09), noise.at(p, 0.006)
        color = mixed(np.broadcast_to(srgb("#e2dccd"), p.shape), srgb("#f2eee3"), 0.5 + 0.3 * cloud)
        color = mixed(color, srgb("#a48d6b"), 0.55 * hollow + 0.22 * smoothstep(0.7, 1.8, cloud + 0.3 * fine))
        color = mixed(color, srgb("#c9b898"), 0.45 * smoothstep(0.3, 1.0, -n[:, 2]))
        return Coat(color, 0.52 + 0.06 * fine.clip(-1, 1))

    mesh = sculpted("figure", solid, ((-0.085, -0.002, -0.045), (0.085, 0.602, 0.050)), 0.0019, paint)
    scan = assembled("cycladic-figure", [mesh], (0.15, 0.599, 0.07), "signed distances from drawn sections")
    sights = {
        "face": Sight((0.0, 0.55, 0.1), (0, 0, -1)),
        "folded-arms": Sight((0.0, 0.361, 0.1), (0, 0, -1)),
        "legs-cleft": Sight((0.003, 0.17, 0.1), (0, 0, -1)),
        "feet": Sight((0.022, 0.014, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(24.0, 5.0))


def _shabty_solid() -> Solid:
    body = stations(
        [(0.0, 0.027, 0.030, 0, 0.006), (0.014, 0.028, 0.031, 0, 0.007), (0.030, 0.028, 0.026, 0, 0.003),
        (0.060, 0.032, 0.025, 0, 0), (0.110, 0.041, 0.028, 0, 0), (0.150, 0.045, 0.030, 0, 0),
         (0.172, 0.046, 0.030, 0, 0), (0.186, 0.040, 0.026, 0, -0.002), (0.196, 0.026, 0.020, 0, -0.003)],
         power=2.4,
    )  # fmt: skip
    wig = stations(
        [
            (0.160, 0.033, 0.022, 0, -0.002),
            (0.190, 0.036, 0.025, 0, -0.002),
            (0.215, 0.034, 0.027, 0, -0.003),
            (0.236, 0.026, 0.023, 0, -0.004),
            (0.248, 0.010, 0.010, 0, -0.005),
        ],
        power=2.3,
    )
    face = ellipsoid((0, 0.213, 0.012), (0.0195, 0.025, 0.0165))
    nose = rod((0, 0.221, 0.0275), (0, 0.2115, 0.0315), 0.0018, 0.0031)
    lips = union(
        [
            rod((-0.0055, 0.2035, 0.0268), (0.0055, 0.2035, 0.0268), 0.0014),
            rod((-0.004, 0.2008, 0.0262), (0.004, 0.2008, 0.0262), 0.0014),
        ],
        0.001,
    )
    ears = mirrored(ellipsoid((0.0225, 0.213, 0.010), (0.0045, 0.0085, 0.0035)))
    lappets = mirrored(box((0.0205, 0.176, 0.024), (0.0085, 0.022, 0.0065), 0.004))
    arms = union(
        [
            path([(0.040, 0.158, 0.016), (0.018, 0.150, 0.031), (-0.012, 0.158, 0.034)], 0.0075, 0.0062),
            path([(-0.040, 0.158, 0.016), (-0.018, 0.150, 0.031), (0.012, 0.158, 0.0345)], 0.0075, 0.0062),
        ]
    )
    hands = mirrored(ellipsoid((0.014, 0.160, 0.036), (0.0075, 0.0065, 0.0055)))
    tools = mirrored(path([(0.014, 0.150, 0.039), (0.016, 0.178, 0.0345), (0.021, 0.186, 0.032)], 0.0016))
    figure = union([body, wig], 0.004)
    figure = union([figure, face], 0.002)
    figure = union([figure, lappets, ears, arms], 0.003)
    figure = union([figure, hands, lips, nose], 0.0022)
    figure = union([figure, tools], 0.001)
    sockets = mirrored(ellipsoid((0.0085, 0.2185, 0.0265), (0.0058, 0.0032, 0.0030)))
    figure = cut(figure, sockets, 0.002)
    eyes = mirrored(ellipsoid((0.0085, 0.2182, 0.0235), (0.0050, 0.0026, 0.0030)))
    base = box((0, 0.004, 0.002), (0.030, 0.004, 0.030), 0.002)
    return union([figure, eyes, base], 0.001)


def _hieroglyphs() -> Array:
    """Eight lines of signs round the body (u round, v down), 1 where cut; signs are typical, not the text."""
    canvas = Canvas((1536, 512), (0.24, 0.085), wrap=True)
    rng = generator("shabty-signs")
    for line in range(9):
        y = 0.001 + line * 0.0104
        canvas.band(y - 0.0003, y + 0.0003, 0.55)
        if line == 8:
            break
        x = 0.002
        while x < 0.236:
            x += _hieroglyph(canvas, int(rng.integers(0, 8)), (x, y + 0.0052)) + 0.0014
    return canvas.array()


def _hieroglyph(c: Canvas, kind: int, at: tuple[float, float]) -> float:
    """A reed, water, mouth, bird, sun, owl-like bird, loaf, or ankh; returns its width."""
    x, y = at
    pen, h = 0.0006, 0.0038
    if kind == 0:
        c.brush([(x + 0.001, y + h), (x + 0.0014, y), (x + 0.002, y - h)], 0.0018)
        return 0.0026
    if kind == 1:
        for row in (-0.0018, 0.0018):
            c.line([(x + 0.0009 * k, y + row + (0.0005 if k % 2 else -0.0005)) for k in range(8)], pen)
        return 0.0066
    if kind == 2:
        c.line([(x, y), (x + 0.003, y - 0.0014), (x + 0.006, y), (x + 0.003, y + 0.0014), (x, y)], pen)
        return 0.0062
    if kind in (3, 5):
        c.blob(
            [
                (x + 0.0005, y - 0.0022),
                (x + 0.002, y - 0.0030),
                (x + 0.0035, y - 0.001),
                (x + 0.0062, y + 0.0016),
                (x + 0.003, y + 0.0016),
                (x + 0.0012, y),
            ]
        )
        c.line([(x + 0.0026, y + 0.0014), (x + 0.0026, y + h)], pen)
        c.line([(x + 0.0036, y + 0.0014), (x + 0.0036, y + h)], pen)
        return 0.0066
    if kind == 4:
        c.ring((x + 0.0022, y - 0.001), 0.0018, pen)
        c.line([(x + 0.0022, y + 0.002), (x + 0.0022, y + h)], pen)
        return 0.0046
    if kind == 6:
        c.blob([(x, y + 0.001), (x + 0.0018, y - 0.0016), (x + 0.0036, y + 0.001)])
        c.line([(x, y + 0.0028), (x + 0.0036, y + 0.0028)], pen)
        return 0.0040
    c.ring((x + 0.0018, y - 0.0018), 0.0013, pen)
    c.line([(x + 0.0018, y - 0.0004), (x + 0.0018, y + h)], pen)
    c.line([(x, y + 0.0004), (x + 0.0036, y + 0.0004)], pen)
    return 0.0042


def shabty_amunemhat() -> Replica:
    """Shabty: striped wig, broad collar, hoes in crossed hands, eight lines of hieroglyphs."""
    rng = generator("shabty-amunemhat")
    noise = volume(rng)
    signs = _hieroglyphs()

    def inscription(p: Array) -> Array:
        u = np.arctan2(p[:, 0], p[:, 2] - 0.001) / (2 * np.pi) + 0.5
        v = (0.134 - p[:, 1]) / 0.085
        inside = (v > 0) & (v < 1)
        return np.where(inside, sample(signs, np.stack([u, np.clip(v, 0, 1)], axis=1)), 0.0)

    plain_solid = _shabty_solid()
    solid = roughened(
        plain_solid,
        lambda p: 0.00025 * noise.at(p, 0.03) + 0.00006 * noise.at(p, 0.005) - 0.00045 * inscription(p),
    )

    def paint(p: Array, n: Array, hollow: Array) -> Coat:
        x, y, z = p[:, 0], p[:, 1], p[:, 2]
        cloud, fine = noise.fractal(p, 0.05), noise.at(p, 0.004)
        color = mixed(np.broadcast_to(srgb("#e6dcc4"), p.shape), srgb("#d2c2a0"), 0.4 + 0.35 * cloud)
        face = (np.abs(x) < 0.0195) & (z > 0.011) & (y > 0.192) & (y < 0.236)
        hair = ((y > 0.176) & ~face & (y > 0.196 - 0.9 * np.clip(z - 0.01, 0, 1)) & (y > 0.188)) | (
            (np.abs(np.abs(x) - 0.0205) < 0.0092) & (y > 0.152) & (y < 0.2) & (z > 0.0245)
        )
        stripe = np.where((y > 0.2) & (z < 0.02), np.sin(x * 1900), np.sin(y * 1700)) > 0.1
        color = mixed(color, srgb("#d3a243"), hair & stripe)
        color = mixed(color, srgb("#2f4f86"), hair & ~stripe)
        color = mixed(color, srgb("#d9a866"), 0.55 * face)
        collar = (y < 0.186) & (y > 0.163) & (z > 0.0) & ~hair & (np.abs(x) < 0.042)
        ring = np.floor((0.186 - y + 0.10 * np.abs(x)) / 0.0042).astype(np.int64) % 4
        for k, code in enumerate(("#3f7f6d", "#d3a243", "#a23b2a", "#2f4f86")):
            color = mixed(color, srgb(code), 0.85 * (collar & (ring == k)))
        eye = ((np.abs(x) - 0.0085) / 0.0056) ** 2 + ((y - 0.2183) / 0.0022) ** 2
        color = mixed(color, srgb("#f0e8d4"), face & (eye < 1))
        color = mixed(
            color,
            srgb("#1b1512"),
            face
            & (
                (eye > 0.75) & (eye < 1.7)
                | (((np.abs(x) - 0.0085) / 0.0018) ** 2 + ((y - 0.2183) / 0.002) ** 2 < 1)
            ),
        )
        brow = np.abs(y - 0.2262 + 14 * (np.abs(x) - 0.0085) ** 2) < 0.0008
        color = mixed(color, srgb("#1b1512"), face & brow & (np.abs(x) > 0.003) & (np.abs(x) < 0.0155))
        color = mixed(
            color, srgb("#a5502f"), 0.7 * (face & (np.abs(x) < 0.0058) & (np.abs(y - 0.2022) < 0.0026))
        )
        color = mixed(color, srgb("#24456f"), 0.85 * inscription(p))
        worn = smoothstep(0.5, 1.3, cloud + 0.35 * fine)
        color = mixed(color, srgb("#d8c9a8"), 0.55 * worn)
        color = mixed(color, srgb("#7d6445"), 0.40 * hollow)
        return Coat(color, 0.82 + 0.05 * fine.clip(-1, 1))

    mesh = sculpted("figure", solid, ((-0.050, -0.001, -0.036), (0.050, 0.250, 0.044)), 0.00115, paint)
    scan = assembled(
        "shabty-amunemhat", [mesh], (0.092, 0.248, 0.064), "signed distances from drawn sections"
    )
    sights = {
        "face-wig": Sight((0.012, 0.235, 0.1), (0, 0, -1)),
        "hands-tools": Sight((0.013, 0.160, 0.1), (0, 0, -1)),
        "inscription": Sight((0.0, 0.10, 0.1), (0, 0, -1)),
        "feet": Sight((0.0, 0.016, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(22.0, 7.0))


def _feline_solid() -> Solid:
    """A crouching cat in profile along X, its head turned to +Z; the stirrup on its back."""
    trunk = union(
        [
            ellipsoid((-0.012, 0.050, 0.0), (0.066, 0.034, 0.040)),
            ellipsoid((-0.058, 0.048, 0.0), (0.034, 0.036, 0.042)),
            ellipsoid((0.040, 0.054, 0.0), (0.034, 0.034, 0.036)),
        ],
        0.03,
    )
    head = ellipsoid((0.060, 0.080, 0.030), (0.031, 0.028, 0.028))
    muzzle = ellipsoid((0.061, 0.070, 0.056), (0.018, 0.0145, 0.014))
    nose = ellipsoid((0.061, 0.081, 0.067), (0.0065, 0.005, 0.005))
    ears = union(
        [
            ellipsoid((0.038, 0.107, 0.026), (0.011, 0.013, 0.006)),
            ellipsoid((0.083, 0.107, 0.026), (0.011, 0.013, 0.006)),
        ]
    )
    brows = union(
        [
            rod((0.045, 0.094, 0.054), (0.056, 0.091, 0.0585), 0.0036),
            rod((0.077, 0.094, 0.054), (0.066, 0.091, 0.0585), 0.0036),
        ]
    )
    haunch = union([ellipsoid((-0.056, 0.034, s * 0.034), (0.030, 0.030, 0.016)) for s in (-1, 1)])
    paws = union(
        [
            path(
                [
                    (0.034 if front else -0.050, 0.040, s * 0.034),
                    (0.050 if front else -0.038, 0.014, s * 0.042),
                    (0.068 if front else -0.016, 0.009, s * 0.045),
                ],
                0.013,
                0.0095,
            )
            for s in (-1, 1)
            for front in (True, False)
        ]
    )
    tail = path(
        [
            (-0.090, 0.040, 0.0),
            (-0.094, 0.024, 0.030),
            (-0.070, 0.020, 0.052),
            (-0.036, 0.026, 0.056),
            (-0.014, 0.036, 0.050),
        ],
        0.0075,
        0.0055,
    )
    arch = path(
        [
            (0.030 * float(np.cos(a)) - 0.012, 0.083 + 0.052 * float(np.sin(a)), -0.004)
            for a in np.linspace(-0.25, np.pi + 0.25, 15)
        ],
        0.0092,
    )
    spout = rod((-0.012, 0.130, -0.004), (-0.012, 0.176, -0.004), 0.0105, 0.0098)
    body = union([trunk, haunch, paws], 0.012)
    body = union([body, head], 0.014)
    body = union([body, muzzle, ears], 0.006)
    body = union([body, nose, brows, tail], 0.004)
    mouth = ellipsoid((0.061, 0.0655, 0.069), (0.0125, 0.0062, 0.010))
    eyes = union([ellipsoid((x, 0.0875, 0.0555), (0.0062, 0.0052, 0.005)) for x in (0.050, 0.072)])
    pupils = union([ellipsoid((x, 0.0875, 0.0525), (0.0048, 0.0042, 0.0048)) for x in (0.050, 0.072)])
    toes = union(
        [
            rod((x, 0.004, s * z), (x + 0.012, 0.012, s * z), 0.0010)
            for s in (-1, 1)
            for x in (0.068, -0.016)
            for z in (0.042, 0.048)
        ]
    )
    body = cut(cut(body, union([mouth, eyes]), 0.002), toes, 0.001)
    fangs = union(
        [
            rod((0.061 + dx, 0.0715, 0.0655), (0.061 + dx, 0.0645, 0.0665), 0.0019, 0.0008)
            for dx in (-0.0075, 0.0075)
        ]
    )
    teeth = union(
        [
            box((0.061 + dx, 0.0702, 0.0650), (0.0013, 0.0018, 0.0016), 0.0005)
            for dx in (-0.0045, -0.0015, 0.0015, 0.0045)
        ]
    )
    body = union([body, pupils, fangs, teeth], 0.0008)
    vessel = union([body, arch, spout], 0.006)
    vessel = union([vessel, rod((-0.012, 0.1745, -0.004), (-0.012, 0.1765, -0.004), 0.0113)], 0.002)
    bore = rod((-0.012, 0.150, -0.004), (-0.012, 0.200, -0.004), 0.0072)
    flat = box((0.0, -0.020, 0.0), (0.2, 0.020, 0.2))
    lip = box((0.0, 0.2, 0.0), (0.2, 0.020, 0.2))
    return cut(cut(cut(vessel, bore, 0.001), flat, 0.002), lip, 0.001)


def _nearest(points: Array, centers: Array) -> Array:
    """Distance to the nearest center."""
    squares = (centers**2).sum(axis=1)[None, :] - 2.0 * points @ centers.T
    return np.asarray(np.sqrt(np.maximum(squares.min(axis=1) + (points**2).sum(axis=1), 0.0)))


def moche_feline_vessel() -> Replica:
    """Stirrup-spout vessel: a crouching, snarling cat, cream with red spots."""
    rng = generator("moche-feline-vessel")
    noise = volume(rng)
    solid = roughened(_feline_solid(), lambda p: 0.0003 * noise.at(p, 0.03))
    spots = rng.uniform(-1, 1, (90, 3)) * [0.10, 0.05, 0.06] + [0, 0.055, 0]

    def paint(p: Array, n: Array, hollow: Array) -> Coat:
        x, y, z = p[:, 0], p[:, 1], p[:, 2]
        cloud, fine = noise.fractal(p, 0.05), noise.at(p, 0.004)
        cream = mixed(np.broadcast_to(srgb("#e0cda6"), p.shape), srgb("#cdb385"), 0.4 + 0.4 * cloud)
        red = mixed(np.broadcast_to(srgb("#8e3a22"), p.shape), srgb("#a84b2c"), 0.5 + 0.4 * cloud)
        nearest = _nearest(p, spots)
        on_head = (x > 0.030) & (z > 0.012) & (y > 0.05)
        spotty = 1.0 - smoothstep(0.0062, 0.0070, nearest)
        cover = spotty * (y < 0.094) * ~on_head
        stirrup = (y > 0.086) & (z < 0.012) & (x < 0.032)
        cover = np.maximum(cover, stirrup * 1.0)
        cover = np.maximum(cover, (y < 0.006) * 1.0)
        ear = on_head & (y > 0.103)
        stripes = on_head & (np.abs(((x - 0.061) / 0.007) % 2 - 1) < 0.35) & (y > 0.097)
        mouth = (np.abs(x - 0.061) < 0.0165) & (np.abs(y - 0.0655) < 0.0085) & (z > 0.052)
        collar = (np.abs(x - 0.030 + 0.2 * z) < 0.0045) & (z < 0.05) & (y < 0.092)
        cover = np.maximum.reduce([cover, ear * 1.0, stripes * 1.0, mouth * 1.0, collar * 1.0])
        color = mixed(cream, red, cover)
        tooth = mouth & (y > 0.0635) & (hollow < 0.62) & (z > 0.0635)
        color = mixed(color, srgb("#f0e6cc"), tooth)
        for ex in (0.050, 0.072):
            d = np.hypot(x - ex, y - 0.0875)
            color = mixed(color, srgb("#f0e6cc"), (d < 0.0052) & (z > 0.05))
            color = mixed(color, srgb("#1f1512"), (d < 0.0024) & (z > 0.05))
            color = mixed(color, srgb("#3a1d14"), (d > 0.0050) & (d < 0.0066) & (z > 0.045))
        worn = smoothstep(0.7, 1.5, cloud + 0.4 * fine)
        color = mixed(color, srgb("#b98a5e"), 0.45 * worn)
        color = mixed(color, srgb("#5a4330"), 0.45 * hollow)
        return Coat(color, 0.48 + 0.2 * worn.clip(0, 1))

    mesh = sculpted("vessel", solid, ((-0.108, -0.002, -0.062), (0.108, 0.185, 0.078)), 0.00145, paint)
    scan = assembled(
        "moche-feline-vessel", [mesh], (0.195, 0.18, 0.138), "signed distances, slip painted by position"
    )
    sights = {
        "face": Sight((0.057, 0.081, 0.2), (0, 0, -1)),
        "paws": Sight((0.062, 0.012, 0.2), (0, 0, -1)),
        "stirrup-spout": Sight((-0.012, 0.16, 0.2), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(14.0, 12.0))
