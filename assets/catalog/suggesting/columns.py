"""Columns of a sample, and what their values look like."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from statistics import median
from typing import Any, Final

from assets.catalog.mapping.cells import text_of
from assets.catalog.normalize.dates import read_date
from assets.catalog.normalize.dimensions import read_dimensions
from assets.catalog.normalize.terms import read_materials, read_object_types
from assets.catalog.record import Term
from assets.catalog.row import Cell, Reading, SourceRow
from assets.catalog.suggesting.headers import unit_in

_DEPTH: Final = 5
_DISTINCT: Final = 300
"""Distinct values that the readers are tried on."""
_NOTHING: Final = frozenset(("null", "nan", "n/a"))

_YEAR: Final = re.compile(r"[+-]?\d{1,4}(?:\.0)?(?:-\d\d-\d\d(?:[T ].*)?)?")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_ADDRESS: Final = re.compile(r"https?://\S+", re.I)
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|tiff?|gif|webp)\b|iiif|image|thumb|/media/", re.I)
_ACCESSION: Final = re.compile(
    r"(?=.*\d)[A-Za-z]{0,5}[ .:-]?\d+(?:[ .,/:-]+[A-Za-z]{0,4}\d*[a-zA-Z-]*){1,6}|[A-Z]{1,4}\d{3,}"
)
_NAME: Final = re.compile(r"(?:[^\W\d_][\w.'’-]*[ ,]*){2,6}(?:\(.*\))?")
_KEY: Final = re.compile(r"[\w:./-]{1,80}")


@dataclass
class Column:
    """One column, or one path of a JSON document, over the sample."""

    path: str
    rows: int = 0
    """Rows of the sample that hold something here."""
    values: list[str] = field(default_factory=list)

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """Distinct values in the order met, at most as many as the readers are tried on."""
        return tuple(dict.fromkeys(self.values))[:_DISTINCT]

    @cached_property
    def repeats(self) -> float:
        """Share of values that were met before; 0 for a key."""
        return 1 - len(set(self.values)) / len(self.values) if self.values else 0.0

    @cached_property
    def length(self) -> float:
        """Median number of characters."""
        return median(map(len, self.distinct)) if self.values else 0.0

    def share(self, fits: Callable[[str], object]) -> float:
        """Share of distinct values that fit."""
        return sum(map(bool, map(fits, self.distinct))) / len(self.distinct) if self.distinct else 0.0

    @cached_property
    def years(self) -> float:
        """Share of bare years or ISO days."""
        return self.share(_is_year)

    @cached_property
    def numbers(self) -> float:
        """Share of bare numbers."""
        return self.share(_NUMBER.fullmatch)

    @cached_property
    def addresses(self) -> float:
        """Share of web addresses."""
        return self.share(_ADDRESS.match)

    @cached_property
    def pictures(self) -> float:
        """Share of web addresses that look like pictures."""
        return self.share(lambda text: _ADDRESS.match(text) and _PICTURE.search(text))

    @cached_property
    def dates(self) -> float:
        """Share that the date reader understands."""
        return self.share(lambda text: len(text) < 120 and _read(read_date, text))

    @cached_property
    def dimensions(self) -> float:
        """Share that holds dimensions, with a unit of their own or the header's."""
        read = partial(read_dimensions, default_unit=unit_in(self.path))
        return self.share(lambda text: not _NUMBER.fullmatch(text) and _read(read, text))

    @cached_property
    def materials(self) -> float:
        """Share in which a material of the authority table is met."""
        return self.share(lambda text: len(text) < 200 and _known(read_materials, text))

    @cached_property
    def types(self) -> float:
        """Share in which an object type of the authority table is met."""
        return self.share(lambda text: len(text) < 60 and _known(read_object_types, text))

    @cached_property
    def accessions(self) -> float:
        """Share that is shaped like an accession number."""
        return self.share(lambda text: _ACCESSION.fullmatch(text) and not _is_date(text))

    @cached_property
    def keys(self) -> float:
        """Share without blanks, as keys are."""
        return self.share(_KEY.fullmatch)

    @cached_property
    def names(self) -> float:
        """Share shaped like a name of a person: a few words that begin with capitals."""
        return self.share(lambda text: len(text) < 60 and _NAME.fullmatch(text) and _capitals(text))


def columns_of(rows: Iterable[SourceRow]) -> list[Column]:
    """Every column or path of the rows, in the order met."""
    columns: dict[str, Column] = {}
    for row in rows:
        met: set[str] = set()
        for name, cell in row.cells.items():
            _collect(columns, met, name, cell)
        for path in met:
            columns[path].rows += 1
    return list(columns.values())


def _collect(columns: dict[str, Column], met: set[str], path: str, cell: Cell) -> None:
    if path.count(".") >= _DEPTH:
        return
    if isinstance(cell, dict):
        for key, value in cell.items():
            _collect(columns, met, f"{path}.{key}", value)
    elif isinstance(cell, list):
        for element in cell:
            _collect(columns, met, f"{path}[]", element)
    else:
        column = columns.setdefault(path, Column(path))
        text = text_of(cell, _NOTHING)
        if text is not None:
            met.add(path)
            column.values.append(text)


def _is_year(text: str) -> bool:
    return bool(_YEAR.fullmatch(text)) and (len(text) > 2 or text == "0")


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}(?:-\d{1,4}){1,2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{4}\s*[-–]\s*\d{2,4}", text))


def _capitals(text: str) -> bool:
    first = [word[0] for word in re.findall(r"[^\W\d_]+", text)]
    return sum(map(str.isupper, first)) * 2 >= len(first)


def _read(reader: Callable[[str], Reading[Any]], text: str) -> bool:
    return bool(reader(text).values)


def _known(reader: Callable[[str], Reading[Term]], text: str) -> bool:
    return any(term.uri for term in reader(text).values)
