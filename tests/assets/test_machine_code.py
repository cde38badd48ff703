"""Machine code on disk never outlives a source that it was made of."""

import subprocess
import sys
from pathlib import Path

import pytest

CALLED = """
from assets.machine_code import compiled

def step(x: int) -> int:
    return x + {step}

step = compiled(step, "int64(int64)")
"""
CALLING = """
from assets.machine_code import compiled
from called import step

def twice(x: int) -> int:
    return step(step(x))

twice = compiled(twice, "int64(int64)")
print(twice(0), sum(twice.stats.cache_hits.values()))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calling.py").write_text(CALLING)
    return tmp_path


def ran(folder: Path, step: int, repository: Path) -> tuple[int, int]:
    """What two steps make of 0 in a fresh process, and how many functions were taken from the disk."""
    (folder / "called.py").write_text(CALLED.format(step=step))
    paths = f"import sys; sys.path[:0] = {[str(folder), str(repository)]!r}; import calling"
    told = subprocess.run(
        [sys.executable, "-c", paths], capture_output=True, text=True, check=True, timeout=300, cwd=folder
    ).stdout
    result, hits = told.split()
    return int(result), int(hits)


def test_a_function_is_compiled_anew_when_one_it_calls_changed_in_another_file(
    folder: Path, repository: Path
) -> None:
    assert ran(folder, 1, repository) == (2, 0)
    kept = sorted(path.name for path in (folder / "__pycache__").glob("*.nb*"))
    assert ran(folder, 1, repository) == (2, 1)
    assert ran(folder, 5, repository) == (10, 0)
    assert sorted(path.name for path in (folder / "__pycache__").glob("*.nb*")) == kept
