"""The page and its connection, in a real browser against the real server."""

import asyncio

import httpx

from tests.web.browser import PHONE
from tests.web.conftest import SHOTS, Browsing, House
from tests.web.small_museum import BELL, DISC

BOTH = f"window.twin && ['sample:{BELL}', 'sample:{DISC}'].every(one => twin.world.exhibits.has(one))"
LIVE = "window.twin && twin.world.connection.phase === 'live'"
LOST = ("WebSocket connection", "net::ERR", "Failed to fetch")
"""What a browser itself writes on the console when a connection breaks."""
BAR = "document.querySelector('.connection')"


async def test_a_page_that_lost_its_connection_says_so_and_goes_on_in_the_same_session(
    house: House, browsing: Browsing
) -> None:
    async with browsing(context=PHONE) as page:
        page.forgiven = LOST
        await page.call("goto", f"{house.address}/?measure=1#phone")
        await page.until(f"{BOTH} && {LIVE} && {BAR}.hidden")
        name = await page.see("window.visit = twin.session.welcome.session")
        await page.see(f"window.bell = twin.world.exhibits.get('sample:{BELL}'); null")

        house.cable.pull()
        await page.until(f"!{BAR}.hidden && {BAR}.innerText.includes('connection was lost')")
        await page.picture(SHOTS / "connection-lost.png")
        house.cable.plug()

        await page.until(f"{LIVE} && {BAR}.hidden")
        assert await page.see("twin.session.welcome.session") == name
        assert await page.see("twin.session.welcome.resumed") is True
        assert await page.see(f"twin.world.exhibits.get('sample:{BELL}') === window.bell")


async def test_a_page_goes_on_after_the_server_was_started_anew(house: House, browsing: Browsing) -> None:
    async with browsing(context=PHONE) as page:
        page.forgiven = LOST
        await page.call("goto", f"{house.address}/?measure=1#phone")
        await page.until(f"{BOTH} && {LIVE}")
        await page.see("window.visit = twin.session.welcome.session")

        await house.restart()

        await page.until(f"{LIVE} && twin.session.welcome.session !== window.visit && {BOTH}")
        assert await page.see("twin.session.welcome.resumed") is False


async def test_a_page_that_is_left_ends_its_session(house: House, browsing: Browsing) -> None:
    async with browsing(context=PHONE) as page:
        await page.call("goto", f"{house.address}/?measure=1#phone")
        await page.until(LIVE)
        await page.call("goto", f"{house.address}/api")

        async with asyncio.timeout(60), httpx.AsyncClient(base_url=house.address, trust_env=False) as client:
            while "twin_sessions 0.0" not in (await client.get("/metrics")).text:
                pass
