"""Weights come back out of an exported file: the network that learns on is the one that served."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

import torch
from torch import nn

from inference.manifest import ManifestError, Preprocessing
from inference.training.export import About, export, halved, quantized
from inference.training.network import EmbeddingNet
from inference.training.reread import network_of
from tests.inference.conftest import picture, write_model

SIDE = 32


def exported(folder: Path, *, embedding: int = 0) -> tuple[EmbeddingNet, Path]:
    """A network whose batch statistics are those of no fresh one, and its file."""
    torch.manual_seed(3)
    network = EmbeddingNet("toy", Preprocessing(size=SIDE), embedding=embedding).eval()
    network.power = 0.5
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for values in (module.weight.data, module.running_var):
                assert values is not None
                values.uniform_(0.5, 2.0)
            module.bias.data.uniform_(0.0, 1.0)
            assert module.running_mean is not None
            module.running_mean.uniform_(-0.5, 0.5)
    samples = [picture(number, (SIDE, SIDE)) for number in range(4)]
    about = About("toy", "toy", "Apache-2.0")
    return network, export(network, Preprocessing(size=SIDE), samples, folder, about)


def test_a_network_read_back_gives_the_embeddings_of_its_file(tmp_path: Path) -> None:
    network, manifest = exported(tmp_path)
    samples = [picture(number, (SIDE, SIDE)) for number in range(4)]
    inputs = torch.from_numpy(np.stack([picture(50 + number, (SIDE, SIDE)) for number in range(5)]))
    for file, near in ((manifest, 1e-5), (halved(manifest, samples), 1e-2)):
        again = network_of(file)
        assert again.power == 0.5
        with torch.no_grad():
            assert float((again(inputs) - network(inputs)).abs().max()) < near


def test_what_cannot_be_read_back_is_refused_with_a_remedy(tmp_path: Path) -> None:
    samples = [picture(number, (SIDE, SIDE)) for number in range(4)]
    _, manifest = exported(tmp_path / "plain")
    with pytest.raises(ManifestError, match="name its fp32 or fp16 model"):
        network_of(quantized(manifest, samples, samples))
    _, headed = exported(tmp_path / "headed", embedding=8)
    with pytest.raises(ManifestError, match="adapt the model that it was made from"):
        network_of(headed)
    with pytest.raises(ManifestError, match="'cell means' cannot be adapted"):
        network_of(write_model(tmp_path / "other"))
