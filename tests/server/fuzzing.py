"""Hostile bytes: golden messages damaged in every way, arrays made up, handshakes and frames cut anywhere.

Everything is drawn from a seed, so that a failure can be played again.
"""

import asyncio
import os
import random
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgpack

from server.connection import Live
from server.hub import Hub
from server.protocol.codec import encode
from server.protocol.limits import Limits
from server.protocol.messages import SUBPROTOCOL, Hello
from server.protocol.parts import ClientKind
from server.protocol.posebytes import WirePose, encode_pose
from server.protocol.session import Close, Send, Session, State
from tests.golden.samples import MESSAGES_BY_FILE, POSES, WELCOME

HELLO: Final = encode(Hello(kind=ClientKind.MOCK))
UPGRADE: Final = (
    b"GET /live HTTP/1.1\r\nHost: fuzz\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: " + SUBPROTOCOL.encode() + b"\r\n\r\n"
)
NASTY: Final = (b"\xdd\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\x91" * 40, b"\x81\xc0\xc0")
"""Headers that promise too much, nest too deep, or are of a kind that the wire does not have."""
MOST_ANSWERED: Final = 4096
"""Bytes that one message of a client may make the session say."""


def corpus() -> list[bytes]:
    """Good messages to begin with."""
    return [
        *(encode(message) for message in MESSAGES_BY_FILE.values()),
        *(encode_pose(pose) for pose in POSES.values()),
        encode_pose(WirePose(1, 0, (1.0, 1.6, 2.0), (0.0, 0.0, 0.0, 1.0))),
    ]


class Damage:
    """Makes bad messages of good ones."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self._corpus = corpus()

    def message(self) -> bytes:
        """A message: now and then a good one, mostly not."""
        draw = self.draw
        kind = draw.random()
        if kind < 0.15:
            return draw.choice(self._corpus)
        if kind < 0.3:
            return self._made_up()
        if kind < 0.35:
            return draw.randbytes(draw.randint(0, 200))
        data = bytearray(draw.choice(self._corpus))
        for _ in range(draw.randint(1, 4)):
            self._hurt(data)
        return bytes(data)

    def _hurt(self, data: bytearray) -> None:
        draw = self.draw
        at = draw.randrange(len(data) + 1)
        match draw.randrange(6):
            case 0 if data:
                data[at % len(data)] ^= 1 << draw.randrange(8)
            case 1:
                del data[at:]
            case 2:
                data[at:at] = draw.randbytes(draw.randint(1, 8))
            case 3:
                data[at:at] = draw.choice(NASTY)
            case 4:
                other = draw.choice(self._corpus)
                data[at:] = other[draw.randrange(len(other)) :]
            case _ if data:
                data[at % len(data)] = draw.choice((0, 0x7F, 0x80, 0x90, 0xC0, 0xC1, 0xC4, 0xCB, 0xDC, 0xFF))

    def _made_up(self) -> bytes:
        draw = self.draw
        values = [draw.choice((1, 2, 3, 5, 7, 17, 18, 19, 33, 60, 127, 200)), *self._values(0)]
        data: bytes = msgpack.packb(values)
        return data

    def _values(self, depth: int) -> list[Any]:
        return [self._value(depth) for _ in range(self.draw.randrange(9))]

    def _value(self, depth: int) -> Any:
        draw = self.draw
        match draw.randrange(9 if depth < 8 else 7):
            case 0:
                return None
            case 1:
                return draw.random() < 0.5
            case 2:
                return draw.choice((0, 1, 255, 2**16, 2**32, 2**53, 2**63, -1, -(2**63)))
            case 3:
                return draw.choice((0.0, 1.5, -1e38, float("nan"), float("inf"), 1e300))
            case 4:
                return "é" * draw.randrange(200)
            case 5:
                return draw.randbytes(draw.randrange(40))
            case 6:
                return {} if draw.random() < 0.5 else {"a": 1}
            case _:
                return self._values(depth + 1)

    def stream(self, messages: int) -> list[bytes]:
        """The bytes of a whole connection in pieces: an upgrade, a hello, frames; some of it damaged."""
        draw = self.draw
        upgrade = bytearray(UPGRADE)
        if draw.random() < 0.2:
            self._hurt(upgrade)
        frames = [HELLO if draw.random() < 0.9 else self.message()]
        frames += [self.message() for _ in range(messages - 1)]
        stream = b"".join(self._frame(frame) for frame in frames)
        if draw.random() < 0.05:
            return self._cut(bytes(upgrade) + stream)
        return [*self._cut(bytes(upgrade)), *self._cut(stream)]

    def _cut(self, data: bytes) -> list[bytes]:
        pieces = []
        while data:
            size = self.draw.choice((1, 2, 3, 7, 30, 200, 5000, len(data)))
            pieces.append(data[:size])
            data = data[size:]
        return pieces

    def _frame(self, payload: bytes) -> bytes:
        draw = self.draw
        first = 0x82
        if draw.random() < 0.08:
            first = draw.choice((0x02, 0x00, 0x80, 0x81, 0x88, 0x89, 0x8A, 0xC2, 0x83))
        size, masked = len(payload), 0 if draw.random() < 0.02 else 0x80
        if draw.random() < 0.02:
            size += draw.choice((-1, 1, 100, 2**20, 2**40))
        size = max(size, 0)
        if size < 126:
            head = bytes((first, masked | size))
        elif size < 1 << 16:
            head = bytes((first, masked | 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((first, masked | 127)) + size.to_bytes(8, "big")
        return head + bytes(4) + payload


@dataclass
class SessionFuzz:
    """Feeds one session after the other; each lives at most ``life`` messages."""

    seed: int
    life: int = 30
    now: int = 0
    sent: int = 0
    closed: int = 0
    poses: int = 0

    def run(self, messages: int) -> None:
        """So many messages; raises where a session does what it must not."""
        damage = Damage(self.seed)
        session, lived = self._session(damage), 0
        for _ in range(messages):
            if lived >= self.life or session.state in (State.CLOSED, State.PARKED):
                session, lived = self._session(damage), 0
            lived += 1
            self.now += damage.draw.choice((0, 1, 1_000_000, 500_000_000))
            self._feed(session, damage.message())

    def _session(self, damage: Damage) -> Session:
        session = Session(Limits(), self.now)
        if damage.draw.random() < 0.7:
            session.receive(HELLO, self.now)
            session.welcome(WELCOME, self.now)
        return session

    def _feed(self, session: Session, data: bytes) -> None:
        was = session.state
        outputs = session.receive(data, self.now)
        if isinstance(outputs, WirePose):
            self.poses += 1
            assert all(abs(value) <= 512 for value in outputs.position)
            return
        said = sum(len(output.data) for output in outputs if isinstance(output, Send))
        assert said <= MOST_ANSWERED, (data.hex(), said)
        self.sent += said
        if outputs and isinstance(outputs[-1], Close):
            self.closed += 1
            assert session.state in (State.CLOSED, State.PARKED), data.hex()
        elif was is State.LIVE:
            assert session.state is State.LIVE, data.hex()


class Sink(asyncio.Transport):
    """A socket that swallows what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0
        self.is_closed = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Never full."""

    def write(self, data: Any) -> None:
        """Count it."""
        self.written += len(data)

    def close(self) -> None:
        """Closed."""
        self.is_closed = True

    def abort(self) -> None:
        """Cut."""
        self.is_closed = True

    def is_closing(self) -> bool:
        """Whether it is closed."""
        return self.is_closed


@dataclass
class ConnectionFuzz:
    """Whole connections against the real shell and hub, over a socket that is none."""

    hub: Hub
    seed: int
    written: int = field(default=0)
    connections: int = 0

    async def run(self, messages: int, each: int = 12) -> None:
        """So many messages over connections of ``each``; raises where the shell does."""
        damage = Damage(self.seed)
        for number in range(0, messages, each):
            self._connect(damage.stream(each))
            if number % (each * 50) == 0:
                await asyncio.sleep(0)

    def _connect(self, pieces: list[bytes]) -> None:
        self.connections += 1
        sink, live = Sink(), Live(self.hub)
        live.connection_made(cast("asyncio.BaseTransport", sink))
        for piece in pieces:
            if sink.is_closed:
                break
            live.data_received(piece)
        live.connection_lost(None)
        self.written += sink.written


def memory() -> int:
    """Bytes of this process's resident memory."""
    with open("/proc/self/statm") as statm:  # noqa: PTH123  no file of ours
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
