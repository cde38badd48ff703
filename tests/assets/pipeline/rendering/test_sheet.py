"""The page that shows a scan: at scale, complete, and readable in every script."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from assets.pipeline.rendering import typeface as letters
from assets.pipeline.rendering.sheet import (
    HEIGHT,
    INK,
    PAPER,
    WIDTH,
    bar_length,
    in_plaster,
    inspection_sheet,
    png,
    spelled,
    thumbnail,
)
from assets.pipeline.rendering.typeface import typeface
from assets.pipeline.scan import Scan
from tests.assets.pipeline.shapes import ball, box

# Whoever draws first compiles the renderer, which takes longer than all that is drawn here.
pytestmark = pytest.mark.xdist_group("renderer")

FACTS = ["  triangles    12 in 1 meshes", "  size         " + "300.0 x 200.0 x 100.0 mm and so on " * 6]


def red(scan: Scan) -> Scan:
    painted = [
        replace(mesh, colors=np.tile(np.array([220, 20, 20, 255], dtype=np.uint8), (len(mesh.positions), 1)))
        for mesh in scan.meshes
    ]
    return replace(scan, meshes=tuple(painted))


@pytest.fixture(scope="module")
def page() -> NDArray[np.int64]:
    """The sheet of a red box of 30 x 20 x 10 cm."""
    return np.asarray(inspection_sheet(red(box((0.3, 0.2, 0.1))), FACTS), dtype=np.int64)


def boxes_in(page: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Width and height, in pixels, of the red areas in the right half, from top to bottom, left to right."""
    is_red = np.asarray((page[..., 0] - page[..., 1] > 40) & (np.arange(WIDTH) > WIDTH // 2))
    rows = runs(np.asarray(is_red.any(axis=1)))
    return [
        (right - left, bottom - top)
        for top, bottom in rows
        for left, right in runs(np.asarray(is_red[top:bottom].any(axis=0)))
    ]


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and past-last place of each stretch that is set."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def bar_in(page: NDArray[np.int64]) -> int:
    """Pixels along the scale bar: the longest line of ink in the right half."""
    ink = (page[:1100, WIDTH // 2 :] == INK).all(axis=-1)
    return max(right - left for row in ink for left, right in runs(row))


def test_top_front_and_side_are_drawn_at_the_scale_of_the_bar(page: NDArray[np.int64]) -> None:
    (top_w, top_h), (front_w, front_h), (side_w, side_h) = boxes_in(page)
    length, _ = bar_length(0.1)
    pixels_a_metre = front_w / 0.3
    assert (front_w, front_h) == pytest.approx((0.3 * pixels_a_metre, 0.2 * pixels_a_metre), abs=4)
    assert (top_w, top_h) == pytest.approx((0.3 * pixels_a_metre, 0.1 * pixels_a_metre), abs=4)
    assert (side_w, side_h) == pytest.approx((0.1 * pixels_a_metre, 0.2 * pixels_a_metre), abs=4)
    assert bar_in(page) == pytest.approx(length * pixels_a_metre, abs=4)


def test_the_page_keeps_its_margins(page: NDArray[np.int64]) -> None:
    assert page.shape == (HEIGHT, WIDTH, 3)
    for edge in (page[:60], page[-30:], page[:, :70], page[:, -70:]):
        assert (edge == PAPER).all()


def test_facts_stand_under_the_pictures_and_long_ones_go_on_in_the_next_line(page: NDArray[np.int64]) -> None:
    ink = (np.abs(page[1190:] - np.array(INK)).sum(axis=-1) < 30).any(axis=1)
    assert len(runs(ink)) >= 4


@pytest.mark.parametrize(
    ("longest", "length", "name"),
    [(0.34, 0.2, "20 cm"), (0.05, 0.05, "5 cm"), (0.0043, 0.002, "2 mm"), (7.0, 5.0, "5 m"),
     (2100.0, 2000.0, "2 km"), (0.00034, 0.0002, "0.2 mm"), (1.0, 1.0, "1 m")],
)  # fmt: skip
def test_a_bar_is_one_two_or_five(longest: float, length: float, name: str) -> None:
    metres, written = bar_length(longest)
    assert metres == pytest.approx(length)
    assert written == name


def test_measures_are_spelled_in_one_fitting_unit() -> None:
    assert spelled([0.265, 0.6647, 0.1214]) == "26.5 × 66.5 × 12.1 cm"
    assert spelled([0.002, 0.0031, 0.0007]) == "2.00 × 3.10 × 0.70 mm"
    assert spelled([12.0, 3.0, 30.5]) == "12.0 × 3.0 × 30.5 m"


@pytest.mark.parametrize(
    "size", [(2.5, 2.6, 0.001), (0.03, 0.2, 0.9), (1.0, 0.002, 1.0), (0.004, 1.0, 0.004)]
)
def test_thin_long_and_flat_things_fit_on_the_page(size: tuple[float, float, float]) -> None:
    page = np.asarray(inspection_sheet(red(box(size)))).astype(np.int64)
    assert (page[:, -70:] == PAPER).all()
    largest = max(max(each) for each in boxes_in(page))
    assert 400 < largest < 950


def test_a_thumbnail_is_square_shows_the_scan_and_fades_into_the_paper() -> None:
    picture = np.asarray(thumbnail(red(ball(0.2, bands=24)), 128))
    assert picture.shape == (128, 128, 3)
    assert picture[64, 64, 0] > 100 > picture[64, 64, 1]
    assert np.abs(picture[0].astype(int) - PAPER).max() <= 2


def test_a_scan_without_color_is_shown_in_plaster_and_one_with_color_as_it_is() -> None:
    assert max(in_plaster(ball(0.2)).meshes[0].material.base_color[:3]) < 0.7
    painted = red(ball(0.2))
    assert in_plaster(painted).meshes[0].material == painted.meshes[0].material


def test_equal_scans_give_equal_sheets() -> None:
    first, second = (png(thumbnail(ball(0.2, bands=12), 96)) for _ in range(2))
    assert first == second
    assert Image.open(io.BytesIO(first)).format == "PNG"


def test_a_name_in_another_script_is_written_or_the_remedy_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert typeface("Ärmel Ωμέγα", 20)[1]
    monkeypatch.setattr(letters, "_system_fonts", lambda: ())
    face, found = typeface("青花大罐", 20)
    assert not found
    assert Path(str(face.path)).name == "DejaVuSans.ttf"
    sheet = inspection_sheet(replace(box((0.1, 0.1, 0.1)), name="青花大罐"))
    below = np.asarray(sheet)[168:196, 80:900]
    assert (below != PAPER).any()
