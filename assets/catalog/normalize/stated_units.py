"""The unit that a cell or a profile states in so many words: by the project's table, then by pint's registry.

Running text is read with the table alone: among free words pint finds units everywhere ("a" is a year, "pin"
a pico-inch). A column of units means one whatever it says, and may say fathoms, stone or microns. pint takes
half a second to load, so only a word that the table lacks loads it, and each is asked once.
"""

import re
from functools import cache, lru_cache
from math import log10
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from assets.catalog.normalize.units import Family, System, Unit, find_unit

if TYPE_CHECKING:
    from pint import UnitRegistry

_WORD: Final = re.compile(r"[a-zµμ]{3,}|[µμ]m")
"""What is asked of pint: shorter words have too many meanings, expressions are no name of a unit."""

_FAMILIES: Final[MappingProxyType[str, Family]] = MappingProxyType(
    {"meter": "length", "kilogram": "mass", "meter ** 3": "volume", "meter ** 2": "area", "second": "time"}
)
"""Family by pint's name of its SI unit."""


@lru_cache(maxsize=1024)
def stated_unit(text: str) -> Unit | None:
    """The unit named so ("in.", "Inches", "fathoms"), or ``None`` where it measures nothing museums state."""
    known = find_unit(text)
    if known is not None:
        return known
    word = text.strip().rstrip(".").lower()
    return _by_pint(word) if _WORD.fullmatch(word) else None


def _by_pint(word: str) -> Unit | None:
    from pint import PintError

    registry = _registry()
    try:
        one = registry.Quantity(1.0, word)
    except PintError:
        return None
    in_si = one.to_base_units()
    family, factor = _FAMILIES.get(str(in_si.units)), float(in_si.magnitude)
    return Unit(str(one.units), family, _system(family, factor), factor) if family else None


def _system(family: Family, factor: float) -> System:
    """Metric units are powers of ten of the SI unit; the customary units of no country are."""
    if family == "time":
        return "time"
    power = log10(factor)
    return "metric" if abs(power - round(power)) < 1e-9 else "imperial"


@cache
def _registry() -> "UnitRegistry[float]":
    from pint import UnitRegistry

    return UnitRegistry()
