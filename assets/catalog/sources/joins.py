"""Tables joined by key: side tables in memory, the main table streamed past them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from assets.catalog.mapping.cells import Cells, JoinedRow, finder, text_of
from assets.catalog.profile import Join, nearest
from assets.catalog.row import Cell, Finding, Rejection, SourceError, SourceRow

_NOTHING: frozenset[str] = frozenset()
_EXAMPLES: Final = 3


class SideTable:
    """One joined table, its rows by key. Memory grows with the table."""

    def __init__(self, join: Join, rows: Iterable[SourceRow | Rejection]) -> None:
        self._join = join
        self._find = finder(join.key)
        self._rows: dict[str, list[tuple[JoinedRow, bytes]]] = {}
        self._met: set[str] = set()
        self._keyless: list[JoinedRow] = []
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
            joined = JoinedRow(row.cells, row.file, row.number)
            keys = [text_of(cell, _NOTHING) for cell, _ in self._find(row.cells)]
            for key in keys:
                if key is not None:
                    self._rows.setdefault(key, []).append((joined, row.raw))
            if not any(keys):
                self._keyless.append(joined)
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

    def unmatched(self) -> Finding | None:
        """What to say of the rows that were hung nowhere, once all main rows went by; ``None`` for none."""
        used = {id(row) for key in self._met for row, _ in self._rows[key]}
        left = {
            id(row): (row, key)
            for key, rows in self._rows.items()
            for row, _ in rows
            if key not in self._met and id(row) not in used
        }
        rows = [(row, f"{self._join.key} {key!r}") for row, key in left.values()]
        rows += [(row, f"no {self._join.key}") for row in self._keyless]
        if not rows:
            return None
        rows.sort(key=lambda pair: (pair[0].file, pair[0].number))
        shown = ", ".join(f"{row.file} row {row.number} ({why})" for row, why in rows[:_EXAMPLES])
        are, more = ("row matches", "") if len(rows) == 1 else ("rows match", "such as ")
        message = f"join {self._join.name!r}: {len(rows)} {are} no main row and were not used: {more}{shown}"
        return Finding("source.unmatched_join", "note", rows[0][0].file, message)

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
            key = text_of(cell, _NOTHING) or ""
            rows = self._rows.get(key)
            if rows is None:
                continue
            self._met.add(key)
            for joined, raw in rows:
                matched.append(joined)
                used.append(raw)
        return matched
