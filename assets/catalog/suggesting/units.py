"""Columns that state the unit of the measures beside them: ``LENGTHUNIT``, ``weight_unit``, ``Units``."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from assets.catalog.normalize.units import find_unit
from assets.catalog.suggesting.columns import Column
from assets.catalog.suggesting.headers import words

Family = Literal["length", "mass"]

_NAMED: Final = "(?:units?|uom|maßeinheit|masseinheit|einheit(?:en)?|unités?|unidad(?:es)?|unità|eenheid)"
_SUFFIX: Final = "(?:of|de|di|measure(?:ment)?s?|mesure|medida|misura)*"
_CALLED: Final = re.compile(rf"(?P<ahead>.*?){_NAMED}{_SUFFIX}|{_NAMED}(?:of|de|di)?(?P<behind>.+)")
_KNOWN: Final = 0.8
"""Share of values that must be units."""
_SHOWN: Final = 4
_OF_ALL: Final[dict[Family, frozenset[str]]] = {
    "length": frozenset(("length", "linear", "size", "länge", "longueur", "longitud", "lunghezza", "lengte")),
    "mass": frozenset(("weight", "mass", "gewicht", "poids", "peso")),
}
"""What a column of units for every measure of a family is called after."""
_OF_ANY: Final = frozenset(
    ("", "measure", "measurement", "measurements", "dimension", "dimensions", "dim", "item", "object")
)


@dataclass(frozen=True, slots=True)
class UnitColumn:
    """A column of units of one family."""

    path: str
    about: str
    """What its name says it is the unit of, without blanks; empty where it says nothing."""
    unit: str
    """The unit in most rows."""
    told: str
    """How often each unit is met, for a person."""
    by_row: bool
    """Whether it is one cell of the row, and not inside a list."""


def unit_columns(columns: Iterable[Column], family: Family) -> list[UnitColumn]:
    """The columns of the sample that state units of ``family``."""
    found: list[UnitColumn] = []
    for column in columns:
        called = _CALLED.fullmatch("".join(words(_last(column.path))))
        if called is None:
            continue
        known = [unit for unit in map(find_unit, column.values) if unit is not None]
        counts = Counter(unit.name for unit in known if unit.family == family)
        if counts and len(known) >= _KNOWN * len(column.values):
            shown = ", ".join(f"{unit} in {count}" for unit, count in counts.most_common(_SHOWN))
            told = f"{shown} of {len(column.values)} rows that state one"
            about = called["ahead"] if called["behind"] is None else called["behind"]
            most = counts.most_common(1)[0][0]
            found.append(UnitColumn(column.path, about, most, told, "[]" not in column.path))
    return found


def unit_beside(path: str, kind: str, columns: Iterable[Column]) -> UnitColumn | None:
    """The column of units of the measure at ``path``: one named after it, else one of all measures."""
    family: Family = "mass" if kind == "weight" else "length"
    near = [one for one in unit_columns(columns, family) if _folder(one.path) == _folder(path)]
    for names in (frozenset(("".join(words(_last(path))), kind)), _OF_ALL[family], _OF_ANY):
        for one in near:
            if one.about in names:
                return one
    return None


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _folder(path: str) -> str:
    return path.rpartition(".")[0]
