"""Servers whose hubs a test can ask: who came, what is shown, what a visitor perceives."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from server.hub import Hub
from server.showing import Showing
from server.store import StoredMuseum


@dataclass
class Shown:
    """The hubs of this test's servers, and when they last showed another museum."""

    hubs: list[Hub] = field(default_factory=list)
    again: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    """A visitor came, or came back."""
    read: str = ""
    """Version of the store that a server saw last."""
    held: str = ""
    """Version of the store that its hub shows at the least."""

    async def all_of(self, store: Path) -> None:
        """Wait until visitors are shown what the store holds now.

        A publication writes records, then the listing, so that two showings may come of it.
        """
        async with await asyncio.to_thread(StoredMuseum, store) as museum:
            due = await museum.version()
        async with asyncio.timeout(90):
            while self.held != due:
                self.again.clear()
                await self.again.wait()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Servers of this test look at their store all the time."""
    told = Shown()

    class Read(StoredMuseum):
        async def version(self) -> str:
            told.read = await super().version()
            return told.read

    class Watched(Hub):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            told.hubs.append(self)
            told.held = told.read

        async def show(self, showing: Showing) -> None:
            read = told.read
            await super().show(showing)
            told.held = read
            told.again.set()

        def greet(self, *arguments: Any) -> Any:
            told.came.set()
            return super().greet(*arguments)

    monkeypatch.setattr("server.app.StoredMuseum", Read)
    monkeypatch.setattr("server.app.Hub", Watched)
    monkeypatch.setattr("server.app.LOOK_AGAIN_S", 0.01)
    monkeypatch.setattr("server.store.LOOK_AGAIN_S", 0.0)
    return told
