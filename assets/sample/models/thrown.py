"""What all wheel-made and coiled vessels share: two walls over measured profiles, canvases that fit them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point, arc_lengths, resampled, smooth
from assets.sample.forms.lathe import revolve
from assets.sample.forms.noise import spectral
from assets.sample.forms.surface import Array, Surface


@dataclass(frozen=True, slots=True)
class Vessel:
    """Outer and inner wall of a vessel, which meet at the lip."""

    outside: Surface
    inside: Surface
    profile: Array
    """The outer wall as (radius, height), evenly spaced from the lip to the middle of the base."""

    @property
    def length(self) -> float:
        """Metres along the outer profile."""
        return float(arc_lengths(self.profile)[-1])

    @property
    def girth(self) -> float:
        """Metres around the widest place."""
        return float(2 * np.pi * self.profile[:, 0].max())

    def canvas(self, pixels: tuple[int, int]) -> Canvas:
        """A canvas for the outer wall in metres: x along the girth, y along the profile."""
        return Canvas(pixels, (self.girth, self.length), wrap=True)

    def down(self, height: float) -> float:
        """How far along the profile from the lip the outer wall passes a height last, above the foot."""
        below = np.nonzero(self.profile[: int(np.argmin(self.profile[:, 1])), 1] >= height)[0]
        return float(arc_lengths(self.profile)[below[-1]])


def throw(
    outer: Sequence[Point], inner: Sequence[Point], rows: tuple[int, int] = (220, 90), segments: int = 256
) -> Vessel:
    """Walls from measured points: ``outer`` from the lip down, ``inner`` from the floor up to the lip."""
    profile = resampled(smooth(outer), rows[0])
    inside = resampled(smooth(inner), rows[1])
    inside[-1] = profile[0]
    return Vessel(revolve(profile, segments), revolve(inside, segments), profile)


def seen_from_above(surface: Surface) -> Surface:
    """Texture coordinates of the view straight down: +X right, +Z at the bottom of the picture."""
    reach = 2.0 * float(np.abs(surface.positions[:, [0, 2]]).max())
    texcoords = surface.positions[:, [0, 2]] / reach + 0.5
    return Surface(surface.positions, surface.normals, texcoords, surface.triangles)


def throwing_marks(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Faint horizontal ridges of the wheel, standard deviation 1."""
    return spectral(rng, shape, low=2, slope=1.1, stretch=(1.0, 40.0))
