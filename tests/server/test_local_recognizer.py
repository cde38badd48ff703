import asyncio
import threading
from pathlib import Path

import numpy as np
import pytest

from inference.runtime.recognition import Recognition
from inference.runtime.registry import Registry
from inference.runtime.serving import Serving
from inference.runtime.sightings import RejectionReason
from server.local_recognizer import LocalRecognizer
from server.protocol.parts import RejectionReason as OnTheWire
from server.recognition import Bounds, Frame, Frames, Outcome, Picture
from server.store import StoreBusy
from tests.inference.conftest import encoded, picture, write_gallery, write_model


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    model = write_model(tmp_path / "model")
    return Serving.load(model, write_gallery(tmp_path / "gallery", model))


@pytest.fixture
def newer(tmp_path: Path) -> Serving:
    """Another model with the same gallery."""
    model = write_model(tmp_path / "newer", seed=1)
    return Serving.load(model, write_gallery(tmp_path / "newer-gallery", model))


async def test_camera_frames_of_many_clients_get_their_own_artifacts(serving: Serving) -> None:
    answers: dict[int, asyncio.Future[Outcome]] = {
        number: asyncio.get_running_loop().create_future() for number in range(6)
    }
    async with Registry() as registry:
        registry.promote(await registry.install("first", lambda: serving))
        frames = Frames(LocalRecognizer(Recognition(registry)))
        for number in range(6):
            image = encoded(picture(number), "JPEG")
            frames.offer(number, Frame(number, "jpeg", 96, 80, image), lambda n, o: answers[n].set_result(o))
        found = await asyncio.gather(*answers.values())
        await frames.close()
    assert [outcome.seen[0].artifact for outcome in found] == [f"vase-{number}" for number in range(6)]
    assert [name for name, _ in found[0].stages] == ["queue", "decode", "embed", "search"]
    assert found[0].model == serving.recognizer.manifest.identity


async def test_a_visitor_is_answered_by_one_version_all_along_while_another_is_tried(
    serving: Serving, newer: Serving
) -> None:
    models = {serving.model, newer.model}
    answered: dict[str, set[str]] = {}
    async with Registry() as registry:
        registry.promote(await registry.install("first", lambda: serving))
        registry.try_out(await registry.install("newer", lambda: newer), 0.5)
        recognizer = LocalRecognizer(Recognition(registry), 60.0)
        for number in range(16):
            visitor = f"visitor {number % 8}"
            outcome = await recognizer.recognize(Picture(picture(1), visitor=visitor))
            answered.setdefault(visitor, set()).add(outcome.model)
    assert all(len(of) == 1 for of in answered.values())
    assert set.union(*answered.values()) == models


async def test_gray_pictures_are_looked_at_and_blank_ones_are_uncertain(serving: Serving) -> None:
    async with Registry() as registry:
        registry.promote(await registry.install("first", lambda: serving))
        recognizer = LocalRecognizer(Recognition(registry))
        gray = await recognizer.recognize(Picture(np.ascontiguousarray(picture(1)[..., 0])))
        blank = await recognizer.recognize(Picture(np.zeros((64, 64), dtype=np.uint8)))
    assert gray.refusal in ("", "not_ours")
    assert blank.refusal == "uncertain"
    assert blank.detail.startswith("too dark")


async def test_without_a_recognizer_in_service_frames_are_unavailable() -> None:
    async with Registry() as registry:
        found = await LocalRecognizer(Recognition(registry)).recognize(Picture(picture(1)))
    assert found.refusal == "unavailable"


@pytest.mark.parametrize("reason", RejectionReason)
def test_every_reason_of_the_runtime_has_a_name_on_the_wire(reason: RejectionReason) -> None:
    assert reason.name.upper() in OnTheWire.__members__


async def test_a_store_that_does_not_answer_makes_frames_unavailable_and_names_nothing(
    serving: Serving,
) -> None:
    async def is_shown(artifact: str) -> bool:
        raise StoreBusy(f"{artifact} took too long")

    async with Registry() as registry:
        registry.promote(await registry.install("first", lambda: serving))
        found = await LocalRecognizer(Recognition(registry), 20.0, is_shown).recognize(Picture(picture(1)))
    assert (found.refusal, found.seen, found.nearby) == ("unavailable", (), ())
    assert "took too long" in found.detail


async def test_the_runtime_hears_of_a_late_frame_before_its_caller_gives_up(serving: Serving) -> None:
    told: list[bool] = []
    go = threading.Event()
    prepare = serving.prepare

    def slow(frame: object) -> object:
        go.wait(30)
        return prepare(frame)  # type: ignore[arg-type]

    serving.prepare = slow  # type: ignore[method-assign, assignment]
    answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    async with Registry() as registry:
        registry.promote(await registry.install("first", lambda: serving))
        recognition = Recognition(registry, heard=lambda *, failed, late: told.append(late))
        frames = Frames(LocalRecognizer(recognition, 0.5), Bounds(deadline=0.5))
        image = encoded(picture(1), "JPEG")
        frames.offer("anna", Frame(1, "jpeg", 96, 80, image), lambda _, outcome: answer.set_result(outcome))
        assert (await answer).refusal == "late"
        assert told == [True]
        go.set()
        await frames.close()
