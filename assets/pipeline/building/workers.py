"""Scans built in processes of their own, each with a memory limit and a deadline; none takes another with it.

The kernel keeps the limits of memory and of processor time (``RLIMIT_DATA``, ``RLIMIT_CPU``), the parent that
of elapsed time.
"""

import contextlib
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final, Generic, TypeVar

from assets.pipeline.refusal import MIB, OverLimit, PipelineError

Task = TypeVar("Task")
Result = TypeVar("Result")
Tell = Callable[[str, float], None]
"""Told the name of a verb that begins, and the share of the work that is done."""

_ONE_CORE: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_TOLD, _DONE, _REFUSED = "told", "done", "refused"
_OVERCOME: Final = {signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGXCPU}
_PATIENCE: Final = 5.0
"""Seconds that a stopped worker has to be gone."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one worker may take."""

    memory_bytes: int = 4096 * MIB
    """Private writable memory."""
    seconds: float = 900.0
    """Elapsed, from its start to its result."""
    processes: int = 1
    """Workers at the same time."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Task, Result]):
    """How one task ended: with a result, or with a refusal."""

    task: Task
    result: Result | None
    refusal: PipelineError | None


@dataclass(slots=True)
class _Running(Generic[Task]):
    name: str
    task: Task
    process: BaseProcess
    pipe: Connection
    deadline: float


def run_all(
    tasks: Sequence[tuple[str, Task]],
    work: Callable[[Task, Tell], Result],
    limits: WorkerLimits,
    watch: Callable[[str, str, float], None],
) -> Iterator[Outcome[Task, Result]]:
    """Run ``work`` on each named task in a process of its own, and yield the outcomes as they come.

    ``work`` must be importable, tasks and results must be picklable. ``watch`` is told name, verb and share.
    Workers that still run when the caller stops listening are stopped.
    """
    waiting = deque(tasks)
    running: list[_Running[Task]] = []
    try:
        while waiting or running:
            while waiting and len(running) < max(limits.processes, 1):
                running.append(_started(*waiting.popleft(), work, limits))
            patience = min(each.deadline for each in running) - time.monotonic()
            ready = set(wait([each.pipe for each in running], max(patience, 0.0)))
            for each in list(running):
                outcome: Outcome[Task, Result] | None = (
                    _heard(each, watch, limits) if each.pipe in ready else _late(each, limits)
                )
                if outcome is not None:
                    running.remove(each)
                    yield outcome
    finally:
        for each in running:
            _stop(each)


def _started(
    name: str, task: Task, work: Callable[[Task, Tell], Result], limits: WorkerLimits
) -> _Running[Task]:
    for variable in _ONE_CORE:
        os.environ.setdefault(variable, "1")
    context = multiprocessing.get_context("spawn")
    pipe, far = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(far, work, task, limits), name=f"scan {name}", daemon=True)
    process.start()
    far.close()
    return _Running(name, task, process, pipe, time.monotonic() + limits.seconds)


def _child(pipe: Connection, work: Callable[[Task, Tell], Result], task: Task, limits: WorkerLimits) -> None:
    os.setsid()  # so that tools the worker starts end with it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))
    spare = int(limits.seconds) + 60
    resource.setrlimit(resource.RLIMIT_CPU, (spare, spare))
    try:
        answer: tuple[object, ...] = (_DONE, work(task, lambda verb, share: pipe.send((_TOLD, verb, share))))
    except PipelineError as refusal:
        answer = (_REFUSED, refusal)
    except MemoryError:
        answer = (_REFUSED, None)
    pipe.send(answer)
    pipe.close()


def _end_with_parent() -> None:
    """A build that is killed leaves no worker behind that goes on for nobody; nor its tools."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)


def _heard(
    each: _Running[Task], watch: Callable[[str, str, float], None], limits: WorkerLimits
) -> Outcome[Task, Result] | None:
    try:
        kind, *rest = each.pipe.recv()
    except EOFError:
        return Outcome(each.task, None, _died(each, limits))
    if kind == _TOLD:
        watch(each.name, *rest)
        return None
    each.process.join(_PATIENCE)
    _stop(each)
    if kind == _REFUSED:
        return Outcome(each.task, None, rest[0] or _over_memory(each.name, limits))
    return Outcome(each.task, rest[0], None)


def _died(each: _Running[Task], limits: WorkerLimits) -> PipelineError:
    each.process.join(_PATIENCE)
    code = each.process.exitcode
    _stop(each)
    if code is not None and -code in _OVERCOME:
        return OverLimit(
            each.name,
            f"its worker was ended by {signal.Signals(-code).name}, most likely for want of memory",
            _remedy("memory", f"{limits.memory_bytes // MIB} MiB"),
        )
    return PipelineError(each.name, f"its worker ended with status {code}", "Its last words stand above")


def _late(each: _Running[Task], limits: WorkerLimits) -> Outcome[Task, Result] | None:
    if time.monotonic() < each.deadline:
        return None
    _stop(each)
    refusal = OverLimit(
        each.name, f"it was not done within {limits.seconds:g} s", _remedy("time", f"{limits.seconds:g} s")
    )
    return Outcome(each.task, None, refusal)


def _over_memory(name: str, limits: WorkerLimits) -> OverLimit:
    allowed = f"{limits.memory_bytes // MIB} MiB"
    return OverLimit(name, f"it needs more than the {allowed} a worker may take", _remedy("memory", allowed))


def _remedy(option: str, allowed: str) -> str:
    return f"Export it at a lower resolution, or allow more than {allowed} with --{option}"


def _stop(each: _Running[Task]) -> None:
    """End a worker and what it started."""
    each.pipe.close()
    if each.process.pid is not None and each.process.is_alive():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(each.process.pid, signal.SIGKILL)
        each.process.kill()
    each.process.join(_PATIENCE)
