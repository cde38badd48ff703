"""A canvas for ornament: shapes drawn in real units, read back as coverage between 0 and 1."""

import importlib.resources
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from assets.sample.forms.curves import Point, smooth
from assets.sample.forms.surface import Array

_OVERSAMPLING = 2


@lru_cache(maxsize=64)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """DejaVu as matplotlib ships it, so that every machine has the same letters."""
    folder = importlib.resources.files("matplotlib") / "mpl-data" / "fonts" / "ttf"
    with importlib.resources.as_file(folder / f"{name}.ttf") as path:
        return ImageFont.truetype(str(path), size)


class Canvas:
    """A raster of ``pixels`` (width, height) covering ``size`` (width, height) units, y downwards.

    What leaves the canvas on the left or right comes back on the other side where ``wrap`` is set.
    """

    def __init__(self, pixels: tuple[int, int], size: tuple[float, float], *, wrap: bool = False) -> None:
        self.pixels = pixels
        self.size = size
        self._wrap = wrap
        self._scale = (pixels[0] * _OVERSAMPLING / size[0], pixels[1] * _OVERSAMPLING / size[1])
        self._image = Image.new("L", (pixels[0] * _OVERSAMPLING, pixels[1] * _OVERSAMPLING), 0)
        self._draw = ImageDraw.Draw(self._image)

    def _placed(self, points: Sequence[Point] | Array) -> list[list[Point]]:
        array = np.asarray(points, dtype=np.float64)
        base = array * self._scale
        shifts = [0.0]
        if self._wrap:
            low, high = base[:, 0].min(), base[:, 0].max()
            width = float(self._image.width)
            shifts += [width] if low < 0 else []
            shifts += [-width] if high > width else []
        return [[(float(x + shift), float(y)) for x, y in base] for shift in shifts]

    def polygon(self, points: Sequence[Point] | Array, value: float = 1.0) -> None:
        """Fill an outline."""
        for place in self._placed(points):
            self._draw.polygon(place, fill=round(value * 255))

    def blob(self, points: Sequence[Point], value: float = 1.0) -> None:
        """Fill a smooth closed outline through the points."""
        self.polygon(smooth([*points, points[0]], 10), value)

    def line(self, points: Sequence[Point] | Array, width: float, value: float = 1.0) -> None:
        """A stroke of ``width`` units with round joints and ends."""
        thick = max(1, round(width * self._scale[0]))
        for place in self._placed(points):
            self._draw.line(place, fill=round(value * 255), width=thick, joint="curve")
            if thick > 3:
                for x, y in (place[0], place[-1]):
                    r = thick / 2 - 0.5
                    self._draw.ellipse((x - r, y - r, x + r, y + r), fill=round(value * 255))

    def stroke(self, points: Sequence[Point], width: float, value: float = 1.0) -> None:
        """A smooth stroke through the points."""
        self.line(smooth(points, 10), width, value)

    def brush(self, points: Sequence[Point], width: float, value: float = 1.0) -> None:
        """A smooth stroke that swells in the middle and thins out at both ends."""
        curve = smooth(points, 12)
        direction = np.gradient(curve, axis=0)
        direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-12)
        side = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
        swell = np.sin(np.linspace(0.05, np.pi - 0.05, len(curve)))[:, None] ** 0.7 * width / 2
        self.polygon(np.vstack([curve + side * swell, (curve - side * swell)[::-1]]), value)

    def limb(self, points: Sequence[Point], widths: Sequence[float], value: float = 1.0) -> None:
        """A smooth stroke whose width is given at each point; ends are round."""
        curve = smooth(points, 10)
        along = np.linspace(0, len(points) - 1, len(curve))
        width = np.interp(along, np.arange(len(widths)), widths)[:, None]
        direction = np.gradient(curve, axis=0)
        direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-12)
        side = np.stack([-direction[:, 1], direction[:, 0]], axis=1) * width / 2
        self.polygon(np.vstack([curve + side, (curve - side)[::-1]]), value)
        self.disc(points[0], widths[0] / 2, value)
        self.disc(points[-1], widths[-1] / 2, value)

    def disc(self, center: Point, radius: float, value: float = 1.0) -> None:
        """A filled circle, round in units."""
        angle = np.linspace(0, 2 * np.pi, max(16, int(radius * self._scale[0])), endpoint=False)
        x, y = center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle)
        self.polygon(np.stack([x, y], axis=1), value)

    def ring(self, center: Point, radius: float, width: float, value: float = 1.0) -> None:
        """A circle's line."""
        angle = np.linspace(0, 2 * np.pi, max(24, int(radius * self._scale[0])))
        x, y = center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle)
        self.line(np.stack([x, y], axis=1), width, value)

    def band(self, top: float, bottom: float, value: float = 1.0) -> None:
        """A stripe over the whole width."""
        self.polygon([(0, top), (self.size[0], top), (self.size[0], bottom), (0, bottom)], value)

    def text(self, words: str, center: Point, height: float, face: str = "DejaVuSerif") -> None:
        """Letters whose em is ``height`` units, centered."""
        size = max(6, round(height * self._scale[1]))
        x, y = center[0] * self._scale[0], center[1] * self._scale[1]
        self._draw.text((x, y), words, fill=255, font=font(face, size), anchor="mm")

    def inscribe(self, words: str, center: Point, face: ImageFont.FreeTypeFont) -> None:
        """Letters in a typeface of one's own choice, sized in oversampled pixels."""
        spot = (center[0] * self._scale[0], center[1] * self._scale[1])
        self._draw.text(spot, words, fill=255, font=face, anchor="mm")

    def array(self) -> Array:
        """Coverage, (height, width), row 0 on top."""
        full = np.asarray(self._image, dtype=np.float32) / 255.0
        height, width = self.pixels[1], self.pixels[0]
        shaped = full.reshape(height, _OVERSAMPLING, width, _OVERSAMPLING)
        return np.asarray(shaped.mean(axis=(1, 3)), dtype=np.float64)
