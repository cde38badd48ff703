"""One visitor: the session on the wire, the visit in the museum, and what waits to be told.

A client outlives its connections. It is not a task: it works when bytes come, when the socket takes bytes
again, when an answer is ready and when a timer rings, always on the event loop and never waiting.
"""

import asyncio
import logging
import time
from typing import Final, Protocol

from server.content import Stated
from server.metrics import Metrics
from server.outbox import Outbox, Patience, Waiting
from server.protocol.codec import delta_tail, encode, encode_tail, snapshot_tail
from server.protocol.messages import (
    Answer,
    Bye,
    CameraFrame,
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
    ErrorCode,
    Statement,
)
from server.protocol.posebytes import GAZE, POSITION_VALID, WirePose
from server.protocol.session import Close, Output, Send, Session, State
from server.recognition import Frame, Frames, Lens, Outcome
from server.showing import Showing
from server.sighted import sightings_of
from server.translation import ADDRESS, LINE, PASSAGE, audience_of, entered, shortened
from server.view import View
from server.world.space import Ray
from server.world.visit import STILL, Stepped
from server.world.visit import Focus as Looked
from server.world.visit import Snapshot as Perceiving

_log = logging.getLogger(__name__)

TIMED_EVERY: Final = 64
"""Of so many poses one is timed: reading the clock for each would cost a tenth of what it measures."""

_REPLACED: Final = Error(
    error=ErrorCode.REPLACED, detail="the session goes on over a newer connection", fatal=True
)


class Wire(Protocol):
    """The connection as a client sees it."""

    def send(self, data: bytes) -> None:
        """Hand one message to the socket."""

    def close(self, code: int, reason: str) -> None:
        """Close after what was sent."""


class House(Protocol):
    """What surrounds a client."""

    showing: Showing
    frames: Frames
    metrics: Metrics
    patience: Patience

    def now(self) -> int:
        """Nanoseconds since the server started."""

    def welcome(self, client: "Client", gallery: str, resumed: bool, now: int) -> Welcome:
        """The welcome for a client."""

    def parked(self, client: "Client") -> None:
        """The client has no connection and may come back."""

    def ended(self, client: "Client") -> None:
        """The client's session is over."""


class Client:
    """See the module. Made by the hub at a new visitor's hello."""

    __slots__ = (
        "_audience", "_edition", "_hello", "_house", "_later", "_outbox", "_pose", "_showing", "_timer",
        "_view", "_visit", "_wire", "name", "session", "token",
    )  # fmt: skip

    def __init__(self, house: House, session: Session, hello: Hello, token: bytes, name: str) -> None:
        self.session = session
        self.token = token
        self.name = name
        """Identifies the session in logs and messages."""
        self._house = house
        self._hello = hello
        self._showing: Showing = house.showing
        self._visit = self._showing.visit(hello)
        self._audience = audience_of(hello)
        self._edition = self._showing.translator.edition(self._audience)
        self._view = View()
        self._outbox = Outbox(hello.byte_budget, house.patience, house.now())
        self._wire: Wire | None = None
        self._pose = 0
        self._timer: asyncio.TimerHandle | None = None
        self._later: asyncio.TimerHandle | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection now."""
        return self._wire is not None

    @property
    def waiting(self) -> int:
        """Answers and artifacts that could not be told yet."""
        return len(self._outbox.answers) + self._view.due

    @property
    def perceived(self) -> Perceiving:
        """What the visitor perceives now, told or not."""
        return self._visit.snapshot()

    @property
    def is_blocked(self) -> bool:
        """Whether the socket takes nothing more."""
        return self._outbox.is_blocked

    # Coming and going

    def begin(self, wire: Wire, now: int) -> None:
        """A new visitor: welcome and first snapshot."""
        self._wire = wire
        wire.send(self.session.welcome(self._welcome(resumed=False, now=now), now))
        self._tell_anew(now)
        self._watch(now)

    def resume(self, wire: Wire, received: int, now: int) -> None:
        """The visitor is back on another connection; the former one, if it still stands, is closed."""
        former, self._wire = self._wire, None
        if former is not None:
            former.send(encode(_REPLACED))
            former.send(encode(Bye(reason=ByeReason.REPLACED)))
            former.close(ErrorCode.REPLACED, ErrorCode.REPLACED.name)
        self._wire = wire
        self._outbox.unblock(now)
        replay = self.session.resume(received, self._welcome(resumed=True, now=now), now)
        if replay is None:
            wire.send(self.session.restart(self._welcome(resumed=False, now=now), now))
            self._tell_anew(now)
        else:
            for data in replay:
                self._outbox.spend(len(data))
                wire.send(data)
            self.flush(now)
        self._watch(now)

    def lost(self, wire: Wire, now: int) -> None:
        """A connection is gone; only the current one counts."""
        if wire is not self._wire:
            return
        self._detach()
        self.session.lost(now)
        self._settle(now)

    def shut_down(self, return_after: int, now: int) -> None:
        """The server goes down."""
        if self.session.state is not State.CLOSED:
            self._perform(self.session.shut_down(return_after, now), now)

    def relocate(self, showing: Showing, now: int) -> None:
        """The museum's placement or content changed: everything is told anew."""
        self._showing = showing
        self._edition = showing.translator.edition(self._audience)
        if self._visit.relocate(showing.interest).refocused:
            self._outbox.focus = encode(_focus(None, now))
        self._tell_anew(now)

    # What the visitor does

    def receive(self, data: bytes, now: int) -> None:
        """Take in one websocket message."""
        outputs = self.session.receive(data, now)
        if isinstance(outputs, WirePose):
            self._moved(outputs, now)
        else:
            self._perform(outputs, now)

    def fail(self, error: ErrorCode, detail: str, now: int) -> None:
        """The connection found a fault that ends the session."""
        if self.session.state is State.LIVE:
            self._perform(self.session.fail(error, detail, now), now)

    def _perform(self, outputs: list[Output], now: int) -> None:
        for output in outputs:
            if isinstance(output, Send):
                if self._wire is not None:
                    self._outbox.spend(len(output.data))
                    self._wire.send(output.data)
            elif isinstance(output, Close):
                self._closed(output, now)
            elif isinstance(output, Gaze):
                self._changed(self._visit.look(Ray(output.origin, output.direction), now), now)
            elif isinstance(output, CameraFrame):
                self._framed(output)
            elif isinstance(output, Question):
                self._asked(output)

    def _moved(self, pose: WirePose, now: int) -> None:
        if not pose.flags & POSITION_VALID:
            return
        self._pose = pose.number
        # Judged by the time of receipt: a client's clock must not be able to make dwell of nothing.
        if pose.number % TIMED_EVERY:
            stepped = self._visit.stand(pose.position, pose.orientation, now)
        else:
            began = time.perf_counter()
            stepped = self._visit.stand(pose.position, pose.orientation, now)
            self._house.metrics.timed("interest", time.perf_counter() - began)
        if stepped is not STILL:
            self._changed(stepped, now)
        if pose.flags & GAZE and pose.gaze is not None:
            self._changed(self._visit.look(Ray(pose.position, pose.gaze), now), now)

    def _changed(self, stepped: Stepped, now: int) -> None:
        steps, refocused, moved = stepped
        if refocused:
            if self._outbox.focus is not None:
                self._house.metrics.dropped("focus")
            self._outbox.focus = encode(_focus(self._visit.focus, now))
        if moved:
            self._view.has_moved = True
        if steps and not self._told_at_once(steps, now):
            self._view.apply(steps)
        elif not (refocused or moved):
            return
        self.flush(now)

    def _told_at_once(self, steps: list[int], now: int) -> bool:
        """The usual case: nothing waits, and the steps go out as they are."""
        outbox, wire = self._outbox, self._wire
        if wire is None or self._view.is_behind or not outbox.is_free(now):
            return False
        count, told = self._edition.told_all(steps)
        if len(told) > outbox.chunk:
            return False
        data = self.session.number(Delta.code, delta_tail(now, self._pose, count, told))
        outbox.spend(len(data))
        wire.send(data)
        return True

    def _framed(self, frame: CameraFrame) -> None:
        if not self._hello.consent.camera:
            self._sighted(
                frame.number, Outcome(refusal="no_consent", detail="the hello has no consent.camera")
            )
            return
        encoding = frame.encoding.name.lower()
        near = tuple(one.artifact for one in self._visit.snapshot().perceived)
        told = frame.intrinsics
        size = frame.width, frame.height
        lens = Lens(told.fx, told.fy, told.cx, told.cy, *size) if told is not None else None
        offered = Frame(frame.number, encoding, *size, frame.image, near, lens, self.name)
        self._house.frames.offer(self, offered, self._sighted)

    def _sighted(self, number: int, outcome: Outcome) -> None:
        content, audience = self._showing.content, self._audience
        sightings = sightings_of(number, outcome, lambda artifact: content.notes(artifact, audience))
        self._answer(Waiting(Sightings.code, encode_tail(sightings), number))

    def _asked(self, question: Question) -> None:
        focus = self._visit.focus
        artifact = question.artifact or (focus.artifact if focus else "")
        stated: tuple[Stated, ...] = ()
        if artifact:
            stated = self._showing.answer(artifact, question.content, question.language, self._audience)
        answer = Answer(number=question.number, statements=tuple(map(_statement, stated)), artifact=artifact)
        self._answer(Waiting(Answer.code, encode_tail(answer), question.number))

    def _answer(self, answer: Waiting) -> None:
        if self.session.state is not State.CLOSED:
            self._outbox.answers.append(answer)
            self.flush(self._house.now())

    # What the visitor is told

    def flush(self, now: int) -> None:
        """Send what may go."""
        outbox, wire, view = self._outbox, self._wire, self._view
        if wire is None or self.session.state is not State.LIVE:
            return
        while view.is_behind or outbox.focus or outbox.is_waiting:
            if not outbox.may_send(now):
                self._later_on(now)
                return
            data = self._next(now)
            if data is not None:
                outbox.spend(len(data))
                wire.send(data)

    def _later_on(self, now: int) -> None:
        if not self._outbox.is_blocked and self._later is None:
            pause = self._outbox.wait(now) / 1e9
            self._later = asyncio.get_running_loop().call_later(pause, self._flush_later)

    def _flush_later(self) -> None:
        self._later = None
        self.flush(self._house.now())

    def _next(self, now: int) -> bytes | None:
        outbox, session = self._outbox, self.session
        if outbox.stale:
            outbox.stale = False
            self._view.forget(self._visit.codes())
            head = (now, self._visit.gallery or "", self._showing.version)
            return session.number(Snapshot.code, snapshot_tail(head, *self._steps()))
        if outbox.answers:
            waiting = outbox.answers.popleft()
            return session.number(waiting.code, waiting.tail, waiting.answered)
        if self._view.is_behind:
            count, changes = self._steps()
            if count:
                return session.number(Delta.code, delta_tail(now, self._pose, count, changes))
        focus, outbox.focus = outbox.focus, None
        return focus

    def _steps(self) -> tuple[int, bytes]:
        """What is due and fits into one message: how many changes, and their bytes."""
        view, visit = self._view, self._visit
        most, size, count, told = self._outbox.chunk, 0, 0, list[bytes]()
        if view.has_moved:
            view.has_moved = False
            told.append(entered(visit.gallery or ""))
            count = 1
        perceived = visit.codes()
        while size < most and (step := view.take(perceived)) is not None:
            changes, number = self._edition.told(step)
            told.append(changes)
            count += number
            size += len(changes)
        return count, b"".join(told)

    def _tell_anew(self, now: int) -> None:
        self._view.forget(self._visit.codes())
        self._outbox.stale = True
        self.flush(now)

    def _welcome(self, *, resumed: bool, now: int) -> Welcome:
        return self._house.welcome(self, self._visit.gallery or self._hello.gallery, resumed, now)

    # The connection below

    def blocked(self, now: int) -> None:
        """The socket is full."""
        self._outbox.block(now)
        self._watch(now)

    def unblocked(self, now: int) -> None:
        """The socket takes bytes again."""
        self._outbox.unblock(now)
        if self._outbox.stale:
            self._house.metrics.dropped("changes", self._view.due)
        self.flush(now)

    def _closed(self, close: Close, now: int) -> None:
        wire = self._wire
        self._detach()
        if wire is not None:
            wire.close(close.code, close.reason)
        self._house.metrics.closed(close.reason)
        self._settle(now)

    def _detach(self) -> None:
        self._wire = None
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def _settle(self, now: int) -> None:
        """After the connection is gone: parked, or over."""
        is_over = self.session.state is State.CLOSED
        self._house.frames.cancel(self, answered=not is_over)
        if is_over:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._house.ended(self)
        else:
            self._house.parked(self)
            self._watch(now)

    # Time

    def _watch(self, now: int) -> None:
        """Have the timer ring when something may be due; it is not moved at every message."""
        due = self.session.deadline()
        if due is None:
            return
        if self._outbox.is_blocked:
            due = min(due, now + self._house.patience.stuck)
        if self._timer is not None:
            self._timer.cancel()
        pause = max(due - now, 0) / 1e9 + 0.001
        self._timer = asyncio.get_running_loop().call_later(pause, self._rung)

    def _rung(self) -> None:
        self._timer = None
        now = self._house.now()
        if self._outbox.is_stuck(now) and self.session.state is State.LIVE:
            detail = f"nothing was read for {self._house.patience.stuck / 1e9:g} s"
            self._perform(self.session.fail(ErrorCode.TOO_SLOW, detail, now), now)
            return
        was = self.session.state
        self._perform(self.session.check(now), now)
        if was is State.PARKED and self.session.state is State.CLOSED:
            self._house.metrics.closed("forgotten")
            self._settle(now)
        elif self.session.state is not State.CLOSED and self._timer is None:
            self._watch(now)


def _focus(focus: Looked | None, now: int) -> Focus:
    if focus is None:
        return Focus(time=now)
    return Focus(
        time=now,
        artifact=focus.artifact,
        annotation=focus.annotation or "",
        distance=focus.distance,
        dwell=focus.dwell,
    )


def _statement(stated: Stated) -> Statement:
    return Statement(
        content=shortened(stated.content, PASSAGE),
        language=stated.language,
        source=shortened(stated.source, LINE),
        # An address that was cut leads elsewhere.
        address=stated.address if len(stated.address) <= ADDRESS else "",
        confidence=stated.confidence,
    )
