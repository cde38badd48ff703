"""Batches of a few fixed sizes in memory that stays where it is: what a graphics processor repeats fastest.

Each size has its own input and output on the device (onnxruntime's I/O binding), so that a CUDA graph, which
is recorded for addresses and shapes, can be replayed: one graph a size. A batch between two sizes is filled
up with blank rows. The same code runs on the processor, where tests compare it with plain runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

SIZES: Final = (1, 2, 4, 8, 16)
"""Frames in a batch; larger ones are run in parts."""


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output, whose first axis is the batch."""

    name: str
    row: tuple[int, ...]
    """Shape without the batch."""
    dtype: type[np.generic]


@dataclass(slots=True)
class _Slot:
    binding: Any
    taken: Any
    given: list[Any]
    options: Any


class BoundRuns:
    """Runs a session with bound memory. Called by one thread at a time."""

    def __init__(self, session: Any, device: str, taken: Port, given: Sequence[Port]) -> None:
        """``device`` is ``cuda`` or ``cpu``; ``taken`` and ``given`` are the network's input and outputs."""
        self._session, self._device = session, device
        self._input, self._outputs = taken, tuple(given)
        self._slots: dict[int, _Slot] = {}

    def run(self, batch: NDArray[Any]) -> list[NDArray[Any]]:
        """The network's outputs for a batch (n, ...) of any size. Raises what onnxruntime raises."""
        most = SIZES[-1]
        parts = [self._part(batch[at : at + most]) for at in range(0, len(batch), most)]
        return [np.concatenate(found) for found in zip(*parts, strict=True)] if len(parts) > 1 else parts[0]

    def _part(self, batch: NDArray[Any]) -> list[NDArray[Any]]:
        count = len(batch)
        size = next(size for size in SIZES if size >= count)
        slot = self._slots.get(size) or self._made(size)
        if count < size:
            blank = np.zeros((size - count, *batch.shape[1:]), dtype=batch.dtype)
            batch = np.concatenate([batch, blank])
        slot.taken.update_inplace(np.ascontiguousarray(batch))
        self._session.run_with_iobinding(slot.binding, slot.options)
        # A copy: the memory is written again by the next batch.
        return [np.array(given.numpy()[:count]) for given in slot.given]

    def _made(self, size: int) -> _Slot:
        made = onnxruntime.OrtValue.ortvalue_from_shape_and_type
        taken = made((size, *self._input.row), self._input.dtype, self._device, 0)
        given = [made((size, *port.row), port.dtype, self._device, 0) for port in self._outputs]
        binding = self._session.io_binding()
        binding.bind_ortvalue_input(self._input.name, taken)
        for port, value in zip(self._outputs, given, strict=True):
            binding.bind_ortvalue_output(port.name, value)
        options = onnxruntime.RunOptions()
        options.add_run_config_entry("gpu_graph_id", str(size))
        self._slots[size] = _Slot(binding, taken, given, options)
        return self._slots[size]


def tensorrt_options(port: Port, cache: str) -> dict[str, str]:
    """Options of the TensorRT provider for a network with one input of any batch size.

    One engine serves all of ``SIZES``; built in minutes, it is kept in the folder ``cache``. Half precision,
    and CUDA graphs, which need the bound memory of :class:`BoundRuns`.
    """

    def shape(size: int) -> str:
        return f"{port.name}:{'x'.join(map(str, (size, *port.row)))}"

    return {
        "trt_fp16_enable": "1",
        "trt_cuda_graph_enable": "1",
        "trt_engine_cache_enable": "1",
        "trt_engine_cache_path": cache,
        "trt_timing_cache_enable": "1",
        "trt_profile_min_shapes": shape(SIZES[0]),
        "trt_profile_opt_shapes": shape(SIZES[-2]),
        "trt_profile_max_shapes": shape(SIZES[-1]),
    }
