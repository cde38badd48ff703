"""What there is to know of a scan's geometry and textures before anything is done to it."""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from assets.pipeline.geometry.topology import Topology
from assets.pipeline.scan import Scan, Texture

_MIB: Final = 1 << 20
_MIPS: Final = 4.0 / 3.0
"""A chain of mipmaps takes a third more than its first image."""


@dataclass(frozen=True, slots=True)
class TextureFacts:
    """One image."""

    material: str
    use: str
    width: int
    """Pixels."""
    height: int
    """Pixels."""


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """Counts and measures of one scan."""

    name: str
    triangles: int
    vertices: int
    """As stored: once for each normal, texture coordinate or color."""
    corners: int
    """Distinct positions."""
    meshes: int
    components: int
    watertight: bool
    winding_consistent: bool
    holes: int
    """Closed boundary loops."""
    widest_hole: float
    """Metres across, 0 without holes."""
    non_manifold_edges: int
    degenerate_faces: int
    duplicate_faces: int
    bounds: tuple[tuple[float, float, float], tuple[float, float, float]]
    """Lowest and highest corner, metres."""
    area: float
    """Square metres."""
    volume: float | None
    """Cubic metres; ``None`` where the surface is not closed."""
    has_texcoords: bool
    has_colors: bool
    textures: tuple[TextureFacts, ...]
    device_bytes: int
    """Vertex and index buffers and uncompressed textures with mipmaps on a graphics processor, estimated."""

    def to_json(self) -> dict[str, Any]:
        """The facts as plain values."""
        return asdict(self)


def inspect(scan: Scan) -> ScanFacts:
    """Look at a placed scan. Nothing is changed."""
    topology = Topology.of(scan)
    low, high = scan.bounds.round(6).tolist()
    widths = [float(np.ptp(topology.corners[loop], axis=0).max()) for loop in topology.loops]
    return ScanFacts(
        name=scan.name,
        triangles=scan.triangle_count,
        vertices=sum(len(mesh.positions) for mesh in scan.meshes),
        corners=len(topology.corners),
        meshes=len(scan.meshes),
        components=topology.components[0],
        watertight=topology.watertight,
        winding_consistent=topology.winding_consistent,
        holes=len(topology.loops),
        widest_hole=max(widths, default=0.0),
        non_manifold_edges=topology.non_manifold_edges,
        degenerate_faces=int(topology.degenerate.sum()),
        duplicate_faces=int(topology.duplicates.sum()),
        bounds=(tuple(low), tuple(high)),
        area=float(topology.areas.sum()),
        volume=topology.volume if topology.watertight else None,
        has_texcoords=any(mesh.texcoords.any() for mesh in scan.meshes),
        has_colors=any(mesh.colors is not None for mesh in scan.meshes),
        textures=texture_facts(scan),
        device_bytes=device_bytes(scan),
    )


def texture_facts(scan: Scan) -> tuple[TextureFacts, ...]:
    """Every image of the scan's materials, each once."""
    return tuple(
        TextureFacts(material, use, texture.pixels.shape[1], texture.pixels.shape[0])
        for material, use, texture in _textures(scan)
    )


def _textures(scan: Scan) -> list[tuple[str, str, Texture]]:
    seen: dict[int, tuple[str, str, Texture]] = {}
    for mesh in scan.meshes:
        material = mesh.material
        for use, texture in (
            ("base color", material.base_color_texture),
            ("surface", material.surface_texture),
            ("normal", material.normal_texture),
        ):
            if texture is not None:
                seen.setdefault(id(texture), (material.name, use, texture))
    return list(seen.values())


def device_bytes(scan: Scan) -> int:
    """Bytes on a graphics processor: 32-bit attributes and indices, RGBA textures with mipmaps."""
    total = 0.0
    for mesh in scan.meshes:
        vertex = 24 + (8 if mesh.texcoords.any() else 0) + (8 if mesh.colors is not None else 0)
        total += vertex * len(mesh.positions) + 12 * len(mesh.triangles)
    for _, _, texture in _textures(scan):
        total += 4.0 * texture.pixels.shape[0] * texture.pixels.shape[1] * _MIPS
    return int(total)


def told(facts: ScanFacts) -> str:
    """The facts as lines that a person reads."""
    low, high = np.array(facts.bounds)
    size = " x ".join(f"{side * 1000:,.1f}" for side in high - low)
    winding = "consistent" if facts.winding_consistent else "inconsistent"
    closed = "watertight" if facts.watertight else "open"
    hole = f", the widest {facts.widest_hole * 1000:,.1f} mm across" if facts.holes else ""
    images = ", ".join(f"{t.use} {t.width} x {t.height}" for t in facts.textures) or "none"
    volume = "" if facts.volume is None else f", volume {facts.volume * 1e6:,.1f} cm3"
    return "\n".join(
        (
            f"{facts.name}",
            f"  triangles    {facts.triangles:,} in {facts.meshes} meshes, {facts.components} components",
            f"  vertices     {facts.vertices:,}, {facts.corners:,} distinct positions",
            f"  size         {size} mm (x, y, z; +Y up){volume}",
            f"  surface      {closed}, {facts.holes} holes{hole}",
            f"  defects      {facts.non_manifold_edges:,} non-manifold edges, winding {winding}",
            f"  faces        {facts.degenerate_faces:,} degenerate, {facts.duplicate_faces:,} duplicate",
            f"  color        textures: {images}; vertex colors: {'yes' if facts.has_colors else 'no'}",
            f"  on a device  {facts.device_bytes / _MIB:,.1f} MiB, estimated",
        )
    )
