"""Answers remembered by text are the answers a rule gives."""

import pytest

from assets.catalog.mapping import Mapper
from assets.catalog.mapping.memory import _TRIED
from assets.catalog.profile import parse_profile
from assets.catalog.record import ArtifactRecord, Word
from assets.catalog.row import Cell, Mapped, SourceRow

_PROFILE = """
[institution]
slug = "here"
name = "Here"
language = "en"

[record]
id = "Number"
accession = "Number"

[[fields]]
to = "titles"
from = "Title"

[[fields]]
to = "titles"
from = "Other title"

[[fields]]
to = "makers"
from = "Maker"

[[fields]]
to = "produced"
from = "Date"

[[fields]]
to = "materials"
from = "Medium"

[[fields]]
to = "medium"
from = "Medium"

[[fields]]
to = "dimensions"
from = "Size"
"""
_ROWS: tuple[dict[str, Cell], ...] = (
    {"Title": "Bowl", "Other title": "Bowl", "Maker": "Ann Lee", "Date": "c. 1900", "Medium": "Silver, gilt"},
    {"Title": "碗", "Other title": "Bowl", "Maker": "Ann Lee", "Date": "no idea", "Medium": "Unobtainium"},
    {"Title": "Bowl", "Other title": "", "Maker": "", "Date": "c. 1900", "Size": "12 x 5 cm; lid: 3 cm"},
    {"Title": "Bowl", "Other title": "Dish", "Maker": "Ann Lee", "Date": "no idea", "Size": "large"},
)


def _mapped(mapper: Mapper, number: int, cells: dict[str, Cell]) -> Mapped:
    mapped = mapper.map(SourceRow("a.csv", number, {"Number": f"1.{number}", **cells}, b""))
    assert isinstance(mapped, Mapped)
    return mapped


def test_a_mapper_that_remembers_answers_like_one_that_never_saw_the_text() -> None:
    profile = parse_profile(_PROFILE, "here.toml")
    seasoned = Mapper(profile)
    for number, cells in enumerate(_ROWS * 3, 1):
        assert _mapped(seasoned, number, cells) == _mapped(Mapper(profile), number, cells)


def test_remembered_lists_are_not_shared_between_records() -> None:
    mapper = Mapper(parse_profile(_PROFILE, "here.toml"))
    first = _mapped(mapper, 1, {"Title": "Bowl", "Other title": "Dish"}).record
    again = _mapped(mapper, 2, {"Title": "Bowl"}).record
    assert [text.content for text in first.titles] == ["Bowl", "Dish"]
    assert [text.content for text in again.titles] == ["Bowl"]


def test_a_rule_whose_texts_never_repeat_answers_on() -> None:
    mapper = Mapper(parse_profile(_PROFILE, "here.toml"))
    for number in range(_TRIED + 10):
        record = _mapped(mapper, number, {"Title": f"Bowl {number}"}).record
        assert record.titles[0].content == f"Bowl {number}"


@pytest.mark.parametrize("cells", _ROWS, ids=str)
def test_an_assembled_record_is_the_validated_one(cells: dict[str, Cell]) -> None:
    record = _mapped(Mapper(parse_profile(_PROFILE, "here.toml")), 1, cells).record
    assert ArtifactRecord.model_validate_json(record.model_dump_json()) == record
    assert all(isinstance(part, Word) for part in (*record.titles, *record.provenance.values()))
