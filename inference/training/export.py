"""From a trained network to a weight file and its manifest: ONNX, parity, INT8."""

import base64
import hashlib
import io
import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quant_pre_process,
    quantize_static,
)
from PIL import Image

from inference.manifest import (
    SIDE,
    SMALL,
    Manifest,
    Metric,
    Parity,
    ParitySample,
    Preprocessing,
    Tensor,
    TrainingSource,
)
from inference.preprocessing import Pixels, fitted
from inference.training.network import EmbeddingNet

INPUT, OUTPUT, PLACES, OPSET = "image", "embedding_unit", "places", 18
FP32_COSINE: Final = 0.9999
_HALVED_DIFFERENCE: Final = 5e-3
"""Largest difference of a component that weights in half precision may make."""
_HALVED_FROM: Final = 256
"""Values of a tensor; smaller ones are not worth a node."""
INT8_COSINE: Final = 0.90
"""An INT8 file is held to its own embeddings on this machine; others round a little differently."""


@dataclass(frozen=True, slots=True)
class About:
    """What a manifest says beyond what can be measured from the file."""

    name: str
    backbone: str
    license: str
    trained_on: tuple[TrainingSource, ...] = ()
    metrics: tuple[Metric, ...] = ()
    run: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a network makes of prepared inputs."""

    embeddings: NDArray[np.float32]
    """(n, dimension)."""
    places: NDArray[np.float32] | None = None
    """(n, rows, columns, channels), where it gives them."""

    def largest_difference(self, other: "Given") -> float:
        """Of any component of an embedding, and of any number of a place in units of the largest."""
        found = float(np.abs(self.embeddings - other.embeddings).max())
        if self.places is None or other.places is None:
            return found
        # Features are no unit vectors: their largest is the unit.
        largest = max(float(np.abs(other.places).max()), 1e-6)
        return max(found, float(np.abs(self.places - other.places).max()) / largest)


class _Located(torch.nn.Module):
    """A network with both of its outputs."""

    def __init__(self, network: EmbeddingNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.network.located(pictures)


def _given(network: EmbeddingNet, inputs: NDArray[np.uint8]) -> Given:
    """What the trained network itself makes of prepared inputs."""
    with torch.no_grad():
        return Given(*(part.numpy() for part in network.eval().located(torch.from_numpy(inputs))))


def export(
    network: EmbeddingNet, preprocessing: Preprocessing, samples: Sequence[Pixels], folder: Path, about: About
) -> Path:
    """Write ``<name>.onnx`` and its manifest; returns the manifest's path.

    ``samples`` are RGB pictures of any size that become the parity samples. Raises ``RuntimeError`` where the
    file does not compute what the network does.
    """
    network = network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{about.name}.onnx"
    # It reports every optional library that it does not need here.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    blank = torch.zeros((2, preprocessing.size, preprocessing.size, 3), dtype=torch.uint8)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter warns of its own dependencies
        torch.onnx.export(
            _Located(network).eval(), (blank,), str(path), input_names=[INPUT], output_names=[OUTPUT, PLACES],
            opset_version=OPSET,
            dynamic_shapes=({0: torch.export.Dim("batch", min=1)},), dynamo=True, external_data=False,
            verbose=False,
        )  # fmt: skip
    _without_origins(path)
    _of_any_side(path)
    inputs = np.stack([fitted(sample, preprocessing) for sample in samples])
    expected = _given(network, inputs)
    difference = given(path, inputs).largest_difference(expected)
    if difference > 1e-3:
        raise RuntimeError(f"{path}: differs from the trained network by up to {difference:.2g}")
    parity = _parity(samples, expected, FP32_COSINE, difference)
    return _manifest(path, preprocessing, parity, about, "fp32").write(folder)


def _without_origins(path: Path) -> None:
    """Take out of an exported file where in the exporter's sources each node comes from.

    It names folders of the machine that exported, and would make another file of the same network elsewhere.
    """
    model = onnx.load_model_from_string(path.read_bytes())
    within = [model, model.graph, *model.graph.node, *model.graph.value_info]
    for function in model.functions:
        within += [function, *function.node]
    for part in within:
        del part.metadata_props[:]
    path.write_bytes(model.SerializeToString())


def _of_any_side(path: Path) -> None:
    """Leave the sides of an exported file's input open, so that one file serves at several sizes.

    That it computes what the network does at another size is proved where such a size is offered.
    """
    model = onnx.load_model_from_string(path.read_bytes())
    for side in model.graph.input[0].type.tensor_type.shape.dim[1:3]:
        side.dim_param = SIDE
    for places in model.graph.output[1:]:
        for place, name in ((1, "rows"), (2, "columns")):
            places.type.tensor_type.shape.dim[place].dim_param = name
    # Sizes in between follow from the input's; those of the export would contradict it.
    del model.graph.value_info[:]
    path.write_bytes(model.SerializeToString())


def at_size(manifest: Path, network: EmbeddingNet, size: int, samples: Sequence[Pixels]) -> Path:
    """Beside a model, write the manifest of its weight file at a smaller input; returns that manifest's path.

    ``network`` is the trained one made for inputs of ``size`` pixels a side: less work, and what the last
    step of the ladder with a network serves. Raises ``RuntimeError`` where the file computes something else.
    """
    told = Manifest.model_validate_json(manifest.read_bytes())
    weights = manifest.parent / told.weights
    preprocessing = told.preprocessing.model_copy(update={"size": size})
    inputs = np.stack([fitted(sample, preprocessing) for sample in samples])
    expected = _given(network, inputs)
    difference = given(weights, inputs).largest_difference(expected)
    if difference > _HALVED_DIFFERENCE:
        raise RuntimeError(
            f"{weights}: at {size} pixels it differs from the trained network by up to {difference:.2g}; "
            "a size with the same remainders by 2, 4, 8, 16 and 32 would not"
        )
    about = About(
        f"{told.name}{SMALL}", told.backbone, told.license, told.trained_on, run=told.run,
        remarks=f"{told.weights} at {size} pixels. {told.remarks}".strip(),
    )  # fmt: skip
    parity = _parity(samples, expected, FP32_COSINE, difference)
    return _manifest(weights, preprocessing, parity, about, told.precision).write(manifest.parent)


def halved(manifest: Path, samples: Sequence[Pixels]) -> Path:
    """Beside an fp32 model, write ``<name>-fp16.onnx`` and its manifest; returns that manifest's path.

    Weights are kept in half precision and widened when the file is loaded, so that it computes in fp32 on any
    provider: half the bytes, the same speed.
    """
    told = Manifest.model_validate_json(manifest.read_bytes())
    source = manifest.parent / told.weights
    target = manifest.parent / f"{source.stem}-fp16.onnx"
    model = onnx.load_model_from_string(source.read_bytes())
    casts = []
    for weight in model.graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < _HALVED_FROM:
            continue
        name = weight.name
        weight.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    target.write_bytes(model.SerializeToString())
    inputs = np.stack([fitted(sample, told.preprocessing) for sample in samples])
    found, whole = given(target, inputs), given(source, inputs)
    parity = _parity(samples, found, FP32_COSINE, found.largest_difference(whole))
    return _manifest(target, told.preprocessing, parity, _smaller(target, told, "fp16"), "fp16").write(
        manifest.parent
    )


def quantized(manifest: Path, pictures: Sequence[Pixels], samples: Sequence[Pixels]) -> Path:
    """Beside an fp32 model, write ``<name>-int8.onnx`` and its manifest; returns that manifest's path.

    Static, per channel, QDQ. ``pictures`` calibrate the ranges: 100 or more of the kind that will be seen.
    Dynamic quantization is not offered: for this kind of network it is slower and wrong.
    """
    told = Manifest.model_validate_json(manifest.read_bytes())
    source = manifest.parent / told.weights
    target = manifest.parent / f"{source.stem}-int8.onnx"
    reader = _Pictures([fitted(picture, told.preprocessing) for picture in pictures], told.input.name)
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ready = Path(scratch) / "ready.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        quantize_static(
            str(ready), str(target), reader, quant_format=QuantFormat.QDQ, per_channel=True,
            weight_type=QuantType.QInt8, activation_type=QuantType.QUInt8,
            op_types_to_quantize=["Conv", "MatMul", "Gemm", "Add", "Clip", "Relu"],
        )  # fmt: skip
    inputs = np.stack([fitted(sample, told.preprocessing) for sample in samples])
    found, whole = given(target, inputs), given(source, inputs)
    parity = _parity(samples, found, INT8_COSINE, found.largest_difference(whole))
    return _manifest(target, told.preprocessing, parity, _smaller(target, told, "INT8"), "int8-qdq").write(
        manifest.parent
    )


def _smaller(target: Path, told: Manifest, kind: str) -> About:
    return About(
        target.stem, told.backbone, told.license, told.trained_on, run=told.run,
        remarks=f"{kind} of {told.weights}. {told.remarks}".strip(),
    )  # fmt: skip


def embedded(path: Path, inputs: NDArray[np.uint8], batch: int = 16) -> NDArray[np.float32]:
    """Embeddings (n, dimension) of prepared inputs, on the CPU."""
    return given(path, inputs, batch).embeddings


def given(path: Path, inputs: NDArray[np.uint8], batch: int = 16) -> Given:
    """All that a weight file gives for prepared inputs, on the CPU."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    found = [session.run(None, {name: inputs[at : at + batch]}) for at in range(0, len(inputs), batch)]
    return Given(*(np.concatenate(parts).astype(np.float32) for parts in zip(*found, strict=True)))


class _Pictures(CalibrationDataReader):  # type: ignore[misc]
    """Prepared inputs, one at a time."""

    def __init__(self, inputs: Sequence[Pixels], name: str) -> None:
        self._inputs: Iterator[dict[str, Any]] = iter([{name: picture[None]} for picture in inputs])

    def get_next(self) -> dict[str, Any] | None:
        """The next input, or ``None`` after the last."""
        return next(self._inputs, None)


def _parity(samples: Sequence[Pixels], found: Given, cosine: float, difference: float) -> Parity:
    places = np.zeros((len(samples), 0)) if found.places is None else found.places.mean(axis=(1, 2))
    return Parity(
        samples=tuple(
            ParitySample(
                picture=_png(sample),
                embedding=tuple(round(float(value), 7) for value in embedding),
                places=tuple(round(float(value), 5) for value in means),
            )
            for sample, embedding, means in zip(samples, found.embeddings, places, strict=True)
        ),
        least_cosine=cosine,
        largest_difference=difference,
    )


def _png(picture: Pixels) -> str:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode()


def _manifest(
    path: Path,
    preprocessing: Preprocessing,
    parity: Parity,
    about: About,
    precision: Literal["fp32", "fp16", "int8-qdq"],
) -> Manifest:
    content = path.read_bytes()
    graph = onnx.load_model_from_string(content)
    side, dimension = preprocessing.size, len(parity.samples[0].embedding)
    places = given(path, np.zeros((1, side, side, 3), dtype=np.uint8)).places
    return Manifest(
        name=about.name,
        weights=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        opset=cast("int", next(o.version for o in graph.opset_import if o.domain in ("", "ai.onnx"))),
        precision=precision,
        input=Tensor(name=INPUT, dtype="uint8", shape=(None, side, side, 3)),
        output=Tensor(name=OUTPUT, dtype="float32", shape=(None, dimension)),
        places=None
        if places is None
        else Tensor(name=PLACES, dtype="float32", shape=(None, *places.shape[1:])),
        preprocessing=preprocessing,
        dimension=dimension,
        backbone=about.backbone,
        license=about.license,
        trained_on=about.trained_on,
        metrics=about.metrics,
        parity=parity,
        run=about.run,
        remarks=about.remarks,
    )
