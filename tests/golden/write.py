"""The golden files: ``python -m tests.golden.write``, after a wanted change of the protocol.

``messages/``: one message each, its bytes (``.bin``) and what they mean (``.json``: byte strings in
hexadecimal, members of lists as numbers, floats as the nearest 32-bit value). Both directions must hold in
every language. ``newer/``: bytes of a later minor version and what this one must read from them.
``sequences/``: whole sessions, each message with its sender and the server's time in ns.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import msgpack
from pydantic import BaseModel

from server.protocol.codec import encode
from server.protocol.messages import MESSAGES, POSE
from server.protocol.posebytes import Hand, WirePose, decode_pose, encode_pose
from server.protocol.wire import Change, Message
from tests.golden.samples import MESSAGES_BY_FILE, NEWER, POSES, sequences

FOLDER = Path(__file__).resolve().parent


def files() -> dict[str, bytes]:
    """Every golden file by its name under this folder."""
    made = dict(_messages())
    made.update(_poses())
    made.update(_newer())
    for name, lines in sequences().items():
        made[f"sequences/{name}.json"] = _json(lines)
    return made


def meaning(value: object) -> object:
    """``value`` as JSON shows it."""
    if isinstance(value, BaseModel):
        fields = {name: meaning(field) for name, field in value.__dict__.items()}
        return {"kind": value.kind, **fields} if isinstance(value, Change) else fields
    if isinstance(value, tuple):
        return [meaning(entry) for entry in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float):
        return struct.unpack("<f", struct.pack("<f", value))[0]
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _messages() -> Iterator[tuple[str, bytes]]:
    for name, message in MESSAGES_BY_FILE.items():
        yield f"messages/{name}.bin", encode(message)
        yield f"messages/{name}.json", _json(_named(message))


def _poses() -> Iterator[tuple[str, bytes]]:
    for name, pose in POSES.items():
        data = encode_pose(pose)
        yield f"messages/{name}.bin", data
        yield f"messages/{name}.json", _json(_pose_meaning(decode_pose(data, pose.time)))


def _newer() -> Iterator[tuple[str, bytes]]:
    for name, (array, message) in NEWER.items():
        yield f"newer/{name}.bin", msgpack.packb(array, use_single_float=True)
        yield f"newer/{name}.json", _json(_named(message) if message else {"message": None})


def _named(message: Message) -> dict[str, object]:
    return {"message": type(message).__name__, "code": message.code, "fields": meaning(message)}


def _pose_meaning(pose: WirePose) -> dict[str, object]:
    def hand(one: Hand | None) -> dict[str, object] | None:
        return asdict(one) if one else None

    fields = {
        "number": pose.number, "time": pose.time, "flags": pose.flags, "space": pose.space,
        "position": pose.position, "orientation": pose.orientation,
        "left": hand(pose.left), "right": hand(pose.right), "gaze": pose.gaze,
    }  # fmt: skip
    return {"message": "Pose", "code": POSE, "fields": fields}


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def write() -> None:
    """Write all files anew and remove those that are no more."""
    made = files()
    for old in (path for kind in ("messages", "newer", "sequences") for path in (FOLDER / kind).glob("*")):
        if f"{old.parent.name}/{old.name}" not in made:
            old.unlink()
    for name, data in made.items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    assert set(MESSAGES) <= {message.code for message in MESSAGES_BY_FILE.values()}
    write()
