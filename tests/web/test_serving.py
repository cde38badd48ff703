"""The built client as the server hands it out, and what it costs a visitor."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.http import web_client as serving
from tests.web.conftest import House

MOST_JAVASCRIPT = 350_000
"""Bytes, gzip, of everything that a visitor's page loads; docs/clients.md."""


def loaded(folder: Path, *entries: str, later: bool = False) -> set[str]:
    """Names of the scripts that the page loads for these parts of it, with all that they import at once.

    ``later``: and with all that they may import afterward.
    """
    chunks = json.loads((folder / ".vite" / "manifest.json").read_text())
    names: set[str] = set()
    waiting = list(entries)
    while waiting:
        chunk = chunks[waiting.pop()]
        if chunk["file"] not in names:
            names.add(chunk["file"])
            waiting += chunk.get("imports", [])
            # The page itself may open either part.
            waiting += chunk.get("dynamicImports", []) if later and not chunk.get("isEntry") else []
    return {name for name in names if name.endswith(".js")}


def weight(folder: Path, names: set[str]) -> int:
    return sum(len(gzip.compress((folder / name).read_bytes(), 6)) for name in names)


def test_the_walk_and_the_phone_each_load_less_javascript_than_was_promised(web_client: Path) -> None:
    walk = loaded(web_client, "index.html", "src/scene/open.ts", "src/ui/open.ts", "src/xr/entry.ts")
    camera = loaded(web_client, "index.html", "src/phone/page.ts")
    place = loaded(web_client, "index.html", "src/phone/page.ts", later=True)

    assert {"viewer", "ar", "usdz", "KTX2Loader"} <= {name.split("/")[-1].rsplit("-", 1)[0] for name in place}
    assert weight(web_client, walk) <= MOST_JAVASCRIPT
    assert weight(web_client, place) <= MOST_JAVASCRIPT
    assert weight(web_client, camera) <= 60_000, "a phone that only looks needs no renderer"
    assert not any("emulate" in name for name in walk | place), "no visitor loads an emulated headset"


async def test_files_are_compressed_and_kept_for_ever_by_the_name_that_holds_their_hash(
    house: House, web_client: Path
) -> None:
    async with httpx.AsyncClient(base_url=house.address, trust_env=False) as client:
        page = await client.get("/")
        assert page.headers["cache-control"] == "no-cache"
        for address in addresses(page.text):
            script = await client.get(f"/{address}")
            assert script.status_code == 200, address
            assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert address.endswith(".css") or script.headers["content-encoding"] == "gzip"


def addresses(page: str) -> Iterator[str]:
    """Of scripts and styles in the page; relative, so that a proxy may put the twin under a path."""
    found = re.findall(r'(?:src|href)="(app/[^"]+\.(?:js|css))"', page)
    assert found
    yield from found


def test_what_was_built_in_this_copy_is_served_without_being_named(
    web_client: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(serving, "BUILT", web_client)
    assert serving.built_client() == web_client
    monkeypatch.setattr(serving, "BUILT", tmp_path)
    assert serving.built_client() is None
