"""Triangles that run the right way: neighbors alike, closed pieces outward."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from assets.pipeline.geometry.topology import Topology

Flags = NDArray[np.bool_]

_ENCLOSES: Final = 0.05
"""Share of the volume of a ball of the same area above which an open piece still has an inside."""


def to_flip(topology: Topology) -> Flags:
    """(m,) which triangles to turn around, so that neighbors agree and what encloses a volume faces out.

    A closed piece within the box of another that encloses it is a cavity, and faces in. A piece with one
    side only (a Moebius strip) is left as it is.
    """
    flip, one_sided = np.zeros((2, len(topology.faces)), dtype=np.bool_)
    if not topology.winding_consistent:
        flip, one_sided = _disagreeing(topology)
    return flip ^ (_inward(topology, flip) & ~one_sided)


def _disagreeing(topology: Topology) -> tuple[Flags, Flags]:
    """Triangles to turn so that neighbors agree, of the two ways the one that turns fewer; and those of
    pieces with one side only.

    Each triangle stands in the graph twice, as it is and turned; triangles that agree are linked like to
    like, others crosswise. The two copies of a piece fall apart exactly where it can be oriented.
    """
    f, g, same = topology.pairs
    m = len(topology.faces)
    start = np.concatenate((f, f + m))
    end = np.concatenate((np.where(same, g + m, g), np.where(same, g, g + m)))
    graph = coo_matrix((np.ones(len(start), dtype=np.int8), (start, end)), shape=(2 * m, 2 * m))
    _, label = connected_components(graph, directed=False)
    plain, turned = label[:m], label[m:]
    kept = np.minimum(plain, turned)
    flip: Flags = plain != kept
    share = np.bincount(kept, flip) / np.maximum(np.bincount(kept), 1)
    one_sided: Flags = plain == turned
    fewer: Flags = np.where(share[kept] > 0.5, ~flip, flip) & ~one_sided
    return fewer, one_sided


def _pieces(topology: Topology) -> NDArray[np.int64]:
    """The piece of each triangle; pieces share no edge of two triangles."""
    f, g, _ = topology.pairs
    m = len(topology.faces)
    graph = coo_matrix((np.ones(len(f), dtype=np.int8), (f, g)), shape=(m, m))
    _, label = connected_components(graph, directed=False)
    found: NDArray[np.int64] = label.astype(np.int64)
    return found


def _inward(topology: Topology, flip: Flags) -> Flags:
    """Triangles of the pieces that would face in once ``flip`` is done."""
    piece = _pieces(topology)
    count = int(piece.max(initial=-1)) + 1
    corners = topology.corners[topology.faces]
    middle = _by_piece(corners.mean(axis=1), piece, count) / np.bincount(piece, minlength=count)[:, None]
    cross = np.where(flip[:, None], -topology.cross, topology.cross)
    volume = np.bincount(piece, ((corners[:, 0] - middle[piece]) * cross).sum(axis=1) / 6.0, minlength=count)
    area = np.bincount(piece, topology.areas, minlength=count)
    ball = area**1.5 / (6.0 * np.sqrt(np.pi))
    inward = volume < -_ENCLOSES * ball
    low = np.full((count, 3), np.inf)
    high = np.full((count, 3), -np.inf)
    np.minimum.at(low, piece, corners.min(axis=1))
    np.maximum.at(high, piece, corners.max(axis=1))
    outward = np.flatnonzero(volume > _ENCLOSES * ball)
    for k in np.flatnonzero(inward):
        around = (low[outward] <= low[k]).all(axis=1) & (high[outward] >= high[k]).all(axis=1)
        inward[k] = not around.any()
    facing: Flags = inward[piece]
    return facing


def _by_piece(values: NDArray[np.float64], piece: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    return np.stack([np.bincount(piece, values[:, k], minlength=count) for k in range(3)], axis=1)
