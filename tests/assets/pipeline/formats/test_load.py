"""Scans of seven formats become the same thing: triangles, colors, textures, what the file states."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from assets.pipeline.examined import Format
from assets.pipeline.files import glb_bytes
from assets.pipeline.formats.load import load, load_glb
from assets.pipeline.geometry.topology import Topology
from assets.pipeline.refusal import UnreadableScan
from tests.assets.pipeline.made import (
    exported,
    glb,
    painted_square,
    scan_of,
    triangle_gltf,
    write_image,
    write_obj,
)

FACTS = Path("models3d", "mesh_facts.csv")


@pytest.mark.data
def test_every_real_scan_has_the_counts_and_measures_that_are_known_of_it(shared_data: Path) -> None:
    rows = list(csv.DictReader((shared_data / FACTS).read_text("utf-8").splitlines()))
    assert len(rows) >= 14
    for row in rows:
        loaded = load(shared_data / "models3d" / row["file"])
        topology = Topology.of(loaded.scan)
        sides = loaded.scan.bounds[1] - loaded.scan.bounds[0]
        found = {
            "triangles": loaded.scan.triangle_count,
            "vertices_raw": sum(len(mesh.positions) for mesh in loaded.scan.meshes),
            "vertices_welded": len(topology.corners),
            "watertight": topology.watertight,
            "winding_consistent": topology.winding_consistent,
            "zero_area_faces": int(topology.degenerate.sum()),
            "has_uv": any(mesh.texcoords.any() for mesh in loaded.scan.meshes),
        }
        assert {key: str(value) for key, value in found.items()} == {key: row[key] for key in found}, row[
            "file"
        ]
        known = [float(row[f"ext_{axis}"]) for axis in "xyz"]
        assert sides == pytest.approx(known, abs=6e-5, rel=1e-6), row["file"]
        has_texture = any(mesh.material.base_color_texture is not None for mesh in loaded.scan.meshes)
        assert has_texture == (row["has_texture"] == "True"), row["file"]


@pytest.mark.data
def test_the_two_compressions_of_one_scan_give_one_surface(shared_data: Path) -> None:
    plain, packed = (
        load(shared_data / "models3d" / name).scan
        for name in ("whale_cranium.glb", "whale_cranium_draco.glb")
    )
    assert plain.triangle_count == packed.triangle_count
    assert Topology.of(packed).volume == pytest.approx(Topology.of(plain).volume, rel=1e-3)
    assert packed.bounds == pytest.approx(plain.bounds, abs=1e-4)


@pytest.mark.data
def test_a_foreign_format_is_named_with_its_remedy(shared_data: Path) -> None:
    with pytest.raises(UnreadableScan, match=r"Column03\.fbx: it is an FBX file\. Export it as GLB"):
        load(shared_data / "models3d" / "statues" / "Column03" / "Column03.fbx")


@pytest.mark.parametrize("suffix", ["obj", "ply", "stl", "glb", "off", "3mf"])
def test_each_format_gives_the_triangles_that_were_written(tmp_path: Path, suffix: str) -> None:
    shape = trimesh.creation.icosphere(2)
    loaded = load(exported(tmp_path / f"ball.{suffix}", shape))
    assert loaded.format == Format(suffix)
    assert loaded.scan.triangle_count == 320
    assert loaded.scan.bounds == pytest.approx(shape.bounds, abs=1e-6)
    topology = Topology.of(loaded.scan)
    assert topology.watertight
    assert len(topology.corners) == 162
    assert topology.volume == pytest.approx(shape.volume, rel=1e-5)


@pytest.mark.parametrize(("suffix", "encoding"), [("ply", "ascii"), ("stl_ascii", None)])
def test_text_variants_of_binary_formats_are_read(tmp_path: Path, suffix: str, encoding: str | None) -> None:
    path = tmp_path / f"ball.{suffix.partition('_')[0]}"
    options = {} if encoding is None else {"encoding": encoding}
    content = trimesh.creation.icosphere(1).export(file_type=suffix, **options)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert load(path).scan.triangle_count == 80


def test_gltf_reads_its_buffers_and_images_from_its_folder(tmp_path: Path) -> None:
    header, points = triangle_gltf(buffers=[{"byteLength": 36, "uri": "points%20of%20it.bin"}])
    (tmp_path / "points of it.bin").write_bytes(points)
    (tmp_path / "one.gltf").write_text(json.dumps(header))
    loaded = load(tmp_path / "one.gltf")
    assert loaded.scan.bounds == pytest.approx(np.array([[0, 0, 0], [1, 1, 0]]))
    assert [path.name for path in loaded.files] == ["one.gltf", "points of it.bin"]


def test_states_of_the_format_are_kept_for_the_placement(tmp_path: Path) -> None:
    stated = {suffix: load(exported(tmp_path / f"ball.{suffix}")) for suffix in ("glb", "3mf", "stl")}
    assert [(one.unit, one.up) for one in stated.values()] == [("m", "+y"), ("mm", "+z"), (None, None)]


@pytest.mark.parametrize(
    ("comment", "unit"),
    [("# units: mm", "mm"), ("# File units = centimeters", "cm"), ("# made by hand", None)],
)
def test_a_comment_may_state_the_unit(tmp_path: Path, comment: str, unit: str | None) -> None:
    assert load(write_obj(tmp_path / "a.obj", extra=comment)).unit == unit


def test_an_obj_brings_its_texture(tmp_path: Path) -> None:
    write_image(tmp_path / "Skin Of It.png", 4, 2)
    (tmp_path / "a.mtl").write_text(
        "newmtl paint\nKd 1 1 1\nmap_Kd -s 1 1 1 skin of it.PNG\nmap_Bump bump.png\n"
    )
    loaded = load(write_obj(tmp_path / "a.obj", material="a.mtl"))
    [mesh] = loaded.scan.meshes
    texture = mesh.material.base_color_texture
    assert texture is not None
    assert texture.pixels.shape == (2, 4, 3)
    assert (texture.pixels == (10, 200, 30)).all()
    assert mesh.texcoords.max() == 1.0
    assert [path.name for path in loaded.files] == ["a.obj", "a.mtl", "Skin Of It.png"]
    assert loaded.remarks == ("a.mtl: map_Bump not taken over; only map_Kd is",)


def test_vertex_colors_of_a_ply_come_through_a_glb_unchanged(tmp_path: Path) -> None:
    shape = trimesh.creation.icosphere(2)
    colors = np.random.default_rng(1).integers(0, 256, (len(shape.vertices), 4), dtype=np.uint8)
    shape.visual.vertex_colors = colors
    loaded = load(exported(tmp_path / "ball.ply", shape)).scan
    assert loaded.meshes[0].colors is not None
    assert np.array_equal(loaded.meshes[0].colors, colors)
    back = load_glb("ball", glb_bytes(loaded)).meshes[0].colors
    assert back is not None
    assert np.array_equal(back, colors)


@pytest.mark.parametrize("with_material", [True, False])
def test_colors_of_a_gltf_are_linear(with_material: bool) -> None:
    header, points = triangle_gltf()
    shares = np.array([[0.2158605, 0, 1, 1]] * 3)
    header["accessors"].append(
        {"bufferView": 1, "componentType": 5123, "count": 3, "type": "VEC4", "normalized": True}
    )
    header["bufferViews"].append({"buffer": 0, "byteOffset": len(points), "byteLength": 24})
    header["buffers"][0]["byteLength"] = len(points) + 24
    header["meshes"][0]["primitives"][0]["attributes"]["COLOR_0"] = 1
    if with_material:
        header["materials"] = [{"name": "own"}]
        header["meshes"][0]["primitives"][0]["material"] = 0
    binary = points + np.round(shares * 65535).astype("<u2").tobytes()
    [mesh] = load_glb("colored", glb(header, binary)).meshes
    assert mesh.colors is not None
    # IEC 61966-2-1: 0.2158605 of the light is 128 of 255.
    assert mesh.colors.tolist() == [[128, 0, 255, 255]] * 3


def test_a_mesh_without_texture_coordinates_has_none_in_its_glb() -> None:
    plain = scan_of([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])
    assert b"TEXCOORD_0" not in glb_bytes(plain)
    assert b"TEXCOORD_0" in glb_bytes(painted_square())


def test_a_mirrored_node_keeps_its_outside_outside() -> None:
    header, points = triangle_gltf()
    header["nodes"][0]["scale"] = [1, 1, -1]
    [mesh] = load_glb("mirrored", glb(header, points)).meshes
    a, b, c = mesh.positions[mesh.triangles[0]]
    assert np.cross(b - a, c - a)[2] < 0
    assert mesh.normals[0] @ np.cross(b - a, c - a) > 0


def test_a_scan_far_from_the_origin_keeps_its_detail(tmp_path: Path) -> None:
    shape = trimesh.creation.icosphere(2, 0.05)
    shape.apply_translation((4_500_000.0, 250.0, 620_000.0))
    loaded = load(exported(tmp_path / "far.obj", shape, digits=12))
    assert loaded.origin == (4_500_000.0, 250.0, 620_000.0)
    assert loaded.scan.bounds == pytest.approx(np.array([[-0.05] * 3, [0.05] * 3]), abs=1e-4)
    assert "32 bits" in loaded.remarks[0]


def test_missing_normals_are_computed_over_welded_corners(tmp_path: Path) -> None:
    loaded = load(exported(tmp_path / "ball.stl")).scan.meshes[0]
    outward = loaded.positions / np.linalg.norm(loaded.positions, axis=1, keepdims=True)
    assert (loaded.normals * outward).sum(axis=1).min() > 0.999


def test_opaque_alpha_is_not_taken_for_glass(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (1, 2, 3, 255)).save(tmp_path / "t.png")
    (tmp_path / "a.mtl").write_text("newmtl paint\nmap_Kd t.png\n")
    [mesh] = load(write_obj(tmp_path / "a.obj", material="a.mtl")).scan.meshes
    assert mesh.material.base_color_texture is not None
    assert mesh.material.base_color_texture.pixels.shape == (4, 4, 3)
