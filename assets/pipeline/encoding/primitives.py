"""The vertices of a GLB's primitives as numbers, and a document ready to take them in another form."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.encoding.glb import Glb, Json, UnsupportedGlb
from assets.pipeline.scan import Floats, Indices

_KNOWN = ("POSITION", "NORMAL", "TEXCOORD_0", "COLOR_0")


@dataclass(slots=True)
class Primitive:
    """One primitive: its JSON, which a codec rewrites, and its numbers."""

    json: Json
    triangles: Indices
    """(m, 3)."""
    positions: Floats
    """(n, 3) metres."""
    normals: Floats | None
    texcoords: Floats | None
    """(n, 2); ``None`` where no texture reads them."""
    colors: NDArray[np.uint8] | None
    """(n, 4)."""
    material: int | None
    slots: list[Json] = field(default_factory=list)
    """The objects that name the material's textures."""

    def reordered(self, triangles: Indices, order: Indices) -> None:
        """Take new triangles and the old number of each new vertex."""
        self.triangles = triangles
        self.positions = self.positions[order]
        self.normals = None if self.normals is None else self.normals[order]
        self.texcoords = None if self.texcoords is None else self.texcoords[order]
        self.colors = None if self.colors is None else self.colors[order]


def emptied(source: Glb) -> tuple[Glb, list[Primitive]]:
    """A document without vertices, with images and everything else kept, and the primitives it had.

    Raises :class:`UnsupportedGlb` where a primitive has attributes a scan does not have.
    """
    primitives = [_primitive(source, json) for json in source.primitives()]
    if not primitives:
        raise UnsupportedGlb("the GLB holds no triangles; a scan without surface cannot be compressed")
    target = Glb({**source.document, "accessors": [], "bufferViews": [], "buffers": [{"byteLength": 0}]})
    for image in source.document.get("images", ()):
        if "bufferView" in image:
            image["bufferView"] = target.add_view(target.append(source.view_bytes(image["bufferView"])))
    return target, primitives


def _primitive(source: Glb, json: Json) -> Primitive:
    attributes = json["attributes"]
    unknown = sorted(set(attributes) - set(_KNOWN))
    if unknown or "POSITION" not in attributes:
        raise UnsupportedGlb(f"a scan's vertices have {', '.join(_KNOWN)}; this one has {sorted(attributes)}")
    material = json.get("material")
    slots = [] if material is None else list(_slots(source, material))
    positions = _floats(source, attributes["POSITION"])
    if not (len(positions) and np.isfinite(positions).all()):
        raise UnsupportedGlb("a mesh has no vertices, or vertices that are no numbers; repair the scan")
    textured = bool(slots) and "TEXCOORD_0" in attributes
    triangles = source.numbers(json["indices"]).reshape(-1, 3).astype(np.uint32)
    if triangles.size and int(triangles.max()) >= len(positions):
        raise UnsupportedGlb(
            f"a triangle names vertex {int(triangles.max())} of {len(positions)}; repair the scan"
        )
    return Primitive(
        json=json,
        triangles=triangles,
        positions=positions,
        normals=_floats(source, attributes["NORMAL"]) if "NORMAL" in attributes else None,
        texcoords=_floats(source, attributes["TEXCOORD_0"]) if textured else None,
        colors=_colors(source.numbers(attributes["COLOR_0"])) if "COLOR_0" in attributes else None,
        material=material,
        slots=slots,
    )


def _slots(source: Glb, material: int) -> Iterator[Json]:
    yield from (slot for _, slot in source.texture_slots(source.document["materials"][material]))


def _floats(source: Glb, index: int) -> Floats:
    stored = source.numbers(index)
    if stored.dtype == np.float32:
        return stored
    if not source.document["accessors"][index].get("normalized"):
        return stored.astype(np.float32)
    return (stored / np.float32(np.iinfo(stored.dtype).max)).astype(np.float32)


def _colors(stored: NDArray[Any]) -> NDArray[np.uint8]:
    scale = 1.0 if stored.dtype == np.uint8 else 255.0 if stored.dtype.kind == "f" else 1.0 / 257.0
    colors = np.full((len(stored), 4), 255, dtype=np.uint8)
    colors[:, : stored.shape[1]] = np.rint(np.clip(stored * scale, 0, 255))
    return colors
