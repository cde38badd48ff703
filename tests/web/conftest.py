"""The web client as built, a small museum, the real server, a browser; all in one process of xdist."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

from server.app import Twin
from server.listener import listen
from server.recognition import Outcome, Picture, Recognizer, Seen
from server.settings import FrameWork, Http, Settings
from tests.web.browser import Tab, tab
from tests.web.built import built_client
from tests.web.cable import Cable, cable
from tests.web.small_museum import COLORS, write_museum

SHOTS = Path(__file__).resolve().parents[2] / "build" / "web"
"""Where tests leave the screenshots that a person looks at."""
PATIENT = Http(read_s=60.0)
"""A slow machine's store is given time: a browser tells each 503 as a fault of the page."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser, a build and a museum are dear: one test process has them all."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("web"))
            # The time limit counts fixtures too, and the first test waits for the build.
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def web_packages(repository: Path) -> Path:
    """Folder of the web client with its Node packages."""
    folder = repository / "web_client"
    if shutil.which("node") is None:
        pytest.skip("no Node here: install it to run this test (Debian: apt-get install nodejs npm)")
    if not (folder / "node_modules" / ".package-lock.json").is_file():
        pytest.skip("the web client's Node packages are not installed: run `make web`")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """A Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium here: run `make browser`")


@pytest.fixture(scope="session")
def web_client(web_packages: Path, repository: Path) -> Path:
    """The web client, built from what is in the tree now."""
    return built_client(web_packages, repository / "build" / "web-client")


@pytest.fixture(scope="session")
def small_museum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one gallery and two exhibits; never changed."""
    store = tmp_path_factory.mktemp("small") / "museum"
    write_museum(store)
    return store


@dataclass
class ByColor:
    """A recognizer for these tests: it knows the exhibits by the color of their ground, and nothing else."""

    shapes: list[tuple[int, ...]] = field(default_factory=list)
    """Of the pictures that it was shown."""

    async def recognize(self, picture: Picture) -> Outcome:
        """The exhibit whose color the middle of the picture has; else none of ours."""
        self.shapes.append(picture.pixels.shape)
        height, width = picture.pixels.shape[:2]
        middle = picture.pixels[height // 3 : -height // 3, width // 3 : -width // 3].reshape(-1, 3)
        for slug, color in COLORS.items():
            share = float((abs(middle.astype(int) - color).max(axis=1) < 30).mean())
            if share > 0.4:
                outline = (width / 4, height / 8, width * 3 / 4, height / 8)
                lower = (width * 3 / 4, height * 7 / 8, width / 4, height * 7 / 8)
                evidence = f"{share:.0%} of the middle has the color of its ground"
                return Outcome((Seen(f"sample:{slug}", 0.93, evidence, outline + lower),), model="test")
        return Outcome(refusal="not_ours", detail="no known color", model="test")


@dataclass
class House:
    """A running server, reached through a cable."""

    twin: Twin
    cable: Cable
    recognizer: ByColor
    _settings: Settings
    _running: AsyncExitStack

    @property
    def address(self) -> str:
        """Of the page."""
        return self.cable.address

    async def restart(self) -> None:
        """End the server as a signal would, and start another in its place."""
        await self._running.aclose()
        self.twin = await self._running.enter_async_context(standing(self._settings, self.recognizer))
        self.cable.plug(self.twin.port)


@asynccontextmanager
async def standing(settings: Settings, recognizer: Recognizer | None) -> AsyncIterator[Twin]:
    """The real server with these settings, until the block is left; ``None``: with its own recognizer."""
    twin = Twin(settings, await asyncio.to_thread(listen, "127.0.0.1", 0), None, recognizer)
    task = asyncio.create_task(twin.run())
    started = asyncio.create_task(twin.started.wait())
    await asyncio.wait({started, task}, return_when=asyncio.FIRST_COMPLETED)
    started.cancel()
    try:
        if not task.done():
            yield twin
    finally:
        twin.stop()
        await task


@pytest.fixture
async def house(small_museum: Path, web_client: Path) -> AsyncIterator[House]:
    """The real server over the small museum, with the built web client at ``/``."""
    await asyncio.to_thread(SHOTS.mkdir, parents=True, exist_ok=True)
    settings = Settings(
        store=small_museum,
        host="127.0.0.1",
        web_client=web_client,
        drain_s=2.0,
        frames=FrameWork(deadline_s=60.0, wait_s=60.0),
        http=PATIENT,
    )
    recognizer = ByColor()
    async with AsyncExitStack() as running:
        twin = await running.enter_async_context(standing(settings, recognizer))
        async with cable(twin.port) as line:
            yield House(twin, line, recognizer, settings, running)


class Browsing(Protocol):
    """Opens a browser's tab."""

    def __call__(
        self, *, flags: tuple[str, ...] = (), context: dict[str, Any] | None = None
    ) -> AbstractAsyncContextManager[Tab]: ...


@pytest.fixture
def browsing(web_packages: Path, chromium: str) -> Browsing:
    """Opens a browser's tab with more flags and another context (viewport, touch, language)."""

    def opened(*, flags: tuple[str, ...] = (), context: dict[str, Any] | None = None) -> Any:
        return tab(web_packages, chromium, flags=flags, context=context)

    return opened
