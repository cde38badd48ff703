from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

import torch

from inference.manifest import Preprocessing, read_manifest, small_of
from inference.preprocessing import fitted
from inference.runtime.recognizer import Recognizer
from inference.training.export import About, at_size, embedded, export, quantized
from inference.training.network import EmbeddingNet, whitening_of
from tests.inference.conftest import picture

PREPROCESSING = Preprocessing(size=64)
SAMPLES = [picture(1), picture(2)]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[EmbeddingNet, Path]:
    torch.manual_seed(0)
    network = EmbeddingNet("toy", PREPROCESSING, embedding=32).eval()
    draw = np.random.default_rng(0)
    found = draw.normal(size=(200, 32))
    network.whiten(*whitening_of(found / np.linalg.norm(found, axis=1, keepdims=True), 16))
    about = About("toy", "toy", "Apache-2.0", remarks="untrained")
    return network, export(network, PREPROCESSING, SAMPLES, tmp_path_factory.mktemp("model"), about)


def test_the_file_computes_what_the_network_does_at_any_batch_size(
    exported: tuple[EmbeddingNet, Path],
) -> None:
    network, path = exported
    manifest = read_manifest(path)
    assert manifest.dimension == 16
    assert manifest.parity.largest_difference < 1e-5
    inputs = np.stack([fitted(picture(seed), PREPROCESSING) for seed in range(5)])
    with torch.no_grad():
        expected = network(torch.from_numpy(inputs)).numpy()
    assert np.abs(embedded(path.parent / manifest.weights, inputs, batch=3) - expected).max() < 1e-5


def test_the_file_tells_nothing_of_the_machine_that_made_it(exported: tuple[EmbeddingNet, Path]) -> None:
    assert b".py" not in (exported[1].parent / "toy.onnx").read_bytes()


def test_what_training_exports_serving_loads(exported: tuple[EmbeddingNet, Path]) -> None:
    recognizer = Recognizer.load(exported[1])
    assert recognizer.prove_parity() > 0.9999
    recognizer.warm((1, 3))


def test_an_int8_file_is_smaller_near_and_loads_as_well(exported: tuple[EmbeddingNet, Path]) -> None:
    path = exported[1]
    small = quantized(path, [picture(seed) for seed in range(30)], SAMPLES)
    manifest = read_manifest(small)
    assert manifest.precision == "int8-qdq"
    assert manifest.remarks.startswith("INT8 of toy.onnx")
    Recognizer.load(small).warm((2,))
    inputs = np.stack([fitted(picture(seed), PREPROCESSING) for seed in range(100, 120)])
    whole = embedded(path.parent / "toy.onnx", inputs)
    assert (whole * embedded(path.parent / manifest.weights, inputs)).sum(axis=1).mean() > 0.95


def resized(network: EmbeddingNet, size: int) -> EmbeddingNet:
    other = EmbeddingNet("toy", PREPROCESSING.model_copy(update={"size": size}), embedding=32)
    other.whitening, other.dimension = network.whitening, network.dimension
    other.load_state_dict(network.state_dict())
    return other.eval()


def test_the_same_weights_serve_at_a_smaller_input_as_a_model_of_its_own(
    exported: tuple[EmbeddingNet, Path],
) -> None:
    network, path = exported
    assert small_of(path) is None
    small = at_size(path, resized(network, 32), 32, SAMPLES)
    assert small_of(path) == small
    told, whole = read_manifest(small), read_manifest(path)
    assert (told.weights, told.sha256, told.preprocessing.size) == (whole.weights, whole.sha256, 32)
    assert told.identity != whole.identity
    recognizer = Recognizer.load(small)
    inputs = [fitted(picture(seed), told.preprocessing) for seed in range(3)]
    with torch.no_grad():
        expected = resized(network, 32)(torch.from_numpy(np.stack(inputs))).numpy()
    assert np.abs(recognizer.run(inputs)[:, : told.dimension] - expected).max() < 1e-5
    small.unlink()


def test_a_file_that_computes_something_else_at_the_smaller_input_is_refused(
    exported: tuple[EmbeddingNet, Path],
) -> None:
    torch.manual_seed(1)
    other = resized(exported[0], 32)
    with torch.no_grad():
        next(other.parameters()).mul_(-1.0)
    with pytest.raises(RuntimeError, match="at 32 pixels it differs from the trained network"):
        at_size(exported[1], other, 32, SAMPLES)
    assert small_of(exported[1]) is None


def test_dropout_drops_while_learning_and_never_afterward() -> None:
    network = EmbeddingNet("toy", PREPROCESSING, embedding=32, dropout=0.5)
    inputs = torch.from_numpy(np.stack([fitted(picture(1), PREPROCESSING)] * 2))
    with torch.no_grad():
        learning = network.train()(inputs)
        afterward = network.eval()(inputs)
    assert not torch.equal(learning[0], learning[1])
    assert torch.equal(afterward[0], afterward[1])


def test_whitened_embeddings_have_even_variance() -> None:
    draw = np.random.default_rng(1)
    vectors = draw.normal(size=(500, 12)) * np.linspace(3, 0.3, 12) + 1.0
    mean, matrix = whitening_of(vectors, 6, shrinkage=0.0)
    assert np.allclose(np.cov((vectors - mean) @ matrix.T, rowvar=False), np.eye(6), atol=1e-6)
    with pytest.raises(ValueError, match="6 embeddings cannot whiten 6 directions"):
        whitening_of(vectors[:6], 6)


def test_a_backbone_that_nobody_registered_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="known are efficientnet-lite0, toy"):
        EmbeddingNet("dinov2", PREPROCESSING)
