import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from inference.manifest import Manifest, ManifestError
from inference.runtime import recognizer as recognizer_module
from inference.runtime.bound import BoundRuns
from inference.runtime.decoding import Encoding, Frame, UnreadableFrame
from inference.runtime.recognizer import LADDER, NOT_BUILT_IN, ModelError, Recognizer, Rung
from tests.inference.conftest import encoded, expected_embeddings, network, picture, write_model


def test_a_frame_becomes_the_embedding_that_numpy_computes(model: Path) -> None:
    recognizer = Recognizer.load(model)
    frames = [Frame(Encoding.png, encoded(picture(seed)), 0, 0) for seed in range(5)]
    inputs = [recognizer.prepare(frame).input for frame in frames]
    found = recognizer.run(inputs)
    assert np.abs(found - expected_embeddings(inputs)).max() < 1e-5


def test_an_embedding_does_not_depend_on_its_batch(model: Path) -> None:
    recognizer = Recognizer.load(model)
    inputs = [
        recognizer.prepare(Frame(Encoding.png, encoded(picture(seed)), 0, 0)).input for seed in range(4)
    ]
    alone = np.concatenate([recognizer.run([one]) for one in inputs])
    assert np.abs(recognizer.run(inputs) - alone).max() < 1e-6


def test_the_ladder_says_which_rung_holds_and_why_the_higher_ones_do_not(model: Path) -> None:
    standing = Recognizer.load(model).standing
    assert standing.provider == "CPUExecutionProvider"
    assert dict(standing.passed_over) == {
        "TensorrtExecutionProvider": NOT_BUILT_IN,
        "CUDAExecutionProvider": NOT_BUILT_IN,
    }
    assert not standing.degraded


def test_without_a_rung_that_holds_nothing_serves(model: Path) -> None:
    with pytest.raises(ModelError, match="no execution provider can run these weights"):
        Recognizer.load(model, ladder=[Rung("CUDAExecutionProvider")])


def test_in_bound_memory_a_batch_of_any_size_gives_what_a_plain_run_gives(model: Path) -> None:
    plain = Recognizer.load(model)
    bound = Recognizer.load(model, ladder=[Rung("CPUExecutionProvider", is_bound=True)])
    inputs = [plain.prepare(Frame(Encoding.png, encoded(picture(seed)), 0, 0)).input for seed in range(37)]
    bound.warm()
    first = bound.run(inputs[:3])
    for size in (1, 2, 3, 5, 16, 17, 37):
        assert np.abs(bound.run(inputs[:size]) - plain.run(inputs[:size])).max() < 1e-6
    # Later batches, which were written into the same memory, changed no earlier answer.
    assert np.abs(first - plain.run(inputs[:3])).max() < 1e-6


def test_graphics_processors_are_asked_for_graphs_in_bound_memory_and_then_without(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build with every provider, none of whose libraries is there: each rung is asked for, then left."""
    asked: list[tuple[str, dict[str, str]]] = []
    made = onnxruntime.InferenceSession

    def session(content: bytes, options: Any, providers: list[tuple[str, dict[str, str]]]) -> Any:
        asked.extend(providers)
        if providers[0][0] != "CPUExecutionProvider":
            raise RuntimeError(f"{providers[0][0]}: no such library")
        return made(content, options, providers=providers)

    offered = frozenset(rung.provider for rung in LADDER)
    monkeypatch.setattr(recognizer_module, "offered_providers", lambda: offered)
    monkeypatch.setattr(onnxruntime, "InferenceSession", session)
    standing = Recognizer.load(model).standing
    (tensorrt, engine), (_, graph), (cuda, without), (processor, _) = asked
    assert (tensorrt, cuda, processor) == tuple(dict.fromkeys(rung.provider for rung in LADDER))
    assert (engine["trt_fp16_enable"], engine["trt_cuda_graph_enable"]) == ("1", "1")
    assert engine["trt_profile_min_shapes"] == "image:1x64x64x3"
    assert engine["trt_profile_max_shapes"] == "image:16x64x64x3"
    assert engine["trt_engine_cache_path"].endswith(Recognizer.load(model).manifest.identity)
    assert (graph["enable_cuda_graph"], "enable_cuda_graph" in without) == ("1", False)
    assert standing.provider == "CPUExecutionProvider"
    assert standing.degraded
    assert [why for _, why in standing.passed_over] == [
        "RuntimeError: TensorrtExecutionProvider: no such library",
        "RuntimeError: CUDAExecutionProvider: no such library",
    ]


def test_a_graph_that_cannot_be_recorded_leaves_its_rung_for_the_next(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise RuntimeError("this session cannot use the graph capture feature")

    monkeypatch.setattr(BoundRuns, "run", refused)
    ladder = [Rung("CPUExecutionProvider", is_bound=True), Rung("CPUExecutionProvider")]
    standing = Recognizer.load(model, ladder=ladder).standing
    assert "cannot use the graph capture" in dict(standing.passed_over)["CPUExecutionProvider"]


def test_damaged_weights_are_never_handed_to_the_runtime(model: Path) -> None:
    weights = model.parent / "cells.onnx"
    weights.write_bytes(weights.read_bytes()[:-40])
    with pytest.raises(ManifestError, match="damaged"):
        Recognizer.load(model)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x08\x08 this is no protobuf", "no execution provider can run these weights"),
        (network(operator="MuseumMagic"), "no execution provider can run these weights"),
        (network(input_name="picture"), "the manifest states 'image' uint8"),
        (network(seed=1), "parity"),
    ],
    ids=["no graph", "custom operator", "input name", "other weights"],
)
def test_weights_with_a_matching_hash_still_have_to_prove_themselves(
    tmp_path: Path, content: bytes, told: str
) -> None:
    with pytest.raises(ModelError, match=told):
        Recognizer.load(write_model(tmp_path, content))


def test_weights_of_an_unknown_opset_are_refused(tmp_path: Path) -> None:
    import onnx

    graph = onnx.load_model_from_string(network())
    graph.opset_import[0].version = 999
    with pytest.raises(ModelError, match="no execution provider"):
        Recognizer.load(write_model(tmp_path, graph.SerializeToString()))


@pytest.mark.parametrize("operator", ["Identity", "Log"], ids=["lengths", "NaN"])
def test_embeddings_that_are_no_unit_vectors_are_an_error(tmp_path: Path, operator: str) -> None:
    zeros = write_model(tmp_path, network(operator=operator))
    with pytest.raises(ModelError, match="expected 1: export the model again"):
        Recognizer.load(zeros)


def test_a_parity_promise_that_is_not_kept_is_told_with_both_figures(model: Path) -> None:
    told = json.loads(model.read_text())
    told["parity"]["samples"][0]["embedding"] = told["parity"]["samples"][1]["embedding"]
    model.write_text(Manifest.model_validate(told).model_dump_json())
    with pytest.raises(ModelError, match=r"promised 0\.99990"):
        Recognizer.load(model)


def test_an_unreadable_frame_leaves_the_recognizer_in_service(model: Path) -> None:
    recognizer = Recognizer.load(model)
    with pytest.raises(UnreadableFrame):
        recognizer.prepare(Frame(Encoding.jpeg, b"not a picture", 0, 0))
    recognizer.warm((1, 2))
