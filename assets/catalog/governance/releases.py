"""A new release of a known source against the last one: what must not pass without a person's word.

Pure rules. Each alarm is a :class:`Finding` of severity ``error`` whose message carries counts and
examples; thresholds are the profile's ``governance.release``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assets.catalog.governance.columns import ColumnProfile, ColumnsProfile
from assets.catalog.governance.policy import ReleaseLimits
from assets.catalog.row import Finding

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class IdentifierChange:
    """Identifiers of the last release and of the new one."""

    shown: int
    """Records of this source that are shown now."""
    removed: int
    lost: Sequence[str]
    """Ids that the new release lacks, all or the first of them."""
    collisions: Sequence[str]
    """Ids that stand in more than one row of the new release, each as often as it was refused."""


def compare_identifiers(
    change: IdentifierChange, present: Callable[[Iterable[str]], set[str]], limits: ReleaseLimits
) -> Iterator[Finding]:
    """Alarms about identifiers; ``present`` tells which of some ids the new release holds."""
    damaged = damaged_identifiers(change.lost, present)
    if damaged:
        pairs = ", ".join(f"{old} is now {new}" for old, new in damaged[:EXAMPLES])
        yield _alarm(
            "release.damaged-identifiers",
            f"{len(damaged)} identifiers look rounded or cut: {pairs}. Ask for an export with the column "
            "formatted as text",
        )
    if change.removed > limits.lost_share * change.shown:
        yield _alarm(
            "release.lost-identifiers",
            f"{change.removed} of {change.shown} records are not in the new release: "
            f"{_examples(change.lost)}. Accept only where the institution took them out",
        )
    if change.collisions:
        distinct = sorted(set(change.collisions))
        yield _alarm(
            "release.colliding-identifiers",
            f"{len(distinct)} identifiers stand in more than one row: {_examples(distinct)}. "
            "Only the first row of each can be taken",
        )


def damaged_identifiers(
    lost: Sequence[str], present: Callable[[Iterable[str]], set[str]]
) -> list[tuple[str, str]]:
    """Lost ids whose rounded, trimmed or case-folded form is present, with that form."""
    forms = {identifier: damaged_forms(identifier) for identifier in lost}
    found = present({form for several in forms.values() for form in several})
    return [(old, form) for old, several in forms.items() for form in several if form in found]


def damaged_forms(identifier: str) -> tuple[str, ...]:
    """What a spreadsheet may make of an identifier: ``2010.80`` becomes ``2010.8``, ``007`` becomes ``7``."""
    institution, _, name = identifier.partition(":")
    forms = set()
    if "." in name and name.replace(".", "", 1).isdecimal():
        forms |= {name.rstrip("0"), name.rstrip("0").rstrip("."), name + "0", f"{name}.0"}
        forms.add(f"{float(name):.2e}".upper())
    if name.isdecimal():
        forms |= {name.lstrip("0"), f"{name}.0"}
    forms |= {name.strip(), name.upper(), name.lower(), name.replace(" ", "")}
    return tuple(sorted(f"{institution}:{form}" for form in forms - {name, ""}))


def compare_columns(
    before: ColumnsProfile, after: ColumnsProfile, limits: ReleaseLimits
) -> Iterator[Finding]:
    """Alarms about columns: missing, emptied, shifted, collapsed, wrongly decoded."""
    for name, old in before.columns.items():
        if old.filled < limits.fewest_records:
            continue
        new = after.columns.get(name)
        if new is None:
            yield _alarm(
                "release.column-missing", f"column {name!r} gives no value any more", name, old.example
            )
        else:
            yield from _compare_column(name, (old, before.records), (new, after.records), limits)


def _compare_column(
    name: str, before: tuple[ColumnProfile, int], after: tuple[ColumnProfile, int], limits: ReleaseLimits
) -> Iterator[Finding]:
    (old, old_records), (new, new_records) = before, after
    then, now = old.filled / old_records, new.filled / max(new_records, 1)
    if then - now > limits.emptied_share:
        yield _alarm(
            "release.emptied-column", f"column {name!r} was filled in {then:.0%}, now in {now:.0%}", name
        )
    if new.filled < limits.fewest_records:
        return
    shift = sum(abs(old.shapes.get(s, 0) - new.shapes.get(s, 0)) for s in {*old.shapes, *new.shapes}) / 2
    if shift > limits.shape_shift:
        yield _alarm(
            "release.shifted-column",
            f"column {name!r} held values such as {old.example!r}, now such as {new.example!r} "
            f"({shift:.0%} of the values are of another shape): a column may have been moved",
            name,
            new.example,
        )
    if new.top_share - old.top_share > limits.top_share_rise:
        yield _alarm(
            "release.collapsed-values",
            f"column {name!r} had {old.distinct} different values, now {new.distinct}; one of them stands "
            f"in {new.top_share:.0%} of the rows",
            name,
            new.example,
        )
    if new.damaged / new.filled - old.damaged / old.filled > limits.damaged_share:
        yield _alarm(
            "release.encoding",
            f"{new.damaged} values of column {name!r} look decoded with the wrong encoding, e.g. "
            f"{new.example!r} (before: {old.damaged}). State the file's encoding in the profile",
            name,
            new.example,
        )


def compare_encodings(before: dict[str, str], after: dict[str, str]) -> Iterator[Finding]:
    """Alarms about files whose character encoding is not what it was; keys are file names."""
    old, new = sorted(set(before.values())), sorted(set(after.values()))
    if old and new and old != new:
        yield _alarm(
            "release.encoding-changed",
            f"the files were {', '.join(old)}, now {', '.join(new)}: another program wrote this export",
        )


def _alarm(rule: str, message: str, pointer: str = "", text: str = "") -> Finding:
    return Finding(rule, "error", pointer, message, text)


def _examples(names: Sequence[str]) -> str:
    shown = ", ".join(names[:EXAMPLES])
    return f"{shown} and {len(names) - EXAMPLES} more" if len(names) > EXAMPLES else shown
