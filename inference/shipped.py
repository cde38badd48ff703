"""The recognizer that comes with the project: what index, recognize and serve use unless told otherwise."""

from pathlib import Path
from typing import Final

from inference.manifest import SMALL, SUFFIX, ManifestError

FOLDER: Final = Path(__file__).resolve().parent / "models"
"""Weights, manifests and model card; one model at a time, and the same at a smaller input."""


def shipped_model(folder: Path = FOLDER) -> Path:
    """The manifest of the one model in the folder.

    Raises :class:`inference.manifest.ManifestError` where there is none, or more than one.
    """
    small = f"{SMALL}{SUFFIX}"
    found = sorted(path for path in folder.glob(f"*{SUFFIX}") if not path.name.endswith(small))
    if len(found) != 1:
        raise ManifestError(
            f"{folder}: {len(found)} models, where one comes with the project; install it again, or make one "
            "with `make train`"
        )
    return found[0]
