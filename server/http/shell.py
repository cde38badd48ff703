"""What surrounds every HTTP answer: security headers, a limit on bodies, problems for errors, time measured.

Plain ASGI, so that streams stay streams and websockets pass untouched.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.problem import problem
from server.metrics import Metrics

_log = logging.getLogger(__name__)

ROUTE: Final = "twin.route"
"""Key of the scope under which the template of the route that answers is kept, for metrics and logs."""

_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
"""Policy of what is no page: where a browser shows it all the same, it may load nothing."""

_BODILESS: Final = ("GET", "HEAD", "OPTIONS")


class Measured:
    """Times every answer, writes a line for it, and logs what nobody caught.

    Lines name the route's template, never the path or the query: those hold what a visitor looked for.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, whole = time.perf_counter(), 0, False

        async def note(message: Message) -> None:
            nonlocal status, whole
            if message["type"] == "http.response.start":
                status = message["status"]
            whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception:
            _log.exception("an answer failed", extra={"route": scope.get(ROUTE, "none")})
            if not whole:  # headers are out: only a broken connection tells that the body is short
                raise
        finally:
            seconds, route = time.perf_counter() - began, scope.get(ROUTE, "none")
            self._metrics.served(route, status, seconds)
            _log.debug("answered", extra={"route": route, "status": status, "seconds": round(seconds, 6)})


class Guarded:
    """Headers that tell browsers what these pages may do (OWASP Secure Headers)."""

    def __init__(self, app: ASGIApp, *, framed_by: Sequence[str], encrypted: bool) -> None:
        self._app = app
        self._headers = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(self), microphone=(), geolocation=(), xr-spatial-tracking=(self)",
        }
        self._page_policy = _policy(framed_by)
        if encrypted:
            self._headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                is_page = headers.get("content-type", "").startswith("text/html")
                headers.setdefault("content-security-policy", self._page_policy if is_page else _NOTHING)
            await send(message)

        await self._app(scope, receive, guarded)


class Bounded:
    """Refuses a request body of more than ``most`` bytes, or one that takes longer than ``within_s``."""

    def __init__(self, app: ASGIApp, most: int, within_s: float) -> None:
        self._app = app
        self._most = most
        self._within_s = within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isdigit() or int(stated) > self._most:
            await self._refuse(scope, receive, send)
            return
        if scope["method"] not in _BODILESS and not await self._is_taken(receive):
            await self._refuse(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _is_taken(self, receive: Receive) -> bool:
        """Read the body and throw it away: nothing here takes one yet."""
        taken = 0
        try:
            async with asyncio.timeout(self._within_s):
                while taken <= self._most:
                    message = await receive()
                    taken += len(message.get("body", b""))
                    if not message.get("more_body"):
                        return taken <= self._most
        except TimeoutError:
            pass
        return False

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = problem(
            413,
            f"a request's body may have {self._most} bytes and take {self._within_s:g} s",
            {"connection": "close"},
        )
        await refusal(scope, receive, send)


def _policy(framed_by: Sequence[str]) -> str:
    """Own scripts, WebAssembly decoders of glTF, pictures and models from memory; styles inline in pages."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self' ws: wss: data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors " + (" ".join(framed_by) or "'none'"),
        )
    )
