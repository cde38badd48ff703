"""Textures as KTX2 with Basis Universal: KHR_texture_basisu. They stay compressed in the GPU's memory.

Colors as ETC1S (smallest), normals as UASTC (ETC1S would bend them). Sides must be multiples of 4 for the
extension; a texture whose sides are not is rounded down to powers of two. Source: KTX 2.0, glTF 2.0
KHR_texture_basisu.
"""

import importlib
import importlib.util
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from assets.pipeline.encoding.glb import Glb, Json
from assets.pipeline.encoding.quantize import Precision
from assets.pipeline.encoding.textures import Role, new_size, resized

_EXTENSION = "KHR_texture_basisu"
_BLOCK = 4
_QUALITY = 80
_AMOUNTS: dict[str, Any] = {"codec": "etc1s", "effort": 2}
_DIRECTIONS: dict[str, Any] = {
    "codec": "uastc",
    "effort": 1,  # a third of the time of 3, for 0.3 of 255 more error
    "uastc_rdo_lambda": 1.0,
    "zstd_supercompression_level": 18,
}
_ROLES = {"baseColorTexture": Role.COLOR, "emissiveTexture": Role.COLOR, "normalTexture": Role.NORMAL}


def missing() -> str | None:
    """What to install, or ``None`` where the encoder is there."""
    if importlib.util.find_spec("alktx2") is None:
        return "the Basis Universal encoder is not installed: pip install alktx2 (x86-64)"
    return None


def encoded(source: Glb, precision: Precision) -> Glb:
    """The document with every embedded image as KTX2, mipmaps included. Triangles are untouched."""
    document = source.document
    roles = _roles(source)
    for at, image in enumerate(document.get("images", ())):
        if "bufferView" in image:
            coded = _encode(source.view_bytes(image["bufferView"]), roles.get(at, Role.PLAIN))
            image |= {"bufferView": source.add_view(source.append(coded)), "mimeType": "image/ktx2"}
    for texture in document.get("textures", ()):
        texture["extensions"] = {
            **texture.get("extensions", {}),
            _EXTENSION: {"source": texture.pop("source")},
        }
    if document.get("textures"):
        source.require(_EXTENSION)
    return source


def _roles(source: Glb) -> dict[int, Role]:
    """What each image is for."""
    textures: list[Json] = source.document.get("textures", [])
    return {
        textures[slot["index"]]["source"]: _ROLES.get(name, Role.PLAIN)
        for material in source.document.get("materials", ())
        for name, slot in source.texture_slots(material)
    }


def _encode(content: bytes, role: Role) -> bytes:
    with Image.open(BytesIO(content)) as image:
        pixels = np.asarray(image.convert("RGBA" if "A" in image.getbands() else "RGB"), dtype=np.uint8)
    height, width = pixels.shape[:2]
    if width % _BLOCK or height % _BLOCK:
        pixels = resized(pixels, new_size(width, height, max(width, height), power_of_two=True), role)
    height, width, channels = pixels.shape
    opaque = np.full((height, width, 1), 255, dtype=np.uint8)
    rgba = pixels if channels == 4 else np.concatenate([pixels, opaque], axis=2)
    encoder: Any = importlib.import_module("alktx2")
    coded = encoder.encode_raw_rgba_to_ktx2(
        np.ascontiguousarray(rgba).tobytes(),
        width,
        height,
        channels == 4,
        quality=_QUALITY,
        **(_DIRECTIONS if role is Role.NORMAL else _AMOUNTS),
        srgb=role is Role.COLOR,
        linear=role is not Role.COLOR,
        mipmaps=True,
        renormalize=role is Role.NORMAL,
        threads=1,
    )
    return bytes(coded)
