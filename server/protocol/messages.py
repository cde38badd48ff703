"""Every message of the live connection, one class each, in the order of its number.

The number leads the array on the wire. 1-15 belong to the connection, 16-31 to what a client says of its
visitor, 32-47 to what the server answers. Kept free for what is to come: 48-63 presence of other visitors,
64-79 guide mode, 80-95 edits, 96-111 nothing yet, 112-127 trials that no release may use. All numbers stay
below 128 and so take one byte.
"""

from typing import Final

from server.protocol.parts import (
    Accessibility,
    ByeReason,
    Changes,
    ClientKind,
    Consent,
    ErrorCode,
    ImageEncoding,
    Intrinsics,
    PoseSample,
    Rejection,
    Sighting,
    StageTime,
    Statement,
)
from server.protocol.wire import (
    U8,
    U16,
    U32,
    Chosen,
    ClientNanoseconds,
    Direction,
    Event,
    Flag,
    Frame,
    Language,
    Line,
    Message,
    Metres,
    Name,
    Nanoseconds,
    Position,
    ResumeToken,
    Token,
)

SUBPROTOCOL: Final = "museum-twin.v1"
"""Asked for and confirmed in the websocket handshake; carries the major version."""
MINOR: Final = 0
"""Minor version: grows with every field or message added."""
POSE: Final = 16
"""Number of the pose, which is not msgpack: its first byte is this number (see ``posebytes``)."""


class Hello(Message, code=1, sender="client"):
    """First message of a connection: what the client is, and, to resume, which session it was."""

    kind: Chosen[ClientKind]
    """What the visitor holds."""
    minor: U16 = MINOR
    """Minor protocol version of the client."""
    capabilities: tuple[Token, ...] = ()
    """What it can use: ``meshopt``, ``ktx2``, ``draco``, ``webxr``, ``usdz``, ``splat``."""
    languages: tuple[Language, ...] = ()
    """Wished languages, the dearest first."""
    accessibility: Accessibility = Accessibility()
    """Wishes that change what is sent."""
    byte_budget: U32 = 0
    """Most bytes per second the server may send, bytes/s; 0: no wish."""
    consent: Consent = Consent()
    """What the visitor agreed to."""
    gallery: Name = ""
    """Where the visit starts; empty: the server chooses."""
    token: ResumeToken = b""
    """Token of the session to continue; empty: a new session."""
    received: U32 = 0
    """To resume: number of the last event taken in."""
    software: Line = ""
    """Name and version of the client program."""


class Welcome(Message, code=2, sender="server"):
    """Answer to hello. After a resume the missed events follow; otherwise a snapshot."""

    session: Name
    """Identifies the session in logs and messages; says nothing of the person."""
    token: ResumeToken
    """Secret that resumes this session, the same for its whole life."""
    server_time: Nanoseconds
    """The server's time as it wrote this; the clock messages refine it."""
    minor: U16
    """Minor protocol version of the server; both sides speak the lower one."""
    resumed: Flag
    """The session goes on: nothing was lost. ``false``: forget all; a snapshot follows."""
    gallery: Name
    """Where the visit starts."""
    placement: Name
    """Version of the placement of exhibits."""
    resume_within: Nanoseconds
    """How long after a lost connection the token is good."""
    acknowledge_every: U16
    """Acknowledge at the latest after this many events."""
    heartbeat: Nanoseconds
    """Be heard at least this often; a clock request will do."""
    capabilities: tuple[Token, ...] = ()
    """What this server offers: ``recognizer``, ``questions``."""


class ClockRequest(Message, code=3, sender="client"):
    """Asks for the server's time (NTP's four timestamps, RFC 5905 section 8)."""

    client_sent: ClientNanoseconds
    """T1."""


class ClockAnswer(Message, code=4, sender="server"):
    """With T4, the time it arrives: offset ((T2 - T1) + (T3 - T4)) / 2, delay (T4 - T1) - (T3 - T2)."""

    client_sent: ClientNanoseconds
    """T1, as it came."""
    server_received: Nanoseconds
    """T2."""
    server_sent: Nanoseconds
    """T3."""


class Acknowledge(Message, code=5, sender="client"):
    """All events up to this number were taken in."""

    sequence: U32
    """Number of the newest event taken in."""


class Error(Message, code=6, sender="server"):
    """What was wrong. After a fatal error follow bye and the end of the connection."""

    error: Chosen[ErrorCode]
    """Which of the named errors."""
    detail: Line
    """Which field or limit, what was expected, and the remedy."""
    fatal: Flag = False
    """The connection ends."""
    about: U8 = 0
    """Number of the offending message type; 0 where none."""
    number: U32 = 0
    """Number of the offending frame or question; 0 where none."""


class Bye(Message, code=7, sender="both"):
    """Last message of a connection."""

    reason: Chosen[ByeReason]
    """Why."""
    detail: Line = ""
    """In words, for a log."""
    return_after: Nanoseconds = 0
    """Server only: come back no sooner than this from now."""


class Gaze(Message, code=17, sender="client"):
    """Where the visitor looks, where that is known better than by the head's pose."""

    time: Nanoseconds
    """When the eye looked."""
    origin: Position
    """The eye, in the museum's space."""
    direction: Direction
    """Where it looks, in the museum's space."""


class CameraFrame(Message, code=18, sender="client"):
    """A picture from the visitor's camera. The latest wins; each is answered by exactly one Sightings.

    Pixels, in the intrinsics and in the answer, count along the image's rows and columns as they are stored,
    ``width`` × ``height`` from the upper left; turns that EXIF asks for only help to recognize it.
    """

    number: U32
    """Chosen by the client, growing."""
    encoding: Chosen[ImageEncoding]
    """How the image is written."""
    width: U16
    """Pixels."""
    height: U16
    """Pixels."""
    image: Frame
    """The image's bytes."""
    time: Nanoseconds
    """When the shutter opened."""
    pose: PoseSample | None = None
    """Camera's pose then."""
    intrinsics: Intrinsics | None = None
    """Nil where the device does not say."""


class Question(Message, code=19, sender="client"):
    """A question in the visitor's words."""

    number: U32
    """Chosen by the client, growing."""
    content: Line
    """The question."""
    language: Language
    """The language it is asked in and to be answered in."""
    artifact: Name = ""
    """What it is about; empty: what the visitor looks at."""


class Snapshot(Event, code=32, sender="server"):
    """All the visitor should perceive; replaces everything told before."""

    time: Nanoseconds
    """When it was true."""
    gallery: Name
    """Where the visitor is."""
    placement: Name
    """Version of the placement of exhibits."""
    changes: Changes
    """Only entering artifacts and added annotations."""


class Delta(Event, code=33, sender="server"):
    """What changed for the visitor. An artifact that enters again replaces what was told of it before."""

    time: Nanoseconds
    """When it became true."""
    pose: U16
    """Number of the newest pose it takes into account."""
    changes: Changes
    """In the order in which they are to be applied."""


class Sightings(Event, code=34, sender="server"):
    """What a camera frame showed: sightings, best first, or one rejection."""

    number: U32
    """Number of the frame."""
    sightings: tuple[Sighting, ...] = ()
    """Best first; empty where rejected."""
    rejection: Rejection | None = None
    """Nil where there is a sighting."""
    stages: tuple[StageTime, ...] = ()
    """Where the time went, in order."""
    model: Name = ""
    """Hash of the manifest of the recognizer in service."""
    nearby: tuple[Sighting, ...] = ()
    """What is seen if only artifacts that the visitor perceives are considered. Beside a rejection as
    unavailable, what stands near: with score 0, for the picture was not looked at."""


class Answer(Event, code=35, sender="server"):
    """Answer to a question; no statement means that nothing is known."""

    number: U32
    """Number of the question."""
    statements: tuple[Statement, ...] = ()
    """In reading order."""
    artifact: Name = ""
    """What the question was taken to be about."""


class Focus(Message, code=36, sender="server"):
    """What lies under the visitor's gaze. Only the newest counts; not numbered, not replayed."""

    time: Nanoseconds
    """When the gaze was there."""
    artifact: Name = ""
    """Empty: nothing."""
    annotation: Name = ""
    """The annotation whose hotspot it is; empty: none."""
    distance: Metres = 0.0
    """From the eye along the gaze to the artifact's bounds; 0 where nothing."""
    dwell: Nanoseconds = 0
    """How long the visitor has looked at the artifact in this visit, up to ``time``; while this focus
    stands it goes on growing."""


MESSAGES: Final[dict[int, type[Message]]] = {
    message.code: message
    for message in (
        Hello, Welcome, ClockRequest, ClockAnswer, Acknowledge, Error, Bye, Gaze, CameraFrame, Question,
        Snapshot, Delta, Sightings, Answer, Focus,
    )
}  # fmt: skip
RESERVED: Final = {
    range(48, 64): "presence of other visitors",
    range(64, 80): "guide mode",
    range(80, 96): "edits",
    range(112, 128): "trials; never in a release",
}
