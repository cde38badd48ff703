"""Simplifiers that install from PyPI, on the same scan to the same number of triangles.

    pip install fast-simplification opengl-decimate
    python bench/simplifiers.py [GLB ...]

For each: CPU seconds, distance to the master (Hausdorff, RMS, millimetres), and how far the texture slid: the
distance from points of the result to the place on the master that their texture coordinate shows, of 95 % of
the points. ``meshopt, vertices kept`` is meshoptimizer with gltfpack's weights; ``ours`` is what the pipeline
does. A simplifier that drops texture coordinates has no slide; one that is not installed is left out.
"""

import importlib
import importlib.util
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.files import read_glb
from assets.pipeline.geometry import meshoptimizer
from assets.pipeline.geometry.deviation import deviation_of_surfaces
from assets.pipeline.geometry.fit import fitted
from assets.pipeline.geometry.joined import Joined, compacted, join
from assets.pipeline.geometry.meshoptimizer import Goal
from assets.pipeline.geometry.simplify import simplified
from assets.pipeline.geometry.surface import Surface

REAL = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "models3d"
COUNTS = (25_000, 5_000, 2_000)

Simplify = Callable[[Joined, Surface, int], tuple[Surface, NDArray[Any] | None]]


def surface(joined: Joined) -> Surface:
    return Surface(joined.positions.astype(np.float64), joined.triangles.astype(np.int64))


def ours(joined: Joined, master: Surface, count: int) -> tuple[Surface, NDArray[Any] | None]:
    found = fitted(simplified(joined, Goal(count)).joined, master)
    return surface(found), found.texcoords


def unfitted(joined: Joined, master: Surface, count: int) -> tuple[Surface, NDArray[Any] | None]:
    found = simplified(joined, Goal(count)).joined
    return surface(found), found.texcoords


def as_gltfpack(joined: Joined, master: Surface, count: int) -> tuple[Surface, NDArray[Any] | None]:
    weights = np.full(3, 0.5, dtype=np.float32)
    triangles, _, _, _ = meshoptimizer.simplify_with_update(
        joined.triangles, joined.positions, joined.normals, weights, Goal(count)
    )
    found = compacted(replace(joined, triangles=triangles))
    return surface(found), found.texcoords


def fast_simplification(joined: Joined, master: Surface, count: int) -> tuple[Surface, None]:
    library: Any = importlib.import_module("fast_simplification")
    places, first = meshoptimizer.equal_rows(joined.positions)
    triangles = places[joined.triangles].astype(np.int32)
    positions, faces = library.simplify(joined.positions[first], triangles, target_count=count)
    return Surface(positions, faces), None


def opengl_decimate(joined: Joined, master: Surface, count: int) -> tuple[Surface, NDArray[Any]]:
    library: Any = importlib.import_module("opengl_decimate")
    attributes = {"POSITION": joined.positions, "NORMAL": joined.normals, "TEXCOORD_0": joined.texcoords}
    made = library.simplify(
        attributes, joined.triangles.reshape(-1), library.SimplifyOptions(target_count=count)
    )
    return Surface(made.attributes["POSITION"], made.indices.reshape(-1, 3)), made.attributes["TEXCOORD_0"]


ROWS: dict[str, tuple[Simplify, str]] = {
    "meshopt, vertices kept": (as_gltfpack, "numpy"),
    "meshopt, updated vertices": (unfitted, "numpy"),
    "ours: the same, fitted": (ours, "numpy"),
    "opengl-decimate": (opengl_decimate, "opengl_decimate"),
    "fast-simplification": (fast_simplification, "fast_simplification"),
}


def slide(master: Joined, result: Surface, texcoords: NDArray[Any]) -> float:
    """Millimetres that 95 % of the texture's points stay within."""
    points, flat = result.samples(20_000), np.zeros((len(master.texcoords), 1))
    image = Surface(np.hstack([master.texcoords, flat]), master.triangles.astype(np.int64))
    held = Surface(np.hstack([texcoords, np.zeros((len(texcoords), 1))]), result.triangles)
    shown = _at(held, *_shares(result, points))
    return (
        float(
            np.percentile(np.linalg.norm(_at(surface(master), *_shares(image, shown)) - points, axis=1), 95)
        )
        * 1000
    )


def _shares(where: Surface, points: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    found = where.nearest(points)
    a, b, c = np.moveaxis(where.corners[found.triangles], 1, 0)
    edges = np.stack([b - a, c - a], axis=2)
    inner = np.einsum("nki,nk->ni", np.linalg.pinv(edges).transpose(0, 2, 1), found.points - a)
    return found.triangles, np.column_stack([1 - inner.sum(axis=1), inner])


def _at(where: Surface, triangles: NDArray[Any], shares: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.einsum("nk,nkd->nd", shares, where.corners[triangles]))


def main() -> None:
    paths = [Path(word) for word in sys.argv[1:]] or [
        REAL / name for name in ("whale_cranium.glb", "threedscans_eagle_draco.glb")
    ]
    print("| scan | triangles | simplifier | CPU s | Hausdorff mm | RMS mm | texture slides mm |")
    print("|---|---|---|---|---|---|---|")
    for path in paths:
        joined = join(read_glb(path))
        master = surface(joined)
        for count in COUNTS:
            for name, (work, package) in ROWS.items():
                if importlib.util.find_spec(package) is None:
                    continue
                spent = time.process_time()
                result, texcoords = work(joined, master, count)
                spent = time.process_time() - spent
                found = deviation_of_surfaces(master, result)
                textured = texcoords is not None and np.ptp(texcoords) > 0
                slid = (
                    f"{slide(joined, result, texcoords):.1f}" if textured and texcoords is not None else "–"
                )
                print(
                    f"| {path.stem} | {len(result.triangles):,} | {name} | {spent:.2f} "
                    f"| {found.hausdorff_mm:.2f} | {found.rms_mm:.3f} | {slid} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
