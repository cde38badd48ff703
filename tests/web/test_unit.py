"""The client's own tests, and its types, by its own tools."""

import subprocess
from pathlib import Path


def run(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program of the client's packages, in its folder."""
    return subprocess.run(
        ["node", str(folder / "node_modules" / script), *arguments],
        cwd=folder, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip


def test_types_hold(web_packages: Path) -> None:
    checked = run(web_packages, "typescript/bin/tsc", "--noEmit")

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_its_rules_golden_bytes_and_coordinates_hold(web_packages: Path) -> None:
    tested = run(web_packages, "vitest/vitest.mjs", "run")

    assert tested.returncode == 0, tested.stdout + tested.stderr
