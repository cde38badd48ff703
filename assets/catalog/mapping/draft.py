"""A record in the making: values by field, where each came from, and what was noticed."""

from functools import lru_cache
from typing import Any, Final

from assets.catalog.mapping.cells import Cells, JoinedRow
from assets.catalog.record import Origin, SourceRef
from assets.catalog.row import Finding, Severity, SourceRow

_LISTS: Final = (
    "titles", "texts", "object_types", "subjects", "makers", "phases", "materials", "techniques",
    "dimensions", "cultures", "periods", "places", "images", "scans", "relations", "identifiers",
)  # fmt: skip
_POINTERS: Final = {field: tuple(f"/{field}/{n}" for n in range(64)) for field in _LISTS}


def origin(source: int, field: str, text: str | None, by: str) -> Origin:
    """An Origin; of values that are their own text, equal ones are the same object."""
    if text is None:
        return _copied(source, field, by)
    values = {"source": source, "field": field, "text": text, "by": by}
    return Origin.assembled(values) if text.isascii() else Origin.model_validate(values)


@lru_cache(1024)
def _copied(source: int, field: str, by: str) -> Origin:
    return Origin(source=source, field=field, by=by)


class Draft:
    """Collects what the rules of one profile make of one row."""

    __slots__ = ("cells", "findings", "provenance", "sources", "values")

    def __init__(self, row: SourceRow, cells: Cells) -> None:
        self.cells = cells
        self.values: dict[str, Any] = {}
        self.provenance: dict[str, Origin] = {}
        self.findings: list[Finding] = []
        # A file's name is a text without rules, beyond ASCII too: validation would ask no more of it.
        self.sources = [SourceRef.assembled({"file": row.file, "row": row.number})]

    def source_of(self, row: JoinedRow | None) -> int:
        """Position in ``sources`` of the row a value stands in."""
        if row is None:
            return 0
        reference = SourceRef(file=row.file, row=row.number)
        if reference not in self.sources:
            self.sources.append(reference)
        return self.sources.index(reference)

    def add(self, field: str, value: object, origin: Origin, *, unique: bool = True) -> str:
        """Adds one value to a list field, if ``unique`` only a new one; returns its pointer."""
        values = self.values.get(field)
        if values is None:
            self.values[field] = [value]
            pointer = _POINTERS[field][0]
        elif unique and value in values:
            return f"/{field}/{values.index(value)}"
        else:
            pointer = _POINTERS[field][len(values)] if len(values) < 64 else f"/{field}/{len(values)}"
            values.append(value)
        self.provenance[pointer] = origin
        return pointer

    def put(self, field: str, value: object, origin: Origin) -> str:
        """Sets a single field; the first value stays."""
        if field not in self.values:
            self.values[field] = value
            self.provenance[f"/{field}"] = origin
        return f"/{field}"

    def note(self, rule: str, severity: Severity, pointer: str, message: str, text: str = "") -> None:
        """Adds a finding."""
        self.findings.append(Finding(rule, severity, pointer, message, text))

    def note_unmapped(self, field: str, unread: str, text: str) -> None:
        """Adds the finding that the authority table does not hold a part of ``text``."""
        message = f"not in the authority table: {unread!r}"
        self.findings.append(Finding(f"{field}.unmapped", "note", f"/{field}", message, text, unread))
