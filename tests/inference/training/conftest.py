"""Small collections and runs for tests of training."""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.manifest import Preprocessing
from inference.runtime.home import NAME, Home, Models
from inference.training.experiment import Experiment, Loss, Network, PictureSources, Schedule
from inference.training.pictures import Shot, read_labels, write_labels
from tests.inference.conftest import picture


def write_collection(folder: Path, artifacts: int = 24, views: int = 3, seed: int = 0) -> Path:
    """Labeled pictures: each artifact's own patches, shifted and lit anew in every view."""
    shots = []
    draw = np.random.default_rng(seed)
    for number in range(artifacts):
        for view in range(views):
            path = folder / f"{number:03d}-{view}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            shifted = np.roll(picture(1000 * seed + number, (64, 64)), draw.integers(-6, 7, 2), axis=(0, 1))
            lit = np.clip(shifted * draw.uniform(0.7, 1.2) + draw.normal(0, 6, shifted.shape), 0, 255)
            Image.fromarray(lit.astype(np.uint8)).save(path)
            shots.append(Shot(path, f"thing-{number:03d}", f"museum-{number // 6}", "tile"))
    return write_labels(folder, shots)


def toy(labels: Path, **changes: object) -> Experiment:
    """An experiment of seconds."""
    told: dict[str, object] = {
        "name": "toy",
        "pictures": PictureSources(generated=0, photos=(labels,), held_out=0.25),
        "preprocessing": Preprocessing(size=32),
        "network": Network(backbone="toy", embedding=16),
        "loss": Loss(),
        "schedule": Schedule(
            steps=30, artifacts=8, warm_up=3, rate=3e-3, slower=1.0, thaw=(0, 0, 0), validate_every=10
        ),
        "augmentation": 0.1,
        "whitening": 12,
    }
    return Experiment.model_validate(told | changes)


RECIPE = """
name = "toy"
whitening = {whitening}
augmentation = 0.5
[pictures]
generated = 0
photos = ["gallery"]
[network]
embedding = 0
dropout = 0.0
[loss]
margin = 0.2
[schedule]
steps = {steps}
artifacts = 12
pictures = 1
warm_up = 0
rate = {rate}
head_rate = {rate}
slower = 1.0
thaw = [0, 0, 0]
validate_every = 20
"""


def write_recipe(folder: Path, *, steps: int = 60, rate: float = 5e-3, whitening: int = 16) -> Path:
    """How to adapt in seconds."""
    path = folder / "recipe.toml"
    path.write_text(RECIPE.format(steps=steps, rate=rate, whitening=whitening))
    return path


@cache
def _toy_files() -> dict[str, bytes]:
    """An untrained network as it is exported, and its manifest; made once, since exporting takes seconds."""
    import torch

    from inference.training.export import About, export
    from inference.training.network import EmbeddingNet

    torch.manual_seed(0)
    network = EmbeddingNet("toy", Preprocessing(size=32)).eval()
    network.power = 0.5
    samples = [picture(number, (32, 32)) for number in range(4)]
    about = About("plain", "toy", "Apache-2.0")
    with tempfile.TemporaryDirectory() as folder:
        export(network, Preprocessing(size=32), samples, Path(folder), about)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def choose_toy_model(store: Path) -> Path:
    """Put an untrained network into service in a store; returns its manifest."""
    home = Home(store / NAME)
    home.adapted.mkdir(parents=True)
    for name, content in _toy_files().items():
        (home.adapted / name).write_bytes(content)
    model = home.adapted / "plain.onnx.json"
    home.choose(Models(model))
    return model


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Labels of 24 artifacts of four institutions, three pictures each."""
    return write_collection(tmp_path / "collection")


@pytest.fixture
def shots(labels: Path) -> list[Shot]:
    """Its pictures."""
    return read_labels(labels)
