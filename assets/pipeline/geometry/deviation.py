"""How far two scans of one object lie apart: two-sided Hausdorff distance and RMS, in millimetres.

Method: Cignoni, Rocchini, Scopigno, "Metro: measuring error on simplified surfaces" (1998), with points
spread by area and the vertices themselves, and the exact nearest point on the other surface for each.
"""

from dataclasses import dataclass

import numpy as np

from assets.pipeline.geometry.surface import Surface
from assets.pipeline.scan import Scan

SAMPLES = 40_000
"""Points a side: the RMS is then stable to about 1 %, the Hausdorff distance a lower bound."""

_MM = 1000.0


@dataclass(frozen=True, slots=True)
class Deviation:
    """Distances between two surfaces, the larger of the two directions."""

    hausdorff_mm: float
    """The largest distance found from a point of either surface to the other."""
    rms_mm: float
    """Root mean square distance, by area."""


def deviation(one: Scan, other: Scan, samples: int = SAMPLES) -> Deviation:
    """Measure two scans against each other, both ways."""
    return deviation_of_surfaces(Surface.of(one), Surface.of(other), samples)


def deviation_of_surfaces(one: Surface, other: Surface, samples: int = SAMPLES) -> Deviation:
    """As :func:`deviation`, for surfaces whose trees are used again."""
    there, back = _one_way(one, other, samples), _one_way(other, one, samples)
    return Deviation(
        hausdorff_mm=max(there.hausdorff_mm, back.hausdorff_mm), rms_mm=max(there.rms_mm, back.rms_mm)
    )


def _one_way(source: Surface, target: Surface, samples: int) -> Deviation:
    spread, corners = source.samples(samples), source.vertices(samples // 2)
    distances = target.nearest(np.concatenate([spread, corners])).distances
    rms = float(np.sqrt(np.mean(np.square(distances[: len(spread)]))))
    return Deviation(hausdorff_mm=float(distances.max()) * _MM, rms_mm=rms * _MM)
