"""Frames, exchanged columns and columns without a unit."""

import gzip
import json
from pathlib import Path

import pytest

from assets.catalog.normalize.dimension_checks import check_frames, infer_unit, swapped, unit_by_text
from assets.catalog.normalize.dimensions import read_dimensions


def test_frame_smaller_than_its_image_is_doubted() -> None:
    read = read_dimensions(
        "image: 10 × 8 in. (25.4 × 20.3 cm)\nframe: 1 1/4 × 13 1/4 in. (3.2 × 33.7 cm)"
    ).values
    (reason,) = check_frames(read)
    assert reason == "the frame (0.032 × 0.337 m) does not hold the image (0.254 × 0.203 m)"


def test_frame_turned_against_its_picture_is_told_apart_from_a_small_one() -> None:
    (reason,) = check_frames(read_dimensions("support: 2172 x 2756 mm\nframe: 3167 x 2600 x 155 mm").values)
    assert reason.endswith("it would with height and width exchanged")


@pytest.mark.parametrize(
    "text",
    ["image: 10 × 8 in.\nframe: 13 × 11 in.", "support: 100 x 100 mm\nframe: 99 x 99 mm", "10 x 8 in."],
)
def test_frames_that_hold_their_picture_are_not_doubted(text: str) -> None:
    assert check_frames(read_dimensions(text).values) == []


def test_columns_that_hold_each_others_value_are_swapped() -> None:
    read = read_dimensions("support: 343 x 467 mm").values
    assert swapped(467, 343, read)
    assert swapped(0.467, 0.343, read)
    assert not swapped(343, 467, read)
    assert not swapped(467, 300, read)


def test_squares_and_texts_without_both_sides_say_nothing_about_swapping() -> None:
    assert not swapped(10, 10, read_dimensions("10 x 10 cm").values)
    assert not swapped(10, 12, read_dimensions("Diam. 12 cm").values)


def test_a_column_that_agrees_with_any_part_is_not_swapped() -> None:
    read = read_dimensions("image: 20 x 30 cm\nframe: 30 x 20 cm").values
    assert not swapped(20, 30, read)


def test_sixteenths_show_inches_and_tenths_centimeters() -> None:
    assert infer_unit([n + eighth / 8 for n in range(10) for eighth in (1, 3, 5, 7)]).unit == "in"
    assert infer_unit([n + 0.1 * tenth for n in range(10) for tenth in (1, 2, 3, 7, 9)]).unit == "cm"
    assert infer_unit([150.0 + n for n in range(40)]).unit == "mm"


def test_too_few_or_undecided_fractions_show_no_unit() -> None:
    assert infer_unit([1.125, 2.5, 0.0]).unit is None
    assert infer_unit([5.5] * 100).unit is None
    assert infer_unit([n + 0.1 for n in range(30)] + [n + 0.125 for n in range(30)]).unit is None
    assert infer_unit([]).count == 0


def test_unit_of_a_column_is_shown_by_the_texts_beside_it() -> None:
    pairs = [(float(n), read_dimensions(f"{n * 2.54:.2f} x 999 cm").values) for n in range(1, 40)]
    assert unit_by_text(pairs).unit == "in"
    assert unit_by_text(pairs[:3]).unit is None
    assert unit_by_text([]).share == 0.0


@pytest.mark.data
def test_the_carnegie_columns_show_that_they_are_inches(shared_data: Path) -> None:
    with gzip.open(shared_data / "catalogue/cmoa/cmoa_objects.ndjson.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for column in ("item_width", "item_height", "item_depth", "item_diameter"):
        evidence = infer_unit(row[column] or 0.0 for row in rows)
        assert (evidence.unit, evidence.share > 0.9) == ("in", True), column


@pytest.mark.data
def test_the_tate_columns_are_found_swapped_where_the_text_can_tell(shared_data: Path) -> None:
    found = checkable = 0
    with gzip.open(shared_data / "catalogue/tate/tate_objects.ndjson.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            try:
                height, width = float(row["height"]), float(row["width"])
            except (TypeError, ValueError):
                continue
            checkable += height != width
            found += swapped(height, width, read_dimensions(row["dimensions"]).values)
    assert found / checkable > 0.95
