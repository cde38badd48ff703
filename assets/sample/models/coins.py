"""Struck coins."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point
from assets.sample.forms.finish import Finish, cavity, dressed, material, painted, ramp, shaded, smoothstep
from assets.sample.forms.noise import blurred, generator, spectral
from assets.sample.forms.relief import Relief
from assets.sample.forms.slab import embossed, polar, slab
from assets.sample.forms.surface import Array
from assets.sample.replica import Replica, Sight, assembled, spotted

_PIXELS = 640


def _mm(*points: Point) -> list[Point]:
    """Design coordinates in millimetres from the coin's center, y up, as canvas metres."""
    return [(0.0115 + x / 1000, 0.0115 - y / 1000) for x, y in points]


def _crest(c: Canvas) -> None:
    for k in range(26):
        a = np.radians(196 - k * 5.6)
        inner = (8.0 * float(np.cos(a)) - 0.3, 8.0 * float(np.sin(a)) + 0.5)
        outer = (10.2 * float(np.cos(a)) - 0.3, 10.0 * float(np.sin(a)) + 0.3)
        c.line(_mm(inner, outer), 0.00016)


def _olive_leaves(c: Canvas) -> None:
    for k in range(3):
        x, y = -0.6 + 1.7 * k, 4.0 - 0.35 * k
        c.brush(_mm((x, y), (x + 0.5, y + 1.2), (x + 0.3, y + 2.6)), 0.0009)


def _curls(c: Canvas) -> None:
    for ring in range(3):
        for k in range(9):
            y = 2.2 - 0.62 * ring - 0.032 * (k - 4) ** 2
            c.disc(_mm((-1.2 + k * 0.62 + ring * 0.15, y))[0], 0.00027)


def _owl_eyes(c: Canvas) -> None:
    for x in (-1.25, 1.55):
        c.ring(_mm((x, 4.2))[0], 0.00105, 0.00030)
        c.disc(_mm((x, 4.2))[0], 0.00055)


def _breast_feathers(c: Canvas) -> None:
    for row in range(6):
        for k in range(5):
            x = -1.6 + k * 0.85 - row * 0.32
            if x < 2.4 - row * 0.30:
                c.disc(_mm((x, 0.8 - row * 0.95))[0], 0.00026)


def _wing_feathers(c: Canvas) -> None:
    for k in range(4):
        c.stroke(_mm((1.6 - k * 0.6, -0.6 - k * 0.9), (-0.6 - k * 0.6, -3.0 - k * 0.8)), 0.0002)


def _legs(c: Canvas) -> None:
    for x in (-0.4, 1.4):
        c.limb(_mm((x, -4.6), (x + 0.1, -7.0)), [0.0010, 0.0007])
        for d in (-0.7, 0.0, 0.7):
            c.limb(_mm((x + 0.1, -7.0), (x + 0.1 + d, -7.9)), [0.0005, 0.0003])


def _olive_sprig(c: Canvas) -> None:
    for x, y in ((-6.6, 3.4), (-7.2, 5.6), (-5.0, 3.6)):
        c.brush(_mm((x, y), ((x - 4.6) / 2 - 0.2, (y + 7.0) / 2), (-4.6, 7.0)), 0.0011)
    c.disc(_mm((-4.2, 5.1))[0], 0.0005)


def _letters(c: Canvas) -> None:
    pen = 0.00062
    alpha = [[(5.2, 4.2), (6.0, 7.0), (6.8, 4.2)], [(5.5, 5.2), (6.5, 5.2)]]
    epsilon = [
        [(5.2, -4.6), (5.2, -7.4), (6.9, -7.4)],
        [(5.2, -6.0), (6.5, -6.0)],
        [(5.2, -4.6), (6.9, -4.6)],
    ]
    for stroke in (*alpha, *epsilon):
        c.line(_mm(*stroke), pen)
    c.ring(_mm((6.0, 0.0))[0], 0.0013, pen)
    c.disc(_mm((6.0, 0.0))[0], 0.0004)


def _athena() -> Array:
    """Head to the right in a crested Attic helmet with three olive leaves."""
    r = Relief((_PIXELS, _PIXELS), (0.023, 0.023))
    r.raise_(
        lambda c: c.blob(
            _mm(
                (-5.2, -7.6),
                (-4.2, -3.5),
                (-5.6, 1.5),
                (-3.0, 6.0),
                (1.5, 6.4),
                (4.2, 3.6),
                (4.9, 1.6),
                (6.4, -0.6),
                (5.1, -1.5),
                (5.4, -2.9),
                (4.6, -3.6),
                (4.9, -5.2),
                (3.0, -6.2),
                (0.6, -5.8),
                (1.2, -8.6),
                (-2.0, -9.6),
            )
        ),
        0.00125,
        0.0030,
    )
    r.raise_(
        lambda c: c.blob(
            _mm(
                (-6.4, 0.4),
                (-6.6, 4.0),
                (-3.4, 7.4),
                (1.2, 7.3),
                (4.2, 4.6),
                (4.5, 2.6),
                (1.0, 3.2),
                (-1.6, 1.8),
                (-3.4, -2.2),
                (-5.4, -2.6),
            )
        ),
        0.00155,
        0.0028,
    )
    r.raise_(
        lambda c: c.brush(_mm((-9.0, -5.0), (-9.4, 1.5), (-6.6, 7.4), (-0.8, 9.7), (4.4, 7.6)), 0.0030),
        0.00115,
        0.0012,
    )
    r.add(_crest, -0.00030, 0.0002)
    r.add(_olive_leaves, 0.00042, 0.0003)
    r.add(
        lambda c: c.stroke(_mm((-5.6, -1.8), (-3.3, -1.0), (-1.4, 2.0), (1.4, 3.1), (4.6, 2.4)), 0.0005),
        0.0003,
        0.0003,
    )
    r.add(_curls, 0.00030, 0.0003)
    r.add(lambda c: c.blob(_mm((2.1, 0.0), (3.1, 0.75), (4.3, 0.1), (3.2, -0.5))), 0.00034, 0.0003)
    r.add(lambda c: c.disc(_mm((3.2, 0.1))[0], 0.00032), 0.00018, 0.0002)
    r.add(lambda c: c.stroke(_mm((1.9, 1.0), (3.2, 1.6), (4.5, 1.0)), 0.0004), 0.00022, 0.0003)
    r.add(lambda c: c.stroke(_mm((3.6, -3.15), (5.2, -3.2)), 0.00028), -0.00034, 0.0002)
    r.add(lambda c: c.disc(_mm((-0.4, -2.4))[0], 0.00075), 0.00034, 0.0004)
    r.add(lambda c: c.ring(_mm((-0.4, -2.4))[0], 0.00042, 0.0002), -0.0002, 0.0002)
    return r.height


def _owl_side() -> Array:
    """Owl to the right, head facing; olive sprig and crescent; ΑΘΕ; within an incuse square."""
    r = Relief((_PIXELS, _PIXELS), (0.023, 0.023))
    r.raise_(
        lambda c: c.blob(
            _mm(
                (-0.6, 5.6),
                (2.2, 5.0),
                (3.2, 2.6),
                (3.0, -1.0),
                (1.2, -4.6),
                (-1.4, -6.4),
                (-4.6, -7.6),
                (-3.6, -4.4),
                (-3.2, 0.6),
                (-2.8, 4.2),
            )
        ),
        0.0012,
        0.0028,
    )
    r.raise_(
        lambda c: c.blob(
            _mm((-3.1, 3.4), (-2.6, 6.1), (0.3, 6.8), (3.1, 6.0), (3.4, 3.4), (1.8, 1.4), (-1.4, 1.4))
        ),
        0.00155,
        0.0022,
    )
    r.add(_owl_eyes, 0.00032, 0.0003)
    r.add(lambda c: c.polygon(_mm((-0.3, 4.1), (0.6, 4.1), (0.15, 2.3))), 0.00045, 0.0003)
    r.add(_breast_feathers, 0.00017, 0.0003)
    r.add(lambda c: c.stroke(_mm((2.6, 1.0), (1.0, -1.8), (-2.4, -5.6)), 0.0003), -0.00030, 0.0003)
    r.add(_wing_feathers, -0.00020, 0.0002)
    r.raise_(_legs, 0.00072, 0.0006)
    r.raise_(_olive_sprig, 0.0006, 0.0006)
    r.raise_(lambda c: c.brush(_mm((-4.6, 1.4), (-3.9, 2.2), (-3.7, 3.4)), 0.0006), 0.0005, 0.0004)
    r.raise_(_letters, 0.0006, 0.0005)
    square = Canvas((_PIXELS, _PIXELS), (0.023, 0.023))
    square.polygon(_mm((-8.4, -8.2), (8.0, -8.6), (8.5, 8.0), (-8.0, 8.5)))
    sunk = blurred(square.array(), 5.0, wrap=False)
    return np.asarray(r.height * sunk - 0.00085 * sunk)


def athens_tetradrachm() -> Replica:
    """Tetradrachm of Athens: Athena in high relief, the owl in its incuse square."""
    rng = generator("athens-tetradrachm")
    shape = (_PIXELS, 2 * _PIXELS)
    height = np.concatenate([_athena(), _owl_side()], axis=1)
    pits, soft = spectral(rng, shape, low=40, slope=0.7), spectral(rng, shape, low=3, slope=1.6)
    scratches = spectral(rng, shape, low=12, slope=1.2, stretch=(1.0, 26.0))
    height = (
        blurred(height, 1.0, wrap=False)
        + 0.00002 * soft
        + 0.000008 * pits
        - 0.00004 * smoothstep(2.3, 3.0, scratches)
    )

    def radius(angle: Array) -> Array:
        return 0.0115 * (
            1
            + 0.018 * np.sin(2 * angle + 0.6)
            + 0.012 * np.sin(3 * angle)
            - 0.03 * np.exp(-(((angle - 0.9) / 0.16) ** 2))
        )

    section = [(0.0, 0.0025), (0.82, 0.0023), (0.94, 0.0019), (0.99, 0.0009), (1.0, 0.0)]
    flan = embossed(slab(polar(radius), section, (200, 200)), height)
    deep = cavity(height, 9)
    high = smoothstep(0.0003, 0.0013, height - blurred(height, 40, wrap=False))
    color = ramp(0.5 + 0.10 * soft, [(0.0, "#a8a297"), (0.5, "#c3beb4"), (1.0, "#d2cdc3")])
    color = painted(shaded(color, 0.03 * pits), "#4c463f", 0.75 * deep)
    color = painted(color, "#dedad2", 0.5 * high)
    rough = 0.38 + 0.32 * deep - 0.10 * high + 0.03 * pits
    dress = material("silver", Finish(color, rough, metallic=1 - 0.35 * deep, bump=0.2 * pits))
    scan = assembled(
        "athens-tetradrachm",
        [dressed("flan", flan, dress)],
        (0.023, 0.023, 0.006),
        "two dies in relief over an irregular flan",
    )
    sights = {
        "athena": Sight((0.002, 0.012, 0.01), (0, 0, -1)),
        "owl": Sight((0.0, 0.015, -0.01), (0, 0, 1)),
        "letters": Sight((-0.006, 0.0115, -0.01), (0, 0, 1)),
    }
    return Replica(scan, spotted(scan, sights), view=(10.0, 8.0))
