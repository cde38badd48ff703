"""Pose of artifacts from rendered photos: how far off, how often found, and what verification costs.

    python bench/pose.py [--store museum] [--photos 2] [--artifacts 26]

Photos are rendered from the scans by cameras that no view of the index has: azimuth, elevation, roll,
field of view, light and background drawn by chance. Each is looked at as a camera frame of known intrinsics;
the pose is compared with the camera's own. Times are processor time of this process, all threads together.

What it does not show: real photos, whose lens distorts and whose artifact is not its scan.
"""

import argparse
import math
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.files import read_glb
from assets.pipeline.rendering.camera import Camera, Lens, framed
from assets.pipeline.rendering.light import drawn
from assets.pipeline.rendering.render import Quality, Renderer
from inference.enrollment import Enrollment, enroll
from inference.museum_index import pictures_of
from inference.runtime import sightings
from inference.runtime.home import NAME, Home
from inference.runtime.serving import FEATURES, PROPOSED, Serving
from inference.runtime.verification import LocalVerifier, read_features
from inference.scan_views import scans_of

SIZE = 640, 480


def photographed(path: Path, count: int, seed: int) -> list[tuple[NDArray[np.uint8], Camera]]:
    scan, draw, made = read_glb(path), np.random.default_rng(seed), []
    points = np.concatenate([mesh.positions for mesh in scan.meshes])
    with Renderer(scan, Quality(openness=False)) as renderer:
        for _ in range(count):
            lens = Lens.of_field(float(draw.uniform(30, 55)), *SIZE)
            camera = framed(lens, points, float(draw.uniform(-180, 180)), float(draw.uniform(0, 35)), 0.85)
            camera = camera.rolled(float(draw.uniform(-12, 12)))
            gray = int(draw.integers(40, 220))
            made.append((renderer.view(camera, (gray, gray, gray), drawn(draw)).rgb, camera))
    return made


def rotation(quaternion: tuple[float, float, float, float]) -> NDArray[np.float64]:
    x, y, z, w = quaternion
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def errors(pose: sightings.Pose, camera: Camera) -> tuple[float, float, float]:
    """Millimetres, share of the distance, degrees."""
    truth = np.linalg.inv(camera.pose)
    off = float(np.linalg.norm(np.array(pose.position) - truth[:3, 3]))
    cosine = (np.trace(rotation(pose.rotation).T @ truth[:3, :3]) - 1) / 2
    return (
        1e3 * off,
        off / float(np.linalg.norm(truth[:3, 3])),
        math.degrees(math.acos(min(max(cosine, -1), 1))),
    )


def verified(store: Path, model: Path) -> Serving:
    """The store's gallery in an index of its own that has local features; the store's stays as it is."""
    print(
        "the store's index has no local features: they are taken into an index of the bench's own", flush=True
    )
    with tempfile.TemporaryDirectory() as folder:
        found = pictures_of(store, (), lambda *_: None)
        enroll(model, [*found.photos, *found.views], Path(folder), Enrollment(verify=True))
        serving = Serving.load(model, Path(folder))
        # Features are read when they are asked for, and the folder is gone by then.
        kept = {
            (artifact, view): read_features(Path(folder) / FEATURES, artifact, view)
            for artifact in serving.index.artifacts for view in serving.index.views(artifact)
        }  # fmt: skip
    serving.verifier = LocalVerifier(lambda artifact, view: kept.get((artifact, view)))
    return serving


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--store", type=Path, default=Path("museum"))
    parser.add_argument("--photos", type=int, default=2)
    parser.add_argument("--artifacts", type=int, default=26)
    options = parser.parse_args()
    home = Home(options.store / NAME)
    serving = Serving.load(home.models().cpu, home.index(home.models().cpu))
    if serving.verifier is None:
        serving = verified(options.store, home.models().cpu)
    assert serving.verifier is not None
    found, took, asked, proposed = [], [], 0, 0
    for number, scan in enumerate(scans_of(options.store)[: options.artifacts]):
        for picture, camera in photographed(scan.path, options.photos, number):
            asked += 1
            prepared = serving.prepare(picture)
            matches = serving.index.search(serving.recognizer.run([prepared.input])[0], PROPOSED)
            proposed += scan.artifact in {match.artifact for match in matches}
            lens = camera.lens
            began = time.process_time()
            told = serving.verifier.verify(
                picture, matches, sightings.Lens(lens.fx, lens.fy, lens.cx, lens.cy)
            )
            took.append(time.process_time() - began)
            seen = told.get(scan.artifact)
            if seen is not None and seen.pose is not None:
                found.append((*errors(seen.pose, camera), seen.pose.error))
    print(f"{asked} photos; artifact among the {PROPOSED} proposed: {proposed}; with a pose: {len(found)}")
    for name, column in (("mm", 0), ("share of distance", 1), ("degrees", 2), ("reprojection, px", 3)):
        values = [one[column] for one in found] or [math.nan]
        print(f"{name:18} median {np.median(values):.3g}, nine of ten below {np.quantile(values, 0.9):.3g}")
    print(f"verification       {1e3 * np.median(took):.0f} ms of processor time, median; top {PROPOSED}")


if __name__ == "__main__":
    main()
