"""Seeded noise: tiling rasters by spectral synthesis, cells, and a periodic volume to read at points."""

from dataclasses import dataclass

import numpy as np

from assets.sample.forms.surface import Array


def generator(seed: str) -> np.random.Generator:
    """A random generator that is the same for the same words on every machine."""
    return np.random.Generator(np.random.PCG64(list(seed.encode("utf-8"))))


def spectral(
    rng: np.random.Generator,
    shape: tuple[int, int],
    *,
    low: float = 1.0,
    slope: float = 1.6,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Array:
    """Tiling noise with a 1/f**slope spectrum, mean 0, standard deviation 1.

    ``low`` is the lowest frequency kept, in cycles per image; ``stretch`` (vertical, horizontal) > 1 draws
    the grain out along that axis. Method: spectral synthesis (Peitgen & Saupe, 1988).
    """
    height, width = shape
    fy = np.fft.fftfreq(height)[:, None] * height * stretch[0]
    fx = np.fft.rfftfreq(width)[None, :] * width * stretch[1]
    frequency = np.hypot(fy, fx)
    gain = np.where(frequency >= low, np.maximum(frequency, 1e-9) ** -slope, 0.0)
    white = np.fft.rfft2(rng.standard_normal(shape))
    field = np.fft.irfft2(white * gain, s=shape)
    return np.asarray((field - field.mean()) / (field.std() + 1e-30))


def blurred(raster: Array, radius: float, *, wrap: bool = True) -> Array:
    """Gaussian blur with ``radius`` pixels standard deviation."""
    if radius <= 0:
        return raster
    source = raster
    pad = 0
    if not wrap:
        pad = int(3 * radius) + 1
        source = np.pad(raster, pad, mode="edge")
    height, width = source.shape
    fy = np.fft.fftfreq(height)[:, None]
    fx = np.fft.rfftfreq(width)[None, :]
    gain = np.exp(-2.0 * (np.pi * radius) ** 2 * (fy**2 + fx**2))
    result = np.fft.irfft2(np.fft.rfft2(source) * gain, s=source.shape)
    return np.asarray(result[pad : height - pad, pad : width - pad] if pad else result)


@dataclass(frozen=True, slots=True)
class Cells:
    """Distances to the nearest and second nearest of scattered points, and the nearest one's number."""

    nearest: Array
    second: Array
    owner: Array
    """A random value in 0..1, one per cell."""


def cells(rng: np.random.Generator, shape: tuple[int, int], count: tuple[int, int]) -> Cells:
    """Tiling cell noise (Worley, SIGGRAPH 1996) with ``count`` (rows, columns) jittered points."""
    rows, columns = count
    jitter = rng.random((rows, columns, 2)) * 0.9 + 0.05
    ident = rng.random((rows, columns))
    y = (np.arange(shape[0]) + 0.5) / shape[0] * rows
    x = (np.arange(shape[1]) + 0.5) / shape[1] * columns
    iy, ix = np.floor(y).astype(np.int64), np.floor(x).astype(np.int64)
    first = np.full(shape, 9.0)
    second = np.full(shape, 9.0)
    owner = np.zeros(shape)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            cy, cx = (iy + dy)[:, None], (ix + dx)[None, :]
            at = jitter[cy % rows, cx % columns]
            distance = np.hypot(y[:, None] - cy - at[..., 0], x[None, :] - cx - at[..., 1])
            closer = distance < first
            second = np.where(closer, first, np.minimum(second, distance))
            owner = np.where(closer, ident[cy % rows, cx % columns], owner)
            first = np.where(closer, distance, first)
    return Cells(first, second, owner)


@dataclass(frozen=True, slots=True)
class Volume:
    """A periodic cube of smooth noise, read at points in space."""

    values: Array

    def at(self, points: Array, wavelength: float) -> Array:
        """Noise of the given wavelength in metres at (n, 3) points; mean 0, standard deviation about 1."""
        size = self.values.shape[0]
        scaled = points / wavelength * 4.0
        base = np.floor(scaled).astype(np.int64)
        f = scaled - base
        f = f * f * (3.0 - 2.0 * f)
        result = np.zeros(len(points))
        flat = self.values.ravel()
        for corner in range(8):
            bits = np.array([corner >> 2 & 1, corner >> 1 & 1, corner & 1])
            weight = np.prod(np.where(bits, f, 1.0 - f), axis=1)
            index = (base + bits) % size
            result += weight * flat[(index[:, 0] * size + index[:, 1]) * size + index[:, 2]]
        return result

    def fractal(self, points: Array, wavelength: float, octaves: int = 3) -> Array:
        """Several wavelengths summed, each half as long and half as strong as the one before."""
        parts = [self.at(points + 17.1 * k, wavelength / 2**k) / 2**k for k in range(octaves)]
        return np.asarray(np.sum(parts, axis=0))


def volume(rng: np.random.Generator, size: int = 32) -> Volume:
    """A cube of noise whose shortest wave is four cells."""
    white = rng.standard_normal((size, size, size))
    f = np.fft.fftfreq(size)
    radius = np.sqrt(f[:, None, None] ** 2 + f[None, :, None] ** 2 + f[None, None, :] ** 2)
    gain = np.exp(-((radius / 0.16) ** 2)) * (radius > 0.02)
    field = np.fft.ifftn(np.fft.fftn(white) * gain).real
    return Volume(np.asarray(field / field.std()))
