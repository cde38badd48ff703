"""The same model behind LitServe: ``python bench/model_servers/with_litserve.py MANIFEST PORT``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import litserve

from bench.model_servers.model import MOST, WAIT_S, answer_of, frame_of
from inference.runtime.recognizer import Recognizer


class Embedding(litserve.LitAPI):
    """Decodes and runs in LitServe's worker process, in batches."""

    def __init__(self, manifest: Path) -> None:
        super().__init__(max_batch_size=MOST, batch_timeout=WAIT_S)
        self.manifest = manifest

    def setup(self, device: str) -> None:
        """Load the network in the worker."""
        self.recognizer = Recognizer.load(self.manifest)
        self.recognizer.warm()

    def decode_request(self, request: dict[str, str], **_: Any) -> Any:
        """A prepared input."""
        return self.recognizer.prepare(frame_of(request)).input

    def batch(self, inputs: Sequence[Any]) -> Sequence[Any]:
        """As they are: the recognizer stacks them."""
        return inputs

    def predict(self, x: Sequence[Any], **_: Any) -> Any:
        """Embeddings of a batch."""
        return self.recognizer.run(x)

    def unbatch(self, output: Any) -> Any:
        """One embedding each."""
        return list(output)

    def encode_response(self, output: Any, **_: Any) -> dict[str, str]:
        """As the others answer."""
        return answer_of(output)


def main() -> None:
    server = litserve.LitServer(Embedding(Path(sys.argv[1])), accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=int(sys.argv[2]), log_level="error", generate_client_file=False,
               num_api_servers=1)  # fmt: skip


if __name__ == "__main__":
    main()
