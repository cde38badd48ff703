"""meshoptimizer's C library through ctypes: simplification, vertex order, buffer codecs.

The library comes with the ``almeshopt`` wheel, whose compiled module exports the whole C interface, or from
the system (``libmeshoptimizer.so``, release 1.0 or newer). The wheel's own Python functions leave out
``meshopt_simplifyWithUpdate``, which halves the error of a level: see docs/pipeline-lod.md.

Source: meshoptimizer 1.x, ``meshoptimizer.h``. Arrays are C-contiguous; indices are uint32, three a triangle.
"""

import ctypes
import importlib.util
import platform
from collections.abc import Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from enum import IntFlag
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.uint32]
Bytes = NDArray[np.uint8]

_SIZE, _POINTER, _FLOAT, _UINT, _INT = (
    ctypes.c_size_t,
    ctypes.c_void_p,
    ctypes.c_float,
    ctypes.c_uint,
    ctypes.c_int,
)
_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "meshopt_simplifyWithUpdate": (
        _SIZE,
        (
            *(_POINTER, _SIZE, _POINTER, _SIZE, _SIZE, _POINTER, _SIZE, _POINTER, _SIZE, _POINTER),
            *(_SIZE, _FLOAT, _UINT, _POINTER),
        ),
    ),
    "meshopt_generateVertexRemap": (_SIZE, (_POINTER, _POINTER, _SIZE, _POINTER, _SIZE, _SIZE)),
    "meshopt_optimizeVertexCacheStrip": (None, (_POINTER, _POINTER, _SIZE, _SIZE)),
    "meshopt_optimizeVertexFetchRemap": (_SIZE, (_POINTER, _POINTER, _SIZE, _SIZE)),
    "meshopt_encodeIndexVersion": (None, (_INT,)),
    "meshopt_encodeIndexBufferBound": (_SIZE, (_SIZE, _SIZE)),
    "meshopt_encodeIndexBuffer": (_SIZE, (_POINTER, _SIZE, _POINTER, _SIZE)),
    "meshopt_decodeIndexBuffer": (_INT, (_POINTER, _SIZE, _SIZE, _POINTER, _SIZE)),
    "meshopt_encodeVertexBufferBound": (_SIZE, (_SIZE, _SIZE)),
    "meshopt_encodeVertexBufferLevel": (_SIZE, (_POINTER, _SIZE, _POINTER, _SIZE, _SIZE, _INT, _INT)),
    "meshopt_decodeVertexBuffer": (_INT, (_POINTER, _SIZE, _SIZE, _POINTER, _SIZE)),
    "meshopt_encodeFilterOct": (None, (_POINTER, _SIZE, _SIZE, _INT, _POINTER)),
    "meshopt_decodeFilterOct": (None, (_POINTER, _SIZE, _SIZE)),
}

_PROTECT = 2
"""``meshopt_SimplifyVertex_Protect``."""

REMEDY = (
    "install the almeshopt wheel (x86-64 with AVX2): pip install almeshopt; "
    "elsewhere a system libmeshoptimizer of release 1.0 or newer"
)


class MissingMeshoptimizer(RuntimeError):
    """No usable meshoptimizer library is installed; the message holds the remedy."""


class SimplifyOption(IntFlag):
    """Options of the simplifier (``meshopt_Simplify...``)."""

    NONE = 0
    LOCK_BORDER = 1
    SPARSE = 2
    ERROR_ABSOLUTE = 4
    PRUNE = 8
    REGULARIZE = 16
    PERMISSIVE = 32


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a simplification ends: at whichever is reached first."""

    triangles: int
    error: float = 1.0
    """Estimated, as a share of the largest side of the bounding box."""
    options: SimplifyOption = SimplifyOption.NONE
    protected: NDArray[np.bool_] | None = None
    """(n,) vertices at which PERMISSIVE does not apply; ``None`` for none."""


def simplify_with_update(
    triangles: Indices,
    positions: Floats,
    attributes: Floats,
    weights: Floats,
    goal: "Goal",
) -> tuple[Indices, Floats, Floats, float]:
    """Collapse edges until the goal is reached, moving vertices to where they fit best.

    ``triangles`` (m, 3), ``positions`` (n, 3), ``attributes`` (n, k) with one weight each, k <= 32. Vertices
    at one position with different attributes are a seam: its sides collapse together and never merge, unless
    PERMISSIVE lets them. Returns new triangles, positions, attributes and the estimated error (as in
    :class:`Goal`); vertices keep their numbers, unused ones stay in the arrays.
    """
    indices = np.array(triangles, dtype=np.uint32).reshape(-1)
    flags = None if goal.protected is None else goal.protected.astype(np.uint8) * np.uint8(_PROTECT)
    moved, values = np.array(positions, dtype=np.float32), np.array(attributes, dtype=np.float32)
    scales, error = np.ascontiguousarray(weights, dtype=np.float32), ctypes.c_float()
    count = _library().meshopt_simplifyWithUpdate(
        indices.ctypes.data, indices.size,
        moved.ctypes.data, len(moved), moved.strides[0],
        values.ctypes.data, values.shape[1] * 4, scales.ctypes.data, scales.size,
        None if flags is None else flags.ctypes.data,
        3 * goal.triangles, goal.error, goal.options, ctypes.addressof(error),
    )  # fmt: skip
    return indices[:count].reshape(-1, 3).copy(), moved, values, error.value


def equal_rows(rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows that are equal byte by byte: for each row the number of its kind (n,), and one row a kind (u,)."""
    data = np.ascontiguousarray(rows)
    kinds = np.zeros(len(data), dtype=np.uint32)
    count = _library().meshopt_generateVertexRemap(
        kinds.ctypes.data, None, len(data), data.ctypes.data, len(data), data.strides[0]
    )
    first = np.zeros(count, dtype=np.int64)
    first[kinds[::-1]] = np.arange(len(data) - 1, -1, -1)
    return kinds.astype(np.int64), first


def in_cache_order(triangles: Indices, vertex_count: int) -> tuple[Indices, Indices]:
    """Triangles ordered for vertex cache and codec, and the vertices in order of first use.

    Returns the triangles with new vertex numbers, and for each new vertex its old number (u,). Vertices that
    no triangle uses are left out.
    """
    indices = np.ascontiguousarray(triangles, dtype=np.uint32).reshape(-1)
    ordered = np.zeros_like(indices)
    library = _library()
    library.meshopt_optimizeVertexCacheStrip(
        ordered.ctypes.data, indices.ctypes.data, indices.size, vertex_count
    )
    places = np.zeros(vertex_count, dtype=np.uint32)
    used = library.meshopt_optimizeVertexFetchRemap(
        places.ctypes.data, ordered.ctypes.data, ordered.size, vertex_count
    )
    kept = np.flatnonzero(places != 0xFFFFFFFF)
    order = np.zeros(used, dtype=np.uint32)
    order[places[kept]] = kept
    return places[ordered].reshape(-1, 3), order


def encode_triangles(triangles: Indices, vertex_count: int) -> bytes:
    """Index codec, mode TRIANGLES of EXT_meshopt_compression. A triangle's corners may rotate."""
    library = _library()
    indices = np.ascontiguousarray(triangles, dtype=np.uint32).reshape(-1)
    library.meshopt_encodeIndexVersion(1)
    room = np.zeros(library.meshopt_encodeIndexBufferBound(indices.size, vertex_count), dtype=np.uint8)
    size = library.meshopt_encodeIndexBuffer(room.ctypes.data, room.size, indices.ctypes.data, indices.size)
    return room[:size].tobytes()


def decode_triangles(encoded: bytes, count: int) -> Indices:
    """Undo :func:`encode_triangles`: (count, 3). Raises ValueError where the bytes are damaged."""
    source, indices = np.frombuffer(encoded, dtype=np.uint8), np.zeros((count, 3), dtype=np.uint32)
    if _library().meshopt_decodeIndexBuffer(
        indices.ctypes.data, indices.size, 4, source.ctypes.data, source.size
    ):
        raise ValueError(f"{len(encoded)} bytes are no meshopt index buffer of {count} triangles")
    return indices


def encode_vertices(rows: NDArray[Any]) -> bytes:
    """Vertex codec, version 0 as EXT_meshopt_compression reads it; rows of 4 to 256 bytes, in fours."""
    library = _library()
    data = np.ascontiguousarray(rows)
    stride = data.strides[0]
    room = np.zeros(library.meshopt_encodeVertexBufferBound(len(data), stride), dtype=np.uint8)
    size = library.meshopt_encodeVertexBufferLevel(
        room.ctypes.data, room.size, data.ctypes.data, len(data), stride, 3, 0
    )
    return room[:size].tobytes()


def decode_vertices(encoded: bytes, count: int, stride: int) -> Bytes:
    """Undo :func:`encode_vertices`: (count, stride) bytes. Raises ValueError where the bytes are damaged."""
    source, rows = np.frombuffer(encoded, dtype=np.uint8), np.zeros((count, stride), dtype=np.uint8)
    if _library().meshopt_decodeVertexBuffer(
        rows.ctypes.data, count, stride, source.ctypes.data, source.size
    ):
        raise ValueError(f"{len(encoded)} bytes are no meshopt vertex buffer of {count} rows of {stride}")
    return rows


def encode_octahedral(normals: Floats, bits: int = 8) -> NDArray[np.int8]:
    """Unit vectors (n, 3) as octahedral bytes (n, 4), filter OCTAHEDRAL of EXT_meshopt_compression."""
    padded = np.zeros((len(normals), 4), dtype=np.float32)
    padded[:, :3] = normals
    packed = np.zeros((len(normals), 4), dtype=np.int8)
    _library().meshopt_encodeFilterOct(packed.ctypes.data, len(packed), 4, bits, padded.ctypes.data)
    return packed


def decode_octahedral(packed: NDArray[np.int8]) -> Floats:
    """Undo :func:`encode_octahedral`: (n, 3), each within the filter's precision of unit length."""
    rows = np.array(packed, dtype=np.int8)
    _library().meshopt_decodeFilterOct(rows.ctypes.data, len(rows), 4)
    return (rows[:, :3] / np.float32(127)).astype(np.float32)


def missing() -> str | None:
    """Why there is no library and what to do, or ``None`` where there is one."""
    try:
        _library()
    except MissingMeshoptimizer as error:
        return str(error)
    return None


@lru_cache(maxsize=1)
def _library() -> Any:
    tried = []
    for path in _places():
        tried.append(path)
        try:
            library: Any = ctypes.CDLL(path)
            for name, (result, arguments) in _SIGNATURES.items():
                function = getattr(library, name)
                function.restype, function.argtypes = result, arguments
        except (OSError, AttributeError):
            continue
        return library
    found = ", ".join(tried) or "none found"
    raise MissingMeshoptimizer(f"no meshoptimizer library (tried: {found}): {REMEDY}")


def _places() -> Iterator[str]:
    spec = importlib.util.find_spec("almeshopt")
    if spec is not None and _has_avx2():
        for folder in spec.submodule_search_locations or ():
            compiled = (file for file in sorted(Path(folder).iterdir()) if file.suffix in (".so", ".pyd"))
            yield from map(str, compiled)
    system = find_library("meshoptimizer")
    if system is not None:
        yield system


def _has_avx2() -> bool:
    """The wheel is compiled for AVX2; without it the first call would end the process."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    facts = Path("/proc/cpuinfo")
    return not facts.is_file() or " avx2" in facts.read_text("utf-8", errors="replace")
