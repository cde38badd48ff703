"""The page on governance says what the rules do."""

import re
import tomllib
from pathlib import Path

import pytest

from assets.catalog.governance.policy import Governance


@pytest.fixture
def page(repository: Path) -> str:
    return (repository / "docs" / "governance.md").read_text("utf-8")


def test_the_table_on_the_page_is_a_sound_policy(page: str) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    policy = Governance.model_validate(tomllib.loads(block)["governance"])
    assert policy.region == "GB"


def test_every_option_of_the_policy_is_on_the_page(page: str) -> None:
    release = Governance.model_fields["release"].default
    options = [*Governance.model_fields, *type(release).model_fields]
    assert [name for name in options if name not in page] == []


def test_every_alarm_is_on_the_page(page: str, repository: Path) -> None:
    code = (repository / "assets/catalog/governance/releases.py").read_text("utf-8")
    alarms = re.findall(r'"release\.([a-z-]+)"', code)
    assert len(alarms) == len(set(alarms)) == 12
    assert [name for name in alarms if not _is_told(name, page)] == []


def _is_told(name: str, page: str) -> bool:
    head, _, tail = name.partition("-")
    paired = tail == "accessions" and f"`release.{head}-identifiers`, `-accessions`" in page
    return paired or f"`release.{name}`" in page
