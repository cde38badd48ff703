"""Views of a scan per second, one core, beside the renderers that install from PyPI.

    python bench/render.py [--views 12] [--only ours moderngl ...]

Every candidate photographs the same scan (100,352 triangles; base color, normal and roughness maps of 2,048
texels) from the same cameras at 320 x 320, pinned to one core in a process of its own, and hands back what
training needs: color, depth and mask. Preparing (imports, uploading, compiling shaders) is timed apart.
Times are processor seconds, so that neighbors on the machine do not count. Candidates that are not installed
are named and left out: ``pip install moderngl vtk pyrender embreex pygfx rendercanvas mitsuba``; all but
embree, Mitsuba and ours need system packages too (``needs``).

What the figures do not show: a graphics card, where moderngl, VTK, pyrender and pygfx would win by far; and
equal looks. ``draws`` says what each was asked to draw: few lights or no normal map are easier.
"""

import argparse
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from assets.pipeline.rendering.camera import Camera, Lens, framed  # noqa: E402
from assets.pipeline.scan import Material, Mesh, Scan, Texture  # noqa: E402

Picture = tuple[NDArray[np.uint8], NDArray[np.float32]]
"""Color (h, w, 3 or 4) and depth (h, w)."""
Shoot = Callable[[Camera], Picture]
LENS = Lens.of_field(35.0, 320, 320)
DEADLINE = 240.0


def scan(bands: int = 224, texels: int = 2048) -> Scan:
    """A wavy ball with three maps, filling about half of the picture."""
    v, u = np.meshgrid(np.linspace(0, 1, bands + 1), np.linspace(0, 1, bands + 1), indexing="ij")
    polar, around = v * np.pi, u * 2 * np.pi
    outward = np.stack(
        [np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)], axis=-1
    )
    radius = 0.25 * (1 + 0.03 * np.sin(9 * around) * np.sin(7 * polar))
    first = (np.arange(bands)[:, None] * (bands + 1) + np.arange(bands)).ravel()
    below = first + bands + 1
    triangles = np.concatenate(
        [np.stack([first, below, first + 1], 1), np.stack([first + 1, below, below + 1], 1)]
    )
    y, x = np.mgrid[0:texels, 0:texels]
    color = np.stack(
        [128 + 100 * np.sin(x / 40), 128 + 100 * np.cos(y / 30), 150 + 60 * np.sin((x + y) / 90)], -1
    )
    bumps = np.full((texels, texels, 3), (128, 128, 250))
    bumps[..., 0] = 128 + 30 * np.sin(x / 12)
    surface = np.full((texels, texels, 3), (255, 140, 0))
    material = Material(
        "paint",
        base_color_texture=Texture(color.astype(np.uint8)),
        normal_texture=Texture(bumps.astype(np.uint8)),
        surface_texture=Texture(surface.astype(np.uint8)),
    )
    mesh = Mesh(
        "ball",
        (outward * radius[..., None]).reshape(-1, 3).astype(np.float32),
        outward.reshape(-1, 3).astype(np.float32),
        np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float32),
        triangles.astype(np.uint32),
        material,
    )
    return Scan("ball", (mesh,))


def cameras(count: int) -> list[Camera]:
    points = scan(64, 4).meshes[0].positions
    return [framed(LENS, points, 360.0 * i / count, 25.0 * np.sin(i), 0.92) for i in range(count)]


def module(name: str) -> Any:
    """A package that need not be installed."""
    return importlib.import_module(name)


def ours(samples: Any) -> Shoot:
    from assets.pipeline.rendering.render import Quality, Renderer

    renderer = Renderer(scan(), Quality(samples=samples))

    def shoot(camera: Camera) -> Picture:
        view = renderer.view(camera, (230, 230, 230))
        return view.rgb, view.depth

    return shoot


_VERTEX = """#version 330
uniform mat4 to_view, to_clip;
in vec3 position; in vec3 normal; in vec2 texcoord;
out vec3 place; out vec3 facing; out vec2 at;
void main() {
  place = (to_view * vec4(position, 1.0)).xyz; facing = mat3(to_view) * normal; at = texcoord;
  gl_Position = to_clip * vec4(place, 1.0);
}"""
_FRAGMENT = """#version 330
uniform sampler2D base; uniform sampler2D bumps; uniform sampler2D surface;
in vec3 place; in vec3 facing; in vec2 at;
layout(location = 0) out vec4 color;
void main() {
  vec3 n = normalize(facing), v = normalize(-place), l = normalize(vec3(-0.5, 0.7, 0.6));
  vec3 dx = dFdx(place), dy = dFdy(place); vec2 tx = dFdx(at), ty = dFdy(at);
  vec3 t = normalize(dx * ty.y - dy * tx.y), b = cross(n, t);
  vec3 m = texture(bumps, at).xyz * 2.0 - 1.0; n = normalize(t * m.x + b * m.y + n * m.z);
  float a = pow(texture(surface, at).g, 2.0), h = max(dot(n, normalize(l + v)), 0.0);
  float d = a * a / (3.14159 * pow(h * h * (a * a - 1.0) + 1.0, 2.0));
  vec3 c = pow(texture(base, at).rgb, vec3(2.2));
  color = vec4(pow(c * (0.4 + max(dot(n, l), 0.0)) + 0.04 * d, vec3(1.0 / 2.2)), 1.0);
}"""


def moderngl() -> Shoot:
    gl = module("moderngl")
    context = gl.create_context(standalone=True, backend="egl")
    mesh = scan().meshes[0]
    program = context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
    material = mesh.material
    for unit, (name, texture) in enumerate(
        (
            ("base", material.base_color_texture),
            ("bumps", material.normal_texture),
            ("surface", material.surface_texture),
        )
    ):
        assert texture is not None
        loaded = context.texture(texture.pixels.shape[1::-1], 3, texture.pixels.tobytes())
        loaded.build_mipmaps()
        loaded.filter = (gl.LINEAR_MIPMAP_LINEAR, gl.LINEAR)
        loaded.use(unit)
        program[name] = unit
    vertices = np.hstack([mesh.positions, mesh.normals, mesh.texcoords]).astype("f4")
    drawn = context.vertex_array(
        program,
        [(context.buffer(vertices.tobytes()), "3f 3f 2f", "position", "normal", "texcoord")],
        context.buffer(mesh.triangles.astype("u4").tobytes()),
    )
    size = (LENS.width, LENS.height)
    many = context.framebuffer(
        [context.renderbuffer(size, 4, samples=4)], context.depth_renderbuffer(size, samples=4)
    )
    one = context.framebuffer([context.renderbuffer(size, 4)], context.depth_texture(size))
    context.enable(gl.DEPTH_TEST)
    near, far = 0.05, 10.0

    def shoot(camera: Camera) -> Picture:
        clip = np.zeros((4, 4))
        clip[0, 0], clip[1, 1] = 2 * LENS.fx / LENS.width, 2 * LENS.fy / LENS.height
        clip[2, 2:], clip[3, 2] = (-(far + near) / (far - near), -2 * far * near / (far - near)), -1
        program["to_view"].write(np.linalg.inv(camera.pose).T.astype("f4").tobytes())
        program["to_clip"].write(clip.T.astype("f4").tobytes())
        many.use()
        many.clear(0.9, 0.9, 0.9, 1.0)
        drawn.render()
        context.copy_framebuffer(one, many)
        rgb = np.frombuffer(one.read(components=3), np.uint8).reshape(LENS.height, LENS.width, 3)
        depth = np.frombuffer(one.read(components=1, attachment=-1, dtype="f4"), np.float32)
        metres = 2 * far * near / (far + near - (2 * depth - 1) * (far - near))
        return rgb[::-1], metres.reshape(LENS.height, LENS.width)[::-1]

    return shoot


def vtk() -> Shoot:
    v, convert = module("vtk"), module("vtk.util.numpy_support")
    numpy_to_vtk, vtk_to_numpy = convert.numpy_to_vtk, convert.vtk_to_numpy
    mesh = scan().meshes[0]
    data, points, cells = v.vtkPolyData(), v.vtkPoints(), v.vtkCellArray()
    points.SetData(numpy_to_vtk(mesh.positions, deep=True))
    counted = np.hstack([np.full((len(mesh.triangles), 1), 3), mesh.triangles]).astype(np.int64).ravel()
    cells.SetCells(len(mesh.triangles), convert.numpy_to_vtkIdTypeArray(counted, deep=True))
    data.SetPoints(points)
    data.SetPolys(cells)
    data.GetPointData().SetNormals(numpy_to_vtk(mesh.normals, deep=True))
    data.GetPointData().SetTCoords(numpy_to_vtk(mesh.texcoords * [1, -1] + [0, 1], deep=True))
    picture, texture = v.vtkImageData(), v.vtkTexture()
    assert mesh.material.base_color_texture is not None
    pixels = mesh.material.base_color_texture.pixels[::-1]
    picture.SetDimensions(pixels.shape[1], pixels.shape[0], 1)
    picture.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(pixels).reshape(-1, 3), deep=True))
    texture.SetInputData(picture)
    texture.InterpolateOn()
    texture.MipmapOn()
    mapper, actor, stage, window = v.vtkPolyDataMapper(), v.vtkActor(), v.vtkRenderer(), v.vtkRenderWindow()
    mapper.SetInputData(data)
    actor.SetMapper(mapper)
    actor.SetTexture(texture)
    stage.AddActor(actor)
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(4)
    window.SetSize(LENS.width, LENS.height)
    window.AddRenderer(stage)

    def shoot(camera: Camera) -> Picture:
        eye = stage.GetActiveCamera()
        eye.SetPosition(*camera.position)
        eye.SetFocalPoint(*(camera.position + camera.forward))
        eye.SetViewUp(*camera.pose[:3, 1])
        eye.SetViewAngle(LENS.field_of_view)
        eye.SetClippingRange(0.05, 10.0)
        window.Render()
        color, depth = v.vtkUnsignedCharArray(), v.vtkFloatArray()
        window.GetPixelData(0, 0, LENS.width - 1, LENS.height - 1, 0, color, 0)
        window.GetZbufferData(0, 0, LENS.width - 1, LENS.height - 1, depth)
        rgb = vtk_to_numpy(color).reshape(LENS.height, LENS.width, 3)[::-1]
        return rgb, vtk_to_numpy(depth).reshape(LENS.height, LENS.width)[::-1]

    return shoot


def pyrender() -> Shoot:
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
    setattr(np, "infty", np.inf)  # noqa: B010 (what pyrender 0.1.45 still calls it)
    p, turns = module("pyrender"), module("trimesh.transformations")
    mesh = scan().meshes[0]
    assert mesh.material.base_color_texture is not None
    material = p.MetallicRoughnessMaterial(
        baseColorTexture=p.Texture(source=mesh.material.base_color_texture.pixels, source_channels="RGB"),
        metallicFactor=0.0,
    )
    primitive = p.Primitive(
        positions=mesh.positions, normals=mesh.normals, texcoord_0=mesh.texcoords, indices=mesh.triangles,
        material=material,
    )  # fmt: skip
    stage = p.Scene(ambient_light=(0.4, 0.4, 0.4))
    stage.add(p.Mesh([primitive]))
    stage.add(p.DirectionalLight(intensity=3.0), pose=turns.rotation_matrix(-0.8, [1, 0, 0]))
    eye = stage.add(p.IntrinsicsCamera(LENS.fx, LENS.fy, LENS.cx, LENS.cy, znear=0.05, zfar=10.0))
    drawing = p.OffscreenRenderer(LENS.width, LENS.height)

    def shoot(camera: Camera) -> Picture:
        stage.set_pose(eye, camera.pose)
        color, depth = drawing.render(stage)
        return color, depth

    return shoot


def embree() -> Shoot:
    trimesh, rays_of = module("trimesh"), module("trimesh.ray.ray_pyembree")
    mesh = scan().meshes[0]
    assert mesh.material.base_color_texture is not None
    pixels = mesh.material.base_color_texture.pixels
    solid = trimesh.Trimesh(mesh.positions, mesh.triangles, process=False)
    rays = rays_of.RayMeshIntersector(solid)
    x, y = np.meshgrid(np.arange(LENS.width) + 0.5, np.arange(LENS.height) + 0.5)
    places = np.stack([x, y], axis=-1).reshape(-1, 2)

    def shoot(camera: Camera) -> Picture:
        along = camera.unproject(places, np.ones(len(places))) - camera.position
        hits, which, triangles = rays.intersects_location(
            np.broadcast_to(camera.position, along.shape), along, multiple_hits=False
        )
        corners = mesh.triangles[triangles]
        weights = trimesh.triangles.points_to_barycentric(mesh.positions[corners], hits)[..., None]
        at = (mesh.texcoords[corners] * weights).sum(axis=1) * (pixels.shape[0] - 1)
        normal = (mesh.normals[corners] * weights).sum(axis=1)
        light = 0.4 + np.maximum(normal @ [-0.4, 0.7, 0.6], 0.0)
        rgb, depth = np.full((len(places), 3), 230, np.uint8), np.zeros(len(places), np.float32)
        texels = pixels[at[:, 1].astype(int), at[:, 0].astype(int)]
        rgb[which] = np.clip(texels * light[:, None], 0, 255)
        depth[which] = (hits - camera.position) @ camera.forward
        return rgb.reshape(LENS.height, LENS.width, 3), depth.reshape(LENS.height, LENS.width)

    return shoot


def mitsuba() -> Shoot:
    from assets.sample.studio import Set, renderer, softbox

    mi = renderer()
    stage = Set()
    stage.place("scan", scan())
    stage.add("room", {"type": "constant", "radiance": {"type": "rgb", "value": [0.4, 0.4, 0.4]}})
    stage.add("box", softbox((-1, 1.5, 1), (0, 0, 0), 1.0, (6, 6, 6)))
    loaded = mi.load_dict(stage._parts)
    integrator = mi.load_dict({"type": "aov", "aovs": "depth:depth", "img": {"type": "direct"}})

    def shoot(camera: Camera) -> Picture:
        eye = mi.ScalarTransform4f().look_at(
            list(camera.position), list(camera.position + camera.forward), list(camera.pose[:3, 1])
        )
        film = {"type": "hdrfilm", "width": LENS.width, "height": LENS.height, "rfilter": {"type": "box"}}
        sensor = mi.load_dict(
            {"type": "perspective", "fov": LENS.field_of_view, "to_world": eye, "film": film,
             "sampler": {"type": "independent", "sample_count": 4}}
        )  # fmt: skip
        seen = np.array(mi.render(loaded, sensor=sensor, integrator=integrator))
        return (np.clip(seen[..., :3], 0, 1) ** (1 / 2.2) * 255).astype(np.uint8), seen[..., -1]

    return shoot


def pygfx() -> Shoot:
    g, canvases = module("pygfx"), module("rendercanvas.offscreen")
    mesh = scan().meshes[0]
    assert mesh.material.base_color_texture is not None
    assert mesh.material.normal_texture is not None
    canvas = canvases.RenderCanvas(size=(LENS.width, LENS.height), pixel_ratio=1)
    drawing = g.renderers.WgpuRenderer(canvas, pixel_ratio=1)
    geometry = g.Geometry(
        indices=mesh.triangles, positions=mesh.positions, normals=mesh.normals, texcoords=mesh.texcoords
    )
    material = g.MeshStandardMaterial(
        map=g.Texture(mesh.material.base_color_texture.pixels, dim=2),
        normal_map=g.Texture(mesh.material.normal_texture.pixels, dim=2),
    )
    stage = g.Scene()
    stage.add(g.Mesh(geometry, material), g.AmbientLight(intensity=0.4))
    eye = g.PerspectiveCamera(LENS.field_of_view, 1.0, depth_range=(0.05, 10.0))
    sun = g.DirectionalLight(intensity=3.0)
    sun.local.position = (-1, 1.5, 1)
    stage.add(sun, eye)

    def draw() -> None:
        drawing.render(stage, eye)

    def shoot(camera: Camera) -> Picture:
        eye.local.matrix = camera.pose
        canvas.request_draw(draw)
        color = np.asarray(canvas.draw())
        return color, np.zeros(color.shape[:2], np.float32)

    return shoot


@dataclass(frozen=True, slots=True)
class Candidate:
    """A renderer: its package, how it is made ready, what it draws and what it needs besides the wheel."""

    package: str
    ready: Callable[[], Shoot]
    draws: str
    needs: str = "nothing"


MESA = "libegl1, libgl1-mesa-dri"
CANDIDATES = {
    "ours": Candidate("numba", lambda: ours(4), "3 maps, environment, shadow, 4 samples, depth"),
    "ours, plain": Candidate("numba", lambda: ours(1), "3 maps, environment, shadow, 1 sample, depth"),
    "moderngl": Candidate("moderngl", moderngl, "3 maps, 1 light, 4 samples, depth", MESA),
    "vtk": Candidate("vtk", vtk, "base color, 1 light, 4 samples, depth", f"{MESA} or libosmesa6"),
    "pyrender": Candidate("pyrender", pyrender, "base color, 1 light, 4 samples, depth", MESA),
    "embree": Candidate("embreex", embree, "base color, 1 light, 1 sample, depth"),
    "mitsuba": Candidate("mitsuba", mitsuba, "3 maps, area light, 4 samples, depth"),
    "pygfx": Candidate("pygfx", pygfx, "base color, normal map, 1 light", "mesa-vulkan-drivers"),
}


def _measure_here(name: str, views: int) -> None:
    began = time.process_time()
    shoot = CANDIDATES[name].ready()
    chosen = cameras(views)
    shoot(chosen[0])
    ready = time.process_time() - began
    times = []
    for camera in chosen:
        start = time.process_time()
        color, depth = shoot(camera)
        times.append(time.process_time() - start)
    seen = float(np.mean(np.abs(color[..., :3].astype(int) - color[0, 0, :3]).sum(axis=-1) > 6))
    print(
        json.dumps(
            {"ready": ready, "view": float(np.median(times)), "seen": seen, "depth": float(depth.max())}
        )
    )


def measure(name: str, views: int) -> dict[str, float] | str:
    """Seconds to be ready and a view, on one core; or why not."""
    if importlib.util.find_spec(CANDIDATES[name].package) is None:
        return "not installed"
    command = [sys.executable, str(HERE / "render.py"), "--measure", name, str(views)]
    if hasattr(os, "sched_setaffinity"):
        pinned = (
            "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])}); os.execv(sys.argv[2], sys.argv[2:])"
        )
        command = [sys.executable, "-c", pinned, str(min(os.sched_getaffinity(0))), *command]
    settings = {**os.environ, "LP_NUM_THREADS": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        ended = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        return f"not done within {DEADLINE:.0f} s"
    if ended.returncode != 0:
        return "failed: " + (ended.stderr.strip().splitlines() or ["no message"])[-1][:90]
    found: dict[str, float] = json.loads(ended.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--views", type=int, default=12)
    parser.add_argument("--only", nargs="+", choices=list(CANDIDATES), default=list(CANDIDATES))
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "VIEWS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        _measure_here(options.measure[0], int(options.measure[1]))
        return
    print(f"{'renderer':<13}{'views/s':>8}{'x ours':>8}{'ready s':>9}  covers  needs")
    base = 0.0
    for name in options.only:
        found, candidate = measure(name, options.views), CANDIDATES[name]
        if isinstance(found, str):
            print(f"{name:<13}{found}")
            continue
        base = base or found["view"]
        print(
            f"{name:<13}{1 / found['view']:8.1f}{base / found['view']:8.2f}{found['ready']:9.1f}"
            f"{found['seen']:7.0%}   {candidate.needs}; draws {candidate.draws}"
        )


if __name__ == "__main__":
    main()
