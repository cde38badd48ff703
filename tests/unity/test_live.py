"""The core against servers on real sockets: the museum's own, and some that misbehave."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from server.questions import topics_of
from tests.server import museum
from tests.server.conftest import built_store, opened
from tests.unity.bad_line import BadLine, Fault
from tests.unity.conftest import Runtime
from tests.unity.scripted import EDITS, Edited, hostile, newer, serving

__all__ = ["built_store"]

FAULTS = (
    Fault(cut_after=150_000),
    Fault(stall_after=120_000, most=4_000),
    Fault(cut_after=90_000, most=700),
    Fault(most=3_000, delay=0.001),
)
SMALL_FAULTS = (
    Fault(cut_after=9_000),
    Fault(stall_after=2_500),
    Fault(cut_after=2_000, most=9),
    Fault(most=50, delay=0.002),
)


@asynccontextmanager
async def mute() -> AsyncIterator[int]:
    """A server that takes connections and never says a word."""
    taken: list[asyncio.StreamWriter] = []

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)

    listener = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        for writer in taken:
            writer.transport.abort()
        listener.close()


async def nunit_run(
    runtime: Runtime, nunit: Path, part: str, addresses: dict[str, int]
) -> tuple[int | None, str]:
    """Run the tests whose names hold ``part``; exit status and output."""
    tests = nunit.with_name("MuseumTwin.Core.Tests.dll")
    process = await asyncio.create_subprocess_exec(
        *runtime.command(nunit, str(tests), part),
        env={**runtime.environment, **{name: f"ws://127.0.0.1:{port}" for name, port in addresses.items()}},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), 100)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    return process.returncode, output.decode()


def assert_perceived(hall: museum.House, output: str) -> None:
    """What the client held when it left is what its server thinks it perceives."""
    told = {name: rest.split() for name, _, rest in (line.partition(" ") for line in output.splitlines())}
    client = hall.hub.client(bytes.fromhex(told["token"][0]))
    assert client is not None
    perceived = client.perceived
    assert told["held"] == sorted(f"{one.artifact}={int(one.detail)}" for one in perceived.perceived)
    assert told["notes"] == sorted(perceived.shown)
    assert len(told["held"]) > 1


async def test_the_client_holds_against_servers_good_and_bad(
    runtime: Runtime,
    nunit: Path,
    built_store: Path,
) -> None:
    edited = Edited()
    # The server reads its word lists at the first question; here that would be a blocking call in a test.
    await asyncio.to_thread(topics_of, "")
    async with AsyncExitStack() as servers:
        real = await servers.enter_async_context(opened(built_store))
        edits = await servers.enter_async_context(serving(edited.visit))
        line = await servers.enter_async_context(BadLine(edits, FAULTS).open())
        hall = await servers.enter_async_context(museum.opened(shown=museum.showing(10, 2)))
        small = await servers.enter_async_context(BadLine(hall.port, SMALL_FAULTS).open())
        addresses = {
            "MUSEUM_TWIN_SERVER": real.twin.port,
            "MUSEUM_TWIN_EDITED": line.listens_on,
            "MUSEUM_TWIN_BAD_LINE": small.listens_on,
            "MUSEUM_TWIN_NEWER": await servers.enter_async_context(serving(newer)),
            "MUSEUM_TWIN_HOSTILE": await servers.enter_async_context(serving(hostile)),
            "MUSEUM_TWIN_MUTE": await servers.enter_async_context(mute()),
        }
        status, output = await nunit_run(runtime, nunit, "LiveTests", addresses)
        assert status == 0, output
        assert "skipped 0" in output
        assert_perceived(hall, output)

    assert edited.edits >= EDITS
    # Four connections; each after the first named the last event it had.
    assert len(edited.hellos) == 4
    received = [hello.received for hello in edited.hellos]
    assert received == sorted(received)
    assert received[0] == 0 < received[1]
    assert len(edited.poses) > 50
    assert [pose.number for pose in edited.poses] == sorted({pose.number for pose in edited.poses})
    numbers = [question.number for question in edited.questions]
    assert numbers == sorted(set(numbers))
