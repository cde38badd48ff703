"""Materials as trimesh has them, in the project's words; what is left out is remarked upon."""

from typing import Any

import numpy as np
from PIL import Image
from trimesh.visual.material import SimpleMaterial

from assets.pipeline.scan import Material, Pixels, Texture

_FULL = 255


def material_of(found: Any, remarks: list[str]) -> Material:
    """A trimesh material as metallic-roughness material (glTF 2.0, section 3.9)."""
    pbr = found.to_pbr() if hasattr(found, "to_pbr") else found
    factor = (255, 255, 255, 255) if pbr.baseColorFactor is None else pbr.baseColorFactor
    r, g, b, a = (float(value) / 255.0 for value in factor)
    # An MTL knows no metal; a glTF that states nothing means metal (section 5.22).
    metallic = 0.0 if isinstance(found, SimpleMaterial) else 1.0
    name = str(pbr.name or "default")
    if pbr.emissiveTexture is not None:
        remarks.append(f"material {name!r}: its emissive texture is not taken over")
    return Material(
        name=name,
        base_color=(r, g, b, a),
        metallic=metallic if pbr.metallicFactor is None else float(pbr.metallicFactor),
        roughness=1.0 if pbr.roughnessFactor is None else float(pbr.roughnessFactor),
        base_color_texture=_base_color(pbr),
        surface_texture=_surface(pbr),
        normal_texture=_texture(pbr.normalTexture),
        double_sided=bool(pbr.doubleSided),
    )


def _base_color(pbr: Any) -> Texture | None:
    image = pbr.baseColorTexture
    if image is None:
        return None
    if _has_alpha(image) and pbr.alphaMode in ("BLEND", "MASK"):
        pixels = np.asarray(image.convert("RGBA"), dtype=np.uint8)
        if pixels[..., 3].min() < _FULL:
            return Texture(pixels)
    return Texture(np.asarray(image.convert("RGB"), dtype=np.uint8), lossy=True)


def _has_alpha(image: Image.Image) -> bool:
    return "A" in image.getbands() or "transparency" in image.info


def _texture(image: Image.Image | None) -> Texture | None:
    return None if image is None else Texture(np.asarray(image.convert("RGB"), dtype=np.uint8))


def _surface(pbr: Any) -> Texture | None:
    """Occlusion, roughness and metallic in one image; a channel that no image gives is white."""
    occlusion, rest = pbr.occlusionTexture, pbr.metallicRoughnessTexture
    if occlusion is None and rest is None:
        return None
    width, height = (rest or occlusion).size
    pixels: Pixels = np.full((height, width, 3), _FULL, dtype=np.uint8)
    if rest is not None:
        pixels[..., 1:] = np.asarray(rest.convert("RGB"), dtype=np.uint8)[..., 1:]
    if occlusion is not None:
        red = occlusion.convert("RGB").resize((width, height), Image.Resampling.LANCZOS).getchannel(0)
        pixels[..., 0] = np.asarray(red, dtype=np.uint8)
    return Texture(pixels)
