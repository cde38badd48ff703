"""What color a triangle has at a place, in compiled loops: glTF's metallic-roughness model.

The reflection model is glTF 2.0, appendix B (GGX, Smith, Schlick), lit by lamps with shadow maps and by
surroundings in octahedral maps that are filtered beforehand. Like the rasterizer: one thread, no state.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.rendering.rasterizer import (
    Eye,
    compiled,
    cross,
    dot,
    inlined,
    minus,
    projected,
    row,
    unit,
)
from assets.pipeline.rendering.texels import linear, sample


class Lights(NamedTuple):
    """What shines on the scan. l lamps."""

    directions: NDArray[np.float64]
    """(l, 3) unit vectors toward the lamps."""
    colors: NDArray[np.float64]
    """(l, 3) irradiance on a surface that faces the lamp."""
    around: NDArray[np.float32]
    """(levels, size, size, 3) octahedral maps, sharpest first, the last one diffuse."""
    turn: NDArray[np.float64]
    """(2,) cosine and sine of the angle by which the surroundings are turned about +Y."""
    shadows: NDArray[np.float32]
    """(l, size, size): inverse depth seen from each lamp; size 0 without shadows."""
    views: NDArray[np.float64]
    """(l, 3, 4) projections of the shadow maps."""
    bias: float
    """Metres that a surface is lifted before it asks whether it lies in a shadow."""


BORDER = 1
"""Texels around an octahedral map that repeat its other side, for filtering."""


@inlined
def _octahedral(direction: Any, turn: Any, size: int) -> Any:
    """A direction's place in an octahedral map (Cigolle and others 2014), in texels with the border."""
    x = turn[0] * direction[0] - turn[1] * direction[2]
    y = direction[1]
    z = turn[1] * direction[0] + turn[0] * direction[2]
    reach = abs(x) + abs(y) + abs(z)
    if not reach > 1e-12:
        return size * 0.5, size * 0.5
    u, v = x / reach, z / reach
    if y < 0.0:
        u, v = (
            (1.0 - abs(v)) * (1.0 if u >= 0.0 else -1.0),
            (1.0 - abs(u)) * (1.0 if v >= 0.0 else -1.0),
        )
    inner = size - 2 * BORDER
    return (u * 0.5 + 0.5) * inner + BORDER - 0.5, (v * 0.5 + 0.5) * inner + BORDER - 0.5


@inlined
def _texel(maps: Any, level: int, y: int, x: int) -> Any:
    return maps[level, y, x, 0], maps[level, y, x, 1], maps[level, y, x, 2]


@inlined
def _from_around(around: Any, level: int, at: Any) -> Any:
    x0, y0 = int(at[0]), int(at[1])
    fx, fy = at[0] - x0, at[1] - y0
    w00, w10, w01, w11 = (1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy
    a, b = _texel(around, level, y0, x0), _texel(around, level, y0, x0 + 1)
    c, d = _texel(around, level, y0 + 1, x0), _texel(around, level, y0 + 1, x0 + 1)
    return (
        a[0] * w00 + b[0] * w10 + c[0] * w01 + d[0] * w11,
        a[1] * w00 + b[1] * w10 + c[1] * w01 + d[1] * w11,
        a[2] * w00 + b[2] * w10 + c[2] * w01 + d[2] * w11,
    )


@inlined
def _mixed(values: Any, corners: Any, w: Any) -> Any:
    """Three columns of a vertex array at barycentric weights ``w``."""
    a, b, c = row(values, corners[0]), row(values, corners[1]), row(values, corners[2])
    return (
        a[0] * w[0] + b[0] * w[1] + c[0] * w[2],
        a[1] * w[0] + b[1] * w[1] + c[1] * w[2],
        a[2] * w[0] + b[2] * w[1] + c[2] * w[2],
    )


@inlined
def _weights(eye: Any, corners: Any, x: float, y: float) -> Any:
    """Perspective-correct barycentric weights of a triangle there, one pixel right, and one pixel down.

    Sixteen numbers would be too many to name: three triples.
    """
    a, b, c = row(eye.projected, corners[0]), row(eye.projected, corners[1]), row(eye.projected, corners[2])
    e0, e1, e2 = cross(b, c), cross(c, a), cross(a, b)
    at = (e0[0] * x + e0[1] * y + e0[2], e1[0] * x + e1[1] * y + e1[2], e2[0] * x + e2[1] * y + e2[2])
    right = (at[0] + e0[0], at[1] + e1[0], at[2] + e2[0])
    down = (at[0] + e0[1], at[1] + e1[1], at[2] + e2[1])
    i, j, k = (
        1.0 / (at[0] + at[1] + at[2]),
        1.0 / (right[0] + right[1] + right[2]),
        1.0 / (down[0] + down[1] + down[2]),
    )
    return (
        (at[0] * i, at[1] * i, at[2] * i),
        (right[0] * j, right[1] * j, right[2] * j),
        (down[0] * k, down[1] * k, down[2] * k),
    )


@inlined
def _place(texcoords: Any, corners: Any, w: Any) -> Any:
    i, j, k = corners
    return (
        texcoords[i, 0] * w[0] + texcoords[j, 0] * w[1] + texcoords[k, 0] * w[2],
        texcoords[i, 1] * w[0] + texcoords[j, 1] * w[1] + texcoords[k, 1] * w[2],
    )


@inlined
def _bumped(shape: Any, corners: Any, normal: Any, texel: Any) -> Any:
    """The normal that a tangent-space texel states; tangents from the triangle's texture coordinates."""
    p0, p1, p2 = (
        row(shape.positions, corners[0]),
        row(shape.positions, corners[1]),
        row(shape.positions, corners[2]),
    )
    i, j, k = corners
    t = shape.texcoords
    u1, v1, u2, v2 = t[j, 0] - t[i, 0], t[j, 1] - t[i, 1], t[k, 0] - t[i, 0], t[k, 1] - t[i, 1]
    area = u1 * v2 - u2 * v1
    if area == 0.0:
        return normal
    sign = 1.0 if area > 0.0 else -1.0
    q1, q2 = minus(p1, p0), minus(p2, p0)
    along = (
        sign * (q1[0] * v2 - q2[0] * v1),
        sign * (q1[1] * v2 - q2[1] * v1),
        sign * (q1[2] * v2 - q2[2] * v1),
    )
    lean = dot(along, normal)
    tangent = unit((along[0] - normal[0] * lean, along[1] - normal[1] * lean, along[2] - normal[2] * lean))
    # Green points up the image, texture coordinates count down it: the sign that makes it so follows the
    # handedness of the unwrapping.
    up = cross(tangent, normal)
    nx, ny, nz = texel[0] / 127.5 - 1.0, sign * (texel[1] / 127.5 - 1.0), max(texel[2] / 127.5 - 1.0, 0.05)
    return unit(
        (
            tangent[0] * nx + up[0] * ny + normal[0] * nz,
            tangent[1] * nx + up[1] * ny + normal[1] * nz,
            tangent[2] * nx + up[2] * ny + normal[2] * nz,
        )
    )


@inlined
def _facing(shape: Any, corners: Any, w: Any, toward: Any) -> Any:
    """The interpolated normal on the side of the surface that is seen; 1 where that is its other side."""
    p0, p1, p2 = (
        row(shape.positions, corners[0]),
        row(shape.positions, corners[1]),
        row(shape.positions, corners[2]),
    )
    a, b = minus(p1, p0), minus(p2, p0)
    flat = unit(cross(a, b))
    if dot(flat, toward) < 0.0:
        flat = (-flat[0], -flat[1], -flat[2])
    normal = unit(_mixed(shape.normals, corners, w))
    if dot(normal, flat) < 0.0:
        return (-normal[0], -normal[1], -normal[2]), 1
    return normal, 0


@inlined
def _lit(lights: Any, lamp: int, place: Any, normal: Any) -> float:
    """How much of a lamp reaches a place: 0 in its shadow, 1 outside, between on the edge."""
    size = lights.shadows.shape[1]
    if size == 0:
        return 1.0
    x, y, depth = projected(lights.views[lamp], place, normal, lights.bias)
    u, v = x / depth - 0.5, y / depth - 0.5
    column, row = math.floor(u), math.floor(v)
    if column < 1 or row < 1 or column > size - 4 or row > size - 4:
        return 1.0
    fu, fv = u - column, v - row
    lit = 0.0
    for j in range(-1, 3):
        wy = (1.0 - fv) if j == -1 else (fv if j == 2 else 1.0)
        for i in range(-1, 3):
            wx = (1.0 - fu) if i == -1 else (fu if i == 2 else 1.0)
            if lights.shadows[lamp, row + j, column + i] * depth <= 1.0:
                lit += wx * wy
    return lit / 9.0


@inlined
def _sheen(base: Any, metallic: float, rough: float, facing: float) -> Any:
    """Reflectance toward the eye of an even environment: the split-sum's fit by Lazarov (2013)."""
    r0, r1, r2, r3 = 1.0 - rough, 0.0425 - 0.0275 * rough, 1.04 - 0.572 * rough, 0.022 * rough - 0.04
    bend = min(r0 * r0, math.exp(-6.4324 * facing)) * r0 + r1
    scale, bias = -1.04 * bend + r2, 1.04 * bend + r3
    return (
        (0.04 + (base[0] - 0.04) * metallic) * scale + bias,
        (0.04 + (base[1] - 0.04) * metallic) * scale + bias,
        (0.04 + (base[2] - 0.04) * metallic) * scale + bias,
    )


@inlined
def _from_lamps(lights: Any, place: Any, normal: Any, toward: Any, matter: Any) -> Any:
    """Light of all lamps toward the eye; ``matter``: base color (3), metallic, roughness."""
    red = green = blue = 0.0
    facing = max(dot(normal, toward), 1e-3)
    alpha = matter[4] * matter[4]
    for i in range(len(lights.directions)):
        lamp = row(lights.directions, i)
        incidence = dot(normal, lamp)
        if incidence <= 0.0:
            continue
        reach = incidence * _lit(lights, i, place, normal)
        if reach <= 0.0:
            continue
        half = unit((lamp[0] + toward[0], lamp[1] + toward[1], lamp[2] + toward[2]))
        nh, vh = max(dot(normal, half), 0.0), max(dot(toward, half), 0.0)
        spread = nh * nh * (alpha * alpha - 1.0) + 1.0
        lobe = alpha * alpha / (math.pi * spread * spread)
        k = alpha * 0.5
        lobe *= 0.25 / ((facing * (1.0 - k) + k) * (incidence * (1.0 - k) + k))
        fresnel = (1.0 - vh) ** 5
        diffuse = (1.0 - matter[3]) * (1.0 - 0.04 - 0.96 * fresnel) / math.pi
        f0, f1, f2 = (
            0.04 + (matter[0] - 0.04) * matter[3],
            0.04 + (matter[1] - 0.04) * matter[3],
            0.04 + (matter[2] - 0.04) * matter[3],
        )
        color = row(lights.colors, i)
        red += color[0] * reach * (matter[0] * diffuse + (f0 + (1.0 - f0) * fresnel) * lobe)
        green += color[1] * reach * (matter[1] * diffuse + (f1 + (1.0 - f1) * fresnel) * lobe)
        blue += color[2] * reach * (matter[2] * diffuse + (f2 + (1.0 - f2) * fresnel) * lobe)
    return red, green, blue


@inlined
def _from_surroundings(lights: Any, normal: Any, toward: Any, matter: Any, openness: float) -> Any:
    """Light of the surroundings toward the eye, diffuse and mirrored."""
    size, last = lights.around.shape[1], lights.around.shape[0] - 1
    facing = max(dot(normal, toward), 1e-3)
    rough = matter[4]
    diffuse = _from_around(lights.around, last, _octahedral(normal, lights.turn, size))
    mirror = (
        2.0 * facing * normal[0] - toward[0],
        2.0 * facing * normal[1] - toward[1],
        2.0 * facing * normal[2] - toward[2],
    )
    at = _octahedral(mirror, lights.turn, size)
    step = rough * (last - 1)
    level = min(int(step), last - 2)
    part = step - level
    sharp, soft = _from_around(lights.around, level, at), _from_around(lights.around, level + 1, at)
    sheen = _sheen(matter, matter[3], rough, facing)
    # What the scan hides from the mirrored direction: Lagarde and de Rousiers (2014), listing 26.
    gloss = 1.0
    if openness < 1.0:
        gloss = math.exp(math.log(facing + openness) * math.exp(-11.09 * rough - 0.6931)) - 1.0 + openness
        gloss = min(max(gloss, 0.0), 1.0)
    # What a surface mirrors it does not scatter.
    shine = _sheen((0.04, 0.04, 0.04), 0.0, rough, facing)
    matt = (1.0 - matter[3]) * (1.0 - shine[0]) * openness
    return (
        diffuse[0] * matter[0] * matt + (sharp[0] + (soft[0] - sharp[0]) * part) * sheen[0] * gloss,
        diffuse[1] * matter[1] * matt + (sharp[1] + (soft[1] - sharp[1]) * part) * sheen[1] * gloss,
        diffuse[2] * matter[2] * matt + (sharp[2] + (soft[2] - sharp[2]) * part) * sheen[2] * gloss,
    )


@inlined
def _matter(shape: Any, surfaces: Any, material: int, corners: Any, w: Any) -> Any:
    """Base color with alpha, metallic and roughness from factors and vertex colors."""
    i, j, k = corners
    red, green, blue = _mixed(shape.colors, corners, w)
    alpha = shape.colors[i, 3] * w[0] + shape.colors[j, 3] * w[1] + shape.colors[k, 3] * w[2]
    f = surfaces.factors
    return (
        f[material, 0] * red,
        f[material, 1] * green,
        f[material, 2] * blue,
        f[material, 3] * alpha,
        f[material, 4] * 1.0,
        f[material, 5] * 1.0,
    )


@inlined
def _shade(scene: Any, eye: Any, number: int, x: float, y: float) -> Any:
    """Linear light that a triangle sends to the eye at an image place, and its alpha."""
    shape, surfaces, lights = scene
    corners, material = row(shape.triangles, number), shape.materials[number]
    w, right, down = _weights(eye, corners, x, y)
    place = _mixed(shape.positions, corners, w)
    toward = unit(minus((eye.position[0], eye.position[1], eye.position[2]), place))
    normal, side = _facing(shape, corners, w, toward)
    base = _matter(shape, surfaces, material, corners, w)
    i, j, k = corners
    o = shape.openness
    openness = o[i, side] * w[0] + o[j, side] * w[1] + o[k, side] * w[2]
    red, green, blue, alpha, metallic, rough = base
    maps = row(surfaces.maps, material)
    if maps[0] >= 0 or maps[1] >= 0 or maps[2] >= 0:
        at = _place(shape.texcoords, corners, w)
        to, under = _place(shape.texcoords, corners, right), _place(shape.texcoords, corners, down)
        to, under = (to[0] - at[0], to[1] - at[1]), (under[0] - at[0], under[1] - at[1])
        spread = max(to[0] * to[0] + to[1] * to[1], under[0] * under[0] + under[1] * under[1])
        if maps[0] >= 0:
            t = sample(surfaces, maps[0], at, spread)
            red, green, blue = red * linear(t[0]), green * linear(t[1]), blue * linear(t[2])
            alpha *= t[3] / 255.0
        if maps[1] >= 0:
            t = sample(surfaces, maps[1], at, spread)
            openness *= t[0] / 255.0
            rough *= t[1] / 255.0
            metallic *= t[2] / 255.0
        if maps[2] >= 0:
            normal = _bumped(shape, corners, normal, sample(surfaces, maps[2], at, spread))
    matter = (red, green, blue, metallic, min(max(rough, 0.06), 1.0))
    near = _from_lamps(lights, place, normal, toward, matter)
    far = _from_surroundings(lights, normal, toward, matter, openness)
    return _developed(near[0] + far[0], near[1] + far[1], near[2] + far[2]), alpha


@inlined
def _developed(red: float, green: float, blue: float) -> Any:
    """Khronos' PBR Neutral tone mapper (2024): base colors stay as they are, highlights roll off.

    Two numbers differ. What it takes off for the mirrored surroundings, so that dark colors stay dark, is
    here what matt stone mirrors (0.016) and not polished lacquer (0.04): exhibits are rarely polished. And
    it rolls off from 0.6 instead of 0.76, so that white marble keeps its modelling.
    """
    low = min(red, green, blue)
    offset = low - low * low / 0.064 if low < 0.032 else 0.016
    red, green, blue = red - offset, green - offset, blue - offset
    peak = max(red, green, blue)
    if peak < 0.6:
        return red, green, blue
    new = 1.0 - 0.16 / (peak - 0.2)
    scale = new / peak
    g = 1.0 - 1.0 / (0.15 * (peak - new) + 1.0)
    return (
        red * scale + (new - red * scale) * g,
        green * scale + (new - green * scale) * g,
        blue * scale + (new - blue * scale) * g,
    )


@compiled
def paint(scene: Any, eye: Eye, layer: Any, canvas: Any) -> None:
    """Lay what the samples see over what is painted already.

    ``layer``: inverse depth and triangle of every sample (h, w, s), the triangle -1 where there is none;
    taken out as they are painted. ``canvas``: linear light multiplied by alpha (h, w, s, 3), alpha
    (h, w, s), and the inverse depth (h, w) of what is at least half opaque at the pixel's center. Samples
    of a pixel that show the same stretch of surface are shaded once.
    """
    nearness, seen = layer
    light, veil, front = canvas
    materials, slack = scene[0].materials, eye.slack
    height, width, samples = seen.shape
    for y in range(height):
        for x in range(width):
            for s in range(samples):
                number = seen[y, x, s]
                if number < 0:
                    continue
                color, alpha = _shade(scene, eye, number, x + eye.offsets[s, 0], y + eye.offsets[s, 1])
                if s == 0 and alpha >= 0.5:
                    front[y, x] = nearness[y, x, 0]
                material, near = materials[number], nearness[y, x, s]
                for t in range(samples - 1, s - 1, -1):
                    other = seen[y, x, t]
                    if other == number or (
                        other >= 0
                        and abs(nearness[y, x, t] - near) < slack * near
                        and materials[other] == material
                    ):
                        seen[y, x, t] = -1
                        for k in range(3):
                            light[y, x, t, k] += (color[k] - light[y, x, t, k]) * alpha
                        veil[y, x, t] += (1.0 - veil[y, x, t]) * alpha
