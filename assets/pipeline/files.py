"""Scans on disk: a Scan written as GLB and read back. The only module that knows trimesh."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image
from trimesh.visual import TextureVisuals as _TextureVisuals
from trimesh.visual.material import PBRMaterial as _PBRMaterial

from assets.pipeline.scan import Material, Mesh, Scan, Texture

# trimesh ships annotations for some of its functions only.
TextureVisuals: Any = _TextureVisuals
PBRMaterial: Any = _PBRMaterial
_export_glb: Any = trimesh.exchange.gltf.export_glb

_JPEG_QUALITY = 88


class UnreadableScan(ValueError):
    """The file is not a scan this project can read; the message names the file and the remedy."""


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
    exported = _export_glb(scene, include_normals=True, tree_postprocessor=_share_occlusion)
    return bytes(exported)


def write_glb(scan: Scan, file: BinaryIO) -> int:
    """Write the scan as GLB into an open binary file; returns the bytes written."""
    return file.write(glb_bytes(scan))


def read_glb(path: Path) -> Scan:
    """Read a GLB back. Raises :class:`UnreadableScan` where the file holds no triangles."""
    try:
        scene = trimesh.load_scene(path, process=False)
    except (ValueError, KeyError, IndexError, OSError, NotImplementedError) as error:
        raise UnreadableScan(f"{path}: not a readable GLB ({error}); export it again as glTF 2.0") from error
    meshes = []
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        geometry = scene.geometry[name]
        if isinstance(geometry, trimesh.Trimesh):
            meshes.append(_mesh(str(name), geometry, np.asarray(transform, dtype=np.float64)))
    if not meshes:
        raise UnreadableScan(f"{path}: holds no triangles; export the mesh, not the point cloud")
    provenance = {key: str(value) for key, value in scene.metadata.items() if isinstance(value, str)}
    return Scan(name=path.stem, meshes=tuple(meshes), provenance=provenance)


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
    uv = mesh.texcoords.astype(np.float64)
    uv[:, 1] = 1.0 - uv[:, 1]
    return trimesh.Trimesh(
        vertices=mesh.positions,
        faces=mesh.triangles,
        vertex_normals=mesh.normals,
        visual=TextureVisuals(uv=uv, material=material),
        process=False,
        validate=False,
    )


def _share_occlusion(tree: dict[str, Any]) -> None:
    """The surface texture already carries occlusion in red: point glTF's occlusion at the same image."""
    for material in tree.get("materials", ()):
        surface = material.get("pbrMetallicRoughness", {}).get("metallicRoughnessTexture")
        if surface is not None:
            material["occlusionTexture"] = {"index": surface["index"]}


def _mesh(name: str, geometry: trimesh.Trimesh, transform: NDArray[np.float64]) -> Mesh:
    # The normals that the file states, turned with the mesh; trimesh would compute them anew, slowly.
    normals = np.asarray(geometry.vertex_normals) @ np.linalg.inv(transform[:3, :3])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    positions = np.asarray(geometry.vertices) @ transform[:3, :3].T + transform[:3, 3]
    visual = geometry.visual
    uv = np.zeros((len(geometry.vertices), 2))
    material = Material(name="default")
    if isinstance(visual, _TextureVisuals):
        if visual.uv is not None:
            uv = np.array(visual.uv, dtype=np.float64)[:, :2]
            uv[:, 1] = 1.0 - uv[:, 1]
        material = _material(visual.material)
    return Mesh(
        name=name,
        positions=positions.astype(np.float32),
        normals=normals.astype(np.float32),
        texcoords=uv.astype(np.float32),
        triangles=np.asarray(geometry.faces, dtype=np.uint32),
        material=material,
    )


def _material(found: Any) -> Material:
    pbr = found.to_pbr() if hasattr(found, "to_pbr") else found
    factor = (255, 255, 255, 255) if pbr.baseColorFactor is None else pbr.baseColorFactor
    r, g, b, a = (float(value) / 255.0 for value in factor)
    return Material(
        name=str(pbr.name or "default"),
        base_color=(r, g, b, a),
        metallic=1.0 if pbr.metallicFactor is None else float(pbr.metallicFactor),
        roughness=1.0 if pbr.roughnessFactor is None else float(pbr.roughnessFactor),
        base_color_texture=_texture(pbr.baseColorTexture, lossy=True),
        surface_texture=_texture(pbr.metallicRoughnessTexture, lossy=False),
        normal_texture=_texture(pbr.normalTexture, lossy=False),
        double_sided=bool(pbr.doubleSided),
    )


def _texture(image: Image.Image | None, *, lossy: bool) -> Texture | None:
    if image is None:
        return None
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    return Texture(np.asarray(image.convert(mode), dtype=np.uint8), lossy=lossy)
