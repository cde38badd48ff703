"""What a registrar wants to know of a release: counted while records go by, in bounded memory."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import compress
from operator import attrgetter
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict

from assets.catalog.governance.outliers import OutlierCollector
from assets.catalog.governance.policy import Governance
from assets.catalog.record import ArtifactRecord, Term
from assets.catalog.row import Finding, Rejection

COUNTED_FIELDS: Final = (
    "titles", "object_types", "makers", "produced", "materials", "techniques", "medium", "dimensions",
    "cultures", "periods", "places", "texts", "subjects", "department", "credit_line", "rights", "images",
    "acquisition",
)  # fmt: skip
"""Fields whose completeness is told, in the order they are told."""

EXAMPLES: Final = 5
DISTINCT: Final = 20_000
"""Distinct keys a counter holds; what comes after is counted under ``(others)``."""

OTHERS: Final = "(others)"
CENTURY: Final = 100

_SEVERITIES: Final = ("error", "warning", "note")

_UNMAPPED: Final = {
    f"{field}.unmapped": kind
    for field, kind in (
        ("object_types", "object type"), ("materials", "material"), ("techniques", "technique"),
        ("cultures", "culture"), ("periods", "period"),
    )
}  # fmt: skip
"""Rules of mapping that leave a term out because the authority table does not hold it."""

_counted = attrgetter(*COUNTED_FIELDS)
_by = attrgetter("by")

_QUOTED = re.compile(r"'[^']*'|\d+")

KeyT = TypeVar("KeyT")


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class Example(_Told):
    """One case of a finding or rejection."""

    where: str
    """Artifact id, or file and row of a rejected row."""
    text: str
    """The original text."""
    message: str


class RuleCount(_Told):
    """How often one rule spoke."""

    rule: str
    severity: str
    count: int
    examples: tuple[Example, ...]


class Completeness(_Told):
    """How many records of a group have a value for each field."""

    group: str
    records: int
    filled: dict[str, int]


class TermCount(_Told):
    """A term without an authority identifier."""

    kind: str
    label: str
    count: int


class MissingFeature(_Told):
    """A number that models use, and what stands in where it is not stated."""

    feature: str
    stated: int
    missing: int
    policy: str


class DuplicatePair(_Told):
    """Two records that may be one artifact."""

    a: str
    b: str
    score: float
    reason: str
    merged: bool


class QualityReport(_Told):
    """Everything counted over one release of a source."""

    source: str
    institution: str
    started: str
    """ISO 8601, UTC."""
    state: str
    """``current``, ``held`` or ``unchanged``."""
    read: int
    accepted: int
    rejected: int
    added: int
    changed: int
    unchanged: int
    removed: int
    hidden: dict[str, int]
    """Records visitors may not see, by reason."""
    completeness: tuple[Completeness, ...]
    """All records first, then the largest departments."""
    centuries: dict[int, float]
    """Records by century of making, keyed by the century's first year (0, 100, -100 ...); a record whose
    time-span covers several centuries counts a part in each."""
    undated: int
    transformations: dict[str, int]
    """Values by the rule that made them."""
    findings: tuple[RuleCount, ...]
    rejections: tuple[RuleCount, ...]
    """By reason: ``rule`` is the kind of reason, ``message`` the reason itself and the remedy."""
    unmapped: tuple[TermCount, ...]
    rights: dict[str, int]
    missing: tuple[MissingFeature, ...]
    duplicates: tuple[DuplicatePair, ...] = ()
    duplicates_cut_at: int | None = None
    """Pairs that were compared, where there were more."""
    alarms: tuple[RuleCount, ...] = ()


class QualityCollector:
    """Watches every outcome of an ingest; ``report`` tells what it saw."""

    def __init__(self, policy: Governance) -> None:
        self._policy = policy
        self._filled: Counter[tuple[str, tuple[bool, ...]]] = Counter()
        self._centuries: Counter[tuple[int | None, int | None]] = Counter()
        self._transformations: Counter[str] = Counter()
        # Records of one source are made by few combinations of rules: counted whole, taken apart at the end.
        self._made_by: Counter[tuple[str, ...]] = Counter()
        self._findings = _Rules()
        self._rejections = _Rules()
        self._unmapped: Counter[tuple[str, str]] = Counter()
        self._rights: Counter[str] = Counter()
        self._hidden: Counter[str] = Counter()
        self._sizes: Counter[str] = Counter()
        self._outliers = OutlierCollector(policy.outliers)

    def accept(self, record: ArtifactRecord, findings: Iterable[Finding], hidden: str) -> None:
        """Count an accepted record; ``hidden`` is the reason it is not shown, empty where it is."""
        filled = tuple(map(bool, _counted(record)))
        _count(self._filled, (record.department or "", filled), (OTHERS, filled))
        produced = record.produced
        if produced is not None:
            _count(self._centuries, (_century(produced.earliest), _century(produced.latest)), (None, None))
        rules = tuple(map(_by, record.provenance.values()))
        if rules in self._made_by or len(self._made_by) < DISTINCT:
            self._made_by[rules] += 1
        else:
            self._transformations.update(rules)
        self._count_terms(record)
        if record.dimensions:
            for kind in {dimension.kind for dimension in record.dimensions}:
                self._sizes[kind] += 1
        _count(self._rights, _rights_name(record), OTHERS)
        if hidden:
            _count(self._hidden, hidden, OTHERS)
        for finding in findings:
            self._findings.add(finding.rule, finding.severity, record.id, finding.text, finding.message)
            if finding.about:
                self._count_unread(finding)
        self._outliers.add(record)

    def reject(self, rejection: Rejection) -> None:
        """Count a row that was not taken."""
        where = f"{rejection.file}, row {rejection.row}"
        original = rejection.raw[:200].decode("utf-8", "replace")
        message = f"{rejection.reason}. {rejection.remedy}"
        self._rejections.add(_kind_of(rejection), "error", where, original, message)

    def note(self, finding: Finding) -> None:
        """Count what a reader noticed about a file, whose name is the finding's pointer."""
        self._findings.add(finding.rule, finding.severity, finding.pointer, finding.text, finding.message)

    def report(self, counts: dict[str, int], described: dict[str, str]) -> QualityReport:
        """The report; ``counts`` and ``described`` are the numbers and names the ingest itself knows."""
        for artifact, finding in self._outliers.findings():
            self._findings.add(finding.rule, finding.severity, artifact, finding.text, finding.message)
        records = sum(self._filled.values())
        centuries, dated = self._timeline()
        return QualityReport(
            **counts,
            **described,
            hidden=dict(self._hidden.most_common()),
            completeness=self._completeness(records),
            centuries=centuries,
            undated=records - dated,
            transformations=dict(self._by_rule().most_common()),
            findings=self._findings.told(),
            rejections=self._rejections.told(),
            unmapped=tuple(
                TermCount(kind=kind, label=label, count=count)
                for (kind, label), count in self._unmapped.most_common(100)
            ),
            rights=dict(self._rights.most_common(50)),
            missing=tuple(
                MissingFeature(
                    feature=kind, stated=stated, missing=records - stated,
                    policy=self._policy.missing.get(kind, "leave"),
                )
                for kind, stated in self._sizes.most_common()
            ),
        )  # fmt: skip

    def _by_rule(self) -> Counter[str]:
        counted = Counter(self._transformations)
        for rules, count in self._made_by.items():
            for rule in rules:
                counted[rule] += count
        return counted

    def _count_terms(self, record: ArtifactRecord) -> None:
        _count_unmapped(self._unmapped, "object type", record.object_types)
        _count_unmapped(self._unmapped, "material", record.materials)
        _count_unmapped(self._unmapped, "technique", record.techniques)

    def _count_unread(self, finding: Finding) -> None:
        kind = _UNMAPPED.get(finding.rule)
        if kind is not None:
            _count(self._unmapped, (kind, finding.about.casefold()), (kind, OTHERS))

    def _completeness(self, records: int) -> tuple[Completeness, ...]:
        groups: dict[str, Counter[str]] = {}
        sizes: Counter[str] = Counter()
        everything: Counter[str] = Counter()
        for (department, present), count in self._filled.items():
            filled = dict.fromkeys(compress(COUNTED_FIELDS, present), count)
            everything.update(filled)
            sizes[department] += count
            groups.setdefault(department, Counter()).update(filled)
        told = [Completeness(group="all records", records=records, filled=_in_order(everything))]
        for department, size in sizes.most_common(15):
            if department:
                filled = _in_order(groups[department])
                told.append(Completeness(group=department, records=size, filled=filled))
        return tuple(told)

    def _timeline(self) -> tuple[dict[int, float], int]:
        weights: dict[int, float] = {}
        dated = 0
        for (first, last), count in self._centuries.items():
            known = [year for year in (first, last) if year is not None]
            if not known:
                continue
            dated += count
            span = range(known[0], known[-1] + 1, CENTURY)
            for century in span:
                weights[century] = weights.get(century, 0.0) + count / len(span)
        return {century: round(weights[century], 2) for century in sorted(weights)}, dated


class _Rules:
    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._examples: dict[tuple[str, str], list[Example]] = {}

    def add(self, rule: str, severity: str, where: str, text: str, message: str) -> None:
        key = (rule, severity)
        _count(self._counts, key, (OTHERS, severity))
        shown = self._examples.setdefault(key, []) if len(self._examples) < DISTINCT else None
        if shown is not None and len(shown) < EXAMPLES and all(text != known.text for known in shown):
            shown.append(Example(where=where, text=text[:300], message=message))

    def told(self) -> tuple[RuleCount, ...]:
        return tuple(
            RuleCount(
                rule=rule, severity=severity, count=count, examples=tuple(self._examples[rule, severity])
            )
            for (rule, severity), count in sorted(
                self._counts.most_common(200), key=lambda pair: (_SEVERITIES.index(pair[0][1]), -pair[1])
            )
            if (rule, severity) in self._examples
        )


def without_artifact(report: QualityReport, artifact: str) -> QualityReport:
    """The report without examples and pairs that speak of one artifact; the counts stay."""

    def cleaned(rules: tuple[RuleCount, ...]) -> tuple[RuleCount, ...]:
        return tuple(
            rule.model_copy(
                update={"examples": tuple(one for one in rule.examples if not _speaks_of(one, artifact))}
            )
            for rule in rules
        )

    return report.model_copy(
        update={
            "findings": cleaned(report.findings),
            "rejections": cleaned(report.rejections),
            "alarms": cleaned(report.alarms),
            "duplicates": tuple(pair for pair in report.duplicates if artifact not in (pair.a, pair.b)),
        }
    )


def _speaks_of(example: Example, artifact: str) -> bool:
    return example.where == artifact or artifact in example.message


def count_rules(findings: Iterable[Finding]) -> tuple[RuleCount, ...]:
    """Findings (the alarms of a release) counted by rule."""
    rules = _Rules()
    for finding in findings:
        rules.add(finding.rule, finding.severity, finding.pointer, finding.text, finding.message)
    return rules.told()


def _count(counter: Counter[KeyT], key: KeyT, others: KeyT) -> None:
    counter[key if key in counter or len(counter) < DISTINCT else others] += 1


def _count_unmapped(counter: Counter[tuple[str, str]], kind: str, terms: tuple[Term, ...]) -> None:
    for term in terms:
        if term.uri is None:
            _count(counter, (kind, term.label.casefold()), (kind, OTHERS))


def _century(year: int | None) -> int | None:
    return None if year is None else year // CENTURY * CENTURY


def _rights_name(record: ArtifactRecord) -> str:
    if record.rights is None:
        return "not stated"
    return record.rights.uri or record.rights.statement or "not stated"


def _kind_of(rejection: Rejection) -> str:
    """The reason without what differs from row to row, so that equal reasons are counted together."""
    reason = _QUOTED.sub("'...'", rejection.reason)
    return f"{rejection.field}: {reason}" if rejection.field else reason


def _in_order(filled: Counter[str]) -> dict[str, int]:
    return {name: filled[name] for name in COUNTED_FIELDS}
