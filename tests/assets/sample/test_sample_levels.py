"""Artifacts of the sample museum go through the pipeline with their hotspots, in the frame they stand in."""

from pathlib import Path

import numpy as np
import pytest

from assets.pipeline.building.bench import BuildOptions
from assets.pipeline.building.build import build_scan
from assets.pipeline.building.jobs import ScanJob, find_scans, points_beside
from assets.pipeline.building.store import DerivativeStore
from assets.sample.build import BuiltMuseum
from assets.sample.collection import BUILDERS

QUICK = BuildOptions(usages=("thumb",), encodings=("meshopt",), sheet=False)


def test_every_artifact_is_a_scan_with_its_points_beside_it(built: BuiltMuseum) -> None:
    scans = find_scans([built.folder / "artifacts"])
    assert [scan.stem for scan in scans] == sorted(BUILDERS)
    assert all(len(points_beside(scan) or ()) >= 3 for scan in scans)


@pytest.mark.parametrize("rank", [0, 1])
def test_an_artifact_is_published_with_its_hotspots_where_they_were(
    built: BuiltMuseum, tmp_path: Path, rank: int
) -> None:
    slug, path = sorted(built.artifacts.items(), key=lambda one: one[1].stat().st_size)[rank]
    points = points_beside(path)
    assert points is not None
    job = ScanJob(slug, path, f"sample:{slug}", points=points)
    manifest = build_scan(job, QUICK, DerivativeStore(tmp_path), lambda *_: None).manifest
    assert np.array(manifest.source.matrix).reshape(4, 4) == pytest.approx(np.eye(4), abs=2e-5)
    assert manifest.artifact == f"sample:{slug}"
    wanted = {point.name: point.position for point in points}
    assert {point.name for point in manifest.points} == set(wanted)
    for point in manifest.points:
        assert point.review is None
        assert point.position == pytest.approx(wanted[point.name], abs=0.0005)
