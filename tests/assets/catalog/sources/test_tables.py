"""CSV and TSV: what a table may look like, and what is said where it is broken."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from assets.catalog.row import Finding, Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import ByteSource, Opened, file_source, memory_source
from assets.catalog.sources.options import ReadLimits, ReadOptions, Reporting
from assets.catalog.sources.tables import read_table
from tests.assets.catalog.sources.memory import peak_of

DEFAULT: Final = ReadOptions()


def read(content: bytes, options: ReadOptions = DEFAULT, name: str = "t.csv") -> list[SourceRow | Rejection]:
    return list(read_table(memory_source(name, content), options, Reporting()))


def rows(content: bytes, options: ReadOptions = DEFAULT, name: str = "t.csv") -> list[list[object]]:
    """The cells of a table in which nothing is rejected."""
    made = read(content, options, name)
    assert not [each for each in made if isinstance(each, Rejection)]
    return [list(row.cells.values()) for row in made if isinstance(row, SourceRow)]


def rejections(content: bytes, options: ReadOptions = DEFAULT) -> list[Rejection]:
    return [each for each in read(content, options) if isinstance(each, Rejection)]


def notes(content: bytes) -> list[Finding]:
    heard: list[Finding] = []
    list(read_table(memory_source("t.csv", content), DEFAULT, Reporting(on_note=heard.append)))
    return heard


def test_a_row_has_its_cells_by_column_its_position_and_its_own_bytes() -> None:
    made = read(b"id,title\r\n1,Vase\r\n2,Bowl")
    assert made == [
        SourceRow("t.csv", 1, {"id": "1", "title": "Vase"}, b"1,Vase\r\n"),
        SourceRow("t.csv", 2, {"id": "2", "title": "Bowl"}, b"2,Bowl"),
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_all_systems_are_understood(end: bytes) -> None:
    assert rows(b"a,b" + end + b"1,2" + end + end + b"3,4" + end) == [["1", "2"], ["3", "4"]]


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends() -> None:
    made = read(b'a,b\n"x, ""y""\nsecond line","2"\n3,4\n')
    assert isinstance(made[0], SourceRow)
    assert made[0].cells == {"a": 'x, "y"\nsecond line', "b": "2"}
    assert made[0].raw == b'"x, ""y""\nsecond line","2"\n'
    assert [each.number for each in made if isinstance(each, SourceRow)] == [1, 2]


def test_a_quote_inside_an_unquoted_cell_is_an_inch() -> None:
    assert rows(b'a,b\n12 1/2" x 3",oil\n') == [['12 1/2" x 3"', "oil"]]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign: str) -> None:
    content = sign.join(["id", "title", "note"]) + "\n" + sign.join(["1", "Vase, blue; old", "x"]) + "\n"
    quoted = content.replace("Vase, blue; old", '"Vase, blue; old"').encode()
    assert rows(quoted) == [["1", "Vase, blue; old", "x"]]


def test_a_stated_delimiter_is_taken() -> None:
    assert rows(b"a,b:c\n1,2:3\n", ReadOptions(delimiter=":")) == [["1,2", "3"]]


def test_tsv_that_does_not_quote_keeps_its_quotes() -> None:
    content = b'id\tverse\n1\t"to be\n2\tsaid "he"\n3\t"end"\n'
    assert rows(content, name="t.tsv") == [["1", '"to be'], ["2", 'said "he"'], ["3", '"end"']]


def test_tsv_that_quotes_is_unquoted() -> None:
    assert rows(b'id\tverse\n1\t"a\tb"\n2\t"c"\n', name="t.tsv") == [["1", "a\tb"], ["2", "c"]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1\n", "1 cells where the header names 2 columns"),
        (b"1,2,3\n", "3 cells where the header names 2 columns"),
        (b"1,\0\n", "zero byte"),
        (b",\n", "no cell of the row holds anything"),
        (b'"1"x,2\n', "quotes are not well-formed"),
    ],
)
def test_a_broken_row_is_rejected_with_reason_remedy_and_bytes_and_reading_goes_on(
    line: bytes, reason: str
) -> None:
    made = read(b"a,b\n0,0\n" + line + b"5,6\n")
    assert [type(each) for each in made] == [SourceRow, Rejection, SourceRow]
    rejected = made[1]
    assert isinstance(rejected, Rejection)
    assert reason in rejected.reason
    assert rejected.remedy
    assert (rejected.row, rejected.raw) == (2, line)
    assert isinstance(made[2], SourceRow)
    assert made[2].number == 3


def test_empty_cells_beyond_the_header_are_dropped() -> None:
    assert rows(b"a,b\n1,2,,\n") == [["1", "2"]]


def test_a_quote_that_is_never_closed_costs_only_its_own_row() -> None:
    made = read(b'a,b\n1,"open\n2,x\n3,y\n')
    assert [type(each) for each in made] == [Rejection, SourceRow, SourceRow]
    assert isinstance(made[0], Rejection)
    assert made[0].reason == "a quote opens in this row and is not closed"
    assert made[0].raw == b'1,"open\n'


def test_a_quote_closed_by_a_later_row_s_quote_costs_only_its_own_row() -> None:
    made = read(b'a,b\n1,"open\n2,x\n3,"y, z"\n4,w\n')
    assert [each.row for each in made if isinstance(each, Rejection)] == [1]
    assert [each.cells["b"] for each in made if isinstance(each, SourceRow)] == ["x", "y, z", "w"]


def test_a_file_cut_off_inside_a_cell_loses_one_record_not_its_lines() -> None:
    made = rejections(b'a,b\n0,0\n1,"first line\nsecond line\nthi')
    assert [(each.row, each.raw) for each in made] == [(2, b'1,"first line\nsecond line\nthi')]
    assert "before the end of the file" in made[0].reason


def test_names_of_columns_are_trimmed_and_made_distinct_and_the_trouble_is_told() -> None:
    content = b" id ,Title,,Title,Title,\n1,2,3,4,5,\n"
    made = read(content)[0]
    assert isinstance(made, SourceRow)
    assert list(made.cells) == ["id", "Title", "column 3", "Title [2]", "Title [3]"]
    assert {note.rule for note in notes(content)} == {"source.repeated_column", "source.unnamed_column"}


def test_the_header_may_stand_below_other_rows() -> None:
    content = b"Export of 2020\n\nid,title\n1,Vase\n"
    assert rows(content, ReadOptions(header_row=2, delimiter=",")) == [["1", "Vase"]]


def test_columns_may_be_named_where_the_file_does_not() -> None:
    options = ReadOptions(columns=("id", "title"))
    assert read(b"\xef\xbb\xbf1,Vase\n2,Bowl\n", options) == [
        SourceRow("t.csv", 1, {"id": "1", "title": "Vase"}, b"1,Vase\n"),
        SourceRow("t.csv", 2, {"id": "2", "title": "Bowl"}, b"2,Bowl\n"),
    ]
    with pytest.raises(SourceError, match="the file is empty"):
        read(b"", options)


def test_a_header_beyond_the_last_row_is_an_error() -> None:
    with pytest.raises(SourceError, match="column names were expected in row 5, but there are 2 rows"):
        read(b"a,b\n1,2\n", ReadOptions(header_row=5))


def test_a_header_with_broken_quotes_is_an_error() -> None:
    with pytest.raises(SourceError, match="the row of column names cannot be read"):
        read(b'"a"x,b\n1,2\n', ReadOptions(delimiter=","))


def test_a_line_over_a_small_limit_is_an_error_after_the_rows_before_it() -> None:
    options = ReadOptions(limits=ReadLimits(max_record_bytes=20))
    made = read_table(memory_source("t.csv", b"a,b\n1,2\n" + b"3," + b"x" * 30 + b"\n"), options, Reporting())
    assert isinstance(next(made), SourceRow)
    with pytest.raises(SourceError, match="a line is longer than 20 bytes") as caught:
        next(made)
    assert caught.value.row == 2


def test_a_line_end_of_two_bytes_may_be_cut_by_a_chunk() -> None:
    start = b"a,b\r\n1," + b"x" * (256 * 1024 - 8)
    content = start + b"\r\n2,y\r\n"
    assert content[256 * 1024 - 1 : 256 * 1024 + 1] == b"\r\n"
    assert [row[0] for row in rows(content)] == ["1", "2"]


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_error(content: bytes) -> None:
    with pytest.raises(SourceError, match="the file is empty"):
        read(content)


def test_column_names_without_rows_are_told() -> None:
    assert read(b"a,b\n") == []
    assert [note.rule for note in notes(b"a,b\n")] == ["source.no_rows"]


def test_too_many_columns_are_an_error() -> None:
    with pytest.raises(SourceError, match="4 columns are more than the limit of 3"):
        read(b"a,b,c,d\n", ReadOptions(limits=ReadLimits(max_columns=3)))


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert list(read_first(b"\xef\xbb\xbfid,b\n1,2\n").cells) == ["id", "b"]


def read_first(content: bytes) -> SourceRow:
    made = read(content)[0]
    assert isinstance(made, SourceRow)
    return made


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_read_and_their_rows_kept_as_utf8(encoding: str) -> None:
    made = read_first("id,title\r\n1,Krug\u010a \u4e00\r\n".encode(encoding))
    assert (made.cells["title"], made.raw) == ("Krug\u010a \u4e00", "1,Krug\u010a \u4e00\r\n".encode())


def test_a_few_broken_bytes_in_utf8_cost_only_their_rows() -> None:
    content = (
        b"id,title\n"
        + "1,Mus\u00e9e d\u2019\u00e9t\u00e9 \u00e9\u00e9\u00e9\n".encode() * 30
        + b"2,caf\xe9\n3,x\n"
    )
    made = read(content)
    assert [(each.row, each.raw) for each in made if isinstance(each, Rejection)] == [(31, b"2,caf\xe9\n")]
    assert len(made) == 32


class Endless:
    """A stream of one line of ``total`` bytes that counts how much was asked for."""

    def __init__(self, start: bytes, filling: bytes, total: int) -> None:
        self._start, self._filling, self._left = start, filling, total
        self.given = 0

    def source(self) -> ByteSource:
        return ByteSource("endless.csv", self._left, self._opened, "endless.csv")

    def _opened(self) -> Opened:
        stream = io.BufferedReader(_Generated(self._start, self._filling, self._left, self), 256 * 1024)
        return Opened(stream, lambda: 0)


class _Generated(io.RawIOBase):
    def __init__(self, start: bytes, filling: bytes, total: int, counter: Endless) -> None:
        self._start, self._filling, self._left, self._counter = start, filling, total, counter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        size = min(len(buffer), self._left)
        content = (self._start + self._filling * (size // len(self._filling) + 1))[:size]
        self._start = b""
        buffer[:size] = content
        self._left -= size
        self._counter.given += size
        return size


@pytest.mark.parametrize(
    ("start", "filling", "reason"),
    [
        (b"a,b\n1,2\n", b"x", "a line is longer than 1,048,576 bytes"),
        (
            b'a,b\n1,2\n3,"',
            b"text,text\n",
            "a quote that opens in this row is not closed within 1,048,576 bytes",
        ),
    ],
)
def test_a_record_without_end_is_given_up_at_the_limit_naming_its_row(
    start: bytes, filling: bytes, reason: str
) -> None:
    endless = Endless(start, filling, 200 * 2**20)
    options = ReadOptions(encoding="utf-8", limits=ReadLimits(max_record_bytes=2**20))
    tracemalloc.start()
    try:
        made: Iterator[SourceRow | Rejection] = read_table(endless.source(), options, Reporting())
        assert isinstance(next(made), SourceRow)
        given = endless.given
        with pytest.raises(SourceError) as caught:
            next(made)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (caught.value.row, caught.value.reason) == (2, reason)
    assert endless.given - given <= 2 * 2**20
    assert peak < 16 * 2**20


def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path) -> None:
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    row = b'1,"some\ntext of the length of a title as museums write it"\n'
    few.write_bytes(b"id,title\n" + row * 15_000)
    many.write_bytes(b"id,title\n" + row * 45_000)
    assert peak(many) < 1.2 * peak(few)


def peak(path: Path) -> int:
    return peak_of(lambda: read_table(file_source(path), DEFAULT, Reporting()), 15_000)


@pytest.mark.data
def test_real_exports_have_the_rows_that_the_csv_module_counts(shared_data: Path) -> None:
    for path in sorted((shared_data / "catalogue").rglob("*.csv")):
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252")
        expected = [cells for cells in csv.reader(io.StringIO(text, newline="")) if cells][1:]
        made = read(content)
        assert len(made) == len(expected), path.name
        for each, cells in zip(made, expected, strict=True):
            if isinstance(each, SourceRow):
                assert list(each.cells.values()) == cells[: len(each.cells)]
            else:
                assert not any(cells), each


@pytest.mark.data
def test_the_multiplication_sign_of_a_windows_export_is_read(shared_data: Path) -> None:
    path = shared_data / "catalogue/aac_cbm/CBMAA_Objects/LOD CBMAA Objects.csv"
    heard: list[Finding] = []
    made = list(read_table(file_source(path), DEFAULT, Reporting(on_note=heard.append)))
    signs = sum(
        str(cell).count("×") for row in made if isinstance(row, SourceRow) for cell in row.cells.values()
    )
    assert signs == path.read_bytes().count(b"\xd7") > 0
    assert [note.rule for note in heard] == ["source.encoding"]


def test_a_lone_carriage_return_may_end_a_chunk() -> None:
    start = b"a,b\r1," + b"x" * (256 * 1024 - 7)
    content = start + b"\r2,y\r"
    assert content[256 * 1024 - 1 : 256 * 1024 + 1] == b"\r2"
    assert [row[0] for row in rows(content)] == ["1", "2"]


def test_the_limit_is_one_of_each_line_and_not_of_all_that_chunks_cut() -> None:
    content = b"a,b\n" + (b"1," + b"x" * 100_000 + b"\n") * 40
    assert len(rows(content, ReadOptions(limits=ReadLimits(max_record_bytes=200_000)))) == 40
