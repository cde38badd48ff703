"""The verb that puts points on the master: those that lie beside the scan, or those of the last build."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from assets.pipeline.building.bench import PLAIN, Bench
from assets.pipeline.building.digest import digest, pipeline_digest
from assets.pipeline.files import read_glb
from assets.pipeline.geometry.align import Alignment, align
from assets.pipeline.geometry.surface_points import Facets, NamedPoint, drift_mm, placed_point
from assets.pipeline.manifest import Derivative, Manifest, Point


class PointsMeasured(BaseModel):
    """Result of this verb, as the cache keeps it."""

    points: tuple[Point, ...]
    drift_mm: dict[str, dict[str, float]]
    """By usage and quality of a level, then by name of a point."""


def place_points(bench: Bench) -> None:
    """Put every point on the master and measure how far each level's surface lies from it."""
    wanted = _wanted(bench)
    if not wanted:
        return
    plain = [level for level in bench.levels if level.encoding == PLAIN]
    key = digest(
        "points", pipeline_digest(), bench.built.derivative.sha256, [_plain(p) for p in wanted],
        bench.options.drift_mm, [level.sha256 for level in plain],
    )  # fmt: skip
    content = bench.store.recall(key)
    if content is None:
        content = _measured(bench, wanted, plain).model_dump_json().encode()
        bench.store.remember(key, content)
        bench.steps.append("points")
    measured = PointsMeasured.model_validate_json(content)
    bench.points = _kept(bench) or measured.points
    bench.levels = tuple(
        level.model_copy(update={"point_drift_mm": measured.drift_mm.get(_place(level), {})})
        for level in bench.levels
    )


def _place(level: Derivative) -> str:
    return f"{level.usage}/{level.quality}"


def _measured(bench: Bench, wanted: tuple[NamedPoint, ...], plain: list[Derivative]) -> PointsMeasured:
    facets = Facets(bench.master)
    points = tuple(_point(facets, point, bench.options.drift_mm) for point in wanted)
    drift = {}
    for level in plain:
        surface = Facets(read_glb(bench.store.path(level.sha256)))
        spots = (NamedPoint(p.name, p.position, p.normal) for p in points)
        drift[_place(level)] = {spot.name: round(drift_mm(surface, spot), 4) for spot in spots}
    return PointsMeasured(points=points, drift_mm=drift)


def _point(facets: Facets, wanted: NamedPoint, limit_mm: float) -> Point:
    found = placed_point(facets, wanted, limit_mm)
    return Point(
        name=wanted.name,
        position=found.point.position,
        normal=found.point.normal,
        mesh=found.mesh,
        triangle=found.triangle,
        barycentric=found.barycentric,
        drift_mm=round(found.drift_mm, 4),
        review=found.review,
    )


def _kept(bench: Bench) -> tuple[Point, ...]:
    """The points of the last build, where the master is still the one they were put on."""
    last = bench.previous
    if bench.job.points is not None or last is None:
        return ()
    return last.points if last.master.sha256 == bench.built.derivative.sha256 else ()


def _wanted(bench: Bench) -> tuple[NamedPoint, ...]:
    """The points where they should be, in the master's frame."""
    if bench.job.points is not None:
        matrix = np.array(bench.built.source.matrix).reshape(4, 4)
        return _moved(bench.job.points, matrix)
    if bench.previous is None or not bench.previous.points:
        return ()
    last = tuple(NamedPoint(p.name, p.position, p.normal) for p in bench.previous.points)
    if _kept(bench):
        return last
    alignment = _aligned(bench, bench.previous)
    return last if alignment is None else _moved(last, alignment.matrix)


def _aligned(bench: Bench, previous: Manifest) -> Alignment | None:
    """How the last master lies in the new one's frame; ``None`` where it is gone from the store."""
    if not bench.store.holds(previous.master.sha256):
        return None
    return align(read_glb(bench.store.path(previous.master.sha256)), bench.master)


def _moved(points: Iterable[NamedPoint], matrix: NDArray[np.float64]) -> tuple[NamedPoint, ...]:
    return tuple(_moved_point(point, matrix) for point in points)


def _moved_point(point: NamedPoint, matrix: NDArray[np.float64]) -> NamedPoint:
    x, y, z = (round(float(v), 7) for v in matrix[:3, :3] @ point.position + matrix[:3, 3])
    normal = matrix[:3, :3] @ point.normal
    u, v, w = (round(float(value), 7) for value in normal / np.linalg.norm(normal))
    return NamedPoint(point.name, (x, y, z), (u, v, w))


def _plain(point: NamedPoint) -> list[object]:
    return [point.name, point.position, point.normal]
