"""Logs: one object a line, with the session's id, and nothing that leads to a person."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from logging.handlers import QueueHandler
from queue import Queue
from typing import Any

import pytest

from server.logs import Shape, start_logging


class Log:
    """A log that is written to memory."""

    def __init__(self, level: str = "info", shape: Shape = "json", stream: io.StringIO | None = None) -> None:
        self.stream = stream or io.StringIO()
        self._listener = start_logging(level, shape, self.stream)
        (handler,) = logging.getLogger().handlers
        assert isinstance(handler, QueueHandler)
        self.handler = handler
        assert isinstance(handler.queue, Queue)
        self.queue = handler.queue

    @property
    def text(self) -> str:
        self.queue.join()
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def close(self) -> None:
        # pytest's own handlers of this phase are its business; only ours goes.
        logging.getLogger().removeHandler(self.handler)
        self._listener.stop()


@pytest.fixture
def log() -> Iterator[Log]:
    level = logging.getLogger().level
    with closing(Log()) as opened:
        yield opened
    logging.getLogger().setLevel(level)


def test_a_line_is_one_json_object_with_time_level_logger_and_what_was_added(log: Log) -> None:
    logging.getLogger("server.hub").info("joined", extra={"session": "s-1", "kind": "headset"})
    (line,) = log.lines
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "joined",
        "session": "s-1",
        "kind": "headset",
        "level": "info",
        "logger": "server.hub",
    }


def test_a_message_with_a_line_break_stays_one_line(log: Log) -> None:
    logging.getLogger("x").info("one\ntwo")
    assert [line["event"] for line in log.lines] == ["one\ntwo"]


def test_an_error_brings_its_traceback_but_no_values(log: Log) -> None:
    visitor_words = "where is the toilet"
    try:
        raise ValueError("a fault")
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = log.lines
    assert "ValueError: a fault" in line["exception"]
    assert visitor_words not in line["exception"]


def test_below_the_level_nothing_is_written(log: Log) -> None:
    logging.getLogger("server.http").debug("answered")
    logging.getLogger("uvicorn.access").info("127.0.0.1 - GET /api?q=words")
    assert log.lines == []


def test_people_get_text() -> None:
    with closing(Log("warning", "text")) as log:
        logging.getLogger("server.app").warning("look", extra={"connections": 3})
        assert "look" in log.text
    with pytest.raises(json.JSONDecodeError):
        json.loads(log.text)


class Stuck(io.StringIO):
    """A reader of the log that has stopped reading."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.released = threading.Event()

    def write(self, text: str) -> int:
        self.entered.set()
        assert self.released.wait(30)
        return super().write(text)


@pytest.fixture
def short_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.logs.QUEUED", 100)
    monkeypatch.setattr("server.logs.FLUSH_S", 0.1)


@pytest.mark.usefixtures("short_queue")
def test_a_log_that_nobody_reads_holds_up_nobody_and_tells_what_was_lost() -> None:
    stuck = Stuck()
    with closing(Log(stream=stuck)) as log:
        logging.getLogger("x").info("first")
        assert stuck.entered.wait(30)
        for _ in range(107):
            logging.getLogger("x").info("many")
        stuck.released.set()
        log.queue.join()
        logging.getLogger("x").info("last")
        lines = log.lines
    assert len(lines) == 102
    assert lines[-1]["lost_lines"] == 7


@pytest.mark.usefixtures("short_queue")
def test_nor_does_it_hold_up_the_end() -> None:
    stuck = Stuck()
    log = Log(stream=stuck)
    logging.getLogger("x").info("first")
    assert stuck.entered.wait(30)
    log.close()
    assert not stuck.getvalue()
    stuck.released.set()
