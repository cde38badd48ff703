"""Logs: one object a line, with the session's id, and nothing that leads to a person."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from server.logs import in_session, start_logging


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    taken = io.StringIO()
    start_logging("info", "json", taken)
    yield taken
    root.handlers[:] = before
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_level_logger_and_what_was_added(stream: io.StringIO) -> None:
    logging.getLogger("server.hub").info("joined", extra={"kind": "headset"})
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "joined", "kind": "headset", "level": "info", "logger": "server.hub"}


def test_a_message_with_a_line_break_stays_one_line(stream: io.StringIO) -> None:
    logging.getLogger("x").info("one\ntwo")
    assert [line["event"] for line in lines(stream)] == ["one\ntwo"]


def test_an_error_brings_its_traceback_but_no_values(stream: io.StringIO) -> None:
    visitor_words = "where is the toilet"
    try:
        raise ValueError("a fault")
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = lines(stream)
    assert "ValueError: a fault" in line["exception"]
    assert visitor_words not in line["exception"]


async def test_every_line_of_a_session_has_its_id_in_tasks_too(stream: io.StringIO) -> None:
    async def later() -> None:
        logging.getLogger("x").info("in a task")

    with in_session("s-1"):
        logging.getLogger("x").info("inside")
        task = asyncio.create_task(later())
    logging.getLogger("x").info("outside")
    await task
    assert {line["event"]: line.get("session") for line in lines(stream)} == {
        "inside": "s-1",
        "in a task": "s-1",
        "outside": None,
    }


def test_below_the_level_nothing_is_written(stream: io.StringIO) -> None:
    logging.getLogger("server.http").debug("answered")
    logging.getLogger("uvicorn.access").info("127.0.0.1 - GET /api?q=words")
    assert lines(stream) == []


def test_people_get_text(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    taken = io.StringIO()
    start_logging("warning", "text", taken)
    logging.getLogger("server.app").warning("look", extra={"connections": 3})
    root.handlers[:] = before
    root.setLevel(level)
    assert "look" in taken.getvalue()
    with pytest.raises(json.JSONDecodeError):
        json.loads(taken.getvalue())
