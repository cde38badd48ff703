"""Camera frames: the latest wins, each has one answer, and the event loop never waits for one."""

import asyncio
import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from PIL import Image

from server.protocol.messages import CameraFrame, ClockAnswer, ClockRequest, Error, Sightings
from server.protocol.parts import Consent, ErrorCode, ImageEncoding, RejectionReason
from server.recognition import (
    Bounds,
    Frame,
    Frames,
    Outcome,
    Picture,
    Seen,
    UnreadableFrame,
    opened,
)
from tests.server import museum


@dataclass
class BrightRecognizer:
    """Sees made:0-0 in every bright picture. Waits, where told to, until it is let go on."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0
    pictures: int = 0
    visitors: set[str] = field(default_factory=set)

    async def recognize(self, picture: Picture) -> Outcome:
        self.pictures += 1
        self.visitors.add(picture.visitor)
        self.began.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if picture.pixels.mean() < 128:
            return Outcome(refusal="not_ours", detail="too dark to be ours", model="fake")
        return Outcome((Seen("made:0-0", 0.9, "it is bright"),), stages=(("embed", 1000),), model="fake")


def free() -> BrightRecognizer:
    recognizer = BrightRecognizer()
    recognizer.go.set()
    return recognizer


def gray(number: int, light: int = 255) -> Frame:
    return Frame(number, "gray8", 4, 2, bytes([light]) * 8)


def image(kind: str, mode: str = "RGB", size: tuple[int, int] = (8, 6)) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, "white").save(stream, kind)
    return stream.getvalue()


@dataclass
class Answers:
    """Collects what is answered."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, number: int, outcome: Outcome) -> None:
        assert number not in self.outcomes, "answered twice"
        self.outcomes[number] = outcome
        self.arrived.set()

    async def all(self, count: int) -> dict[int, Outcome]:
        async with asyncio.timeout(10):
            while len(self.outcomes) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.outcomes


# Opening frames


@pytest.mark.parametrize(
    ("encoding", "data", "shape"),
    [
        ("jpeg", image("JPEG"), (6, 8, 3)),
        ("jpeg", image("JPEG", "L"), (6, 8, 3)),
        ("png", image("PNG", "RGBA"), (6, 8, 3)),
        ("gray8", b"\xff" * 48, (6, 8)),
    ],
)
def test_frames_are_opened(encoding: str, data: bytes, shape: tuple[int, ...]) -> None:
    pixels = opened(Frame(1, encoding, 8, 6, data)).pixels
    assert pixels.shape == shape
    assert pixels.dtype == np.uint8
    assert pixels.min() >= 250


@pytest.mark.parametrize(("kind", "mode", "white"), [("JPEG", "CMYK", (0, 0, 0, 0)), ("PNG", "I;16", 65_535)])
def test_frames_of_other_color_depths_are_opened(kind: str, mode: str, white: Any) -> None:
    stream = io.BytesIO()
    Image.new(mode, (8, 6), white).save(stream, kind)
    pixels = opened(Frame(1, kind.lower(), 8, 6, stream.getvalue())).pixels
    assert pixels.shape == (6, 8, 3)
    assert pixels.dtype == np.uint8
    assert pixels.min() >= 250


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_frame_whose_orientation_stands_in_its_exif_is_opened_once_and_upright(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    Image.new("RGB", (8, 6), "white").save(stream, kind, exif=exif)
    times, whole = [], Image.open

    def counted(*args: Any, **options: Any) -> Image.Image:
        times.append(args)
        return whole(*args, **options)

    monkeypatch.setattr(Image, "open", counted)
    picture = opened(Frame(1, kind.lower(), 8, 6, stream.getvalue()))
    assert picture.pixels.shape == (8, 6, 3)
    assert picture.turning is not None
    assert (picture.turning.orientation, len(times)) == (6, 1)


def test_a_large_frame_is_opened_smaller_and_says_by_how_much() -> None:
    picture = opened(Frame(1, "jpeg", 2000, 1500, image("JPEG", size=(2000, 1500))))
    assert (picture.pixels.shape, picture.reduction) == ((750, 1000, 3), 2.0)


@pytest.mark.parametrize(
    ("encoding", "data", "says"),
    [
        ("jpeg", image("JPEG", size=(9, 9)), "has 9 x 9 pixels, the frame states 8 x 6"),
        ("jpeg", image("PNG"), "not a JPEG"),
        ("jpeg", image("JPEG")[:60], "not a JPEG|damaged or truncated JPEG"),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(50), "not a PNG|damaged or truncated PNG"),
        ("png", b"", "not a PNG"),
        ("gray8", b"\xff" * 47, "48 bytes"),
        ("other", b"\xff" * 48, "jpeg, png, gray8"),
    ],
    ids=["size", "kind", "cut", "damaged", "empty", "short", "encoding"],
)
def test_a_frame_that_is_not_what_it_says_is_refused_with_the_reason(
    encoding: str, data: bytes, says: str
) -> None:
    with pytest.raises(UnreadableFrame, match=says):
        opened(Frame(1, encoding, 8, 6, data))


@pytest.mark.parametrize("size", [(0, 6), (5000, 6)])
def test_a_frame_of_impossible_size_is_refused_before_it_is_opened(size: tuple[int, int]) -> None:
    with pytest.raises(UnreadableFrame, match="4096"):
        opened(Frame(1, "jpeg", *size, b""))


# Their order


async def test_the_latest_frame_wins_and_every_one_is_answered_once() -> None:
    recognizer, answers = BrightRecognizer(), Answers()
    frames = Frames(recognizer)
    for number in range(1, 6):
        frames.offer("visitor", gray(number), answers)
    assert frames.waiting == 2
    assert set(answers.outcomes) == {2, 3, 4}
    assert {one.refusal for one in answers.outcomes.values()} == {"superseded"}
    recognizer.go.set()
    outcomes = await answers.all(5)
    assert [outcomes[number].seen[0].artifact for number in (1, 5)] == ["made:0-0"] * 2
    assert recognizer.pictures == 2
    await frames.close()


async def test_the_latest_frame_wins_while_its_visitor_waits_for_a_turn_among_others() -> None:
    recognizer, answers = BrightRecognizer(), Answers()
    frames = Frames(recognizer, Bounds(parallel=1))
    frames.offer("another", gray(9), answers)
    await recognizer.began.wait()
    for number in (1, 2, 3):
        frames.offer("visitor", gray(number), answers)
    recognizer.go.set()
    outcomes = await answers.all(4)
    assert [outcomes[number].refusal for number in (9, 1, 2, 3)] == ["", "superseded", "superseded", ""]
    assert recognizer.pictures == 2
    await frames.close()


async def test_where_the_time_went_is_told() -> None:
    answers, frames = Answers(), Frames(free())
    frames.offer("visitor", gray(1), answers)
    stages = (await answers.all(1))[1].stages
    assert [name for name, _ in stages] == ["queue", "decode", "embed"]
    await frames.close()


async def test_frames_of_many_visitors_are_looked_at_a_few_at_a_time() -> None:
    recognizer, answers = BrightRecognizer(), Answers()
    frames = Frames(recognizer, Bounds(parallel=2))
    for number in range(1, 11):
        frames.offer(number, gray(number), answers)
    await recognizer.began.wait()
    assert recognizer.pictures <= 2
    recognizer.go.set()
    assert len(await answers.all(10)) == 10
    await frames.close()


async def test_a_recognizer_that_does_not_answer_is_given_up_and_the_next_frame_is_looked_at() -> None:
    recognizer, answers = BrightRecognizer(), Answers()
    frames = Frames(recognizer, Bounds(deadline=0.05))
    frames.offer("visitor", gray(1), answers)
    frames.offer("visitor", gray(2), answers)
    outcomes = await answers.all(1)
    assert outcomes[1].refusal == "late"
    recognizer.go.set()
    assert (await answers.all(2))[2].refusal in ("", "late")
    await frames.close()


async def test_a_frame_whose_turn_does_not_come_is_answered_as_late_and_the_next_one_waits_anew() -> None:
    recognizer, answers = BrightRecognizer(), Answers()
    frames = Frames(recognizer, Bounds(deadline=60.0, wait=0.05, parallel=1))
    frames.offer("another", gray(9), answers)
    await recognizer.began.wait()
    frames.offer("visitor", gray(1), answers)
    frames.offer("visitor", gray(2), answers)
    outcomes = await answers.all(2)
    assert {number: one.refusal for number, one in outcomes.items()} == {1: "late", 2: "late"}
    assert {one.detail for one in outcomes.values()} == {"its turn did not come within 0.05 s"}
    # Nothing of those who gave up is left: the turn goes to whoever asks next.
    recognizer.go.set()
    await answers.all(3)
    frames.offer("visitor", gray(3), answers)
    assert (await answers.all(4))[3].seen
    await frames.close()


async def test_a_recognizer_that_fails_does_not_end_the_service(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        async def recognize(self, picture: Picture) -> Outcome:
            raise RuntimeError("no weights")

    answers, frames = Answers(), Frames(Broken())
    for number in (1, 2):
        frames.offer("visitor", gray(number), answers)
    outcomes = await answers.all(2)
    assert {one.refusal for one in outcomes.values()} == {"other"}
    assert "no weights" not in {one.detail for one in outcomes.values()}
    assert frames.statistics.failed == 2
    await frames.close()


@pytest.mark.parametrize("answered", [True, False])
async def test_a_visitor_who_goes_takes_the_work_along(answered: bool) -> None:
    recognizer, answers = BrightRecognizer(), Answers()
    frames = Frames(recognizer)
    frames.offer("visitor", gray(1), answers)
    frames.offer("visitor", gray(2), answers)
    await recognizer.began.wait()
    frames.cancel("visitor", answered=answered)
    assert frames.waiting == 0
    assert sorted(answers.outcomes) == ([1, 2] if answered else [])
    await frames.close()
    assert recognizer.cancelled == 1
    assert sorted(answers.outcomes) == ([1, 2] if answered else [])


# Over the wire


def camera_frame(number: int, light: int = 255) -> CameraFrame:
    return CameraFrame(
        number=number, encoding=ImageEncoding.GRAY8, width=4, height=2, image=bytes([light]) * 8, time=0
    )


async def test_a_frame_comes_back_as_sightings_or_as_not_ours() -> None:
    recognizer = free()
    async with museum.opened(recognizer=recognizer) as house:
        visitor = await museum.joined(house, consent=Consent(camera=True))
        assert visitor.welcome is not None
        assert "recognizer" in visitor.welcome.capabilities
        await visitor.say(camera_frame(1))
        bright = await visitor.until(Sightings)
        assert isinstance(bright, Sightings)
        assert (bright.number, bright.sightings[0].artifact, bright.model) == (1, "made:0-0", "fake")
        assert bright.sightings[0].score == pytest.approx(0.9)
        await visitor.say(camera_frame(2, light=0))
        dark = await visitor.until(Sightings)
        assert isinstance(dark, Sightings)
        assert dark.rejection is not None
        assert dark.rejection.reason is RejectionReason.NOT_OURS
        assert [stage.stage for stage in dark.stages] == ["queue", "decode"]
        # Which version of a model answers goes by the visit, so all its pictures have one name.
        (name,) = recognizer.visitors
        assert name


async def test_a_frame_that_cannot_be_opened_is_answered() -> None:
    async with museum.opened(recognizer=free()) as house:
        visitor = await museum.joined(house, consent=Consent(camera=True))
        broken = camera_frame(1).model_copy(update={"encoding": ImageEncoding.JPEG})
        await visitor.say(broken)
        sightings = await visitor.until(Sightings)
        assert isinstance(sightings, Sightings)
        assert sightings.rejection is not None
        assert sightings.rejection.reason is RejectionReason.UNREADABLE


async def test_the_event_loop_goes_on_while_a_frame_is_looked_at() -> None:
    recognizer = BrightRecognizer()
    async with museum.opened(recognizer=recognizer) as house:
        visitor = await museum.joined(house, consent=Consent(camera=True))
        for number in range(1, 8):
            await visitor.say(camera_frame(number))
        await visitor.say(ClockRequest(client_sent=1))
        await visitor.until(ClockAnswer)
        superseded = [one for one in visitor.others if isinstance(one, Sightings)]
        assert [one.number for one in superseded] == [2, 3, 4, 5, 6]
        assert not [one for one in visitor.others if isinstance(one, Error)]
        recognizer.go.set()
        assert {(await visitor.until(Sightings)).number for _ in range(2)} == {1, 7}  # type: ignore[attr-defined]


async def test_work_is_cancelled_when_the_client_goes_and_the_frame_is_answered_on_return() -> None:
    recognizer = BrightRecognizer()
    async with museum.opened(recognizer=recognizer) as house:
        visitor = await museum.joined(house, consent=Consent(camera=True))
        await visitor.say(camera_frame(1))
        await recognizer.began.wait()
        visitor.socket.transport.abort()
        await museum.returned(house, visitor)
        sightings = await visitor.until(Sightings)
        assert isinstance(sightings, Sightings)
        assert sightings.rejection is not None
        assert "connection was lost" in sightings.rejection.detail
        assert recognizer.cancelled == 1


async def test_too_many_unanswered_frames_are_refused_by_number() -> None:
    recognizer = BrightRecognizer()
    async with museum.opened(recognizer=recognizer) as house:
        visitor = await museum.joined(house, consent=Consent(camera=True))
        await visitor.say(camera_frame(1))
        await visitor.say(camera_frame(1))
        error = await visitor.until(Error)
        assert isinstance(error, Error)
        assert (error.error, error.number) == (ErrorCode.TOO_MANY_UNANSWERED, 1)
        recognizer.go.set()
