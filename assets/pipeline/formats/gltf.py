"""glTF 2.0 before it is read: chunks, counts, extensions, images.

trimesh reads the geometry. What it would pass over in silence (sparse accessors, extensions that must be
understood, images it cannot open) is found here and refused, and so is what asks for more than a worker has.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from assets.pipeline.examined import Examined, refuse_too_many
from assets.pipeline.refusal import MIB, InputLimits, UnreadableScan

DRACO: Final = "KHR_draco_mesh_compression"
_AGAIN: Final = "Copy or export the file again"
_HEADER: Final = 64 * MIB
"""Bytes of JSON that a scan may need; real ones need kilobytes."""
_JSON, _BIN = 0x4E4F534A, 0x004E4942
_WIDTHS: Final = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
_COLUMNS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNDERSTOOD: Final = {DRACO, "KHR_mesh_quantization", "EXT_texture_webp"}
"""Extensions that change geometry or images and are read. KHR_materials_* only change how light plays."""
_GEOMETRY: Final = {"EXT_meshopt_compression", "KHR_meshopt_compression", "EXT_mesh_gpu_instancing"}
"""Extensions without which the geometry is not what the file means, whether or not they are required."""


@dataclass(frozen=True, slots=True)
class GltfFile:
    """A glTF taken apart: its JSON, and the binary chunk of a GLB."""

    header: dict[str, Any]
    binary: bytes | None

    def packed(self) -> bytes:
        """The file as GLB, where it has a binary chunk, else as JSON."""
        text = json.dumps(self.header, separators=(",", ":")).encode()
        if self.binary is None:
            return text
        text += b" " * (-len(text) % 4)
        binary = self.binary + b"\0" * (-len(self.binary) % 4)
        total = 12 + 8 + len(text) + 8 + len(binary)
        return b"".join(
            (
                struct.pack("<4sIIII", b"glTF", 2, total, len(text), _JSON), text,
                struct.pack("<II", len(binary), _BIN), binary,
            )
        )  # fmt: skip


def opened(name: str, file: BinaryIO, size: int) -> GltfFile:
    """Take a GLB or the JSON of a glTF apart. Raises :class:`UnreadableScan`."""
    head = file.read(20)
    if not head.startswith(b"glTF"):
        if size > _HEADER:
            raise UnreadableScan(name, f"its JSON is larger than {_HEADER // MIB} MiB", "Export it as GLB")
        return GltfFile(_parsed(name, head + file.read()), None)
    if len(head) < 20:
        raise UnreadableScan(name, "it is cut off within its header", _AGAIN)
    version, length, text_length, kind = struct.unpack("<4xIIII", head)
    if version != 2:
        raise UnreadableScan(name, f"it is glTF version {version}", "Export it as glTF 2.0")
    if length > size or text_length > length - 20 or kind != _JSON:
        raise UnreadableScan(name, f"it is cut off: it announces {length:,} bytes and has {size:,}", _AGAIN)
    if text_length > _HEADER:
        raise UnreadableScan(name, f"its JSON is larger than {_HEADER // MIB} MiB", _AGAIN)
    header = _parsed(name, file.read(text_length))
    return GltfFile(header, _binary_chunk(name, file.read(length - 20 - text_length)))


def _binary_chunk(file: str, rest: bytes) -> bytes:
    at = 0
    while at + 8 <= len(rest):
        length, kind = struct.unpack_from("<II", rest, at)
        if at + 8 + length > len(rest):
            raise UnreadableScan(file, "a chunk is longer than the file", _AGAIN)
        if kind == _BIN:
            return rest[at + 8 : at + 8 + length]
        at += 8 + length
    return b""


def _parsed(file: str, text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableScan(file, f"its glTF header is not JSON ({error})", _AGAIN) from error
    if not isinstance(header, dict) or not isinstance(header.get("asset"), dict):
        raise UnreadableScan(file, "its JSON is not glTF: it has no asset", "Export it as glTF 2.0")
    return header


def examine_gltf(name: str, found: GltfFile, limits: InputLimits) -> Examined:
    """Check what the header promises.

    Raises :class:`UnreadableScan`, or what Python raises where the header is not built like a glTF's.
    """
    header = found.header
    _check_version(name, header)
    _check_extensions(name, header)
    _check_accessors(name, found, limits)
    triangles = sum(_triangles(header, primitive) for primitive in primitives(header))
    if not triangles:
        raise UnreadableScan(
            name,
            "it holds no triangles",
            "Export the mesh of the scan, not its point cloud or an empty scene",
        )
    refuse_too_many(name, triangles, limits)
    _check_images(name, header, limits)
    rights = header["asset"].get("copyright")
    stated = {"copyright": rights} if isinstance(rights, str) and rights else {}
    return Examined(triangles, unit="m", up="+y", provenance=stated)


def primitives(header: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every primitive of every mesh."""
    for mesh in header.get("meshes", ()):
        yield from mesh["primitives"]


def _check_version(file: str, header: dict[str, Any]) -> None:
    version = str(header["asset"].get("version", ""))
    if not version.startswith("2"):
        raise UnreadableScan(file, f"it is glTF version {version or 'unknown'}", "Export it as glTF 2.0")


def _check_extensions(file: str, header: dict[str, Any]) -> None:
    required = {
        name for name in header.get("extensionsRequired", ()) if not name.startswith("KHR_materials_")
    }
    used = set(header.get("extensionsUsed", ()))
    missing = sorted((required - _UNDERSTOOD) | (used & _GEOMETRY))
    if missing:
        raise UnreadableScan(
            file, f"it needs {', '.join(missing)}, which is not read here", "Export it without compression"
        )


def _check_accessors(file: str, found: GltfFile, limits: InputLimits) -> None:
    header = found.header
    views, accessors = header.get("bufferViews", []), header.get("accessors", [])
    unpacked = _unpacked_by_draco(header)
    for index, accessor in enumerate(accessors):
        count = accessor["count"]
        if not isinstance(count, int) or count < 1 or count > 4 * limits.triangles:
            raise UnreadableScan(file, f"accessor {index} announces {count} elements", _AGAIN)
        if "sparse" in accessor:
            raise UnreadableScan(file, f"accessor {index} is sparse", "Export it without sparse accessors")
        if "bufferView" not in accessor:
            if index not in unpacked:
                raise UnreadableScan(file, f"accessor {index} has no bytes", _AGAIN)
            continue
        width = _WIDTHS[accessor["componentType"]] * _COLUMNS[accessor["type"]]
        view = views[accessor["bufferView"]]
        end = accessor.get("byteOffset", 0) + (count - 1) * view.get("byteStride", width) + width
        if end > view["byteLength"]:
            raise UnreadableScan(file, f"accessor {index} reads past the end of its bytes", _AGAIN)
    if found.binary is not None:
        _check_views(file, header, len(found.binary))


def _check_views(file: str, header: dict[str, Any], held: int) -> None:
    for index, view in enumerate(header.get("bufferViews", [])):
        if "uri" in header["buffers"][view["buffer"]]:
            continue
        if not 0 <= view.get("byteOffset", 0) <= held - view["byteLength"]:
            raise UnreadableScan(file, f"it is cut off: bytes {index} lie past its end", _AGAIN)


def _unpacked_by_draco(header: dict[str, Any]) -> set[int]:
    return {
        accessor
        for primitive in primitives(header)
        if DRACO in primitive.get("extensions", {})
        for accessor in (*primitive["attributes"].values(), primitive.get("indices", -1))
    }


def _triangles(header: dict[str, Any], primitive: dict[str, Any]) -> int:
    mode = primitive.get("mode", 4)
    if mode not in (4, 5):
        return 0
    indices = primitive.get("indices", primitive["attributes"].get("POSITION"))
    count = int(header["accessors"][indices]["count"])
    return count // 3 if mode == 4 else max(count - 2, 0)


def _check_images(file: str, header: dict[str, Any], limits: InputLimits) -> None:
    images = header.get("images", [])
    if len(images) > limits.textures:
        raise UnreadableScan(
            file,
            f"it has {len(images)} images, the limit is {limits.textures}",
            "Bake its textures into an atlas",
        )
    for index, image in enumerate(images):
        if image.get("mimeType") == "image/ktx2":
            raise UnreadableScan(
                file, f"image {index} is KTX2, which is not read here", "Export it with PNG or JPEG textures"
            )
        if "uri" not in image and "bufferView" not in image:
            raise UnreadableScan(file, f"image {index} has no bytes", _AGAIN)


def embedded_images(found: GltfFile) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each image that lies inside the GLB."""
    for index, image in enumerate(found.header.get("images", [])):
        if "bufferView" in image and found.binary is not None:
            view = found.header["bufferViews"][image["bufferView"]]
            start = view.get("byteOffset", 0)
            yield index, found.binary[start : start + view["byteLength"]]


def with_materials(found: GltfFile) -> GltfFile:
    """The same file, in which every primitive names a material.

    trimesh turns the vertex colors of a primitive without one into bytes, whatever their type is.
    """
    header = json.loads(json.dumps(found.header))
    bare = [primitive for primitive in primitives(header) if "material" not in primitive]
    if bare:
        header.setdefault("materials", []).append({"name": "default"})
        for primitive in bare:
            primitive["material"] = len(header["materials"]) - 1
    return GltfFile(header, found.binary)
