"""XLSX: what a person sees in the spreadsheet, and workbooks that are damaged or hostile."""

import datetime
import io
import zipfile
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from assets.catalog.row import Finding, Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import file_source, memory_source
from assets.catalog.sources.options import ReadOptions, Reporting
from assets.catalog.sources.workbook import read_workbook
from tests.assets.catalog.sources.memory import peak_of

DEFAULT: Final = ReadOptions()
HEADER: Final = ("id", "title", "made")

Sheets = dict[str, list[tuple[object, ...]]]


def workbook(sheets: Sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes, options: ReadOptions = DEFAULT) -> list[SourceRow | Rejection]:
    return list(read_workbook(memory_source("t.xlsx", content), options, Reporting()))


def notes(content: bytes) -> list[str]:
    heard: list[Finding] = []
    list(read_workbook(memory_source("t.xlsx", content), DEFAULT, Reporting(on_note=heard.append)))
    return [note.rule for note in heard]


def replaced(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """A workbook with something else in one of its parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(old, new) if name == member else part)
    return out.getvalue()


def test_a_row_has_its_cells_its_position_and_a_line_of_csv() -> None:
    assert read(
        workbook({"s": [HEADER, ("1", "Vase, blue", 1642), (None, None, None), ("2", None, 1700.5)]})
    ) == [
        SourceRow("t.xlsx", 1, {"id": "1", "title": "Vase, blue", "made": 1642}, b'1,"Vase, blue",1642\n'),
        SourceRow("t.xlsx", 2, {"id": "2", "title": None, "made": 1700.5}, b"2,,1700.5\n"),
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (2010.0, "General", 2010),
        (2010.8, "0.00", "2010.80"),
        (2010.8, "General", 2010.8),
        (42, "0000", "0042"),
        (26.75, "0.0", 26.75),
        (26.7, "0", 26.7),
        (datetime.date(1890, 1, 2), "yyyy-mm-dd", "1890-01-02"),
        (datetime.datetime(1990, 1, 2, 3, 4, 5), "yyyy-mm-dd hh:mm:ss", "1990-01-02T03:04:05"),
        (datetime.time(3, 4), "hh:mm", "03:04:00"),
        (True, "General", True),
        ("2010.80", "General", "2010.80"),
    ],
)
def test_a_value_is_what_the_cell_shows(value: object, number_format: str, shown: object) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "value"])
    book.active.append(["1", value])
    book.active["B2"].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    made = read(out.getvalue())[0]
    assert isinstance(made, SourceRow)
    assert made.cells["value"] == shown
    assert type(made.cells["value"]) is type(shown)


def test_the_header_is_found_below_a_title_and_this_is_told() -> None:
    content = workbook({"s": [("Export 2020",), (), HEADER, ("1", "Vase", 1642)]})
    assert [list(row.cells) for row in read(content) if isinstance(row, SourceRow)] == [list(HEADER)]
    assert notes(content) == ["source.header_row"]


def test_a_stated_header_row_is_taken() -> None:
    content = workbook({"s": [HEADER, ("a", "b", "c"), ("1", "Vase", 1642)]})
    made = read(content, ReadOptions(header_row=2))
    assert [list(row.cells) for row in made if isinstance(row, SourceRow)] == [["a", "b", "c"]]


def test_the_first_sheet_with_rows_is_read_and_the_others_are_told() -> None:
    content = workbook({"Cover": [], "Objects": [HEADER, ("1", "Vase", 1)], "Makers": [("x",), ("y",)]})
    assert len(read(content)) == 1
    assert notes(content) == ["source.sheet"]


def test_a_named_sheet_is_read() -> None:
    content = workbook({"Cover": [("a",), ("b",)], "Objects": [HEADER, ("1", "Vase", 1), ("2", "Bowl", 1)]})
    assert len(read(content, ReadOptions(sheet="Objects"))) == 2
    with pytest.raises(SourceError, match="there is no sheet 'objects'; there are Cover, Objects"):
        read(content, ReadOptions(sheet="objects"))


def test_a_value_beyond_the_named_columns_is_rejected() -> None:
    made = read(workbook({"s": [HEADER, ("1", "Vase", 1, "stray"), ("2", "Bowl", 2)]}))
    assert [type(each) for each in made] == [Rejection, SourceRow]


def test_a_wrong_dimension_in_the_file_cuts_nothing_off() -> None:
    content = workbook({"s": [HEADER, ("1", "Vase", 1642), ("2", "Bowl", 1700)]})
    wrong = replaced(
        content, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:C3"', b'<dimension ref="A1:A1"'
    )
    assert wrong != content
    assert [len(row.cells) for row in read(wrong) if isinstance(row, SourceRow)] == [3, 3]


@pytest.mark.parametrize("sheets", [{"s": []}, {"a": [], "b": []}])
def test_an_empty_workbook_is_an_error(sheets: Sheets) -> None:
    with pytest.raises(SourceError, match="the workbook is empty"):
        read(workbook(sheets))


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_entities_in_a_part_are_refused(member: str) -> None:
    content = workbook({"s": [HEADER, ("1", "Vase", 1642)]})
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(member)
    start = part[: part.index(b">") + 1] if part.startswith(b"<?xml") else b""
    hostile = replaced(content, member, part, start + bomb + part[len(start) :])
    with pytest.raises(SourceError, match="declares entities"):
        read(hostile)


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    content = workbook({"s": [HEADER, ("1", "Vase", 1642)]})
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, before.read(name))
        with after.open("xl/media/image1.bin", "w") as large:
            for _ in range(100):
                large.write(b"\0" * 2**20)
    with pytest.raises(SourceError, match="zip bomb"):
        read(out.getvalue())


def test_rows_numbered_beyond_a_sheet_end_in_an_error_and_not_in_a_long_wait() -> None:
    content = workbook({"s": [HEADER, ("1", "Vase", 1642)]})
    far = replaced(content, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="9999999"')
    with pytest.raises(SourceError, match="row numbers beyond what a sheet can hold"):
        read(far)


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_with_a_broken_part_is_a_source_error(member: str) -> None:
    content = workbook({"s": [HEADER, ("1", "Vase", 1642)]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(member)
    with pytest.raises(SourceError, match="damaged workbook"):
        read(replaced(content, member, part, part[: len(part) // 2]))


def test_progress_adds_up_to_the_size(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(workbook({"s": [HEADER, *[(str(n), "Vase", n) for n in range(500)]]}))
    told: list[int] = []
    list(read_workbook(file_source(path), DEFAULT, Reporting(on_bytes=told.append)))
    assert sum(told) == path.stat().st_size


def test_memory_grows_by_no_more_than_the_empty_element_that_openpyxl_keeps_of_a_row(tmp_path: Path) -> None:
    few, many = tmp_path / "few.xlsx", tmp_path / "many.xlsx"
    few.write_bytes(workbook({"s": [HEADER, *[("1", "Vase", n) for n in range(1_000)]]}))
    many.write_bytes(workbook({"s": [HEADER, *[("1", "Vase", n) for n in range(4_000)]]}))
    peak(few)  # the first reading also fills caches
    assert peak(many) - peak(few) < 3_000 * 120


def peak(path: Path) -> int:
    return peak_of(lambda: read_workbook(file_source(path), DEFAULT, Reporting()), 1_000)
