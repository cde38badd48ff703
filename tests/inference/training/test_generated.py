from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba", reason="no numba: pip install 'museum-twin[train]'")

from inference.training.generated import ARTIFACTS_A_WORKSHOP, artifact, workshop
from inference.training.rendered import generated_views, views


def test_a_number_is_the_same_artifact_every_time_and_no_other_has_its_decoration() -> None:
    first, again, next_one = artifact(50), artifact(50), artifact(51)
    assert np.array_equal(first.meshes[0].positions, again.meshes[0].positions)
    textures = [scan.meshes[0].material.base_color_texture for scan in (first, again, next_one)]
    pixels = [texture.pixels for texture in textures if texture is not None]
    assert np.array_equal(pixels[0], pixels[1])
    assert not np.array_equal(pixels[0], pixels[2])


@pytest.mark.parametrize("number", range(0, 8 * ARTIFACTS_A_WORKSHOP, ARTIFACTS_A_WORKSHOP))
def test_artifacts_of_every_workshop_are_sound(number: int) -> None:
    scan = artifact(number)
    assert workshop(number // ARTIFACTS_A_WORKSHOP).kind in ("vessel", "plaque", "figure")
    low, high = scan.bounds
    assert 0.04 < (high - low).max() < 1.2
    assert all(np.isfinite(mesh.positions).all() for mesh in scan.meshes)


def test_views_differ_and_show_the_artifact(tmp_path: Path) -> None:
    seen = list(views(artifact(50), 3, 48, np.random.default_rng(0)))
    assert [picture.shape for picture in seen] == [(48, 48, 3)] * 3
    assert not np.array_equal(seen[0], seen[1])
    shots = generated_views(tmp_path, artifacts=2, count=2, size=48)
    before = [shot.path.stat().st_mtime_ns for shot in shots]
    assert generated_views(tmp_path, artifacts=2, count=2, size=48) == shots
    assert [shot.path.stat().st_mtime_ns for shot in shots] == before
    assert {shot.institution for shot in shots} == {"workshop-000"}
