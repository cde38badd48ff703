"""Any table or document that a profile describes: from its path to records and rejections.

Opens the files a profile names, joins side tables, checks that every column the profile reads is there, and
maps row by row. Main tables are streamed; side tables of joins are held in memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import resources
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Final, TypeAlias

from assets.catalog.mapping import Mapper
from assets.catalog.mapping.cells import head
from assets.catalog.profile import Join, Profile, Source, nearest, parse_profile
from assets.catalog.row import Finding, Mapped, Rejection, SourceError, SourceRow
from assets.catalog.sources.headerless import read_headerless
from assets.catalog.sources.joins import SideTable
from assets.catalog.sources.open import read_rows
from assets.catalog.sources.options import ReadOptions, Reporting

OnBytes: TypeAlias = Callable[[int], None] | None
OnNote: TypeAlias = Callable[[Finding], None] | None
Rows: TypeAlias = Iterator[SourceRow | Rejection]

_SAMPLE_ROWS: Final = 200
"""Rows of a document without a header in which a column must be met once."""
_MAGIC: Final = frozenset("*?[")
_TABLES: Final = (".csv", ".tsv", ".xlsx")


def profile_names() -> tuple[str, ...]:
    """Names of the profiles that come with the project."""
    folder = resources.files("assets.catalog.sources") / "profiles"
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    )


def load_profile(name_or_path: str | Path) -> Profile:
    """A profile by its name in this project, or by the path of its file.

    Raises SourceError where there is none, or where it is not a sound profile.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml" and str(name_or_path) in profile_names():
        entry = resources.files("assets.catalog.sources") / "profiles" / f"{name_or_path}.toml"
        return parse_profile(entry.read_text("utf-8"), entry.name)
    try:
        return parse_profile(path.read_text("utf-8-sig"), path.name)
    except FileNotFoundError:
        known = profile_names()
        near = nearest(str(name_or_path), known)
        remedy = f"Give the path of a .toml file, or one of: {', '.join(known)}{near}."
        raise SourceError(str(name_or_path), "there is no such profile", remedy) from None
    except (OSError, UnicodeDecodeError) as problem:
        remedy = "Give the path of a .toml file that you may read, saved as UTF-8 text."
        raise SourceError(path.name, f"the profile cannot be read: {problem}", remedy) from None


def source_files(path: Path, profile: Profile) -> tuple[Path, ...]:
    """Main files below ``path`` (a file is itself), in a stable order.

    Raises SourceError where there is none.
    """
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise SourceError(str(path), "there is no such file or folder", "Check the path.")
    found = _matching(path, profile.source.files)
    if not found:
        wanted = ", ".join(profile.source.files)
        there = [
            str(file.relative_to(path)) for file in islice(sorted(path.rglob("*")), 2000) if file.is_file()
        ]
        remedy = (
            f"Give the file itself, or correct files in [source]{nearest(profile.source.files[0], there)}."
        )
        raise SourceError(path.name, f"no file matches source.files = {wanted}", remedy)
    return found


def joined_files(path: Path, profile: Profile) -> tuple[Path, ...]:
    """Files of the profile's joins that are there."""
    places = (_join_place(path, join) for join in profile.source.joins)
    return tuple(file for place in places if place for file in _matching(place[0], (place[1],)))


def open_source(
    path: Path, profile: Profile, on_bytes: OnBytes = None, on_note: OnNote = None
) -> Iterator[Mapped | Rejection]:
    """Every record of a file or folder, in the order of the source.

    ``on_bytes`` hears how many further bytes of the main files were used, ``on_note`` what the readers
    detected, and at the end which rows of side tables match no main row. Rows of side tables that cannot be
    read come first, as rejections. Raises SourceError where
    a file cannot be read, or where the profile names columns that are not there.
    """
    mapper = Mapper(profile)
    report = _reporting(on_bytes, on_note)
    sides = [_side_table(path, join) for join in profile.source.joins]
    tables = [table for table in sides if table is not None]
    for table in tables:
        yield from table.rejections
    root, pattern = _place(path, profile)
    rows = _rows(root, pattern, profile.source, report)
    joined = frozenset(join.name for join in profile.source.joins)
    for row in _checked(rows, profile, joined):
        if isinstance(row, Rejection):
            yield row
            continue
        for table in tables:
            row = table.hang(row)
        yield mapper.map(row)
    for table in tables:
        note = table.unmatched()
        if note is not None:
            report.on_note(note)


def _place(path: Path, profile: Profile) -> tuple[Path, str]:
    """Folder and pattern of the main files. Raises SourceError where nothing is there."""
    source_files(path, profile)
    if path.is_file():
        return path.parent, path.name
    return path, next(pattern for pattern in profile.source.files if _matching(path, (pattern,)))


def _reporting(on_bytes: OnBytes, on_note: OnNote) -> Reporting:
    plain = Reporting()
    return Reporting(on_bytes or plain.on_bytes, on_note or plain.on_note)


def _matching(folder: Path, patterns: tuple[str, ...]) -> tuple[Path, ...]:
    for pattern in patterns:
        found = sorted(file for file in folder.glob(pattern) if file.is_file())
        if found:
            return tuple(found)
    return ()


def _join_place(path: Path, join: Join) -> tuple[Path, str] | None:
    roots = (path,) if path.is_dir() else (path.parent, path.parent.parent)
    places = ((root, pattern) for root in roots for pattern in join.files)
    return next((place for place in places if _matching(place[0], (place[1],))), None)


def _side_table(path: Path, join: Join) -> SideTable | None:
    place = _join_place(path, join)
    if place is None:
        if join.optional:
            return None
        reason = f"join {join.name!r}: no file matches {', '.join(join.files)}"
        remedy = "Put the file beside the main one, or set optional = true in that [[source.joins]]."
        raise SourceError(path.name, reason, remedy)
    return SideTable(join, _rows(*place, join, Reporting()))


def _rows(root: Path, pattern: str, stated: Source | Join, report: Reporting) -> Rows:
    """Rows of the files that match ``pattern`` below ``root``, named relative to ``root``."""
    options = ReadOptions(
        format=stated.format or "auto",
        encoding=stated.encoding or "auto",
        delimiter=stated.delimiter or "auto",
        items=stated.items if stated.items is not None else "auto",
        sheet=stated.sheet if isinstance(stated, Source) else None,
    )
    if stated.columns:
        rows: Rows = chain.from_iterable(
            read_headerless(file, stated.columns, options, report) for file in _matching(root, (pattern,))
        )
    else:
        rows = read_rows(root / pattern, options, on_bytes=report.on_bytes, on_note=report.on_note)
    folder = "/".join(takewhile(lambda part: not _MAGIC & set(part), pattern.split("/")[:-1]))
    return _below(folder, rows) if folder else rows


def _below(folder: str, rows: Rows) -> Rows:
    for row in rows:
        if isinstance(row, SourceRow):
            yield SourceRow(f"{folder}/{row.file}", row.number, row.cells, row.raw)
        else:
            yield replace(row, file=f"{folder}/{row.file}")


def _checked(rows: Rows, profile: Profile, joined: frozenset[str]) -> Rows:
    """The same rows, after the first of them have shown that the profile's columns are there."""
    kept: list[SourceRow | Rejection] = []
    columns: dict[str, None] = {}
    file = ""
    for row in rows:
        kept.append(row)
        if isinstance(row, SourceRow):
            file = row.file
            columns.update(dict.fromkeys(row.cells))
            if len(kept) >= _SAMPLE_ROWS or file.lower().endswith(_TABLES):
                break
    if columns:
        _require_columns(profile, columns, joined, file)
    return chain(kept, rows)


def _require_columns(profile: Profile, columns: dict[str, None], joined: frozenset[str], file: str) -> None:
    missing = [
        f"{key} names {path!r}{nearest(head(path), columns)}"
        for key, path in profile.columns()
        if path not in columns and head(path) not in columns and head(path) not in joined
    ]
    if missing:
        reason = f"columns that are not there: {'; '.join(missing)}"
        there = ", ".join(map(repr, columns))
        remedy = f"The file has: {there}. Correct the profile, or set optional = true in that field."
        raise SourceError(file, reason, remedy)
