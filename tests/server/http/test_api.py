"""The catalog API over a real socket: what is published, in which shapes, and what is refused."""

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assets.catalog.export.iiif import MEDIA_TYPE as IIIF
from assets.catalog.export.linked_art import MEDIA_TYPE as LINKED_ART
from assets.catalog.ingest import Source, ingest
from assets.catalog.record import ArtifactRecord, Rights, Text
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import Catalog
from server.http.problem import Problem
from tests.server.conftest import Opening
from tests.server.http.test_assets import withdraw

BELL = "sample:lai-zhong-bell"


async def body(client: httpx.AsyncClient, path: str, **headers: str) -> Any:
    answer = await client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refusal(client: httpx.AsyncClient, path: str, **headers: str) -> Problem:
    answer = await client.get(path, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    told = Problem.model_validate_json(answer.content)
    assert told.status == answer.status_code
    return told


def add(store: Path, *records: ArtifactRecord, source: str = "other") -> None:
    outcomes = [Mapped(record, (), b"{}") for record in records]
    with Catalog(store) as catalog:
        ingest(Source(source, source, outcomes, {source: "1" * 64}), catalog, "2026-01-03T00:00:00+00:00")


def record(local: str, **fields: Any) -> ArtifactRecord:
    return ArtifactRecord(id=f"other:{local}", institution="other", accession=local, **fields)


async def test_the_entry_tells_how_much_is_published_and_where_to_go_on(client: httpx.AsyncClient) -> None:
    told = await body(client, "/api")
    assert told["artifacts"] == 26
    assert (await client.get(told["links"]["galleries"])).status_code == 200
    assert (await client.get(told["links"]["description"])).status_code == 200


async def test_following_the_pages_meets_every_artifact_once_in_order(client: httpx.AsyncClient) -> None:
    met, address = [], "/api/artifacts?limit=7"
    while address:
        page = await body(client, address)
        met += [entry["id"] for entry in page["artifacts"]]
        address = page["next"]
    assert len(met) == 26
    assert met == sorted(set(met))


async def test_a_search_finds_what_has_all_words_and_its_pages_go_on(client: httpx.AsyncClient) -> None:
    found = await body(client, "/api/artifacts?q=bronze bell")
    assert [entry["id"] for entry in found["artifacts"]] == [BELL]
    assert found["next"] is None
    met, address = [], "/api/artifacts?q=the&limit=5"
    while address:
        page = await body(client, address)
        met += [entry["id"] for entry in page["artifacts"]]
        address = page["next"]
    assert len(met) == len(set(met)) > 10


@pytest.mark.parametrize(
    "words", ['"', "'; DROP TABLE artifact; --", "a*", "NEAR(a b)", "-", "\x00", "title:bell", "钟"]
)
async def test_words_are_only_words_whatever_the_search_engine_makes_of_them(
    words: str, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/api/artifacts", params={"q": words})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=101", "limit=-1", "limit=x", "limit=1e2", "limit=", "limit=9999999999999999999999",
        "q=bell&cursor=x", "q=bell&cursor=-1", "q=bell&cursor=" + "9" * 30, "cursor=" + "a" * 600,
        "q=" + "a" * 300, "limit=%D9%A3",
    ],
)  # fmt: skip
async def test_a_parameter_that_is_wrong_is_named_with_what_was_expected(
    query: str, client: httpx.AsyncClient
) -> None:
    told = await refusal(client, f"/api/artifacts?{query}")
    assert told.status == 400
    assert told.detail.split(" ")[0] in ("limit", "cursor", "q")


async def test_a_record_is_its_own_schema_with_sources_for_its_values(client: httpx.AsyncClient) -> None:
    told = ArtifactRecord.model_validate(await body(client, f"/api/artifacts/{BELL}"))
    assert told.id == BELL
    origin = told.origin("/produced")
    assert origin is not None
    assert told.sources[origin.source].file.startswith("https://")


@pytest.mark.parametrize(
    ("accept", "media_type", "kind"),
    [
        ("application/json", "application/json", None),
        (LINKED_ART, LINKED_ART, "HumanMadeObject"),
        (IIIF, IIIF, "Manifest"),
        ("application/ld+json", LINKED_ART, "HumanMadeObject"),
    ],
)
async def test_the_record_comes_in_the_shape_that_is_accepted(
    accept: str, media_type: str, kind: str | None, client: httpx.AsyncClient
) -> None:
    answer = await client.get(f"/api/artifacts/{BELL}", headers={"accept": accept})
    assert answer.headers["content-type"] == media_type
    assert answer.json().get("type") == kind
    assert "accept" in answer.headers["vary"].lower()


async def test_a_shape_that_is_not_offered_is_refused_with_those_that_are(client: httpx.AsyncClient) -> None:
    told = await refusal(client, f"/api/artifacts/{BELL}", accept="text/turtle")
    assert told.status == 406
    assert "application/ld+json" in told.detail


async def test_identifiers_in_the_standards_documents_lead_back_to_them(client: httpx.AsyncClient) -> None:
    art = await body(client, f"/api/artifacts/{BELL}/linked-art")
    manifest = await body(client, f"/api/artifacts/{BELL}/manifest")
    assert await body(client, urlsplit(art["id"]).path) == art
    assert await body(client, urlsplit(manifest["id"]).path) == manifest
    assert manifest["seeAlso"][0]["id"] == art["id"]


async def test_identifiers_are_built_on_the_public_address(built_store: Path, opening: Opening) -> None:
    async with opening(built_store, public_url="https://twin.example.org/museum/") as running:
        art = await body(running.client, f"/api/artifacts/{BELL}/linked-art")
        page = await body(running.client, "/api/artifacts?limit=1")
    assert art["id"] == f"https://twin.example.org/museum/object/{BELL}"
    assert page["next"].startswith("https://twin.example.org/museum/api/artifacts?")


async def test_derivatives_list_each_file_with_its_address_size_and_error(client: httpx.AsyncClient) -> None:
    (told,) = (await body(client, f"/api/artifacts/{BELL}/derivatives"))["files"]
    got = await client.get(told["url"])
    assert len(got.content) == told["bytes"]
    assert got.headers["content-type"] == told["media_type"]
    assert (await body(client, "/api/artifacts/sample:moon-lute/derivatives"))["files"] == []


async def test_galleries_tell_what_stands_where_in_metres(client: httpx.AsyncClient) -> None:
    (listed,) = (await body(client, "/api/galleries"))["galleries"]
    assert await body(client, "/api/galleries/hall") == listed
    assert [(p["artifact"], p["position"]) for p in listed["placements"]] == [
        (BELL, [-1.0, 1.0, 0.0]),
        ("sample:jade-bi", [1.0, 1.0, 0.0]),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/api/artifacts/sample:none", "/api/artifacts/none", "/api/artifacts/sample:none/manifest",
        "/api/artifacts/sample:none/derivatives", "/api/artifacts/sample:none/linked-art",
        "/object/sample:none", "/object/sample:none/manifest", "/api/galleries/none", "/api/none", "/none",
    ],
)  # fmt: skip
async def test_what_is_not_there_is_a_problem_that_says_where_to_look(
    path: str, client: httpx.AsyncClient
) -> None:
    told = await refusal(client, path)
    assert told.status == 404
    assert "/api/" in told.detail


async def test_an_id_with_a_slash_is_found_in_every_shape(store: Path, opening: Opening) -> None:
    await asyncio.to_thread(add, store, record("1905/12.3"))
    async with opening(store) as running:
        (listed,) = (await body(running.client, "/api/artifacts?q=1905/12.3"))["artifacts"]
        assert "%2F" in listed["url"]
        assert (await body(running.client, listed["url"]))["id"] == "other:1905/12.3"
        manifest = await body(running.client, f"{listed['url']}/manifest")
        assert await body(running.client, manifest["id"]) == manifest


async def test_a_withdrawn_artifact_is_gone_from_every_answer_at_once(store: Path, opening: Opening) -> None:
    async with opening(store) as running:
        kept = await running.client.get(f"/api/artifacts/{BELL}")
        await asyncio.to_thread(withdraw, store, BELL)
        again = await running.client.get(
            f"/api/artifacts/{BELL}", headers={"if-none-match": kept.headers["etag"]}
        )
        assert again.status_code == 404
        assert (await body(running.client, "/api"))["artifacts"] == 25
        assert (await body(running.client, "/api/artifacts?q=bell bronze"))["artifacts"] == []
        (hall,) = (await body(running.client, "/api/galleries"))["galleries"]
        assert [p["artifact"] for p in hall["placements"]] == ["sample:jade-bi"]


async def test_what_its_rights_keep_from_visitors_is_nowhere_and_personal_data_is_masked(
    store: Path, opening: Opening
) -> None:
    hidden = record("secret", titles=(Text(content="Kept away", kind="title"),), rights=Rights(shows=False))
    note = Text(content="Bought from M. Weber, weber@example.org, in 1931", kind="provenance")
    await asyncio.to_thread(add, store, hidden, record("shown", texts=(note,)))
    async with opening(store) as running:
        assert (await refusal(running.client, "/api/artifacts/other:secret")).status == 404
        assert (await body(running.client, "/api/artifacts?q=kept away"))["artifacts"] == []
        for path in ("", "/linked-art", "/manifest"):
            told = await body(running.client, f"/api/artifacts/other:shown{path}")
            assert "weber@example.org" not in json.dumps(told)
            assert "1931" in json.dumps(told)


async def test_an_answer_that_did_not_change_costs_a_304(client: httpx.AsyncClient) -> None:
    for path in (
        "/api",
        "/api/artifacts",
        f"/api/artifacts/{BELL}",
        "/api/galleries",
        "/",
        "/api/openapi.json",
    ):
        first = await client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
