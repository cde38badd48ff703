"""A scan made sound, step by step; each step counts what it changed, and nothing else changes.

A pipeline is a list: to add a step is to add a function and its name to :data:`STEPS`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.geometry.holes import fill_holes
from assets.pipeline.geometry.surface import Surface
from assets.pipeline.geometry.topology import Topology, corner_sums, face_normals, row_groups
from assets.pipeline.geometry.winding import to_flip
from assets.pipeline.scan import Mesh, Scan, used_only, with_vertices

Flags = NDArray[np.bool_]

_MOST_DUST: Final = 0.05
"""Share of the whole surface above which what looks like dust is the scan itself, in pieces."""


@dataclass(frozen=True, slots=True)
class RepairOptions:
    """How far a repair may go."""

    dust: float = 1e-4
    """Floating components of less than this share of the surface are removed; 0 keeps all."""
    hole: float = 0.05
    """Holes are closed up to this share of the scan's diagonal across; 0 closes none."""


@dataclass(frozen=True, slots=True)
class RepairStep:
    """What one step did."""

    name: str
    changed: int
    """How many of what the name says; 0 where the scan was sound."""
    remark: str = ""
    """What it saw and left alone."""


class Patient:
    """A scan between two steps; what is known of its topology serves every step that leaves it as it is."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    @cached_property
    def topology(self) -> Topology:
        """How its triangles hang together."""
        return Topology.of(self.scan)


Step = Callable[[Patient, RepairOptions], tuple[Scan, int, str]]


def repair(scan: Scan, options: RepairOptions | None = None) -> tuple[Scan, tuple[RepairStep, ...]]:
    """The scan after every step of :data:`STEPS`, and what each of them did.

    Raises ``ValueError`` where nothing is left of it.
    """
    chosen = options or RepairOptions()
    patient, report = Patient(scan), []
    for name, step in STEPS:
        treated, changed, remark = step(patient, chosen)
        report.append(RepairStep(name, changed, remark))
        if not treated.triangle_count:
            raise ValueError(f"nothing of it has an area: {changed:,} {name}")
        if treated is not patient.scan:
            patient = Patient(treated)
    return patient.scan, tuple(report)


def merge_vertices(patient: Patient, _: RepairOptions) -> tuple[Scan, int, str]:
    """Store vertices once that are equal in position, normal, texture coordinate and color, bit by bit."""
    meshes = tuple(_merged(mesh) for mesh in patient.scan.meshes)
    return _with_meshes(patient.scan, meshes)


def _merged(mesh: Mesh) -> Mesh:
    columns = [np.ascontiguousarray(part).view(np.uint32) for part in _attributes(mesh)]
    first, group = row_groups(np.concatenate(columns, axis=1))
    if len(first) == len(mesh.positions):
        return mesh
    return with_vertices(mesh, first, group[mesh.triangles.astype(np.int64)])


def _attributes(mesh: Mesh) -> list[NDArray[np.generic]]:
    # -0.0 and 0.0 are one value with two bit patterns.
    zero = np.float32(0)
    parts: list[NDArray[np.generic]] = [mesh.positions + zero, mesh.normals + zero, mesh.texcoords + zero]
    return parts if mesh.colors is None else [*parts, mesh.colors]


def drop_degenerate(patient: Patient, _: RepairOptions) -> tuple[Scan, int, str]:
    """Remove triangles that name a corner twice, and those without area that hold nothing together.

    A needle between two neighbors stays: without it the surface would come open along its sides.
    """
    topology = patient.topology
    needles = topology.degenerate & ~topology.collapsed
    sides = np.zeros(len(topology.faces), dtype=np.int64)
    for side in topology.pairs[:2]:
        sides += np.bincount(side, minlength=len(sides))
    drop = topology.collapsed | (needles & (sides < 3))
    kept = int((topology.degenerate & ~drop).sum())
    return (
        _without(patient.scan, drop),
        int(drop.sum()),
        f"{kept:,} without area kept between neighbors" if kept else "",
    )


def drop_duplicates(patient: Patient, _: RepairOptions) -> tuple[Scan, int, str]:
    """Remove triangles whose three corners an earlier triangle has."""
    drop = patient.topology.duplicates
    return _without(patient.scan, drop), int(drop.sum()), ""


def drop_dust(patient: Patient, options: RepairOptions) -> tuple[Scan, int, str]:
    """Remove small components that float, unless they make up much of the scan together.

    Small is below a share of the surface. What lies no farther from the rest than it is wide does not float:
    the threads of a fringe, the keys of an instrument.
    """
    topology = patient.topology
    count, piece = topology.components
    share = np.bincount(piece, topology.areas, minlength=count) / max(float(topology.areas.sum()), 1e-300)
    small = share < options.dust
    small[np.argmax(share)] = False
    if share[small].sum() > _MOST_DUST:
        return patient.scan, 0, f"{int(small.sum()):,} small components are the scan itself; none removed"
    dust = _floating(topology, small)
    kept = int(small.sum() - dust.sum())
    remark = f"{kept:,} small ones lie close to the rest and stay" if kept else ""
    return _without(patient.scan, dust[piece]), int(dust.sum()), remark


def _floating(topology: Topology, small: Flags) -> Flags:
    """Which of the small components lie farther from all that stays than they are wide."""
    if not small.any():
        return small
    owner = np.zeros(len(topology.corners), dtype=np.int64)
    piece = topology.components[1]
    owner[topology.faces] = piece[:, None]
    low, high = (np.full((len(small), 3), limit) for limit in (np.inf, -np.inf))
    np.minimum.at(low, owner, topology.corners)
    np.maximum.at(high, owner, topology.corners)
    width = np.linalg.norm(high - low, axis=1)
    floating, settled = small.copy(), ~small
    while settled.any() and floating.any():
        loose = floating[owner]
        rest = Surface(topology.corners, topology.faces[settled[piece]])
        away = rest.nearest(topology.corners[loose]).distances
        gap = np.full(len(small), np.inf)
        np.minimum.at(gap, owner[loose], away)
        # What has come to stay may hold others: a chain is followed link by link.
        settled = floating & (gap <= width)
        floating &= ~settled
    return floating


def fix_winding(patient: Patient, _: RepairOptions) -> tuple[Scan, int, str]:
    """Turn triangles that run against their neighbors, and closed pieces that face in."""
    scan, flip = patient.scan, to_flip(patient.topology)
    if not flip.any():
        return scan, 0, ""
    starts = _starts(scan)
    meshes = []
    for mesh, start in zip(scan.meshes, starts, strict=True):
        turned = flip[start : start + len(mesh.triangles), None]
        meshes.append(replace(mesh, triangles=np.where(turned, mesh.triangles[:, ::-1], mesh.triangles)))
    return replace(scan, meshes=tuple(meshes)), int(flip.sum()), ""


def fix_normals(patient: Patient, _: RepairOptions) -> tuple[Scan, int, str]:
    """Compute normals anew, from their own triangles, that point against them."""
    scan, meshes, changed = patient.scan, [], 0
    for mesh in scan.meshes:
        own = corner_sums(
            mesh.triangles.astype(np.int64), face_normals(mesh.positions, mesh.triangles), len(mesh.positions)
        )
        against = (mesh.normals * own).sum(axis=1) < 0
        if against.any():
            normals = mesh.normals.copy()
            normals[against] = own[against] / np.linalg.norm(own[against], axis=1, keepdims=True)
            mesh = replace(mesh, normals=normals)
        meshes.append(mesh)
        changed += int(against.sum())
    return (replace(scan, meshes=tuple(meshes)) if changed else scan), changed, ""


def close_holes(patient: Patient, options: RepairOptions) -> tuple[Scan, int, str]:
    """Close small holes; see :mod:`assets.pipeline.geometry.holes`."""
    low, high = patient.scan.bounds
    done = fill_holes(patient.scan, patient.topology, options.hole * float(np.linalg.norm(high - low)))
    left = f"{done.left} left open, the widest {done.widest_left * 1000:.1f} mm across" if done.left else ""
    return done.scan, done.filled, left


def drop_unused(patient: Patient, _: RepairOptions) -> tuple[Scan, int, str]:
    """Remove vertices that no triangle names, and meshes without triangles."""
    meshes = [used_only(mesh) for mesh in patient.scan.meshes if len(mesh.triangles)]
    return _with_meshes(patient.scan, tuple(meshes))


STEPS: Final[tuple[tuple[str, Step], ...]] = (
    ("equal vertices merged", merge_vertices),
    ("degenerate triangles removed", drop_degenerate),
    ("duplicate triangles removed", drop_duplicates),
    ("dust components removed", drop_dust),
    ("triangles turned around", fix_winding),
    ("normals corrected", fix_normals),
    ("small holes closed", close_holes),
    ("unused vertices removed", drop_unused),
)


def _with_meshes(scan: Scan, meshes: tuple[Mesh, ...]) -> tuple[Scan, int, str]:
    """The scan with other meshes and the vertices it has lost; the very same scan where it lost none."""
    lost = _vertices(scan) - sum(len(mesh.positions) for mesh in meshes)
    return (replace(scan, meshes=meshes) if lost or len(meshes) < len(scan.meshes) else scan), lost, ""


def _vertices(scan: Scan) -> int:
    return sum(len(mesh.positions) for mesh in scan.meshes)


def _starts(scan: Scan) -> list[int]:
    return [0, *np.cumsum([len(mesh.triangles) for mesh in scan.meshes])[:-1].tolist()]


def _without(scan: Scan, drop: Flags) -> Scan:
    if not drop.any():
        return scan
    meshes = tuple(
        replace(mesh, triangles=mesh.triangles[~drop[start : start + len(mesh.triangles)]])
        for mesh, start in zip(scan.meshes, _starts(scan), strict=True)
    )
    return replace(scan, meshes=meshes)
