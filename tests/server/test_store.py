"""The museum as the server reads it: never on the event loop, never stale, never more than is published."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from assets.catalog.store.catalog import Catalog
from assets.catalog.store.database import StoreError
from server.store import StoreBusy, StoredMuseum
from tests.server.http.test_assets import withdraw

BELL = "sample:lai-zhong-bell"


def begin_writing(store: Path) -> sqlite3.Connection:
    """A writer in the middle of a transaction."""
    writer = sqlite3.connect(store / "catalog.sqlite", isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM artifact")
    return writer


def damage(listing: Path) -> None:
    museum = json.loads(listing.read_text())
    del museum["artifacts"]["lai-zhong-bell"]["sha256"]
    listing.write_text(json.dumps(museum))


async def standing(store: Path, read_s: float = 5.0, cached: int = 4_096) -> StoredMuseum:
    return await asyncio.to_thread(lambda: StoredMuseum(store, read_s=read_s, cached=cached))


def test_a_folder_without_a_catalog_is_refused_with_the_remedy_and_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"holds no catalog.*twin sample build"):
        StoredMuseum(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_catalog_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(StoreError, match=r"catalog\.sqlite: cannot be read"):
        StoredMuseum(tmp_path)


async def test_a_store_of_another_layout_is_refused(store: Path) -> None:
    def relabel() -> None:
        connection = sqlite3.connect(store / "catalog.sqlite")
        connection.execute("PRAGMA user_version = 99")
        connection.close()

    await asyncio.to_thread(relabel)
    with pytest.raises(StoreError, match="layout 99"):
        await standing(store)


async def test_reading_never_waits_for_a_writer(store: Path) -> None:
    writer = await asyncio.to_thread(begin_writing, store)
    async with await standing(store, read_s=2.0) as museum:
        assert await museum.count() == 26
        assert (await museum.record(BELL)) is not None
    await asyncio.to_thread(writer.close)


async def test_a_cached_record_is_forgotten_with_the_next_change(store: Path) -> None:
    async with await standing(store) as museum:
        before = await museum.version()
        assert await museum.record(BELL) is not None
        await asyncio.to_thread(withdraw, store, BELL)
        assert await museum.record(BELL) is None
        assert await museum.derivatives(BELL) == ()
        assert await museum.version() != before


async def test_more_records_than_the_cache_holds_are_all_read(store: Path) -> None:
    async with await standing(store, cached=3) as museum:
        page = await museum.page("", None, 26)
        assert len({record.id for record in page.records}) == 26
        assert page.next is None


async def test_a_read_past_its_deadline_is_given_up(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(_: Catalog, **__: object) -> int:
        asyncio.run_coroutine_threadsafe(released.wait(), loop).result(30)
        return 0

    monkeypatch.setattr(Catalog, "count", slow)
    async with await standing(store, read_s=0.05) as museum:
        with pytest.raises(StoreBusy, match=r"0\.05 s"):
            await museum.count()
        released.set()


async def test_a_listing_of_files_that_is_damaged_is_told_with_its_place(store: Path) -> None:
    await asyncio.to_thread(damage, store / "sample" / "museum.json")
    async with await standing(store) as museum:
        with pytest.raises(StoreError, match=r"museum\.json: artifacts\.lai-zhong-bell\.sha256"):
            await museum.galleries()


async def test_a_store_without_geometry_has_records_and_no_galleries(tmp_path: Path) -> None:
    await asyncio.to_thread(lambda: Catalog(tmp_path).close())
    async with await standing(tmp_path) as museum:
        assert (await museum.galleries(), await museum.count()) == ((), 0)
        assert await museum.asset("0" * 64) is None
