"""What the golden files hold: every message with all its fields set, some bare, and whole sessions."""

from dataclasses import dataclass

from server.protocol.codec import encode, encode_tail
from server.protocol.limits import SECOND, Limits
from server.protocol.messages import (
    Acknowledge,
    Answer,
    Bye,
    CameraFrame,
    ClockAnswer,
    ClockRequest,
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
    Accessibility,
    AnnotationAdd,
    AnnotationChange,
    AnnotationRemove,
    ArtifactDetail,
    ArtifactEnter,
    ArtifactLeave,
    ByeReason,
    ClientKind,
    Consent,
    Derivative,
    Detail,
    ErrorCode,
    GalleryEnter,
    ImageEncoding,
    Intrinsics,
    PoseSample,
    Rejection,
    RejectionReason,
    SeenPose,
    Sighting,
    Spot,
    StageTime,
    Statement,
    TextKind,
    Wording,
)
from server.protocol.posebytes import (
    ORIENTATION_VALID,
    POSITION_VALID,
    Hand,
    WirePose,
    encode_pose,
)
from server.protocol.session import Close, Send, Session
from server.protocol.wire import Event, Message

TOKEN = bytes(range(16))
TITLE = Wording(
    purpose=TextKind.TITLE, language="zh-Hant", content="青銅鼎", source="bronzes.csv row 12, field Title"
)
LABEL = Wording(
    purpose=TextKind.LABEL, language="en", content="Ritual vessel, about 1200 BCE", source="label"
)
MESH = Derivative(
    address="/assets/0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    media_type="model/gltf-binary",
    size=70_000,
    triangles=4_000,
    error=0.5,
    usage="geometry",
)
ENTER = ArtifactEnter(
    artifact="ritual-vessel",
    position=(1.5, 0.875, -3.25),
    orientation=(0.0, 0.5, 0.0, 0.8660253882408142),
    bounds=(0.25, 0.375, 0.25),
    detail=Detail.GLANCE,
    texts=(TITLE,),
    derivatives=(MESH,),
    center=(0.0, 0.375, 0.0),
)
ANNOTATION = AnnotationAdd(
    artifact="ritual-vessel",
    annotation="taotie",
    position=(0.0, 0.25, 0.25),
    normal=(0.0, 0.0, 1.0),
    texts=(LABEL,),
    motivation="highlighting",
)
HELLO = Hello(
    kind=ClientKind.HEADSET,
    minor=0,
    capabilities=("meshopt", "ktx2", "webxr"),
    languages=("zh-Hant", "en"),
    accessibility=Accessibility(
        text_size=0.75,
        captions=True,
        audio_description=True,
        plain_language=True,
        reduced_motion=True,
        seated=True,
    ),
    byte_budget=250_000,
    consent=Consent(camera=True, gaze=True, statistics=True),
    gallery="bronzes",
    token=TOKEN,
    received=41,
    software="museum-twin-unity 0.1.0",
)
WELCOME = Welcome(
    session="v-7f3a",
    token=TOKEN,
    server_time=5_000_000_000,
    minor=0,
    resumed=True,
    gallery="bronzes",
    placement="p-3",
    resume_within=120_000_000_000,
    acknowledge_every=32,
    heartbeat=15_000_000_000,
    capabilities=("recognizer", "questions"),
)
CHANGES = (
    ArtifactLeave(artifact="celadon-bowl"),
    ENTER,
    ANNOTATION,
    ArtifactDetail(artifact="ritual-vessel", detail=Detail.FULL, texts=(TITLE, LABEL), derivatives=(MESH,)),
    AnnotationChange(artifact="ritual-vessel", annotation="taotie", texts=(TITLE,)),
    AnnotationRemove(artifact="ritual-vessel", annotation="taotie"),
    GalleryEnter(gallery="ceramics"),
)

MESSAGES_BY_FILE: dict[str, Message] = {
    "hello": HELLO,
    "hello-bare": Hello(kind=ClientKind.DESKTOP),
    "welcome": WELCOME,
    "clock-request": ClockRequest(client_sent=2**53 + 1),
    "clock-answer": ClockAnswer(
        client_sent=2**53 + 1, server_received=6_000_000_000, server_sent=6_000_010_000
    ),
    "acknowledge": Acknowledge(sequence=70_000),
    "error": Error(
        error=ErrorCode.TOO_FAST, detail="message 19: more than 1/s", fatal=False, about=19, number=8
    ),
    "error-fatal": Error(
        error=ErrorCode.MALFORMED, detail="Hello: kind: Field required", fatal=True, about=1
    ),
    "bye": Bye(reason=ByeReason.SHUTTING_DOWN, detail="update", return_after=10_000_000_000),
    "bye-leaving": Bye(reason=ByeReason.LEAVING),
    "gaze": Gaze(time=7_000_000_000, origin=(1.0, 1.625, -0.5), direction=(0.0, 0.0, -1.0)),
    "camera-frame": CameraFrame(
        number=9,
        encoding=ImageEncoding.GRAY8,
        width=4,
        height=2,
        image=bytes((0, 32, 64, 96, 128, 160, 192, 255)),
        time=7_100_000_000,
        pose=PoseSample(position=(1.0, 1.5, -0.5), orientation=(0.0, 0.0, 0.0, 1.0)),
        intrinsics=Intrinsics(fx=3.5, fy=3.5, cx=2.0, cy=1.0),
    ),
    "camera-frame-bare": CameraFrame(
        number=10, encoding=ImageEncoding.JPEG, width=640, height=480, image=b"\xff\xd8\xff\xd9", time=0
    ),
    "question": Question(number=8, content="Wer hat das gemacht?", language="de", artifact="ritual-vessel"),
    "snapshot": Snapshot(
        sequence=1, time=5_000_000_001, gallery="bronzes", placement="p-3", changes=(ENTER, ANNOTATION)
    ),
    "delta": Delta(sequence=70_001, time=7_200_000_000, pose=65_535, changes=CHANGES),
    "sightings": Sightings(
        sequence=44,
        number=9,
        sightings=(
            Sighting(
                artifact="ritual-vessel",
                score=0.875,
                evidence="31 of 40 points agree",
                corners=(0.0, 0.0, 4.0, 0.0, 4.0, 2.0, 0.0, 2.0),
                view="scan-030-08",
                inliers=31,
                region=(0.5, 0.5, 3.5, 0.5, 2.0, 1.5),
                pose=SeenPose(position=(0.125, -0.25, -1.5), orientation=(0.5, 0.5, 0.5, 0.5), error=0.75),
                spots=(Spot(annotation="inscription", x=1.5, y=0.75),),
            ),
        ),
        stages=(StageTime(stage="decode", duration=900_000), StageTime(stage="embed", duration=11_000_000)),
        model="3f786850e387550f",
    ),
    "sightings-rejected": Sightings(
        sequence=45,
        number=10,
        rejection=Rejection(reason=RejectionReason.NOT_OURS, detail="nearest 0.31, wanted 0.6"),
        nearby=(Sighting(artifact="ritual-vessel", score=0.25, evidence="similarity 0.31"),),
    ),
    "answer": Answer(
        sequence=46,
        number=8,
        statements=(
            Statement(
                content="Der Hersteller ist nicht bekannt.",
                language="de",
                source="bronzes.csv row 12, field Maker",
                address="https://example.org/bronzes/12",
                confidence=0.5,
            ),
        ),
        artifact="ritual-vessel",
    ),
    "focus": Focus(
        time=7_300_000_000, artifact="ritual-vessel", annotation="taotie", distance=1.75, dwell=2_400_000_000
    ),
}

_LEVEL = (0.0, 0.0, 0.0, 1.0)
POSES = {
    "pose": WirePose(1, 5_000_001_000, (1.5, 1.625, -3.25), (0.1, -0.7, 0.1, 0.7)),
    "pose-hands-gaze": WirePose(
        65_535,
        2**33 * 1000,
        (-511.9375, 0.0, 511.9375),
        (-0.4, 0.5, -0.45, 0.6),
        left=Hand((-512.1875, -0.25, 511.6875), _LEVEL, tracked=True),
        right=Hand((-511.6875, -0.25, 511.6875), (0.7, 0.0, -0.7, 0.1), tracked=False),
        gaze=(0.0, -0.6, -0.8),
    ),
    "pose-gaze": WirePose(2, 0, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0), POSITION_VALID, gaze=(0.6, 0.8, 0.0)),
    "pose-untracked": WirePose(
        3, 1000, (0.0001, -0.0001, 0.0), (0.0, 1.0, 0.0, 0.0), POSITION_VALID | ORIENTATION_VALID
    ),
}

NEWER: dict[str, tuple[list[object], Message | None]] = {
    "trailing-fields": (
        [7, 1, "gone home", 0, "a field of 1.1", [1, 2]],
        Bye(reason=ByeReason.LEAVING, detail="gone home"),
    ),
    "unknown-member": ([7, 99, "", 0], Bye(reason=ByeReason.OTHER)),
    "unknown-change": (
        [33, 5, 10, 3, [[99, "what", 1], [2, "celadon-bowl", "why"]]],
        Delta(sequence=5, time=10, pose=3, changes=(ArtifactLeave(artifact="celadon-bowl"),)),
    ),
    "missing-fields": ([1, 3], Hello(kind=ClientKind.DESKTOP)),
    "whole-number-for-float": (
        [17, 5, [1, 2, 3], [0, 0, -1]],
        Gaze(time=5, origin=(1.0, 2.0, 3.0), direction=(0.0, 0.0, -1.0)),
    ),
    "unknown-message": ([96, "what", [1]], None),
}


@dataclass
class Recorder:
    """Drives a real session and writes down both sides."""

    session: Session
    lines: list[dict[str, object]]
    now: int = SECOND

    def from_client(self, data: bytes) -> None:
        self._line("client", data)
        outputs = self.session.receive(data, self.now)
        for output in () if isinstance(outputs, WirePose) else outputs:
            if isinstance(output, Send):
                self.from_server(output.data)
            elif isinstance(output, Close):
                self.lines.append({"time": self.now, "close": output.code, "reason": output.reason})

    def from_server(self, data: bytes) -> None:
        self._line("server", data)

    def event(self, event: Event, answered: int | None = None) -> None:
        self.from_server(self.session.number(event.code, encode_tail(event), answered))

    def _line(self, sender: str, data: bytes) -> None:
        self.lines.append({"time": self.now, "sender": sender, "bytes": data.hex()})
        self.now += 1_000_000


def sequences() -> dict[str, list[dict[str, object]]]:
    """Whole sessions by name."""
    return {"visit-and-resume": _visit(), "too-fast": _too_fast(), "no-hello": _no_hello()}


def _begin() -> Recorder:
    recorder = Recorder(Session(Limits(), SECOND), [])
    recorder.from_client(
        encode(Hello(kind=ClientKind.PHONE, languages=("de",), consent=Consent(camera=True)))
    )
    welcome = WELCOME.model_copy(update={"resumed": False, "server_time": recorder.now})
    recorder.from_server(recorder.session.welcome(welcome, recorder.now))
    recorder.event(
        Snapshot(time=recorder.now, gallery="bronzes", placement="p-3", changes=(ENTER, ANNOTATION))
    )
    return recorder


def _visit() -> list[dict[str, object]]:
    recorder = _begin()
    recorder.from_client(encode(ClockRequest(client_sent=123)))
    recorder.from_client(encode_pose(WirePose(1, recorder.now, (0.0, 1.625, 0.0), _LEVEL)))
    recorder.event(Delta(time=recorder.now, pose=1, changes=CHANGES))
    recorder.from_client(encode(Acknowledge(sequence=2)))
    recorder.from_client(encode(MESSAGES_BY_FILE["camera-frame"]))
    recorder.from_client(encode(MESSAGES_BY_FILE["question"]))
    answers: list[tuple[Event, int]] = [
        (Sightings(number=9, sightings=(Sighting(artifact="ritual-vessel", score=0.875),)), 9),
        (Answer(number=8, artifact="ritual-vessel"), 8),
    ]
    for event, number in answers:
        recorder.event(event, number)
    recorder.session.lost(recorder.now)
    recorder.lines.append({"time": recorder.now, "lost": True})
    resuming = Hello(kind=ClientKind.PHONE, token=TOKEN, received=3)
    recorder.lines.append({"time": recorder.now, "sender": "client", "bytes": encode(resuming).hex()})
    for data in recorder.session.resume(3, WELCOME, recorder.now) or []:
        recorder.from_server(data)
    recorder.from_client(encode(Acknowledge(sequence=4)))
    recorder.from_client(encode(Bye(reason=ByeReason.LEAVING)))
    return recorder.lines


def _too_fast() -> list[dict[str, object]]:
    recorder = _begin()
    for number in range(1, 8):
        recorder.from_client(encode(Question(number=number, content="?", language="en")))
        recorder.event(Answer(number=number), number)
    return recorder.lines


def _no_hello() -> list[dict[str, object]]:
    recorder = Recorder(Session(Limits(), SECOND), [])
    recorder.from_client(encode(ClockRequest(client_sent=1)))
    return recorder.lines
