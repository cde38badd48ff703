"""A new release of a known source against the last one: what must not pass without a person's word.

Pure rules. Each alarm is a :class:`Finding` of severity ``error`` whose message carries counts and
examples; thresholds are the profile's ``governance.release``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from assets.catalog.governance.columns import ColumnProfile, ColumnsProfile
from assets.catalog.governance.policy import ReleaseLimits
from assets.catalog.row import Finding

EXAMPLES: Final = 5

_SPREADSHEET_DIGITS: Final = 15
"""Significant digits a spreadsheet keeps of a number (IEEE 754 double)."""

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE_LIKE: Final = re.compile(r"(\d{1,2})[-./](\d{1,2})")


@dataclass(frozen=True, slots=True)
class IdentifierChange:
    """Identifiers of the last release and of the new one."""

    shown: int
    """Records of this source that are shown now."""
    removed: int
    lost: Sequence[str]
    """Ids that the new release lacks, all or the first of them."""
    collisions: Sequence[str]
    """Ids that stand in more than one row of the new release and did not in the last one."""


class Renumbering(Protocol):
    """A record that kept its id while its accession number changed."""

    @property
    def artifact(self) -> str:
        """Its id."""

    @property
    def was(self) -> str:
        """The number it had."""

    @property
    def now(self) -> str:
        """The number it has; the id's own name where the new release states none."""

    @property
    def gone(self) -> bool:
        """No record of the new release bears the old number."""

    @property
    def bearers(self) -> int:
        """Records of the new release that bear the new number."""


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
    removed = change.removed - len(damaged)
    if removed > limits.lost_share * change.shown:
        cut = {old for old, _ in damaged}
        yield _alarm(
            "release.lost-identifiers",
            f"{removed} of {change.shown} records are not in the new release: "
            f"{_examples([name for name in change.lost if name not in cut])}. "
            "Accept only where the institution took them out",
        )
    if change.collisions:
        yield _alarm(
            "release.colliding-identifiers",
            f"{len(change.collisions)} identifiers stand in more than one row: "
            f"{_examples(change.collisions)}. Only the first row of each can be taken",
        )


@dataclass(slots=True)
class _Tally:
    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if self.count <= EXAMPLES:
            self.examples.append(example)

    def told(self) -> str:
        more = self.count - len(self.examples)
        return ", ".join(self.examples) + (f" and {more} more" if more else "")


def compare_accessions(
    changes: Iterable[Renumbering], shown: int, limits: ReleaseLimits
) -> Iterator[Finding]:
    """Alarms about accession numbers of records whose id is another key, and so did not change.

    ``changes`` come in order of their new number; ``shown`` is the number of records shown now.
    """
    damaged, lost, moved, shared = _Tally(), _Tally(), _Tally(), _Tally()
    last = ""
    for change in changes:
        kind = moved
        if change.now in damaged_values(change.was):
            kind = damaged
        elif change.gone:
            kind = lost
        kind.add(f"{change.was} is now {change.now} ({change.artifact})")
        if change.bearers > 1 and change.now != last:
            shared.add(f"{change.now} ({change.bearers} records)")
        last = change.now
    many = limits.lost_share * shown
    if damaged.count:
        yield _alarm(
            "release.damaged-accessions",
            f"{damaged.count} accession numbers look rounded or cut: {damaged.told()}. "
            "Ask for an export with the column formatted as text",
        )
    if lost.count > many:
        yield _alarm(
            "release.lost-accessions",
            f"{lost.count} accession numbers of {shown} records are not in the new release: {lost.told()}. "
            "Accept only where the institution gave other numbers",
        )
    if moved.count > many:
        yield _alarm(
            "release.moved-accessions",
            f"{moved.count} of {shown} records bear the number that another record had: {moved.told()}: "
            "a column may have been sorted or shifted apart from the others",
        )
    if shared.count:
        yield _alarm(
            "release.colliding-accessions",
            f"{shared.count} accession numbers now stand for several records: {shared.told()}",
        )


def damaged_identifiers(
    lost: Sequence[str], present: Callable[[Iterable[str]], set[str]]
) -> list[tuple[str, str]]:
    """Lost ids whose rounded, trimmed or case-folded form is present, with that form."""
    forms = {identifier: damaged_forms(identifier) for identifier in lost}
    found = present({form for several in forms.values() for form in several})
    return [(old, form) for old, several in forms.items() for form in several if form in found]


def damaged_forms(identifier: str) -> tuple[str, ...]:
    """What a spreadsheet may make of an artifact id, by :func:`damaged_values` of its number."""
    institution, _, name = identifier.partition(":")
    return tuple(f"{institution}:{form}" for form in damaged_values(name))


def damaged_values(name: str) -> tuple[str, ...]:
    """What a spreadsheet may make of a number: ``2010.80`` becomes ``2010.8``, ``007`` becomes ``7``.

    Also dates (``12-5`` becomes ``5-Dec`` or ``12-May``), exponents, case, and spaces taken away.
    """
    forms = set()
    if "." in name and name.replace(".", "", 1).isdecimal():
        forms |= {name.rstrip("0"), name.rstrip("0").rstrip("."), name + "0", f"{name}.0"}
        forms |= {f"{float(name):.2E}", name.lstrip("0"), name.replace(".", ",")}
    if name.isdecimal():
        forms |= {name.lstrip("0"), f"{name}.0", f"{int(name):,}", f"{int(name):.2E}"}
        if len(name) > _SPREADSHEET_DIGITS:
            rounded = f"{int(name):.{_SPREADSHEET_DIGITS - 1}e}"
            forms |= {str(int(float(rounded))), name[:_SPREADSHEET_DIGITS].ljust(len(name), "0")}
    date = _DATE_LIKE.fullmatch(name)
    if date:
        forms |= _dates(int(date[1]), int(date[2])) | _dates(int(date[2]), int(date[1]))
    forms |= {name.strip(), name.upper(), name.lower(), name.replace(" ", "")}
    return tuple(sorted(forms - {name, ""}))


def _dates(day: int, month: int) -> set[str]:
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return set()
    return {f"{day}-{_MONTHS[month - 1]}", f"{day:02}-{_MONTHS[month - 1]}", f"{_MONTHS[month - 1]}-{day:02}"}


_EMPTY: Final = ColumnProfile(filled=0, shapes={}, distinct=0, top_share=0.0, damaged=0, example="")


def compare_columns(
    before: ColumnsProfile, after: ColumnsProfile, limits: ReleaseLimits
) -> Iterator[Finding]:
    """Alarms about columns: emptied or missing, shifted, collapsed, wrongly decoded."""
    for name, old in before.columns.items():
        if old.filled < limits.fewest_records:
            continue
        new = after.columns.get(name, _EMPTY)
        yield from _compare_column(name, (old, before.records), (new, after.records), limits)


def _compare_column(
    name: str, before: tuple[ColumnProfile, int], after: tuple[ColumnProfile, int], limits: ReleaseLimits
) -> Iterator[Finding]:
    (old, old_records), (new, new_records) = before, after
    then, now = old.filled / old_records, new.filled / max(new_records, 1)
    if then - now > limits.emptied_share:
        yield _alarm(
            "release.emptied-column",
            f"column {name!r} was filled in {then:.0%} of the records, now in {now:.0%}",
            name,
            old.example,
        )
    if new.filled < limits.fewest_records:
        return
    change = {s: new.shapes.get(s, 0) - old.shapes.get(s, 0) for s in {*old.shapes, *new.shapes}}
    shift = sum(map(abs, change.values())) / 2
    if shift > limits.shape_shift:
        gone, come = min(change, key=lambda s: (change[s], s)), max(change, key=lambda s: (change[s], s))
        came = new.examples.get(come, new.example)
        yield _alarm(
            "release.shifted-column",
            f"column {name!r} held values such as {old.examples.get(gone, old.example)!r}, now such as "
            f"{came!r} ({shift:.0%} of the values are of another shape): a column may have been moved",
            name,
            came,
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
    """Alarms about files whose character encoding is not what it was; keys are file names.

    Files that are not named are UTF-8, as readers report every other encoding.
    """
    old, new = (sorted(set(named.values())) or ["utf-8"] for named in (before, after))
    if old != new:
        yield _alarm(
            "release.encoding-changed",
            f"the files were {', '.join(old)}, now {', '.join(new)}: another program wrote this export",
        )


def _alarm(rule: str, message: str, pointer: str = "", text: str = "") -> Finding:
    return Finding(rule, "error", pointer, message, text)


def _examples(names: Sequence[str]) -> str:
    shown = ", ".join(names[:EXAMPLES])
    return f"{shown} and {len(names) - EXAMPLES} more" if len(names) > EXAMPLES else shown
