"""The site: routes, and what surrounds them. Everything on the port that is not the websocket."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from server.http.api import OPERATIONS, Answered
from server.http.health import alive, metrics, ready
from server.http.openapi import description
from server.http.page import page, picture
from server.http.problem import Refused, problem
from server.http.shell import ROUTE, Bounded, Guarded, Measured
from server.http.standing import Standing
from server.http.web_client import client_routes
from server.store import StoreBusy

_EXPOSED = ("ETag", "Content-Range", "Accept-Ranges", "Link")
_RETRY_S = "2"


def site(on: Standing) -> ASGIApp:
    """The ASGI application for everything that is HTTP."""
    http = on.settings.http
    client = on.settings.web_client
    routes: list[BaseRoute] = [_route("/", page)] if client is None else client_routes(client)
    routes += [_route("/visit.svg", picture), _route("/healthz", alive)]
    routes += [
        _route("/readyz", ready),
        _route("/metrics", metrics),
        _route("/api/openapi.json", description),
    ]
    routes += [_route(operation.path, operation.endpoint) for operation in OPERATIONS]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Guarded, framed_by=http.framed_by, encrypted=on.settings.tls.certificate is not None),
            Middleware(Bounded, most=http.request_bytes, within_s=http.header_s),
            Middleware(
                CORSMiddleware,
                allow_origins=http.cors_origins,
                allow_methods=("GET", "HEAD"),
                allow_headers=("Accept", "If-None-Match", "If-Range", "Range"),
                expose_headers=_EXPOSED,
            ),
            Middleware(Compressed, minimum_size=http.compress_from_bytes),
        ],
        exception_handlers={
            Refused: _refused,
            HTTPException: _missed,
            StoreBusy: _busy,
            Exception: _failed,
        },
    )
    # A redirect would be built from the Host header, which is the client's to choose.
    app.router.redirect_slashes = False
    app.state.standing = on
    return Measured(app, on.metrics)


class Compressed:
    """Compresses text; files are compressed already, and a range of them must not be."""

    def __init__(self, app: ASGIApp, minimum_size: int) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=minimum_size, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        plain = scope["type"] != "http" or scope["path"].startswith(("/assets/", "/healthz", "/readyz"))
        await (self._app if plain else self._compressing)(scope, receive, send)


def _route(path: str, endpoint: Answered) -> Route:
    async def named(request: Request) -> Response:
        request.scope[ROUTE] = path
        return await endpoint(request)

    return Route(path.replace("{artifact}", "{artifact:path}"), named, methods=["GET"])


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(error.status, error.detail, error.headers)


async def _missed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    details = {
        404: "there is nothing at this address; /api/openapi.json describes what is here",
        405: f"this address answers {dict(error.headers or {}).get('Allow', 'GET')} only",
    }
    return problem(error.status_code, details.get(error.status_code, error.detail), error.headers)


async def _busy(_: Request, error: Exception) -> Response:
    return problem(503, f"{error}; try again shortly", {"retry-after": _RETRY_S})


async def _failed(_: Request, __: Exception) -> Response:
    return problem(500, "the server failed; the fault is in its log")
