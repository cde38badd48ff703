"""Lists of one row that belong together by position: ``"Artist": ["A", "B"], "BeginDate": [1895, 1847]``."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from assets.catalog.mapping.cells import Cells, listed, part, text_of
from assets.catalog.row import Cell


class SideBySide(NamedTuple):
    """Names with what stands at their position in the lists beside them."""

    named: list[tuple[str, tuple[str | None, ...]]]
    unpaired: list[tuple[str, str]]
    """Path and content of lists with another number of elements; whose is whose is not known."""


Pairing: TypeAlias = Callable[[Cells], SideBySide | None]


def pairing(names: tuple[str, ...], beside: tuple[str | None, ...], nothing: frozenset[str]) -> Pairing:
    """Compiles the reading of several names in a list with the lists ``beside`` it.

    It gives ``None`` where the names are no list, or only one. The first path of ``beside`` is the role: a
    role that is no list is everybody's. Anything else that is none belongs to the first name.
    """
    find = listed(names)
    finders = [(path, listed(path), part(path, nothing)) for path in beside]

    def pair(cells: Cells) -> SideBySide | None:
        found = find(cells)
        if found is None or len(found) < 2:
            return None
        columns: list[list[str | None]] = []
        unpaired: list[tuple[str, str]] = []
        for position, (path, get_list, get) in enumerate(finders):
            values = get_list(cells) if path else None
            if values is not None and len(values) == len(found):
                columns.append([_text(value, nothing) for value in values])
            elif path and values is not None and len(values) > 1:
                columns.append([None] * len(found))
                unpaired.append((path, ", ".join(_text(value, nothing) or "" for value in values)))
            else:
                only = get(cells)
                columns.append([only] + [None if position else only] * (len(found) - 1))
        texts = [_text(name, nothing) for name in found]
        named = [(text, own) for text, *own in zip(texts, *columns, strict=True) if text is not None]
        return SideBySide([(text, tuple(own)) for text, own in named], unpaired)

    return pair


def paired(names: tuple[str, ...], beside: tuple[str | None, ...]) -> Callable[[Cells], bool]:
    """Compiles whether several names in a list have a list of the same length beside them."""
    find, others = listed(names), [listed(path) for path in beside if path]

    def holds(cells: Cells) -> bool:
        found = find(cells)
        return found is not None and any(len(other(cells) or ()) == len(found) for other in others)

    return holds


def _text(cell: Cell, nothing: frozenset[str]) -> str | None:
    while isinstance(cell, list) and cell:
        cell = cell[0]
    return text_of(cell, nothing)
