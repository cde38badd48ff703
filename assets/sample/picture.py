"""Pictures of the sample museum: the contact sheet of its artifacts and views of its galleries."""

import json
import multiprocessing
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from assets.pipeline.files import read_glb
from assets.pipeline.scan import Material, Mesh, Scan
from assets.sample.build import BuiltMuseum, label_lines
from assets.sample.forms.canvas import font
from assets.sample.forms.curves import smooth
from assets.sample.forms.surface import make_grid, rotation
from assets.sample.galleries import GALLERIES, Gallery, Placement
from assets.sample.studio import Camera, Set, developed, renderer, softbox

_TILE = 300
_CAPTION = 34


def _sweep(scale: float) -> Scan:
    """A paper backdrop that curves up behind the artifact."""
    line = smooth([(-3.0, 0.0), (0.9, 0.0), (1.6, 0.25), (2.0, 1.0), (2.1, 3.2)], 10) * scale
    x = np.linspace(-6, 6, 2) * scale
    points = np.stack(
        [
            np.broadcast_to(x[None, :], (len(line), 2)),
            np.broadcast_to(line[::-1, 1:2], (len(line), 2)),
            np.broadcast_to(-line[::-1, 0:1], (len(line), 2)),
        ],
        axis=-1,
    )
    grid = make_grid(points, np.zeros((*points.shape[:2], 2)))
    paper = Material(name="paper", base_color=(0.34, 0.325, 0.30, 1.0), roughness=0.95)
    mesh = Mesh(
        "sweep",
        grid.positions.astype(np.float32),
        grid.normals.astype(np.float32),
        grid.texcoords.astype(np.float32),
        grid.triangles.astype(np.uint32),
        paper,
    )
    return Scan("sweep", (mesh,))


def portrait(
    scan: Scan, view: tuple[float, float], *, pixels: int = _TILE, samples: int = 32
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """One artifact before a paper sweep; ``view`` is degrees to the right and above the horizon."""
    low, high = scan.bounds
    size = high - low
    center = (low + high) / 2
    azimuth, elevation = np.radians(view[0]), np.radians(view[1])
    toward = np.array(
        [np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)]
    )
    width = abs(np.cos(azimuth)) * size[0] + abs(np.sin(azimuth)) * size[2]
    depth = abs(np.sin(azimuth)) * size[0] + abs(np.cos(azimuth)) * size[2]
    height = abs(np.cos(elevation)) * size[1] + abs(np.sin(elevation)) * depth
    reach = float(max(width, height))
    scene = Set()
    scene.place("artifact", scan)
    floor = np.eye(4)
    turn = rotation((0, 1, 0), view[0])
    floor[:3, :3] = turn
    floor[1, 3] = low[1]
    scene.place("sweep", _sweep(max(reach, float(size.max()))), floor)
    for name, where, area, light in (
        ("key", (-1.5, 2.2, 1.7), 1.1, (17.0, 15.6, 13.4)),
        ("fill", (2.2, 1.0, 1.6), 1.6, (2.0, 2.2, 2.5)),
        ("rim", (1.3, 1.9, -1.1), 0.7, (10.0, 10.0, 10.0)),
    ):
        spot = center + turn @ np.array(where) * reach
        scene.add(name, softbox(_triple(spot), _triple(center), area * reach, light))
    scene.add("air", {"type": "constant", "radiance": {"type": "rgb", "value": [0.16, 0.165, 0.18]}})
    angle = 22.0
    distance = reach * 1.22 / (2 * np.tan(np.radians(angle / 2))) + depth / 2
    camera = Camera(_triple(center + toward * distance), _triple(center), angle, pixels, pixels)
    return developed(scene.photograph(camera, samples, bounces=3))


def _triple(vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in vector)
    return (x, y, z)


def _tile(
    path: Path, view: tuple[float, float], samples: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return portrait(read_glb(path), view, samples=samples)


def render_contact_sheet(
    built: BuiltMuseum, out_png: Path, *, samples: int = 12, jobs: int | None = None
) -> Path:
    """Photograph every artifact and lay the pictures out on one sheet, gallery by gallery."""
    renderer()
    sheets = json.loads(built.manifest.read_text(encoding="utf-8"))["artifacts"]
    slugs = [exhibit.slug for gallery in GALLERIES for exhibit in gallery.exhibits]
    workers = jobs or len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        tasks = [
            pool.submit(_tile, built.artifacts[slug], tuple(sheets[slug]["view"]), samples) for slug in slugs
        ]
        pictures = [Image.fromarray(task.result()) for task in tasks]
    captions = [label_lines(slug)[0] for slug in slugs]
    return contact_sheet(list(zip(captions, pictures, strict=True)), out_png)


def contact_sheet(tiles: Sequence[tuple[str, Image.Image]], out: Path, *, columns: int = 7) -> Path:
    """Arrange captioned pictures on one sheet and write it as PNG."""
    rows = -(-len(tiles) // columns)
    step, top = _TILE + 12, 70
    sheet = Image.new("RGB", (columns * step + 12, top + rows * (step + _CAPTION)), (34, 32, 30))
    draw = ImageDraw.Draw(sheet)
    draw.text((16, 20), "Museum Twin · the sample museum", fill=(226, 218, 204), font=font("DejaVuSerif", 26))
    for number, (caption, tile) in enumerate(tiles):
        x = 12 + number % columns * step
        y = top + number // columns * (step + _CAPTION)
        sheet.paste(tile.resize((_TILE, _TILE), Image.Resampling.LANCZOS), (x, y))
        face = font("DejaVuSerif", 14)
        words = caption
        while face.getlength(words) > _TILE - 4:
            words = words[:-2].rstrip() + "…"
        draw.text((x + 2, y + _TILE + 6), words, fill=(214, 205, 190), font=face)
    _save(sheet, out)
    return out


def _save(picture: Image.Image, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.part")
    picture.save(partial, format="PNG")
    partial.replace(out)


def render_galleries(
    built: BuiltMuseum, out_dir: Path, *, size: tuple[int, int] = (960, 540), samples: int = 12
) -> list[Path]:
    """Photograph each gallery from the place its curator chose."""
    entries = json.loads(built.manifest.read_text(encoding="utf-8"))["galleries"]
    by_slug = {entry["slug"]: entry for entry in entries}
    paths = []
    for gallery in GALLERIES:
        entry = by_slug[gallery.slug]
        scene = Set()
        scene.place("room", _without_panes(read_glb(built.galleries[gallery.slug])))
        _light_room(scene, gallery)
        for placed in entry["placements"]:
            slug = placed["artifact"]
            scene.place(slug, read_glb(built.artifacts[slug]), _pose(placed))
            _spotlight(scene, gallery, slug, placed)
        position, target = gallery.viewpoint
        camera = Camera(position, target, 56.0, *size)
        picture = scene.photograph(camera, samples, bounces=4, guides=2)
        path = out_dir / f"{gallery.slug}.png"
        _save(Image.fromarray(developed(picture, 1.5)), path)
        paths.append(path)
    return paths


def _without_panes(scan: Scan) -> Scan:
    """The room without its glass: a path tracer finds no lamp through panes, and good glass shows little."""
    return replace(scan, meshes=tuple(mesh for mesh in scan.meshes if mesh.name != "glass"))


def _pose(placed: Mapping[str, Any]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    zero = (0.0, 0.0, 0.0)
    return Placement(
        "", tuple(placed["position"]), tuple(placed["rotation"]), "plinth", zero, zero, zero
    ).matrix


def _light_room(scene: Set, gallery: Gallery) -> None:
    """A long skylight, and a softer light in each neighboring room."""
    h = gallery.height
    mi = renderer()
    turn = mi.ScalarTransform4f().translate([0, h - 0.012, 0]).rotate([1, 0, 0], 90)
    scene.add(
        "skylight",
        {
            "type": "rectangle",
            "to_world": turn.scale([gallery.width * 0.16, gallery.depth * 0.32, 1]),
            "emitter": {"type": "area", "radiance": {"type": "rgb", "value": [2.7, 2.6, 2.45]}},
        },
    )
    for number, (wall, offset) in enumerate(gallery.doors):
        sign = 1.0 if wall in ("front", "right") else -1.0
        away = sign * ((gallery.depth if wall in ("front", "back") else gallery.width) / 2 + 1.8)
        spot = (offset, 3.3, away) if wall in ("front", "back") else (away, 3.3, offset)
        scene.add(f"beyond-{number}", softbox(spot, (spot[0], 0.0, spot[2] + 0.01), 1.6, (3.6, 3.2, 2.7)))


def _spotlight(scene: Set, gallery: Gallery, slug: str, placed: Mapping[str, Any]) -> None:
    """A warm spot from the ceiling track, from the side the artifact faces."""
    mi = renderer()
    low, high = (np.array(corner) for corner in placed["bounds"])
    center = (low + high) / 2
    facing = next(exhibit.facing for exhibit in gallery.exhibits if exhibit.slug == slug)
    front = np.array([np.sin(np.radians(facing)), 0.0, np.cos(np.radians(facing))])
    side = np.array([front[2], 0.0, -front[0]])
    reach = 2.4 if placed["support"] == "wall" else 1.25
    origin = center + front * reach + side * 0.5
    origin[1] = gallery.height - 0.25
    radius = float(np.linalg.norm(high - low)) / 2 + 0.30
    distance = float(np.linalg.norm(origin - center))
    cutoff = float(np.degrees(np.arctan(radius / distance))) * 1.25
    strength = 2.3 * distance**2
    scene.add(
        f"spot-{slug}",
        {
            "type": "spot",
            "to_world": mi.ScalarTransform4f().look_at(origin.tolist(), center.tolist(), [0.01, 1, 0.02]),
            "intensity": {"type": "rgb", "value": [strength, strength * 0.90, strength * 0.74]},
            "cutoff_angle": cutoff,
            "beam_width": cutoff * 0.55,
        },
    )
