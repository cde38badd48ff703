import asyncio
import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from threadpoolctl import threadpool_info

from inference.runtime.canary import CanaryLimits
from inference.runtime.decoding import Encoding, Frame
from inference.runtime.index_files import IndexRefused
from inference.runtime.recognition import FAILED, Recognition
from inference.runtime.registry import NothingLive, Registry, State, StateError
from inference.runtime.serving import Question, Serving
from inference.runtime.sightings import RejectionReason
from tests.inference.conftest import encoded, network, picture, write_gallery, write_model

Load = Callable[[], Serving]


@pytest.fixture
def load(model: Path, gallery: Path) -> Load:
    return lambda: Serving.load(model, gallery)


@pytest.fixture
def empty(tmp_path: Path, model: Path) -> Path:
    """A gallery without artifacts."""
    return write_gallery(tmp_path / "empty", model, artifacts=0)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A sound model that did not make the gallery."""
    return write_model(tmp_path / "other", network(seed=1), seed=1)


def frame(seed: int) -> Frame:
    return Frame(Encoding.png, encoded(picture(seed)), 0, 0)


async def test_a_frame_of_an_artifact_gives_its_sighting_with_evidence_and_times(load: Load) -> None:
    async with Registry() as registry:
        registry.promote(await registry.install("first", load))
        answer = await Recognition(registry).look("anna", frame(3))
    assert answer.rejection is None
    assert [sighting.artifact for sighting in answer.sightings] == ["vase-3"]
    assert answer.sightings[0].similarity == pytest.approx(1.0, abs=1e-4)
    assert answer.sightings[0].score > 0.9
    assert answer.sightings[0].evidence == "similarity 1.00 to view photo"
    assert [stage.stage for stage in answer.stages] == ["decode", "embed", "search"]
    assert all(stage.duration > 0 for stage in answer.stages)


async def test_pixels_decoded_by_the_caller_give_the_same_answer(load: Load) -> None:
    async with Registry() as registry:
        registry.promote(await registry.install("first", load))
        recognition = Recognition(registry)
        told, shown = await recognition.look("a", frame(3)), await recognition.look("b", picture(3))
        gray = await recognition.look("c", np.ascontiguousarray(picture(3)[..., 0]))
    assert told.sightings == shown.sightings
    assert gray.model == told.model


async def test_what_is_in_no_gallery_is_rejected_with_a_reason(load: Load) -> None:
    async with Registry() as registry:
        registry.promote(await registry.install("first", load))
        answer = await Recognition(registry).look("anna", frame(77))
    assert answer.sightings == ()
    assert answer.rejection is not None
    assert answer.rejection.reason is RejectionReason.not_ours


async def test_candidates_near_the_visitor_get_an_answer_of_their_own(load: Load) -> None:
    async with Registry() as registry:
        registry.promote(await registry.install("first", load))
        recognition = Recognition(registry)
        near = await recognition.look("anna", frame(3), question=Question({"vase-3", "vase-5"}))
        far = await recognition.look("anna", frame(3), question=Question({"vase-1"}))
    assert near.nearby[0].artifact == near.sightings[0].artifact == "vase-3"
    assert far.sightings[0].artifact == "vase-3"
    assert far.nearby == ()


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (Frame(Encoding.jpeg, b"no picture", 0, 0), RejectionReason.unreadable),
        (np.full((64, 64, 3), 3, dtype=np.uint8), RejectionReason.uncertain),
    ],
)
async def test_a_frame_that_cannot_be_judged_is_answered_with_its_reason(
    load: Load, shown: Frame, reason: RejectionReason
) -> None:
    async with Registry() as registry:
        registry.promote(await registry.install("first", load))
        answer = await Recognition(registry).look("anna", shown)
    assert answer.rejection is not None
    assert answer.rejection.reason is reason


async def test_frames_that_cannot_be_opened_change_no_other_clients_answer(load: Load) -> None:
    png = encoded(picture(3))
    bomb = png[:16] + (60_000).to_bytes(4, "big") * 2 + png[24:]
    bad = [Frame(Encoding.png, content, 0, 0) for content in (png[: len(png) // 2], bomb, b"", b"GIF89a")]
    async with Registry() as registry:
        registry.promote(await registry.install("first", load))
        recognition = Recognition(registry)
        alone = (await recognition.look("anna", frame(3), 60.0)).sightings
        asked = [bad[n // 2 % len(bad)] if n % 2 else frame(3) for n in range(16)]
        answers = await asyncio.gather(
            *(recognition.look(f"client {n}", shown, 60.0) for n, shown in enumerate(asked))
        )
    assert [answer.sightings for answer in answers[::2]] == [alone] * 8
    refused = [answer.rejection for answer in answers[1::2]]
    assert [one.reason for one in refused if one is not None] == [RejectionReason.unreadable] * 8


def test_numeric_libraries_are_kept_to_the_thread_that_calls_them(load: Load) -> None:
    load().close()
    pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert pools
    assert set(pools) == {1}
    assert cv2.getNumThreads() == 1


async def test_an_empty_gallery_and_no_model_at_all_are_unavailable(model: Path, empty: Path) -> None:
    async with Registry() as registry:
        recognition = Recognition(registry)
        nothing = await recognition.look("anna", frame(1))
        registry.promote(await registry.install("empty", lambda: Serving.load(model, empty)))
        answer = await recognition.look("anna", frame(1))
    for found, told in ((nothing, "no recognizer is in service"), (answer, "run `twin index`")):
        assert found.rejection is not None
        assert found.rejection.reason is RejectionReason.unavailable
        assert told in found.rejection.detail


async def test_a_network_that_fails_is_told_without_detail_and_counted(load: Load) -> None:
    async with Registry() as registry:
        version = await registry.install("first", load)
        registry.promote(version)
        version.serving.recognizer._session = None
        told: list[dict[str, bool]] = []
        recognition = Recognition(registry, heard=lambda **fared: told.append(fared))
        answer = await recognition.look("anna", frame(1))
    assert answer.rejection is not None
    assert answer.rejection.detail == FAILED
    assert told == [{"failed": True, "late": False}]


async def test_an_index_of_another_model_is_refused_and_the_version_never_serves(
    other: Path, gallery: Path
) -> None:
    async with Registry() as registry:
        with pytest.raises(IndexRefused, match="made by model"):
            await registry.install("other", lambda: Serving.load(other, gallery))
        with pytest.raises(NothingLive), registry.lease("anna"):
            pass


async def test_a_swap_under_load_loses_no_frame_and_closes_the_old_version(load: Load) -> None:
    async with Registry() as registry:
        first = await registry.install("first", load)
        registry.promote(first)
        recognition = Recognition(registry)
        answers = [asyncio.create_task(recognition.look(f"c{n}", frame(n % 6), 60.0)) for n in range(60)]
        await asyncio.sleep(0)
        assert first.leases == 60
        second = await registry.install("second", load)
        registry.promote(second)
        assert first.state in (State.draining, State.retired)
        answers += [asyncio.create_task(recognition.look(f"d{n}", frame(n % 6), 60.0)) for n in range(20)]
        found = await asyncio.gather(*answers)
    named = [one.sightings[0].artifact for one in found]
    assert named == [f"vase-{n % 6}" for n in range(60)] + [f"vase-{n % 6}" for n in range(20)]
    assert first.state is State.retired
    with pytest.raises(StateError, match="first is retired"):
        _ = first.serving


async def test_many_swaps_leave_nothing_of_the_old_versions(load: Load) -> None:
    kept: list[weakref.ref[Serving]] = []
    async with Registry() as registry:
        recognition = Recognition(registry)
        for number in range(5):
            version = await registry.install(f"number {number}", load)
            registry.promote(version)
            kept.append(weakref.ref(version.serving))
            assert (await recognition.look("anna", frame(2))).sightings
        del version
        await asyncio.sleep(0)
        gc.collect()
        assert [one() is None for one in kept] == [True] * 4 + [False]


async def test_a_canary_answers_always_the_same_share_of_clients(load: Load) -> None:
    async with Registry() as registry:
        registry.promote(await registry.install("live", load))
        canary = await registry.install("canary", load)
        registry.try_out(canary, 0.2)

        def tried() -> list[bool]:
            found = []
            for number in range(2000):
                with registry.lease(f"client {number}") as version:
                    found.append(version is canary)
            return found

        assert tried() == tried()
        assert sum(tried()) == pytest.approx(400, abs=60)


async def test_a_canary_that_fails_is_rolled_back_and_the_live_one_answers_in_its_place_all_along(
    load: Load,
) -> None:
    async with Registry(canary_limits=CanaryLimits(least_frames=5)) as registry:
        live, canary = await registry.install("live", load), await registry.install("canary", load)
        registry.promote(live)
        registry.try_out(canary, 0.5)
        canary.serving.recognizer._session = None
        recognition = Recognition(registry)
        told: list[str] = []
        registry.judged = lambda version, judgment: told.append(f"{version.name}: {judgment.reason}")
        for number in range(40):
            answer = await recognition.look(f"client {number}", frame(number % 6), 60.0)
            assert [one.artifact for one in answer.sightings] == [f"vase-{number % 6}"]
        assert told == [f"canary: {canary.reason}"]
        assert canary.state is State.retired
        assert canary.reason.startswith("errors: ")
        assert registry.live is live
        assert registry.canary is None


async def test_a_canary_that_does_as_well_takes_over(load: Load) -> None:
    limits = CanaryLimits(frames=10, least_frames=5, slower=1000.0)
    async with Registry(canary_limits=limits) as registry:
        live, canary = await registry.install("live", load), await registry.install("canary", load)
        registry.promote(live)
        registry.try_out(canary, 0.5)
        recognition = Recognition(registry)
        for number in range(60):
            assert (await recognition.look(f"client {number}", frame(number % 6), 60.0)).sightings
        assert registry.live is canary
        assert live.state is State.retired


async def test_a_step_that_the_table_does_not_have_is_refused(load: Load) -> None:
    async with Registry() as registry:
        version = await registry.install("first", load)
        with pytest.raises(StateError, match="a canary needs a live version"):
            registry.try_out(version, 0.5)
        registry.promote(version)
        with pytest.raises(StateError, match="first is live and cannot become live"):
            registry.promote(version)


async def test_callers_that_give_up_leave_no_lease_behind(load: Load) -> None:
    async with Registry() as registry:
        version = await registry.install("first", load)
        registry.promote(version)
        recognition = Recognition(registry)
        tasks = [asyncio.create_task(recognition.look(f"c{n}", frame(n % 6), 60.0)) for n in range(40)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert version.leases == 0
        assert all(task.result().sightings for task in tasks[1::2])


async def test_a_dead_batch_loop_ends_the_registry_loudly(load: Load) -> None:
    with pytest.raises(ExceptionGroup) as ended:
        async with Registry() as registry:
            version = await registry.install("first", load)
            registry.promote(version)
            version.batcher._executor = None  # type: ignore[assignment]
            version.batcher._fit = None  # type: ignore[assignment]
            await Recognition(registry).look("anna", frame(1))
            await asyncio.sleep(3600)
    assert ended.group_contains(AttributeError)
