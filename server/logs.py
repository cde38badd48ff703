"""Logs: one JSON object a line for machines, aligned text for a person at a terminal.

Every module logs through the standard library (``logging.getLogger(__name__)``), so that nothing depends on
this one; structlog only renders. It was chosen over a formatter of our own for its two renderers and for
what it does with exceptions and ``extra``: a line about a visit states its ``session`` there.

Never in a log: addresses of clients, words they searched or asked, poses, camera frames, tokens. Sessions
have ids drawn at random, which lead to no person.
"""

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from logging.handlers import QueueHandler, QueueListener
from queue import Full, Queue
from typing import Any, Final, Literal, TextIO

import orjson
import structlog

Shape = Literal["auto", "json", "text"]

QUIET: Final = ("uvicorn.access", "asyncio", "websockets")
"""Loggers of libraries that speak of every request or socket, with addresses: warnings and above only."""


QUEUED: Final = 10_000
"""Lines that may wait to be written; more are lost, and counted in the next line that is not."""
FLUSH_S: Final = 2.0
"""Time to write what waits at the end."""


def start_logging(level: str, shape: Shape, stream: TextIO | None = None) -> QueueListener:
    """Send everything logged to ``stream`` (standard error). ``level``: debug, info, warning or error.

    Lines are formatted and written by the returned listener's thread: a reader of the log that has stopped
    reading must not stop the server. Stop the listener in the end, to write what still waits.
    """
    stream = stream or sys.stderr
    writing = logging.StreamHandler(stream)
    writing.setFormatter(_formatter(as_text=shape == "text" or (shape == "auto" and stream.isatty())))
    waiting = _Waiting(Queue(QUEUED))
    root = logging.getLogger()
    root.handlers[:] = [waiting]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    writer = _Writer(waiting.queue, writing)
    writer.start()
    return writer


class _Waiting(QueueHandler):
    """Hands records to the thread that writes them, and never waits."""

    queue: "Queue[logging.LogRecord]"
    _lost = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """The record as it is: it stays in this process, and its traceback is needed."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        if self._lost:
            record.lost_lines = self._lost
        try:
            self.queue.put_nowait(record)
            self._lost = 0
        except Full:
            self._lost += 1

    def flush(self) -> None:
        """Wait until all is written, or :data:`FLUSH_S` have passed."""
        _is_written(self.queue)


class _Writer(QueueListener):
    """The thread that formats and writes; it does not outlive the process."""

    queue: "Queue[logging.LogRecord | None]"

    def stop(self) -> None:
        """Write what waits, and end; a log that nobody reads is given up after :data:`FLUSH_S`."""
        if _is_written(self.queue):
            super().stop()


def _is_written(queue: "Queue[Any]") -> bool:
    with queue.all_tasks_done:
        return queue.all_tasks_done.wait_for(lambda: not queue.unfinished_tasks, FLUSH_S)


def _formatter(*, as_text: bool) -> structlog.stdlib.ProcessorFormatter:
    shared: list[Callable[..., Any]] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Callable[..., Any]] = (
        [structlog.dev.ConsoleRenderer(colors=True)]
        if as_text
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_copies, *last],
    )


def _without_copies(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop copies of the message: uvicorn's colored one, and what another handler left in the record."""
    for name in ("color_message", "message", "asctime"):
        event.pop(name, None)
    return event


def _json(event: object, **_: object) -> str:
    return orjson.dumps(event, default=str).decode()
