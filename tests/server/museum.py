"""A small museum for the tests of the live connection: artifacts in rows, plain content, a real socket."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from server.connection import live
from server.content import Audience, File, Note, Stated, Told
from server.hub import Hub, Rules
from server.protocol.codec import decode, encode
from server.protocol.messages import SUBPROTOCOL, Acknowledge, Error, Hello, Snapshot, Welcome
from server.protocol.parts import (
    AnnotationAdd,
    AnnotationRemove,
    AnyChange,
    ArtifactDetail,
    ArtifactEnter,
    ArtifactLeave,
    ClientKind,
    GalleryEnter,
)
from server.protocol.posebytes import Quaternion, Vector, WirePose, encode_pose
from server.protocol.wire import Event, Message
from server.recognition import Recognizer
from server.showing import Showing
from server.world.interest import Interest, Policy
from server.world.placement import Exhibit, Gallery, Hotspot, Placement
from server.world.space import Box, Pose
from server.world.visit import Detail

SPACING = 3.0
"""Metres between artifacts."""
AT_ONCE = Policy(full=(2.0, 2.5, 0.0), media=(0.5, 0.8, 60.0))
"""Annotations open by distance alone, so that no test must wait for a dwell."""
LEVEL: Quaternion = (0.0, 0.0, 0.0, 1.0)


def placement(rows: int = 10, columns: int = 10, version: str = "p-1") -> Placement:
    """``rows`` × ``columns`` boxes of 40 cm on a grid, each with one hotspot at its front."""
    exhibits = tuple(_exhibit(x, z) for z in range(rows) for x in range(columns))
    width, depth = columns * SPACING, rows * SPACING
    hall = Box.between((-SPACING, 0.0, -SPACING), (width, 6.0, depth + SPACING))
    return Placement(version, (Gallery("hall", Pose((0.0, 0.0, 0.0)), hall),), exhibits)


def _exhibit(x: int, z: int) -> Exhibit:
    center = (x * SPACING, 1.4, z * SPACING)
    spot = Hotspot("front", (center[0], 1.4, center[2] + 0.2), (0.0, 0.0, 1.0))
    pose = Pose((center[0], 1.2, center[2]))
    return Exhibit(f"made:{x}-{z}", "hall", pose, Box(center, (0.2, 0.2, 0.2)), 50_000, (spot,))


class PlainContent:
    """A title, a description from the label on, one file, one note."""

    def texts(self, artifact: str, detail: Detail, audience: Audience) -> tuple[Told, ...]:
        language = audience.languages[0] if audience.languages else "en"
        title = Told("title", language, f"Box {artifact}", "grid")
        full = Told("description", language, f"A box at {artifact}. " * 5, "grid")
        return (title, full) if detail >= Detail.FULL else (title,)

    def files(self, artifact: str, detail: Detail, audience: Audience) -> tuple[File, ...]:
        return (File(f"/assets/{artifact}", "model/gltf-binary", 50_000, triangles=2_000),)

    def notes(self, artifact: str, audience: Audience) -> tuple[Note, ...]:
        return (Note("front", (0.0, 0.2, 0.2), (0.0, 0.0, 1.0), (Told("title", "en", "Front"),)),)

    def answer(self, artifact: str, question: str, audience: Audience) -> tuple[Stated, ...]:
        if "made of" not in question:
            return ()
        return (Stated(f"{artifact} is made of cardboard.", audience.languages[0], "grid, field Medium"),)


def showing(rows: int = 10, columns: int = 10, version: str = "p-1") -> Showing:
    return Showing(Interest(placement(rows, columns, version), AT_ONCE), PlainContent())


@dataclass
class House:
    """A hub that listens."""

    hub: Hub
    port: int
    server: asyncio.Server
    sockets: list[ClientConnection] = field(default_factory=list)
    """Of the clients; closed at the end."""

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/live"


@asynccontextmanager
async def opened(
    rules: Rules | None = None, recognizer: Recognizer | None = None, shown: Showing | None = None
) -> AsyncIterator[House]:
    """The hub on a real socket."""
    hub = Hub(shown or showing(), recognizer, rules)
    server = await asyncio.get_running_loop().create_server(live(hub), "127.0.0.1", 0, backlog=2048)
    house = House(hub, server.sockets[0].getsockname()[1], server)
    try:
        yield house
    finally:
        await hub.drain(5.0)
        for one in house.sockets:
            one.transport.abort()
            await one.wait_closed()
        server.close()
        await hub.close()


@dataclass
class Visitor:
    """A client that keeps the world it is told, and checks that no event is lost or told twice."""

    socket: ClientConnection
    welcome: Welcome | None = None
    received: int = 0
    artifacts: dict[str, ArtifactEnter] = field(default_factory=dict)
    annotations: dict[tuple[str, str], AnnotationAdd] = field(default_factory=dict)
    others: list[Message] = field(default_factory=list)
    number: int = 0
    bytes_heard: int = 0
    gallery: str = ""

    @property
    def token(self) -> bytes:
        assert self.welcome is not None
        return self.welcome.token

    async def say(self, message: Message) -> None:
        await self.socket.send(encode(message))

    async def stand(self, position: Vector, orientation: Quaternion = LEVEL) -> None:
        """Send a pose."""
        self.number = (self.number + 1) % 65_536
        await self.socket.send(encode_pose(WirePose(self.number, 0, position, orientation)))

    async def hear(self) -> Message:
        """The next message, taken in."""
        data = await asyncio.wait_for(self.socket.recv(), 10)
        assert isinstance(data, bytes)
        self.bytes_heard += len(data)
        message = decode(data)
        self.take(message)
        return message

    async def until(self, kind: type[Message]) -> Message:
        """Take in messages up to the first of this kind."""
        while True:
            message = await self.hear()
            if isinstance(message, kind):
                return message

    def take(self, message: Message) -> None:
        if isinstance(message, Welcome):
            self.welcome = message
            if not message.resumed:
                self.received = 0
        if isinstance(message, Event):
            if isinstance(message, Snapshot):
                self.artifacts.clear()
                self.annotations.clear()
                self.gallery = message.gallery
                assert message.sequence > self.received
            else:
                assert message.sequence == self.received + 1
            self.received = message.sequence
            for change in getattr(message, "changes", ()):
                self._apply(change)
        if not isinstance(message, Event) or not hasattr(message, "changes"):
            self.others.append(message)

    def _apply(self, change: AnyChange) -> None:
        if isinstance(change, ArtifactEnter):
            self.artifacts[change.artifact] = change
        elif isinstance(change, ArtifactLeave):
            del self.artifacts[change.artifact]
            for key in [key for key in self.annotations if key[0] == change.artifact]:
                del self.annotations[key]
        elif isinstance(change, ArtifactDetail):
            entered = self.artifacts[change.artifact]
            self.artifacts[change.artifact] = entered.model_copy(
                update={"detail": change.detail, "texts": change.texts, "derivatives": change.derivatives}
            )
        elif isinstance(change, AnnotationAdd):
            self.annotations[change.artifact, change.annotation] = change
        elif isinstance(change, AnnotationRemove):
            del self.annotations[change.artifact, change.annotation]
        elif isinstance(change, GalleryEnter):
            self.gallery = change.gallery

    async def acknowledge(self) -> None:
        await self.say(Acknowledge(sequence=self.received))


def hello(**fields: object) -> Hello:
    return Hello.model_validate({"kind": ClientKind.MOCK, "languages": ("en",), **fields})


async def dialed(house: House) -> ClientConnection:
    """A websocket without a hello."""
    socket = await connect(
        house.address, subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, ping_interval=None
    )
    house.sockets.append(socket)
    return socket


async def joined(house: House, **fields: object) -> Visitor:
    """A visitor who has their first snapshot."""
    visitor = Visitor(await dialed(house))
    await visitor.say(hello(**fields))
    await visitor.until(Snapshot)
    return visitor


async def returned(house: House, visitor: Visitor) -> None:
    """The same visitor over a new connection."""
    visitor.socket = await dialed(house)
    await visitor.say(hello(token=visitor.token, received=visitor.received))
    await visitor.until(Welcome)


def along(step: int) -> Vector:
    """Points on a walk through the rows, 25 cm apart."""
    return (1.5 + 1.2 * math.sin(step / 9), 1.6, 28.0 - (step * 0.25) % 28.0)


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


async def gone(house: House, left: int = 0) -> None:
    """Wait until only ``left`` visitors are connected."""
    async with asyncio.timeout(10):
        while house.hub.connected > left:  # noqa: ASYNC110  sockets close in the system's own time
            await asyncio.sleep(0.01)
