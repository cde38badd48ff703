"""Rows of CSV and TSV files (RFC 4180 and its usual dialects), each with its original bytes.

The standard library's csv module parses, in its strict mode, because it is fast (C), knows the dialects
and takes lines one at a time: the raw lines that it consumed for a record are kept beside its cells.
Memory: one record (``max_record_bytes``) with its cells, and two chunks of the file.
"""

import csv
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

from assets.catalog.row import Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.encoding import TextForm, find_encoding, report_encoding
from assets.catalog.sources.lines import LineTooLong, split_lines
from assets.catalog.sources.options import ReadOptions, Reporting

_SAMPLE_BYTES: Final = 64 * 1024
_SAMPLE_ROWS: Final = 100

# the module's own limit of 128 KiB a cell is global; the limit of a record takes its place
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


class _LineFeed:
    """Hands text lines to the csv module and keeps the bytes of those it has used for one record."""

    def __init__(self, lines: Iterator[bytes], encoding: str, limit: int) -> None:
        self._lines = lines
        self._encoding = encoding
        self._limit = limit
        self._returned: deque[bytes] = deque()
        self.used: list[bytes] = []
        """Raw lines of the record that is being read; whoever takes the record empties the list."""
        self.undecodable = ""
        """What was wrong with the bytes of the record, if anything."""

    def text(self) -> Iterator[str]:
        """Yield lines as text; raises ``LineTooLong`` where a record passes the limit."""
        used, encoding, limit = self.used, self._encoding, self._limit
        size = 0
        for raw in self._raw():
            size = size + len(raw) if used else len(raw)
            if size > limit:
                raise LineTooLong
            used.append(raw)
            try:
                yield str(raw, encoding)
            except UnicodeDecodeError as error:
                self.undecodable = f"byte {error.start + 1} of a line is not {encoding} ({error.reason})"
                yield str(raw, encoding, "replace")

    def _raw(self) -> Iterator[bytes]:
        while True:
            while self._returned:
                yield self._returned.popleft()
            for line in self._lines:
                yield line
                if self._returned:
                    break
            else:
                if not self._returned:
                    return

    def take(self) -> bytes:
        """The bytes of the record just read."""
        raw = b"".join(self.used)
        self.used.clear()
        self.undecodable = ""
        return raw

    def give_back(self, lines: Sequence[bytes]) -> None:
        """Let lines that were used be read again, as the next ones."""
        self._returned.extendleft(reversed(lines))
        self.used.clear()
        self.undecodable = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table marks its cells."""

    delimiter: str
    quote: str
    """Empty where the table knows no quotes."""

    def parse(self, lines: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        """The csv module over ``lines``; ``strict`` refuses what other programs may read otherwise."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=strict,
        )


class _TableReader:
    """One pass over one table."""

    def __init__(self, source: ByteSource, options: ReadOptions, report: Reporting) -> None:
        self._file = source.file
        self._options = options
        self._report = report
        form = find_encoding(source, options.encoding)
        report_encoding(source.file, form, report)
        self._dialect = find_dialect(source, form, options)
        limit = options.limits.max_record_bytes
        self._feed = _LineFeed(
            split_lines(source, form, limit, report.one_pass()), _line_encoding(form), limit
        )
        self._checks_text = form.has_zero_bytes
        self._header: tuple[str, ...] = ()
        self._number = 0

    def rows(self) -> Iterator[SourceRow | Rejection]:
        try:
            self._read_header()
            while True:
                try:
                    yield from self._records()
                except csv.Error as error:
                    yield self._recover(error)
                else:
                    break
        except LineTooLong as error:
            raise self._too_long() from error
        if not self._number and self._options.columns:
            raise self._no_header(0)
        if not self._number:
            self._report.say(self._file, "source.no_rows", "column names but no rows", "warning")

    def _parser(self) -> Iterator[list[str]]:
        return self._dialect.parse(self._feed.text(), strict=True)

    def _read_header(self) -> None:
        if self._options.columns:
            self._header = self._options.columns
            return
        wanted = 1 if self._options.header_row == "auto" else self._options.header_row
        seen = 0
        try:
            for cells in self._parser():
                self._feed.take()
                if not any(cell.strip() for cell in cells):
                    continue
                seen += 1
                if seen == wanted:
                    break
            else:
                raise self._no_header(seen)
        except csv.Error as error:
            raise SourceError(
                self._file,
                f"the row of column names cannot be read: {error}",
                "Check its quotes, or state delimiter, quote and header_row in the profile",
            ) from error
        if len(cells) > self._options.limits.max_columns:
            raise SourceError(
                self._file,
                f"{len(cells):,} columns are more than the limit of {self._options.limits.max_columns:,}",
                "State the delimiter in the profile, or raise limits.max_columns",
            )
        self._header = column_names(cells, self._file, self._report)

    def _no_header(self, seen: int) -> SourceError:
        if not seen:
            return SourceError(self._file, "the file is empty", "Export it again, with column names")
        return SourceError(
            self._file,
            f"column names were expected in row {self._options.header_row}, but there are {seen} rows",
            "Correct header_row in the profile",
        )

    def _records(self) -> Iterator[SourceRow | Rejection]:
        """Yield until the end of the file, or until the csv module refuses a record."""
        file, header, width = self._file, self._header, len(self._header)
        feed, used, number = self._feed, self._feed.used, self._number
        for cells in self._parser():
            if not cells:
                used.clear()
                continue
            self._number = number = number + 1
            raw = used[0] if len(used) == 1 else b"".join(used)
            if len(cells) != width or feed.undecodable or self._checks_text or not any(cells):
                yield self._judged(cells, raw)
                feed.undecodable = ""
            else:
                yield SourceRow(file, number, dict(zip(header, cells, strict=True)), raw)
            used.clear()

    def _judged(self, cells: list[str], raw: bytes) -> SourceRow | Rejection:
        """A record that may have something wrong with it."""
        width = len(self._header)
        if self._feed.undecodable:
            return self._rejection(
                self._feed.undecodable, "Save the file in one encoding, best UTF-8, and export again", raw
            )
        if self._checks_text and any("\0" in cell for cell in cells):
            return self._rejection("the row holds a zero byte", "Remove the byte, or export again", raw)
        if not any(cells):
            return self._rejection("no cell of the row holds anything", "Remove the row", raw)
        if len(cells) > width and not any(cells[width:]):
            del cells[width:]
        if len(cells) != width:
            return self._rejection(
                f"{len(cells)} cells where the header names {width} columns",
                f"Check for a missing or extra {_shown(self._dialect.delimiter)}, or missing quotes",
                raw,
            )
        return SourceRow(self._file, self._number, dict(zip(self._header, cells, strict=True)), raw)

    def _rejection(self, reason: str, remedy: str, raw: bytes) -> Rejection:
        return Rejection(self._file, self._number, "", reason, remedy, raw)

    def _recover(self, error: csv.Error) -> Rejection:
        """Reject the record at which the csv module stopped, or only its first line where the lines after
        it are rows of their own: then a quote was opened there and never closed."""
        self._number += 1
        lines = list(self._feed.used)
        if len(lines) > 1 and self._holds_rows(lines[1:]):
            self._feed.give_back(lines[1:])
            return self._rejection(
                "a quote opens in this row and is not closed", "Close the quote, or double it", lines[0]
            )
        raw = self._feed.take()
        reason = "a quote opens in this row and is not closed before the end of the file"
        if "unexpected end of data" not in str(error):
            reason = f"quotes are not well-formed: {error}"
        return self._rejection(reason, "Close the quote; write a quote inside a cell twice", raw)

    def _holds_rows(self, lines: Sequence[bytes]) -> bool:
        """Whether any of the lines, read from their start, is a whole row of this table."""
        feed = _LineFeed(iter(lines), self._feed._encoding, self._options.limits.max_record_bytes)
        try:
            return any(
                len(cells) == len(self._header) > 1 for cells in self._dialect.parse(feed.text(), strict=True)
            )
        except csv.Error:
            return False

    def _too_long(self) -> SourceError:
        limit = self._options.limits.max_record_bytes
        if self._feed.used:
            reason = f"a quote that opens in this row is not closed within {limit:,} bytes"
            remedy = "Close the quote; write a quote inside a cell twice"
        else:
            reason = f"a line is longer than {limit:,} bytes"
            remedy = "Check that it is a table with line ends; raise limits.max_record_bytes if it is"
        return SourceError(self._file, reason, remedy, self._number + 1)


def read_table(
    source: ByteSource, options: ReadOptions, report: Reporting
) -> Iterator[SourceRow | Rejection]:
    """Yield each record of a CSV or TSV file as a row of text cells, or as a rejection with its reason.

    Empty lines are no records. Rows that are ragged, hold zero bytes or bytes of another encoding, or
    whose quotes are broken are rejected and reading goes on; cells beyond the header that are all empty
    are dropped. ``raw`` is the record's bytes with its line end; UTF-16 and UTF-32 are kept as UTF-8.

    Raises:
        SourceError: the file is empty, unreadable, or a record passes ``limits.max_record_bytes``.
    """
    return _TableReader(source, options, report).rows()


def column_names(cells: Sequence[str], file: str, report: Reporting) -> tuple[str, ...]:
    """Column names without surrounding space; empty ones become ``column 7``, repeated ones ``Title [2]``."""
    names: list[str] = []
    taken: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column {position}"
        if name in taken:
            again = 2
            while f"{name} [{again}]" in taken:
                again += 1
            report.say(file, "source.repeated_column", f"column {position} is {name!r} again", "warning")
            name = f"{name} [{again}]"
        elif not cell.strip():
            report.say(file, "source.unnamed_column", f"column {position} has no name", "warning")
        taken.add(name)
        names.append(name)
    while names and not cells[len(names) - 1].strip():
        names.pop()
    return tuple(names)


def find_dialect(source: ByteSource, form: TextForm, options: ReadOptions) -> Dialect:
    """The stated delimiter, or the one by which most of the first rows have the same number of cells."""
    text = source.head(_SAMPLE_BYTES)[form.mark_bytes :].decode(form.encoding, "replace")
    lines = text.splitlines(keepends=True)
    if len(lines) > 1 and source.size > _SAMPLE_BYTES:
        lines.pop()
    quote = '"' if options.quote == "auto" else options.quote
    if options.delimiter != "auto":
        delimiter = options.delimiter
    else:
        tab_first = options.format == "tsv" or source.name.lower().endswith((".tsv", ".tab"))
        signs = "\t,;|" if tab_first else ",;\t|"
        delimiter = max(signs, key=lambda sign: _evenness(lines, Dialect(sign, quote)))
    if options.quote == "auto" and delimiter == "\t" and _ignores_quotes(lines):
        quote = ""
    return Dialect(delimiter, quote)


def _evenness(lines: Sequence[str], dialect: Dialect) -> float:
    """How well ``lines`` fall into columns: 0 for one column, 1 and a little for many of equal number."""
    widths: list[int] = []
    with suppress(csv.Error):
        widths.extend(len(cells) for cells in islice(filter(None, dialect.parse(lines)), _SAMPLE_ROWS))
    usual = max(set(widths), key=widths.count, default=1)
    if usual == 1:
        return 0.0
    return widths.count(usual) / len(widths) + min(usual, 1000) / 10_000


def _ignores_quotes(lines: Sequence[str]) -> bool:
    """Whether tabs alone make even rows of every line, where quotes would break or join some.

    The media type text/tab-separated-values (IANA) knows no quotes; spreadsheets write them all the same.
    """
    widths = {len(cells) for cells in Dialect("\t", "").parse(lines) if cells}
    if len(widths) != 1:
        return False
    try:
        quoted = sum(1 for cells in Dialect("\t", '"').parse(lines, strict=True) if cells)
    except csv.Error:
        return True
    return quoted < sum(1 for line in lines if line.strip("\r\n"))


def _line_encoding(form: TextForm) -> str:
    return "utf-8" if form.is_wide else form.encoding


def _shown(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else f"'{delimiter}'"
