"""Cells that were read before are not read again.

What a rule makes of a row depends on nothing but the cells it reads, as long as no rule before it filled
the same part of the record. Makers, dates, media and departments repeat over a collection, so most of a row
has been read before; a rule whose cells hardly ever repeat (titles, sizes) stops remembering.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from assets.catalog.field_rules import FieldRule
from assets.catalog.mapping.cells import Cells, is_column
from assets.catalog.mapping.choice import Apply
from assets.catalog.mapping.draft import Draft
from assets.catalog.record import Origin
from assets.catalog.row import Finding, SourceRow

_KEPT: Final = 8_192
"""Cells kept a rule."""
_TRIED: Final = 2_000
"""Lookups after which a rule that found less than a quarter of its cells stops looking."""

_EMPTY: Final = SourceRow("", 0, {}, b"")


@dataclass(frozen=True, slots=True)
class _Made:
    """What a rule made of its cells alone."""

    lists: tuple[tuple[str, list[Any]], ...]
    singles: dict[str, Any]
    provenance: dict[str, Origin]
    findings: list[Finding]
    fields: frozenset[str]
    """Parts of the record that must still be empty for this to hold."""


def remembered(rule: FieldRule, apply: Apply) -> Apply:
    """The same rule; ``apply`` itself where it reads more than columns of the row."""
    columns = rule.columns
    if rule.reads_elements() or not columns or not all(map(is_column, columns)):
        return apply
    return _Remembering(apply, columns, str(getattr(rule, "to", ""))).apply


class _Remembering:
    def __init__(self, apply: Apply, columns: tuple[str, ...], to: str) -> None:
        self._apply = apply
        self._columns = columns
        self._only = columns[0] if len(columns) == 1 else None
        self._to = to
        self._recall = lru_cache(_KEPT)(self._read)
        self._tried = 0

    def apply(self, draft: Draft) -> None:
        cells, values = draft.cells, draft.values
        if self._recall is None or self._to in values:
            self._apply(draft)
            return
        key = cells.get(self._only) if self._only is not None else self._key(cells)
        if type(key) not in (str, tuple):
            self._apply(draft)
            return
        made = self._recall(key)
        if not made.fields.isdisjoint(values):
            self._apply(draft)
            return
        for field, several in made.lists:
            values[field] = several.copy()
        values.update(made.singles)
        draft.provenance.update(made.provenance)
        draft.findings += made.findings
        self._tried += 1
        if self._tried == _TRIED and self._recall.cache_info().hits * 4 < _TRIED:
            self._recall = None

    def _key(self, cells: Cells) -> tuple[str, ...] | None:
        found = tuple([cells.get(column, "") for column in self._columns])
        return found if all(type(cell) is str for cell in found) else None  # type: ignore[return-value]

    def _read(self, key: str | tuple[str, ...]) -> _Made:
        found = (key,) if isinstance(key, str) else key
        draft = Draft(_EMPTY, dict(zip(self._columns, found, strict=True)))
        self._apply(draft)
        values = draft.values
        return _Made(
            lists=tuple((field, value) for field, value in values.items() if isinstance(value, list)),
            singles={field: value for field, value in values.items() if not isinstance(value, list)},
            provenance=draft.provenance,
            findings=draft.findings,
            fields=frozenset(values),
        )
