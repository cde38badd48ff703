"""What the quality report counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.governance import quality
from assets.catalog.governance.policy import Governance
from assets.catalog.governance.quality import EXAMPLES, QualityCollector, QualityReport, count_rules
from assets.catalog.record import ArtifactRecord, Term, TimeSpan
from assets.catalog.row import Finding, Rejection
from tests.assets.catalog.records import a_record

COUNTS = dict.fromkeys(("read", "accepted", "rejected", "added", "changed", "unchanged", "removed"), 0)
DESCRIBED = {"source": "m", "institution": "Museum", "started": "2026-01-01", "state": "current"}


def report_of(
    records: list[ArtifactRecord], *findings: Finding, policy: Governance | None = None, hidden: str = ""
) -> QualityReport:
    collector = QualityCollector(policy or Governance())
    for record in records:
        collector.accept(record, findings, hidden)
    return collector.report(COUNTS, DESCRIBED)


def test_completeness_is_told_for_all_and_for_each_department() -> None:
    report = report_of(
        [a_record("1", department="Prints"), a_record("2", department="Prints", makers=()), a_record()]
    )
    everything, prints = report.completeness
    assert (everything.group, everything.records, everything.filled["makers"]) == ("all records", 3, 2)
    assert (prints.group, prints.records, prints.filled["makers"], prints.filled["titles"]) == (
        "Prints",
        2,
        1,
        2,
    )


def test_terms_that_mapping_left_out_are_listed_most_frequent_first() -> None:
    silk = Finding(
        "materials.unmapped", "note", "/materials", "not in the table: 'silk gauze'", "", "Silk gauze"
    )
    wax = Finding("materials.unmapped", "note", "/materials", "not in the table: 'wax'", "", "wax")
    once = Finding(
        "object_types.unmapped", "note", "/object_types", "not in the table: 'netsuke'", "", "netsuke"
    )
    collector = QualityCollector(Governance())
    collector.accept(a_record("1"), (silk, once), "")
    collector.accept(a_record("2"), (silk, wax), "")
    collector.accept(a_record("3", materials=(Term(label="Silk Gauze"), Term(label="Wax"))), (), "")
    unmapped = collector.report(COUNTS, DESCRIBED).unmapped
    assert [(term.kind, term.label, term.count) for term in unmapped] == [
        ("material", "silk gauze", 3),
        ("material", "wax", 2),
        ("object type", "netsuke", 1),
    ]


def test_a_term_with_an_authority_is_not_listed() -> None:
    mapped = Term(label="silk", uri="http://vocab.getty.edu/aat/300243428")
    assert report_of([a_record(materials=(mapped,))]).unmapped == ()


@given(st.lists(st.tuples(st.integers(-2000, 2000), st.integers(0, 400)), max_size=20))
def test_every_dated_record_counts_once_over_the_centuries(spans: list[tuple[int, int]]) -> None:
    records = [
        a_record(str(n), produced=TimeSpan(earliest=a, latest=a + b)) for n, (a, b) in enumerate(spans)
    ]
    report = report_of([*records, a_record("u", produced=None)])
    assert sum(report.centuries.values()) == pytest.approx(
        len(spans), abs=0.01 * max(1, len(report.centuries))
    )
    assert report.undated == 1


def test_the_years_before_our_era_fall_into_centuries_of_their_own() -> None:
    report = report_of([a_record(produced=TimeSpan(earliest=-350, latest=-350))])
    assert report.centuries == {-400: 1.0}


def test_rejections_are_counted_by_reason_without_what_differs() -> None:
    collector = QualityCollector(Governance())
    for row in range(8):
        reason = f"the identifier 'm:{row}' stands in an earlier row"
        collector.reject(Rejection("a.csv", row, "", reason, "Give each a number", f"row {row}".encode()))
    (rule,) = collector.report(COUNTS, DESCRIBED).rejections
    assert (rule.count, len(rule.examples)) == (8, EXAMPLES)
    assert rule.rule == "the identifier '...' stands in an earlier row"
    assert rule.examples[0].where == "a.csv, row 0"


def test_errors_stand_before_warnings_and_notes() -> None:
    findings = [Finding("c", "note", "", ""), Finding("b", "warning", "", ""), Finding("a", "error", "", "")]
    assert [rule.severity for rule in count_rules([*findings, findings[0]])] == ["error", "warning", "note"]


def test_a_counter_keeps_its_bound_and_loses_no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "DISTINCT", 3)
    report = report_of([a_record(str(n), rights={"statement": f"rights {n}"}) for n in range(10)])
    assert report.rights["(others)"] == 7
    assert sum(report.rights.values()) == 10


def test_missing_numbers_are_told_with_the_declared_policy() -> None:
    records = [a_record("1"), a_record("2", dimensions=())]
    (feature,) = report_of(records, policy=Governance(missing={"height": "median"})).missing
    assert (feature.feature, feature.stated, feature.missing, feature.policy) == ("height", 1, 1, "median")


def test_hidden_records_are_counted_by_reason() -> None:
    assert report_of([a_record("1"), a_record("2")], hidden="no display").hidden == {"no display": 2}
