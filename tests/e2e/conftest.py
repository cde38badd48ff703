"""What the end-to-end tests share: the compiled visitor in C#, and servers that can be asked."""

import asyncio
from pathlib import Path

import pytest

from server.questions import topics_of
from tests.e2e.changing import ChangingMuseum
from tests.e2e.watched import shown
from tests.server.conftest import without_gpu
from tests.unity.conftest import Runtime, core, kit, visitor_program
from tests.unity.kit import Kit, run_environment
from tests.web.conftest import browsing, chromium, web_client, web_packages

__all__ = [
    "browsing", "chromium", "core", "kit", "shown", "visitor_program", "web_client", "web_packages",
    "without_gpu",
]  # fmt: skip

HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in the test process that compiles C#: they share its assemblies."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("unity"))


@pytest.fixture(scope="session")
def runtime(kit: Kit) -> Runtime:
    """.NET; that mono does the same is what tests/unity proves."""
    return Runtime("net", kit.dotnet, run_environment())


@pytest.fixture
async def museum(tmp_path: Path) -> ChangingMuseum:
    """A small museum whose curator can be told what to do."""
    await asyncio.to_thread(topics_of, "")
    return await asyncio.to_thread(ChangingMuseum, tmp_path / "museum", seed=5)
