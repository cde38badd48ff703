"""A museum small enough for a browser that draws in software: one gallery, two exhibits with real models.

Records and texts are the sample museum's own, in English and Chinese; the forms are turned vessels of a few
thousand triangles, each with a painted band by which a picture of it can be told from the other.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from assets.catalog.annotation import SurfacePoint
from assets.catalog.ingest import Source, ingest
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import Catalog
from assets.pipeline.encoding.compress import Encoding, compress, unavailable
from assets.pipeline.files import glb_bytes
from assets.pipeline.scan import Material, Mesh, Scan, Texture
from assets.sample.catalog import load_sample

BELL, DISC = "lai-zhong-bell", "jade-bi"
COLORS = {BELL: (150, 96, 48), DISC: (70, 130, 92)}
"""The ground color of each exhibit's painting, sRGB."""
_PROFILES = {
    BELL: ((0.02, 0.42), (0.06, 0.40), (0.07, 0.34), (0.11, 0.30), (0.13, 0.18), (0.17, 0.02), (0.15, 0.0)),
    DISC: ((0.02, 0.36), (0.09, 0.34), (0.14, 0.26), (0.15, 0.18), (0.13, 0.10), (0.07, 0.03), (0.09, 0.0)),
}
"""Radius and height from top to bottom, metres."""
_AROUND = 48
_ALONG = 24
_PROFILE_TRIANGLES = 2 * _AROUND * (_ALONG - 1)


def write_museum(store: Path) -> None:
    """The catalog and what stands beside it."""
    sample = load_sample()
    outcomes = [Mapped(artifact.record, (), b"{}") for artifact in sample.artifacts]
    with Catalog(store) as catalog:
        source = Source("sample", "Sample", outcomes, {"sample": "0" * 64})
        ingest(source, catalog, "2026-01-01T00:00:00+00:00")
    folder = store / "sample"
    for name in ("artifacts", "galleries"):
        (folder / name).mkdir(parents=True)
    sheets = {slug: _sheet(slug, folder, sample.artifact(slug).annotations) for slug in (BELL, DISC)}
    room = glb_bytes(Scan("hall", (_turned("room", ((0.1, 0.05), (0.1, 0.0)), _painting((90, 90, 90))),)))
    (folder / "galleries" / "hall.glb").write_bytes(room)
    gallery = {
        "slug": "hall", "name": {"en": "Hall", "zh-Hans": "大厅"}, "file": "galleries/hall.glb",
        "site": {"position": [0.0, 0.0, 0.0], "rotation": [0.0, 0.0, 0.0, 1.0]}, "size": [8.0, 4.0, 6.0],
        "doors": [{"wall": "front", "offset": 0.0}],
        "viewpoint": {"position": [0.0, 1.6, 2.5], "target": [0.0, 1.2, 0.0]},
        "placements": [_placed(BELL, -1.0), _placed(DISC, 1.0)],
    }  # fmt: skip
    listing = {
        "format": 2, "institution": "sample", "units": "metres", "galleries": [gallery], "artifacts": sheets,
    }  # fmt: skip
    (folder / "museum.json").write_text(json.dumps(listing))
    _offer_ktx2(store, DISC)


def picture_of(slug: str, width: int, height: int, shift: int = 0) -> Image.Image:
    """What a camera sees that looks at the exhibit's painting from near: its ground color and pattern."""
    image = Image.new("RGB", (width, height), (204, 200, 192))
    painting = _painting(COLORS[slug]).resize((width // 2, height * 3 // 4))
    image.paste(painting, (width // 4 + shift, height // 8))
    return image


def _offer_ktx2(store: Path, slug: str) -> None:
    """Its model once more as a built scan's smallest file, where the encoder is installed."""
    if unavailable(Encoding.MESHOPT_KTX2) is not None:
        return
    content = (store / "sample" / "artifacts" / f"{slug}.glb").read_bytes()
    packed = compress(content, Encoding.MESHOPT_KTX2)
    name = hashlib.sha256(packed).hexdigest()
    (store / "derivatives").mkdir()
    (store / "derivatives" / f"{name}.glb").write_bytes(packed)
    file = {
        "sha256": name, "media_type": "model/gltf-binary", "usage": "headset", "quality": 0,
        "encoding": Encoding.MESHOPT_KTX2.value, "bytes": len(packed), "hausdorff_mm": 0.0,
        "triangles": _PROFILE_TRIANGLES,
        "extensions": ["EXT_meshopt_compression", "KHR_mesh_quantization", "KHR_texture_basisu"],
    }  # fmt: skip
    scan = store / "scans" / slug
    scan.mkdir(parents=True)
    manifest = {"schema_version": 1, "artifact": f"sample:{slug}", "derivatives": [file]}
    (scan / "manifest.json").write_text(json.dumps(manifest))


def _placed(slug: str, x: float) -> dict[str, Any]:
    height = _PROFILES[slug][0][1]
    return {
        "artifact": slug, "position": [x, 1.0, 0.0], "rotation": [0.0, 0.0, 0.0, 1.0],
        "support": "plinth", "support_size": [0.5, 1.0, 0.5],
        "bounds": [[x - 0.17, 1.0, -0.17], [x + 0.17, 1.0 + height, 0.17]],
    }  # fmt: skip


def _sheet(slug: str, folder: Path, annotations: Any) -> dict[str, Any]:
    profile = _PROFILES[slug]
    scan = Scan(slug, (_turned(slug, profile, _painting(COLORS[slug])),))
    content = glb_bytes(scan)
    (folder / "artifacts" / f"{slug}.glb").write_bytes(content)
    radius, height = max(r for r, _ in profile), profile[0][1]
    spots = {}
    for number, annotation in enumerate(annotations):
        y = height * (0.3 + 0.2 * number)
        spots[annotation.target.point] = {"position": [0.0, y, radius], "normal": [0.0, 0.0, 1.0]}
    notes = [
        {**annotation.model_dump(mode="json", exclude_defaults=True), "target": _target(annotation, spots)}
        for annotation in annotations
    ]
    return {
        "file": f"artifacts/{slug}.glb", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content),
        "triangles": scan.triangle_count, "bounds": [[-radius, 0.0, -radius], [radius, height, radius]],
        "hotspots": spots, "view": [0.0, 0.0], "annotations": notes,
    }  # fmt: skip


def _target(annotation: Any, spots: dict[str, Any]) -> dict[str, Any]:
    point = SurfacePoint.model_validate(spots[annotation.target.point])
    placed: dict[str, Any] = annotation.placed(point).model_dump(mode="json", exclude_defaults=True)["target"]
    return placed


def _turned(name: str, profile: tuple[tuple[float, float], ...], painting: Image.Image) -> Mesh:
    """A form turned on a wheel; the painting goes once around."""
    rings = _smooth(np.asarray(profile, dtype=np.float64))
    angles = np.linspace(0, 2 * np.pi, _AROUND + 1)
    radius, height = rings[:, 0, None], rings[:, 1, None]
    positions = np.stack(
        [
            radius * np.sin(angles),
            np.broadcast_to(height, (len(rings), len(angles))),
            radius * np.cos(angles),
        ],
        axis=-1,
    )
    slope = np.gradient(rings, axis=0)
    outward = np.stack([-slope[:, 1], slope[:, 0]], axis=-1)
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
    normals = np.stack(
        [
            outward[:, 0, None] * np.sin(angles),
            np.broadcast_to(outward[:, 1, None], (len(rings), len(angles))),
            outward[:, 0, None] * np.cos(angles),
        ],
        axis=-1,
    )
    v = np.linspace(0, 1, len(rings))
    texcoords = np.stack(np.broadcast_arrays((angles / (2 * np.pi))[None, :], v[:, None]), axis=-1)
    return Mesh(
        name,
        positions.reshape(-1, 3).astype(np.float32),
        normals.reshape(-1, 3).astype(np.float32),
        texcoords.reshape(-1, 2).astype(np.float32),
        _faces(len(rings)),
        Material(name, roughness=0.6, base_color_texture=Texture(np.asarray(painting)), double_sided=True),
    )


def _faces(rings: int) -> NDArray[np.uint32]:
    row, column = np.meshgrid(np.arange(rings - 1), np.arange(_AROUND), indexing="ij")
    here = (row * (_AROUND + 1) + column).ravel()
    below = here + _AROUND + 1
    faces = np.concatenate([np.stack([here, below, here + 1], 1), np.stack([here + 1, below, below + 1], 1)])
    return faces.astype(np.uint32)


def _smooth(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    at = np.linspace(0, len(profile) - 1, _ALONG)
    known = np.arange(len(profile))
    return np.stack([np.interp(at, known, profile[:, 0]), np.interp(at, known, profile[:, 1])], axis=-1)


def _painting(ground: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", (256, 128), ground)
    draw = ImageDraw.Draw(image)
    light = tuple(min(255, value + 90) for value in ground)
    for x in range(0, 256, 32):
        draw.ellipse([x + 4, 44, x + 28, 68], outline=light, width=4)
    draw.rectangle([0, 24, 255, 30], fill=light)
    draw.rectangle([0, 84, 255, 90], fill=light)
    return image
