"""From a path and a profile's name to a source that can be ingested: reader, files, policy."""

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from assets.catalog.ingest import Source
from assets.catalog.row import Finding, Mapped, Rejection, SourceError
from assets.catalog.sources.by_profile import joined_files, load_profile, open_source, source_files

OnBytes: TypeAlias = Callable[[int], None]
StandardReader: TypeAlias = Callable[[Path, str, OnBytes | None], Iterator[Mapped | Rejection]]

STANDARDS: Final = ("lido", "linked-art", "iiif", "crm-graph")
"""Profile names that mean a standard; they need no profile file, but the institution's short name."""

_CHUNK: Final = 1 << 20

_NOTES: Final = 10_000
"""What readers note about files, kept for the report; a folder of a million files may have one each."""
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


def prepare(
    path: Path, profile: str, *, institution: str | None = None, partial: bool = False, on_bytes: OnBytes
) -> tuple[Source, int]:
    """The source, and the bytes its main files hold (for progress).

    Raises ``SourceError`` where path or profile are not sound, or a standard is read without a name for
    the institution.
    """
    if not path.exists():
        raise SourceError(str(path), "there is no such file or folder", "Check the path.")
    if profile in STANDARDS:
        return _standard(path, profile, institution, partial, on_bytes)
    described = load_profile(profile)
    files = source_files(path, described)
    encodings: dict[str, str] = {}
    notes: list[Finding] = []

    def note(finding: Finding) -> None:
        if finding.rule == "source.encoding":
            encodings[finding.pointer] = finding.text
        if len(notes) < _NOTES:
            notes.append(finding)

    source = Source(
        name=Path(profile).stem,
        institution=described.institution.name,
        outcomes=open_source(path, described, on_bytes, note),
        files=_hashes((*files, *joined_files(path, described)), path),
        encodings=encodings,
        notes=notes,
        policy=described.governance,
        partial=partial,
    )
    return source, sum(file.stat().st_size for file in files)


def _standard(
    path: Path, standard: str, institution: str | None, partial: bool, on_bytes: OnBytes
) -> tuple[Source, int]:
    if institution is None:
        remedy = "Add --institution with a short lower-case name, such as --institution louvre."
        raise SourceError(str(path), f"{standard} files do not say whose collection they are", remedy)
    if _SLUG.fullmatch(institution) is None:
        remedy = "Use lower-case letters, digits and single hyphens, such as --institution louvre."
        raise SourceError(str(path), f"{institution!r} cannot be the first half of identifiers", remedy)
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    source = Source(
        name=f"{institution}-{standard}",
        institution=institution,
        outcomes=_standard_reader(standard)(path, institution, on_bytes),
        files=_hashes(tuple(files), path),
        partial=partial,
    )
    return source, sum(file.stat().st_size for file in files)


def _standard_reader(standard: str) -> StandardReader:
    # Each brings a library of its own that takes a while to load: only the one that is read is loaded.
    if standard == "lido":
        from assets.catalog.sources.lido import read_lido

        return read_lido
    if standard == "linked-art":
        from assets.catalog.sources.linked_art import read_linked_art

        return read_linked_art
    if standard == "iiif":
        from assets.catalog.sources.iiif import read_iiif

        return read_iiif
    from assets.catalog.sources.crm_graph import read_crm_graph

    return read_crm_graph


def _must_be_text(file: Path) -> None:
    """Reports, records and the store name files in UTF-8; bytes of another encoding have no name there."""
    try:
        str(file).encode()
    except UnicodeEncodeError as error:
        remedy = "Rename it, or its folder (convmv does many at once), then try again."
        raise SourceError(ascii(str(file)), "the name is not text in UTF-8", remedy) from error


def _hashes(files: tuple[Path, ...], root: Path) -> dict[str, str]:
    hashes = {}
    for file in files:
        _must_be_text(file)
        digest = hashlib.sha256()
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        name = file.relative_to(root) if root.is_dir() and file.is_relative_to(root) else file.name
        hashes[str(name)] = digest.hexdigest()
    return hashes
