import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress

import pytest

from inference.runtime.batching import Batcher, BatchLimits, Full, Late, Stopped, Superseded

NEVER = float("inf")
ROOMY = BatchLimits()


class Network:
    """Doubles numbers; stands still while its gate is closed, breaks on 13, dies on 666."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Event()
        self.batches: list[list[int]] = []

    def run(self, frames: Sequence[int]) -> list[int]:
        self.began.set()
        assert self.gate.wait(10)
        self.batches.append(list(frames))
        if 13 in frames:
            raise ValueError("unlucky")
        if 666 in frames:
            raise KeyboardInterrupt
        return [2 * frame for frame in frames]


@asynccontextmanager
async def serving(
    run: Callable[[Sequence[int]], list[int]], limits: BatchLimits = ROOMY
) -> AsyncIterator[Batcher[int, int]]:
    executor = ThreadPoolExecutor(1)
    batcher: Batcher[int, int] = Batcher(run, executor, limits)
    loop = asyncio.create_task(batcher.serve())
    try:
        yield batcher
    finally:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
        executor.shutdown(wait=False)


async def held(network: Network, batcher: Batcher[int, int]) -> "asyncio.Task[int]":
    """Occupy the network with one frame, so that what follows waits together."""
    network.gate.clear()
    network.began.clear()
    first = asyncio.create_task(batcher.submit("first", 0, NEVER))
    # A thread sets it, so no asyncio.Event can be awaited here.
    while not network.began.is_set():  # noqa: ASYNC110
        await asyncio.sleep(0)
    return first


async def submitted(
    batcher: Batcher[int, int], frames: dict[str, int], deadline: float = NEVER
) -> "list[asyncio.Task[int]]":
    tasks = [asyncio.create_task(batcher.submit(name, frame, deadline)) for name, frame in frames.items()]
    await asyncio.sleep(0)
    return tasks


async def test_everyone_gets_the_answer_to_their_own_frame() -> None:
    network = Network()
    async with serving(network.run) as batcher:
        answers = await asyncio.gather(*(batcher.submit(f"client {n}", n, NEVER) for n in range(20, 60)))
    assert answers == [2 * n for n in range(20, 60)]


async def test_what_waits_while_the_network_is_busy_runs_as_one_batch() -> None:
    network = Network()
    async with serving(network.run, BatchLimits(frames=4)) as batcher:
        first = await held(network, batcher)
        tasks = await submitted(batcher, {f"c{n}": n for n in range(1, 7)})
        network.gate.set()
        assert await asyncio.gather(first, *tasks) == [0, 2, 4, 6, 8, 10, 12]
    assert network.batches == [[0], [1, 2, 3, 4], [5, 6]]


async def test_the_latest_frame_of_a_client_wins_and_the_older_caller_is_told_at_once() -> None:
    network = Network()
    async with serving(network.run) as batcher:
        first = await held(network, batcher)
        (older,) = await submitted(batcher, {"anna": 1})
        (newer,) = await submitted(batcher, {"anna": 2})
        with pytest.raises(Superseded):
            await older
        network.gate.set()
        assert await newer == 4
        assert await first == 0
    assert network.batches == [[0], [2]]


async def test_a_caller_that_gives_up_is_skipped_and_harms_nobody() -> None:
    network = Network()
    async with serving(network.run) as batcher:
        first = await held(network, batcher)
        waiting = await submitted(batcher, {"gives up": 1, "stays": 2})
        waiting[0].cancel()
        first.cancel()
        await asyncio.sleep(0)
        network.gate.set()
        assert await waiting[1] == 4
        assert await batcher.submit("later", 5, NEVER) == 10
    assert network.batches == [[0], [2], [5]]


async def test_a_storm_of_cancellations_leaves_nothing_hanging() -> None:
    network = Network()
    async with serving(network.run, BatchLimits(frames=8, waiting=1000)) as batcher:
        tasks = await submitted(batcher, {f"c{n}": n for n in range(20, 520)})
        for task in tasks[::2]:
            task.cancel()
        answers = await asyncio.gather(*tasks[1::2])
        assert answers == [2 * n for n in range(21, 520, 2)]
        assert all(task.done() for task in tasks)
        assert batcher.statistics.waiting == 0


async def test_an_exception_fails_its_own_batch_only() -> None:
    network = Network()
    async with serving(network.run, BatchLimits(frames=2)) as batcher:
        first = await held(network, batcher)
        tasks = await submitted(batcher, {"a": 1, "unlucky": 13, "b": 2})
        network.gate.set()
        found = await asyncio.gather(first, *tasks, return_exceptions=True)
    assert [type(one) for one in found] == [int, ValueError, ValueError, int]
    assert batcher.statistics.failed_batches == 1


async def test_a_network_that_returns_too_few_answers_fails_its_batch() -> None:
    async with serving(lambda frames: []) as batcher:
        with pytest.raises(RuntimeError, match="0 results for a batch of 1 frames"):
            await batcher.submit("anna", 1, NEVER)


async def test_a_frame_whose_deadline_has_passed_is_not_run() -> None:
    network = Network()
    async with serving(network.run) as batcher:
        with pytest.raises(Late):
            await batcher.submit("anna", 1, 0.0)
    assert network.batches == []


async def test_when_as_many_clients_wait_as_may_the_next_is_refused() -> None:
    network = Network()
    async with serving(network.run, BatchLimits(waiting=2)) as batcher:
        first = await held(network, batcher)
        tasks = await submitted(batcher, {"a": 1, "b": 2})
        with pytest.raises(Full, match="2 clients wait already"):
            await batcher.submit("c", 3, NEVER)
        network.gate.set()
        assert await asyncio.gather(first, *tasks) == [0, 2, 4]


async def test_the_death_of_the_loop_is_loud_and_nobody_waits_for_a_dead_loop() -> None:
    class Broken(ThreadPoolExecutor):
        """Like an executor whose process is gone."""

        def submit(self, *_: object, **__: object) -> None:  # type: ignore[override]
            raise SystemExit("the network's thread is gone")

    executor: Executor = Broken(1)
    batcher: Batcher[int, int] = Batcher(lambda frames: list(frames), executor)
    task = asyncio.create_task(batcher.submit("anna", 1, NEVER))
    await asyncio.sleep(0)
    with pytest.raises(SystemExit):
        await batcher.serve()
    with pytest.raises(Stopped):
        await task
    with pytest.raises(Stopped):
        await batcher.submit("bert", 2, NEVER)


async def test_stopping_the_loop_tells_everyone_who_waits() -> None:
    network = Network()
    async with serving(network.run) as batcher:
        first = await held(network, batcher)
        tasks = await submitted(batcher, {"a": 1})
        network.gate.set()
    for task in (first, *tasks):
        with pytest.raises(Stopped):
            await task
