"""Year numbering, the Islamic calendar and EDTF at its edges."""

import pytest

from assets.catalog.normalize.years import Edge, edtf_of, first_day, hijri_years, is_day, last_day


@pytest.mark.parametrize(
    ("hijri", "years"),
    [(1, (622, 623)), (957, (1550, 1551)), (1257, (1841, 1842)), (1300, (1882, 1883)), (1400, (1979, 1980))],
)
def test_islamic_years_are_those_of_the_civil_tabular_calendar(hijri: int, years: tuple[int, int]) -> None:
    assert hijri_years(hijri) == years


@pytest.mark.parametrize("hijri", [-1, 0, 1531, 100_000])
def test_islamic_years_out_of_range_are_none(hijri: int) -> None:
    assert hijri_years(hijri) is None


def test_leap_days_are_proleptic_gregorian_also_before_the_year_one() -> None:
    assert is_day(2000, 2, 29) and is_day(0, 2, 29) and is_day(-4, 2, 29)
    assert not is_day(1900, 2, 29) and not is_day(-100, 2, 29) and not is_day(1920, 13, 1)


def test_a_month_runs_from_its_first_day_to_its_last() -> None:
    assert (first_day(Edge(-43, 2)), last_day(Edge(-43, 2))) == ("-0043-02-01", "-0043-02-28")


def test_a_season_has_no_days() -> None:
    assert first_day(Edge(1920, 21)) is None and last_day(Edge(1920, 21)) is None


@pytest.mark.parametrize(
    ("earliest", "latest", "edtf"),
    [
        (Edge(1900), Edge(1999), "19XX"),
        (Edge(1920), Edge(1929, circa=True), "1920/1929~"),
        (Edge(0), Edge(99), "0000/0099"),
        (Edge(1920, 21, circa=True), Edge(1920, 21, circa=True), "1920~"),
        (Edge(-10499), Edge(-10499), "Y-10499"),
        (Edge(-10499, circa=True), Edge(-10499, circa=True), None),
        (None, Edge(-10499), None),
        (Edge(1650, circa=True, uncertain=True), None, "1650%/.."),
    ],
)
def test_edtf_is_written_where_it_has_a_form(
    earliest: Edge | None, latest: Edge | None, edtf: str | None
) -> None:
    assert edtf_of(earliest, latest) == edtf
