"""The sample museum as it is, its models made so light that a browser can walk it that draws in software."""

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from assets.catalog.ingest import Source, ingest
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import DATABASE_NAME, Catalog
from assets.pipeline.encoding.textures import with_textures_resized
from assets.pipeline.files import glb_bytes, read_glb
from assets.pipeline.geometry.joined import join, split
from assets.pipeline.geometry.meshoptimizer import Goal
from assets.pipeline.geometry.simplify import simplified
from assets.sample.build import build_sample_museum
from assets.sample.catalog import load_sample

TRIANGLES: Final = 2_500
TEXELS: Final = 512


def write_light_museum(builds: Path) -> Path:
    """The store, in ``builds/light-museum``; what is up to date stays as it is.

    The museum itself lies in ``builds/museum``, where the tests of the sample museum build it, too.
    """
    store = builds / "light-museum"
    with _alone(builds / "museum"):
        built = build_sample_museum(builds / "museum" / "sample")
        folder = store / "sample"
        (folder / "artifacts").mkdir(parents=True, exist_ok=True)
        listing = json.loads(built.manifest.read_text(encoding="utf-8"))
        for slug, sheet in listing["artifacts"].items():
            sheet.update(_light(built.artifacts[slug], folder / "artifacts", sheet["sha256"]))
        for gallery in listing["galleries"]:
            del gallery["file"]
        _write_if_other(folder / "museum.json", json.dumps(listing))
        if not (store / DATABASE_NAME).exists():
            _write_catalog(store)
    return store


def _light(master: Path, folder: Path, sha256: str) -> dict[str, Any]:
    """Facts of the light model of a master with that hash, made where it is not there yet."""
    path, facts = folder / f"{master.stem}.glb", folder / f"{master.stem}.json"
    key = f"{sha256} {TRIANGLES} {TEXELS}"
    if facts.exists():
        known: dict[str, Any] = json.loads(facts.read_text(encoding="utf-8"))
        if known.pop("key") == key:
            return known
    scan = read_glb(master)
    light = split(simplified(join(scan), Goal(TRIANGLES)).joined, scan)
    content = glb_bytes(with_textures_resized(light, TEXELS))
    path.write_bytes(content)
    made = {
        "file": f"artifacts/{path.name}",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "triangles": light.triangle_count,
    }
    facts.write_text(json.dumps({"key": key, **made}))
    return made


def _write_catalog(store: Path) -> None:
    outcomes = [Mapped(artifact.record, (), b"{}") for artifact in load_sample().artifacts]
    with Catalog(store) as catalog:
        source = Source("sample", "Sample", outcomes, {"sample": "0" * 64})
        ingest(source, catalog, "2026-01-01T00:00:00+00:00")


def _write_if_other(path: Path, content: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
