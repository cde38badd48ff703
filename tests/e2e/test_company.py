"""Many visitors of several kinds in one gallery that is edited meanwhile: each holds what the server says."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.browsed import browsed
from tests.e2e.changing import ChangingMuseum
from tests.e2e.guests import AUDIENCE, guests
from tests.e2e.visiting import visiting, world_due
from tests.e2e.watched import Shown
from tests.e2e.worlds import shown_world
from tests.server.conftest import opened
from tests.unity.conftest import Runtime
from tests.web.conftest import Browsing

GUESTS = 50
DROPPED = 10


@pytest.mark.timeout(600)
async def test_fifty_guests_a_headset_and_a_browser_in_one_gallery_hold_what_the_server_says(
    shown: Shown, runtime: Runtime, visitor_program: Path, museum: ChangingMuseum, web_client: Path,
    browsing: Browsing,
) -> None:  # fmt: skip
    async with opened(museum.store, web_client=web_client) as server:
        hub, page_address = shown.hubs[0], f"http://127.0.0.1:{server.twin.port}"
        async with (
            visiting(runtime, visitor_program, server.live) as headset,
            browsed(browsing, page_address, hub) as browser,
            guests(server.live, GUESTS) as company,
        ):
            await headset.order("tell")
            arrived = await browser.settled()
            for _ in range(3):
                walking = [asyncio.create_task(guest.walk(15)) for guest in company]
                walking.append(asyncio.create_task(browser.walk(6)))
                await asyncio.to_thread(museum.edit, 60)
                await asyncio.to_thread(museum.publish)
                await shown.all_of(museum.store)
                await asyncio.gather(*(guest.cut() for guest in company[:DROPPED]))
                await asyncio.gather(*walking)
                await asyncio.gather(*(guest.come() for guest in company[:DROPPED]))
            await asyncio.gather(*(guest.settle() for guest in company))
            told = await headset.order("tell")
            page = await browser.settled()

            assert hub.connected == GUESTS + 2
            assert told.world == world_due(hub, told)
            assert (told.stray, told.connections) == (0, 1)
            assert page.world == page.due(hub)
            assert (page.visit, page.tries) == (arrived.visit, 0)
            assert page.received > arrived.received
            for guest in company:
                client = hub.client(guest.token)
                assert client is not None
                assert guest.world == shown_world(hub.showing, client, AUDIENCE)
            # Whoever lost their line came back into the same session.
            assert all(len(set(guest.sessions)) == 1 for guest in company)
            assert sum(len(guest.sessions) for guest in company) == GUESTS + 3 * DROPPED
            assert {name for guest in company for name in guest.world} <= museum.placed
            assert set(page.world) <= museum.placed
