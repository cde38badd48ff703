"""``/assets/<sha256>``: published files, named by their content, cacheable for ever.

Starlette's own file answer refuses units and malformed ranges that RFC 9110 (section 14.2) tells a server to
ignore, and a whole request for one range beyond the end; so ranges are read by :mod:`server.http.ranges`.
"""

import re
import secrets
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.files import Derivative
from server.http.problem import Refused
from server.http.ranges import Unsatisfiable, byte_ranges
from server.http.standing import standing

CHUNK_BYTES: Final = 256 * 1024
IMMUTABLE: Final = "public, max-age=31536000, immutable"

_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)

Range = tuple[int, int]


async def asset(request: Request) -> Response:
    """One file, whole or in ranges. Only a full SHA-256 is looked up: no client names a path."""
    sha256 = request.path_params["sha256"]
    file = await standing(request).museum.asset(sha256) if _HASH.fullmatch(sha256) else None
    if file is None:
        raise Refused(
            404, f"no published file has the hash {sha256[:64]!r}; derivatives of an artifact list theirs"
        )
    headers = {
        "etag": f'"{file.sha256}"',
        "cache-control": IMMUTABLE,
        "accept-ranges": "bytes",
        "cross-origin-resource-policy": "cross-origin",
    }
    if matches(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    try:
        ranges = byte_ranges(_range_header(request, headers["etag"]), file.size)
    except Unsatisfiable:
        raise Refused(
            416,
            f"the file has {file.size} bytes",
            {"accept-ranges": "bytes", "content-range": f"bytes */{file.size}"},
        ) from None
    return _answer(file, ranges, headers, head=request.method == "HEAD")


def matches(header: str | None, etag: str) -> bool:
    """Does ``If-None-Match`` name this entity tag (weak comparison, RFC 9110 section 13.1.2)?"""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    bare = etag.removeprefix("W/")
    return bare in {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _range_header(request: Request, etag: str) -> str | None:
    if request.method != "GET":
        return None  # ranges are defined for GET alone (section 14.2)
    condition = request.headers.get("if-range")
    # If-Range compares strongly (section 13.1.5); files have no date that could be meant by it.
    return None if condition is not None and condition != etag else request.headers.get("range")


def _answer(file: Derivative, ranges: Sequence[Range], headers: dict[str, str], *, head: bool) -> Response:
    boundary = secrets.token_hex(12)
    parts: list[bytes | Range]
    if not ranges:
        status, media_type, parts = 200, file.media_type, [(0, file.size - 1)]
    elif len(ranges) == 1:
        status, media_type, parts = 206, file.media_type, [ranges[0]]
        headers["content-range"] = f"bytes {ranges[0][0]}-{ranges[0][1]}/{file.size}"
    else:
        status, media_type = 206, f"multipart/byteranges; boundary={boundary}"
        parts = _multipart(ranges, boundary, file)
    length = sum(len(part) if isinstance(part, bytes) else part[1] - part[0] + 1 for part in parts)
    headers["content-length"] = str(length)
    if head:
        return Response(status_code=status, headers=headers, media_type=media_type)
    return StreamingResponse(_content(file.path, parts), status, headers, media_type)


def _multipart(ranges: Sequence[Range], boundary: str, file: Derivative) -> list[bytes | Range]:
    parts: list[bytes | Range] = []
    for first, last in ranges:
        head = (
            f"--{boundary}\r\nContent-Type: {file.media_type}\r\n"
            f"Content-Range: bytes {first}-{last}/{file.size}\r\n\r\n"
        )
        parts += [head.encode("ascii"), (first, last), b"\r\n"]
    return [*parts, f"--{boundary}--\r\n".encode("ascii")]


async def _content(path: Path, parts: Sequence[bytes | Range]) -> AsyncIterator[bytes]:
    file = await to_thread.run_sync(path.open, "rb")
    try:
        for part in parts:
            if isinstance(part, bytes):
                yield part
                continue
            first, last = part
            while first <= last:
                chunk = await to_thread.run_sync(
                    partial(_read_at, file, first, min(CHUNK_BYTES, last - first + 1))
                )
                if not chunk:
                    raise OSError(f"{path}: became shorter while it was sent")
                first += len(chunk)
                yield chunk
    finally:
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(file.close)


def _read_at(file: BinaryIO, position: int, length: int) -> bytes:
    file.seek(position)
    return file.read(length)
