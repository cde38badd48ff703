"""Woven things: a knotted carpet and a tapestry tunic. Patterns are drawn on the knot or weft grid itself."""

from dataclasses import replace

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point
from assets.sample.forms.finish import Finish, dressed, filled, material, painted, shaded, smoothstep
from assets.sample.forms.lathe import swept, tube
from assets.sample.forms.noise import generator, spectral
from assets.sample.forms.slab import rectangle, slab
from assets.sample.forms.surface import Array, Surface, joined
from assets.sample.replica import Replica, Sight, assembled, spotted

_WOOL = {
    "madder": "#7a2218",
    "dark": "#1c1d33",
    "ivory": "#dccdae",
    "orange": "#b8552f",
    "pink": "#9a3b4f",
    "brown": "#2c1a14",
}


def _cloth(width: float, height: float, thick: float, count: tuple[int, int]) -> Surface:
    """A sheet that shows the same picture on both faces, as woven stuff does."""
    sheet = slab(
        rectangle(width, height),
        [(0.0, thick / 2), (0.994, thick / 2), (0.999, thick / 4), (1.0, 0.0)],
        count,
    )
    u = sheet.texcoords[:, :1]
    folded = np.where(u > 0.5, 2.0 - 2.0 * u, 2.0 * u)
    back = sheet.positions[:, 2] < 0
    folded[:, 0] = np.where(back, 2.0 - 2.0 * u[:, 0], 2.0 * u[:, 0])
    return replace(sheet, texcoords=np.concatenate([np.clip(folded, 0, 1), sheet.texcoords[:, 1:]], axis=1))


def _draped(sheet: Surface, height: float, folds: list[tuple[float, float, float]]) -> Surface:
    """Soft vertical folds (amplitude, wavelength, phase in metres) that grow towards the lower edge."""
    p = sheet.positions.copy()
    low = 0.35 + 0.65 * np.clip(0.5 - p[:, 1] / height, 0, 1)
    for amplitude, wavelength, phase in folds:
        p[:, 2] += amplitude * low * np.sin(2 * np.pi * (p[:, 0] + 0.12 * p[:, 1]) / wavelength + phase)
    return sheet.reshaped(p)


def _gul(layers: dict[str, Canvas], at: Point, size: float) -> None:
    """A main gul: stepped octagon in quarters, a clover in each, a star in the heart."""
    x, y = at
    w, h = size, size * 0.74

    def octagon(s: float) -> list[Point]:
        steps = [
            (0.42, 1.0),
            (0.42, 0.86),
            (0.66, 0.86),
            (0.66, 0.66),
            (0.86, 0.66),
            (0.86, 0.38),
            (1.0, 0.38),
        ]
        quarter = [(a * w * s, b * h * s) for a, b in steps]
        right = [*quarter, *[(a, -b) for a, b in quarter[::-1]]]
        return [(x + a, y + b) for a, b in [*right, *[(-a, -b) for a, b in right]]]

    layers["brown"].polygon(octagon(1.0))
    layers["ivory"].polygon(octagon(0.955))
    layers["brown"].polygon(octagon(0.90), 0.0)
    for sx in (-1, 1):
        for sy in (-1, 1):
            cover = layers["orange" if sx * sy > 0 else "dark"]
            cover.polygon(
                [
                    (x, y),
                    (x + sx * w * 0.80, y),
                    (x + sx * w * 0.80, y + sy * h * 0.40),
                    (x + sx * w * 0.60, y + sy * h * 0.62),
                    (x + sx * w * 0.40, y + sy * h * 0.80),
                    (x, y + sy * h * 0.80),
                ]
            )
            cx, cy = x + sx * w * 0.46, y + sy * h * 0.44
            clover = layers["ivory2"]
            for dx, dy in ((0.0, -0.13), (-0.13, 0.06), (0.13, 0.06)):
                clover.polygon(_diamond((cx + dx * w, cy + sy * -dy * h), w * 0.085, h * 0.11))
            layers["madder2"].polygon(_diamond((cx, cy), w * 0.05, h * 0.06))
            clover.line([(cx, cy), (cx - sx * w * 0.16, cy - sy * h * 0.20)], size * 0.03)
    heart = [
        (x - w * 0.26, y - h * 0.12),
        (x - w * 0.12, y - h * 0.28),
        (x + w * 0.12, y - h * 0.28),
        (x + w * 0.26, y - h * 0.12),
        (x + w * 0.26, y + h * 0.12),
        (x + w * 0.12, y + h * 0.28),
        (x - w * 0.12, y + h * 0.28),
        (x - w * 0.26, y + h * 0.12),
    ]
    layers["ivory2"].polygon(heart)
    layers["pink2"].polygon([(x + (a - x) * 0.78, y + (b - y) * 0.78) for a, b in heart])
    for a, b in ((0.5, 0.16), (0.16, 0.5)):
        layers["ivory3"].polygon(_diamond((x, y), w * 0.30 * a, h * 0.34 * b))
    layers["dark3"].polygon(_diamond((x, y), w * 0.05, h * 0.06))


def _diamond(at: Point, w: float, h: float) -> list[Point]:
    return [(at[0] - w, at[1]), (at[0], at[1] - h), (at[0] + w, at[1]), (at[0], at[1] + h)]


def _minor_gul(layers: dict[str, Canvas], at: Point, size: float) -> None:
    x, y = at
    for scale, coat in ((1.0, "ivory"), (0.86, "pink"), (0.55, "dark2"), (0.34, "ivory3")):
        layers[coat].polygon(_diamond(at, size * scale, size * 0.86 * scale))
    for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        cx, cy = x + a * size * 1.12, y + b * size * 0.98
        layers["ivory2"].polygon(_diamond((cx, cy), size * 0.20, size * 0.17))
        layers["dark3"].polygon(_diamond((cx, cy), size * 0.09, size * 0.08))
    layers["madder2"].polygon(_diamond(at, size * 0.15, size * 0.13))


def _carpet_border(layers: dict[str, Canvas], width: float, height: float) -> None:
    def frame(coat: str, inset: float, thick: float) -> None:
        a, b = inset, inset + thick
        for box in (
            (a, a, width - a, b),
            (a, height - b, width - a, height - a),
            (a, a, b, height - a),
            (width - b, a, width - a, height - a),
        ):
            layers[coat].polygon([(box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])])

    for inset, thick, coat in (
        (0.05, 0.015, "ivory"),
        (0.065, 0.05, "dark"),
        (0.125, 0.016, "ivory"),
        (0.141, 0.135, "madder2"),
        (0.276, 0.016, "ivory"),
        (0.292, 0.045, "dark"),
        (0.337, 0.012, "ivory"),
    ):
        frame(coat, inset, thick)
    for inset, thick in ((0.067, 0.046), (0.294, 0.041)):
        _triangles(layers, width, height, (inset, thick))
    count_x, count_y = 13, 13
    for k in range(count_x):
        x = 0.141 + 0.068 + k * (width - 0.282 - 0.136) / (count_x - 1)
        for y in (0.2085, height - 0.2085):
            _star(layers, (x, y), k)
    for k in range(1, count_y - 1):
        y = 0.141 + 0.068 + k * (height - 0.282 - 0.136) / (count_y - 1)
        for x in (0.2085, width - 0.2085):
            _star(layers, (x, y), k)


def _star(layers: dict[str, Canvas], at: Point, number: int) -> None:
    coats = ("ivory3", "dark3") if number % 2 else ("pink2", "ivory3")
    layers[coats[0]].polygon(_diamond(at, 0.058, 0.052))
    x, y = at
    layers[coats[0]].polygon(
        [(x - 0.038, y - 0.034), (x + 0.038, y - 0.034), (x + 0.038, y + 0.034), (x - 0.038, y + 0.034)]
    )
    layers["orange3"].polygon(_diamond(at, 0.030, 0.028))
    layers["dark3"].polygon(_diamond(at, 0.013, 0.012))


def _triangles(layers: dict[str, Canvas], width: float, height: float, band: tuple[float, float]) -> None:
    inset, thick = band
    pitch = 0.052
    a, b = inset, inset + thick
    for k in range(int((width - 2 * a) / pitch)):
        x = a + (k + 0.5) * pitch
        coat = layers[("orange2", "ivory2", "pink2")[k % 3]]
        for y0, y1 in ((a, b), (height - a, height - b)):
            coat.polygon([(x - pitch * 0.46, y0), (x + pitch * 0.46, y0), (x, y1)])
    for k in range(int((height - 2 * a) / pitch)):
        y = a + (k + 0.5) * pitch
        coat = layers[("orange2", "ivory2", "pink2")[k % 3]]
        for x0, x1 in ((a, b), (width - a, width - b)):
            coat.polygon([(x0, y - pitch * 0.46), (x0, y + pitch * 0.46), (x1, y)])


_COATS = (
    "ivory",
    "brown",
    "dark",
    "orange",
    "pink",
    "madder2",
    "dark2",
    "orange2",
    "ivory2",
    "pink2",
    "orange3",
    "ivory3",
    "dark3",
)


def _carpet_picture(rng: np.random.Generator, width: float, height: float) -> tuple[Array, Array]:
    knots = 760
    layers = {name: Canvas((knots, knots), (width, height)) for name in _COATS}
    left, right, top, bottom = 0.36, width - 0.36, 0.36, height - 0.36
    columns, rows = 4, 5
    dx, dy = (right - left) / columns, (bottom - top) / rows
    for row in range(rows):
        for column in range(columns):
            _gul(layers, (left + (column + 0.5) * dx, top + (row + 0.5) * dy), dx * 0.40)
    for row in range(1, rows):
        for column in range(1, columns):
            _minor_gul(layers, (left + column * dx, top + row * dy), dx * 0.115)
    _carpet_border(layers, width, height)
    abrash = spectral(rng, (knots, knots), low=1, slope=1.2, stretch=(1.0, 12.0))
    color = shaded(filled((knots, knots), _WOOL["madder"]), 0.07 * abrash)
    for name in _COATS:
        wool = shaded(filled((knots, knots), _WOOL[name.rstrip("23")]), 0.07 * abrash)
        color = painted(color, wool, smoothstep(0.35, 0.65, layers[name].array()))
    color = shaded(color, 0.07 * rng.standard_normal((knots, knots)).clip(-2, 2))
    color = color.repeat(2, axis=0).repeat(2, axis=1)
    y, x = np.indices(color.shape[:2])
    pile = np.sin(np.pi * (x % 2 + 0.5) / 2) * 0.5 + 0.5 * ((y // 2) % 2)
    return color, pile + 0.5 * spectral(rng, color.shape[:2], low=90, slope=0.3)


def saryk_carpet() -> Replica:
    """Main carpet of the Saryk: rows of large guls, minor guls between, borders of triangles and stars."""
    rng = generator("saryk-carpet")
    width, height, fringe = 2.502, 2.577, 0.036
    color, pile = _carpet_picture(rng, width, height - 2 * fringe)
    worn = smoothstep(0.9, 2.6, spectral(rng, color.shape[:2], low=2))
    color = painted(color, "#8d6a52", 0.20 * worn)
    folds = [(0.0035, 1.3, 0.4), (0.0015, 0.47, 1.9)]
    sheet = _draped(_cloth(width, height - 2 * fringe, 0.005, (170, 170)), height, folds)
    strands = []
    for k in range(260):
        x = -width / 2 + (k + 0.5) * width / 260
        for end in (-1, 1):
            y0 = end * (height / 2 - fringe)
            sway = float(rng.uniform(-0.003, 0.003))
            path = np.array(
                [
                    (x, y0 - end * 0.002, 0.0),
                    (x + sway, y0 + end * fringe * 0.5, 0.001),
                    (x + 2 * sway, end * (height / 2 - 0.0012), 0.0),
                ]
            )
            strands.append(tube(swept(path.tolist(), 5), 0.0011, 5))
    threads = _draped(joined(strands), height, folds)
    shape = (128, 128)
    cord = material("warp", Finish(shaded(filled(shape, "#c9b895"), 0.1 * spectral(rng, shape, low=4)), 0.95))
    dress = material("pile", Finish(color, 0.93, bump=0.55 * pile))
    scan = assembled(
        "saryk-carpet",
        [dressed("carpet", sheet, dress), dressed("fringe", threads, cord)],
        _size([sheet, threads], (width, height)),
        "pattern drawn on the knot grid",
    )
    dx, dy = (width - 0.72) / 4, (height - 2 * fringe - 0.72) / 5
    sights = {
        "main-gul": Sight((-dx / 2, height / 2, 0.1), (0, 0, -1)),
        "minor-gul": Sight((0.0, height / 2 + dy / 2, 0.1), (0, 0, -1)),
        "triangle-border": Sight((0.0, fringe + 0.09, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(12.0, 4.0))


def _size(parts: list[Surface], stated: tuple[float, float]) -> tuple[float, float, float]:
    """The stated width and height; the depth as the folds make it."""
    z = np.concatenate([part.positions[:, 2] for part in parts])
    return (stated[0], stated[1], float(np.ptp(z)))


_YARN = {"red": "#8c2a22", "yellow": "#d0a046", "dark": "#2b2030", "ivory": "#dfd2b4", "green": "#4d5a3a"}


def _key(layers: dict[str, Canvas], x: float, y: float, size: float, number: int) -> None:
    """One square with the Inka key: a slanting bar between two hooked steps and two small squares."""
    pair = (("yellow", "red"), ("ivory", "dark"))[number % 2]
    field, sign = layers[pair[0]], layers[pair[1] + "2"]
    field.polygon([(x, y), (x + size, y), (x + size, y + size), (x, y + size)])

    def q(*points: Point) -> list[Point]:
        return [(x + a * size, y + b * size) for a, b in points]

    sign.polygon(q((0.12, 0.12), (0.46, 0.12), (0.46, 0.24), (0.24, 0.24), (0.24, 0.46), (0.12, 0.46)))
    sign.polygon(q((0.88, 0.88), (0.54, 0.88), (0.54, 0.76), (0.76, 0.76), (0.76, 0.54), (0.88, 0.54)))
    sign.line(q((0.20, 0.80), (0.80, 0.20)), size * 0.11)
    sign.polygon(q((0.12, 0.70), (0.30, 0.70), (0.30, 0.88), (0.12, 0.88)))
    sign.polygon(q((0.70, 0.12), (0.88, 0.12), (0.88, 0.30), (0.70, 0.30)))


def _tunic_picture(rng: np.random.Generator, width: float, height: float) -> tuple[Array, Array]:
    pixels = (720, 800)
    layers = {
        name: Canvas(pixels, (width, height))
        for name in ("yellow", "ivory", "red2", "dark2", "green", "stripe", "stitch")
    }
    size = width / 8
    for row in range(6):
        for column in range(8):
            _key(layers, column * size, row * size, size, row + column)
    top = 6 * size
    for k in range(3):
        y = top + 0.030 + k * 0.062
        layers["stripe"].band(y, y + 0.026)
        layers["green"].band(y + 0.010, y + 0.016)
    zigzag = np.array(
        [(k * 0.0125, height - (0.006 if k % 2 else 0.020)) for k in range(int(width / 0.0125) + 2)]
    )
    layers["stitch"].line(zigzag, 0.004)
    band = spectral(rng, (800, 720), low=2, slope=1.2, stretch=(1.0, 8.0))
    color = shaded(filled((800, 720), _YARN["red"]), 0.06 * band)
    for name, yarn in (
        ("yellow", "yellow"),
        ("ivory", "ivory"),
        ("red2", "red"),
        ("dark2", "dark"),
        ("stripe", "yellow"),
        ("green", "green"),
        ("stitch", "ivory"),
    ):
        color = painted(
            color,
            shaded(filled((800, 720), _YARN[yarn]), 0.06 * band),
            smoothstep(0.4, 0.6, layers[name].array()),
        )
    color = shaded(color, 0.05 * rng.standard_normal((800, 720)).clip(-2, 2))
    color = color.repeat(2, axis=0).repeat(2, axis=1)
    rows, columns = np.indices(color.shape[:2])
    rib = np.sin(2 * np.pi * columns / 8) * 0.8 + 0.4 * np.sin(np.pi * rows / 2 + np.pi * (columns // 4))
    color = shaded(color, 0.06 * rib)
    return color, rib


def inka_key_tunic() -> Replica:
    """Tapestry tunic: key motif in squares, stripes below, neck slit, sewn sides with arm openings."""
    rng = generator("inka-key-tunic")
    width, height = 0.762, 0.851
    color, rib = _tunic_picture(rng, width, height)
    rows, columns = np.indices(color.shape[:2])
    x, y = columns / color.shape[1] * width - width / 2, rows / color.shape[0] * height
    slit = (np.abs(x) < 0.0035) & (y < 0.15)
    edge = ((np.abs(x) < 0.0085) & (y < 0.156) & ~slit).astype(np.float64)
    seam = ((width / 2 - np.abs(x) < 0.006) & (y > 0.26)).astype(np.float64)
    ticks = ((rows // 7) % 2).astype(np.float64)
    color = painted(color, "#e0d2b0", edge * (0.5 + 0.5 * ticks))
    color = painted(color, "#d0a046", seam * ticks)
    color = painted(color, "#0e0a0a", slit.astype(np.float64))
    worn = smoothstep(1.0, 2.6, spectral(rng, color.shape[:2], low=3))
    color = painted(color, "#a98b68", 0.22 * worn)
    folds = [(0.0040, 0.42, 0.9), (0.0022, 0.19, 0.1)]
    sheet = _cloth(width, height, 0.003, (180, 200))
    p = sheet.positions.copy()
    spread = np.exp(-((p[:, 0] / 0.012) ** 2)) * (p[:, 1] > height / 2 - 0.15)
    p[:, 2] -= 0.004 * spread
    dress = material("tapestry", Finish(color, 0.94, bump=0.5 * rib))
    cloth = _draped(sheet.reshaped(p), height, folds)
    scan = assembled(
        "inka-key-tunic",
        [dressed("tunic", cloth, dress)],
        _size([cloth], (width, height)),
        "pattern drawn on the weft grid",
    )
    sights = {
        "neck-slit": Sight((0.0, height - 0.07, 0.1), (0, 0, -1)),
        "key-motif": Sight((0.05, height - 0.24, 0.1), (0, 0, -1)),
        "side-seam": Sight((width / 2 - 0.004, 0.35, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(12.0, 4.0))
