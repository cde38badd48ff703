"""Marks in wet clay: wedges of a reed stylus, ruled lines, and a seal rolled over the surface.

Heights are metres below (negative) the flat surface, on a canvas that measures metres.
"""

import numpy as np

from assets.sample.forms.noise import blurred
from assets.sample.forms.surface import Array


class Clay:
    """A sheet of wet clay seen from above; x to the right, y down."""

    def __init__(self, pixels: tuple[int, int], size: tuple[float, float]) -> None:
        width, height = pixels
        self._x = (np.arange(width) + 0.5) * size[0] / width
        self._y = (np.arange(height) + 0.5) * size[1] / height
        self.scale = width / size[0]
        """Pixels per metre."""
        self.height: Array = np.zeros((height, width))

    def wedge(self, tip: tuple[float, float], degrees: float, length: float, width: float) -> None:
        """Press the corner of a square stylus: a triangular head at ``tip``, a tail towards ``degrees``.

        0 points right, 90 down. Deepest at the head; the pressed-out clay rises a little around it.
        """
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        reach = length + 2 * width
        columns = np.nonzero(np.abs(self._x - tip[0]) < reach)[0]
        rows = np.nonzero(np.abs(self._y - tip[1]) < reach)[0]
        if not len(columns) or not len(rows):
            return
        window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        dx, dy = np.meshgrid(self._x[window[1]] - tip[0], self._y[window[0]] - tip[1])
        along, across = dx * c + dy * s, -dx * s + dy * c
        t = np.clip(along / length, 0.0, 1.0)
        half = width / 2 * ((1.0 - t) ** 1.6 * 0.86 + 0.14 * (1.0 - t))
        depth = np.minimum(half - np.abs(across), (along + width * 0.18) * 0.8) * (along < length)
        pressed = np.clip(depth, 0.0, None) * 1.15
        rim = np.exp(-((np.clip(-depth, 0, None) / (width * 0.12)) ** 2)) * (depth < 0) * width * 0.035
        rim *= (along > -width) & (along < length)
        self.height[window] = np.minimum(
            self.height[window] + rim, -pressed + rim * (depth < 0) + self.height[window] * (depth < 0)
        )

    def corner(self, at: tuple[float, float], width: float) -> None:
        """The Winkelhaken: the stylus's corner alone, opening to the right."""
        for degrees in (-38.0, 38.0):
            self.wedge(at, degrees, width * 1.25, width * 0.8)

    def ruled(self, y: float, x0: float, x1: float, depth: float) -> None:
        """A line drawn with the stylus's edge."""
        inside = ((self._x > x0) & (self._x < x1)).astype(np.float64)
        wobble = 0.00012 * np.sin(self._x * 420.0)
        groove = np.exp(-(((self._y[:, None] - y - wobble[None, :]) / 0.00022) ** 2))
        self.height -= depth * groove * inside[None, :]

    def numeral(self, at: tuple[float, float], radius: float) -> None:
        """A round sign: the stylus's butt pressed upright."""
        d = np.hypot(self._x[None, :] - at[0], self._y[:, None] - at[1])
        self.height = np.minimum(self.height, -np.clip(radius - d, 0, None) * 0.7)

    def rolled(self, relief: Array, depth: float) -> None:
        """A seal's relief (0..1) pressed over everything, then softened as clay does."""
        self.height += depth * blurred(relief, 1.2, wrap=False)
