import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assets.catalog.export.json_schema import record_schema
from assets.catalog.record import ArtifactRecord

COPY = Path("docs", "schema", "artifact-record.json")


@pytest.fixture(scope="session")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(record_schema())
    return Draft202012Validator(record_schema())


def test_the_committed_copy_is_not_stale(repository: Path) -> None:
    committed = json.loads((repository / COPY).read_text())

    assert committed == record_schema(), f"write {COPY} anew from record_schema(), indented by 2"


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_any_record_validates_as_it_is_serialized(
    draw_record: Callable[[st.DataObject], ArtifactRecord],
    validator: Draft202012Validator,
    data: st.DataObject,
) -> None:
    document = json.loads(draw_record(data).model_dump_json())

    assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.data
def test_real_records_validate_with_their_provenance(
    real_records: list[ArtifactRecord], validator: Draft202012Validator
) -> None:
    for record in real_records:
        assert [e.message for e in validator.iter_errors(json.loads(record.model_dump_json()))] == []


@pytest.mark.parametrize(
    "change", [{"id": "no colon"}, {"color": "red"}, {"dimensions": [{"kind": "height"}]}, {"titles": None}]
)
def test_what_the_model_refuses_the_schema_refuses(
    validator: Draft202012Validator, change: dict[str, object]
) -> None:
    document = {"id": "museum:1", "institution": "museum", "accession": "1", **change}

    with pytest.raises(ValueError, match="validation error"):
        ArtifactRecord.model_validate(document)
    assert not validator.is_valid(document)
