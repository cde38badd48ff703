"""The real connection on a real socket: handshakes, hostile and broken clients, its end."""

import asyncio
import contextlib
import gc
import struct

import msgpack
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from server.connection import Live
from server.hub import Rules
from server.protocol.codec import decode, encode
from server.protocol.limits import SECOND, Limits
from server.protocol.messages import (
    SUBPROTOCOL,
    Bye,
    ClockAnswer,
    ClockRequest,
    Welcome,
)
from server.protocol.parts import (
    ByeReason,
    ErrorCode,
)
from server.protocol.posebytes import WirePose, encode_pose
from tests.server.fuzzing import UPGRADE
from tests.server.museum import (
    LEVEL,
    Visitor,
    along,
    dialed,
    ended,
    gone,
    hello,
    joined,
    opened,
    returned,
    showing,
)

SHORT = Limits(handshake=SECOND // 5, idle=SECOND // 5)


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


def masked(data: bytes) -> bytes:
    """A client's frame, with a mask of its own."""
    mask = struct.pack(">I", 0x12345678)
    return bytes((0x82, 0x80 | len(data))) + mask + bytes(b ^ mask[at % 4] for at, b in enumerate(data))


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
