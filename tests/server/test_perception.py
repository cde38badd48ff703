"""What visitors are told: in their language, at their level, for their device."""

from dataclasses import replace
from pathlib import Path

import pytest

from assets.catalog.annotation import Annotation, PointTarget, SurfacePoint
from assets.catalog.record import (
    Actor,
    ArtifactRecord,
    Dimension,
    Maker,
    Origin,
    RequiredStatement,
    Rights,
    SourceRef,
    Term,
    Text,
    TimeSpan,
)
from server.content import Audience, Stated
from server.files import Derivative
from server.perception import Perception
from server.world.visit import Detail

BOWL = "test:bowl"


def text(kind: str, content: str, language: str = "en") -> Text:
    return Text(content=content, language=language, kind=kind)


RECORD = ArtifactRecord(
    id=BOWL,
    institution="test",
    accession="7",
    titles=(text("title", "Bowl"), text("title", "碗", "zh-Hans")),
    texts=(
        text("glance", "A bowl"),
        text("label", "The label."),
        text("label", "说明", "zh-Hans"),
        text("description", "Fired twice. The glaze holds crushed quartz from the river."),
        text("plain-description", "It was in the fire two times."),
        text("audio-description", "A round bowl."),
        text("inscription", "ΚΑΛΟΣ", "grc"),
    ),
    makers=(Maker(actor=Actor(name="Aisha"), role="potter", qualifier="attributed to"),),
    produced=TimeSpan(earliest=1200, latest=1250, text="1200–50"),
    materials=(Term(label="clay", language="en"), Term(label="陶", language="zh-Hans")),
    dimensions=(Dimension(kind="height", value=0.12, unit="m", stated_value=12, stated_unit="cm"),),
    rights=Rights(statement="CC0"),
    required_statement=RequiredStatement(value="Lent by Aisha"),
    sources=(SourceRef(file="https://museum.example/7", row=0), SourceRef(file="export.csv", row=41)),
    provenance={
        "/produced": Origin(source=1, field="Date", by="dates"),
        "/materials": Origin(source=0, field="medium"),
    },
)
NOTE = Annotation(
    id="rim",
    bodies=(text("title", "Rim"), text("title", "口沿", "zh-Hans"), text("description", "Worn.")),
    target=PointTarget(
        artifact=BOWL, point="rim", surface=SurfacePoint(position=(0.0, 0.1, 0.0), normal=(0.0, 1.0, 0.0))
    ),
)
UNPLACED = NOTE.model_copy(update={"id": "foot", "target": PointTarget(artifact=BOWL, point="foot")})


def derivative(name: str, size: int, usage: str = "web", triangles: int = 100, needs: str = "") -> Derivative:
    return Derivative(
        name, Path(name), "model/gltf-binary", size, BOWL, usage,  # type: ignore[arg-type]
        triangles=triangles, needs=frozenset(needs.split()),
    )  # fmt: skip


FILES = (
    derivative("master", 9000, "master", 90_000),
    derivative("low", 300, "thumb", 100),
    derivative("high-plain", 5000, "headset", 5000),
    derivative("high-packed", 900, "headset", 5000, "meshopt ktx2"),
    derivative("middle", 700, "headset", 1000),
    derivative("hand", 600, "phone", 900),
    replace(derivative("sheet", 50, "picture"), media_type="image/png", triangles=None),
)
CONTENT = Perception({BOWL: RECORD}, {BOWL: (NOTE, UNPLACED)}, {BOWL: FILES})


def purposes(detail: Detail, audience: Audience = Audience(("en",))) -> list[str]:  # noqa: B008
    return [told.purpose for told in CONTENT.texts(BOWL, detail, audience)]


def test_each_level_tells_what_the_one_before_told_and_more() -> None:
    levels = [purposes(detail) for detail in Detail]
    assert levels[0] == ["title", "required_statement", "glance"]
    assert levels[1] == [*levels[0], "label"]
    assert levels[2] == [*levels[1], "description", "inscription", "rights"]
    assert sorted(levels[3]) == sorted([*levels[2], "audio_description"])


def test_texts_come_in_the_wished_language_where_there_is_one_and_say_which_it_is() -> None:
    told = {one.purpose: one for one in CONTENT.texts(BOWL, Detail.FULL, Audience(("zh-CN", "en")))}
    assert (told["title"].content, told["title"].language) == ("碗", "zh-Hans")
    assert (told["label"].content, told["label"].language) == ("说明", "zh-Hans")
    assert (told["description"].language, told["inscription"].language) == ("en", "grc")


def test_wishes_for_audio_description_and_plain_language_are_honored() -> None:
    listening = Audience(("en",), audio_description=True)
    assert "audio_description" in purposes(Detail.LABEL, listening)
    assert "audio_description" not in purposes(Detail.LABEL)
    told = CONTENT.texts(BOWL, Detail.FULL, Audience(("en",), plain_language=True))
    assert [one.content for one in told if one.purpose == "description"] == ["It was in the fire two times."]
    assert [one.content for one in told if one.purpose == "label"] == ["The label."], "no plain label there"


def test_a_record_without_texts_gets_its_label_from_its_facts_with_their_source() -> None:
    bare = RECORD.model_copy(update={"texts": (), "titles": ()})
    told = Perception({BOWL: bare}, {}, {}).texts(BOWL, Detail.LABEL, Audience())
    assert [(one.purpose, one.content, one.source) for one in told] == [
        ("title", "7", BOWL),
        ("required_statement", "Lent by Aisha", BOWL),
        ("label", "attributed to Aisha", BOWL),
        ("label", "1200–50", "export.csv row 41, Date"),
    ]


@pytest.mark.parametrize(
    ("detail", "capabilities", "names"),
    [
        (Detail.GLANCE, "", ["low"]),
        (Detail.LABEL, "", ["low", "middle"]),
        (Detail.FULL, "", ["low", "middle", "high-plain", "sheet"]),
        (Detail.FULL, "meshopt", ["low", "middle", "high-plain", "sheet"]),
        (Detail.MEDIA, "meshopt ktx2 webxr", ["low", "middle", "high-packed", "sheet"]),
    ],
)
def test_a_device_gets_files_it_can_use_coarsest_first(
    detail: Detail, capabilities: str, names: list[str]
) -> None:
    files = CONTENT.files(BOWL, detail, Audience(capabilities=frozenset(capabilities.split())))
    assert [file.address for file in files] == [f"/assets/{name}" for name in names]


def test_a_phone_gets_the_files_made_for_phones() -> None:
    files = CONTENT.files(BOWL, Detail.FULL, Audience(device="phone"))
    assert [file.address for file in files] == ["/assets/low", "/assets/hand", "/assets/sheet"]
    assert [file.usage for file in files] == ["geometry", "geometry", "image"]


def test_the_master_is_sent_only_where_nothing_was_made_from_it() -> None:
    only = Perception({BOWL: RECORD}, {}, {BOWL: FILES[:1]})
    assert [file.address for file in only.files(BOWL, Detail.GLANCE, Audience())] == ["/assets/master"]


def test_annotations_are_told_in_the_wished_language_where_their_point_is_known() -> None:
    (note,) = CONTENT.notes(BOWL, Audience(("zh",)))
    assert (note.annotation, note.position, note.normal) == ("rim", (0.0, 0.1, 0.0), (0.0, 1.0, 0.0))
    assert [(told.purpose, told.content) for told in note.texts] == [
        ("title", "口沿"),
        ("description", "Worn."),
    ]


def test_of_an_artifact_that_is_not_shown_nothing_is_told() -> None:
    assert CONTENT.texts("test:other", Detail.MEDIA, Audience()) == ()
    assert CONTENT.files("test:other", Detail.MEDIA, Audience()) == ()
    assert CONTENT.notes("test:other", Audience()) == ()
    assert CONTENT.answer("test:other", "Who?", Audience()) == ()


@pytest.mark.parametrize(
    ("question", "languages", "contents"),
    [
        ("When was it made?", ("en",), ["Made: 1200–50"]),
        ("Wann ist das entstanden?", ("de",), ["Entstanden: 1200–50"]),
        ("Who made it, and when?", ("en",), ["Maker: attributed to Aisha (potter)", "Made: 1200–50"]),
        ("这是什么材料做的？", ("zh-CN",), ["材料与工艺: 陶"]),
        ("What is it made of?", ("en-US",), ["Material and technique: clay"]),
        ("How tall is it?", ("en",), ["Size: height 12 cm"]),
        ("What does the inscription say?", ("en",), ["Inscription: ΚΑΛΟΣ"]),
        ("May I use a photo?", ("en",), ["Rights: CC0"]),
        ("Why the quartz in the glaze?", ("en",), ["The glaze holds crushed quartz from the river."]),
        ("Does it fly?", ("en",), []),
        ("", ("en",), []),
    ],
)
def test_a_question_is_answered_from_the_records_own_fields_or_not_at_all(
    question: str, languages: tuple[str, ...], contents: list[str]
) -> None:
    stated = CONTENT.answer(BOWL, question, Audience(languages))
    assert [one.content for one in stated] == contents


def test_every_statement_names_its_source() -> None:
    dated, made = (CONTENT.answer(BOWL, question, Audience(("en",)))[0] for question in ("When?", "Made of?"))
    assert dated == Stated("Made: 1200–50", "en", "export.csv row 41, Date")
    assert (made.source, made.address) == ("https://museum.example/7, medium", "https://museum.example/7")
    quoted = CONTENT.answer(BOWL, "Why the quartz in the glaze?", Audience(("en",)))
    assert quoted[0].source == BOWL


def test_a_question_of_any_length_and_content_is_answered_quickly() -> None:
    for question in ("who " * 100_000, "\x00\uffff(((", ".*" * 5000, "（" * 5000):
        assert len(CONTENT.answer(BOWL, question, Audience(("en",)))) <= 8
