"""The level-of-detail chain: one scan at several sizes, each with its measured error.

Each level is simplified from the master by quadric edge collapse (Garland and Heckbert, 1997) over positions,
normals, texture coordinates and colors, with texture seams and material borders kept; then its vertices are
fitted to the master, and the error is measured, not estimated. docs/pipeline-lod.md says what was compared.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import assert_never

import numpy as np

from assets.pipeline.geometry import meshoptimizer
from assets.pipeline.geometry.deviation import deviation_of_surfaces
from assets.pipeline.geometry.fit import fitted
from assets.pipeline.geometry.joined import (
    Joined,
    compacted,
    join,
    leaning_on_faces,
    on_borders,
    same_place,
    smoothed_over_seams,
    split,
)
from assets.pipeline.geometry.meshoptimizer import Goal, SimplifyOption
from assets.pipeline.geometry.surface import Surface
from assets.pipeline.scan import Floats, Scan

_MM = 1000.0
_NORMAL_WEIGHT = 0.1
_COLOR_WEIGHT = 0.03
"""Change of a whole unit in a normal or color against a move by the scan's whole size."""
_BASE = 4
"""Levels are made from a copy with this many times the largest level's triangles: quicker, and as exact."""
_WORTH_WHILE = 0.8
"""A level that keeps more than this share of the level before it is not worth a download."""
_TRIES = 3
_STRAINED = 2.0
"""Where keeping the seams costs this many times the error, letting some go is considered."""
_NEAR = 1.1
"""A result with up to this many times the wanted triangles counts as reaching them."""


class Usage(StrEnum):
    """What a chain is for."""

    HEADSET = "headset"
    PHONE = "phone"
    THUMB = "thumb"


@dataclass(frozen=True, slots=True)
class Budget:
    """What a usage allows."""

    triangles: tuple[int, ...]
    """Wanted triangles a level, most first."""
    limit_share: float
    """Largest Hausdorff distance, as a share of the bounding box's diagonal."""
    limit_mm: float | None = None
    """Largest Hausdorff distance in millimetres, where one is wanted whatever the size."""

    def limit(self, extent: float) -> float:
        """Millimetres allowed for a scan whose bounding box has this diagonal (metres)."""
        by_share = self.limit_share * extent * _MM
        return by_share if self.limit_mm is None else min(by_share, self.limit_mm)


@dataclass(frozen=True, slots=True)
class Level:
    """One member of the chain."""

    scan: Scan
    triangles: int
    hausdorff_mm: float
    """Largest distance between this level and the master, either way, sampled; 0 for the master itself."""
    rms_mm: float
    seams_kept: bool = True
    """Whether every seam of the texture is where it was; else some gave way to keep the shape."""


@dataclass(frozen=True, slots=True)
class LodChain:
    """Levels, most triangles first; never empty."""

    usage: Usage
    limit_mm: float
    levels: tuple[Level, ...]
    stopped: str | None = None
    """Why the chain is shorter or coarser than asked for, in a sentence; ``None`` where it is complete."""


def budget_of(usage: Usage) -> Budget:
    """The default budget of a usage."""
    match usage:
        case Usage.HEADSET:
            return Budget((100_000, 25_000, 5_000, 2_000), limit_share=0.02)
        case Usage.PHONE:
            return Budget((50_000, 10_000, 2_000), limit_share=0.02)
        case Usage.THUMB:
            return Budget((1_000,), limit_share=0.05)
        case _:
            assert_never(usage)


class Master:
    """What the chains of all usages share: the scan, its surface, and a copy that levels are made from."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.surface = Surface.of(scan)

    @cached_property
    def base(self) -> Joined:
        """The joined vertices, simplified where there are far more than any level wants."""
        joined = join(self.scan)
        most = _BASE * max(budget_of(usage).triangles[0] for usage in Usage)
        return joined if most >= len(joined.triangles) else simplified(joined, Goal(most)).joined


def lod_chain(scan: Scan | Master, usage: Usage, budget: Budget | None = None) -> LodChain:
    """Simplify a scan to the levels of a usage, and measure each against the scan.

    Where chains of several usages are made, a :class:`Master` spares each the work they share.

    A scan with fewer triangles than a wanted level is its own first level. Where a level would deviate more
    than the budget allows, the coarsest one within the limit takes its place and the chain ends, saying so.

    Raises:
        MissingMeshoptimizer: no simplifier is installed; the message says what to install.
    """
    master = scan if isinstance(scan, Master) else Master(scan)
    return _Chain(master, usage, budget or budget_of(usage)).built()


class _Chain:
    """The parts that all levels of one chain share."""

    def __init__(self, master: Master, usage: Usage, budget: Budget) -> None:
        self.scan = master.scan
        self.usage = usage
        self.budget = budget
        self.master = master.surface
        self.limit_mm = budget.limit(self.master.extent)
        self.wanted = [count for count in budget.triangles if count < self.scan.triangle_count]
        self.base = master.base
        self.seams = len(same_place(self.base)[1]) < len(self.base.positions)

    def built(self) -> LodChain:
        levels = []
        if not self.wanted or len(self.wanted) < len(self.budget.triangles):
            levels.append(Level(self.scan, self.scan.triangle_count, 0.0, 0.0))
        stopped = None
        for count in self.wanted:
            level = self.level(count)
            if level.hausdorff_mm > self.limit_mm:
                stopped = self._over(level, levels)
                break
            if levels and level.triangles > _WORTH_WHILE * levels[-1].triangles:
                stopped = (
                    f"{count:,} triangles were asked for, but {level.triangles:,} are as few as the seams "
                    f"and pieces of this scan allow; the chain ends at {levels[-1].triangles:,}"
                )
                break
            levels.append(level)
        return LodChain(self.usage, self.limit_mm, tuple(levels), stopped)

    def level(self, count: int) -> Level:
        """The scan at ``count`` triangles; seams of its texture give way only where its shape suffers."""
        outcome = simplified(self.base, Goal(count))
        kept = self._measured(outcome.joined, seams_kept=True)
        other = simplified(self.base, self._yielding(count)) if self.seams else outcome
        within = kept.triangles <= _NEAR * count and kept.hausdorff_mm <= self.limit_mm
        if other is outcome or (within and outcome.error <= _STRAINED * other.error):
            return kept
        yielding = self._measured(other.joined, seams_kept=False)

        def cost(level: Level) -> tuple[bool, bool, float]:
            """The count comes first, then the limit, then the error, which a torn seam doubles."""
            error = level.hausdorff_mm * (1.0 if level.seams_kept else 2.0)
            return level.triangles > _NEAR * count, level.hausdorff_mm > self.limit_mm, error

        return min(kept, yielding, key=cost)

    def _yielding(self, count: int) -> Goal:
        options = SimplifyOption.PERMISSIVE | SimplifyOption.PRUNE
        return Goal(count, self.limit_mm / (self.master.extent * _MM), options, on_borders(self.base))

    def _measured(self, joined: Joined, *, seams_kept: bool) -> Level:
        moved = leaning_on_faces(fitted(joined, self.master))
        scan = split(smoothed_over_seams(moved), self.scan)
        measured = deviation_of_surfaces(self.master, Surface.of(scan))
        return Level(scan, scan.triangle_count, measured.hausdorff_mm, measured.rms_mm, seams_kept)

    def _over(self, failed: Level, levels: list[Level]) -> str:
        """Add the coarsest level within the limit that few tries find; says why the chain ends there."""
        within, over = levels[-1].triangles if levels else self.scan.triangle_count, failed.triangles
        found = None
        for _ in range(_TRIES):
            level = self.level(round(float(np.sqrt(within * over))))
            if level.hausdorff_mm <= self.limit_mm:
                found, within = level, level.triangles
            else:
                over = level.triangles
        if found is not None and (not levels or found.triangles <= _WORTH_WHILE * levels[-1].triangles):
            levels.append(found)
        if not levels:
            levels.append(Level(self.scan, self.scan.triangle_count, 0.0, 0.0))
        return (
            f"{failed.triangles:,} triangles would deviate by {failed.hausdorff_mm:.2f} mm, more than the "
            f"{self.limit_mm:.2f} mm that {self.usage} allows here; the chain ends at "
            f"{levels[-1].triangles:,}"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simplification made, and the error it estimates, as a share of the scan's longest side."""

    joined: Joined
    error: float


def simplified(joined: Joined, goal: Goal) -> Outcome:
    """As many triangles as the goal says, or as few as seams and separate pieces allow. Vertices may move."""
    low, high = joined.positions.min(axis=0), joined.positions.max(axis=0)
    scales = _texcoord_scales(joined, float((high - low).max()))
    attributes = np.hstack([joined.normals, joined.texcoords * scales, joined.colors / np.float32(255)])
    weights = np.array([_NORMAL_WEIGHT] * 3 + [1.0] * 2 + [_COLOR_WEIGHT] * 4, dtype=np.float32)
    triangles, positions, changed, error = meshoptimizer.simplify_with_update(
        joined.triangles, joined.positions, attributes, weights, goal
    )
    texcoords = changed[:, 3:5] / scales
    changed_to = replace(
        joined,
        positions=positions,
        normals=changed[:, :3],
        texcoords=np.clip(texcoords, *_texcoord_range(joined)).astype(np.float32),
        colors=np.clip(changed[:, 5:] * np.float32(255), 0, 255),
        triangles=triangles,
    )
    return Outcome(compacted(changed_to), error)


def _texcoord_scales(joined: Joined, size: float) -> Floats:
    """(n, 1): what a texture coordinate is worth in parts of the scan's size, from its mesh's areas."""
    a, b, c = (joined.triangles[:, corner] for corner in range(3))
    areas = np.linalg.norm(
        np.cross(joined.positions[b] - joined.positions[a], joined.positions[c] - joined.positions[a]), axis=1
    )
    (u, v), (s, t) = (
        (joined.texcoords[b] - joined.texcoords[a]).T,
        (joined.texcoords[c] - joined.texcoords[a]).T,
    )
    owner = joined.mesh[a]
    count = int(joined.mesh.max()) + 1
    solid, flat = np.bincount(owner, areas, count), np.bincount(owner, np.abs(u * t - v * s), count)
    mapped = flat > 0.0
    scale = np.where(mapped, np.sqrt(solid / np.where(mapped, flat, 1.0)) / max(size, 1e-9), 1.0)
    return scale.astype(np.float32)[joined.mesh][:, None]


def _texcoord_range(joined: Joined) -> tuple[Floats, Floats]:
    """(n, 2) each: lowest and highest texture coordinate of each vertex's mesh."""
    count = int(joined.mesh.max()) + 1
    low, high = np.full((count, 2), np.inf, np.float32), np.full((count, 2), -np.inf, np.float32)
    np.minimum.at(low, joined.mesh, joined.texcoords)
    np.maximum.at(high, joined.mesh, joined.texcoords)
    return low[joined.mesh], high[joined.mesh]
