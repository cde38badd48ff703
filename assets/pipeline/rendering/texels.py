"""Textures and pixels in compiled loops: sRGB and linear light, mip levels, filtering, developing."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.rendering.rasterizer import compiled, inlined

LINEAR = np.where(
    np.arange(256) <= 10.31475,
    np.arange(256) / 255.0 / 12.92,
    ((np.arange(256) / 255.0 + 0.055) / 1.055) ** 2.4,
).astype(np.float32)
"""sRGB to linear light (IEC 61966-2-1)."""


class Surfaces(NamedTuple):
    """Materials and their textures. k materials, t textures."""

    factors: NDArray[np.float32]
    """(k, 6): linear base color with alpha, metallic, roughness."""
    maps: NDArray[np.int32]
    """(k, 3): base color, surface, normal texture; -1 where there is none."""
    texels: NDArray[np.uint8]
    """All levels of all textures, RGBA, end to end."""
    levels: NDArray[np.int64]
    """(t, 16, 3): first texel, width, height of each level."""
    depths: NDArray[np.int32]
    """(t,): how many levels there are."""


@inlined
def _texels(surfaces: Any, texture: int, level: int, u: float, v: float) -> Any:
    """Where the four texels around a place lie, and their weights; textures repeat (glTF's default)."""
    first, width, height = (
        surfaces.levels[texture, level, 0],
        surfaces.levels[texture, level, 1],
        surfaces.levels[texture, level, 2],
    )
    x, y = (u - math.floor(u)) * width - 0.5, (v - math.floor(v)) * height - 0.5
    x0, y0 = math.floor(x), math.floor(y)
    fx, fy = x - x0, y - y0
    x1, y1 = x0 + 1, y0 + 1
    x0, y0 = (x0 if x0 >= 0 else width - 1), (y0 if y0 >= 0 else height - 1)
    x1, y1 = (x1 if x1 < width else 0), (y1 if y1 < height else 0)
    top, bottom = first + y0 * width, first + y1 * width
    places = (4 * (top + x0), 4 * (top + x1), 4 * (bottom + x0), 4 * (bottom + x1))
    return places, ((1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy)


@inlined
def sample(surfaces: Any, texture: int, at: Any, spread: float) -> Any:
    """Raw channels, 0..255, filtered between texels, at the level whose texels are about a pixel large."""
    size = max(surfaces.levels[texture, 0, 1], surfaces.levels[texture, 0, 2])
    level = math.floor(0.5 * math.log2(max(spread * size * size, 1e-18)) + 0.5)
    level = min(max(level, 0), surfaces.depths[texture] - 1)
    p, w = _texels(surfaces, texture, level, at[0], at[1])
    t = surfaces.texels
    return (
        t[p[0]] * w[0] + t[p[1]] * w[1] + t[p[2]] * w[2] + t[p[3]] * w[3],
        t[p[0] + 1] * w[0] + t[p[1] + 1] * w[1] + t[p[2] + 1] * w[2] + t[p[3] + 1] * w[3],
        t[p[0] + 2] * w[0] + t[p[1] + 2] * w[1] + t[p[2] + 2] * w[2] + t[p[3] + 2] * w[3],
        t[p[0] + 3] * w[0] + t[p[1] + 3] * w[1] + t[p[2] + 3] * w[2] + t[p[3] + 3] * w[3],
    )


@inlined
def linear(value: float) -> Any:
    """An sRGB channel, 0..255 and between, in linear light."""
    low = int(value)
    high = min(low + 1, 255)
    return LINEAR[low] + (LINEAR[high] - LINEAR[low]) * (value - low)


@inlined
def _encoded(value: float) -> int:
    """Linear light to 8-bit sRGB."""
    if value <= 0.0031308:
        return int(max(value, 0.0) * 12.92 * 255.0 + 0.5)
    return int((1.055 * min(value, 1.0) ** (1.0 / 2.4) - 0.055) * 255.0 + 0.5)


@compiled
def halve(fine: Any, coarse: Any, srgb: bool) -> None:
    """The next level of a texture (h, w, 4): areas averaged, colors in linear light and by their alpha."""
    height, width = coarse.shape[0], coarse.shape[1]
    rows, columns = fine.shape[0], fine.shape[1]
    for y in range(height):
        for x in range(width):
            weight = red = green = blue = alpha = 0.0
            count = 0
            for j in range(y * rows // height, max((y + 1) * rows // height, y * rows // height + 1)):
                for i in range(
                    x * columns // width, max((x + 1) * columns // width, x * columns // width + 1)
                ):
                    t = (fine[j, i, 0], fine[j, i, 1], fine[j, i, 2], fine[j, i, 3])
                    w = t[3] + 1e-3
                    weight, count, alpha = weight + w, count + 1, alpha + t[3]
                    red += w * (LINEAR[t[0]] if srgb else t[0])
                    green += w * (LINEAR[t[1]] if srgb else t[1])
                    blue += w * (LINEAR[t[2]] if srgb else t[2])
            red, green, blue = red / weight, green / weight, blue / weight
            coarse[y, x, 0] = _encoded(red) if srgb else int(red + 0.5)
            coarse[y, x, 1] = _encoded(green) if srgb else int(green + 0.5)
            coarse[y, x, 2] = _encoded(blue) if srgb else int(blue + 0.5)
            coarse[y, x, 3] = int(alpha / count + 0.5)


@compiled
def develop(canvas: Any, backdrop: Any, rgb: Any, coverage: Any) -> None:
    """Average the samples over the backdrop (h, w, 3, 8-bit sRGB) into 8-bit sRGB and coverage 0..1.

    ``canvas`` as :func:`assets.pipeline.rendering.shading.paint` leaves it.
    """
    light, veil = canvas
    height, width, samples = veil.shape
    first = 0 if samples == 1 else 1
    part = 1.0 / (samples - first)
    for y in range(height):
        for x in range(width):
            share = red = green = blue = 0.0
            for s in range(first, samples):
                share += veil[y, x, s] * part
                red += light[y, x, s, 0] * part
                green += light[y, x, s, 1] * part
                blue += light[y, x, s, 2] * part
            coverage[y, x] = share
            if share == 0.0:
                for k in range(3):
                    rgb[y, x, k] = backdrop[y, x, k]
                continue
            rgb[y, x, 0] = _encoded(red + (1.0 - share) * LINEAR[backdrop[y, x, 0]])
            rgb[y, x, 1] = _encoded(green + (1.0 - share) * LINEAR[backdrop[y, x, 1]])
            rgb[y, x, 2] = _encoded(blue + (1.0 - share) * LINEAR[backdrop[y, x, 2]])
