"""The web client as built from what is in the tree now; made once for each state of its sources."""

import fcntl
import hashlib
import subprocess
from pathlib import Path


def built_client(packages: Path, builds: Path) -> Path:
    """The built client, kept in ``builds`` under a name that is made of all its sources.

    Test processes that run side by side share it. ``packages`` is the client's folder with its Node packages.
    """
    builds.mkdir(parents=True, exist_ok=True)
    folder = builds / _state(packages)
    with (builds / "building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            # Whole under its name or not there: a run may be killed.
            partial = folder.with_suffix(".part")
            _build(packages, partial)
            partial.replace(folder)
    return folder


def _build(packages: Path, folder: Path) -> None:
    vite = packages / "node_modules" / "vite" / "bin" / "vite.js"
    ended = subprocess.run(
        ["node", str(vite), "build", "--outDir", str(folder), "--emptyOutDir", "--logLevel", "error"],
        cwd=packages, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr


def _state(packages: Path) -> str:
    files = [*packages.glob("*.json"), *packages.glob("*.ts"), *packages.glob("*.html")]
    files += [path for path in (packages / "src").rglob("*") if path.is_file()]
    state = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        state.update(f"{path.relative_to(packages)}\0{len(content)}\0".encode() + content)
    return state.hexdigest()[:16]
