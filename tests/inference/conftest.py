"""A small network that tests serve: built here, no training, no download."""

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inference.manifest import Manifest, Parity, ParitySample, Preprocessing, Tensor, read_manifest

SIDE, DIMENSION, CELLS = 64, 24, 8


def picture(seed: int, size: tuple[int, int] = (96, 80)) -> NDArray[np.uint8]:
    """(h, w, 3): soft colored patches, different for every seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    width, height = size
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def encoded(pixels: NDArray[np.uint8], kind: str = "PNG", **options: Any) -> bytes:
    """The picture's bytes as PNG, or JPEG of quality 90."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind, **({"quality": 90} if kind == "JPEG" else {}), **options)
    return stream.getvalue()


def network(
    *,
    seed: int = 0,
    input_name: str = "image",
    operator: str | None = None,
    opset: int = 17,
    located: bool = False,
) -> bytes:
    """ONNX: mean colors of 8 x 8 cells, mixed by a fixed random matrix, scaled to length 1.

    Where it is ``located``, a second output gives the cells themselves, row by row.
    """
    from onnx import TensorProto, checker, helper, numpy_helper

    mix = np.random.default_rng(seed).normal(size=(CELLS * CELLS * 3, DIMENSION)).astype(np.float32)
    window = [SIDE // CELLS] * 2
    nodes = [
        helper.make_node("Cast", [input_name], ["floating"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["floating", "middle"], ["centered"]),
        helper.make_node("Transpose", ["centered"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("AveragePool", ["planes"], ["cells"], kernel_shape=window, strides=window),
        helper.make_node("Flatten", ["cells"], ["flat"]),
        helper.make_node("MatMul", ["flat", "mix"], ["mixed"]),
        helper.make_node(operator, ["mixed"], ["embedding"])
        if operator
        else helper.make_node("LpNormalization", ["mixed"], ["embedding"], axis=1),
    ]
    outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", DIMENSION])]
    if located:
        nodes.append(helper.make_node("Transpose", ["cells"], ["places"], perm=[0, 2, 3, 1]))
        outputs.append(helper.make_tensor_value_info("places", TensorProto.FLOAT, ["batch", CELLS, CELLS, 3]))
    graph = helper.make_graph(
        nodes,
        "cells",
        [helper.make_tensor_value_info(input_name, TensorProto.UINT8, ["batch", SIDE, SIDE, 3])],
        outputs,
        [
            numpy_helper.from_array(mix, "mix"),
            numpy_helper.from_array(np.array(127.0, dtype=np.float32), "middle"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    if operator is None:
        checker.check_model(model)
    return bytes(model.SerializeToString())


def expected_embeddings(pixels: list[NDArray[np.uint8]], seed: int = 0) -> NDArray[np.float32]:
    """What the network must give, computed by numpy alone, for inputs of (64, 64, 3)."""
    mix = np.random.default_rng(seed).normal(size=(CELLS * CELLS * 3, DIMENSION)).astype(np.float32)
    planes = (np.stack(pixels).astype(np.float32) - 127.0).transpose(0, 3, 1, 2)
    pool = SIDE // CELLS
    cells = planes.reshape(len(pixels), 3, CELLS, pool, CELLS, pool).mean(axis=(3, 5))
    mixed = cells.reshape(len(pixels), -1) @ mix
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def cell_means(shown: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(3,): the mean over all cells of a picture, as the network that is located gives them."""
    from inference.preprocessing import fitted

    return np.asarray(fitted(shown, Preprocessing(size=SIDE)).astype(np.float32).mean(axis=(0, 1)) - 127.0)


def write_model(folder: Path, content: bytes | None = None, *, seed: int = 0, **changes: Any) -> Path:
    """Write weights and manifest; returns the manifest's path."""
    from inference.preprocessing import fitted

    content = network(seed=seed) if content is None else content
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cells.onnx").write_bytes(content)
    preprocessing = Preprocessing(size=SIDE)
    samples = [picture(number) for number in (101, 102)]
    embeddings = expected_embeddings([fitted(sample, preprocessing) for sample in samples], seed)
    facts: dict[str, Any] = {
        "name": "cells", "weights": "cells.onnx", "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content), "opset": 17, "precision": "fp32",
        "input": Tensor(name="image", dtype="uint8", shape=(None, SIDE, SIDE, 3)),
        "output": Tensor(name="embedding", dtype="float32", shape=(None, DIMENSION)),
        "preprocessing": preprocessing, "dimension": DIMENSION, "backbone": "cell means",
        "license": "Apache-2.0", "trained_on": (),
        "parity": Parity(
            samples=tuple(
                ParitySample(picture=base64.b64encode(encoded(s)).decode(), embedding=tuple(e.tolist()))
                for s, e in zip(samples, embeddings, strict=True)
            ),
            least_cosine=0.9999, largest_difference=1e-5,
        ),
    }  # fmt: skip
    return Manifest(**(facts | changes)).write(folder)


def rotation_of(quaternion: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """(3, 3) of x, y, z, w."""
    x, y, z, w = quaternion
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Manifest of a small network that computes what it promises."""
    return write_model(tmp_path / "model")


@pytest.fixture
def located(tmp_path: Path) -> Path:
    """Manifest of the same network that gives features of places as well."""
    places = Tensor(name="places", dtype="float32", shape=(None, CELLS, CELLS, 3))
    content = network(located=True)
    plain = read_manifest(write_model(tmp_path / "located"))
    samples = tuple(
        sample.model_copy(update={"places": tuple(cell_means(picture(number)).tolist())})
        for sample, number in zip(plain.parity.samples, (101, 102), strict=True)
    )
    parity = plain.parity.model_copy(update={"samples": samples})
    return write_model(tmp_path / "located", content, places=places, parity=parity)


def write_gallery(folder: Path, model: Path, artifacts: int = 6) -> Path:
    """An index of pictures 0..n-1 under the names ``vase-0``..., and a calibration; returns the folder."""
    from inference.runtime.decoding import Encoding, Frame
    from inference.runtime.index import EmbeddingIndex
    from inference.runtime.index_files import Entry
    from inference.runtime.recognizer import Recognizer
    from inference.runtime.rejection import Finding, Trial, calibrated
    from inference.runtime.serving import CALIBRATION

    recognizer = Recognizer.load(model)
    identity = recognizer.manifest.identity
    frames = [Frame(Encoding.png, encoded(picture(number)), 0, 0) for number in range(artifacts)]
    index = EmbeddingIndex.create(folder, model=identity, layout=recognizer.manifest.layout)
    if frames:
        vectors = recognizer.run([recognizer.prepare(frame).input for frame in frames])
        index.added([Entry(f"vase-{number}", "photo") for number in range(artifacts)], vectors)
    trials = [
        Trial(Finding(0.95 if known else 0.5, 0.3 if known else 0.05), known, known)
        for known in [True, False] * 100
    ]
    calibration = calibrated(trials, model=identity, false_accepts=0.01, measured_on="made-up trials")
    (folder / CALIBRATION).write_text(calibration.model_dump_json())
    return folder


@pytest.fixture
def gallery(tmp_path: Path, model: Path) -> Path:
    """Index and calibration of six pictures."""
    return write_gallery(tmp_path / "gallery", model)
