"""The finish of a surface: color, roughness, metal, soil and fine bumps, packed into glTF textures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.scan import Material, Mesh, Texture
from assets.sample.forms.noise import blurred
from assets.sample.forms.surface import Array, Surface

Rgb = tuple[float, float, float]


def srgb(code: str) -> Rgb:
    """``#rrggbb`` as three numbers between 0 and 1 (still sRGB-encoded)."""
    return (int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255)


def filled(shape: tuple[int, int], color: str) -> Array:
    """A (height, width, 3) picture of one color."""
    return np.broadcast_to(np.array(srgb(color)), (*shape, 3)).copy()


def painted(picture: Array, color: str | Array, coverage: NDArray[Any]) -> Array:
    """``color`` laid over the picture where ``coverage`` says."""
    paint = np.array(srgb(color)) if isinstance(color, str) else color
    c = np.clip(coverage, 0.0, 1.0)[..., None]
    return np.asarray(picture * (1.0 - c) + paint * c)


def ramp(value: Array, stops: list[tuple[float, str]]) -> Array:
    """Colors along a scale: (position, color) pairs in rising order."""
    at = [position for position, _ in stops]
    channels = [np.interp(value, at, [srgb(code)[k] for _, code in stops]) for k in range(3)]
    return np.stack(channels, axis=-1)


def shaded(picture: Array, amount: Array) -> Array:
    """Brightened or darkened by a factor 1 + ``amount``."""
    return np.asarray(np.clip(picture * (1.0 + amount[..., None]), 0.0, 1.0))


def cavity(height: Array, radius: float) -> Array:
    """How far each texel lies below its surroundings, 0 (open) to 1 (deep), by the raster's own range."""
    depth = blurred(height, radius, wrap=False) - height
    reach = np.percentile(depth, 99.5)
    return np.asarray(np.clip(depth / (reach if reach > 1e-9 else 1.0), 0.0, 1.0))


def smoothstep(low: float, high: float, value: Array) -> Array:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


@dataclass(frozen=True, slots=True)
class Finish:
    """Rasters of one size that describe a surface to a renderer."""

    color: Array
    """(height, width, 3), sRGB."""
    roughness: Array | float = 0.8
    metallic: Array | float = 0.0
    occlusion: Array | float = 1.0
    bump: Array | None = None
    """Fine relief in texel widths (1.0 = as high as a texel is wide); becomes the normal texture."""
    alpha: Array | None = None
    """How much the surface hides what lies behind, 0..1; glass and nothing else."""
    double_sided: bool = False


def _bytes(raster: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(np.clip(raster, 0.0, 1.0) * 255.0 + 0.5, dtype=np.uint8)


def _packed(finish: Finish) -> Texture:
    shape = finish.color.shape[:2]
    layers = (finish.occlusion, finish.roughness, finish.metallic)
    return Texture(_bytes(np.stack([np.broadcast_to(layer, shape) for layer in layers], axis=-1)))


def _normals(bump: Array) -> Texture:
    dx = (np.roll(bump, -1, axis=1) - np.roll(bump, 1, axis=1)) / 2
    padded = np.pad(bump, ((1, 1), (0, 0)), mode="edge")
    up = (padded[:-2] - padded[2:]) / 2
    normal = np.stack([-dx, -up, np.ones_like(dx)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return Texture(_bytes(normal * 0.5 + 0.5))


def material(name: str, finish: Finish) -> Material:
    """A textured material."""
    color = finish.color
    if finish.alpha is not None:
        color = np.concatenate([color, finish.alpha[..., None]], axis=-1)
    return Material(
        name=name,
        metallic=1.0,
        base_color_texture=Texture(_bytes(color), lossy=finish.alpha is None),
        surface_texture=_packed(finish),
        normal_texture=None if finish.bump is None else _normals(finish.bump),
        double_sided=finish.double_sided,
    )


def plain(name: str, color: str, roughness: float = 0.8, metallic: float = 0.0) -> Material:
    """An untextured material; ``color`` is sRGB and stored linear."""
    r, g, b = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in srgb(color))
    return Material(name=name, base_color=(r, g, b, 1.0), metallic=metallic, roughness=roughness)


def dressed(name: str, surface: Surface, cloth: Material) -> Mesh:
    """The surface as a mesh of a scan."""
    used, triangles = np.unique(surface.triangles, return_inverse=True)
    return Mesh(
        name=name,
        positions=surface.positions[used].astype(np.float32),
        normals=surface.normals[used].astype(np.float32),
        texcoords=np.clip(surface.texcoords[used], 0.0, 1.0).astype(np.float32),
        triangles=triangles.reshape(-1, 3).astype(np.uint32),
        material=cloth,
    )
