"""Logs: one JSON object a line for machines, aligned text for a person at a terminal.

Every module logs through the standard library (``logging.getLogger(__name__)``), so that nothing depends on
this one; structlog only renders. It was chosen over a formatter of our own for its context variables (a
session's id reaches every line written while that session is served) and its two renderers.

Never in a log: addresses of clients, words they searched or asked, poses, camera frames, tokens. Sessions
have ids drawn at random, which lead to no person.
"""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, Final, Literal, TextIO

import orjson
import structlog

Shape = Literal["auto", "json", "text"]

QUIET: Final = ("uvicorn.access", "asyncio", "websockets")
"""Loggers of libraries that speak of every request or socket, with addresses: warnings and above only."""


def start_logging(level: str, shape: Shape, stream: TextIO | None = None) -> None:
    """Send everything logged to ``stream`` (standard error). ``level``: debug, info, warning or error."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(as_text=shape == "text" or (shape == "auto" and stream.isatty())))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def in_session(session: str) -> Iterator[None]:
    """Every line written in this block, and in tasks started in it, carries the session's id."""
    with structlog.contextvars.bound_contextvars(session=session):
        yield


def _formatter(*, as_text: bool) -> structlog.stdlib.ProcessorFormatter:
    shared: list[Callable[..., Any]] = [
        structlog.contextvars.merge_contextvars,
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
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_color, *last],
    )


def _without_color(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop the second, colored copy of each message that uvicorn passes along."""
    event.pop("color_message", None)
    return event


def _json(event: object, **_: object) -> str:
    return orjson.dumps(event, default=str).decode()
