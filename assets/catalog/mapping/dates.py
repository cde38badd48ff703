"""When it was made: the date text, the years beside it, and whether the two agree."""

import re
from functools import lru_cache
from typing import Final, Literal

from assets.catalog.field_rules import DateRule
from assets.catalog.mapping.cells import part
from assets.catalog.mapping.choice import Apply, Chosen, Setting, texts
from assets.catalog.mapping.draft import Draft, origin
from assets.catalog.mapping.languages import language_of
from assets.catalog.normalize.dates import historical_to_astronomical, read_date, read_phases, span_of_years
from assets.catalog.record import Text, TimeSpan

_YEAR: Final = re.compile(r"([+-]?\d{1,6})(?:\.0+)?(?:-(\d\d)-(\d\d)(?:[T ].*)?)?")
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
"""A text without such a word names no step of making."""
_JULIAN_SHIFT_DAYS: Final = 15
_GREGORIAN_FROM: Final = 1583
_ISO_DAY: Final = len("999-12-31")

Years = tuple[int | None, int | None]


@lru_cache(65536)
def year_of(text: str | None, count: Literal["historical", "astronomical"]) -> int | None:
    """The astronomical year of a bare year or an ISO 8601 day; ``None`` where it is neither.

    A day in the last :data:`_JULIAN_SHIFT_DAYS` of December of a year before 1583 is the first of January
    of the next year in the Julian calendar, shifted by a conversion; it counts as that next year.
    """
    match = _YEAR.fullmatch(text or "")
    if match is None:
        return None
    year = int(match[1]) + _is_shifted(match)
    if count == "historical" and year < 0:
        return historical_to_astronomical(year)
    return year


@lru_cache(65536)
def _span(years: Years, flags: tuple[bool, bool], text: str | None) -> TimeSpan | None:
    first, last = (None if year is None else year - (year <= 0) for year in years)
    return span_of_years(first, last, circa=flags[0], uncertain=flags[1], text=text)


def date_rule(rule: DateRule, setting: Setting) -> Apply:
    """Compiles a rule for the time of production."""
    if not rule.parts():
        return _text_only(rule, setting)
    choose = texts(rule, setting) if rule.paths else None
    years_of = _Years(rule, setting)

    def apply(draft: Draft) -> None:
        chosen = choose(draft) if choose else []
        years, column, original = years_of(draft)
        if chosen:
            _both(draft, rule, chosen[0], years, column)
            _keep_wording(draft, chosen[0], setting)
        elif years != (None, None):
            span = _span(years, (False, False), None)
            if span is not None:
                draft.put("produced", span, origin(0, column, original, "dates.years"))

    return apply


def _text_only(rule: DateRule, setting: Setting) -> Apply:
    choose = texts(rule, setting)

    def apply(draft: Draft) -> None:
        for chosen in choose(draft)[:1]:
            _take_text(draft, chosen, rule.day_first)
            _keep_wording(draft, chosen, setting)

    return apply


def _take_text(draft: Draft, chosen: Chosen, day_first: bool | None) -> None:
    reading = read_date(chosen.text, day_first=day_first)
    if reading.values:
        draft.put("produced", reading.values[0], chosen.origin(reading.by))
        _take_phases(draft, chosen)
    _note_unread(draft, chosen, reading.by, reading.unread, read=bool(reading.values))


def _take_phases(draft: Draft, chosen: Chosen) -> None:
    if not _WORD.search(chosen.text):
        return
    phases = read_phases(chosen.text)
    for phase in phases.values:
        draft.add("phases", phase, chosen.origin(phases.by))


def _note_unread(draft: Draft, chosen: Chosen, by: str, unread: str, *, read: bool) -> None:
    if by == "dates.undated":
        draft.note("dates.undated", "note", "/produced", "the source says it is undated", chosen.original)
    elif not read and "produced" in draft.values:
        message = "the text could not be read; the years beside it were taken"
        draft.note("dates.unread", "note", "/produced", message, chosen.original)
    elif not read:
        message = "no date could be read; correct the text, or add years in a column of their own"
        draft.note("dates.unread", "warning", "/produced", message, chosen.original)
    elif unread:
        draft.note("dates.partly-read", "note", "/produced", f"not read: {unread!r}", chosen.original)


def _keep_wording(draft: Draft, chosen: Chosen, setting: Setting) -> None:
    """A wording that gave no date stays in the record as a text."""
    if "produced" not in draft.values:
        language = language_of(chosen.text, setting.language)
        wording = Text(content=chosen.text, language=language, kind="date")
        draft.add("texts", wording, chosen.origin_of(chosen.text, "copied"))


def _is_shifted(match: re.Match[str]) -> bool:
    late = match[2] == "12" and int(match[3]) > 31 - _JULIAN_SHIFT_DAYS
    return late and int(match[1]) < _GREGORIAN_FROM


class _Years:
    """Reads the pair of years of a row, with findings for what is no year."""

    def __init__(self, rule: DateRule, setting: Setting) -> None:
        self._rule = rule
        self._ends = [
            (path or "", part(path, setting.nothing))
            for path in (rule.earliest, rule.latest)
            if path is not None
        ]

    def __call__(self, draft: Draft) -> tuple[Years, str, str]:
        """Years, the columns they stand in, and the original texts."""
        read: list[int | None] = []
        originals: list[str] = []
        for column, get in self._ends:
            text = get(draft.cells)
            originals.append(text or "")
            read.append(self._year(draft, column, text))
        columns = ", ".join(column for column, _ in self._ends)
        first = read[0] if self._rule.earliest else None
        last = read[-1] if self._rule.latest else None
        years = (first, last)
        if first is not None and last is not None and first > last:
            message = f"earliest year {first} is after latest year {last}; both were left out"
            draft.note("dates.reversed", "error", "/produced", message, ", ".join(originals))
            years = (None, None)
        return years, columns, ", ".join(originals)

    def _year(self, draft: Draft, column: str, text: str | None) -> int | None:
        if text is None:
            return None
        year = year_of(text, self._rule.years)
        if year is None:
            draft.note("dates.not-a-year", "error", column, f"{column} is not a year; it was left out", text)
        elif year == 0 and self._rule.zero == "unknown" and text.lstrip("+-0.") == "":
            draft.note("dates.year-zero", "note", column, "year 0 stands for unknown; it was left out", text)
            return None
        elif len(text) >= _ISO_DAY and (match := _YEAR.fullmatch(text)) and _is_shifted(match):
            message = f"a day shifted by a conversion from the Julian calendar; read as {year}"
            draft.note("dates.shifted", "note", column, message, text)
        return year


def _both(draft: Draft, rule: DateRule, chosen: Chosen, years: Years, column: str) -> None:
    reading = read_date(chosen.text, day_first=rule.day_first)
    if years == (None, None):
        _take_text(draft, chosen, rule.day_first)
        return
    stated = reading.values[0] if reading.values else None
    came = chosen.origin(reading.by)
    if stated is not None and not _meet(stated, years, rule.tolerance):
        message = (
            f"the text reads as {_words((stated.earliest, stated.latest))}, {column} says {_words(years)}; "
            "the text was taken"
        )
        draft.note("dates.disagree", "warning", "/produced", message, chosen.original)
    elif stated is None or _years_say_more(rule, stated, years):
        flags = (stated.circa, stated.uncertain) if stated else (False, False)
        stated = _span(years, flags, chosen.text)
        came = origin(0, f"{chosen.column}, {column}", chosen.original, "dates.years")
    if stated is not None:
        draft.put("produced", stated, came)
        if reading.values:
            _take_phases(draft, chosen)
    _note_unread(draft, chosen, reading.by, reading.unread, read=bool(reading.values))


def _years_say_more(rule: DateRule, stated: TimeSpan, years: Years) -> bool:
    if rule.prefer == "text" or None in years:
        return False
    return (stated.earliest, stated.latest) != years


def _meet(stated: TimeSpan, years: Years, tolerance: int) -> bool:
    slack = tolerance + (10 if stated.circa else 0)
    first, last = years[0], years[1] if years[1] is not None else years[0]
    first = last if first is None else first
    if first is None or last is None:
        return True
    starts_in_time = stated.latest is None or first <= stated.latest + slack
    ends_in_time = stated.earliest is None or last >= stated.earliest - slack
    return starts_in_time and ends_in_time


def _words(years: Years) -> str:
    return " to ".join("open" if year is None else str(year) for year in years)
