"""Tables joined by key: side tables in memory, the main table streamed past them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assets.catalog.mapping.cells import Cells, JoinedRow, finder, text_of
from assets.catalog.profile import Join, nearest
from assets.catalog.row import Cell, Rejection, SourceError, SourceRow

_NOTHING: frozenset[str] = frozenset()


class SideTable:
    """One joined table, its rows by key. Memory grows with the table."""

    def __init__(self, join: Join, rows: Iterable[SourceRow | Rejection]) -> None:
        self._join = join
        self._find = finder(join.key)
        self._rows: dict[str, list[tuple[JoinedRow, bytes]]] = {}
        self.rejections: list[Rejection] = []
        """Rows of the side table that could not be read; they belong in the reject file too."""
        self._read(rows)

    def _read(self, rows: Iterable[SourceRow | Rejection]) -> None:
        seen: dict[str, None] = {}
        file = self._join.files[0]
        for row in rows:
            if isinstance(row, Rejection):
                self.rejections.append(row)
                continue
            file = row.file
            seen.update(dict.fromkeys(row.cells))
            for cell, _ in self._find(row.cells):
                key = text_of(cell, _NOTHING)
                if key is not None:
                    joined = JoinedRow(row.cells, row.file, row.number)
                    self._rows.setdefault(key, []).append((joined, row.raw))
        if seen and not self._rows:
            reason = f"join {self._join.name!r}: key names {self._join.key!r}, which no row holds"
            remedy = f"Correct key in that [[source.joins]]{nearest(self._join.key, seen)}."
            raise SourceError(file, reason, remedy)

    def hang(self, row: SourceRow) -> SourceRow:
        """The row with its joined rows under the join's name, and their bytes behind its own."""
        cells, used = dict(row.cells), list[bytes]()
        path, _, last = self._join.on.rpartition("[].")
        if path:
            cells[path] = self._hang_each(cells.get(path), last, used)
        else:
            cells[self._join.name] = self._matching(cells, self._join.on, used)
        return replace(row, cells=cells, raw=b"\n".join((row.raw, *used)) if used else row.raw)

    def _hang_each(self, elements: Cell, on: str, used: list[bytes]) -> Cell:
        if not isinstance(elements, list):
            return elements
        return [
            {**element, self._join.name: self._matching(element, on, used)}
            if isinstance(element, Mapping)
            else element
            for element in elements
        ]

    def _matching(self, cells: Cells, on: str, used: list[bytes]) -> Cell:
        matched: list[Cell] = []
        for cell, _ in finder(on)(cells):
            for joined, raw in self._rows.get(text_of(cell, _NOTHING) or "", ()):
                matched.append(joined)
                used.append(raw)
        return matched
