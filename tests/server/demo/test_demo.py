"""``twin demo``: it starts, tells what happens, and at Ctrl-C everything is gone."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from PIL import Image
from typer.testing import CliRunner

from server.demo.command import Show, live_address, scenario
from server.demo.figures import Figures, read_metrics
from server.metrics import PrometheusMetrics
from twin import app

PATIENCE = 300.0
"""Seconds; a loaded machine needs a minute to start."""
pytestmark = pytest.mark.timeout(2 * PATIENCE)
LINE = re.compile(r"^(\d+) visitors +([\d.]+) deltas/s +([\d.]+) sightings/s +p99: ")


@contextmanager
def running(store: Path, scratch: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The command as a person would start it, in a session of its own; killed if it hangs."""
    command = [sys.executable, "-c", "import twin; twin.main()", "demo", "--store", str(store), "--port", "0",
               "--no-qr", "--set", "host=127.0.0.1", *arguments]  # fmt: skip
    environment = os.environ | {"TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
        cwd=Path(__file__).resolve().parents[3], start_new_session=True,
    ) as process:  # fmt: skip
        watch = Timer(PATIENCE, process.kill)
        watch.start()
        try:
            yield process
        finally:
            watch.cancel()
            process.kill()


def until(process: "subprocess.Popen[str]", wanted: Callable[[str], bool]) -> list[str]:
    """Lines up to the first that is wanted, or to the end."""
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(line.rstrip())
        if wanted(line):
            return told
    raise AssertionError("\n".join(["it ended before that:", *told]))


def port_of(told: list[str]) -> int:
    (port,) = re.findall(r"http://localhost:(\d+)", "\n".join(told))
    return int(port)


def test_it_shows_visitors_and_at_ctrl_c_no_process_no_port_and_no_file_is_left(
    built_store: Path, tmp_path: Path
) -> None:
    with running(built_store, tmp_path) as process:
        told = until(process, lambda line: bool((found := LINE.match(line)) and found[1] == "8"))
        port = port_of(told)
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        rest = until(process, lambda line: line.startswith("closed"))
        assert process.wait(PATIENCE) == 0, rest
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=10)
        assert list(tmp_path.iterdir()) == []
        assert "Traceback" not in "\n".join(told + rest)


def test_it_ends_by_itself_where_that_is_wished_and_says_what_is_missing(
    built_store: Path, tmp_path: Path
) -> None:
    with running(built_store, tmp_path, "--seconds", "2", "--visitors", "3") as process:
        told = until(process, lambda line: line.startswith("closed"))
        assert process.wait(PATIENCE) == 0
    assert any(line.startswith("missing index: none: nothing is recognized yet") for line in told)


def test_a_taken_port_is_told_and_nothing_starts(built_store: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = str(held.getsockname()[1])
        told = CliRunner().invoke(
            app, ["demo", "--store", str(built_store), "--set", "host=127.0.0.1", "--port", port]
        )
    assert told.exit_code == 1
    assert f"port {port} is taken" in told.output


@pytest.mark.parametrize("visitors", [1, 2, 8, 100])
def test_as_many_visitors_come_as_are_wished(visitors: int, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg")
    played = scenario(Show(visitors, frames=tmp_path))
    assert played.visitors == visitors
    assert [group.name for group in played.groups if group.frame_every_s] == ["phones"]


def test_rates_are_of_the_last_seconds_and_read_from_the_servers_own_metrics() -> None:
    metrics, figures = PrometheusMetrics(), Figures()
    metrics.watched("sessions", lambda: 4.0)
    for second in range(1, 21):
        for _ in range(10 if second <= 10 else 3):
            metrics.sent("delta", 100)
        page, _ = metrics.page("text/plain")
        line = figures.line(float(second), read_metrics(page), [("delta", [0.001, 0.009])])
        if second == 10:
            assert line.deltas_s == pytest.approx(10.0)
    assert [line.visitors, line.deltas_s, line.sightings_s] == pytest.approx([4, 3.0, 0.0])
    assert line.p99_ms == {"delta": pytest.approx(9.0)}
    assert str(line) == "4 visitors   3.0 deltas/s   0.0 sightings/s   p99: delta 9.0 ms"


@pytest.mark.parametrize(
    ("host", "expected"),
    [("0.0.0.0", "127.0.0.1:80"), ("::", "127.0.0.1:80"), ("::1", "[::1]:80"), ("10.0.0.5", "10.0.0.5:80")],
)
def test_visitors_find_the_server_by_addresses_of_both_kinds(host: str, expected: str) -> None:
    assert live_address(host, 80) == f"ws://{expected}/live"


def test_a_demo_whose_visitors_cannot_play_ends_and_says_why(built_store: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with running(built_store, tmp_path, "--frames", str(empty)) as process:
        told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, told
    assert f"{empty}" in told
