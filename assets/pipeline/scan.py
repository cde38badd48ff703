"""A scan in memory: meshes, their materials and textures, and where they came from.

Words only: no files. Metres, right-handed, +Y up, counter-clockwise triangles seen from outside (glTF
2.0, section 3.4). Texture rows run from the top of the image; texture coordinates follow glTF: (0, 0) is
the upper left corner of the image, v grows downwards (section 3.8.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.uint32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Texture:
    """An image that a material reads; 8 bits a channel, (height, width, 3 or 4)."""

    pixels: Pixels
    lossy: bool = False
    """May be stored as JPEG; color textures may, normals and roughness should not."""


@dataclass(frozen=True, slots=True)
class Material:
    """Metallic-roughness material (glTF 2.0, section 3.9). Factors are linear, color textures are sRGB."""

    name: str
    base_color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    metallic: float = 0.0
    roughness: float = 1.0
    base_color_texture: Texture | None = None
    surface_texture: Texture | None = None
    """Occlusion in red, roughness in green, metallic in blue, as glTF packs them."""
    normal_texture: Texture | None = None
    """Tangent-space normals, +Y up (OpenGL convention)."""
    double_sided: bool = False


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles with one material."""

    name: str
    positions: Floats
    """(n, 3) metres."""
    normals: Floats
    """(n, 3) unit vectors, pointing out of the solid."""
    texcoords: Floats
    """(n, 2), each in 0..1."""
    triangles: Indices
    """(m, 3) indices into the vertices."""
    material: Material
    colors: Pixels | None = None
    """(n, 4) vertex colors, sRGB with alpha, 8 bits a channel; ``None`` where the scan has none."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One captured or modelled thing. Maps to CRMdig D1 Digital Object."""

    name: str
    meshes: tuple[Mesh, ...]
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Who made it, from what, by which method: short texts that travel inside the file."""

    @property
    def triangle_count(self) -> int:
        """Triangles of all meshes."""
        return sum(len(mesh.triangles) for mesh in self.meshes)

    @property
    def bounds(self) -> NDArray[np.float64]:
        """Lowest and highest corner, metres, (2, 3)."""
        points = [mesh.positions for mesh in self.meshes]
        low = np.min([p.min(axis=0) for p in points], axis=0)
        high = np.max([p.max(axis=0) for p in points], axis=0)
        return np.array([low, high], dtype=np.float64)


def with_vertices(mesh: Mesh, kept: NDArray[np.int64], triangles: NDArray[np.int64]) -> Mesh:
    """The mesh with some of its vertices in another order, and triangles over them."""
    return replace(
        mesh,
        positions=mesh.positions[kept],
        normals=mesh.normals[kept],
        texcoords=mesh.texcoords[kept],
        triangles=triangles.astype(np.uint32),
        colors=None if mesh.colors is None else mesh.colors[kept],
    )


def used_only(mesh: Mesh) -> Mesh:
    """The mesh without vertices that no triangle names; the very same where there are none."""
    used = np.zeros(len(mesh.positions), dtype=np.bool_)
    used[mesh.triangles.reshape(-1)] = True
    if used.all():
        return mesh
    place = np.cumsum(used) - 1
    return with_vertices(mesh, np.flatnonzero(used), place[mesh.triangles.astype(np.int64)])
