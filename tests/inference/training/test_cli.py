"""The whole way by its commands: train, export, evaluate, index, recognize."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

from typer.testing import CliRunner

from inference.manifest import read_manifest
from tests.inference.training.conftest import write_collection
from twin import app

DESCRIPTION = """
name = "toy"
whitening = 12
augmentation = 0.2
learning_size = 32
[pictures]
generated = 0
photos = ["{labels}"]
held_out = 0.25
[preprocessing]
size = 48
[network]
backbone = "toy"
embedding = 16
dropout = 0.0
[schedule]
steps = 20
artifacts = 8
warm_up = 2
rate = 3e-3
slower = 1.0
thaw = [0, 0, 0]
validate_every = 10
"""


def run(*words: object) -> str:
    told = CliRunner().invoke(app, [str(word) for word in words])
    assert told.exit_code == 0, told.output
    return told.output


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # TensorBoard's own
def test_a_model_is_trained_exported_measured_indexed_and_asked(labels: Path, tmp_path: Path) -> None:
    description = tmp_path / "toy.toml"
    description.write_text(DESCRIPTION.format(labels=labels))
    models, index = tmp_path / "models", tmp_path / "index"
    assert "20 steps" in run("train", description, "--run", tmp_path / "run")
    assert list((tmp_path / "run" / "curves").iterdir())
    told = run("export", description, "--run", tmp_path / "run", "--out", models)
    assert "toy.onnx.json" in told
    assert "toy-int8.onnx.json" in told
    assert "toy-fp16-small.onnx.json" in told
    assert read_manifest(models / "toy-fp16-small.onnx.json").preprocessing.size == 32
    # Trained anew it is the same model; the network that it began as is another one.
    compared = ("compare", description, models / "toy.onnx.json", "--with")
    assert "within the tolerance" in run(*compared, models / "toy-fp16.onnx.json")
    run("export", description, "--out", tmp_path / "untrained", "--no-smaller")
    other = CliRunner().invoke(app, [*map(str, compared), str(tmp_path / "untrained" / "toy.onnx.json")])
    assert other.exit_code == 4, other.output
    assert "these are two models" in other.output
    manifest = read_manifest(models / "toy.onnx.json")
    assert manifest.trained_on[0].artifacts == 24
    assert manifest.dimension == 12
    # Artifacts of another drawing: what is measured was never learned from.
    others = write_collection(tmp_path / "others", artifacts=20, seed=5)
    model = ("--model", models / "toy.onnx.json")
    pages = tmp_path / "pages"
    assert "recall@1, one photo" in run("evaluate", others, *model, "--pages", pages, "--no-robustness")
    assert json.loads((pages / "evaluation.json").read_text())["queries"] == 40
    assert "20 artifacts, 60 views" in run("index", others, *model, "--index", index)
    assert "007-1.png: thing-007" in run("recognize", others.parent / "007-1.png", *model, "--index", index)
