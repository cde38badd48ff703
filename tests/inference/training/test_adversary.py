from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

import torch

from inference.manifest import Preprocessing
from inference.training.adversary import attacked, recall_under_attack
from inference.training.experiment import Adversary
from inference.training.network import EmbeddingNet
from inference.training.pictures import Shot
from inference.training.train import train
from tests.inference.conftest import picture
from tests.inference.training.conftest import toy


def test_an_attack_raises_the_loss_within_its_bound() -> None:
    torch.manual_seed(0)
    network = EmbeddingNet("toy", Preprocessing(size=32), embedding=16).eval()
    clean = torch.from_numpy(np.stack([picture(n, (32, 32)) for n in range(4)]))
    with torch.no_grad():
        held = network(clean)

    def loss(seen: torch.Tensor) -> torch.Tensor:
        return -(network(seen) * held).sum(dim=1).mean()

    moved = attacked(loss, clean, epsilon=4.0, steps=3)
    assert float((moved - clean).abs().max()) <= 4.0
    assert float(moved.min()) >= 0.0
    assert float(moved.max()) <= 255.0
    with torch.no_grad():
        assert float(loss(moved)) > float(loss(clean))
    assert all(parameter.grad is None for parameter in network.parameters())


def test_a_stronger_attack_finds_fewer_artifacts() -> None:
    torch.manual_seed(0)
    network = EmbeddingNet("toy", Preprocessing(size=32), embedding=16).eval()
    pictures = [picture(n, (32, 32)) for n in range(6)]
    names = [str(n) for n in range(6)]
    recall = [recall_under_attack(network, (pictures, names), (pictures, names), e, 5) for e in (0.0, 60.0)]
    assert recall[0] == 1.0
    assert recall[1] < 0.5


def test_training_may_learn_from_changed_pictures(shots: list[Shot], labels: Path, tmp_path: Path) -> None:
    losses: list[float] = []

    def tell(_: int, figures: dict[str, float]) -> None:
        losses.append(figures["loss"])

    for share in (0.0, 1.0):
        told = toy(labels, adversary=Adversary(share=share, epsilon=8.0))
        told = told.model_copy(update={"schedule": told.schedule.model_copy(update={"steps": 1})})
        train(told, shots, tmp_path / str(share), tell)
    assert losses[1] > losses[0]
