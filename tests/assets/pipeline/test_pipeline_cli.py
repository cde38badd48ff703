"""The commands say what they found, what they did, and what to do next."""

import json
import os
from pathlib import Path

import pytest
import trimesh
from typer.testing import CliRunner, Result

from assets.catalog.ingest import ingest
from assets.catalog.record import Dimension
from assets.catalog.store.catalog import Catalog
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.manifest import Manifest
from tests.assets.catalog.records import STARTED, a_record, a_source, mapped
from tests.assets.pipeline.made import exported, write_obj
from tests.assets.pipeline.pot import HEIGHT, write_pot
from twin import app

QUICK = ("--usage", "thumb", "--encoding", "meshopt", "--no-sheet", "--jobs", "2")


def twin(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], terminal_width=200)


def test_inspect_tells_size_defects_and_how_the_scan_was_placed(tmp_path: Path) -> None:
    path = exported(tmp_path / "ball.ply", trimesh.creation.icosphere(2, 50.0))
    told = twin("inspect", path, "--units", "mm", "--up", "z")
    assert told.exit_code == 0
    for words in (
        "320 in 1 meshes, 1 components",
        "100.0 x 100.0 x 100.0 mm",
        "watertight, 0 holes",
        "--units mm",
    ):
        assert words in told.output


def test_inspect_shows_a_scan_that_cannot_be_placed_and_says_what_is_missing(tmp_path: Path) -> None:
    path = exported(tmp_path / "ball.ply")
    told = twin("inspect", path, "--json")
    facts = json.loads(told.stdout)
    assert facts["triangles"] == 320
    assert facts["watertight"]
    assert "--units" in facts["unplaced"]
    assert facts["placed_by"] == []


def test_build_publishes_a_folder_and_names_what_it_refused(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    exported(scans / "ball.ply", trimesh.creation.icosphere(3, 50.0))
    exported(scans / "ball.stl", trimesh.creation.icosphere(2, 50.0))
    write_obj(scans / "No texture.obj", material="gone.mtl")
    (scans / "old.fbx").write_bytes(b"Kaydara FBX Binary  \0")
    told = twin("build", scans, "--store", tmp_path / "store", "--units", "mm", "--up", "y", *QUICK)
    assert told.exit_code == 2
    assert "ball-ply: built in" in told.output
    assert "ball-stl: built in" in told.output
    assert "'gone.mtl', which is not there" in told.output
    assert "old.fbx: it is an FBX file" in told.output
    store = DerivativeStore(tmp_path / "store")
    assert [manifest.scan for manifest in store.manifests()] == ["ball-ply", "ball-stl"]
    again = twin("build", scans / "ball.ply", scans / "ball.stl", "--store", tmp_path / "store",
                 "--units", "mm", "--up", "y", *QUICK)  # fmt: skip
    assert again.exit_code == 0
    assert again.output.count("up to date") == 2


def test_build_takes_size_and_upright_axis_from_the_record(tmp_path: Path) -> None:
    store = tmp_path / "museum"
    height = Dimension(kind="height", value=HEIGHT, unit="m")
    with Catalog(store) as catalog:
        ingest(a_source(mapped([a_record("pot", dimensions=(height,))])), catalog, STARTED, accept=True)
    write_pot(tmp_path / "pot.ply", 8_000)
    refused = twin("build", tmp_path / "pot.ply", "--store", store, *QUICK)
    assert refused.exit_code == 1
    assert "neither the file nor a record says of what" in refused.output
    told = twin("build", tmp_path / "pot.ply", "--store", store, "--artifact", "m:{name}", "--json", *QUICK)
    assert told.exit_code == 0, told.output
    [ended] = json.loads(told.stdout)
    manifest = Manifest.model_validate(ended["manifest"])
    assert manifest.artifact == "m:pot"
    assert (manifest.source.unit.by, manifest.source.up.value) == ("record", "-z")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--units", "parsec"), "--units parsec: not a unit"),
        (("--up", "w"), "--up w: not an axis"),
        (("--usage", "cinema"), "--usage cinema: not a usage"),
        (("--encoding", "zip"), "--encoding zip: not an encoding"),
        (("--artifact", "museum:1"), "holds no catalog"),
    ],
)
def test_a_wrong_option_is_answered_with_the_right_ones(
    tmp_path: Path, words: tuple[str, str], message: str
) -> None:
    path = exported(tmp_path / "ball.ply")
    told = twin("build", path, "--store", tmp_path / "store", *words)
    assert told.exit_code == 1
    assert message in told.output


def test_hotspots_beside_a_scan_are_built_with_it(tmp_path: Path) -> None:
    exported(tmp_path / "ball.ply", trimesh.creation.icosphere(3, 50.0))
    spots = {name: {"position": [0, at, 0], "normal": [0, 1, 0]} for name, at in (("top", 50), ("far", 90))}
    (tmp_path / "ball.json").write_text(json.dumps({"hotspots": spots}))
    told = twin(
        "build", tmp_path / "ball.ply", "--store", tmp_path / "s", "--units", "mm", "--up", "y", *QUICK
    )
    assert "look at point 'far': the surface is 40.00 mm away" in told.output
    manifest = DerivativeStore(tmp_path / "s").manifest("ball")
    assert manifest is not None
    assert {point.name: point.review is None for point in manifest.points} == {"top": True, "far": False}
    (tmp_path / "ball.json").write_text('{"hotspots": {"top": {"position": [0, 1]}}}')
    told = twin(
        "build", tmp_path / "ball.ply", "--store", tmp_path / "s", "--units", "mm", "--up", "y", *QUICK
    )
    assert told.exit_code == 1
    assert "ball.json: its hotspots cannot be read" in told.output


def test_a_folder_without_scans_is_refused(tmp_path: Path) -> None:
    told = twin("build", tmp_path, "--store", tmp_path / "s")
    assert told.exit_code == 1
    assert "no scan lies in this folder" in told.output


def test_a_scan_whose_name_is_no_text_is_refused_with_a_remedy(tmp_path: Path) -> None:
    scan = exported(tmp_path / "ball.ply")
    try:
        scan = scan.rename(Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xfcste.ply")))
    except OSError:
        pytest.skip("this file system keeps no such name")
    for words in (("build", tmp_path, "--store", tmp_path / "museum"), ("inspect", scan)):
        told = twin(*words, "--units", "mm")
        assert told.exit_code == 1
        assert "b\\udcfcste.ply': the name is not text in UTF-8. Rename it" in told.output
