"""A new release of a known source against the last one."""

import csv
import io
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.governance.policy import ReleaseLimits
from assets.catalog.governance.releases import (
    IdentifierChange,
    compare_accessions,
    compare_encodings,
    compare_identifiers,
    damaged_forms,
    damaged_identifiers,
    damaged_values,
)
from assets.catalog.ingest import Ingested, ingest
from assets.catalog.intake import prepare
from assets.catalog.store.catalog import Catalog
from assets.catalog.store.words import Renumbered
from tests.assets.catalog.records import STARTED, a_record, a_source, mapped

Rows = list[dict[str, str]]
LIMITS = ReleaseLimits()
FIRST, SECOND = "LOD CBMAA Objects.csv", "LOD CBMAA Objects v2 1-2018.csv"


@pytest.mark.parametrize(
    ("number", "damaged"),
    [
        ("2010.80", "2010.8"),
        ("2010.100", "2010.1"),
        ("1998.00", "1998"),
        ("007", "7"),
        ("1947", "1947.0"),
        ("12-5", "5-Dec"),
        ("12-5", "12-May"),
        ("3/11", "Mar-11"),
        ("AB 12", "AB12"),
        ("ab.12", "AB.12"),
        ("1234567890123456789", "1234567890123450000"),
        ("20100000", "2.01E+07"),
    ],
)
def test_what_a_spreadsheet_makes_of_a_number_is_known(number: str, damaged: str) -> None:
    assert damaged in damaged_values(number)


@given(st.from_regex(r"[0-9]{1,4}\.[0-9]{1,3}", fullmatch=True))
def test_no_number_is_a_damaged_form_of_itself(number: str) -> None:
    assert number not in damaged_values(number)
    assert "" not in damaged_values(number)


@given(st.integers(1, 9999), st.integers(1, 999), st.integers(1, 4))
def test_a_number_read_as_a_decimal_is_recognized(year: int, item: int, zeros: int) -> None:
    number = f"{year}.{item}" + "0" * zeros
    assert number.rstrip("0") in damaged_values(number)


def test_damaged_forms_keep_the_institution() -> None:
    assert all(form.startswith("m:") for form in damaged_forms("m:2010.80"))


def test_a_lost_id_whose_damaged_form_is_absent_is_not_called_damaged() -> None:
    assert damaged_identifiers(["m:2010.80"], lambda forms: set(forms) & {"m:2010.81"}) == []


def alarms_of(change: IdentifierChange, present: Sequence[str] = ()) -> dict[str, str]:
    found = compare_identifiers(change, lambda forms: set(forms) & set(present), LIMITS)
    return {alarm.rule: alarm.message for alarm in found}


def test_damaged_identifiers_are_not_counted_as_lost_too() -> None:
    change = IdentifierChange(10, 2, ["m:2010.80", "m:X"], [])
    alarms = alarms_of(change, ["m:2010.8"])
    assert alarms["release.damaged-identifiers"].startswith(
        "1 identifiers look rounded or cut: m:2010.80 is now"
    )
    assert alarms["release.lost-identifiers"].startswith("1 of 10 records are not in the new release: m:X.")


@pytest.mark.parametrize(("removed", "alarmed"), [(0, False), (10, False), (11, True)])
def test_losses_up_to_the_stated_share_pass(removed: int, alarmed: bool) -> None:
    lost = [f"m:A{n}" for n in range(removed)]
    assert bool(alarms_of(IdentifierChange(1000, removed, lost, []))) is alarmed


def test_an_alarm_names_five_examples_and_counts_the_rest() -> None:
    message = alarms_of(IdentifierChange(20, 0, [], [f"m:{n}" for n in range(8)]))[
        "release.colliding-identifiers"
    ]
    assert "m:0, m:1, m:2, m:3, m:4 and 3 more" in message


def accession_alarms(changes: Sequence[Renumbered], shown: int = 100) -> dict[str, str]:
    return {alarm.rule: alarm.message for alarm in compare_accessions(changes, shown, LIMITS)}


def test_one_damaged_accession_number_is_enough_for_an_alarm() -> None:
    alarms = accession_alarms([Renumbered("m:1", "2010.80", "2010.8", True, 1)])
    assert list(alarms) == ["release.damaged-accessions"]
    assert "2010.80 is now 2010.8 (m:1)" in alarms["release.damaged-accessions"]


def test_a_few_corrected_accession_numbers_pass() -> None:
    assert accession_alarms([Renumbered("m:1", "TL.2015.3", "2015.3", True, 1)]) == {}


def test_numbers_that_moved_to_other_records_are_told_apart_from_lost_ones() -> None:
    moved = [Renumbered(f"m:{n}", f"X{n}", f"X{n + 1}", False, 1) for n in range(5)]
    assert list(accession_alarms(moved)) == ["release.moved-accessions"]
    lost = [Renumbered(f"m:{n}", f"X{n}", f"{n}", True, 1) for n in range(5)]
    assert list(accession_alarms(lost)) == ["release.lost-accessions"]


def test_a_number_that_now_stands_for_several_records_is_counted_once() -> None:
    changes = [Renumbered(f"m:{n}", f"2010.1{'0' * n}", "2010.1", True, 3) for n in (1, 2)]
    assert "1 accession numbers now stand" in accession_alarms(changes)["release.colliding-accessions"]


def test_files_without_a_stated_encoding_count_as_utf8() -> None:
    assert list(compare_encodings({}, {"a.csv": "utf-8"})) == []
    (alarm,) = compare_encodings({"a.csv": "cp1252"}, {})
    assert "were cp1252, now utf-8" in alarm.message


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "museum") as opened:
        yield opened


def rules(ended: Ingested) -> set[str]:
    return {alarm.rule for alarm in ended.alarms}


def test_accession_numbers_are_compared_where_the_id_is_another_key(catalog: Catalog) -> None:
    before = [a_record(f"K{n}", accession=f"2010.{n}0") for n in range(1, 9)]
    after = [a_record(f"K{n}", accession=f"2010.{n}") for n in range(1, 9)]
    ingest(a_source(mapped(before)), catalog, STARTED)
    ended = ingest(a_source(mapped(after), digest="2"), catalog, STARTED)
    assert ended.state == "held"
    assert rules(ended) >= {"release.damaged-accessions"}
    assert "lost-identifiers" not in str(ended.alarms)


def test_a_row_that_was_always_twice_raises_its_alarm_once(catalog: Catalog) -> None:
    def rows(medium: str) -> list[object]:
        return [*mapped(a_record(f"A{n}", medium=medium) for n in range(30)), *mapped([a_record("A1")])]

    ingest(a_source(rows("Ink")), catalog, STARTED)  # type: ignore[arg-type]
    assert ingest(a_source(rows("Oil"), digest="2"), catalog, STARTED).alarms == ()  # type: ignore[arg-type]


def ingest_files(catalog: Catalog, path: Path, profile: str) -> Ingested:
    source, _ = prepare(path, profile, on_bytes=lambda _: None)
    return ingest(source, catalog, STARTED)


def crystal_bridges(shared_data: Path, folder: Path, main: str | bytes) -> Path:
    """A folder as the profile wants it, with one of the two object lists (or these bytes) in its place."""
    kept = shared_data / "catalogue" / "aac_cbm"
    place = folder / "CBMAA_Objects"
    place.mkdir(parents=True)
    if isinstance(main, bytes):
        (place / FIRST).write_bytes(main)
    else:
        (place / FIRST).symlink_to(kept / "CBMAA_Objects" / main)
    for name in ("CBMAA_Constituents", "CBMAA_Titles"):
        (folder / name).symlink_to(kept / name)
    return folder


def numbers(shared_data: Path, name: str, encoding: str) -> dict[str, str]:
    path = shared_data / "catalogue" / "aac_cbm" / "CBMAA_Objects" / name
    with path.open(encoding=encoding, newline="") as stream:
        return {row["ObjectID"]: row["ObjectNumber"] for row in csv.DictReader(stream)}


@pytest.mark.data
def test_the_second_crystal_bridges_release_is_held_with_the_true_counts(
    shared_data: Path, tmp_path: Path, catalog: Catalog
) -> None:
    old, new = numbers(shared_data, FIRST, "cp1252"), numbers(shared_data, SECOND, "utf-8-sig")
    emptied = sum(not number for number in new.values())
    rounded = sum(bool(new[key]) and new[key] != number for key, number in old.items())
    filled = [number for number in new.values() if number]
    shared = sum(filled.count(number) > 1 for number in set(filled))
    assert (emptied, rounded, shared) == (1049, 44, 33)

    first = ingest_files(catalog, crystal_bridges(shared_data, tmp_path / "1", FIRST), "cbm")
    second = ingest_files(catalog, crystal_bridges(shared_data, tmp_path / "2", SECOND), "cbm")
    assert (first.state, second.state) == ("current", "held")
    message = {alarm.rule: alarm.message for alarm in second.alarms}
    assert message["release.lost-accessions"].startswith(f"{emptied} accession numbers of 1556 records")
    assert message["release.damaged-accessions"].startswith(f"{rounded} accession numbers look rounded")
    assert message["release.colliding-accessions"].startswith(f"{shared} accession numbers now stand")
    assert "were cp1252, now utf-8" in message["release.encoding-changed"]
    assert {r.accession for r in catalog.records()} == set(old.values())


@pytest.mark.data
def test_the_same_release_is_held_where_the_accession_number_is_the_id(
    shared_data: Path, tmp_path: Path, catalog: Catalog, repository: Path
) -> None:
    text = (repository / "assets/catalog/sources/profiles/cbm.toml").read_text("utf-8")
    by_number = tmp_path / "by-number.toml"
    by_number.write_text(
        text.replace('\nid = "ObjectID"', '\nid = "ObjectNumber"').replace(
            'accession_missing = "use-id"\n', ""
        ),
        "utf-8",
    )
    ingest_files(catalog, crystal_bridges(shared_data, tmp_path / "1", FIRST), str(by_number))
    ended = ingest_files(catalog, crystal_bridges(shared_data, tmp_path / "2", SECOND), str(by_number))
    message = {alarm.rule: alarm.message for alarm in ended.alarms}
    assert message["release.damaged-identifiers"].startswith("44 identifiers")
    assert message["release.lost-identifiers"].startswith("1049 of 1556 records")
    assert message["release.colliding-identifiers"].startswith("33 identifiers")


def shift(rows: Rows) -> Rows:
    """The cells of a stretch of columns one to the right, as after an inserted cell."""
    names = ["Medium", "Dimensions", "CreditLine", "Classification", "Signed"]
    moved = [[row["Signed"], *(row[name] for name in names[:-1])] for row in rows]
    return [row | dict(zip(names, cells, strict=True)) for row, cells in zip(rows, moved, strict=True)]


def swap(rows: Rows) -> Rows:
    return [row | {"Dated": row["Dimensions"], "Dimensions": row["Dated"]} for row in rows]


def collapse(rows: Rows) -> Rows:
    return [row | {"Medium": rows[0]["Medium"]} for row in rows]


def empty(rows: Rows) -> Rows:
    return [row | {"CreditLine": ""} for row in rows]


def sort_numbers_alone(rows: Rows) -> Rows:
    column = sorted(row["ObjectNumber"] for row in rows)
    return [row | {"ObjectNumber": number} for row, number in zip(rows, column, strict=True)]


def as_csv(rows: Rows) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def crystal_bridges_rows(shared_data: Path) -> Rows:
    path = shared_data / "catalogue" / "aac_cbm" / "CBMAA_Objects" / FIRST
    with path.open(encoding="cp1252", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def first_release(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int | None], Path]:
    """A store that holds so many rows of the first object list, all for ``None``; never changed."""

    @cache
    def store(most: int | None) -> Path:
        folder = tmp_path_factory.mktemp("first")
        rows = crystal_bridges_rows(shared_data)[:most]
        with Catalog(folder / "museum") as catalog:
            ingest_files(catalog, crystal_bridges(shared_data, folder / "export", as_csv(rows)), "cbm")
        return folder / "museum"

    return store


@pytest.fixture
def next_release(
    shared_data: Path, tmp_path: Path, first_release: Callable[[int | None], Path]
) -> Callable[[bytes, int | None], Ingested]:
    """Ingests an object list into a copy of a store that holds so many rows of the first."""

    def ingested(main: bytes, most: int | None) -> Ingested:
        shutil.copytree(first_release(most), tmp_path / "museum")
        with Catalog(tmp_path / "museum") as catalog:
            return ingest_files(catalog, crystal_bridges(shared_data, tmp_path / "export", main), "cbm")

    return ingested


@pytest.mark.data
@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (shift, "release.shifted-column"),
        (swap, "release.shifted-column"),
        (collapse, "release.collapsed-values"),
        (empty, "release.emptied-column"),
        (sort_numbers_alone, "release.moved-accessions"),
    ],
)
def test_damage_to_the_columns_of_a_real_export_raises_its_alarm(
    damage: Callable[[Rows], Rows],
    rule: str,
    shared_data: Path,
    next_release: Callable[[bytes, int | None], Ingested],
) -> None:
    ended = next_release(as_csv(damage(crystal_bridges_rows(shared_data)[:500])), 500)
    assert ended.state == "held"
    assert rule in rules(ended)


@pytest.mark.data
def test_an_export_decoded_with_the_wrong_encoding_raises_its_alarm(
    shared_data: Path, next_release: Callable[[bytes, int | None], Ingested]
) -> None:
    twice = as_csv(crystal_bridges_rows(shared_data)).decode("cp1252", "replace").encode()
    ended = next_release(twice, None)
    assert ended.state == "held"
    assert "release.encoding" in rules(ended)


@pytest.mark.data
@pytest.mark.parametrize("seed", range(3))
def test_a_harmless_release_raises_no_alarm(
    seed: int, shared_data: Path, next_release: Callable[[bytes, int | None], Ingested]
) -> None:
    chance = random.Random(seed)
    rows = crystal_bridges_rows(shared_data)
    edited: Rows = []
    for row in rows:
        if chance.random() < 0.05:
            row = row | {
                "CreditLine": row["CreditLine"] + " (revised)",
                "Dated": f"c. {row['DateBegin'] or 1900}",
            }
        edited.append(row)
    for number, row in enumerate(chance.sample(rows, len(rows) // 50)):
        edited.append(row | {"ObjectID": str(90_000 + number), "ObjectNumber": f"2018.{number + 1}"})
    ended = next_release(as_csv(edited), None)
    assert [alarm.message for alarm in ended.alarms] == []
    assert (ended.state, ended.report.added) == ("current", len(rows) // 50)
