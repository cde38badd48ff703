"""A folder that holds what a generator makes, and nothing else of its kind."""

from collections.abc import Mapping
from pathlib import Path


def write(folder: Path, made: Mapping[str, str]) -> None:
    """Write ``made`` (text by file name) into ``folder`` and remove files of its endings that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    endings = {Path(name).suffix for name in made}
    for old in folder.iterdir():
        if old.suffix in endings and old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
