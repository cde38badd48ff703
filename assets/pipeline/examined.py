"""What a file's header tells before the file is read: how large it is, and what it states of itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from assets.pipeline.refusal import InputLimits, UnreadableScan

UNITS: Final = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, "ft": 0.3048}
"""Metres in one of each unit that scans come in."""

_NAMES: Final = {
    "mm": "mm", "millimeter": "mm", "millimetre": "mm", "millimeters": "mm", "millimetres": "mm",
    "cm": "cm", "centimeter": "cm", "centimetre": "cm", "centimeters": "cm", "centimetres": "cm",
    "m": "m", "meter": "m", "metre": "m", "meters": "m", "metres": "m",
    "in": "in", "inch": "in", "inches": "in", "ft": "ft", "foot": "ft", "feet": "ft",
}  # fmt: skip
_STATED: Final = re.compile(rb"units?\s*(?:[:=]|\s(?:is|are)\s)\s*([A-Za-z]+)", re.IGNORECASE)


class Format(StrEnum):
    """Formats that a scan may come in."""

    OBJ = "obj"
    PLY = "ply"
    STL = "stl"
    GLB = "glb"
    GLTF = "gltf"
    OFF = "off"
    THREE_MF = "3mf"


@dataclass(frozen=True, slots=True)
class Examined:
    """What a header promises. Nothing of it is believed beyond its use as a bound."""

    triangles: int
    """How many faces it announces, or about how many, where the format does not count them."""
    counted: bool = False
    """Whether the file cannot be whole with fewer triangles than that."""
    unit: str | None = None
    """A key of :data:`UNITS`; ``None`` where the file does not state it."""
    up: str | None = None
    """Upright axis, such as ``+y``; ``None`` where the format does not define it."""
    remarks: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    """What the header states of maker and rights."""


def named_unit(word: str) -> str | None:
    """The unit that a word names, or ``None``."""
    return _NAMES.get(word.strip().lower())


def unit_in_comments(head: bytes) -> str | None:
    """The unit that a comment or title states, such as ``# units = mm``; ``None`` where none does."""
    found = _STATED.search(head)
    return named_unit(found[1].decode("ascii")) if found else None


def refuse_too_many(file: str, triangles: int, limits: InputLimits) -> None:
    """Raise :class:`UnreadableScan` where the header promises more triangles than a worker can hold."""
    if triangles > limits.triangles:
        raise UnreadableScan(
            file,
            f"it announces {triangles:,} triangles, the limit is {limits.triangles:,}",
            "Export it at a lower resolution, or give its worker more with --memory",
        )
