"""The page on scripted visitors, held against the scenarios' own words."""

import tomllib
from pathlib import Path

import pytest

from server.mock.scenario import Group, Scenario, load_scenario, shipped
from server.mock.tally import KINDS


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "load-tests.md").read_text("utf-8")


@pytest.mark.parametrize("key", sorted(Group.model_fields | Scenario.model_fields))
def test_every_key_of_a_scenario_is_on_the_page(key: str, page: str) -> None:
    assert f"`{key}`" in page


@pytest.mark.parametrize("name", shipped())
def test_every_scenario_that_comes_along_is_on_the_page(name: str, page: str) -> None:
    assert f"| `{name}` |" in page
    assert load_scenario(name).description


@pytest.mark.parametrize("kind", KINDS)
def test_every_latency_is_explained(kind: str, page: str) -> None:
    rows = page.partition("## What the report says")[2]
    assert kind in rows


def test_the_example_can_be_played(page: str) -> None:
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert Scenario.model_validate(tomllib.loads(example)).visitors == 300
