"""The port: faults told plainly, and clients that dawdle, flood or never read."""

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest

from server.listener import PortError, listen
from tests.server.conftest import Opening, sheet
from tests.server.http.test_assets import ASSET


@asynccontextmanager
async def dialed(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection, closed in the end however the other side left it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def is_cut_off(reader: asyncio.StreamReader) -> bool:
    """Whether the connection ends without another byte."""
    try:
        return await reader.read() == b""
    except ConnectionResetError:
        return True


def large_file(store: Path) -> str:
    """Publish a file that no socket buffer takes whole; returns its path."""
    content = bytes(32 << 20)
    listing = store / "sample" / "museum.json"
    museum = json.loads(listing.read_text())
    museum["artifacts"]["jade-bi"] = sheet(content, "jade-bi")
    listing.write_text(json.dumps(museum))
    (store / "sample" / "artifacts" / "jade-bi.glb").write_bytes(content)
    return f"/assets/{hashlib.sha256(content).hexdigest()}"


def test_a_taken_port_is_told_with_the_way_to_find_who_has_it() -> None:
    (held,) = listen("127.0.0.1", 0)
    port = held.getsockname()[1]
    with pytest.raises(PortError, match=rf"port {port} is taken.*--port.*ss -ltnp"):
        listen("127.0.0.1", port)
    held.close()


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(PortError, match=r"192\.0\.2\.77: is no address of this machine"):
        listen("192.0.2.77", 0)


def test_a_host_that_is_no_address_is_told() -> None:
    with pytest.raises(PortError, match=r"no such host\.invalid: is no address"):
        listen("no such host.invalid", 0)


def test_a_name_with_several_addresses_has_one_port_on_all() -> None:
    sockets = listen("localhost", 0)
    assert len({opened.getsockname()[1] for opened in sockets}) == 1
    for opened in sockets:
        opened.close()


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nhost: x\r\n"])
async def test_a_client_that_does_not_finish_its_request_is_cut_off(
    sent: bytes, built_store: Path, opening: Opening
) -> None:
    async with (
        opening(built_store, http={"header_s": 1.0}) as running,
        dialed(running.twin.port) as (reader, writer),
    ):
        writer.write(sent)
        assert await is_cut_off(reader)


async def test_so_is_one_that_dawdles_over_its_second_request(built_store: Path, opening: Opening) -> None:
    async with (
        opening(built_store, http={"header_s": 2.0, "keep_alive_s": 600}) as running,
        dialed(running.twin.port) as (reader, writer),
    ):
        writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        writer.write(b"GET /healthz HT")
        assert await is_cut_off(reader)


@pytest.mark.parametrize("late", [b"{", b"{} and all"])
async def test_a_body_that_comes_after_the_answer_keeps_no_connection_open(
    late: bytes, built_store: Path, opening: Opening
) -> None:
    async with (
        opening(built_store, http={"header_s": 1.0, "keep_alive_s": 600}) as running,
        dialed(running.twin.port) as (reader, writer),
    ):
        writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n")
        await reader.readuntil(b'"}')
        writer.write(late)
        assert await is_cut_off(reader)


async def test_a_body_that_does_not_come_in_time_is_refused(built_store: Path, opening: Opening) -> None:
    async with (
        opening(built_store, http={"header_s": 1.0}) as running,
        dialed(running.twin.port) as (reader, writer),
    ):
        writer.write(b"POST /api HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        assert (await reader.readuntil(b"\r\n")).split(b" ")[1] == b"413"


async def test_a_client_that_never_reads_its_answer_is_cut_off(store: Path, opening: Opening) -> None:
    path = await asyncio.to_thread(large_file, store)
    async with opening(store, http={"send_s": 0.2}) as running:
        silent = socket.socket()
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(silent, ("127.0.0.1", running.twin.port))
        await loop.sock_sendall(silent, f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        # Alone again, as each look at the metrics finds: the silent client's connection is gone.
        while "twin_connections 1.0" not in (await running.client.get("/metrics")).text:
            continue
        silent.close()


async def test_a_head_beyond_the_limit_is_refused(built_store: Path, opening: Opening) -> None:
    async with (
        opening(built_store, http={"header_bytes": 2048}) as running,
        dialed(running.twin.port) as (reader, writer),
    ):
        writer.write(b"GET / HTTP/1.1\r\nx: " + b"a" * 8192)
        assert (await reader.read()).startswith(b"HTTP/1.1 400")


async def test_beyond_the_limit_of_connections_a_client_is_told_to_come_later(
    built_store: Path, opening: Opening
) -> None:
    async with opening(built_store, connections=2) as running, AsyncExitStack() as held:
        for _ in range(2):
            reader, writer = await held.enter_async_context(dialed(running.twin.port))
            writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
        reader, _ = await held.enter_async_context(dialed(running.twin.port))
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"retry-after" in answer


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nho st: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
async def test_bytes_that_are_no_request_get_a_400_and_nothing_else(sent: bytes, standing_port: int) -> None:
    async with dialed(standing_port) as (reader, writer):
        writer.write(sent)
        assert (await reader.readuntil(b"\r\n")).split(b" ")[1] == b"400"


async def test_requests_sent_at_once_are_answered_in_order(standing_port: int) -> None:
    async with dialed(standing_port) as (reader, writer):
        paths = ("/healthz", "/none", ASSET, "/readyz")
        writer.write(b"".join(f"HEAD {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode() for path in paths))
        told = [(await reader.readuntil(b"\r\n\r\n")).split(b" ")[1] for _ in paths]
        assert told == [b"200", b"404", b"200", b"200"]
