"""Fixtures that several packages' tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

# The same examples in every run: a change is judged by what it changed. `--hypothesis-profile explore`
# draws new ones, to look for what nobody thought of.
# No deadline: how long an example takes says how busy the machine is.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile("same")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The project's root folder."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real collection exports, scans and photos; they lie beside the project, never inside it."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real collections at {folder}: put them there to run this test")
    return folder


@pytest.fixture(scope="session")
def node_packages() -> Path:
    """Folder of the Node packages that tests run: the Khronos glTF validator, glTF-Transform, three.js."""
    folder = REPOSITORY / "tests" / "node"
    if shutil.which("node") is None:
        pytest.skip("no Node here: install it to run this test (Debian: apt-get install nodejs npm)")
    if not (folder / "node_modules" / ".package-lock.json").is_file():
        pytest.skip("Node packages are not installed: run `make node`")
    return folder


@pytest.fixture(autouse=True)
def blockbuster() -> Iterator[BlockBuster]:
    """A blocking call inside a running event loop fails the test."""
    with blockbuster_ctx() as armed:
        # Coverage notes a file's first lines under a lock of its own, in whatever code just runs.
        armed.functions["threading.Lock.acquire"].can_block_in("coverage/collector.py", {"lock_data"})
        yield armed


LONGEST = ("web", "e2e", "unity", "docs")
"""Folders whose tests take minutes on one process: begun last, they would leave the others idle."""
SHARED = {
    "real_records": "real-records",
    "first_release": "crystal-bridges",
    "enrolled": "enrolled-museum",
    "exported": "exported-network",
}
"""Fixtures dearer than the tests that ask for them, with the group of those tests: one process runs it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long groups of tests first; within them, and after them, the order stays."""
    for item in items:
        for name in SHARED.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(SHARED[name]))

    def rank(item: pytest.Item) -> int:
        parts = item.path.relative_to(REPOSITORY).parts
        return LONGEST.index(parts[1]) if len(parts) > 1 and parts[1] in LONGEST else len(LONGEST)

    items.sort(key=rank)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case given as bytes after its argument.

    Archives hold the time they were made, so their bytes as a name would differ from one test process to
    the next, and the processes must agree on what the tests are called.
    """
    return argname if isinstance(val, bytes) else None
