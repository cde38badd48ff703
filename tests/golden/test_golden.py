"""The wire as bytes on disk: the protocol cannot change without these files changing with it."""

import json
import struct

import pytest

from server.protocol.codec import WireError, decode, encode
from server.protocol.messages import MESSAGES
from server.protocol.parts import CHANGES, ErrorCode
from server.protocol.posebytes import decode_pose, encode_pose
from server.protocol.wire import Struct
from tests.golden.samples import MESSAGES_BY_FILE, NEWER, POSES
from tests.golden.write import FOLDER, files, meaning

AGAIN = "the protocol changed; if that is wanted: python -m tests.golden.write"


def committed() -> dict[str, bytes]:
    found = (path for kind in ("messages", "newer", "sequences") for path in (FOLDER / kind).iterdir())
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in found}


def test_the_files_are_what_the_code_writes_today() -> None:
    made, found = files(), committed()

    assert set(made) == set(found), AGAIN
    assert [name for name in made if made[name] != found[name]] == [], AGAIN


def test_every_message_and_change_has_its_golden_bytes() -> None:
    assert {message.code for message in MESSAGES_BY_FILE.values()} == set(MESSAGES)
    delta = json.loads(committed()["messages/delta.json"])
    assert {change["kind"] for change in delta["fields"]["changes"]} == set(CHANGES)


def test_every_field_is_set_in_some_golden_message() -> None:
    unset: set[tuple[str, str]] = set()
    set_: set[tuple[str, str]] = set()

    def visit(value: object) -> None:
        if isinstance(value, Struct):
            for name, field in type(value).model_fields.items():
                here = (type(value).__name__, name)
                (set_ if getattr(value, name) != field.default else unset).add(here)
                visit(getattr(value, name))
        elif isinstance(value, tuple):
            for entry in value:
                visit(entry)

    for message in MESSAGES_BY_FILE.values():
        visit(message)
    assert unset - set_ - {("Hello", "minor")} == set()


@pytest.mark.parametrize("name", MESSAGES_BY_FILE)
def test_bytes_and_meaning_agree_both_ways(name: str) -> None:
    data = committed()[f"messages/{name}.bin"]
    told = json.loads(committed()[f"messages/{name}.json"])
    message = decode(data)

    assert message == MESSAGES_BY_FILE[name]
    assert meaning(message) == told["fields"]
    assert encode(message) == data
    assert type(message).__name__ == told["message"]
    assert message.code == told["code"] == data[1]


@pytest.mark.parametrize("name", POSES)
def test_a_pose_reads_and_writes_back(name: str) -> None:
    data = committed()[f"messages/{name}.bin"]
    told = json.loads(committed()[f"messages/{name}.json"])["fields"]
    pose = decode_pose(data, told["time"])

    assert encode_pose(pose) == data
    assert list(pose.position) == told["position"]
    assert list(pose.orientation) == told["orientation"]


@pytest.mark.parametrize("name", NEWER)
def test_a_newer_minor_version_is_read_as_far_as_it_is_known(name: str) -> None:
    data = committed()[f"newer/{name}.bin"]
    expected = NEWER[name][1]

    if expected is None:
        with pytest.raises(WireError) as caught:
            decode(data)
        assert caught.value.error is ErrorCode.UNKNOWN_TYPE
    else:
        assert decode(data) == expected


def test_a_recorded_session_goes_through_all_a_visit_has() -> None:
    lines = json.loads((FOLDER / "sequences/visit-and-resume.json").read_text("utf-8"))
    said = [(line["sender"], decode_code(line)) for line in lines if "bytes" in line]
    client = [code for sender, code in said if sender == "client"]
    server = [code for sender, code in said if sender == "server"]

    assert client == [1, 3, 16, 5, 18, 19, 1, 5, 7]
    assert server == [2, 32, 4, 33, 34, 35, 2, 35]


def decode_code(line: dict[str, str]) -> int:
    data = bytes.fromhex(line["bytes"])
    return data[0] if data[0] == 16 else data[1]


def test_floats_in_the_files_are_exact_as_32_bits() -> None:
    def floats(value: object) -> list[float]:
        if isinstance(value, dict):
            return [one for entry in value.values() for one in floats(entry)]
        if isinstance(value, list):
            return [one for entry in value for one in floats(entry)]
        return [value] if isinstance(value, float) else []

    for name, data in committed().items():
        if name.startswith("messages/") and name.endswith(".json") and "pose" not in name:
            found = floats(json.loads(data))
            assert [struct.unpack("<f", struct.pack("<f", one))[0] for one in found] == found
