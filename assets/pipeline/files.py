"""Scans as GLB: written, and read back. Other formats are read by ``assets.pipeline.formats.load``."""

from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image
from trimesh.visual import TextureVisuals as _TextureVisuals
from trimesh.visual.material import PBRMaterial as _PBRMaterial

from assets.pipeline.formats.convert import linear_of
from assets.pipeline.formats.load import load
from assets.pipeline.refusal import UnreadableScan
from assets.pipeline.scan import Material, Mesh, Pixels, Scan, Texture

__all__ = ["UnreadableScan", "glb_bytes", "read_glb", "write_glb"]

# trimesh ships annotations for some of its functions only.
TextureVisuals: Any = _TextureVisuals
PBRMaterial: Any = _PBRMaterial
_export_glb: Any = trimesh.exchange.gltf.export_glb

_JPEG_QUALITY: Final = 88
_COLORS: Final = "_COLOR_0"
"""What trimesh calls the attribute on its way into the file; it writes COLOR_0 itself with 8 bits only."""


class _StoredImage(Image.Image):
    """An image that chooses its own encoding, whatever default trimesh would save it with."""

    def save(self, fp: Any, format: str | None = None, **params: Any) -> None:
        if self.format == "JPEG":
            super().save(fp, format="JPEG", quality=_JPEG_QUALITY, subsampling=0)
        else:
            super().save(fp, format="PNG", compress_level=3)


def glb_bytes(scan: Scan) -> bytes:
    """The scan as one binary glTF 2.0; equal scans give equal bytes."""
    scene = trimesh.Scene(metadata=dict(scan.provenance))
    materials = {id(mesh.material): _pbr(mesh.material) for mesh in scan.meshes}
    for mesh in scan.meshes:
        scene.add_geometry(_trimesh(mesh, materials[id(mesh.material)]), mesh.name, mesh.name)
    rights = scan.provenance.get("copyright")

    def finish(tree: dict[str, Any]) -> None:
        _finish(tree)
        if rights:
            tree["asset"]["copyright"] = rights

    exported = _export_glb(scene, include_normals=True, tree_postprocessor=finish)
    return bytes(exported)


def write_glb(scan: Scan, file: BinaryIO) -> int:
    """Write the scan as GLB into an open binary file; returns the bytes written."""
    return file.write(glb_bytes(scan))


def read_glb(path: Path) -> Scan:
    """Read a GLB back. Raises :class:`UnreadableScan` where the file holds no triangles."""
    return load(path).scan


def _image(texture: Texture | None) -> Image.Image | None:
    if texture is None:
        return None
    plain = Image.fromarray(texture.pixels)
    stored = _StoredImage()
    stored.__dict__.update(plain.__dict__)
    stored.format = "JPEG" if texture.lossy and texture.pixels.shape[2] == 3 else "PNG"
    return stored


def _pbr(material: Material) -> Any:
    return PBRMaterial(
        name=material.name,
        baseColorFactor=np.array(material.base_color),
        metallicFactor=float(material.metallic),
        roughnessFactor=float(material.roughness),
        baseColorTexture=_image(material.base_color_texture),
        metallicRoughnessTexture=_image(material.surface_texture),
        normalTexture=_image(material.normal_texture),
        doubleSided=material.double_sided,
        alphaMode="BLEND" if _see_through(material) else "OPAQUE",
    )


def _see_through(material: Material) -> bool:
    texture = material.base_color_texture
    return material.base_color[3] < 1.0 or (texture is not None and texture.pixels.shape[2] == 4)


def _trimesh(mesh: Mesh, material: Any) -> trimesh.Trimesh:
    return trimesh.Trimesh(
        vertices=mesh.positions,
        faces=mesh.triangles,
        vertex_normals=mesh.normals,
        visual=TextureVisuals(uv=_uv(mesh), material=material),
        vertex_attributes={} if mesh.colors is None else {_COLORS: _linear_colors(mesh.colors)},
        process=False,
        validate=False,
    )


def _uv(mesh: Mesh) -> NDArray[np.float64] | None:
    """Texture coordinates with v upwards, as trimesh has them; ``None`` where the mesh has none."""
    if not mesh.texcoords.any():
        return None
    uv = mesh.texcoords.astype(np.float64)
    uv[:, 1] = 1.0 - uv[:, 1]
    return uv


def _linear_colors(colors: Pixels) -> NDArray[np.uint16]:
    """Linear as glTF keeps them (section 3.7.2.1), in 16 bits, because 8 would band in the darks."""
    shares = colors.astype(np.float64) / 255.0
    shares[:, :3] = linear_of(shares[:, :3])
    return np.round(shares * 65535.0).astype(np.uint16)


def _finish(tree: dict[str, Any]) -> None:
    """Share the occlusion, and name the vertex colors as glTF does."""
    for material in tree.get("materials", ()):
        # The surface texture already carries occlusion in red: point glTF's occlusion at the same image.
        surface = material.get("pbrMetallicRoughness", {}).get("metallicRoughnessTexture")
        if surface is not None:
            material["occlusionTexture"] = {"index": surface["index"]}
    for mesh in tree.get("meshes", ()):
        for primitive in mesh["primitives"]:
            accessor = primitive["attributes"].pop(_COLORS, None)
            if accessor is not None:
                primitive["attributes"]["COLOR_0"] = accessor
                tree["accessors"][accessor]["normalized"] = True
