import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.record import TimeSpan
from assets.catalog.sources.bounds import stated_span, to_edtf


def _rules(begin: str | None, end: str | None, text: str | None) -> set[str]:
    return {rule for rule, *_ in stated_span(begin, end, text).remarks}


def test_bounds_of_whole_years_have_no_days() -> None:
    span = stated_span("1959-01-01T00:00:00", "1969-12-31T23:59:59", "ca. 1964").span

    assert span == TimeSpan(earliest=1959, latest=1969, circa=True, edtf="1959~/1969~", text="ca. 1964")


def test_bounds_finer_than_years_keep_their_days() -> None:
    span = stated_span("1999-05-04", "1999-05-06", None).span

    assert span is not None
    assert (span.earliest_day, span.latest_day, span.edtf) == (
        "1999-05-04",
        "1999-05-06",
        "1999-05-04/1999-05-06",
    )


def test_historical_years_are_moved_where_the_wording_shows_them() -> None:
    stated = stated_span("-0500-01-01T00:00:00", "-0500-12-31T23:59:59", "about 500 B.C.")

    assert stated.span is not None
    assert (stated.span.earliest, stated.span.latest, stated.span.circa) == (-499, -499, True)
    assert stated.by == "dates.historical-bounds"
    assert [rule for rule, *_ in stated.remarks] == ["dates.historical-bce"]


def test_astronomical_years_that_agree_with_the_wording_stay() -> None:
    stated = stated_span("-0499-01-01", "-0499-12-31", "500 BCE")

    assert stated.span is not None
    assert (stated.span.earliest, stated.remarks) == (-499, ())


def test_a_year_zero_shows_that_the_source_counts_astronomically() -> None:
    span = stated_span("-0001", "0000", "3–2 BCE").span

    assert span is not None
    assert (span.earliest, span.latest) == (-1, 0)


def test_negative_years_without_wording_are_taken_as_the_standard_says_and_reported() -> None:
    stated = stated_span("-0490", "-0480", None)

    assert stated.span is not None
    assert (stated.span.earliest, stated.span.latest) == (-490, -480)
    assert [(rule, severity) for rule, severity, *_ in stated.remarks] == [("dates.bce-unchecked", "note")]


@pytest.mark.parametrize("literal", ["Oil-12-31", "-12-31", "Charcoal on rag paper-01-01", "unknown", "20th"])
def test_a_literal_that_is_no_date_is_not_taken(literal: str) -> None:
    stated = stated_span(literal, literal, None)

    assert stated.span is None
    assert {(rule, severity, text) for rule, severity, _, text in stated.remarks} == {
        ("dates.bad-literal", "error", literal)
    }


def test_a_bound_in_words_is_read_and_reported() -> None:
    span = stated_span("1592", "end of 1592", None).span

    assert span is not None
    assert (span.earliest, span.latest) == (1592, 1592)
    assert _rules("1592", "end of 1592", None) == {"dates.bound-in-words"}


def test_bad_bounds_leave_the_wording_to_be_read() -> None:
    span = stated_span("Oil-01-01", "Oil-12-31", "1642").span

    assert span is not None
    assert (span.earliest, span.latest) == (1642, 1642)


def test_a_day_that_does_not_exist_costs_the_day_and_not_the_year() -> None:
    stated = stated_span("1900-02-30", "1900-13-01", None)

    assert stated.span is not None
    assert (stated.span.earliest, stated.span.latest, stated.span.earliest_day) == (1900, 1900, None)
    assert len(stated.remarks) == 2


def test_reversed_bounds_are_put_in_order_and_reported() -> None:
    span = stated_span("1920", "1910", None).span

    assert span is not None
    assert (span.earliest, span.latest) == (1910, 1920)
    assert _rules("1920", "1910", None) == {"dates.reversed"}


def test_wording_that_contradicts_the_bounds_is_reported() -> None:
    assert _rules("1733", "1733", "1850") == {"dates.disagree"}


def test_nothing_stated_is_nothing_reported() -> None:
    stated = stated_span(None, " ", "")

    assert (stated.span, stated.remarks) == (None, ())


@pytest.mark.parametrize(
    ("span", "edtf"),
    [
        (TimeSpan(earliest=1642, latest=1642), "1642"),
        (TimeSpan(earliest=-489, latest=-479, circa=True), "-0489~/-0479~"),
        (TimeSpan(latest=1920, uncertain=True), "../1920?"),
        (TimeSpan(earliest=-12000, latest=-9000, circa=True, uncertain=True), "Y-12000%/-9000%"),
    ],
)
def test_spans_are_written_in_edtf(span: TimeSpan, edtf: str) -> None:
    assert to_edtf(span) == edtf


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_gives_a_valid_span_or_none(begin: str, end: str, text: str) -> None:
    span = stated_span(begin, end, text).span

    assert span is None or TimeSpan.model_validate(span.model_dump()) == span
