"""A schematic redrawing of the world map of 1507: coast lines, graticule, winds, portraits, words.

Longitudes and latitudes are modern and coarse; the map's own frame runs from about 90° N to 40° S and
puts the New World at the left edge, Zipangri at the right.
"""

import itertools

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point, smooth
from assets.sample.forms.noise import blurred, generator
from assets.sample.forms.ornament import spiral
from assets.sample.forms.surface import Array

_WEST, _EAST = -160.0, 200.0

_OLD_WORLD: list[Point] = [
    (-9, 43), (-9, 37), (-5, 36), (0, 39), (4, 43), (9, 44), (12, 41), (16, 38), (18, 40), (13, 45), (19,
    42), (22, 37), (24, 40), (27, 41),
    (27, 37), (35, 36), (34, 31), (30, 31), (20, 32), (11, 34), (10, 37), (-1, 35), (-6, 35), (-10, 31),
    (-17, 21), (-17, 14), (-12, 8), (-7, 4),
    (4, 6), (9, 4), (9, -1), (13, -9), (12, -18), (16, -28), (18, -34), (26, -34), (32, -28), (36, -22),
    (35, -18), (40, -12), (40, -4), (46, 2), (51, 11),
    (43, 12), (38, 19), (33, 28), (39, 20), (43, 13), (52, 16), (60, 22), (57, 26), (50, 28), (49, 30), (57,
    26), (66, 25), (72, 21), (74, 14), (78, 8), (81, 16),
    (88, 22), (94, 17), (98, 12), (101, 4), (104, 1), (102, 10), (108, 11), (110, 20), (120, 23), (128, 15),
    (133, 4), (136, -10), (140, -26), (146, -24), (148, -6),
    (150, 12), (149, 28), (158, 40), (165, 52), (160, 62), (140, 68), (110, 71), (80, 70), (55, 68), (40,
    66), (30, 70), (20, 70), (8, 62), (6, 58), (11, 59),
    (13, 55), (18, 58), (19, 64), (24, 65), (22, 60), (28, 59), (20, 54), (12, 54), (8, 57), (8, 54), (3,
    51), (-2, 48), (-1, 44), (-9, 43),
]  # fmt: skip
_SOUTH_AMERICA: list[Point] = [
    (-78, 9), (-72, 12), (-62, 10), (-52, 5), (-44, -2), (-35, -6), (-38, -14), (-42, -23), (-49, -29),
    (-55, -38), (-66, -46), (-72, -46), (-74, -34), (-76, -18), (-81, -5), (-80, 3), (-78, 9),
]  # fmt: skip
_NORTH_AMERICA: list[Point] = [
    (-86, 17), (-90, 22), (-97, 23), (-95, 29), (-84, 30), (-81, 25), (-79, 32), (-75, 40), (-70, 48), (-76,
    52), (-88, 50), (-98, 40), (-103, 30), (-99, 20), (-92, 15), (-86, 17),
]  # fmt: skip
_ISLANDS: list[list[Point]] = [
    [(-5, 50), (1, 51), (0, 54), (-3, 58), (-6, 57), (-4, 54), (-5, 50)],
    [(-10, 52), (-6, 52), (-6, 55), (-9, 55), (-10, 52)],
    [(44, -16), (50, -15), (47, -25), (44, -24), (44, -16)],
    [(80, 9), (85, 7), (84, 1), (80, 2), (80, 9)],
    [(96, 4), (104, -3), (105, -6), (98, -1), (96, 4)],
    [(106, -7), (114, -8), (112, -10), (106, -9), (106, -7)],
    [(173, 30), (180, 26), (180, 12), (174, 10), (171, 20), (173, 30)],
    [(-84, 22), (-75, 20), (-77, 19), (-84, 22)],
    [(-73, 20), (-68, 19), (-70, 17.5), (-73, 20)],
    [(-24, 65), (-14, 65), (-15, 63.5), (-22, 63.5), (-24, 65)],
    [(12, 38), (15.5, 38), (15, 36.6), (12, 38)],
    [(23.5, 35.5), (26, 35), (24, 34.8), (23.5, 35.5)],
]  # fmt: skip
_NAMES = (
    ("AMERICA", -57.0, -22.0, 0.030), ("AFRICA", 16.0, 12.0, 0.036), ("ETHIOPIA", 26.0, -8.0, 0.024),
    ("ASIA", 86.0, 48.0, 0.040), ("EVROPA", 24.0, 51.0, 0.026),
    ("INDIA", 78.0, 25.0, 0.022), ("LIBYA INTERIOR", 4.0, 23.0, 0.018), ("TARTARIA", 110.0, 60.0, 0.022),
    ("CATHAYA", 130.0, 42.0, 0.022), ("ARABIA", 46.0, 22.0, 0.018),
    ("PARIAS", -92.0, 36.0, 0.020), ("OCEANVS OCCIDENTALIS", -38.0, 28.0, 0.024), ("MARE INDICVM", 68.0,
    -14.0, 0.024), ("OCEANVS ORIENTALIS", 160.0, -18.0, 0.020),
    ("TERRA VLTRA INCOGNITA", -66.0, -8.0, 0.013), ("ZIPANGRI", 176.0, 20.0, 0.015), ("SCYTHIA", 84.0, 61.0,
    0.020), ("PERSIA", 56.0, 33.0, 0.016),
)  # fmt: skip


def placed(points: list[Point] | Array, size: tuple[float, float]) -> Array:
    """Longitude and latitude onto the sheet (metres, y down): curved meridians, bowed parallels."""
    array = np.asarray(points, dtype=np.float64)
    s = (array[:, 0] - (_WEST + _EAST) / 2) / ((_EAST - _WEST) / 2)
    lat = np.clip(array[:, 1], -46.0, 90.0)
    north = np.clip(lat, 0, None) / 90.0
    south = np.clip(-lat, 0, None) / 90.0
    half = 0.45 * size[0] * (1 - 0.50 * north**1.35 - 0.34 * south**1.3)
    x = size[0] / 2 + half * s
    y = size[1] * (0.615 - 0.425 * (lat / 90.0)) + size[1] * 0.15 * s**2 * (north + 0.10)
    return np.stack([x, y], axis=1)


def _coasts(size: tuple[float, float]) -> list[Array]:
    lands = [_OLD_WORLD, _SOUTH_AMERICA, _NORTH_AMERICA, *_ISLANDS]
    rng = generator("coast")
    return [_crinkled(placed(_filled_in(land), size), rng) for land in lands]


def _filled_in(points: list[Point]) -> Array:
    return np.vstack(
        [np.linspace(a, b, 8, endpoint=False) for a, b in itertools.pairwise(points)] + [points[-1:]]
    )


def _crinkled(line: Array, rng: np.random.Generator) -> Array:
    steps = rng.standard_normal(line.shape) * 0.0022
    steps[0] = steps[-1] = 0
    return line + (steps + np.roll(steps, 1, axis=0)) / 2


def _graticule(ink: Canvas, size: tuple[float, float]) -> None:
    lats = np.linspace(-40, 88, 80)
    for lon in np.arange(_WEST, _EAST + 1, 10):
        ink.line(placed(np.stack([np.full(80, lon), lats], axis=1), size), 0.0008)
    lons = np.linspace(_WEST, _EAST, 160)
    for lat in range(-40, 90, 10):
        thick = 0.0028 if lat == 0 else 0.0008
        ink.line(placed(np.stack([lons, np.full(160, lat)], axis=1), size), thick)
    for circle in (23.5, -23.5, 66.5):
        ink.line(placed(np.stack([lons, np.full(160, circle)], axis=1), size), 0.0018)
    around_ = np.concatenate(
        [
            np.stack([np.full(80, _WEST), lats], 1),
            np.stack([lons, np.full(160, 88.0)], 1),
            np.stack([np.full(80, _EAST), lats[::-1]], 1),
            np.stack([lons[::-1], np.full(160, -40.0)], 1),
        ]
    )
    edge = placed(around_, size)
    middle = edge.mean(axis=0)
    for grow, thick in ((1.0, 0.002), (1.018, 0.0012), (1.034, 0.0028)):
        ink.line(np.vstack([edge, edge[:1]]) * grow + middle * (1 - grow), thick)


def _mountains(ink: Canvas, size: tuple[float, float]) -> None:
    ranges = (
        [(-5, 33), (4, 35), (10, 35)], [(6, 46), (12, 47), (16, 46)], [(40, 42), (50, 41)], [(68, 36), (80,
        33), (92, 30)], [(20, -14), (30, -16)],
        [(56, 60), (60, 52)], [(100, 56), (118, 50)], [(-70, -30), (-70, -16)], [(-1, 42.6), (3, 42.5)],
        [(100, 28), (104, 38)], [(12, 8), (20, 6)], [(128, 58), (142, 55)],
    )  # fmt: skip
    for ridge in ranges:
        line = placed(_filled_in([(float(a), float(b)) for a, b in ridge])[::2], size)
        for k, (x, y) in enumerate(line):
            h = 0.014 + 0.004 * (k % 3)
            ink.line(
                smooth(
                    [(x - h * 0.7, y + h * 0.4), (x - h * 0.1, y - h * 0.6), (x + h * 0.6, y + h * 0.4)], 6
                ),
                0.0013,
            )
            for d in (0.15, 0.3, 0.45):
                ink.line([(x + h * d, y - h * 0.3 + h * d), (x + h * d * 0.9, y + h * 0.4)], 0.0008)


def _wind(ink: Canvas, at: Point, toward: Point, size: float) -> None:
    """A puffing wind head among clouds."""
    x, y = at
    for k in range(7):
        a = 2 * np.pi * k / 7
        ink.line(
            spiral(
                (x + size * 1.25 * float(np.cos(a)), y + size * 1.05 * float(np.sin(a))),
                size * 0.42,
                1.2,
                57 * k,
            ),
            0.0012,
        )
    ink.disc(at, size, 0.0)
    ink.ring(at, size * 0.92, 0.0016)
    for side in (-1, 1):
        ink.disc((x + side * size * 0.32, y - size * 0.18), size * 0.09)
        ink.stroke(
            [
                (x + side * size * 0.50, y - size * 0.36),
                (x + side * size * 0.30, y - size * 0.42),
                (x + side * size * 0.16, y - size * 0.34),
            ],
            0.0011,
        )
    ink.stroke(
        [(x, y - size * 0.15), (x + size * 0.09, y + size * 0.12), (x - size * 0.05, y + size * 0.16)], 0.0011
    )
    ink.disc((x, y + size * 0.42), size * 0.13)
    direction = np.array(toward) - at
    direction /= np.linalg.norm(direction)
    across = np.array([-direction[1], direction[0]])
    for k in range(-2, 3):
        start = np.array(at) + direction * size * 0.95 + across * size * 0.10 * k
        end = np.array(at) + direction * size * 2.3 + across * size * 0.32 * k
        ink.line([(float(start[0]), float(start[1])), (float(end[0]), float(end[1]))], 0.0009)


def _portrait(ink: Canvas, at: Point, hat: bool) -> None:
    """A scholar, half length, with his instrument, under an arch."""
    x, y = at
    w, h = 0.115, 0.125
    ink.polygon([(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h)], 0.0)
    ink.line([(x - w, y + h), (x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h)], 0.0035)
    ink.line(
        [
            (x - w * 0.92, y + h * 0.93),
            (x - w * 0.92, y - h * 0.93),
            (x + w * 0.92, y - h * 0.93),
            (x + w * 0.92, y + h * 0.93),
        ],
        0.0012,
    )
    robe = [
        (x - 0.075, y + h * 0.92),
        (x - 0.06, y + 0.03),
        (x - 0.02, y - 0.005),
        (x + 0.02, y - 0.005),
        (x + 0.06, y + 0.03),
        (x + 0.075, y + h * 0.92),
    ]
    ink.line(smooth(robe, 8), 0.002)
    for k in range(-5, 6):
        ink.stroke(
            [(x + k * 0.005, y + 0.01), (x + k * 0.009, y + 0.05), (x + k * 0.0125, y + h * 0.9)], 0.001
        )
    ink.disc((x, y - 0.035), 0.030, 0.0)
    ink.ring((x, y - 0.035), 0.028, 0.0018)
    cap = [
        (x - 0.036, y - 0.045),
        (x - 0.03, y - 0.075),
        (x, y - 0.088),
        (x + 0.03, y - 0.075),
        (x + 0.036, y - 0.045),
    ]
    ink.blob(cap if hat else [(a, b + 0.006) for a, b in cap], 0.85)
    for side in (-1, 1):
        ink.disc((x + side * 0.010, y - 0.037), 0.0024)
    ink.stroke([(x, y - 0.035), (x + 0.004, y - 0.024), (x - 0.002, y - 0.022)], 0.001)
    ink.stroke([(x - 0.008, y - 0.014), (x, y - 0.012), (x + 0.008, y - 0.014)], 0.0011)
    if not hat:
        for k in range(-4, 5):
            ink.stroke([(x + k * 0.004, y - 0.011), (x + k * 0.0045, y + 0.018)], 0.0012)
    ink.ring((x + (0.062 if hat else -0.062), y + 0.040), 0.024, 0.0016)
    ink.ring((x + (0.062 if hat else -0.062), y + 0.040), 0.013, 0.001)


def _inset(ink: Canvas, at: Point, lands: list[list[Point]]) -> None:
    x, y = at
    r = 0.105
    ink.disc(at, r * 1.07, 0.0)
    for radius, pen in ((r, 0.0025), (r * 1.06, 0.0012)):
        ink.ring(at, radius, pen)
    for k in range(-3, 4):
        bend = [
            (x + k * r * 0.27 * float(np.cos(t)), y + r * 0.98 * float(np.sin(t)))
            for t in np.linspace(-np.pi / 2, np.pi / 2, 24)
        ]
        ink.line(bend, 0.0007)
        ink.line(
            [
                (x - r * float(np.sqrt(1 - (k * 0.27) ** 2)), y + k * r * 0.27),
                (x + r * float(np.sqrt(1 - (k * 0.27) ** 2)), y + k * r * 0.27),
            ],
            0.0007,
        )
    for land in lands:
        ink.line(smooth([(x + a * r, y - b * r) for a, b in land], 8), 0.0026)


def _cartouche(ink: Canvas, box: tuple[float, float, float, float], lines: list[str]) -> None:
    x0, y0, x1, y1 = box
    ink.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], 0.0)
    ink.line([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], 0.0022)
    pitch = (y1 - y0) / (len(lines) + 0.6)
    for k, words in enumerate(lines):
        ink.text(
            words, ((x0 + x1) / 2, y0 + (k + 0.8) * pitch), min(pitch * 0.72, 1.25 * (x1 - x0) / len(words))
        )


def _land_layer(pixels: tuple[int, int], size: tuple[float, float]) -> Array:
    land = Canvas(pixels, size)
    for coast in _coasts(size):
        land.polygon(coast)
    return land.array()


def world_map(pixels: tuple[int, int], size: tuple[float, float]) -> Array:
    """The printed ink, 0..1."""
    land = _land_layer(pixels, size)
    sea = Canvas(pixels, size)
    _graticule(sea, size)
    ink = Canvas(pixels, size)
    for coast in _coasts(size):
        ink.line(coast, 0.0030)
    _mountains(ink, size)
    near = blurred(land, 9.0, wrap=False) * (1 - land)
    hatch = (np.arange(pixels[1]) % 5 < 2)[:, None] * (near > 0.06)
    words = Canvas(pixels, size)
    for name, lon, lat, height in _NAMES:
        x, y = placed([(lon, lat)], size)[0]
        words.text(name, (float(x), float(y)), height)
    base = np.maximum(sea.array() * (1 - 0.55 * land), ink.array())
    base = np.maximum(base, hatch * 0.8)
    halo = np.clip(blurred(words.array(), 3.0, wrap=False) * 3.0, 0, 1)
    base = np.maximum(base * (1 - 0.85 * halo), words.array())
    trim, mask = Canvas(pixels, size), Canvas(pixels, size)
    _furniture(trim, size)
    _furniture_ground(mask, size)
    return np.asarray(np.maximum(base * (1 - mask.array()), trim.array()))


def _furniture_ground(mask: Canvas, size: tuple[float, float]) -> None:
    """Where portraits, insets and cartouches stand, nothing else is printed."""
    w = size[0]
    for x in (w / 2 - 0.40, w / 2 + 0.40):
        mask.polygon([(x - 0.115, 0.005), (x + 0.115, 0.005), (x + 0.115, 0.255), (x - 0.115, 0.255)])
    for x in (w / 2 - 0.17, w / 2 + 0.17):
        mask.disc((x, 0.13), 0.112)
    for x0, y0, x1, y1 in _boxes(size):
        mask.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def _boxes(size: tuple[float, float]) -> list[tuple[float, float, float, float]]:
    w, h = size
    return [
        (0.04, 0.04, 0.40, 0.20),
        (w - 0.40, 0.04, w - 0.04, 0.20),
        (0.04, h - 0.25, 0.36, h - 0.07),
        (w - 0.36, h - 0.25, w - 0.04, h - 0.07),
    ]


def _furniture(ink: Canvas, size: tuple[float, float]) -> None:
    w, h = size
    for inset, pen in ((0.008, 0.004), (0.018, 0.0015), (0.026, 0.0015)):
        ink.line(
            [(inset, inset), (w - inset, inset), (w - inset, h - inset), (inset, h - inset), (inset, inset)],
            pen,
        )
    ink.polygon([(0.03, h - 0.052), (w - 0.03, h - 0.052), (w - 0.03, h - 0.03), (0.03, h - 0.03)], 0.0)
    ink.text(
        "VNIVERSALIS COSMOGRAPHIA SECVNDVM PTHOLOMAEI TRADITIONEM"
        " ET AMERICI VESPVCII ALIORVMQVE LVSTRATIONES",
        (w / 2, h - 0.041),
        0.026,
    )
    _portrait(ink, (w / 2 - 0.40, 0.13), hat=False)
    _portrait(ink, (w / 2 + 0.40, 0.13), hat=True)
    old = [
        [
            (-0.7, 0.3),
            (-0.3, 0.1),
            (-0.35, -0.4),
            (0.0, -0.7),
            (0.2, -0.2),
            (0.45, 0.1),
            (0.7, 0.0),
            (0.8, 0.4),
            (0.2, 0.7),
            (-0.4, 0.65),
            (-0.7, 0.3),
        ]
    ]
    new = [
        [(-0.2, 0.75), (0.15, 0.5), (0.0, 0.28), (-0.3, 0.4), (-0.2, 0.75)],
        [(-0.1, 0.2), (0.35, -0.05), (0.15, -0.5), (0.0, -0.8), (-0.15, -0.3), (-0.1, 0.2)],
    ]
    _inset(ink, (w / 2 - 0.17, 0.13), old)
    _inset(ink, (w / 2 + 0.17, 0.13), new)
    texts = [
        ["CLAVDII PTHOLOMEI", "ALEXANDRINI COSMOGRAPHI"], ["AMERICI VESPVCII", "NAVIGATIONES QVATTVOR"],
        ["DE TERRA NOVA", "PER AMERICVM INVENTA", "ANNO MCCCCXCVII"], ["AD LECTOREM",
        "IN ORBIS DESCRIPTIONE", "M D VII"],
    ]  # fmt: skip
    for box, words in zip(_boxes(size), texts, strict=True):
        _cartouche(ink, box, words)
    center = (w / 2, h * 0.55)
    for at in (
        (0.10, 0.33),
        (0.07, 0.72),
        (0.52, 0.13),
        (w - 0.52, 0.13),
        (w - 0.10, 0.33),
        (w - 0.07, 0.72),
        (0.52, h - 0.12),
        (w / 2, h - 0.115),
        (w - 0.52, h - 0.12),
    ):
        _wind(ink, at, center, 0.034)
