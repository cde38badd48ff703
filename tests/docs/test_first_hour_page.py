"""The first hour, carried out: an artifact of one's own from its list to a note about a spot of it."""

import json
import re
import shlex
from pathlib import Path

import pytest
import trimesh
from typer.testing import CliRunner

from assets.catalog.ingest import Source, ingest
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import Catalog
from assets.sample.catalog import load_sample
from twin import app

QUICK = ("--usage", "thumb", "--encoding", "meshopt", "--no-sheet", "--jobs", "1")
"""One level instead of nine: what is built of it is a matter of other tests."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample museum's records and a scan of a bust, 44 cm high."""
    monkeypatch.chdir(tmp_path)
    with Catalog(tmp_path / "museum") as catalog:
        outcomes = [Mapped(artifact.record, (), b"{}") for artifact in load_sample().artifacts]
        source = Source("sample", "Sample", outcomes, {"sample": "0" * 64})
        ingest(source, catalog, "2026-01-01T00:00:00+00:00")
    bust = trimesh.creation.box((0.2, 0.44, 0.22))
    bust.apply_translation((0.0, 0.22, 0.0))
    bust.export(tmp_path / "bust.obj")
    return tmp_path


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.mark.timeout(300)
def test_the_first_hour_leads_from_a_list_of_one_line_to_a_note_on_the_artifact(
    repository: Path, desk: Path
) -> None:
    page = (repository / "docs" / "first-hour.md").read_text("utf-8")
    (desk / "ours.csv").write_text(blocks(page, "csv")[0], "utf-8")
    done = []
    for line in "".join(blocks(page, "sh")).splitlines():
        _, command, *words = shlex.split(line.partition("#")[0])
        if command not in ("ingest", "build", "place"):
            continue
        if words[0] == "plan.toml":
            plan = (desk / "plan.toml").read_text("utf-8")
            (desk / "plan.toml").write_text(f"{plan}\n{blocks(page, 'toml')[0]}", "utf-8")
        ended = CliRunner().invoke(app, [command, *words, *(QUICK if command == "build" else ())])
        assert ended.exit_code == 0, f"{line}\n{ended.output}"
        done.append(command)
    assert done == ["ingest", "ingest", "build", "place", "place"]
    listing = json.loads((desk / "museum" / "museum.json").read_text("utf-8"))
    (note,) = listing["artifacts"]["ours:bust"]["annotations"]
    assert note["id"] == "brow"
    assert note["bodies"][0]["content"] == "A furrowed brow"
    assert {gallery["slug"] for gallery in listing["galleries"]} == {"ours", "sample"}
