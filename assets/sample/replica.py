"""What a builder of the sample museum returns: a scan, its named hotspots, and how to look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assets.catalog.annotation import SurfacePoint
from assets.pipeline.scan import Mesh, Scan
from assets.sample.forms.surface import Array

Triple = tuple[float, float, float]


class HotspotMissed(ValueError):
    """A hotspot's line of sight meets no surface; the message names the hotspot and the line."""


@dataclass(frozen=True, slots=True)
class Replica:
    """An artifact of the sample museum, modelled. Metres; base center at the origin, front toward +Z."""

    scan: Scan
    hotspots: Mapping[str, SurfacePoint] = field(default_factory=dict)
    view: tuple[float, float] = (18.0, 14.0)
    """Where a photographer stands: degrees to the right of the front, and above the horizon."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A line of sight: looking along ``along`` at ``through`` from outside; the first surface met counts."""

    through: Triple
    along: Triple


def spotted(scan: Scan, sights: Mapping[str, Sight]) -> dict[str, SurfacePoint]:
    """The surface points that the named lines of sight meet first.

    Intersection after Möller and Trumbore (1997). Raises :class:`HotspotMissed`.
    """
    corners = np.concatenate([mesh.positions[mesh.triangles] for mesh in scan.meshes]).astype(np.float64)
    normals = np.concatenate([mesh.normals[mesh.triangles] for mesh in scan.meshes]).astype(np.float64)
    return {name: _first_hit(name, sight, corners, normals) for name, sight in sights.items()}


def _first_hit(name: str, sight: Sight, corners: Array, normals: Array) -> SurfacePoint:
    direction = np.asarray(sight.along, dtype=np.float64)
    direction /= np.linalg.norm(direction)
    origin = np.asarray(sight.through) - direction * 10.0
    ab, ac = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    p = np.cross(direction, ac)
    determinant = (ab * p).sum(axis=1)
    inverse = 1.0 / np.where(np.abs(determinant) < 1e-18, np.inf, determinant)
    offset = origin - corners[:, 0]
    u = (offset * p).sum(axis=1) * inverse
    q = np.cross(offset, ab)
    v = (q @ direction) * inverse
    distance = (ac * q).sum(axis=1) * inverse
    hit = (u >= -1e-6) & (v >= -1e-6) & (u + v <= 1 + 1e-6) & (inverse != 0.0) & (distance > 0)
    if not hit.any():
        raise HotspotMissed(f"hotspot {name!r}: no surface along {sight.along} through {sight.through}")
    best = int(np.argmin(np.where(hit, distance, np.inf)))
    normal = (
        normals[best, 0] * (1 - u[best] - v[best]) + normals[best, 1] * u[best] + normals[best, 2] * v[best]
    )
    if normal @ direction > -0.05:
        normal = np.cross(ab[best], ac[best])
        normal = normal if normal @ direction < 0 else -normal
    normal = normal / np.linalg.norm(normal)
    place = origin + distance[best] * direction
    return SurfacePoint(position=_triple(place), normal=_triple(normal))


def _triple(vector: Array) -> Triple:
    x, y, z = (round(float(value), 6) for value in vector)
    return (x, y, z)


def assembled(slug: str, meshes: list[Mesh], size: Sequence[float], method: str) -> Scan:
    """The meshes as one scan, scaled to the stated bounding box, standing on y = 0 around the origin."""
    points = np.concatenate([mesh.positions for mesh in meshes]).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    factor = np.asarray(size, dtype=np.float64) / (high - low)
    base = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    fitted = []
    for mesh in meshes:
        normals = mesh.normals / factor
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        positions = (mesh.positions - base) * factor
        fitted.append(
            replace(mesh, positions=positions.astype(np.float32), normals=normals.astype(np.float32))
        )
    return Scan(slug, tuple(fitted), {"method": method, "generator": "museum-twin sample museum"})
