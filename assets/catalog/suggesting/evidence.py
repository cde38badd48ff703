"""How likely a column is to fill a part of the record: what it is called, and what its values look like.

Confidence is a judgment by rule, not a probability: 0.65 for the name and 0.35 for the values where both
speak, less where only one does. How often it is right is measured in the tests, by institution.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from assets.catalog.suggesting.columns import Column
from assets.catalog.suggesting.headers import ROLES, Role, roles_of, words

_BY_NAME: Final = 0.65
_BY_VALUES: Final = 0.35


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column for a role."""

    role: Role
    column: Column
    confidence: float
    """0..1."""
    by_name: float
    by_values: float
    """Share of values that fit, 0..1."""


def _text(column: Column) -> float:
    words = column.length > 2 and column.numbers < 0.5 and column.addresses < 0.3
    return 0.7 if words else 0.0


def _prose(column: Column) -> float:
    return min(1.0, column.length / 120) if _text(column) else 0.0


def _key(column: Column) -> float:
    return column.keys * (1.0 if column.repeats == 0 else 0.4 if column.repeats < 0.02 else 0.0)


def _terms(column: Column) -> float:
    if len(column.distinct) == 1 and len(column.values) > 1:
        return 0.2  # the same word everywhere tells nothing of the artifact
    return min(1.0, column.repeats * 1.3) if _text(column) and column.length < 60 else 0.0


def _measures(column: Column) -> float:
    return column.numbers if column.years < 1.0 or column.length < 4 else 0.3 * column.numbers


_LOOKS: Final[dict[Role, Callable[[Column], float]]] = {
    "id": _key,
    "accession": lambda c: c.accessions if c.repeats < 0.2 else 0.0,
    "title": lambda c: _text(c) * (1.0 if c.length < 120 else 0.3) if c.repeats < 0.9 else 0.2,
    "alternative-title": _text,
    "description": _prose,
    "inscription": _text,
    "provenance": _prose,
    "bibliography": _prose,
    "exhibitions": _prose,
    "maker": lambda c: max(c.names, 0.3 * _text(c)),
    "maker-role": _terms,
    "maker-born": lambda c: c.years,
    "maker-died": lambda c: c.years,
    "maker-nationality": _terms,
    "maker-uri": lambda c: c.addresses,
    "date": lambda c: c.dates,
    "earliest": lambda c: c.years,
    "latest": lambda c: c.years,
    "medium": lambda c: c.materials,
    "object-type": lambda c: max(c.types, 0.7 * _terms(c)),
    "dimensions": lambda c: c.dimensions,
    "height": _measures,
    "width": _measures,
    "depth": _measures,
    "diameter": _measures,
    "weight": _measures,
    "culture": _terms,
    "period": _terms,
    "place-made": _terms,
    "place-found": lambda c: max(_terms(c), 0.5 * _text(c)),
    "subject": _terms,
    "department": _terms,
    "credit-line": _text,
    "acquired": lambda c: c.dates,
    "rights": lambda c: 0.5 + 0.5 * c.repeats,
    "image": lambda c: c.pictures,
    "page": lambda c: c.addresses,
}

_UNNAMED: Final[dict[Role, float]] = {
    "accession": 0.45, "dimensions": 0.55, "image": 0.55, "medium": 0.4, "date": 0.35, "page": 0.35,
    "id": 0.2,
}  # fmt: skip
"""Roles that values alone may speak for, and how much."""


_ADDRESSES: Final = frozenset(("image", "page", "maker-uri"))
"""Roles that are nothing without an address."""
_ELSEWHERE: Final[dict[Role, frozenset[str]]] = {
    "place-made": frozenset(("birth", "death", "born", "died", "artist", "creator", "maker")),
    "place-found": frozenset(("birth", "death", "born", "died", "artist", "creator", "maker")),
    "rights": frozenset(("image", "images", "thumbnail", "media")),
}
"""Words in a path that speak of something else: the maker's birthplace, a picture's copyright."""


def candidates(column: Column) -> list[Candidate]:
    """Every role a column may fill, most likely first."""
    by_name, met = roles_of(column.path), frozenset(words(column.path))
    found: list[Candidate] = []
    for role in ROLES:
        name = by_name.get(role, 0.0)
        if (not name and role not in _UNNAMED) or met & _ELSEWHERE.get(role, frozenset()):
            continue
        values = _LOOKS[role](column) if column.values else 0.0
        confidence = _weigh(role, name, values, empty=not column.values)
        if confidence >= 0.2:
            found.append(Candidate(role, column, round(confidence, 2), round(name, 2), round(values, 2)))
    found.sort(key=lambda candidate: -candidate.confidence)
    return found


def _weigh(role: Role, name: float, values: float, *, empty: bool) -> float:
    if empty:
        return 0.5 * name
    if not name:
        return _UNNAMED[role] * values if values > 0.6 else 0.0
    together = _BY_NAME * name + _BY_VALUES * values
    # a name whose values say otherwise: a "Date" full of prose, an "image" full of numbers
    return together if values >= 0.15 else (0.25 if role in _ADDRESSES else 0.5) * name
