"""The table of periods, dynasties, reigns and counted eras, and how names are found in it."""

import csv
from pathlib import Path

from assets.catalog.normalize.eras import HAN_NAMES, egyptian_dynasty, era_at, folded, year_of_era


def _path(repository: Path) -> Path:
    return repository / "assets" / "catalog" / "normalize" / "eras.tsv"


def _rows(repository: Path) -> list[dict[str, str]]:
    lines = [
        line
        for line in _path(repository).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return list(csv.DictReader(lines, delimiter="\t"))


def test_every_row_is_a_span_with_a_source(repository: Path) -> None:
    rows = _rows(repository)
    assert len(rows) > 300
    for row in rows:
        first, last = int(row["first"]), int(row["last"])
        assert first <= last and first != 0 and last != 0, row
        assert row["kind"] in {"period", "reign", "nengo", "dynasty"}, row
        assert row["about"] in {"", "c"} and row["source"], row


def test_every_source_is_spelled_out_at_the_head_of_the_table(repository: Path) -> None:
    head = [
        line for line in _path(repository).read_text(encoding="utf-8").splitlines() if line.startswith("#")
    ]
    spelled_out = {line[2:].split(" = ")[0] for line in head if " = " in line}
    used = {key for row in _rows(repository) for key in row["source"].split("+")}
    assert used == spelled_out


def test_no_name_in_chinese_characters_stands_for_two_spans(repository: Path) -> None:
    names = [name for row in _rows(repository) for name in row["han"].split("|") if name]
    assert sorted(names) == sorted(set(names))
    assert set(names) == HAN_NAMES


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
