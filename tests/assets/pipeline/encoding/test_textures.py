"""Textures made smaller keep what they mean."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.pipeline.encoding.textures import Role, new_size, resized, texture_limit, with_textures_resized
from assets.pipeline.geometry.simplify import Usage
from assets.pipeline.scan import Pixels, Scan, Texture
from tests.assets.pipeline.solids import checker, square, two_materials


def waves(size: int) -> Pixels:
    """A normal map of steep waves, each pixel of unit length."""
    slope = np.sin(np.arange(size) * 0.9)[None, :].repeat(size, 0)
    normal = np.stack([slope, np.zeros_like(slope), np.ones_like(slope)], axis=2)
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    return np.rint((normal + 1) * 127.5).astype(np.uint8)


def test_normals_are_of_unit_length_after_averaging() -> None:
    small = resized(waves(256), (64, 32), Role.NORMAL)
    assert small.shape == (32, 64, 3)
    assert np.linalg.norm(small / 127.5 - 1.0, axis=2) == pytest.approx(1.0, abs=0.012)


def test_colors_are_averaged_as_light() -> None:
    black_and_white = np.zeros((64, 64, 3), dtype=np.uint8)
    black_and_white[::2, ::2] = black_and_white[1::2, 1::2] = 255
    # Half of the light is sRGB 188, not 128 (IEC 61966-2-1).
    assert (resized(black_and_white, (8, 8), Role.COLOR) == 188).all()
    assert (resized(black_and_white, (8, 8), Role.PLAIN) == 128).all()


def test_hidden_colors_do_not_bleed_through_transparency() -> None:
    pixels = np.zeros((4, 4, 4), dtype=np.uint8)
    pixels[:, ::2] = (0, 255, 0, 0)
    pixels[:, 1::2] = (200, 0, 0, 255)
    small = resized(pixels, (2, 2), Role.COLOR)
    assert (np.abs(small.astype(int) - (200, 0, 0, 128)) <= 1).all()


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(4, 4096), st.booleans())
def test_sides_stay_within_the_limit_and_are_never_enlarged(w: int, h: int, limit: int, power: bool) -> None:
    width, height = new_size(w, h, limit, power_of_two=power)
    assert 1 <= width <= max(4, min(w, limit)) and 1 <= height <= max(4, min(h, limit))
    if power:
        assert width & (width - 1) == height & (height - 1) == 0
        assert min(width, height) >= 4
    elif min(w, h) * min(1.0, limit / max(w, h)) >= 8:
        assert width / height == pytest.approx(w / h, rel=0.15)


def test_a_scan_keeps_textures_that_are_small_enough() -> None:
    scan = square()
    same = with_textures_resized(scan, 64)
    assert same.meshes[0].material.base_color_texture is scan.meshes[0].material.base_color_texture
    smaller = with_textures_resized(scan, 16).meshes[0].material.base_color_texture
    assert smaller is not None
    assert smaller.pixels.shape == (16, 16, 3)


def test_meshes_that_share_a_material_still_share_it() -> None:
    scan = two_materials(8)
    shared = replace(
        scan.meshes[0].material, normal_texture=Texture(waves(128)), surface_texture=Texture(checker())
    )
    both = Scan("both", tuple(replace(mesh, material=shared) for mesh in scan.meshes))
    one, other = (mesh.material for mesh in with_textures_resized(both, 32).meshes)
    assert one is other
    assert one.normal_texture is not None
    assert one.normal_texture.pixels.shape == (32, 32, 3)


@pytest.mark.parametrize("usage", Usage)
def test_far_levels_get_smaller_textures(usage: Usage) -> None:
    limits = [texture_limit(usage, level) for level in range(6)]
    assert limits == sorted(limits, reverse=True)
    assert limits[-1] == 256
