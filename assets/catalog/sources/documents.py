"""The documents of a source in one of the exchange standards: a file, a folder of them, or a zip.

Yields each as a :class:`ByteSource`, so that nothing is held that a reader does not need. Members of a
zip are read in place and never written, so a path that climbs out of the archive (zip slip) is only a
name; it is refused all the same, because nobody makes one by accident.
"""

import zipfile
from collections.abc import Callable, Collection, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, TypeAlias, cast

import orjson

from assets.catalog.row import Mapped, Rejection, SourceError
from assets.catalog.sources.byte_source import ByteSource, Opened, file_source, refuse_bomb, unreadable

OnBytes: TypeAlias = Callable[[int], None] | None
"""Hears how many more bytes on disk were used; for progress bars."""

MAX_DOCUMENT_BYTES: Final = 512 * 2**20
_IGNORED: Final = ("__MACOSX/", ".")


def documents(path: Path, suffixes: Collection[str]) -> Iterator[ByteSource]:
    """Every document below ``path`` whose name ends in one of ``suffixes``, in the order of names.

    A single file is taken whatever its name. ``.gz`` is looked through.

    Raises:
        SourceError: there is no such path, nothing in it has the suffix, or the archive is damaged.
    """
    if path.is_dir():
        yield from _in_folder(path, suffixes)
    elif zipfile.is_zipfile(path):
        yield from _in_archive(path, suffixes)
    else:
        yield file_source(path)


def read_each(
    path: Path, suffixes: Collection[str], read: Callable[[ByteSource], Iterator[Mapped | Rejection]]
) -> Iterator[Mapped | Rejection]:
    """Yield what ``read`` yields for every document below ``path``.

    One document among several that cannot be read is rejected with the beginning of its bytes, and the
    others go on; a document that is alone raises.

    Raises:
        SourceError: as :func:`documents`, or from ``read`` where there is one document only.
    """
    sources = documents(path, suffixes)
    first, second = next(sources), next(sources, None)
    if second is None:
        yield from read(first)
        return
    for source in chain((first, second), sources):
        try:
            yield from read(source)
        except SourceError as error:
            yield Rejection(error.file, error.row or 0, "", error.reason, error.remedy, _beginning(source))


def _beginning(source: ByteSource) -> bytes:
    try:
        return source.head()
    except SourceError:
        return b""


def whole(source: ByteSource, on_bytes: OnBytes = None) -> bytes:
    """All bytes of a document that must be read at once.

    Raises:
        SourceError: it cannot be read, or is larger than :data:`MAX_DOCUMENT_BYTES`.
    """
    parts: list[bytes] = []
    length = 0
    for chunk in source.chunks(on_bytes=on_bytes):
        parts.append(chunk)
        length += len(chunk)
        if length > MAX_DOCUMENT_BYTES:
            raise SourceError(
                source.file,
                f"one document of more than {MAX_DOCUMENT_BYTES:,} bytes",
                "Split it: one record a file, or one record a line",
            )
    return b"".join(parts)


def json_records(source: ByteSource, on_bytes: OnBytes = None) -> Iterator[tuple[int, object, bytes]]:
    """Yield (number, record, original bytes) of a JSON document: one record, an array, ``@graph`` or lines.

    The number is 0 for a document that is one record, else the 1-based position. A record that is not
    JSON is yielded as a :class:`BrokenJson`, so that it can be rejected with its bytes.

    Raises:
        SourceError: as :func:`whole`.
    """
    content = whole(source, on_bytes)
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    if not content.strip():
        yield 0, BrokenJson("the file is empty"), content
        return
    try:
        loaded = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) < 2 or isinstance(_loads(lines[0]), BrokenJson):
            yield 0, BrokenJson(f"not valid JSON: {error}"), content
            return
        for number, line in enumerate(lines, start=1):
            yield number, _loads(line), line
        return
    members = loaded.get("@graph") if isinstance(loaded, dict) else loaded
    if not isinstance(members, list):
        yield 0, loaded, content
        return
    if not members:
        yield 0, BrokenJson("the list of records is empty"), content
    for number, member in enumerate(members, start=1):
        yield number, member, orjson.dumps(member)


class BrokenJson:
    """Stands where a record should be that is not JSON."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _loads(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return BrokenJson(f"this line is not valid JSON: {error}")


def _wanted(name: str, suffixes: Collection[str]) -> bool:
    plain = name.lower().removesuffix(".gz")
    return plain.endswith(tuple(suffixes)) and not PurePosixPath(name).name.startswith(_IGNORED)


def _in_folder(path: Path, suffixes: Collection[str]) -> Iterator[ByteSource]:
    found = False
    for file in sorted(path.rglob("*")):
        shown = file.relative_to(path).as_posix()
        if file.is_file() and _wanted(shown, suffixes):
            found = True
            yield file_source(file, shown)
    if not found:
        raise _nothing(path, suffixes)


def _in_archive(path: Path, suffixes: Collection[str]) -> Iterator[ByteSource]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                member
                for member in archive.infolist()
                if not member.is_dir() and not member.filename.startswith(_IGNORED[0])
            ]
    except (zipfile.BadZipFile, OSError) as error:
        raise unreadable(path.name, error) from error
    wanted = [member for member in members if _wanted(member.filename, suffixes)]
    if not wanted:
        raise _nothing(path, suffixes)
    for member in sorted(wanted, key=lambda each: each.filename):
        shown = f"{path.name}/{member.filename}"
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts:
            raise SourceError(
                shown, "the name climbs out of the archive", "Ask the sender for a clean archive"
            )
        refuse_bomb(shown, member.file_size, member.compress_size)
        yield _member(path, member, shown)


def _member(path: Path, member: zipfile.ZipInfo, shown: str) -> ByteSource:
    def opened() -> Opened:
        archive = zipfile.ZipFile(path)
        try:
            stream = archive.open(member)
        finally:
            archive.close()  # the file stays open until its last member stream is closed
        share = member.compress_size / max(member.file_size, 1)
        return Opened(cast("BinaryIO", stream), lambda: min(int(stream.tell() * share), member.compress_size))

    return ByteSource(shown, member.compress_size, opened, PurePosixPath(member.filename).name)


def _nothing(path: Path, suffixes: Collection[str]) -> SourceError:
    expected = ", ".join(sorted(suffixes))
    return SourceError(path.name, f"no file in it ends in {expected}", "Check the path and the file names")
