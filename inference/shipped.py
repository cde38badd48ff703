"""The recognizer that comes with the project: what index, recognize and serve use unless told otherwise."""

from pathlib import Path
from typing import Final

from inference.manifest import ManifestError

FOLDER: Final = Path(__file__).resolve().parent / "models"
"""Weights, manifest and model card; one model at a time."""


def shipped_model(folder: Path = FOLDER) -> Path:
    """The manifest of the one model in the folder.

    Raises :class:`inference.manifest.ManifestError` where there is none, or more than one.
    """
    found = sorted(folder.glob("*.onnx.json"))
    if len(found) != 1:
        raise ManifestError(
            f"{folder}: {len(found)} models, where one comes with the project; install it again, or make one "
            "with `make train`"
        )
    return found[0]
