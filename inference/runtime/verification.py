"""Geometry disposes: local features of a frame matched to those of the proposed artifacts' views.

Features (``local_features.py``) are taken only on the object: inside its mask where the view has one, else
off an even background. Matches pass the ratio test both ways, then a homography or a fundamental matrix by
MAGSAC (Barath et al. 2020), whichever explains more. At most three inliers count per cell of a grid over the
view, so that a bunch of them on a rim or a frame does not outweigh agreement all over the object.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.preprocessing import Pixels
from inference.runtime.index import Match
from inference.runtime.local_features import Describe, sift
from inference.runtime.pose import LEAST, Sights, pose_of
from inference.runtime.serving import Verification
from inference.runtime.sightings import Lens

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

SIDE: Final = 384
"""Pixels of the longer side at which features are taken."""
MOST: Final = 500
"""Features of a picture."""
SURE: Final = 30
"""Counted inliers of one artifact that make looking at the others needless: chance reaches 8."""
_RATIO: Final = 0.85
_CELLS: Final = 8
"""Of the grid over a view, along each side."""
_REACH: Final = 4.0
"""Pixels from which a match no longer fits a geometry."""
_SEEN_AROUND: Final = 32
"""Pixels beside the object that are described with it: most features reach no farther."""
_COARSE: Final = 128
_EVEN: Final = 14.0
"""Distance in Lab from the border's color below which a pixel is background."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Local features of one picture."""

    points: Floats
    """(n, 2) x and y in pixels of the picture."""
    descriptors: Floats
    """(n, 128), each of length 1."""
    size: tuple[int, int]
    """Width and height of the picture."""
    places: Floats | None = None
    """(n, 3) metres in the artifact's own frame; NaN where not known, ``None`` where of no feature."""
    eye: Floats | None = None
    """(3,) where the camera of this picture was, likewise; beside ``places``."""

    def placed(self, places: Floats, eye: Floats) -> "Features":
        """The same with places on the artifact, seen from ``eye``."""
        return replace(self, places=places, eye=eye)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two pictures agree on one geometry."""

    inliers: int
    cells: int
    """Of the view's grid that hold an inlier."""
    corners: tuple[float, ...]
    """The view's outline in the frame, from a homography; empty where a fundamental matrix explains more."""
    region: tuple[float, ...] = ()
    """Hull of the inliers in the frame: x, y pairs."""
    sights: Sights | None = None
    """All matched points whose place on the artifact is known, for a pose; its own fit judges them."""

    @property
    def counted(self) -> int:
        """Inliers, at most three a cell."""
        return min(self.inliers, _A_CELL * self.cells)


NONE: Final = Agreement(0, 0, ())
_A_CELL: Final = 3
"""Inliers that count in one cell."""


def features(
    picture: Pixels, mask: Mask | None = None, most: int = MOST, describe: Describe = sift
) -> Features:
    """Features of a picture (h, w, 3) RGB, on ``mask`` (h, w) or, without one, off an even background."""
    height, width = picture.shape[:2]
    scale = min(SIDE / max(height, width), 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    chosen = object_mask(small) if mask is None else cv2.resize(mask.astype(np.uint8), size) > 0
    top, bottom, left, right = _around(chosen)
    seen, on = np.ascontiguousarray(small[top:bottom, left:right]), chosen[top:bottom, left:right]
    points, descriptors = describe(seen, on, most)
    # From the center of one picture's first pixel to that of the other's.
    corner = np.array([left + 0.5, top + 0.5], np.float32)
    whole = (points + corner) * np.array([width / size[0], height / size[1]], np.float32)
    return Features(whole - np.float32(0.5), descriptors, (width, height))


def _around(mask: Mask) -> tuple[int, int, int, int]:
    """Rows and columns, ends excluded, that hold all of a mask and what its features see around it."""
    down, across = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(down):
        return 0, mask.shape[0], 0, mask.shape[1]
    return (
        max(int(down[0]) - _SEEN_AROUND, 0), int(down[-1]) + 1 + _SEEN_AROUND,
        max(int(across[0]) - _SEEN_AROUND, 0), int(across[-1]) + 1 + _SEEN_AROUND,
    )  # fmt: skip


def object_mask(picture: Pixels) -> Mask:
    """(h, w): what stands out from a background that is even along the border; all where none is.

    The border's median color in Lab is the background where most of the border is near it.
    """
    height, width = picture.shape[:2]
    if max(height, width) > 2 * _COARSE:
        # Half the size tells object from background as well, in a quarter of the time.
        half = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        mask = object_mask(np.asarray(half, dtype=np.uint8))
        return np.asarray(cv2.resize(mask.astype(np.uint8), (width, height)) > 0)
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(np.float32)
    border = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    color = np.median(border, axis=0)
    if np.mean(np.linalg.norm(border - color, axis=1) < _EVEN) < 0.6:
        return np.ones(picture.shape[:2], dtype=np.bool_)
    away = (np.linalg.norm(lab - color, axis=2) > _EVEN).astype(np.uint8)
    kernel = np.ones((3, 3), dtype=np.uint8)
    # A few pixels inward: the outline itself looks alike on all round things.
    solid = cv2.morphologyEx(away, cv2.MORPH_CLOSE, kernel, iterations=2)
    inner = cv2.erode(solid, kernel, iterations=1) > 0
    return inner if inner.mean() > 0.02 else np.ones(picture.shape[:2], dtype=np.bool_)


def agreement(frame: Features, view: Features) -> Agreement:
    """Match a frame's features to a view's. Fewer than 8 matches agree on nothing."""
    pairs = _matched(frame.descriptors, view.descriptors)
    if len(pairs) < 8:
        return NONE
    here, there = frame.points[pairs[:, 0]], view.points[pairs[:, 1]]
    reach = _REACH * max(frame.size) / SIDE
    try:
        flat, plane = cv2.findHomography(there, here, cv2.USAC_MAGSAC, reach, maxIters=500)
        _, deep = cv2.findFundamentalMat(there, here, cv2.USAC_MAGSAC, reach / 2, 0.99, 500)
    except cv2.error:
        # OpenCV's own assertions fail on points that repeat or lie in one line: they agree on nothing.
        return NONE
    plane_inliers = (
        plane.ravel() > 0 if flat is not None and plane is not None else np.zeros(len(pairs), bool)
    )
    deep_inliers = deep.ravel() > 0 if deep is not None else np.zeros(len(pairs), bool)
    # A fundamental matrix fits about a third of any matches by chance; a homography has to beat less.
    is_flat = plane_inliers.sum() >= 0.6 * deep_inliers.sum()
    inliers = plane_inliers if is_flat else deep_inliers
    corners = _outline(flat, view.size) if is_flat and flat is not None and inliers.sum() >= 8 else ()
    sights = None if view.places is None else Sights(here, view.places[pairs[:, 1]], view.eye)
    return Agreement(
        int(inliers.sum()), _cells(there[inliers], view.size), corners, _hull(here[inliers]), sights
    )


class LocalVerifier:
    """Verifies proposed artifacts with features that were taken once per view."""

    def __init__(
        self, view_features: Callable[[str, str], Features | None], describe: Describe = sift
    ) -> None:
        """``view_features`` gives an artifact's view's features, ``None`` where it has none.

        ``describe`` takes a frame's features; those of the views must have been taken by the same.
        """
        self._view_features, self._describe = view_features, describe

    def verify(
        self, picture: Pixels, proposed: Collection[Match], lens: Lens | None = None
    ) -> dict[str, Verification]:
        """Check each proposed artifact by its nearest view, until one is beyond doubt.

        With a ``lens``, in pixels of the picture, those with places on their scan get a pose.
        """
        frame = features(picture, describe=self._describe)
        checked: dict[str, Verification] = {}
        for match in proposed:
            view = self._view_features(match.artifact, match.view)
            if view is None or view.descriptors.shape[1] != frame.descriptors.shape[1]:
                continue
            found = agreement(frame, view)
            pose = None
            if lens is not None and found.sights is not None and found.inliers >= LEAST:
                pose = pose_of(found.sights, lens, max(frame.size))
            checked[match.artifact] = Verification(
                match.view, found.counted, found.corners, found.region, pose
            )
            if found.counted >= SURE:
                break
        return checked


def _matched(first: Floats, second: Floats) -> NDArray[np.int64]:
    """(m, 2) positions of pairs that are each other's nearest and pass the ratio test."""
    if len(first) < 2 or len(second) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    cosines = first @ second.T
    nearest = cosines.argmax(axis=1)
    rows = np.arange(len(first))
    best = cosines[rows, nearest]
    mutual = cosines.argmax(axis=0)[nearest] == rows
    cosines[rows, nearest] = -1.0
    # Distance of unit vectors: sqrt(2 - 2 cos); the ratio is taken of distances.
    ratio = np.sqrt(np.maximum(1 - best, 0) / np.maximum(1 - cosines.max(axis=1), 1e-9))
    kept = mutual & (ratio < _RATIO)
    return np.stack([rows[kept], nearest[kept]], axis=1)


def _cells(points: Floats, size: tuple[int, int]) -> int:
    if not len(points):
        return 0
    places = np.clip((points / np.array(size) * _CELLS).astype(int), 0, _CELLS - 1)
    return len(set(map(tuple, places.tolist())))


def _hull(points: Floats) -> tuple[float, ...]:
    if len(points) < 3:
        return ()
    return tuple(round(float(value), 1) for value in cv2.convexHull(points).ravel())


def _outline(homography: NDArray[Any], size: tuple[int, int]) -> tuple[float, ...]:
    width, height = size
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], dtype=np.float64)
    return tuple(round(float(value), 1) for value in cv2.perspectiveTransform(corners, homography).ravel())


def write_feature_file(path: Path, kept: Features) -> None:
    """Keep features in a file, 136 bytes each, 148 with their places."""
    partial = path.with_suffix(".part")
    with partial.open("wb") as stream:
        if (kept.descriptors >= 0).all():
            # SIFT's lie in 0..1, most below 0.3: a byte loses less than a camera's noise does.
            coded, step = np.clip(kept.descriptors * 512.0 + 0.5, 0, 255).astype(np.uint8), 1 / 512
        else:
            step = float(np.abs(kept.descriptors).max()) / 127
            coded = np.rint(kept.descriptors / step).astype(np.int8)
        parts: dict[str, Any] = {
            "points": kept.points, "descriptors": coded, "step": np.float32(step),
            "size": np.array(kept.size),
        }  # fmt: skip
        if kept.places is not None and kept.eye is not None:
            parts |= {"places": kept.places, "eye": kept.eye}
        np.savez(stream, **parts)
    partial.replace(path)


def read_features(folder: Path, artifact: str, view: str) -> Features | None:
    """A view's features; ``None`` where none were kept or the file is damaged."""
    try:
        return read_feature_file(feature_file(folder, artifact, view))
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def read_feature_file(path: Path) -> Features:
    """Features as :func:`write_feature_file` wrote them; the last 2048 files are kept in memory."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2048)
def _read(path: Path, _written: int) -> Features:
    with np.load(path, allow_pickle=False) as found:
        step = found["step"] if "step" in found else np.float32(1 / 512)
        descriptors = found["descriptors"].astype(np.float32) * step
        lengths = np.maximum(np.linalg.norm(descriptors, axis=1, keepdims=True), np.float32(1e-9))
        width, height = (int(side) for side in found["size"])
        # Places without an eye, of an earlier version, would give poses that nothing can check.
        known = "places" in found and "eye" in found
        places, eye = (found[name].astype(np.float32) if known else None for name in ("places", "eye"))
        points = found["points"].astype(np.float32)
        return Features(points, descriptors / lengths, (width, height), places, eye)


def feature_file(folder: Path, artifact: str, view: str) -> Path:
    """Where a view's features lie. Identifiers of museums hold any character; a hash is a name everywhere."""
    name = hashlib.sha256("\0".join((artifact, view)).encode()).hexdigest()[:32]
    return folder / f"{name}.npz"
