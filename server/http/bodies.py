"""Bodies that were written before: a record asked for again is not serialized and hashed again.

A body belongs to one record object, which is kept with it, so that another state of the same artifact can
never be answered with it; whether an artifact may be answered at all is asked of the museum each time.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from assets.catalog.record import ArtifactRecord

KEPT: Final = 512
"""Bodies kept; those asked for last."""
LARGEST: Final = 64 * 1024
"""Bytes; larger bodies are not kept."""


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes of an answer and its entity tag."""

    content: bytes
    etag: str

    @classmethod
    def of(cls, content: bytes) -> "Body":
        """With the tag that belongs to these bytes."""
        # Weak, because compression on the way out changes the bytes but not what they say.
        return cls(content, f'W/"{blake2b(content, digest_size=12).hexdigest()}"')


class Bodies:
    """See the module. Used by the event loop alone."""

    def __init__(self, kept: int = KEPT) -> None:
        self._bodies: OrderedDict[tuple[int, str, str], tuple[ArtifactRecord, Body]] = OrderedDict()
        self._most = kept

    def of(self, record: ArtifactRecord, shape: tuple[str, str], write: Callable[[], bytes]) -> Body:
        """The record's body in a shape (media type, base URI), written now if it was not before."""
        key = (id(record), *shape)
        found = self._bodies.get(key)
        if found is not None:
            self._bodies.move_to_end(key)
            return found[1]
        body = Body.of(write())
        if len(body.content) <= LARGEST:
            self._bodies[key] = (record, body)
            if len(self._bodies) > self._most:
                self._bodies.popitem(last=False)
        return body
