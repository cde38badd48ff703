"""Where bytes come from: a file, a gzip file or a member of a zip archive, read again from its start
as often as needed, never held whole.

Compressed sources are refused when they grow past :data:`MAX_EXPANDED_BYTES`, or past
:data:`FREE_EXPANSION_BYTES` at more than :data:`MAX_RATIO` times their size (zip bombs; deflate reaches
1032 to 1, tables of museums 3 to 30).
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from assets.catalog.row import SourceError

CHUNK_BYTES: Final = 256 * 1024
MAX_EXPANDED_BYTES: Final = 64 * 2**30
FREE_EXPANSION_BYTES: Final = 64 * 2**20
MAX_RATIO: Final = 200

GZIP_MAGIC: Final = b"\x1f\x8b"

_DAMAGED = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open stream, and how far it has come in the bytes on disk."""

    stream: BinaryIO
    position: Callable[[], int]
    """Bytes on disk consumed so far, as counted in :attr:`ByteSource.size`."""


@dataclass(frozen=True, slots=True)
class ByteSource:
    """Bytes with a name that can be read from their start more than once."""

    file: str
    """Name as it stands in rows and errors, relative to what is ingested."""
    size: int
    """Bytes on disk, compressed where the source is; the total of a progress bar."""
    open: Callable[[], Opened]
    name: str = ""
    """File name that tells the format: without folder and without ``.gz``."""
    path: Path | None = None
    """The file itself where the bytes lie uncompressed on disk."""

    def chunks(
        self, *, chunk_bytes: int = CHUNK_BYTES, on_bytes: Callable[[int], None] | None = None
    ) -> Iterator[bytes]:
        """Yield the bytes in pieces; ``on_bytes`` hears each time how many more bytes on disk were used.

        Raises:
            SourceError: the bytes cannot be read, or expand beyond the limits of this module.
        """
        try:
            opened = self.open()
            with opened.stream:
                yield from self._guarded(opened, chunk_bytes, on_bytes)
        except _DAMAGED as error:
            raise unreadable(self.file, error) from error

    def _guarded(
        self, opened: Opened, chunk_bytes: int, on_bytes: Callable[[int], None] | None
    ) -> Iterator[bytes]:
        read, expanded = opened.stream.read, 0
        reported = 0
        while chunk := read(chunk_bytes):
            expanded += len(chunk)
            if expanded > FREE_EXPANSION_BYTES:
                refuse_bomb(self.file, expanded, self.size)
            if on_bytes is not None:
                position = opened.position()
                on_bytes(position - reported)
                reported = position
            yield chunk
        if on_bytes is not None and reported < self.size:
            on_bytes(self.size - reported)

    def head(self, size: int = 64 * 1024) -> bytes:
        """The first ``size`` bytes, fewer where the source is shorter."""
        parts: list[bytes] = []
        length = 0
        for chunk in self.chunks(chunk_bytes=size):
            parts.append(chunk)
            length += len(chunk)
            if length >= size:
                break
        return b"".join(parts)[:size]


def refuse_bomb(file: str, expanded: int, compressed: int) -> None:
    """Raise ``SourceError`` where ``expanded`` bytes out of ``compressed`` pass this module's limits."""
    if expanded <= FREE_EXPANSION_BYTES:
        return
    if expanded > MAX_EXPANDED_BYTES or expanded > MAX_RATIO * max(compressed, 1):
        raise SourceError(
            file,
            f"{compressed:,} compressed bytes expand to {expanded:,} or more: the file may be a zip bomb "
            f"(limits: {MAX_RATIO} times once past {FREE_EXPANSION_BYTES:,} bytes, {MAX_EXPANDED_BYTES:,} "
            "bytes in all)",
            "Unpack it yourself if you trust it, and ingest the unpacked file",
        )


def unreadable(file: str, error: BaseException) -> SourceError:
    """The error of a file that the system or a decompressor cannot read."""
    if isinstance(error, FileNotFoundError):
        return SourceError(file, "no such file", "Check the path")
    if isinstance(error, PermissionError):
        return SourceError(file, "no permission to read the file", "Change its permissions or its owner")
    if isinstance(error, IsADirectoryError):
        return SourceError(file, "it is a folder", "Name a file in it, or the folder as the source itself")
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return SourceError(file, f"cannot be read: {error.strerror or error}", "Check the disk and the path")
    return SourceError(
        file, f"damaged or truncated archive: {error}", "Copy or download the file again and compare its size"
    )


def file_source(path: Path, file: str | None = None) -> ByteSource:
    """The bytes of ``path``, unpacked where they are gzip.

    Raises:
        SourceError: there is no such regular file.
    """
    shown = file if file is not None else path.name
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "not a regular file"
            raise SourceError(shown, f"it is {kind}", "Name a regular file")
        size = path.stat().st_size
        with path.open("rb") as stream:
            compressed = stream.read(2) == GZIP_MAGIC
    except (OSError, ValueError) as error:
        raise unreadable(shown, error) from error
    if not compressed:
        return ByteSource(shown, size, lambda: _open_plain(path), path.name, path)
    return ByteSource(shown, size, lambda: _open_gzip(path), path.name.removesuffix(".gz"))


def memory_source(file: str, content: bytes) -> ByteSource:
    """Bytes that are already in memory, as a source."""

    def opened() -> Opened:
        stream = io.BytesIO(content)
        return Opened(stream, stream.tell)

    return ByteSource(file, len(content), opened, file)


def _open_plain(path: Path) -> Opened:
    stream = path.open("rb", buffering=0)
    return Opened(stream, stream.tell)


def _open_gzip(path: Path) -> Opened:
    unpacked = gzip.GzipFile(path)
    compressed = cast("BinaryIO", unpacked.fileobj)
    return Opened(io.BufferedReader(unpacked, CHUNK_BYTES), compressed.tell)
