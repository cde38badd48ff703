"""One scripted visitor: speaks the protocol, walks, looks, asks, sends frames, loses the line and comes back.

Works when bytes come and when the crowd's clock ticks; never waits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from server.mock.line import Line
from server.mock.scenario import Group
from server.mock.tally import Tally
from server.mock.walk import Walker
from server.protocol.codec import encode, unpack
from server.protocol.messages import (
    Acknowledge,
    Answer,
    Bye,
    CameraFrame,
    ClockAnswer,
    ClockRequest,
    Delta,
    Error,
    Hello,
    Question,
    Sightings,
    Snapshot,
    Welcome,
)
from server.protocol.parts import (
    ArtifactEnter,
    ArtifactLeave,
    ByeReason,
    ClientKind,
    Consent,
    ErrorCode,
    ImageEncoding,
)
from server.protocol.posebytes import WirePose, encode_pose
from server.world.space import Vector, minus, plus, rotated, unit

NS: Final = 1_000_000_000
_EVENTS: Final = frozenset(kind.code for kind in (Snapshot, Delta, Sightings, Answer))
_REMEMBERED: Final = 1024
"""Poses whose time of sending is kept; a delta that names an older one is not measured."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame of a camera, encoded."""

    image: bytes
    encoding: ImageEncoding
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Stage:
    """What all visitors of a group share: clock (nanoseconds), tally, how to open a line, camera frames."""

    now: Callable[[], int]
    began: int
    tally: Tally
    dial: Callable[["Visitor"], Line]
    pictures: Sequence[Picture]


class Visitor:
    """See the module."""

    def __init__(self, stage: Stage, group: Group, seed: int) -> None:
        chance = Random(seed)  # repeatable; nothing secret hangs on it
        self.group = group
        self.due = 0
        """When the next pose is to be sent."""
        self.back_at = 0
        """When to open the next line after a drop; 0: not away."""
        self.is_here = False
        """The server told this visitor what they perceive, and the line stands."""
        self.received = 0
        """Bytes of the lines that are gone."""
        self.sent = 0
        self._stage = stage
        self._tally = stage.tally
        self._body = Walker(chance, group.eye_height, group.speed, group.dwell_s, group.route)
        self._line: Line | None = None
        self._token = b""
        self._pose = self._event = self._unacknowledged = self._number = 0
        self._sent_at = [0] * _REMEMBERED
        self._waiting: dict[int, int] = {}
        self._dialed = self._greeted = self._welcomed_at = self._server_time = self._walked = 0
        self._period = int(NS / group.pose_hz)
        self._habits = {
            "clock": group.clock_every_s, "ask": group.ask_every_s, "frame": group.frame_every_s,
            "drop": group.drop_every_s,
        }  # fmt: skip
        self._next = dict.fromkeys(self._habits, 0)

    # the line

    def come(self) -> None:
        """Open a line: the first, or the next one after a drop."""
        self.back_at = 0
        self._dialed = self._stage.now()
        self._line = self._stage.dial(self)

    def opened(self) -> None:
        """The handshake is done: say hello."""
        group = self.group
        self._greeted = self._stage.now()
        consent = Consent(camera=group.frame_every_s > 0, gaze=group.gaze)
        self._send(
            Hello(
                kind=ClientKind[group.kind.upper()], capabilities=group.capabilities,
                languages=group.languages, byte_budget=group.byte_budget, consent=consent,
                token=self._token, received=self._event, software="twin mock",
            )
        )  # fmt: skip

    def closed(self, line: Line, code: int, reason: str) -> None:
        """A line is gone; one that was dropped or left is known already."""
        if line is not self._line:
            return
        self._let_go()
        self._tally.counts["lost"] += 1
        self._tally.closes[f"{code} {reason}".strip()] += 1

    def leave(self) -> None:
        """The visit is over."""
        line = self._line
        if line is not None:
            self._send(Bye(reason=ByeReason.LEAVING))
            self._let_go()
            line.close()

    def _let_go(self) -> None:
        line, self._line, self.is_here = self._line, None, False
        if line is not None:
            self.received += line.received
            self.sent += line.sent

    def _send(self, message: Any) -> None:
        if self._line is not None:
            self._line.send(encode(message))

    # what the server tells

    def told(self, data: bytes) -> None:
        """One message of the server."""
        now = self._stage.now()
        message: Sequence[Any] = unpack(data)
        code = message[0]
        if code in _EVENTS:
            self._count(int(message[1]))
        if code == Delta.code:
            self._changed(message, now)
        elif code == ClockAnswer.code:
            self._took("clock", int(message[1]), now)
        elif code == Snapshot.code:
            self._began(message, now)
        elif code in (Answer.code, Sightings.code):
            if code == Sightings.code:
                self._tally.counts["named" if message[3] else "unnamed"] += 1
            since = self._waiting.pop(message[2], 0)
            if since:
                self._took("answer" if code == Answer.code else "sightings", since, now)
        elif code == Welcome.code:
            self._welcomed(message, now)
        elif code == Error.code:
            self._tally.errors[_name(message[1])] += 1

    def _took(self, kind: str, since: int, now: int) -> None:
        began = self._stage.began
        self._tally.took(self.group.name, kind, (now - began) / NS, (now - since) / NS)

    def _count(self, event: int) -> None:
        if self._event and event != self._event + 1:
            self._tally.counts["repeated" if event <= self._event else "missing"] += 1
        self._event = max(event, self._event)
        self._unacknowledged += 1
        if self._unacknowledged >= 16:
            self._unacknowledged = 0
            self._send(Acknowledge(sequence=self._event))

    def _welcomed(self, message: Sequence[Any], now: int) -> None:
        was_here = bool(self._token)
        _, _, self._token, self._server_time, _, resumed = message[:6]
        self._welcomed_at = now
        if resumed:
            self._took("resume", self._dialed, now)
            self._tally.counts["resumed"] += 1
            self._arrived(now)
            return
        self._event = 0
        self._tally.counts["restarted" if was_here else "welcomed"] += 1
        if not was_here:
            self._took("connect", self._dialed, now)

    def _began(self, message: Sequence[Any], now: int) -> None:
        self._tally.counts["snapshots"] += 1
        is_first = not self._body.known
        if not self.is_here:
            self._took("snapshot", self._greeted, now)
        self._body.known.clear()
        self._apply(message[5])
        if is_first:
            self._body.appear()
        self._arrived(now)

    def _arrived(self, now: int) -> None:
        if self.is_here:
            return
        self.is_here, self._walked = True, now
        chance = self._body.chance
        self.due = now + int(chance.random() * self._period)
        for name, every in self._habits.items():
            self._next[name] = now + int(every * NS * (0.5 + chance.random())) if every else 0

    def _changed(self, message: Sequence[Any], now: int) -> None:
        self._tally.counts["deltas"] += 1
        pose = message[3]
        # Only the first delta that names a pose answers it; what is told later waited for other reasons.
        since, self._sent_at[pose % _REMEMBERED] = self._sent_at[pose % _REMEMBERED], 0
        if since and (self._pose - pose) % 65536 < _REMEMBERED:
            self._took("delta", since, now)
        self._apply(message[4])

    def _apply(self, changes: Sequence[Any]) -> None:
        known = self._body.known
        for change in changes:
            if change[0] == ArtifactEnter.kind:
                _, artifact, position, orientation = change[:4]
                center = change[8] if len(change) > 8 else (0.0, 0.0, 0.0)
                known[artifact] = plus(position, rotated(orientation, center))
            elif change[0] == ArtifactLeave.kind:
                known.pop(change[1], None)

    # what the visitor does

    def act(self, now: int) -> None:
        """Send the pose that is due, and whatever else it is time for."""
        if now - self.due > self._period:
            self._tally.counts["late"] += 1
            self.due = now
        self.due += self._period
        self._body.step((now - self._walked) / NS)
        self._walked = now
        self._move(now)
        for name, when in self._next.items():
            if when and now >= when:
                self._habit(name, now)

    def _habit(self, name: str, now: int) -> None:
        self._next[name] = now + int(self._habits[name] * NS)
        self._number += 1
        if name == "clock":
            self._send(ClockRequest(client_sent=now))
        elif name == "ask":
            self._ask(now)
        elif name == "frame" and self._stage.pictures:
            self._film(now)
        elif name == "drop":
            self._drop(now)

    def _ask(self, now: int) -> None:
        self._tally.counts["questions"] += 1
        self._waiting[self._number] = now
        group = self.group
        self._send(
            Question(
                number=self._number, content=self._body.chance.choice(group.questions),
                language=group.languages[0] if group.languages else "en",
                artifact=next(iter(self._body.known), ""),
            )
        )  # fmt: skip

    def _film(self, now: int) -> None:
        self._tally.counts["frames"] += 1
        self._waiting[self._number] = now
        picture = self._stage.pictures[self._number % len(self._stage.pictures)]
        self._send(
            CameraFrame(
                number=self._number, encoding=picture.encoding, width=picture.width, height=picture.height,
                image=picture.image, time=self._time(now),
            )
        )  # fmt: skip

    def _drop(self, now: int) -> None:
        """Cut the line without a word; the crowd calls back in time."""
        self._tally.counts["dropped"] += 1
        line = self._line
        self._let_go()
        self.back_at = now + int(self.group.away_s * NS)
        if line is not None:
            line.cut()

    def _time(self, now: int) -> int:
        return self._server_time + now - self._welcomed_at

    def _move(self, now: int) -> None:
        body = self._body
        self._pose = (self._pose + 1) % 65536
        eye, gaze = body.eye, None
        if self.group.gaze and body.target is not None:
            gaze = _direction(eye, body.target)
            self._tally.counts["gazes"] += 1
        pose = WirePose(self._pose, self._time(now), eye, body.rotation, gaze=gaze)
        self._sent_at[self._pose % _REMEMBERED] = now
        self._tally.counts["poses"] += 1
        if self._line is not None:
            self._line.send(encode_pose(pose))


def _direction(eye: Vector, target: Vector) -> Vector | None:
    away = minus(target, eye)
    return unit(away) if away != (0.0, 0.0, 0.0) else None


def _name(error: Any) -> str:
    return ErrorCode(error).name if error in ErrorCode._value2member_map_ else str(error)
