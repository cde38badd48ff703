"""All visitors of this process: who comes in, who comes back, who is told that the museum closes."""

import asyncio
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from server.client import Client, Wire
from server.metrics import Metrics, NoMetrics
from server.outbox import Patience
from server.protocol.codec import encode
from server.protocol.limits import SECOND, Limits
from server.protocol.messages import MINOR, Error, Hello, Welcome
from server.protocol.parts import ErrorCode
from server.protocol.session import Output, Session, State
from server.recognition import Bounds, Frames, Recognizer
from server.showing import Showing

_log = logging.getLogger(__name__)

TOKEN_BYTES = 16
_BREATH = 200
"""Clients told at once before the event loop may do something else."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the hub runs."""

    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    frames: Bounds = field(default_factory=Bounds)
    visitors: int = 20_000
    """Most sessions, those without a connection included."""
    parked: int = 5_000
    """Most sessions without a connection; the longest gone is forgotten first."""
    return_after: int = 2 * SECOND
    """What clients are told to wait when the server goes down."""


class Hub:
    """See the module. Needs a running event loop. A ``House`` for its clients."""

    def __init__(
        self,
        showing: Showing,
        recognizer: Recognizer | None = None,
        rules: Rules | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.showing = showing
        self.rules = rules or Rules()
        self.metrics = metrics or NoMetrics()
        self.patience = self.rules.patience
        self.frames = Frames(recognizer, self.rules.frames, self.metrics)
        self._clients: dict[bytes, Client] = {}
        self._parked: OrderedDict[Client, None] = OrderedDict()
        self._names = 0
        self._started = time.monotonic_ns()
        self._is_draining = False
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self._run = secrets.token_hex(3)
        for name, read in (
            ("sessions", lambda: len(self._clients)),
            ("sessions_parked", lambda: len(self._parked)),
            ("outbox_waiting", self._waiting),
            ("frames_waiting", lambda: self.frames.waiting),
        ):
            self.metrics.watched(name, read)

    def now(self) -> int:
        """Nanoseconds since the hub was made."""
        return time.monotonic_ns() - self._started

    @property
    def clients(self) -> int:
        """Sessions, connected or parked."""
        return len(self._clients)

    @property
    def connected(self) -> int:
        """Sessions with a connection."""
        return len(self._clients) - len(self._parked)

    def client(self, token: bytes) -> Client | None:
        """The session with that token."""
        return self._clients.get(token)

    @property
    def is_draining(self) -> bool:
        """Whether the server goes down."""
        return self._is_draining

    # Coming in

    def session(self, now: int) -> Session:
        """For a new connection."""
        return Session(self.rules.limits, now)

    def greet(self, wire: Wire, session: Session, hello: Hello, now: int) -> Client | list[Output]:
        """The hello came: the client, or what to send to one that may not come in."""
        known = self._clients.get(hello.token) if hello.token else None
        if known is not None and known.session.state is not State.CLOSED:
            session.hand_over(now)
            self._parked.pop(known, None)
            known.resume(wire, hello.received, now)
            return known
        if self._is_draining:
            return session.shut_down(self.rules.return_after, now)
        if len(self._clients) >= self.rules.visitors:
            return session.fail(ErrorCode.FULL, f"{self.rules.visitors} visitors are in", now)
        return self._admit(wire, session, hello, now)

    def _admit(self, wire: Wire, session: Session, hello: Hello, now: int) -> Client:
        self._names += 1
        client = Client(self, session, hello, secrets.token_bytes(TOKEN_BYTES), f"{self._run}-{self._names}")
        self._clients[client.token] = client
        self._is_empty.clear()
        if hello.token:
            detail = "the session to resume is not known, or no longer; a new one begins"
            wire.send(encode(Error(error=ErrorCode.UNKNOWN_SESSION, detail=detail, about=Hello.code)))
        client.begin(wire, now)
        _log.info("visitor came in", extra={"session": client.name, "kind": hello.kind.name.lower()})
        return client

    def welcome(self, client: Client, gallery: str, resumed: bool, now: int) -> Welcome:
        """The welcome for a client."""
        limits = self.rules.limits
        offers = ("questions", "recognizer") if self.frames.is_available else ("questions",)
        return Welcome(
            session=client.name,
            token=client.token,
            server_time=now,
            minor=MINOR,
            resumed=resumed,
            gallery=gallery,
            placement=self.showing.version,
            resume_within=limits.resume,
            acknowledge_every=limits.acknowledge_every,
            heartbeat=limits.idle // 2,
            capabilities=offers,
        )

    # Going

    def parked(self, client: Client) -> None:
        """The client has no connection and may come back."""
        self._parked[client] = None
        self._parked.move_to_end(client)
        if len(self._parked) > self.rules.parked:
            forgotten, _ = self._parked.popitem(last=False)
            _log.info("visitor forgotten: too many are away", extra={"session": forgotten.name})
            forgotten.shut_down(0, self.now())

    def ended(self, client: Client) -> None:
        """The client's session is over."""
        self._parked.pop(client, None)
        if self._clients.pop(client.token, None) is not None:
            _log.info("visit over", extra={"session": client.name})
        if not self._clients:
            self._is_empty.set()

    # The whole house

    async def show(self, showing: Showing) -> None:
        """Show another version of the museum; every client gets a snapshot of it."""
        self.showing = showing
        for number, client in enumerate(self._everyone()):
            client.relocate(showing, self.now())
            if number % _BREATH == _BREATH - 1:
                await asyncio.sleep(0)

    async def drain(self, deadline: float) -> None:
        """Bid everybody farewell and let nobody in; returns when all are gone, or after ``deadline`` s."""
        self._is_draining = True
        for number, client in enumerate(self._everyone()):
            client.shut_down(self.rules.return_after, self.now())
            if number % _BREATH == _BREATH - 1:
                await asyncio.sleep(0)
        try:
            async with asyncio.timeout(deadline):
                await self._is_empty.wait()
        except TimeoutError:
            _log.warning("visitors were still in at the end of the drain", extra={"count": self.clients})

    async def close(self) -> None:
        """Let go of everything that runs."""
        await self.frames.close()

    def _everyone(self) -> Iterator[Client]:
        return iter(list(self._clients.values()))

    def _waiting(self) -> int:
        return sum(client.waiting for client in self._clients.values())
