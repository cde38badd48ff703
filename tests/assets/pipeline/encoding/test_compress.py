"""Compressed GLBs, judged by readers that are not ours: the Khronos validator and glTF-Transform."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.pipeline.encoding import compress as encoder
from assets.pipeline.encoding.compress import Encoding, EncodingUnavailable, available_encodings, compress
from assets.pipeline.encoding.glb import Glb, UnsupportedGlb
from assets.pipeline.encoding.quantize import Precision
from assets.pipeline.files import glb_bytes, read_glb
from assets.pipeline.geometry.deviation import deviation
from assets.pipeline.geometry.surface import Surface
from assets.pipeline.scan import Material, Scan, Texture
from tests.assets.pipeline.readers import judged, node
from tests.assets.pipeline.solids import checker, open_edges, sphere, two_materials

TRIANGLES = [Encoding.MESHOPT, Encoding.DRACO]
Decoded = tuple[Scan, dict[str, Any]]
Decode = Callable[[bytes], Decoded]


def surfaced() -> Scan:
    """A bumpy sphere with all three textures of a scan."""
    scan = sphere(24, bumps=0.05)
    normals = np.full((64, 64, 3), (128, 128, 255), dtype=np.uint8)
    material = replace(
        scan.meshes[0].material,
        metallic=1.0,
        surface_texture=Texture(checker()),
        normal_texture=Texture(normals),
    )
    return replace(scan, meshes=(replace(scan.meshes[0], material=material),))


def bare() -> Scan:
    """A sphere whose material has no texture."""
    scan = sphere(24)
    return replace(scan, meshes=(replace(scan.meshes[0], material=Material("clay")),))


def document(content: bytes) -> dict[str, Any]:
    size = int.from_bytes(content[12:16], "little")
    found: dict[str, Any] = json.loads(content[20 : 20 + size])
    return found


@pytest.fixture
def decode(node_packages: Path, tmp_path: Path) -> Decode:
    """Decode by glTF-Transform; returns the scan in world space and the compressed file's JSON."""

    def decoded(content: bytes) -> Decoded:
        packed, plain = tmp_path / "packed.glb", tmp_path / "plain.glb"
        packed.write_bytes(content)
        told = json.loads(node(node_packages, "decode.mjs", packed, plain))
        return read_glb(plain), told["json"]

    return decoded


def issues(node_packages: Path, paths: list[Path]) -> dict[str, dict[str, Any]]:
    return {Path(report["path"]).name: report["issues"] for report in judged(node_packages, paths)}


def test_every_encoding_passes_the_khronos_validator(node_packages: Path, tmp_path: Path) -> None:
    scans = {"sphere": surfaced(), "two materials": two_materials(20), "bare": bare()}
    paths = []
    for name, scan in scans.items():
        for encoding in available_encodings():
            paths.append(tmp_path / f"{name} {encoding}.glb")
            paths[-1].write_bytes(compress(glb_bytes(scan), encoding))
    found = issues(node_packages, paths)
    assert len(found) == len(scans) * len(Encoding)
    errors = {
        name: [message for message in report["messages"] if message["severity"] == 0]
        for name, report in found.items()
        if report["numErrors"]
    }
    assert errors == {}


def test_the_validator_would_notice(node_packages: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.glb"
    glb = Glb.read(compress(glb_bytes(bare()), Encoding.PLAIN))
    glb.document["accessors"][0]["count"] += 10_000
    broken.write_bytes(glb.write())
    assert issues(node_packages, [broken])["broken.glb"]["numErrors"] > 0


@pytest.mark.parametrize("encoding", TRIANGLES)
@pytest.mark.parametrize("bits", [10, 14, 16])
def test_vertices_move_by_no_more_than_the_stated_error(
    decode: Decode, encoding: Encoding, bits: int
) -> None:
    scan, precision = surfaced(), Precision(position_bits=bits)
    back, _ = decode(compress(glb_bytes(scan), encoding, precision))
    size = float(np.ptp(scan.bounds, axis=0).max())
    stated = precision.position_error_mm(size)
    assert back.triangle_count == scan.triangle_count
    assert np.abs(back.bounds - scan.bounds).max() * 1000 <= stated + 1e-4
    for one, other in ((scan, back), (back, scan)):
        moved = Surface.of(other).nearest(one.meshes[0].positions.astype(np.float64)).distances
        assert moved.max() * 1000 <= stated + 1e-4


@pytest.mark.parametrize("encoding", TRIANGLES)
def test_normals_and_texture_coordinates_come_back(decode: Decode, encoding: Encoding) -> None:
    scan = surfaced()
    back, _ = decode(compress(glb_bytes(scan), encoding, Precision(16, 12, 8)))
    here, there = scan.meshes[0], back.meshes[0]
    texcoords = there.texcoords.astype(np.float64)
    # The vertices come in another order: match each by place and texture coordinate.
    found = Surface(
        np.c_[here.texcoords, here.normals[:, :1]].astype(np.float64), here.triangles.astype(np.int64)
    )
    assert found.nearest(np.c_[texcoords, there.normals[:, :1]]).distances.max() < 0.02
    order = np.linalg.norm(here.positions[None] - there.positions[:, None], axis=2).argmin(axis=1)
    assert np.einsum("ij,ij->i", here.normals[order], there.normals).min() > np.cos(np.radians(1.5))
    seam = (here.texcoords[order, 0] == 0) | (here.texcoords[order, 0] == 1)
    poles = np.abs(here.positions[order, 1]) > 0.199
    kept = ~(seam | poles)
    assert np.abs(here.texcoords[order] - texcoords)[kept].max() < 1 / 4095


@pytest.mark.parametrize("encoding", TRIANGLES)
def test_triangles_keep_facing_outward_and_the_surface_stays_closed(
    decode: Decode, encoding: Encoding
) -> None:
    back, _ = decode(compress(glb_bytes(surfaced()), encoding))
    part = back.meshes[0]
    a, b, c = part.positions[part.triangles.T]
    assert (np.einsum("ij,ij->i", np.cross(b - a, c - a), a) > 0).all()
    assert open_edges(back) == 0


def test_meshes_that_touch_still_touch_after_quantization(decode: Decode) -> None:
    scan = two_materials(20)
    assert open_edges(scan) == 0
    precision = Precision(position_bits=11)
    back, _ = decode(compress(glb_bytes(scan), Encoding.MESHOPT, precision))
    assert len(back.meshes) == 2
    assert open_edges(back) == 0
    stated = precision.position_error_mm(float(np.ptp(scan.bounds, axis=0).max()))
    assert deviation(scan, back, samples=2_000).hausdorff_mm <= stated + 1e-4


def test_meshopt_uses_only_extensions_that_unity_and_three_read() -> None:
    found = document(compress(glb_bytes(surfaced()), Encoding.MESHOPT))
    assert found["extensionsRequired"] == [
        "EXT_meshopt_compression", "KHR_mesh_quantization", "KHR_texture_transform",
    ]  # fmt: skip
    assert {image["mimeType"] for image in found["images"]} <= {"image/png", "image/jpeg"}
    indices = found["accessors"][found["meshes"][0]["primitives"][0]["indices"]]
    assert indices["componentType"] == 5123


def test_a_large_mesh_gets_32_bit_indices() -> None:
    found = document(compress(glb_bytes(sphere(130)), Encoding.MESHOPT))
    position = found["accessors"][found["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]
    indices = found["accessors"][found["meshes"][0]["primitives"][0]["indices"]]
    assert (indices["componentType"] == 5125) == (position["count"] >= 65535)
    huge = document(compress(glb_bytes(sphere(190)), Encoding.MESHOPT))
    assert huge["accessors"][huge["meshes"][0]["primitives"][0]["indices"]]["componentType"] == 5125


def test_texture_coordinates_that_no_texture_reads_are_left_out() -> None:
    for encoding in TRIANGLES:
        found = document(compress(glb_bytes(bare()), encoding))
        assert set(found["meshes"][0]["primitives"][0]["attributes"]) == {"POSITION", "NORMAL"}


def test_compression_saves_most_of_the_bytes() -> None:
    master = glb_bytes(bare())
    assert len(compress(master, Encoding.MESHOPT)) < 0.3 * len(master)
    assert len(compress(master, Encoding.DRACO)) < len(compress(master, Encoding.MESHOPT))


def test_ktx2_replaces_every_image_and_reads_back() -> None:
    alktx2 = pytest.importorskip("alktx2", reason="the KTX2 encoder is not installed: pip install alktx2")
    content = compress(glb_bytes(surfaced()), Encoding.MESHOPT_KTX2)
    found = document(content)
    assert "KHR_texture_basisu" in found["extensionsRequired"]
    assert all("source" not in texture for texture in found["textures"])
    glb = Glb(found, bytearray(content[content.index(b"BIN\0") + 4 :]))
    for image in found["images"]:
        told = alktx2.inspect_ktx2(glb.view_bytes(image["bufferView"]))
        assert image["mimeType"] == "image/ktx2"
        assert (told["width"], told["height"], told["levels"]) == (64, 64, 7)
    normal = found["textures"][found["materials"][0]["normalTexture"]["index"]]
    view = found["images"][normal["extensions"]["KHR_texture_basisu"]["source"]]["bufferView"]
    assert alktx2.inspect_ktx2(glb.view_bytes(view))["is_uastc"]
    assert not alktx2.inspect_ktx2(glb.view_bytes(view))["is_srgb"]


@pytest.mark.parametrize("encoding", Encoding)
def test_equal_masters_give_equal_bytes(encoding: Encoding) -> None:
    assert compress(glb_bytes(surfaced()), encoding) == compress(glb_bytes(surfaced()), encoding)


def test_the_master_is_not_changed() -> None:
    master = glb_bytes(surfaced())
    before = bytes(master)
    assert compress(master, Encoding.PLAIN) == before
    compress(master, Encoding.MESHOPT)
    assert master == before


@pytest.mark.parametrize(
    ("encoding", "package", "remedy"),
    [
        (Encoding.DRACO, "DracoPy", "pip install DracoPy"),
        (Encoding.MESHOPT_KTX2, "alktx2", "pip install alktx2"),
    ],
)
def test_a_missing_encoder_is_reported_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, encoding: Encoding, package: str, remedy: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == package else object())
    assert encoding not in encoder.available_encodings()
    with pytest.raises(EncodingUnavailable, match=remedy):
        compress(glb_bytes(bare()), encoding)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"animations": [{}]}, "animations"),
        ({"skins": [{}]}, "skins"),
        ({"extensionsRequired": ["KHR_draco_mesh_compression"]}, "KHR_draco_mesh_compression"),
        ({"meshes": []}, "no triangles"),
        (
            {"meshes": [{"primitives": [{"mode": 0, "attributes": {"POSITION": 0}}]}]},
            "plain indexed triangles",
        ),
        ({"accessors": []}, "broken"),
        ({"bufferViews": []}, "broken"),
    ],
)
def test_what_is_no_scan_is_named(change: dict[str, Any], named: str) -> None:
    glb = Glb.read(glb_bytes(bare()))
    glb.document |= change
    with pytest.raises(UnsupportedGlb, match=named):
        compress(glb.write(), Encoding.MESHOPT)


@given(st.integers(0, 4_000), st.binary(max_size=40))
def test_a_damaged_file_ends_in_our_error_or_not_at_all(at: int, damage: bytes) -> None:
    content = bytearray(DAMAGED)
    content[at : at + len(damage)] = damage
    for tried in (bytes(content), bytes(content[:at])):
        try:
            compress(tried, Encoding.MESHOPT)
        except UnsupportedGlb as error:
            assert str(error)


DAMAGED = glb_bytes(Scan("small", (replace(sphere(4).meshes[0], material=Material("clay")),)))
