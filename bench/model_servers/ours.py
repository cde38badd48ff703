"""Our decoding threads and batch loop behind HTTP: ``python bench/model_servers/ours.py MANIFEST PORT``."""

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import uvicorn
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.model_servers.model import MOST, answer_of, frame_of
from inference.runtime.batching import Batcher, BatchLimits
from inference.runtime.recognizer import Recognizer


def application(recognizer: Recognizer) -> Starlette:
    workers, network = ThreadPoolExecutor(2), ThreadPoolExecutor(1)
    batcher: Batcher[NDArray[np.uint8], NDArray[np.float32]] = Batcher(
        lambda inputs: list(recognizer.run(inputs)), network, BatchLimits(frames=MOST)
    )
    numbers = itertools.count()

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        loop = asyncio.create_task(batcher.serve())
        yield
        loop.cancel()

    async def predict(request: Request) -> JSONResponse:
        frame = frame_of(await request.json())
        prepared = await asyncio.get_running_loop().run_in_executor(workers, recognizer.prepare, frame)
        # Each request is a client of its own: no frame takes another's place.
        embedding = await batcher.submit(str(next(numbers)), prepared.input, time.monotonic() + 30.0)
        return JSONResponse(answer_of(embedding))

    return Starlette(routes=[Route("/predict", predict, methods=["POST"])], lifespan=running)


def main() -> None:
    recognizer = Recognizer.load(Path(sys.argv[1]))
    recognizer.warm()
    uvicorn.run(application(recognizer), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")


if __name__ == "__main__":
    main()
