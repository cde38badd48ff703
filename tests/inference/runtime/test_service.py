"""The ladder, broken at every step, with real models, indexes and frames."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from inference.manifest import read_manifest, small_of
from inference.runtime.canary import CanaryLimits
from inference.runtime.decoding import Encoding, Frame
from inference.runtime.home import Home, Models
from inference.runtime.ladder import Patience, Step
from inference.runtime.recognition import BY_PLACE, Recognition
from inference.runtime.recognizer import LADDER, ModelError
from inference.runtime.registry import Registry
from inference.runtime.service import Newcomers, Service, Way, models_of, ways_of
from inference.runtime.serving import Question, Serving
from inference.runtime.sightings import RejectionReason, Sightings
from inference.shipped import shipped_model
from tests.inference.conftest import encoded, picture, write_gallery, write_model

PROCESSOR = LADDER[-1:]


class Lost:
    """A session whose device is gone."""

    def run(self, *_: Any) -> Any:
        raise RuntimeError("CUDA failure 719: unspecified launch failure")


@dataclass(slots=True)
class House:
    """Three models with their indexes, the first of them on what stands for a graphics processor here."""

    ways: list[Way]
    broken: set[Step] = field(default_factory=set)
    """Steps that cannot be loaded."""
    servings: dict[Step, Serving] = field(default_factory=dict)
    now: float = 0.0

    def load(self, way: Way) -> Serving:
        if way.step in self.broken:
            raise ModelError(f"{way.step} is broken")
        self.servings[way.step] = Serving.load(way.model, way.index, ladder=way.providers)
        return self.servings[way.step]

    def lose(self, step: Step) -> None:
        """Take the device from under a step."""
        self.broken.add(step)
        self.servings[step].recognizer._session = Lost()


@pytest.fixture
def house(tmp_path: Path) -> House:
    ways = []
    for seed, step in enumerate((Step.gpu, Step.cpu, Step.small)):
        model = write_model(tmp_path / step, seed=seed)
        ways.append(Way(step, model, write_gallery(tmp_path / f"{step}-index", model), PROCESSOR))
    return House(ways)


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[tuple[Service, Recognition]]:
    async with Registry(clock=lambda: house.now) as registry:
        patience = Patience(failures=2, frames=4, rest=60.0)
        service = Service(registry, lambda: house.ways, load=house.load, patience=patience)
        recognition = Recognition(registry, heard=service.heard)
        await service.look()
        yield service, recognition
        recognition.close()


async def asked(recognition: Recognition, number: int = 3, seconds: float = 20.0) -> Sightings:
    frame = Frame(Encoding.png, encoded(picture(number)), 0, 0)
    return await recognition.look("anna", frame, seconds, Question({"vase-1"}))


async def test_the_best_step_that_holds_serves(house: House) -> None:
    async with serving(house) as (service, recognition):
        assert service.standing.step is Step.gpu
        assert not service.standing.is_degraded
        assert (await asked(recognition)).sightings[0].artifact == "vase-3"


async def test_broken_at_every_step_it_stands_on_the_next_and_tells_why_down_to_place_alone(
    house: House,
) -> None:
    async with serving(house) as (service, recognition):
        for lost, below in ((Step.gpu, Step.cpu), (Step.cpu, Step.small), (Step.small, Step.place)):
            assert service.standing.step is lost
            house.lose(lost)
            failed = [await asked(recognition) for _ in range(2)]
            assert {answer.rejection and answer.rejection.reason for answer in failed} == {
                RejectionReason.unavailable
            }
            await service.look()
            assert service.standing.step is below
            assert service.standing.is_degraded
            assert lost in {step for step, _ in service.standing.passed_over}
            if below is not Step.place:
                answer = await asked(recognition)
                assert answer.sightings[0].artifact == "vase-3"
                assert answer.model == house.servings[below].model
        answer = await asked(recognition)
        assert answer.rejection is not None
        assert answer.rejection.reason is RejectionReason.unavailable
        (near,) = answer.nearby
        assert (near.artifact, near.score, near.evidence) == ("vase-1", 0.0, BY_PLACE)


async def test_a_step_that_cannot_be_loaded_is_passed_over_with_its_reason(house: House) -> None:
    house.broken.add(Step.gpu)
    async with serving(house) as (service, _):
        assert service.standing.step is Step.cpu
        assert service.standing.passed_over == ((Step.gpu, "gpu is broken"),)


async def test_weights_that_arrive_after_their_manifest_are_taken_at_the_next_look(house: House) -> None:
    weights = house.ways[0].model.with_suffix("")
    away = weights.with_suffix(".away")
    await asyncio.to_thread(weights.rename, away)
    steps = []
    async with serving(house) as (service, _):
        steps.append(service.standing.step)
        await asyncio.to_thread(away.rename, weights)
        await service.look()
        steps.append(service.standing.step)
    assert steps == [Step.cpu, Step.gpu]


async def test_a_lost_step_is_tried_again_after_its_rest(house: House) -> None:
    async with serving(house) as (service, recognition):
        house.lose(Step.gpu)
        for _ in range(2):
            await asked(recognition)
        await service.look()
        house.broken.clear()
        assert not service.rested()
        house.now = 61.0
        assert service.rested()
        await service.look()
        assert service.standing.step is Step.gpu
        assert (await asked(recognition)).sightings[0].artifact == "vase-3"


async def test_frames_that_come_too_late_lead_from_the_processor_to_the_smaller_input(house: House) -> None:
    house.broken.add(Step.gpu)
    async with serving(house) as (service, recognition):
        for _ in range(4):
            answer = await asked(recognition, seconds=0.0)
            assert answer.rejection is not None
            assert answer.rejection.reason is RejectionReason.late
        await service.look()
        assert service.standing.step is Step.small


async def test_late_frames_do_not_lead_to_a_smaller_input_that_has_no_index(house: House) -> None:
    house.broken.add(Step.gpu)
    house.ways[2] = replace(house.ways[2], index=house.ways[2].index / "none")
    async with serving(house) as (service, recognition):
        for _ in range(4):
            await asked(recognition, seconds=0.0)
        await service.look()
        assert service.standing.step is Step.cpu


async def test_a_loop_that_keeps_looking_takes_a_fall_at_once(house: House) -> None:
    async with serving(house) as (service, recognition):
        keeping = asyncio.create_task(service.keep())
        house.lose(Step.gpu)
        for _ in range(2):
            await asked(recognition)
        await asyncio.wait_for(service.stands(lambda standing: standing.step is Step.cpu), 30)
        keeping.cancel()


def test_the_declared_ladder_has_a_gpu_a_processor_and_where_there_is_one_a_smaller_step(
    tmp_path: Path,
) -> None:
    whole, small = write_model(tmp_path / "whole"), write_model(tmp_path / "small", seed=1)
    home = Home(tmp_path / "recognition")
    assert [way.step for way in ways_of(home, Models(whole))] == [Step.gpu, Step.cpu]
    ways = ways_of(home, Models(whole, small=small))
    assert [way.step for way in ways] == [Step.gpu, Step.cpu, Step.small]
    assert ways[0].index == ways[1].index != ways[2].index
    assert [(rung.provider, rung.is_bound) for rung in ways[0].providers] == [
        ("TensorrtExecutionProvider", True), ("CUDAExecutionProvider", True),
        ("CUDAExecutionProvider", False),
    ]  # fmt: skip


def test_a_chosen_model_is_read_again_and_one_of_the_folder_moves_with_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "recognition")
    own, outside = write_model(home.adapted), write_model(tmp_path / "outside", seed=1)
    home.choose(Models(own, small=outside))
    moved = Home((tmp_path / "recognition").rename(tmp_path / "moved"))
    assert moved.models() == Models(moved.adapted / own.name, small=outside)


def test_going_back_to_what_comes_with_the_project_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    home = Home(tmp_path / "recognition")
    shipped = home.models()
    home.choose(Models(write_model(tmp_path / "outside")))
    home.choose(shipped)
    assert home.models() == shipped
    # Named by no path of this machine: a store that is moved, or a newer project, has its own.
    assert list(home.folder.iterdir()) == []


@pytest.fixture
def chosen(tmp_path: Path) -> Home:
    """A store's recognition folder with a model chosen for it."""
    home = Home(tmp_path / "recognition")
    model = write_model(home.adapted)
    write_gallery(home.index(model), model)
    home.choose(Models(model))
    return home


async def test_a_damaged_choice_of_models_is_told_and_what_serves_goes_on(chosen: Home) -> None:
    choice = chosen.folder / "models.json"
    whole = await asyncio.to_thread(choice.read_bytes)
    async with Registry() as registry:
        service = Service(registry, lambda: ways_of(chosen, chosen.models()))
        await service.look()
        assert service.standing.step is Step.cpu
        await asyncio.to_thread(choice.write_bytes, b"{")
        await service.look()
        assert service.standing.step is Step.cpu
        assert registry.live is not None
        assert "models.json: cannot be read" in service.standing.passed_over[0][1]
        await asyncio.to_thread(choice.write_bytes, whole)
        await service.look()
        assert not service.standing.is_degraded


def test_what_came_with_the_project_serves_again_without_a_choice_and_only_in_place_of_what_was_refused(
    chosen: Home, tmp_path: Path
) -> None:
    refused, shipped = chosen.models().cpu, shipped_model()
    assert not chosen.take_back(tmp_path / "another.onnx.json", Models(shipped))
    assert chosen.models().cpu == refused
    # However the path is written.
    around = shipped.parent / ".." / shipped.parent.name / shipped.name
    assert chosen.take_back(refused, Models(around, small=small_of(shipped)))
    assert not (chosen.folder / "models.json").exists()


def test_a_model_of_the_store_s_own_serves_again_where_none_comes_with_the_project(
    chosen: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, refused = chosen.models(), write_model(tmp_path / "refused", seed=1)
    chosen.choose(Models(refused))
    with monkeypatch.context() as without:
        without.setattr("inference.runtime.home.shipped_model", lambda: shipped_model(tmp_path))
        assert chosen.take_back(refused, own)
    assert chosen.models() == own


# A model that has not served here yet


LIMITS = CanaryLimits(frames=12, least_frames=4, slower=1e6)


@dataclass(slots=True)
class Gallery:
    """A store's recognition folder, the server's part around it, and what visitors were told."""

    home: Home
    before: Models
    registry: Registry
    service: Service
    recognition: Recognition
    left: str = ""

    def take_back(self, refused: Path, ways: Sequence[Way]) -> str:
        if not self.left:
            self.home.take_back(refused, models_of(ways))
        return self.left

    async def chosen(self, folder: Path, seed: int, artifacts: int) -> str:
        """Another model with an index of so many artifacts is chosen; returns its identity."""

        def write() -> str:
            model = write_model(folder, seed=seed)
            write_gallery(self.home.index(model), model, artifacts)
            self.home.choose(Models(model))
            return read_manifest(model).identity

        identity = await asyncio.to_thread(write)
        await self.service.look()
        return identity

    async def visited(self, visitors: int = 40) -> list[str]:
        """Each points a camera at an artifact; the models that answered. All must be answered."""
        answers = [
            await self.recognition.look(f"visitor {number}", picture(2 + number % 2), 60.0)
            for number in range(visitors)
        ]
        reasons = {answer.rejection.reason for answer in answers if answer.rejection is not None}
        assert reasons <= {RejectionReason.not_ours}
        await self.service.look()
        return [answer.model for answer in answers]


@asynccontextmanager
async def trying(chosen: Home) -> AsyncIterator[Gallery]:
    """A model serves; the next is to be tried on half of the visitors."""
    async with Registry(canary_limits=LIMITS) as registry:
        before = await asyncio.to_thread(chosen.models)
        newcomers = Newcomers(0.5, lambda refused, ways: gallery.take_back(refused, ways))
        service = Service(registry, lambda: ways_of(chosen, chosen.models()), newcomers=newcomers)
        recognition = Recognition(registry, heard=service.heard)
        gallery = Gallery(chosen, before, registry, service, recognition)
        await service.look()
        yield gallery
        recognition.close()


async def test_the_first_model_and_a_new_index_of_it_serve_at_once(chosen: Home) -> None:
    async with trying(chosen) as tried:
        first = tried.service.standing
        assert (first.artifacts, first.canary) == (6, "")
        index = await asyncio.to_thread(chosen.index, tried.before.cpu)
        await asyncio.to_thread(shutil.rmtree, index)
        await asyncio.to_thread(write_gallery, index, tried.before.cpu, 7)
        await tried.service.look()
        second = tried.service.standing
        assert (second.model, second.artifacts, second.canary) == (first.model, 7, "")


async def test_a_new_model_answers_a_share_first_and_serves_all_when_it_does_as_well(
    chosen: Home, tmp_path: Path
) -> None:
    async with trying(chosen) as tried:
        first = tried.service.standing
        new = await tried.chosen(tmp_path / "new", 1, artifacts=6)
        during = tried.service.standing
        assert (during.model, during.canary) == (first.model, new)
        answered = await tried.visited()
        assert set(answered) == {first.model, new}
        after = tried.service.standing
        assert (after.model, after.canary, after.rolled_back) == (new, "", None)
        assert set(await tried.visited(4)) == {new}
        # What has proved itself here is no canary again.
        await asyncio.to_thread(tried.home.choose, tried.before)
        await tried.service.look()
        assert (tried.service.standing.model, tried.service.standing.canary) == (first.model, "")


async def test_a_model_that_names_nothing_is_rolled_back_loudly_and_the_files_name_the_former_again(
    chosen: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with trying(chosen) as tried:
        first = tried.service.standing
        # Its gallery holds other things than those that visitors look at.
        bad = await tried.chosen(tmp_path / "bad", 1, artifacts=1)
        await tried.visited()
        after = tried.service.standing
        assert (after.model, after.canary) == (first.model, "")
        assert after.rolled_back is not None
        assert after.rolled_back[0] == bad
        assert after.rolled_back[1].startswith("abstentions: ")
        assert tried.service.rollbacks == 1
        (told,) = [record for record in caplog.records if record.levelname == "ERROR"]
        assert f"model {bad} was rolled back" in told.getMessage()
        assert await asyncio.to_thread(tried.home.models) == tried.before
        assert set(await tried.visited(4)) == {first.model}


async def test_a_choice_that_cannot_be_taken_back_is_told_and_not_tried_again_whatever_is_indexed(
    chosen: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with trying(chosen) as tried:
        first = tried.service.standing
        tried.left = "the disk is full"
        bad = await tried.chosen(tmp_path / "bad", 1, artifacts=1)
        await tried.visited()
        await tried.service.look()
        assert (tried.service.standing.model, tried.service.standing.canary) == (first.model, "")
        assert "a restart would serve it: the disk is full" in caplog.text
        refused = await asyncio.to_thread(tried.home.models)
        for model, artifacts in ((refused.cpu, 2), (tried.before.cpu, 7)):
            index = await asyncio.to_thread(chosen.index, model)
            await asyncio.to_thread(shutil.rmtree, index)
            await asyncio.to_thread(write_gallery, index, model, artifacts)
            await tried.service.look()
        now = tried.service.standing
        # A new index of the one that goes on is taken all the same.
        assert (now.model, now.artifacts, now.canary) == (first.model, 7, "")
        assert tried.service.rollbacks == 1
        why = {why for _, why in now.passed_over if bad in why}
        assert len(why) == 1
        assert "was rolled back and is not tried again (abstentions: " in why.pop()


async def test_a_refused_model_is_tried_anew_once_another_was_chosen_in_between_and_another_one_at_once(
    chosen: Home, tmp_path: Path
) -> None:
    async with trying(chosen) as tried:
        tried.left = "the disk is full"
        bad = await tried.chosen(tmp_path / "bad", 1, artifacts=1)
        refused = await asyncio.to_thread(tried.home.models)
        await tried.visited()
        assert tried.service.standing.rolled_back is not None
        other = await tried.chosen(tmp_path / "other", 2, artifacts=6)
        assert tried.service.standing.canary == other
        await asyncio.to_thread(tried.home.choose, refused)
        await tried.service.look()
        assert (tried.service.standing.canary, tried.service.standing.passed_over[1:]) == (bad, ())


async def test_a_new_model_that_is_damaged_leaves_the_former_in_service(chosen: Home, tmp_path: Path) -> None:
    async with trying(chosen) as tried:
        first = tried.service.standing
        await asyncio.to_thread(write_model, tmp_path / "bad", seed=1)
        weights = tmp_path / "bad" / "cells.onnx"
        await asyncio.to_thread(weights.write_bytes, b"no weights")
        bad = Models(tmp_path / "bad" / "cells.onnx.json")
        await asyncio.to_thread(tried.home.choose, bad)
        await tried.service.look()
        assert tried.service.standing.model == first.model
        assert tried.service.standing.is_degraded
        assert set(await tried.visited(4)) == {first.model}


async def test_a_model_that_is_chosen_no_more_and_fails_leaves_its_step_without_an_error(
    chosen: Home, tmp_path: Path
) -> None:
    async with trying(chosen) as tried:
        none = Models(await asyncio.to_thread(write_model, tmp_path / "unindexed", seed=1))
        await asyncio.to_thread(chosen.choose, none)
        await tried.service.look()
        live = tried.registry.live
        assert live is not None
        live.serving.recognizer._session = Lost()
        for _ in range(3):
            await asked(tried.recognition)
        await tried.service.look()
        assert tried.service.standing.step is Step.place
