"""Rows of newline-delimited JSON (NDJSON, JSON Lines): one object a line.

Memory: one line (``max_record_bytes``) with its value, and two chunks of the file.
"""

import json
from collections.abc import Iterator

from assets.catalog.row import Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.encoding import find_encoding, report_encoding
from assets.catalog.sources.json_values import JsonParser, RecordJudge
from assets.catalog.sources.lines import LineTooLong, split_lines
from assets.catalog.sources.options import ReadOptions, Reporting

_AROUND = b" \t\r\n\x1e"
"""White space, and the record separator of JSON text sequences (RFC 7464)."""


def read_ndjson(
    source: ByteSource, options: ReadOptions, report: Reporting
) -> Iterator[SourceRow | Rejection]:
    """Yield each line as a row; a line that is not one JSON object is rejected and reading goes on.

    ``raw`` is the line without its end. Empty lines are no records.

    Raises:
        SourceError: the file is empty, unreadable, or a line passes ``limits.max_record_bytes``.
    """
    form = find_encoding(source, options.encoding)
    report_encoding(source.file, form, report)
    limit = options.limits.max_record_bytes
    lines = _LineReader(source.file, "utf-8" if form.is_wide else form.encoding, options, report)
    number = 0
    try:
        for line in split_lines(source, form, limit, report.one_pass()):
            raw = line.strip(_AROUND)
            if raw:
                number += 1
                yield lines.row(raw, number)
    except LineTooLong as error:
        raise SourceError(
            source.file,
            f"a line is longer than {limit:,} bytes",
            "Check that each record has its own line; raise limits.max_record_bytes if it has",
            number + 1,
        ) from error
    if not number:
        raise SourceError(source.file, "the file is empty", "Export it again")


class _LineReader:
    """Makes a row of each line of one file."""

    def __init__(self, file: str, encoding: str, options: ReadOptions, report: Reporting) -> None:
        self._file = file
        self._encoding = encoding
        self._parser = JsonParser()
        self._judge = RecordJudge(file, self._parser, options.limits, report)

    def row(self, raw: bytes, number: int) -> SourceRow | Rejection:
        try:
            text = str(raw, self._encoding)
            value, end = self._parser.value_at(text, 0)
        except UnicodeDecodeError as error:
            reason = f"byte {error.start + 1} of the line is not {self._encoding} ({error.reason})"
            return Rejection(self._file, number, "", reason, "Export the file again as UTF-8", raw)
        except json.JSONDecodeError as error:
            reason = f"not valid JSON at character {error.pos + 1} of the line: {error.msg}"
            return Rejection(self._file, number, "", reason, "Mend the line, or export again", raw)
        except (ValueError, RecursionError) as error:
            return Rejection(self._file, number, "", f"cannot be parsed: {error}", "Simplify the record", raw)
        if end != len(text):
            reason = f"text goes on after the record, at character {end + 1} of the line"
            return Rejection(self._file, number, "", reason, "Give each record a line of its own", raw)
        return self._judge.judge(value, text, raw, number)
