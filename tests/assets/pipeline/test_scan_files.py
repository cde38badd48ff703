"""A scan written as GLB and read back."""

from pathlib import Path

import numpy as np
import pytest

from assets.pipeline.files import UnreadableScan, glb_bytes, read_glb, write_glb
from assets.pipeline.scan import Material, Mesh, Scan, Texture


def square(material: Material) -> Scan:
    mesh = Mesh(
        "square",
        np.array([[0, 0, 0], [1, 0, 0], [1, 2, 0], [0, 2, 0]], dtype=np.float32),
        np.array([[0, 0, 1]] * 4, dtype=np.float32),
        np.array([[0, 1], [1, 1], [1, 0], [0, 0]], dtype=np.float32),
        np.array([[0, 1, 2], [0, 2, 3]], dtype=np.uint32),
        material,
    )
    return Scan("square", (mesh,), {"method": "drawn by hand"})


def painted() -> Material:
    color = np.zeros((8, 4, 3), dtype=np.uint8)
    color[:4] = (200, 30, 30)
    surface = np.full((8, 4, 3), (255, 100, 20), dtype=np.uint8)
    normal = np.full((8, 4, 3), (128, 128, 255), dtype=np.uint8)
    return Material(
        "paint",
        base_color_texture=Texture(color),
        surface_texture=Texture(surface),
        normal_texture=Texture(normal),
        metallic=1.0,
    )


def test_geometry_comes_back_as_it_went(tmp_path: Path) -> None:
    path = tmp_path / "square.glb"
    with path.open("wb") as file:
        written = write_glb(square(painted()), file)
    assert written == path.stat().st_size
    back = read_glb(path)
    original = square(painted()).meshes[0]
    assert back.triangle_count == 2
    assert back.meshes[0].positions == pytest.approx(original.positions)
    assert back.meshes[0].texcoords == pytest.approx(original.texcoords)
    assert back.bounds == pytest.approx(np.array([[0, 0, 0], [1, 2, 0]]))


def test_textures_come_back_pixel_by_pixel(tmp_path: Path) -> None:
    path = tmp_path / "square.glb"
    path.write_bytes(glb_bytes(square(painted())))
    material = read_glb(path).meshes[0].material
    wanted = painted()
    for name in ("base_color_texture", "surface_texture", "normal_texture"):
        assert np.array_equal(getattr(material, name).pixels, getattr(wanted, name).pixels)


def test_provenance_travels_inside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "square.glb"
    path.write_bytes(glb_bytes(square(painted())))
    assert read_glb(path).provenance["method"] == "drawn by hand"


def test_equal_scans_give_equal_bytes() -> None:
    assert glb_bytes(square(painted())) == glb_bytes(square(painted()))


def test_occlusion_shares_the_surface_texture() -> None:
    assert b'"occlusionTexture"' in glb_bytes(square(painted()))


def test_see_through_materials_are_marked_as_blended() -> None:
    assert b'"BLEND"' in glb_bytes(square(Material("glass", base_color=(1, 1, 1, 0.3))))


@pytest.mark.parametrize("content", [b"", b"not a scan", b"glTF\x02\x00\x00\x00\x10\x00\x00\x00"])
def test_a_broken_file_is_named_in_the_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.glb"
    path.write_bytes(content)
    with pytest.raises(UnreadableScan, match=r"broken\.glb"):
        read_glb(path)
