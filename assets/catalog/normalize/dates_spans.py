"""From atoms to time-spans: neighbors lend each other unit and era, bounds are set, statements folded.

Bounds follow the practice of museum catalogs: a century of the common era runs from 1800 to 1899, the
first from 1 to 99; before the common era the fourth century is 400 to 301 BCE, the third millennium 3000
to 2001 BCE. "Circa" widens nothing, it is a flag. "Before 1920" keeps 1920 as its bound, as curators do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

from assets.catalog.normalize.dates_atoms import BCE, HIJRI, LINKS, Atom, Scan
from assets.catalog.normalize.eras import egyptian_dynasty, year_of_era
from assets.catalog.normalize.years import LATEST_YEAR, Edge, hijri_years, is_day

_TABLE_KINDS: Final = frozenset({"era", "dynasty"})
_COARSE_KINDS: Final = frozenset({"unit", "decade"})
_ROUNDING: Final = 1e-9
_SLACK: Final = 150
"""Years by which a stated date may leave its period and still be read on the same side of the year 1."""


@dataclass(frozen=True, slots=True)
class Span:
    """One dated statement; an end is ``None`` where it is open."""

    low: Edge | None
    high: Edge | None
    atoms: tuple[Atom, ...]
    join: str = ""

    @property
    def table(self) -> bool:
        """Whether only names of periods stand behind it."""
        return all(atom.kind in _TABLE_KINDS for atom in self.atoms)

    @property
    def coarse(self) -> bool:
        """Whether it is a century or a decade, which a finer date may narrow."""
        return all(atom.kind in _COARSE_KINDS for atom in self.atoms)


@dataclass(frozen=True, slots=True)
class DatedPhase:
    """A step of making and when; the name is empty where the text gives none."""

    name: str
    span: Span


def phases_of(scan: Scan) -> list[DatedPhase]:
    """The dated phases in the text's order; atoms that are no dates go to ``scan.unknown``."""
    atoms = _chain(scan, _valid(scan))
    runs: list[list[Atom]] = []
    for atom in atoms:
        if runs and (atom.join in LINKS or atom.phase == runs[-1][-1].phase):
            runs[-1].append(atom)
        else:
            runs.append([atom])
    return [DatedPhase(run[0].phase, span) for run in runs if (span := _fold(run)) is not None]


def envelope(spans: Iterable[Span]) -> Span:
    """The span from the earliest to the latest of at least one."""
    first, *rest = spans
    for span in rest:
        first = _union(first, span)
    return first


# neighbors


def _valid(scan: Scan) -> list[Atom]:
    atoms = scan.atoms
    for index in range(len(atoms) - 1, -1, -1):
        _borrow(atoms[index], atoms[index + 1] if index + 1 < len(atoms) else None)
    for before, after in pairwise(atoms):
        if after.kind == "bare" and after.join in LINKS and before.kind in ("unit", "dynasty"):
            # "siglos XVI-XVII": the unit stands first.
            after.kind, after.unit, after.calendar = (
                before.kind,
                before.unit,
                after.calendar or before.calendar,
            )
    _lend_calendar(atoms)
    kept: list[Atom] = []
    broken = False
    prose = any(atom.broken for atom in atoms) or len(scan.unknown) > 1
    for atom in atoms:
        broken = broken or atom.broken
        if atom.kind == "spent":
            continue
        if not _set_bounds(atom, prose):
            scan.unknown.append((atom.start, atom.end))
            continue
        if (atom.month or atom.day) and not _keep_day(atom):
            scan.unknown.append((atom.start, atom.end))
        atom.broken, broken = broken, False
        kept.append(atom)
    return kept


def _borrow(atom: Atom, following: Atom | None) -> None:
    linked = following is not None and following.join in LINKS
    if following is not None:
        if atom.kind in ("bare", "small") and following.kind in ("unit", "dynasty"):
            if linked or (following.join == "," and atom.kind == "bare"):
                atom.kind, atom.unit = following.kind, following.unit
        elif atom.kind == "bare" and following.era is not None and following.join == "":
            _lend_count(atom, following)
        elif linked and atom.kind == "month" and following.kind == "year":
            atom.kind, atom.value = "year", following.value
        elif linked and atom.kind == "small" and following.day:
            atom.kind, atom.day = "year", atom.value
            atom.value, atom.month = following.value, following.month
        if linked and not atom.calendar and atom.kind not in _TABLE_KINDS:
            atom.calendar = following.calendar
    if atom.kind == "small" and atom.calendar:
        atom.kind = "year"


def _lend_count(atom: Atom, following: Atom) -> None:
    """ "12th year of the Kangxi reign"."""
    if following.era is not None and following.era.kind == "nengo" and not following.digits:
        following.value, following.digits = atom.value, 2
        atom.kind = "spent"


def _lend_calendar(atoms: list[Atom]) -> None:
    """ "Hellenistic, 3rd century": the period says which side of the year 1, where the number fits it."""
    eras = [atom.era for atom in atoms if atom.era is not None]
    if not eras or max(era.last for era in eras) > 0:
        return
    first, last = min(era.first for era in eras), max(era.last for era in eras)
    for atom in atoms:
        if atom.calendar or atom.kind not in ("year", "unit", "decade"):
            continue
        year = 1 - atom.value * (atom.unit or 1)
        if first - _SLACK <= year <= last + _SLACK:
            atom.calendar = BCE


def _chain(scan: Scan, atoms: list[Atom]) -> list[Atom]:
    """In prose the first statement counts, and later ones that name a step of making."""
    taken: list[Atom] = []
    taking = True
    for atom in atoms:
        if taken and atom.broken:
            taking = False
        elif atom.phase and not atom.broken:
            taking = True
        if taking:
            taken.append(atom)
        else:
            scan.unknown.append((atom.start, atom.end))
    return taken


# bounds of one atom


def _set_bounds(atom: Atom, prose: bool) -> bool:
    bounds = _bounds(atom, prose)
    if bounds is None:
        return False
    low, high = bounds
    if atom.part is not None and atom.kind != "year":
        low, high = _part_of(low, high, atom.part)
    if atom.kind == "unit" and low == 0 and atom.calendar != BCE:
        low = 1
    atom.low, atom.high = low, high
    if atom.bound == "before":
        atom.low, atom.high = None, low
    elif atom.bound == "after":
        atom.low, atom.high = high, None
    elif atom.bound == "earlier":
        atom.low = None
    elif atom.bound == "later":
        atom.high = None
    return True


def _bounds(atom: Atom, prose: bool) -> tuple[int, int] | None:
    if atom.kind == "year":
        return _year_bounds(atom, prose)
    if atom.kind == "decade":
        return _decade_bounds(atom)
    if atom.kind == "unit":
        return _unit_bounds(atom)
    if atom.kind == "era" and atom.era is not None:
        if atom.digits:
            year = year_of_era(atom.era, atom.value)
            return None if year is None else (year, year)
        return atom.era.first, atom.era.last
    if atom.kind == "dynasty":
        atom.era = egyptian_dynasty(atom.value)
        return None if atom.era is None else (atom.era.first, atom.era.last)
    return (LATEST_YEAR, LATEST_YEAR) if atom.kind == "present" else None


def _year_bounds(atom: Atom, prose: bool) -> tuple[int, int] | None:
    value = atom.value
    if atom.calendar == HIJRI:
        return hijri_years(value)
    if value < 1:
        return None
    if atom.calendar == BCE:
        return 1 - value, 1 - value
    if value > LATEST_YEAR or (prose and atom.digits == 3 and not atom.calendar and not atom.circa):
        return None
    return value, value


def _decade_bounds(atom: Atom) -> tuple[int, int] | None:
    if atom.calendar == BCE:
        return 1 - atom.value - 9, 1 - atom.value
    return (max(1, atom.value), atom.value + 9) if atom.value < LATEST_YEAR else None


def _unit_bounds(atom: Atom) -> tuple[int, int] | None:
    number, unit = atom.value, atom.unit
    if atom.calendar == BCE:
        return (1 - number * unit, -(number - 1) * unit) if number * unit <= 100_000 else None
    first = (number - 1) * unit
    if number < 1 or first >= LATEST_YEAR:
        return None
    return first, first + unit - 1


def _part_of(low: int, high: int, part: tuple[float, float]) -> tuple[int, int]:
    years = high - low + 1
    first = low + ceil(part[0] * years - _ROUNDING)
    last = low + ceil(part[1] * years - _ROUNDING) - 1
    return min(first, high), max(min(first, high), min(last, high))


def _keep_day(atom: Atom) -> bool:
    """Take a day or month away that the calendar does not have; whether nothing was taken."""
    year = atom.low if atom.low is not None else atom.high
    if not atom.month or atom.month > 12 or year is None:
        kept = not atom.day
        atom.day = 0
        return kept
    if atom.day and not is_day(year, atom.month, atom.day):
        atom.day = 0
        return False
    return True


# folding


def _edge(atom: Atom, year: int | None) -> Edge | None:
    if year is None:
        return None
    about = atom.era is not None and atom.era.about
    return Edge(year, atom.month, atom.day, atom.circa or about, atom.perhaps)


def _fold(run: list[Atom]) -> Span | None:
    if any(atom.calendar != HIJRI and atom.kind not in _TABLE_KINDS for atom in run):
        # "A.H. 957/1550 CE" says the same twice; the common era needs no conversion.
        run = [atom for atom in run if atom.calendar != HIJRI]
    if any(atom.leads and atom.kind in _TABLE_KINDS for atom in run):
        for atom in run:
            atom.perhaps = True
    groups = _groups(run)
    if not groups:
        return None
    stated = [group for group in groups if not group.table]
    if stated and len(stated) < len(groups):
        return _narrow(stated)
    if not stated:
        return _narrow(groups)
    return _combine(stated)


def _groups(run: list[Atom]) -> list[Span]:
    groups: list[list[Atom]] = []
    for atom in run:
        if groups and atom.join in LINKS:
            groups[-1].append(atom)
        else:
            groups.append([atom])
    return [span for group in groups if (span := _group_span(group)) is not None]


def _group_span(group: list[Atom]) -> Span | None:
    for before, after in pairwise(group):
        if after.join in ("-", "/"):
            after.circa |= before.circa
            after.leads |= before.leads
            after.perhaps |= before.leads
    spans = [
        Span(_edge(atom, atom.low), _edge(atom, atom.high), (atom,), atom.join)
        for atom in group
        if atom.kind != "present"
    ]
    if not spans:
        return None
    first = envelope(spans)
    if group[-1].kind == "present":
        first = Span(first.low, None, first.atoms, first.join)
    return first


def _narrow(spans: list[Span]) -> Span:
    """Beside the name of a period, several statements are ever closer ones: take what they share."""
    first, *rest = spans
    for span in rest:
        first = _intersection(first, span) or _union(first, span)
    return first


def _combine(spans: list[Span]) -> Span:
    first, *rest = spans
    for span in rest:
        if span.join in (",", "(", "") and first.coarse and _contains(first, span):
            first = span
        else:
            first = _union(first, span)
    return first


def _meets(first: Span, second: Span) -> bool:
    """Whether "after A" and "before B", or "A to before B", leave a span between them."""
    if first.low is None or second.high is None or second.low is not None:
        return False
    return first.low.year <= second.high.year and (first.high is None or second.join == "-")


def _contains(outer: Span, inner: Span) -> bool:
    if outer.low is None or outer.high is None or inner.low is None or inner.high is None:
        return False
    return outer.low.year <= inner.low.year and inner.high.year <= outer.high.year


def _union(first: Span, second: Span) -> Span:
    if _meets(first, second):
        return Span(first.low, second.high, first.atoms + second.atoms, first.join)
    low = None if first.low is None or second.low is None else min(first.low, second.low, key=_from)
    high = None if first.high is None or second.high is None else max(first.high, second.high, key=_until)
    return Span(low, high, first.atoms + second.atoms, first.join)


def _intersection(first: Span, second: Span) -> Span | None:
    lows = [edge for edge in (first.low, second.low) if edge is not None]
    highs = [edge for edge in (first.high, second.high) if edge is not None]
    low = max(lows, key=_from) if lows else None
    high = min(highs, key=_until) if highs else None
    if low is not None and high is not None and low.year > high.year:
        return None
    return Span(low, high, first.atoms + second.atoms, first.join)


def _from(edge: Edge) -> tuple[int, int, int]:
    return edge.year, edge.month if edge.month <= 12 else 0, edge.day


def _until(edge: Edge) -> tuple[int, int, int]:
    return edge.year, edge.month or 99, edge.day or 99
