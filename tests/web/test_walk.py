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
from tests.web.browser import Tab
from tests.web.conftest import SHOTS, Browsing, ByColor, standing
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
def light_museum(repository: Path) -> Path:
    """The sample museum with light models; built where it is not there."""
    return write_light_museum(repository / "build")


@pytest.fixture
async def address(light_museum: Path, web_client: Path) -> AsyncIterator[str]:
    """Where the page is. Notes open as soon as one stands before an exhibit: no test waits for a dwell."""
    at_once = Perception(full_s=0.05, media_s=0.1)
    settings = Settings(
        store=light_museum, host="127.0.0.1", web_client=web_client, drain_s=2.0, perception=at_once
    )
    async with standing(settings, ByColor()) as twin:
        yield f"http://127.0.0.1:{twin.port}"


@asynccontextmanager
async def walking(
    browsing: Browsing, address: str, context: dict[str, Any] | None = None
) -> AsyncIterator[Tab]:
    """A tab in which the rooms stand, the connection is live, and some exhibit is drawn."""
    async with browsing(context=context or DESK) as tab:
        await tab.call("goto", f"{address}/?measure#walk", {"waitUntil": "commit"})
        await tab.until("window.twinStage?.plan && twinStage.progress.shown > 0")
        yield tab


async def before_the_krater(tab: Tab) -> None:
    """Go there by the list of exhibits, and stay until the notes are there."""
    await tab.call("click", "[aria-controls=twin-exhibits]")
    await tab.call("click", f".twin-go[data-key='{KRATER}']")
    await tab.until(READING)
    await tab.until("document.querySelectorAll('.twin-note-button').length > 2")


async def test_a_visitor_walks_and_opens_an_annotation(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address) as tab:
        started = await tab.see("twinStage.place.at.z")
        await tab.call("press", ".walk-picture", "ArrowUp")
        await tab.until(f"twinStage.place.at.z < {started}")
        await before_the_krater(tab)
        await tab.until("document.querySelector('.twin-tag:not([hidden])') !== null")
        await tab.call("click", ".twin-tag:not([hidden])")
        await tab.until("document.querySelector('.twin-note p')?.textContent.length > 20")
        opened = await tab.see("twinStage.opened.artifact")
        assert opened == KRATER
        await tab.until(SETTLED)
        await tab.picture(SHOTS / "walk-annotation.png")
        # The mark's own place on the screen lies on the exhibit, beside the panel that covers the left.
        mark = await tab.see("twinStage.marks(twinStage.opened.artifact).marks.find((one) => one.isSeen)")
        covered = await tab.see("document.querySelector('.twin-reader').getBoundingClientRect().right")
        assert covered < mark["x"] < DESK["viewport"]["width"]


async def test_a_tap_on_a_mark_opens_its_note_and_a_tap_on_the_floor_goes_there(
    browsing: Browsing, address: str
) -> None:
    async with walking(browsing, address) as tab:
        await before_the_krater(tab)
        await tab.call("click", ".twin-close")
        await tab.until("twinStage.opened === null")
        seen = f"twinStage.marks('{KRATER}').marks.find((one) => one.isSeen)"
        mark = await tab.see(f"({{x: {seen}.x, y: {seen}.y, name: {seen}.annotation.name}})")
        await tab.call("click", ".walk-picture", {"position": {"x": mark["x"], "y": mark["y"]}})
        await tab.until("twinStage.opened?.annotation !== null && twinStage.opened !== null")
        assert await tab.see("twinStage.opened.annotation.artifact") == KRATER
        await tab.call("click", ".twin-close")
        await tab.see("twinStage.enter('clay-and-fire')")
        await tab.until("twinStage.place.at.z > 4.5")
        # The lower corner shows bare floor.
        await tab.call("click", ".walk-picture", {"position": {"x": 210, "y": 430}})
        await tab.until("twinStage.place.at.z < 4.4")


async def test_everything_can_be_reached_by_key_and_has_a_name(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address) as tab:
        await tab.call("focus", "[aria-controls=twin-exhibits]")
        await tab.call("press", ":focus", "Enter")
        assert await tab.see("document.activeElement.ariaLabel.startsWith('Go to ')")
        await tab.call("press", ":focus", "Escape")
        assert await tab.see("document.activeElement.getAttribute('aria-controls')") == "twin-exhibits"
        await tab.call("press", ":focus", "Enter")
        await tab.call("focus", f".twin-go[data-key='{KRATER}']")
        await tab.call("press", ":focus", "Enter")
        await tab.until(READING)
        await tab.until("document.activeElement.id === 'twin-reader-title'")
        said = await tab.see("document.querySelector('.twin-page > [role=status]').textContent")
        assert said.startswith("You stand before Column-krater")
        await tab.until("document.querySelectorAll('.twin-note-button').length > 2")
        await tab.call("focus", ".twin-note-button")
        await tab.call("press", ":focus", "Enter")
        await tab.until("twinStage.opened.annotation !== null")
        assert await tab.see("document.activeElement.getAttribute('aria-pressed')") == "true"
        await tab.call("press", ":focus", "Escape")
        await tab.until(f"!({READING})")
        assert await tab.see("document.activeElement.className") == "walk-picture"
        names = "[...document.querySelectorAll('button')].map((one) => one.ariaLabel || one.textContent)"
        assert all(await tab.see(names))


async def test_the_map_shows_where_one_is_and_leads_elsewhere(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address) as tab:
        await tab.call("click", "[aria-controls=twin-map]")
        here = "document.querySelector('.twin-room[aria-current]')?.textContent"
        await tab.until(f"{here} === 'Clay and Fire'")
        await tab.call("press", ".twin-room[data-key='sound-cloth-and-ceremony']", "Enter")
        await tab.until(f"{here} === 'Sound, Cloth and Ceremony'")
        await tab.until(SETTLED)
        await tab.until("twinStage.isBaked")
        await tab.picture(SHOTS / "walk-map.png")


async def test_a_visitor_reads_chinese_larger_and_in_high_contrast(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address) as tab:
        before = await tab.see("parseFloat(getComputedStyle(document.querySelector('.twin-page')).fontSize)")
        await tab.call("click", "[aria-controls=twin-wishes]")
        await tab.call("selectOption", "select[name=language]", "zh-Hans")
        await tab.until("document.querySelector('.twin-status-text').textContent === '已连接'")
        assert await tab.see("document.documentElement.lang") == "zh-Hans"
        await tab.call("fill", "input[name=text-size]", "1")
        after = "parseFloat(getComputedStyle(document.querySelector('.twin-page')).fontSize)"
        await tab.until(f"{after} > {before}")
        await tab.call("check", ".twin-row:nth-of-type(3) input")
        assert await tab.see("document.documentElement.classList.contains('twin-contrast')")
        # The museum's own texts follow: every title that the sample museum has in Chinese.
        titles = "[...document.querySelectorAll('.twin-go')].map((one) => one.textContent)"
        await tab.until(f"{titles}.some((title) => /[\\u4e00-\\u9fff]/.test(title))")


async def test_a_checker_of_accessibility_finds_no_serious_violation(
    browsing: Browsing, address: str, web_packages: Path
) -> None:
    checker = web_packages / "node_modules" / "axe-core" / "axe.min.js"
    async with walking(browsing, address, OPEN_TO_TESTS) as tab:
        await tab.call("addScriptTag", {"path": str(checker)})
        await before_the_krater(tab)
        for drawer in ("exhibits", "map", "wishes"):
            await tab.call("click", f"[aria-controls=twin-{drawer}]")
            found = await tab.see(
                "axe.run(document, {resultTypes: ['violations']}).then((all) => all.violations"
                ".filter((one) => ['serious', 'critical'].includes(one.impact))"
                ".map((one) => [one.id, one.nodes.map((node) => node.html)]))"
            )
            assert found == [], f"with {drawer} open"


async def test_fifty_changes_of_gallery_leave_nothing_behind(browsing: Browsing, address: str) -> None:
    galleries = ("signs-and-numbers", "sound-cloth-and-ceremony", "clay-and-fire")
    held = "JSON.stringify([twinStage.draws().geometries, twinStage.draws().textures])"

    async with walking(browsing, address, SMALL) as tab:

        async def enter(gallery: str) -> None:
            await tab.see(f"twinStage.enter('{gallery}')")
            await tab.until(f"twinStage.plan.at(twinStage.place.at)?.room.slug === '{gallery}'")
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


async def test_the_first_gallery_keeps_to_the_budget_of_a_headset(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address) as tab:
        await tab.until(SETTLED)
        draws = await tab.see("twinStage.draws()")
        assert draws["calls"] <= 100
        assert draws["triangles"] <= 400_000
        assert draws["textureBytes"] <= 256 * 2**20
        await tab.until("twinStage.isBaked")
        await tab.picture(SHOTS / "walk-gallery.png")


async def test_who_wishes_for_less_motion_is_known_by_their_system(browsing: Browsing, address: str) -> None:
    async with walking(browsing, address, {**DESK, "reducedMotion": "reduce"}) as tab:
        assert await tab.see("twinStage.visitor.wishes.reducedMotion") is True
        veil = "getComputedStyle(document.querySelector('.walk-veil')).transitionDuration"
        assert await tab.see(veil) == "0s"


async def test_a_tall_screen_reads_below_the_picture(browsing: Browsing, address: str) -> None:
    phone = {"viewport": {"width": 390, "height": 800}, "hasTouch": True}
    async with walking(browsing, address, phone) as tab:
        await before_the_krater(tab)
        await tab.call("tap", ".twin-note-button")
        await tab.until("document.querySelector('.twin-note') !== null")
        box = await tab.see("document.querySelector('.twin-reader').getBoundingClientRect().toJSON()")
        assert box["left"] >= 0
        assert box["right"] <= 390
        middle = await tab.see("twinStage.marks(twinStage.opened.artifact).middle.y")
        assert middle < box["top"]
        await tab.until(SETTLED)
        await tab.picture(SHOTS / "walk-phone.png")
