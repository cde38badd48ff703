"""Dates that a standard states as two bounds and a wording, made into one time-span.

The bounds are ISO 8601 by every one of the standards, so year 0000 is 1 BCE. Many publishers write
-0500 for 500 BCE all the same (as XSD 1.0 did). The wording decides where there is one: if it agrees
with the bounds only after they are moved by a year, they were historical years and are moved.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from assets.catalog.normalize.dates import read_date
from assets.catalog.record import TimeSpan
from assets.catalog.row import Severity

Remark: TypeAlias = tuple[str, Severity, str, str]
"""Rule, severity, message, original text of a finding to be made."""

_ISO: Final = re.compile(
    r"^\s*(?:(?P<bare>[+-]?(?!0{1,3}\s*$)\d{1,7})"
    r"|(?P<year>[+-]?\d{3,7})-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?:[T ]\d\d:?\d\d.*)?)\s*Z?\s*$"
)
"""A bare year may be short of four digits, as publishers write it; with a month it needs three, and a
bare 0 is a blank, where 0000 is 1 BCE."""
_YEAR_IN_WORDS: Final = re.compile(r"[^\W\d_]{2}.*\b\d{3,4}\b|\b\d{3,4}\b.*[^\W\d_]{2}")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class StatedSpan:
    """A time-span, or none, with the rule that made it and what should be reported."""

    span: TimeSpan | None
    by: str
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bound:
    year: int
    month: int | None
    day: int | None

    def shifted(self) -> "_Bound":
        return _Bound(self.year + 1, self.month, self.day) if self.year < 0 else self

    def as_day(self) -> str | None:
        if self.month is None or self.day is None:
            return None
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@lru_cache(maxsize=65536)
def stated_span(begin: str | None, end: str | None, text: str | None, *, exact: bool = False) -> StatedSpan:
    """One time-span from bounds in ISO 8601 and the source's wording, each of which may be missing.

    Circa and uncertain come from the wording. A day is kept only where the source is finer than years.
    ``exact`` bounds are known to be ISO 8601: the wording is kept for display and not consulted.
    """
    remarks: list[Remark] = []
    low, high = _bound(begin, remarks), _bound(end, remarks, end=True)
    if exact and (low or high):
        return StatedSpan(_spanned(low, high, None, text, exact=True), "dates.bounds", tuple(remarks))
    worded = _worded(text)
    if low is None and high is None:
        return _from_wording(worded, text, remarks)
    low, high, historical = _astronomical(low, high, worded)
    if historical:
        message = "years before the common era were historical (-500 for 500 BCE); moved to ISO 8601 by one"
        remarks.append(("dates.historical-bce", "note", message, f"{begin} / {end}"))
    elif worded is None and any(bound and bound.year < 0 for bound in (low, high)):
        message = "no wording tells whether negative years are astronomical; taken as ISO 8601 says"
        remarks.append(("dates.bce-unchecked", "note", message, f"{begin} / {end}"))
    if low and high and low.year > high.year:
        remarks.append(("dates.reversed", "warning", "the bounds were in reverse order", f"{begin} / {end}"))
        low, high = high, low
    if worded and _disjoint(low, high, worded):
        message = "the wording and the stated bounds do not overlap; the bounds are kept"
        remarks.append(("dates.disagree", "warning", message, f"{text} ({begin} / {end})"))
    by = "dates.historical-bounds" if historical else "dates.bounds"
    return StatedSpan(_spanned(low, high, worded, text), by, tuple(remarks))


def _bound(text: str | None, remarks: list[Remark], *, end: bool = False) -> _Bound | None:
    if text is None or not text.strip():
        return None
    match = _ISO.match(text)
    if match is None:
        return _bound_in_words(text, remarks, end=end)
    month = int(match["month"]) if match["month"] else None
    day = int(match["day"]) if match["day"] else None
    if (month is not None and not 1 <= month <= 12) or (
        day is not None and month is not None and not 1 <= day <= _DAYS[month - 1]
    ):
        message = "there is no such day; only the year was taken"
        remarks.append(("dates.bad-literal", "error", message, text))
        month = day = None
    return _Bound(int(match["year"] or match["bare"]), month, day)


def _bound_in_words(text: str, remarks: list[Remark], *, end: bool) -> _Bound | None:
    """The year of a bound that is words instead of ISO 8601 ("end of 1592"), if it names a year."""
    values = read_date(text).values if _YEAR_IN_WORDS.search(text) else ()
    year = (values[-1].latest if end else values[0].earliest) if values else None
    if year is None:
        message = "expected an ISO 8601 date; the value was not taken"
        remarks.append(("dates.bad-literal", "error", message, text))
        return None
    remarks.append(("dates.bound-in-words", "warning", f"expected an ISO 8601 date; read as {year}", text))
    return _Bound(year, None, None)


def _worded(text: str | None) -> TimeSpan | None:
    if not text or not text.strip():
        return None
    values = read_date(text).values
    if not values:
        return None
    if len(values) == 1:
        return values[0]
    earliest = [span.earliest for span in values]
    latest = [span.latest for span in values]
    return TimeSpan(
        earliest=None if None in earliest else min(year for year in earliest if year is not None),
        latest=None if None in latest else max(year for year in latest if year is not None),
        circa=any(span.circa for span in values),
        uncertain=any(span.uncertain for span in values),
        text=text,
    ) if not (None in earliest and None in latest) else values[0]  # fmt: skip


def _from_wording(worded: TimeSpan | None, text: str | None, remarks: list[Remark]) -> StatedSpan:
    if not text or not text.strip():
        return StatedSpan(None, "dates", tuple(remarks))
    by = read_date(text).by
    if worded is None:
        remarks.append(("dates.unread", "warning", "no rule reads this date; it is kept as written", text))
        return StatedSpan(None, by, tuple(remarks))
    return StatedSpan(worded.model_copy(update={"text": text}), by, tuple(remarks))


def _astronomical(
    low: _Bound | None, high: _Bound | None, worded: TimeSpan | None
) -> tuple[_Bound | None, _Bound | None, bool]:
    """Move historical years, if the wording shows that they are; a year 0000 shows that they are not."""
    years = [bound.year for bound in (low, high) if bound is not None]
    if worded is None or 0 in years or min(years) >= 0:
        return low, high, False
    stated = _distance(low, high, worded)
    moved = _distance(low and low.shifted(), high and high.shifted(), worded)
    if moved < stated:
        return low and low.shifted(), high and high.shifted(), True
    return low, high, False


def _distance(low: _Bound | None, high: _Bound | None, worded: TimeSpan) -> float:
    """How many years the middle of the negative bounds lies from that of the wording."""
    pairs = [
        (bound.year, year)
        for bound, year in ((low, worded.earliest), (high, worded.latest))
        if bound is not None and year is not None
    ]
    return abs(sum(stated - read for stated, read in pairs))


def _disjoint(low: _Bound | None, high: _Bound | None, worded: TimeSpan) -> bool:
    after = low is not None and worded.latest is not None and low.year > worded.latest
    before = high is not None and worded.earliest is not None and high.year < worded.earliest
    return after or before


def _spanned(
    low: _Bound | None, high: _Bound | None, worded: TimeSpan | None, text: str | None, *, exact: bool = False
) -> TimeSpan:
    earliest, latest = low.year if low else None, high.year if high else None
    fine = _finer_than_years(low, high, worded, exact=exact)
    span = TimeSpan(
        earliest=earliest,
        latest=latest,
        earliest_day=low.as_day() if low and fine else None,
        latest_day=high.as_day() if high and fine else None,
        circa=bool(worded and worded.circa),
        uncertain=bool(worded and worded.uncertain),
        text=text.strip() if text and text.strip() else None,
    )
    same = worded is not None and (worded.earliest, worded.latest) == (earliest, latest)
    return span.model_copy(update={"edtf": worded.edtf if worded and same and not fine else to_edtf(span)})


def _finer_than_years(
    low: _Bound | None, high: _Bound | None, worded: TimeSpan | None, *, exact: bool
) -> bool:
    """Whether the days say more than the years: not so for whole years, nor where the wording has none.

    Some publishers end a year on its first day; only exact bounds mean 1 January by it.
    """
    if low is None or high is None or low.day is None or high.day is None:
        return False
    if (low.month, low.day) == (1, 1) and (high.month, high.day) in ((12, 31), (1, 1)):
        first_day = exact and (high.month, high.day) == (1, 1)
        return first_day or (worded is not None and worded.earliest_day is not None)
    return True


def to_edtf(span: TimeSpan) -> str:
    """The span in EDTF level 1 (Library of Congress, 2019): a date or an interval with its qualifier."""
    qualifier = "%" if span.circa and span.uncertain else "~" if span.circa else "?" if span.uncertain else ""
    low = span.earliest_day or _edtf_year(span.earliest)
    high = span.latest_day or _edtf_year(span.latest)
    if low == high:
        return f"{low}{qualifier}"
    return f"{low + qualifier if low else '..'}/{high + qualifier if high else '..'}"


def _edtf_year(year: int | None) -> str:
    if year is None:
        return ""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"{'-' if year < 0 else ''}{abs(year):04d}"
