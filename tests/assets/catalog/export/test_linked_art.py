import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from assets.catalog.export.linked_art import to_linked_art
from assets.catalog.record import (
    Acquisition,
    ArtifactRecord,
    Dimension,
    Maker,
    Place,
    Relation,
    Rights,
    Term,
    TimeSpan,
)
from assets.catalog.row import Mapped
from assets.catalog.sources.draft import Draft
from assets.catalog.sources.linked_art import map_linked_art
from assets.catalog.sources.linked_art_node import Node

BASE = "https://museum.example/data"
Valued = TypeVar("Valued")


def _record(**values: object) -> ArtifactRecord:
    known = {"id": "museum:1", "institution": "museum", "accession": "1.2", **values}
    return ArtifactRecord.model_validate(known)


def _read_back(record: ArtifactRecord) -> ArtifactRecord:
    document = json.loads(json.dumps(to_linked_art(record, base_uri=BASE)))
    read = map_linked_art(Node(document, "$"), Draft("x.json", 0, record.institution, b""))
    assert isinstance(read, Mapped), read
    return read.record


def _once(values: Iterable[Valued]) -> tuple[Valued, ...]:
    kept: list[Valued] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return tuple(kept)


def _carried(record: ArtifactRecord) -> dict[str, Any]:
    """What the object document of Linked Art 1.0 has room for, in an order that does not matter."""
    certain = [t for t in record.object_types if not t.uncertain]
    guessed = [t.model_copy(update={"language": "und"}) for t in record.object_types if t.uncertain]
    values: dict[str, Any] = {
        "id": record.id,
        "accession": record.accession,
        "identifiers": sorted(record.identifiers, key=repr),
        "titles": sorted(record.titles, key=repr),
        "texts": record.texts,
        "object_types": _once(certain + guessed),
        "makers": _once(_named_maker(maker) for maker in record.makers),
        "produced": record.produced,
        "phases": record.phases,
        "materials": _once(
            t.model_copy(update={"language": "und", "uncertain": False}) for t in record.materials
        ),
        "techniques": _certain(record.techniques),
        "medium": record.medium,
        "dimensions": record.dimensions,
        "cultures": _certain(record.cultures),
        "periods": _certain(record.periods),
        "places": _places(record.places),
        "department": record.department,
        "credit_line": record.credit_line,
        "rights": _shown(record.rights),
        "required_statement": record.required_statement,
        "images": _once(i.model_copy(update={"rights": _granted(i.rights)}) for i in record.images),
        "scans": _once(s.model_copy(update={"rights": _granted(s.rights)}) for s in record.scans),
        "relations": _relations(record.relations),
        "acquisition": None if record.acquisition == Acquisition() else record.acquisition,
    }
    return values


def _certain(terms: Iterable[Term]) -> tuple[Term, ...]:
    return _once(term.model_copy(update={"uncertain": False}) for term in terms)


def _named_maker(maker: Maker) -> Maker:
    actor = maker.actor.model_copy(update={"born": None, "died": None, "nationality": None})
    return maker.model_copy(update={"actor": actor})


def _places(places: Iterable[Place]) -> list[Place]:
    kept = [place for place in places if place.role == "kept"][:1]
    others = [place for place in places if place.role in ("made", "found", "used")]
    plain = {"latitude": None, "longitude": None, "uncertain": False}
    return sorted(_once(place.model_copy(update=plain) for place in kept + others), key=repr)


def _granted(rights: Rights | None) -> Rights | None:
    return rights and rights.model_copy(update={"shows": True})


def _shown(rights: Rights | None) -> Rights | None:
    granted = _granted(rights)
    return None if granted == Rights() else granted


def _relations(relations: Iterable[Relation]) -> list[Relation]:
    listed = list(relations)
    wholes = [r for r in listed if r.kind == "part-of"][:1]
    sets = [r for r in listed if r.kind == "set"]
    pages = [r for r in listed if r.kind == "page" and r.target.startswith("http")]
    return sorted(_once(wholes + sets + pages), key=repr)


@pytest.fixture(scope="session")
def schema(shared_data: Path) -> Draft202012Validator:
    folder = shared_data / "catalogue" / "linked_art" / "docs" / "api" / "1.0" / "schema"
    documents = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    registry: Registry[Any] = Registry().with_resources(
        [(each["$id"], Resource.from_contents(each)) for each in documents if "$id" in each]
    )
    return Draft202012Validator(json.loads((folder / "object.json").read_text()), registry=registry)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_the_standard_carries_comes_back_equal(
    draw_record: Callable[[st.DataObject], ArtifactRecord], data: st.DataObject
) -> None:
    record = draw_record(data)

    assert _carried(_read_back(record)) == _carried(record)


@pytest.mark.data
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_any_record_validates_against_the_published_schema(
    draw_record: Callable[[st.DataObject], ArtifactRecord], schema: Draft202012Validator, data: st.DataObject
) -> None:
    document = to_linked_art(draw_record(data), base_uri=BASE)

    assert [error.message for error in schema.iter_errors(document)] == []


@pytest.mark.data
def test_records_of_every_institution_validate_and_come_back_equal(
    real_records: list[ArtifactRecord], schema: Draft202012Validator
) -> None:
    assert len(real_records) > 200
    for record in real_records:
        assert [error.message for error in schema.iter_errors(to_linked_art(record, base_uri=BASE))] == []
        assert _carried(_read_back(record)) == _carried(record)


@pytest.mark.data
def test_the_schema_refuses_a_document_with_an_unknown_property(schema: Draft202012Validator) -> None:
    document = to_linked_art(_record(), base_uri=BASE) | {"color": "red"}

    assert not schema.is_valid(document)


def test_years_before_the_common_era_are_astronomical() -> None:
    span = TimeSpan(earliest=-489, latest=0, text="490–1 BCE")

    timespan = to_linked_art(_record(produced=span), base_uri=BASE)["produced_by"]["timespan"]

    assert timespan["begin_of_the_begin"] == "-0489-01-01T00:00:00Z"
    assert timespan["end_of_the_end"] == "0000-12-31T23:59:59Z"


def test_an_open_beginning_is_left_out() -> None:
    timespan = to_linked_art(_record(produced=TimeSpan(latest=1920)), base_uri=BASE)["produced_by"][
        "timespan"
    ]

    assert "begin_of_the_begin" not in timespan
    assert timespan["end_of_the_end"] == "1920-12-31T23:59:59Z"


def test_dimensions_are_given_in_si_with_the_stated_value_as_a_name() -> None:
    height = Dimension(kind="height", value=0.267, unit="m", stated_value=26.7, stated_unit="cm")

    (dimension,) = to_linked_art(_record(dimensions=(height,)), base_uri=BASE)["dimension"]

    assert (dimension["value"], dimension["unit"]["_label"]) == (0.267, "m")
    assert dimension["identified_by"] == [{"type": "Name", "content": "26.7 cm"}]


def test_terms_without_an_authority_get_a_uri_below_the_base() -> None:
    (concept,) = to_linked_art(_record(object_types=(Term(label="Kylix / Cup"),)), base_uri=BASE + "/")[
        "classified_as"
    ]

    assert concept["id"] == "https://museum.example/data/named/type/Kylix%20%2F%20Cup"


def test_an_uncertain_object_type_is_an_attribution_and_no_classification() -> None:
    document = to_linked_art(_record(object_types=(Term(label="lamp", uncertain=True),)), base_uri=BASE)

    assert "classified_as" not in document
    assert document["attributed_by"][0]["assigned"][0]["_label"] == "lamp"
