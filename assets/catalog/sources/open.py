"""Rows of any source that is not XML: a file, a folder of files, a pattern, an archive."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from assets.catalog.row import Finding, Rejection, SourceError, SourceRow
from assets.catalog.sources.archive import find_sources
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.formats import find_format
from assets.catalog.sources.json_rows import read_json
from assets.catalog.sources.ndjson_rows import read_ndjson
from assets.catalog.sources.options import Format, ReadLimits, ReadOptions, Reporting
from assets.catalog.sources.tables import read_table
from assets.catalog.sources.workbook import read_workbook
from assets.catalog.sources.yaml_rows import read_front_matter, read_yaml

__all__ = ["Format", "ReadLimits", "ReadOptions", "count_hint", "read_rows"]

Rows: TypeAlias = Iterator[SourceRow | Rejection]

_READERS: Final[dict[Format, Callable[[ByteSource, ReadOptions, Reporting], Rows]]] = {
    "csv": read_table,
    "tsv": read_table,
    "json": read_json,
    "ndjson": read_ndjson,
    "xlsx": read_workbook,
    "yaml": read_yaml,
    "markdown-front-matter": read_front_matter,
}

_DEFAULT: Final = ReadOptions()


def read_rows(
    path: Path,
    options: ReadOptions = _DEFAULT,
    *,
    on_bytes: Callable[[int], None] | None = None,
    on_note: Callable[[Finding], None] | None = None,
) -> Rows:
    """Yield every record of a source as a row, or as a rejection with its reason, in the source's order.

    ``path`` may be a file, a folder, a glob pattern or a zip archive; ``.gz`` is looked through. Each
    record comes with its original bytes. ``on_bytes`` hears how many more bytes on disk were consumed,
    in all as many as :func:`count_hint` says; ``on_note`` hears what was detected and should be known:
    a guessed encoding, a wrong extension, repeated column names.

    Memory does not grow with the number of records; the modules of the formats state their bounds.

    In a source of several files, a file that cannot be read at all becomes a rejection of row 0 and the
    others are read.

    Raises:
        SourceError: the source, or its only file, cannot be read, or not further than a row that was
            reached. All rows before were yielded.
    """
    silent = Reporting()
    sources = find_sources(path, options)
    first = next(sources, None)
    second = next(sources, None) if first is not None else None
    for source in (first, second):
        if source is not None:
            report = Reporting(on_bytes or silent.on_bytes, on_note or silent.on_note)
            yield from _rows(source, options, report, alone=second is None)
    for source in sources:
        report = Reporting(on_bytes or silent.on_bytes, on_note or silent.on_note)
        yield from _rows(source, options, report, alone=False)


def _rows(source: ByteSource, options: ReadOptions, report: Reporting, *, alone: bool) -> Rows:
    yielded = False
    try:
        for row in _READERS[find_format(source, options, report)](source, options, report):
            yielded = True
            yield row
    except SourceError as error:
        if alone or yielded or error.row is not None:
            raise
        yield Rejection(source.file, 0, "", error.reason, error.remedy, _bytes_of(source, options))


def _bytes_of(source: ByteSource, options: ReadOptions) -> bytes:
    """The bytes of a rejected file, as far as they can be read and a record may reach."""
    try:
        return source.head(options.limits.max_record_bytes)
    except SourceError:
        return b""


def count_hint(path: Path, options: ReadOptions = _DEFAULT) -> int:
    """Bytes on disk that :func:`read_rows` will consume: the total of a progress bar.

    Raises:
        SourceError: the source cannot be opened.
    """
    return sum(source.size for source in find_sources(path, options))
