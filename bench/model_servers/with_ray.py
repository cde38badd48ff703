"""The same model behind Ray Serve: ``python bench/model_servers/with_ray.py MANIFEST PORT``."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ray
from ray import serve
from starlette.requests import Request

from bench.model_servers.model import MOST, WAIT_S, answer_of, frame_of
from inference.runtime.recognizer import Recognizer


class Embedding:
    """One replica; decoding and running in threads, so that its loop stays free."""

    def __init__(self, manifest: str) -> None:
        self.recognizer = Recognizer.load(Path(manifest))
        self.recognizer.warm()

    @serve.batch(max_batch_size=MOST, batch_wait_timeout_s=WAIT_S)
    async def embedded(self, inputs: Sequence[Any]) -> list[Any]:
        """Embeddings of a batch."""
        return list(await asyncio.to_thread(self.recognizer.run, inputs))

    async def __call__(self, request: Request) -> dict[str, str]:
        """Answer one request."""
        frame = frame_of(await request.json())
        prepared = await asyncio.to_thread(self.recognizer.prepare, frame)
        return answer_of(await self.embedded(prepared.input))


def main() -> None:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 * 2**20)
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[2])})
    deployed = serve.deployment(max_ongoing_requests=256, ray_actor_options={"num_cpus": 1})(Embedding)
    serve.run(deployed.bind(sys.argv[1]), route_prefix="/predict", blocking=True)


if __name__ == "__main__":
    main()
