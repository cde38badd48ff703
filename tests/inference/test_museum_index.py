"""A museum's store becomes recognizable: scans rendered, photos remembered, models changed in one step."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import twin
from assets.catalog.ingest import Source, ingest
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import Catalog
from assets.pipeline.files import glb_bytes
from assets.pipeline.scan import Material, Mesh, Scan, Texture
from assets.sample.catalog import load_sample
from inference.enrollment import Enrollment, look
from inference.explanation import CELLS, explained
from inference.manifest import ManifestError, read_manifest
from inference.museum_index import MuseumEnrolled, enroll_museum
from inference.runtime.home import NAME, Home, Models
from inference.runtime.serving import Serving
from inference.scan_views import DIRECTIONS
from inference.sheets import Looked, contact_sheet, explanation_page
from tests.inference.conftest import encoded, picture, write_model

BELL, DISC = "sample:lai-zhong-bell", "sample:jade-bi"


def block(seed: int) -> Scan:
    """A box with patches of color on every side."""
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float32) * 0.1
    sides = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    positions = corners[np.array(sides).ravel()]
    normals = np.repeat([np.sign(corners[list(side)].mean(axis=0).round(3)) for side in sides], 4, axis=0)
    texcoords = np.tile(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32), (6, 1))
    triangles = np.concatenate(
        [[[4 * n, 4 * n + 1, 4 * n + 2], [4 * n, 4 * n + 2, 4 * n + 3]] for n in range(6)]
    )
    material = Material("paint", base_color_texture=Texture(picture(seed, (96, 96))))
    mesh = Mesh(
        "box", positions, normals.astype(np.float32), texcoords, triangles.astype(np.uint32), material
    )
    return Scan("block", (mesh,))


def list_scans(store: Path, scans: dict[str, bytes]) -> None:
    folder = store / "sample" / "artifacts"
    folder.mkdir(parents=True, exist_ok=True)
    for slug, content in scans.items():
        (folder / f"{slug}.glb").write_bytes(content)
    told = {slug: {"file": f"artifacts/{slug}.glb"} for slug in scans}
    (store / "sample" / "museum.json").write_text(json.dumps({"institution": "sample", "artifacts": told}))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's records, the scan of a bell, one that is damaged, and a model of the museum's own."""
    store = tmp_path_factory.mktemp("museum")
    outcomes = [Mapped(artifact.record, (), b"{}") for artifact in load_sample().artifacts]
    with Catalog(store) as catalog:
        ingest(
            Source("sample", "Sample", outcomes, {"sample": "0" * 64}), catalog, "2026-01-01T00:00:00+00:00"
        )
    list_scans(store, {"lai-zhong-bell": glb_bytes(block(1)), "jade-bi": b"glTF no more"})
    home = Home(store / NAME)
    home.choose(Models(write_model(home.adapted)))
    return store


@pytest.fixture(scope="module")
def enrolled(store: Path) -> MuseumEnrolled:
    return enroll_museum(store, [], None, Enrollment(verify=True))


def test_a_scan_becomes_views_all_around_and_a_damaged_one_is_told_by_name(
    store: Path, enrolled: MuseumEnrolled
) -> None:
    (report,) = enrolled.reports.values()
    assert (report.artifacts, report.views, report.added) == (1, len(DIRECTIONS), len(DIRECTIONS))
    assert [fault.split(":")[1] for fault in enrolled.faults] == ["jade-bi"]
    home = Home(store / NAME)
    serving = Serving.load(home.models().cpu, home.index(home.models().cpu))
    assert list(serving.index.artifacts) == [BELL]


def test_an_artifact_that_was_never_photographed_is_recognized_by_what_decided_it(
    store: Path, enrolled: MuseumEnrolled, tmp_path: Path
) -> None:
    home = Home(store / NAME)
    serving = Serving.load(home.models().cpu, home.index(home.models().cpu))
    image = sorted((home.views).glob("*/03.jpg"))[0]
    found = look(serving, image)
    assert found.sightings[0].artifact == BELL
    assert found.sightings[0].inliers > 8
    assert len(found.sightings[0].region) >= 6
    told = explained(serving, image)
    assert told.artifact == BELL
    assert told.drops.shape == (CELLS, CELLS)
    # The corners show background alone: hiding them changes less than hiding the artifact.
    assert told.drops[4:8, 4:8].max() > told.drops[[0, 0, -1, -1], [0, -1, 0, -1]].max()
    explanation_page(told, tmp_path / "page.png")
    contact_sheet([Looked("view", told.picture, found)] * 5, tmp_path / "sheet.png")
    for name in ("page.png", "sheet.png"):
        with Image.open(tmp_path / name) as written:
            assert written.size[0] > 600


def test_photos_are_remembered_and_what_is_rendered_already_is_not_rendered_again(
    store: Path, enrolled: MuseumEnrolled, tmp_path: Path
) -> None:
    (tmp_path / "disc.png").write_bytes(encoded(picture(9)))
    labels = tmp_path / "labels.csv"
    labels.write_text(f"file,artifact\ndisc.png,{DISC}\n")
    (added,) = enroll_museum(store, [labels], None, Enrollment()).reports.values()
    assert (added.artifacts, added.added, added.removed) == (2, 1, 0)
    (again,) = enroll_museum(store, [], None, Enrollment()).reports.values()
    assert (again.artifacts, again.added, again.removed) == (2, 0, 0)
    labels.unlink()
    with pytest.raises(ValueError, match=r"labels\.csv is no longer there"):
        enroll_museum(store, [], None, Enrollment())
    (store / NAME / "photos.json").unlink()


def test_another_model_gets_an_index_of_its_own_before_it_is_put_into_service(
    store: Path, enrolled: MuseumEnrolled, tmp_path: Path
) -> None:
    home = Home(store / NAME)
    before = home.models()
    other = write_model(tmp_path / "other", seed=3)
    enroll_museum(store, [], other, Enrollment())
    assert home.models() == Models(other)
    assert home.index(other) != home.index(before.cpu)
    home.choose(before)


def test_a_model_that_cannot_serve_is_told_before_any_scan_is_rendered(tmp_path: Path) -> None:
    model = write_model(tmp_path / "other")
    (tmp_path / "other" / read_manifest(model).weights).write_bytes(b"cut sho")
    done: list[str] = []
    with pytest.raises(ManifestError, match="damaged or another one, copy both anew"):
        enroll_museum(tmp_path / "museum", [], model, Enrollment(), lambda what, *_: done.append(what))
    assert done == []
    assert not (tmp_path / "museum").exists()


def test_the_commands_recognize_and_explain_write_pages(
    store: Path, enrolled: MuseumEnrolled, tmp_path: Path
) -> None:
    image = str(sorted((store / NAME / "views").glob("*/05.jpg"))[0])
    runner = CliRunner()
    sheet, page = tmp_path / "sheet.png", tmp_path / "page.png"
    asked = runner.invoke(twin.app, ["recognize", image, "--store", str(store), "--sheet", str(sheet)])
    assert asked.exit_code == 0, asked.output
    assert BELL in asked.output
    told = runner.invoke(twin.app, ["explain", image, "--store", str(store), "--out", str(page)])
    assert told.exit_code == 0, told.output
    assert sheet.is_file()
    assert page.is_file()


def test_a_store_without_scans_and_photos_is_told_what_to_do(tmp_path: Path) -> None:
    with Catalog(tmp_path):
        pass
    with pytest.raises(ValueError, match="build scans with `twin build`"):
        enroll_museum(tmp_path, [], write_model(tmp_path / "model"), Enrollment())
