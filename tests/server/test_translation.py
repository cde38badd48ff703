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
from server.translation import WISHES, Edition, Translator, audience_of
from server.world.steps import step_of
from server.world.visit import Detail
from tests.server.museum import PlainContent, hello, placement

BOX = "made:0-0"
GLANCE, WORDS, FULL = (int(detail) * 2 + model for detail, model in ((1, 1), (1, 0), (3, 1)))
ENTERS, LEAVES = step_of(0, 0, GLANCE), step_of(0, FULL, 0)


@pytest.fixture
def edition() -> Edition:
    return Translator(placement(1, 1), PlainContent()).edition(Audience(languages=("de",)))


def told(edition: Edition, step: int) -> list[Change]:
    encoded = edition.told(step)
    read = msgpack.Unpacker(use_list=False)
    read.feed(encoded.changes)
    changes = [CHANGES[change[0]].model_validate(change[1:]) for change in read]
    assert len(changes) == encoded.number
    return changes


def test_an_artifact_enters_with_place_texts_and_files(edition: Edition) -> None:
    (enter,) = told(edition, ENTERS)
    assert isinstance(enter, ArtifactEnter)
    assert enter.artifact == BOX
    assert int(enter.detail) == Detail.GLANCE
    assert enter.position == pytest.approx((0.0, 1.2, 0.0))
    assert enter.bounds == pytest.approx((0.2, 0.2, 0.2))
    assert [(text.purpose, text.language) for text in enter.texts] == [(TextKind.TITLE, "de")]
    assert [file.address for file in enter.derivatives] == [f"/assets/{BOX}"]


def test_without_a_model_in_the_budget_no_file_is_named(edition: Edition) -> None:
    (enter,) = told(edition, step_of(0, 0, WORDS))
    assert isinstance(enter, ArtifactEnter)
    assert enter.derivatives == ()


def test_an_artifact_that_enters_open_brings_its_annotations(edition: Edition) -> None:
    enter, note = told(edition, step_of(0, 0, FULL))
    assert isinstance(enter, ArtifactEnter)
    assert isinstance(note, AnnotationAdd)
    assert (note.artifact, note.annotation) == (BOX, "front")


def test_detail_and_annotations_change_together(edition: Edition) -> None:
    more, note = told(edition, step_of(0, GLANCE, FULL))
    assert isinstance(more, ArtifactDetail)
    assert [text.purpose for text in more.texts] == [TextKind.TITLE, TextKind.DESCRIPTION]
    assert isinstance(note, AnnotationAdd)
    less, gone = told(edition, step_of(0, FULL, GLANCE))
    assert isinstance(less, ArtifactDetail)
    assert isinstance(gone, AnnotationRemove)


def test_an_artifact_leaves_with_one_change(edition: Edition) -> None:
    (leave,) = told(edition, LEAVES)
    assert leave == ArtifactLeave(artifact=BOX)


def test_steps_that_differ_are_never_taken_for_each_other(edition: Edition) -> None:
    codes = [0, *(int(detail) * 2 + model for detail in Detail for model in (0, 1))]
    steps = [step_of(0, was, now) for was in codes for now in codes if was != now]
    fresh = [Translator(placement(1, 1), PlainContent()).edition(Audience(("de",))) for _ in steps]
    kept = [edition.told(step) for step in steps for _ in range(2)][::2]
    assert kept == [one.told(step) for one, step in zip(fresh, steps, strict=True)]
    assert len({one.changes for one in kept}) > len(codes)


def test_what_was_encoded_once_is_kept_for_all_of_the_same_audience() -> None:
    translator = Translator(placement(1, 1), PlainContent())
    one = translator.edition(audience_of(hello(languages=("de",))))
    other = translator.edition(audience_of(hello(languages=("de",))))
    french = translator.edition(audience_of(hello(languages=("fr",))))
    assert one.told(ENTERS) is other.told(ENTERS)
    assert one.told(ENTERS) != french.told(ENTERS)


def test_words_of_a_client_that_change_nothing_make_no_audience_of_their_own() -> None:
    plain = audience_of(hello(capabilities=("meshopt",), languages=("de", "fr")))
    assert audience_of(hello(capabilities=("meshopt", "x-17"), languages=("de", "fr"))) == plain
    many = audience_of(hello(languages=tuple(f"x{number}" for number in range(600))))
    assert many.languages == tuple(f"x{number}" for number in range(WISHES))


def test_what_is_kept_is_bounded() -> None:
    edition = Translator(placement(2, 2), PlainContent(), kept=2).edition(Audience())
    steps = [step_of(index, 0, GLANCE) for index in range(4)]
    first = [edition.told(step) for step in steps]
    assert [edition.told(step) for step in steps] == first
