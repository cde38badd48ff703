"""Pictures changed, within a bound that an eye hardly sees, to be taken for something else.

Projected gradient descent on the pixels (Madry et al. 2018), within a maximum change of each. Training may
learn from such pictures; the evaluation asks how many queries still find their artifact.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.preprocessing import Pixels
from inference.training.metrics import ranked
from inference.training.network import EmbeddingNet


def attacked(loss: Callable[[Tensor], Tensor], pictures: Tensor, epsilon: float, steps: int) -> Tensor:
    """Pictures (n, size, size, 3) of 0..255, each value moved by at most ``epsilon``, of a higher loss.

    Float32. Gradients of parameters are left as they were.
    """
    clean = pictures.to(torch.float32)
    if epsilon == 0.0:
        return clean
    pace = 2.5 * epsilon / steps
    moved = clean.clone()
    for _ in range(steps):
        moved.requires_grad_(True)
        (slope,) = torch.autograd.grad(loss(moved), moved)
        with torch.no_grad():
            moved = moved + pace * slope.sign()
            moved = torch.minimum(torch.maximum(moved, clean - epsilon), clean + epsilon).clamp(0.0, 255.0)
    return moved.detach()


def hits_under_attack(
    network: EmbeddingNet,
    queries: tuple[Sequence[Pixels], Sequence[str]],
    gallery: tuple[Sequence[Pixels], Sequence[str]],
    epsilon: float,
    steps: int = 10,
) -> NDArray[np.bool_]:
    """Which queries still find their artifact when each is moved from its pictures toward the others'.

    Prepared inputs and the artifacts they show. The attacker knows network and gallery: the worst case.
    """
    network.eval()
    with torch.no_grad():
        held = network(torch.from_numpy(np.stack(gallery[0])))
    holds = np.array(gallery[1])
    found = []
    for picture, shown in zip(*queries, strict=True):
        own = torch.from_numpy(holds == shown)
        inputs = torch.from_numpy(picture[None].copy())

        def away(seen: Tensor, own: Tensor = own) -> Tensor:
            similarities = network(seen) @ held.T
            return similarities[:, ~own].max() - similarities[:, own].max()

        changed = attacked(away, inputs, epsilon, steps)
        with torch.no_grad():
            found.append(network(changed))
    vectors = torch.cat(found).numpy()
    return np.asarray(ranked(vectors, list(queries[1]), held.numpy(), list(gallery[1])).places == 1)


def recall_under_attack(
    network: EmbeddingNet,
    queries: tuple[Sequence[Pixels], Sequence[str]],
    gallery: tuple[Sequence[Pixels], Sequence[str]],
    epsilon: float,
    steps: int = 10,
) -> float:
    """Share of the queries that :func:`hits_under_attack` tells."""
    return float(hits_under_attack(network, queries, gallery, epsilon, steps).mean())
