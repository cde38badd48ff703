"""The first hour, carried out: an artifact of one's own from its list to a note on it, and another model."""

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
from inference.manifest import read_manifest
from inference.runtime.home import NAME, Home
from tests.inference.conftest import encoded, picture, write_model
from twin import app

QUICK = ("--usage", "thumb", "--encoding", "meshopt", "--no-sheet", "--jobs", "1")
"""One level instead of nine: what is built of it is a matter of other tests."""


def typed(line: str, *more: str) -> str:
    """What a command of the page says, which must end well."""
    _, *words = shlex.split(line.partition("#")[0])
    ended = CliRunner().invoke(app, [*words, *more])
    assert ended.exit_code == 0, f"{line}\n{ended.output}"
    return ended.output


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
        command = shlex.split(line)[1]
        if command not in ("ingest", "build", "place"):
            continue
        if line.startswith("twin place plan.toml"):
            plan = (desk / "plan.toml").read_text("utf-8")
            (desk / "plan.toml").write_text(f"{plan}\n{blocks(page, 'toml')[0]}", "utf-8")
        typed(line, *(QUICK if command == "build" else ()))
        done.append(command)
    assert done == ["ingest", "ingest", "build", "place", "place"]
    listing = json.loads((desk / "museum" / "museum.json").read_text("utf-8"))
    (note,) = listing["artifacts"]["ours:bust"]["annotations"]
    assert note["id"] == "brow"
    assert note["bodies"][0]["content"] == "A furrowed brow"
    assert {gallery["slug"] for gallery in listing["galleries"]} == {"ours", "sample"}


@pytest.mark.timeout(300)
def test_the_first_hour_changes_the_model_reads_why_it_was_unsure_and_changes_it_back(
    repository: Path, desk: Path
) -> None:
    page = (repository / "docs" / "first-hour.md").read_text("utf-8")
    lines = "".join(blocks(page, "sh")).splitlines()
    (photos,) = (line for line in lines if line.startswith("twin index photos.csv"))
    there, back = (line for line in lines if line.startswith("twin index") and "--model" in line)
    # In place of `twin export`, which takes minutes.
    ours = write_model(desk / "ours", name="museum-fp16")
    (desk / "inference").symlink_to(repository / "inference")
    for name, seed in (("bell", 1), ("bi", 2), ("strange", 9)):
        (desk / f"{name}.jpg").write_bytes(encoded(picture(seed), "JPEG"))
    (desk / "strange.jpg").rename(desk / "frame.jpg")
    (desk / "photos.csv").write_text("file,artifact\nbell.jpg,sample:lai-zhong-bell\nbi.jpg,sample:jade-bi\n")
    typed(photos)
    home = Home(desk / "museum" / NAME)
    shipped = home.models()
    assert f"/readyz names it {read_manifest(ours).identity}" in typed(there)
    assert home.models().cpu == ours
    (ask,) = (line for line in lines if line.startswith("twin recognize"))
    assert "frame.jpg: not-ours: nearest view has similarity" in typed(ask)
    (explain,) = (line for line in lines if line.startswith("twin explain"))
    assert "frame.jpg: rejected; nearest sample:" in typed(explain)
    assert (desk / "why.png").is_file()
    typed(back)
    assert home.models() == shipped
