"""Where the sample museum's artifacts stand."""

import itertools

import numpy as np
import pytest

from assets.sample.collection import BUILDERS
from assets.sample.forms.surface import Array, rotation
from assets.sample.galleries import EYE_HEIGHT, GALLERIES, Exhibit, Gallery, Placement, place, quaternion
from assets.sample.rooms import obstacles, room

Box = tuple[Array, Array]

SIZES = {
    "saryk-carpet": (2.5, 2.58, 0.02),
    "waldseemueller-map": (2.48, 1.38, 0.004),
    "inka-key-tunic": (0.76, 0.85, 0.014),
    "marshall-stick-chart": (1.0, 1.28, 0.045),
}


def stance_of(exhibit: Exhibit) -> Box:
    w, h, d = SIZES.get(exhibit.slug, (0.37, 0.37, 0.37))
    return np.array([-w / 2, 0.0, -d / 2]), np.array([w / 2, h, d / 2])


def placed(gallery: Gallery) -> list[Placement]:
    return [place(exhibit, *stance_of(exhibit)) for exhibit in gallery.exhibits]


def support_box(p: Placement) -> Box:
    middle = (np.array(p.low) + p.high) / 2
    w, h, d = p.support_size
    return np.array([middle[0] - w / 2, 0.0, middle[2] - d / 2]), np.array(
        [middle[0] + w / 2, h, middle[2] + d / 2]
    )


def gap(one: Box, other: Box) -> float:
    """Free width between two boxes seen from above."""
    apart = np.maximum(one[0] - other[1], other[0] - one[1])[[0, 2]]
    return float(np.linalg.norm(np.maximum(apart, 0))) if apart.max() > 0 else float(apart.max())


def crosses(box: Box, start: Array, end: Array) -> bool:
    direction = np.where(np.abs(end - start) < 1e-12, 1e-12, end - start)
    a, b = (box[0] - start) / direction, (box[1] - start) / direction
    enter, leave = np.minimum(a, b).max(), np.maximum(a, b).min()
    return bool(enter < leave and leave > 0 and enter < 1)


def test_every_artifact_is_shown_exactly_once() -> None:
    shown = [exhibit.slug for gallery in GALLERIES for exhibit in gallery.exhibits]
    assert sorted(shown) == sorted(BUILDERS)
    assert len(shown) == len(set(shown)) == 26


@pytest.mark.parametrize("gallery", GALLERIES, ids=lambda g: g.slug)
class TestGallery:
    def test_visitors_can_pass_between_any_two_supports(self, gallery: Gallery) -> None:
        boxes = [support_box(p) for p in placed(gallery) if p.support != "wall"]
        assert min(gap(a, b) for a, b in itertools.combinations(boxes, 2)) >= 1.2

    def test_nothing_stands_in_a_wall_or_a_doorway(self, gallery: Gallery) -> None:
        half = np.array([gallery.width / 2, np.inf, gallery.depth / 2])
        for p in placed(gallery):
            assert (np.array(p.low) > -half - 1e-6).all(), p.slug
            assert (np.array(p.high) < half + 1e-6).all(), p.slug
            for wall, offset in gallery.doors:
                x, z = (offset, gallery.depth / 2) if wall == "front" else (offset, -gallery.depth / 2)
                if wall == "right":
                    x, z = gallery.width / 2, offset
                middle = (np.array(p.low) + p.high) / 2
                assert np.hypot(middle[0] - x, middle[2] - z) > 1.5, p.slug

    def test_middles_hang_at_the_height_of_standing_eyes(self, gallery: Gallery) -> None:
        for p in placed(gallery):
            middle = (p.low[1] + p.high[1]) / 2
            assert 1.1 <= middle <= 1.6, p.slug

    def test_each_exhibit_is_seen_from_somewhere_on_the_walk_without_anything_between(
        self, gallery: Gallery
    ) -> None:
        everything = placed(gallery)
        walk = [
            np.array([x, EYE_HEIGHT, z])
            for x in (-1.4, 0.0, 1.4)
            for z in np.linspace(gallery.depth / 2 - 0.3, -gallery.depth / 2 + 2.2, 8)
        ]
        walls = obstacles(gallery)
        for p in everything:
            target = (np.array(p.low) + p.high) / 2
            others = [support_box(o) for o in everything if o.slug != p.slug] + [
                (np.array(o.low), np.array(o.high)) for o in everything if o.slug != p.slug
            ]
            turn = rotation((0, 1, 0), p.facing)
            front = turn @ np.array([0.0, 0.0, 1.0])
            free = [
                eye
                for eye in walk
                if (eye - target) @ front > 0.2
                and not any(crosses(box, eye, target + front * 0.05) for box in [*others, *walls])
            ]
            assert free, p.slug

    def test_what_is_met_at_the_entrance_is_seen_at_once(self, gallery: Gallery) -> None:
        everything = placed(gallery)
        eye = np.array([0.0, EYE_HEIGHT, gallery.depth / 2 - 0.1])
        seen = 0
        for p in everything:
            target = (np.array(p.low) + p.high) / 2
            others = [(np.array(o.low), np.array(o.high)) for o in everything if o.slug != p.slug]
            seen += not any(crosses(box, eye, target) for box in others)
        assert seen >= 0.7 * len(everything)

    def test_the_room_is_closed_but_for_its_doors(self, gallery: Gallery) -> None:
        scan = room(gallery, placed(gallery), {})
        low, high = scan.bounds
        assert (low[[0, 2]] <= [-gallery.width / 2, -gallery.depth / 2]).all()
        assert (high[[0, 2]] >= [gallery.width / 2, gallery.depth / 2]).all()
        assert high[1] >= gallery.height
        assert {f"label-{exhibit.slug}" for exhibit in gallery.exhibits} <= {
            mesh.name for mesh in scan.meshes
        }


def test_quaternions_turn_as_the_matrix_does() -> None:
    for axis, degrees in (((0, 1, 0), 90.0), ((1, 2, 3), 170.0), ((0, 1, 0), 180.0), ((1, 0, 0), -62.0)):
        matrix = rotation(axis, degrees)
        zero = (0.0, 0.0, 0.0)
        pose = Placement("x", zero, quaternion(matrix), "plinth", zero, zero, zero).matrix
        assert pose[:3, :3] == pytest.approx(matrix, abs=1e-8)


def test_a_placed_artifact_stands_on_its_support_facing_its_way() -> None:
    p = place(Exhibit("x", 1.0, 2.0, 90.0, "plinth"), np.array([-0.1, 0.0, -0.2]), np.array([0.1, 0.4, 0.2]))
    assert p.low[1] == pytest.approx(p.support_size[1])
    assert (np.array(p.low) + p.high)[[0, 2]] / 2 == pytest.approx([1.0, 2.0])
    assert p.matrix[:3, :3] @ [0, 0, 1] == pytest.approx([1, 0, 0], abs=1e-9)
