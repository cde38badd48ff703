"""Parts of messages, and the closed lists they use."""

from typing import Annotated, Final

from server.protocol.wire import (
    U16,
    U32,
    Address,
    Change,
    Choice,
    Chosen,
    Direction,
    Extent,
    Flag,
    Language,
    Line,
    Millimetres,
    Name,
    Nanoseconds,
    Passage,
    Pixels,
    Position,
    Quaternion,
    Ratio,
    Struct,
    Token,
    known_changes,
)


class ClientKind(Choice):
    """What the visitor holds or sits before."""

    OTHER = 0
    HEADSET = 1
    """Worn on the head, with or without hands and controllers."""
    PHONE = 2
    """A phone or tablet with a camera."""
    DESKTOP = 3
    """A screen with mouse or keyboard."""
    MOCK = 4
    """A scripted visitor of a load test."""


class Detail(Choice):
    """How much of an artifact the visitor should perceive."""

    NONE = 0
    """Nothing of it."""
    GLANCE = 1
    """Title and coarse geometry."""
    LABEL = 2
    """The wall label: title, maker, date."""
    FULL = 3
    """All texts and annotations."""
    MEDIA = 4
    """Everything, with the finest geometry and media."""


class TextKind(Choice):
    """What a text is for."""

    OTHER = 0
    TITLE = 1
    """Its name."""
    LABEL = 2
    """The wall label."""
    DESCRIPTION = 3
    """The full text."""
    CAPTION = 4
    """What a picture or sound is."""
    AUDIO_DESCRIPTION = 5
    """What is seen, in words."""
    REQUIRED_STATEMENT = 6
    """Must be shown wherever the artifact is (IIIF ``requiredStatement``)."""
    RIGHTS = 7
    """License or rights statement."""


class ImageEncoding(Choice):
    """How a camera frame is written."""

    OTHER = 0
    JPEG = 1
    PNG = 2
    GRAY8 = 3
    """One byte a pixel, rows from the top, no padding."""


class RejectionReason(Choice):
    """Why a camera frame has no sighting."""

    OTHER = 0
    NOT_OURS = 1
    """Looked at, and it is none of this museum's artifacts."""
    UNREADABLE = 2
    """The image could not be decoded, or is larger than stated."""
    SUPERSEDED = 3
    """A newer frame of the same client came before this one was looked at."""
    NO_CONSENT = 4
    """The hello did not consent to camera frames."""
    UNAVAILABLE = 5
    """No recognizer is running."""
    LATE = 6
    """The recognizer did not answer within its deadline."""
    UNCERTAIN = 7
    """Too dark, too blurred or too far to say."""


class ErrorCode(Choice):
    """Named errors. The same number closes the websocket where the error is fatal."""

    INTERNAL = 0
    """The server's own fault; closes with 1011."""
    MALFORMED = 4400
    """Not msgpack, or a field that is not what the protocol says."""
    UNKNOWN_TYPE = 4404
    """A message type this version does not know; the connection goes on."""
    OUT_OF_ORDER = 4405
    """A known message at a time or from a side where it has no place."""
    TOO_LATE = 4408
    """No hello within the handshake time."""
    REPLACED = 4409
    """The session goes on over a newer connection with the same token."""
    UNKNOWN_SESSION = 4410
    """The resume token is not, or no longer, known: a new session starts with a snapshot."""
    TOO_LARGE = 4413
    """A message longer than its type allows."""
    TOO_DEEP = 4414
    """Arrays nested deeper than the limit."""
    TOO_FAST = 4429
    """More messages of a type than its rate allows; they are dropped, and if it goes on, it closes."""
    TOO_MANY_UNANSWERED = 4430
    """More questions or frames under way than the limit; the newest is dropped."""
    IDLE = 4431
    """Nothing heard for the idle time."""
    TOO_SLOW = 4432
    """The client does not read what it is sent."""
    FULL = 4433
    """The server has as many visitors as it may have."""
    SHUTTING_DOWN = 4503
    """The server is going down; come back after the time stated in bye."""


class ByeReason(Choice):
    """Why the session ends."""

    OTHER = 0
    LEAVING = 1
    """The visitor leaves: the session is over and its token worthless."""
    PAUSING = 2
    """The device sleeps: the session stays resumable."""
    FAULT = 3
    """The error sent just before is fatal."""
    SHUTTING_DOWN = 4
    """The server goes down."""
    REPLACED = 5
    """The session goes on over a newer connection."""


class Consent(Struct):
    """What the visitor agreed to. Everything is off until the visitor says so."""

    camera: Flag = False
    """Camera frames may be sent and looked at; they are never kept."""
    gaze: Flag = False
    """Where the visitor looks may be used to open annotations."""
    statistics: Flag = False
    """The visit may be counted in aggregates."""


class Accessibility(Struct):
    """Wishes that change what is sent and how it is worded."""

    text_size: Ratio = 0.5
    """Wished text size: 0 the smallest, 0.5 usual, 1 the largest."""
    captions: Flag = False
    """Wants captions to sound and video."""
    audio_description: Flag = False
    """Wants what is seen told in words."""
    plain_language: Flag = False
    """Prefers short sentences and common words."""
    reduced_motion: Flag = False
    """Wants nothing to move by itself."""
    seated: Flag = False
    """Perceives from a chair: the eye is low and does not come nearer."""


class PoseSample(Struct):
    """Position and orientation of one thing in the museum's space at one time."""

    position: Position
    """In the museum's space."""
    orientation: Quaternion
    """In the museum's space; a camera looks along its own -Z."""


class Intrinsics(Struct):
    """Pinhole camera: focal lengths and principal point, in pixels of the frame sent."""

    fx: Pixels
    """Focal length along x."""
    fy: Pixels
    """Focal length along y."""
    cx: Pixels
    """Principal point, from the left."""
    cy: Pixels
    """Principal point, from the top."""


class Wording(Struct):
    """A text in the language chosen for the visitor, with the place it comes from."""

    purpose: Chosen[TextKind]
    """What the text is for."""
    language: Language
    """Of the text itself; not always the one wished for."""
    content: Passage
    """The text."""
    source: Line = ""
    """Where it comes from: source record and field."""


class Derivative(Struct):
    """A published file of an artifact, fetched over HTTP and never over this connection."""

    address: Address
    """Path on this server, ``/assets/<hash>``."""
    media_type: Token
    """IANA media type."""
    size: U32 = 0
    """Bytes."""
    triangles: U32 = 0
    """0 where it is not geometry."""
    error: Millimetres = 0.0
    """Largest distance from the master scan."""
    usage: Token = ""
    """``geometry``, ``image``, ``audio``, ``video``."""


class Spot(Struct):
    """A hotspot of a recognized artifact, where it lies in the camera frame."""

    annotation: Name
    """The annotation whose hotspot it is."""
    x: Pixels
    """From the left."""
    y: Pixels
    """From the top."""


class SeenPose(Struct):
    """Where a recognized artifact is before the camera: its own frame in the camera's."""

    position: Position
    """Of the artifact's own origin; the camera looks along its own -Z, +Y is up in the frame."""
    orientation: Quaternion
    """Of the artifact's own frame."""
    error: Pixels
    """Root mean square distance between points as seen and as this pose puts them."""


class Sighting(Struct):
    """One artifact recognized in a camera frame."""

    artifact: Name
    """Its identifier in the catalog."""
    score: Ratio
    """Calibrated: of sightings with score s, a share of s is right."""
    evidence: Line = ""
    """Why, in words a curator can check."""
    corners: tuple[Pixels, ...] = ()
    """Outline in the frame: x, y pairs, clockwise from the top left; empty where not known."""
    view: Name = ""
    """The gallery's photo or rendered view that it is nearest to."""
    inliers: U16 = 0
    """Local features that agree with that artifact on one geometry; 0 where not looked at."""
    region: tuple[Pixels, ...] = ()
    """Where in the frame the decision rests: hull of those features, x, y pairs; or empty."""
    pose: SeenPose | None = None
    """Nil where the artifact has no scan, the device told no intrinsics, or too few points agree."""
    spots: tuple[Spot, ...] = ()
    """Hotspots of its annotations that face the camera; needs what the pose needs."""


class StageTime(Struct):
    """Where the time of one frame went."""

    stage: Token
    """``queue``, ``decode``, ``embed``, ``search``, ``verify``, ``pose``."""
    duration: Nanoseconds
    """How long it took."""


class Rejection(Struct):
    """Why there is no sighting."""

    reason: Chosen[RejectionReason]
    """Which of the named reasons."""
    detail: Line = ""
    """In words, for a log."""


class Statement(Struct):
    """One sentence of an answer, with its source."""

    content: Passage
    """The sentence."""
    language: Language
    """Of the sentence."""
    source: Line
    """Source record and field; for a model, its manifest hash."""
    address: Address = ""
    """Where to read on, if anywhere."""
    confidence: Ratio = 1.0
    """1 for what the record itself says."""


class ArtifactEnter(Change, kind=1):
    """An artifact the visitor should perceive from now on."""

    artifact: Name
    """Its identifier in the catalog."""
    position: Position
    """Of its own frame's origin, in the museum's space."""
    orientation: Quaternion
    """Of its own frame, in the museum's space."""
    bounds: Extent
    """Half width, half height, half depth of its box, in its own axes around its center."""
    detail: Chosen[Detail]
    """How much of it follows."""
    texts: tuple[Wording, ...] = ()
    """What may be read of it at this level."""
    derivatives: tuple[Derivative, ...] = ()
    """Coarsest first."""
    center: Position = (0.0, 0.0, 0.0)
    """Center of the box in the artifact's own frame, whose origin is the middle of its footprint."""


class ArtifactLeave(Change, kind=2):
    """An artifact the visitor need not perceive any more; its annotations leave with it."""

    artifact: Name
    """Which."""


class ArtifactDetail(Change, kind=3):
    """Another level of detail: the texts and derivatives that replace the former ones."""

    artifact: Name
    """Which."""
    detail: Chosen[Detail]
    """The new level."""
    texts: tuple[Wording, ...] = ()
    """All its texts now."""
    derivatives: tuple[Derivative, ...] = ()
    """All its files now, coarsest first."""


class AnnotationAdd(Change, kind=4):
    """An annotation that has become perceivable."""

    artifact: Name
    """The artifact it is about."""
    annotation: Name
    """Unique within the artifact."""
    position: Position
    """The hotspot, in the artifact's own frame."""
    normal: Direction
    """Out of the surface."""
    texts: tuple[Wording, ...] = ()
    """Its title and description."""
    motivation: Token = "describing"
    """W3C Web Annotation motivation."""


class AnnotationChange(Change, kind=5):
    """Other texts of an annotation that is already there."""

    artifact: Name
    """The artifact it is about."""
    annotation: Name
    """Which."""
    texts: tuple[Wording, ...] = ()
    """All its texts now."""


class AnnotationRemove(Change, kind=6):
    """An annotation that is gone while its artifact stays."""

    artifact: Name
    """The artifact it was about."""
    annotation: Name
    """Which."""


class GalleryEnter(Change, kind=7):
    """The visitor walked into another gallery, or out of the last one."""

    gallery: Name = ""
    """Where the visitor is now; empty: in none."""


AnyChange = (
    ArtifactEnter
    | ArtifactLeave
    | ArtifactDetail
    | AnnotationAdd
    | AnnotationChange
    | AnnotationRemove
    | GalleryEnter
)
CHANGES: Final[dict[int, type[Change]]] = {
    change.kind: change
    for change in (
        ArtifactEnter, ArtifactLeave, ArtifactDetail, AnnotationAdd, AnnotationChange, AnnotationRemove,
        GalleryEnter,
    )
}  # fmt: skip
Changes = Annotated[tuple[AnyChange, ...], known_changes(CHANGES)]
