"""The OpenAPI document is valid, complete, and true of the server that publishes it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from server.http.api import OPERATIONS, Operation
from server.http.openapi import openapi
from tests.server.http.test_assets import HASH

VALUES = {"artifact": "sample:lai-zhong-bell", "gallery": "hall", "sha256": HASH}


def judge(document: dict[str, Any], schema: dict[str, Any], answer: Any) -> None:
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer)


def test_the_document_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(openapi()).validate()


async def test_the_server_publishes_it_with_its_own_address(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    assert document["servers"] == [{"url": str(client.base_url).rstrip("/")}]
    assert document["paths"] == openapi()["paths"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: str(operation.name))
async def test_every_operation_answers_as_the_document_says(
    operation: Operation, client: httpx.AsyncClient
) -> None:
    document = openapi()
    described = document["paths"][operation.path]["get"]["responses"]
    path = operation.path.format_map({name: quote(value, safe=":") for name, value in VALUES.items()})
    for media_type, content in described["200"]["content"].items():
        answer = await client.get(path, headers={"accept": media_type})
        if operation.name != "asset":
            assert answer.headers["content-type"] == media_type
        assert answer.status_code == 200
        if "schema" in content:
            judge(document, content["schema"], answer.json())


ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.fixture(scope="module")
def plain_client(standing_port: int) -> Iterator[httpx.Client]:
    """Not in an event loop, where drawing examples would block it."""
    address = f"http://127.0.0.1:{standing_port}"
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        yield client


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_sent_the_answer_is_one_that_the_document_names(
    data: st.DataObject, plain_client: httpx.Client
) -> None:
    document = openapi()
    operation = data.draw(st.sampled_from(OPERATIONS))
    places = {p.name: p.place for p in operation.parameters}
    drawn = {name: data.draw(ODD) for name in places}
    path = operation.path
    for name in (name for name, place in places.items() if place == "path"):
        path = path.replace(f"{{{name}}}", quote(drawn[name], safe=""))
    query = {name: drawn[name] for name, place in places.items() if place == "query"}
    answer = plain_client.get(path, params=query)
    described = document["paths"][operation.path]["get"]["responses"]
    # An empty or slashed name may lead to another address of the table, or to none.
    assert str(answer.status_code) in {*described, "404"}
    assert answer.status_code < 500
    if answer.status_code >= 400:
        schema = document["components"]["schemas"]["Problem"]
        judge(document, schema, answer.json())
