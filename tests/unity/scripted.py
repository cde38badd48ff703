"""Servers with a script, on the protocol's real session and real websockets: what a client may meet.

``Edited`` makes random edits to a small world and ends with an exhibit whose text is the digest of what the
client must hold by then. ``newer`` speaks a later minor version. ``hostile`` sends damaged messages.
"""

import asyncio
import hashlib
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import msgpack
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from server.protocol.codec import decode, encode, encode_tail
from server.protocol.limits import ALLOWANCES, SECOND, Allowance, Limits
from server.protocol.messages import SUBPROTOCOL, Answer, Delta, Focus, Hello, Question, Snapshot, Welcome
from server.protocol.parts import (
    AnnotationAdd,
    AnnotationChange,
    AnnotationRemove,
    AnyChange,
    ArtifactDetail,
    ArtifactEnter,
    ArtifactLeave,
    Derivative,
    Detail,
    Statement,
    TextKind,
    Wording,
)
from server.protocol.posebytes import WirePose
from server.protocol.session import Close, Output, Send, Session, State
from server.protocol.wire import Event
from tests.golden.samples import MESSAGES_BY_FILE

EDITS = 10_000
THE_END = "the-end"
TOKEN = bytes(range(16))
_seeds = itertools.count()
_AHEAD = 400
"""Events sent and not acknowledged at most; the session keeps 1,024 for a resume."""


@dataclass(slots=True)
class World:
    """What a client must hold: the last word on each exhibit and annotation."""

    exhibits: dict[str, ArtifactEnter] = field(default_factory=dict)
    annotations: dict[str, dict[str, AnnotationAdd]] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 over all of it, in the order of names."""
        told = hashlib.sha256()
        for name in sorted(self.exhibits):
            told.update(encode_change_of(self.exhibits[name]))
            for annotation in sorted(self.annotations[name]):
                told.update(encode_change_of(self.annotations[name][annotation]))
        return told.hexdigest()

    def changes(self) -> tuple[AnyChange, ...]:
        """All of it as a snapshot tells it."""
        told: list[AnyChange] = []
        for name, exhibit in self.exhibits.items():
            told += [exhibit, *self.annotations[name].values()]
        return tuple(told)

    def edit(self, draw: random.Random) -> AnyChange:
        """One random edit, applied here and returned."""
        names = sorted(self.exhibits)
        kind = (
            draw.choice(("enter", "leave", "detail", "add", "add", "change", "remove")) if names else "enter"
        )
        if kind == "enter" and len(names) < 60:
            return self._enter(draw)
        name = draw.choice(names)
        if kind == "leave" and len(names) > 20:
            del self.exhibits[name], self.annotations[name]
            return ArtifactLeave(artifact=name)
        if kind in ("change", "remove") and self.annotations[name]:
            return self._annotated(kind, name, draw)
        if kind == "add":
            return self._add(name, draw)
        update = {"detail": draw.choice(tuple(Detail)), "texts": _texts(draw), "derivatives": _files(draw)}
        self.exhibits[name] = self.exhibits[name].model_copy(update=update)
        told = self.exhibits[name]
        return ArtifactDetail(
            artifact=name, detail=told.detail, texts=told.texts, derivatives=told.derivatives
        )

    def _enter(self, draw: random.Random) -> ArtifactEnter:
        name = next(one for number in range(100) if (one := f"artifact-{number}") not in self.exhibits)
        self.annotations[name] = {}
        self.exhibits[name] = ArtifactEnter(
            artifact=name,
            position=_near(draw),
            orientation=(0.0, 0.5, 0.0, 0.75),
            bounds=(0.25, 0.5, 0.125),
            detail=draw.choice(tuple(Detail)),
            texts=_texts(draw),
            derivatives=_files(draw),
            center=(0.0, 0.5, 0.0),
        )
        return self.exhibits[name]

    def _add(self, name: str, draw: random.Random) -> AnnotationAdd:
        annotation = f"note-{draw.randint(0, 8)}"
        told = AnnotationAdd(
            artifact=name,
            annotation=annotation,
            position=_near(draw),
            normal=(0.0, 0.0, 1.0),
            texts=_texts(draw),
            motivation=draw.choice(("describing", "highlighting")),
        )
        self.annotations[name][annotation] = told
        return told

    def _annotated(self, kind: str, name: str, draw: random.Random) -> AnyChange:
        annotation = draw.choice(sorted(self.annotations[name]))
        if kind == "remove":
            del self.annotations[name][annotation]
            return AnnotationRemove(artifact=name, annotation=annotation)
        texts = _texts(draw)
        told = self.annotations[name][annotation].model_copy(update={"texts": texts})
        self.annotations[name][annotation] = told
        return AnnotationChange(artifact=name, annotation=annotation, texts=texts)


def encode_change_of(change: AnyChange) -> bytes:
    """The change as it stands in a delta."""
    return encode(Delta(time=0, pose=0, changes=(change,)))


def outputs(received: WirePose | list[Output]) -> list[WirePose | Output]:
    """What a session makes of one message, as a list: a pose comes alone."""
    return [received] if isinstance(received, WirePose) else [*received]


def _near(draw: random.Random) -> tuple[float, float, float]:
    return (draw.randint(-64, 64) / 8, draw.randint(0, 16) / 8, draw.randint(-64, 64) / 8)


def _texts(draw: random.Random) -> tuple[Wording, ...]:
    words = ("bronze", "青銅鼎", "κρατήρ", "jade disc", "Kürbis", "🏺 amphora")
    return tuple(
        Wording(
            purpose=draw.choice(tuple(TextKind)),
            language=draw.choice(("en", "zh-Hant", "el", "de")),
            content=" ".join(draw.choices(words, k=draw.randint(1, 12))),
            source="a row",
        )
        for _ in range(draw.randint(0, 2))
    )


def _files(draw: random.Random) -> tuple[Derivative, ...]:
    return tuple(
        Derivative(address=f"/assets/{draw.getrandbits(64):016x}", media_type="model/gltf-binary", size=size)
        for size in range(draw.randint(0, 2))
    )


@dataclass(slots=True)
class Edited:
    """One visitor's session, through any number of connections, while the world is edited."""

    limits: Limits = field(default_factory=Limits)
    world: World = field(default_factory=World)
    hellos: list[Hello] = field(default_factory=list)
    poses: list[WirePose] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    edits: int = 0
    digest: str = ""
    _session: Session | None = None
    _socket: ServerConnection | None = None
    _editing: asyncio.Task[None] | None = None
    _draw: random.Random = field(default_factory=lambda: random.Random(6))

    async def visit(self, socket: ServerConnection) -> None:
        """One connection."""
        fresh = Session(self.limits, now())
        hello = outputs(fresh.receive(await bytes_of(socket), now()))[0]
        assert isinstance(hello, Hello)
        self.hellos.append(hello)
        session = self._session
        if session is not None and hello.token == TOKEN and session.state is not State.CLOSED:
            fresh.hand_over(now())
            replay = session.resume(hello.received, welcome(resumed=True), now())
            assert replay is not None, "events that the client missed are no longer kept"
            self._socket = socket
            for data in replay:
                await socket.send(data)
        else:
            session = self._session = fresh
            self._socket = socket
            await socket.send(session.welcome(welcome(resumed=False), now()))
            snapshot = Snapshot(time=now(), gallery="hall", placement="p", changes=self.world.changes())
            await socket.send(session.number(Snapshot.code, encode_tail(snapshot)))
            self._editing = asyncio.create_task(self._edit())
        await self._listen(session, socket)

    async def _listen(self, session: Session, socket: ServerConnection) -> None:
        try:
            while session.state is State.LIVE and socket is self._socket:
                for output in outputs(session.receive(await bytes_of(socket), now())):
                    await self._perform(output, session, socket)
        except ConnectionClosed:
            if socket is self._socket:
                session.lost(now())

    async def _perform(self, output: WirePose | Output, session: Session, socket: ServerConnection) -> None:
        if isinstance(output, Send):
            await socket.send(output.data)
        elif isinstance(output, Close):
            await socket.close(output.code, output.reason)
        elif isinstance(output, WirePose):
            self.poses.append(output)
        elif isinstance(output, Question):
            self.questions.append(output)
            said = Statement(content=output.content, language=output.language, source="the question")
            await self._tell(Answer(number=output.number, statements=(said,)), output.number)

    async def _edit(self) -> None:
        while self.edits < EDITS:
            await self._until_ready()
            changes = tuple(self.world.edit(self._draw) for _ in range(self._draw.randint(1, 12)))
            self.edits += len(changes)
            await self._tell(Delta(time=now(), pose=0, changes=changes))
        self.digest = self.world.digest()
        text = Wording(purpose=TextKind.LABEL, language="en", content=self.digest)
        end = ArtifactEnter(
            artifact=THE_END, position=(0.0, 0.0, 0.0), orientation=(0.0, 0.0, 0.0, 1.0),
            bounds=(1.0, 1.0, 1.0), detail=Detail.LABEL, texts=(text,),
        )  # fmt: skip
        await self._until_ready()
        await self._tell(Delta(time=now(), pose=0, changes=(end,)))

    async def _until_ready(self) -> None:
        """The visitor is here and has taken in most of what was sent."""
        session = self._session
        assert session is not None
        async with asyncio.timeout(60):
            while session.state is not State.LIVE or session.kept > _AHEAD:  # noqa: ASYNC110
                await asyncio.sleep(0.001)

    async def _tell(self, event: Event, answered: int | None = None) -> None:
        assert self._session is not None
        assert self._socket is not None
        data = self._session.number(event.code, encode_tail(event), answered)
        try:
            await self._socket.send(data)
        except ConnectionClosed:
            self._session.lost(now())


async def steady(socket: ServerConnection) -> None:
    """A visit in which nothing is new: poses come, focuses are told, the clock is answered."""
    plenty = {code: Allowance(one.size, 1e5, 100_000) for code, one in ALLOWANCES.items()}
    session = Session(Limits(allowances=plenty), now())
    session.receive(await bytes_of(socket), now())
    await socket.send(session.welcome(welcome(resumed=False), now()))
    world = World()
    world.edit(random.Random(1))
    snapshot = Snapshot(time=now(), gallery="hall", placement="p", changes=world.changes())
    await socket.send(session.number(Snapshot.code, encode_tail(snapshot)))
    poses = 0
    try:
        while session.state is State.LIVE:
            for output in outputs(session.receive(await bytes_of(socket), now())):
                if isinstance(output, Send):
                    await socket.send(output.data)
                elif isinstance(output, WirePose):
                    poses += 1
                    if poses % 5 == 0:
                        await socket.send(encode(Focus(time=now(), artifact=f"artifact-{poses % 7}")))
    except ConnectionClosed:
        pass


async def newer(socket: ServerConnection) -> None:
    """A server of a later minor version: fields, changes, members and messages that nobody knows yet."""
    assert isinstance(decode(await bytes_of(socket)), Hello)
    greeting = [
        2,
        "v-1",
        TOKEN,
        5 * SECOND,
        9,
        False,
        "hall",
        "p",
        60 * SECOND,
        16,
        15 * SECOND,
        ["séance"],
        1,
        [2],
    ]
    enter = [1, "bell", [1.0, 0.0, -2.0], [0, 0, 0, 1], [1, 1, 1], 99, [], [], [0, 0.5, 0], "a later field"]
    leave = [99, "what", [1, [2, [3]]]]
    for message in (
        greeting,
        [120, "a message of tomorrow"],
        [32, 1, 6 * SECOND, "hall", "p", [enter, leave], "more"],
        [33, 2, 7 * SECOND, 0, [[4, "bell", "mouth", [0, 1, 0], [0, 1, 0], []], [77]]],
    ):
        await socket.send(msgpack.packb(message, use_single_float=True))
    await socket.wait_closed()


async def hostile(socket: ServerConnection) -> None:
    """Damaged messages, claims without bytes, text, oversized ones; another kind on each connection."""
    hello = decode(await bytes_of(socket))
    assert isinstance(hello, Hello)
    draw = random.Random(next(_seeds))
    await socket.send(encode(welcome(resumed=False)))
    try:
        for _ in range(200):
            data = bytearray(encode(draw.choice(tuple(MESSAGES_BY_FILE.values()))))
            for _ in range(draw.randint(1, 4)):
                data[draw.randrange(len(data))] = draw.randrange(256)
            await socket.send(bytes(data))
        await socket.send(b"\x95\x21\x01\x02\x03\xdd\xff\xff\xff\xff")
        await socket.wait_closed()
    except ConnectionClosed:
        pass


@asynccontextmanager
async def serving(visit: Callable[[ServerConnection], Awaitable[None]]) -> AsyncIterator[int]:
    """Serve ``visit`` on a free port until the block is left."""
    opened: AbstractAsyncContextManager[Server] = serve(
        visit, "127.0.0.1", 0, subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, ping_interval=None
    )
    async with opened as server:
        yield next(iter(server.sockets)).getsockname()[1]


def welcome(*, resumed: bool, capabilities: tuple[str, ...] = ("questions",)) -> Welcome:
    """What a server with a script greets with."""
    return Welcome(
        session="v-1", token=TOKEN, server_time=now(), minor=0, resumed=resumed, gallery="hall",
        placement="p", resume_within=60 * SECOND, acknowledge_every=32, heartbeat=15 * SECOND,
        capabilities=capabilities,
    )  # fmt: skip


def now() -> int:
    """The loop's clock, nanoseconds."""
    return int(asyncio.get_running_loop().time() * SECOND)


async def bytes_of(socket: ServerConnection) -> bytes:
    """The next message."""
    data = await socket.recv()
    assert isinstance(data, bytes)
    return data
