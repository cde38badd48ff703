"""Python visitors who walk, keep the world they are told, lose their line and come back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from server.content import Audience
from server.mock.walk import Walker
from server.protocol.codec import decode, encode
from server.protocol.messages import SUBPROTOCOL, ClockAnswer, ClockRequest, Hello, Snapshot, Welcome
from server.protocol.parts import ClientKind
from server.protocol.posebytes import WirePose, encode_pose
from server.protocol.wire import Event
from tests.e2e.worlds import World
from tests.server.museum import Visitor

HELLO = Hello(kind=ClientKind.MOCK, languages=("de", "en"))
AUDIENCE = Audience(("de", "en"))
STEP_S = 0.03
"""Between two poses: well below what the server takes."""


@dataclass
class Guest:
    """One of them."""

    address: str
    chance: Random
    hello: Hello = HELLO
    walker: Walker = field(init=False)
    kept: Visitor = field(init=False)
    """The world, in which any event lost or told twice is an error."""
    sessions: list[str] = field(default_factory=list)
    """Names of the sessions, in order."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at every message that comes."""
    _reading: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.walker = Walker(self.chance, eye_height=1.6, speed=1.5, dwell_s=0.3)

    @property
    def world(self) -> World:
        """What this guest holds."""
        world: World = {artifact: (entered, {}) for artifact, entered in self.kept.artifacts.items()}
        for (artifact, annotation), note in self.kept.annotations.items():
            world[artifact][1][annotation] = note
        return world

    @property
    def token(self) -> bytes:
        """Of the session."""
        return self.kept.token

    async def come(self) -> None:
        """Come, or come back; waits for as long as nobody answers."""
        socket = await self._dialed()
        if self.sessions:
            self.kept.socket = socket
        else:
            self.kept = Visitor(socket)
        was = len(self.sessions)
        received = self.kept.received
        token = self.kept.token if self.sessions else b""
        await socket.send(encode(self.hello.model_copy(update={"token": token, "received": received})))
        self._reading = asyncio.create_task(self._read(socket))
        await self.until(lambda: len(self.sessions) > was and bool(self.kept.artifacts))

    async def cut(self) -> None:
        """Lose the line without a word."""
        self.kept.socket.transport.abort()
        await self.gone()

    async def gone(self) -> None:
        """Wait until the line is gone."""
        assert self._reading is not None
        await self._reading

    async def walk(self, steps: int) -> None:
        """Walk from exhibit to exhibit."""
        for _ in range(steps):
            self.walker.known = {name: one.position for name, one in self.kept.artifacts.items()}
            self.walker.step(STEP_S * 3)
            await self.stand(self.walker.eye, self.walker.rotation)
            await asyncio.sleep(STEP_S)

    async def stand(
        self, position: tuple[float, float, float], turn: tuple[float, float, float, float]
    ) -> None:
        """Send one pose; nothing where the line is gone."""
        self.kept.number = (self.kept.number + 1) % 65_536
        with contextlib.suppress(ConnectionClosed):
            await self.kept.socket.send(encode_pose(WirePose(self.kept.number, 0, position, turn)))

    async def settle(self) -> None:
        """Until all that was sent is taken in and answered."""
        clocks = sum(isinstance(one, ClockAnswer) for one in self.kept.others)
        await self.kept.socket.send(encode(ClockRequest(client_sent=0)))
        await self.until(lambda: sum(isinstance(one, ClockAnswer) for one in self.kept.others) > clocks)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so; judged at every message."""
        async with asyncio.timeout(60):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()
                assert self._reading is not None
                if self._reading.done() and not is_so():
                    await self._reading
                    raise AssertionError("the line was lost meanwhile")

    async def leave(self) -> None:
        """Go."""
        with contextlib.suppress(ConnectionClosed):
            await self.kept.socket.close()
        if self._reading is not None:
            await self._reading

    async def _dialed(self) -> ClientConnection:
        async with asyncio.timeout(60):
            while True:
                try:
                    return await connect(
                        self.address, subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None,
                        ping_interval=None, proxy=None,
                    )  # fmt: skip
                except (OSError, ConnectionClosed):
                    await asyncio.sleep(0.05)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                assert isinstance(data, bytes)
                message = decode(data)
                if isinstance(message, Welcome):
                    self.sessions.append(message.session)
                self.kept.take(message)
                if isinstance(message, Event) and message.sequence % 16 == 0:
                    await self.kept.acknowledge()
                if isinstance(message, Snapshot) and not self.walker.known:
                    self.walker.known = {name: one.position for name, one in self.kept.artifacts.items()}
                    self.walker.appear()
                self.changed.set()
        except ConnectionClosed:
            pass
        finally:
            self.changed.set()


@asynccontextmanager
async def guests(address: str, count: int, hello: Hello = HELLO) -> AsyncIterator[list[Guest]]:
    """So many guests, who are in."""
    made = [Guest(address, Random(number), hello) for number in range(count)]
    await asyncio.gather(*(guest.come() for guest in made))
    try:
        yield made
    finally:
        await asyncio.gather(*(guest.leave() for guest in made))
