"""Views of scans as training pictures: what is drawn by chance, and between which bounds.

Orbit, field of view, roll, light, background and distance are drawn here; blur, noise, occlusion, color cast
and JPEG follow at training time (``augmentation.py``), anew for every epoch.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assets.pipeline.rendering.camera import Lens, framed
from assets.pipeline.rendering.light import drawn
from assets.pipeline.rendering.render import Background, Gradient, Quality, Renderer
from assets.pipeline.scan import Scan
from inference.preprocessing import Pixels
from inference.training.generated import ARTIFACTS_A_WORKSHOP, artifact, workshop
from inference.training.pictures import LABELS, Shot, read_labels, write_labels

LICENSE = "Apache-2.0"


def views(scan: Scan, count: int, size: int, draw: np.random.Generator) -> Iterator[Pixels]:
    """``count`` pictures (size, size, 3) of a scan from where a visitor may stand.

    Azimuth all around, most from the front; elevation -10 to 50 degrees; field of view 20 to 60 degrees;
    roll up to 12 degrees; the scan fills 55 to 95 % of the picture.
    """
    points = np.concatenate([mesh.positions for mesh in scan.meshes])
    with Renderer(scan, Quality(samples=4, openness=False)) as renderer:
        for number in range(count):
            lens = Lens.of_field(float(draw.uniform(20, 60)), size, size)
            azimuth = float(draw.normal(0, 50)) if number % 3 else float(draw.uniform(-180, 180))
            camera = framed(
                lens, points, azimuth, float(draw.uniform(-10, 50)), float(draw.uniform(0.55, 0.95))
            )
            camera = camera.rolled(float(draw.uniform(-12, 12)))
            yield renderer.view(camera, _background(draw, size), drawn(draw)).rgb


def write_views(scan: Scan, folder: Path, count: int, size: int, seed: int) -> list[Path]:
    """Render views into ``folder`` as JPEG of quality 92; what is there already stays."""
    paths = [folder / f"{number:03d}.jpg" for number in range(count)]
    if all(path.exists() for path in paths):
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    for path, pixels in zip(paths, views(scan, count, size, np.random.default_rng(seed)), strict=True):
        partial = path.with_suffix(".part")
        Image.fromarray(pixels).save(partial, "JPEG", quality=92)
        partial.replace(path)
    return paths


def generated_views(
    folder: Path, artifacts: int, count: int, size: int, tell: Callable[[str], None] = lambda _: None
) -> list[Shot]:
    """``count`` views of each of ``artifacts`` generated artifacts; rendered once, then read."""
    labels = folder / LABELS
    if labels.exists():
        found = read_labels(labels)
        if len({shot.artifact for shot in found}) == artifacts and len(found) == artifacts * count:
            return found
    shots = []
    for number in range(artifacts):
        made_in = workshop(number // ARTIFACTS_A_WORKSHOP)
        name = f"generated-{number:05d}"
        if not (folder / name / f"{count - 1:03d}.jpg").exists():
            write_views(artifact(number), folder / name, count, size, seed=number)
        shots += [
            Shot(folder / name / f"{view:03d}.jpg", name, made_in.name, made_in.kind, "", LICENSE)
            for view in range(count)
        ]
        tell(f"artifact {number + 1} of {artifacts}")
    write_labels(folder, shots)
    return shots


def _background(draw: np.random.Generator, size: int) -> Background:
    """Half plain or gradient, half soft patches, mostly muted: walls, rooms, other things out of focus."""
    cells = int(draw.integers(2, 12)) if draw.random() < 0.5 else 0
    colors = draw.integers(0, 256, (max(cells, 1), max(cells, 2), 3)).astype(np.float64)
    muted = colors.mean(axis=2, keepdims=True)
    colors = muted + float(draw.choice([0.0, 0.25, 0.25, 1.0])) * (colors - muted)
    if cells == 0:
        return Gradient(_triple(colors[0, 0]), _triple(colors[0, 1]))
    coarse = Image.fromarray(colors.astype(np.uint8))
    return np.asarray(coarse.resize((size, size), Image.Resampling.BICUBIC))


def _triple(color: NDArray[np.float64]) -> tuple[int, int, int]:
    r, g, b = (int(c) for c in color)
    return r, g, b
