"""What columns must look like, so that shifted rows are caught before they become wrong records."""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from assets.catalog.mapping.cells import Cells, text_of
from assets.catalog.profile import Checks
from assets.catalog.row import Finding, Rejection, SourceRow

Checked: TypeAlias = Callable[[SourceRow], tuple[Cells, "list[Finding] | Rejection"]]

_SHAPES: Final = {
    "year": re.compile(r"[+-]?\d{1,6}(?:\.0+)?"),
    "number": re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"),
    "integer": re.compile(r"[+-]?\d+"),
    "address": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S.*"),
    "date": re.compile(r".*\d.*", re.S),
}


def checker(checks: Checks, nothing: frozenset[str]) -> Checked:
    """Compiles the checks: cells that fail are taken out of the row with an error finding.

    Where ``reject_at`` or more cells of one row fail, its columns are shifted and the row is rejected.
    """
    shapes = [(column, wanted, _SHAPES[wanted].fullmatch) for column, wanted in checks.columns.items()]
    if not shapes:
        return lambda row: (row.cells, [])

    def check(row: SourceRow) -> tuple[Cells, list[Finding] | Rejection]:
        failed: list[tuple[str, str, str]] = []
        for column, wanted, fits in shapes:
            cell = row.cells.get(column)
            if cell is None or cell == "":
                continue
            text = text_of(cell, nothing)
            if text is not None and not fits(text):
                failed.append((column, wanted, text))
        if not failed:
            return row.cells, []
        if len(failed) >= checks.reject_at:
            found = "; ".join(
                f"{column} holds {text[:40]!r}, not {_a(wanted)}" for column, wanted, text in failed
            )
            reason = f"the columns look shifted: {found}"
            remedy = "Move the cells back under their columns, or quote the cell that holds a delimiter."
            return row.cells, Rejection(row.file, row.number, failed[0][0], reason, remedy, row.raw)
        bad = {column for column, _, _ in failed}
        return {key: value for key, value in row.cells.items() if key not in bad}, [
            Finding(
                "columns.shifted", "error", column, f"{column} is not {_a(wanted)}; it was left out", text
            )
            for column, wanted, text in failed
        ]

    return check


def _a(wanted: str) -> str:
    return f"an {wanted}" if wanted[0] in "aeiou" else f"a {wanted}"
