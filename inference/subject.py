"""What a picture shows, apart from an even background; and the details of it that a gallery is asked about.

A studio's backdrop, or the wall behind a painting, fills much of a picture and looks alike in all of them. It
is found as what varies smoothly along the picture's border. Where the border shows no such background, the
whole picture is the subject.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(height, width, 3) RGB, rows from the top."""

_SIDE: Final = 160
"""Pixels of the longer side at which a background is looked for."""
_BORDER: Final = 0.05
"""Of the longer side: how wide a border is taken for background at first."""
_EVEN: Final = 0.6
"""Share of the border that one smooth background must explain."""
_LEAST, _MOST = 0.02, 0.9
"""Share of the picture that a subject fills; anything else is no subject but noise, or the picture itself."""
_MARGIN: Final = 0.04
"""Of the subject's longer side, left around it."""
DETAIL: Final = 0.6
"""Of the subject's sides: a detail."""


@dataclass(frozen=True, slots=True)
class Box:
    """Rows and columns of a picture, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int

    def cut(self, picture: Pixels) -> Pixels:
        """That part of a picture."""
        return np.ascontiguousarray(picture[self.top : self.bottom, self.left : self.right])


def subject(picture: Pixels) -> Box:
    """Where the subject of a picture (h, w, 3) lies; all of it where no even background surrounds it."""
    height, width = picture.shape[:2]
    whole = Box(0, height, 0, width)
    scale = min(_SIDE / max(height, width), 1.0)
    columns, rows = max(round(width * scale), 1), max(round(height * scale), 1)
    if min(rows, columns) < 8:
        return whole
    small = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    apart = _apart(np.asarray(cv2.cvtColor(small / 255.0, cv2.COLOR_RGB2LAB), dtype=np.float32))
    if apart is None or not _LEAST <= apart.mean() <= _MOST:
        return whole
    _, labels, facts, _ = cv2.connectedComponentsWithStats(apart.astype(np.uint8))
    areas = facts[1:, cv2.CC_STAT_AREA]
    kept = np.isin(labels, 1 + np.flatnonzero(areas > 0.05 * areas.max()))
    down, across = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    margin = _MARGIN * max(np.ptp(down), np.ptp(across))
    tall, wide = height / rows, width / columns
    return Box(
        max(round((down[0] - margin) * tall), 0), min(round((down[-1] + 1 + margin) * tall), height),
        max(round((across[0] - margin) * wide), 0), min(round((across[-1] + 1 + margin) * wide), width),
    )  # fmt: skip


def details(picture: Pixels) -> list[Pixels]:
    """The subject of a gallery's picture and five parts of it: its corners and its middle.

    A query shows the whole or a part; the nearest of these answers for the picture.
    """
    shown = subject(picture).cut(picture)
    height, width = shown.shape[:2]
    rows, columns = max(int(height * DETAIL), 1), max(int(width * DETAIL), 1)
    down, right = height - rows, width - columns
    corners = [(0, 0), (0, right), (down, 0), (down, right), (down // 2, right // 2)]
    return [shown, *(np.ascontiguousarray(shown[t : t + rows, le : le + columns]) for t, le in corners)]


def _lengths(rows: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """(n,) of (n, 3): a third of the time of ``np.linalg.norm``."""
    lengths: NDArray[np.floating[Any]] = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return lengths


@lru_cache(maxsize=64)
def _surface(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Terms of a surface that is quadratic in x and y, (h * w, 6), and the pixels along the border."""
    y, x = (axis.ravel() for axis in np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j])
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1).astype(np.float32)
    edge = max(int(_BORDER * max(height, width)), 2)
    border = np.ones((height, width), dtype=np.bool_)
    border[edge:-edge, edge:-edge] = False
    return terms, np.flatnonzero(border)


def _apart(colors: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """What differs from a background that is quadratic in x and y; ``None`` where the border is not even.

    Colors (h, w, 3) of CIELAB. The background is fitted to the border by least squares, again and again
    without what fits badly, since a subject may touch the border.
    """
    height, width = colors.shape[:2]
    terms, border = _surface(height, width)
    flat = colors.reshape(-1, 3)
    # Only what lies on the border is looked at until the background is found.
    edge, edge_terms = flat[border].astype(np.float64), terms[border].astype(np.float64)
    used = np.ones(len(edge), dtype=np.bool_)
    for _ in range(4):
        # Normal equations: six terms within half a unit are far from dependent.
        kept = edge_terms[used]
        found = np.linalg.solve(kept.T @ kept, kept.T @ edge[used])
        away = _lengths(edge - edge_terms @ found)
        noise = float(np.median(away[used]))
        used = away < max(2.0 * noise, 2.0)
        if used.sum() < _EVEN * len(edge):
            return None
    noise = float(np.median(away[used]))
    away = _lengths(flat - terms @ found.astype(np.float32))
    apart = (away > max(4.0 * noise, 5.0)).reshape(height, width).astype(np.uint8)
    opened = cv2.morphologyEx(apart, cv2.MORPH_OPEN, np.ones((3, 3), dtype=np.uint8))
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((7, 7), dtype=np.uint8))
    return np.asarray(closed > 0)
