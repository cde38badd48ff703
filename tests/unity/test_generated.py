"""What is generated and committed is what the generators write today."""

from pathlib import Path

import pytest

from server.protocol.csharp import FOLDER, generate
from server.protocol.schema import Schema, describe
from server.protocol.written import write
from tests.unity import goldens, metafiles


@pytest.fixture(scope="module")
def schema() -> Schema:
    return describe()


def test_the_messages_in_csharp_are_those_of_the_protocol(schema: Schema) -> None:
    made = generate(schema)

    assert {path.name for path in FOLDER.glob("*.cs")} == set(made)
    stale = [name for name, text in made.items() if (FOLDER / name).read_text("utf-8") != text]
    assert stale == [], "run: python -m server.protocol.csharp"


def test_every_field_has_a_member_and_no_member_bears_its_types_name(schema: Schema) -> None:
    made = generate(schema)
    for struct in schema.messages:
        text = made["Messages.cs"].split(f"public struct {struct.name}\n")[1].split("\n    }\n")[0]
        declared = text.split("public static")[0]
        assert declared.count("        public ") - declared.count("const") == len(struct.fields)
        assert f" {struct.name};" not in declared


def test_the_golden_bytes_in_csharp_are_those_on_disk() -> None:
    assert goldens.FILE.read_text("utf-8") == goldens.generate(), "run: python -m tests.unity.goldens"


def test_every_file_of_the_package_has_its_stable_meta_file() -> None:
    assert metafiles.faults() == [], "run: python -m tests.unity.metafiles"


def test_what_a_generator_no_longer_makes_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    for name in ("Old.cs", "Old.cs.meta", "Kept.cs"):
        (tmp_path / name).write_text("before", "utf-8")

    write(tmp_path, {"Kept.cs": "after\n", "New.cs": "new\n"})

    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {
        "Kept.cs": "after\n",
        "New.cs": "new\n",
        "Old.cs.meta": "before",
    }
