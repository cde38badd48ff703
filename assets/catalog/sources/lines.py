"""Lines of a text source as bytes, with their ends kept, whatever the line ends are."""

import codecs
from collections.abc import Callable, Iterator

from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.encoding import TextForm


class LineTooLong(Exception):
    """A line is longer than the limit; nothing beyond the limit was kept."""


def split_lines(
    source: ByteSource, form: TextForm, limit: int, on_bytes: Callable[[int], None] | None = None
) -> Iterator[bytes]:
    r"""Yield the lines of ``source``, each with its ``\n``, ``\r\n`` or ``\r``, without byte order mark.

    Sources in UTF-16 and UTF-32 come out as UTF-8. Memory stays below ``limit`` plus two chunks.

    Raises:
        LineTooLong: a line is longer than ``limit`` bytes.
        SourceError: the source cannot be read.
    """
    chunks = source.chunks(on_bytes=on_bytes)
    if form.is_wide:
        chunks = _as_utf8(chunks, form.encoding)
    skip = form.mark_bytes
    rest: list[bytes] = []
    held = 0
    for chunk in chunks:
        if skip:
            chunk, skip = _without_mark(chunk, form), 0
        if rest and rest[-1].endswith(b"\r"):
            held -= len(rest[-1])
            chunk = rest.pop() + chunk
        lines = chunk.splitlines(keepends=True)
        # the last line may go on in the next chunk, and so may a line end of two bytes
        last = lines.pop() if lines and not chunk.endswith(b"\n") else b""
        if rest and lines:
            lines[0] = b"".join((*rest, lines[0]))
            rest.clear()
            held = 0
        if max(map(len, lines), default=0) > limit:
            yield from _until_too_long(lines, limit)
        yield from lines
        if last:
            rest.append(last)
            held += len(last)
            if held > limit:
                raise LineTooLong
    if rest:
        yield b"".join(rest)


def _until_too_long(lines: list[bytes], limit: int) -> Iterator[bytes]:
    for line in lines:
        if len(line) > limit:
            raise LineTooLong
        yield line


def _without_mark(chunk: bytes, form: TextForm) -> bytes:
    return chunk[3 if form.is_wide else form.mark_bytes :]


def _as_utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Characters that are broken come out as U+FFFD, which the table reader refuses."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text.encode("utf-8", "replace")
    if text := decoder.decode(b"", final=True):
        yield text.encode("utf-8", "replace")
