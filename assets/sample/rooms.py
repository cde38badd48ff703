"""The rooms' own geometry: floor, walls with door openings, ceiling, skirting, plinths, cases, labels."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assets.pipeline.scan import Material, Mesh, Scan
from assets.sample.forms.canvas import Canvas
from assets.sample.forms.finish import Finish, dressed, filled, material, painted, plain, ramp, shaded
from assets.sample.forms.noise import generator, spectral
from assets.sample.forms.surface import Array, Surface, joined, make_grid, rotation
from assets.sample.galleries import DOOR_HEIGHT, DOOR_WIDTH, Gallery, Placement, Wall

WALL_THICKNESS = 0.24
"""Metres."""


def block(center: Sequence[float], size: Sequence[float]) -> Surface:
    """A box with sharp edges; each side carries the whole canvas."""
    sides = []
    half = np.asarray(size, dtype=np.float64) / 2
    frames = [
        ((1, 0, 0), (0, 1, 0)),
        ((-1, 0, 0), (0, 1, 0)),
        ((0, 0, 1), (0, 1, 0)),
        ((0, 0, -1), (0, 1, 0)),
        ((1, 0, 0), (0, 0, -1)),
        ((1, 0, 0), (0, 0, 1)),
    ]
    for right, up in frames:
        r, u = np.array(right, dtype=np.float64), np.array(up, dtype=np.float64)
        out = np.cross(r, u)
        a, b = np.meshgrid([-1.0, 1.0], [1.0, -1.0])
        points = (out + a[..., None] * r + b[..., None] * u) * half
        sides.append(make_grid(points, np.stack([(a + 1) / 2, (1 - b) / 2], axis=-1)))
    return joined(sides).moved(center)


def panel(center: Sequence[float], size: tuple[float, float], facing: float, lean: float = 0.0) -> Surface:
    """An upright sheet that faces ``facing`` degrees about +Y, leaned back by ``lean`` degrees."""
    a, b = np.meshgrid([-size[0] / 2, size[0] / 2], [size[1] / 2, -size[1] / 2])
    sheet = make_grid(
        np.stack([a, b, 0 * a], axis=-1), np.stack([a / size[0] + 0.5, 0.5 - b / size[1]], axis=-1)
    )
    return sheet.turned((1, 0, 0), -lean).turned((0, 1, 0), facing).moved(center)


def _wall_boxes(gallery: Gallery) -> list[tuple[Sequence[float], Sequence[float]]]:
    """Centre and size of the boxes that make up the four walls around their door openings."""
    boxes: list[tuple[Sequence[float], Sequence[float]]] = []
    w, d, h = gallery.width, gallery.depth, gallery.height
    spans: dict[Wall, float] = {
        "front": w + 2 * WALL_THICKNESS,
        "back": w + 2 * WALL_THICKNESS,
        "left": d,
        "right": d,
    }
    for wall, length in spans.items():
        doors = sorted(offset for side, offset in gallery.doors if side == wall)
        start = -length / 2
        for offset in doors:
            boxes.append(_wall_piece(gallery, wall, (start, offset - DOOR_WIDTH / 2), (0.0, h)))
            boxes.append(
                _wall_piece(
                    gallery, wall, (offset - DOOR_WIDTH / 2, offset + DOOR_WIDTH / 2), (DOOR_HEIGHT, h)
                )
            )
            start = offset + DOOR_WIDTH / 2
        boxes.append(_wall_piece(gallery, wall, (start, length / 2), (0.0, h)))
    return boxes


def _wall_piece(
    gallery: Gallery, wall: Wall, along: tuple[float, float], up: tuple[float, float]
) -> tuple[Sequence[float], Sequence[float]]:
    middle, length = (along[0] + along[1]) / 2, along[1] - along[0]
    y, tall = (up[0] + up[1]) / 2, up[1] - up[0]
    if wall in ("front", "back"):
        z = (gallery.depth + WALL_THICKNESS) / 2 * (1 if wall == "front" else -1)
        return (middle, y, z), (length, tall, WALL_THICKNESS)
    x = (gallery.width + WALL_THICKNESS) / 2 * (1 if wall == "right" else -1)
    return (x, y, middle), (WALL_THICKNESS, tall, length)


def obstacles(gallery: Gallery) -> list[tuple[Array, Array]]:
    """Lowest and highest corners of the wall boxes, for checks of sight and passage."""
    return [
        (np.asarray(c) - np.asarray(s) / 2, np.asarray(c) + np.asarray(s) / 2)
        for c, s in _wall_boxes(gallery)
    ]


def _oak() -> Material:
    """Oak boards, 3 m by 3 m a picture."""
    rng = generator("oak-floor")
    n = 1024
    grain = spectral(rng, (n, n), low=3, slope=1.2, stretch=(18.0, 1.0))
    rows, columns = np.indices((n, n))
    board = columns // 64
    shift = (board * 397) % n
    end = (rows + shift) % 512
    tone = np.random.Generator(np.random.PCG64(5)).standard_normal(64)[
        (board * 3 + (rows + shift) // 512) % 64
    ]
    color = ramp(0.5 + 0.12 * grain + 0.12 * tone, [(0.0, "#7a5a3c"), (1.0, "#b6946c")])
    gap = np.maximum((columns % 64 < 1) * 1.0, (end < 1) * 1.0)
    return material(
        "oak", Finish(painted(color, "#3a2817", 0.7 * gap), 0.38 + 0.05 * grain.clip(-1, 1), bump=-0.5 * gap)
    )


def _plaster(color: str) -> Material:
    rng = generator("plaster" + color)
    return material(
        "plaster", Finish(shaded(filled((256, 256), color), 0.015 * spectral(rng, (256, 256), low=2)), 0.92)
    )


@dataclass
class _Furniture:
    """Surfaces collected by material."""

    parts: dict[str, list[Surface]] = field(default_factory=dict)

    def add(self, name: str, surface: Surface) -> None:
        self.parts.setdefault(name, []).append(surface)


def _floor(gallery: Gallery) -> Surface:
    """Square tiles of 3 m, each over the whole canvas of boards, cut to reach under the walls."""
    tiles = []
    reach = max(3, math.ceil((max(gallery.width, gallery.depth) / 2 + 0.5) / 3))
    for i in range(-reach, reach):
        for j in range(-reach, reach):
            a, b = np.meshgrid([i * 3.0, i * 3.0 + 3.0], [j * 3.0, j * 3.0 + 3.0])
            grid = make_grid(
                np.stack([a, 0 * a, b], axis=-1), np.stack([(a - i * 3) / 3, (b - j * 3) / 3], axis=-1)
            )
            tiles.append(grid)
    return joined(tiles)


def _shell(gallery: Gallery, out: _Furniture, open_to: frozenset[str]) -> None:
    w, d, h = gallery.width, gallery.depth, gallery.height
    out.add("oak", _floor(gallery))
    out.add("ceiling", block((0, h + 0.1, 0), (w + 1, 0.2, d + 1)))
    for center, size in _wall_boxes(gallery):
        out.add("wall", block(center, size))
        if center[1] - size[1] / 2 < 0.01:
            out.add(
                "skirting", block((center[0], 0.055, center[2]), (size[0] + 0.026, 0.11, size[2] + 0.026))
            )
    for wall, offset in gallery.doors:
        if wall not in open_to:
            _beyond(gallery, wall, offset, out)
    for x in (-w * 0.28, w * 0.28):
        out.add("track", block((x, h - 0.05, 0), (0.035, 0.03, d - 1.2)))
        for z in np.arange(-d / 2 + 1.2, d / 2 - 1.0, 1.3):
            out.add("track", block((x, h - 0.15, float(z)), (0.075, 0.16, 0.075)))
    for x, z, turned in gallery.benches:
        length, wide = (0.45, 1.7) if turned else (1.7, 0.45)
        out.add("bench", block((x, 0.43, z), (length, 0.06, wide)))
        for s in (-1, 1):
            out.add(
                "bench-leg",
                block(
                    (x + s * (0.0 if turned else 0.6), 0.2, z + s * (0.6 if turned else 0.0)),
                    (0.05 if not turned else 0.36, 0.40, 0.36 if not turned else 0.05),
                ),
            )


def bench_size(turned: bool) -> tuple[float, float, float]:
    """Width, height and depth of a bench in metres; a turned one stands along the room."""
    return (0.45, 0.46, 1.7) if turned else (1.7, 0.46, 0.45)


def _beyond(gallery: Gallery, wall: Wall, offset: float, out: _Furniture) -> None:
    """A stretch of the next room, so that a door opens onto something."""
    away = 3.2
    if wall in ("front", "back"):
        sign = 1 if wall == "front" else -1
        z = sign * (gallery.depth / 2 + WALL_THICKNESS + away)
        out.add("far-wall", block((offset, 1.7, z), (6.0, 3.4, 0.1)))
        for s in (-1, 1):
            out.add("far-wall", block((offset + s * 2.4, 1.7, z - sign * away / 2), (0.1, 3.4, away)))
        out.add("ceiling", block((offset, 3.45, z - sign * away / 2), (6.0, 0.1, away + 0.2)))
        return
    sign = 1 if wall == "right" else -1
    x = sign * (gallery.width / 2 + WALL_THICKNESS + away)
    out.add("far-wall", block((x, 1.7, offset), (0.1, 3.4, 6.0)))
    for s in (-1, 1):
        out.add("far-wall", block((x - sign * away / 2, 1.7, offset + s * 2.4), (away, 3.4, 0.1)))
    out.add("ceiling", block((x - sign * away / 2, 3.45, offset), (away + 0.2, 0.1, 6.0)))


def _support(placement: Placement, out: _Furniture) -> None:
    low, high = np.array(placement.low), np.array(placement.high)
    center = (low + high) / 2
    turn = rotation((0, 1, 0), placement.facing)
    if placement.support == "wall":
        size = high - low
        wide, tall = float(max(size[0], size[2])), float(size[1])
        if placement.slug == "waldseemueller-map":
            for s in (-1, 1):
                for offset, extent in (
                    ((s * (wide / 2 + 0.012), 0.0, 0.0), (0.024, tall + 0.048, 0.05)),
                    ((0.0, s * (tall / 2 + 0.012), 0.0), (wide, 0.024, 0.05)),
                ):
                    out.add(
                        "frame",
                        block((0, 0, 0), extent)
                        .moved(offset)
                        .turned((0, 1, 0), placement.facing)
                        .moved(center - turn @ np.array([0, 0, 0.012])),
                    )
        else:
            board = block((0, 0, -0.028), (wide + 0.12, tall + 0.12, 0.012)).turned(
                (0, 1, 0), placement.facing
            )
            if placement.slug != "saryk-carpet":
                out.add("linen", board.moved(center))
        return
    width, top, depth = placement.support_size
    x, z = float(center[0]), float(center[2])
    out.add(
        "plinth",
        block((0, (top + 0.05) / 2, 0), (width, top - 0.05, depth))
        .turned((0, 1, 0), placement.facing)
        .moved((x, 0, z)),
    )
    out.add(
        "plinth-foot",
        block((0, 0.025, 0), (width - 0.05, 0.05, depth - 0.05))
        .turned((0, 1, 0), placement.facing)
        .moved((x, 0, z)),
    )
    if placement.support == "case":
        tall = float(max(high[1] - low[1] + 0.16, 0.30))
        _bonnet((x, top, z), (width - 0.03, tall, depth - 0.03), placement.facing, out)


def _bonnet(
    at: tuple[float, float, float], size: tuple[float, float, float], facing: float, out: _Furniture
) -> None:
    """Four panes and a lid over a thin brass edge."""
    w, h, d = size
    for s in (-1, 1):
        out.add(
            "glass",
            panel((0, h / 2, s * d / 2), (w, h), 0 if s > 0 else 180).turned((0, 1, 0), facing).moved(at),
        )
        out.add("glass", panel((s * w / 2, h / 2, 0), (d, h), 90 * s).turned((0, 1, 0), facing).moved(at))
        for r in (-1, 1):
            out.add(
                "edge",
                block((s * w / 2, h / 2, r * d / 2), (0.006, h, 0.006)).turned((0, 1, 0), facing).moved(at),
            )
        out.add("edge", block((0, h, s * d / 2), (w, 0.006, 0.006)).turned((0, 1, 0), facing).moved(at))
        out.add("edge", block((s * w / 2, h, 0), (0.006, 0.006, d)).turned((0, 1, 0), facing).moved(at))


def _mount(placement: Placement, out: _Furniture) -> None:
    """Small stands that hold what would not stand by itself."""
    low, high = np.array(placement.low), np.array(placement.high)
    center, top = (low + high) / 2, placement.support_size[1]
    if placement.support == "wall":
        return
    tall = high[1] - low[1]
    leaning = abs(placement.rotation[0]) + abs(placement.rotation[2]) > 0.03
    if leaning:
        turn = rotation((0, 1, 0), placement.facing)
        back = turn @ np.array([0.0, 0.0, -1.0])
        size = float(np.hypot(high[0] - low[0], high[2] - low[2]))
        spot = center + back * size * 0.18
        out.add(
            "stand", block((float(spot[0]), top + tall * 0.18, float(spot[2])), (0.012, tall * 0.36, 0.012))
        )


def label_material(lines: Sequence[str]) -> Material:
    """A card of 120 × 80 mm: title in bold, facts below."""
    card = Canvas((480, 320), (0.12, 0.08))
    for k, words in enumerate(lines[:5]):
        face = "DejaVuSerif-Bold" if k == 0 else "DejaVuSerif"
        height = 0.0088 if k == 0 else 0.0066
        height = min(height, 0.19 / max(len(words), 1))
        card.text(words, (0.06, 0.016 + k * 0.013), height, face)
    paper = filled((320, 480), "#f1ede3")
    return material("label", Finish(painted(paper, "#1f1c19", card.array()), 0.85))


def _label(placement: Placement) -> Surface:
    low, high = np.array(placement.low), np.array(placement.high)
    center = (low + high) / 2
    turn = rotation((0, 1, 0), placement.facing)
    if placement.support == "wall":
        wide = float(max(high[0] - low[0], high[2] - low[2]))
        spot = np.array([center[0], 1.25, center[2]]) + turn @ np.array([wide / 2 + 0.22, 0.0, -0.02])
        back = turn @ np.array([0.0, 0.0, 1.0])
        spot -= back * (float((spot - center) @ back) + 0.04)
        return panel([float(v) for v in spot], (0.18, 0.12), placement.facing)
    width, top, _ = placement.support_size
    spot = np.array([center[0], min(top - 0.09, 0.95), center[2]]) + turn @ np.array(
        [0.0, 0.0, width / 2 + 0.003]
    )
    return panel([float(v) for v in spot], (0.18, 0.12), placement.facing)


_MATERIALS = {
    "ceiling": ("#d9d5cc", 0.95, 0.0), "skirting": ("#e4e0d6", 0.6, 0.0), "track": ("#1b1b1b", 0.5, 0.2),
    "bench": ("#8a6440", 0.5, 0.0), "bench-leg": ("#222222", 0.4, 0.6),
    "plinth": ("#e9e5dc", 0.7, 0.0), "plinth-foot": ("#2b2926", 0.8, 0.0), "edge": ("#8d7a55", 0.35, 0.9),
    "stand": ("#3a332a", 0.4, 0.7), "frame": ("#2c2018", 0.45, 0.0),
    "linen": ("#cfc6b4", 0.95, 0.0), "far-wall": ("#cbbfae", 0.95, 0.0),
}  # fmt: skip


def room(
    gallery: Gallery,
    placements: Sequence[Placement],
    labels: Mapping[str, Sequence[str]],
    *,
    open_to: frozenset[str] = frozenset(),
) -> Scan:
    """Everything of a gallery but the artifacts. ``open_to``: walls behind whose door the next gallery is."""
    out = _Furniture()
    _shell(gallery, out, open_to)
    for placement in placements:
        _support(placement, out)
        _mount(placement, out)
    meshes: list[Mesh] = []
    for name, surfaces in out.parts.items():
        if name == "oak":
            cloth = _oak()
        elif name == "wall":
            cloth = _plaster(gallery.wall_color)
        elif name == "glass":
            cloth = Material("glass", (0.97, 0.99, 0.98, 0.06), 0.0, 0.02)
        else:
            color, rough, metal = _MATERIALS[name]
            cloth = plain(name, color, rough, metal)
        meshes.append(dressed(name, joined(surfaces), cloth))
    for placement in placements:
        lines = labels.get(placement.slug, (placement.slug,))
        meshes.append(dressed(f"label-{placement.slug}", _label(placement), label_material(lines)))
    return Scan(gallery.slug, tuple(meshes), {"generator": "museum-twin sample museum"})
