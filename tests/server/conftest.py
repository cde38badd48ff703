"""A small museum on disk, and the real server on a real socket before it."""

import asyncio
import hashlib
import json
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from assets.catalog.ingest import Source, ingest
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import Catalog
from assets.sample.catalog import load_sample
from server.app import Twin
from server.listener import listen
from server.settings import Settings

ROOM = b"glTF room"
DISC = b"glTF disc"
BELL = b"glTF" + bytes(range(256)) * 40
"""Not a model: what a file holds is no business of who serves it."""


def at(artifact: str, x: float) -> dict[str, Any]:
    return {
        "artifact": artifact, "position": [x, 1.0, 0.0], "rotation": [0.0, 0.0, 0.0, 1.0],
        "support": "plinth", "support_size": [0.5, 1.0, 0.5],
        "bounds": [[x - 0.2, 1.0, -0.2], [x + 0.2, 1.4, 0.2]],
    }  # fmt: skip


def sheet(content: bytes, name: str) -> dict[str, Any]:
    return {
        "file": f"artifacts/{name}.glb", "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content), "triangles": 12, "bounds": [[-0.2, 0.0, -0.2], [0.2, 0.4, 0.2]],
        "hotspots": {}, "view": [0.0, 0.0], "annotations": [],
    }  # fmt: skip


def write_geometry(store: Path) -> None:
    """One gallery with two artifacts."""
    folder = store / "sample"
    for name in ("artifacts", "galleries"):
        (folder / name).mkdir(parents=True)
    (folder / "artifacts" / "lai-zhong-bell.glb").write_bytes(BELL)
    (folder / "artifacts" / "jade-bi.glb").write_bytes(DISC)
    (folder / "galleries" / "hall.glb").write_bytes(ROOM)
    gallery = {
        "slug": "hall", "name": {"en": "Hall", "zh-Hans": "大厅"}, "file": "galleries/hall.glb",
        "site": {"position": [0.0, 0.0, 0.0], "rotation": [0.0, 0.0, 0.0, 1.0]}, "size": [8.0, 4.0, 6.0],
        "doors": [{"wall": "front", "offset": 0.0}],
        "viewpoint": {"position": [0.0, 1.6, 2.5], "target": [0.0, 1.2, 0.0]},
        "placements": [at("lai-zhong-bell", -1.0), at("jade-bi", 1.0)],
    }  # fmt: skip
    listing = {
        "format": 2, "institution": "sample", "units": "metres", "galleries": [gallery],
        "artifacts": {
            "lai-zhong-bell": sheet(BELL, "lai-zhong-bell"), "jade-bi": sheet(DISC, "jade-bi"),
        },
    }  # fmt: skip
    (folder / "museum.json").write_text(json.dumps(listing))


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which something else listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


@pytest.fixture(scope="session")
def built_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample museum's records with a little geometry; never changed."""
    store = tmp_path_factory.mktemp("museum")
    outcomes = [Mapped(artifact.record, (), b"{}") for artifact in load_sample().artifacts]
    with Catalog(store) as catalog:
        ingest(
            Source("sample", "Sample", outcomes, {"sample": "0" * 64}), catalog, "2026-01-01T00:00:00+00:00"
        )
    write_geometry(store)
    return store


@pytest.fixture
def store(built_store: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return shutil.copytree(built_store, tmp_path / "museum")


@dataclass(frozen=True, slots=True)
class Opened:
    """A server that runs, and a client of it."""

    twin: Twin
    client: httpx.AsyncClient
    task: asyncio.Task[None]

    @property
    def live(self) -> str:
        """Address of the live connection."""
        return f"ws://127.0.0.1:{self.twin.port}/live"


async def under_way(twin: Twin, task: asyncio.Task[None]) -> None:
    """Until visitors are served, or the start has failed."""
    started = asyncio.create_task(twin.started.wait())
    await asyncio.wait({started, task}, return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    if task.done():
        await task


Opening = Callable[..., AbstractAsyncContextManager[Opened]]


@asynccontextmanager
async def opened(store: Path, **settings: Any) -> AsyncIterator[Opened]:
    """The real server on a free port of this machine, until the block is left.

    A camera frame and a read of the store have a minute there, so that a slow machine answers none as late.
    """
    settings = {"frames": {"deadline_s": 60.0, "wait_s": 60.0}, "http": {"read_s": 60.0}, **settings}
    sockets = await asyncio.to_thread(listen, "127.0.0.1", 0)
    twin = Twin(Settings(store=store, host="127.0.0.1", **settings), sockets)
    task = asyncio.create_task(twin.run())
    address = f"http://127.0.0.1:{twin.port}"
    async with asyncio.timeout(300), httpx.AsyncClient(base_url=address, trust_env=False) as client:
        await under_way(twin, task)
        try:
            yield Opened(twin, client, task)
        finally:
            twin.stop()
            await task


@pytest.fixture
def without_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recognition as with a build of onnxruntime that knows no graphics processor, whatever is installed."""
    offered = frozenset({"CPUExecutionProvider"})
    # Not by its dotted name: a test that imports the runtime anew leaves its package without the attribute.
    monkeypatch.setattr(import_module("inference.runtime.service"), "offered_providers", lambda: offered)


@pytest.fixture
def opening() -> Opening:
    """Opens a server over a store with given settings."""
    return opened


@pytest.fixture(scope="session")
def standing_port(built_store: Path) -> Iterator[int]:
    """Port of one server for all tests that only read, in a thread of its own."""
    handed: Future[tuple[asyncio.AbstractEventLoop, Twin]] = Future()

    async def stand() -> None:
        twin = Twin(Settings(store=built_store, host="127.0.0.1"), listen("127.0.0.1", 0))
        handed.set_result((asyncio.get_running_loop(), twin))
        await twin.run()

    thread = threading.Thread(target=lambda: asyncio.run(stand()))
    thread.start()
    loop, twin = handed.result(60)
    yield twin.port
    loop.call_soon_threadsafe(twin.stop)
    thread.join(60)
    assert not thread.is_alive()


@pytest.fixture
async def client(standing_port: int) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with the settings as they come."""
    address = f"http://127.0.0.1:{standing_port}"
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
        yield client
