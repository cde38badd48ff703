"""The example on the page of profiles, run as it stands."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from assets.catalog.field_rules import FieldRule
from assets.catalog.governance.policy import Governance
from assets.catalog.profile import Checks, Institution, Join, Profile, RecordKeys, Reject, Source
from assets.catalog.record import ArtifactRecord, RequiredStatement, Rights
from assets.catalog.row import Mapped
from assets.catalog.sources.by_profile import load_profile, open_source


@pytest.fixture
def page(repository: Path) -> str:
    return (repository / "docs" / "profiles.md").read_text("utf-8")


@pytest.fixture
def example(page: str) -> dict[str, str]:
    return dict(re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL))


def told(record: ArtifactRecord) -> str:
    span = record.produced
    assert span is not None
    years = f"{span.earliest}" if span.earliest == span.latest else f"{span.earliest} to {span.latest}"
    return " | ".join(
        (
            record.id,
            record.titles[0].content,
            "; ".join(maker.actor.name for maker in record.makers),
            years + (" circa" if span.circa else ""),
            "; ".join(f"{d.kind} {d.value:g} {d.unit}" for d in record.dimensions),
            "; ".join(term.label for term in record.materials),
            "; ".join(term.label for term in record.subjects),
        )
    )


def test_the_example_gives_what_the_page_says(example: dict[str, str], tmp_path: Path) -> None:
    for name in ("objects.csv", "ours.toml"):
        (tmp_path / name).write_text(example[name], "utf-8")
    lines = [
        told(each.record) if isinstance(each, Mapped) else f"{each.file}, row {each.row} | {each.reason}"
        for each in open_source(tmp_path / "objects.csv", load_profile(tmp_path / "ours.toml"))
    ]
    assert lines == example["outcome"].splitlines()


TABLES: dict[str, type[BaseModel]] = {
    "[institution]": Institution, "[source]": Source, "[[source.joins]]": Join, "[record]": RecordKeys,
    "[rights]": Rights, "[required_statement]": RequiredStatement, "[checks]": Checks, "[[reject]]": Reject,
    "[governance]": Governance,
}  # fmt: skip


def keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def rows(page: str, first: str) -> list[list[str]]:
    """The rows of the table whose first column is called ``first``."""
    table = re.search(rf"^\| {first} \|.*?(?=\n\n)", page, re.DOTALL | re.MULTILINE)
    assert table is not None
    return [line.strip("|").split(" | ") for line in table[0].splitlines()[2:]]


def coded(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def test_every_table_of_a_profile_is_on_the_page(page: str) -> None:
    told = {name for row in rows(page, "table") for name in coded(row[0])}
    assert {re.sub(r"[\[\]]", "", name) for name in told} == set(Profile.model_fields) | {"source.joins"}


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_a_table_is_on_the_page(page: str, table: str) -> None:
    (row,) = (row for row in rows(page, "table") if table in coded(row[0]))
    assert keys(TABLES[table]) - coded(row[1]) == set()


def test_what_the_governance_table_means_is_a_click_away(page: str) -> None:
    (row,) = (row for row in rows(page, "table") if "[governance]" in coded(row[0]))
    assert "(governance.md)" in row[1]


@pytest.mark.parametrize("rule", FieldRule.__subclasses__(), ids=lambda rule: str(rule.__name__))
def test_every_key_of_a_rule_is_on_the_page(page: str, rule: type[FieldRule]) -> None:
    reading = rule.model_fields["reading"].annotation
    told = {
        name
        for row in rows(page, "`to`")
        if coded(row[1].replace("as = ", "").replace('"', "")) & set(get_args(reading))
        for name in coded(row[2])
    }
    assert keys(rule) - keys(FieldRule) - {"to", "as"} - told == set()


def test_every_key_of_all_rules_is_on_the_page(page: str) -> None:
    (shared,) = re.findall(r"Keys of every rule: (.*?)\n\n", page, re.DOTALL)
    assert keys(FieldRule) - {"from"} - coded(shared) == set()
    assert {"is", "is-not", "matches", "filled", "column"} <= coded(shared)
