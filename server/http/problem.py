"""Errors as ``application/problem+json`` (RFC 9457): what went wrong and what to do, never a traceback."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import orjson
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"


class Problem(BaseModel):
    """RFC 9457 problem details."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    type: str = "about:blank"
    """A URI that names the kind of problem; ``about:blank``: the status says all."""
    title: str
    """The status in words."""
    status: int
    """The HTTP status code."""
    detail: str
    """What went wrong with this request, and what to do about it."""


class Refused(Exception):
    """A request that gets a problem for an answer."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that states a problem; never cached."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail).model_dump()
    return Response(
        orjson.dumps(body), status, {"cache-control": "no-store", **(headers or {})}, media_type=MEDIA_TYPE
    )
