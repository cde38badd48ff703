import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from inference.enrollment import Enrollment, enroll, look, read_gallery
from inference.runtime.index_files import FormerFormat, IndexRefused
from inference.runtime.serving import Serving
from tests.inference.conftest import network, picture, write_model
from twin import app


def write_gallery_files(folder: Path, artifacts: int = 30, views: int = 1) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(artifacts):
        for view in range(views):
            shifted = np.roll(picture(number), 2 * view, axis=1)
            Image.fromarray(shifted).save(folder / f"{number:02d}-{view}.png")
            rows.append((f"{number:02d}-{view}.png", f"vase-{number:02d}"))
    return write_rows(folder / "labels.csv", rows)


def write_rows(labels: Path, rows: list[tuple[str, str]]) -> Path:
    with labels.open("w", newline="") as stream:
        csv.writer(stream).writerows([("file", "artifact"), *rows])
    return labels


def read_rows(labels: Path) -> list[tuple[str, str]]:
    with labels.open(newline="") as stream:
        return [(row["file"], row["artifact"]) for row in csv.DictReader(stream)]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write_gallery_files(tmp_path / "photos")


def test_an_enrolled_artifact_is_recognized_and_another_is_not(
    model: Path, labels: Path, tmp_path: Path
) -> None:
    report = enroll(model, read_gallery(labels), tmp_path / "index")
    assert (report.artifacts, report.views, report.added, report.removed) == (30, 30, 30, 0)
    assert report.calibration.startswith("Calibrated on 180 trials with the artifact left out")
    serving = Serving.load(model, tmp_path / "index")
    assert look(serving, labels.parent / "07-0.png").sightings[0].artifact == "vase-07"
    stranger = tmp_path / "stranger.png"
    Image.fromarray(picture(999)).save(stranger)
    assert look(serving, stranger).sightings == ()


def test_enrolling_again_embeds_only_what_is_new_and_forgets_what_is_gone(
    model: Path, labels: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    enroll(model, read_gallery(labels), folder)
    unchanged = enroll(model, read_gallery(labels), folder)
    assert (unchanged.added, unchanged.removed) == (0, 0)
    Image.fromarray(picture(500)).save(labels.parent / "new.png")
    write_rows(labels, [*read_rows(labels)[1:], ("new.png", "vase-new")])
    changed = enroll(model, read_gallery(labels), folder)
    assert (changed.artifacts, changed.added, changed.removed) == (30, 1, 1)
    serving = Serving.load(model, folder)
    assert look(serving, labels.parent / "new.png").sightings[0].artifact == "vase-new"
    assert "vase-00" not in serving.index.artifacts


def test_a_new_take_of_a_photo_replaces_the_older_one(model: Path, labels: Path, tmp_path: Path) -> None:
    enroll(model, read_gallery(labels), tmp_path / "index")
    Image.fromarray(picture(700)).save(labels.parent / "03-0.png")
    report = enroll(model, read_gallery(labels), tmp_path / "index")
    assert (report.views, report.removed) == (30, 1)
    serving = Serving.load(model, tmp_path / "index")
    assert look(serving, labels.parent / "03-0.png").sightings[0].artifact == "vase-03"


def test_a_gallery_of_one_photo_is_served_with_caution(model: Path, tmp_path: Path) -> None:
    labels = write_gallery_files(tmp_path / "photos", artifacts=1, views=1)
    report = enroll(model, read_gallery(labels), tmp_path / "index")
    assert report.calibration.startswith("Not calibrated")
    serving = Serving.load(model, tmp_path / "index")
    assert look(serving, labels.parent / "00-0.png").sightings[0].artifact == "vase-00"
    Image.fromarray(picture(999)).save(tmp_path / "stranger.png")
    assert look(serving, tmp_path / "stranger.png").sightings == ()


def test_a_verified_gallery_gives_inliers_as_evidence(model: Path, tmp_path: Path) -> None:
    labels = write_gallery_files(tmp_path / "photos", artifacts=3)
    rows = read_rows(labels)
    draw = np.random.default_rng(0)
    for file, _ in rows:
        speckled = draw.integers(0, 256, (30, 30, 3), dtype=np.uint8)
        Image.fromarray(speckled).resize((240, 240), Image.Resampling.BICUBIC).save(labels.parent / file)
    folder = tmp_path / "index"
    enroll(model, read_gallery(labels), folder, Enrollment(false_accepts=0.1, verify=True))
    found = look(Serving.load(model, folder), labels.parent / rows[1][0]).sightings[0]
    assert found.artifact == rows[1][1]
    assert found.inliers > 30
    assert f"; {found.inliers} local features agree with view 01-0" in found.evidence
    assert np.abs(np.array(found.corners) - [0, 0, 240, 0, 240, 240, 0, 240]).max() < 3
    # A large JPEG is decoded smaller, and its outline is still told in the frame's own pixels.
    with Image.open(labels.parent / rows[1][0]) as opened:
        opened.resize((960, 960), Image.Resampling.BICUBIC).save(tmp_path / "large.jpg", quality=95)
    outline = look(Serving.load(model, folder), tmp_path / "large.jpg").sightings[0].corners
    assert np.abs(np.array(outline) - [0, 0, 960, 0, 960, 960, 0, 960]).max() < 16
    enroll(model, read_gallery(labels), folder, Enrollment(false_accepts=0.1))
    assert Serving.load(model, folder).verifier is None


def test_an_index_of_another_model_is_not_mixed_with(model: Path, labels: Path, tmp_path: Path) -> None:
    enroll(model, read_gallery(labels), tmp_path / "index")
    other = write_model(tmp_path / "other", network(seed=1), seed=1)
    with pytest.raises(IndexRefused, match="made by model"):
        enroll(other, read_gallery(labels), tmp_path / "index")


def as_format_1(folder: Path) -> None:
    """Rewrite an index as the first format had it: entries without parts."""
    for entries in folder.glob("entries-*.json"):
        entries.write_text(json.dumps([row[:2] for row in json.loads(entries.read_bytes())]))
    (header,) = folder.glob("index-*.json")
    header.write_text(json.dumps(json.loads(header.read_bytes()) | {"format": 1}))


def test_an_index_of_a_former_format_is_built_anew_and_told(
    model: Path, labels: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    enroll(model, read_gallery(labels), folder)
    as_format_1(folder)
    former = {path.name for path in folder.glob("*-*.*")}
    with pytest.raises(FormerFormat, match="of format 1, this version reads 4: run `twin index`"):
        Serving.load(model, folder)
    indexed = CliRunner().invoke(app, ["index", str(labels), "--model", str(model), "--index", str(folder)])
    assert indexed.exit_code == 0, indexed.output
    told = " ".join(indexed.output.split())
    assert "The index was of a former format and was built anew from all pictures." in told
    assert "30 added, 0 removed" in told
    assert former.isdisjoint(path.name for path in folder.iterdir())
    assert look(Serving.load(model, folder), labels.parent / "07-0.png").sightings[0].artifact == "vase-07"
    assert enroll(model, read_gallery(labels), folder).rebuilt == ""


def test_an_index_of_a_later_format_is_refused_and_stays(model: Path, labels: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    enroll(model, read_gallery(labels), folder)
    (header,) = folder.glob("index-*.json")
    header.write_text(json.dumps(json.loads(header.read_bytes()) | {"format": 5}))
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(IndexRefused, match=rf"{header.name}: of format 5, .*: update Museum Twin"):
        enroll(model, read_gallery(labels), folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == kept


def test_a_gallery_that_has_doubled_is_built_anew_along_axes_of_its_own(
    located: Path, labels: Path, tmp_path: Path
) -> None:
    folder, views = tmp_path / "index", read_gallery(labels)
    enroll(located, views[:14], folder)
    first = Serving.load(located, folder).index.axes
    grown = enroll(located, views[:20], folder)
    assert (grown.added, grown.rebuilt) == (6, "")
    doubled = enroll(located, views, folder)
    assert (doubled.added, doubled.artifacts) == (30, 30)
    assert "outgrown the axes along which patches are compared" in doubled.rebuilt
    second = Serving.load(located, folder).index.axes
    assert first is not None
    assert second is not None
    assert (first.pictures, second.pictures) == (14, 30)
    assert len([path for path in folder.iterdir() if path.name.startswith("patch")]) == 2


@pytest.mark.parametrize(
    ("row", "told"), [(("gone.png", "a"), "gone.png is missing"), (("00-0.png", ""), "without 'file' or")]
)
def test_a_row_that_names_no_picture_or_artifact_is_refused(
    labels: Path, row: tuple[str, str], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        read_gallery(write_rows(labels, [row]))


def test_the_commands_index_and_recognize(model: Path, labels: Path, tmp_path: Path) -> None:
    places = ["--model", str(model), "--index", str(tmp_path / "index")]
    indexed = CliRunner().invoke(app, ["index", str(labels), *places])
    assert indexed.exit_code == 0, indexed.output
    assert "30 artifacts, 30 views" in indexed.output
    shutil.copy(labels.parent / "11-0.png", tmp_path / "frame.png")
    Image.fromarray(picture(999)).save(tmp_path / "stranger.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    asked = [str(tmp_path / name) for name in ("frame.png", "stranger.png")]
    found = CliRunner().invoke(app, ["recognize", *asked, *places])
    assert found.exit_code == 0, found.output
    assert "frame.png: vase-11" in found.output
    assert "stranger.png: not-ours" in found.output
    broken = CliRunner().invoke(app, ["recognize", str(tmp_path / "broken.jpg"), *places])
    assert broken.exit_code == 1
    assert "damaged or truncated JPEG" in broken.output or "not a JPEG picture" in broken.output


def test_a_missing_extra_is_told_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "inference.training.curves", raising=False)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    found = CliRunner().invoke(app, ["train", str(tmp_path / "run.toml")])
    assert found.exit_code == 1
    assert "pip install 'museum-twin[train]'" in found.output
