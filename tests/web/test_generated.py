"""The protocol in TypeScript is what the generator writes today."""

import pytest

from server.protocol.schema import Schema, describe
from server.protocol.typescript import FOLDER, generate


@pytest.fixture(scope="module")
def schema() -> Schema:
    return describe()


def test_the_messages_in_typescript_are_those_of_the_protocol(schema: Schema) -> None:
    made = generate(schema)

    assert {path.name for path in FOLDER.glob("*.ts")} == set(made)
    stale = [name for name, text in made.items() if (FOLDER / name).read_text("utf-8") != text]
    assert stale == [], "run: python -m server.protocol.typescript"


def test_every_field_of_the_protocol_has_its_member_and_its_place(schema: Schema) -> None:
    made = generate(schema)
    structs = (*schema.messages, *schema.changes, *schema.structs)

    assert made["messages.ts"].count("  readonly ") == sum(
        len(one.fields) + (1 if one.code else 0) for one in structs
    )
    assert made["layouts.ts"].count("{ name: ") == sum(len(one.fields) for one in structs)
