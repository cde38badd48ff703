"""What goes into and comes out of the store, beside the record itself."""

from dataclasses import dataclass
from typing import Literal

from assets.catalog.record import ArtifactRecord, Origin, SourceRef
from assets.catalog.row import Finding

ReleaseState = Literal["staging", "held", "current", "superseded", "refused"]
"""``staging``: being read; ``held``: an alarm waits for a person; ``current``: what is shown; ``refused``:
a person said no, and only that there was such a release is kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted record on its way into a release."""

    record: ArtifactRecord
    findings: tuple[Finding, ...]
    shows: bool
    """False where governance keeps it from visitors."""
    decision: str
    """Why it is shown or not; empty where nothing stands against showing it."""
    blocks: tuple[int, ...]
    """Keys under which likely duplicates meet, 32-bit."""


@dataclass(frozen=True, slots=True)
class Release:
    """One take of a source: what was read and what became of it."""

    id: int
    source: str
    state: ReleaseState
    started: str
    files: dict[str, str]
    """File name to SHA-256."""
    partial: bool
    """True where records that are not in it were not meant to be."""
    accepted: int
    rejected: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Membership:
    """How a release's identifiers compare with those shown now."""

    added: int
    changed: int
    unchanged: int
    removed: int
    lost: tuple[str, ...]
    """Ids shown now that the release lacks, in order; at most :data:`LOST_LIMIT` of them."""


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A record that kept its id while its accession number changed."""

    artifact: str
    was: str
    now: str
    gone: bool
    """No record of the new release bears the old number."""
    bearers: int
    """Records of the new release that bear the new number."""


LOST_LIMIT = 20_000
"""How many lost identifiers are compared one by one; the count itself is exact."""


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """One state of a record, in its history."""

    release: int
    started: str
    state: ReleaseState
    record: ArtifactRecord | None
    """``None`` where it was withdrawn and erased."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where one value of a record came from: the answer to ``twin why``."""

    pointer: str
    value: str
    origin: Origin
    source: SourceRef | None
    release: int
    started: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two records that may be one artifact."""

    a: str
    b: str
    score: float
    """0 to 1."""
    reason: str
    merged: bool
    """True where a rule made ``b`` stand behind ``a``."""
