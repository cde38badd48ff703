"""A network in service: one onnxruntime session on the highest rung of the provider ladder that holds.

Nothing is handed to onnxruntime before its hash is that of the manifest, and nothing serves before it gives
the embeddings that the manifest promises. ``bound.py`` runs it where a graphics processor is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inference.manifest import SIDE, Manifest, Tensor, read_manifest, verified_weights
from inference.preprocessing import Pixels, fitted
from inference.runtime.bound import SIZES, BoundRuns, Port, tensorrt_options
from inference.runtime.decoding import DEFAULT_LIMITS, Encoding, Frame, FrameLimits, decode_reduced

Rows = NDArray[np.float32]
"""(n, width of the manifest's layout): embeddings of length 1, then features of places if there are any."""


class ModelError(RuntimeError):
    """A network that cannot serve, or gave what no network may give; says which and what to do."""


@dataclass(frozen=True, slots=True)
class Rung:
    """An execution provider and its options."""

    provider: str
    options: Mapping[str, str] = field(default_factory=dict)
    is_bound: bool = False
    """Whether batches lie in fixed memory of the device, which CUDA graphs need."""


TENSORRT: Final = "TensorrtExecutionProvider"
_CUDA: Final = {"cudnn_conv_algo_search": "EXHAUSTIVE", "prefer_nhwc": "1"}
LADDER: Final = (
    Rung(TENSORRT, is_bound=True),
    Rung("CUDAExecutionProvider", _CUDA | {"enable_cuda_graph": "1"}, is_bound=True),
    # A network with a part that CUDA cannot run has no graph.
    Rung("CUDAExecutionProvider", _CUDA),
    Rung("CPUExecutionProvider"),
)
"""Tried from the top; the last one is always there."""
ENGINES: Final = Path("~/.cache/museum-twin/tensorrt")
"""Where engines of TensorRT are kept, in a folder for each model; it takes minutes to build one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where on the ladder a session stands, for health and metrics."""

    provider: str
    passed_over: tuple[tuple[str, str], ...]
    """Higher rungs and why each was not taken."""

    @property
    def degraded(self) -> bool:
        """Whether a rung that this build of onnxruntime offers could not be taken."""
        return any(why != NOT_BUILT_IN for _, why in self.passed_over)


NOT_BUILT_IN: Final = "not in this build of onnxruntime"


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A frame that is ready for the network."""

    input: Pixels
    """(size, size, 3) RGB."""
    picture: Pixels
    """(h, w, 3) RGB, upright: what verification looks at."""
    reduction: float = 1.0
    """How many pixels of the frame as sent one pixel of the picture is wide."""


class Recognizer:
    """prepare -> run on one network. Many threads may prepare at once; one at a time runs."""

    def __init__(
        self, manifest: Manifest, session: Any, standing: Standing, bound: BoundRuns | None = None
    ) -> None:
        """``bound`` runs the session with fixed memory; ``None``: it is run plainly."""
        self.manifest = manifest
        self.standing = standing
        self._session, self._bound = session, bound

    @classmethod
    def load(cls, path: Path, *, ladder: Sequence[Rung] = LADDER, threads: int = 1) -> Self:
        """Load the model whose manifest lies at ``path``, verify it and prove its parity.

        ``threads`` compute one batch together. Raises :class:`inference.manifest.ManifestError` where files
        do not match, :class:`ModelError` where no provider can run them or parity fails.
        """
        manifest = read_manifest(path)
        recognizer = cls(
            manifest, *_climb(verified_weights(path, manifest), (path, manifest), ladder, threads)
        )
        recognizer._judge_signature(path)
        recognizer.prove_parity()
        return recognizer

    def prepare(self, frame: Frame, limits: FrameLimits = DEFAULT_LIMITS) -> Prepared:
        """Decode and scale. Raises :class:`inference.runtime.decoding.UnreadableFrame`."""
        preprocessing = self.manifest.preprocessing
        # Twice the network's side leaves local features enough to hold on to.
        decoded = decode_reduced(frame, limits, 2 * preprocessing.size)
        return Prepared(fitted(decoded.pixels, preprocessing), decoded.pixels, decoded.reduction)

    def run(self, inputs: Sequence[Pixels]) -> Rows:
        """Embed a batch of prepared inputs: (n, width).

        Raises :class:`ModelError` where the network fails or answers with something other than unit vectors.
        """
        batch, outputs = np.stack(inputs), outputs_of(self.manifest)
        try:
            if self._bound is not None:
                found = self._bound.run(batch)
            else:
                names = [tensor.name for tensor in outputs]
                found = self._session.run(names, {self.manifest.input.name: batch})
        except Exception as error:  # onnxruntime's errors share no base class
            raise ModelError(f"{self.manifest.name}: the network failed ({_brief(error)})") from error
        for tensor, given in zip(outputs, found, strict=True):
            expected = (len(batch), *tensor.shape[1:])
            if given.shape != expected:
                raise ModelError(f"{self.manifest.name}: {tensor.name} {given.shape}, expected {expected}")
        embeddings, *places = found
        lengths = np.linalg.norm(embeddings, axis=1)
        if not np.all(np.abs(lengths - 1.0) < 1e-2):
            raise ModelError(
                f"{self.manifest.name}: embeddings of length {lengths.min():.3f} to {lengths.max():.3f}, "
                "expected 1: export the model again"
            )
        if not places:
            return np.asarray(embeddings, dtype=np.float32)
        if not np.isfinite(places[0]).all():
            raise ModelError(f"{self.manifest.name}: a feature that is no number: export the model again")
        return self.manifest.layout.joined(embeddings, places[0])

    def prove_parity(self) -> float:
        """Embed the manifest's samples; returns the least cosine. Raises :class:`ModelError` below it."""
        samples = self.manifest.parity.samples
        frames = [Frame(Encoding.png, sample.png, 0, 0) for sample in samples]
        found = self.run([self.prepare(frame).input for frame in frames])
        stated = np.array([sample.embedding for sample in samples], dtype=np.float32)
        layout = self.manifest.layout
        least = float((layout.embeddings(found) * stated).sum(axis=1).min())
        if layout.places:
            # As features are no unit vectors, their cosine is taken.
            means = layout.features(found).mean(axis=1)
            told = np.array([sample.places for sample in samples], dtype=np.float32)
            lengths = np.linalg.norm(means, axis=1) * np.linalg.norm(told, axis=1)
            least = min(least, float(((means * told).sum(axis=1) / np.maximum(lengths, 1e-12)).min()))
        if not least >= self.manifest.parity.least_cosine:
            raise ModelError(
                f"{self.manifest.name}: parity {least:.5f} on {self.standing.provider}, promised "
                f"{self.manifest.parity.least_cosine:.5f}: this machine computes other embeddings"
            )
        return least

    def warm(self, sizes: Sequence[int] = (1, 2, 4, 8)) -> None:
        """Run once at every batch size, so that no visitor waits for memory or kernels to be made."""
        side = self.manifest.preprocessing.size
        blank = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
        for size in sizes if self._bound is None else SIZES:
            self.run([blank] * size)

    def close(self) -> None:
        """Let the session's memory go; no run after this."""
        self._session = self._bound = None

    def _judge_signature(self, path: Path) -> None:
        for kind, promised, found in (
            ("input", (self.manifest.input,), self._session.get_inputs()),
            ("output", outputs_of(self.manifest), self._session.get_outputs()),
        ):
            told = [
                (tensor.name, _DTYPES.get(tensor.type, tensor.type), tuple(tensor.shape)) for tensor in found
            ]
            if len(told) != len(promised) or not all(map(_is_as_promised, told, promised)):
                stated = ", ".join(f"{tensor.name!r} {tensor.dtype} {tensor.shape}" for tensor in promised)
                raise ModelError(
                    f"{path}: {kind}s are {told}, the manifest states {stated} with any batch size: export "
                    "the model again"
                )


def _is_as_promised(told: tuple[str, str, tuple[Any, ...]], promised: Tensor) -> bool:
    name, dtype, (batch, *sizes) = told
    stated = promised.shape[1:]
    # How many places a picture has may be left open, as the sides of the input are.
    return (
        (name, dtype) == (promised.name, promised.dtype)
        and len(sizes) == len(stated)
        and all(
            isinstance(got, str) or got == size for got, size in zip(sizes, promised.shape[1:], strict=True)
        )
        and not isinstance(batch, int)
    )


_DTYPES: Final = {"tensor(uint8)": "uint8", "tensor(float)": "float32"}
_NUMBERS: Final[dict[str, type[np.generic]]] = {"uint8": np.uint8, "float32": np.float32}


def offered_providers() -> frozenset[str]:
    """What this build of onnxruntime can run on."""
    return frozenset(onnxruntime.get_available_providers())


def outputs_of(manifest: Manifest) -> tuple[Tensor, ...]:
    """What a network gives: the embedding, and features of places where it has them."""
    return (manifest.output,) if manifest.places is None else (manifest.output, manifest.places)


def ports_of(manifest: Manifest) -> tuple[Port, ...]:
    """Input and outputs of a network, as its manifest states them."""
    return tuple(
        Port(tensor.name, tuple(size or 1 for size in tensor.shape[1:]), _NUMBERS[tensor.dtype])
        for tensor in (manifest.input, *outputs_of(manifest))
    )


def options_of(rung: Rung, manifest: Manifest) -> dict[str, str]:
    """A rung's provider options for one network."""
    if rung.provider != TENSORRT:
        return dict(rung.options)
    cache = ENGINES.expanduser() / manifest.identity
    return tensorrt_options(ports_of(manifest)[0], str(cache)) | dict(rung.options)


def _climb(
    content: bytes, model: tuple[Path, Manifest], ladder: Sequence[Rung], threads: int
) -> tuple[Any, Standing, BoundRuns | None]:
    offered = offered_providers()
    passed_over: list[tuple[str, str]] = []
    for rung in ladder:
        if rung.provider not in offered:
            passed_over.append((rung.provider, NOT_BUILT_IN))
            continue
        try:
            session, bound = _session(content, model[1], rung, threads)
        except Exception as error:  # onnxruntime's errors share no base class
            passed_over.append((rung.provider, _brief(error)))
            continue
        if session.get_providers()[0] == rung.provider:
            return session, Standing(rung.provider, tuple(dict.fromkeys(passed_over))), bound
        passed_over.append((rung.provider, f"onnxruntime fell back to {session.get_providers()[0]}"))
    told = "; ".join(f"{provider}: {why}" for provider, why in dict.fromkeys(passed_over))
    raise ModelError(f"{model[0]}: no execution provider can run these weights ({told})")


def _session(content: bytes, manifest: Manifest, rung: Rung, threads: int) -> tuple[Any, BoundRuns | None]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # A file may serve at several sizes; each session computes at one, and plans its memory for it.
    options.add_free_dimension_override_by_name(SIDE, manifest.preprocessing.size)
    # Threads that spin while they wait take the time of decoding and searching.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    chosen = (rung.provider, options_of(rung, manifest))
    session = onnxruntime.InferenceSession(content, options, providers=[chosen])
    # A lost GPU must be told, not papered over by a slower session.
    session.disable_fallback()
    if not rung.is_bound or session.get_providers()[0] != rung.provider:
        return session, None
    taken, *given = ports_of(manifest)
    device = "cpu" if rung.provider == "CPUExecutionProvider" else "cuda"
    bound = BoundRuns(session, device, taken, given)
    # A graph that cannot be recorded says so at its first runs, when another rung can still be taken.
    for _ in range(2):
        bound.run(np.zeros((1, *taken.row), dtype=taken.dtype))
    return session, bound


def _brief(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200] if lines else ''}"
