"""The same model behind pytriton: ``python bench/model_servers/with_triton.py MANIFEST PORT``.

pytriton 0.7 wants numpy below 2, which this project does not run with: give it an environment of its own
(``--triton`` of ``bench/recognition.py``). What is imported here of ours runs with numpy 1.26 as well.
"""

import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

from bench.model_servers.model import MOST, WAIT_S, answer_of, frame_of
from inference.runtime.recognizer import Recognizer


def free_port() -> int:
    """A port for gRPC, which pytriton itself talks through."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> None:
    recognizer = Recognizer.load(Path(sys.argv[1]))
    recognizer.warm()

    def embedded(frame: Any) -> list[Any]:
        # Triton's batches come decoded by nobody: base64 of a JPEG each.
        texts = [one.decode() for one in np.asarray(frame).ravel()]
        inputs = [recognizer.prepare(frame_of({"frame": text})).input for text in texts]
        answers = [answer_of(embedding)["embedding"].encode() for embedding in recognizer.run(inputs)]
        return [np.array(answers, dtype=np.bytes_)[:, None]]

    told = TritonConfig(
        http_address="127.0.0.1", http_port=int(sys.argv[2]), grpc_address="127.0.0.1", grpc_port=free_port(),
        allow_metrics=False,
    )  # fmt: skip
    batcher = DynamicBatcher(max_queue_delay_microseconds=int(1e6 * WAIT_S))
    with Triton(config=told) as server:
        server.bind(
            model_name="embedding", infer_func=batch(embedded),
            inputs=[Tensor(name="frame", dtype=np.bytes_, shape=(1,))],
            outputs=[Tensor(name="embedding", dtype=np.bytes_, shape=(1,))],
            config=ModelConfig(max_batch_size=MOST, batcher=batcher),
        )  # fmt: skip
        server.serve()


if __name__ == "__main__":
    main()
