"""Pictures of shapes whose silhouette, depth and color are known beforehand."""

import importlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assets.pipeline.rendering.camera import Camera, Lens, framed, orbit
from assets.pipeline.rendering.light import STUDIOS, Lamp, Light, Surroundings, drawn, studio
from assets.pipeline.rendering.render import Gradient, Quality, Renderer, RendererMissing, View
from assets.pipeline.scan import Material, Mesh, Scan, Texture
from tests.assets.pipeline.shapes import ball, box, panel, picture, together

# Whoever draws first compiles the renderer, which takes longer than all that is drawn here.
pytestmark = pytest.mark.xdist_group("renderer")

LENS = Lens.of_field(35.0, 200, 160)
BLACK = (0, 0, 0)
PLAIN = Quality(samples=4, openness=False)
EVEN = Light(Surroundings.painted((1, 1, 1), (1, 1, 1), (1, 1, 1)))
"""The same light from everywhere: a matt surface shows its own color."""


def taken(scan: Scan, camera: Camera, quality: Quality = PLAIN, light: Light = EVEN) -> View:
    with Renderer(scan, quality) as renderer:
        return renderer.view(camera, BLACK, light)


def rays(camera: Camera) -> NDArray[np.float64]:
    """(h, w, 3) directions through the pixel centers, each with 1 metre along the optical axis."""
    lens = camera.lens
    x, y = np.meshgrid(np.arange(lens.width) + 0.5, np.arange(lens.height) + 0.5)
    pixels = np.stack([x, y], axis=-1).reshape(-1, 2)
    points = camera.unproject(pixels, np.ones(len(pixels))) - camera.position
    return points.reshape(lens.height, lens.width, 3)


def grown(mask: NDArray[np.bool_], pixels: int = 1) -> NDArray[np.bool_]:
    wide = np.pad(mask, pixels)
    height, width = mask.shape
    shifted = [
        wide[j : j + height, i : i + width] for j in range(2 * pixels + 1) for i in range(2 * pixels + 1)
    ]
    return np.asarray(np.any(shifted, axis=0))


def seen_ball(camera: Camera, radius: float) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Silhouette and depth of a sphere around the origin, solved for every pixel's ray."""
    along = rays(camera)
    a, b = (along**2).sum(-1), 2 * along @ camera.position
    under = b**2 - 4 * a * (camera.position @ camera.position - radius**2)
    return under >= 0, np.where(under >= 0, (-b - np.sqrt(np.maximum(under, 0))) / (2 * a), 0.0)


def seen_box(
    camera: Camera, size: tuple[float, float, float]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Silhouette and depth of a box around the origin, by slabs."""
    along = rays(camera)
    one = (-np.asarray(size) / 2 - camera.position) / along
    two = (np.asarray(size) / 2 - camera.position) / along
    enter, leave = np.minimum(one, two).max(-1), np.maximum(one, two).min(-1)
    return enter <= leave, np.where(enter <= leave, enter, 0.0)


CAMERAS = [orbit(LENS, (0, 0, 0), 1.3, 0, 0), orbit(LENS, (0.05, 0.02, 0), 1.1, 35, 25).rolled(20)]


@pytest.mark.parametrize("camera", CAMERAS, ids=["front", "oblique"])
def test_a_ball_has_the_silhouette_and_depth_of_a_sphere(camera: Camera) -> None:
    view = taken(ball(0.2, bands=256), camera)
    silhouette, depth = seen_ball(camera, 0.2)
    assert not (view.mask & ~grown(silhouette)).any()
    assert not (~grown(view.mask) & silhouette).any()
    assert np.mean(view.mask != silhouette) < 0.002
    inside = ~grown(~silhouette, 3)
    assert np.abs(view.depth - depth)[inside].max() < 0.0002


@pytest.mark.parametrize("camera", CAMERAS, ids=["front", "oblique"])
def test_a_box_has_the_silhouette_and_depth_of_a_box_to_the_last_digit(camera: Camera) -> None:
    size = (0.3, 0.2, 0.25)
    view = taken(box(size), camera)
    silhouette, depth = seen_box(camera, size)
    assert np.array_equal(view.mask, silhouette)
    assert view.depth == pytest.approx(depth, abs=1e-6)


def test_pixels_with_depth_unproject_onto_the_mesh() -> None:
    scan, camera = ball(0.2, bands=40), CAMERAS[1]
    view = taken(scan, camera)
    rows, columns = np.nonzero(view.mask)
    chosen = slice(None, None, 29)
    pixels = np.column_stack([columns + 0.5, rows + 0.5])[chosen]
    points = camera.unproject(pixels, view.depth[view.mask][chosen])
    mesh = trimesh.Trimesh(scan.meshes[0].positions, scan.meshes[0].triangles, process=False)
    closest: Any = trimesh.proximity.closest_point_naive
    _, distances, _ = closest(mesh, points)
    assert len(points) > 200
    assert distances.max() < 1e-6


def test_depth_and_mask_agree_and_say_nothing_outside() -> None:
    view = taken(ball(0.2), CAMERAS[0])
    assert np.array_equal(view.mask, view.depth > 0)
    assert view.depth.dtype == np.float32
    assert (view.rgb[view.coverage == 0] == 0).all()
    assert (view.coverage[~grown(view.mask)] == 0).all()
    assert (view.coverage[~grown(~view.mask)] == 1).all()


def test_neighbors_share_their_edge_without_gaps_or_doubles() -> None:
    """A see-through ball covers every pixel by exactly two layers: front and back."""
    glass = Material("glass", base_color=(1, 1, 1, 0.25))
    view = taken(ball(0.2, bands=60, material=glass), CAMERAS[1], Quality(samples=1, openness=False))
    silhouette, _ = seen_ball(CAMERAS[1], 0.2)
    assert view.coverage[~grown(~silhouette, 2)] == pytest.approx(1 - 0.75**2, abs=1e-5)


def test_an_edge_that_runs_through_pixel_centers_belongs_to_one_side() -> None:
    """The panel's diagonal meets the centers of a diagonal of pixels exactly."""
    camera = orbit(Lens(64, 64, 64.0, 64.0, 32.0, 32.0), (0, 0, 0), 1.0)
    view = taken(panel(Material("plain")), camera, Quality(samples=1, openness=False))
    assert view.mask.all()


def test_a_camera_inside_a_box_sees_its_walls() -> None:
    camera = orbit(Lens.of_field(90.0, 64, 64), (0.0, 0.0, 0.0), 0.01)
    view = taken(box((2.0, 2.0, 2.0)), camera)
    assert view.mask.all()
    assert view.depth.max() == pytest.approx(1.01, abs=1e-6)


FOUR = (((255, 0, 0), (0, 255, 0)), ((0, 0, 255), (255, 255, 0)))
"""Red, green; blue, yellow: as one reads."""


def dominant(rgb: NDArray[np.uint8], row: float, column: float) -> tuple[bool, ...]:
    pixel = rgb[int(row * rgb.shape[0]), int(column * rgb.shape[1])]
    return tuple(bool(channel) for channel in pixel > 100)


def test_a_texture_lands_the_right_way_up_and_not_mirrored() -> None:
    scan = panel(Material("paint", base_color_texture=picture(*FOUR)))
    rgb = taken(scan, framed(LENS, scan.meshes[0].positions)).rgb
    assert dominant(rgb, 0.25, 0.4) == (True, False, False)
    assert dominant(rgb, 0.25, 0.6) == (False, True, False)
    assert dominant(rgb, 0.75, 0.4) == (False, False, True)
    assert dominant(rgb, 0.75, 0.6) == (True, True, False)


def test_from_behind_a_texture_is_mirrored() -> None:
    scan = panel(Material("paint", base_color_texture=picture(*FOUR)))
    rgb = taken(scan, framed(LENS, scan.meshes[0].positions, azimuth=180)).rgb
    assert dominant(rgb, 0.25, 0.4) == (False, True, False)
    assert dominant(rgb, 0.75, 0.6) == (False, False, True)


def test_base_colors_come_out_as_they_went_in_under_even_light() -> None:
    wanted = (150, 90, 60)
    scan = panel(Material("paint", base_color_texture=picture((wanted,))))
    rgb = taken(scan, framed(LENS, scan.meshes[0].positions)).rgb
    assert rgb[80, 100].astype(int) == pytest.approx(np.array(wanted), abs=6)


def test_vertex_colors_are_mixed_across_a_triangle_in_linear_light() -> None:
    colors = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 255, 0, 255], [255, 0, 0, 255]]
    scan = panel(Material("plain"), colors=colors)
    rgb = taken(scan, framed(LENS, scan.meshes[0].positions)).rgb
    width = np.flatnonzero(rgb[80].any(axis=1))
    for column in (width[0] + 10, 100, width[-1] - 10):
        share = (column + 0.5 - width[0]) / len(width)
        assert rgb[80, column, :2].astype(int) == pytest.approx(
            [developed(1 - share), developed(share)], abs=9
        )


def developed(value: float) -> float:
    """Light as an sRGB channel: what is brighter than 0.6 rolls off, then IEC 61966-2-1."""
    shown = value if value < 0.6 else 1 - 0.16 / (value - 0.2)
    return 255 * (1.055 * float(shown ** (1 / 2.4)) - 0.055)


def test_a_see_through_texel_shows_what_is_behind() -> None:
    hole = np.full((32, 32, 4), 255, dtype=np.uint8)
    hole[:, :16, 3] = 0
    front = panel(Material("net", base_color_texture=Texture(hole)), z=0.1)
    back = panel(Material("red", base_color=(1.0, 0.0, 0.0, 1.0)), width=3, height=3)
    camera = orbit(LENS, (0, 0, 0), 1.5)
    view = taken(together(front, back), camera)
    through, before = view.rgb[80, 70], view.rgb[80, 130]
    assert through[0] > 150 > 60 > through[1]
    assert before.min() > 200
    assert view.depth[80, 70] == pytest.approx(1.5, abs=1e-5)
    assert view.depth[80, 130] == pytest.approx(1.4, abs=1e-5)


def test_glass_tints_and_counts_as_looked_through() -> None:
    glass = panel(Material("glass", base_color=(0.0, 0.0, 1.0, 0.4)), z=0.2)
    back = panel(Material("white"), width=3, height=3)
    view = taken(together(glass, back), orbit(LENS, (0, 0, 0), 1.5))
    assert view.depth[80, 100] == pytest.approx(1.5, abs=1e-5)
    assert view.rgb[80, 100, 2] > int(view.rgb[80, 100, 0]) + 20
    assert view.coverage.max() <= 1.0


def test_a_normal_map_leans_the_surface_to_its_red_and_up_by_its_green() -> None:
    right, up = Lamp(90, 5, (3, 3, 3)), Lamp(0, 89, (3, 3, 3))
    dark = Surroundings.painted((0, 0, 0), (0, 0, 0), (0, 0, 0))
    for lamp, leaning, upright in (
        (right, (218, 128, 218), (38, 128, 218)),
        (up, (128, 218, 218), (128, 38, 218)),
    ):
        bright = [
            taken(
                panel(Material("bump", normal_texture=picture((texel,)))),
                orbit(LENS, (0, 0, 0), 2.0),
                light=Light(dark, (lamp,), shadows=False),
            ).rgb[80, 100, 0]
            for texel in (leaning, upright)
        ]
        assert bright[0] > 100
        assert bright[1] == 0


def test_smooth_metal_mirrors_and_matt_stone_does_not() -> None:
    camera = orbit(LENS, (0, 0, 0), 1.3)
    lamp = Light(Surroundings.painted((0, 0, 0), (0, 0, 0), (0, 0, 0)), (Lamp(0, 0, (3, 3, 3)),))
    metal = taken(ball(0.2, material=Material("m", metallic=1.0, roughness=0.2)), camera, light=lamp).rgb
    stone = taken(ball(0.2, material=Material("s", roughness=1.0)), camera, light=lamp).rgb
    assert metal[80, 100].min() > 200
    assert metal[80, 130].max() < 40
    assert stone[80, 130].min() > 150


def test_lamps_cast_shadows() -> None:
    roof = replace(panel(Material("white"), 0.4, 0.4).meshes[0])
    turned = replace(roof, positions=roof.positions[:, [0, 2, 1]] + np.array([0, 0.3, 0.2], dtype=np.float32))
    wall = panel(Material("white"), 2, 2)
    above = Light(Surroundings.painted((0.1,) * 3, (0.1,) * 3, (0.1,) * 3), (Lamp(0, 45, (3, 3, 3)),))
    scan, camera = together(Scan("roof", (turned,)), wall), orbit(LENS, (0, 0, 0), 3.0, 60, 5)
    lit = taken(scan, camera, light=replace(above, shadows=False)).rgb.astype(int)
    shadowed = taken(scan, camera, light=above).rgb.astype(int)
    darker = (lit - shadowed)[..., 0] > 50
    assert 0.005 < darker.mean() < 0.2
    assert (lit - shadowed).min() >= -2


def test_hollows_are_darker_and_bulges_are_not() -> None:
    inside = box((1.0, 1.0, 1.0))
    open_box = Scan("box", (replace(inside.meshes[0], triangles=inside.meshes[0].triangles[:-2]),))
    camera = orbit(LENS, (0, 0, 0), 3.0, 0, 25)
    view = taken(open_box, camera, Quality(openness=True))
    plain = taken(open_box, camera, PLAIN)
    darker = plain.rgb.astype(int) - view.rgb
    assert darker.max() > 12
    assert darker.min() >= -2
    outside = view.rgb[int(0.75 * 160), 100]
    assert outside.min() > view.rgb[view.mask].min() + 12
    solid = taken(ball(0.3), camera, Quality(openness=True)).rgb[80, 100]
    assert solid.min() >= taken(ball(0.3), camera, PLAIN).rgb[80, 100].min() - 8


def test_two_renderings_are_equal_byte_for_byte() -> None:
    scan = ball(0.2, material=Material("paint", base_color_texture=picture(*FOUR), roughness=0.4))
    first, second = (taken(scan, CAMERAS[1], Quality(), light) for light in (studio(), studio()))
    with Renderer(scan) as renderer:
        renderer.view(CAMERAS[0], BLACK, drawn(np.random.default_rng(3)))
        third = renderer.view(CAMERAS[1], BLACK, studio())
    for other in (second, third):
        for name in ("rgb", "depth", "mask", "coverage"):
            assert getattr(first, name).tobytes() == getattr(other, name).tobytes()


@pytest.mark.parametrize("name", STUDIOS)
def test_every_named_studio_shows_a_white_ball_bright_and_not_burnt(name: str) -> None:
    view = taken(ball(0.2), CAMERAS[0], light=STUDIOS[name]())
    shown = view.rgb[view.mask]
    assert 100 < shown.mean() < 245
    assert np.mean(shown.min(axis=1) >= 254) < 0.05


def test_lights_drawn_by_chance_differ_and_repeat_with_their_seed() -> None:
    pictures = [
        taken(ball(0.2), CAMERAS[0], light=drawn(np.random.default_rng(seed))).rgb.tobytes()
        for seed in (1, 2, 1)
    ]
    assert pictures[0] == pictures[2] != pictures[1]


def test_a_turned_light_moves_its_bright_side() -> None:
    side = Light(Surroundings.painted((0.1,) * 3, (0.1,) * 3, (0.1,) * 3), (Lamp(-90, 0, (2, 2, 2)),))
    left, right = (taken(ball(0.2), CAMERAS[0], light=light).rgb for light in (side, side.turned(180)))
    assert int(left[80, 70, 0]) > int(left[80, 130, 0]) + 30
    assert int(right[80, 130, 0]) > int(right[80, 70, 0]) + 30


def test_a_panorama_s_middle_is_the_front_and_its_right_half_lies_toward_minus_x() -> None:
    panorama = np.zeros((64, 128, 3))
    panorama[24:40, 90:102] = 40.0
    mirror = ball(0.2, material=Material("chrome", metallic=1.0, roughness=0.1))
    rgb = taken(mirror, CAMERAS[0], light=Light(Surroundings.of_panorama(panorama))).rgb
    rows, columns = np.nonzero(rgb[..., 0] > 200)
    assert rows.mean() == pytest.approx(80, abs=4)
    assert 40 < columns.mean() < 90


BACKGROUNDS = [
    (10, 200, 30),
    Gradient((0, 0, 0), (255, 255, 255)),
    np.full((160, 200, 3), 77, dtype=np.uint8),
]


@pytest.mark.parametrize("background", BACKGROUNDS, ids=["color", "gradient", "picture"])
def test_a_background_is_left_as_it_is_where_no_scan_is(background: Any) -> None:
    with Renderer(ball(0.1), PLAIN) as renderer:
        view = renderer.view(CAMERAS[0], background)
    outside = view.rgb[view.coverage == 0]
    if isinstance(background, Gradient):
        assert view.rgb[0, 0, 0] < 3
        assert view.rgb[-1, 0, 0] > 252
    else:
        assert (outside == np.asarray(background).reshape(-1, 3)[0]).all()


def test_a_background_of_another_size_is_refused() -> None:
    with Renderer(ball(0.1), PLAIN) as renderer, pytest.raises(ValueError, match="resize the picture"):
        renderer.view(CAMERAS[0], np.zeros((4, 4, 3), dtype=np.uint8))


def test_a_scan_without_triangles_and_one_with_wild_indices_are_refused() -> None:
    mesh = ball(0.1).meshes[0]
    with pytest.raises(ValueError, match="no triangles"):
        Renderer(Scan("empty", (replace(mesh, triangles=mesh.triangles[:0]),)))
    with pytest.raises(ValueError, match="not there"):
        Renderer(Scan("wild", (replace(mesh, triangles=mesh.triangles + np.uint32(10**6)),)))
    with pytest.raises(ValueError, match="no finite place"):
        Renderer(Scan("nowhere", (replace(mesh, positions=mesh.positions * np.float32("nan")),)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(-90.0, 90.0), st.floats(0.0, 2.0))
def test_a_soup_of_damaged_triangles_around_and_behind_the_camera_is_drawn_as_rays_meet_it(
    seed: int, elevation: float, distance: float
) -> None:
    generator = np.random.default_rng(seed)
    mesh = Mesh(
        "soup",
        generator.normal(size=(24, 3)).astype(np.float32),
        generator.choice([0.0, 1.0, np.nan], size=(24, 3)).astype(np.float32),
        generator.choice([0.0, -7.5, np.inf, np.nan], size=(24, 2)).astype(np.float32),
        generator.integers(0, 24, size=(30, 3), dtype=np.uint32),
        Material("paint", base_color_texture=picture(*FOUR), normal_texture=picture(*FOUR)),
    )
    camera = orbit(Lens.of_field(60.0, 24, 20), (0, 0, 0), distance, seed % 360, elevation)
    view = taken(Scan("soup", (mesh,)), camera)
    expected = nearest_along_rays(camera, mesh.positions[mesh.triangles].astype(np.float64))
    assert np.mean(view.mask != np.isfinite(expected)) < 0.01
    both = view.mask & np.isfinite(expected)
    assert np.mean(np.abs(view.depth - np.where(both, expected, 0))[both] > 1e-4) < 0.01


def nearest_along_rays(camera: Camera, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """(h, w) depth of the nearest triangle (m, 3, 3), infinite where there is none (Möller and Trumbore)."""
    along = rays(camera)[:, :, None]
    ab, ac = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    p = np.cross(along, ac)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = 1.0 / (ab * p).sum(-1)
        offset = camera.position - corners[:, 0]
        u, q = (offset * p).sum(-1) * inverse, np.cross(offset, ab)
        v, depth = (along * q).sum(-1) * inverse, (ac * q).sum(-1) * inverse
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (depth > 0) & np.isfinite(depth)
    return np.asarray(np.where(hit, depth, np.inf).min(axis=-1))


def test_without_numba_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(RendererMissing, match=r"museum-twin\[studio\]"):
        Renderer(ball(0.1))
