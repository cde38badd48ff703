"""A network read back out of its ONNX file, to learn on: adaptation starts from the model that serves.

An exported file holds each convolution with the batch statistics behind it folded in. They are taken apart
again with the statistics that the backbone starts with, so that weights lie in the range they were trained
in; what the network computes is the file's, which is proved on the manifest's own samples.
"""

import base64
import io
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn

from inference.manifest import Manifest, ManifestError, read_manifest, verified_weights
from inference.preprocessing import fitted
from inference.training.network import BACKBONES, EmbeddingNet

Floats = NDArray[np.float32]
Convolutions = dict[str, tuple[Floats, Floats | None]]
"""Weight and bias, by the weight's name in the network."""

NEAR: Final = 0.999
"""Least cosine of an embedding with the manifest's own."""
_FLAT: Final = 1e-2
"""Of a channel's scale; below it, the folded weights are taken as they are."""


def network_of(manifest: Path) -> EmbeddingNet:
    """The network whose file a manifest describes, ready to learn.

    Raises :class:`inference.manifest.ManifestError` where the file cannot be read back: another backbone,
    INT8, or a head or whitening behind the features.
    """
    told = read_manifest(manifest)
    if told.backbone not in BACKBONES:
        raise ManifestError(
            f"{manifest}: backbone {told.backbone!r} cannot be adapted; known are "
            + ", ".join(sorted(BACKBONES))
        )
    if told.precision == "int8-qdq":
        raise ManifestError(f"{manifest}: INT8 weights cannot be learned on; name its fp32 or fp16 model")
    model = onnx.load_model_from_string(verified_weights(manifest, told))
    network = EmbeddingNet(told.backbone, told.preprocessing)
    network.power = _power(model)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    try:
        _fill(network, _convolutions(model))
    except (KeyError, ValueError) as error:
        raise ManifestError(f"{manifest}: its weights are not those of {told.backbone} ({error})") from error
    _prove(network.eval(), told, manifest)
    return network


def _convolutions(model: onnx.ModelProto) -> Convolutions:
    held: dict[str, Floats] = {
        one.name: onnx.numpy_helper.to_array(one).astype(np.float32) for one in model.graph.initializer
    }
    for node in model.graph.node:
        if node.op_type == "Cast" and node.input[0] in held:
            held[node.output[0]] = held[node.input[0]]
    found = {}
    for node in model.graph.node:
        if node.op_type == "Conv":
            weight, *bias = node.input[1:]
            # Exported with both outputs, the network is a part of what is exported.
            found[weight.removeprefix("network.")] = (held[weight], held[bias[0]] if bias else None)
    return found


def _fill(network: EmbeddingNet, found: Convolutions) -> None:
    folded: nn.Conv2d | None = None
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d):
            weight, bias = found.pop(f"{name}.weight")
            module.weight.data.copy_(_shaped(torch.from_numpy(weight), module.weight))
            if module.bias is not None and bias is not None:
                module.bias.data.copy_(torch.from_numpy(bias))
            folded, offset = module, bias
        elif isinstance(module, nn.BatchNorm2d) and folded is not None and offset is not None:
            _unfold(folded, module, torch.from_numpy(offset))
            folded = None
    if found:
        raise ValueError(f"{len(found)} more convolutions, such as {min(found)!r}")


def _shaped(weight: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    if weight.shape != like.shape:
        raise ValueError(f"a weight of {tuple(weight.shape)} where {tuple(like.shape)} was expected")
    return weight


@torch.no_grad()
def _unfold(convolution: nn.Conv2d, norm: nn.BatchNorm2d, bias: torch.Tensor) -> None:
    """Take apart ``weight * scale`` and ``beta - mean * scale``, where scale is gamma over the deviation.

    A bias of the convolution's own is part of the folded one.
    """
    assert norm.running_var is not None
    assert norm.running_mean is not None
    deviation = torch.sqrt(norm.running_var + norm.eps)
    flat = (norm.weight / deviation).abs() < _FLAT
    norm.weight[flat] = deviation[flat]
    scale = norm.weight / deviation
    convolution.weight /= scale[:, None, None, None]
    if convolution.bias is not None:
        convolution.bias.zero_()
    norm.bias.copy_(bias + norm.running_mean * scale)


def _power(model: onnx.ModelProto) -> float:
    """The exponent of the embedding's components; 1 where the graph raises nothing."""
    constants = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    powers = [float(constants[n.input[1]]) for n in model.graph.node if n.op_type == "Pow"]
    return powers[-1] if powers else 1.0


def _prove(network: EmbeddingNet, told: Manifest, manifest: Path) -> None:
    """Raise where the network does not give the embeddings that the manifest states."""
    for sample in told.parity.samples:
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(sample.picture))).convert("RGB"))
        with torch.no_grad():
            found = network(torch.from_numpy(fitted(picture, told.preprocessing)[None]))[0].numpy()
        stated = np.array(sample.embedding)
        if found.shape != stated.shape or float(found @ stated) < NEAR:
            raise ManifestError(
                f"{manifest}: what is behind its features (a head, or whitening) cannot be read back; "
                "adapt the model that it was made from"
            )
