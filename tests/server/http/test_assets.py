"""Published files: by hash, in ranges, for ever, and never anything else of the disk."""

import asyncio
import hashlib
import os
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from assets.catalog.store.catalog import Catalog
from tests.server.conftest import BELL, ROOM, Opening

HASH = hashlib.sha256(BELL).hexdigest()
ASSET = f"/assets/{HASH}"


async def test_a_file_comes_whole_with_its_type_its_hash_as_entity_tag_and_leave_to_keep_it(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(ASSET)
    assert answer.status_code == 200
    assert answer.content == BELL
    assert answer.headers["content-type"] == "model/gltf-binary"
    assert answer.headers["etag"] == f'"{HASH}"'
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(BELL))
    assert "content-encoding" not in answer.headers


async def test_a_gallery_room_is_a_file_too(client: httpx.AsyncClient) -> None:
    (gallery,) = (await client.get("/api/galleries")).json()["galleries"]
    assert (await client.get(gallery["model"])).content == ROOM


async def test_a_range_holds_for_get_alone(client: httpx.AsyncClient) -> None:
    head = await client.head(ASSET, headers={"range": "bytes=0-9"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(BELL)))


async def test_head_tells_the_same_and_sends_nothing(client: httpx.AsyncClient) -> None:
    whole, head = await client.get(ASSET), await client.head(ASSET)
    assert head.content == b""
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in whole.headers.items() if k != "date"
    }


@pytest.mark.parametrize("tags", [f'"{HASH}"', f'W/"{HASH}"', f'"other", "{HASH}"', "*"])
async def test_who_has_the_file_already_gets_not_modified(tags: str, client: httpx.AsyncClient) -> None:
    answer = await client.get(ASSET, headers={"if-none-match": tags})
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == f'"{HASH}"'


async def test_one_range_comes_as_it_is(client: httpx.AsyncClient) -> None:
    answer = await client.get(ASSET, headers={"range": "bytes=100-199"})
    assert answer.status_code == 206
    assert answer.content == BELL[100:200]
    assert answer.headers["content-range"] == f"bytes 100-199/{len(BELL)}"
    assert answer.headers["content-length"] == "100"


async def test_several_ranges_come_as_multipart_in_the_order_asked(client: httpx.AsyncClient) -> None:
    answer = await client.get(ASSET, headers={"range": "bytes=-3,0-4,100-110"})
    assert answer.status_code == 206
    head = f"content-type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + answer.content)
    parts = [(part["content-range"], part.get_payload(decode=True)) for part in message.iter_parts()]
    size = len(BELL)
    assert parts == [
        (f"bytes {size - 3}-{size - 1}/{size}", BELL[-3:]),
        (f"bytes 0-4/{size}", BELL[:5]),
        (f"bytes 100-110/{size}", BELL[100:111]),
    ]


async def test_a_range_beyond_the_end_is_refused_with_the_size(client: httpx.AsyncClient) -> None:
    answer = await client.get(ASSET, headers={"range": f"bytes={len(BELL)}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(BELL)}"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["bytes=5-1", "lines=1-2", "bytes=x-"])
async def test_a_range_that_is_none_brings_the_whole_file(header: str, client: httpx.AsyncClient) -> None:
    answer = await client.get(ASSET, headers={"range": header})
    assert (answer.status_code, answer.content) == (200, BELL)


@pytest.mark.parametrize(
    ("condition", "status"), [(f'"{HASH}"', 206), ('"other"', 200), (f'W/"{HASH}"', 200)]
)
async def test_a_range_holds_only_for_the_version_it_was_meant_for(
    condition: str, status: int, client: httpx.AsyncClient
) -> None:
    answer = await client.get(ASSET, headers={"range": "bytes=0-9", "if-range": condition})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../museum.json", "/assets/..%2fmuseum.json", "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/museum.json", "/assets/", "/assets", "/assets//etc/passwd", "/assets/%00",
        "/assets/" + "0" * 64, "/assets/" + HASH.upper(), "/assets/" + HASH + "/", "/assets/" + HASH + ".glb",
        "/assets/" + quote("\u0660" * 64),
    ],
)  # fmt: skip
async def test_no_path_leads_to_anything_but_a_published_hash(path: str, client: httpx.AsyncClient) -> None:
    # Sent as it is: a client library would tidy the path up.
    reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert answer.split(b" ")[1] == b"404"
    assert b"root:" not in answer
    assert b'"status":404' in answer


async def test_files_of_a_withdrawn_artifact_are_gone_with_the_next_request(
    store: Path, opening: Opening
) -> None:
    async with opening(store) as running:
        assert (await running.client.get(ASSET)).status_code == 200
        await asyncio.to_thread(withdraw, store, "sample:lai-zhong-bell")
        assert (await running.client.get(ASSET)).status_code == 404


async def test_a_file_whose_content_is_not_its_hash_is_never_served(store: Path, opening: Opening) -> None:
    path = store / "sample" / "artifacts" / "lai-zhong-bell.glb"
    async with opening(store) as running:
        assert (await running.client.get(ASSET)).status_code == 200
        await asyncio.to_thread(path.write_bytes, BELL[:-1] + b"!")
        await asyncio.to_thread(os.utime, path, (1, 1))
        assert (await running.client.get(ASSET)).status_code == 404


def withdraw(store: Path, artifact: str) -> None:
    with Catalog(store) as catalog:
        catalog.withdraw(artifact, "its keeper asked", "2026-01-02T00:00:00+00:00")
