"""Small codes of many vectors, all compared with a query: which rows are worth an exact look.

Vectors are turned onto the leading principal directions of the gallery, and each coordinate is kept in one
signed byte, in steps of its own. The steps go into the query, whose coordinates keep 16 bits, so that a
comparison is a sum of products of small integers (scalar quantization; the exact scores of the rows that it
proposes are the caller's). Nothing is trained but the directions: a million vectors take seconds, and equal
vectors give equal codes. Compared with graphs and inverted lists in docs/recognition.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from assets.machine_code import compiled

Vectors = NDArray[np.float32]
Codes = NDArray[np.int8]
Rows = NDArray[np.int64]
Piece = Callable[[int, int], Vectors]
"""Vectors of the rows from one number to another, the end excluded: (n, d)."""

DIRECTIONS: Final = 256
"""Bytes of a code, at most; vectors of fewer components have as many as those."""
PIECE: Final = 50_000
"""Rows that are coded at a time: what building holds in memory."""
_SAMPLE: Final = 16_384
"""Rows from which directions are found."""
_BYTE, _SHORT = 127, 32_767


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Codes of a gallery's vectors. Searched by any number of threads."""

    axes: Vectors
    """(d, k): principal directions, each of length 1."""
    steps: Vectors
    """(k,): what one step of a coordinate's byte is worth."""
    codes: Codes
    """(n, k), rows as in the gallery."""

    @classmethod
    def written(cls, piece: Piece, rows: int, codes: Path, axes: Path) -> Self:
        """Code ``rows`` vectors into two files and map them. Raises ``OSError`` as writing does."""
        sample = _sample(piece, rows)
        directions = _directions(sample)
        # The largest coordinate of a sample makes the step; what lies beyond it is cut off.
        steps = np.maximum(np.abs(sample @ directions).max(axis=0), 1e-9) / np.float32(_BYTE)
        # Written, not mapped: a disk that is full raises an error instead of ending the process.
        with codes.open("wb") as stream:
            header = {"descr": "|i1", "fortran_order": False, "shape": (rows, directions.shape[1])}
            np.lib.format.write_array_header_1_0(stream, header)
            for _, vectors in _pieces(piece, rows):
                turned = np.clip(np.rint((vectors @ directions) / steps), -_BYTE, _BYTE)
                stream.write(turned.astype(np.int8).data)
        np.savez(axes, axes=directions, steps=steps.astype(np.float32))
        return cls.opened(codes, axes, (rows, directions.shape[0]))

    @classmethod
    def opened(cls, codes: Path, axes: Path, shape: tuple[int, int]) -> Self:
        """Map what :meth:`written` wrote of a gallery of that shape (rows, components).

        Raises ``OSError``, ``ValueError``, ``KeyError`` or ``BadZipFile`` where a file is not that.
        """
        # Opened here: numpy leaves a damaged file open.
        with axes.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
            directions, steps = found["axes"], found["steps"]
        kept = np.asarray(np.load(codes, mmap_mode="r", allow_pickle=False))
        length = min(shape[1], DIRECTIONS)
        wanted = [((shape[1], length), np.float32), ((length,), np.float32), ((shape[0], length), np.int8)]
        told = [(part.shape, part.dtype) for part in (directions, steps, kept)]
        if told != wanted:
            raise ValueError(f"axes, steps and codes are {told}, expected {wanted}")
        sketch = cls(directions, steps, kept)
        # Compiled now, or read from disk, and not while a visitor waits.
        sketch._scores(directions[:, 0], kept[:1])
        return sketch

    def proposed(self, query: Vectors, most: int) -> Rows:
        """Rows of the ``most`` nearest codes to ``query`` (d,), in no order."""
        scores = self._scores(query, self.codes)
        if len(scores) <= most:
            return np.arange(len(scores))
        return np.argpartition(scores, len(scores) - most)[-most:].astype(np.int64)

    def _scores(self, query: Vectors, codes: Codes) -> NDArray[np.int32]:
        weights = (query @ self.axes) * self.steps
        scale = _SHORT / max(float(np.abs(weights).max()), 1e-30)
        scores = np.empty(len(codes), dtype=np.int32)
        _compare(codes, np.rint(weights * scale).astype(np.int16), scores)
        return scores


def _compare(codes: Codes, weights: NDArray[np.int16], scores: NDArray[np.int32]) -> None:
    # 256 products of 127 and 32,767 at the most stay within 32 bits.
    for row in range(codes.shape[0]):
        total = np.int32(0)
        for place in range(codes.shape[1]):
            total += np.int32(codes[row, place]) * np.int32(weights[place])
        scores[row] = total


_compare = compiled(_compare, nogil=True, fastmath=True)


def _pieces(piece: Piece, rows: int) -> Iterator[tuple[int, Vectors]]:
    for start in range(0, rows, PIECE):
        yield start, piece(start, min(start + PIECE, rows))


def _sample(piece: Piece, rows: int) -> Vectors:
    """Vectors from all over the gallery; neighbors, which show the same thing, are spread apart."""
    share = max(rows // _SAMPLE, 1)
    return np.concatenate([vectors[-start % share :: share] for start, vectors in _pieces(piece, rows)])


def _directions(sample: Vectors) -> Vectors:
    """(d, k) leading eigenvectors of the second moment: what the cosine of two vectors depends on most."""
    vectors = np.linalg.eigh(sample.T @ sample)[1]
    return np.ascontiguousarray(vectors[:, ::-1][:, :DIRECTIONS], dtype=np.float32)
