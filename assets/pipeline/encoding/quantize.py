"""Fewer bits for positions and texture coordinates, at a stated error (KHR_mesh_quantization)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MM = 1000.0
_FEWEST, _MOST = 8, 16
_FINEST_MM = 0.02
"""No scanner of objects knows more; a level that is the master itself is stored this exactly."""
_PART_OF_RMS = 3.0


@dataclass(frozen=True, slots=True)
class Precision:
    """Bits a coordinate."""

    position_bits: int = 14
    """Over the longest side of the bounding box of the whole file; 8 to 16."""
    texcoord_bits: int = 12
    normal_bits: int = 8
    """Octahedral; 8 bits turn a normal by half a degree on average, by 1.5 at most."""

    @classmethod
    def within(cls, error_mm: float, size: float) -> "Precision":
        """The fewest bits whose position error stays within ``error_mm``, for a longest side in metres."""
        for bits in range(_FEWEST, _MOST):
            if cls(bits).position_error_mm(size) <= error_mm:
                return cls(bits)
        return cls(_MOST)

    @classmethod
    def beside(cls, rms_mm: float, size: float) -> "Precision":
        """Bits that add little to a level's own RMS error: a third of it, at worst, for any vertex."""
        return cls.within(max(rms_mm / _PART_OF_RMS, _FINEST_MM), size)

    def position_error_mm(self, size: float) -> float:
        """Furthest that rounding moves a vertex, for a longest side in metres: half a cell's diagonal."""
        return float(np.sqrt(3.0) / 2.0 * size / (2**self.position_bits - 1) * _MM)


@dataclass(frozen=True, slots=True)
class Grid:
    """Values are ``origin + step * whole numbers``."""

    origin: NDArray[np.float64]
    step: NDArray[np.float64]
    """One for each axis."""
    bits: int

    @classmethod
    def cubic(cls, groups: Sequence[NDArray[Any]], bits: int) -> "Grid":
        """One grid for all rows (n, k) of all groups, with the same step on each axis."""
        low = np.min([rows.min(axis=0) for rows in groups], axis=0).astype(np.float64)
        high = np.max([rows.max(axis=0) for rows in groups], axis=0).astype(np.float64)
        size = float((high - low).max()) or 1.0
        return cls(low, np.full(len(low), size / (2**bits - 1)), bits)

    def whole(self, rows: NDArray[Any]) -> NDArray[np.uint16]:
        """The nearest whole numbers, (n, k)."""
        places = np.rint((rows.astype(np.float64) - self.origin) / self.step)
        return np.clip(places, 0, 2**self.bits - 1).astype(np.uint16)
