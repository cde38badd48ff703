"""The museum as the server reads it: published records, galleries, and files by their hash.

:class:`Museum` is the port. Its adapter reads the catalog (SQLite) and the folder beside it in threads of its
own, never on the event loop, and never writes. What a visitor may see is decided anew at each read: a record
that is withdrawn, hidden or replaced is gone with the next request, and so are its files.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import local
from typing import Final, Protocol, Self, TypeVar

from assets.catalog.publication import visitor_record
from assets.catalog.record import ArtifactRecord
from assets.catalog.store.catalog import DATABASE_NAME, Catalog
from assets.catalog.store.database import StoreError
from server.files import Derivative, is_intact
from server.holdings import Gallery, Holdings, read_holdings

T = TypeVar("T")

_log = logging.getLogger(__name__)

LOOK_AGAIN_S: Final = 1.0
"""How old a listing of files may be before the folder is looked at again; seconds."""

DEEPEST_SEARCH: Final = 100_000
"""Results of a search that can be paged through; each page ranks all before it."""


class StoreBusy(Exception):
    """A read took longer than its deadline; the client may try again."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list, and where it goes on."""

    records: tuple[ArtifactRecord, ...]
    next: str | None
    """Cursor of the next page; ``None`` at the end."""


def standing_catalog(folder: Path) -> Path:
    """The folder again, where a catalog stands in it. Raises :class:`StoreError` where none does."""
    if not (folder / DATABASE_NAME).is_file():
        raise StoreError(
            f"{folder}: holds no catalog. Name the museum's folder with --store, or make one: "
            f"twin sample build --store {folder}"
        )
    return folder


class Museum(Protocol):
    """What may be published of one museum, now. All methods raise :class:`StoreBusy` past their deadline."""

    async def record(self, artifact: str) -> ArtifactRecord | None:
        """The record as visitors may see it; ``None`` where there is none or it is kept from them."""

    async def page(self, words: str, cursor: str | None, limit: int) -> Page:
        """Records that match all of ``words``, best first; all records by id where ``words`` is empty."""

    async def count(self) -> int:
        """How many records are published."""

    async def galleries(self) -> tuple[Gallery, ...]:
        """The rooms, with the exhibits that may be shown."""

    async def derivatives(self, artifact: str) -> tuple[Derivative, ...]:
        """Published files of an artifact; empty where it has none or is kept from visitors."""

    async def asset(self, sha256: str) -> Derivative | None:
        """The file with that content; ``None`` where there is none or its artifact is kept from visitors."""

    async def version(self) -> str:
        """A word that changes whenever records, placements or files did."""

    async def close(self) -> None:
        """Let go of threads and files; reads afterwards are errors."""


class _Reader(local):
    """What one thread holds: its catalog, and records decoded since the last change."""

    catalog: Catalog | None = None
    changes: int = -1
    records: dict[str, ArtifactRecord | None]


class StoredMuseum:
    """The port over a store folder.

    ``read_s`` is the deadline of a read in seconds, ``readers`` the number of threads, ``cached`` how many
    records each keeps decoded. Raises :class:`~assets.catalog.store.database.StoreError` where the folder
    holds no catalog that can be read.
    """

    def __init__(self, folder: Path, *, read_s: float = 5.0, readers: int = 2, cached: int = 4_096) -> None:
        self._watcher = Catalog(standing_catalog(folder), reading=True)
        self._folder = folder
        self._read_s = read_s
        self._cached = cached
        self._reader = _Reader()
        self._opened = [self._watcher]
        self._holdings = Holdings.none()
        self._look_again = 0.0
        self._threads = ThreadPoolExecutor(readers, thread_name_prefix="store")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def record(self, artifact: str) -> ArtifactRecord | None:
        """See :meth:`Museum.record`."""
        return await self._read(lambda: self._published(artifact))

    async def page(self, words: str, cursor: str | None, limit: int) -> Page:
        """See :meth:`Museum.page`. Raises ``ValueError`` for a cursor that is none of ours."""
        if words.split():
            skip = int(cursor or 0)
            if not 0 <= skip <= DEEPEST_SEARCH:
                raise ValueError(f"cursor {skip} lies outside 0 to {DEEPEST_SEARCH}")
            return await self._read(lambda: self._searched(words, skip, limit))
        return await self._read(lambda: self._listed(cursor or "", limit))

    async def count(self) -> int:
        """See :meth:`Museum.count`."""
        return await self._read(lambda: self._catalog().count(shown_only=True))

    async def galleries(self) -> tuple[Gallery, ...]:
        """See :meth:`Museum.galleries`."""
        return await self._read(self._shown_galleries)

    async def derivatives(self, artifact: str) -> tuple[Derivative, ...]:
        """See :meth:`Museum.derivatives`."""
        return await self._read(
            lambda: self._fresh().of(artifact) if self._published(artifact) is not None else ()
        )

    async def asset(self, sha256: str) -> Derivative | None:
        """See :meth:`Museum.asset`."""
        return await self._read(lambda: self._asset(sha256))

    async def version(self) -> str:
        """See :meth:`Museum.version`."""
        return await self._read(lambda: f"{self._watcher.edition()}-{self._fresh().stamp}")

    async def close(self) -> None:
        """See :meth:`Museum.close`."""
        await asyncio.to_thread(self._threads.shutdown)
        for catalog in self._opened:
            catalog.close()
        self._opened.clear()

    # in the reading threads

    async def _read(self, read: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._read_s):
                return await loop.run_in_executor(self._threads, read)
        except TimeoutError as error:
            raise StoreBusy(f"the store did not answer within {self._read_s:g} s") from error

    def _catalog(self) -> Catalog:
        reader = self._reader
        if reader.catalog is None:
            reader.catalog = Catalog(self._folder, reading=True)
            self._opened.append(reader.catalog)
        return reader.catalog

    def _published(self, artifact: str) -> ArtifactRecord | None:
        catalog, reader = self._catalog(), self._reader
        changes = catalog.changes()
        if changes != reader.changes:
            reader.records, reader.changes = {}, changes
        if artifact not in reader.records:
            if len(reader.records) >= self._cached:
                reader.records.clear()
            reader.records[artifact] = visitor_record(catalog, artifact)
        return reader.records[artifact]

    def _listed(self, after: str, limit: int) -> Page:
        found = self._catalog().ids(after=after, limit=limit + 1)
        return self._paged(found, limit, found[limit - 1] if len(found) > limit else None)

    def _searched(self, words: str, skip: int, limit: int) -> Page:
        found = self._catalog().found(words, limit=limit + 1, skip=skip)
        return self._paged(found, limit, str(skip + limit) if len(found) > limit else None)

    def _paged(self, found: list[str], limit: int, cursor: str | None) -> Page:
        records = (self._published(artifact) for artifact in found[:limit])
        return Page(tuple(record for record in records if record is not None), cursor)

    def _fresh(self) -> Holdings:
        now = time.monotonic()
        if now < self._look_again:
            return self._holdings
        self._look_again = now + LOOK_AGAIN_S
        self._holdings = read_holdings(self._folder, self._holdings)
        return self._holdings

    def _shown_galleries(self) -> tuple[Gallery, ...]:
        return tuple(
            gallery.only(lambda artifact: self._published(artifact) is not None)
            for gallery in self._fresh().galleries
        )

    def _asset(self, sha256: str) -> Derivative | None:
        for found in self._fresh().files.get(sha256, ()):
            if found.artifact is not None and self._published(found.artifact) is None:
                continue
            if is_intact(found):
                return found
            _log.error("a file is not what its hash says, and is not served", extra={"file": found.path.name})
        return None
