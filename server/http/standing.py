"""What the site stands on, and how an endpoint gets at it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from starlette.requests import Request

from server.addresses import is_loopback
from server.http.bodies import Bodies
from server.http.problem import Refused
from server.metrics import Metrics
from server.settings import Settings
from server.store import Museum

_HOST: Final = re.compile(r"(?:[\w.~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
"""A name or an address, and a port (RFC 9110, section 7.2)."""

Obstacle = Callable[[], str | None]
"""Why no new visitor should be sent here now; ``None`` where nothing stands against it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The parts that answers are made from."""

    museum: Museum
    metrics: Metrics
    settings: Settings
    obstacles: Sequence[Obstacle] = ()
    phones: str | None = None
    """Address for phones where a page was opened on this machine itself."""
    recognition: Callable[[], Mapping[str, object]] = dict
    """How recognition stands."""
    bodies: Bodies = field(default_factory=Bodies)


def standing(request: Request) -> Standing:
    """What the request's site stands on."""
    return cast(Standing, request.app.state.standing)


def base_uri(request: Request) -> str:
    """Where visitors reach this server, without a slash at the end.

    Raises :class:`Refused` where nobody said so and the request names a host that cannot be one: it would
    stand in every address that is answered.
    """
    public = standing(request).settings.public_url
    host = request.headers.get("host")
    if public is None and host and _HOST.fullmatch(host) is None:
        raise Refused(400, "the Host header names no host; send the name or address of this server")
    return (public or str(request.base_url)).rstrip("/")


def phone_uri(request: Request) -> str:
    """Where a phone reaches this server: the address of the page, unless that leads nowhere for others."""
    here, phones = base_uri(request), standing(request).phones
    return phones.rstrip("/") if phones and is_loopback(here) else here
