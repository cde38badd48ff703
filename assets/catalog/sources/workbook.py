"""Rows of an XLSX workbook (ECMA-376), as a person sees them in the spreadsheet.

openpyxl reads, in its streaming mode and with stored formula results. Before it opens the file, the
archive is checked for bombs and its XML for entity declarations. Memory: the workbook's table of shared
texts (at most :data:`MAX_SHARED_TEXT_BYTES`), which the format keeps apart from the rows, 256 rows, and
about 100 bytes of every row read, which openpyxl keeps: 100 MB for the longest sheet that Excel allows.
"""

import csv
import datetime
import io
import re
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from typing import IO, Any, Final, cast

from assets.catalog.row import Cell, Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import ByteSource, memory_source, refuse_bomb, unreadable
from assets.catalog.sources.options import ReadOptions, Reporting
from assets.catalog.sources.tables import column_names
from assets.catalog.sources.xml_rows import refuse_entities

MAX_SHARED_TEXT_BYTES: Final = 512 * 2**20
_IN_MEMORY: Final = 16 * 2**20
_BATCH: Final = 256
_HEADER_SEARCH: Final = 20
_EXCEL_ROWS: Final = 1_048_576
_PROLOG: Final = 64 * 1024
_PLAIN_FORMAT: Final = re.compile(r"(0+)(?:\.(0+))?")

_Row = tuple[Cell, ...]


class _CountingFile(io.BufferedReader):
    """A file that tells how much of it was read; it is read in no order, so at most its size is told."""

    def __init__(self, raw: io.RawIOBase, size: int, on_bytes: Callable[[int], None]) -> None:
        super().__init__(raw)
        self._left = size
        self._on_bytes = on_bytes

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        told = min(len(content), self._left)
        self._left -= told
        self._on_bytes(told)
        return content

    def finish(self) -> None:
        self._on_bytes(self._left)
        self._left = 0


def read_workbook(
    source: ByteSource, options: ReadOptions, report: Reporting
) -> Iterator[SourceRow | Rejection]:
    """Yield the rows below the column names of one worksheet.

    Dates become ISO 8601 text; whole numbers that the format stores as 2010.0 become 2010; a number whose
    cell shows trailing or leading zeros (2010.80, 0042) becomes that text. Empty cells are ``None``, empty
    rows are no records. ``raw`` is the row as a line of CSV in UTF-8, for the format has no lines.

    Raises:
        SourceError: not a workbook, damaged, encrypted, a zip bomb, XML entities, or no such sheet.
    """
    with _seekable(source, report) as file:
        try:
            _refuse_hostile(source, file)
            rows = _sheet_rows(source, file, options, report)
            yield from _records(source.file, rows, options, report)
        except SourceError:
            raise
        except (zipfile.BadZipFile, OSError) as error:
            raise unreadable(source.file, error) from error
        except (
            Exception
        ) as error:  # openpyxl raises what a damaged part happens to provoke: KeyError, TypeError
            raise SourceError(
                source.file,
                f"damaged workbook: {type(error).__name__} {error}",
                "Open it in a spreadsheet program and save it again, or export CSV in UTF-8",
            ) from error
        if isinstance(file, _CountingFile):
            file.finish()


def _seekable(source: ByteSource, report: Reporting) -> IO[bytes]:
    """The workbook's bytes as a file in which one can go back; unpacked to disk where they are large."""
    advance = report.one_pass()
    if source.path is not None:
        try:
            return _CountingFile(
                cast("io.RawIOBase", source.path.open("rb", buffering=0)), source.size, advance
            )
        except OSError as error:
            raise unreadable(source.file, error) from error
    unpacked = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # the caller closes it
    for chunk in source.chunks(on_bytes=advance):
        unpacked.write(chunk)
    unpacked.seek(0)
    return cast("IO[bytes]", unpacked)


def _refuse_hostile(source: ByteSource, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        expanded = sum(member.file_size for member in members)
        refuse_bomb(source.file, expanded, sum(member.compress_size for member in members))
        for member in members:
            if member.flag_bits & 1:
                raise SourceError(source.file, "the workbook is encrypted", "Save it without a password")
            if member.filename.endswith("sharedStrings.xml") and member.file_size > MAX_SHARED_TEXT_BYTES:
                raise SourceError(
                    source.file,
                    f"its table of texts is {member.file_size:,} bytes, more than {MAX_SHARED_TEXT_BYTES:,}",
                    "Export CSV, or split the workbook",
                )
            if member.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(member) as part:
                    refuse_entities(memory_source(source.file, part.read(_PROLOG)))
    file.seek(0)


def _sheet_rows(
    source: ByteSource, file: IO[bytes], options: ReadOptions, report: Reporting
) -> Iterator[_Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that hold no rows: styles, data validation
        # Loading the library takes a fifth of a second; only workbooks pay for it.
        import openpyxl

        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    with closing(book):
        sheets = book.worksheets
        if options.sheet is not None:
            sheets = [sheet for sheet in sheets if sheet.title == options.sheet]
            if not sheets:
                raise SourceError(
                    source.file,
                    f"there is no sheet {options.sheet!r}; there are {', '.join(book.sheetnames)}",
                    "Correct sheet in the profile",
                )
        sheet = _chosen_sheet(sheets, source.file)
        if sheet is None:
            return
        if len(sheets) > 1:
            others = ", ".join(repr(each.title) for each in sheets if each is not sheet)
            told = f"sheet {sheet.title!r} was read, not {others}; name one by sheet in [source]"
            report.say(source.file, "source.sheet", told, "warning")
        yield from _cells(sheet, source.file, report)


def _chosen_sheet(sheets: Sequence[Any], file: str) -> Any | None:
    """The first visible sheet that holds a table, else the first that holds anything.

    A cover sheet or a page of notes stands before the objects in many exports; two rows of at least two
    cells make a table.
    """
    filled = None
    for sheet in sorted(sheets, key=lambda each: str(each.sheet_state) != "visible"):
        first = list(islice(_cells(sheet, file, Reporting()), _HEADER_SEARCH))
        if sum(1 for row in first if sum(value is not None for value in row) > 1) > 1:
            return sheet
        filled = filled or (sheet if first else None)
    return filled


def _cells(sheet: Any, file: str, report: Reporting) -> Iterator[_Row]:
    """The rows of a sheet that hold anything."""
    sheet.reset_dimensions()  # programs other than Excel write wrong ones, and rows would be cut off
    rows = sheet.iter_rows()
    blank = 0
    while True:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            batch = [tuple(_value(cell) for cell in row) for row in islice(rows, _BATCH)]
        for warning in said:
            report.say(file, "source.workbook", str(warning.message), "warning")
        if not batch:
            return
        for row in batch:
            if any(value is not None and value != "" for value in row):
                blank = 0
                yield row
            elif (blank := blank + 1) > _EXCEL_ROWS:
                raise SourceError(file, "row numbers beyond what a sheet can hold", "Save the workbook again")


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return _number(value, cell.number_format if cell.has_style else "General")
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _number(value: int | float, number_format: str) -> Cell:
    shown = _PLAIN_FORMAT.fullmatch(number_format)
    if shown and number_format != "0" and value >= 0:
        decimals = len(shown[2] or "")
        text = f"{value:.{decimals}f}"
        width = len(shown[1]) + (decimals + 1 if decimals else 0)
        # a format that rounds would lose digits that the cell holds
        if float(text) == value:
            return text.zfill(width)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _records(
    file: str, rows: Iterator[_Row], options: ReadOptions, report: Reporting
) -> Iterator[SourceRow | Rejection]:
    first = list(islice(rows, _HEADER_SEARCH))
    if not first:
        raise SourceError(file, "the workbook is empty", "Export it again, with column names")
    at = _header_position(first) if options.header_row == "auto" else options.header_row - 1
    if at >= len(first):
        raise SourceError(
            file,
            f"column names were expected in row {at + 1}, but there are {len(first)}",
            "Correct header_row",
        )
    if at and options.header_row == "auto":
        report.say(file, "source.header_row", f"column names were found in row {at + 1}", "warning")
    header = column_names(["" if cell is None else str(cell) for cell in first[at]], file, report)
    number = 0
    for number, cells in enumerate(chain(first[at + 1 :], rows), start=1):
        raw = _as_line(cells)
        if any(value is not None for value in cells[len(header) :]):
            reason = f"{len(cells)} cells where {len(header)} columns have names"
            yield Rejection(file, number, "", reason, "Name all columns, or clear the cell", raw)
            continue
        padded = cells[: len(header)] + (None,) * (len(header) - len(cells))
        yield SourceRow(file, number, dict(zip(header, padded, strict=True)), raw)
    if not number:
        report.say(file, "source.no_rows", "column names but no rows", "warning")


def _header_position(rows: Sequence[_Row]) -> int:
    """The first row with distinct texts in most of the columns that the rows below it fill."""
    widest = max(sum(value is not None for value in row) for row in rows)
    for position, row in enumerate(rows):
        names = [value for value in row if value is not None]
        if (
            all(isinstance(name, str) for name in names)
            and len(set(map(str, names))) == len(names)
            and len(names) >= max(1, 0.6 * widest)
        ):
            return position
    return 0


def _as_line(cells: _Row) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")
