"""What the doctor can ask of a machine: one outside thing each, so that a test can break it."""

import importlib
import importlib.util
import platform
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_PATIENCE: Final = 10.0
"""Seconds that a program may take to tell its version."""


def _python() -> tuple[int, int, int]:
    return sys.version_info[:3]


def _now() -> datetime:
    return datetime.now(UTC)


def free_bytes(folder: Path) -> int:
    """Free on the disk of a folder, or of the nearest folder above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def output_of(program: str, *arguments: str) -> str | None:
    """What a program prints; ``None`` where it is not there, fails, or takes too long."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        ended = subprocess.run(
            [path, *arguments], capture_output=True, text=True, timeout=_PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return ended.stdout.strip()


def is_installed(module: str) -> bool:
    """Whether a module could be imported."""
    return importlib.util.find_spec(module) is not None


def providers() -> tuple[str, ...]:
    """Execution providers of the installed onnxruntime, best first. Raises what importing it raises."""
    importlib.import_module("inference")  # which keeps onnxruntime from sending telemetry
    onnxruntime = importlib.import_module("onnxruntime")
    return tuple(onnxruntime.get_available_providers())


def open_files() -> int | None:
    """Most open files of this process; ``None`` where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The machine as the checks see it."""

    python: Callable[[], tuple[int, int, int]] = _python
    bits: int = 8 * struct.calcsize("P")
    system: str = platform.platform(terse=True)
    now: Callable[[], datetime] = _now
    free_bytes: Callable[[Path], int] = free_bytes
    output_of: Callable[..., str | None] = output_of
    is_installed: Callable[[str], bool] = is_installed
    providers: Callable[[], tuple[str, ...]] = providers
    open_files: Callable[[], int | None] = open_files
