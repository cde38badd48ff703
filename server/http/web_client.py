"""The built web client: its page at ``/``, everything else of it under ``/app/``."""

import mimetypes
import re
from pathlib import Path
from typing import Final

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from server.http.shell import ROUTE
from server.settle import SettingError

# Types are guessed from the system's tables; read now, or the first answer would block.
mimetypes.init()

INDEX: Final = "index.html"
BUILT: Final = Path(__file__).resolve().parents[2] / "web_client" / "dist"
"""Where ``make web`` builds the client, in a copy of the project."""
NOT_BUILT: Final = (
    "the web client is not built, so visitors get a plain page: "
    "`make web` builds it, and needs Node 20.19 or newer"
)
_HEADERS: Final = {"cache-control": "no-cache"}
"""A client that was built anew is there with the next request; unchanged files cost a 304."""
_FOREVER: Final = {"cache-control": "public, max-age=31536000, immutable"}
"""Of files whose name holds the hash of their content."""
_HASHED: Final = re.compile(r"assets/.+-[\w-]{8}\.\w+")


def built_client() -> Path | None:
    """The folder in which the client was built; None where it was not."""
    return BUILT if (BUILT / INDEX).is_file() else None


def standing_client(folder: Path) -> Path:
    """The folder again, where a built client lies in it. Raises :class:`SettingError` where none does."""
    if not (folder / INDEX).is_file():
        raise SettingError(f"web_client: {folder} holds no {INDEX}. Build the web client, or leave this out")
    return folder


def client_routes(folder: Path) -> list[BaseRoute]:
    """Routes for the client in ``folder``, in place of the plain page."""

    return [
        Route("/", _Page(folder / INDEX), methods=["GET"]),
        Mount("/app", _Files(directory=folder, check_dir=False)),
    ]


class _Page:
    def __init__(self, file: Path) -> None:
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[ROUTE] = "/"
        await FileResponse(self._file, headers=_HEADERS, media_type="text/html")(scope, receive, send)


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        scope[ROUTE] = "/app"
        response = await super().get_response(path, scope)
        response.headers.update(_FOREVER if _HASHED.fullmatch(path) else _HEADERS)
        return response
