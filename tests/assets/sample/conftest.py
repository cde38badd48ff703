"""The built sample museum, shared by the tests that look at it."""

from pathlib import Path

import pytest

from assets.sample.build import BuiltMuseum, build_sample_museum


@pytest.fixture(scope="session")
def museum_store(repository: Path) -> Path:
    """A store that outlives the run: only what changed since the last one is built again."""
    return repository / "build" / "museum"


@pytest.fixture(scope="session")
def built(museum_store: Path) -> BuiltMuseum:
    """The whole museum."""
    return build_sample_museum(museum_store / "sample")
