"""The walk in a real Chromium against the real server with the sample museum: by hand, by key, by ear.

Frames may take seconds on a busy machine that draws in software, so nothing here counts on time: each step
waits for what it is about.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from server.settings import Perception, Settings
from tests.web.browser import NotYet, Tab
from tests.web.conftest import PATIENT, SHOTS, Browsing, ByColor, standing
from tests.web.sample_rooms import write_light_museum

KRATER: Final = "sample:attic-column-krater"
# Wide enough for titles beside the exhibit; every pixel is computed by the processor.
DESK: Final = {"viewport": {"width": 760, "height": 460}}
SMALL: Final = {"viewport": {"width": 240, "height": 160}}
# Without the page's own content security policy, which lets no test put a checker into the page.
OPEN_TO_TESTS: Final = {**DESK, "bypassCSP": True}
SETTLED: Final = (
    "twinStage.progress.all > 0 && twinStage.progress.shown === twinStage.progress.all"
    " && twinStage.progress.lingering === 0"
)
READING: Final = "document.querySelector('.twin-reader:not([hidden])') !== null"


@pytest.fixture(scope="session")
def light_museum(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample museum with light models."""
    store = tmp_path_factory.mktemp("light") / "museum"
    write_light_museum(repository / "build", store)
    return store


@pytest.fixture
async def address(light_museum: Path, web_client: Path) -> AsyncIterator[str]:
    """Where the page is. Notes open as soon as one stands before an exhibit: no test waits for a dwell."""
    at_once = Perception(full_s=0.05, media_s=0.1)
    settings = Settings(
        store=light_museum,
        host="127.0.0.1",
        web_client=web_client,
        drain_s=2.0,
        perception=at_once,
        http=PATIENT,
    )
    async with standing(settings, ByColor()) as twin:
        yield f"http://127.0.0.1:{twin.port}"


pytestmark = pytest.mark.timeout(1200)
"""A test that hangs is ended; on a machine that does much else, one takes minutes."""

SLOWEST_MS: Final = 1500
FRAME: Final = """new Promise((done) => {
  let first = 0;
  setTimeout(() => done(null), 60_000);
  const end = twinStage.eachFrame(() => {
    if (first) {
      end();
      return done(performance.now() - first);
    }
    first = performance.now();
    twinStage.isStale = true;
  });
  twinStage.isStale = true;
})"""
"""Milliseconds from one frame to the next; null where no two come in a minute."""


@asynccontextmanager
async def walking(
    browsing: Browsing, address: str, context: dict[str, Any] | None = None
) -> AsyncIterator[Tab]:
    """A tab in which the rooms stand, the connection is live, and all that is near is drawn."""
    async with browsing(context=context or DESK) as tab:
        await tab.call("goto", f"{address}/?measure#walk", {"waitUntil": "commit"})
        await tab.until("window.twinStage?.plan")
        try:
            await tab.until(f"{SETTLED} && twinStage.isBaked")
            yield tab
        except NotYet:
            # Too slow is no fault of the page, and no proof of it either; no frame at all is one.
            took = await tab.see(FRAME)
            if took is not None and took > SLOWEST_MS:
                pytest.skip(f"a frame takes {took / 1000:.1f} s on this machine now: too slow to walk")
            raise


async def before_the_krater(tab: Tab) -> None:
    """Go there by the list of exhibits, and stay until the notes are there."""
    await tab.call("click", "[aria-controls=twin-exhibits]", {"force": True})
    await tab.call("click", f".twin-go[data-key='{KRATER}']", {"force": True})
    await tab.until(READING)
    await tab.until("document.querySelectorAll('.twin-note-button').length > 2")


async def picture(tab: Tab, name: str) -> None:
    """A screenshot that a person looks at, once the light stands."""
    await tab.until(f"{SETTLED} && twinStage.isBaked")
    await tab.picture(SHOTS / f"walk-{name}.png")


async def test_a_visitor_walks_by_hand_and_opens_a_note(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address) as tab:
        draws = await tab.see("twinStage.draws()")
        assert draws["calls"] <= 100
        assert draws["triangles"] <= 400_000
        assert draws["textureBytes"] <= 256 * 2**20
        started = await tab.see("twinStage.place.at.z")
        await tab.call("press", ".walk-picture", "ArrowUp")
        await tab.until(f"twinStage.place.at.z < {started}")
        walked = await tab.see("twinStage.place.at.z")
        # The left of the picture shows bare floor, and nothing of the page lies there.
        await tab.call("click", ".walk-picture", {"position": {"x": 90, "y": 400}, "force": True})
        await tab.until(f"twinStage.place.at.z < {walked} - 0.1")
        await picture(tab, "gallery")

        await before_the_krater(tab)
        # Beside the panel this picture has no room for titles: none covers the exhibit.
        assert await tab.see("document.querySelector('.twin-tag:not([hidden])') === null")
        await tab.see("twinStage.open(null)")
        await tab.until("document.querySelector('.twin-tag:not([hidden])') !== null")
        await tab.call("click", ".twin-tag:not([hidden])")
        await tab.until("document.querySelector('.twin-note p')?.textContent.length > 20")
        assert await tab.see("twinStage.opened.artifact") == KRATER
        await picture(tab, "note")

        # The marks lie beside the panel, which covers the left of the picture; one of them is tapped.
        seen = f"twinStage.marks('{KRATER}').marks.find((one) => one.isSeen)"
        mark = await tab.see(f"({{x: {seen}.x, y: {seen}.y, name: {seen}.annotation.name}})")
        assert (
            await tab.see("document.querySelector('.twin-reader').getBoundingClientRect().right") < mark["x"]
        )
        await tab.see("twinStage.open(null)")
        await tab.until(f"!({READING}) && {seen}.x < {mark['x']} - 20")
        mark = await tab.see(f"({{x: {seen}.x, y: {seen}.y, name: {seen}.annotation.name}})")
        await tab.call(
            "click", ".walk-picture", {"position": {"x": mark["x"], "y": mark["y"]}, "force": True}
        )
        await tab.until("Boolean(twinStage.opened?.annotation)")
        assert await tab.see("twinStage.opened.annotation.name") == mark["name"]


async def test_the_map_shows_where_one_is_and_leads_elsewhere(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address) as tab:
        await tab.call("click", "[aria-controls=twin-map]", {"force": True})
        here = "document.querySelector('.twin-room[aria-current]')?.textContent"
        await tab.until(f"{here} === 'Clay and Fire'")
        await tab.call("press", ".twin-room[data-key='sound-cloth-and-ceremony']", "Enter")
        await tab.until(f"{here} === 'Sound, Cloth and Ceremony'")
        await tab.until("twinStage.world.gallery === 'sound-cloth-and-ceremony'")
        await picture(tab, "map")


async def test_all_is_reached_by_key_and_a_checker_of_accessibility_finds_nothing_serious(
    browsing: Browsing, address: str, web_packages: Path
) -> None:
    async with walking(browsing, address, OPEN_TO_TESTS) as tab:
        await tab.call("focus", "[aria-controls=twin-exhibits]")
        await tab.call("press", ":focus", "Enter")
        assert await tab.see("document.activeElement.ariaLabel.startsWith('Go to ')")
        await tab.call("press", ":focus", "Escape")
        assert await tab.see("document.activeElement.getAttribute('aria-controls')") == "twin-exhibits"
        await tab.call("press", ":focus", "Enter")
        await tab.call("focus", f".twin-go[data-key='{KRATER}']")
        await tab.call("press", ":focus", "Enter")
        await tab.until(f"{READING} && document.activeElement.id === 'twin-reader-title'")
        said = await tab.see("document.querySelector('.twin-page > [role=status]').textContent")
        assert said.startswith("You stand before Column-krater")

        await tab.until("document.querySelectorAll('.twin-note-button').length > 2")
        await tab.call("focus", ".twin-note-button")
        await tab.call("press", ":focus", "Enter")
        await tab.until("Boolean(twinStage.opened?.annotation)")
        assert await tab.see("document.activeElement.getAttribute('aria-pressed')") == "true"
        for drawer in ("exhibits", "map", "wishes"):
            await tab.call("press", f"[aria-controls=twin-{drawer}]", "Enter")
            assert await tab.serious(web_packages) == [], f"with {drawer} open"
        # A wish that is met draws the form anew, and the key's place in it stays.
        await tab.call("focus", "[data-key=captions]")
        await tab.call("press", ":focus", "Space")
        assert await tab.see("document.activeElement.dataset.key") == "captions"
        assert await tab.see("document.activeElement.checked && twinStage.visitor.wishes.captions")
        await tab.call("press", ".twin-note-button", "Escape")
        await tab.until(f"!({READING})")
        assert await tab.see("document.activeElement.className") == "walk-picture"
        names = "[...document.querySelectorAll('button')].map((one) => one.ariaLabel || one.textContent)"
        assert all(await tab.see(names))


async def test_wishes_for_language_size_contrast_and_motion_are_met(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address, {**DESK, "reducedMotion": "reduce"}) as tab:
        assert await tab.see("twinStage.visitor.wishes.reducedMotion") is True
        size = "parseFloat(getComputedStyle(document.querySelector('.twin-page')).fontSize)"
        before = await tab.see(size)
        await tab.call("click", "[aria-controls=twin-wishes]", {"force": True})
        await tab.call("selectOption", "select[name=language]", "zh-Hans")
        await tab.until("document.querySelector('.twin-status-text').textContent === '已连接'")
        assert await tab.see("document.documentElement.lang") == "zh-Hans"
        await tab.call("fill", "input[name=text-size]", "1")
        await tab.until(f"{size} > {before}")
        await tab.call("check", ".twin-row:nth-of-type(3) input", {"force": True})
        assert await tab.see("document.documentElement.classList.contains('twin-contrast')")
        # The museum's own texts follow.
        titles = "[...document.querySelectorAll('.twin-go')].map((one) => one.textContent)"
        await tab.until(f"{titles}.some((title) => /[\\u4e00-\\u9fff]/.test(title))")


async def test_a_tall_screen_reads_below_the_picture(browsing: Browsing, address: str) -> None:
    phone = {"viewport": {"width": 360, "height": 640}, "hasTouch": True}
    async with walking(browsing, address, phone) as tab:
        await before_the_krater(tab)
        await tab.call("tap", ".twin-note-button", {"force": True})
        await tab.until("document.querySelector('.twin-note') !== null")
        box = await tab.see("document.querySelector('.twin-reader').getBoundingClientRect().toJSON()")
        assert box["left"] >= 0
        assert box["right"] <= 360
        await tab.until(f"twinStage.marks('{KRATER}').middle.y < {box['top']}")
        await picture(tab, "phone")


async def test_fifty_changes_of_gallery_leave_nothing_behind(browsing: Browsing, address: str) -> None:
    galleries = ("signs-and-numbers", "sound-cloth-and-ceremony", "clay-and-fire")
    held = "JSON.stringify([twinStage.draws().geometries, twinStage.draws().textures])"
    async with walking(browsing, address, SMALL) as tab:

        async def enter(gallery: str) -> None:
            await tab.see(f"twinStage.enter('{gallery}')")
            # The server has heard of it, and so a frame was drawn there.
            await tab.until(f"twinStage.world.gallery === '{gallery}'")

        for gallery in galleries:
            await enter(gallery)
        await tab.until(SETTLED)
        first = await tab.see(held)
        for change in range(50):
            await enter(galleries[change % 3])
        await enter(galleries[2])
        # What was on its way when its room was left is freed as it arrives; a leak would never end here.
        await tab.until(f"{SETTLED} && {held} === '{first}'")
