"""A small museum to hang: pictures, vessels, a statue with a scan, and what cannot be hung."""

import hashlib
from pathlib import Path

import pytest

from assets.catalog.ingest import ingest
from assets.catalog.record import ArtifactRecord, Dimension, Rights, Term, TimeSpan
from assets.catalog.store.catalog import Catalog
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.manifest import Decision, Derivative, Manifest, Point, SourceFile
from tests.assets.catalog.records import STARTED, a_record, a_source, mapped

MASTER = b"glTF statue"
STATUE = ((-0.3, 0.0, -0.25), (0.3, 1.8, 0.25))


def sized(number: str, kind: str, *sides: float, year: int = 1800) -> ArtifactRecord:
    """An artifact of that type with height, width, depth in metres, as many as are given."""
    kinds = ("height", "width", "depth")
    return a_record(
        number,
        object_types=(Term(label=kind),),
        produced=TimeSpan(earliest=year, latest=year, text=str(year)),
        dimensions=tuple(
            Dimension.model_validate({"kind": name, "value": side, "unit": "m"})
            for name, side in zip(kinds, sides, strict=False)
        ),
        provenance={},
    )


def records() -> list[ArtifactRecord]:
    return [
        *(sized(f"picture-{n}", "paintings", 0.6, 0.8, year=1700 + n) for n in range(6)),
        *(sized(f"bowl-{n}", "vessels", 0.2, 0.3, 0.3, year=1500 + n) for n in range(5)),
        sized("statue", "sculpture", 1.8, 0.6, 0.5),
        sized("nameless", "vessels"),
        sized("rope", "sculpture", 40.0, 0.1, 0.1),
        sized("secret", "vessels", 0.2, 0.2, 0.2).model_copy(update={"rights": Rights(shows=False)}),
    ]


def publish_scan(store: Path, artifact: str) -> None:
    """A scan of the statue with one point; nothing here looks into the file."""
    shelf = DerivativeStore(store)
    sha256 = shelf.put(MASTER)
    decided = Decision(value="m", by="file", reason="the file states m")
    source = SourceFile(
        name="statue.glb", sha256=sha256, files={"statue.glb": sha256}, bytes=len(MASTER), triangles=12,
        format="glb", unit=decided, up=decided, matrix=(1.0,) * 16,
    )  # fmt: skip
    master = Derivative(
        sha256=sha256, usage="master", quality=0, encoding="plain", bytes=len(MASTER), triangles=12,
        hausdorff_mm=0, rms_mm=0, bounds=STATUE, device_bytes=84,
    )  # fmt: skip
    brow = Point(
        name="brow", position=(0.0, 1.7, 0.2), normal=(0.0, 0.0, 1.0), mesh=0, triangle=0,
        barycentric=(1.0, 0.0, 0.0), drift_mm=0.0,
    )  # fmt: skip
    shelf.publish(
        Manifest(
            scan="statue",
            artifact=artifact,
            key="0" * 64,
            source=source,
            bounds=STATUE,
            derivatives=(master,),
            points=(brow,),
        )
    )


@pytest.fixture
def museum(tmp_path: Path) -> Path:
    """A store with the records above and a scan of the statue."""
    store = tmp_path / "museum"
    with Catalog(store) as catalog:
        ingest(a_source(mapped(records())), catalog, STARTED)
    publish_scan(store, "m:statue")
    assert hashlib.sha256(MASTER).hexdigest() in {p.stem for p in (store / "derivatives").iterdir()}
    return store
