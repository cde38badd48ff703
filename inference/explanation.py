"""What in a picture decided which artifact it shows: agreeing local features, and what must not be hidden.

The second is an occlusion map (Zeiler and Fergus 2014): a gray patch wanders over the picture, and where it
lowers the similarity to the artifact, the picture showed what decided. It asks the network itself and needs
no gradient, so it holds for quantized networks as well.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.enrollment import frame_of
from inference.preprocessing import Pixels, fitted
from inference.runtime.decoding import DEFAULT_LIMITS, decode_reduced
from inference.runtime.recognizer import Prepared
from inference.runtime.serving import Interpretation, Serving
from inference.subject import Box, subject

Floats = NDArray[np.float32]

CELLS: Final = 12
"""Places of the patch along each side of the network's input."""
_PATCH: Final = 0.25
"""Of that side."""
_BATCH: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """A picture and what decided."""

    picture: Pixels
    found: Interpretation
    artifact: str
    """The one seen, or the nearest where it was rejected; empty where the gallery is."""
    similarity: float
    drops: Floats
    """(CELLS, CELLS): by how much the similarity falls where the patch lies there; negative: it rises."""
    covered: tuple[float, float, float, float]
    """Left, top, right and bottom of the part of the picture that the network sees, in its pixels."""


def explained(serving: Serving, image: Path) -> Explanation:
    """Look at a picture on disk and find out what decided. Costs a hundred and fifty runs of the network."""
    preprocessing = serving.recognizer.manifest.preprocessing
    # At the size of the pages that show it, so that outlines need no scaling.
    picture = decode_reduced(frame_of(image), DEFAULT_LIMITS, 2 * preprocessing.size).pixels
    prepared = Prepared(fitted(picture, preprocessing), picture)
    embedding = serving.recognizer.run([prepared.input])[0]
    found = serving.interpret(embedding, prepared)
    nearest = serving.index.search(embedding, 1)
    artifact = found.sightings[0].artifact if found.sightings else nearest[0].artifact if nearest else ""
    drops, similarity = np.zeros((CELLS, CELLS), np.float32), 0.0
    if artifact:
        similarity = serving.index.search(embedding, 1, {artifact})[0].similarity
        drops = _drops(serving, prepared.input, artifact, similarity)
    return Explanation(picture, found, artifact, similarity, drops, _covered(picture, preprocessing.fit))


def _drops(serving: Serving, whole: Pixels, artifact: str, similarity: float) -> Floats:
    size = len(whole)
    reach = round(size * _PATCH / 2)
    middles = ((np.arange(CELLS) + 0.5) * size / CELLS).astype(int)
    hidden = []
    for down in middles:
        for right in middles:
            one = whole.copy()
            one[max(down - reach, 0) : down + reach, max(right - reach, 0) : right + reach] = 128
            hidden.append(one)
    found = [
        similarity - serving.index.search(embedding, 1, {artifact})[0].similarity
        for at in range(0, len(hidden), _BATCH)
        for embedding in serving.recognizer.run(hidden[at : at + _BATCH])
    ]
    return np.array(found, dtype=np.float32).reshape(CELLS, CELLS)


def _covered(picture: Pixels, fit: str) -> tuple[float, float, float, float]:
    height, width = picture.shape[:2]
    box = subject(picture) if fit == "subject" else Box(0, height, 0, width)
    across, down = box.right - box.left, box.bottom - box.top
    half = (min(across, down) if fit == "crop" else max(across, down)) / 2
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return x - half, y - half, x + half, y + half
