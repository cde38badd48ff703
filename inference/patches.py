"""What a network makes of a picture, as one row: its embedding, then features of each place.

An embedding says what a picture shows as a whole. A detail, or another side, has parts in common with a
gallery's picture rather than the whole, so each place of the query looks for its like among all places of the
gallery's picture and of its details (late interaction, MaxSim of Khattab and Zaharia 2020, there for words).
Both answers count alike: the similarity of two pictures is the mean of the cosine of their embeddings and of
their patches' agreement. Places are compared along axes that are whitened on the gallery itself.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]

COMPONENTS: Final = 128
"""Of a patch along the axes of a gallery."""
SHRINKAGE: Final = 0.5
"""Of the variances toward their mean: a gallery is small (docs/recognition.md)."""
PLACED: Final = 200
"""Most pictures on whose places axes are found; an index of fewer is built anew when it has doubled."""
_STEP: Final = 127
"""Of a component that is kept as a byte."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows are laid out."""

    dimension: int
    """Components of the embedding."""
    places: int = 0
    """Of the picture; 0 where the network gives no features of places."""
    channels: int = 0
    """Features of a place."""

    @property
    def width(self) -> int:
        """Numbers in a row."""
        return self.dimension + self.places * self.channels

    def joined(self, embeddings: Floats, features: Floats) -> Floats:
        """Rows (n, width) of embeddings (n, dimension) and features (n, ..., channels)."""
        return np.concatenate([embeddings, features.reshape(len(features), -1)], axis=1)

    def embeddings(self, rows: Floats) -> Floats:
        """Of rows (..., width): (..., dimension)."""
        return np.ascontiguousarray(rows[..., : self.dimension])

    def features(self, rows: Floats) -> Floats:
        """Of rows (..., width): (..., places, channels)."""
        return rows[..., self.dimension :].reshape(*rows.shape[:-1], self.places, self.channels)


def placed(pictures: int) -> list[int]:
    """Numbers of a gallery's pictures on which axes are found: all of few, evenly chosen ones of many."""
    return [at * pictures // PLACED for at in range(PLACED)] if pictures > PLACED else list(range(pictures))


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Along which places are compared: leading directions of a gallery's places, whitened."""

    mean: Floats
    """(channels,)."""
    matrix: Floats
    """(channels, components)."""
    pictures: int
    """That they were found on."""

    def __post_init__(self) -> None:
        if self.matrix.ndim != 2 or self.mean.shape != self.matrix.shape[:1]:
            raise ValueError(f"mean {self.mean.shape} and matrix {self.matrix.shape} do not belong together")

    @classmethod
    def of(cls, features: Floats) -> Self:
        """Found on features (pictures, ..., channels), by PCA-whitening (Jégou and Chum 2012).

        Raises ``ValueError`` for fewer than two places.
        """
        places = _rooted(features)[0].reshape(-1, features.shape[-1]).astype(np.float64)
        if len(places) < 2:
            raise ValueError("axes need two places at least")
        mean = places.mean(axis=0)
        variances, directions = np.linalg.eigh(np.cov(places, rowvar=False))
        kept = slice(None, -min(COMPONENTS, places.shape[1]) - 1, -1)
        variances, directions = variances[kept], directions[:, kept]
        variances = (1 - SHRINKAGE) * np.maximum(variances, 0) + SHRINKAGE * variances.mean()
        matrix = directions / np.sqrt(np.maximum(variances, 1e-12))
        return cls(mean.astype(np.float32), np.ascontiguousarray(matrix, np.float32), len(features))

    @property
    def components(self) -> int:
        """Of a patch."""
        return int(self.matrix.shape[1])

    def asked(self, features: Floats) -> Floats:
        """Patches of a query's features (places, channels): (places, components).

        Each is a direction as long as the place's share of the picture; what is weak, such as padding, counts
        little.
        """
        rooted, lengths = _rooted(features)
        return self._turned(rooted) * (lengths / max(float(lengths.sum()), 1e-6))

    def kept(self, features: Floats) -> Bytes:
        """Patches of a gallery's features (..., channels): directions, a byte a component."""
        turned = self._turned(_rooted(features)[0])
        return np.asarray(np.rint(turned * np.float32(_STEP)), dtype=np.int8)

    def _turned(self, rooted: Floats) -> Floats:
        turned = (rooted - self.mean) @ self.matrix
        return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=-1, keepdims=True), 1e-6))


def _rooted(features: Floats) -> tuple[Floats, Floats]:
    """Features (..., channels) scaled to length 1 and their signed roots, and their lengths (..., 1)."""
    lengths = np.linalg.norm(features, axis=-1, keepdims=True)
    unit = features / np.maximum(lengths, np.float32(1e-6))
    return np.sign(unit) * np.sqrt(np.abs(unit)), lengths


def agreements(query: Floats, gallery: Bytes, owners: NDArray[np.int64], count: int) -> Floats:
    """How far each of ``count`` pictures has what the query shows, at most 1: (count,).

    ``query`` (places, components) as :meth:`Axes.asked`, ``gallery`` (rows, places', components) as
    :meth:`Axes.kept`; ``owners`` (rows,) say whose picture or detail a row is. Each patch of the query finds
    its nearest in all rows of a picture, and counts by its length. A picture without rows has -1.
    """
    rows, places, components = gallery.shape
    flat = gallery.reshape(rows * places, components).astype(np.float32)
    cosines = (flat @ query.T).reshape(rows, places, len(query)).max(axis=1)
    best = np.full((count, len(query)), -1.0, dtype=np.float32)
    np.maximum.at(best, owners, cosines / np.float32(_STEP))
    return np.asarray(np.maximum(best.sum(axis=1), -1.0), dtype=np.float32)
