"""Code, listings and addresses that pages show are run, read and asked for."""

import re
from pathlib import Path

import pytest

from assets.pipeline.files import glb_bytes
from server.placement_files import read_placement
from tests.assets.pipeline.made import ball
from tests.server.conftest import BELL, built_store, opened

__all__ = ["built_store"]

PYTHON = ("pipeline-lod.md", "rendering.md")
"""Pages with Python of which no test of their own knows."""
TESTED_ELSEWHERE = {"data-formats.md"}


def blocks(page: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PYTHON)
def test_the_code_of_a_page_runs(
    name: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scan = ball(4)
    (tmp_path / "scan.glb").write_bytes(glb_bytes(scan))
    for code in blocks(repository / "docs" / name, "python"):
        exec(compile(code, name, "exec"), {"scan": scan})


def test_no_page_shows_code_that_nothing_runs(repository: Path) -> None:
    pages = {page.name for page in (repository / "docs").glob("*.md") if blocks(page, "python")}
    assert pages == {*PYTHON, *TESTED_ELSEWHERE}


def test_the_listing_of_a_museum_that_the_page_shows_can_be_opened(repository: Path, tmp_path: Path) -> None:
    (listing,) = blocks(repository / "docs" / "perception.md", "json")
    (tmp_path / "museum.json").write_text(listing, "utf-8")
    placed = read_placement(tmp_path)
    assert [exhibit.artifact for exhibit in placed.placement.exhibits] == ["sample:jade-bi"]
    assert [spot.annotation for spot in placed.placement.exhibits[0].hotspots] == ["hole"]


@pytest.fixture
def addresses(repository: Path) -> list[str]:
    """Of the examples that the page about the API shows."""
    page = (repository / "docs" / "api.md").read_text("utf-8")
    return re.findall(r"^curl .*'localhost:8080(/[^']*)'$", page, re.MULTILINE)


async def test_every_address_of_the_page_about_the_api_answers(
    built_store: Path, addresses: list[str]
) -> None:
    assert len(addresses) >= 5
    async with opened(built_store) as server:
        told = await server.client.get("/api/artifacts/sample:lai-zhong-bell/derivatives")
        (file,) = told.json()["files"]
        assert file["bytes"] == len(BELL)
        for address in addresses:
            answer = await server.client.get(address.replace("SHA256", file["sha256"]), follow_redirects=True)
            assert answer.status_code == 200, address
