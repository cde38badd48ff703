"""The galleries as one space."""

import itertools
import json

import numpy as np
import pytest

from assets.sample.build import BuiltMuseum
from assets.sample.forms.surface import Array, rotation
from assets.sample.galleries import GALLERIES, Gallery
from assets.sample.site import LINKS, Frame, frames

FRAMES = frames()
BY_SLUG = {gallery.slug: gallery for gallery in GALLERIES}


def floor(gallery: Gallery, frame: Frame) -> tuple[Array, Array]:
    corners = np.array(
        [[sx * gallery.width / 2, 0.0, sz * gallery.depth / 2] for sx in (-1, 1) for sz in (-1, 1)]
    )
    laid = corners @ rotation((0, 1, 0), frame.degrees).T + frame.origin
    return laid.min(axis=0), laid.max(axis=0)


def test_every_gallery_has_a_frame_on_the_same_floor() -> None:
    assert list(FRAMES) == [gallery.slug for gallery in GALLERIES]
    assert {float(frame.origin[1]) for frame in FRAMES.values()} == {0.0}


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(BY_SLUG, 2)))
def test_no_two_galleries_share_floor(one: str, other: str) -> None:
    (low, high), (least, most) = floor(BY_SLUG[one], FRAMES[one]), floor(BY_SLUG[other], FRAMES[other])
    assert np.maximum(low - most, least - high)[[0, 2]].max() >= 0.24 - 1e-9


@pytest.mark.parametrize(("slug", "wall", "following"), LINKS)
def test_a_visitor_walks_through_a_linked_door_straight_into_the_next_front_door(
    slug: str, wall: str, following: str, built: BuiltMuseum
) -> None:
    museum = {g["slug"]: g for g in json.loads(built.manifest.read_text("utf-8"))["galleries"]}
    gallery, after = BY_SLUG[slug], BY_SLUG[following]
    offset = next(offset for side, offset in gallery.doors if side == wall)
    entry = next(offset for side, offset in after.doors if side == "front")
    inside = {
        "back": (offset, 0.0, -gallery.depth / 2), "right": (gallery.width / 2, 0.0, offset),
    }[wall]  # fmt: skip
    leaving = FRAMES[slug].origin + rotation((0, 1, 0), FRAMES[slug].degrees) @ np.array(inside)
    arriving = FRAMES[following].origin + rotation((0, 1, 0), FRAMES[following].degrees) @ np.array(
        (entry, 0.0, after.depth / 2)
    )
    assert np.linalg.norm(arriving - leaving) == pytest.approx(0.24)
    assert museum[following]["site"]["position"] == pytest.approx(FRAMES[following].origin.tolist())


def test_the_manifest_carries_placed_annotations_and_names_of_galleries(
    built: BuiltMuseum,
) -> None:
    manifest = json.loads(built.manifest.read_text("utf-8"))
    assert manifest["institution"] == "sample"
    assert all(set(gallery["name"]) == {"en", "zh-Hans"} for gallery in manifest["galleries"])
    for sheet in manifest["artifacts"].values():
        assert len(sheet["annotations"]) >= 3
        for annotation in sheet["annotations"]:
            point = annotation["target"]["point"]
            assert annotation["target"]["surface"] == sheet["hotspots"][point]
