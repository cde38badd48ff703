"""Triangles by Draco: KHR_draco_mesh_compression. Fewest bytes of all, and the slowest to decode."""

import importlib
import importlib.util
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.encoding.glb import Glb
from assets.pipeline.encoding.primitives import Primitive, emptied
from assets.pipeline.encoding.quantize import Precision
from assets.pipeline.scan import Floats

_EXTENSION = "KHR_draco_mesh_compression"
_LEVEL = 7
"""As gltf-transform: above it decoding grows slower and the file hardly smaller."""
_SEMANTICS = {0: "POSITION", 1: "NORMAL", 2: "COLOR_0", 3: "TEXCOORD_0"}
"""Draco's numbers for kinds of attributes (GeometryAttribute::Type)."""


def missing() -> str | None:
    """What to install, or ``None`` where the encoder is there."""
    if importlib.util.find_spec("DracoPy") is None:
        return "the Draco encoder is not installed: pip install DracoPy"
    return None


def encoded(source: Glb, precision: Precision) -> Glb:
    """The document with its triangles compressed; images are copied as they are."""
    target, primitives = emptied(source)
    low = np.min([p.positions.min(axis=0) for p in primitives], axis=0)
    size = float(np.max([p.positions.max(axis=0) for p in primitives] - low))
    for primitive in primitives:
        _write(target, primitive, precision, (low, size))
    target.require(_EXTENSION)
    return target


def _write(target: Glb, primitive: Primitive, precision: Precision, cube: tuple[Floats, float]) -> None:
    coded = _encode(primitive, precision, cube)
    decoded = _codec().decode(
        coded
    )  # the encoder renumbers vertices and attributes: take them as they are now
    found = {_SEMANTICS[attribute["attribute_type"]]: attribute for attribute in decoded.attributes}
    indices = np.asarray(decoded.faces, dtype=np.uint32).reshape(-1, 1)
    primitive.json |= {
        "attributes": {name: _accessor(target, name, found[name]["data"]) for name in sorted(found)},
        "indices": target.add_accessor(indices, None),
        "extensions": {
            _EXTENSION: {
                "bufferView": target.add_view(target.append(coded)),
                "attributes": {name: found[name]["unique_id"] for name in sorted(found)},
            }
        },
    }


def _encode(primitive: Primitive, precision: Precision, cube: tuple[Floats, float]) -> bytes:
    origin, size = cube
    normals, texcoords = primitive.normals, primitive.texcoords
    coded = _codec().encode(
        primitive.positions.astype(np.float64),
        primitive.triangles,
        quantization_bits=precision.position_bits,
        compression_level=_LEVEL,
        quantization_range=size or 1.0,
        quantization_origin=origin.astype(np.float64),
        colors=primitive.colors,
        tex_coord=None if texcoords is None else texcoords.astype(np.float64),
        normals=None if normals is None else normals.astype(np.float64),
        tex_coord_quantization_bits=precision.texcoord_bits,
        normal_quantization_bits=precision.normal_bits,
    )
    return bytes(coded)


def _accessor(target: Glb, name: str, rows: NDArray[Any]) -> int:
    if name == "POSITION":
        low, high = (bound(rows, axis=0).tolist() for bound in (np.min, np.max))
        return target.add_accessor(rows, None, min=low, max=high)
    return target.add_accessor(rows, None, **({"normalized": True} if rows.dtype == np.uint8 else {}))


def _codec() -> Any:
    return importlib.import_module("DracoPy")
