"""One visitor's session without sockets or clock: bytes and time in, events and bytes out.

A session outlives its connections. It begins with the hello of a new visitor; when the connection is lost
it is parked, and a newer connection whose hello names its token takes it up again. What may follow what is
the table ``TRANSITIONS`` and nothing else; a move that is not in it is the client's fault (``OUT_OF_ORDER``)
or, where the caller made it, a ``StateError``.

Events (``Snapshot``, ``Delta``, ``Sightings``, ``Answer``) are numbered here and kept until the client has
acknowledged them, so that a resume replays exactly those it missed. The kept ones are bounded in count and
bytes: a client that acknowledges too little loses the oldest, and its resume begins with a snapshot.

Nothing that a client sends makes a method raise. Times are nanoseconds since the server started.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from server.protocol.codec import WireError, decode, encode, message_type, numbered
from server.protocol.limits import Allowance, Bucket, Limits
from server.protocol.messages import (
    MESSAGES,
    POSE,
    Acknowledge,
    Answer,
    Bye,
    CameraFrame,
    ClockAnswer,
    ClockRequest,
    Error,
    Hello,
    Question,
    Sightings,
    Welcome,
)
from server.protocol.parts import ByeReason, ErrorCode
from server.protocol.posebytes import LONGEST, PoseError, WirePose, decode_pose
from server.protocol.wire import Message

NORMAL_CLOSE: Final = 1000
GOING_AWAY: Final = 1001
INTERNAL_CLOSE: Final = 1011
_ANSWERS: Final = MappingProxyType({Sightings.code: CameraFrame.code, Answer.code: Question.code})
_QUIET: Final = Allowance(0, 2.0, 10)
"""How often errors about one connection are told; the rest are only counted."""


class State(Enum):
    """Where a session stands."""

    NEW = "new"
    """Connected; waiting for hello."""
    GREETED = "greeted"
    """Hello came; the server prepares its welcome."""
    LIVE = "live"
    """Welcome was sent."""
    PARKED = "parked"
    """No connection; waiting for the client to come back."""
    CLOSED = "closed"
    """Over."""


class Trigger(Enum):
    """What can happen to a session."""

    HELLO = "hello"
    WELCOME = "welcome sent"
    HANDED_OVER = "hello resumed another session"
    MESSAGE = "message"
    LEFT = "bye: leaving"
    PAUSED = "bye: pausing"
    FAULT = "fatal error"
    LOST = "connection lost"
    RESUMED = "token came back"
    HANDSHAKE_LATE = "no hello in time"
    SILENT = "idle too long"
    FORGOTTEN = "resume time over"
    SHUTDOWN = "server shuts down"


_S, _T = State, Trigger
TRANSITIONS: Final[Mapping[tuple[State, Trigger], State]] = MappingProxyType(
    {
        (_S.NEW, _T.HELLO): _S.GREETED,
        (_S.NEW, _T.LEFT): _S.CLOSED,
        (_S.NEW, _T.PAUSED): _S.CLOSED,
        (_S.NEW, _T.FAULT): _S.CLOSED,
        (_S.NEW, _T.LOST): _S.CLOSED,
        (_S.NEW, _T.HANDSHAKE_LATE): _S.CLOSED,
        (_S.NEW, _T.SHUTDOWN): _S.CLOSED,
        (_S.GREETED, _T.WELCOME): _S.LIVE,
        (_S.GREETED, _T.HANDED_OVER): _S.CLOSED,
        (_S.GREETED, _T.FAULT): _S.CLOSED,
        (_S.GREETED, _T.LOST): _S.CLOSED,
        (_S.GREETED, _T.SHUTDOWN): _S.CLOSED,
        (_S.LIVE, _T.MESSAGE): _S.LIVE,
        (_S.LIVE, _T.LEFT): _S.CLOSED,
        (_S.LIVE, _T.PAUSED): _S.PARKED,
        (_S.LIVE, _T.FAULT): _S.CLOSED,
        (_S.LIVE, _T.LOST): _S.PARKED,
        (_S.LIVE, _T.SILENT): _S.PARKED,
        (_S.LIVE, _T.RESUMED): _S.LIVE,
        (_S.LIVE, _T.SHUTDOWN): _S.CLOSED,
        (_S.PARKED, _T.RESUMED): _S.LIVE,
        (_S.PARKED, _T.FORGOTTEN): _S.CLOSED,
        (_S.PARKED, _T.SHUTDOWN): _S.CLOSED,
    }
)


class StateError(Exception):
    """The caller, not the client, asked for a move that the table does not have."""


@dataclass(frozen=True, slots=True)
class Send:
    """Bytes of one websocket message for the client."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Close the websocket after what was sent before. The session is parked or over by now."""

    code: int
    reason: str


Output = Message | Send | Close
"""What comes of a message: what the visitor did (hello, gaze, camera frame, question, bye), what is to be
sent, and whether the connection ends."""


class Session:
    """See the module. One object a visitor; ``receive`` must get whole websocket messages."""

    __slots__ = (
        "_acked", "_buckets", "_faults", "_heard", "_kept", "_kept_bytes", "_limits", "_parked", "_quiet",
        "_sequence", "_state", "_unanswered",
    )  # fmt: skip

    def __init__(self, limits: Limits, now: int) -> None:
        self._limits = limits
        self._state = State.NEW
        self._heard = now
        self._parked = 0
        self._faults = 0
        self._buckets: dict[int, Bucket] = {}
        self._quiet: Bucket | None = None
        self._sequence = 0
        self._acked = 0
        self._kept: deque[bytes] = deque()
        self._kept_bytes = 0
        self._unanswered: dict[int, set[int]] = {}

    @property
    def state(self) -> State:
        """Where the session stands."""
        return self._state

    @property
    def sequence(self) -> int:
        """Number of the newest event, 0 before the first."""
        return self._sequence

    @property
    def kept(self) -> int:
        """Events sent and not yet acknowledged."""
        return len(self._kept)

    def unanswered(self, code: int) -> frozenset[int]:
        """Numbers of the questions or camera frames (by message number) that have no answer yet."""
        return frozenset(self._unanswered.get(code, ()))

    # What comes from the client

    def receive(self, data: bytes, now: int) -> WirePose | list[Output]:
        """Take in one websocket message; nothing comes of it where the session has no connection.

        A pose comes back by itself and not in a list: nearly every message is one.
        """
        if self._state is State.LIVE:
            self._heard = now
            if data[:1] == b"\x10":
                return self._receive_pose(data, now)
        elif self._state is State.CLOSED or self._state is State.PARKED:
            return []
        self._heard = now
        try:
            code = message_type(data)
            message = decode(data, self._limits) if code != POSE else None
        except WireError as error:
            harmless = error.error is ErrorCode.UNKNOWN_TYPE and self._state is State.LIVE
            return self._refuse(_error(error.error, error.detail, error.about, fatal=not harmless), now)
        return self._take(code, message, now)

    def _receive_pose(self, data: bytes, now: int) -> WirePose | list[Output]:
        if len(data) > LONGEST:
            detail = f"a pose has at most {LONGEST} bytes, got {len(data)}"
            return self._refuse(_error(ErrorCode.TOO_LARGE, detail, POSE, fatal=True), now)
        bucket = self._buckets.get(POSE) or self._bucket(POSE, now)
        if not bucket.take(now):
            return self._too_fast(POSE, 0, now)
        try:
            return decode_pose(data, now)
        except PoseError as error:
            return self._refuse(_error(ErrorCode.MALFORMED, str(error), POSE, fatal=True), now)

    def _take(self, code: int, message: Message | None, now: int) -> list[Output]:
        trigger = _trigger(message)
        if (self._state, trigger) not in TRANSITIONS or (message and message.sender == "server"):
            named = MESSAGES[code].__name__ if message else "Pose"
            detail = f"{named} has no place in a session that is {self._state.value}; start with Hello"
            return self._refuse(_error(ErrorCode.OUT_OF_ORDER, detail, code, fatal=True), now)
        if message is None:
            raise StateError("a pose in a live session is read elsewhere")
        number: int = getattr(message, "number", 0)
        if not self._bucket(code, now).take(now):
            return self._too_fast(code, number, now)
        if code in (CameraFrame.code, Question.code) and not self._admit(code, number):
            detail = f"message {code} number {number}: {len(self._unanswered[code])} are unanswered"
            return self._refuse(_error(ErrorCode.TOO_MANY_UNANSWERED, detail, code, number), now)
        self._move(trigger, now)
        return self._act(message, now)

    def _act(self, message: Message, now: int) -> list[Output]:
        if isinstance(message, ClockRequest):
            answer = ClockAnswer(client_sent=message.client_sent, server_received=now, server_sent=now)
            return [Send(encode(answer))]
        if isinstance(message, Acknowledge):
            return self._acknowledge(message.sequence, now)
        if isinstance(message, Bye):
            return [message, Close(NORMAL_CLOSE, "bye")]
        return [message]

    def _acknowledge(self, sequence: int, now: int) -> list[Output]:
        if sequence > self._sequence:
            detail = f"event {sequence} was never sent; the newest is {self._sequence}"
            return self._refuse(_error(ErrorCode.MALFORMED, detail, Acknowledge.code, fatal=True), now)
        self._forget_to(sequence)
        return []

    # What the server does

    def welcome(self, welcome: Welcome, now: int) -> bytes:
        """Start the session of a new visitor; the bytes go out first."""
        self._move(Trigger.WELCOME, now)
        return encode(welcome)

    def hand_over(self, now: int) -> None:
        """End this session: its hello resumed another one, which takes over the connection."""
        self._move(Trigger.HANDED_OVER, now)

    def resume(self, received: int, welcome: Welcome, now: int) -> list[bytes] | None:
        """Take the session up again on a new connection: welcome and the missed events.

        ``None`` where the client missed events that are no longer kept, or claims some that were never sent:
        the caller then sends ``restart`` and a snapshot.
        """
        oldest = self._sequence - len(self._kept)
        if not oldest <= received <= self._sequence:
            return None
        self._reattach(now)
        self._forget_to(received)
        return [encode(welcome), *self._kept]

    def restart(self, welcome: Welcome, now: int) -> bytes:
        """Take the session up again where ``resume`` could not; ``welcome.resumed`` is ``False``."""
        self._reattach(now)
        self._forget_to(self._sequence)
        return encode(welcome)

    def number(self, code: int, tail: bytes, answered: int | None = None) -> bytes:
        """Number one event, keep it for a resume, and return its bytes to be sent at once.

        ``tail`` comes from ``encode_tail`` or ``delta_tail``; ``answered`` is the number of the frame or
        question that this event answers.

        Raises:
            StateError: the session is not live.
        """
        if self._state is not State.LIVE:
            raise StateError(f"events are numbered in live sessions; this one is {self._state.value}")
        self._sequence += 1
        data = numbered(code, self._sequence, tail)
        self._kept.append(data)
        self._kept_bytes += len(data)
        while len(self._kept) > self._limits.replay_events or self._kept_bytes > self._limits.replay_bytes:
            self._kept_bytes -= len(self._kept.popleft())
        if answered is not None:
            self._unanswered.get(_ANSWERS[code], set()).discard(answered)
        return data

    def fail(self, error: ErrorCode, detail: str, now: int) -> list[Output]:
        """End the session for a fault that the caller found."""
        return self._refuse(_error(error, detail, fatal=True), now)

    def shut_down(self, return_after: int, now: int) -> list[Output]:
        """End the session because the server goes down; the client may return after that many ns."""
        self._move(Trigger.SHUTDOWN, now)
        bye = Bye(reason=ByeReason.SHUTTING_DOWN, return_after=return_after)
        return [Send(encode(bye)), Close(GOING_AWAY, ErrorCode.SHUTTING_DOWN.name)]

    def lost(self, now: int) -> None:
        """The connection is gone. Nothing happens to a session that is parked or over already."""
        if self._state is not State.CLOSED and self._state is not State.PARKED:
            self._move(Trigger.LOST, now)

    # Time

    def deadline(self) -> int | None:
        """When ``check`` must be called at the latest (ns); ``None`` once closed."""
        if self._state is State.NEW:
            return self._heard + self._limits.handshake
        if self._state is State.LIVE:
            return self._heard + self._limits.idle
        return self._parked + self._limits.resume if self._state is State.PARKED else None

    def check(self, now: int) -> list[Output]:
        """Do what is due at ``now``: a late hello, a silent client, a parked session whose time is over."""
        due = self.deadline()
        if due is None or now < due:
            return []
        if self._state is State.PARKED:
            self._move(Trigger.FORGOTTEN, now)
            return []
        if self._state is State.NEW:
            self._move(Trigger.HANDSHAKE_LATE, now)
            late = f"no hello within {self._limits.handshake / 1e9:g} s"
            return _farewell(_error(ErrorCode.TOO_LATE, late, fatal=True), ByeReason.FAULT)
        self._move(Trigger.SILENT, now)
        silent = f"nothing heard for {self._limits.idle / 1e9:g} s; the session can be resumed"
        return _farewell(_error(ErrorCode.IDLE, silent, fatal=True), ByeReason.PAUSING)

    # Inside

    def _move(self, trigger: Trigger, now: int) -> None:
        state = TRANSITIONS.get((self._state, trigger))
        if state is None:
            raise StateError(f"a session that is {self._state.value} knows no {trigger.value!r}")
        if state is State.PARKED:
            self._parked = now
        elif state is State.CLOSED:
            self._forget_to(self._sequence)
            self._unanswered.clear()
        self._state = state

    def _reattach(self, now: int) -> None:
        self._move(Trigger.RESUMED, now)
        self._heard = now
        self._buckets.clear()
        self._quiet, self._faults = None, 0

    def _forget_to(self, sequence: int) -> None:
        self._acked = max(self._acked, sequence)
        while self._kept and self._sequence - len(self._kept) < self._acked:
            self._kept_bytes -= len(self._kept.popleft())

    def _bucket(self, code: int, now: int) -> Bucket:
        bucket = self._buckets.get(code)
        if bucket is None:
            bucket = self._buckets[code] = Bucket(self._limits.allowances[code], now)
        return bucket

    def _admit(self, code: int, number: int) -> bool:
        limits = self._limits
        most = limits.unanswered_frames if code == CameraFrame.code else limits.unanswered_questions
        waiting = self._unanswered.setdefault(code, set())
        if len(waiting) >= most or number in waiting:
            return False
        waiting.add(number)
        return True

    def _too_fast(self, code: int, number: int, now: int) -> list[Output]:
        allowance = self._limits.allowances[code]
        fatal = self._bucket(code, now).excess > self._limits.excess * allowance.burst
        detail = f"message {code}: more than {allowance.rate:g}/s after a burst of {allowance.burst}; dropped"
        return self._refuse(_error(ErrorCode.TOO_FAST, detail, code, number, fatal=fatal), now)

    def _refuse(self, error: Error, now: int) -> list[Output]:
        if error.error is not ErrorCode.TOO_FAST:  # these have a count of their own
            self._faults += 1
        if error.fatal or self._faults > self._limits.faults:
            self._move(Trigger.FAULT, now)
            return _farewell(error.model_copy(update={"fatal": True}), ByeReason.FAULT)
        self._quiet = self._quiet or Bucket(_QUIET, now)
        # A dropped frame or question is always told, each by its number; they are few.
        if not error.number and not self._quiet.take(now):
            return []
        return [Send(encode(error))]


def _trigger(message: Message | None) -> Trigger:
    if isinstance(message, Hello):
        return Trigger.HELLO
    if isinstance(message, Bye):
        return Trigger.LEFT if message.reason is ByeReason.LEAVING else Trigger.PAUSED
    return Trigger.MESSAGE


def _error(error: ErrorCode, detail: str, about: int = 0, number: int = 0, *, fatal: bool = False) -> Error:
    return Error(error=error, detail=detail[:1000], fatal=fatal, about=about, number=number)


def _farewell(error: Error, reason: ByeReason) -> list[Output]:
    code = int(error.error) or INTERNAL_CLOSE
    return [Send(encode(error)), Send(encode(Bye(reason=reason))), Close(code, error.error.name)]
