"""The C# client before the real server while its store is edited: what it holds is what the store says."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from server.content import Audience
from server.questions import topics_of
from server.settings import Perception
from tests.e2e.changing import THE_END, ChangingMuseum
from tests.e2e.watched import Shown, shown
from tests.e2e.worlds import due_world, told_world
from tests.server.conftest import opened
from tests.unity.bad_line import BadLine, Fault
from tests.unity.conftest import Runtime
from tests.unity.test_live import nunit_run

__all__ = ["shown"]

EDITS = 10_000
PUBLICATIONS = 25
CUTS = {6, 12, 18}
"""Publications of which the visitor gets but the beginning."""
LINE = Fault(most=700, delay=0.0005)
CURIOUS = Perception(full_m=(6.0, 8.0), full_s=0.01)
"""A glance opens what is near, so that annotations come and go by the hundred."""
VISITOR = Audience(("en",))
"""As the test's hello asks."""


async def published(museum: ChangingMuseum, shown: Shown, edit: Callable[[], None]) -> None:
    """Edits, published and shown to visitors."""
    shown.again.clear()
    await asyncio.to_thread(edit)
    await asyncio.to_thread(museum.publish)
    async with asyncio.timeout(60):
        await shown.again.wait()


async def edited(museum: ChangingMuseum, shown: Shown, line: BadLine) -> None:
    """All edits, in publications that visitors see one by one; then the last artifact."""
    for number in range(PUBLICATIONS):
        await shown.came.wait()
        await published(museum, shown, lambda: museum.edit(EDITS // PUBLICATIONS))
        if number in CUTS:
            shown.came.clear()
            line.cut()
    await shown.came.wait()
    await published(museum, shown, museum.end)


@pytest.mark.timeout(240)
async def test_ten_thousand_edits_of_a_store_reach_a_visitor_whose_line_is_cut_three_times(
    runtime: Runtime, nunit: Path, shown: Shown, tmp_path: Path
) -> None:
    await asyncio.to_thread(topics_of, "")
    museum = await asyncio.to_thread(ChangingMuseum, tmp_path / "museum", seed=8)
    async with (
        opened(museum.store, perception=CURIOUS) as server,
        BadLine(server.twin.port, [LINE]).open() as line,
    ):
        visiting = asyncio.create_task(
            nunit_run(runtime, nunit, "LivingTests", {"MUSEUM_TWIN_LIVING": line.listens_on})
        )
        editing = asyncio.create_task(edited(museum, shown, line))
        try:
            status, output = await visiting
        finally:
            editing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await editing
        assert status == 0, output
        told = dict(entry.split(" ", 1) for entry in output.splitlines() if " " in entry)
        client = shown.hubs[0].client(bytes.fromhex(told["token"]))
        assert client is not None
        due = await asyncio.to_thread(due_world, server.twin.settings, client, VISITOR)

    held = told_world(told["world"])
    assert held == due
    assert THE_END in held
    assert museum.edits == EDITS
    assert sum(1 for _, annotations in held.values() if annotations) >= 1
    assert int(told["opened"]) > len(CUTS)
    assert line.connections == int(told["connections"]) == 1 + len(CUTS)
