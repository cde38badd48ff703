"""Whatever the text, a reading comes back, its bounds are in order and its EDTF is valid."""

import warnings

from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalog.normalize.dates import read_date, read_phases, span_of_years
from assets.catalog.normalize.dates_lexicon import LEXICON
from assets.catalog.record import TimeSpan

with warnings.catch_warnings():
    # The library's own grammar warns while it is built.
    warnings.simplefilter("ignore")
    from edtf import is_valid_edtf

_SIGNS = [*"()?,;-–/&.~:'", "", " ", "\x00", "٣", "²", "İ"]
_FIGURES = [
    "1920", "1850-60", "480 BCE", "B.C.", "AD", "6/7/71", "31/12/1999", "1920s", "60s", "XIX", "MDCCC",
    "C3", "15.", "10,500", "-490", "A.H. 957", "9999", "0", "1st", "19th", "2nd half", "Dynasty 18",
    "Meiji 12", "Edo period", "n.d.", "1957-10-04", "20thC", "v. Chr.", "19世紀", "十九世纪", "明治12年",
    "清", "乾隆", "前", "公元前5世纪", "末", "初", "以前", "から", "まで", "～", "、", "（", "）", "年代",
    "1975年5月3日",
    "昭和99年13月40日", "民國三十年", "元", "十", "世紀", "江戸時代", "年", "月",
]  # fmt: skip
_pieces = st.one_of(st.sampled_from(sorted(LEXICON)), st.sampled_from(_FIGURES), st.sampled_from(_SIGNS))
_date_like = st.lists(st.tuples(_pieces, st.sampled_from([" ", "", "-"])), max_size=10).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)


def _assert_sound(span: TimeSpan) -> None:
    assert span.earliest is None or span.latest is None or span.earliest <= span.latest
    assert span.edtf is None or is_valid_edtf(span.edtf), span.edtf
    if span.earliest_day and span.latest_day and span.earliest is not None and span.earliest > 0:
        assert span.earliest_day <= span.latest_day


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), _date_like, _date_like.map(str.title)), st.sampled_from([None, True, False]))
def test_any_text_gives_a_sound_reading(text: str, day_first: bool | None) -> None:
    reading = read_date(text, day_first=day_first)
    assert len(reading.values) <= 1
    assert reading.by.startswith("dates.")
    for span in reading.values:
        _assert_sound(span)
        assert span.text == text


@settings(max_examples=200, deadline=None)
@given(_date_like)
def test_phases_lie_within_the_date(text: str) -> None:
    phases = read_phases(text).values
    whole = read_date(text).values
    # One phase without a beginning and one without an end are together no date at all.
    says_nothing = None in {p.span.earliest for p in phases} and None in {p.span.latest for p in phases}
    for phase in phases:
        _assert_sound(phase.span)
        assert whole or says_nothing, "phases without a date"
        if whole and whole[0].earliest is not None and whole[0].latest is not None:
            assert phase.span.earliest is None or phase.span.earliest <= whole[0].latest


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 2100), st.integers(1, 2100))
def test_two_years_make_a_range_in_any_usual_spelling(first: int, second: int) -> None:
    low, high = sorted((first + 100, second + 100)) if max(first, second) <= 2000 else (1500, 1600)
    for dash in ("-", "–", " - ", " to ", " bis "):
        (span,) = read_date(f"{low}{dash}{high}").values
        assert (span.earliest, span.latest) == (low, high)
        (circa,) = read_date(f"ca. {low}{dash}{high}").values
        assert (circa.earliest, circa.latest, circa.circa) == (low, high, True)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.none(), st.integers(-20000, 3000)),
    st.one_of(st.none(), st.integers(-20000, 3000)),
    st.booleans(),
    st.booleans(),
)
def test_any_two_columns_give_a_sound_span(
    earliest: int | None, latest: int | None, circa: bool, uncertain: bool
) -> None:
    span = span_of_years(earliest, latest, circa=circa, uncertain=uncertain)
    if span is None:
        assert not earliest and not latest
    else:
        _assert_sound(span)
