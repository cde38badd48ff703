import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.catalog.record import Image, RequiredStatement, Rights, Text
from assets.catalog.row import Mapped, Rejection
from assets.catalog.sources.iiif import read_iiif

VERSION_3: dict[str, Any] = {
    "@context": "http://iiif.io/api/presentation/3/context.json",
    "id": "https://iiif.example/objects/77/manifest.json",
    "type": "Manifest",
    "label": {"en": ["Column krater"], "de": ["Kolonettenkrater"]},
    "metadata": [
        {"label": {"en": ["Accession Number:"]}, "value": {"none": ["1999.10"]}},
        {"label": {"de": ["Datierung"]}, "value": {"de": ["1642"]}},
        {"label": {"en": ["Artist"]}, "value": {"en": ["N. N."]}},
        {"label": {"en": ["Dimensions"]}, "value": {"en": ["26.7 × 12 cm"]}},
        {"label": {"en": ["Medium"]}, "value": {"en": ["<p>Oil &amp; tempera</p>"]}},
        {"label": {"en": ["Loan history"]}, "value": {"en": ["Rome, 1901"]}},
    ],
    "summary": {"en": ["A krater."]},
    "requiredStatement": {"label": {"en": ["Attribution"]}, "value": {"en": ["The Museum"]}},
    "rights": "http://creativecommons.org/licenses/by/4.0/",
    "homepage": [{"id": "https://museum.example/77", "type": "Text", "label": {"en": ["Page"]}}],
    "items": [
        {
            "id": "https://iiif.example/c/1",
            "type": "Canvas",
            "label": {"none": ["front"]},
            "width": 4000,
            "height": 3000,
            "items": [
                {
                    "type": "AnnotationPage",
                    "items": [
                        {
                            "type": "Annotation",
                            "motivation": "painting",
                            "body": {
                                "id": "https://iiif.example/i/1/full/max/0/default.jpg",
                                "type": "Image",
                                "width": 4000,
                                "height": 3000,
                            },
                        },
                        {
                            "type": "Annotation",
                            "motivation": "commenting",
                            "body": {"id": "https://x.example/note"},
                        },
                    ],
                }
            ],
        }
    ],
}
VERSION_2: dict[str, Any] = {
    "@context": "http://iiif.io/api/presentation/2/context.json",
    "@id": "https://iiif.example/2/88/manifest",
    "@type": "sc:Manifest",
    "label": [{"@value": "Becher", "@language": "de"}, "Cup"],
    "metadata": [
        {"label": [{"@value": "Inventarnummer", "@language": "de"}], "value": "K 88"},
        {"label": "Date", "value": "no rule reads this"},
    ],
    "description": "A cup.",
    "attribution": "The Museum",
    "license": "http://rightsstatements.org/vocab/InC/1.0/",
    "related": "https://museum.example/88",
    "sequences": [
        {
            "canvases": [
                {
                    "@type": "sc:Canvas",
                    "label": "p. 1",
                    "images": [
                        {"resource": {"@id": "https://iiif.example/i/88.jpg", "width": 10, "height": 20}}
                    ],
                }
            ]
        }
    ],
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[[object], Mapped | Rejection]:
    def read_one(content: object) -> Mapped | Rejection:
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps(content))
        (each,) = read_iiif(path, "museum")
        return each

    return read_one


Read = Callable[[object], Mapped | Rejection]


def test_a_manifest_of_version_3_is_read(read: Read) -> None:
    mapped = read(VERSION_3)

    assert isinstance(mapped, Mapped)
    record = mapped.record
    assert (record.id, record.accession) == ("museum:1999.10", "1999.10")
    assert record.titles == (
        Text(content="Column krater", language="en", kind="title"),
        Text(content="Kolonettenkrater", language="de", kind="title"),
    )
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.latest) == (1642, 1642)
    assert [maker.actor.name for maker in record.makers] == ["N. N."]
    assert [(d.kind, d.value) for d in record.dimensions] == [("height", 0.267), ("width", 0.12)]
    assert record.medium == "Oil & tempera"
    assert record.rights == Rights(uri="http://creativecommons.org/licenses/by/4.0/")
    assert record.required_statement == RequiredStatement(label="Attribution", value="The Museum")
    image = "https://iiif.example/i/1/full/max/0/default.jpg"
    assert record.images == (Image(uri=image, caption="front", width=4000, height=3000),)
    assert [(r.kind, r.target) for r in record.relations] == [("page", "https://museum.example/77")]


def test_a_pair_under_an_unknown_label_is_kept_as_a_note(read: Read) -> None:
    mapped = read(VERSION_3)

    assert isinstance(mapped, Mapped)
    assert Text(content="Loan history: Rome, 1901", language="en", kind="note") in mapped.record.texts


def test_a_manifest_of_version_2_is_read(read: Read) -> None:
    mapped = read(VERSION_2)

    assert isinstance(mapped, Mapped)
    record = mapped.record
    assert record.accession == "K 88"
    assert [(title.content, title.language) for title in record.titles] == [("Becher", "de"), ("Cup", "und")]
    assert record.rights == Rights(uri="http://rightsstatements.org/vocab/InC/1.0/")
    assert record.required_statement == RequiredStatement(value="The Museum")
    assert record.images == (Image(uri="https://iiif.example/i/88.jpg", caption="p. 1", width=10, height=20),)


def test_a_date_that_no_rule_reads_is_kept_and_reported(read: Read) -> None:
    mapped = read(VERSION_2)

    assert isinstance(mapped, Mapped)
    assert "Date: no rule reads this" in {text.content for text in mapped.record.texts}
    assert "dates.unread" in {finding.rule for finding in mapped.findings}


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://iiif.example/objects/77/manifest.json", "77"),
        ("https://iiif.example/iiif/2/ark:123/manifest", "ark:123"),
        ("https://iiif.example/m/77.json?v=2", "77"),
    ],
)
def test_without_an_accession_number_the_manifest_is_named_by_its_uri(
    read: Read, uri: str, expected: str
) -> None:
    mapped = read({"id": uri, "type": "Manifest", "label": {"none": ["x"]}})

    assert isinstance(mapped, Mapped)
    assert mapped.record.id == f"museum:{expected}"
    assert "accession.missing" in {finding.rule for finding in mapped.findings}


@pytest.mark.parametrize("shape", ["Collection", "sc:Collection", "Canvas", None])
def test_what_is_no_manifest_is_rejected(read: Read, shape: str | None) -> None:
    rejection = read({"id": "https://iiif.example/x", "type": shape})

    assert isinstance(rejection, Rejection)
    assert "expected a IIIF Manifest" in rejection.reason


def test_every_value_says_where_it_came_from(read: Read) -> None:
    mapped = read(VERSION_3)

    assert isinstance(mapped, Mapped)
    origin = mapped.record.origin("/produced")
    assert origin is not None
    assert (origin.field, origin.text) == ("$.metadata[1].value", "1642")


def test_damaged_manifests_never_crash(read: Read) -> None:
    dice = random.Random(11)
    for whole in (VERSION_3, VERSION_2):
        for _ in range(300):
            assert isinstance(read(_damaged(whole, dice)), Mapped | Rejection)


def _damaged(value: object, dice: random.Random) -> object:
    if dice.random() < 0.03:
        return dice.choice(
            [None, 0, -1.5, True, "", "x y", [], {}, [[]], [None], {"id": 3}, {"none": [1, None]}]
        )
    if isinstance(value, dict):
        return {key: _damaged(each, dice) for key, each in value.items()}
    if isinstance(value, list):
        return [_damaged(each, dice) for each in value]
    return value
