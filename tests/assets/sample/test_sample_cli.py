"""The command that `make demo` runs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.catalog.store.catalog import Catalog
from assets.sample.build import BuiltMuseum
from assets.sample.catalog import load_sample
from twin import app

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("built-museum")]


def test_it_says_what_the_museum_holds_and_builds_nothing_twice(
    built: BuiltMuseum, museum_store: Path
) -> None:
    command = ["sample", "build", "--store", str(museum_store), "--pictures", "none"]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 0, told.output
    for words in (
        "Museum of Many Hands",
        "26 artifacts",
        "3 galleries",
        "2 tours",
        f"{built.triangles:,} triangles",
    ):
        assert words in told.output
    assert "up to date" in told.output


def test_its_artifacts_are_in_the_catalog_and_searchable(built: BuiltMuseum, museum_store: Path) -> None:
    CliRunner().invoke(app, ["sample", "build", "--store", str(museum_store), "--pictures", "none"])
    with Catalog(museum_store) as catalog:
        shown = {record.id for record in catalog.records(source="sample", shown_only=True)}
        assert shown == {artifact.record.id for artifact in load_sample().artifacts}
        assert "sample:lai-zhong-bell" in [record.id for record in catalog.search("Bell of Lai")]
        lineage = catalog.why("sample:lai-zhong-bell", "produced")
    assert lineage[0].source is not None
    assert lineage[0].source.file.startswith("http")


def test_every_annotation_has_its_point_on_the_model(built: BuiltMuseum) -> None:
    sheets = json.loads(built.manifest.read_text("utf-8"))["artifacts"]
    missing = {
        artifact.slug: names
        for artifact in load_sample().artifacts
        if (
            names := {a.target.point for a in artifact.annotations} - sheets[artifact.slug]["hotspots"].keys()
        )
    }
    assert missing == {}
