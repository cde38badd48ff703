"""Readers of glTF that are not ours, run in Node: the Khronos validator and glTF-Transform."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def node(packages: Path, script: str, *words: object) -> str:
    """What a script of the folder of Node packages prints."""
    return subprocess.run(
        ["node", script, *map(str, words)],
        cwd=packages, capture_output=True, text=True, check=True, timeout=100,
    ).stdout  # fmt: skip


def judged(packages: Path, paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The Khronos validator's report of each file, in their order."""
    return [json.loads(line) for line in node(packages, "validate.mjs", *paths).splitlines()]
