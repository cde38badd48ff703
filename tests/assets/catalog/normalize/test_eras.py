"""The table of periods, dynasties, reigns and counted eras, and how names are found in it."""

import csv
from pathlib import Path

from assets.catalog.normalize.eras import egyptian_dynasty, era_at, folded, year_of_era


def _rows(repository: Path) -> list[dict[str, str]]:
    path = repository / "assets" / "catalog" / "normalize" / "eras.tsv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def test_every_row_is_a_span_with_a_source(repository: Path) -> None:
    rows = _rows(repository)
    assert len(rows) > 300
    for row in rows:
        first, last = int(row["first"]), int(row["last"])
        assert first <= last and first != 0 and last != 0, row
        assert row["kind"] in {"period", "reign", "nengo", "dynasty"}, row
        assert row["about"] in {"", "c"} and row["source"], row


def test_no_spelling_stands_for_two_spans(repository: Path) -> None:
    spellings = [name for row in _rows(repository) for name in row["names"].split("|")]
    assert sorted(spellings) == sorted(set(spellings))
    assert all(name == folded(name) for name in spellings)


def test_the_longest_name_wins() -> None:
    found = era_at(["late", "bronze", "age"], 0, True)
    assert found is not None and (found[0].label, found[1]) == ("late bronze age", 3)


def test_a_common_word_in_lower_case_is_no_era() -> None:
    assert era_at(["song"], 0, False) is None
    assert era_at(["song"], 0, True) is not None


def test_diacritics_and_apostrophes_do_not_matter() -> None:
    assert (folded("Shōwa"), folded("T’ang")) == ("showa", "t'ang")


def test_years_past_the_end_of_an_era_are_none() -> None:
    found = era_at(["meiji"], 0, True)
    assert found is not None
    assert [year_of_era(found[0], count) for count in (0, 1, 45, 46)] == [None, 1868, 1912, None]


def test_egypt_has_thirty_one_dynasties() -> None:
    assert all(egyptian_dynasty(number) for number in range(1, 32))
    assert egyptian_dynasty(0) is None and egyptian_dynasty(32) is None
