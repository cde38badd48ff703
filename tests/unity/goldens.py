"""The golden bytes as C#: ``python -m tests.unity.goldens`` writes the NUnit tests' ``Golden.cs``.

Each golden message stands there twice: as the bytes on disk, and as the C# that must write them. So the tests
need no file beside them and run in Unity's Test Runner as they do here.
"""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

from server.protocol.codec import encode
from server.protocol.csharp import enum_member, member
from server.protocol.messages import MESSAGES
from server.protocol.posebytes import Hand, WirePose, decode_pose, encode_pose
from server.protocol.wire import Change, Choice, Message, Struct
from tests.golden.samples import MESSAGES_BY_FILE, NEWER, POSES
from tests.golden.write import FOLDER as GOLDEN

FILE = Path(__file__).resolve().parents[2] / "unity_client/Tests/Runtime/Core/Golden.cs"
_VECTOR, _QUATERNION = 3, 4

_HEAD = """\
// Written by `python -m tests.unity.goldens` from the protocol's golden bytes. Change those, not this.

using System;
using MuseumTwin.Protocol;

namespace MuseumTwin.Tests
{
    internal static class Golden
    {
        internal sealed class Case
        {
            internal string Name;
            internal string Bytes;
            internal Action<WireWriter> Write;

            public override string ToString() => Name;
        }

        internal sealed class PoseCase
        {
            internal string Name;
            internal string Bytes;
            internal VisitorPose Pose;

            public override string ToString() => Name;
        }

        internal sealed class NewerCase
        {
            internal string Name;
            internal string Bytes;

            // What this version reads of it, as it would write that; empty where it knows no such message.
            internal string Expected;

            public override string ToString() => Name;
        }

        internal sealed class VectorCase
        {
            internal Vec3 Position;
            internal Quat Orientation;
            internal Vec3 Local;
            internal Vec3 World;
            internal Vec3 UnityPosition;
            internal Quat UnityOrientation;
            internal Vec3 UnityWorld;
        }

        internal static byte[] Hex(string text)
        {
            var data = new byte[text.Length / 2];
            for (var index = 0; index < data.Length; index++)
            {
                data[index] = Convert.ToByte(text.Substring(2 * index, 2), 16);
            }
            return data;
        }
"""


def generate() -> str:
    """The text of Golden.cs."""
    lines = [
        *_cases(),
        *_newer(),
        *_poses(),
        *_vectors(),
        *_rewrite(),
    ]
    return _HEAD + "\n".join(f"        {line}" if line else "" for line in lines) + "\n    }\n}\n"


def _cases() -> Iterator[str]:
    yield ""
    yield "internal static readonly Case[] Messages ="
    yield "{"
    for name, message in MESSAGES_BY_FILE.items():
        data = (GOLDEN / "messages" / f"{name}.bin").read_bytes()
        yield "    new Case"
        yield "    {"
        yield f'        Name = "{name}",'
        yield f'        Bytes = "{data.hex()}",'
        yield f"        Write = writer => {_value(message)}.Write(writer),"
        yield "    },"
    yield "};"


def _newer() -> Iterator[str]:
    yield ""
    yield "internal static readonly NewerCase[] Newer ="
    yield "{"
    for name, (_, message) in NEWER.items():
        data = (GOLDEN / "newer" / f"{name}.bin").read_bytes()
        expected = encode(message).hex() if isinstance(message, Message) else ""
        yield f'    new NewerCase {{ Name = "{name}", Bytes = "{data.hex()}", Expected = "{expected}" }},'
    yield "};"


def _poses() -> Iterator[str]:
    yield ""
    yield "internal static readonly PoseCase[] Poses ="
    yield "{"
    for name, pose in POSES.items():
        data = (GOLDEN / "messages" / f"{name}.bin").read_bytes()
        yield f'    new PoseCase {{ Name = "{name}", Bytes = "{data.hex()}", Pose = {_pose(_read(pose))} }},'
    yield "};"


def _read(pose: WirePose) -> WirePose:
    """The pose as it is once it was on the wire."""
    return decode_pose(encode_pose(pose), pose.time)


def _vectors() -> Iterator[str]:
    yield ""
    yield "internal static readonly VectorCase[] Vectors ="
    yield "{"
    for one in json.loads((GOLDEN / "coordinate_vectors.json").read_text("utf-8")):
        yield "    new VectorCase"
        yield "    {"
        for name, key in (
            ("Position", "p"), ("Orientation", "q"), ("Local", "v"), ("World", "world"),
            ("UnityPosition", "unity_p"), ("UnityOrientation", "unity_q"), ("UnityWorld", "unity_world"),
        ):  # fmt: skip
            yield f"        {name} = {_numbers(tuple(one[key]))},"
        yield "    },"
    yield "};"


def _rewrite() -> Iterator[str]:
    yield ""
    yield "// Read any message and write it again."
    yield "internal static void Rewrite(byte[] data, WireWriter writer)"
    yield "{"
    yield "    var reader = new WireReader(data);"
    yield "    switch (WireReader.MessageOf(data))"
    yield "    {"
    for code, message in MESSAGES.items():
        yield f"        case {code}:"
        yield f"            {message.__name__}.Read(ref reader).Write(writer);"
        yield "            break;"
    yield "        default:"
    yield '            throw new WireException("no message of this version");'
    yield "    }"
    yield "}"


def _value(value: object) -> str:
    if isinstance(value, Struct):
        name = type(value).__name__
        fields = (f"{member(name, key)} = {_value(field)}" for key, field in value.__dict__.items())
        return f"new {name} {{ {', '.join(fields)} }}"
    if isinstance(value, Choice):
        return f"{type(value).__name__}.{enum_member(value.name)}"
    if isinstance(value, tuple):
        return _tuple(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return f'Hex("{value.hex()}")'
    if isinstance(value, float):
        return _float(value)
    return json.dumps(value, ensure_ascii=False)


def _tuple(value: tuple[object, ...]) -> str:
    """Vectors, quaternions and lists; an empty list is null, which is written as empty."""
    if not value:
        return "null"
    if all(isinstance(one, float) for one in value):
        if len(value) in (_VECTOR, _QUATERNION):
            return _numbers(value)
        return f"new[] {{ {', '.join(map(_value, value))} }}"
    kind = "Change" if isinstance(value[0], Change) else ""
    return f"new {kind}[] {{ {', '.join(map(_value, value))} }}"


def _numbers(value: tuple[object, ...]) -> str:
    kind = "Vec3" if len(value) == _VECTOR else "Quat"
    return f"new {kind}({', '.join(_float(one) for one in value if isinstance(one, int | float))})"


def _float(value: float) -> str:
    nearest = struct.unpack("<f", struct.pack("<f", value))[0]
    return f"{nearest!r}f"


def _pose(pose: WirePose) -> str:
    fields = [
        f"Number = {pose.number}",
        f"Time = {pose.time}",
        f"Position = {_numbers(pose.position)}",
        f"Orientation = {_numbers(pose.orientation)}",
        f"Flags = (PoseFlags){pose.flags & 15}",
    ]
    fields += [
        f"{name} = {_hand(hand)}" for name, hand in (("Left", pose.left), ("Right", pose.right)) if hand
    ]
    fields += [f"Gaze = {_numbers(pose.gaze)}"] if pose.gaze else []
    return f"new VisitorPose {{ {', '.join(fields)} }}"


def _hand(hand: Hand) -> str:
    tracked = str(hand.tracked).lower()
    return (
        f"new HandPose {{ Position = {_numbers(hand.position)}, "
        f"Orientation = {_numbers(hand.orientation)}, Tracked = {tracked} }}"
    )


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(generate(), "utf-8", newline="\n")
