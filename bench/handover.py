"""A museum hands over a scan: 2 million triangles in millimetres, on its back, a hole in its base. How long
until a headset can stream it?

    python bench/handover.py [triangles]

Seconds from the start of the worker until each stage is done, elapsed and on the processor; the manifest is
published before the picture is rendered. The same scan read by trimesh alone is the raw limit of the run.
What it does not show: a real scanner's noise and textures; several scans at once.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import trimesh

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assets.pipeline.building.bench import BuildOptions
from assets.pipeline.building.build import build_scan
from assets.pipeline.building.jobs import ScanJob
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.geometry.place import PlaceOptions
from assets.pipeline.geometry.surface_points import NamedPoint
from tests.assets.pipeline.pot import HEIGHT, WIDTH, write_pot


def main(triangles: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pot.ply")
        written, hole = write_pot(path, triangles)
        began = time.process_time()
        trimesh.load_mesh(path, process=False)
        raw = time.process_time() - began
        print(f"{written:,} triangles, {path.stat().st_size / 1e6:.0f} MB, hole {hole * 1000:.0f} mm")
        print(f"trimesh reads it in {raw:.1f} s of processor time")
        build(path, Path(folder, "store"), raw)


def build(path: Path, folder: Path, raw: float) -> None:
    """Build everything, and say when each verb began."""
    elapsed, spent = time.monotonic(), time.process_time()

    def tell(verb: str, share: float) -> None:
        wall, cpu = time.monotonic() - elapsed, time.process_time() - spent
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        share_of_raw = f"{cpu:6.1f} s on the processor ({cpu / raw:4.1f} x)"
        print(f"{verb:>10} after {wall:6.1f} s, {share_of_raw}, {memory:5.0f} MiB")

    points = (NamedPoint("belly", (133.0, 0.0, -176.4), (1.0, 0.0, 0.0)),)
    job = ScanJob("pot", path, None, PlaceOptions(lengths={"height": HEIGHT, "diameter": WIDTH}), points)
    store = DerivativeStore(folder)
    built = build_scan(job, BuildOptions(encodings=("meshopt",)), store, tell).manifest
    print(f"unit: {built.source.unit.reason}; up: {built.source.up.value}, {built.source.up.reason}")
    for repair in built.repairs:
        if repair.changed or repair.remark:
            print(f"repair: {repair.changed:,} {repair.name} {repair.remark}")
    for file in built.derivatives:
        drift = max(file.point_drift_mm.values(), default=0.0)
        print(
            f"{file.usage:>8} {file.quality} {file.encoding:<8} {file.triangles:>10,} triangles "
            f"{file.bytes:>11,} bytes  error {file.hausdorff_mm:.3f} mm, point {drift:.3f} mm off"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
