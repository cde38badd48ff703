"""Whatever a sender sends ends in a scan or in an error that names file and remedy, in bounded memory."""

import io
import json
import random
import shutil
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from assets.pipeline.formats.load import load, load_glb
from assets.pipeline.refusal import LIMITS, UnreadableScan
from assets.pipeline.scan import Scan
from tests.assets.pipeline.made import exported, glb, triangle_gltf, write_image, write_obj


def refused(path: Path, *words: str) -> None:
    """The scan is refused; the error names the file, holds the words, and ends with a remedy."""
    with pytest.raises(UnreadableScan) as caught:
        load(path)
    refusal = caught.value
    assert refusal.file
    assert refusal.remedy
    assert str(refusal).startswith(refusal.file)
    for word in words:
        assert word in str(refusal), str(refusal)


def test_a_truncated_ply_is_refused_by_its_header(tmp_path: Path) -> None:
    path = exported(tmp_path / "a.ply")
    path.write_bytes(path.read_bytes()[:2000])
    refused(path, "a.ply", "cut off", "Copy or export")


@pytest.mark.parametrize("suffix", ["stl", "glb", "off", "3mf"])
def test_a_truncated_file_is_refused(tmp_path: Path, suffix: str) -> None:
    path = exported(tmp_path / f"a.{suffix}")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    refused(path, f"a.{suffix}")


def test_an_obj_cut_off_within_a_line_is_refused_or_remarked_upon(tmp_path: Path) -> None:
    # An OBJ states no counts: one that ends after a whole line is a smaller scan, and nobody can tell.
    path = exported(tmp_path / "a.obj")
    content = path.read_bytes().rstrip()
    path.write_bytes(content[: content.rindex(b" ")])
    refused(path, "announces 320 faces, 319 triangles are there")
    path.write_bytes(content)
    assert load(path).remarks == ("a.obj: its last line has no end; it may be cut off",)


def test_an_obj_with_a_missing_material_file_is_refused(tmp_path: Path) -> None:
    refused(
        write_obj(tmp_path / "a.obj", material="gone.mtl"),
        "a.obj",
        "'gone.mtl'",
        "not there",
        "beside the scan",
    )


def test_an_obj_with_a_missing_texture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mtl").write_text("newmtl paint\nmap_Kd gone.png\n")
    refused(write_obj(tmp_path / "a.obj", material="a.mtl"), "a.obj", "'gone.png'", "not there")


@pytest.mark.parametrize(
    "name", ["../secret.png", "..\\secret.png", "/etc/passwd", "C:\\textures\\a.png", "file:///etc/passwd"]
)
def test_a_material_that_climbs_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    write_image(tmp_path / "secret.png")
    folder = tmp_path / "scan"
    folder.mkdir()
    (folder / "a.mtl").write_text(f"newmtl paint\nmap_Kd {name}\n")
    refused(write_obj(folder / "a.obj", material="a.mtl"), "a.obj", "without a folder")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    write_image(tmp_path / "secret.png")
    folder = tmp_path / "scan"
    folder.mkdir()
    (folder / "t.png").symlink_to(tmp_path / "secret.png")
    (folder / "a.mtl").write_text("newmtl paint\nmap_Kd t.png\n")
    refused(write_obj(folder / "a.obj", material="a.mtl"), "outside its folder")


def test_a_texture_of_30_000_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (header, b"IDAT" + zlib.compress(bytes(100)), b"IEND")
    )
    (tmp_path / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    (tmp_path / "a.mtl").write_text("newmtl paint\nmap_Kd huge.png\n")
    tracemalloc.start()
    refused(write_obj(tmp_path / "a.obj", material="a.mtl"), "huge.png", "too large", "Resize it")
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_a_damaged_texture_is_refused(tmp_path: Path) -> None:
    image = write_image(tmp_path / "t.png", 64, 64)
    image.write_bytes(image.read_bytes()[:90])
    (tmp_path / "a.mtl").write_text("newmtl paint\nmap_Kd t.png\n")
    refused(write_obj(tmp_path / "a.obj", material="a.mtl"), "texture")
    image.write_text("<html>not found</html>")
    refused(tmp_path / "a.obj", "t.png", "no image")


def test_vertices_that_are_not_numbers_are_counted_and_refused(tmp_path: Path) -> None:
    shape = trimesh.creation.icosphere(2)
    vertices = np.array(shape.vertices)
    vertices[[3, 5]] = np.nan
    wild = trimesh.Trimesh(vertices, shape.faces, process=False)
    refused(exported(tmp_path / "a.ply", wild), "a.ply", "2 of its 162 vertices are not numbers")


@pytest.mark.parametrize("suffix", ["obj", "ply", "off"])
def test_a_face_that_names_no_vertex_is_refused(tmp_path: Path, suffix: str) -> None:
    files = {
        "obj": "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n",
        "ply": "ply\nformat ascii 1.0\nelement vertex 3\n"
        "property float x\nproperty float y\nproperty float z\n"
        "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 9\n",
        "off": "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 9\n",
    }
    path = tmp_path / f"a.{suffix}"
    path.write_text(files[suffix])
    refused(path, f"a.{suffix}", "Copy or export the file again")


def test_an_obj_index_of_zero_is_not_taken_for_the_first_vertex(tmp_path: Path) -> None:
    path = tmp_path / "a.obj"
    path.write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 0 1 2\nf 1 2 3\n")
    refused(path, "vertex 0", "counts from 1")


def test_relative_indices_that_would_be_read_wrongly_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.obj"
    path.write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf -3 -2 -1\nv 5 5 5\nv 6 5 5\nv 5 6 5\nf -3 -2 -1\n")
    refused(path, "backwards", "absolute indices")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.obj", b""),
        ("points.ply", b"ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nend_header\n0\n"),
        ("none.stl", bytes(84)),
        ("none.off", b"OFF\n0 0 0\n"),
        ("none.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\n"),
        ("none.glb", glb({"asset": {"version": "2.0"}, "scenes": [{}]})),
        ("none.gltf", b'{"asset": {"version": "2.0"}}'),
    ],
)
def test_a_file_without_triangles_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, name)


def _huge_headers() -> Iterator[tuple[str, bytes]]:
    yield (
        "a.ply",
        (
            b"ply\nformat binary_little_endian 1.0\nelement vertex 25000000\n"
            b"property float x\nproperty float y\nproperty float z\n"
            b"element face 50000000\nproperty list uchar int vertex_indices\nend_header\n"
        ),
    )
    yield "a.stl", bytes(80) + struct.pack("<I", 50_000_000)
    yield "a.off", b"OFF\n25000000 50000000 0\n0 0 0\n"
    header, points = triangle_gltf()
    header["accessors"][0]["count"] = 150_000_000
    yield "a.glb", glb(header, points)


@pytest.mark.parametrize(
    ("name", "head"), list(_huge_headers()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_fifty_million_triangles_are_refused_by_the_header_alone(
    tmp_path: Path, name: str, head: bytes
) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(head)
        file.truncate(84 + 50 * 50_000_000)  # sparse: takes no disk
    tracemalloc.start()
    refused(path, name)
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_faces_of_an_obj_are_counted_without_reading_it_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.obj"
    faces = LIMITS.triangles + 1
    with path.open("wb") as file:
        file.write(b"v 0 0 0\nv 1 0 0\nv 0 1 0\n")
        for _ in range(faces // 1_000_000 + 1):
            file.write(b"f 1 2 3\n" * 1_000_000)
    tracemalloc.start()
    refused(path, "triangles", "lower resolution")
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


def _archive(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"3D/3dmodel.model": bytes(64 << 20)}, "unpacks to"),
        ({"3D/3dmodel.model": b"<model/>", "../../evil": b"x"}, "climbs out"),
        ({"readme.txt": b"hello"}, "without a 3D model"),
    ],
    ids=["bomb", "climbing", "no-model"],
)
def test_a_hostile_3mf_is_refused_by_its_table(tmp_path: Path, members: dict[str, bytes], words: str) -> None:
    path = tmp_path / "a.3mf"
    path.write_bytes(_archive(members))
    tracemalloc.start()
    refused(path, "a.3mf", words)
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_entities_of_a_3mf_are_not_expanded(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{k + 1} "{f"&e{k};" * 10}">' for k in range(9))
    model = f'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY e0 "aaaaaaaaaa">{entities}]><model unit="&e9;"/>'
    path = tmp_path / "a.3mf"
    path.write_bytes(_archive({"3D/3dmodel.model": model.encode()}))
    refused(path, "a.3mf")


@pytest.mark.parametrize(
    ("written", "called"), [("ply", "obj"), ("glb", "gltf"), ("stl", "ply"), ("obj", "stl")]
)
def test_a_wrong_extension_is_refused_with_the_right_one(tmp_path: Path, written: str, called: str) -> None:
    path = exported(tmp_path / f"a.{written}").rename(tmp_path / f"a.{called}")
    refused(path, f"content is {written.upper()}", f"Rename it to a.{written}")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "a PNG image"),
        (b"\x1f\x8b" + bytes(64), "a gzip archive"),
        (bytes(range(1, 80)), "no format"),
    ],
)
def test_content_that_is_no_scan_is_called_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.ply"
    path.write_bytes(content)
    refused(path, words)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "gone.glb", "gone.glb", "cannot be read")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"extensionsRequired": ["EXT_meshopt_compression"]}, "needs EXT_meshopt_compression"),
        ({"extensionsRequired": ["VENDOR_splats"]}, "needs VENDOR_splats"),
        ({"asset": {"version": "1.0"}}, "glTF version 1.0"),
        ({"images": [{"mimeType": "image/ktx2", "bufferView": 0}]}, "KTX2"),
        ({"images": [{"bufferView": 0, "mimeType": "image/png"}]}, "no image"),
        ({"images": [{"name": "nothing"}]}, "image 0 has no bytes"),
        ({"bufferViews": [{"buffer": 0, "byteLength": 36, "byteOffset": 8}]}, "past its end"),
        ({"bufferViews": [{"buffer": 0, "byteLength": 20}]}, "past the end of its bytes"),
        ({"nodes": [{"mesh": 0, "scale": [0, 1, 1]}]}, "flattens its mesh"),
        ({"nodes": [{"mesh": 4}]}, "no triangles"),
        ({"buffers": [{"byteLength": 36, "uri": "../secret.bin"}]}, "it names other files"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_gltf_that_would_be_misread_is_refused(change: dict[str, Any], words: str) -> None:
    header, points = triangle_gltf(**change)
    with pytest.raises(UnreadableScan, match=words):
        load_glb("a", glb(header, points))


@pytest.mark.parametrize("part", ["sparse", "bufferView"])
def test_an_accessor_whose_values_lie_elsewhere_is_not_read_as_zeros(part: str) -> None:
    header, points = triangle_gltf()
    if part == "sparse":
        header["accessors"][0]["sparse"] = {"count": 1}
    else:
        del header["accessors"][0]["bufferView"]
    with pytest.raises(UnreadableScan, match=r"accessor 0"):
        load_glb("a", glb(header, points))


def test_many_instances_of_a_mesh_are_counted_before_they_are_made() -> None:
    header, points = triangle_gltf(nodes=[{"mesh": 0}] * 200, scenes=[{"nodes": list(range(200))}])
    assert load_glb("a", glb(header, points)).triangle_count == 200
    few = type(LIMITS)(triangles=100)
    with pytest.raises(UnreadableScan, match="instances come to 200"):
        load_glb("a", glb(header, points), few)


def test_draco_data_that_cannot_be_unpacked_is_not_read_as_zeros(shared_data: Path, tmp_path: Path) -> None:
    content = bytearray((shared_data / "models3d" / "threedscans_beethoven_draco.glb").read_bytes())
    start = content.index(b"DRACO")
    content[start : start + 5] = b"OCARD"
    path = tmp_path / "a.glb"
    path.write_bytes(content)
    refused(path, "a.glb", "one point")


REAL = (
    "demosthenes-low-res.obj", "statues/Plato/Plato.stl", "statues/Hermes/Hermes.ply",
    "statues/Column03/Column03.obj", "threedscans_beethoven_draco.glb", "whale_cranium_draco.glb",
)  # fmt: skip


@pytest.mark.data
@pytest.mark.parametrize("name", REAL)
def test_damaged_copies_of_real_scans_give_a_sound_scan_or_a_refusal(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    source = shared_data / "models3d" / name
    for companion in (*source.parent.glob("*.mtl"), *source.parent.glob("*.jpg")):
        shutil.copy(companion, tmp_path)
    chance = random.Random(name)
    whole = source.read_bytes()
    for _ in range(12):
        path = tmp_path / source.name
        path.write_bytes(chance.choice(DAMAGES)(bytearray(whole), chance))
        sound_or_refused(path)


@pytest.mark.data
def test_damaged_headers_of_a_real_gltf_give_a_sound_scan_or_a_refusal(
    shared_data: Path, tmp_path: Path
) -> None:
    content = (shared_data / "models3d" / "threedscans_beethoven_draco.glb").read_bytes()
    (length,) = struct.unpack_from("<I", content, 12)
    header, binary = content[20 : 20 + length], content[28 + length :]
    chance = random.Random(5)
    path = tmp_path / "a.glb"
    for _ in range(150):
        changed = json.loads(header)
        places = list(_places(changed))
        for _ in range(chance.randint(1, 2)):
            _spoil(changed, chance.choice(places), chance)
        path.write_bytes(glb(changed, binary))
        sound_or_refused(path)


def sound_or_refused(path: Path) -> None:
    try:
        scan = load(path).scan
    except UnreadableScan as refusal:
        assert refusal.file
        assert refusal.remedy
    else:
        assert_sound(scan)


def assert_sound(scan: Scan) -> None:
    assert scan.triangle_count > 0
    for mesh in scan.meshes:
        count = len(mesh.positions)
        assert mesh.triangles.max() < count
        assert mesh.normals.shape == (count, 3)
        assert mesh.texcoords.shape == (count, 2)
        assert all(np.isfinite(part).all() for part in (mesh.positions, mesh.normals, mesh.texcoords))
        assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1.0, abs=1e-3)


def _cut(content: bytearray, chance: random.Random) -> bytes:
    return bytes(content[: chance.randrange(1, len(content))])


def _flip(content: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 5, 50))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def _flip_head(content: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 5, 20))):
        content[chance.randrange(min(len(content), 2000))] = chance.randrange(256)
    return bytes(content)


def _blank(content: bytearray, chance: random.Random) -> bytes:
    start, length = chance.randrange(len(content)), chance.randrange(1, 5000)
    content[start : start + length] = bytes(len(content[start : start + length]))
    return bytes(content)


def _drop(content: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    del content[start : start + chance.randrange(1, 5000)]
    return bytes(content)


DAMAGES: tuple[Callable[[bytearray, random.Random], bytes], ...] = (_cut, _flip, _flip_head, _blank, _drop)
SPOILT: tuple[Any, ...] = (
    -1,
    0,
    1,
    2**31,
    2**40,
    1e308,
    "x",
    None,
    [],
    {},
    True,
    -1e9,
    99_999,
    3.5,
    [0, 0, 0, 0],
)


def _places(node: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from _places(child, (*path, key))


def _spoil(node: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    for key in path[:-1]:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return  # an earlier damage took the place away
    if not isinstance(node, dict | list) or (isinstance(node, list) and path[-1] >= len(node)):
        return
    if chance.random() < 0.3 and (isinstance(node, list) or path[-1] in node):
        del node[path[-1]]
    else:
        node[path[-1]] = chance.choice(SPOILT)
