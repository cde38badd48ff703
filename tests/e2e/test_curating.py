"""What a curator does while visitors are in: they see it without a restart, and keep all the rest."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from tests.e2e.changing import ChangingMuseum
from tests.e2e.guests import AUDIENCE, guests
from tests.e2e.visiting import visiting, world_due
from tests.e2e.watched import Shown
from tests.e2e.worlds import shown_world
from tests.server.conftest import opened
from tests.unity.conftest import Runtime

MODEL = b"glTF of a jug that was scanned this morning"


@pytest.mark.timeout(150)
async def test_an_artifact_comes_its_text_is_edited_and_it_is_withdrawn_before_the_eyes_of_visitors(
    shown: Shown, runtime: Runtime, visitor_program: Path, museum: ChangingMuseum
) -> None:
    async with opened(museum.store) as server:
        address = server.live
        async with visiting(runtime, visitor_program, address) as headset, guests(address, 1) as (guest,):
            jug = museum.add("jug", "A jug", (0.0, 1.2, 5.0), MODEL)
            museum.say("jug", "handle", "Mended twice")
            await asyncio.to_thread(museum.publish)

            await headset.order(f"stand 0 1.6 6.5 {jug}")
            told = await headset.order(f"reads {jug}/handle Mended twice")
            await guest.stand((0.0, 1.6, 6.0), (0.0, 0.0, 0.0, 1.0))
            await guest.until(lambda: jug in guest.world)
            (file,) = told.world[jug][0].derivatives
            assert (await server.client.get(file.address)).content == MODEL
            assert file.address == f"/assets/{hashlib.sha256(MODEL).hexdigest()}"

            museum.say("jug", "handle", "Mended three times")
            await asyncio.to_thread(museum.publish)
            told = await headset.order(f"reads {jug}/handle Mended three times")
            assert told.world == world_due(shown.hubs[0], told)

            await asyncio.to_thread(museum.withdraw, "jug")
            told = await headset.order(f"without {jug}")
            await guest.until(lambda: jug not in guest.world)
            assert told.world == world_due(shown.hubs[0], told)
            await guest.settle()
            client = shown.hubs[0].client(guest.token)
            assert client is not None
            assert guest.world == shown_world(shown.hubs[0].showing, client, AUDIENCE)
            # What was withdrawn is nowhere: its file is gone with it.
            assert (await server.client.get(file.address)).status_code == 404
            assert (told.stray, told.connections) == (0, 1)
