"""CSV and TSV files without a row of column names: the names come from the profile."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final, cast

from assets.catalog.row import Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import ByteSource, Opened, file_source
from assets.catalog.sources.encoding import find_encoding
from assets.catalog.sources.options import ReadOptions, Reporting
from assets.catalog.sources.tables import read_table

_MARK: Final = b"\xef\xbb\xbf"


def read_headerless(
    path: Path, columns: tuple[str, ...], options: ReadOptions, report: Reporting
) -> Iterator[SourceRow | Rejection]:
    """Yield the rows of one file as :func:`read_table` does, under the names of ``columns``.

    The delimiter is what the profile states, else a tab in a file so named, else a comma. Raises SourceError
    as :func:`read_table`, and where the file is in an encoding of 16 or 32 bits.
    """
    source = file_source(path)
    form = find_encoding(source, options.encoding)
    if form.is_wide:
        raise SourceError(path.name, f"no column names in {form.encoding}", "Save the file as UTF-8.")
    tab = options.format == "tsv" or source.name.lower().endswith((".tsv", ".tab"))
    delimiter = options.delimiter if options.delimiter != "auto" else "\t" if tab else ","
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerow(columns)
    headed = _with_line(source, text.getvalue().encode(form.encoding))
    stated = options.model_copy(
        update={"header_row": 1, "encoding": form.encoding, "delimiter": delimiter, "format": "csv"}
    )
    return read_table(headed, stated, report)


def _with_line(source: ByteSource, line: bytes) -> ByteSource:
    def opened() -> Opened:
        inner = source.open()
        stream = io.BufferedReader(_Preceded(line, inner.stream))
        return Opened(cast("BinaryIO", stream), inner.position)

    return replace(source, open=opened, path=None)


class _Preceded(io.RawIOBase):
    """A stream with a line put before it, in place of its byte order mark."""

    def __init__(self, line: bytes, stream: BinaryIO) -> None:
        start = stream.read(len(_MARK))
        self._before = line + start.removeprefix(_MARK)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = memoryview(buffer).nbytes
        piece = self._before[:wanted] if self._before else self._stream.read(wanted)
        self._before = self._before[len(piece) :] if self._before else b""
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()
