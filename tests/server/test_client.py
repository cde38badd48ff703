"""A visit over the real connection: what a visitor says, and what they are told."""

import asyncio

import pytest
import uvloop

from server.content import Audience, Stated
from server.protocol.messages import (
    Answer,
    Bye,
    CameraFrame,
    ClockAnswer,
    ClockRequest,
    Delta,
    Focus,
    Gaze,
    Hello,
    Question,
    Sightings,
    Snapshot,
    Welcome,
)
from server.protocol.parts import (
    ByeReason,
    ClientKind,
    Consent,
    Detail,
    ImageEncoding,
    RejectionReason,
)
from server.protocol.posebytes import WirePose, encode_pose
from server.showing import Showing
from server.world.gaze import FIXATION
from server.world.interest import Interest
from server.world.placement import Gallery, Placement
from server.world.space import Box, Pose
from tests.server.museum import (
    LEVEL,
    PlainContent,
    Visitor,
    dialed,
    ended,
    hello,
    joined,
    opened,
    returned,
    showing,
)

EMPTY = Placement("p-2", (), ())


async def test_hello_is_answered_by_welcome_and_snapshot() -> None:
    async with opened() as house:
        visitor = Visitor(await dialed(house))
        await visitor.say(hello())
        welcome, snapshot = await visitor.hear(), await visitor.hear()

        assert isinstance(welcome, Welcome)
        assert (welcome.resumed, welcome.placement, len(welcome.token)) == (False, "p-1", 16)
        assert isinstance(snapshot, Snapshot)
        assert (snapshot.sequence, snapshot.placement) == (1, "p-1")


async def test_a_pose_brings_what_is_near_and_a_walk_away_takes_it() -> None:
    async with opened(shown=showing(10, 1)) as house:
        visitor = await joined(house)
        await visitor.stand((0.0, 1.6, 1.5))
        delta = await visitor.until(Delta)

        assert isinstance(delta, Delta)
        assert delta.pose == 1
        assert "made:0-0" in visitor.artifacts
        entered = visitor.artifacts["made:0-0"]
        assert entered.position == pytest.approx((0.0, 1.2, 0.0))
        assert entered.center == pytest.approx((0.0, 0.2, 0.0))
        assert entered.texts[0].content == "Box made:0-0"

        await visitor.stand((0.0, 1.6, 300.0))
        while visitor.artifacts:
            await visitor.hear()
        assert visitor.annotations == {}


async def test_annotations_come_and_go_with_distance() -> None:
    async with opened(shown=showing(1, 1)) as house:
        visitor = await joined(house)
        await visitor.stand((0.0, 1.4, 1.2))
        while not visitor.annotations:
            await visitor.hear()
        assert visitor.artifacts["made:0-0"].detail >= Detail.FULL
        assert visitor.annotations["made:0-0", "front"].position == pytest.approx((0.0, 0.2, 0.2))

        await visitor.stand((0.0, 1.4, 8.0))
        while visitor.annotations:
            await visitor.hear()
        assert "made:0-0" in visitor.artifacts


async def test_what_lies_under_the_gaze_is_told() -> None:
    async with opened(shown=showing(1, 1)) as house:
        visitor = await joined(house, consent=Consent(gaze=True))
        await visitor.stand((0.0, 1.4, 1.2))

        async def look() -> None:
            while True:  # a look counts once it has rested a moment
                await visitor.say(Gaze(time=0, origin=(0.0, 1.4, 1.2), direction=(0.0, 0.0, -1.0)))
                await asyncio.sleep(0.02)

        looking = asyncio.create_task(look())
        focus = await visitor.until(Focus)
        looking.cancel()

        assert isinstance(focus, Focus)
        assert focus.artifact == "made:0-0"
        assert 0.0 < focus.distance < 1.2
        assert focus.dwell >= FIXATION


async def test_content_is_in_the_language_wished_for() -> None:
    async with opened(shown=showing(1, 1)) as house:
        visitor = await joined(house, languages=("zh-Hant", "en"))
        await visitor.stand((0.0, 1.4, 1.2))
        await visitor.until(Delta)
        assert visitor.artifacts["made:0-0"].texts[0].language == "zh-Hant"


async def test_the_clock_is_answered() -> None:
    async with opened() as house:
        visitor = await joined(house)
        before = house.hub.now()
        await visitor.say(ClockRequest(client_sent=123))
        answer = await visitor.until(ClockAnswer)
        assert isinstance(answer, ClockAnswer)
        assert answer.client_sent == 123
        assert before <= answer.server_received <= answer.server_sent <= house.hub.now()


async def test_a_question_is_answered_with_its_sources_in_its_language() -> None:
    async with opened() as house:
        visitor = await joined(house)
        ask = Question(number=5, content="What is it made of?", language="de", artifact="made:0-0")
        await visitor.say(ask)
        answer = await visitor.until(Answer)
        assert isinstance(answer, Answer)
        assert answer.number == 5
        assert [(s.language, s.source) for s in answer.statements] == [("de", "grid, field Medium")]


async def test_a_question_without_an_answer_is_answered_all_the_same() -> None:
    async with opened() as house:
        visitor = await joined(house)
        await visitor.say(Question(number=6, content="Who stole it?", language="en"))
        answer = await visitor.until(Answer)
        assert isinstance(answer, Answer)
        assert (answer.number, answer.statements, answer.artifact) == (6, (), "")


async def test_a_pose_without_a_valid_position_moves_nobody() -> None:
    async with opened(shown=showing(1, 1)) as house:
        visitor = await joined(house)
        await visitor.socket.send(encode_pose(WirePose(1, 0, (0.0, 1.4, 1.2), LEVEL, flags=4)))
        await visitor.say(ClockRequest(client_sent=1))
        assert isinstance(await visitor.hear(), ClockAnswer)
        assert visitor.artifacts == {}


async def test_frames_are_refused_by_name_without_consent_and_without_a_recognizer() -> None:
    async with opened() as house:
        for consent, reason in (
            (Consent(), RejectionReason.NO_CONSENT),
            (Consent(camera=True), RejectionReason.UNAVAILABLE),
        ):
            visitor = await joined(house, consent=consent)
            frame = CameraFrame(
                number=3, encoding=ImageEncoding.GRAY8, width=1, height=1, image=b"\0", time=0
            )
            await visitor.say(frame)
            sightings = await visitor.until(Sightings)
            assert isinstance(sightings, Sightings)
            assert sightings.rejection is not None
            assert (sightings.number, sightings.rejection.reason) == (3, reason)


async def test_a_new_placement_reaches_everybody_as_a_snapshot() -> None:
    async with opened(shown=showing(2, 2)) as house:
        visitors = [await joined(house) for _ in range(3)]
        for visitor in visitors:
            await visitor.stand((0.0, 1.6, 1.5))
            await visitor.until(Delta)
        await house.hub.show(showing(1, 1, "p-2"))
        for visitor in visitors:
            snapshot = await visitor.until(Snapshot)
            assert isinstance(snapshot, Snapshot)
            assert snapshot.placement == "p-2"
            assert set(visitor.artifacts) == {"made:0-0"}


async def test_what_lay_under_the_gaze_is_taken_back_with_a_new_placement() -> None:
    async with opened(shown=showing(1, 1)) as house:
        visitor = await joined(house)

        async def look() -> None:
            while True:
                await visitor.stand((0.0, 1.4, 1.2))
                await asyncio.sleep(0.02)

        looking = asyncio.create_task(look())
        focus = await visitor.until(Focus)
        assert isinstance(focus, Focus)
        assert focus.artifact == "made:0-0"
        looking.cancel()
        await house.hub.show(Showing(Interest(EMPTY), PlainContent()))
        assert isinstance(await visitor.until(Snapshot), Snapshot)
        assert (await visitor.until(Focus)).artifact == ""  # type: ignore[attr-defined]


class Talkative(PlainContent):
    """Knows more than the wire takes."""

    def answer(self, artifact: str, question: str, audience: Audience) -> tuple[Stated, ...]:
        return (Stated("word " * 10_000, "en", "file " * 1_000, "https://example.org/" + "x" * 3_000),)


async def test_an_answer_longer_than_the_wire_takes_is_cut_with_a_mark() -> None:
    async with opened(shown=Showing(Interest(EMPTY), Talkative())) as house:
        visitor = await joined(house)
        await visitor.say(Question(number=1, content="Tell me", language="en", artifact="made:0-0"))
        answer = await visitor.until(Answer)
        assert isinstance(answer, Answer)
        (stated,) = answer.statements
        assert (len(stated.content), stated.content[-1]) == (20_000, "…")
        assert (len(stated.source), stated.address) == (1_000, "")


async def test_who_says_goodbye_is_gone() -> None:
    async with opened() as house:
        visitor = await joined(house)
        await visitor.say(Bye(reason=ByeReason.LEAVING))
        assert (await ended(visitor))[0] == 1000
        assert house.hub.clients == 0


async def test_walking_into_another_gallery_is_told_and_survives_a_resume() -> None:
    async with opened(shown=two_rooms()) as house:
        visitor = await joined(house)
        await visitor.stand((-2.0, 1.6, 0.0))
        await visitor.until(Delta)
        assert visitor.gallery == "west"

        visitor.socket.transport.abort()
        client = house.hub.client(visitor.token)
        assert client is not None
        await returned(house, visitor)
        await visitor.stand((2.0, 1.6, 0.0))
        await visitor.until(Delta)
        assert visitor.gallery == "east"


def two_rooms() -> Showing:
    """Two rooms side by side with nothing in them."""
    rooms = (
        Gallery("west", Pose((0.0, 0.0, 0.0)), Box.between((-5.0, 0.0, -5.0), (0.0, 3.0, 5.0))),
        Gallery("east", Pose((0.0, 0.0, 0.0)), Box.between((0.2, 0.0, -5.0), (5.0, 3.0, 5.0))),
    )
    return Showing(Interest(Placement("p-1", rooms, ())), PlainContent())


def test_hello_of_the_tests_is_a_hello() -> None:
    assert isinstance(hello(), Hello)
    assert hello().kind is ClientKind.MOCK


def test_the_same_visit_runs_on_uvloop() -> None:
    async def visit() -> None:
        async with opened(shown=showing(2, 2)) as house:
            visitor = await joined(house)
            await visitor.stand((0.0, 1.6, 1.5))
            await visitor.until(Delta)
            visitor.socket.transport.abort()
            await returned(house, visitor)
            await visitor.say(ClockRequest(client_sent=1))
            await visitor.until(ClockAnswer)
            assert visitor.artifacts

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(visit())
