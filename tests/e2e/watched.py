"""Servers whose hubs a test can ask: who came, what is shown, what a visitor perceives."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from server.hub import Hub
from server.showing import Showing


@dataclass
class Shown:
    """The hubs of this test's servers, and when they last showed another museum."""

    hubs: list[Hub] = field(default_factory=list)
    again: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    """A visitor came, or came back."""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Servers of this test look at their store all the time."""
    told = Shown()

    class Watched(Hub):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            told.hubs.append(self)

        async def show(self, showing: Showing) -> None:
            await super().show(showing)
            told.again.set()

        def greet(self, *arguments: Any) -> Any:
            told.came.set()
            return super().greet(*arguments)

    monkeypatch.setattr("server.app.Hub", Watched)
    monkeypatch.setattr("server.app.LOOK_AGAIN_S", 0.01)
    monkeypatch.setattr("server.store.LOOK_AGAIN_S", 0.0)
    return told
