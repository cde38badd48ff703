"""The catalog API: published records, galleries and files, in our own shape and in the standards'.

:data:`OPERATIONS` is the one table from which routes and the OpenAPI document are made. Every answer has an
entity tag and must be asked for again (``no-cache``), so that a withdrawn artifact is gone at once; where
nothing changed, that costs a 304. Nothing here writes.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from assets.catalog.export.iiif import MEDIA_TYPE as IIIF
from assets.catalog.export.iiif import Provider, to_iiif_manifest
from assets.catalog.export.linked_art import MEDIA_TYPE as LINKED_ART
from assets.catalog.export.linked_art import to_linked_art
from assets.catalog.record import ArtifactRecord
from server.http.accept import preferred
from server.http.assets import asset, matches
from server.http.bodies import Body
from server.http.problem import Refused
from server.http.shapes import (
    ArtifactList,
    Entry,
    FileList,
    Room,
    RoomList,
    file,
    quoted,
    room,
    summary,
    whole,
)
from server.http.standing import base_uri, standing

JSON: Final = "application/json"
LONGEST_WORDS: Final = 256
"""Characters of a search; more is refused."""
LONGEST_CURSOR: Final = 512

Answered = Callable[[Request], Awaitable[Response]]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something a client names in the path or the query."""

    name: str
    about: str
    place: str = "query"
    schema: Json = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing the API does: its address, what it answers with, and the code that does it."""

    path: str
    name: str
    about: str
    endpoint: Answered
    answers: Mapping[str, type[BaseModel] | None]
    """Media type to the model of its body; ``None``: the standard's own shape, or bytes."""
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = ()


def answered(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer with an entity tag, or 304 where the client has it already."""
    return _tagged(request, Body.of(body), media_type, headers or {})


def _tagged(request: Request, body: Body, media_type: str, headers: Mapping[str, str]) -> Response:
    sent = {"etag": body.etag, "cache-control": "no-cache", **headers}
    if matches(request.headers.get("if-none-match"), body.etag):
        return Response(status_code=304, headers=sent)
    return Response(body.content, headers=sent, media_type=media_type)


async def entry(request: Request) -> Response:
    """The way in."""
    base = base_uri(request)
    links = {
        "artifacts": f"{base}/api/artifacts{{?q,limit,cursor}}",
        "artifact": f"{base}/api/artifacts/{{artifact}}",
        "galleries": f"{base}/api/galleries",
        "description": f"{base}/api/openapi.json",
    }
    body = Entry(
        name=standing(request).settings.name, artifacts=await standing(request).museum.count(), links=links
    )
    return answered(request, body.model_dump_json().encode(), JSON)


async def artifacts(request: Request) -> Response:
    """A page of all artifacts, or of those that a search finds."""
    words = request.query_params.get("q", "")
    if len(words) > LONGEST_WORDS:
        raise Refused(400, f"q has {len(words)} characters; search with at most {LONGEST_WORDS}")
    limit = _limit(request)
    cursor = request.query_params.get("cursor")
    try:
        if cursor is not None and len(cursor) > LONGEST_CURSOR:
            raise ValueError
        page = await standing(request).museum.page(words, cursor, limit)
    except ValueError:
        raise Refused(400, "cursor is none of ours; follow the address in `next`") from None
    base = base_uri(request)
    following = None
    if page.next is not None:
        query = {"q": words} if words else {}
        following = f"{base}/api/artifacts?{urlencode({**query, 'limit': limit, 'cursor': page.next})}"
    body = ArtifactList(artifacts=tuple(summary(record, base) for record in page.records), next=following)
    return answered(request, body.model_dump_json().encode(), JSON)


async def artifact(request: Request) -> Response:
    """One record, in the shape the client prefers."""
    return await _shaped(request, (JSON, LINKED_ART, IIIF))


async def published_object(request: Request) -> Response:
    """What the identifier of an artifact in Linked Art leads to."""
    return await _shaped(request, (LINKED_ART, JSON, IIIF))


async def linked_art(request: Request) -> Response:
    """One record as Linked Art, whatever the client accepts."""
    return _as(request, await _record(request), LINKED_ART)


async def manifest(request: Request) -> Response:
    """One record as IIIF manifest, whatever the client accepts."""
    return _as(request, await _record(request), IIIF)


async def derivatives(request: Request) -> Response:
    """The files of one artifact."""
    record = await _record(request)
    files = await standing(request).museum.derivatives(record.id)
    body = FileList(artifact=record.id, files=tuple(file(f, base_uri(request)) for f in files))
    return answered(request, body.model_dump_json().encode(), JSON)


async def galleries(request: Request) -> Response:
    """All galleries with their exhibits."""
    base = base_uri(request)
    body = RoomList(galleries=tuple(room(g, base) for g in await standing(request).museum.galleries()))
    return answered(request, body.model_dump_json().encode(), JSON)


async def gallery(request: Request) -> Response:
    """One gallery with its exhibits."""
    slug = request.path_params["gallery"]
    for found in await standing(request).museum.galleries():
        if found.slug == slug:
            return answered(request, room(found, base_uri(request)).model_dump_json().encode(), JSON)
    raise Refused(404, f"there is no gallery {slug[:80]!r}; /api/galleries lists them")


async def _shaped(request: Request, offered: tuple[str, ...]) -> Response:
    record = await _record(request)
    chosen = preferred(request.headers.get("accept"), offered)
    if chosen is None:
        raise Refused(406, f"offered are {', '.join(offered)}", {"vary": "accept"})
    return _as(request, record, chosen, {"vary": "accept"})


def _as(
    request: Request, record: ArtifactRecord, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    base, stands = base_uri(request), standing(request)

    def write() -> bytes:
        if media_type == LINKED_ART:
            document: Json = to_linked_art(record, base_uri=base)
        elif media_type == IIIF:
            provider = Provider(stands.settings.name, base)
            document = to_iiif_manifest(record, base_uri=base, provider=provider)
        else:
            document = whole(record)
        return orjson.dumps(document)

    links = {"link": f'<{base}/object/{quoted(record.id)}>; rel="canonical"', **(headers or {})}
    return _tagged(request, stands.bodies.of(record, (media_type, base), write), media_type, links)


async def _record(request: Request) -> ArtifactRecord:
    artifact_id = request.path_params["artifact"]
    record = await standing(request).museum.record(artifact_id)
    if record is None:
        raise Refused(
            404, f"no artifact {artifact_id[:120]!r} is published here; /api/artifacts?q= finds identifiers"
        )
    return record


def _limit(request: Request) -> int:
    most = standing(request).settings.http.page_records
    given = request.query_params.get("limit", str(min(20, most)))
    if not (given.isascii() and given.isdigit() and len(given) < 8 and 1 <= int(given) <= most):
        raise Refused(400, f"limit {given[:20]!r}: expected a whole number from 1 to {most}")
    return int(given)


_ARTIFACT = Parameter(
    "artifact", "Artifact id, `institution:identifier`; a slash inside it as `%2F`.", "path"
)
_GALLERY = Parameter("gallery", "Slug of the gallery.", "path")
_HASH = Parameter(
    "sha256", "SHA-256 of the file, hex.", "path", {"type": "string", "pattern": "^[0-9a-f]{64}$"}
)
_SEARCH = (
    Parameter(
        "q", "Words that must all occur in the record; all artifacts by id where left out.",
        schema={"type": "string", "maxLength": LONGEST_WORDS},
    ),
    Parameter(
        "limit", "Most artifacts on the page; the server's settings cap it.",
        schema={"type": "integer", "minimum": 1, "default": 20},
    ),
    Parameter(
        "cursor", "Where the page begins; taken from `next`.",
        schema={"type": "string", "maxLength": LONGEST_CURSOR},
    ),
)  # fmt: skip

_SHAPES: Final[Mapping[str, type[BaseModel] | None]] = {JSON: ArtifactRecord, LINKED_ART: None, IIIF: None}

OPERATIONS: Final = (
    Operation("/api", "entry", "The way into the API.", entry, {JSON: Entry}),
    Operation(
        "/api/artifacts", "listArtifacts", "Published artifacts, all or those a search finds, in pages.",
        artifacts, {JSON: ArtifactList}, _SEARCH, (400,),
    ),
    Operation(
        "/api/artifacts/{artifact}/linked-art", "linkedArt", "The artifact as Linked Art 1.0.",
        linked_art, {LINKED_ART: None}, (_ARTIFACT,), (404,),
    ),
    Operation(
        "/api/artifacts/{artifact}/manifest", "iiifManifest",
        "The artifact as IIIF Presentation 3.0 manifest.", manifest, {IIIF: None}, (_ARTIFACT,), (404,),
    ),
    Operation(
        "/api/artifacts/{artifact}/derivatives", "derivatives", "Published files of the artifact.",
        derivatives, {JSON: FileList}, (_ARTIFACT,), (404,),
    ),
    Operation(
        "/api/artifacts/{artifact}", "artifact", "The artifact's record, in the shape that `Accept` prefers.",
        artifact, _SHAPES, (_ARTIFACT,), (404, 406),
    ),
    Operation(
        "/api/galleries", "listGalleries", "Galleries and what stands where.", galleries, {JSON: RoomList}
    ),
    Operation(
        "/api/galleries/{gallery}", "gallery", "One gallery.", gallery, {JSON: Room}, (_GALLERY,), (404,)
    ),
    Operation(
        "/object/{artifact}/manifest", "objectManifest",
        "What the identifier of a IIIF manifest leads to.", manifest, {IIIF: None}, (_ARTIFACT,), (404,),
    ),
    Operation(
        "/object/{artifact}", "object", "What the identifier of an artifact in Linked Art leads to.",
        published_object, _SHAPES, (_ARTIFACT,), (404, 406),
    ),
    Operation(
        "/assets/{sha256}", "asset", "A published file; ranges are answered, copies may be kept for ever.",
        asset, {"model/gltf-binary": None, "application/octet-stream": None}, (_HASH,), (404, 416),
    ),
)  # fmt: skip
"""Longer paths first: an artifact's id may hold slashes."""
