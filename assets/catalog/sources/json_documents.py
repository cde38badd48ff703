"""Records of a JSON standard: every document below a path, every record in it, each mapped or rejected."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assets.catalog.record import Slug
from assets.catalog.row import Mapped, Rejection
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.documents import BrokenJson, OnBytes, json_records, read_each
from assets.catalog.sources.draft import Draft

_SUFFIXES: Final = (".json", ".jsonld", ".ndjson", ".jsonl")


@dataclass(frozen=True, slots=True)
class JsonStandard:
    """A standard whose records are JSON objects."""

    record: str
    """What one record is called in messages: ``IIIF manifest``."""
    map: Callable[[dict[str, Any], Draft], Mapped | Rejection]
    """What one object says, put into the draft and closed."""

    def read(self, path: Path, institution: Slug, on_bytes: OnBytes) -> Iterator[Mapped | Rejection]:
        """Yield one artifact record or one rejection for every JSON record under ``path``.

        ``path`` is a file (one record, an array, ``@graph``, or one record a line), a folder or a zip.

        Raises:
            SourceError: nothing to read there, or a document that cannot be read at all.
        """
        return read_each(path, _SUFFIXES, lambda source: self._document(source, institution, on_bytes))

    def _document(
        self, source: ByteSource, institution: Slug, on_bytes: OnBytes
    ) -> Iterator[Mapped | Rejection]:
        for number, loaded, raw in json_records(source, on_bytes):
            draft = Draft(source.file, number, institution, raw)
            if isinstance(loaded, BrokenJson):
                yield draft.reject("", loaded.reason, f"Fetch the {self.record} again; it may be cut short")
            elif not isinstance(loaded, dict):
                yield draft.reject("", "expected a JSON object", f"Give one {self.record}, or a list of them")
            else:
                yield self.map(loaded, draft)
