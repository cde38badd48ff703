"""The sample museum as it is, its models made so light that a browser can walk it that draws in software."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from assets.catalog.ingest import Source, ingest
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import Catalog
from assets.pipeline.encoding.textures import with_textures_resized
from assets.pipeline.files import glb_bytes, read_glb
from assets.pipeline.geometry.joined import join, split
from assets.pipeline.geometry.meshoptimizer import Goal
from assets.pipeline.geometry.simplify import simplified
from assets.sample.build import build_sample_museum
from assets.sample.catalog import load_sample

TRIANGLES: Final = 2_500
TEXELS: Final = 512


def write_light_museum(builds: Path, store: Path) -> None:
    """Make ``store``; only its models, which take long, are kept from run to run, in ``builds/light-models``.

    The museum itself lies in ``builds/museum``, where the tests of the sample museum build it, too.
    """
    folder = store / "sample"
    (folder / "artifacts").mkdir(parents=True)
    with _alone(builds / "museum"):
        built = build_sample_museum(builds / "museum" / "sample")
        listing = json.loads(built.manifest.read_text(encoding="utf-8"))
        for slug, sheet in listing["artifacts"].items():
            light = _light(built.artifacts[slug], sheet["sha256"], builds / "light-models")
            sheet.update(_sheet(light, f"artifacts/{slug}.glb"))
            (folder / "artifacts" / f"{slug}.glb").write_bytes(light.read_bytes())
    for gallery in listing["galleries"]:
        del gallery["file"]
    (folder / "museum.json").write_text(json.dumps(listing), encoding="utf-8")
    _write_catalog(store)


def _light(master: Path, sha256: str, folder: Path) -> Path:
    """The light model of a master with that hash, named by all it is made of; made where it is not there."""
    path = folder / f"{sha256[:16]}-{TRIANGLES}-{TEXELS}.glb"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        scan = read_glb(master)
        light = split(simplified(join(scan), Goal(TRIANGLES)).joined, scan)
        # Whole under its name or not there: a run may be killed, and another one may make the same.
        partial = path.with_suffix(f".{os.getpid()}.part")
        partial.write_bytes(glb_bytes(with_textures_resized(light, TEXELS)))
        partial.replace(path)
    return path


def _sheet(light: Path, file: str) -> dict[str, Any]:
    content = light.read_bytes()
    return {
        "file": file, "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content), "triangles": read_glb(light).triangle_count,
    }  # fmt: skip


def _write_catalog(store: Path) -> None:
    outcomes = [Mapped(artifact.record, (), b"{}") for artifact in load_sample().artifacts]
    with Catalog(store) as catalog:
        source = Source("sample", "Sample", outcomes, {"sample": "0" * 64})
        ingest(source, catalog, "2026-01-01T00:00:00+00:00")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
