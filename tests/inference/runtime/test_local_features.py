"""A museum's own network of local features, plugged in as an ONNX file."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from inference.enrollment import look
from inference.runtime.local_features import OWN, FeaturesError, learned
from inference.runtime.serving import FEATURES, Serving
from inference.runtime.verification import Features, read_feature_file, write_feature_file
from tests.inference.conftest import picture
from tests.inference.test_enrollment import write_gallery_files
from twin import app

CELL, LENGTH = 8, 24


def local_network(folder: Path, *, sides: tuple[Any, Any] = ("h", "w"), output: str = "descriptors") -> Path:
    """A keypoint in the middle of each cell of a grid; its descriptor: the cell under random filters."""
    from onnx import TensorProto, checker, helper, numpy_helper

    filters = np.random.default_rng(0).normal(size=(LENGTH, 1, CELL, CELL)).astype(np.float32)
    constants = {
        "filters": filters - filters.mean(axis=(2, 3), keepdims=True),
        "flat": np.array([LENGTH, -1]), "rows": np.array([2]), "end": np.array([4]),
        "cell": np.array(float(CELL), dtype=np.float32),
        "middle": np.array((CELL - 1) / 2, dtype=np.float32), "swap": np.array([1, 0]),
    }  # fmt: skip
    one = numpy_helper.from_array(np.array([1], dtype=np.int64))
    nodes = [
        helper.make_node("Conv", ["picture", "filters"], ["grid"], strides=[CELL, CELL]),
        helper.make_node("Reshape", ["grid", "flat"], ["columns"]),
        helper.make_node("Transpose", ["columns"], [output], perm=[1, 0]),
        helper.make_node("Shape", ["grid"], ["shape"]),
        helper.make_node("Slice", ["shape", "rows", "end"], ["cells"]),
        helper.make_node("ConstantOfShape", ["cells"], ["ones"], value=one),
        helper.make_node("NonZero", ["ones"], ["places"]),
        helper.make_node("Transpose", ["places"], ["down_across"], perm=[1, 0]),
        helper.make_node("Gather", ["down_across", "swap"], ["across_down"], axis=1),
        helper.make_node("Cast", ["across_down"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["numbers", "cell"], ["corners"]),
        helper.make_node("Add", ["corners", "middle"], ["keypoints"]),
    ]
    graph = helper.make_graph(
        nodes, "grid", [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 1, *sides])],
        [helper.make_tensor_value_info("keypoints", TensorProto.FLOAT, ["n", 2]),
         helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", LENGTH])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    path = folder / "grid.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def test_its_features_lie_on_the_mask_and_have_length_1(tmp_path: Path) -> None:
    mask = np.zeros((80, 96), dtype=np.bool_)
    mask[:, :40] = True
    points, descriptors = learned(local_network(tmp_path))(picture(1), mask, 1000)
    assert sorted(map(tuple, points.tolist())) == [
        (8 * x + 3.5, 8 * y + 3.5) for x in range(5) for y in range(10)
    ]
    assert np.linalg.norm(descriptors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_descriptors_below_zero_are_kept_as_they_are(tmp_path: Path) -> None:
    points, descriptors = learned(local_network(tmp_path))(picture(1), np.ones((80, 96), np.bool_), 1000)
    assert descriptors.min() < -0.1
    file = tmp_path / "view.npz"
    write_feature_file(file, Features(points, descriptors, (96, 80)))
    assert (read_feature_file(file).descriptors * descriptors).sum(axis=1).min() > 0.999


@pytest.mark.parametrize(
    "changes", [{"sides": (80, 96)}, {"output": "vectors"}], ids=["one size only", "no descriptors"]
)
def test_a_network_of_another_kind_is_refused_with_what_was_expected(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(FeaturesError, match=r"grid\.onnx: takes .*expected one picture"):
        learned(local_network(tmp_path, **changes))


def test_twin_index_takes_a_network_by_path_and_keeps_it_until_another_is_named(
    tmp_path: Path, model: Path
) -> None:
    labels, index = write_gallery_files(tmp_path / "photos", artifacts=4), tmp_path / "index"
    network = local_network(tmp_path)
    made = [str(labels), "--index", str(index), "--model", str(model), "--verify"]

    def run(*arguments: str) -> str:
        told = CliRunner().invoke(app, ["index", *arguments])
        assert told.exit_code == 0, told.output
        return told.output

    run(*made, "--local-features", str(network))
    network_kept = index / FEATURES / OWN
    assert network_kept.read_bytes() == network.read_bytes()
    (tmp_path / "asked.png").write_bytes((labels.parent / "02-0.png").read_bytes())
    (seen,) = look(Serving.load(model, index), tmp_path / "asked.png").sightings[:1]
    assert seen.artifact == "vase-02"
    assert seen.inliers > 8
    Image.fromarray(picture(77)).save(labels.parent / "00-0.png")
    run(*made)
    assert network_kept.is_file()
    run(*made[:-1])
    assert not network_kept.exists()
    run(*made)
    assert not network_kept.exists(), "verified by SIFT from now on"


def test_a_network_that_cannot_be_loaded_and_one_without_verification_are_told(
    tmp_path: Path, model: Path
) -> None:
    labels = write_gallery_files(tmp_path / "photos", artifacts=2)
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(local_network(tmp_path).read_bytes()[:100])
    made = ["index", str(labels), "--index", str(tmp_path / "index"), "--model", str(model)]
    told = CliRunner().invoke(app, [*made, "--local-features", str(damaged)])
    assert (told.exit_code, "give both" in told.output) == (1, True)
    told = CliRunner().invoke(app, [*made, "--verify", "--local-features", str(damaged)])
    assert (told.exit_code, "cannot be loaded" in told.output) == (1, True)
