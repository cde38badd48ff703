"""The example on the page of profiles, run as it stands."""

import re
from pathlib import Path

import pytest

from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Mapped
from assets.catalog.sources.by_profile import load_profile, open_source


@pytest.fixture
def example(repository: Path) -> dict[str, str]:
    page = (repository / "docs" / "profiles.md").read_text("utf-8")
    return dict(re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL))


def told(record: ArtifactRecord) -> str:
    span = record.produced
    assert span is not None
    years = f"{span.earliest}" if span.earliest == span.latest else f"{span.earliest} to {span.latest}"
    return " | ".join(
        (
            record.id,
            record.titles[0].content,
            "; ".join(maker.actor.name for maker in record.makers),
            years + (" circa" if span.circa else ""),
            "; ".join(f"{d.kind} {d.value:g} {d.unit}" for d in record.dimensions),
            "; ".join(term.label for term in record.materials),
            "; ".join(term.label for term in record.subjects),
        )
    )


def test_the_example_gives_what_the_page_says(example: dict[str, str], tmp_path: Path) -> None:
    for name in ("objects.csv", "ours.toml"):
        (tmp_path / name).write_text(example[name], "utf-8")
    lines = [
        told(each.record) if isinstance(each, Mapped) else f"{each.file}, row {each.row} | {each.reason}"
        for each in open_source(tmp_path / "objects.csv", load_profile(tmp_path / "ours.toml"))
    ]
    assert lines == example["outcome"].splitlines()
