"""A photographer's studio for scans: Mitsuba 3 scenes, path traced, denoised, developed to sRGB.

Mitsuba (and Intel's Open Image Denoise, where its wheel is installed) come with the ``studio`` extra and
are imported only when a picture is asked for.
"""

import ctypes
import importlib
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.scan import Material, Mesh, Scan, Texture

Image = NDArray[np.float32]
Pose = NDArray[np.float64]
"""4 × 4 matrix from the artifact's frame to the scene's."""


class StudioMissing(RuntimeError):
    """Pictures were asked for where the renderer is not installed."""


@lru_cache(maxsize=1)
def renderer() -> Any:
    """Mitsuba with its scalar variant, which needs neither a GPU nor LLVM."""
    try:
        mitsuba = importlib.import_module("mitsuba")
    except ImportError as error:
        raise StudioMissing(
            "pictures need Mitsuba 3: install it with `pip install 'museum-twin[studio]'`"
        ) from error
    mitsuba.set_variant("scalar_rgb")
    mitsuba.set_log_level(mitsuba.LogLevel.Error)
    return mitsuba


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the picture is taken from. Metres, degrees, pixels."""

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    field_of_view: float
    """Across the picture's width."""
    width: int
    height: int


def _texture(texture: Texture, channel: int | None = None, *, raw: bool = False) -> dict[str, Any]:
    mi = renderer()
    pixels = texture.pixels[..., :3] if channel is None else texture.pixels[..., channel : channel + 1]
    if raw:
        data = np.ascontiguousarray(pixels, dtype=np.float32) / 255.0
        return {"type": "bitmap", "bitmap": mi.Bitmap(data), "raw": True}
    return {"type": "bitmap", "bitmap": mi.Bitmap(np.array(pixels, order="C"))}


def _normal_map(texture: Texture) -> dict[str, Any]:
    """glTF's green points up the image, Mitsuba's down along v."""
    flipped = texture.pixels[..., :3].copy()
    flipped[..., 1] = 255 - flipped[..., 1]
    return _texture(Texture(flipped), raw=True)


def _bsdf(material: Material) -> dict[str, Any]:
    surface = material.surface_texture
    base: dict[str, Any] = {"type": "principled", "specular": 0.45}
    if material.base_color_texture is None:
        base["base_color"] = {"type": "rgb", "value": list(material.base_color[:3])}
    else:
        base["base_color"] = _texture(material.base_color_texture)
    if surface is None:
        base["roughness"], base["metallic"] = max(material.roughness, 0.05), material.metallic
    else:
        rough = Texture(np.maximum(surface.pixels, 14))
        base["roughness"] = _texture(rough, 1, raw=True)
        if surface.pixels[..., 2].any():
            base["metallic"] = _texture(surface, 2, raw=True)
    if material.normal_texture is not None:
        base = {"type": "normalmap", "normalmap": _normal_map(material.normal_texture), "bsdf": base}
    if material.base_color[3] < 1.0:
        return {"type": "thindielectric", "int_ior": 1.3, "specular_reflectance": 0.6}
    solid = {"type": "twosided", "bsdf": base}
    color = material.base_color_texture
    if color is not None and color.pixels.shape[2] == 4:
        return {"type": "mask", "opacity": _texture(Texture(color.pixels), 3, raw=True), "bsdf": solid}
    return solid


class Set:
    """What stands before the camera. Materials are loaded once, however often they are used."""

    def __init__(self) -> None:
        self._parts: dict[str, Any] = {"type": "scene"}
        self._materials: dict[int, Any] = {}
        self._kept: list[Material] = []

    def add(self, name: str, part: Any) -> None:
        """Any Mitsuba object or description, such as a light."""
        self._parts[name] = part

    def place(self, name: str, scan: Scan, pose: Pose | None = None) -> None:
        """Put a scan into the scene."""
        for number, mesh in enumerate(scan.meshes):
            self._parts[f"{name}-{number}"] = self._mesh(mesh, np.eye(4) if pose is None else pose)

    def _material(self, material: Material) -> Any:
        if id(material) not in self._materials:
            self._materials[id(material)] = renderer().load_dict(_bsdf(material))
            self._kept.append(material)
        return self._materials[id(material)]

    def _mesh(self, mesh: Mesh, pose: Pose) -> Any:
        mi = renderer()
        properties = mi.Properties()
        properties["mesh_bsdf"] = self._material(mesh.material)
        shape = mi.Mesh(
            mesh.name,
            len(mesh.positions),
            len(mesh.triangles),
            has_vertex_normals=True,
            has_vertex_texcoords=True,
            props=properties,
        )
        values = mi.traverse(shape)
        turned = mesh.positions @ pose[:3, :3].T + pose[:3, 3]
        values["vertex_positions"] = np.ascontiguousarray(turned, dtype=np.float32).ravel()
        normals = mesh.normals @ pose[:3, :3].T
        values["vertex_normals"] = np.ascontiguousarray(normals, dtype=np.float32).ravel()
        values["vertex_texcoords"] = np.ascontiguousarray(mesh.texcoords, dtype=np.float32).ravel()
        values["faces"] = np.ascontiguousarray(mesh.triangles, dtype=np.uint32).ravel()
        values.update()
        return shape

    def photograph(self, camera: Camera, samples: int, *, bounces: int = 5, guides: int = 1) -> Image:
        """Linear light, (height, width, 3), denoised where the denoiser is installed.

        ``guides`` is the number of samples for the pictures of color and normals that steer the denoiser:
        each costs as much as five of light.
        """
        mi = renderer()
        scene = mi.load_dict(
            {**self._parts, "integrator": {"type": "path", "max_depth": bounces, "rr_depth": 4}}
        )
        view = {
            "type": "perspective",
            "fov": camera.field_of_view,
            "fov_axis": "x",
            "to_world": mi.ScalarTransform4f().look_at(list(camera.position), list(camera.target), [0, 1, 0]),
            "sampler": {"type": "independent", "sample_count": samples},
            "film": {
                "type": "hdrfilm",
                "width": camera.width,
                "height": camera.height,
                "pixel_format": "rgb",
                "rfilter": {"type": "box"},
            },
        }
        light = np.array(mi.render(scene, sensor=mi.load_dict(view), spp=samples, seed=7), dtype=np.float32)
        if _denoiser() is None:
            return light
        features = mi.load_dict({"type": "aov", "aovs": "albedo:albedo,normal:sh_normal"})
        found = mi.render(scene, sensor=mi.load_dict(view), integrator=features, spp=guides, seed=7)
        guide = np.array(found, dtype=np.float32)[..., -6:]
        return denoised(light, np.ascontiguousarray(guide[..., :3]), np.ascontiguousarray(guide[..., 3:]))


@lru_cache(maxsize=1)
def _denoiser() -> Any | None:
    found = importlib.util.find_spec("oidn")
    if found is None or found.origin is None:
        return None
    for library in sorted(Path(found.origin).parent.glob("lib.*/libtbb*")):
        ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    try:
        return importlib.import_module("oidn")
    except OSError:
        return None


def denoised(picture: Image, albedo: Image, normal: Image) -> Image:
    """The picture without path tracing's grain; unchanged where Open Image Denoise is not installed.

    ``albedo`` and ``normal`` of the first hits tell the filter what is pattern and what is grain. It wants
    display-like values, so it works on tone-compressed light.
    """
    oidn = _denoiser()
    if oidn is None:
        return picture
    squeezed = np.ascontiguousarray(np.sqrt(picture / (1.0 + picture)), dtype=np.float32)
    height, width = squeezed.shape[:2]
    clean, base = np.zeros_like(squeezed), np.ascontiguousarray(np.clip(albedo, 0.0, 1.0))
    device = oidn.NewDevice()
    oidn.CommitDevice(device)
    task = oidn.NewFilter(device, "RT")
    oidn.SetSharedFilterImage(task, "color", squeezed, oidn.FORMAT_FLOAT3, width, height)
    oidn.SetSharedFilterImage(task, "albedo", base, oidn.FORMAT_FLOAT3, width, height)
    oidn.SetSharedFilterImage(task, "normal", normal, oidn.FORMAT_FLOAT3, width, height)
    oidn.SetSharedFilterImage(task, "output", clean, oidn.FORMAT_FLOAT3, width, height)
    oidn.CommitFilter(task)
    oidn.ExecuteFilter(task)
    oidn.ReleaseFilter(task)
    oidn.ReleaseDevice(device)
    light = np.clip(clean, 0.0, 0.999) ** 2
    return np.asarray(light / (1.0 - light), dtype=np.float32)


def developed(picture: Image, exposure: float = 1.0) -> NDArray[np.uint8]:
    """Filmic tone curve (Narkowicz's fit to ACES, 2015) and sRGB encoding."""
    x = np.maximum(picture * exposure * 0.8, 0.0)
    toned = np.clip((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0)
    encoded = np.where(toned <= 0.0031308, toned * 12.92, 1.055 * toned ** (1 / 2.4) - 0.055)
    return np.asarray(encoded * 255.0 + 0.5, dtype=np.uint8)


def softbox(
    center: tuple[float, float, float],
    target: tuple[float, float, float],
    size: float,
    light: tuple[float, float, float],
) -> dict[str, Any]:
    """A square area light of ``size`` metres that faces ``target``; ``light`` is radiance."""
    mi = renderer()
    pose = mi.ScalarTransform4f().look_at(list(center), list(target), [0.01, 1, 0]).scale(size / 2)
    return {
        "type": "rectangle",
        "to_world": pose,
        "emitter": {"type": "area", "radiance": {"type": "rgb", "value": list(light)}},
    }
