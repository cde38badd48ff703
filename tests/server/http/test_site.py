"""What surrounds every answer: headers, limits, compression, the error wall, health and metrics."""

import asyncio
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.holdings import Gallery
from server.store import StoreBusy, StoredMuseum
from tests.server.conftest import Opening
from tests.server.http.test_assets import ASSET


@pytest.mark.parametrize("path", ["/", "/api", "/none", "/healthz", ASSET, "/metrics"])
async def test_every_answer_tells_browsers_what_it_may_do(path: str, client: httpx.AsyncClient) -> None:
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "default-src" in headers["content-security-policy"]
    assert "server" not in headers
    assert "strict-transport-security" not in headers


async def test_only_pages_may_load_anything(client: httpx.AsyncClient) -> None:
    page, data = await client.get("/"), await client.get("/api")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert data.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_pages_of_other_origins_may_read_the_api_but_never_with_credentials(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/api", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asked = {"origin": "https://example.org", "access-control-request-method": "GET"}
    before = await client.options(ASSET, headers={**asked, "access-control-request-headers": "range"})
    assert before.status_code == 200
    refused = await client.options(ASSET, headers={**asked, "access-control-request-method": "DELETE"})
    assert refused.status_code == 400


async def test_other_origins_can_be_kept_out(built_store: Path, opening: Opening) -> None:
    async with opening(built_store, http={"cors_origins": ["https://museum.example"]}) as running:
        other = await running.client.get("/api", headers={"origin": "https://example.org"})
        own = await running.client.get("/api", headers={"origin": "https://museum.example"})
    assert "access-control-allow-origin" not in other.headers
    assert own.headers["access-control-allow-origin"] == "https://museum.example"


async def test_text_is_compressed_where_it_pays_and_files_never(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/openapi.json")).headers["content-encoding"] == "gzip"
    assert (await client.get("/")).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in (await client.get("/api")).headers
    assert "content-encoding" not in (await client.get(ASSET)).headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
async def test_nothing_here_writes(method: str, client: httpx.AsyncClient) -> None:
    for path in ("/", "/api/artifacts", ASSET):
        answer = await client.request(method, path, content=b"{}")
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]


async def test_a_body_beyond_the_limit_is_refused_stated_or_not(client: httpx.AsyncClient) -> None:
    async def endless() -> object:
        while True:
            yield b"x" * 8192

    assert (await client.post("/api", content=b"x" * 70_000)).status_code == 413
    unstated = client.build_request("POST", "/api", content=endless())  # type: ignore[arg-type]
    try:
        answer = await client.send(unstated)
    except httpx.TransportError:
        return  # the server hung up while the client was still sending
    assert answer.status_code == 413


async def test_what_nobody_foresaw_is_a_500_without_detail(
    built_store: Path, opening: Opening, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: StoredMuseum) -> tuple[Gallery, ...]:
        raise RuntimeError("the secret of the store")

    monkeypatch.setattr(StoredMuseum, "galleries", broken)
    async with opening(built_store) as running:
        answer = await running.client.get("/api/galleries?q=visitor")
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert "secret" not in answer.text
    (record,) = [r for r in caplog.records if r.name == "server.http.shell"]
    assert record.exc_info is not None
    assert vars(record)["route"] == "/api/galleries"


async def test_a_store_that_does_not_answer_in_time_is_a_503_to_try_again(
    built_store: Path, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_: StoredMuseum, __: str) -> None:
        raise StoreBusy("the store did not answer within 5 s")

    async def slow(_: StoredMuseum) -> int:
        raise StoreBusy("the store did not answer within 5 s")

    monkeypatch.setattr(StoredMuseum, "record", busy)
    monkeypatch.setattr(StoredMuseum, "count", slow)
    async with opening(built_store) as running:
        answer = await running.client.get("/api/artifacts/sample:jade-bi")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        ready = await running.client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["obstacles"] == ["the store did not answer within 5 s"]
        assert (await running.client.get("/healthz")).status_code == 200


async def test_a_server_that_can_be_sent_visitors_says_so(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.headers["cache-control"] == "no-store"


async def test_metrics_count_answers_by_route_never_by_path(client: httpx.AsyncClient) -> None:
    await client.get("/api/artifacts/sample:jade-bi")
    await client.get("/api/artifacts?q=visitor-words")
    text = (await client.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    routes = {sample.labels["route"] for sample in families["twin_http_seconds"].samples}
    assert {"/api/artifacts/{artifact}", "/api/artifacts"} <= routes
    assert "visitor-words" not in text
    assert "jade" not in text
    assert families["twin_connections"].samples[0].value >= 1


async def test_metrics_can_be_kept_for_those_with_the_token(built_store: Path, opening: Opening) -> None:
    async with opening(built_store, metrics_token="hush") as running:
        for given in ({}, {"authorization": "Bearer no"}, {"authorization": "hush"}):
            answer = await running.client.get("/metrics", headers=given)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
        answer = await running.client.get("/metrics", headers={"authorization": "Bearer hush"})
        assert answer.status_code == 200


async def test_the_page_shows_every_exhibit_in_plan_and_list_without_a_script(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Bell of Lai" in answer.text
    assert answer.text.count('<rect class="plinth"') == 2
    assert "<script" not in answer.text
    assert "26 artifacts in 1 gallery" in answer.text


async def test_the_page_shows_names_as_text_whatever_they_hold(built_store: Path, opening: Opening) -> None:
    async with opening(built_store, name="<img src=x>") as running:
        assert "<img src=x>" not in (await running.client.get("/")).text


async def test_the_address_for_phones_is_a_picture(client: httpx.AsyncClient) -> None:
    answer = await client.get("/visit.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(answer.content).tag.endswith("svg")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1/x", '"><script>', "a b", ""])
async def test_a_host_that_a_client_invents_gets_into_no_markup(host: str, standing_port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", standing_port)
    writer.write(f"GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    assert "<script" not in answer
    assert answer.split(" ")[1] in ("200", "400")


@pytest.mark.parametrize("path", ["/", "/visit.svg", "/api", "/api/artifacts?limit=1"])
@pytest.mark.parametrize("host", ["[", "a/api/artifacts", "x" * 5000])
async def test_a_host_that_cannot_be_one_is_refused_and_never_a_fault(
    host: str, path: str, client: httpx.AsyncClient
) -> None:
    answer = await client.get(path, headers={"host": host})
    assert answer.status_code == 400
    assert "Host" in answer.json()["detail"]


async def test_an_empty_museum_has_a_page_as_well(tmp_path: Path, opening: Opening) -> None:
    from assets.catalog.store.catalog import Catalog

    await asyncio.to_thread(lambda: Catalog(tmp_path).close())
    async with opening(tmp_path) as running:
        assert (await running.client.get("/")).status_code == 200
        assert json.loads((await running.client.get("/api/galleries")).text) == {"galleries": []}


@pytest.fixture
def web_client(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    (folder / "code").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Client</title>")
    (folder / "code" / "main.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "way-out").symlink_to(tmp_path / "secret.txt")
    return folder


async def test_the_built_web_client_takes_the_place_of_the_page(
    built_store: Path, web_client: Path, opening: Opening
) -> None:
    async with opening(built_store, web_client=web_client) as running:
        page = await running.client.get("/")
        assert "<title>Client</title>" in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
        code = await running.client.get("/app/code/main.js")
        assert code.headers["content-type"].startswith("text/javascript"), code.text
        assert code.headers["cache-control"] == "no-cache"
        again = await running.client.get("/app/code/main.js", headers={"if-none-match": code.headers["etag"]})
        assert again.status_code == 304
        assert (await running.client.get("/api")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/app/../secret.txt", "/app/%2e%2e/secret.txt", "/app/way-out", "/app/none"]
)
async def test_nothing_outside_of_the_web_client_is_served(
    path: str, built_store: Path, web_client: Path, opening: Opening
) -> None:
    async with opening(built_store, web_client=web_client) as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.twin.port)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        assert answer.split(b" ")[1] == b"404"
        assert b"secret" not in answer
