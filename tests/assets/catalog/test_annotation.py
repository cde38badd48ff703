"""Annotations: one body per language and kind, a named point, a unit normal."""

import pytest
from pydantic import ValidationError

from assets.catalog.annotation import Annotation, PointTarget, SurfacePoint
from assets.catalog.record import Text

TARGET = PointTarget(artifact="sample:jar", point="rim")
ENGLISH = Text(content="A thin lip", language="en", kind="title")
CHINESE = Text(content="薄薄的口沿", language="zh-Hans", kind="title")


def test_a_body_is_found_by_kind_and_exact_language() -> None:
    annotation = Annotation(id="rim", bodies=(ENGLISH, CHINESE), target=TARGET)
    assert annotation.body("title", "zh-Hans") == "薄薄的口沿"
    assert annotation.body("title", "zh") is None
    assert annotation.body("description", "en") is None


def test_two_bodies_of_one_kind_and_language_are_refused() -> None:
    with pytest.raises(ValidationError, match="more than one body"):
        Annotation(id="rim", bodies=(ENGLISH, ENGLISH), target=TARGET)


def test_an_annotation_without_a_body_is_refused() -> None:
    with pytest.raises(ValidationError, match="bodies"):
        Annotation(id="rim", bodies=(), target=TARGET)


@pytest.mark.parametrize("normal", [(0.0, 0.0, 0.0), (0.0, 0.0, 1.01), (1.0, 1.0, 0.0)])
def test_a_normal_that_is_no_unit_vector_is_refused(normal: tuple[float, float, float]) -> None:
    with pytest.raises(ValidationError, match="expected 1"):
        SurfacePoint(position=(0.0, 0.0, 0.0), normal=normal)


def test_placing_keeps_the_unplaced_annotation_as_it_was() -> None:
    annotation = Annotation(id="rim", bodies=(ENGLISH,), target=TARGET)
    placed = annotation.placed(SurfacePoint(position=(0.0, 0.4, 0.1), normal=(0.0, 0.6, 0.8)))
    assert annotation.target.surface is None
    assert placed.target.point == "rim"
    assert placed.target.surface is not None
    assert placed.target.surface.position == (0.0, 0.4, 0.1)
