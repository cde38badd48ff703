"""Writing and printing: a leaf of chant on parchment, a woodcut world map on twelve sheets."""

import numpy as np

from assets.sample.forms.canvas import Canvas, font
from assets.sample.forms.finish import Finish, dressed, filled, material, painted, plain, shaded, smoothstep
from assets.sample.forms.noise import blurred, generator, spectral
from assets.sample.forms.ornament import leaf, spiral
from assets.sample.forms.slab import rectangle, slab
from assets.sample.forms.surface import Array, Surface, joined
from assets.sample.models.worldmap import placed, world_map
from assets.sample.replica import Replica, Sight, assembled, spotted


def _initial(layers: dict[str, Canvas]) -> None:
    """The letter A in tempera on a gold ground, foliage inside, a border bar down the margin."""
    gold, blue, red, ink, white = (layers[name] for name in ("gold", "blue", "red", "ink", "white"))
    x0, y0, x1, y1 = 0.048, 0.030, 0.198, 0.186
    blue.polygon(
        [
            (x0 - 0.004, y0 - 0.004),
            (x1 + 0.004, y0 - 0.004),
            (x1 + 0.004, y1 + 0.004),
            (x0 - 0.004, y1 + 0.004),
        ]
    )
    gold.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    cx = (x0 + x1) / 2
    left = [
        (cx - 0.004, y0 + 0.008),
        (cx - 0.032, y0 + 0.050),
        (cx - 0.045, y1 - 0.040),
        (cx - 0.060, y1 - 0.008),
    ]
    right = [
        (cx + 0.004, y0 + 0.008),
        (cx + 0.036, y0 + 0.050),
        (cx + 0.046, y1 - 0.040),
        (cx + 0.062, y1 - 0.008),
    ]
    for coat, grow in ((ink, 0.004), (red, 0.0)):
        coat.limb(left, [0.010 + grow, 0.019 + grow, 0.022 + grow, 0.013 + grow])
        coat.limb(right, [0.010 + grow, 0.024 + grow, 0.027 + grow, 0.014 + grow])
        coat.limb(
            [(cx - 0.044, y0 + 0.092), (cx, y0 + 0.084), (cx + 0.044, y0 + 0.092)],
            [0.008 + grow, 0.013 + grow, 0.008 + grow],
        )
        coat.limb(
            [(cx - 0.026, y0 + 0.012), (cx, y0 + 0.008), (cx + 0.026, y0 + 0.012)],
            [0.006 + grow, 0.011 + grow, 0.006 + grow],
        )
    for side in (-1, 1):
        for k in range(4):
            at = (cx + side * (0.012 + 0.004 * k), y0 + 0.068 + 0.006 * k)
            leaf(layers["green"], at, 90 - side * (20 + 30 * k), 0.024, 0.009)
        blue.line(spiral((cx + side * 0.018, y1 - 0.032), 0.014, 1.6, 90, side), 0.0042)
        leaf(layers["green"], (cx + side * 0.018, y1 - 0.032), 90 + side * 30, 0.017, 0.008)
        for k in range(6):
            white.disc((cx + side * (0.026 + 0.005 * k), y0 + 0.045 + 0.017 * k), 0.0013)
    red.disc((cx, y0 + 0.060), 0.0075)
    white.ring((cx, y0 + 0.060), 0.0045, 0.0012)
    for k in range(22):
        y = y0 + 0.004 + k * 0.0112
        if y < 0.268:
            (red if k % 2 else blue).limb([(0.0315, y), (0.0315, y + 0.0085)], [0.0055, 0.0055])
            if k % 4 == 1:
                leaf(layers["green"], (0.029, y), 160, 0.014, 0.006)
                gold.disc((0.0215, y + 0.004), 0.0024)


def _music(layers: dict[str, Canvas]) -> None:
    """One staff of four red lines with square notes, the words beneath."""
    x0, x1, top, gap = 0.045, 0.225, 0.203, 0.0068
    for k in range(4):
        layers["staff"].line([(x0, top + k * gap), (x1, top + k * gap)], 0.0006)
    steps = [2, 3, 4, 4, 5, 4, 3, 4, 2, 3, 3, 1, 2, 2, 3, 4, 3, 2]
    ink = layers["ink"]
    ink.polygon(
        [
            (x0 + 0.003, top + 0.3 * gap),
            (x0 + 0.006, top + 0.3 * gap),
            (x0 + 0.006, top + 1.7 * gap),
            (x0 + 0.003, top + 1.7 * gap),
        ]
    )
    for k, step in enumerate(steps):
        x, y = x0 + 0.015 + k * 0.0092, top + (6 - step) * gap / 2
        h = 0.0026
        ink.polygon([(x - h, y - h), (x + h, y - h * 0.8), (x + h, y + h), (x - h, y + h * 0.8)])
        if k % 5 == 3:
            ink.line([(x + h * 0.9, y), (x + h * 0.9, y + 0.010)], 0.0006)
    words = "".join(_textura(letter) for letter in "spiciens a longe")
    picture = layers["ink"]
    size = round(0.024 * picture.pixels[1] * 2 / picture.size[1])
    picture.inscribe(words, (0.135, 0.2475), font("STIXGeneral", size))


def _textura(letter: str) -> str:
    """The letter's black-letter form among the mathematical alphabets of Unicode."""
    return chr(0x1D586 + ord(letter) - ord("a")) if letter.isalpha() else letter


def _parchment(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    cloud, fibre = spectral(rng, shape, low=1.5, slope=1.6), spectral(rng, shape, low=30, slope=0.8)
    color = shaded(filled(shape, "#e6d8b8"), 0.035 * cloud + 0.02 * fibre)
    y, x = np.indices(shape)
    edge = np.minimum(np.minimum(x, shape[1] - x) / shape[1], np.minimum(y, shape[0] - y) / shape[0])
    return painted(color, "#a3875a", 0.55 * np.exp(-edge * 40) * (0.7 + 0.3 * cloud).clip(0, 1.5))


def antiphonary_leaf() -> Replica:
    """Leaf with a large gilded initial A over one line of music: "Aspiciens a longe"."""
    rng = generator("antiphonary-leaf")
    width, height, n = 0.24, 0.28, (1024, 1194)
    layers = {
        name: Canvas(n, (width, height))
        for name in ("gold", "blue", "red", "green", "ink", "white", "staff", "rule")
    }
    _initial(layers)
    _music(layers)
    for x in (0.043, 0.227):
        layers["rule"].line([(x, 0.0), (x, height)], 0.0003)
    shape = (n[1], n[0])
    masks = {name: canvas.array() for name, canvas in layers.items()}
    color = _parchment(rng, shape)
    flaking = spectral(rng, shape, low=40, slope=0.8)
    color = painted(color, "#8f7a5c", masks["rule"] * 0.5)
    for name, paint, cover in (
        ("staff", "#a33526", 0.8),
        ("blue", "#2d4f8e", 0.93),
        ("gold", "#c99a3c", 1.0),
        ("ink", "#2a1d14", 0.88),
        ("red", "#a8392b", 0.95),
        ("green", "#4e7a4f", 0.95),
        ("white", "#efe6cf", 0.9),
    ):
        thin = masks[name] * np.clip(cover - 0.10 * smoothstep(1.2, 2.6, flaking), 0, 1)
        color = painted(color, shaded(filled(shape, paint), 0.06 * flaking.clip(-2, 2)), thin)
    gold = masks["gold"] * (1 - np.max([masks[k] for k in ("ink", "red", "green", "blue")], axis=0))
    front = Finish(color, 0.75 - 0.5 * gold, gold, bump=0.5 * gold + 0.12 * flaking)
    back = _parchment(rng, (256, 256))
    sheet = slab(rectangle(width, height), [(0.0, 0.0005), (0.995, 0.0005), (1.0, 0.0)], (150, 170))
    p = sheet.positions.copy()
    p[:, 2] += (
        0.0024 * np.sin(p[:, 0] * 22 + 0.5) * np.cos(p[:, 1] * 15)
        + 0.004 * (p[:, 0] / 0.12) ** 4
        + 0.0016 * np.sin(p[:, 1] * 31)
    )
    front_part, back_part = _faces(sheet.reshaped(p))
    meshes = [
        dressed("recto", front_part, material("illuminated", front)),
        dressed("verso", back_part, material("parchment", Finish(back, 0.8))),
    ]
    depth = float(np.ptp(p[:, 2]))
    scan = assembled(
        "antiphonary-leaf", meshes, (width, height, depth), "painted in layers on a cockled sheet"
    )
    sights = {
        "initial": Sight((0.028, height - 0.10, 0.1), (0, 0, -1)),
        "staff": Sight((0.0, height - 0.213, 0.1), (0, 0, -1)),
        "gold": Sight((-0.058, height - 0.045, 0.1), (0, 0, -1)),
        "edge": Sight((0.117, 0.12, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(10.0, 5.0))


def _faces(sheet: Surface) -> tuple[Surface, Surface]:
    """A slab's front and back, each over a whole canvas of its own."""
    half = len(sheet.positions) // 2
    first = sheet.triangles[:, 0] < half
    u = sheet.texcoords * [2.0, 1.0]
    front = Surface(sheet.positions[:half], sheet.normals[:half], u[:half], sheet.triangles[first])
    back = Surface(
        sheet.positions[half:], sheet.normals[half:], u[half:] - [1.0, 0.0], sheet.triangles[~first] - half
    )
    return front, back


def waldseemueller_map() -> Replica:
    """World map of 1507: twelve woodcut sheets, the fourth part of the world named America."""
    rng = generator("waldseemueller-map")
    tall, wide = 0.46, 0.62
    width, height = 4 * wide, 3 * tall
    ink = world_map((2400, 1336), (width, height))
    shape = ink.shape
    cloud, fibre = spectral(rng, shape, low=2, slope=1.6), spectral(rng, shape, low=60, slope=0.6)
    paper = shaded(filled(shape, "#e7dcc2"), 0.03 * cloud + 0.015 * fibre)
    fox = smoothstep(2.5, 3.4, spectral(rng, shape, low=20, slope=1.0))
    paper = painted(paper, "#b58f5a", 0.5 * fox + 0.12 * smoothstep(0.7, 2.5, cloud))
    y, x = np.indices(shape)
    seam = np.minimum(
        np.abs((x / shape[1] * 4 + 0.5) % 1 - 0.5) * wide, np.abs((y / shape[0] * 3 + 0.5) % 1 - 0.5) * tall
    )
    paper = painted(paper, "#a4875c", 0.45 * np.exp(-seam / 0.005))
    printed = np.clip(blurred(ink, 0.4) * (0.92 - 0.12 * smoothstep(0.6, 2.4, fibre)), 0, 1)
    dress = material("woodcut", Finish(painted(paper, "#241d18", printed), 0.9, bump=0.15 * fibre))
    fronts, backs = [], []
    for row in range(3):
        for column in range(4):
            leaf_ = slab(
                rectangle(wide - 0.003, tall - 0.003), [(0.0, 0.0005), (0.99, 0.0005), (1.0, 0.0)], (44, 36)
            )
            p = leaf_.positions.copy()
            p[:, 2] += 0.0012 * np.sin(p[:, 0] * 9 + row + 2 * column) * np.cos(p[:, 1] * 11 + column)
            front, back = _faces(leaf_.reshaped(p))
            at = ((column - 1.5) * wide, (1 - row) * tall, 0.0)
            window = (
                column / 4 + 0.0012 / width,
                row / 3 + 0.0012 / height,
                (column + 1) / 4 - 0.0012 / width,
                (row + 1) / 3 - 0.0012 / height,
            )
            fronts.append(front.in_window(window).moved(at))
            backs.append(back.moved(at))
    meshes = [
        dressed("recto", joined(fronts), dress),
        dressed("verso", joined(backs), plain("paper", "#ded2b6", 0.95)),
    ]
    depth = float(np.ptp(np.concatenate([s.positions[:, 2] for s in (*fronts, *backs)])))
    scan = assembled(
        "waldseemueller-map", meshes, (width, height, depth), "schematic redrawing of the woodcut"
    )

    def at_map(lon: float, lat: float) -> Sight:
        u, v = placed([(lon, lat)], (width, height))[0]
        return Sight((u - width / 2, height - v, 0.1), (0, 0, -1))

    sights = {
        "america": at_map(-62.0, -22.0),
        "seam": Sight((0.2, 2 * tall + 0.004, 0.1), (0, 0, -1)),
        "inset-map": Sight((-0.17, height - 0.13, 0.1), (0, 0, -1)),
        "pacific": at_map(-135.0, 5.0),
    }
    return Replica(scan, spotted(scan, sights), view=(6.0, 3.0))
