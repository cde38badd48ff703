"""Bytes to messages: what is taken, what is refused and by which name."""

import tracemalloc

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.protocol.codec import (
    WireError,
    decode,
    delta_tail,
    encode,
    encode_change,
    encode_tail,
    numbered,
    unpack,
)
from server.protocol.limits import ALLOWANCES, Limits
from server.protocol.messages import MESSAGES, CameraFrame, Delta, Hello, Snapshot
from server.protocol.parts import AnyChange, ArtifactLeave, ClientKind, ErrorCode
from server.protocol.wire import Event, Message
from tests.golden.samples import CHANGES, MESSAGES_BY_FILE


def refused(data: bytes, limits: Limits | None = None) -> WireError:
    with pytest.raises(WireError) as caught:
        decode(data, limits or Limits())
    return caught.value


def packed(*values: object) -> bytes:
    data: bytes = msgpack.packb(values)
    return data


def test_an_event_is_the_same_whole_or_put_together() -> None:
    for message in MESSAGES_BY_FILE.values():
        if isinstance(message, Event):
            assert numbered(message.code, message.sequence, encode_tail(message)) == encode(message)


@pytest.mark.parametrize("count", [0, 1, 6, 15, 16, 17, 300])
def test_a_delta_from_kept_changes_is_the_delta_written_whole(count: int) -> None:
    changes: tuple[AnyChange, ...] = tuple(CHANGES[at % len(CHANGES)] for at in range(count))
    tail = delta_tail(7_000, 9, count, b"".join(encode_change(change) for change in changes))

    assert numbered(Delta.code, 70_000, tail) == encode(
        Delta(sequence=70_000, time=7_000, pose=9, changes=changes)
    )


def test_a_message_longer_than_its_type_allows_is_refused_before_it_is_decoded() -> None:
    error = refused(b"\x92\x01" + b"\xff" * ALLOWANCES[Hello.code].size)

    assert error.error is ErrorCode.TOO_LARGE
    assert "4096" in error.detail


@pytest.mark.parametrize("depth", [7, 100, 2000, 4000])
def test_arrays_nested_too_deep_are_refused(depth: int) -> None:
    error = refused(b"\x92\x01" + b"\x91" * depth + b"\xc0")

    assert error.error is ErrorCode.TOO_DEEP
    assert "6" in error.detail


def test_arrays_that_promise_more_than_they_hold_cost_no_memory() -> None:
    size = ALLOWANCES[CameraFrame.code].size
    nested = b"\x92\x12" + (b"\xdd" + (size - 1).to_bytes(4, "big")) * 900
    tracemalloc.start()
    try:
        assert refused(nested.ljust(size, b"\x00")).error is ErrorCode.MALFORMED
        assert tracemalloc.get_traced_memory()[1] < 16 * size
    finally:
        tracemalloc.stop()


def test_the_deepest_message_of_the_protocol_is_within_the_default_depth() -> None:
    assert decode(encode(MESSAGES_BY_FILE["delta"])) == MESSAGES_BY_FILE["delta"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        b"\x90",
        b"\x91\xc0",
        b"\x92\x01",
        b"\x92\x01\x02\x03",
        b"\xdc\x00",
        b"\x81\x01\x02",
        b"\x91\x10",
        b"\xdc\x00\x01\x10",
        b"\x92\x01\x81\x01\x02",
        b"\x92\x01\xa2\xff\xff",
        b"\x92\x01\xd6\xff\x00\x00\x00\x00",
        b"\xdd\xff\xff\xff\xff\x01",
        b"\x9f\x01",
        b"\x92\x01\xc6\xff\xff\xff\xff",
    ],
    ids=lambda data: data.hex(),
)
def test_bytes_that_are_no_message_are_malformed(data: bytes) -> None:
    assert refused(data).error is ErrorCode.MALFORMED


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ((1, True), "kind"),
        ((1, "2"), "kind"),
        ((1, 2.0), "kind"),
        ((1, -1), "kind"),
        ((1, 2, 0, "meshopt"), "capabilities"),
        ((1, 2, 0, ["x" * 33]), "capabilities.0"),
        ((1, 2, 0, [1]), "capabilities.0"),
        ((1, 2, 0, [], [], [0.5, 1]), "accessibility.captions"),
        ((1, 2, 0, [], [], [2.0]), "accessibility.text_size"),
        ((1, 2, 0, [], [], [float("nan")]), "accessibility.text_size"),
        ((1, 2, 0, [], [], [], 2**32), "byte_budget"),
        ((1, 2, 0, [], [], [], True), "byte_budget"),
        ((1, 2, 0, [], [], [], 0, [], "x", "token as text"), "token"),
        ((1, 2, 0, [], [], [], 0, [], "x", b"t" * 33), "token"),
        ((17, 5, [1, 2], [0, 0, 1]), "origin"),
        ((17, 5, [1, 2, float("inf")], [0, 0, 1]), "origin.2"),
        ((17, 5, [1, 2, 1e7], [0, 0, 1]), "origin.2"),
        ((3, -1), "client_sent"),
        ((3, None), "client_sent"),
        ((33, 1, 2, 3, [[2]]), "artifact"),
        ((33, 1, 2, 3, [7]), "changes.0"),
    ],
    ids=str,
)
def test_a_field_that_is_not_what_the_schema_says_is_named(values: tuple[object, ...], field: str) -> None:
    error = refused(packed(*values))

    assert error.error is ErrorCode.MALFORMED
    assert field in error.detail


def test_what_was_sent_is_not_repeated_in_the_error() -> None:
    assert "secret" not in refused(packed(1, 2, 0, "secret")).detail


def test_a_message_of_a_later_version_is_named_unknown() -> None:
    error = refused(packed(127, "x"))

    assert (error.error, error.about) == (ErrorCode.UNKNOWN_TYPE, 127)


@pytest.mark.parametrize("name", MESSAGES_BY_FILE)
def test_trailing_fields_of_a_newer_version_are_ignored_in_every_message(name: str) -> None:
    message = MESSAGES_BY_FILE[name]
    newer = [*unpack(encode(message)), "new", 5, [1, [2]]]

    assert decode(msgpack.packb(newer, use_single_float=True)) == message


def test_a_bare_array_reads_as_the_defaults() -> None:
    assert decode(packed(1, 3)) == Hello(kind=ClientKind.DESKTOP)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=lambda message: message.__name__)
def test_every_message_says_who_sends_it(message: type[Message]) -> None:
    assert message.sender in ("client", "server", "both")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)


@settings(max_examples=200)
@given(st.sampled_from([*MESSAGES, 0, 60, 127]), st.lists(VALUES, max_size=12))
def test_any_array_is_a_message_or_refused_by_name(code: int, fields: list[object]) -> None:
    try:
        message = decode(msgpack.packb([code, *fields]))
    except WireError as error:
        assert error.detail
        return
    assert decode(encode(message)) == message or "nan" in repr(message)


def test_a_snapshot_holds_no_more_entries_than_an_array_can() -> None:
    with pytest.raises(ValueError, match="65535"):
        delta_tail(1, 1, 65_536, b"\xc0" * 65_536)
    many = Snapshot(time=1, gallery="", placement="", changes=(ArtifactLeave(artifact="a"),) * 500)
    assert decode(encode(many)) == many
