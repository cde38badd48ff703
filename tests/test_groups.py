"""Tests that share what is dear to make are run by one process where `make test` has several."""

import os

import pytest

UNDIVIDED = "PYTEST_XDIST_WORKER" not in os.environ


@pytest.mark.xdist_group("one-process")
@pytest.mark.skipif(UNDIVIDED, reason="one process runs all: `make test` divides tests among several")
def test_who_divides_the_tests_knows_their_groups(request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("tests are divided without groups: `make test` says `--dist loadgroup`")
    # xdist reads a group from the end of a test's name, where it wrote it itself.
    assert request.node.nodeid.endswith("@one-process"), (
        "pytest-xdist lost the groups, so every process builds all that is shared: "
        "install versions of pytest and pytest-xdist that go together"
    )
