"""JSON: arrays, wrapped arrays and single objects, streamed, each record with its own bytes."""

import json
from pathlib import Path
from typing import Final

import pytest

from assets.catalog.row import Cell, Finding, Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import file_source, memory_source
from assets.catalog.sources.json_rows import read_json
from assets.catalog.sources.json_values import depth_of
from assets.catalog.sources.options import ReadLimits, ReadOptions, Reporting
from tests.assets.catalog.sources.memory import peak_of

DEFAULT: Final = ReadOptions()
RECORDS: Final = [{"id": 1, "title": "Vase", "size": 2.5}, {"id": 2, "title": "B\u00f6wl", "tags": ["a"]}]


def read(content: bytes, options: ReadOptions = DEFAULT) -> list[SourceRow | Rejection]:
    return list(read_json(memory_source("t.json", content), options, Reporting()))


def read_until_error(content: bytes, options: ReadOptions = DEFAULT) -> tuple[int, SourceError]:
    """How many rows come before the error, and the error."""
    count = 0
    with pytest.raises(SourceError) as caught:
        for _ in read_json(memory_source("t.json", content), options, Reporting()):
            count += 1
    return count, caught.value


def notes(content: bytes) -> list[str]:
    heard: list[Finding] = []
    list(read_json(memory_source("t.json", content), DEFAULT, Reporting(on_note=heard.append)))
    return [note.rule for note in heard]


def test_an_array_gives_its_objects_with_position_and_bytes() -> None:
    assert read(b' [ {"id": 1.0} ,\n {"id" : 2}\n] ') == [
        SourceRow("t.json", 1, {"id": 1.0}, b'{"id": 1.0}'),
        SourceRow("t.json", 2, {"id": 2}, b'{"id" : 2}'),
    ]


@pytest.mark.parametrize(
    ("document", "items"),
    [
        (RECORDS, "auto"),
        (RECORDS, ""),
        ({"total": 2, "data": RECORDS, "info": {}}, "auto"),
        ({"data": {"items": RECORDS}}, "auto"),
        ({"hits": {"total": 2, "hits": RECORDS}}, "auto"),
        ({"object_order": ["id"], "object_list": RECORDS}, "auto"),
        ({"a": {"x": [1], "b": RECORDS}}, "a.b"),
        ({"data": [{"no": 1}], "mine": RECORDS}, "mine"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_records_are_found_where_they_are_wrapped(document: object, items: str, indent: int | None) -> None:
    made = read(json.dumps(document, indent=indent).encode(), ReadOptions(items=items))
    assert [(row.number, row.cells) for row in made if isinstance(row, SourceRow)] == list(
        enumerate(RECORDS, start=1)
    )
    assert [json.loads(row.raw) for row in made] == RECORDS


@pytest.mark.parametrize("items", ["auto", ""])
def test_an_object_that_wraps_nothing_is_one_record_numbered_0(items: str) -> None:
    record: dict[str, Cell] = {"id": 1, "makers": [{"name": "Myson"}], "data": {"x": 1}}
    content = json.dumps(record).encode()
    assert read(content, ReadOptions(items=items)) == [SourceRow("t.json", 0, record, content)]


def test_a_wrapper_larger_than_a_record_may_be_is_streamed() -> None:
    document = {"info": 1, "data": [{"id": number} for number in range(1000)]}
    options = ReadOptions(limits=ReadLimits(max_record_bytes=2000))
    assert len(read(json.dumps(document).encode(), options)) == 1000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_bytes_of_a_record_are_those_of_its_encoding(encoding: str) -> None:
    made = read('[{"title": "café d’été, 20 × 30"}]'.encode(encoding))
    assert made[0].raw.decode("utf-16-le" if encoding == "utf-16" else encoding).endswith('× 30"}')
    assert isinstance(made[0], SourceRow)
    assert made[0].cells == {"title": "café d’été, 20 × 30"}


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (b"7", "this is a number"),
        (b"[1]", "this is an array"),
        (b"null", "this is null"),
        (b"{}", "the record is empty"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": "\\ud800"}', "half of a surrogate pair"),
        (b'{"a": "\\u0000"}', "zero character"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "nested deeper than 100 levels"),
    ],
)
def test_an_element_that_is_no_record_is_rejected_and_the_rest_read(element: bytes, reason: str) -> None:
    made = read(b'[{"id": 1},' + element + b',{"id": 3}]')
    assert [type(each) for each in made] == [SourceRow, Rejection, SourceRow]
    assert isinstance(made[1], Rejection)
    assert reason in made[1].reason
    assert (made[1].row, made[1].raw) == (2, element)


def test_surrogate_pairs_are_text() -> None:
    made = read(b'[{"a": "\\ud83c\\udffa"}]')
    assert isinstance(made[0], SourceRow)
    assert made[0].cells == {"a": "\U0001f3fa"}


def test_repeated_keys_are_told() -> None:
    assert notes(b'[{"a": 1, "b": {"c": 1, "c": 2}}, {"a": 1}]') == ["source.repeated_key"]


@pytest.mark.parametrize("wrap", [b"%s", b'{"data": %s', b'{"hits": {"hits": %s'])
def test_a_truncated_file_gives_its_whole_records_then_names_row_and_byte(wrap: bytes) -> None:
    content = wrap % b'[{"id": 1}, {"id": 2}, {"id": 3, "title": "cut off he'
    count, error = read_until_error(content)
    assert (count, error.row) == (2, 3)
    where = content.index(b'"cut off')
    assert error.reason.endswith(f"at byte {where}")


@pytest.mark.parametrize(
    ("content", "count", "reason"),
    [
        (b"", 0, "the file is empty"),
        (b" \n", 0, "the file is empty"),
        (b'[{"a": 1}', 1, "expected ',', found the end of the file"),
        (b'[{"a": 1} {"a": 2}]', 1, "expected ',', found '{'"),
        (b'[{"a": 1},, {"a": 2}]', 1, "not valid JSON: Expecting value"),
        (b'[{"a": 1}] tail', 1, "text goes on after the end"),
        (b'{"a": 1}{"a": 2}', 1, "text goes on after the end"),
        (b"{'a': 1}", 0, "not valid JSON"),
        (b"[" * 100_000, 0, "cannot be parsed: maximum recursion depth"),
        (b'[{"a": ' + b"9" * 5000 + b"}]", 0, "cannot be parsed"),
    ],
)
def test_what_is_not_json_ends_in_an_error_that_says_where(content: bytes, count: int, reason: str) -> None:
    read_rows, error = read_until_error(content)
    assert read_rows == count
    assert reason in error.reason


@pytest.mark.parametrize(
    ("content", "items", "reason"),
    [
        (b'{"data": []}', "records", "there is no 'records' among data"),
        (b'{"data": {"a": 1}}', "data.b", "there is no 'b' among a"),
        (b'{"data": 1}', "data.b", "where there is no object"),
        (b'{"data": "x"}', "data", "there is a string and no array"),
        (b"[]", "data", "the file is an array itself"),
    ],
)
def test_a_path_that_leads_nowhere_is_told(content: bytes, items: str, reason: str) -> None:
    _, error = read_until_error(content, ReadOptions(items=items))
    assert reason in error.reason


def test_a_record_over_the_limit_is_an_error_naming_its_row() -> None:
    content = b'[{"a": 1}, {"a": "' + b"x" * 3_000_000 + b'"}]'
    count, error = read_until_error(content, ReadOptions(limits=ReadLimits(max_record_bytes=2**20)))
    assert (count, error.row) == (1, 2)
    assert "one value is longer than 1,048,576 bytes" in error.reason


def test_depth_counts_lists_and_objects() -> None:
    assert depth_of({"a": [{"b": []}, 1], "c": "[[["}) == 4


def test_progress_adds_up_to_the_size_though_a_wrapper_is_read_twice() -> None:
    content = json.dumps({"data": [{"id": number} for number in range(50_000)]}).encode()
    told: list[int] = []
    assert (
        len(list(read_json(memory_source("t", content), DEFAULT, Reporting(on_bytes=told.append)))) == 50_000
    )
    assert sum(told) == len(content)


def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path) -> None:
    few, many = tmp_path / "few.json", tmp_path / "many.json"
    few.write_text(json.dumps([{"id": number, "title": "x" * 200} for number in range(7_000)]))
    many.write_text(json.dumps([{"id": number, "title": "x" * 200} for number in range(21_000)]))
    assert peak(many) < 1.2 * peak(few)


def peak(path: Path) -> int:
    return peak_of(lambda: read_json(file_source(path), DEFAULT, Reporting()), 7_000)


def test_what_stands_wrongly_after_a_record_is_an_error_of_the_next() -> None:
    assert read_until_error(b'[{"a": 1} {"a": 2}]')[1].row == 2
