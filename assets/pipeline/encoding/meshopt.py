"""Triangles by meshoptimizer's codecs: EXT_meshopt_compression over KHR_mesh_quantization.

Positions lie on one grid for the whole file, so that meshes which touch still touch; the grid's origin and
step are a node's translation and scale. Texture coordinates lie on a grid a material, undone by
KHR_texture_transform. Version 0 of the vertex codec: the one the extension's readers know.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.encoding.glb import ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER, Glb, Json
from assets.pipeline.encoding.primitives import Primitive, emptied
from assets.pipeline.encoding.quantize import Grid, Precision
from assets.pipeline.geometry import meshoptimizer

_EXTENSION = "EXT_meshopt_compression"
_TRANSFORM = "KHR_texture_transform"
_SHORT = 65535
_FITS_SHORT = 65535


def encoded(source: Glb, precision: Precision) -> Glb:
    """The document with its triangles compressed; images are copied as they are."""
    target, primitives = emptied(source)
    grid = Grid.cubic([p.positions for p in primitives], precision.position_bits)
    texture_grids = _texture_grids(primitives, precision)
    writer = _Writer(target)
    for primitive in primitives:
        primitive.reordered(*meshoptimizer.in_cache_order(primitive.triangles, len(primitive.positions)))
        texture_grid = None if primitive.material is None else texture_grids.get(primitive.material)
        _write(writer, primitive, grid, texture_grid)
    writer.finish()
    _place(target, grid)
    _transform_textures(primitives, texture_grids)
    target.require(_EXTENSION, "KHR_mesh_quantization", *([_TRANSFORM] if texture_grids else []))
    return target


class _Writer:
    """Adds compressed buffer views; uncompressed they would lie in a second buffer that no file has."""

    def __init__(self, target: Glb) -> None:
        self.target = target
        self.unpacked = 0

    def attribute(self, rows: NDArray[Any], width: int, filtered: str | None = None, **more: Any) -> int:
        """Rows padded to a stride of whole 4 bytes; the accessor sees the first ``width`` components."""
        packed = {"mode": "ATTRIBUTES", **({"filter": filtered} if filtered else {})}
        view = self._view(meshoptimizer.encode_vertices(rows), rows.strides[0], len(rows), packed)
        self.target.document["bufferViews"][view] |= {"byteStride": rows.strides[0], "target": ARRAY_BUFFER}
        return self.target.add_accessor(rows[:, :width], view, **more)

    def triangles(self, primitive: Primitive) -> int:
        kind = np.uint16 if len(primitive.positions) < _FITS_SHORT else np.uint32
        rows = primitive.triangles.reshape(-1, 1).astype(kind)
        coded = meshoptimizer.encode_triangles(primitive.triangles, len(primitive.positions))
        view = self._view(coded, rows.itemsize, len(rows), {"mode": "TRIANGLES"})
        self.target.document["bufferViews"][view]["target"] = ELEMENT_ARRAY_BUFFER
        return self.target.add_accessor(rows, view)

    def finish(self) -> None:
        fallback = {"byteLength": self.unpacked, "extensions": {_EXTENSION: {"fallback": True}}}
        self.target.document["buffers"].append(fallback)

    def _view(self, coded: bytes, stride: int, count: int, packed: Json) -> int:
        place = {**self.target.append(coded), "byteStride": stride, "count": count, **packed}
        self.unpacked += -self.unpacked % 4
        view = {"buffer": 1, "byteOffset": self.unpacked, "byteLength": stride * count}
        self.unpacked += stride * count
        return self.target.add_view({**view, "extensions": {_EXTENSION: place}})


def _write(writer: _Writer, primitive: Primitive, grid: Grid, texture_grid: Grid | None) -> None:
    positions = _padded(grid.whole(primitive.positions), 4)
    low, high = (bound(positions[:, :3], axis=0).tolist() for bound in (np.min, np.max))
    attributes = {"POSITION": writer.attribute(positions, 3, min=low, max=high)}
    if primitive.normals is not None:
        normals = meshoptimizer.encode_octahedral(primitive.normals)
        attributes["NORMAL"] = writer.attribute(normals, 3, "OCTAHEDRAL", normalized=True)
    if primitive.texcoords is not None and texture_grid is not None:
        texcoords = texture_grid.whole(primitive.texcoords)
        attributes["TEXCOORD_0"] = writer.attribute(texcoords, 2, normalized=True)
    if primitive.colors is not None:
        attributes["COLOR_0"] = writer.attribute(primitive.colors, 4, normalized=True)
    primitive.json |= {"attributes": attributes, "indices": writer.triangles(primitive)}


def _padded(rows: NDArray[Any], width: int) -> NDArray[Any]:
    return np.hstack([rows, np.zeros((len(rows), width - rows.shape[1]), rows.dtype)])


def _texture_grids(primitives: list[Primitive], precision: Precision) -> dict[int, Grid]:
    read: dict[int, list[NDArray[Any]]] = {}
    for primitive in primitives:
        if primitive.texcoords is not None and primitive.material is not None:
            read.setdefault(primitive.material, []).append(primitive.texcoords)
    return {material: Grid.cubic(rows, precision.texcoord_bits) for material, rows in read.items()}


def _transform_textures(primitives: list[Primitive], grids: dict[int, Grid]) -> None:
    """Undo the grid where the textures are read; a normalized short counts in parts of 65535."""
    for primitive in primitives:
        grid = None if primitive.material is None else grids.get(primitive.material)
        if grid is None:
            continue
        undo = {"offset": grid.origin.tolist(), "scale": (grid.step * _SHORT).tolist()}
        for slot in primitive.slots:
            slot["extensions"] = {**slot.get("extensions", {}), _TRANSFORM: undo}


def _place(target: Glb, grid: Grid) -> None:
    """Hang each mesh below its node in a node that undoes the grid; names and transforms above it stay."""
    nodes: list[Json] = target.document["nodes"]
    undo = {"translation": grid.origin.tolist(), "scale": grid.step.tolist()}
    for node in [node for node in nodes if "mesh" in node]:
        nodes.append({"mesh": node.pop("mesh"), **undo})
        node.setdefault("children", []).append(len(nodes) - 1)
