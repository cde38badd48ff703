"""Corners, edges, components and loops, on shapes whose counts are known."""

import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st

from assets.pipeline.geometry.topology import Topology, row_groups, smooth_normals
from tests.assets.pipeline.made import ball, box, joined, scan_of, without


@given(st.lists(st.tuples(*[st.sampled_from([0.0, -0.0, 1.0, 1.5, -2.0])] * 3), min_size=1, max_size=40))
def test_rows_are_grouped_as_numpy_groups_them(rows: list[tuple[float, float, float]]) -> None:
    values = np.array(rows, dtype=np.float32)
    first, group = row_groups(values)
    assert np.array_equal(values[first][group], values)
    assert len(first) == len(np.unique(values + np.float32(0), axis=0))
    assert (np.diff(first) > 0).all()


def test_a_ball_is_closed_and_obeys_euler() -> None:
    topology = Topology.of(ball(3, 0.1))
    assert topology.watertight
    assert topology.winding_consistent
    assert topology.loops == ()
    assert len(topology.corners) - len(topology.edges[0]) + len(topology.faces) == 2
    assert topology.volume == pytest.approx(4 / 3 * np.pi * 0.1**3, rel=0.02)
    assert topology.areas.sum() == pytest.approx(4 * np.pi * 0.1**2, rel=0.01)


def test_the_volume_does_not_depend_on_the_place() -> None:
    near, far = (Topology.of(ball(3, 0.1, (at, 0, 0))).volume for at in (0.0, 0.5))
    assert near == pytest.approx(far, rel=1e-4)


def test_vertices_that_are_stored_thrice_are_one_corner() -> None:
    shape = trimesh.creation.icosphere(2)
    soup = scan_of(shape.vertices[shape.faces].reshape(-1, 3), np.arange(960).reshape(-1, 3))
    topology = Topology.of(soup)
    assert len(topology.corners) == 162
    assert topology.watertight


def test_meshes_of_one_scan_are_welded_together() -> None:
    whole = ball(3)
    half = whole.meshes[0].positions[whole.meshes[0].triangles].mean(axis=1)[:, 1] > 0
    assert Topology.of(joined(without(whole, half), without(whole, ~half))).watertight


def test_pieces_and_loops_are_counted() -> None:
    whole = ball(3)
    middles = whole.meshes[0].positions[whole.meshes[0].triangles].mean(axis=1)
    ring = without(whole, np.abs(middles[:, 1]) > 0.07)
    topology = Topology.of(joined(ring, ball(2, 0.02, (1, 0, 0))))
    assert topology.components[0] == 2
    assert len(topology.loops) == 2
    assert sum(map(len, topology.loops)) == len(topology.boundary)
    for loop in topology.loops:
        assert np.ptp(topology.corners[loop][:, 1]) < 0.03


def test_loops_that_touch_in_a_corner_are_told_apart() -> None:
    # Two triangles that share one corner: a bow tie has two boundary loops.
    tie = scan_of([[0, 0, 0], [1, 0, 0], [1, 1, 0], [-1, 0, 0], [-1, -1, 0]], [[0, 1, 2], [0, 3, 4]])
    loops = Topology.of(tie).loops
    assert sorted(len(loop) for loop in loops) == [3, 3]


def test_a_fin_on_a_box_is_non_manifold() -> None:
    mesh = box((1, 1, 1)).meshes[0]
    a, b, _ = mesh.triangles[0]
    finned = scan_of(
        np.vstack((mesh.positions, [[9, 9, 9]])), np.vstack((mesh.triangles, [[a, b, len(mesh.positions)]]))
    )
    topology = Topology.of(finned)
    assert topology.non_manifold_edges == 1
    assert not topology.watertight


def test_degenerate_collapsed_and_duplicate_triangles_are_told_apart() -> None:
    scan = scan_of(
        [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0.5, 0, 0]],
        [[0, 1, 2], [1, 2, 0], [2, 1, 0], [0, 1, 1], [0, 1, 3]],
    )
    topology = Topology.of(scan)
    assert topology.collapsed.tolist() == [False, False, False, True, False]
    assert topology.degenerate.tolist() == [False, False, False, True, True]
    # The second repeats the first; the third is its other side.
    assert topology.duplicates.tolist() == [False, True, False, False, False]


def test_smooth_normals_of_a_ball_point_outward() -> None:
    mesh = ball(3, 0.1).meshes[0]
    normals = smooth_normals(mesh.positions, mesh.triangles)
    assert (normals * mesh.positions / 0.1).sum(axis=1).min() > 0.999
