"""Pictures of the sample museum: the contact sheet of its artifacts and views of its galleries."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from assets.pipeline.scan import Material, Mesh, Scan
from assets.sample.forms.canvas import font
from assets.sample.forms.curves import smooth
from assets.sample.forms.surface import make_grid, rotation
from assets.sample.studio import Camera, Set, developed, softbox

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
    return developed(scene.photograph(camera, samples))


def _triple(vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in vector)
    return (x, y, z)


Portrayed = tuple[str, Callable[[], tuple[Scan, tuple[float, float]]]]


def contact_sheet(
    tiles: Sequence[tuple[str, Image.Image]], out: Path, *, columns: int = 6, heading: str = ""
) -> Path:
    """Arrange captioned pictures on one sheet and write it as PNG."""
    rows = -(-len(tiles) // columns)
    top = 64 if heading else 12
    step = _TILE + 12
    sheet = Image.new("RGB", (columns * step + 12, top + rows * (step + _CAPTION)), (34, 32, 30))
    draw = ImageDraw.Draw(sheet)
    if heading:
        draw.text((16, 18), heading, fill=(226, 218, 204), font=font("DejaVuSerif", 26))
    for number, (caption, tile) in enumerate(tiles):
        x = 12 + number % columns * step
        y = top + number // columns * (step + _CAPTION)
        sheet.paste(tile.resize((_TILE, _TILE), Image.Resampling.LANCZOS), (x, y))
        draw.text((x + 2, y + _TILE + 6), caption, fill=(214, 205, 190), font=font("DejaVuSerif", 14))
    sheet.save(out)
    return out


__all__ = ["ProcessPoolExecutor", "contact_sheet", "portrait"]
