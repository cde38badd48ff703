"""What lies beside the catalog: galleries and files, listed by the sample museum and by built scans."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.catalog.store.database import StoreError
from server.files import is_intact
from server.holdings import Holdings, read_holdings
from tests.server.conftest import BELL as BELL_FILE

BELL = "sample:lai-zhong-bell"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def built(store: Path, name: str, artifact: str | None, *contents: bytes, **fields: Any) -> None:
    """A scan as the pipeline leaves it: a master and lighter files, with a manifest."""
    (store / "derivatives").mkdir(exist_ok=True)
    files = []
    for level, content in enumerate(contents):
        (store / "derivatives" / f"{sha(content)}.glb").write_bytes(content)
        file = {
            "sha256": sha(content), "media_type": "model/gltf-binary", "bytes": len(content),
            "usage": "headset" if level else "master", "quality": max(level - 1, 0),
            "encoding": "meshopt" if level else "plain", "triangles": 1000 // (level + 1),
            "hausdorff_mm": 0.5 * level, "rms_mm": 0.1 * level, "bounds": [[0, 0, 0], [1, 1, 1]],
            "extensions": ["EXT_meshopt_compression", "KHR_mesh_quantization"] if level else [],
            "device_bytes": 1,
        }  # fmt: skip
        files.append(file)
    folder = store / "scans" / name
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"schema_version": 1, "scan": name, "artifact": artifact, "derivatives": files, **fields}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_files_of_a_built_scan_tell_usage_error_and_what_a_client_must_know(store: Path) -> None:
    built(store, "bell", BELL, b"the master", b"light")
    held = read_holdings(store, Holdings.none())
    master, light = held.of(BELL)
    assert (master.usage, master.needs, master.error_mm) == ("master", frozenset(), 0.0)
    assert (light.usage, light.needs, light.error_mm) == ("headset", frozenset({"meshopt"}), 0.5)
    assert light.path.read_bytes() == b"light"
    assert all(is_intact(file) for file in held.of(BELL))


def test_a_built_scan_takes_the_place_of_the_listed_model(store: Path) -> None:
    assert [file.sha256 for file in read_holdings(store, Holdings.none()).of(BELL)] == [sha(BELL_FILE)]
    built(store, "bell", BELL, b"the master")
    held = read_holdings(store, Holdings.none())
    assert [file.sha256 for file in held.of(BELL)] == [sha(b"the master")]
    assert sha(BELL_FILE) not in held.files


def test_a_scan_of_no_artifact_is_not_published(store: Path) -> None:
    built(store, "stray", None, b"whose is this")
    assert sha(b"whose is this") not in read_holdings(store, Holdings.none()).files


def test_one_file_may_belong_to_two_artifacts(store: Path) -> None:
    built(store, "one", BELL, b"the same")
    built(store, "two", "sample:jade-bi", b"the same")
    held = read_holdings(store, Holdings.none())
    assert [file.artifact for file in held.files[sha(b"the same")]] == [BELL, "sample:jade-bi"]


def test_a_picture_of_a_scan_is_published_where_it_is_there(store: Path) -> None:
    built(store, "bell", BELL, b"the master", sheet=sha(b"png"))
    assert sha(b"png") not in read_holdings(store, Holdings.none()).files
    (store / "derivatives" / f"{sha(b'png')}.png").write_bytes(b"png")
    built(store, "bell", BELL, b"the master", b"another", sheet=sha(b"png"))
    (sheet,) = read_holdings(store, Holdings.none()).files[sha(b"png")]
    assert (sheet.media_type, sheet.usage) == ("image/png", "picture")


def test_what_was_not_touched_is_not_read_again_and_what_was_is(store: Path) -> None:
    first = read_holdings(store, Holdings.none())
    assert read_holdings(store, first) is first
    built(store, "bell", BELL, b"the master")
    second = read_holdings(store, first)
    assert second.stamp != first.stamp
    assert second.of(BELL) != first.of(BELL)


def spoil_manifest(store: Path) -> None:
    built(store, "bell", BELL, b"the master", schema_version=2)


def spoil_listing(store: Path) -> None:
    listing = store / "sample" / "museum.json"
    museum = json.loads(listing.read_text())
    museum["artifacts"]["jade-bi"]["file"] = "../../catalog.sqlite"
    listing.write_text(json.dumps(museum))


def spoil_gallery(store: Path) -> None:
    listing = store / "sample" / "museum.json"
    museum = json.loads(listing.read_text())
    museum["galleries"][0]["file"] = "/etc/hostname"
    listing.write_text(json.dumps(museum))


def spoil_placements(store: Path) -> None:
    listing = store / "sample" / "museum.json"
    museum = json.loads(listing.read_text())
    museum["galleries"][0]["placements"] = None
    listing.write_text(json.dumps(museum))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_placements, r"museum\.json: galleries\.0\.placements"),
        (spoil_manifest, r"scans/bell/manifest\.json: schema_version"),
        (spoil_listing, r"museum\.json: '\.\./\.\./catalog\.sqlite' lies outside of its folder"),
        (spoil_gallery, r"museum\.json: '/etc/hostname' lies outside of its folder"),
    ],
)
def test_a_listing_that_is_damaged_or_leads_astray_is_refused_by_name(
    spoil: Callable[[Path], None], told: str, store: Path
) -> None:
    spoil(store)
    with pytest.raises(StoreError, match=told):
        read_holdings(store, Holdings.none())


def test_the_manifest_that_is_read_is_the_one_the_pipeline_writes(repository: Path) -> None:
    schema = repository / "docs" / "schema" / "scan-manifest.json"
    if not schema.exists():
        pytest.skip(f"{schema.name} comes with the pipeline")
    from server.scan_manifests import _File, _Manifest

    stated = json.loads(schema.read_text("utf-8"))
    assert set(_Manifest.model_fields) <= set(stated["properties"])
    assert set(_File.model_fields) <= set(stated["$defs"]["Derivative"]["properties"])
