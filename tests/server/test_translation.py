"""From steps to changes: every kind, in the audience's words, encoded once."""

import msgpack
import pytest

from server.content import Audience
from server.protocol.parts import (
    CHANGES,
    AnnotationAdd,
    AnnotationRemove,
    ArtifactDetail,
    ArtifactEnter,
    ArtifactLeave,
    TextKind,
)
from server.protocol.wire import Change
from server.translation import Edition, Translator, audience_of
from server.view import Step
from server.world.visit import Detail, Perceived
from tests.server.museum import PlainContent, hello, placement

BOX = "made:0-0"
GLANCE, FULL = Perceived(BOX, Detail.GLANCE, True), Perceived(BOX, Detail.FULL, True)
WORDS = Perceived(BOX, Detail.GLANCE, False)


@pytest.fixture
def edition() -> Edition:
    return Translator(placement(1, 1), PlainContent()).edition(Audience(languages=("de",)))


def told(edition: Edition, step: Step) -> list[Change]:
    changes = (msgpack.unpackb(change, use_list=False) for change in edition.changes(step))
    return [CHANGES[change[0]].model_validate(change[1:]) for change in changes]


def test_an_artifact_enters_with_place_texts_and_files(edition: Edition) -> None:
    (enter,) = told(edition, Step(BOX, GLANCE, None, opens=False, closes=False))
    assert isinstance(enter, ArtifactEnter)
    assert enter.artifact == BOX
    assert int(enter.detail) == Detail.GLANCE
    assert enter.position == pytest.approx((0.0, 1.2, 0.0))
    assert enter.bounds == pytest.approx((0.2, 0.2, 0.2))
    assert [(text.purpose, text.language) for text in enter.texts] == [(TextKind.TITLE, "de")]
    assert [file.address for file in enter.derivatives] == [f"/assets/{BOX}"]


def test_without_a_model_in_the_budget_no_file_is_named(edition: Edition) -> None:
    (enter,) = told(edition, Step(BOX, WORDS, None, opens=False, closes=False))
    assert isinstance(enter, ArtifactEnter)
    assert enter.derivatives == ()


def test_an_artifact_that_enters_open_brings_its_annotations(edition: Edition) -> None:
    enter, note = told(edition, Step(BOX, FULL, None, opens=True, closes=False))
    assert isinstance(enter, ArtifactEnter)
    assert isinstance(note, AnnotationAdd)
    assert (note.artifact, note.annotation) == (BOX, "front")


def test_detail_and_annotations_change_together(edition: Edition) -> None:
    more, note = told(edition, Step(BOX, FULL, GLANCE, opens=True, closes=False))
    assert isinstance(more, ArtifactDetail)
    assert [text.purpose for text in more.texts] == [TextKind.TITLE, TextKind.DESCRIPTION]
    assert isinstance(note, AnnotationAdd)
    less, gone = told(edition, Step(BOX, GLANCE, FULL, opens=False, closes=True))
    assert isinstance(less, ArtifactDetail)
    assert isinstance(gone, AnnotationRemove)


def test_an_artifact_leaves_with_one_change(edition: Edition) -> None:
    (leave,) = told(edition, Step(BOX, None, FULL, opens=False, closes=False))
    assert leave == ArtifactLeave(artifact=BOX)


def test_steps_that_differ_are_never_taken_for_each_other(edition: Edition) -> None:
    states = [None, *(Perceived(BOX, detail, model) for detail in Detail for model in (False, True))]
    steps = [
        Step(BOX, now, was, opens, closes)
        for now in states
        for was in states
        for opens, closes in ((False, False), (True, False), (False, True))
        if now is not None or was is not None
    ]
    fresh = [Translator(placement(1, 1), PlainContent()).edition(Audience(("de",))) for _ in steps]
    kept = [edition.changes(step) for step in steps for _ in range(2)][::2]
    assert kept == [one.changes(step) for one, step in zip(fresh, steps, strict=True)]


def test_what_was_encoded_once_is_kept_for_all_of_the_same_audience() -> None:
    translator = Translator(placement(1, 1), PlainContent())
    step = Step(BOX, GLANCE, None, opens=False, closes=False)
    one = translator.edition(audience_of(hello(languages=("de",))))
    other = translator.edition(audience_of(hello(languages=("de",))))
    french = translator.edition(audience_of(hello(languages=("fr",))))
    assert one.changes(step) is other.changes(step)
    assert one.changes(step) != french.changes(step)


def test_what_is_kept_is_bounded() -> None:
    edition = Translator(placement(2, 2), PlainContent(), kept=2).edition(Audience())
    steps = [
        Step(
            f"made:{x}-{z}", Perceived(f"made:{x}-{z}", Detail.GLANCE, True), None, opens=False, closes=False
        )
        for x in range(2)
        for z in range(2)
    ]
    first = [edition.changes(step) for step in steps]
    assert [edition.changes(step) for step in steps] == first
