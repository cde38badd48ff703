"""The contract beside every weight file: what goes in, what comes out, how good it is, whose it is.

Training writes it, serving reads it, curators see it. It travels as JSON beside its ONNX file; a file whose
bytes do not match its manifest, or that answers other than its manifest's parity samples, never serves.
"""

import base64
import hashlib
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from inference.patches import Layout

FORMAT: Final = 1
"""Number of this contract; another number is refused, never guessed."""

WEIGHTS: Final = ".onnx"
SUFFIX: Final = f"{WEIGHTS}.json"
"""Of the file of weights, and of its manifest's."""
SMALL: Final = "-small"
"""Ends the name of a manifest that serves another one's weights at a smaller input."""
SIDE: Final = "side"
"""Name of a dimension that a weight file leaves open: the pixels of its input's side."""

NonEmpty = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.onnx$")]


class ManifestError(ValueError):
    """A manifest, or the weight file beside it, is not what it should be; says what to do."""


class Contract(BaseModel):
    """Closed to unknown keys and never changed in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Preprocessing(Contract):
    """From an upright RGB picture to the network's input; the same words in training and serving.

    The input is bytes: scaling, ``(pixel - mean) / deviation``, is part of the graph.
    """

    size: int = Field(ge=32, le=1024)
    """Side of the square input, pixels."""
    fit: Literal["letterbox", "crop", "subject"] = "letterbox"
    """``letterbox`` keeps the whole picture and pads it; ``crop`` keeps its central square; ``subject`` cuts
    an even background away and pads what is left."""
    padding: tuple[int, int, int] = (128, 128, 128)
    """sRGB color beside the picture."""
    mean: tuple[float, float, float] = (127.0, 127.0, 127.0)
    deviation: tuple[float, float, float] = (128.0, 128.0, 128.0)


class Tensor(Contract):
    """One input or output of the graph; ``None`` in a shape is the batch."""

    name: NonEmpty
    dtype: Literal["uint8", "float32"]
    shape: tuple[int | None, ...]


class Metric(Contract):
    """A measured figure, with its interval and what it was measured on."""

    name: NonEmpty
    value: float
    low: float
    """Lower end of the 95 % bootstrap interval."""
    high: float
    measured_on: NonEmpty
    samples: int = Field(ge=1)


class TrainingSource(Contract):
    """Something the weights have learned from."""

    name: NonEmpty
    license: NonEmpty
    """SPDX expression or URI."""
    artifacts: int = Field(ge=0)
    pictures: int = Field(ge=0)
    address: str = ""
    """Where it can be had, or which command makes it."""


class ParitySample(Contract):
    """A picture and the embedding that the exporter's own network gave for it."""

    picture: NonEmpty
    """PNG, base64."""
    embedding: tuple[float, ...]
    places: tuple[float, ...] = ()
    """Mean of its places' features (channels,); empty where the network gives none."""

    @property
    def png(self) -> bytes:
        """The picture's bytes."""
        return base64.b64decode(self.picture, validate=True)


class Parity(Contract):
    """Proof that a file computes what was trained, to be repeated wherever it is loaded."""

    samples: tuple[ParitySample, ...] = Field(min_length=1)
    least_cosine: float = Field(gt=0.0, le=1.0)
    """Every sample's embedding has at least this cosine with the stated one."""
    largest_difference: float = Field(ge=0.0)
    """Of any component, between the trained network and this file, as measured at export."""


class Manifest(Contract):
    """All that must be known of a weight file to serve it, judge it and pass it on."""

    format: Literal[1] = FORMAT
    name: NonEmpty
    weights: FileName
    """ONNX file in the manifest's own folder."""
    sha256: Sha256
    bytes: int = Field(ge=1)
    opset: int = Field(ge=13)
    precision: Literal["fp32", "fp16", "int8-qdq"]
    input: Tensor
    output: Tensor
    places: Tensor | None = None
    """A second output (n, rows, columns, channels): features of each place of the picture
    (``inference/patches.py``)."""
    preprocessing: Preprocessing
    dimension: int = Field(ge=8, le=4096)
    """Components of an embedding, which has length 1."""
    backbone: NonEmpty
    license: NonEmpty
    """Of the weights: SPDX expression or URI."""
    trained_on: tuple[TrainingSource, ...]
    """Empty: no weight was trained by this project."""
    metrics: tuple[Metric, ...] = ()
    parity: Parity
    run: str = ""
    """Hash of the training run's saved configuration."""
    remarks: str = ""
    """What the figures do not show."""

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        side = self.preprocessing.size
        expected = (None, side, side, 3)
        if self.input.dtype != "uint8" or self.input.shape != expected:
            raise ValueError(
                f"input {self.input.name!r} is {self.input.dtype} {self.input.shape}, but the preprocessing "
                f"makes uint8 {expected}"
            )
        if self.output.dtype != "float32" or self.output.shape != (None, self.dimension):
            raise ValueError(
                f"output {self.output.name!r} is {self.output.dtype} {self.output.shape}, expected float32 "
                f"{(None, self.dimension)}"
            )
        if self.places is not None and not _is_grid(self.places):
            raise ValueError(
                f"places {self.places.name!r} are {self.places.dtype} {self.places.shape}, expected "
                "float32 (None, rows, columns, channels) with numbers for all three"
            )
        lengths = {len(sample.embedding) for sample in self.parity.samples}
        if lengths != {self.dimension}:
            raise ValueError(f"parity samples of {sorted(lengths)} components, expected {self.dimension}")
        lengths = {len(sample.places) for sample in self.parity.samples}
        if lengths != {self.layout.channels}:
            raise ValueError(
                f"parity samples with {sorted(lengths)} features of places, expected {self.layout.channels}"
            )
        return self

    @property
    def layout(self) -> Layout:
        """Of the rows that the network makes of pictures."""
        if self.places is None:
            return Layout(self.dimension)
        _, rows, columns, channels = self.places.shape
        assert rows and columns and channels
        return Layout(self.dimension, rows * columns, channels)

    @property
    def identity(self) -> str:
        """Name of the recognizer on the wire and in indexes: 16 hex digits of the hash of what computes.

        Two manifests with equal identity give equal embeddings; figures and remarks are not part of it.
        """
        told = f"{self.format} {self.sha256} {self.preprocessing.model_dump_json()} {self.dimension}"
        # Words that were there before places stay as they were, and with them the names of older models.
        told += f" {self.layout.places}x{self.layout.channels}" if self.places else ""
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def write(self, folder: Path) -> Path:
        """Write it beside its weights as ``<name>.onnx.json``, completely or not at all; returns the path.

        The name is that of the weights, unless the same weights have a manifest already.
        """
        path = folder / f"{self.name}{SUFFIX}"
        partial = path.with_name(f".{path.name}.part")
        partial.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
        return path


def _is_grid(places: Tensor) -> bool:
    """Whether only the batch is left open: an index is laid out for so many places."""
    return (
        places.dtype == "float32"
        and len(places.shape) == 4
        and places.shape[0] is None
        and all(length is not None and length > 0 for length in places.shape[1:])
    )


def read_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises :class:`ManifestError` where it is missing, damaged or of another format."""
    if path.suffix == WEIGHTS:
        raise ManifestError(
            f"{path}: a model is named by its manifest, which lies beside its weights: {path.stem}{SUFFIX}"
        )
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ManifestError(
            f"{path}: no manifest can be read there ({error.strerror}); bring it back, or put another model "
            f"into service with `twin index --model`"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(part) for part in first["loc"]) or "file"
        raise ManifestError(
            f"{path}: {where}: {first['msg']}; export the model again with `twin export`"
        ) from error


def small_of(path: Path) -> Path | None:
    """The manifest of the same weights at a smaller input, where one lies beside the manifest at ``path``."""
    found = path.with_name(f"{path.name.removesuffix(SUFFIX)}{SMALL}{SUFFIX}")
    return found if found.is_file() else None


def verified_weights(path: Path, manifest: Manifest) -> bytes:
    """The weight file's bytes, once they are those of the manifest that lies at ``path``.

    Raises :class:`ManifestError` where the file is missing, damaged or another one.
    """
    weights = path.parent / manifest.weights
    try:
        content = weights.read_bytes()
    except OSError as error:
        raise ManifestError(f"{weights}: the manifest's weights cannot be read ({error.strerror})") from error
    found = hashlib.sha256(content).hexdigest()
    if found != manifest.sha256:
        raise ManifestError(
            f"{weights}: sha256 {found[:12]}…, {len(content):,} bytes; the manifest states "
            f"{manifest.sha256[:12]}…, {manifest.bytes:,} bytes: damaged or another one, copy both anew"
        )
    return content
