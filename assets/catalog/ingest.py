"""One ingest: read, judge, stage, compare with the last release, show or hold. Read = accepted + rejected."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Final, Literal

from assets.catalog.governance.columns import ColumnsCollector, ColumnsProfile
from assets.catalog.governance.duplicates import LARGEST_BLOCK, Likeness, block_keys, likeness, score
from assets.catalog.governance.personal import personal_findings
from assets.catalog.governance.policy import Governance
from assets.catalog.governance.quality import DuplicatePair, QualityCollector, QualityReport, count_rules
from assets.catalog.governance.releases import (
    IdentifierChange,
    compare_accessions,
    compare_columns,
    compare_encodings,
    compare_identifiers,
)
from assets.catalog.governance.rights import decide
from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Finding, Mapped, Rejection
from assets.catalog.store.catalog import Catalog
from assets.catalog.store.staging import Staging
from assets.catalog.store.words import LOST_LIMIT, Duplicate, Entry, Membership, Renumbered

BATCH: Final = 1_000
"""Records a transaction: few enough to stay in memory, many enough that the transaction costs nothing."""

COLLISION: Final = "stands in an earlier row"
"""Part of the reason for which :meth:`Staging.add` refuses a second row of one identifier."""

PAIRS: Final = 500_000
"""Pairs of likely duplicates compared a release."""

TOLD_PAIRS: Final = 200
"""Pairs listed in the report; all that were found are in the store."""

Outcomes = Iterable[Mapped | Rejection]


@dataclass(frozen=True, slots=True)
class Source:
    """What is ingested."""

    name: str
    """Releases of one name are compared with each other: the profile's name."""
    institution: str
    outcomes: Outcomes
    files: dict[str, str]
    """File name to SHA-256 of its bytes."""
    encodings: dict[str, str] = field(default_factory=dict)
    """File name to character encoding, where the format leaves it open."""
    notes: list[Finding] = field(default_factory=list)
    """What the readers noticed about the files; filled while ``outcomes`` are read."""
    policy: Governance = field(default_factory=Governance)
    partial: bool = False
    """True where records that are not in it were not meant to be: nothing is taken as removed."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """How an ingest ended."""

    state: Literal["current", "held", "unchanged"]
    release: int | None
    """``None`` where nothing changed, and so nothing was written."""
    report: QualityReport
    alarms: tuple[Finding, ...]


class CountError(RuntimeError):
    """Rows went missing between reading and storing: a fault of this program, so nothing was taken."""


def ingest(
    source: Source,
    catalog: Catalog,
    started: str,
    *,
    accept: bool = False,
    watch: Callable[[int], None] | None = None,
) -> Ingested:
    """Take a source into the catalog.

    ``started`` is the time in ISO 8601 and begins with a four-digit year; ``accept`` shows a release in
    spite of alarms; ``watch`` is called with the number of rows read so far. Raises ``SourceError`` where
    the source cannot be read to its end and ``StoreError`` where the store cannot be written; either way
    the catalog is as it was.
    """
    with catalog.stage(source.name, partial=source.partial, started=started) as staging:
        take = _Take(source, staging, started)
        take.read_all(watch)
        membership = staging.membership()
        alarms = tuple(_alarms(source, catalog, take, membership))
        if _nothing_new(source, catalog, membership):
            return Ingested("unchanged", None, take.report(membership, started, "unchanged", alarms), alarms)
        state: Literal["current", "held"] = "held" if alarms and not accept else "current"
        report = take.report(membership, started, state, alarms)
        summary = {
            "columns": take.columns.profile().model_dump(),
            "encodings": source.encodings,
            "policy": source.policy.model_dump(mode="json"),
            "collisions": sorted(take.collisions),
            "report": report.model_dump(),
        }
        staging.finish(source.files, summary, alarms)
        if state == "held":
            staging.hold()
            return Ingested(state, staging.release, report, alarms)
        staging.show()
    pairs, is_cut = find_duplicates(catalog, staging.release, source.policy)
    found = {"duplicates": pairs, "duplicates_cut_at": PAIRS if is_cut else None}
    return Ingested(state, staging.release, report.model_copy(update=found), alarms)


def find_duplicates(
    catalog: Catalog, release: int, policy: Governance
) -> tuple[tuple[DuplicatePair, ...], bool]:
    """Score the release's records against those they may repeat; pairs are kept, the likeliest returned.

    The second says whether there were more pairs than ``PAIRS``, which were not compared.
    """
    scored: dict[tuple[str, str], Duplicate] = {}
    pairs = _pairs(catalog, release)
    for a, b in islice(pairs, PAIRS):
        if (a.id, b.id) in scored:
            continue
        likely, reason = score(a, b, policy.duplicates_from)
        if likely:
            merged = likely == 1.0 and policy.duplicates_merge == "exact"
            scored[a.id, b.id] = Duplicate(a.id, b.id, likely, reason, merged)
    catalog.note_duplicates(scored.values())
    found = sorted(scored.values(), key=lambda pair: (-pair.score, pair.a, pair.b))
    told = tuple(
        DuplicatePair(a=pair.a, b=pair.b, score=pair.score, reason=pair.reason, merged=pair.merged)
        for pair in found[:TOLD_PAIRS]
    )
    return told, next(pairs, None) is not None


def _pairs(catalog: Catalog, release: int) -> Iterator[tuple[Likeness, Likeness]]:
    for block in catalog.duplicate_blocks(release, largest_block=LARGEST_BLOCK):
        alike = [(new, likeness(document)) for new, document in block]
        yield from ((a, b) for (_, a), (new, b) in combinations(alike, 2) if new)


class _Take:
    """The outcomes of one source on their way into the staging area, counted."""

    def __init__(self, source: Source, staging: Staging, started: str) -> None:
        self._year = int(started[:4])
        self.columns = ColumnsCollector()
        self.collisions: set[str] = set()
        self._quality = QualityCollector(source.policy)
        self._source = source
        self._staging = staging
        self._read = 0

    def read_all(self, watch: Callable[[int], None] | None) -> None:
        outcomes = iter(self._source.outcomes)
        with _rare_collections():
            while batch := list(islice(outcomes, BATCH)):
                self._take(batch)
                self._read += len(batch)
                if watch is not None:
                    watch(self._read)
        taken = self._staging.accepted + self._staging.rejected
        if taken != self._read:
            raise CountError(f"{self._read} rows were read but {taken} accounted for; nothing was taken")

    def report(
        self, membership: Membership, started: str, state: str, alarms: tuple[Finding, ...]
    ) -> QualityReport:
        counts = {
            "read": self._read,
            "accepted": self._staging.accepted,
            "rejected": self._staging.rejected,
            "added": membership.added,
            "changed": membership.changed,
            "unchanged": membership.unchanged,
            "removed": membership.removed,
        }
        described = {
            "source": self._source.name,
            "institution": self._source.institution,
            "started": started,
            "state": state,
        }
        for note in self._source.notes:
            self._quality.note(note)
        report = self._quality.report(counts, described)
        return report.model_copy(update={"alarms": count_rules(alarms)})

    def held(self, artifacts: Iterable[str]) -> set[str]:
        return self._staging.has(artifacts)

    def renumbered(self) -> Iterator[Renumbered]:
        return self._staging.renumbered()

    def _take(self, batch: list[Mapped | Rejection]) -> None:
        rejections = [outcome for outcome in batch if isinstance(outcome, Rejection)]
        mapped = [outcome for outcome in batch if isinstance(outcome, Mapped)]
        entries = [self._judge(outcome) for outcome in mapped]
        refused = {id(entry): reason for entry, reason in self._staging.add(entries)}
        for entry, outcome in zip(entries, mapped, strict=True):
            reason = refused.get(id(entry))
            if reason is None:
                self.columns.add(entry.record)
                self._quality.accept(entry.record, entry.findings, "" if entry.shows else entry.decision)
                continue
            rejections.append(_refusal(entry, reason, outcome.raw))
            if COLLISION in reason and len(self.collisions) < LOST_LIMIT:
                self.collisions.add(entry.record.id)
        for rejection in rejections:
            self._quality.reject(rejection)
        if rejections:
            self._staging.reject(rejections)

    def _judge(self, outcome: Mapped) -> Entry:
        record, policy = outcome.record, self._source.policy
        decision = decide(record, policy)
        noticed = (*personal_findings(record, policy), *self._future(record))
        findings = outcome.findings + noticed if noticed else outcome.findings
        return Entry(record, findings, decision.shows, decision.reason, block_keys(record))

    def _future(self, record: ArtifactRecord) -> Iterator[Finding]:
        made = record.produced
        if made is not None and (made.earliest or 0) > self._year:
            message = (
                f"made in {made.earliest}, which is still to come: a slip of the keyboard or a shifted column"
            )
            yield Finding("dates.future", "warning", "/produced", message, made.text or "")


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Records hold no cycles: looking for cycles every 700 objects only costs time (a third of it)."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _alarms(source: Source, catalog: Catalog, take: _Take, membership: Membership) -> Iterator[Finding]:
    last = next((r for r in catalog.releases(source.name) if r.state == "current"), None)
    if last is None:
        return
    limits = source.policy.release
    before, _ = catalog.summary(last.id)
    shown = catalog.count(source=source.name)
    repeated = sorted(take.collisions.difference(before.get("collisions", ())))
    change = IdentifierChange(shown, membership.removed, membership.lost, repeated)
    yield from compare_identifiers(change, take.held, limits)
    yield from compare_accessions(take.renumbered(), shown, limits)
    if source.partial:
        return
    yield from compare_encodings(before.get("encodings", {}), source.encodings)
    columns = ColumnsProfile.model_validate(before["columns"])
    yield from compare_columns(columns, take.columns.profile(), limits)


def _nothing_new(source: Source, catalog: Catalog, membership: Membership) -> bool:
    last = next((r for r in catalog.releases(source.name) if r.state == "current"), None)
    moved = membership.added or membership.changed or membership.removed
    return last is not None and last.files == source.files and not moved


def _refusal(entry: Entry, reason: str, raw: bytes) -> Rejection:
    record = entry.record
    source = record.sources[0] if record.sources else None
    remedy = "Give each artifact a number of its own"
    if COLLISION not in reason:
        # What an institution has withdrawn is not kept, not even in a reject file.
        remedy, raw = "Nothing to do: the withdrawal is honored", b""
    return Rejection(source.file if source else "", source.row if source else 0, "", reason, remedy, raw)
