"""Paths into a row: ``Title``, ``dateRange.text``, ``contributors[].mda``, and what stands there as text."""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from assets.catalog.row import Cell

Cells: TypeAlias = Mapping[str, Cell]
Found: TypeAlias = "tuple[Cell, JoinedRow | None]"
"""A value, and the joined row it stands in where it is not in the row itself."""
Finder: TypeAlias = Callable[[Cells], list[Found]]
Part: TypeAlias = Callable[[Cells], str | None]

_STEP: Final = re.compile(r"\.|(\[\])")


class JoinedRow(dict[str, Cell]):
    """A row of a joined table, with the place it came from."""

    __slots__ = ("file", "number")

    def __init__(self, cells: Cells, file: str, number: int) -> None:
        super().__init__(cells)
        self.file = file
        self.number = number


def head(path: str) -> str:
    """The column or key that a path begins with."""
    return path.partition("[")[0].partition(".")[0]


def text_of(cell: Cell, nothing: frozenset[str]) -> str | None:
    """A cell as text without outer blanks; ``None`` where it holds nothing, or holds no single value."""
    if type(cell) is str:
        text = cell.strip()
        return text if text and text.lower() not in nothing else None
    if cell is None or isinstance(cell, list | dict):
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def finder(path: str) -> Finder:
    """Compiles a path. A row that has the whole path as a column name is read by that name."""
    steps = [step for step in _STEP.split(path) if step]
    if len(steps) == 1:
        return _column(path)

    def find(cells: Cells) -> list[Found]:
        if path in cells:
            return _spread(cells[path], None)
        found: list[Found] = [(cells, None)]  # type: ignore[list-item]
        for step in steps:
            found = _each(found) if step == "[]" else _enter(found, step)
            if not found:
                return found
        return [value for cell, row in found for value in _spread(cell, row)]

    return find


def _column(name: str) -> Finder:
    def find(cells: Cells) -> list[Found]:
        return _spread(cells.get(name), None)

    return find


def _spread(cell: Cell, row: JoinedRow | None) -> list[Found]:
    if cell is None:
        return []
    if isinstance(cell, list):
        return [value for element in cell for value in _spread(element, _owner(element, row))]
    return [(cell, row)]


def _each(found: list[Found]) -> list[Found]:
    return [
        (element, _owner(element, row)) for cell, row in found if isinstance(cell, list) for element in cell
    ]


def _enter(found: list[Found], step: str) -> list[Found]:
    entered: list[Found] = []
    for cell, row in found:
        if isinstance(cell, list):
            entered += _enter([(element, _owner(element, row)) for element in cell], step)
        elif isinstance(cell, Mapping) and cell.get(step) is not None:
            entered.append((cell[step], row))
    return entered


def _owner(element: Cell, row: JoinedRow | None) -> JoinedRow | None:
    return element if isinstance(element, JoinedRow) else row


def _column_part(name: str, nothing: frozenset[str]) -> Part:
    limit = max(map(len, nothing), default=0)

    def one(cells: Cells) -> str | None:
        cell = cells.get(name)
        if type(cell) is not str:
            return None if cell is None else text_of(_first(cell), nothing)
        text = cell.strip()
        return text if text and (len(text) > limit or text.lower() not in nothing) else None

    return one


def _first(cell: Cell) -> Cell:
    return _first(cell[0]) if isinstance(cell, list) and cell else cell


def listed(path: str | tuple[str, ...] | None) -> Callable[[Cells], list[Cell] | None]:
    """The list that the first of the paths that holds anything leads to; ``None`` for any other value.

    A path into the elements of a list (``people[].name``) is no list of its own.
    """
    paths = (path,) if isinstance(path, str) else path or ()
    routes = [(one.removesuffix("[]"), one.removesuffix("[]").split(".")) for one in paths]

    def find(cells: Cells) -> list[Cell] | None:
        for whole, steps in routes:
            cell = cells.get(whole)
            if cell is None and len(steps) > 1:
                cell = _walk(cells, steps)
            if cell is not None and cell != "":
                return cell if isinstance(cell, list) else None
        return None

    return find


def _walk(cells: Cells, steps: list[str]) -> Cell:
    found: Cell = cells  # type: ignore[assignment]
    for step in steps:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def part(path: str | tuple[str, ...] | None, nothing: frozenset[str]) -> Part:
    """The first text that one of the paths leads to; always ``None`` for no path."""
    paths = (path,) if isinstance(path, str) else path or ()
    if len(paths) == 1 and not _STEP.search(paths[0]):
        name = paths[0]
        return _column_part(name, nothing)
    finders = [finder(single) for single in paths]

    def first(cells: Cells) -> str | None:
        for find in finders:
            for cell, _ in find(cells):
                text = text_of(cell, nothing)
                if text is not None:
                    return text
        return None

    return first
