"""The real connection on a real socket: what a client meets, friendly or not."""

import asyncio
import contextlib
import gc
import struct

import msgpack
import pytest
import uvloop
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from server.client import Client
from server.connection import Live
from server.hub import Rules
from server.metrics import PrometheusMetrics
from server.outbox import Patience
from server.protocol.codec import decode, encode
from server.protocol.limits import ALLOWANCES, SECOND, Allowance, Limits
from server.protocol.messages import (
    POSE,
    SUBPROTOCOL,
    Answer,
    Bye,
    CameraFrame,
    ClockAnswer,
    ClockRequest,
    Delta,
    Error,
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
    ErrorCode,
    ImageEncoding,
    RejectionReason,
)
from server.protocol.posebytes import WirePose, encode_pose
from server.world.gaze import FIXATION
from tests.server.fuzzing import UPGRADE
from tests.server.museum import (
    LEVEL,
    House,
    Visitor,
    along,
    dialed,
    hello,
    joined,
    opened,
    returned,
    showing,
)

SHORT = Limits(handshake=SECOND // 5, idle=SECOND // 5)


async def ended(visitor: Visitor) -> tuple[int, Error | None]:
    """The close code and the last error before it."""
    error = None
    try:
        while True:
            message = await visitor.hear()
            error = message if isinstance(message, Error) else error
    except ConnectionClosed as closed:
        assert closed.rcvd is not None
        return closed.rcvd.code, error


# A visit


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


async def test_who_says_goodbye_is_gone() -> None:
    async with opened() as house:
        visitor = await joined(house)
        await visitor.say(Bye(reason=ByeReason.LEAVING))
        assert (await ended(visitor))[0] == 1000
        assert house.hub.clients == 0


# The handshake


async def test_nagle_is_off_and_nothing_is_compressed() -> None:
    async with opened() as house:
        offering = await connect(house.address, subprotocols=[Subprotocol(SUBPROTOCOL)])
        assert offering.response is not None
        assert "Sec-WebSocket-Extensions" not in offering.response.headers
        assert offering.subprotocol == SUBPROTOCOL
        await offering.close()


@pytest.mark.parametrize(
    ("path", "subprotocols", "status"),
    [
        ("/live", None, 400),
        ("/live", ["museum-twin.v2"], 400),
        ("/elsewhere", [SUBPROTOCOL], 404),
    ],
)
async def test_a_handshake_that_asks_for_something_else_is_refused(
    path: str, subprotocols: list[Subprotocol] | None, status: int
) -> None:
    async with opened() as house:
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"ws://127.0.0.1:{house.port}{path}", subprotocols=subprotocols)
        assert refused.value.response.status_code == status


async def test_of_several_subprotocols_ours_is_chosen() -> None:
    async with opened() as house:
        offered = [Subprotocol("museum-twin.v2"), Subprotocol(SUBPROTOCOL)]
        async with connect(house.address, subprotocols=offered) as socket:
            assert socket.subprotocol == SUBPROTOCOL


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"\x16\x03\x01 no http at all\r\n\r\n",
        b"GET /live HTTP/1.1\r\n" + b"A: b\r\n" * 300 + b"\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"\r\n" * 50,
    ],
    ids=["no-upgrade", "post", "tls", "headers", "path", "lines"],
)
async def test_requests_that_are_no_handshake_are_ended(request_bytes: bytes) -> None:
    async with opened() as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(request_bytes)
        answer = await asyncio.wait_for(reader.read(), 10)
        assert not answer or answer.startswith(b"HTTP/1.1 4")
        writer.close()


async def test_who_speaks_before_the_handshake_is_answered_is_cut_off() -> None:
    async with opened() as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(UPGRADE + masked(encode(hello())) + b"\x88\x80" + bytes(4))
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()


# Hostile and broken clients


async def test_a_half_open_handshake_is_cut_in_time() -> None:
    async with opened(Rules(limits=SHORT)) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(b"GET /live HTTP/1.1\r\nHost: x\r\n")
        assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()


async def test_a_mute_client_is_told_that_no_hello_came() -> None:
    async with opened(Rules(limits=SHORT)) as house:
        code, error = await ended(Visitor(await dialed(house)))
        assert code == ErrorCode.TOO_LATE
        assert error is not None
        assert "0.2 s" in error.detail


async def test_a_silent_client_is_told_and_may_come_back() -> None:
    async with opened(Rules(limits=SHORT)) as house:
        visitor = await joined(house)
        code, error = await ended(visitor)
        assert code == ErrorCode.IDLE
        assert error is not None
        assert house.hub.clients == 1
        await returned(house, visitor)
        assert visitor.welcome is not None
        assert visitor.welcome.resumed


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xc1", ErrorCode.MALFORMED),
        (b"", ErrorCode.MALFORMED),
        (b"\x92\x13" + b"\x91" * 100 + b"\xc0", ErrorCode.TOO_DEEP),
        (b"\x92\x13" + bytes(6000), ErrorCode.TOO_LARGE),
        (b"\x92\x12" + bytes(600_000), ErrorCode.TOO_LARGE),
        (encode(hello()), ErrorCode.OUT_OF_ORDER),
        (msgpack.packb([33, 1, 2, 3, []]), ErrorCode.OUT_OF_ORDER),
        ("text", ErrorCode.MALFORMED),
    ],
    ids=["garbage", "empty", "deep", "large", "largest", "second-hello", "server-only", "text"],
)
async def test_a_broken_message_ends_the_connection_by_name(data: bytes | str, expected: ErrorCode) -> None:
    async with opened() as house:
        visitor = await joined(house)
        await visitor.socket.send(data)
        code, error = await ended(visitor)

        assert code == expected
        assert error is not None
        assert error.fatal
        assert error.error is expected
        assert house.hub.clients == 0


async def test_a_message_in_fragments_is_put_together() -> None:
    async with opened() as house:
        socket = await dialed(house)
        data = encode(hello())

        async def pieces() -> "asyncio.AsyncIterator[bytes]":  # type: ignore[name-defined]
            for at in range(0, len(data), 5):
                yield data[at : at + 5]

        await socket.send(pieces())
        assert isinstance(decode(await socket.recv(decode=False)), Welcome)
        await socket.close()


async def test_endless_fragments_without_bytes_are_ended() -> None:
    async with opened() as house:
        visitor = await joined(house)
        transport = visitor.socket.transport
        transport.write(b"\x02\x80\0\0\0\0" + b"\x00\x80\0\0\0\0" * 500)
        code, error = await ended(visitor)
        assert code == ErrorCode.TOO_FAST
        assert error is not None
        assert "fragments" in error.detail


async def test_a_flood_of_pings_is_ended() -> None:
    async with opened() as house:
        visitor = await joined(house)
        visitor.socket.transport.write(b"\x89\x80\0\0\0\0" * 2000)
        assert (await ended(visitor))[0] == ErrorCode.TOO_FAST


async def test_a_few_pings_are_answered() -> None:
    async with opened() as house:
        visitor = await joined(house)
        assert await asyncio.wait_for(await visitor.socket.ping(), 10) >= 0


async def test_a_client_that_floods_is_told_and_then_closed() -> None:
    async with opened() as house:
        visitor = await joined(house)
        for _ in range(3000):
            await visitor.stand((500.0, 1.6, 500.0))
        code, error = await ended(visitor)
        assert code == ErrorCode.TOO_FAST
        assert error is not None
        assert "144/s" in error.detail


@pytest.mark.parametrize("split", [1, 2, 3, 5, 7, 29])
async def test_frames_may_come_in_pieces_or_together(split: int) -> None:
    async with opened(shown=showing(2, 2)) as house:
        visitor = await joined(house)
        stream = b"".join(
            masked(encode_pose(WirePose(number, 0, along(number), LEVEL))) for number in range(1, 20)
        ) + masked(encode(ClockRequest(client_sent=1)))
        for at in range(0, len(stream), split):
            visitor.socket.transport.write(stream[at : at + split])
            if split < 5 and at % 10 == 0:
                await asyncio.sleep(0)
        await visitor.until(ClockAnswer)
        assert visitor.artifacts


async def test_a_frame_without_a_mask_is_refused() -> None:
    async with opened() as house:
        visitor = await joined(house)
        visitor.socket.transport.write(b"\x82\x01\x05")
        assert (await ended(visitor))[0] == 1002


async def test_a_client_that_vanishes_leaves_a_parked_session() -> None:
    async with opened() as house:
        visitor = await joined(house)
        visitor.socket.transport.abort()
        await gone(house)
        assert (house.hub.clients, house.hub.connected) == (1, 0)


async def test_a_full_house_says_so() -> None:
    async with opened(Rules(visitors=2)) as house:
        await joined(house)
        await joined(house)
        third = Visitor(await dialed(house))
        await third.say(hello())
        assert (await ended(third))[0] == ErrorCode.FULL


async def test_who_is_longest_away_is_forgotten_when_too_many_are() -> None:
    async with opened(Rules(parked=2)) as house:
        visitors = [await joined(house) for _ in range(4)]
        for visitor in visitors:
            await visitor.socket.close()
        await gone(house)
        assert house.hub.clients == 2
        await returned(house, visitors[3])
        await returned(house, visitors[0])
        assert visitors[3].welcome is not None
        assert visitors[3].welcome.resumed
        assert visitors[0].welcome is not None
        assert not visitors[0].welcome.resumed


async def test_the_server_bids_farewell_and_lets_nobody_in() -> None:
    async with opened() as house:
        visitor = await joined(house)
        await house.hub.drain(5)
        bye = await visitor.until(Bye)
        assert isinstance(bye, Bye)
        assert bye.reason is ByeReason.SHUTTING_DOWN
        assert bye.return_after > 0
        with pytest.raises(ConnectionClosed) as closed:
            await visitor.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
        with pytest.raises(InvalidStatus):
            await dialed(house)


# A slow reader


async def test_a_slow_reader_is_merged_resynchronized_and_at_last_closed() -> None:
    patience = Patience(resync=SECOND // 20, stuck=SECOND // 2, socket=4096)
    fast = Limits(allowances={**ALLOWANCES, POSE: Allowance(52, 1e6, 10**6)})
    async with opened(Rules(limits=fast, patience=patience), shown=showing(40, 4)) as house:
        slow, other = await joined(house), await joined(house)
        client = house.hub.client(slow.token)
        assert client is not None
        slow.socket.transport.pause_reading()
        step = 0
        while not client.is_blocked:
            step += 1
            await slow.stand((4.5, 1.6, 118.0 - step * 7.0 % 117.0), turned(step))
            await asyncio.sleep(0)
        for _ in range(50):  # state goes on, the backlog does not grow
            step += 1
            await slow.stand((4.5, 1.6, 118.0 - step * 7.0 % 117.0), turned(step))
        await other.say(ClockRequest(client_sent=1))
        await other.until(ClockAnswer)
        assert client.waiting <= 2 * 32
        await gone(house, 1)
        assert house.hub.client(slow.token) is None
        assert house.hub.client(other.token) is not None


async def test_a_reader_that_was_slow_for_a_while_gets_a_snapshot_instead_of_what_it_missed() -> None:
    patience = Patience(resync=1, stuck=30 * SECOND, socket=4096)
    fast = Limits(allowances={**ALLOWANCES, POSE: Allowance(52, 1e6, 10**6)})
    async with opened(Rules(limits=fast, patience=patience), shown=showing(40, 4)) as house:
        counted = house.hub.metrics = PrometheusMetrics()
        slow = await joined(house)
        client = house.hub.client(slow.token)
        assert client is not None
        slow.socket.transport.pause_reading()
        step = 0
        while not client.is_blocked:
            step += 1
            await slow.stand((4.5, 1.6, 118.0 - step * 7.0 % 117.0), turned(step))
            await asyncio.sleep(0)
        slow.socket.transport.resume_reading()
        await slow.until(Snapshot)
        await slow.say(ClockRequest(client_sent=1))
        await slow.until(ClockAnswer)
        await caught_up(slow, client)
        assert set(slow.artifacts) == {one.artifact for one in client.perceived.perceived}
    text, _ = await asyncio.to_thread(counted.page, "")
    assert b'twin_dropped_total{kind="changes"}' in text


async def test_a_byte_budget_is_kept_and_what_had_to_wait_comes_later() -> None:
    async with opened(shown=showing(20, 4)) as house:
        visitor = await joined(house, byte_budget=20_000)
        client = house.hub.client(visitor.token)
        assert client is not None
        began = house.hub.now()
        for step in range(60):
            await visitor.stand((4.5, 1.6, 58.0 - step * 7.0 % 57.0), turned(step))
        await visitor.say(ClockRequest(client_sent=1))
        await visitor.until(ClockAnswer)
        await caught_up(visitor, client)
        assert set(visitor.artifacts) == {one.artifact for one in client.perceived.perceived}
        seconds = (house.hub.now() - began) / SECOND
        # A second's worth may have been saved up, and one message may go over.
        assert visitor.bytes_heard <= 20_000 * (seconds + 1) + 8_000


async def caught_up(visitor: Visitor, client: Client) -> None:
    """Hear all that was and will be told of what happened so far."""
    while client.waiting or visitor.received < client.session.sequence:
        await visitor.hear()


def turned(step: int) -> tuple[float, float, float, float]:
    return (0.0, 1.0, 0.0, 0.0) if step % 2 else LEVEL


def masked(data: bytes) -> bytes:
    """A client's frame, with a mask of its own."""
    mask = struct.pack(">I", 0x12345678)
    return bytes((0x82, 0x80 | len(data))) + mask + bytes(b ^ mask[at % 4] for at, b in enumerate(data))


async def gone(house: House, left: int = 0) -> None:
    """Wait until only ``left`` visitors are connected."""
    async with asyncio.timeout(10):
        while house.hub.connected > left:  # noqa: ASYNC110  sockets close in the system's own time
            await asyncio.sleep(0.01)


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


async def test_a_connection_that_is_gone_is_freed_without_the_cycle_collector() -> None:
    def lives() -> int:
        return sum(type(one) is Live for one in gc.get_objects())

    async with opened() as house:
        before = lives()
        gc.disable()
        try:
            for _ in range(5):
                visitor = await joined(house)
                await visitor.say(Bye(reason=ByeReason.LEAVING))
                await ended(visitor)
            await gone(house)
            async with asyncio.timeout(10):
                while lives() > before:  # noqa: ASYNC110  sockets close in the system's own time
                    await asyncio.sleep(0.01)
        finally:
            gc.enable()
