"""What every server here does alike: a JPEG in, its embedding out, by our own decoding and session."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.runtime.decoding import Encoding, Frame

MOST: Final = 8
"""Frames in a batch."""
WAIT_S: Final = 0.002
"""How long the peers wait for a batch to fill; ours decides by what it measured."""


def frame_of(body: Mapping[str, str]) -> Frame:
    """The frame that ``{"frame": base64 of a JPEG}`` holds."""
    return Frame(Encoding.jpeg, b64decode(body["frame"]), 640, 480)


MOST_COMPONENTS = 1280
"""Of what is sent: the embedding; features of places stay where the gallery is."""


def answer_of(row: NDArray[np.float32]) -> dict[str, str]:
    """The embedding of a row (width,) as JSON: base64 of its float32, little-endian."""
    return {"embedding": b64encode(row[:MOST_COMPONENTS].astype("<f4").tobytes()).decode()}
