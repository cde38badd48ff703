"""A museum's model is adapted to its own gallery and swapped, or stays: twin index --adapt."""

import copy
import os
import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

import torch
from typer.testing import CliRunner, Result

import twin
from assets.catalog.store.catalog import Catalog
from inference.enrollment import Enrollment, frame_of, read_gallery
from inference.manifest import read_manifest
from inference.museum_adaptation import (
    Telling,
    _alone,
    _best,
    _Examined,
    _started_from,
    adapt_museum,
    read_report,
)
from inference.museum_index import enroll_museum
from inference.runtime.home import NAME, Home
from inference.runtime.serving import Serving
from inference.training.adapt import Candidate
from inference.training.examination import Judgment
from inference.training.network import EmbeddingNet
from inference.training.pictures import read_labels
from tests.inference.training.conftest import choose_toy_model, toy, write_collection, write_recipe

# Exporting a network takes seconds on a machine of one's own, and minutes on one that others use.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store without scans whose model has learned nothing."""
    store = tmp_path / "museum"
    with Catalog(store):
        pass
    choose_toy_model(store)
    return store


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """One photo each of 16 artifacts."""
    return write_collection(tmp_path / "photos", artifacts=16, views=1)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen artifacts are enough to offer what has learned."""
    monkeypatch.setattr("inference.museum_adaptation.LEARNED_FROM", 16)


def index(store: Path, *words: object) -> Result:
    return CliRunner().invoke(twin.app, ["index", "--store", str(store), *map(str, words)])


@pytest.mark.usefixtures("large")
def test_artifacts_are_recognizable_at_once_and_a_better_model_takes_over_with_its_own_index(
    store: Path, photos: Path, tmp_path: Path
) -> None:
    home = Home(store / NAME)
    plain = home.models().cpu
    told = index(store, photos, "--adapt", "--recipe", write_recipe(tmp_path))
    assert told.exit_code == 0, told.output
    report = read_report(store)
    assert report is not None
    assert (report.artifacts, report.pictures, report.photos) == (16, 16, 48)
    assert {one.name for one in report.withheld} == {"adapted", "adapted, whitened"}
    assert report.after.judgment(48).is_better_than(report.before.judgment(48))
    assert re.search(r"step 60 of 60: recall@1 \d\.\d+", told.output)
    assert f"in service: {read_manifest(plain).name}" in told.output
    serves = home.models().cpu
    assert report.swapped
    assert serves.resolve() == Path(report.serves)
    assert serves != plain
    # Both have an index of the same photos: the first made it recognizable while the second was learning.
    shown = read_gallery(photos)[5]
    for model in (plain, serves):
        serving = Serving.load(model, home.index(model))
        assert len(serving.index.artifacts) == 16
        assert serving.index.search(
            serving.recognizer.run([serving.prepare(frame_of(shown.path)).input])[0], 1
        )
    assert "held-out synthetic photos" in read_manifest(serves).remarks
    assert not any((home.folder / "adaptation").iterdir())
    # The next adaptation starts from the plain model again, and is compared with the one that serves.
    again = adapt_museum(store, Enrollment(), recipe=write_recipe(tmp_path, steps=1, rate=1e-9))
    assert Path(again.report.started_from) == plain.resolve()
    assert again.report.before.name == read_manifest(serves).name
    # One that was refused in between changes nothing of that.
    third = adapt_museum(store, Enrollment(), recipe=write_recipe(tmp_path, steps=1, rate=1e-9))
    assert Path(third.report.started_from) == plain.resolve()
    # Nor does one that a server took into service and back again.
    taken_back = third.report.model_copy(update={"serves": "another.onnx.json", "swapped": True})
    (home.folder / "adaptation.json").write_text(taken_back.model_dump_json())
    assert _started_from(home, None) == plain.resolve()


def test_what_got_no_better_is_not_swapped_and_the_command_says_so(
    store: Path, photos: Path, tmp_path: Path
) -> None:
    before = Home(store / NAME).models()
    recipe = write_recipe(tmp_path, steps=2, rate=1e-9, whitening=0)
    told = index(store, photos, "--adapt", "--recipe", recipe)
    assert told.exit_code == 3, told.output
    assert "nothing was changed" in told.output
    assert "Only synthetic photos judged: nothing is known of real ones." in told.output
    # On so few artifacts nothing that has learned is offered.
    report = read_report(store)
    assert report is not None
    assert {one.name for one in report.withheld} == {"adapted", "adapted, averaged"}
    assert {one.name for one in report.tried} == {"as before"}
    assert Home(store / NAME).models() == before
    report = read_report(store)
    assert report is not None
    assert not report.swapped
    assert Path(report.serves) == before.cpu.resolve()


def test_photos_of_the_role_query_judge_before_and_after_and_are_not_learned_from(
    store: Path, tmp_path: Path
) -> None:
    labels = write_collection(tmp_path / "photos", artifacts=16, views=3)
    rows = labels.read_text().splitlines()
    roles = ["role", *("query" if row.split(",")[0].endswith("-2.png") else "gallery" for row in rows[1:])]
    told_roles = [",".join([*row.split(",")[:4], role]) for row, role in zip(rows, roles, strict=True)]
    labels.write_text("\n".join(told_roles) + "\n")
    told = index(
        store, labels, "--adapt", "--recipe", write_recipe(tmp_path, steps=2, rate=1e-9, whitening=0)
    )
    assert told.exit_code == 3, told.output
    assert "16 real photos judged as well" in told.output
    assert "Only synthetic" not in told.output
    report = read_report(store)
    assert report is not None
    assert (report.pictures, report.real_photos) == (32, 16)
    assert report.before.real_recall is not None


def test_what_is_better_on_synthetic_photos_and_worse_on_real_ones_is_refused_and_the_next_best_taken(
    photos: Path, tmp_path: Path
) -> None:
    shots, recipe = read_labels(photos), toy(photos)
    asking = read_labels(write_collection(tmp_path / "again", artifacts=16, views=2))[1::2]
    examined = _Examined(shots, asking, recipe)
    torch.manual_seed(0)
    sees = EmbeddingNet("toy", recipe.preprocessing).eval()
    blind = copy.deepcopy(sees)
    with torch.no_grad():
        for weights in blind.parameters():
            weights.zero_()
    found = [
        Candidate("blind", blind, Judgment(0.9, 0.9, 48)),
        Candidate("sees", sees, Judgment(0.8, 0.8, 48)),
    ]
    before = examined.network(Candidate("before", sees, Judgment(0.5, 0.5, 48)))
    best, tried = _best(found, before, examined)
    assert best == 1
    assert tried[0].is_worse_on_real_ones(before)
    assert not tried[1].is_worse_on_real_ones(before)
    # Without real photos nothing would have told.
    assert _best(found, before, _Examined(shots, [], recipe))[0] == 0


def test_an_adaptation_that_was_killed_goes_on_where_it_was(
    store: Path, photos: Path, tmp_path: Path
) -> None:
    enroll_museum(store, [photos], None, Enrollment())
    recipe, seen = write_recipe(tmp_path, steps=40, rate=1e-9, whitening=0), list[int]()

    def killed(step: int, _: dict[str, float]) -> None:
        if step == 27:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        adapt_museum(store, Enrollment(), recipe=recipe, telling=Telling(step=killed))
    adapt_museum(store, Enrollment(), recipe=recipe, telling=Telling(step=lambda step, _: seen.append(step)))
    assert seen == list(range(26, 41))


def test_one_adaptation_at_a_time_is_at_work_in_a_store(store: Path, photos: Path) -> None:
    with _alone(store / NAME):
        told = index(store, photos, "--adapt")
    assert told.exit_code == 1
    assert f"another adaptation is at work (process {os.getpid()})" in told.output
    assert "16 artifacts" in told.output


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_in_the_background_it_is_done_by_a_process_of_its_own(
    store: Path, photos: Path, tmp_path: Path
) -> None:
    recipe = write_recipe(tmp_path, steps=20, rate=1e-9, whitening=0)
    told = index(store, photos, "--adapt", "--background", "--recipe", recipe)
    assert told.exit_code == 0, told.output
    (process,) = map(int, re.findall(r"process (\d+)", told.output))
    _, status = os.waitpid(process, 0)
    log = (store / NAME / "adaptation.log").read_text()
    assert os.waitstatus_to_exitcode(status) == 3, log
    assert "step 20 of 20" in log
    assert read_report(store) is not None


def test_without_its_extra_it_says_what_to_install_and_without_a_store_what_is_wrong(
    store: Path, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = index(store, photos, "--adapt", "--index", tmp_path / "index")
    assert told.exit_code == 1
    assert "leave --index out" in told.output
    for name in [name for name in sys.modules if name.startswith("inference.museum_adaptation")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.startswith("inference.training.adapt")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    told = index(store, photos, "--adapt")
    assert told.exit_code == 1
    assert "torch is not installed: pip install 'museum-twin[train]'" in told.output
