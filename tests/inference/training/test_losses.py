import math

import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

import torch

from inference.training.losses import ArcFace, SupervisedContrastive


def unit(*angles: float) -> torch.Tensor:
    return torch.tensor([[math.cos(a), math.sin(a)] for a in angles], dtype=torch.float64)


def arcface(margin: float, other: float = 2.0) -> ArcFace:
    loss = ArcFace(2, 2, 4.0, margin).double()
    loss.prototypes.data = unit(0.0, other)
    return loss.requires_grad_(False)


def test_without_margin_arcface_is_the_softmax_of_scaled_cosines() -> None:
    logits = 4.0 * torch.tensor([[math.cos(0.3), math.cos(1.7)]], dtype=torch.float64)
    expected = torch.nn.functional.cross_entropy(logits, torch.tensor([0]))
    assert float(arcface(0.0)(unit(0.3), torch.tensor([0]))) == pytest.approx(float(expected), rel=1e-6)


def test_the_margin_is_added_to_the_angle_of_the_right_artifact_only() -> None:
    logits = 4.0 * torch.tensor([[math.cos(0.3 + 0.5), math.cos(1.7)]], dtype=torch.float64)
    expected = torch.nn.functional.cross_entropy(logits, torch.tensor([0]))
    assert float(arcface(0.5)(unit(0.3), torch.tensor([0]))) == pytest.approx(float(expected), rel=1e-6)


def test_the_loss_still_falls_toward_the_prototype_from_the_far_side() -> None:
    near, far = (float(arcface(0.5, other=3.0)(unit(a), torch.tensor([0]))) for a in (2.9, 3.1))
    assert near < far


def test_prototypes_start_at_the_mean_of_their_artifacts() -> None:
    loss = arcface(0.0)
    loss.start_from(unit(0.1, 0.3, 2.0), torch.tensor([0, 0, 1]))
    assert torch.allclose(loss.prototypes, unit(0.2, 2.0))


def test_contrastive_loss_is_that_of_the_definition() -> None:
    embeddings, artifacts = unit(0.0, 0.4, 2.0, 2.2), torch.tensor([0, 0, 1, 1])
    expected = 0.0
    for i, j in ((0, 1), (1, 0), (2, 3), (3, 2)):
        others = [math.exp(float(embeddings[i] @ embeddings[k]) / 0.5) for k in range(4) if k != i]
        expected -= math.log(math.exp(float(embeddings[i] @ embeddings[j]) / 0.5) / sum(others)) / 4
    assert float(SupervisedContrastive(0.5)(embeddings, artifacts)) == pytest.approx(expected, rel=1e-9)


def test_a_batch_without_pairs_teaches_nothing() -> None:
    embeddings = unit(0.0, 1.0).requires_grad_()
    loss = SupervisedContrastive()(embeddings, torch.tensor([0, 1]))
    loss.backward()
    assert float(loss.detach()) == 0.0
    assert embeddings.grad is not None
    assert bool((embeddings.grad == 0).all())
