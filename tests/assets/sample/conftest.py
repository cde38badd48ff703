"""The built sample museum, shared by the tests that look at it."""

import fcntl
from pathlib import Path

import pytest

from assets.sample.build import BuiltMuseum, build_sample_museum


@pytest.fixture(scope="session")
def museum_store(repository: Path) -> Path:
    """A store that outlives the run: only what changed since the last one is built again."""
    return repository / "build" / "museum"


@pytest.fixture(scope="session")
def built(museum_store: Path) -> BuiltMuseum:
    """The whole museum. Of several test processes one builds it; the others wait and find it built."""
    museum_store.mkdir(parents=True, exist_ok=True)
    with (museum_store / "building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build_sample_museum(museum_store / "sample")
