"""From an upright picture to the network's input: one definition, shared by training and serving."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.manifest import Preprocessing
from inference.subject import details, subject

Pixels = NDArray[np.uint8]
"""(height, width, 3) RGB, rows from the top."""

_SHRINKING: Final = cv2.INTER_AREA
"""Averages over what a new pixel covers; interpolation alone would show patterns that are not there."""


def fitted(picture: Pixels, preprocessing: Preprocessing) -> Pixels:
    """The picture as the network takes it: (size, size, 3) bytes.

    ``letterbox`` scales the longer side to ``size`` and centers the picture on the padding color; ``crop``
    scales the shorter side and cuts the middle out; ``subject`` is ``letterbox`` of what an even background
    surrounds. Raises :class:`ValueError` for anything but
    (h, w, 3) bytes with at least one pixel.
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or picture.size == 0:
        raise ValueError(f"expected uint8 (height, width, 3), got {picture.dtype} {picture.shape}")
    side = preprocessing.size
    if preprocessing.fit == "subject":
        picture = subject(picture).cut(picture)
    height, width = picture.shape[:2]
    if preprocessing.fit == "crop":
        edge = min(height, width)
        top, left = (height - edge) // 2, (width - edge) // 2
        return _scaled(np.ascontiguousarray(picture[top : top + edge, left : left + edge]), side, side)
    scale = side / max(height, width)
    rows, columns = max(round(height * scale), 1), max(round(width * scale), 1)
    input_ = np.empty((side, side, 3), dtype=np.uint8)
    input_[:] = preprocessing.padding
    top, left = (side - rows) // 2, (side - columns) // 2
    input_[top : top + rows, left : left + columns] = _scaled(picture, rows, columns)
    return input_


def gallery_inputs(picture: Pixels, preprocessing: Preprocessing) -> list[Pixels]:
    """What of a gallery's picture is embedded: it as a query would be, and under ``subject`` its details.

    A query is compared with all of them; the nearest counts.
    """
    if preprocessing.fit != "subject":
        return [fitted(picture, preprocessing)]
    letterbox = preprocessing.model_copy(update={"fit": "letterbox"})
    return [fitted(part, letterbox) for part in details(picture)]


def _scaled(picture: Pixels, rows: int, columns: int) -> Pixels:
    if picture.shape[:2] == (rows, columns):
        return picture
    shrinks = rows < picture.shape[0]
    scaled = cv2.resize(picture, (columns, rows), interpolation=_SHRINKING if shrinks else cv2.INTER_LINEAR)
    return np.asarray(scaled, dtype=np.uint8)
