"""Pictures of a scan: color, depth, mask and the exact camera, from any side and in any light.

Everything is computed on the processor, without a display, a GPU or a system package: Numba compiles the
loops (`rasterizer.py`, `shading.py`, `texels.py`) when the first picture is asked for, and keeps the machine
code on disk. `docs/rendering.md` says what else was measured.
"""

import copy
import importlib
import math
from collections import OrderedDict
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.rendering.camera import Camera, Lens, orbit
from assets.pipeline.rendering.light import Lamp, Light, studio
from assets.pipeline.scan import Material, Mesh, Pixels, Scan, Texture

Color = tuple[int, int, int]
"""sRGB, 0..255."""


MOST_LAYERS = 8
"""See-through surfaces that are told apart behind one pixel; farther ones are left out."""
_FAR = 20.0
"""Radii from which shadows and openness are looked at."""
_SIDES = 64
_OPENNESS_MAP, _SHADOW_MAP = 256, 512
"""Pixels along a depth map."""
_SHADOWS_KEPT = 8


class RendererMissing(RuntimeError):
    """Pictures were asked for where the compiler of the renderer's loops is not installed."""


@dataclass(frozen=True, slots=True)
class Gradient:
    """A backdrop that runs evenly, in sRGB, from one color at the top to another at the bottom."""

    top: Color
    bottom: Color


Background = Color | Gradient | Pixels
"""One color, a gradient, or a picture (h, w, 3) of the view's size."""

GRAY: Background = Gradient((236, 236, 234), (204, 204, 202))


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One picture of a scan."""

    rgb: Pixels
    """(h, w, 3) sRGB, the scan antialiased over the background."""
    depth: NDArray[np.float32]
    """(h, w) metres along the optical axis to the surface at each pixel's center; 0 where there is none."""
    mask: NDArray[np.bool_]
    """(h, w): whether a pixel's center sees the scan: a surface that is at least half opaque."""
    coverage: NDArray[np.float32]
    """(h, w) share of each pixel that the scan covers, 0..1: the alpha with which ``rgb`` was composed."""
    camera: Camera
    """Intrinsics and pose it was taken with, exactly."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What a picture may cost."""

    samples: Literal[1, 4, 16] = 4
    """Color samples a pixel; depth and mask always come from its center.

    Samples that show the same stretch of surface share a color. 16 is for print.
    """
    openness: bool = True
    """Whether hollows are darkened: measured once a scan, by depth maps from 64 sides."""


class Renderer:
    """A scan made ready once, photographed often. Use as a context manager: it holds large arrays.

    Surfaces are seen from both sides. A renderer is not safe to share between threads; processes each make
    their own. Memory: 110 bytes a vertex, 20 a triangle, 5.4 a texel, and while a picture is taken 30 for
    each of its samples, of which a pixel has one more than its quality says.
    """

    def __init__(self, scan: Scan, quality: Quality = Quality()) -> None:
        if scan.triangle_count == 0:
            raise ValueError(f"{scan.name}: no triangles, so there is nothing to see")
        kernels()
        self._scan, self._quality = scan, quality
        self._offsets = _sample_places(quality.samples)
        self._shape, self._surfaces, clear = _uploaded(scan)
        every = np.arange(len(clear), dtype=np.int32)
        self._show(every[~clear], every[clear])
        if quality.openness:
            self._shape = self._shape._replace(openness=self._measured_openness())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _show(self, solid: NDArray[np.int32], clear: NDArray[np.int32]) -> None:
        self._solid, self._clear = solid, clear
        used = self._shape.positions[np.unique(self._shape.triangles[np.concatenate([solid, clear])])]
        low, high = used.min(axis=0), used.max(axis=0)
        self._center = (low + high) / 2.0
        self._radius = max(float(np.linalg.norm(used - self._center, axis=1).max()), 1e-9)
        self._shadows: OrderedDict[tuple[float, float], tuple[Any, Any]] = OrderedDict()

    def without(self, mesh: str) -> "Renderer":
        """A renderer of the same scan, sharing its arrays, that leaves out the meshes of a name."""
        left = np.repeat(
            [m.name != mesh for m in self._scan.meshes], [len(m.triangles) for m in self._scan.meshes]
        )
        if not left.any():
            raise ValueError(f"{self._scan.name}: without {mesh!r} there is nothing to see")
        other = copy.copy(self)
        other._show(self._solid[left[self._solid]], self._clear[left[self._clear]])
        return other

    def close(self) -> None:
        """Let the arrays go; no more pictures after this."""
        for name in ("_shape", "_surfaces", "_shadows"):
            self.__dict__.pop(name, None)

    @property
    def center(self) -> NDArray[np.float64]:
        """(3,) middle of the bounding box, metres: what an orbit should look at."""
        return np.array(self._center)

    @property
    def radius(self) -> float:
        """Metres from the middle to the farthest vertex."""
        return self._radius

    def view(self, camera: Camera, background: Background = GRAY, light: Light | None = None) -> View:
        """Take a picture. Equal arguments give equal bytes.

        Raises :class:`ValueError` where a background picture is not of the view's size.
        """
        _, shading, texels = kernels()
        lens = camera.lens
        backdrop = _backdrop(background, lens)
        eye = self._eye(camera, self._offsets)
        size = (lens.height, lens.width, len(self._offsets))
        scene = (self._shape, self._surfaces, self._lights(light or studio()))
        nothing_nearer = np.full(size, np.inf, dtype=np.float32)
        nearness, seen = self._seen(eye, self._solid, nothing_nearer, np.zeros(size, dtype=np.float32))
        layers = self._clear_layers(eye, nothing_nearer, nearness)
        light_sum, veil = np.zeros((*size, 3), dtype=np.float32), np.zeros(size, dtype=np.float32)
        front = nearness[..., 0].copy()
        if len(self._offsets) > 1:
            seen[..., 0] = -1  # the pixel's center is for depth and mask; color has its own samples
        for layer in ((nearness, seen), *layers):
            shading.paint(scene, eye, layer, (light_sum, veil, front))
        rgb = np.empty((lens.height, lens.width, 3), dtype=np.uint8)
        coverage = np.empty((lens.height, lens.width), dtype=np.float32)
        texels.develop((light_sum, veil), backdrop, rgb, coverage)
        mask = front > 0.0
        depth = np.where(mask, 1.0 / np.where(mask, front, 1.0), 0.0).astype(np.float32)
        return View(rgb, depth, mask, coverage, camera)

    def _eye(self, camera: Camera, offsets: NDArray[np.float64]) -> Any:
        raster, count = kernels()[0], len(self._shape.positions)
        seen, places = np.empty((count, 3)), np.empty((count, 2))
        raster.project(self._shape.positions, camera.projection(), seen, places)
        reach = np.array([offsets.min(axis=0), offsets.max(axis=0)]).T.ravel()
        slack = (4.0 if len(offsets) <= 5 else 1.0) / camera.lens.fx
        return raster.Eye(np.array(camera.position), seen, places, offsets, reach, slack)

    def _seen(self, eye: Any, chosen: Any, limit: Any, nearness: Any) -> tuple[Any, Any]:
        seen = np.full(nearness.shape, -1, dtype=np.int32)
        kernels()[0].rasterize(eye, self._shape.triangles, chosen, (limit, nearness, seen))
        return nearness, seen

    def _clear_layers(self, eye: Any, limit: Any, solid: Any) -> list[tuple[Any, Any]]:
        """See-through surfaces, one depth layer after the other (Everitt 2001), the farthest first."""
        layers: list[tuple[Any, Any]] = []
        while len(self._clear) and len(layers) < MOST_LAYERS:
            nearness, seen = self._seen(eye, self._clear, limit, solid.copy())
            if (seen < 0).all():
                break
            layers.append((nearness, seen))
            limit = np.where(seen >= 0, nearness, 0.0)
        return layers[::-1]

    def _far_camera(self, azimuth: float, elevation: float, size: int) -> Camera:
        """One that sees the whole scan from far away, almost in parallel."""
        distance = _FAR * self._radius
        focal = size / 2.0 * 0.98 * math.sqrt(_FAR**2 - 1.0)
        lens = Lens(size, size, focal, focal, size / 2.0, size / 2.0)
        return orbit(lens, tuple(self._center), distance, azimuth, elevation)

    def _depths_from(self, camera: Camera, share: float) -> Any:
        """Inverse depths (size, size, 1), each surface pushed away by a share of the scan's radius."""
        size = camera.lens.width
        eye = self._eye(camera, _sample_places(1))
        every = np.arange(len(self._shape.triangles), dtype=np.int32) if not len(self._clear) else self._solid
        limit = np.full((size, size, 1), np.inf, dtype=np.float32)
        nearness, _ = self._seen(eye, every, limit, np.zeros((size, size, 1), dtype=np.float32))
        return nearness / np.float32(1.0 + share / _FAR)

    def _measured_openness(self) -> Any:
        """For every vertex, the cosine-weighted share of 64 directions in which nothing hides the sky."""
        raster = kernels()[0]
        opened = np.zeros((len(self._shape.positions), 4))
        for index in range(_SIDES):
            elevation = math.degrees(math.asin(1.0 - (2.0 * index + 1.0) / _SIDES))
            azimuth = math.degrees(index * math.pi * (3.0 - math.sqrt(5.0)))
            camera = self._far_camera(azimuth, elevation, _OPENNESS_MAP)
            nearness = self._depths_from(camera, 0.02)
            raster.open_toward(self._shape, camera.projection(), np.array(-camera.forward), nearness, opened)
        seen, possible = opened[:, [0, 2]], opened[:, [1, 3]]
        return np.where(possible > 0.0, seen / np.maximum(possible, 1e-9), 1.0).astype(np.float32)

    def _lights(self, light: Light) -> Any:
        shading = kernels()[1]
        count, size = len(light.lamps), _SHADOW_MAP if light.shadows and light.lamps else 0
        shadows = np.zeros((count, size, size), dtype=np.float32)
        views = np.zeros((count, 3, 4))
        for number, lamp in enumerate(light.lamps if size else ()):
            shadows[number], views[number] = self._shadow(lamp.azimuth + light.turn, lamp.elevation)
        turned = [Lamp(lamp.azimuth + light.turn, lamp.elevation).direction for lamp in light.lamps]
        gain = np.asarray(light.gain, dtype=np.float64)
        angle = math.radians(light.turn)
        return shading.Lights(
            np.array(turned).reshape(-1, 3),
            np.array([lamp.color for lamp in light.lamps]).reshape(-1, 3) * gain,
            light.surroundings.maps * gain.astype(np.float32),
            np.array([math.cos(angle), math.sin(angle)]),
            shadows,
            views,
            0.012 * self._radius,
        )

    def _shadow(self, azimuth: float, elevation: float) -> tuple[Any, Any]:
        key = (azimuth, elevation)
        if key not in self._shadows:
            camera = self._far_camera(azimuth, elevation, _SHADOW_MAP)
            self._shadows[key] = self._depths_from(camera, 0.012)[..., 0], camera.projection()
            while len(self._shadows) > _SHADOWS_KEPT:
                self._shadows.popitem(last=False)
        return self._shadows[key]


def kernels() -> tuple[Any, Any, Any]:
    """The compiled loops: rasterizer, shading, texels. Raises :class:`RendererMissing`."""
    try:
        return (
            importlib.import_module("assets.pipeline.rendering.rasterizer"),
            importlib.import_module("assets.pipeline.rendering.shading"),
            importlib.import_module("assets.pipeline.rendering.texels"),
        )
    except ImportError as error:
        raise RendererMissing(
            f"pictures of scans need Numba ({error}): install it with `pip install 'museum-twin[studio]'`"
        ) from error


def _sample_places(samples: int) -> NDArray[np.float64]:
    """(s, 2) in 0..1: the pixel's center, then the color samples: a rotated grid or a Hammersley set."""
    center = [(0.5, 0.5)]
    if samples == 1:
        return np.array(center)
    if samples == 4:
        return np.array([*center, (0.375, 0.125), (0.875, 0.375), (0.625, 0.875), (0.125, 0.625)])
    mirrored = [int(f"{index:04b}"[::-1], 2) / 16 for index in range(16)]
    return np.array([*center, *((x + 1 / 32, (index + 0.5) / 16) for index, x in enumerate(mirrored))])


def _backdrop(background: Background, lens: Lens) -> Pixels:
    """The background as a picture of the view's size."""
    size = (lens.height, lens.width, 3)
    if isinstance(background, Gradient):
        down = np.linspace(0.0, 1.0, lens.height)[:, None]
        column = np.asarray(background.top) * (1.0 - down) + np.asarray(background.bottom) * down
        return np.ascontiguousarray(np.broadcast_to((column + 0.5).astype(np.uint8)[:, None], size))
    picture = np.asarray(background)
    if picture.shape == (3,):
        return np.ascontiguousarray(np.broadcast_to(picture.astype(np.uint8), size))
    if picture.shape != size or picture.dtype != np.uint8:
        raise ValueError(
            f"a background of {picture.dtype} {picture.shape} for a view of uint8 {size}: resize the picture"
        )
    return np.ascontiguousarray(picture)


def _uploaded(scan: Scan) -> tuple[Any, Any, NDArray[np.bool_]]:
    """Meshes end to end, their materials, and which triangles may be seen through."""
    raster = kernels()[0]
    starts = np.cumsum([0, *(len(mesh.positions) for mesh in scan.meshes)])
    materials = {id(mesh.material): mesh.material for mesh in scan.meshes}
    rows = {key: row for row, key in enumerate(materials)}
    shape = raster.Shape(
        np.concatenate([mesh.positions for mesh in scan.meshes]).astype(np.float64),
        _finite([mesh.normals for mesh in scan.meshes]),
        _finite([mesh.texcoords for mesh in scan.meshes]),
        np.concatenate([_linear_colors(mesh) for mesh in scan.meshes]),
        np.ones((int(starts[-1]), 2), dtype=np.float32),
        np.concatenate(
            [
                mesh.triangles.astype(np.int32) + int(start)
                for mesh, start in zip(scan.meshes, starts, strict=False)
            ]
        ),
        np.concatenate(
            [np.full(len(mesh.triangles), rows[id(mesh.material)], dtype=np.int32) for mesh in scan.meshes]
        ),
    )
    for mesh in scan.meshes:
        if len(mesh.triangles) and int(mesh.triangles.max()) >= len(mesh.positions):
            raise ValueError(
                f"{scan.name}: a triangle names a vertex that is not there; repair the scan first"
            )
    if not np.isfinite(shape.positions).all():
        raise ValueError(f"{scan.name}: a vertex lies at no finite place; repair the scan first")
    clear = np.concatenate([np.full(len(mesh.triangles), _see_through(mesh)) for mesh in scan.meshes])
    return shape, _uploaded_surfaces(list(materials.values())), clear


def _finite(parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Arrays end to end, with 0 for what is no number: loops without bounds checks read them."""
    return np.nan_to_num(np.concatenate(parts).astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def _linear_colors(mesh: Mesh) -> NDArray[np.float32]:
    if mesh.colors is None:
        return np.ones((len(mesh.positions), 4), dtype=np.float32)
    texels = kernels()[2]
    colors = np.empty(mesh.colors.shape, dtype=np.float32)
    colors[:, :3] = texels.LINEAR[mesh.colors[:, :3]]
    colors[:, 3] = mesh.colors[:, 3] / 255.0
    return colors


def _see_through(mesh: Mesh) -> bool:
    texture, colors = mesh.material.base_color_texture, mesh.colors
    if mesh.material.base_color[3] < 1.0 or (colors is not None and bool((colors[:, 3] < 255).any())):
        return True
    return texture is not None and texture.pixels.shape[2] == 4 and bool((texture.pixels[..., 3] < 255).any())


def _uploaded_surfaces(materials: list[Material]) -> Any:
    factors = np.array([[*m.base_color, m.metallic, m.roughness] for m in materials], dtype=np.float32)
    textures: dict[tuple[int, bool], tuple[Texture, bool]] = {}
    maps = np.full((len(materials), 3), -1, dtype=np.int32)
    for row, material in enumerate(materials):
        found = (material.base_color_texture, material.surface_texture, material.normal_texture)
        for column, texture in enumerate(found):
            if texture is not None:
                key = (id(texture), column == 0)
                textures.setdefault(key, (texture, column == 0))
                maps[row, column] = list(textures).index(key)
    levels, depths, pieces, first = np.zeros((len(textures), 16, 3), dtype=np.int64), [], [], 0
    for number, (texture, is_color) in enumerate(textures.values()):
        pyramid = _pyramid(texture, is_color)
        depths.append(len(pyramid))
        for level, picture in enumerate(pyramid):
            levels[number, level] = first, picture.shape[1], picture.shape[0]
            first += picture.shape[0] * picture.shape[1]
            pieces.append(picture.ravel())
    texels = np.concatenate(pieces) if pieces else np.zeros(4, dtype=np.uint8)
    return kernels()[2].Surfaces(factors, maps, texels, levels, np.array(depths, dtype=np.int32))


def _pyramid(texture: Texture, is_color: bool) -> list[Pixels]:
    """A texture and its halves down to one texel, RGBA."""
    pixels = texture.pixels
    full = np.full((*pixels.shape[:2], 4), 255, dtype=np.uint8)
    full[..., : pixels.shape[2]] = pixels
    pyramid = [full]
    while max(pyramid[-1].shape[:2]) > 1 and len(pyramid) < 16:
        height, width = pyramid[-1].shape[:2]
        half = np.empty((max(height // 2, 1), max(width // 2, 1), 4), dtype=np.uint8)
        kernels()[2].halve(pyramid[-1], half, is_color)
        pyramid.append(half)
    return pyramid
