"""Workers keep to their limits; one that dies takes no other with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.pipeline.building.workers import Outcome, Tell, WorkerLimits, run_all
from assets.pipeline.refusal import MIB, OverLimit, PipelineError, UnreadableScan

LIMITS = WorkerLimits(memory_bytes=512 * MIB, seconds=60.0, processes=2)


def square(task: int, tell: Tell) -> int:
    tell("squaring", 0.5)
    return task * task


def misbehave(task: str, tell: Tell) -> str:
    tell("misbehaving", 0.0)
    if task == "eats":
        return str(len(bytearray(1 << 30)))
    if task == "sleeps":
        signal.pause()
    if task == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "refuses":
        raise UnreadableScan("a.ply", "it is empty", "Copy it again")
    if task == "crashes":
        raise RuntimeError("a defect of ours")
    if task == "starts a tool":
        child = os.fork()
        if child == 0:
            signal.pause()
        Path(os.environ["TOOL"]).write_text(str(child))
        signal.pause()
    return task


def hold(fifo: str, tell: Tell) -> None:
    """Write into a pipe and keep it open: whoever reads it learns when this process is gone."""
    with Path(fifo).open("w") as held:
        held.write("here\n")
        held.flush()
        signal.pause()


BUILD = """
from assets.pipeline.building.workers import run_all
from tests.assets.pipeline.building.test_workers import LIMITS, hold
list(run_all([("held", {fifo!r})], hold, LIMITS, lambda *_: None))
"""


def outcomes(
    work: Callable[[str, Tell], str], *tasks: str, limits: WorkerLimits = LIMITS
) -> dict[str, Outcome[str, str]]:
    found = run_all([(task, task) for task in tasks], work, limits, lambda *_: None)
    return {outcome.task: outcome for outcome in found}


def test_every_task_is_done_and_progress_is_told() -> None:
    told: list[tuple[str, str, float]] = []
    tasks = [(f"number {k}", k) for k in range(5)]
    found = list(run_all(tasks, square, LIMITS, lambda *words: told.append(words)))
    assert sorted(outcome.result or 0 for outcome in found) == [0, 1, 4, 9, 16]
    assert sorted(told) == [(f"number {k}", "squaring", 0.5) for k in range(5)]


def test_a_worker_that_fails_is_told_apart_and_the_others_go_on() -> None:
    found = outcomes(misbehave, "eats", "dies", "refuses", "crashes", "works", "works on")
    assert {task: type(outcome.refusal) for task, outcome in found.items()} == {
        "eats": OverLimit,
        "dies": OverLimit,
        "refuses": UnreadableScan,
        "crashes": PipelineError,
        "works": type(None),
        "works on": type(None),
    }
    assert "more than the 512 MiB a worker may take" in str(found["eats"].refusal)
    assert "--memory" in str(found["eats"].refusal)
    assert "SIGKILL" in str(found["dies"].refusal)
    assert str(found["refuses"].refusal) == "a.ply: it is empty. Copy it again"
    assert "status 1" in str(found["crashes"].refusal)
    assert found["works"].result == "works"


def test_a_worker_past_its_deadline_is_ended_with_the_tools_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOL", str(tmp_path / "tool"))
    limits = WorkerLimits(512 * MIB, seconds=6.0, processes=2)
    found = outcomes(misbehave, "sleeps", "starts a tool", limits=limits)
    assert "not done within 6 s" in str(found["sleeps"].refusal)
    assert "--time" in str(found["sleeps"].refusal)
    tool = int((tmp_path / "tool").read_text())
    deadline = time.monotonic() + 10
    while Path(f"/proc/{tool}").exists() and " Z " not in Path(f"/proc/{tool}/stat").read_text():
        assert time.monotonic() < deadline


def test_workers_are_ended_when_nobody_waits_for_them() -> None:
    running = run_all([("sleeps", "sleeps"), ("works", "works")], misbehave, LIMITS, lambda *_: None)
    assert next(running).result == "works"
    running.close()  # type: ignore[attr-defined]


@pytest.mark.timeout(120)
def test_a_build_that_is_killed_leaves_no_worker_behind(tmp_path: Path) -> None:
    fifo = tmp_path / "held"
    os.mkfifo(fifo)
    script = BUILD.format(fifo=str(fifo))
    with subprocess.Popen([sys.executable, "-c", script]) as build, fifo.open() as held:
        assert held.readline() == "here\n"
        build.kill()
        assert held.read() == ""  # comes when the worker is gone, not before
