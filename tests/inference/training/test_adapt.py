from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

import torch

from inference.training.adapt import candidates, learned, reduced, watched
from inference.training.examination import ASIDE, Examination, RealExamination, apart
from inference.training.experiment import Experiment, Loss, Network, Schedule
from inference.training.network import EmbeddingNet
from inference.training.pictures import Shot
from inference.training.train import CHECKPOINT, embed
from tests.inference.training.conftest import toy


@pytest.fixture
def start(labels: Path) -> EmbeddingNet:
    torch.manual_seed(0)
    network = EmbeddingNet("toy", toy(labels).preprocessing).eval()
    network.power = 0.5
    return network


def recipe(labels: Path, **schedule: object) -> Experiment:
    told: dict[str, object] = {
        "steps": 60, "artifacts": 12, "rate": 5e-3, "head_rate": 5e-3, "slower": 1.0, "thaw": (0, 0, 0),
        "validate_every": 20,
    }  # fmt: skip
    return toy(
        labels,
        augmentation=0.5,
        schedule=Schedule.model_validate(told | schedule),
        network=Network(backbone="toy", embedding=0, dropout=0),
        loss=Loss(margin=0.2),
    )


def test_a_gallery_of_one_picture_each_is_told_apart_better_by_what_comes_of_it(
    shots: list[Shot], labels: Path, start: EmbeddingNet, tmp_path: Path
) -> None:
    gallery, experiment = shots[::3], recipe(labels)
    network = learned(experiment, start, gallery, tmp_path / "run", lambda *_: None)
    assert network.power == start.power
    examination = Examination(gallery, experiment.preprocessing, experiment.seed)
    found = candidates(experiment, start, network, examination)
    before = next(one.judgment for one in found if one.name == "as before")
    assert found[0].judgment.is_better_than(before)
    assert [one.judgment.sum for one in found] == sorted([one.judgment.sum for one in found], reverse=True)
    assert {one.name for one in found} == {
        name + white for name in ("as before", "adapted", "adapted, averaged") for white in ("", ", whitened")
    }


def test_what_is_judged_by_is_not_what_was_learned_from_and_the_same_each_time(
    shots: list[Shot], labels: Path
) -> None:
    experiment = recipe(labels)
    one, again = (Examination(shots[::3], experiment.preprocessing, experiment.seed) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.photos, again.photos, strict=True))
    assert not any(np.array_equal(photo, part) for photo in one.photos for part in one.parts)


def test_photos_named_to_ask_judge_and_all_of_the_gallery_is_learned_from(shots: list[Shot]) -> None:
    photos, views, asked = shots[::3], shots[1::3], shots[2::3]
    learned_from, judging = apart(photos, views, asked)
    assert (learned_from, judging) == ([*photos, *views], asked)


def test_a_photo_that_is_learned_from_judges_nothing_under_whatever_name(
    shots: list[Shot], tmp_path: Path
) -> None:
    photos, asked = shots[::3], shots[1::3]
    copy = Shot(tmp_path / "copy.png", photos[0].artifact)
    copy.path.write_bytes(photos[0].path.read_bytes())
    stranger = Shot(asked[0].path, "in no gallery")
    learned_from, judging = apart(photos, [], [copy, stranger, *asked[1:]])
    assert learned_from == photos
    assert judging == asked[1:]


def test_where_none_is_named_the_last_of_an_artifacts_photos_is_set_aside_and_not_learned_from(
    shots: list[Shot],
) -> None:
    several, single, views = shots[:12], shots[12:15:3], shots[15:18]
    learned_from, judging = apart([*several, *single], views, [])
    assert judging == several[2::3]
    assert learned_from == [shot for shot in [*several, *single, *views] if shot not in judging]
    assert apart(shots[::3], [], []) == (shots[::3], [])


def test_of_many_artifacts_no_more_photos_are_set_aside_than_judging_needs(tmp_path: Path) -> None:
    photos = []
    for number in range(2 * (ASIDE + 20)):
        path = tmp_path / f"{number}.png"
        path.write_bytes(bytes([number % 251, number // 251]))
        photos.append(Shot(path, f"thing-{number // 2}"))
    learned_from, judging = apart(photos, [], [])
    assert (len(judging), len(learned_from)) == (ASIDE, len(photos) - ASIDE)
    assert not set(judging) & set(learned_from)


def test_real_photos_tell_a_network_that_sees_from_one_that_is_blind(
    shots: list[Shot], labels: Path, start: EmbeddingNet
) -> None:
    real = RealExamination(shots[::3], shots[1::3], recipe(labels).preprocessing)
    assert len(real.photos) == 24
    sees = real.judged(real.seen(lambda inputs: embed(start, inputs)))
    blind = real.judged(real.seen(lambda inputs: np.ones((len(inputs), 2), np.float32) / np.sqrt(2)))
    assert sees.recall > 3 * blind.recall > 0.0
    assert blind.is_worse_than(sees)
    assert not sees.is_worse_than(sees)


def test_learning_that_makes_things_worse_leaves_the_network_as_it_was(
    shots: list[Shot], labels: Path, start: EmbeddingNet, tmp_path: Path
) -> None:
    experiment = recipe(labels, steps=3, rate=1.0, head_rate=1.0, warm_up=0, validate_every=1)
    network = learned(experiment, start, shots[::3], tmp_path / "run", lambda *_: None)
    kept = network.state_dict()
    assert all(torch.equal(value, kept[name]) for name, value in start.state_dict().items())


def test_a_run_that_was_killed_goes_on_to_the_same_weights(
    shots: list[Shot], labels: Path, start: EmbeddingNet, tmp_path: Path
) -> None:
    experiment, gallery = recipe(labels, steps=24, validate_every=8), shots[::3]
    whole = learned(experiment, start, gallery, tmp_path / "whole", lambda *_: None).state_dict()
    begun: list[int] = []

    def killed(step: int, _: dict[str, float]) -> None:
        begun.append(step)
        if step == 13:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learned(experiment, start, gallery, tmp_path / "run", killed)
    assert (tmp_path / "run" / CHECKPOINT).is_file()
    resumed: list[int] = []
    told = learned(experiment, start, gallery, tmp_path / "run", lambda step, _: resumed.append(step))
    assert resumed[0] == 9
    found = told.state_dict()
    assert all(torch.equal(value, found[name]) for name, value in whole.items())
    assert watched(experiment, gallery)(told) >= watched(experiment, gallery)(start)


def test_pictures_are_kept_no_larger_than_learning_needs_and_without_their_background() -> None:
    picture = np.full((900, 1200, 3), 40, dtype=np.uint8)
    picture[300:600, 400:800] = np.random.default_rng(0).integers(0, 256, (300, 400, 3))
    kept = reduced(picture, 200)
    assert max(kept.shape[:2]) == 200
    assert abs(kept.shape[1] / kept.shape[0] - 4 / 3) < 0.1


def test_a_gallery_of_one_artifact_cannot_be_adapted_to(
    shots: list[Shot], labels: Path, start: EmbeddingNet, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="nothing to tell apart"):
        learned(recipe(labels), start, shots[:2], tmp_path, lambda *_: None)
