"""The files that make up one source: a file, a folder, a glob pattern, or a zip archive of records.

Members of an archive are read in place and never written to disk. Names that climb out of it (zip slip),
links, encrypted members and zip bombs are refused all the same, because nobody makes one by accident.
"""

import os
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from assets.catalog.row import SourceError
from assets.catalog.sources.byte_source import ByteSource, Opened, file_source, refuse_bomb, unreadable
from assets.catalog.sources.formats import format_by_name
from assets.catalog.sources.options import ReadOptions

_WORKBOOK_MEMBER: Final = "[Content_Types].xml"
_NOT_RECORDS: Final = ("readme", "license", "licence", "changelog", "contributing", "manifest")
_MAGIC: Final = frozenset("*?[")


def find_sources(path: Path, options: ReadOptions) -> Iterator[ByteSource]:
    """Yield the files of a source in the order of their names.

    A single file is taken whatever its name; of a folder, pattern or archive those whose names say that
    they hold records of one format. Documentation (``README``, ``LICENSE``) and hidden files are passed
    over.

    Raises:
        SourceError: nothing there holds records, several formats are mixed, or an archive is hostile.
    """
    try:
        if path.is_dir():
            yield from _of_one_format(path, _in_folder(path), options)
        elif not path.exists() and _MAGIC & set(str(path)):
            yield from _of_one_format(path, _by_pattern(path), options)
        elif path.is_file() and zipfile.is_zipfile(path) and not _is_workbook(path):
            yield from _members(path, options)
        else:
            yield file_source(path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise unreadable(path.name, error) from error


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return _WORKBOOK_MEMBER in archive.namelist() or "mimetype" in archive.namelist()


def _in_folder(root: Path) -> list[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found.extend(
            ((Path(folder) / name).relative_to(root).as_posix(), Path(folder) / name)
            for name in sorted(files)
        )
    return found


def _by_pattern(path: Path) -> list[tuple[str, Path]]:
    parts = path.parts
    fixed = next(at for at, part in enumerate(parts) if _MAGIC & set(part))
    root = Path(*parts[:fixed]) if fixed else Path()
    files = sorted(file for file in root.glob(str(Path(*parts[fixed:]))) if file.is_file())
    return [(file.relative_to(root).as_posix(), file) for file in files]


def _of_one_format(path: Path, files: list[tuple[str, Path]], options: ReadOptions) -> Iterator[ByteSource]:
    wanted = set(_choose([shown for shown, _ in files], path.name, options))
    root = path.resolve()
    for shown, file in files:
        if shown not in wanted:
            continue
        if file.is_symlink() and path.is_dir() and not file.resolve().is_relative_to(root):
            raise SourceError(shown, "a link leads out of the folder", "Copy the file into the folder")
        yield file_source(file, shown)


def _choose(names: list[str], source: str, options: ReadOptions) -> list[str]:
    """The names that say they hold records, when all of them say the same format."""
    if len(names) > options.limits.max_members:
        raise SourceError(
            source,
            f"{len(names):,} files are more than the limit of {options.limits.max_members:,}",
            "Ingest its folders one by one, or raise limits.max_members",
        )
    formats = {name: format_by_name(name) for name in names if _may_hold_records(name)}
    if options.format != "auto":
        chosen = [name for name, found in formats.items() if found == options.format]
    else:
        kinds = Counter(found for found in formats.values() if found is not None)
        if len(kinds) > 1:
            shown = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
            raise SourceError(
                source, f"files of several formats: {shown}", "Name one file, a pattern, or the format"
            )
        chosen = [name for name, found in formats.items() if found is not None]
    if not chosen:
        raise SourceError(source, "no file in it holds records", "Check the path and the file names")
    return chosen


def _may_hold_records(name: str) -> bool:
    inside = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in inside.parts)
    return not hidden and not inside.name.lower().startswith(_NOT_RECORDS)


def _members(path: Path, options: ReadOptions) -> Iterator[ByteSource]:
    with zipfile.ZipFile(path) as archive:
        members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
    for member in members.values():
        _refuse_hostile(path, member)
    refuse_bomb(
        path.name,
        sum(member.file_size for member in members.values()),
        sum(member.compress_size for member in members.values()),
    )
    for name in sorted(_choose(list(members), path.name, options)):
        yield _member(path, members[name])


def _refuse_hostile(path: Path, member: zipfile.ZipInfo) -> None:
    shown = f"{path.name}/{member.filename}"
    inside = PurePosixPath(member.filename.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in member.filename[:3]:
        raise SourceError(shown, "the name climbs out of the archive", "Ask the sender for a clean archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise SourceError(shown, "it is a link", "Ask the sender for an archive of plain files")
    if member.flag_bits & 1:
        raise SourceError(shown, "it is encrypted", "Unpack the archive and ingest the files")


def _member(path: Path, member: zipfile.ZipInfo) -> ByteSource:
    def opened() -> Opened:
        with zipfile.ZipFile(path) as archive:
            stream = archive.open(member)  # keeps the file open until it is closed itself
        share = member.compress_size / max(member.file_size, 1)
        return Opened(cast("BinaryIO", stream), lambda: min(int(stream.tell() * share), member.compress_size))

    name = PurePosixPath(member.filename).name
    return ByteSource(member.filename, member.compress_size, opened, name)
