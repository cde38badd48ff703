"""A server that knows how one exhibit stands before a phone's camera, and tells it frame by frame.

The phone was switched on somewhere in the museum: its own space is turned about +Y and shifted against
the museum's. Everything is worked out here with matrices, column vectors and the wire's right-handed axes,
apart from what the client does with it: where a frame's camera is, what stands upright in its picture, and
where the museum must lie at the end.
"""

import asyncio
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from server.protocol.codec import encode_tail
from server.protocol.limits import Limits
from server.protocol.messages import CameraFrame, Hello, Sightings, Snapshot
from server.protocol.parts import (
    AnnotationAdd,
    ArtifactEnter,
    Detail,
    Intrinsics,
    SeenPose,
    Sighting,
    TextKind,
    Wording,
)
from server.protocol.session import Send, Session, State
from tests.unity.scripted import bytes_of, now, outputs, welcome

Matrix = NDArray[np.float64]
MIRROR = np.diag([1.0, 1.0, -1.0, 1.0])
SENSOR = Intrinsics(fx=500.0, fy=480.0, cx=310.0, cy=250.0)
"""Of the fake phone's sensor in a picture of 640 x 480."""
HELD = ("portrait", "across", "portrait", "across the other way", "upside down", "across", "across")
"""How the phone is held for each frame that is answered by a sighting."""
BY_POSE = (1, 6, 7)
"""Frames whose sighting tells a pose; the others' tell corners."""
BOUNDS = (0.3, 0.2, 0.05)
CENTER = (0.0, 0.1, 0.02)
ARTIFACT = "painting"


def placed(place: tuple[float, float, float], turn: Matrix) -> Matrix:
    """A pose as a 4 x 4 matrix."""
    made = np.eye(4)
    made[:3, :3] = turn
    made[:3, 3] = place
    return made


def about(axis: int, degrees: float) -> Matrix:
    """A turn about x, y or z, 3 x 3."""
    turn = np.eye(3)
    one, other = (axis + 1) % 3, (axis + 2) % 3
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    turn[[one, other], [one, other]] = cosine
    turn[one, other], turn[other, one] = -sine, sine
    return turn


def quaternion(turn: Matrix) -> tuple[float, float, float, float]:
    """x, y, z, w of a 3 x 3 rotation that is less than half a turn."""
    w = np.sqrt(1 + np.trace(turn)) / 2
    x, y, z = (turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]) / (4 * w)
    return float(x), float(y), float(z), float(w)


CAMERA = MIRROR @ placed((0.4, 1.5, -0.3), about(1, 30) @ about(0, 10) @ about(2, 5)) @ MIRROR
"""The lens in the device's space; the program holds it so, in Unity's axes: about z, then x, then y."""
SEEN = placed((0.1, -0.05, -1.5), about(1, 20) @ about(0, -8))
"""The exhibit before the lens, which looks along -Z."""
DEVICE = placed((-2.0, 0.1, 4.0), about(1, 40))
"""The museum in the device's space."""
EXHIBIT = np.linalg.inv(DEVICE) @ CAMERA @ SEEN
"""The exhibit in the museum."""
MUSEUM_IN_SCENE = MIRROR @ DEVICE @ MIRROR
"""Where the client's transform must be, in Unity's axes."""


def upright(held: str, point: Matrix) -> tuple[float, float]:
    """Pixel of a point before the lens (its +Y up as the screen is held) in the picture stood upright."""
    right, up, depth = point[0], point[1], -point[2]
    # The sensor's own right and up; held upright, its right side is the picture's lower one.
    across, above = {
        "across": (right, up), "portrait": (-up, right), "across the other way": (-right, -up),
        "upside down": (up, -right),
    }[held]  # fmt: skip
    u = SENSOR.cx + SENSOR.fx * across / depth
    v = SENSOR.cy - SENSOR.fy * above / depth
    return {
        "across": (u, v), "portrait": (480 - v, u), "across the other way": (640 - u, 480 - v),
        "upside down": (v, 640 - u),
    }[held]  # fmt: skip


def corners(held: str) -> tuple[float, ...]:
    """The face of the exhibit in the picture: x, y pairs clockwise from its top left."""
    told: list[float] = []
    for right, up in ((-1, 1), (1, 1), (1, -1), (-1, -1)):
        local = (CENTER[0] + right * BOUNDS[0], CENTER[1] + up * BOUNDS[1], CENTER[2] + BOUNDS[2], 1.0)
        told += upright(held, SEEN @ np.array(local))
    return tuple(told)


def sighting(number: int) -> Sighting:
    """What the server sees in that frame (from 1)."""
    pose = SeenPose(position=tuple(SEEN[:3, 3]), orientation=quaternion(SEEN[:3, :3]), error=1.0)
    if number not in BY_POSE:
        return Sighting(artifact=ARTIFACT, score=0.9, corners=corners(HELD[number - 1]))
    # The last is a doubtful one: nothing must move by it.
    return Sighting(artifact=ARTIFACT, score=0.9 if number < len(HELD) else 0.5, pose=pose)


def snapshot() -> Snapshot:
    """The exhibit and one annotation on it."""
    words = (Wording(purpose=TextKind.TITLE, language="en", content="The signature"),)
    return Snapshot(
        time=now(), gallery="hall", placement="p",
        changes=(
            ArtifactEnter(
                artifact=ARTIFACT, position=tuple(EXHIBIT[:3, 3]), orientation=quaternion(EXHIBIT[:3, :3]),
                bounds=BOUNDS, center=CENTER, detail=Detail.FULL,
            ),
            AnnotationAdd(
                artifact=ARTIFACT, annotation="signature", position=(0.2, 0.0, 0.07), normal=(0.0, 0.0, 1.0),
                texts=words, motivation="describing",
            ),
        ),
    )  # fmt: skip


@dataclass(slots=True)
class Watching:
    """One phone's visit, through any number of connections."""

    hellos: list[Hello] = field(default_factory=list)
    frames: list[CameraFrame] = field(default_factory=list)
    by_connection: list[int] = field(default_factory=list)
    """Frames that came on each."""

    async def visit(self, socket: ServerConnection) -> None:
        """One connection."""
        session = Session(Limits(), now())
        try:
            first = await bytes_of(socket)
        except ConnectionClosed:
            # Given up before it said a word: the phone's processor is busy, it comes again.
            return
        hello = outputs(session.receive(first, now()))[0]
        assert isinstance(hello, Hello)
        self.hellos.append(hello)
        self.by_connection.append(0)
        await socket.send(session.welcome(welcome(resumed=False, capabilities=("recognizer",)), now()))
        await socket.send(session.number(Snapshot.code, encode_tail(snapshot())))
        try:
            while session.state is State.LIVE:
                for output in outputs(session.receive(await bytes_of(socket), now())):
                    if isinstance(output, Send):
                        await socket.send(output.data)
                    elif isinstance(output, CameraFrame):
                        await self._answer(output, session, socket)
        except ConnectionClosed:
            pass

    async def _answer(self, frame: CameraFrame, session: Session, socket: ServerConnection) -> None:
        self.frames.append(frame)
        self.by_connection[-1] += 1
        number = len(self.frames)
        seen = (sighting(number),) if number <= len(HELD) else ()
        told = Sightings(number=frame.number, sightings=seen)
        await socket.send(session.number(Sightings.code, encode_tail(told), frame.number))
        await asyncio.sleep(0)
