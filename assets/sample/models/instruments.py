"""Instruments of music and of the sky: talking drum, moon lute, astrolabe."""

import numpy as np

from assets.sample.forms.canvas import Canvas
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
from assets.sample.forms.lathe import swept, tube, turned
from assets.sample.forms.noise import blurred, generator, spectral
from assets.sample.forms.ornament import around, leaf
from assets.sample.forms.slab import cushion, embossed, polar, slab
from assets.sample.forms.surface import Array, Surface, joined
from assets.sample.replica import Replica, Sight, assembled, spotted


def wood(rng: np.random.Generator, shape: tuple[int, int], dark: str, light: str) -> Finish:
    """Grain along the vertical of the picture, with pores."""
    grain = spectral(rng, shape, low=3, slope=1.3, stretch=(16.0, 1.0))
    pores = smoothstep(1.6, 2.6, spectral(rng, shape, low=60, slope=0.4, stretch=(9.0, 1.0)))
    color = ramp(0.5 + 0.22 * grain, [(0.0, dark), (1.0, light)])
    return Finish(painted(color, dark, 0.5 * pores), 0.55 + 0.1 * pores, bump=-0.5 * pores + 0.15 * grain)


def yoruba_talking_drum() -> Replica:
    """Hourglass drum with two hide heads and strings all round; one head torn; the beater beside it."""
    rng = generator("yoruba-talking-drum")
    top = 0.37
    body = turned(
        [
            (0.086, top - 0.014),
            (0.086, top - 0.03),
            (0.070, 0.29),
            (0.040, 0.225),
            (0.034, 0.185),
            (0.040, 0.145),
            (0.070, 0.08),
            (0.086, 0.03),
            (0.086, 0.014),
        ],
        160,
        160,
    )
    heads = [_hide(0.368, True), _hide(0.002, False)]
    hoops = []
    for y, lean in ((top - 0.012, 1), (0.012, -1)):
        ring = np.linspace(0, 2 * np.pi, 130)
        for dy, radius in ((0.0, 0.0075), (-lean * 0.012, 0.005)):
            wobble = 0.0012 * np.sin(5 * ring + y * 40)
            path = np.stack(
                [(0.0915 + wobble) * np.sin(ring), np.full(130, y + dy), (0.0915 + wobble) * np.cos(ring)],
                axis=1,
            )
            hoops.append(tube(path, radius, 14))
    strings = []
    for k in range(64):
        a = 2 * np.pi * (k + 0.2 * float(rng.random())) / 64
        turn = 2 * np.pi / 128 * (1 if k % 2 else -1)
        points = []
        for t in np.linspace(0, 1, 9):
            pull = 0.092 - 0.016 * float(np.sin(np.pi * t)) + 0.003 * float(np.sin(7 * t + k))
            angle = a + turn * (2 * t - 1)
            points.append(
                (pull * float(np.sin(angle)), 0.010 + (top - 0.020) * t, pull * float(np.cos(angle)))
            )
        strings.append(tube(swept(points, 26), 0.0016, 7))
    shape = (256, 256)
    hide = spectral(rng, (512, 512), low=2)
    skin_color = painted(
        shaded(filled((512, 512), "#cdb38a"), 0.07 * hide),
        "#8d6a45",
        0.5 * smoothstep(0.4, 2.2, spectral(rng, (512, 512), low=3)),
    )
    skin = material(
        "hide", Finish(skin_color, 0.62, bump=0.3 * spectral(rng, (512, 512), low=40), double_sided=True)
    )
    cord = material(
        "string", Finish(shaded(filled(shape, "#b9a37a"), 0.12 * spectral(rng, shape, low=8)), 0.9)
    )
    hoop = material(
        "hoop", Finish(shaded(filled(shape, "#9c7a52"), 0.15 * spectral(rng, shape, low=4)), 0.75)
    )
    carved = material("wood", wood(rng, (512, 512), "#3c2414", "#6d4628"))
    beater = _beater().moved((0.135, 0.0, 0.03))
    meshes = [
        dressed("body", body, carved), dressed("heads", joined(heads), skin), dressed("hoops",
        joined(hoops), hoop),
        dressed("strings", joined(strings), cord), dressed("beater", beater, carved),
    ]  # fmt: skip
    cloud = np.concatenate([m.positions for m in meshes])
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    drum_top = float(np.concatenate([m.positions for m in meshes[:4]])[:, 1].max())
    size = (float(high[0] - low[0]), 0.37 * float(high[1] - low[1]) / (drum_top - float(low[1])), 0.26)
    scan = assembled(
        "yoruba-talking-drum",
        meshes,
        (size[0], size[1], float(high[2] - low[2])),
        "lathe, stretched hide, strings along both rims",
    )
    shift = -(low[0] + high[0]) / 2
    sights = {
        "head": Sight((shift + 0.02, 0.37, 0.03 - (low[2] + high[2]) / 2), (0, -1, 0)),
        "strings": Sight((shift + 0.001, 0.27, 0.2), (0, 0, -1)),
        "waist": Sight((shift + 0.001, 0.185, 0.2), (0, 0, -1)),
        "beater": Sight((shift + 0.135, 0.02, 0.0), (0, -1, 0)),
    }
    return Replica(scan, spotted(scan, sights), view=(16.0, 24.0))


def _hide(y: float, torn: bool) -> Surface:
    """A drum head: slightly domed; the torn one has a ragged opening with curled lips."""
    face = slab(
        polar(lambda a: np.full_like(a, 0.092)), [(0.0, 0.0012), (0.93, 0.0012), (1.0, 0.0)], (90, 90)
    )
    flat = face.turned((1, 0, 0), -90)
    p = flat.positions.copy()
    if torn:
        x, z = p[:, 0] + 0.022, p[:, 2] + 0.012
        angle = np.arctan2(z, x)
        opening = 0.030 * (1 + 0.35 * np.sin(3 * angle + 1) + 0.18 * np.sin(7 * angle))
        inside = np.clip(1 - np.hypot(x, z) / opening, 0, 1)
        p[:, 1] -= 0.055 * np.clip(inside * 5.0, 0, 1) ** 1.5
        p[:, 1] += 0.004 * np.exp(-(((np.hypot(x, z) - opening) / 0.004) ** 2))
    return flat.reshaped(p).moved((0, y, 0))


def _beater() -> Surface:
    """A stick bent at its neck that ends in a flared flat tip."""
    bend = swept(
        [
            (0.0, 0.012, 0.125),
            (0.0, 0.013, 0.02),
            (0.004, 0.014, -0.055),
            (0.022, 0.015, -0.098),
            (0.056, 0.015, -0.115),
        ],
        90,
    )
    radius = np.interp(
        np.linspace(0, 1, 90), [0, 0.1, 0.62, 0.85, 1.0], [0.0115, 0.0085, 0.0075, 0.009, 0.0135]
    )
    return tube(bend, radius, 24)


def moon_lute() -> Replica:
    """Yueqin: a flat round box, short fretted neck, four pegs, four strings."""
    rng = generator("moon-lute")
    r, depth, cy = 0.178, 0.038, 0.178
    ring = polar(lambda a: np.full_like(a, r))
    box_ = slab(
        ring,
        [
            (0.0, depth / 2),
            (0.965, depth / 2),
            (0.965, depth / 2),
            (0.985, depth / 2 - 0.001),
            (1.0, depth / 2 - 0.004),
            (1.0, depth / 2 - 0.004),
            (1.0, 0.0),
        ],
        (170, 170),
    ).moved((0, cy, 0))
    neck = slab(cushion(0.036, 0.25, 12), [(0, 0.011), (0.9, 0.011), (1.0, 0.0)], (30, 90)).moved(
        (0, 0.445, 0.006)
    )
    head = slab(cushion(0.052, 0.088, 5), [(0, 0.013), (0.8, 0.012), (1.0, 0.0)], (50, 60)).moved(
        (0, 0.540, -0.002)
    )
    pegs = []
    for side in (-1, 1):
        for y in (0.522, 0.556):
            stem = swept(
                [(side * 0.010, y, -0.002), (side * 0.055, y, -0.002), (side * 0.098, y, -0.002)], 50
            )
            pegs.append(
                tube(
                    stem,
                    np.interp(
                        np.linspace(0, 1, 50), [0, 0.4, 0.55, 0.7, 1], [0.0045, 0.005, 0.0058, 0.0098, 0.0105]
                    ),
                    20,
                )
            )
    frets = [
        slab(
            cushion(0.034 if y > 0.36 else 0.030, 0.0042, 6), [(0, 0.0045), (0.7, 0.0042), (1, 0)], (24, 12)
        ).moved((0, y, 0.0205 if y > 0.36 else 0.0225))
        for y in (0.492, 0.462, 0.434, 0.408, 0.384, 0.335, 0.312, 0.292, 0.274, 0.258)
    ]
    holder = slab(cushion(0.062, 0.020, 5), [(0, 0.0065), (0.8, 0.006), (1, 0)], (40, 20)).moved(
        (0, 0.070, 0.0235)
    )
    nut = slab(cushion(0.036, 0.006, 6), [(0, 0.007), (0.8, 0.007), (1, 0)], (20, 10)).moved(
        (0, 0.513, 0.0195)
    )
    strings = [
        tube(
            np.stack(
                [
                    np.full(30, x),
                    np.linspace(0.070, 0.548, 30),
                    np.interp(np.linspace(0, 1, 30), [0, 0.02, 0.92, 1], [0.0295, 0.0305, 0.0275, 0.010]),
                ],
                axis=1,
            ),
            0.0006,
            6,
        )
        for x in (-0.011, -0.008, 0.008, 0.011)
    ]
    front = wood(rng, (768, 1536), "#b58a55", "#d9b884")
    rows, columns = np.indices((768, 1536))
    radius = np.hypot((columns % 768 + 0.5) / 768 - 0.5, (rows + 0.5) / 768 - 0.5) * 2
    rim = smoothstep(0.952, 0.962, radius)
    purfling = np.exp(-(((radius - 0.945) / 0.004) ** 2))
    color = painted(front.color, "#3a1d12", np.clip(rim + 0.9 * purfling, 0, 1))
    color = painted(
        color, "#8a6a45", 0.35 * smoothstep(0.3, 1.6, spectral(rng, (768, 1536), low=2)) * (1 - rim)
    )
    board = material("wutong", Finish(color, 0.5, bump=front.bump))
    rosewood = material("rosewood", wood(rng, (512, 512), "#2c130c", "#5a2a1a"))
    bone = plain("bone", "#e2d5b5", 0.4)
    meshes = [
        dressed("body", box_, board), dressed("neck", joined([neck, head, holder]), rosewood),
        dressed("pegs", joined(pegs), rosewood),
        dressed("frets", joined([*frets, nut]), bone), dressed("strings", joined(strings), plain("gut",
        "#d8c596", 0.45)),
    ]  # fmt: skip
    depth_all = float(np.ptp(np.concatenate([m.positions[:, 2] for m in meshes])))
    scan = assembled("moon-lute", meshes, (0.356, 0.584, depth_all), "assembled from turned and flat parts")
    sights = {
        "soundboard": Sight((0.09, 0.15, 0.1), (0, 0, -1)),
        "pegs": Sight((0.08, 0.5565, 0.1), (0, 0, -1)),
        "frets": Sight((0.003, 0.4345, 0.1), (0, 0, -1)),
        "string-holder": Sight((0.02, 0.068, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(16.0, 6.0))


def _astrolabe_face() -> tuple[Array, Array, Array]:
    """Height (m), engraving 0..1 and turquoise 0..1 of the face; 0.116 m across."""
    n, d = 1100, 0.116
    c0 = (d / 2, d / 2)

    def canvas() -> Canvas:
        return Canvas((n, n), (d, d))

    limb, rete, cuts, stones = canvas(), canvas(), canvas(), canvas()
    limb.disc(c0, 0.0575)
    limb.disc(c0, 0.0480, 0.0)
    for k in range(360):
        reach = 0.0490 if k % 10 == 0 else (0.0505 if k % 5 == 0 else 0.0515)
        cuts.line([around(c0, 0.0530, k), around(c0, reach, k)], 0.00018)
    for radius in (0.0487, 0.0530, 0.0568):
        cuts.ring(c0, radius, 0.00022)
    for k in range(72):
        at = around(c0, 0.0549, 5 * k + 2.5)
        cuts.stroke([around(at, 0.0011, 160), at, around(at, 0.0011, 20 + 40 * (k % 5))], 0.0003)
    _plate(cuts, c0)
    for center, radius, width in (
        (c0, 0.0455, 0.0032),
        (around(c0, 0.0140, 90), 0.0312, 0.0042),
        (c0, 0.0070, 0.0040),
    ):
        rete.ring(center, radius, width)
    rete.limb([around(c0, 0.0455, 0), around(c0, 0.0455, 180)], [0.0022, 0.0022])
    rete.limb([around(c0, 0.0455, 90), around(c0, 0.0455, 270)], [0.0018, 0.0018])
    rng = generator("isfahan-astrolabe-stars")
    for k in range(38):
        angle, radius = float(rng.uniform(0, 360)), float(rng.choice([0.018, 0.026, 0.034, 0.041]))
        at = around(c0, radius, angle)
        leaf(rete, at, angle + 90, 0.0095, 0.0024)
        leaf(rete, at, angle - 100, 0.0070, 0.0020)
        rete.limb([at, around(c0, min(radius + 0.007, 0.045), angle + 7)], [0.0014, 0.0010])
        if k % 6 == 0:
            stones.disc(at, 0.00125)
    rete.disc(around(c0, 0.0140, 90), 0.0022, 0.0)
    for k in range(60):
        center = around(c0, 0.0140, 90)
        cuts.line([around(center, 0.0295, 6 * k), around(center, 0.0325, 6 * k)], 0.0002)
    height = 0.0019 * blurred(limb.array(), 1.0, wrap=False)
    net = blurred(rete.array(), 0.9, wrap=False)
    cutting = cuts.array() * np.where(net > 0.5, 0.8, 1.0)
    height = np.maximum(height, 0.0014 * net) - 0.00012 * cutting
    return height, cutting, stones.array()


def _plate(cuts: Canvas, c0: tuple[float, float]) -> None:
    """Almucantars and azimuths for the latitude of Isfahan (32.6° N), by stereographic projection."""
    latitude, equator = np.radians(32.6), 0.0290
    for altitude in range(0, 90, 6):
        a = np.radians(altitude)
        s = np.sin(latitude) + np.sin(a)
        offset, radius = equator * np.cos(latitude) / s, equator * np.cos(a) / s
        angle = np.linspace(0, 2 * np.pi, 240)
        x, y = radius * np.cos(angle), offset + radius * np.sin(angle)
        inside = np.hypot(x, y) < 0.0462
        for start in range(0, 240, 8):
            piece = slice(start, start + 9)
            if inside[piece].all():
                cuts.line(np.stack([c0[0] + x[piece], c0[1] - y[piece]], axis=1), 0.00022)
    for radius in (equator, equator * 0.654, equator * 1.53):
        cuts.ring(c0, radius, 0.0002)


def isfahan_astrolabe() -> Replica:
    """Brass astrolabe: limb, pierced rete over an engraved plate, lobed throne, ring, alidade."""
    rng = generator("isfahan-astrolabe")
    height, cuts, stones = _astrolabe_face()
    back = np.zeros_like(height)
    pair = np.concatenate([height, back], axis=1)
    engraved = np.concatenate([cuts, cuts[::-1] * 0.6], axis=1)
    disc = embossed(
        slab(
            polar(lambda a: np.full_like(a, 0.058)),
            [(0.0, 0.0026), (0.97, 0.0026), (0.995, 0.0018), (1.0, 0.0)],
            (230, 230),
        ),
        pair,
    )
    shape = pair.shape
    cloud, fine = spectral(rng, shape, low=2), spectral(rng, shape, low=50, slope=0.7)
    deep = np.concatenate([cavity(height, 12), np.zeros_like(height)], axis=1)
    color = shaded(filled(shape, "#c29a4e"), 0.06 * cloud + 0.03 * fine)
    low = np.concatenate([1 - smoothstep(0.0004, 0.0010, height), np.zeros_like(height)], axis=1)
    color = painted(color, "#7d5c2a", 0.55 * low)
    color = painted(color, "#2f2110", 0.92 * np.clip(1.3 * engraved + 0.5 * deep, 0, 1))
    gems = np.concatenate([stones, np.zeros_like(stones)], axis=1)
    color = painted(color, "#3aa6a0", gems)
    rough = 0.36 + 0.25 * deep + 0.05 * cloud.clip(-1, 2) + 0.15 * low
    dress = material(
        "brass-engraved",
        Finish(color, rough, 0.95 * (1 - 0.5 * deep) * (1 - gems), bump=-0.9 * engraved + 0.1 * fine),
    )
    brass = material(
        "brass",
        Finish(shaded(filled((256, 256), "#bd964b"), 0.08 * spectral(rng, (256, 256), low=3)), 0.34, 0.95),
    )
    throne = slab(polar(_throne_outline), [(0, 0.0022), (0.9, 0.0022), (1.0, 0.0)], (80, 80)).moved(
        (0, 0.066, 0)
    )
    compass = slab(
        polar(lambda a: np.full_like(a, 0.0058)),
        [(0, 0.0014), (0.75, 0.0014), (0.8, 0.0022), (1, 0.0)],
        (50, 50),
    ).moved((0, 0.0690, -0.0024))
    parts = [throne, compass]
    turn = np.linspace(0, 2 * np.pi, 60)
    parts.append(
        tube(np.stack([0.0056 * np.sin(turn), 0.0925 + 0.0062 * np.cos(turn), 0 * turn], axis=1), 0.0012, 14)
    )
    parts.append(
        tube(
            np.stack([0 * turn, 0.1075 + 0.0125 * np.cos(turn), 0.0125 * np.sin(turn)], axis=1).dot(
                _quarter()
            ),
            0.0014,
            14,
        )
    )
    rule = (
        slab(cushion(0.006, 0.100, 9), [(0, 0.0008), (0.8, 0.0008), (1, 0)], (16, 90))
        .turned((0, 0, 1), -38)
        .moved((0, 0, 0.0050))
    )
    alidade = (
        slab(cushion(0.0075, 0.104, 9), [(0, 0.0009), (0.8, 0.0009), (1, 0)], (16, 90))
        .turned((0, 0, 1), 52)
        .moved((0, 0, -0.0038))
    )
    vanes = [
        slab(cushion(0.008, 0.007, 8), [(0, 0.0006), (1, 0)], (10, 10))
        .turned((1, 0, 0), 90)
        .moved((0, k * 0.040, -0.0072))
        .turned((0, 0, 1), 52)
        for k in (-1, 1)
    ]
    pin = (
        turned([(0.0, 0.0135), (0.0026, 0.0128), (0.0034, 0.011), (0.0034, 0.0), (0.0, -0.0005)], 24, 32)
        .turned((1, 0, 0), 90)
        .moved((0, 0, -0.0055))
    )
    horse = slab(cushion(0.011, 0.0042, 3), [(0, 0.0014), (1, 0)], (20, 12)).moved((0.002, 0, 0.0068))
    meshes = [
        dressed("mater", disc, dress),
        dressed("fittings", joined([*parts, rule, alidade, *vanes, pin, horse]), brass),
    ]
    p = np.concatenate([m.positions for m in meshes])
    low, high = p.min(axis=0), p.max(axis=0)
    size = high - low
    scan = assembled(
        "isfahan-astrolabe",
        meshes,
        (0.116, float(size[1]) * 0.116 / float(size[0]), float(size[2])),
        "engraved disk, computed plate, assembled fittings",
    )
    middle = -float(low[1]) * 0.116 / float(size[0])
    sights = {
        "rete": Sight((0.0, middle + 0.0455, 0.1), (0, 0, -1)),
        "throne": Sight((0.0, middle + 0.068, 0.1), (0, 0, -1)),
        "limb": Sight((0.0528, middle + 0.001, 0.1), (0, 0, -1)),
        "compass": Sight((0.0, middle + 0.069, -0.1), (0, 0, 1)),
    }
    return Replica(scan, spotted(scan, sights), view=(12.0, 5.0))


def _throne_outline(angle: Array) -> Array:
    """A pointed, lobed arch above the disk."""
    up = np.clip(np.sin(angle), 0, 1)
    return np.asarray(
        0.0175
        * (1 + 0.22 * up**8 - 0.10 * np.cos(6 * angle) * (1 - up**6))
        * (1 + 0.35 * np.abs(np.cos(angle)) ** 3)
    )


def _quarter() -> Array:
    """Turns a ring that stands sideways to face the viewer a little."""
    c, s = np.cos(1.1), np.sin(1.1)
    return np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
