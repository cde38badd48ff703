import asyncio
from pathlib import Path

import numpy as np
import pytest

from inference.runtime.recognition import Recognition
from inference.runtime.registry import Registry
from inference.runtime.serving import Serving
from inference.runtime.sightings import RejectionReason
from server.local_recognizer import LocalRecognizer
from server.protocol.parts import RejectionReason as OnTheWire
from server.recognition import Frame, Frames, Outcome, Picture
from tests.inference.conftest import encoded, picture, write_gallery, write_model


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    model = write_model(tmp_path / "model")
    return Serving.load(model, write_gallery(tmp_path / "gallery", model))


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
