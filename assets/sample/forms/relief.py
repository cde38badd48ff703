"""Low relief: flat drawings turned into rounded heights, as a die cutter, a molder or a chaser makes them."""

from collections.abc import Callable

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.noise import blurred
from assets.sample.forms.surface import Array


def dome(coverage: Array, radius: float) -> Array:
    """A drawn shape swelling from its outline to full height ``radius`` pixels inside it; 0..1."""
    soft = np.clip(blurred(coverage, radius / 2, wrap=False) * 2.0 - 1.0, 0.0, 1.0)
    return np.asarray(np.sqrt(np.clip(1.0 - (1.0 - soft) ** 2, 0.0, 1.0)) * coverage)


class Relief:
    """Layers of rounded shapes over a ground; each lies on top of what is already there."""

    def __init__(self, pixels: tuple[int, int], size: tuple[float, float]) -> None:
        self._pixels = pixels
        self._size = size
        self.height: Array = np.zeros((pixels[1], pixels[0]))
        """Metres above the ground."""

    def _drawn(self, draw: Callable[[Canvas], None]) -> Array:
        canvas = Canvas(self._pixels, self._size)
        draw(canvas)
        return canvas.array()

    def raise_(
        self, draw: Callable[[Canvas], None], height: float, radius: float, *, keep: float = 0.0
    ) -> None:
        """A shape ``height`` metres high, rounded over ``radius`` metres; ``keep`` of what is below stays."""
        cover = self._drawn(draw)
        pixels = radius * self._pixels[0] / self._size[0]
        body = dome(cover, pixels) * height
        self.height = np.maximum(self.height, body + keep * self.height * (cover > 0.5))

    def add(self, draw: Callable[[Canvas], None], height: float, radius: float) -> None:
        """Add to (or, negative, cut from) what is there."""
        cover = self._drawn(draw)
        pixels = max(radius * self._pixels[0] / self._size[0], 0.5)
        self.height = self.height + blurred(cover, pixels / 2, wrap=False) * height
