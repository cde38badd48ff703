"""The OpenAPI 3.1 document of the API, made from the table of operations and the models of their bodies."""

from functools import cache
from importlib.metadata import version
from typing import Any, Final

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response

from server.http.api import JSON, OPERATIONS, Operation, Parameter, answered
from server.http.problem import MEDIA_TYPE, Problem
from server.http.standing import base_uri

Json = dict[str, Any]

VERSION: Final = version("museum-twin")
_REFERENCE: Final = "#/components/schemas/{model}"
_MEANINGS: Final = {
    400: "A parameter or the Host header is wrong; the detail names it.",
    404: "There is no such thing here, or it is kept from visitors.",
    406: "None of the offered shapes is accepted.",
    416: "No byte range lies within the file.",
    500: "The server failed; the fault is in its log.",
    503: "The store did not answer in time, or the server is shutting down.",
}


async def description(request: Request) -> Response:
    """Answer with the document."""
    document = {**openapi(), "servers": [{"url": base_uri(request)}]}
    return answered(request, orjson.dumps(document), JSON)


@cache
def openapi() -> Json:
    """The document without its server; the same for every installation of this version."""
    models = {model for operation in OPERATIONS for model in operation.answers.values() if model}
    ordered: list[type[BaseModel]] = sorted({*models, Problem}, key=lambda model: model.__name__)
    _, schemas = models_json_schema([(model, "serialization") for model in ordered], ref_template=_REFERENCE)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Museum Twin: catalog API",
            "version": VERSION,
            "summary": "What a museum publishes of its artifacts, galleries and 3D files.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {operation.path: {"get": _described(operation)} for operation in OPERATIONS},
        "components": {"schemas": schemas["$defs"]},
    }


def _described(operation: Operation) -> Json:
    answers: Json = {
        "200": {
            "description": "What was asked for.",
            "headers": {"ETag": {"schema": {"type": "string"}}},
            "content": {media_type: _content(model) for media_type, model in operation.answers.items()},
        },
        "304": {"description": "The copy that If-None-Match names is current."},
    }
    if operation.name == "asset":
        answers["206"] = {**answers["200"], "description": "The ranges that were asked for."}
    for status in sorted({400, *operation.problems, 500, 503}):
        answers[str(status)] = {
            "description": _MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}},
        }
    return {
        "operationId": operation.name,
        "summary": operation.about,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": answers,
    }


def _content(model: type[BaseModel] | None) -> Json:
    return {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}} if model else {}


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.about,
        "schema": parameter.schema,
    }
