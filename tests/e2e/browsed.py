"""A visitor in a real browser as a test asks it: what its page holds, as messages of the wire."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from server.client import Client
from server.content import Audience
from server.hub import Hub
from server.protocol.parts import AnnotationAdd, ArtifactEnter
from tests.e2e.worlds import World, shown_world
from tests.web.browser import Tab
from tests.web.conftest import Browsing

SMALL: Final = {"viewport": {"width": 240, "height": 160}}
"""Every pixel is computed by the processor."""
NOT_MODELS: Final = ("Failed to load resource",)
"""What a browser writes on its console where a file is gone: the museum's own are replaced while it reads."""
TELL: Final = """({
  token: [...twin.session.token], received: twin.session.received, visit: twin.session.welcome?.session ?? '',
  phase: twin.world.connection.phase, tries: twin.world.connection.tries,
  languages: twin.wishes.languages, capabilities: twin.options.capabilities,
  exhibits: [...twin.world.exhibits.values()].map(
    (one) => ({...one, annotations: [...one.annotations.values()]})),
})"""


@dataclass(frozen=True, slots=True)
class Page:
    """What the page holds at one time."""

    client: Client
    """The visitor as the server has it."""
    visit: str
    """Name of the session."""
    received: int
    """Number of the last event that came."""
    tries: int
    """Connections that failed since the last that stood."""
    world: World
    audience: Audience

    def due(self, hub: Hub) -> World:
        """What the hub says that this visitor should hold now."""
        return shown_world(hub.showing, self.client, self.audience)


@dataclass(slots=True)
class Browser:
    """One visitor who walks in a page."""

    tab: Tab
    hub: Hub
    address: str

    async def walk(self, steps: int) -> None:
        """Press keys: ahead and about."""
        for step in range(steps):
            await self.tab.call("press", ".walk-picture", ("ArrowLeft", "ArrowUp", "ArrowUp")[step % 3])

    async def settled(self) -> Page:
        """What it holds once all is told that there is to tell; the visitor stands still meanwhile."""
        async with asyncio.timeout(120):
            while True:
                await self.tab.until("twin.world.connection.phase === 'live'")
                before = await self._page()
                page = await self._page()
                told = page.client.session.sequence
                if page.client.waiting == 0 and before.received == page.received == told:
                    return page

    async def _page(self) -> Page:
        told = _frozen(await self.tab.see(TELL))
        client = self.hub.client(bytes(told["token"]))
        assert client is not None, f"the server does not know this visitor any more: {told['phase']}"
        audience = Audience(told["languages"], frozenset(told["capabilities"]))
        world = {one["artifact"]: self._exhibit(one) for one in told["exhibits"]}
        return Page(client, told["visit"], told["received"], told["tries"], world, audience)

    def _exhibit(self, told: Mapping[str, Any]) -> tuple[ArtifactEnter, dict[str, AnnotationAdd]]:
        files = tuple(self._file(one) for one in told["derivatives"])
        notes = {
            one["name"]: AnnotationAdd.model_validate(_without(one, "name") | {"annotation": one["name"]})
            for one in told["annotations"]
        }
        return ArtifactEnter.model_validate(_without(told, "annotations") | {"derivatives": files}), notes

    def _file(self, told: Mapping[str, Any]) -> dict[str, Any]:
        names = {"url": "address", "mediaType": "media_type"}
        file = {names.get(name, name): value for name, value in told.items()}
        return file | {"address": told["url"].removeprefix(self.address)}


@asynccontextmanager
async def browsed(browsing: Browsing, address: str, hub: Hub) -> AsyncIterator[Browser]:
    """A browser that walks in the museum at ``address`` until the block is left."""
    async with browsing(context=SMALL) as tab:
        tab.forgiven = NOT_MODELS
        await tab.call("goto", f"{address}/?measure#walk", {"waitUntil": "commit"})
        await tab.until("window.twinStage?.plan && twin.world.exhibits.size > 0")
        yield Browser(tab, hub, address)


def _frozen(told: Any) -> Any:
    """What came as JSON, with tuples for lists, as parts of messages have them."""
    if isinstance(told, list):
        return tuple(_frozen(one) for one in told)
    return {key: _frozen(one) for key, one in told.items()} if isinstance(told, dict) else told


def _without(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != name}
