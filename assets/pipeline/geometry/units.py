"""How large a scan is and which way is up: stated, or found by comparing its box with the record.

Rules only. A scan that nothing states and nothing fits is refused, never guessed: a vase in inches that
passes for centimeters is worse than a question.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assets.catalog.record import ArtifactRecord
from assets.pipeline.examined import UNITS
from assets.pipeline.refusal import UnplacedScan

FIT: Final = 1.25
"""Largest ratio of box to record that still fits: mounts, handles and rounding of catalogs. Below the square
root of 2.54, so that inches and centimeters never both fit the same side."""
UPRIGHT: Final = 1.12
"""Largest ratio by which a side still is the height, when the upright axis is looked for."""
SMALLEST: Final = 0.001
LARGEST: Final = 100.0
"""Metres of the longest side between which a statement of the file is believed without a record."""
AXES: Final = ("x", "y", "z")
_LENGTHS: Final = ("height", "width", "depth", "length", "diameter")

Extents = tuple[float, float, float]
Lengths = Mapping[str, float]
"""What the record says, metres: ``height``, ``width``, ``depth``, ``length``, ``diameter``."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known without measuring."""

    option: str | None = None
    """By the person who runs the build."""
    file: str | None = None
    """By the file, or by its format."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided, by what, and in words that a report can show."""

    value: str
    """A key of :data:`UNITS`, or an axis such as ``+y``."""
    by: str
    """``option``, ``file``, ``format``, ``record``, ``hole`` or ``default``."""
    reason: str
    ratio: float | None = None
    """Box over record, of the side that fits worst; ``None`` where nothing was compared."""


def unit_of(file: str, extents: Extents, stated: Stated, lengths: Lengths) -> Ruling:
    """The unit of a scan whose box has these sides in the file's own unit.

    Raises :class:`UnplacedScan` where neither option nor file states it and the record fits no unit, fits
    two, or is not there; and where what the file states makes a size that no artifact has.
    """
    if stated.option is not None:
        ratio = _worst(extents, UNITS[stated.option], lengths)
        return Ruling(stated.option, "option", f"--units {stated.option}", ratio)
    fitting = {name: worst for name in UNITS if (worst := _worst(extents, UNITS[name], lengths)) is not None}
    fitting = {name: worst for name, worst in fitting.items() if max(worst, 1 / worst) <= FIT}
    said = stated.file
    if said is not None and (said in fitting or not lengths) and _is_sound(extents, said):
        return Ruling(said, "file", f"the file states {said}", fitting.get(said))
    if len(fitting) == 1:
        [(name, worst)] = fitting.items()
        beside = f", although the file states {said}" if said is not None else ""
        return Ruling(
            name, "record", f"its box is {worst:.3f} times the record's size in {name}{beside}", worst
        )
    raise UnplacedScan(file, _why_not(extents, said, lengths, sorted(fitting)), _remedy(extents))


def _is_sound(extents: Extents, unit: str) -> bool:
    return SMALLEST <= max(extents) * UNITS[unit] <= LARGEST


def _why_not(extents: Extents, stated: str | None, lengths: Lengths, fitting: Sequence[str]) -> str:
    size = " x ".join(f"{side:.4g}" for side in extents)
    if fitting:
        return f"its box of {size} fits the record in {' and in '.join(fitting)}"
    record = ", ".join(f"{kind} {value:.4g} m" for kind, value in lengths.items())
    if stated is not None:
        against = f", which is not the record's {record}" if lengths else ", which no artifact measures"
        return f"the file states {stated}, so it would measure {max(extents) * UNITS[stated]:.4g} m{against}"
    if lengths:
        return f"its box of {size} fits the record ({record}) in no unit"
    return f"its box is {size}, and neither the file nor a record says of what"


def _remedy(extents: Extents) -> str:
    longest = max(extents)
    sizes = ", ".join(f"{unit} ({longest * factor:.3g} m long)" for unit, factor in UNITS.items())
    return f"State the unit with --units: {sizes}; or name its record with --artifact"


def _worst(extents: Extents, factor: float, lengths: Lengths) -> float | None:
    """Box over record of the side that fits worst, each length laid along the side that suits it best."""
    if not lengths:
        return None
    sides = [side * factor for side in extents]
    wanted = [value for _, value in sorted(lengths.items())][:3]
    if "diameter" in lengths and len(wanted) < 3:
        wanted.append(lengths["diameter"])
    tries = [
        max((side / value for side, value in zip(order, wanted, strict=False)), key=_off)
        for order in itertools.permutations(sides, len(wanted))
    ]
    return min(tries, key=_off)


def _off(ratio: float) -> float:
    return abs(math.log(max(ratio, 1e-12)))


def up_of(
    file: str, sides: Extents, stated: Stated, lengths: Lengths, holes: Extents = (0.0, 0.0, 0.0)
) -> Ruling:
    """The upright axis of a scan whose box has these sides in metres.

    ``holes`` says for each axis where the widest hole lies: -1 at the low end, 1 at the high end, 0 where
    there is none or it lies between. A thing is scanned standing on its hole.

    Raises :class:`UnplacedScan` where nothing states the axis and the record's height fits no side.
    """
    if stated.option is not None:
        return Ruling(_signed(stated.option), "option", f"--up {stated.option}")
    height = lengths.get("height")
    fitting = [] if height is None else [k for k in range(3) if _off(sides[k] / height) <= math.log(UPRIGHT)]
    if stated.file is not None and (height is None or not fitting or AXES.index(stated.file[1]) in fitting):
        return Ruling(stated.file, "format", f"the format defines {stated.file}")
    if height is None or not fitting:
        raise UnplacedScan(
            file, _no_axis(sides, height), "State the axis that points up with --up, such as --up z"
        )
    best = 1 if 1 in fitting else min(fitting, key=lambda k: _off(sides[k] / height))
    ratio = sides[best] / height
    sign, why = ("-", "its widest hole lies at the other end") if holes[best] > 0.5 else ("+", "")
    if not why:
        why = "its widest hole lies below" if holes[best] < -0.5 else "which end is up is assumed"
    return Ruling(
        sign + AXES[best],
        "record",
        f"its {AXES[best]} side is {ratio:.3f} times the record's height; {why}",
        ratio,
    )


def _no_axis(sides: Extents, height: float | None) -> str:
    size = " x ".join(f"{side:.4g}" for side in sides)
    if height is None:
        return f"its box is {size} m, and neither its format nor a record's height says which side is up"
    return f"no side of its box of {size} m is the record's height of {height:.4g} m"


def _signed(axis: str) -> str:
    return axis if axis[0] in "+-" else f"+{axis}"


def upright(axis: str) -> NDArray[np.float64]:
    """(3, 3) rotation that turns ``axis``, such as ``-z``, to +Y; proper, so that nothing is mirrored."""
    turns = {
        "+y": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        "-y": ((1, 0, 0), (0, -1, 0), (0, 0, -1)),
        "+z": ((1, 0, 0), (0, 0, 1), (0, -1, 0)),
        "-z": ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
        "+x": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
        "-x": ((0, 1, 0), (-1, 0, 0), (0, 0, 1)),
    }
    return np.array(turns[axis], dtype=np.float64)


def lengths_of(record: ArtifactRecord) -> dict[str, float]:
    """The lengths of the whole artifact that its record states, metres; of several the greatest."""
    lengths: dict[str, float] = {}
    for dimension in record.dimensions:
        if dimension.kind in _LENGTHS and dimension.of == "overall" and dimension.unit == "m":
            lengths[dimension.kind] = max(lengths.get(dimension.kind, 0.0), dimension.value)
    return lengths
