"""One ingest, from outcomes of a reader to what the catalog shows."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assets.catalog.governance.policy import Governance
from assets.catalog.ingest import ingest
from assets.catalog.record import Dimension, Term, Text, TimeSpan
from assets.catalog.report import render_report
from assets.catalog.row import Finding, Mapped, Rejection, SourceError
from assets.catalog.store import database
from assets.catalog.store.catalog import DATABASE_NAME, Catalog
from assets.catalog.store.database import StoreError
from tests.assets.catalog.records import STARTED, a_record, a_source, mapped


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "museum") as opened:
        yield opened


def dump(catalog: Catalog) -> list[str]:
    with sqlite3.connect(catalog.folder / DATABASE_NAME) as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def many(count: int, **changes: object) -> list[Mapped]:
    return mapped(a_record(f"A{n}", **changes) for n in range(count))


def test_every_row_read_is_accepted_or_rejected_with_its_reason(catalog: Catalog) -> None:
    broken = Rejection("export.csv", 3, "Date", "not a date", "Correct the date", b"A9;??")
    ended = ingest(a_source([*many(5), broken]), catalog, STARTED)
    assert (ended.report.read, ended.report.accepted, ended.report.rejected) == (6, 5, 1)
    assert ended.release is not None
    assert list(catalog.rejections(ended.release)) == [broken]


def test_two_ingests_of_the_same_file_change_nothing(catalog: Catalog) -> None:
    ingest(a_source(many(5)), catalog, STARTED)
    before = dump(catalog)
    again = ingest(a_source(many(5)), catalog, "2026-02-02T00:00:00+00:00")
    assert again.state == "unchanged"
    assert dump(catalog) == before


def test_only_the_changed_rows_of_a_corrected_file_move(catalog: Catalog) -> None:
    ingest(a_source(many(30)), catalog, STARTED)
    corrected = many(30)
    corrected[3] = mapped([a_record("A3", medium="Graphite on paper")])[0]
    ended = ingest(a_source(corrected, digest="2"), catalog, STARTED)
    assert (ended.report.changed, ended.report.unchanged, ended.report.added) == (1, 29, 0)
    assert [len(catalog.history(f"m:A{n}")) for n in (2, 3)] == [1, 2]


def test_a_row_inserted_above_moves_no_other_record(catalog: Catalog) -> None:
    rows = [a_record(f"A{n}", sources=({"file": "export.csv", "row": n + 1},)) for n in range(30)]
    ingest(a_source(mapped(rows)), catalog, STARTED)
    shifted = [a_record(f"A{n}", sources=({"file": "export.csv", "row": n + 2},)) for n in range(30)]
    ended = ingest(a_source(mapped([a_record("A99"), *shifted]), digest="2"), catalog, STARTED)
    assert (ended.report.added, ended.report.changed, ended.report.unchanged) == (1, 0, 30)


def test_a_second_row_is_rejected_in_the_same_batch_and_in_a_later_one(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.catalog.ingest.BATCH", 3)
    numbers = (0, 1, 1, 2, 3, 0, 4, 2, 4)
    ended = ingest(a_source(mapped(a_record(f"A{n}") for n in numbers)), catalog, STARTED)
    assert (ended.report.accepted, ended.report.rejected) == (5, 4)
    assert [record.id for record in catalog.records()] == [f"m:A{n}" for n in range(5)]
    assert [found.id for found in catalog.search("A3")] == ["m:A3"]


def test_the_watcher_hears_of_every_thousand_rows_and_of_the_last(catalog: Catalog) -> None:
    heard: list[int] = []
    ingest(a_source(many(2_100)), catalog, STARTED, watch=heard.append)
    assert [rows // 1_000 for rows in heard] == [1, 2, 2]
    assert heard[-1] == 2_100


def test_a_store_with_pages_of_another_size_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PAGE_BYTES", 4_096)
    with Catalog(tmp_path) as old:
        ingest(a_source(many(3)), old, STARTED)
    monkeypatch.undo()
    with Catalog(tmp_path) as same:
        ingest(a_source(many(4), digest="2"), same, STARTED)
        assert same.count() == 4
    with sqlite3.connect(tmp_path / DATABASE_NAME) as probe:
        assert probe.execute("PRAGMA page_size").fetchone() == (4_096,)
    probe.close()


def test_a_second_row_of_one_identifier_is_rejected_not_overwritten(catalog: Catalog) -> None:
    rows = mapped([a_record("A1"), a_record("A1", medium="another")])
    ended = ingest(a_source(rows), catalog, STARTED)
    assert (ended.report.accepted, ended.report.rejected) == (1, 1)
    record = catalog.record("m:A1")
    assert record is not None
    assert record.medium is None


def test_a_release_that_lost_records_is_held_until_a_person_accepts_it(catalog: Catalog) -> None:
    ingest(a_source(many(40)), catalog, STARTED)
    held = ingest(a_source(many(20), digest="2"), catalog, STARTED)
    assert held.state == "held"
    assert [alarm.rule for alarm in held.alarms] == ["release.lost-identifiers"]
    assert catalog.count() == 40
    assert held.release is not None
    catalog.decide(held.release, accept=True)
    assert catalog.count() == 20


def test_of_a_refused_release_only_that_there_was_one_is_kept(catalog: Catalog) -> None:
    ingest(a_source(many(40)), catalog, STARTED)
    before = dump(catalog)
    held = ingest(a_source(many(20), digest="2"), catalog, STARTED)
    assert held.release is not None
    catalog.decide(held.release, accept=False)
    added = set(dump(catalog)) - set(before)
    assert len(added) == 1
    assert "'refused'" in added.pop()
    again = ingest(a_source(many(20), digest="2"), catalog, STARTED)
    assert again.release == held.release + 1


def test_a_release_held_while_an_artifact_was_withdrawn_does_not_bring_it_back(catalog: Catalog) -> None:
    ingest(a_source(many(40)), catalog, STARTED)
    held = ingest(a_source(many(20, medium="Ink"), digest="2"), catalog, STARTED)
    assert held.release is not None
    catalog.withdraw("m:A3", "asked by the museum", STARTED)
    catalog.decide(held.release, accept=True)
    assert catalog.record("m:A3") is None
    assert catalog.count() == 19


def test_rounded_identifiers_raise_an_alarm_with_examples(catalog: Catalog) -> None:
    ingest(a_source(mapped(a_record(f"2010.{n}0") for n in range(1, 9))), catalog, STARTED)
    rounded = ingest(
        a_source(mapped(a_record(f"2010.{n}") for n in range(1, 9)), digest="2"), catalog, STARTED
    )
    damaged = next(alarm for alarm in rounded.alarms if alarm.rule == "release.damaged-identifiers")
    assert "m:2010.10 is now m:2010.1" in damaged.message


def test_a_partial_export_takes_nothing_away(catalog: Catalog) -> None:
    ingest(a_source(many(40)), catalog, STARTED)
    part = replace(a_source(many(3, medium="Ink"), digest="2"), partial=True)
    ended = ingest(part, catalog, STARTED)
    assert ended.state == "current"
    assert (catalog.count(), ended.report.changed) == (40, 3)


def test_a_source_that_breaks_off_leaves_the_catalog_as_it_was(catalog: Catalog) -> None:
    ingest(a_source(many(3)), catalog, STARTED)
    before = dump(catalog)

    def truncated() -> Iterator[Mapped]:
        yield from many(2500, medium="Ink")
        raise SourceError("export.json", "the file ends inside a record", "Export it again", row=2501)

    with pytest.raises(SourceError, match=r"export.json, row 2501"):
        ingest(a_source(truncated(), digest="2"), catalog, STARTED)
    assert dump(catalog) == before


def test_an_ingest_killed_before_its_end_is_as_if_it_had_not_been(tmp_path: Path) -> None:
    folder = tmp_path / "museum"
    with Catalog(folder) as catalog:
        ingest(a_source(many(3)), catalog, STARTED)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_MIDWAY, str(folder)], check=False, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr.decode()
    with Catalog(folder) as catalog:
        assert catalog.count() == 3
        assert ingest(a_source(many(3)), catalog, STARTED).state == "unchanged"
        assert [release.state for release in catalog.releases()] == ["current"]


KILLED_MIDWAY = """
import os, signal, sys
from pathlib import Path
from assets.catalog.ingest import ingest
from assets.catalog.store.catalog import Catalog
from tests.assets.catalog.records import STARTED, a_record, a_source, mapped

def rows():
    for n in range(30_000):
        yield from mapped([a_record(f"B{n}")])
    os.kill(os.getpid(), signal.SIGKILL)

with Catalog(Path(sys.argv[1])) as catalog:
    ingest(a_source(rows(), digest="2"), catalog, STARTED)
"""


def test_a_second_writer_is_told_to_wait(catalog: Catalog) -> None:
    with (
        catalog.stage("m", partial=False, started=STARTED),
        Catalog(catalog.folder) as other,
        pytest.raises(StoreError, match="another ingest is writing"),
    ):
        ingest(a_source(many(1)), other, STARTED)


def test_a_full_disk_is_said_plainly_and_nothing_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "museum"
    with Catalog(folder) as catalog:
        ingest(a_source(many(3)), catalog, STARTED)
        # What SQLite reports when the disk is full, brought about by a limit on the database's own size.
        with sqlite3.connect(folder / DATABASE_NAME) as probe:
            (pages,) = probe.execute("PRAGMA page_count").fetchone()
        probe.close()
        catalog.limit_pages(pages + 4)
        with pytest.raises(StoreError, match=r"full.*nothing was taken"):
            ingest(a_source(many(5000, medium="Ink"), digest="2"), catalog, STARTED)
    with Catalog(folder) as catalog:
        assert catalog.count() == 3


def test_a_withdrawn_artifact_is_erased_and_never_taken_again(catalog: Catalog) -> None:
    secret = a_record("A1", texts=(Text(content="unmistakable words", language="en"),))
    ingest(a_source(mapped([secret, a_record("A2")])), catalog, STARTED)
    catalog.withdraw("m:A1", "asked by the museum", STARTED)
    assert catalog.record("m:A1") is None
    assert catalog.search("unmistakable") == []
    assert b"unmistakable" not in (catalog.folder / DATABASE_NAME).read_bytes()
    again = ingest(a_source(mapped([secret, a_record("A2", medium="Ink")]), digest="2"), catalog, STARTED)
    assert again.state == "current"
    assert catalog.record("m:A1") is None
    assert again.release is not None
    assert [r.reason for r in catalog.rejections(again.release)] == ["withdrawn by its institution"]
    assert [r.raw for r in catalog.rejections(again.release)] == [b""]


def test_what_rights_forbid_is_kept_but_not_shown_to_visitors(catalog: Catalog) -> None:
    hidden = a_record("A1", rights={"statement": "no display", "shows": False})
    ended = ingest(a_source(mapped([hidden, a_record("A2")])), catalog, STARTED)
    assert [record.id for record in catalog.records(shown_only=True)] == ["m:A2"]
    assert [record.id for record in catalog.search("Preaching")] == ["m:A2"]
    assert catalog.count() == 2
    assert list(ended.report.hidden.values()) == [1]


def test_likely_duplicates_are_reported_as_a_scored_pair_and_not_merged(catalog: Catalog) -> None:
    twin = a_record("B7", titles=(Text(content="Warning, The Preaching of A1", language="en", kind="title"),))
    ended = ingest(a_source(mapped([a_record("A1"), twin, a_record("C1", titles=())])), catalog, STARTED)
    (pair,) = ended.report.duplicates
    assert {pair.a, pair.b} == {"m:A1", "m:B7"}
    assert pair.score > 0.9
    assert catalog.count(shown_only=True) == 3


def test_where_not_all_pairs_are_compared_the_report_says_how_many_were(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = (Text(content="One and the same", language="en", kind="title"),)
    rows = mapped([a_record(f"A{number}", titles=title) for number in range(3)])
    monkeypatch.setattr("assets.catalog.ingest.PAIRS", 2)
    report = ingest(a_source(rows), catalog, STARTED).report
    assert (len(report.duplicates), report.duplicates_cut_at) == (2, 2)
    assert "2 were, the others were not" in render_report(report)


def test_exact_duplicates_are_shown_once_where_the_profile_says_so(catalog: Catalog) -> None:
    title = (Text(content="One and the same", language="en", kind="title"),)
    rows = mapped([a_record("A1", titles=title), a_record("A2", titles=title)])
    source = replace(a_source(rows), policy=Governance(duplicates_merge="exact"))
    ingest(source, catalog, STARTED)
    assert [record.id for record in catalog.records(shown_only=True)] == ["m:A1"]
    assert catalog.record("m:A2") is not None


def test_a_coin_of_three_metres_is_reported_as_an_outlier(catalog: Catalog) -> None:
    def coin(number: int, diameter: float) -> Mapped:
        kinds = {"object_types": (Term(label="Coin"),), "titles": (), "makers": ()}
        size = (Dimension(kind="diameter", value=diameter, unit="m"),)
        return mapped([a_record(f"A{number}", dimensions=size, **kinds)])[0]

    coins = [coin(n, 0.018 + 0.0002 * n) for n in range(40)]
    ended = ingest(a_source([*coins, coin(99, 3.0)]), catalog, STARTED)
    (rule,) = [found for found in ended.report.findings if found.rule == "outliers.dimension"]
    assert [example.where for example in rule.examples] == ["m:A99"]


def test_a_date_still_to_come_is_questioned(catalog: Catalog) -> None:
    late = a_record(produced=TimeSpan(earliest=2104, latest=2104, text="2104"))
    ended = ingest(a_source(mapped([late])), catalog, STARTED)
    assert [found.rule for found in ended.report.findings] == ["dates.future"]


def test_what_readers_noticed_about_a_file_is_in_the_report(catalog: Catalog) -> None:
    note = Finding("source.encoding", "warning", "export.csv", "the encoding was guessed to be cp1252")
    ended = ingest(replace(a_source(many(1)), notes=[note]), catalog, STARTED)
    (rule,) = ended.report.findings
    assert (rule.rule, rule.examples[0].where) == ("source.encoding", "export.csv")


def test_why_tells_file_row_column_and_original_text(catalog: Catalog) -> None:
    ingest(a_source(mapped([a_record("A1")])), catalog, STARTED)
    (lineage,) = catalog.why("m:A1", "produced")
    assert lineage.source is not None
    assert (lineage.source.file, lineage.source.row) == ("export.csv", 1)
    assert (lineage.origin.field, lineage.origin.text, lineage.origin.by) == ("Date", "1785", "dates.year")


def test_search_finds_words_of_chinese_titles(catalog: Catalog) -> None:
    jar = a_record("A1", titles=(Text(content="青花凤凰纹罐", language="zh-Hans", kind="title"),))
    ingest(a_source(mapped([jar])), catalog, STARTED)
    assert [record.id for record in catalog.search("凤凰")] == ["m:A1"]
    assert catalog.search("凰凤") == []


def test_a_file_that_is_no_catalog_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=DATABASE_NAME):
        Catalog(tmp_path)
