"""The architecture page is true to the tree: what it names is there, and what is there it names."""

import importlib
import re
from pathlib import Path

import pytest

FOLDERS = (
    "assets", "assets/catalog", "assets/hanging", "assets/pipeline",
    "inference", "inference/runtime", "inference/training",
    "server", "server/demo", "server/doctor", "server/http", "server/mock", "server/protocol", "server/world",
)  # fmt: skip
"""Those whose modules the page lists one by one."""
DOTTED = re.compile(r"`((?:server|inference|assets)\.[a-z_.]+[A-Za-z_]*)`")
FILE = re.compile(r"`((?:web_client|unity_client|server|bench)/[\w/.]+\.\w+)`")


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "architecture.md").read_text("utf-8")


@pytest.fixture(scope="module")
def tree(page: str) -> str:
    """The drawing of the tree."""
    return page.split("```")[1]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_has_its_place_in_the_drawing(folder: str, tree: str, repository: Path) -> None:
    modules = [path.stem for path in (repository / folder).glob("*.py") if not path.stem.startswith("__")]
    assert modules
    assert [name for name in modules if not re.search(rf"\b{name}\b", tree)] == []


def test_every_module_that_the_drawing_names_exists(tree: str, repository: Path) -> None:
    there = {path.name for name in ("assets", "inference", "server", "tests", "bench")
             for path in (repository / name).rglob("*.py")} | {"twin.py"}  # fmt: skip
    assert set(re.findall(r"\b\w+\.py\b", tree)) <= there


def test_the_frame_passes_through_rooms_that_exist(page: str, repository: Path) -> None:
    journey = page.partition("## The journey of one camera frame")[2].partition("\n## ")[0]
    names, files = DOTTED.findall(journey), FILE.findall(journey)
    assert len(names) > 12
    assert [name for name in names if not is_there(name)] == []
    assert [file for file in files if not (repository / file).is_file()] == []


def is_there(name: str) -> bool:
    """Whether it is a module, or something of one."""
    module, _, member = name.rpartition(".")
    try:
        if hasattr(importlib.import_module(module), member):
            return True
        importlib.import_module(name)
    except ImportError:
        return False
    return True
