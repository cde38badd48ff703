"""The server is killed under load and started again: visitors come back by themselves, and what was
acknowledged before is true after.

What is durable is what the store holds: an ingest that said "shown", a withdrawal, a published placement. A
session lives in the process: after a kill its token is unknown, which the client is told, and a new session
begins with a snapshot.
"""

import asyncio
import socket
from pathlib import Path

import pytest

from server.exhibition import open_exhibition
from server.house_rules import budget, policy
from server.protocol.messages import Error
from server.protocol.parts import ErrorCode
from server.protocol.posebytes import WirePose, decode_pose, encode_pose
from server.settings import Settings
from server.world.space import Pose
from tests.e2e.changing import ChangingMuseum
from tests.e2e.guests import AUDIENCE, HELLO, Guest, guests
from tests.e2e.visiting import AUDIENCE as HEADSET
from tests.e2e.visiting import visiting
from tests.e2e.worlds import retold
from tests.server.test_app import begun
from tests.unity.conftest import Runtime

GUESTS = 20


def free_port() -> int:
    """Chosen by the system; the server must find its visitors on the same one again."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def walked_until_gone(guest: Guest) -> None:
    """Walks on and on, until the server is no more."""
    walking = asyncio.create_task(guest.walk(100_000))
    await guest.gone()
    walking.cancel()
    await asyncio.gather(walking, return_exceptions=True)


@pytest.mark.timeout(180)
async def test_after_a_kill_everybody_comes_back_and_nothing_acknowledged_is_lost(
    runtime: Runtime, visitor_program: Path, museum: ChangingMuseum
) -> None:
    settings = Settings(store=museum.store)
    port = await asyncio.to_thread(free_port)
    address = f"ws://127.0.0.1:{port}/live"
    words = ("--port", str(port), "--set", "recognition.enabled=false")
    first, _ = await begun(museum.store, *words)
    async with visiting(runtime, visitor_program, address) as headset, guests(address, GUESTS) as company:
        before = await headset.order("tell")
        walking = [asyncio.create_task(walked_until_gone(guest)) for guest in company]
        # Acknowledged, and the server may not even have looked yet.
        gone = sorted(museum.placed)[0].partition(":")[2]
        await asyncio.to_thread(museum.withdraw, gone)
        await asyncio.to_thread(museum.edit, 100)
        await asyncio.to_thread(museum.publish)
        first.kill()
        await asyncio.gather(*walking)
        await first.communicate()

        second, _ = await begun(museum.store, *words)
        await asyncio.gather(*(guest.come() for guest in company))
        after = await headset.order("back")

        pose = WirePose(1, 0, (0.5, 1.6, 5.0), (0.0, 0.0, 0.0, 1.0))
        for guest in company:
            await guest.stand(pose.position, pose.orientation)
            await guest.settle()
            told = [one for one in guest.kept.others if isinstance(one, Error)]
            assert [one.error for one in told] == [ErrorCode.UNKNOWN_SESSION]
            assert len(set(guest.sessions)) == 2
            assert guest.world == await asyncio.to_thread(retold, settings, guest.world, AUDIENCE)
            assert set(guest.world) == await asyncio.to_thread(perceived_from, settings, pose)
        assert after.token != before.token
        assert after.world == await asyncio.to_thread(retold, settings, after.world, HEADSET)
        assert after.stray == 0
        everywhere = {*after.world, *(name for guest in company for name in guest.world)}
        assert everywhere <= museum.placed
    second.terminate()
    _, errors = await second.communicate()
    assert second.returncode == 0, errors.decode()


def perceived_from(settings: Settings, pose: WirePose) -> set[str]:
    """What a visitor perceives who has just come in and taken one step."""
    perception = settings.perception
    visit = open_exhibition(settings.store, policy(perception), budget(perception)).visit(HELLO)
    stood = decode_pose(encode_pose(pose), 0)
    visit.pose(Pose(stood.position, stood.orientation), 1)
    return {one.artifact for one in visit.snapshot().perceived}
