"""Dates as museums write them, to bounds in years and EDTF.

Earliest and latest are what the wording says; "circa" and "perhaps" are flags and widen nothing. The
conventions for centuries, their parts and open bounds are stated in :mod:`.dates_spans` and
:mod:`.dates_lexicon`; periods and reigns take their years from ``eras.tsv``, which names its sources.
Days are kept in the calendar of the source; nothing is converted from Julian to Gregorian.

Any text gives a :class:`Reading`, never an error. Pure; results are cached by text.
"""

import re
from functools import lru_cache
from typing import Final

from assets.catalog.normalize.dates_atoms import HIJRI, Scan
from assets.catalog.normalize.dates_grammar import Scanner
from assets.catalog.normalize.dates_lexicon import UNDATED
from assets.catalog.normalize.dates_spans import DatedPhase, Span, envelope, phases_of
from assets.catalog.normalize.eras import folded
from assets.catalog.normalize.years import (
    LATEST_YEAR,
    Edge,
    edtf_of,
    first_day,
    historical_to_astronomical,
    last_day,
)
from assets.catalog.record import Phase, TimeSpan
from assets.catalog.row import Reading

__all__ = ["historical_to_astronomical", "read_date", "read_phases", "span_of_years"]

LONGEST_TEXT: Final = 2000
"""Characters; what is longer is an essay, and is handed back unread."""

_CACHED: Final = 65_536
_PLAIN: Final = re.compile(r"\s*(c\.|ca\.?|circa)?\s*([1-9]\d{3})(?:\s?[-–]\s?([1-9]\d{3}))?\s*", re.ASCII)
_UNMADE: Final = "made"


@lru_cache(maxsize=_CACHED)
def read_date(text: str, *, day_first: bool | None = None) -> Reading[TimeSpan]:
    """Read when an artifact was made.

    ``values`` holds one span that covers every phase the text names, or none. A text that says there is
    no date has no value, ``by="dates.undated"`` and nothing unread; one that cannot be read has no value
    and ``by="dates.unread"``. ``day_first`` settles days such as 06/10/1935; left open, their year is
    taken and the day stays unread.
    """
    if (match := _PLAIN.fullmatch(text)) and (plain := _plain(text, *match.groups())):
        return plain
    if folded(text).strip(" \t\r\n.,;:()[]?\"'\xa0") in UNDATED:
        return Reading((), "dates.undated")
    scan, phases = _phases(text, day_first)
    if not phases:
        return Reading((), "dates.unread", text.strip())
    span = envelope(phase.span for phase in phases)
    value = _time_span(span, text)
    if value is None:
        return Reading((), "dates.unread", text.strip())
    return Reading((value,), _rule(scan, phases, span), _unread(text, scan, phases))


@lru_cache(maxsize=_CACHED)
def read_phases(text: str) -> Reading[Phase]:
    """Read the named steps of making ("modeled 1844, carved ca. 1845-1873"), in the text's order.

    A date without a name beside named ones is called ``made``. Empty where the text names no step.
    """
    scan, phases = _phases(text, None)
    if not any(phase.name for phase in phases):
        return Reading((), "dates.phases")
    values = [
        Phase(name=phase.name or _UNMADE, span=span)
        for phase in phases
        if (span := _time_span(phase.span, None)) is not None
    ]
    return Reading(tuple(values), "dates.phases", _unread(text, scan, phases))


@lru_cache(maxsize=_CACHED)
def span_of_years(
    earliest: int | None,
    latest: int | None,
    *,
    circa: bool = False,
    uncertain: bool = False,
    text: str | None = None,
) -> TimeSpan | None:
    """Make a span of two numeric columns in historical years (-490 is 490 BCE).

    0 stands for "not known", as in collection systems whose empty number is 0. One bound alone gives an
    open span; none gives ``None``. Bounds in the wrong order are put in order.
    """
    if earliest and latest and earliest > latest:
        earliest, latest = latest, earliest
    low = Edge(historical_to_astronomical(earliest), 0, 0, circa, uncertain) if earliest else None
    high = Edge(historical_to_astronomical(latest), 0, 0, circa, uncertain) if latest else None
    return _time_span(Span(low, high, ()), text)


def _plain(text: str, circa: str | None, first: str, last: str | None) -> Reading[TimeSpan] | None:
    low = int(first)
    high = low if last is None else int(last)
    if not low <= high <= LATEST_YEAR:
        return None
    mark = "~" if circa else ""
    edtf = f"{first}{mark}" if low == high else f"{first}{mark}/{last}{mark}"
    span = TimeSpan(earliest=low, latest=high, circa=bool(circa), edtf=edtf, text=text)
    return Reading((span,), "dates.year" if last is None else "dates.range")


def _phases(text: str, day_first: bool | None) -> tuple[Scan, list[DatedPhase]]:
    if len(text) > LONGEST_TEXT:
        return Scan(), []
    scan = Scanner(text, day_first).scan()
    return scan, phases_of(scan)


def _time_span(span: Span, text: str | None) -> TimeSpan | None:
    low, high = span.low, span.high
    if low is None and high is None:
        return None
    edges = [edge for edge in (low, high) if edge is not None]
    return TimeSpan(
        earliest=None if low is None else low.year,
        latest=None if high is None else high.year,
        earliest_day=None if low is None else first_day(low),
        latest_day=None if high is None else last_day(high),
        circa=any(edge.circa for edge in edges),
        uncertain=any(edge.uncertain for edge in edges),
        edtf=edtf_of(low, high),
        text=text,
    )


def _rule(scan: Scan, phases: list[DatedPhase], span: Span) -> str:
    """The name of the rule that did most of the reading."""
    atoms = [atom for phase in phases for atom in phase.span.atoms]
    if any(atom.broken for atom in atoms):
        return "dates.prose"
    if scan.order_unknown:
        return "dates.day-order-unknown"
    if scan.short_year:
        return "dates.short-year"
    if len(phases) > 1:
        return "dates.phases"
    if all(phase.span.table for phase in phases):
        first = atoms[0]
        return "dates.era-year" if first.digits and first.kind == "era" else "dates.period"
    if span.low is None or span.high is None:
        return "dates.open"
    if any(atom.calendar == HIJRI for atom in atoms):
        return "dates.hijri"
    return _grain(span)


def _grain(span: Span) -> str:
    atoms = span.atoms
    for kind, unit, name in (("unit", 1000, "millennium"), ("unit", 100, "century"), ("decade", 0, "decade")):
        if any(atom.kind == kind and atom.unit == unit for atom in atoms):
            return f"dates.{name}"
    if any(atom.month > 12 for atom in atoms):
        return "dates.season"
    if any(atom.month for atom in atoms):
        return "dates.day" if any(atom.day for atom in atoms) else "dates.month"
    if len(atoms) == 1:
        return "dates.year"
    joins = {atom.join for atom in atoms[1:]}
    if joins & {"-", "/"}:
        return "dates.range"
    return "dates.alternatives" if "|" in joins else "dates.list"


def _unread(text: str, scan: Scan, phases: list[DatedPhase]) -> str:
    """The stretches nobody read, in the text's order; those with no date between them are one."""
    dated = [atom.start for phase in phases for atom in phase.span.atoms]
    stretches: list[tuple[int, int]] = []
    for start, end in sorted(scan.unknown):
        if stretches and not any(stretches[-1][1] <= at < start for at in dated):
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return "; ".join(text[start:end].strip() for start, end in stretches)
