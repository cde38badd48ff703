"""A scan as its file has it, before it is placed."""

from dataclasses import dataclass
from pathlib import Path

from assets.pipeline.examined import Format
from assets.pipeline.scan import Scan


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scan in the file's own unit and axes, and what the file states of them."""

    scan: Scan
    format: Format
    unit: str | None
    """As the file states it; ``None`` where it does not."""
    up: str | None
    """Upright axis that the format defines, such as ``+y``."""
    origin: tuple[float, float, float]
    """The file's coordinates of the scan's (0, 0, 0): not zero where it lay too far out for 32 bits."""
    files: tuple[Path, ...]
    """The file itself and every file that it names."""
    remarks: tuple[str, ...] = ()
    """What the file has and the scan has not."""
