"""Dimensions as museums write them, to SI with the stated value beside it.

Rules of reading, where the text leaves a choice:

* Imperial and metric of the same measure are one dimension; the metric value is taken. Where the two
  contradict each other (by more than 2 % and more than one unit of either's last place) the one stated
  first is taken, ``Reading.by`` is ``dimensions.contradiction`` and ``Reading.unread`` holds the other.
* Numbers without letters follow the museum convention height × width × depth (CCO, part 2, chapter 3);
  ``order``, or an order in the text ("L x W x H:"), overrides it. A single number without a letter has
  the kind ``other``: nothing in it says what was measured.
* A range ("1.0-3.5 cm") gives its larger end, marked approximate: a case or plinth must hold that.
* A measure without a unit takes the next unit of its group, then of its line, then ``default_unit``;
  without any it is not read but returned in ``unread``.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import Final

from assets.catalog.normalize.measure_text import Measure, Wording
from assets.catalog.normalize.measure_tokens import NUMBER, plain_text, read_number, read_order
from assets.catalog.normalize.measures import (
    APPROXIMATE,
    CONVENTION,
    FAMILY_OF_KIND,
    KIND_OF_FAMILY,
    KINDS,
    PARTS,
    REMARKS,
    VARIABLE,
    Kind,
)
from assets.catalog.normalize.stated_units import stated_unit
from assets.catalog.normalize.units import SI_UNIT, Unit, find_unit, to_si
from assets.catalog.record import Dimension
from assets.catalog.row import Reading

_UNDERSTOOD: Final = (
    frozenset(PARTS) | REMARKS | VARIABLE | APPROXIMATE | {",", "and", "with", "two", "three", "four"}
)
_RULES: Final = {system: f"dimensions.{system}" for system in ("metric", "imperial", "time", "mixed")}
_AGREE: Final = 0.02
_LARGEST_SI: Final = 1e9


def read_dimensions(
    text: str, *, default_unit: str | None = None, order: str | None = None
) -> Reading[Dimension]:
    """Every dimension that ``text`` states.

    ``default_unit`` is the unit of numbers without one ("in", "cm"); ``order`` names what such numbers are
    ("width x height"), also for a single number ("depth"). ``by`` is one of ``dimensions.metric``,
    ``.imperial``, ``.mixed``, ``.duration``, ``.assumed-unit``, ``.contradiction``, ``.variable`` (the text
    says that there are no fixed dimensions) and ``.unread``. Raises ``ValueError`` for an unknown
    ``default_unit`` or ``order``, which come from a profile and not from a record.
    """
    unit = _known_unit(default_unit)
    given = _known_order(order)
    plain = plain_text(text)
    regular = None if given else _read_regular(plain)
    if regular is not None:
        return regular
    stated, plain = read_order(plain)
    wording = Wording(plain)
    wording.walk()
    return _Settling(wording, unit, stated or given).reading(text)


def _known_unit(name: str | None) -> Unit | None:
    unit = stated_unit(name) if name else None
    if name and unit is None:
        raise ValueError(f"unknown unit {name!r}; use a unit such as 'cm', 'mm', 'in' or 'kg'")
    return unit


@lru_cache(maxsize=256)
def _known_order(order: str | None) -> tuple[Kind, ...]:
    if not order:
        return ()
    words = order.lower().replace("×", " ").replace(",", " ").replace(" x ", " ").split()
    if len(words) == 1 and words[0] not in KINDS:
        words = words[0].split("x")
    unknown = [word for word in words if word not in KINDS]
    if unknown:
        raise ValueError(f"unknown kind {unknown[0]!r} in order {order!r}; use e.g. 'height x width x depth'")
    return tuple(KINDS[word] for word in words)


_UNIT: Final = r"(in|cm|mm)"
_TIMES: Final = rf"[ ]?(?:{_UNIT}\.?[ ]?)?[x×][ ]?"
_MEASURES: Final = rf"({NUMBER}){_TIMES}({NUMBER})(?:{_TIMES}({NUMBER}))?[ ]?{_UNIT}\.?"
_REGULAR_LINE: Final = re.compile(rf"[ ]*(?:([A-Za-z]+):[ ]?)?{_MEASURES}(?:[ ]?\({_MEASURES}\))?[ ]*")
"""One part, two or three numbers, one unit, perhaps the same in the other system."""


def _read_regular(text: str) -> Reading[Dimension] | None:
    """The shortcut for the commonest wording; ``None`` leaves the text to the full reading.

    It only saves time: it gives what the full reading would give (a test holds the two together).
    """
    if "\n" not in text and ";" not in text:
        only = _read_line(text)
        return Reading(only, _RULES[_system(only[0].stated_unit)]) if only else None
    dimensions: list[Dimension] = []
    systems: set[str] = set()
    lines = [line for line in text.split("\n") if line.strip()]
    if ";" in text:
        lines = [clause for line in lines for clause in line.split(";")]
        if not all(":" in clause for clause in lines[1:]):
            return None  # what follows a semicolon without a name of its own may repeat what was said before
    for line in lines:
        read = _read_line(line)
        if read is None:
            return None
        dimensions += read
        systems.add(_system(read[0].stated_unit))
    if not dimensions:
        return None
    return Reading(tuple(dimensions), _RULES[systems.pop() if len(systems) == 1 else "mixed"])


def _read_line(line: str) -> tuple[Dimension, ...] | None:
    match = _REGULAR_LINE.fullmatch(line)
    if match is None:
        return None
    label, first, unit1, second, unit2, third, unit3, *others = match.groups()
    part = PARTS.get(label.lower()) if label else "overall"
    if part is None or (unit1 or unit3) != unit3 or (unit2 or unit3) != unit3:
        return None
    one = _measured((first, second, third), unit3, part)
    if others[0] and one:
        other = _measured(others[::2], others[5], part)
        if any(unit not in (None, others[5]) for unit in others[1::2]) or not _same(one, other):
            return None
        if _system(other[0].stated_unit) == "metric":
            return other
    return one or None


def _measured(numbers: Sequence[str | None], unit: str, part: str) -> tuple[Dimension, ...]:
    """One dimension a number, by the convention; empty where one of them cannot be read."""
    made = [_measure(kind, text, unit, part) for kind, text in zip(CONVENTION, numbers, strict=False) if text]
    return tuple(one for one in made if one is not None) if None not in made else ()


@lru_cache(maxsize=8192)
def _measure(kind: Kind, text: str, name: str, part: str) -> Dimension | None:
    """One measure of a regular line. Numbers and units repeat over a collection where whole texts do not."""
    unit, number = find_unit(name), read_number(text)
    if unit is None or number is None or not 0 < (si := to_si(number[0], unit)) < _LARGEST_SI:
        return None
    return Dimension(kind=kind, value=si, unit="m", of=part, stated_value=number[0], stated_unit=unit.name)


def _same(one: tuple[Dimension, ...], other: tuple[Dimension, ...]) -> bool:
    """Whether both say the same beyond doubt; what is doubtful goes the long way."""
    return (
        len(one) == len(other) > 0
        and _system(one[0].stated_unit) != _system(other[0].stated_unit)
        and all(abs(a.value - b.value) <= _AGREE * a.value for a, b in zip(one, other, strict=True))
    )


class _Settling:
    """Gives every measure its unit, partner and kind."""

    def __init__(self, wording: Wording, default_unit: Unit | None, order: tuple[Kind, ...]) -> None:
        self._wording = wording
        self._default = wording.unit_ahead or default_unit
        self._assumes = wording.unit_ahead is None
        self._order = order
        self._assumed = False
        self._unread: list[str] = []
        self._contradicted = False

    def reading(self, text: str) -> Reading[Dimension]:
        groups = self._groups()
        whole = len(self._wording.measures) == 1
        groups = [kept for group in groups if (kept := self._fill_units(group, groups, whole))]
        primary = self._pair(groups)
        dimensions: list[Dimension] = []
        for group in primary:
            dimensions += self._settle(group)
        self._unread += [word for word in self._wording.unread if word not in _UNDERSTOOD]
        if not dimensions:
            if self._wording.variable and not self._unread:
                return Reading((), "dimensions.variable")
            return Reading((), "dimensions.unread", text.strip())
        return Reading(tuple(dimensions), self._rule(dimensions), " ".join(self._unread))

    def _groups(self) -> list[list[Measure]]:
        groups: dict[int, list[Measure]] = {}
        for measure in self._wording.measures:
            groups.setdefault(measure.group, []).append(measure)
        return list(groups.values())

    def _fill_units(self, group: list[Measure], groups: list[list[Measure]], whole: bool) -> list[Measure]:
        """Units from the right within the group, then from the left, then from the line, then the default."""
        following: Unit | None = None
        for measure in reversed(group):
            if measure.unit is None:
                measure.unit = following
            else:
                following = measure.first_unit or measure.unit
        for previous, measure in pairwise(group):
            measure.unit = measure.unit or previous.unit
        if group[0].unit is not None:
            return group
        if group[0].kind is not None or len(group) > 1:
            unit = _unit_of_line(group, groups)
            if unit is not None:
                return _with_unit(group, unit)
        labelled = group[0].of != "overall" and self._ends_clause(group[-1])
        stands_alone = len(group) > 1 or group[0].kind is not None or labelled or whole
        unit = self._default or (_unit_before(group, groups) if len(group) > 1 else None)
        if stands_alone and unit is not None and (group[0].named or not group[0].paren):
            self._assumed = self._assumes or self._default is None
            return _with_unit(group, unit)
        self._unread.append(self._slice(group))
        return []

    def _ends_clause(self, measure: Measure) -> bool:
        return self._wording.text[measure.end : measure.end + 1] in ("", "\n", ";", ",")

    def _slice(self, group: list[Measure]) -> str:
        return self._wording.text[group[0].start : group[-1].end].strip()

    def _pair(self, groups: list[list[Measure]]) -> list[list[Measure]]:
        """Drops the second system of measures stated twice, keeping the better of both in the first."""
        primary: list[list[Measure]] = []
        unpaired: list[Measure] = []
        for group in groups:
            if unpaired and unpaired[-1].line != group[0].line:
                unpaired = []
            partners = _partners(group, unpaired)
            if partners:
                self._merge(partners, group)
                # what stands before the last partner can have no partner in a later parenthesis
                last = partners[-1][0]
                unpaired = unpaired[unpaired.index(last) + 1 :]
            else:
                primary.append(group)
                unpaired += group
        return primary

    def _merge(self, partners: list[tuple[Measure, Measure]], group: list[Measure]) -> None:
        unmatched = {id(measure) for measure in group} - {id(second) for _, second in partners}
        for first, second in partners:
            if not _agree(first, second):
                unmatched.add(id(second))
            elif second.unit is not None and second.unit.system == "metric":
                first.value, first.unit = second.value, second.unit
            first.approximate |= second.approximate
        if unmatched:
            self._contradicted = True
            self._unread.append(self._slice(group))

    def _settle(self, group: list[Measure]) -> Iterable[Dimension]:
        kinds = _kinds(group, self._order)
        for measure, kind in zip(group, kinds, strict=True):
            unit = measure.unit
            if unit is None:  # pragma: no cover - groups without units were dropped before
                continue
            si = to_si(measure.value, unit)
            if not (isfinite(si) and 0 < si < _LARGEST_SI):
                self._unread.append(self._slice([measure]))
                continue
            yield Dimension(
                kind=kind,
                value=si,
                unit=SI_UNIT[unit.family],
                of=measure.of,
                stated_value=measure.value,
                stated_unit=unit.name,
                approximate=measure.approximate,
            )

    def _rule(self, dimensions: list[Dimension]) -> str:
        if self._contradicted:
            return "dimensions.contradiction"
        if self._assumed:
            return "dimensions.assumed-unit"
        systems = {_system(dimension.stated_unit) for dimension in dimensions}
        if systems == {"time"}:
            return "dimensions.duration"
        return _RULES[systems.pop() if len(systems) == 1 else "mixed"]


@lru_cache(maxsize=256)
def _system(name: str | None) -> str:
    unit = find_unit(name) if name else None
    return unit.system if unit else "mixed"


def _with_unit(group: list[Measure], unit: Unit) -> list[Measure]:
    for measure in group:
        measure.unit = measure.unit or unit
    return group


def _unit_of_line(group: list[Measure], groups: list[list[Measure]]) -> Unit | None:
    """The next length unit in the line: "H. 26.7, W. 12, D. 5 cm"."""
    line = group[0].line
    for other in groups:
        for measure in other:
            later = measure.group > group[0].group and measure.line == line
            if later and measure.paren == group[0].paren and measure.unit and measure.unit.family == "length":
                return measure.unit
    return None


def _unit_before(group: list[Measure], groups: list[list[Measure]]) -> Unit | None:
    """The last length unit before: "support: 533 x 648 mm, frame: 735 x 845 x 100"."""
    before = [
        measure
        for other in groups
        for measure in other
        if measure.group < group[0].group and not measure.paren
    ]
    units = [measure.unit for measure in before if measure.unit and measure.unit.family == "length"]
    return units[-1] if units else None


def _partners(group: list[Measure], unpaired: list[Measure]) -> list[tuple[Measure, Measure]]:
    """Which measures of ``unpaired`` the ``group`` says again in the other system."""
    unit = group[0].unit
    if unit is None or unit.family == "time" or (group[0].named and group[0].kind is None):
        return []
    candidates = [
        measure
        for measure in unpaired
        if measure.unit is not None
        and measure.unit.family == unit.family
        and measure.unit.system != unit.system
        and (group[0].kind is None or (len(group) == 1 and measure.kind in (None, group[0].kind)))
    ]
    if not candidates:
        return []
    if group[0].paren:
        return _aligned(candidates, group)
    last = [measure for measure in candidates if measure.group == candidates[-1].group]
    pairs = list(zip(last, group, strict=False))
    said_again = len(last) == len(group) and all(_agree(first, second) for first, second in pairs)
    return pairs if said_again else []


def _aligned(candidates: list[Measure], group: list[Measure]) -> list[tuple[Measure, Measure]]:
    if len(candidates) == len(group):
        return list(zip(candidates, group, strict=True))
    last = [measure for measure in candidates if measure.group == candidates[-1].group]
    if len(last) == len(group):
        return list(zip(last, group, strict=True))
    pairs: list[tuple[Measure, Measure]] = []
    left = list(candidates)
    for second in group:
        first = next((measure for measure in left if _agree(measure, second)), None)
        if first is not None:
            pairs.append((first, second))
            left = left[left.index(first) + 1 :]
    return pairs


def _agree(first: Measure, second: Measure) -> bool:
    if first.unit is None or second.unit is None:
        return False
    one, other = first.value * first.unit.factor, second.value * second.unit.factor
    return abs(one - other) <= max(_AGREE * max(one, other), _step(first), _step(second))


def _step(measure: Measure) -> float:
    """One unit of the last place in SI; whole inches and feet are read to a quarter."""
    if measure.unit is None:
        return 0.0
    step = min(measure.step, 0.25) if measure.unit.system == "imperial" else measure.step
    return step * measure.unit.factor * 1.001


def _kinds(group: list[Measure], order: Sequence[Kind]) -> list[Kind]:
    """Stated kinds, and the convention for the others where the stated ones do not speak against it."""
    sequence = order or CONVENTION
    stated = [_stated_kind(measure) for measure in group]
    fits = all(kind is None or _at(sequence, place) in (kind, None) or (place == 0 and kind == "length")
               for place, kind in enumerate(stated))  # fmt: skip
    kinds: list[Kind] = []
    for place, (measure, kind) in enumerate(zip(group, stated, strict=True)):
        following = _at(sequence, place) if fits and (len(group) > 1 or order) else None
        family_kind = KIND_OF_FAMILY.get(measure.unit.family) if measure.unit else None
        if stated[0] == "length" and following == "depth":
            following = None
        kinds.append(family_kind or kind or (following if following not in stated else None) or "other")
    return kinds


def _at(sequence: Sequence[Kind], place: int) -> Kind | None:
    return sequence[place] if place < len(sequence) else None


def _stated_kind(measure: Measure) -> Kind | None:
    family = FAMILY_OF_KIND.get(measure.kind or "", "length")
    return measure.kind if measure.unit is not None and measure.unit.family == family else None


def dimension(kind: Kind, value: float | str | None, unit: str, of: str = "overall") -> Dimension | None:
    """One dimension from a numeric column; ``None`` for empty, zero, negative and non-finite values.

    Zero means "not measured" in collection systems. Raises ``ValueError`` for an unknown ``unit``.
    """
    known = _known_unit(unit)
    if known is None:
        raise ValueError("a numeric column needs a unit such as 'cm', 'mm', 'in' or 'kg'")
    try:
        number = float(value) if value not in (None, "") else 0.0
    except ValueError:
        return None
    si = to_si(number, known)
    if not (isfinite(si) and 0 < si < _LARGEST_SI):
        return None
    return Dimension(
        kind=kind, value=si, unit=SI_UNIT[known.family], of=of, stated_value=number, stated_unit=known.name
    )
