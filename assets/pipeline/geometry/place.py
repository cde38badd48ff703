"""A scan in its place: metres, +Y up, standing on y = 0 with the middle of its footprint at the origin."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.examined import UNITS
from assets.pipeline.geometry.topology import Topology
from assets.pipeline.geometry.units import Ruling, Stated, unit_of, up_of, upright
from assets.pipeline.loaded import Loaded
from assets.pipeline.scan import Mesh, Scan

_STANDS: Final = 1e-5
"""Metres off its place that a scan may stand and still be left where it is."""
_END: Final = 0.15
"""Share of a side, from its end, within which a hole lies at that end."""


@dataclass(frozen=True, slots=True)
class PlaceOptions:
    """What a person states of a scan; what is left out is found or refused."""

    unit: str | None = None
    """mm, cm, m, in or ft."""
    up: str | None = None
    """Axis of the file that points up: x, y, z, -x, -y, -z."""
    keep_origin: bool = False
    """Leave the origin where the file has it, instead of the middle of the footprint."""
    lengths: Mapping[str, float] = field(default_factory=dict)
    """The record's height, width, depth, length and diameter, metres."""


@dataclass(frozen=True, slots=True)
class Placement:
    """How a file's coordinates became metres, and why."""

    matrix: NDArray[np.float64]
    """(4, 4) from the file's coordinates to the scan's."""
    unit: Ruling
    up: Ruling

    def points(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 3) points of the file, in metres."""
        moved: NDArray[np.float64] = positions @ self.matrix[:3, :3].T + self.matrix[:3, 3]
        return moved

    def directions(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 3) unit vectors of the file, turned with it."""
        turned = vectors @ self.matrix[:3, :3].T
        unit: NDArray[np.float64] = turned / np.linalg.norm(turned, axis=1, keepdims=True)
        return unit


def place(loaded: Loaded, options: PlaceOptions) -> tuple[Scan, Placement]:
    """Scale, turn and move a scan into its place. Raises ``UnplacedScan``."""
    file = loaded.files[0].name
    low, high = loaded.scan.bounds
    x, y, z = (float(side) for side in high - low)
    unit = unit_of(file, (x, y, z), Stated(options.unit, loaded.unit), options.lengths)
    factor = UNITS[unit.value]
    sides = (x * factor, y * factor, z * factor)
    holes = (0.0, 0.0, 0.0) if options.up or loaded.up else _hole_ends(loaded.scan)
    up = up_of(file, sides, Stated(options.up, loaded.up), options.lengths, holes)
    turn = upright(up.value) * factor
    corners = np.array([low, high]) @ turn.T
    base = np.array([corners[:, 0].mean(), corners[:, 1].min(), corners[:, 2].mean()])
    if options.keep_origin or np.abs(base).max() <= _STANDS:
        base = -turn @ np.array(loaded.origin) if options.keep_origin else np.zeros(3)
    return _moved(loaded.scan, turn, base), Placement(_matrix(turn, base, loaded.origin), unit, up)


def _matrix(
    turn: NDArray[np.float64], base: NDArray[np.float64], origin: tuple[float, float, float]
) -> NDArray[np.float64]:
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = -base - turn @ np.array(origin)
    return matrix


def _moved(scan: Scan, turn: NDArray[np.float64], base: NDArray[np.float64]) -> Scan:
    if np.array_equal(turn, np.eye(3)) and not base.any():
        return scan
    rotation = turn / np.cbrt(np.linalg.det(turn))

    def moved(mesh: Mesh) -> Mesh:
        positions = (mesh.positions.astype(np.float64) @ turn.T - base).astype(np.float32)
        return replace(mesh, positions=positions, normals=(mesh.normals @ rotation.T).astype(np.float32))

    return replace(scan, meshes=tuple(moved(mesh) for mesh in scan.meshes))


def _hole_ends(scan: Scan) -> tuple[float, float, float]:
    """For each axis the end at which the widest hole lies: -1, 1, or 0 where there is none or it is not."""
    topology = Topology.of(scan)
    if not topology.loops:
        return (0.0, 0.0, 0.0)
    widths = [np.ptp(topology.corners[loop], axis=0).max() for loop in topology.loops]
    middle = topology.corners[topology.loops[int(np.argmax(widths))]].mean(axis=0)
    low, high = scan.bounds
    share = (middle - low) / np.where(high > low, high - low, 1.0)
    x, y, z = (-1.0 if s < _END else 1.0 if s > 1 - _END else 0.0 for s in share)
    return (x, y, z)
