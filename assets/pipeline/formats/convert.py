"""Geometry as trimesh has it, in the project's words: 32-bit arrays, unit normals, colors in sRGB."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import trimesh
from numpy.typing import NDArray
from trimesh.visual import TextureVisuals as _TextureVisuals

from assets.pipeline.formats.materials import material_of
from assets.pipeline.geometry.topology import smooth_normals
from assets.pipeline.refusal import InputLimits, UnreadableScan
from assets.pipeline.scan import Material, Mesh, Pixels, Scan, used_only

Doubles = NDArray[np.float64]

_FAR: Final = 64.0
"""Diagonals that a scan may lie away from the origin before 32-bit coordinates cost it detail."""


@dataclass(slots=True)
class Conversion:
    """One scene on its way into a scan."""

    file: str
    linear_colors: bool
    """glTF keeps vertex colors linear; all other formats keep them in sRGB."""
    limits: InputLimits
    remarks: list[str] = field(default_factory=list)
    _materials: dict[int, Material] = field(default_factory=dict)

    def scan(self, name: str, scene: Any) -> tuple[Scan, tuple[float, float, float]]:
        """The scene's triangles as a scan, and the file's coordinates of the scan's origin.

        Raises :class:`UnreadableScan`.
        """
        placed = [
            (str(geometry_name), scene.geometry[geometry_name], np.asarray(transform, dtype=np.float64))
            for transform, geometry_name in (scene.graph[node] for node in sorted(scene.graph.nodes_geometry))
            if isinstance(scene.geometry[geometry_name], trimesh.Trimesh)
            and len(scene.geometry[geometry_name].faces)
        ]
        total = sum(len(geometry.faces) for _, geometry, _ in placed)
        if not total:
            raise UnreadableScan(
                self.file, "it holds no triangles", "Export the mesh of the scan, not its point cloud"
            )
        if total > self.limits.triangles:
            raise UnreadableScan(
                self.file,
                f"its instances come to {total:,} triangles, the limit is {self.limits.triangles:,}",
                "Export the thing itself, once",
            )
        points = [self._points(geometry, transform) for _, geometry, transform in placed]
        origin = _origin(points)
        names = _unique([geometry_name for geometry_name, _, _ in placed])
        meshes = tuple(
            self._mesh(mesh_name, geometry, transform, (at - origin).astype(np.float32))
            for mesh_name, (_, geometry, transform), at in zip(names, placed, points, strict=True)
        )
        x, y, z = (float(value) for value in origin)
        texts = {key: str(value) for key, value in scene.metadata.items() if isinstance(value, str)}
        return Scan(name, meshes, texts), (x, y, z)

    def _points(self, geometry: Any, transform: Doubles) -> Doubles:
        points = np.asarray(geometry.vertices, dtype=np.float64)
        wild = int((~np.isfinite(points)).any(axis=1).sum())
        if wild:
            raise UnreadableScan(
                self.file,
                f"{wild:,} of its {len(points):,} vertices are not numbers",
                "Remove them in the tool that made it, and export it again",
            )
        if not np.ptp(points, axis=0).any():
            # What trimesh makes of compressed geometry that it could not unpack, too.
            raise UnreadableScan(
                self.file, "all vertices of a mesh are one point", "Copy or export the file again"
            )
        faces = geometry.faces
        if faces.min() < 0 or faces.max() >= len(points):
            raise UnreadableScan(
                self.file,
                f"a face names vertex {int(faces.max()):,}, there are {len(points):,}",
                "Copy or export the file again",
            )
        if not np.isfinite(transform).all() or abs(np.linalg.det(transform[:3, :3])) < 1e-30:
            raise UnreadableScan(
                self.file, "a node flattens its mesh", "Apply its transforms and export again"
            )
        if np.array_equal(transform, np.eye(4)):
            return points
        moved: Doubles = points @ transform[:3, :3].T + transform[:3, 3]
        return moved

    def _mesh(self, name: str, geometry: Any, transform: Doubles, positions: NDArray[np.float32]) -> Mesh:
        triangles = np.asarray(geometry.faces, dtype=np.uint32)
        if np.linalg.det(transform[:3, :3]) < 0:
            triangles = triangles[:, ::-1].copy()
        visual = geometry.visual
        uv = np.zeros((len(positions), 2), dtype=np.float32)
        material = Material("default")
        if isinstance(visual, _TextureVisuals):
            uv = self._texcoords(name, visual, len(positions))
            if id(visual.material) not in self._materials:
                self._materials[id(visual.material)] = self._material(visual.material)
            material = self._materials[id(visual.material)]
        normals = self._normals(name, geometry, transform, positions, triangles)
        mesh = Mesh(name, positions, normals, uv, triangles, material, self._colors(visual, len(positions)))
        used = used_only(mesh)
        if used is not mesh:
            # They would count for the size of the scan, and so for its unit and its place.
            lost = len(positions) - len(used.positions)
            self.remarks.append(f"{name}: {lost:,} vertices that no triangle names are left out")
        return used

    def _material(self, found: Any) -> Material:
        try:
            return material_of(found, self.remarks)
        except (OSError, SyntaxError, ValueError, TypeError) as error:
            raise UnreadableScan(
                self.file, f"a texture of it is damaged ({error})", "Save its images again as PNG or JPEG"
            ) from error

    def _texcoords(self, name: str, visual: Any, count: int) -> NDArray[np.float32]:
        if visual.uv is None or len(visual.uv) != count:
            return np.zeros((count, 2), dtype=np.float32)
        uv = np.array(visual.uv, dtype=np.float64)[:, :2]
        uv[:, 1] = 1.0 - uv[:, 1]
        wild = ~np.isfinite(uv).all(axis=1)
        if wild.any():
            self.remarks.append(f"{name}: {int(wild.sum()):,} texture coordinates were not numbers; now 0")
            uv[wild] = 0.0
        return uv.astype(np.float32)

    def _normals(
        self,
        name: str,
        geometry: Any,
        transform: Doubles,
        positions: NDArray[np.float32],
        triangles: NDArray[np.uint32],
    ) -> NDArray[np.float32]:
        # The normals that the file states, turned with the mesh. trimesh keeps them in its cache, and
        # would compute missing ones without regard to vertices that are stored several times.
        if "vertex_normals" not in geometry._cache.cache:
            return smooth_normals(positions, triangles)
        stated = np.asarray(geometry.vertex_normals, dtype=np.float64) @ np.linalg.inv(transform[:3, :3])
        length = np.linalg.norm(stated, axis=1)
        sound = np.isfinite(length) & (length > 1e-12)
        normals = (stated / np.where(sound, length, 1.0)[:, None]).astype(np.float32)
        if not sound.all():
            self.remarks.append(f"{name}: {int((~sound).sum()):,} normals were missing; computed")
            normals[~sound] = smooth_normals(positions, triangles)[~sound]
        return normals

    def _colors(self, visual: Any, count: int) -> Pixels | None:
        if isinstance(visual, _TextureVisuals):
            found = visual.vertex_attributes.get("color")
        else:
            found = visual.vertex_colors if visual.kind in ("vertex", "face") else None
        if found is None or np.ndim(found) != 2 or len(found) != count or np.shape(found)[1] not in (3, 4):
            return None
        colors = np.asarray(found)
        top = float(np.iinfo(colors.dtype).max) if colors.dtype.kind in "iu" else 1.0
        shares = np.clip(np.nan_to_num(colors.astype(np.float64) / top), 0.0, 1.0)
        if shares.shape[1] == 3:
            shares = np.column_stack((shares, np.ones(count)))
        if self.linear_colors:
            shares[:, :3] = srgb_of(shares[:, :3])
        return np.round(shares * 255.0).astype(np.uint8)


def srgb_of(linear: Doubles) -> Doubles:
    """Linear light 0..1 as sRGB 0..1 (IEC 61966-2-1)."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.power(linear, 1 / 2.4) - 0.055)


def linear_of(srgb: Doubles) -> Doubles:
    """sRGB 0..1 as linear light 0..1 (IEC 61966-2-1)."""
    return np.where(srgb <= 0.04045, srgb / 12.92, np.power((srgb + 0.055) / 1.055, 2.4))


def _origin(points: list[Doubles]) -> Doubles:
    """Zero, or the middle of a scan that lies so far out that 32 bits would not hold its detail."""
    low = np.min([at.min(axis=0) for at in points], axis=0)
    high = np.max([at.max(axis=0) for at in points], axis=0)
    middle: Doubles = (low + high) / 2.0
    far = float(np.linalg.norm(middle)) > _FAR * float(np.linalg.norm(high - low))
    return np.round(middle) if far else np.zeros(3)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return unique
