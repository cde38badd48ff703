"""Textures at the size a usage needs. Colors are averaged as light, normals as directions."""

from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assets.pipeline.geometry.simplify import Usage
from assets.pipeline.scan import Material, Pixels, Scan, Texture

Values = NDArray[np.float32]

_LARGEST = {Usage.HEADSET: 2048, Usage.PHONE: 1024, Usage.THUMB: 256}
_SMALLEST = 256
_BLOCK = 4


class Role(StrEnum):
    """What a texture's numbers mean, and so how they are averaged."""

    COLOR = "color"
    NORMAL = "normal"
    PLAIN = "plain"


def texture_limit(usage: Usage, level: int) -> int:
    """Longest side in pixels for a level of a usage, 0 the nearest: halved a level, at least 256."""
    return max(_LARGEST[usage] >> level, _SMALLEST)


def with_textures_resized(scan: Scan, limit: int, *, power_of_two: bool = False) -> Scan:
    """The scan with no texture side above ``limit`` pixels; smaller ones are never enlarged.

    ``power_of_two`` rounds both sides down to powers of two, at least 4, as KTX2 on the web needs it.
    """
    done: dict[int, Material] = {}
    for mesh in scan.meshes:
        if id(mesh.material) not in done:
            done[id(mesh.material)] = _resized_material(mesh.material, limit, power_of_two)
    return replace(
        scan, meshes=tuple(replace(mesh, material=done[id(mesh.material)]) for mesh in scan.meshes)
    )


def new_size(width: int, height: int, limit: int, *, power_of_two: bool) -> tuple[int, int]:
    """Width and height a texture gets."""
    scale = min(1.0, limit / max(width, height))
    sides = (max(1, round(side * scale)) for side in (width, height))
    if not power_of_two:
        return next(sides), next(sides)
    small, large = (max(_BLOCK, 1 << (side.bit_length() - 1)) for side in sides)
    return small, large


def resized(pixels: Pixels, size: tuple[int, int], role: Role) -> Pixels:
    """An image (height, width, 3 or 4) averaged down to ``size`` (width, height)."""
    kind = _KINDS[role]
    values = kind.values(pixels)
    channels = [
        np.asarray(Image.fromarray(values[..., at]).resize(size, Image.Resampling.BOX))
        for at in range(values.shape[2])
    ]
    return kind.pixels(np.stack(channels, axis=2))


def _limited(texture: Texture, role: Role, limit: int, power_of_two: bool) -> Texture:
    height, width = texture.pixels.shape[:2]
    size = new_size(width, height, limit, power_of_two=power_of_two)
    return (
        texture if size == (width, height) else replace(texture, pixels=resized(texture.pixels, size, role))
    )


def _resized_material(material: Material, limit: int, power_of_two: bool) -> Material:
    color, surface, normal = (
        None if texture is None else _limited(texture, role, limit, power_of_two)
        for texture, role in (
            (material.base_color_texture, Role.COLOR),
            (material.surface_texture, Role.PLAIN),
            (material.normal_texture, Role.NORMAL),
        )
    )
    return replace(material, base_color_texture=color, surface_texture=surface, normal_texture=normal)


class _Plain:
    """Numbers that are averaged as they are."""

    @staticmethod
    def values(pixels: Pixels) -> Values:
        return pixels.astype(np.float32) / np.float32(255)

    @staticmethod
    def pixels(values: Values) -> Pixels:
        return np.rint(np.clip(values, 0.0, 1.0) * 255).astype(np.uint8)


class _Colors(_Plain):
    """sRGB; light is linear (IEC 61966-2-1), and see-through pixels give little of it."""

    @staticmethod
    def values(pixels: Pixels) -> Values:
        stored = _Plain.values(pixels)
        light = np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)
        if stored.shape[2] == 4:
            light[..., 3] = stored[..., 3]
            light[..., :3] *= light[..., 3:]
        return light.astype(np.float32)

    @staticmethod
    def pixels(values: Values) -> Pixels:
        light = np.clip(values, 0.0, 1.0)
        if light.shape[2] == 4:
            light[..., :3] /= np.maximum(light[..., 3:], 1e-6)
        stored = np.where(
            light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055
        )
        if light.shape[2] == 4:
            stored[..., 3] = light[..., 3]
        return _Plain.pixels(stored.astype(np.float32))


class _Normals(_Plain):
    """Directions, of unit length again after averaging."""

    @staticmethod
    def values(pixels: Pixels) -> Values:
        return pixels.astype(np.float32) / np.float32(127.5) - np.float32(1)

    @staticmethod
    def pixels(values: Values) -> Pixels:
        direction = values[..., :3]
        length = np.linalg.norm(direction, axis=2, keepdims=True)
        unit = np.where(length > 1e-6, direction / np.maximum(length, 1e-6), np.array([0, 0, 1], np.float32))
        return np.rint(np.clip((unit + 1) * 127.5, 0, 255)).astype(np.uint8)


_KINDS: dict[Role, type[_Plain]] = {Role.COLOR: _Colors, Role.NORMAL: _Normals, Role.PLAIN: _Plain}
