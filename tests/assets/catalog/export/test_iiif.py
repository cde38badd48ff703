import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assets.catalog.export.iiif import Provider, rights_uri, to_iiif_manifest
from assets.catalog.record import ArtifactRecord, Dimension, Image, RequiredStatement, Rights, Text, TimeSpan
from assets.catalog.row import Mapped
from assets.catalog.sources.draft import Draft
from assets.catalog.sources.iiif import map_manifest

BASE = "https://museum.example/data"
PROVIDER = Provider("The Museum", "https://museum.example/")


def _record(**values: object) -> ArtifactRecord:
    known = {"id": "museum:1", "institution": "museum", "accession": "1.2", **values}
    return ArtifactRecord.model_validate(known)


def _identifiers(node: object) -> Iterator[str]:
    """Ids of everything that the manifest itself publishes (targets and external resources are not)."""
    if isinstance(node, dict):
        if node.get("type") in ("Manifest", "Canvas", "AnnotationPage", "Annotation"):
            yield node["id"]
        for value in node.values():
            yield from _identifiers(value)
    elif isinstance(node, list):
        for value in node:
            yield from _identifiers(value)


@pytest.fixture(scope="session")
def presentation() -> Draft202012Validator:
    schema = json.loads(Path(__file__).with_name("presentation-3.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_record_gives_a_manifest_of_presentation_3(
    draw_record: Callable[[st.DataObject], ArtifactRecord],
    presentation: Draft202012Validator,
    data: st.DataObject,
) -> None:
    manifest = to_iiif_manifest(draw_record(data), base_uri=BASE, provider=PROVIDER)

    assert [error.message for error in presentation.iter_errors(manifest)] == []
    published = list(_identifiers(manifest))
    assert len(set(published)) == len(published)
    for canvas in manifest["items"]:
        for page in canvas.get("items", []):
            assert [annotation["target"] for annotation in page["items"]] == [canvas["id"]]


@pytest.mark.data
def test_records_of_every_institution_give_manifests_of_presentation_3(
    real_records: list[ArtifactRecord], presentation: Draft202012Validator
) -> None:
    for record in real_records:
        manifest = to_iiif_manifest(record, base_uri=BASE, provider=PROVIDER)
        assert [error.message for error in presentation.iter_errors(manifest)] == []


def test_a_canvas_has_the_size_of_its_image() -> None:
    image = Image(uri="https://img.example/1.jpg", width=800, height=600, caption="front")

    (canvas,) = to_iiif_manifest(_record(images=(image,)), base_uri=BASE)["items"]

    assert (canvas["width"], canvas["height"], canvas["label"]) == (800, 600, {"none": ["front"]})
    assert canvas["items"][0]["items"][0]["body"] == {
        "id": "https://img.example/1.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "width": 800,
        "height": 600,
    }


def test_a_record_without_images_gets_one_empty_canvas() -> None:
    (canvas,) = to_iiif_manifest(_record(), base_uri=BASE)["items"]

    assert "items" not in canvas


def test_images_that_must_not_be_shown_are_left_out() -> None:
    image = Image(uri="https://img.example/1.jpg")
    record = _record(
        images=(image,), scans=({"uri": "https://img.example/1.glb"},), rights=Rights(shows=False)
    )

    assert "img.example" not in json.dumps(to_iiif_manifest(record, base_uri=BASE))


def test_titles_stand_under_their_languages() -> None:
    titles = (
        Text(content="Irises", language="en", kind="title"),
        Text(content="鳶尾花", language="zh-Hant", kind="title"),
        Text(content="Blumen", language="und", kind="title"),
    )

    label = to_iiif_manifest(_record(titles=titles), base_uri=BASE)["label"]

    assert label == {"en": ["Irises"], "zh-Hant": ["鳶尾花"], "none": ["Blumen"]}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            "https://creativecommons.org/licenses/by/4.0/",
            "http://creativecommons.org/licenses/by/4.0/",
        ),
        (
            "https://rightsstatements.org/page/InC/1.0/?language=en",
            "http://rightsstatements.org/vocab/InC/1.0/",
        ),
        ("https://museum.example/terms", None),
        (None, None),
    ],
)
def test_rights_are_a_uri_of_the_two_hosts_that_the_specification_names(
    stated: str | None, expected: str | None
) -> None:
    assert rights_uri(stated) == expected


def test_the_required_statement_and_the_linked_art_document_are_linked() -> None:
    statement = RequiredStatement(label="Attribution", value="Gift of N. N.")

    manifest = to_iiif_manifest(_record(required_statement=statement), base_uri=BASE)

    assert manifest["requiredStatement"]["value"] == {"none": ["Gift of N. N."]}
    assert manifest["seeAlso"][0]["id"] == "https://museum.example/data/object/museum:1"


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (TimeSpan(earliest=-489, latest=-479), "490 BCE–480 BCE"),
        (TimeSpan(earliest=0, latest=0), "1 BCE"),
        (TimeSpan(earliest=1900, latest=1900, circa=True), "ca. 1900"),
        (TimeSpan(latest=1920, uncertain=True), "before 1920?"),
        (TimeSpan(earliest=-500, latest=10, text="Late Archaic"), "Late Archaic"),
    ],
)
def test_dates_are_shown_as_visitors_read_them(span: TimeSpan, shown: str) -> None:
    manifest = to_iiif_manifest(_record(produced=span), base_uri=BASE)

    (value,) = [row["value"] for row in manifest["metadata"] if row["label"] == {"en": ["Date"]}]
    assert value == {"none": [shown]}


def test_a_manifest_of_ours_is_read_back() -> None:
    record = _record(
        titles=(Text(content="Cup", language="en", kind="title"),),
        texts=(Text(content="A cup.", language="en"),),
        produced=TimeSpan(earliest=1642, latest=1642, edtf="1642", text="1642"),
        medium="silver",
        dimensions=(Dimension(kind="height", value=0.1, unit="m", stated_value=10, stated_unit="cm"),),
        credit_line="Gift of N. N.",
        images=(Image(uri="https://img.example/1.jpg", width=8, height=6, caption="front"),),
        rights=Rights(uri="http://creativecommons.org/publicdomain/zero/1.0/"),
        required_statement=RequiredStatement(value="The Museum"),
    )
    manifest: dict[str, Any] = to_iiif_manifest(record, base_uri=BASE)

    read = map_manifest(manifest, Draft("m.json", 0, "museum", b""))

    assert isinstance(read, Mapped)
    for field in ("accession", "titles", "produced", "medium", "credit_line", "images", "rights"):
        assert getattr(read.record, field) == getattr(record, field), field
    assert read.record.required_statement == record.required_statement
    assert [(d.kind, d.value) for d in read.record.dimensions] == [("height", 0.1)]
