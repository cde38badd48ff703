from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

from PIL import Image

from inference.training.evaluate import Extent, as_json, evaluate, folds
from inference.training.pages import failures_page, robustness_page
from inference.training.pictures import PicturesError, Shot
from tests.inference.conftest import picture


@pytest.fixture
def photos(tmp_path: Path) -> list[Shot]:
    """Three near photos of each of 12 artifacts; artifact 3's later photos show artifact 4."""
    shots = []
    for number in range(12):
        for view in range(3):
            shown = 4 if number == 3 and view else number
            seen = np.roll(picture(shown), 2 * view, axis=1)
            path = tmp_path / f"{number:02d}-{view}.png"
            Image.fromarray(seen.astype(np.uint8)).save(path)
            role = "query" if view else "gallery"
            shots.append(Shot(path, f"vase-{number:02d}", f"museum-{number % 2}", "vase", role))
    return shots


def test_figures_are_those_of_the_photos(model: Path, photos: list[Shot], tmp_path: Path) -> None:
    found = evaluate(model, photos)
    recall = found.figures["recall@1, one photo"]
    assert recall.value == pytest.approx(22 / 24)
    assert recall.low < recall.value < recall.high <= 1.0
    group = found.groups["institution"]["museum-1"]
    assert (group.recall.value, group.queries, group.artifacts) == (10 / 12, 12, 6)
    assert group.recall.low < group.recall.value < group.recall.high
    assert list(found.groups["culture"]) == ["not stated"]
    assert {failure.query.artifact for failure in found.failures} == {"vase-03"}
    assert {failure.answered.artifact for failure in found.failures} == {"vase-04"}
    assert found.open_set.auroc.value > 0.8
    assert set(found.robustness) == {"blur", "noise", "low light", "scale", "occlusion", "jpeg"}
    told = as_json(found)
    assert told["figures"]["recall@1, one photo"][0] == pytest.approx(22 / 24, abs=1e-4)
    assert told["groups"]["institution"]["museum-1"]["artifacts"] == 6
    level, value, low, high = told["robustness"]["blur"][0]
    assert level == 1
    assert low <= value <= high
    for page in (failures_page(found.failures, tmp_path / "f.png"),
                 robustness_page(found, tmp_path / "r.png")):  # fmt: skip
        with Image.open(page) as opened:
            assert opened.size[0] > 500


def test_without_roles_the_first_photo_of_each_artifact_is_the_gallery(
    model: Path, photos: list[Shot]
) -> None:
    bare = [replace(shot, role="") for shot in photos]
    figures = evaluate(model, bare, Extent(robustness=False)).figures
    assert figures == evaluate(model, photos, Extent(robustness=False)).figures


def test_one_photo_each_cannot_be_evaluated(model: Path, photos: list[Shot]) -> None:
    with pytest.raises(PicturesError, match="no artifact has a second picture"):
        evaluate(model, photos[::3])


def test_folds_ask_every_photo_once_and_always_leave_another_of_its_artifact() -> None:
    names = ["a"] * 2 + ["b"] * 7 + ["c"] * 3
    asked: list[int] = []
    for part, rest in folds(names):
        asked += part
        assert not set(part) & set(rest)
        assert {names[place] for place in part} <= {names[place] for place in rest}
    assert sorted(asked) == list(range(12))
