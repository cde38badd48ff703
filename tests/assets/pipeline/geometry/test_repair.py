"""Each step of the repair mends one defect, counts it, and leaves a sound scan alone to the bit."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh

from assets.pipeline.formats.load import load
from assets.pipeline.geometry.inspect import inspect
from assets.pipeline.geometry.repair import STEPS, RepairOptions, repair
from assets.pipeline.geometry.topology import Topology
from assets.pipeline.scan import Scan
from tests.assets.pipeline.made import ball, joined, painted_square, scan_of, without


def counts(scan: Scan, options: RepairOptions | None = None) -> tuple[Scan, dict[str, int]]:
    """The repaired scan and the steps that changed something."""
    repaired, steps = repair(scan, options)
    assert [step.name for step in steps] == [name for name, _ in STEPS]
    return repaired, {step.name: step.changed for step in steps if step.changed}


@pytest.mark.parametrize("scan", [ball(3), painted_square()], ids=["ball", "square"])
def test_a_sound_scan_is_left_alone(scan: Scan) -> None:
    repaired, changed = counts(scan)
    assert repaired is scan
    assert changed == {}


def test_equal_vertices_are_merged_and_seams_are_kept() -> None:
    square = painted_square().meshes[0]
    corners = square.triangles.reshape(-1)
    apart = replace(
        square,
        positions=square.positions[corners],
        normals=square.normals[corners],
        texcoords=square.texcoords[corners],
        triangles=np.arange(6, dtype=np.uint32).reshape(-1, 3),
    )
    repaired, changed = counts(Scan("apart", (apart,)))
    assert changed == {"equal vertices merged": 2}
    assert repaired.meshes[0].positions[repaired.meshes[0].triangles].tolist() == (
        square.positions[square.triangles].tolist()
    )
    seam = replace(
        apart, texcoords=apart.texcoords + np.repeat([[0.0], [0.25]], 3, axis=0).astype(np.float32)
    )
    assert counts(Scan("seam", (seam,)))[1] == {}


def test_degenerate_and_duplicate_triangles_are_dropped() -> None:
    mesh = ball(2).meshes[0]
    more = [[5, 5, 9], [*mesh.triangles[3]], [*np.roll(mesh.triangles[7], 1)]]
    repaired, changed = counts(scan_of(mesh.positions, np.vstack((mesh.triangles, more))))
    assert changed == {"degenerate triangles removed": 1, "duplicate triangles removed": 2}
    assert Topology.of(repaired).watertight
    assert repaired.triangle_count == 320


def test_a_needle_that_holds_a_surface_together_stays() -> None:
    # A T-junction closed by a triangle without area: without it the square would come open.
    scan = scan_of(
        [[0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0], [1, 0, 0], [1, -1, 0]],
        [[0, 1, 2], [0, 2, 3], [0, 4, 1], [0, 5, 4], [4, 5, 1]],
    )
    repaired, steps = repair(scan)
    assert repaired.triangle_count == 5
    assert "1 without area kept" in next(s.remark for s in steps if s.name.startswith("degenerate"))


def test_dust_goes_and_what_is_more_than_dust_stays() -> None:
    scan = joined(ball(3, 0.1), ball(1, 0.0005, (0.2, 0, 0)), ball(2, 0.01, (0.3, 0, 0)))
    repaired, changed = counts(scan)
    assert changed == {"dust components removed": 1, "unused vertices removed": 42}
    assert Topology.of(repaired).components[0] == 2
    assert counts(scan, RepairOptions(dust=0.0))[1] == {}


def test_the_threads_of_a_fringe_are_no_dust() -> None:
    # Each thread touches the one before it, the first one the carpet; a crumb floats beside them.
    threads = [ball(1, 0.0005, (0.1 + 0.0009 * k, 0, 0)) for k in range(5)]
    scan = joined(ball(4, 0.1), *threads, ball(1, 0.0005, (0, 0.15, 0)))
    repaired, steps = repair(scan)
    assert Topology.of(repaired).components[0] == 6
    dust = next(step for step in steps if step.name.startswith("dust"))
    assert (dust.changed, dust.remark) == (1, "5 small ones lie close to the rest and stay")


def test_a_scan_that_is_all_crumbs_is_not_dust() -> None:
    shape = trimesh.creation.icosphere(4)
    corners = shape.vertices[shape.faces]
    shrunk = corners * 0.9 + corners.mean(axis=1, keepdims=True) * 0.1
    scan = scan_of(shrunk.reshape(-1, 3), np.arange(3 * len(corners)).reshape(-1, 3))
    repaired, steps = repair(scan, RepairOptions(dust=0.01))
    assert repaired.triangle_count == scan.triangle_count
    assert any("are the scan itself" in step.remark for step in steps)


def test_triangles_that_run_against_their_neighbors_are_turned() -> None:
    mesh = ball(3).meshes[0]
    some = np.random.default_rng(2).random(len(mesh.triangles)) < 0.3
    triangles = np.where(some[:, None], mesh.triangles[:, ::-1], mesh.triangles)
    repaired, changed = counts(replace(ball(3), meshes=(replace(mesh, triangles=triangles),)))
    assert changed == {"triangles turned around": int(some.sum())}
    assert Topology.of(repaired).volume == pytest.approx(Topology.of(ball(3)).volume)


def test_a_ball_turned_inside_out_is_turned_back_with_its_normals() -> None:
    mesh = ball(3).meshes[0]
    inside_out = replace(mesh, triangles=mesh.triangles[:, ::-1].copy(), normals=-mesh.normals)
    repaired, changed = counts(Scan("inside out", (inside_out,)))
    assert changed == {"triangles turned around": 1280, "normals corrected": 642}
    assert Topology.of(repaired).volume > 0
    assert repaired.meshes[0].normals == pytest.approx(mesh.normals, abs=1e-3)


def test_a_cavity_keeps_facing_inward() -> None:
    hollow = ball(2, 0.05).meshes[0]
    cavity = replace(hollow, triangles=hollow.triangles[:, ::-1].copy(), normals=-hollow.normals)
    scan = Scan("hollow", (*ball(3, 0.1).meshes, cavity))
    assert counts(scan)[1] == {}


def test_a_moebius_strip_is_left_as_it_is() -> None:
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    across = np.stack(
        (np.cos(angle / 2) * np.cos(angle), np.sin(angle / 2), np.cos(angle / 2) * np.sin(angle)), 1
    )
    middle = np.stack((np.cos(angle), np.zeros(40), np.sin(angle)), 1)
    positions = np.vstack((middle + 0.3 * across, middle - 0.3 * across))
    faces = []
    for k in range(40):
        a, b, c, d = k, k + 40, (k + 1) % 40, (k + 1) % 40 + 40
        c, d = (d, c) if k == 39 else (c, d)
        faces += [[a, b, c], [c, b, d]]
    strip = scan_of(positions, faces)
    assert not Topology.of(strip).winding_consistent
    repaired, changed = counts(strip)
    assert "triangles turned around" not in changed
    assert repaired.triangle_count == strip.triangle_count


def hole_in_ball(share: float, level: int = 4) -> Scan:
    whole = ball(level)
    middles = whole.meshes[0].positions[whole.meshes[0].triangles].mean(axis=1)
    return without(whole, middles[:, 1] > 0.1 * (1 - share))


def test_a_small_hole_is_closed_flat_and_a_wide_one_is_left_and_reported() -> None:
    small = hole_in_ball(0.003)
    repaired, changed = counts(small)
    assert changed == {"small holes closed": 1}
    topology = Topology.of(repaired)
    assert topology.watertight
    assert topology.winding_consistent
    assert topology.volume == pytest.approx(Topology.of(ball(4)).volume, rel=0.002)
    assert repaired.bounds == pytest.approx(small.bounds)
    wide, steps = repair(hole_in_ball(0.5))
    assert len(Topology.of(wide).loops) == 1
    assert any(step.remark.startswith("1 left open, the widest 17") for step in steps)
    closed, _ = repair(hole_in_ball(0.5), RepairOptions(hole=1.0))
    assert Topology.of(closed).watertight
    assert repair(small, RepairOptions(hole=0.0))[0] is small


def test_a_filling_takes_the_color_of_its_rim() -> None:
    small = hole_in_ball(0.003).meshes[0]
    colors = np.full((len(small.positions), 4), (10, 20, 30, 255), dtype=np.uint8)
    repaired, _ = repair(Scan("colored", (replace(small, colors=colors),)))
    found = repaired.meshes[0].colors
    assert found is not None
    assert len(found) == len(repaired.meshes[0].positions)
    assert (found == (10, 20, 30, 255)).all()


def test_the_rim_of_a_sheet_is_no_hole() -> None:
    repaired, changed = counts(painted_square(), RepairOptions(hole=10.0))
    assert changed == {}
    assert repaired.triangle_count == 2


def test_a_scan_without_any_area_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing of it has an area"):
        repair(scan_of([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2], [0, 1, 1]]))


@pytest.mark.data
def test_real_scans_lose_only_what_is_counted(shared_data: Path) -> None:
    for name in (
        "saxophone_draco.glb",
        "threedscans_beethoven_draco.glb",
        "venus_smk.glb",
        "demosthenes-low-res.obj",
    ):
        before = load(shared_data / "models3d" / name).scan
        after, steps = repair(before)
        changed = {step.name: step.changed for step in steps}
        facts = inspect(after)
        assert facts.duplicate_faces == 0
        low, high = before.bounds
        assert after.bounds == pytest.approx(before.bounds, abs=0.01 * float(np.linalg.norm(high - low)))
        area_before, area_after = (float(Topology.of(scan).areas.sum()) for scan in (before, after))
        assert area_after == pytest.approx(area_before, rel=0.01)
        if not any(changed[k] for k in ("dust components removed", "small holes closed")):
            lost = changed["degenerate triangles removed"] + changed["duplicate triangles removed"]
            assert after.triangle_count == before.triangle_count - lost
        # Vertices of closed holes may equal their neighbors by now; nothing else is found a second time.
        again, once_more = repair(after)
        assert {s.name for s in once_more if s.changed > 1} <= {"equal vertices merged"}
        assert all(step.changed == 0 for step in repair(again)[1])
        assert again.triangle_count == after.triangle_count
