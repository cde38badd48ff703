"""Rules that look across dimensions: frames, exchanged columns, and columns without a unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from assets.catalog.normalize.units import SI_UNIT, find_unit
from assets.catalog.record import Dimension

_FRAMED: Final = ("image", "sheet", "support", "canvas", "overall", "plate", "panel", "sight")
_SLACK: Final = 0.02
"""A frame may be two percent smaller than its picture (both are measured by hand) without being a slip."""
_MATCH: Final = 0.01
_FEWEST: Final = 20
_MOST: Final = 0.9
_CANDIDATES: Final = ("mm", "cm", "in", "m", "ft", "kg", "g", "lb")

_Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """What the numbers of a column show of their unit."""

    unit: str | None
    """``None`` where the numbers do not decide."""
    share: float
    """Share of the deciding values that speak for ``unit``, 0 to 1."""
    count: int
    """How many values could decide."""
    reason: str


def check_frames(dimensions: Sequence[Dimension]) -> list[str]:
    """Reasons to doubt a frame: smaller than what it frames, or its height and width exchanged."""
    framed = [(part, size) for part in _FRAMED for size in _sizes(dimensions, part)]
    reasons: list[str] = []
    for frame in _sizes(dimensions, "frame"):
        for part, inner in framed:
            if _holds(frame, inner):
                continue
            said = f"the frame ({_meters(frame)}) does not hold the {part} ({_meters(inner)})"
            turned = _holds((frame[1], frame[0]), inner)
            reasons.append(f"{said}; it would with height and width exchanged" if turned else said)
    return reasons


def _sizes(dimensions: Sequence[Dimension], part: str) -> list[_Size]:
    heights = [one.value for one in dimensions if one.of == part and one.kind == "height"]
    widths = [one.value for one in dimensions if one.of == part and one.kind == "width"]
    return list(zip(heights, widths, strict=False))


def _holds(frame: _Size, inner: _Size) -> bool:
    return all(outside >= inside * (1 - _SLACK) for outside, inside in zip(frame, inner, strict=True))


def _meters(size: _Size) -> str:
    return f"{size[0]:.3f} × {size[1]:.3f} m"


def swapped(height: float, width: float, read: Sequence[Dimension]) -> bool:
    """Whether ``height`` and ``width`` columns hold each other's value, by the dimensions text.

    The columns may be in the text's unit or in SI. False where the text has no height and width, where the
    columns agree with it as they stand, and for squares.
    """
    crosswise = False
    for part in {one.of for one in read}:
        for in_si in (False, True):
            text_height = _one(read, part, "height", in_si)
            text_width = _one(read, part, "width", in_si)
            if text_height is None or text_width is None or _near(text_height, text_width):
                continue
            if _near(height, text_height) and _near(width, text_width):
                return False
            crosswise |= _near(height, text_width) and _near(width, text_height)
    return crosswise


def _one(read: Sequence[Dimension], part: str, kind: str, in_si: bool) -> float | None:
    for one in read:
        if one.of == part and one.kind == kind:
            return one.value if in_si else one.stated_value
    return None


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _MATCH * max(abs(one), abs(other))


def infer_unit(values: Iterable[float]) -> UnitEvidence:
    """The unit that the numbers of a length column show by their fractions, if they do.

    People read inches in halves, quarters, eighths and sixteenths, centimeters in tenths, millimeters in
    wholes. Zeros and wholes say nothing about inches or centimeters; halves say nothing either. At least 20
    deciding values are asked for, and nine of ten of them must agree. The answer is evidence for a person
    who sets the profile's unit, not a license to guess record by record.
    """
    positive = [value for value in values if value > 0]
    broken = [value for value in positive if value % 1 not in (0, 0.5)]
    if len(broken) >= _FEWEST:
        binary = sum(_is_sixteenth(value) for value in broken)
        tenths = sum(abs(value * 10 - round(value * 10)) < 1e-6 for value in broken)
        for unit, hits, reading in (
            ("in", binary, "quarters, eighths or sixteenths"),
            ("cm", tenths, "tenths"),
        ):
            share = hits / len(broken)
            if share >= _MOST:
                reason = f"{hits} of {len(broken)} broken values are {reading}"
                return UnitEvidence(unit, share, len(broken), reason)
        return UnitEvidence(
            None, max(binary, tenths) / len(broken), len(broken), "the fractions do not decide"
        )
    whole = sum(value % 1 == 0 for value in positive)
    if len(positive) >= _FEWEST and whole >= _MOST * len(positive) and median(positive) >= 100:
        reason = f"{whole} of {len(positive)} values are whole, half of them {median(positive):g} or more"
        return UnitEvidence("mm", whole / len(positive), len(positive), reason)
    return UnitEvidence(None, 0.0, len(broken), "too few values with fractions")


def _is_sixteenth(value: float) -> bool:
    """Whether ``value`` is in sixteenths, exactly or as a system with two or three decimals keeps them."""
    nearest = round(value * 16) / 16
    return abs(value - nearest) <= 0.0006 or abs(value - round(nearest, 2)) < 1e-6


def unit_by_text(pairs: Iterable[tuple[float, Sequence[Dimension]]]) -> UnitEvidence:
    """The unit with which a numeric column repeats the dimensions that the texts beside it state.

    ``pairs`` is the column's value and the dimensions read from the same row's text.
    """
    usable = [(value, read) for value, read in pairs if value > 0 and read]
    best, hits = "", 0
    for name in _CANDIDATES:
        unit = find_unit(name)
        if unit is None:
            continue
        found = sum(
            any(one.unit == SI_UNIT[unit.family] and _near(value * unit.factor, one.value) for one in read)
            for value, read in usable
        )
        if found > hits:
            best, hits = name, found
    share = hits / len(usable) if usable else 0.0
    if len(usable) >= _FEWEST and share >= _MOST:
        return UnitEvidence(
            best, share, len(usable), f"{hits} of {len(usable)} values repeat the text in {best}"
        )
    return UnitEvidence(None, share, len(usable), "no unit makes the column repeat the texts")
