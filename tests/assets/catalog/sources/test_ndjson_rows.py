"""NDJSON: a line is a record, and a broken line costs only itself."""

import json
from pathlib import Path
from typing import Final

import pytest

from assets.catalog.row import Finding, Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import file_source, memory_source
from assets.catalog.sources.ndjson_rows import read_ndjson
from assets.catalog.sources.options import ReadLimits, ReadOptions, Reporting

DEFAULT: Final = ReadOptions()


def read(content: bytes, options: ReadOptions = DEFAULT) -> list[SourceRow | Rejection]:
    return list(read_ndjson(memory_source("t.ndjson", content), options, Reporting()))


def test_a_line_is_a_row_with_its_position_and_bytes() -> None:
    assert read(b'{"id": 1}\r\n\n{"id":2.5}') == [
        SourceRow("t.ndjson", 1, {"id": 1}, b'{"id": 1}'),
        SourceRow("t.ndjson", 2, {"id": 2.5}, b'{"id":2.5}'),
    ]


def test_json_text_sequences_are_read() -> None:
    assert len(read(b'\x1e{"id": 1}\n\x1e{"id": 2}\n')) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": 2', "not valid JSON at character"),
        (b'{"id": 2} {"id": 3}', "text goes on after the record, at character 10"),
        (b"[1, 2]", "this is an array"),
        (b'{"id": Infinity}', "Infinity is not JSON"),
        (b'{"id": "caf\xe9"}', "not utf-8"),
        (b"[" * 5000, "cannot be parsed"),
        (b'{"id": ' + b"9" * 5000 + b"}", "cannot be parsed"),
    ],
)
def test_a_broken_line_is_rejected_and_the_rest_read(line: bytes, reason: str) -> None:
    good = '{"title": "ééééééééééééééééééééé"}'.encode()
    made = read(good + b"\n" + line + b"\n" + good)
    assert [type(each) for each in made] == [SourceRow, Rejection, SourceRow]
    assert isinstance(made[1], Rejection)
    assert reason in made[1].reason
    assert (made[1].row, made[1].raw) == (2, line)


def test_repeated_keys_are_told() -> None:
    heard: list[Finding] = []
    list(read_ndjson(memory_source("t", b'{"a": 1, "a": 2}'), DEFAULT, Reporting(on_note=heard.append)))
    assert [(note.rule, note.severity) for note in heard] == [("source.repeated_key", "warning")]


def test_an_empty_file_is_an_error() -> None:
    with pytest.raises(SourceError, match="empty"):
        read(b"\n\n")


def test_a_line_over_the_limit_is_an_error_naming_its_row() -> None:
    content = b'{"a": 1}\n{"a": "' + b"x" * 5000 + b'"}\n'
    with pytest.raises(SourceError, match="a line is longer than 1,000 bytes") as caught:
        read(content, ReadOptions(limits=ReadLimits(max_record_bytes=1000)))
    assert caught.value.row == 2


@pytest.mark.data
def test_a_real_collection_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "catalogue/tate/tate_objects.ndjson.gz"
    made = list(read_ndjson(file_source(path), DEFAULT, Reporting()))
    assert len(made) == 2755
    assert all(isinstance(row, SourceRow) and json.loads(row.raw) == row.cells for row in made)
