"""Where a server can be reached."""

import socket
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from server.settings import Settings

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE: Final = ("0.0.0.0", "::")
_USUAL: Final = {"http": 80, "https": 443}


def addresses_of(settings: Settings, port: int) -> Iterator[tuple[str, str]]:
    """Where the server can be reached, and from where; the last is the one for phones."""
    scheme = "https" if settings.tls.certificate else "http"
    tail = "" if port == _USUAL[scheme] else f":{port}"
    if settings.host in (*_EVERYWHERE, *LOOPBACK):
        yield "on this machine", f"{scheme}://localhost{tail}"
    if settings.host in _EVERYWHERE:
        own = _own_address()
        if own is not None:
            yield "in this network", f"{scheme}://{own}{tail}"
    elif settings.host not in LOOPBACK:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        yield "in this network", f"{scheme}://{host}{tail}"
    if settings.public_url:
        yield "for visitors", settings.public_url


def is_loopback(address: str) -> bool:
    """Does the address lead to this machine only?"""
    return urlsplit(address).hostname in LOOPBACK


def _own_address() -> str | None:
    """This machine's address in its network: the one it would send from. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address
