"""A rule that reads one cell gives the same for the same text: its answers are remembered by text."""

from typing import Any, Final, NamedTuple

from assets.catalog.field_rules import FieldRule
from assets.catalog.mapping.choice import Apply
from assets.catalog.mapping.draft import Draft
from assets.catalog.record import Origin
from assets.catalog.row import Finding, SourceRow

_TEXTS: Final = 16_384
"""Answers kept a rule."""

_TRIED: Final = 2_048
"""New texts after which a rule is asked how often texts repeat."""

_WORTH: Final = 2
"""Rows a text below which looking answers up costs what it saves."""

_NOWHERE: Final = SourceRow("", 0, {}, b"")


class _Answer(NamedTuple):
    values: dict[str, Any]
    provenance: dict[str, Origin]
    findings: list[Finding]


def reads_one_cell(rule: FieldRule) -> bool:
    """Whether what a rule gives hangs on the text of one column alone."""
    return len(rule.columns) == 1 and len(rule.paths) == 1 and not rule.parts() and rule.when is None


def remembered(apply: Apply, column: str) -> Apply:
    """A compiled rule that reads ``column`` alone, with its answers kept by text.

    An answer is taken over only into a record that has nothing yet in the fields it fills: pointers, and
    whether something is said twice, hang on what is there. A rule whose texts hardly repeat is applied as
    before.
    """
    answers: dict[str, _Answer] = {}
    rows = 0
    repeats = True

    def learn(cell: str) -> _Answer:
        nonlocal repeats
        alone = Draft(_NOWHERE, {column: cell})
        apply(alone)
        answer = _Answer(alone.values, alone.provenance, alone.findings)
        if len(answers) < _TEXTS:
            answers[cell] = answer
        if len(answers) == _TRIED and rows < _WORTH * _TRIED:
            repeats = False
            answers.clear()
        return answer

    def recall(draft: Draft) -> None:
        nonlocal rows
        cell = draft.cells.get(column)
        if not repeats or type(cell) is not str:
            apply(draft)
            return
        rows += 1
        values, provenance, findings = answers.get(cell) or learn(cell)
        filled = draft.values
        if not filled.keys().isdisjoint(values):
            apply(draft)
            return
        for field, value in values.items():
            filled[field] = value.copy() if type(value) is list else value
        draft.provenance.update(provenance)
        if findings:
            draft.findings += findings

    return recall
