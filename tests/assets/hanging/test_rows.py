"""A hang by rule: whatever comes, everything has a place that nothing is wrong with."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.hanging.checks import problems
from assets.hanging.poses import posed, usual_support
from assets.hanging.rows import BETWEEN, SMALLEST, hung
from assets.hanging.work import HungGallery, Work
from assets.sample.galleries import Gallery, Wall

SIDE = st.floats(0.02, 3.0)


def work(number: int, size: tuple[float, float, float], *, is_flat: bool) -> Work:
    w, h, d = size
    return Work(f"m:{number}", (str(number),), is_flat, (-w / 2, 0.0, -d / 2), (w / 2, h, d / 2), "record")


@st.composite
def collections(draw: st.DrawFn) -> list[Work]:
    pictures = draw(st.lists(st.tuples(SIDE, SIDE, st.floats(0.01, 0.2)), max_size=12))
    things = draw(st.lists(st.tuples(SIDE, SIDE, SIDE), max_size=14))
    flat = [work(n, size, is_flat=True) for n, size in enumerate(pictures)]
    return flat + [work(100 + n, size, is_flat=False) for n, size in enumerate(things)]


def gallery_of(works: list[Work], doors: tuple[Wall, ...]) -> HungGallery:
    found = hung(works, doors)
    width, height, depth = found.size
    room = Gallery(
        "hall",
        width,
        depth,
        height,
        "#888888",
        tuple((d, 0.0) for d in doors),
        (),
        (),
        ((0, 0, 0), (0, 0, 0)),
    )
    placements = tuple(posed(one, found.spots[one.artifact]) for one in works)
    return HungGallery(room, {}, placements, {one.artifact: one for one in works})


@given(works=collections(), leads_on=st.booleans())
@settings(max_examples=60)
def test_every_collection_finds_places_without_a_fault(works: list[Work], leads_on: bool) -> None:
    doors: tuple[Wall, ...] = ("front", "back") if leads_on else ("front",)
    assert [str(problem) for problem in problems(gallery_of(works, doors)) if problem.stops] == []


@given(works=collections())
@settings(max_examples=40)
def test_a_wheelchair_passes_everywhere(works: list[Work]) -> None:
    assert [p for p in problems(gallery_of(works, ("front", "back"))) if "wheelchair" in p.told] == []


def test_nothing_needs_no_more_than_the_smallest_room() -> None:
    assert hung([], ("front",)).size == SMALLEST


def test_pictures_go_around_the_room_from_the_left_wall_with_space_between_them() -> None:
    pictures = [work(n, (1.0, 1.0, 0.04), is_flat=True) for n in range(9)]
    found = hung(pictures, ("front",))
    facing = [found.spots[one.artifact].facing for one in pictures]
    assert facing == sorted(facing, key=[90.0, 0.0, -90.0].index)
    assert set(facing) == {90.0, 0.0, -90.0}
    for one, other in itertools.pairwise(pictures):
        a, b = found.spots[one.artifact], found.spots[other.artifact]
        if a.facing == b.facing:
            assert abs(a.x - b.x) + abs(a.z - b.z) >= 1.0 + BETWEEN


def test_every_second_row_stands_before_the_gaps_of_the_first() -> None:
    things = [work(n, (0.5, 1.0, 0.5), is_flat=False) for n in range(12)]
    rows: dict[float, list[float]] = {}
    for spot in hung(things, ("front",)).spots.values():
        rows.setdefault(spot.z, []).append(spot.x)
    first, second = [xs for _, xs in sorted(rows.items(), reverse=True)][:2]
    assert set(first).isdisjoint(second)
    assert len(first) > len(second)


@pytest.mark.parametrize(
    ("is_flat", "side", "support"), [(True, 1, "wall"), (False, 1, "plinth"), (False, 0.2, "case")]
)
def test_pictures_hang_things_stand_and_small_ones_go_under_glass(
    is_flat: bool, side: float, support: str
) -> None:
    assert usual_support(work(1, (side, side, 0.1), is_flat=is_flat)) == support


def test_in_a_room_of_a_stated_size_what_does_not_fit_has_no_spot() -> None:
    things = [work(n, (2.0, 1.0, 2.0), is_flat=False) for n in range(30)]
    found = hung(things, ("front",), (10.0, 4.0, 10.0))
    assert found.size == (10.0, 4.0, 10.0)
    assert 0 < len(found.spots) < 30
