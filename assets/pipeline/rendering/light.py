"""Light for pictures of scans: surroundings, lamps, and named studios.

Colors are linear; a white, matt surface amid an evenly lit surrounding of radiance 1 sends out 1, and is
shown nearly white. Directions are in the world: +Y up, the front of a scan is +Z.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Maps = NDArray[np.float32]

MAP_SIZE = 32
"""Texels along an octahedral map, without its border."""
BORDER = 1
ROUGHNESSES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""One map each; after them comes the diffuse one."""
_ROWS, _COLUMNS = 24, 48


@dataclass(frozen=True, slots=True)
class Lamp:
    """A small, distant light."""

    azimuth: float
    """Degrees to the right of the front, where it stands; ``elevation`` above the horizon."""
    elevation: float
    color: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Irradiance on a surface that faces it, linear; pi makes a matt white surface white."""

    @property
    def direction(self) -> Floats:
        """(3,) unit vector toward the lamp."""
        return _toward(self.azimuth, self.elevation)


@dataclass(frozen=True, slots=True)
class Patch:
    """A bright area of the surroundings with soft edges: a softbox, a window, a skylight. Degrees."""

    azimuth: float
    elevation: float
    width: float
    height: float
    radiance: float
    color: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What is all around, filtered for every roughness."""

    maps: Maps
    """(levels, size, size, 3) octahedral, with a border."""

    @classmethod
    def of_panorama(cls, panorama: NDArray[np.floating]) -> "Surroundings":
        """From an equirectangular picture (h, w, 3) of linear radiance; its middle column is the front (+Z).

        Columns run to the right as seen from the middle: toward -X. Rows run from straight up to straight
        down. Prefiltered with GGX lobes (Karis 2013).
        """
        picture = np.asarray(panorama, dtype=np.float64)
        if picture.ndim != 3 or picture.shape[2] != 3 or not np.isfinite(picture).all() or picture.min() < 0:
            raise ValueError(f"a panorama is (height, width, 3) of finite radiance >= 0, got {picture.shape}")
        small = _resampled(picture)
        maps = [(weights @ small).reshape(MAP_SIZE + 2 * BORDER, -1, 3) for weights in _filters()]
        return cls(np.asarray(maps, dtype=np.float32))

    @classmethod
    def painted(
        cls, sky: Sequence[float], horizon: Sequence[float], ground: Sequence[float], *patches: Patch
    ) -> "Surroundings":
        """A gradient of three linear colors and bright patches on it."""
        directions = _panorama_directions()
        height = directions[:, 1:2]
        up, down = np.clip(height, 0, 1) ** 0.7, np.clip(-height, 0, 1) ** 0.5
        light = np.asarray(horizon) * (1 - up) * (1 - down) + np.asarray(sky) * up + np.asarray(ground) * down
        for patch in patches:
            light = light + _glow(patch, directions)[:, None] * np.asarray(patch.color)
        return cls.of_panorama(light.reshape(_ROWS, _COLUMNS, 3))


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """All that shines on a scan."""

    surroundings: Surroundings
    lamps: tuple[Lamp, ...] = ()
    turn: float = 0.0
    """Degrees by which lamps and surroundings are turned to the right, about +Y."""
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Factor for everything: exposure and white balance."""
    shadows: bool = True
    """Whether lamps cast shadows."""

    def turned(self, degrees: float) -> "Light":
        """The same light from farther right, such as one that follows a camera around a scan."""
        return replace(self, turn=self.turn + degrees)


@cache
def studio() -> Light:
    """A photographer's neutral studio: large softbox from the upper left, fill, rim, gray room."""
    around = Surroundings.painted(
        (0.62, 0.62, 0.62), (0.42, 0.42, 0.42), (0.24, 0.24, 0.24),
        Patch(-42, 42, 46, 40, 3.0), Patch(62, 18, 30, 60, 1.1), Patch(165, 40, 36, 50, 2.4),
    )  # fmt: skip
    return Light(around, (Lamp(-38, 46, (1.25, 1.25, 1.25)),), gain=(0.92, 0.92, 0.92))


@cache
def gallery() -> Light:
    """A museum room at evening: warm spots from the ceiling, dark walls."""
    around = Surroundings.painted((0.30, 0.26, 0.22), (0.20, 0.18, 0.16), (0.12, 0.09, 0.07))
    return Light(around, (Lamp(-30, 58, (2.2, 1.9, 1.5)), Lamp(50, 52, (1.1, 0.9, 0.7))))


@cache
def window() -> Light:
    """Daylight from a tall window on the left, a pale room."""
    around = Surroundings.painted(
        (0.34, 0.35, 0.37), (0.30, 0.30, 0.30), (0.20, 0.18, 0.16),
        Patch(-72, 22, 46, 70, 5.0, (0.93, 0.98, 1.08)),
    )  # fmt: skip
    return Light(around, (Lamp(-70, 28, (0.8, 0.85, 0.95)),))


@cache
def overcast() -> Light:
    """A courtyard under clouds: light from above, no shadows."""
    return Light(Surroundings.painted((1.25, 1.28, 1.32), (0.75, 0.76, 0.78), (0.22, 0.21, 0.20)))


STUDIOS = {"studio": studio, "gallery": gallery, "window": window, "overcast": overcast}


def drawn(generator: np.random.Generator) -> Light:
    """A light drawn by chance, for training: a named studio turned, tinted and dimmed, and other lamps."""
    base = list(STUDIOS.values())[int(generator.integers(len(STUDIOS)))]()
    warmth, exposure = generator.uniform(-0.16, 0.16), 2.0 ** generator.uniform(-0.9, 0.6)
    lamps = tuple(
        Lamp(
            float(generator.uniform(-180, 180)),
            float(generator.uniform(5, 80)),
            _tinted(float(generator.uniform(0.2, 2.4)), float(generator.uniform(-0.25, 0.25))),
        )
        for _ in range(int(generator.integers(0, 3)))
    )
    return Light(
        base.surroundings,
        lamps,
        float(generator.uniform(-180, 180)),
        _tinted(exposure, warmth),
        bool(generator.random() < 0.7),
    )


def _tinted(strength: float, warmth: float) -> tuple[float, float, float]:
    return strength * (1.0 + warmth), strength, strength * (1.0 - warmth)


def _toward(azimuth: float, elevation: float) -> Floats:
    turn, tilt = math.radians(azimuth), math.radians(elevation)
    return np.array([math.cos(tilt) * math.sin(turn), math.sin(tilt), math.cos(tilt) * math.cos(turn)])


def _glow(patch: Patch, directions: Floats) -> Floats:
    """Radiance of a patch toward each direction: even inside, falling off over a fifth of its size."""
    center = _toward(patch.azimuth, patch.elevation)
    right = _toward(patch.azimuth + 90.0, 0.0)
    up = np.cross(center, right)
    up *= np.sign(up[1]) or 1.0
    ahead = directions @ center
    across = np.degrees(np.arctan2(directions @ right, ahead)) / (patch.width / 2)
    along = np.degrees(np.arctan2(directions @ up, ahead)) / (patch.height / 2)
    edge = np.clip((1.1 - np.maximum(np.abs(across), np.abs(along))) / 0.2, 0.0, 1.0)
    return np.asarray(np.where(ahead > 0, edge, 0.0) * patch.radiance)


@lru_cache(maxsize=1)
def _panorama_directions() -> Floats:
    """(rows · columns, 3) directions of the small panorama's pixels."""
    rows = (np.arange(_ROWS) + 0.5) / _ROWS * math.pi
    columns = ((np.arange(_COLUMNS) + 0.5) / _COLUMNS - 0.5) * 2 * math.pi
    polar, around = np.meshgrid(rows, columns, indexing="ij")
    x, y, z = -np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)
    return np.stack([x, y, z], axis=-1).reshape(-1, 3)


def _resampled(picture: Floats) -> Floats:
    """The panorama at the small size, areas averaged, (rows · columns, 3)."""
    height, width = picture.shape[:2]
    tall = np.repeat(picture, -(-_ROWS // height), axis=0) if height < _ROWS else picture
    wide = np.repeat(tall, -(-_COLUMNS // width), axis=1) if width < _COLUMNS else tall
    rows = np.linspace(0, wide.shape[0], _ROWS, endpoint=False).astype(int)
    columns = np.linspace(0, wide.shape[1], _COLUMNS, endpoint=False).astype(int)
    summed = np.add.reduceat(np.add.reduceat(wide, rows, axis=0), columns, axis=1)
    counts = np.outer(np.diff([*rows, wide.shape[0]]), np.diff([*columns, wide.shape[1]]))
    return np.asarray((summed / counts[..., None]).reshape(-1, 3))


def octahedral_directions() -> Floats:
    """(size², 3) unit directions of the texels of an octahedral map, border included, row by row.

    Texels of the border take the direction that lies there when the square is folded on (Cigolle and
    others 2014, *A Survey of Efficient Representations for Independent Unit Vectors*).
    """
    at = (np.arange(MAP_SIZE + 2 * BORDER) - BORDER + 0.5) / MAP_SIZE * 2.0 - 1.0
    v, u = np.meshgrid(at, at, indexing="ij")
    over_u, over_v = np.abs(u) > 1.0, np.abs(v) > 1.0
    u, v = np.where(over_u, np.sign(u) * 2 - u, u), np.where(over_u, -v, v)
    u, v = np.where(over_v, -u, u), np.where(over_v, np.sign(v) * 2 - v, v)
    y = 1.0 - np.abs(u) - np.abs(v)
    folded_u = (1.0 - np.abs(v)) * np.where(u >= 0, 1.0, -1.0)
    folded_v = (1.0 - np.abs(u)) * np.where(v >= 0, 1.0, -1.0)
    x, z = np.where(y < 0, folded_u, u), np.where(y < 0, folded_v, v)
    directions = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    return np.asarray(directions / np.linalg.norm(directions, axis=1, keepdims=True))


@lru_cache(maxsize=1)
def _filters() -> tuple[NDArray[np.float32], ...]:
    """For each map, the weights (texels, panorama pixels) that gather it; rows sum to 1."""
    sources = _panorama_directions()
    solid = np.sqrt(np.maximum(1.0 - sources[:, 1] ** 2, 0.0))
    cosine = octahedral_directions() @ sources.T
    found = [_rows_summing_to_one(_lobe(cosine, max(roughness, 0.12)) * solid) for roughness in ROUGHNESSES]
    found.append(_rows_summing_to_one(np.maximum(cosine, 0.0) * solid))
    return tuple(found)


def _lobe(cosine: Floats, roughness: float) -> Floats:
    """The GGX lobe around the mirrored direction, for a surface seen straight on."""
    alpha2 = roughness**4
    half = np.clip((1.0 + cosine) / 2.0, 0.0, 1.0)
    return np.asarray(np.maximum(cosine, 0.0) / (half * (alpha2 - 1.0) + 1.0) ** 2)


def _rows_summing_to_one(weights: Floats) -> NDArray[np.float32]:
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)
