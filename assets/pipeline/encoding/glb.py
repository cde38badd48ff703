"""Binary glTF as its parts: the JSON document and the numbers behind its accessors (glTF 2.0, section 4)."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Json = dict[str, Any]

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_HEADER, _CHUNK = struct.Struct("<III"), struct.Struct("<II")
_COMPONENTS: dict[int, Any] = {
    5120: np.int8,
    5121: np.uint8,
    5122: np.int16,
    5123: np.uint16,
    5125: np.uint32,
    5126: np.float32,
}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_TYPES = {width: name for name, width in _WIDTHS.items()}
_UNREAD = ("skins", "animations", "cameras")

ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963


class UnsupportedGlb(ValueError):
    """The bytes are no GLB, or hold what a scan does not; the message says what and the remedy."""


@dataclass(slots=True)
class Glb:
    """A document and its one binary chunk; bytes added are aligned to 4."""

    document: Json
    binary: bytearray = field(default_factory=bytearray)

    @classmethod
    def read(cls, content: bytes) -> "Glb":
        """Take a GLB apart. Raises :class:`UnsupportedGlb` where it is broken or holds animations."""
        try:
            magic, version, length = _HEADER.unpack_from(content)
            size, kind = _CHUNK.unpack_from(content, _HEADER.size)
            start = _HEADER.size + _CHUNK.size
            if (magic, version, kind) != (_MAGIC, 2, _JSON) or length > len(content):
                raise UnsupportedGlb("these bytes are no complete glTF 2.0 GLB; export the scan again as GLB")
            document: Json = json.loads(content[start : start + size])
            binary = _binary_chunk(content, start + size)
        except (struct.error, ValueError) as error:
            if isinstance(error, UnsupportedGlb):
                raise
            raise UnsupportedGlb(f"these bytes are no GLB ({error}); export the scan again as GLB") from error
        found = [name for name in _UNREAD if document.get(name)]
        found += [name for name in document.get("extensionsRequired", ()) if "compression" in name]
        if found:
            raise UnsupportedGlb(f"a scan's master has no {', '.join(found)}; export it without")
        return cls(document, bytearray(binary))

    def write(self) -> bytes:
        """The GLB's bytes."""
        self.document.setdefault("buffers", [{}])[0]["byteLength"] = len(self.binary)
        text = json.dumps(self.document, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-len(text) % 4)
        binary = bytes(self.binary) + b"\0" * (-len(self.binary) % 4)
        length = _HEADER.size + 2 * _CHUNK.size + len(text) + len(binary)
        return b"".join(
            (
                _HEADER.pack(_MAGIC, 2, length),
                _CHUNK.pack(len(text), _JSON), text,
                _CHUNK.pack(len(binary), _BIN), binary,
            )
        )  # fmt: skip

    def numbers(self, index: int) -> NDArray[Any]:
        """An accessor's numbers as they are stored, (count, width) in its component type."""
        accessor = self.document["accessors"][index]
        if "sparse" in accessor or "bufferView" not in accessor:
            raise UnsupportedGlb(f"accessor {index} is sparse; export the scan with plain accessors")
        kind, width = np.dtype(_COMPONENTS[accessor["componentType"]]), _WIDTHS[accessor["type"]]
        view = self.document["bufferViews"][accessor["bufferView"]]
        stride = view.get("byteStride", kind.itemsize * width)
        start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        rows = np.ndarray((accessor["count"], width), kind, self.binary, start, (stride, kind.itemsize))
        return rows.copy()

    def view_bytes(self, index: int) -> bytes:
        """The bytes of a buffer view."""
        view = self.document["bufferViews"][index]
        start = view.get("byteOffset", 0)
        return bytes(self.binary[start : start + view["byteLength"]])

    def append(self, content: bytes) -> Json:
        """Add bytes; returns where they are, as a buffer view states it."""
        self.binary += b"\0" * (-len(self.binary) % 4)
        place = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(content)}
        self.binary += content
        return place

    def add_view(self, view: Json) -> int:
        """Add a buffer view to the document; returns its number."""
        views: list[Json] = self.document["bufferViews"]
        views.append(view)
        return len(views) - 1

    def add_accessor(self, rows: NDArray[Any], view: int | None, **more: Any) -> int:
        """Describe rows (count, width) in an accessor; returns its number."""
        codes = {np.dtype(kind): code for code, kind in _COMPONENTS.items()}
        described = {"componentType": codes[rows.dtype], "count": len(rows), "type": _TYPES[rows.shape[1]]}
        if view is not None:
            described = {"bufferView": view, **described}
        accessors: list[Json] = self.document["accessors"]
        accessors.append({**described, **more})
        return len(accessors) - 1

    def require(self, *extensions: str) -> None:
        """State extensions without which the document cannot be read."""
        for key in ("extensionsUsed", "extensionsRequired"):
            self.document[key] = sorted({*self.document.get(key, ()), *extensions})

    def primitives(self) -> Iterator[Json]:
        """All primitives of all meshes. Raises :class:`UnsupportedGlb` at one that is not plain triangles."""
        for at, mesh in enumerate(self.document.get("meshes", ())):
            for primitive in mesh["primitives"]:
                if primitive.get("mode", 4) != 4 or "targets" in primitive or "indices" not in primitive:
                    raise UnsupportedGlb(
                        f"mesh {at} is not plain indexed triangles; export it without points, lines or morphs"
                    )
                yield primitive

    def texture_slots(self, material: Json) -> Iterator[tuple[str, Json]]:
        """Each texture a material reads: its role and the object that names it."""
        surface = material.get("pbrMetallicRoughness", {})
        for owner, roles in (
            (surface, ("baseColorTexture", "metallicRoughnessTexture")),
            (material, ("normalTexture", "occlusionTexture", "emissiveTexture")),
        ):
            yield from ((role, owner[role]) for role in roles if role in owner)


def _binary_chunk(content: bytes, start: int) -> bytes:
    if start >= len(content):
        return b""
    size, kind = _CHUNK.unpack_from(content, start)
    begin = start + _CHUNK.size
    if kind != _BIN or begin + size > len(content):
        raise UnsupportedGlb("the GLB's binary chunk is cut short; copy the file again")
    return content[begin : begin + size]
