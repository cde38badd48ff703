"""The pose: the one message sent at frame rate, in a fixed binary layout instead of msgpack.

Little-endian; every field starts at a multiple of its size. The head takes 24 bytes; hands and gaze follow
in this order where their flag is set, so that head and both hands take 48, and all of it 52.

====== ====== =============================================================================================
offset type   head
====== ====== =============================================================================================
0      u8     16, the message's number. No msgpack array starts with it, so the first byte tells them apart
1      u8     flags: 1 position valid, 2 position tracked, 4 orientation valid, 8 orientation tracked,
              16 left hand follows, 32 right hand follows, 64 gaze follows, 128 kept free (ignored)
2      u16    number of the pose, growing by one, wrapping; deltas name the newest they took into account
4      u32    time of the pose: low 32 bits of the server time in microseconds
8      3×u16  x, y, z: low 16 bits of the position in steps of 2⁻¹⁴ m, two's complement, 24 bits
14     3×i8   x, y, z: high 8 bits of it
17     u8     space the pose is in: 0 the museum's; others are kept for spatial anchors
18     3×u16  orientation, smallest three: 15 bits each in steps of 1 / (16383 √2), offset by 16383;
              the top bits of the first two words are the index of the largest component, left out and
              made positive (low bit first); the top bit of the third is kept free
====== ====== =============================================================================================

A hand (12 bytes): 3×i16, its position less the head's, along the museum's axes, in steps of 2⁻¹³ m; then
3×u16 orientation as above, the top bit of the third set where the hand is tracked and not guessed.
The gaze (4 bytes): 2×u16, the direction from the head's position, octahedral (Cigolle et al., "A Survey of
Efficient Representations for Independent Unit Vectors", JCGT 3(2), 2014), in steps of 1 / 32767.

Error bounds, proved by property tests: position 0.031 mm along each axis (0.053 mm in all) within ±512 m;
orientation 0.01°; a hand's position 0.062 mm along each axis within ±4 m of the head; gaze 0.01°.
A position outside ±512 m is refused when written; clients place their origin within the site.

Time: elsewhere times are 64-bit nanoseconds since the server started. A pose is always recent, so its low
32 bits in microseconds suffice: they repeat after 71.6 minutes, and ``unwrapped`` takes the instant nearest
to the time of receipt, right for any pose less than 35 minutes old or early. Resolution is 1 µs.
"""

import math
import struct
from dataclasses import dataclass
from typing import Final, NamedTuple

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]

POSE: Final = 16
HEAD_BYTES: Final = 24
HAND_BYTES: Final = 12
GAZE_BYTES: Final = 4
LONGEST: Final = HEAD_BYTES + 2 * HAND_BYTES + GAZE_BYTES
REACH: Final = 512.0
"""Metres from the origin that a position may have along each axis."""

POSITION_VALID: Final = 1
POSITION_TRACKED: Final = 2
ORIENTATION_VALID: Final = 4
ORIENTATION_TRACKED: Final = 8
LEFT_HAND: Final = 16
RIGHT_HAND: Final = 32
GAZE: Final = 64

_HEAD: Final = struct.Struct("<BBHIHHHbbbBHHH")
_HAND: Final = struct.Struct("<hhhHHH")
_GAZE: Final = struct.Struct("<HH")
_STEP: Final = 2.0**-14
_HAND_STEP: Final = 2.0**-13
_TURN: Final = 16383 * math.sqrt(2)
_UNTURN: Final = 1 / _TURN
_OCTANT: Final = 32767
_MICRO: Final = 1000
_WRAP: Final = 2**32
_TRACKED: Final = 0x8000
_BITS: Final = 0x7FFF


class PoseError(ValueError):
    """Bytes that are not a pose, or a pose that has no bytes."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand in the museum's space."""

    position: Vector
    orientation: Quaternion
    tracked: bool = True


class WirePose(NamedTuple):
    """A visitor's pose: metres, right-handed, +Y up; the head looks along its own -Z."""

    number: int
    """0-65535, growing by one, wrapping."""
    time: int
    """Server time in nanoseconds, a multiple of 1000 once it was on the wire."""
    position: Vector
    orientation: Quaternion
    """x, y, z, w; length 1; q and -q are the same turn."""
    flags: int = POSITION_VALID | POSITION_TRACKED | ORIENTATION_VALID | ORIENTATION_TRACKED
    """The four validity bits; the others are set by what follows."""
    left: Hand | None = None
    right: Hand | None = None
    gaze: Vector | None = None
    """Unit vector from the head's position."""
    space: int = 0


def encode_pose(pose: WirePose) -> bytes:
    """The pose's bytes.

    Raises:
        PoseError: a position outside ±512 m, a hand over 4 m from the head, or a number that is not finite.
    """
    flags = (
        pose.flags & (POSITION_VALID | POSITION_TRACKED | ORIENTATION_VALID | ORIENTATION_TRACKED)
        | (LEFT_HAND if pose.left else 0)
        | (RIGHT_HAND if pose.right else 0)
        | (GAZE if pose.gaze else 0)
    )
    try:
        steps = [round(value / _STEP) for value in pose.position]
        micros = pose.time // _MICRO % _WRAP
        parts = [
            _HEAD.pack(
                POSE, flags, pose.number, micros,
                *(step & 0xFFFF for step in steps), *(step >> 16 for step in steps),
                pose.space, *_smallest_three(pose.orientation),
            )
        ]  # fmt: skip
        parts += [_encode_hand(hand, pose.position) for hand in (pose.left, pose.right) if hand]
        if pose.gaze:
            parts.append(_GAZE.pack(*_octahedral(pose.gaze)))
    except (struct.error, OverflowError, ValueError, ZeroDivisionError) as error:
        raise PoseError(
            f"pose {pose.number} cannot be written: positions must be finite and within ±{REACH:.0f} m, "
            f"hands within 4 m of the head, orientations and gaze not zero ({error})"
        ) from error
    return b"".join(parts)


def decode_pose(data: bytes, now: int) -> WirePose:
    """The pose in ``data``, received at server time ``now`` (ns).

    Raises:
        PoseError: the length is not what the flags say, or the space is unknown.
    """
    if len(data) < HEAD_BYTES:
        raise PoseError(f"a pose has at least {HEAD_BYTES} bytes, got {len(data)}")
    code, flags, number, micros, x, y, z, xh, yh, zh, space, a, b, c = _HEAD.unpack_from(data)
    if code != POSE or space:
        raise PoseError(f"expected message {POSE} in space 0, got message {code} in space {space}")
    position = ((xh << 16 | x) * _STEP, (yh << 16 | y) * _STEP, (zh << 16 | z) * _STEP)
    time = unwrapped(micros, now)
    if not flags & (LEFT_HAND | RIGHT_HAND | GAZE):
        if len(data) != HEAD_BYTES:
            raise PoseError(f"a pose with flags {flags} has {HEAD_BYTES} bytes, got {len(data)}")
        return WirePose(number, time, position, _turn(a, b, c), flags)
    left, right, gaze = _decode_more(data, flags, position)
    return WirePose(number, time, position, _turn(a, b, c), flags, left, right, gaze)


def unwrapped(micros: int, now: int) -> int:
    """The server time (ns) nearest to ``now`` (ns) whose microseconds end in the 32 bits ``micros``."""
    here = now // _MICRO
    ahead = (micros - here + _WRAP // 2) % _WRAP - _WRAP // 2
    return (here + ahead) * _MICRO


def _decode_more(data: bytes, flags: int, head: Vector) -> tuple[Hand | None, Hand | None, Vector | None]:
    hands = (1 if flags & LEFT_HAND else 0) + (1 if flags & RIGHT_HAND else 0)
    expected = HEAD_BYTES + hands * HAND_BYTES + (GAZE_BYTES if flags & GAZE else 0)
    if len(data) != expected:
        raise PoseError(f"a pose with flags {flags} has {expected} bytes, got {len(data)}")
    left = _decode_hand(data, HEAD_BYTES, head) if flags & LEFT_HAND else None
    right_at = HEAD_BYTES + (HAND_BYTES if left else 0)
    right = _decode_hand(data, right_at, head) if flags & RIGHT_HAND else None
    gaze = _direction(*_GAZE.unpack_from(data, expected - GAZE_BYTES)) if flags & GAZE else None
    return left, right, gaze


def _encode_hand(hand: Hand, head: Vector) -> bytes:
    steps = [round((value - origin) / _HAND_STEP) for value, origin in zip(hand.position, head, strict=True)]
    a, b, c = _smallest_three(hand.orientation)
    return _HAND.pack(*steps, a, b, c | (_TRACKED if hand.tracked else 0))


def _decode_hand(data: bytes, offset: int, head: Vector) -> Hand:
    x, y, z, a, b, c = _HAND.unpack_from(data, offset)
    position = (head[0] + x * _HAND_STEP, head[1] + y * _HAND_STEP, head[2] + z * _HAND_STEP)
    return Hand(position, _turn(a, b, c), bool(c & _TRACKED))


def _smallest_three(turn: Quaternion) -> tuple[int, int, int]:
    length = math.sqrt(sum(value * value for value in turn))
    largest = max(range(4), key=lambda index: abs(turn[index]))
    scale = _TURN / (-length if turn[largest] < 0 else length)
    a, b, c = (round(turn[index] * scale) + 16383 for index in range(4) if index != largest)
    return a | (largest & 1) << 15, b | (largest >> 1) << 15, c


def _turn(a: int, b: int, c: int) -> Quaternion:
    largest = a >> 15 | (b >> 15) << 1
    p = ((a & _BITS) - 16383) * _UNTURN
    q = ((b & _BITS) - 16383) * _UNTURN
    r = ((c & _BITS) - 16383) * _UNTURN
    rest = 1.0 - p * p - q * q - r * r
    if rest <= 0.0:  # only hostile bytes: no unit quaternion has three components this large
        raise PoseError("orientation: three components alone are longer than 1")
    w = math.sqrt(rest)
    if largest == 3:
        return p, q, r, w
    if largest == 2:
        return p, q, w, r
    if largest == 1:
        return p, w, q, r
    return w, p, q, r


def _octahedral(direction: Vector) -> tuple[int, int]:
    x, y, z = direction
    size = abs(x) + abs(y) + abs(z)
    u, v = x / size, y / size
    if z < 0:
        u, v = (1 - abs(v)) * _sign(u), (1 - abs(u)) * _sign(v)
    return round(u * _OCTANT) + _OCTANT, round(v * _OCTANT) + _OCTANT


def _direction(a: int, b: int) -> Vector:
    u, v = (a - _OCTANT) / _OCTANT, (b - _OCTANT) / _OCTANT
    z = 1 - abs(u) - abs(v)
    if z < 0:
        u, v = (1 - abs(v)) * _sign(u), (1 - abs(u)) * _sign(v)
    length = math.sqrt(u * u + v * v + z * z)
    return u / length, v / length, z / length


def _sign(value: float) -> float:
    return -1.0 if value < 0 else 1.0
