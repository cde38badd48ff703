"""Local features of a picture: OpenCV's SIFT, or a learned network that a museum plugs in as an ONNX file.

The network takes one float32 picture ``(1, 3, h, w)`` or ``(1, 1, h, w)``, 0 to 1, and gives ``keypoints``
(n, 2) as x and y in its pixels and ``descriptors`` (n, d), by those names; ``scores`` (n,), where it has
them, choose the strongest. XFeat, ALIKED and SuperPoint export to this with a few lines. Places on a scan are
known only where SIFT took a view's features, so that with a network there are no poses.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.preprocessing import Pixels

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Described = tuple[Floats, Floats]
"""Points (n, 2) in pixels, and descriptors (n, d) of length 1."""
Describe = Callable[[Pixels, Mask, int], Described]
"""Features of a small picture (h, w, 3) on a mask, at most so many, the strongest first."""

OWN: Final = "local.onnx"
"""In the folder of features: the network that took them, where it was not SIFT."""


class FeaturesError(RuntimeError):
    """A network of local features that is not what it should be; says what was expected."""


def sift(picture: Pixels, mask: Mask, most: int) -> Described:
    """SIFT (Lowe 2004) with square-rooted descriptors (Arandjelović and Zisserman 2012)."""
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    found, descriptors = cv2.SIFT.create(nfeatures=most).detectAndCompute(gray, mask.astype(np.uint8) * 255)
    if not found or descriptors is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
    points = np.array([point.pt for point in found], dtype=np.float32)
    rooted = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-9))
    return points, rooted.astype(np.float32)


def learned(path: Path) -> Describe:
    """Features by the network at ``path``. Raises :class:`FeaturesError` where it is none of that kind."""
    # Loaded only where a museum brings one.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base class
        raise FeaturesError(f"{path}: cannot be loaded ({error})") from error
    inputs, outputs = session.get_inputs(), {output.name for output in session.get_outputs()}
    shapes = [tuple(taken.shape) for taken in inputs]
    fits = len(shapes) == 1 and len(shapes[0]) == 4 and shapes[0][1] in (1, 3)
    # Pictures come in many sizes.
    fits = fits and not any(isinstance(side, int) for side in shapes[0][2:])
    if not fits or not {"keypoints", "descriptors"} <= outputs:
        raise FeaturesError(
            f"{path}: takes {[(i.name, i.shape) for i in inputs]} and gives {sorted(outputs)}; expected one "
            "picture (1, 1 or 3, h, w) of any size, and outputs 'keypoints' and 'descriptors'"
        )
    wanted = ["keypoints", "descriptors", *(["scores"] if "scores" in outputs else [])]

    def describe(picture: Pixels, mask: Mask, most: int) -> Described:
        planes = picture if inputs[0].shape[1] == 3 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None]
        batch = np.ascontiguousarray(planes.transpose(2, 0, 1)[None], dtype=np.float32) / np.float32(255.0)
        return _chosen(session.run(wanted, {inputs[0].name: batch}), mask, most, path)

    return describe


def _chosen(found: list[Any], mask: Mask, most: int, path: Path) -> Described:
    points, descriptors = (np.asarray(part, dtype=np.float32) for part in found[:2])
    if points.ndim != 2 or points.shape[1] != 2 or descriptors.ndim != 2 or len(points) != len(descriptors):
        raise FeaturesError(
            f"{path}: keypoints {points.shape}, descriptors {descriptors.shape}; expected (n, 2) and (n, d)"
        )
    at = np.rint(points).astype(int)
    height, width = mask.shape
    inside = (at >= 0).all(axis=1) & (at[:, 0] < width) & (at[:, 1] < height)
    kept = np.flatnonzero(inside & np.isfinite(descriptors).all(axis=1))
    kept = kept[mask[at[kept, 1], at[kept, 0]]]
    if len(found) > 2:
        kept = kept[np.argsort(-np.asarray(found[2]).ravel()[kept], kind="stable")]
    kept = kept[:most]
    lengths = np.maximum(np.linalg.norm(descriptors[kept], axis=1, keepdims=True), np.float32(1e-9))
    return points[kept], descriptors[kept] / lengths
