"""Generated scans and files that several tests of the pipeline share."""

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image

from assets.pipeline.geometry.topology import smooth_normals
from assets.pipeline.scan import Material, Mesh, Scan, Texture, used_only


def scan_of(positions: object, triangles: object, name: str = "shape", **parts: Any) -> Scan:
    """One mesh of a scan from lists or arrays; normals are computed, texture coordinates are zero."""
    at = np.array(positions, dtype=np.float32)
    faces = np.array(triangles, dtype=np.uint32)
    fields: dict[str, Any] = {
        "normals": smooth_normals(at, faces),
        "texcoords": np.zeros((len(at), 2), dtype=np.float32),
        "material": Material("plain"),
        **parts,
    }
    return Scan(name, (Mesh(name=name, positions=at, triangles=faces, **fields),))


def ball(level: int = 3, radius: float = 0.1, middle: tuple[float, float, float] = (0, 0, 0)) -> Scan:
    """A sphere of 20 * 4**level triangles."""
    shape = trimesh.creation.icosphere(level, radius)
    return scan_of(shape.vertices + np.array(middle), shape.faces, "ball")


def box(size: tuple[float, float, float] = (0.1, 0.2, 0.3)) -> Scan:
    """A closed box of 12 triangles around the origin."""
    shape = trimesh.creation.box(size)
    return scan_of(shape.vertices, shape.faces, "box")


def joined(*scans: Scan) -> Scan:
    """Several scans as the meshes of one."""
    return Scan("several", tuple(mesh for scan in scans for mesh in scan.meshes))


def without(scan: Scan, drop: NDArray[np.bool_]) -> Scan:
    """The first mesh of a scan without some of its triangles."""
    mesh = scan.meshes[0]
    left = used_only(replace(mesh, triangles=mesh.triangles[~drop]))
    return scan_of(left.positions, left.triangles, scan.name)


def painted_square(side: int = 8) -> Scan:
    """A square with texture coordinates and a two-colored texture."""
    color = np.zeros((side, side, 3), dtype=np.uint8)
    color[: side // 2] = (200, 30, 30)
    return scan_of(
        [[0, 0, 0], [1, 0, 0], [1, 2, 0], [0, 2, 0]],
        [[0, 1, 2], [0, 2, 3]],
        "square",
        texcoords=np.array([[0, 1], [1, 1], [1, 0], [0, 0]], dtype=np.float32),
        material=Material("paint", base_color_texture=Texture(color)),
    )


def write_obj(path: Path, *, material: str | None = None, extra: str = "") -> Path:
    """A tetrahedron as OBJ, 1 unit high."""
    lines = [f"mtllib {material}" if material else "", extra]
    lines += ["v 0 0 0", "v 1 0 0", "v 0 1 0", "v 0 0 1", "vt 0 0", "vt 1 0", "vt 0 1"]
    lines += ["usemtl paint"] if material else []
    lines += ["f 1/1 3/2 2/3", "f 1/1 2/2 4/3", "f 1/1 4/2 3/3", "f 2/1 3/2 4/3"]
    path.write_text("\n".join(lines) + "\n")
    return path


def write_image(path: Path, width: int = 8, height: int = 8) -> Path:
    """A plain image."""
    Image.new("RGB", (width, height), (10, 200, 30)).save(path)
    return path


def exported(path: Path, shape: Any = None, **options: Any) -> Path:
    """A mesh written by trimesh in the format of the path's suffix; an icosphere where none is given."""
    mesh = trimesh.creation.icosphere(2) if shape is None else shape
    content = mesh.export(file_type=path.suffix.lstrip("."), **options)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def glb(header: dict[str, Any], binary: bytes = b"") -> bytes:
    """A GLB from its JSON and its binary chunk (glTF 2.0, section 4.4)."""
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    total = 28 + len(text) + len(binary)
    return b"".join(
        (
            struct.pack("<4sIIII", b"glTF", 2, total, len(text), 0x4E4F534A), text,
            struct.pack("<II", len(binary), 0x004E4942), binary,
        )
    )  # fmt: skip


def triangle_gltf(**changes: Any) -> tuple[dict[str, Any], bytes]:
    """JSON and buffer of a glTF with one triangle; ``changes`` replace parts of the JSON."""
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype="<f4").tobytes()
    header: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "mode": 4}]}],
        "buffers": [{"byteLength": len(points)}],
        "bufferViews": [{"buffer": 0, "byteLength": len(points)}],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                "min": [0, 0, 0], "max": [1, 1, 0],
            }
        ],
    }  # fmt: skip
    return {**header, **changes}, points
