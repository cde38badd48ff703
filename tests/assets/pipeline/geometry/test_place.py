"""A scan in its place: metres, upright, on the floor, and points that move with it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assets.pipeline.examined import Format
from assets.pipeline.geometry.place import PlaceOptions, place
from assets.pipeline.geometry.topology import Topology, face_normals
from assets.pipeline.loaded import Loaded
from assets.pipeline.scan import Scan
from tests.assets.pipeline.made import ball, box, scan_of, without


def loaded(scan: Scan, *, origin: tuple[float, float, float] = (0, 0, 0), unit: str | None = None) -> Loaded:
    return Loaded(scan, Format.PLY, unit, None, origin, (Path("a.ply"),))


@pytest.mark.parametrize("up", ["x", "y", "z", "-x", "-y", "-z"])
def test_a_placed_scan_stands_upright_on_the_floor_around_the_origin(up: str) -> None:
    sides = {"x": (400.0, 100, 200), "y": (100, 400.0, 200), "z": (100, 200, 400.0)}[up[-1]]
    off = box(sides)
    mesh = off.meshes[0]
    moved = scan_of(mesh.positions + np.array([7.0, -5000.0, 12.0]), mesh.triangles)
    scan, placement = place(loaded(moved), PlaceOptions("mm", up))
    low, high = scan.bounds
    assert high[1] - low[1] == pytest.approx(0.4, abs=1e-6)
    assert [low[1], low[0] + high[0], low[2] + high[2]] == pytest.approx([0, 0, 0], abs=1e-6)
    assert Topology.of(scan).volume == pytest.approx(0.1 * 0.2 * 0.4, rel=1e-5)
    assert placement.points(mesh.positions + np.array([7.0, -5000.0, 12.0])) == pytest.approx(
        scan.meshes[0].positions, abs=1e-6
    )


def test_normals_turn_with_the_scan_and_stay_unit_vectors() -> None:
    scan, placement = place(loaded(ball(3, 200.0)), PlaceOptions("mm", "-z"))
    [mesh] = scan.meshes
    assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1.0, abs=1e-5)
    corner_normals = mesh.normals[mesh.triangles].sum(axis=1)
    assert (corner_normals * face_normals(mesh.positions, mesh.triangles)).sum(axis=1).min() > 0
    assert placement.directions(np.array([[0.0, 0.0, -1.0]])) == pytest.approx(np.array([[0, 1, 0]]))


def test_a_scan_in_its_place_is_left_alone_to_the_bit() -> None:
    mesh = box().meshes[0]
    standing = scan_of(mesh.positions + np.array([0, 0.1, 0]), mesh.triangles)
    scan, placement = place(loaded(standing), PlaceOptions("m", "y"))
    assert scan is standing
    assert np.array_equal(placement.matrix, np.eye(4))


def test_the_origin_of_the_file_can_be_kept() -> None:
    far = loaded(box((100, 100, 100)), origin=(4_500_000.0, 0.0, 620_000.0))
    scan, placement = place(far, PlaceOptions("mm", "y", keep_origin=True))
    assert scan.bounds.mean(axis=0) == pytest.approx([4500.0, 0.0, 620.0], abs=1e-3)
    assert placement.matrix[:3, 3] == pytest.approx([0, 0, 0])
    middle, _ = place(far, PlaceOptions("mm", "y"))
    assert middle.bounds == pytest.approx(np.array([[-0.05, 0, -0.05], [0.05, 0.1, 0.05]]), abs=1e-6)


def test_a_pot_on_its_back_is_set_on_the_hole_in_its_base() -> None:
    shape = ball(4, 50.0)
    mesh = shape.meshes[0]
    stretched = scan_of(mesh.positions * np.array([1, 1, 2.0]), mesh.triangles)
    middles = stretched.meshes[0].positions[stretched.meshes[0].triangles].mean(axis=1)
    open_below = without(stretched, middles[:, 2] > 95)
    scan, placement = place(loaded(open_below), PlaceOptions(lengths={"height": 0.195, "diameter": 0.1}))
    assert (placement.unit.value, placement.up.value) == ("mm", "-z")
    hole = Topology.of(scan)
    [loop] = hole.loops
    assert hole.corners[loop][:, 1].max() < 0.01
    assert replace(scan, name="x").bounds[1][1] == pytest.approx(0.195, abs=0.003)
