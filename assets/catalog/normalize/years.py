"""Year numbering, the Islamic calendar, and the writing of EDTF.

Years inside are astronomical (ISO 8601: 0 is 1 BCE). Historical years, as catalogs write them, have no
year 0: -490 is 490 BCE. EDTF is ISO 8601-2:2019, levels 0 to 2.
"""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

LATEST_YEAR = 2100
"""A larger number in a date text is an inventory number, a patent or a slip, not a year."""

EARLIEST_EDTF_YEAR = -9999
_HIJRI_EPOCH = 227_015  # ordinal of 1 Muharram 1 AH, proleptic Gregorian, civil tabular calendar
_LAST_HIJRI_YEAR = 1530


class Edge(NamedTuple):
    """One end of a time-span."""

    year: int
    month: int = 0
    """1 to 12; 21 to 24 for spring to winter (EDTF); 0 where unknown."""
    day: int = 0
    circa: bool = False
    uncertain: bool = False


def historical_to_astronomical(year: int) -> int:
    """Turn a catalog's year (-490 meaning 490 BCE) into the record's (-489).

    0 is no historical year; it is returned as it is, and callers that read numeric columns should take
    it for "not known" (see :func:`assets.catalog.normalize.dates.span_of_years`).
    """
    return year + 1 if year < 0 else year


def hijri_years(year: int) -> tuple[int, int] | None:
    """First and last Gregorian year that the Islamic year touches; ``None`` out of range.

    Tabular civil calendar (11 leap years in 30); an observed month may begin a day or two off, so a year
    that starts around 1 January can be one year out.
    """
    if not 1 <= year <= _LAST_HIJRI_YEAR:
        return None
    return date.fromordinal(_new_year(year)).year, date.fromordinal(_new_year(year + 1) - 1).year


def _new_year(hijri: int) -> int:
    return _HIJRI_EPOCH + 354 * (hijri - 1) + (3 + 11 * hijri) // 30


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the day exists in the proleptic Gregorian calendar."""
    if not 1 <= month <= 12 or day < 1:
        return False
    return day <= monthrange(_same_calendar(year), month)[1]


def first_day(edge: Edge) -> str | None:
    """The edge's first day, ``None`` where it is no finer than a season."""
    if not 1 <= edge.month <= 12:
        return None
    return f"{year_text(edge.year)}-{edge.month:02d}-{edge.day or 1:02d}"


def last_day(edge: Edge) -> str | None:
    """The edge's last day, ``None`` where it is no finer than a season."""
    if not 1 <= edge.month <= 12:
        return None
    day = edge.day or monthrange(_same_calendar(edge.year), edge.month)[1]
    return f"{year_text(edge.year)}-{edge.month:02d}-{day:02d}"


def _same_calendar(year: int) -> int:
    """A year from 2000 to 2399 with the same leap days; ``calendar`` knows years 1 to 9999 only."""
    return 2000 + year % 400


def year_text(year: int) -> str:
    """The year in at least four digits, the sign before them."""
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def edtf_of(earliest: Edge | None, latest: Edge | None) -> str | None:
    """Write the span in EDTF; ``None`` where EDTF has no form for it (intervals before 9999 BCE)."""
    low = None if earliest is None else _edge_text(earliest)
    high = None if latest is None else _edge_text(latest)
    if earliest is not None and latest is not None:
        if earliest == latest:
            return low or _long_year(earliest)
        if low is None or high is None:
            return None
        return _masked(earliest, latest) or f"{low}/{high}"
    if earliest is not None:
        return low and f"{low}/.."
    return high and f"../{high}"


def _edge_text(edge: Edge) -> str | None:
    if edge.year < EARLIEST_EDTF_YEAR:
        return None
    text = year_text(edge.year)
    mark = _mark(edge)
    if edge.month > 12:
        # The grammar of level 1 has no qualified season.
        return f"{text}{mark}" if mark else f"{text}-{edge.month}"
    if edge.month:
        text += f"-{edge.month:02d}"
        if edge.day:
            text += f"-{edge.day:02d}"
    return text + mark


def _mark(edge: Edge) -> str:
    if edge.circa:
        return "%" if edge.uncertain else "~"
    return "?" if edge.uncertain else ""


def _long_year(edge: Edge) -> str | None:
    return None if _mark(edge) else f"Y{edge.year}"


def _masked(earliest: Edge, latest: Edge) -> str | None:
    """``192X`` for a decade, ``18XX`` for a century, both of the common era."""
    if earliest.month or latest.month or earliest.year < 100 or _mark(earliest) != _mark(latest):
        return None
    if earliest.year % 100 == 0 and latest.year == earliest.year + 99:
        return f"{earliest.year // 100:02d}XX{_mark(earliest)}"
    if earliest.year % 10 == 0 and latest.year == earliest.year + 9:
        return f"{earliest.year // 10:03d}X{_mark(earliest)}"
    return None
