"""The built artifacts: size, closedness, texture coordinates, hotspots, and the bytes they are stored in."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assets.pipeline.files import glb_bytes, read_glb
from assets.pipeline.scan import Scan
from assets.sample.build import BuiltMuseum, build_sample_museum
from assets.sample.collection import BUILDERS

# One worker builds the museum, and only once.
pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("built-museum")]

STATED: dict[str, tuple[float | None, float | None, float | None]] = {
    "attic-column-krater": (0.345, 0.35, 0.30),
    "shabty-amunemhat": (0.092, 0.248, 0.064),
    "jade-bi": (0.32, 0.32, 0.01),
    "tang-phoenix-mirror": (0.216, 0.216, 0.012),
    "athens-tetradrachm": (0.023, 0.023, None),
    "iznik-artichoke-dish": (0.364, 0.069, 0.364),
    "moon-lute": (0.356, 0.584, None),
    "goryeo-celadon-bowl": (0.181, 0.083, 0.181),
    "bidri-hookah-bowl": (0.165, 0.185, 0.165),
    "jomon-deep-vessel": (0.368, 0.447, 0.368),
    "yuan-blue-white-jar": (0.375, 0.394, 0.375),
    "lai-zhong-bell": (0.37, 0.703, 0.266),
    "inka-key-tunic": (0.762, 0.851, None),
    "maya-ruler-vase": (0.105, 0.245, 0.105),
    "acoma-water-jar": (0.284, 0.229, 0.284),
    "marshall-stick-chart": (1.0, 1.28, 0.045),
    "umma-barley-receipt": (0.036, 0.037, 0.014),
    "samanid-proverb-bowl": (0.346, 0.11, 0.346),
    "isfahan-astrolabe": (0.116, None, None),
    "antiphonary-leaf": (0.24, 0.28, None),
    "moche-feline-vessel": (0.195, 0.18, 0.138),
    "yoruba-talking-drum": (None, 0.37, None),
    "saryk-carpet": (2.502, 2.577, None),
    "roman-glass-aryballos": (0.069, 0.085, 0.069),
    "cycladic-figure": (None, 0.599, None),
    "waldseemueller-map": (4 * 0.62, 3 * 0.46, None),
}
"""Width, height and depth in metres as the keepers publish them; None where they do not."""


@pytest.fixture(scope="module")
def sheets(built: BuiltMuseum) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(built.manifest.read_text(encoding="utf-8"))["artifacts"]
    return found


@pytest.fixture(scope="module", params=sorted(BUILDERS))
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def scan(built: BuiltMuseum, slug: str) -> Scan:
    return read_glb(built.artifacts[slug])


def corners_of(scan: Scan) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.concatenate([mesh.positions[mesh.triangles] for mesh in scan.meshes]).astype(np.float64)


def signed_volume(corners: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)


class TestEveryArtifact:
    def test_has_the_size_its_keeper_states(self, slug: str, scan: Scan) -> None:
        extent = scan.bounds[1] - scan.bounds[0]
        for stated, found in zip(STATED[slug], extent, strict=True):
            if stated is not None:
                assert found == pytest.approx(stated, rel=0.02)

    def test_stands_on_the_floor_around_the_origin(self, scan: Scan) -> None:
        low, high = scan.bounds
        assert low[1] == pytest.approx(0.0, abs=1e-4)
        assert (low + high)[[0, 2]] / 2 == pytest.approx([0, 0], abs=1e-4)

    def test_is_finite_has_unit_normals_and_texture_coordinates_inside_the_picture(self, scan: Scan) -> None:
        for mesh in scan.meshes:
            assert np.isfinite(mesh.positions).all()
            assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(np.ones(len(mesh.normals)), abs=1e-3)
            assert mesh.texcoords.min() >= 0.0
            assert mesh.texcoords.max() <= 1.0

    def test_has_no_triangle_without_area(self, scan: Scan) -> None:
        for mesh in scan.meshes:
            corners = mesh.positions[mesh.triangles].astype(np.float64)
            cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
            assert (np.linalg.norm(cross, axis=1) > 0).mean() > 0.9995, mesh.name

    def test_faces_outward(self, scan: Scan) -> None:
        assert signed_volume(corners_of(scan)) > 0
        for mesh in scan.meshes:
            corners = mesh.positions[mesh.triangles].astype(np.float64)
            cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
            agreeing = (cross * mesh.normals[mesh.triangles].mean(axis=1)).sum(axis=1) > 0
            assert agreeing.mean() > 0.98, mesh.name

    def test_is_fine_enough_for_a_master(self, scan: Scan, slug: str, sheets: dict[str, Any]) -> None:
        assert scan.triangle_count >= 40_000
        assert scan.triangle_count == sheets[slug]["triangles"]

    def test_has_the_hotspots_that_its_catalog_entry_names(
        self, slug: str, repository: Path, sheets: dict[str, Any]
    ) -> None:
        entry = tomllib.loads(
            (repository / "assets" / "sample" / "artifacts" / f"{slug}.toml").read_text(encoding="utf-8")
        )
        named = {hotspot["point"] for hotspot in entry["hotspots"]}
        assert len(named) >= 3
        assert named <= set(sheets[slug]["hotspots"])

    def test_hotspots_lie_on_the_surface_and_point_out_of_it(
        self, slug: str, scan: Scan, sheets: dict[str, Any]
    ) -> None:
        positions = np.concatenate([mesh.positions for mesh in scan.meshes])
        normals = np.concatenate([mesh.normals for mesh in scan.meshes])
        corners = corners_of(scan)
        for name, point in sheets[slug]["hotspots"].items():
            place, normal = np.array(point["position"]), np.array(point["normal"])
            assert distance_to(corners, place) < 0.002, name
            assert np.linalg.norm(normal) == pytest.approx(1.0, abs=1e-3)
            near = np.argsort(((positions - place) ** 2).sum(axis=1))[:12]
            assert (normals[near] @ normal).max() > 0.3, name


def distance_to(
    corners: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    place: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> float:
    """Distance from a point to the nearest of the triangles, by samples spread over each."""
    near = np.argsort(((corners.mean(axis=1) - place) ** 2).sum(axis=1))[:200]
    a, b, c = (corners[near, k] for k in range(3))
    steps = np.linspace(0, 1, 13)
    best = np.inf
    for s in steps:
        for t in steps[steps <= 1 - s + 1e-9]:
            best = min(best, float(np.linalg.norm(a + s * (b - a) + t * (c - a) - place, axis=1).min()))
    return best


@pytest.mark.parametrize("name", ["jade-bi", "roman-glass-aryballos"])
def test_the_same_artifact_gives_the_same_bytes_twice(name: str, built: BuiltMuseum) -> None:
    assert glb_bytes(BUILDERS[name]().scan) == built.artifacts[name].read_bytes()


def test_a_second_build_makes_nothing(built: BuiltMuseum) -> None:
    again = build_sample_museum(built.folder)
    assert again.rebuilt == 0
    assert again.triangles == built.triangles


def test_a_damaged_file_is_made_again_and_the_others_are_left_alone(
    built: BuiltMuseum, tmp_path: Path
) -> None:
    # In a copy: other test processes look at the museum at the same time.
    copied = shutil.copytree(built.folder, tmp_path / "sample")
    path = copied / "artifacts" / "jade-bi.glb"
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    again = build_sample_museum(copied, jobs=1)
    assert again.rebuilt == 1
    assert path.read_bytes() == whole


def test_the_manifest_places_every_artifact(built: BuiltMuseum) -> None:
    manifest = json.loads(built.manifest.read_text(encoding="utf-8"))
    shown = [placed["artifact"] for gallery in manifest["galleries"] for placed in gallery["placements"]]
    assert sorted(shown) == sorted(manifest["artifacts"]) == sorted(STATED)
    for gallery in manifest["galleries"]:
        assert (built.folder / gallery["file"]).is_file()
