"""What a visitor's camera does to a picture, drawn by chance: synthetic photographs of reference pictures.

Every step has a strength of 0 to 1 in common and its own bounds, stated beside it. The same steps, one at a
time and at a fixed level, are the robustness curves of the evaluation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from inference.preprocessing import Pixels

Draw = np.random.Generator


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How strongly pictures are changed; 0 leaves them as they are."""

    strength: float = 1.0


def photographed(picture: Pixels, size: int, draw: Draw, augmentation: Augmentation) -> Pixels:
    """A synthetic photo (size, size, 3) of a picture (h, w, 3)."""
    amount = augmentation.strength
    if draw.random() < 0.3 * amount:
        picture = _close_up(picture, draw)
    seen = _seen_from_elsewhere(picture, size, draw, amount)
    values = seen.astype(np.float32)
    values = _recolored(values, draw, amount)
    if draw.random() < 0.25 * amount:
        values = _glare(values, draw)
    if draw.random() < 0.5 * amount:
        values = _occluded(values, draw)
    if draw.random() < 0.5 * amount:
        values = _blurred(values, draw)
    if draw.random() < 0.3 * amount:
        values = _coarsened(values, draw)
    noise = float(draw.uniform(0, 12)) * amount
    values = values + draw.normal(0, noise, values.shape).astype(np.float32)
    result = np.clip(values, 0, 255).astype(np.uint8)
    return jpeg(result, int(draw.integers(30, 95))) if draw.random() < 0.5 * amount else result


def _close_up(picture: Pixels, draw: Draw) -> Pixels:
    """A window of 0.35 to 0.65 of each side, mostly from the middle: a detail."""
    height, width = picture.shape[:2]
    rows, columns = (max(int(side * draw.uniform(0.35, 0.65)), 1) for side in (height, width))
    down, right = draw.beta(2.5, 2.5, 2)
    top, left = int((height - rows) * down), int((width - columns) * right)
    return picture[top : top + rows, left : left + columns]


def _seen_from_elsewhere(picture: Pixels, size: int, draw: Draw, amount: float) -> Pixels:
    """Turned up to 15 degrees (a tenth by a quarter), tilted, zoomed 0.55 to 1.7, moved by up to 15 %."""
    height, width = picture.shape[:2]
    side = max(height, width)
    angle = np.radians(
        draw.uniform(-15, 15) * amount + (90.0 * draw.choice([-1, 1]) if draw.random() < 0.1 * amount else 0)
    )
    zoom = float(np.exp(draw.uniform(np.log(0.55), np.log(1.7)) * amount))
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    tilt = np.eye(3)
    tilt[2, :2] = draw.uniform(-0.35, 0.35, 2) * amount
    squeeze = np.diag([draw.uniform(1 - 0.2 * amount, 1.0), 1.0, 1.0])
    move = np.eye(3)
    move[:2, 2] = draw.uniform(-0.15, 0.15, 2) * amount
    centered = np.array([[2 / side, 0, -width / side], [0, 2 / side, -height / side], [0, 0, 1]])
    placed = np.array([[size / 2 * zoom, 0, size / 2], [0, size / 2 * zoom, size / 2], [0, 0, 1]])
    matrix = placed @ move @ tilt @ turn @ squeeze @ centered
    scale = size * zoom / side
    source = picture if scale >= 0.7 else shrunk(picture, scale)
    matrix = matrix @ np.diag([width / source.shape[1], height / source.shape[0], 1.0])
    border = int(draw.integers(0, 256)) if amount else 128
    seen = cv2.warpPerspective(
        source, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        borderValue=(border, border, border),
    )  # fmt: skip
    return np.asarray(seen, dtype=np.uint8)


def shrunk(picture: Pixels, scale: float) -> Pixels:
    """Averaged down to ``scale`` of its sides: a warp alone would skip pixels."""
    columns, rows = (max(round(side * scale), 1) for side in (picture.shape[1], picture.shape[0]))
    return np.asarray(cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _recolored(values: np.ndarray, draw: Draw, amount: float) -> np.ndarray:
    """Channel gains 0.75 to 1.3, gamma 0.6 to 1.6, gain 0.5 to 1.4, a fifth turned to gray."""
    gain = np.exp(draw.uniform(-0.28, 0.28, 3) * amount + draw.uniform(-0.6, 0.35) * amount)
    gamma = float(np.exp(draw.uniform(-0.5, 0.5) * amount))
    values = 255.0 * (np.clip(values, 0, 255) / 255.0) ** gamma * gain.astype(np.float32)
    gray = values.mean(axis=2, keepdims=True)
    keep = 0.0 if draw.random() < 0.2 * amount else float(draw.uniform(1 - 0.4 * amount, 1 + 0.3 * amount))
    return np.asarray(gray + keep * (values - gray), dtype=np.float32)


def _glare(values: np.ndarray, draw: Draw) -> np.ndarray:
    """A bright spot, as a lamp leaves on glass or glaze."""
    size = values.shape[0]
    y, x = np.mgrid[:size, :size].astype(np.float32)
    cx, cy = draw.uniform(0, size, 2)
    reach = draw.uniform(0.05, 0.3, 2) * size
    spot = np.exp(-(((x - cx) / reach[0]) ** 2 + ((y - cy) / reach[1]) ** 2))
    return np.asarray(values + float(draw.uniform(60, 255)) * spot[..., None], dtype=np.float32)


def _occluded(values: np.ndarray, draw: Draw) -> np.ndarray:
    """One to three even ellipses in front: heads, hands, posts."""
    covered = np.ascontiguousarray(values)
    size = covered.shape[0]
    for _ in range(int(draw.integers(1, 4))):
        center = tuple(int(v) for v in draw.uniform(0, size, 2))
        axes = tuple(int(v) for v in draw.uniform(0.04, 0.2, 2) * size)
        color = tuple(float(v) for v in draw.uniform(0, 255, 3))
        cv2.ellipse(covered, center, axes, float(draw.uniform(0, 180)), 0, 360, color, -1)
    return covered


def _blurred(values: np.ndarray, draw: Draw) -> np.ndarray:
    """Out of focus up to a sigma of 2.5 pixels, or moved by up to 9 pixels."""
    if draw.random() < 0.5:
        return blurred(values, float(draw.uniform(0.3, 2.5)))
    length = int(draw.integers(3, 10))
    kernel = np.zeros((length, length), dtype=np.float32)
    angle = float(draw.uniform(0, np.pi))
    for t in np.linspace(-1, 1, 2 * length):
        middle = (length - 1) / 2
        x, y = middle + t * middle * np.cos(angle), middle + t * middle * np.sin(angle)
        kernel[round(y), round(x)] = 1
    return np.asarray(cv2.filter2D(values, -1, kernel / kernel.sum()), dtype=np.float32)


def _coarsened(values: np.ndarray, draw: Draw) -> np.ndarray:
    return scaled(values, float(draw.uniform(0.25, 0.7)))


def blurred(values: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur; ``sigma`` in pixels."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), max(sigma, 1e-3)))


def scaled(values: np.ndarray, share: float) -> np.ndarray:
    """Down to a share of its size and up again: a camera far away."""
    height, width = values.shape[:2]
    small = cv2.resize(
        values, (max(int(width * share), 1), max(int(height * share), 1)), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def jpeg(picture: Pixels, quality: int) -> Pixels:
    """Through JPEG of a quality of 1 to 100 and back."""
    _, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), dtype=np.uint8)


def _noisy(picture: Pixels, level: float) -> Pixels:
    noise = np.random.default_rng(0).normal(0, level, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _covered(picture: Pixels, share: float) -> Pixels:
    """A gray square over the middle that hides a share of the picture."""
    result = picture.copy()
    half = [round(side * np.sqrt(share) / 2) for side in picture.shape[:2]]
    middle = [side // 2 for side in picture.shape[:2]]
    result[middle[0] - half[0] : middle[0] + half[0], middle[1] - half[1] : middle[1] + half[1]] = 128
    return result


DISTURBANCES: Final[dict[str, tuple[tuple[float, ...], Callable[[Pixels, float], Pixels]]]] = {
    "blur": ((1, 2, 4), lambda p, level: blurred(p, level * max(p.shape[:2]) / 224)),
    "noise": ((10, 25, 50), _noisy),
    "low light": ((0.5, 0.25, 0.1), lambda p, level: (p * level).astype(np.uint8)),
    "scale": ((0.5, 0.25, 0.125), lambda p, level: scaled(p, level * 224 / max(p.shape[:2]))),
    "occlusion": ((0.1, 0.25, 0.5), _covered),
    "jpeg": ((40, 15, 5), lambda p, level: jpeg(p, int(level))),
}
"""Of the robustness curves: levels, mildest first, and the change. Blur in pixels of a 224-pixel picture,
noise in standard deviations of 0..255, light and scale as what is left, occlusion as what is hidden."""
