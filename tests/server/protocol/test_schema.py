"""The schema says everything a generator needs, and the pages are written from it."""

from pathlib import Path

import pytest

from server.protocol.__main__ import pages
from server.protocol.limits import ALLOWANCES
from server.protocol.messages import MESSAGES, POSE, RESERVED
from server.protocol.schema import Schema, describe
from server.protocol.wire import Struct


@pytest.fixture(scope="module")
def schema() -> Schema:
    return describe()


def test_the_pages_are_those_that_the_messages_write(repository: Path) -> None:
    stale = [name for name, text in pages().items() if (repository / name).read_text("utf-8") != text]
    assert stale == [], "run: python -m server.protocol"


def test_every_message_change_part_and_field_is_documented(schema: Schema) -> None:
    structs = (*schema.messages, *schema.changes, *schema.structs)
    bare = [one.name for one in structs if not one.doc or one.doc == Struct.__doc__]
    bare += [f"{one.name}.{field.name}" for one in structs for field in one.fields if not field.doc]
    bare += [one.name for one in schema.choices if not one.doc]
    assert bare == []


def test_fields_without_a_default_come_first_so_that_a_bare_array_can_end_early(schema: Schema) -> None:
    for one in (*schema.messages, *schema.changes, *schema.structs):
        if not one.event:
            required = [field.required for field in one.fields]
            assert required == sorted(required, reverse=True), one.name


def test_every_choice_has_a_member_0_for_what_it_does_not_know(schema: Schema) -> None:
    assert all(choice.members[0].value == 0 for choice in schema.choices)


def test_numbers_are_one_byte_each_used_once_and_outside_what_is_kept_free() -> None:
    codes = [*MESSAGES, POSE]
    assert len(set(codes)) == len(codes)
    assert all(0 < code < 128 for code in codes)
    assert [code for code in codes for kept in RESERVED if code in kept] == []


def test_every_message_that_a_client_sends_has_its_limits() -> None:
    sent = {code for code, message in MESSAGES.items() if message.sender != "server"} | {POSE}
    assert set(ALLOWANCES) == sent
