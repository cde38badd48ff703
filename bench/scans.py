"""Every real scan through the whole pipeline: triangles, bytes, measured error, seconds; a page of sheets.

    python bench/scans.py ../shared/data/models3d [folder for the sheets]

Prints the table of docs/pipeline.md. Seconds are wall-clock time of one worker and depend on what else the
machine does; everything else is the same at every run.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image

from assets.pipeline.building.batch import Batch, Ended, run_batch
from assets.pipeline.building.bench import BuildOptions
from assets.pipeline.building.jobs import ScanJob
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.building.workers import WorkerLimits
from assets.pipeline.geometry.place import PlaceOptions
from assets.pipeline.manifest import Derivative

SCANS: tuple[tuple[str, str, PlaceOptions], ...] = (
    ("demosthenes", "demosthenes-low-res.obj", PlaceOptions("ft", "y")),
    ("saxophone", "saxophone_draco.glb", PlaceOptions()),
    ("column", "statues/Column03/Column03.obj", PlaceOptions("m", "y")),
    ("hermes", "statues/Hermes/Hermes.obj", PlaceOptions("m", "y")),
    ("hermes-ply", "statues/Hermes/Hermes.ply", PlaceOptions("m", "y")),
    ("plato", "statues/Plato/Plato.obj", PlaceOptions("m", "y")),
    ("plato-stl", "statues/Plato/Plato.stl", PlaceOptions("m", "y")),
    ("sword", "sword.obj", PlaceOptions("m", "z")),
    ("sword-quads", "sword-quad-dominant.obj", PlaceOptions("m", "z")),
    ("beethoven", "threedscans_beethoven_draco.glb", PlaceOptions()),
    ("eagle", "threedscans_eagle_draco.glb", PlaceOptions()),
    ("venus", "venus_smk.glb", PlaceOptions(lengths={"height": 2.12})),
    ("whale", "whale_cranium.glb", PlaceOptions()),
    ("whale-draco", "whale_cranium_draco.glb", PlaceOptions()),
)
"""Name, file, and what nobody but a person can know of it."""


def main(folder: Path, sheets: Path | None) -> None:
    with tempfile.TemporaryDirectory() as store:
        jobs = [ScanJob(name, folder / file, None, place) for name, file, place in SCANS]
        batch = Batch(Path(store), BuildOptions(encodings=("meshopt", "draco")), WorkerLimits(seconds=1800))
        ended = {each.name: each for each in run_batch(batch, jobs, lambda *_: None)}
        print("| scan | in | master | levels for a headset: triangles, meshopt bytes, error | s |")
        print("|---|---|---|---|---|")
        for name, _, _ in SCANS:
            print(row(ended[name]), flush=True)
        if sheets is not None:
            sheets.mkdir(parents=True, exist_ok=True)
            for each in ended.values():
                if each.manifest is not None and each.manifest.sheet is not None:
                    source = DerivativeStore(Path(store)).path(each.manifest.sheet, ".png")
                    shutil.copy(source, sheets / f"{each.name}.png")
            page(sheets)


def row(ended: Ended) -> str:
    """One scan of the table."""
    if ended.manifest is None:
        return f"| {ended.name} | refused: {ended.refusal} | | | |"
    source, master = ended.manifest.source, ended.manifest.master
    levels = [f for f in ended.manifest.derivatives if f.usage == "headset" and f.encoding == "meshopt"]
    return (
        f"| {ended.name} | {source.triangles:,}, {source.bytes / 1e6:.2f} MB "
        f"| {master.triangles:,}, {master.bytes / 1e6:.2f} MB "
        f"| {'; '.join(map(level, levels))} | {ended.seconds:.0f} |"
    )


def level(file: Derivative) -> str:
    """One level of the table."""
    return f"{file.triangles:,}, {file.bytes / 1e3:,.0f} kB, {file.hausdorff_mm:.2f} mm"


def page(sheets: Path) -> None:
    """All sheets on one page, for docs/images."""
    pictures = [Image.open(path).convert("RGB").resize((660, 482)) for path in sorted(sheets.glob("*.png"))]
    rows = -(-len(pictures) // 3)
    whole = Image.new("RGB", (3 * 660, rows * 482), (250, 249, 246))
    for at, picture in enumerate(pictures):
        whole.paste(picture, (at % 3 * 660, at // 3 * 482))
    whole.save(sheets / "scans.jpg", quality=82)


if __name__ == "__main__":
    scans = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data/models3d")
    if scans.is_dir():
        main(scans, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    else:
        print(f"no real scans at {scans}: name their folder")
