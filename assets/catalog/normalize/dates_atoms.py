"""Atoms of a date text: one point of time each, as the text names it."""

from dataclasses import dataclass, field
from typing import Final

from assets.catalog.normalize.eras import Era

Part = tuple[float, float]
MIDDLE: Final[Part] = (1 / 3, 2 / 3)
LINKS: Final = frozenset("-/|&")
"""Connectors that make one statement of two atoms; ``,`` ``;`` ``(`` and nothing begin a new one."""
BCE, HIJRI = -1, 2


@dataclass(slots=True)
class Atom:
    """One point of time as the text names it, before neighbors lend it their unit and era."""

    kind: str
    """``year``, ``decade``, ``unit``, ``bare`` (ordinal), ``small`` (number below 100), ``month``, ``era``,
    ``dynasty``, ``present``."""
    value: int
    start: int
    end: int
    digits: int = 0
    unit: int = 0
    """Years in the unit: 100 or 1000."""
    join: str = ""
    """Connector before it: ``-`` to, ``/`` slash, ``|`` or, ``&`` and, ``,`` ``;`` ``(`` or nothing."""
    part: Part | None = None
    calendar: int = 0
    bound: str = ""
    """``before`` and ``after`` its span; ``earlier`` ("by", "or earlier") and ``later`` take it in."""
    circa: bool = False
    perhaps: bool = False
    leads: bool = False
    """A "perhaps" before it, which covers the whole range that it opens."""
    month: int = 0
    day: int = 0
    era: Era | None = None
    phase: str = ""
    group: int = 0
    broken: bool = False
    """Words that nobody could read stand between it and the atom before."""
    low: int | None = None
    high: int | None = None


@dataclass(slots=True)
class Scan:
    """The atoms of a text and the stretches that were not understood."""

    atoms: list[Atom] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)
    short_year: bool = False
    """A year of two digits was taken for one of the 20th century."""
    order_unknown: bool = False
    """A numeric day whose day and month could be exchanged was read as a year only."""
