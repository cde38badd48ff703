"""The 3D pipeline beside gltfpack and glTF-Transform: bytes at equal measured error, and speed.

    python bench/pipeline.py [GLB ...] [--plot lod.png] [--steps 6]

Bytes: every tool simplifies and compresses the same master to a ladder of sizes (meshopt encoding, images
left out of the count). Each file is decoded by glTF-Transform, so that quantization counts, and measured
against the master: RMS and Hausdorff distance both ways. A peer's bytes at our error are read off its own
ladder. The ratio is ours over the peer's: below 1 is fewer bytes for the same error.

Speed: a generated scan of 1.3 million triangles, on one core; gltfpack (WebAssembly) and glTF-Transform
reduce the same scan in the same run, without measuring.

Without arguments the real scans of ../shared/data are taken, or a generated one where they are missing. What
the figures do not show: how it looks (shading, texture), and peers built as native programs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import trimesh

from assets.pipeline.encoding.compress import Encoding, compress
from assets.pipeline.encoding.glb import Glb
from assets.pipeline.encoding.quantize import Precision
from assets.pipeline.encoding.textures import with_textures_resized
from assets.pipeline.files import glb_bytes, read_glb
from assets.pipeline.geometry.deviation import deviation_of_surfaces
from assets.pipeline.geometry.simplify import Budget, Usage, lod_chain
from assets.pipeline.geometry.surface import Surface
from assets.pipeline.refusal import UnreadableScan
from assets.pipeline.scan import Material, Mesh, Scan

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.ticker import LogLocator, NullFormatter

HERE = Path(__file__).resolve().parent
NODE = HERE.parent / "tests" / "node"
REAL = HERE.parent.parent / "shared" / "data" / "models3d"
SCANS = ("whale_cranium.glb", "threedscans_eagle_draco.glb", "threedscans_beethoven_draco.glb")
LARGEST, SMALLEST = 30_000, 1_500
TEXTURE = 256
SPARED = "0.05"
"""gltfpack's largest estimated error: with none it prunes some scans to nothing."""
COLORS = {"ours": "#c0392b", "gltfpack": "#2c3e50", "gltfpack -sv": "#2980b9", "glTF-Transform": "#8e44ad"}


@dataclass(frozen=True, slots=True)
class Point:
    """One file of one tool."""

    triangles: int
    size: int
    rms: float
    hausdorff: float


Make = Callable[[Path, Path, float], None]


def ours(master: Path, target: Path, share: float) -> None:
    scan = read_glb(master)
    count = round(share * scan.triangle_count)
    level = lod_chain(scan, Usage.HEADSET, Budget((count,), limit_share=1.0)).levels[-1]
    size = float(np.ptp(level.scan.bounds, axis=0).max())
    precision = Precision.beside(level.rms_mm, size)
    target.write_bytes(compress(glb_bytes(level.scan), Encoding.MESHOPT, precision))


def gltfpack(*more: str) -> Make:
    def run(master: Path, target: Path, share: float) -> None:
        tool = NODE / "node_modules" / "gltfpack" / "cli.js"
        node(
            tool, "-i", master, "-o", target, "-cc", "-kn", "-km", "-si", f"{share:.6f}", "-se", SPARED, *more
        )

    return run


def gltf_transform(master: Path, target: Path, share: float) -> None:
    node("peer.mjs", master, target, f"{share:.6f}")


TOOLS: dict[str, Make] = {
    "ours": ours,
    "gltfpack": gltfpack(),
    "gltfpack -sv": gltfpack("-sv"),
    "glTF-Transform": gltf_transform,
}


def node(*words: object) -> None:
    told = subprocess.run(
        ["node", *map(str, words)], cwd=NODE, capture_output=True, text=True, check=False, timeout=300
    )
    if told.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {told.stderr[-800:]}")


def measured(file: Path, master: Surface, folder: Path) -> Point:
    """Decode by glTF-Transform and measure."""
    plain = folder / "decoded.glb"
    node("decode.mjs", file, plain)
    scan = read_glb(plain)
    found = deviation_of_surfaces(master, Surface.of(scan))
    glb = Glb(json.loads(file.read_bytes()[20 : 20 + int.from_bytes(file.read_bytes()[12:16], "little")]))
    views = glb.document["bufferViews"]
    images = sum(views[image["bufferView"]]["byteLength"] for image in glb.document.get("images", ()))
    return Point(scan.triangle_count, file.stat().st_size - images, found.rms_mm, found.hausdorff_mm)


def ladders(path: Path, steps: int, folder: Path) -> dict[str, list[Point]]:
    scan = with_textures_resized(read_glb(path), TEXTURE)
    master = folder / "master.glb"
    master.write_bytes(glb_bytes(scan))
    surface = Surface.of(scan)
    counts = np.geomspace(min(LARGEST, 0.4 * scan.triangle_count), SMALLEST, steps)
    found: dict[str, list[Point]] = {}
    for name, make in TOOLS.items():
        target = folder / "made.glb"
        for count in counts:
            make(master, target, float(count / scan.triangle_count))
            try:
                found.setdefault(name, []).append(measured(target, surface, folder))
            except UnreadableScan as error:
                print(f"  {name} at {count:,.0f} triangles: {error}", file=sys.stderr, flush=True)
        print(f"  {name}: " + ", ".join(f"{p.triangles:,}" for p in found[name]), file=sys.stderr, flush=True)
    return found


def ratio(mine: list[Point], peer: list[Point], error: str) -> float:
    """Our bytes over the peer's at equal error: geometric mean over our ladder within the peer's range."""
    order = sorted(peer, key=lambda point: float(getattr(point, error)))
    errors = np.maximum.accumulate([getattr(point, error) for point in order])
    sizes = [point.size for point in order]
    ratios = [
        np.log(point.size) - np.interp(np.log(getattr(point, error)), np.log(errors), np.log(sizes))
        for point in mine
        if errors[0] <= getattr(point, error) <= errors[-1]
    ]
    return float(np.exp(np.mean(ratios))) if ratios else float("nan")


def readable(scan: str) -> str:
    return scan.replace("threedscans_", "").replace("_draco", "").replace("_", " ")


def plot(results: dict[str, dict[str, list[Point]]], target: Path) -> None:
    canvas: Any = plt
    figure, axes = canvas.subplots(1, len(results), figsize=(4.6 * len(results), 4.4), squeeze=False)
    for axis, (scan, found) in zip(axes[0], results.items(), strict=True):
        for name, points in found.items():
            sizes, errors = [p.size / 1000 for p in points], [p.rms for p in points]
            width = 2.4 if name == "ours" else 1.3
            axis.plot(sizes, errors, "o-", label=name, color=COLORS[name], linewidth=width, markersize=4)
        axis.set(xscale="log", yscale="log", title=readable(scan), xlabel="kilobytes without images")
        for scale in (axis.xaxis, axis.yaxis):
            scale.set_major_locator(LogLocator(subs=(1, 2, 5)))
            scale.set_major_formatter(lambda value, _: f"{value:g}")
            scale.set_minor_formatter(NullFormatter())
        axis.grid(True, alpha=0.25)
    axes[0][0].set_ylabel("RMS distance to the master, mm")
    axes[0][0].legend(frameon=False)
    figure.suptitle("Fewer bytes to the left, less error below", fontsize=11)
    figure.tight_layout()
    figure.savefig(target, dpi=110)


def bumpy() -> Scan:
    """A closed, bumpy surface of 1.3 million triangles, without texture."""
    ball: Any = trimesh.creation.icosphere(subdivisions=8)
    x, y, z = ball.vertices.T
    height = 0.2 * (1 + 0.05 * np.sin(14 * x) * np.cos(11 * y) + 0.004 * np.sin(90 * z))
    positions = (ball.vertices * height[:, None]).astype(np.float32)
    none = np.zeros((len(positions), 2), dtype=np.float32)
    normals, triangles = ball.vertices.astype(np.float32), ball.faces.astype(np.uint32)
    return Scan("bumpy", (Mesh("bumpy", positions, normals, none, triangles, Material("clay")),))


def seconds(folder: Path) -> None:
    """Speed on one core; the process and its children are pinned to it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    scan = bumpy()
    master, target = folder / "bumpy.glb", folder / "made.glb"
    master.write_bytes(glb_bytes(scan))
    millions = scan.triangle_count / 1e6
    rows: dict[str, Budget | None] = {
        "ours, one level, measured": Budget((50_000,), 1.0),
        "ours, the headset's four levels, measured": None,
    }
    print("\n| tool | seconds a million triangles | CPU seconds |\n|---|---|---|")
    for name, budget in rows.items():
        clock, spent = time.perf_counter(), time.process_time()
        lod_chain(scan, Usage.HEADSET, budget)
        print(
            f"| {name} | {(time.perf_counter() - clock) / millions:.1f} "
            f"| {(time.process_time() - spent) / millions:.1f} |"
        )
    for name in ("gltfpack", "glTF-Transform"):
        clock, before = time.perf_counter(), os.times()
        TOOLS[name](master, target, 50_000 / scan.triangle_count)
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        wall = time.perf_counter() - clock
        print(f"| {name}, one level, read and written | {wall / millions:.1f} | {spent / millions:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scans", nargs="*", type=Path, help="GLB masters")
    parser.add_argument("--steps", type=int, default=6, help="files a tool and scan")
    parser.add_argument("--plot", type=Path, help="write the ladders as PNG here")
    asked = parser.parse_args()
    if not (NODE / "node_modules").is_dir():
        sys.exit("the peers run in Node: run `make node` first")
    results: dict[str, dict[str, list[Point]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = asked.scans or [REAL / scan for scan in SCANS if (REAL / scan).is_file()]
        if not paths:
            paths = [folder / "generated.glb"]
            paths[0].write_bytes(glb_bytes(bumpy()))
        for path in paths:
            print(path.stem, file=sys.stderr, flush=True)
            results[path.stem] = ladders(path, asked.steps, folder)
        print("| scan | peer | bytes, ours / peer, at equal RMS | at equal Hausdorff |\n|---|---|---|---|")
        for scan, found in results.items():
            for peer in list(TOOLS)[1:]:
                values = (ratio(found["ours"], found[peer], error) for error in ("rms", "hausdorff"))
                print(f"| {scan} | {peer} | " + " | ".join(f"{value:.2f}" for value in values) + " |")
        if asked.plot:
            plot(results, asked.plot)
        seconds(folder)


if __name__ == "__main__":
    main()
