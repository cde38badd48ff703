"""A model that is new to a running server is tried on a share of its visitors, and no frame is lost by it."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inference.enrollment import Enrollment
from inference.manifest import read_manifest
from inference.museum_index import enroll_museum, serve_adapted
from inference.runtime.home import NAME, Home, Models
from inference.runtime.ladder import Step
from server.protocol.messages import Sightings
from server.protocol.parts import RejectionReason
from tests.inference.conftest import encoded, picture, write_model
from tests.server.conftest import Opened
from tests.server.test_app import Visitor
from tests.server.test_seeing import BELL, DISC, Opening, add_views, reach, seen, serving

pytestmark = pytest.mark.usefixtures("without_gpu")

PATIENT = {"size_bytes": 512 * 1024, "rate": 10_000.0, "burst": 10_000}
SETTINGS: dict[str, Any] = {
    # Everybody is shown a new model right after the trial's first frame, and it is compared with nothing.
    "recognition": {"canary_share": 0.5, "canary_s": 1e-9},
    "live": {"frame": PATIENT},
}


@pytest.fixture
def home(store: Path, tmp_path: Path) -> Home:
    """A store whose own model knows the bell and the disc by a photo each, and nothing by its scan."""
    for scan in (store / "sample" / "artifacts").iterdir():
        scan.unlink()
    home = Home(store / NAME)
    home.choose(Models(write_model(home.adapted)))
    for number, name in ((1, "bell"), (2, "disc")):
        (tmp_path / f"{name}.png").write_bytes(encoded(picture(number)))
    labels = tmp_path / "labels.csv"
    labels.write_text(f"file,artifact\nbell.png,{BELL}\ndisc.png,{DISC}\n")
    enroll_museum(store, [labels], None, Enrollment())
    return home


@dataclass(slots=True)
class Looking:
    """A visitor who shows the bell to the server again and again."""

    visitor: Visitor
    answers: list[Sightings] = field(default_factory=list)

    async def once(self) -> Sightings:
        answer = await seen(self.visitor, len(self.answers) + 1, encoded(picture(1)))
        self.answers.append(answer)
        return answer

    async def until(self, work: "asyncio.Task[Any]") -> None:
        """Look until something else is done."""
        while not work.done():
            await self.once()
        await work

    @property
    def models(self) -> list[str]:
        """That answered, each once, in the order in which they came."""
        return list(dict.fromkeys(answer.model for answer in self.answers))


async def twos(running: Opened, within: AsyncExitStack) -> list[Looking]:
    """Visitors come until there are two for each of the two models."""
    come: dict[str, list[Looking]] = {}
    for _ in range(100):
        looking = Looking(await within.enter_async_context(Visitor(running.twin.port, camera=True)))
        come.setdefault((await looking.once()).model, []).append(looking)
        if len(come) == 2 and all(len(those) > 1 for those in come.values()):
            return [one for those in come.values() for one in those]
    raise AssertionError(f"of 100 visitors, all but one were answered by one model of {list(come)}")


async def facts(running: Opened) -> dict[str, Any]:
    told: dict[str, Any] = (await running.client.get("/readyz")).json()["recognition"]
    return told


async def test_an_adapted_model_is_tried_and_takes_over_while_every_frame_is_answered(
    store: Path, home: Home, opening: Opening, tmp_path: Path
) -> None:
    adapted = await asyncio.to_thread(write_model, tmp_path / "adapted", seed=5)
    identity = (await asyncio.to_thread(read_manifest, adapted)).identity
    async with opening(store, **SETTINGS) as running, Visitor(running.twin.port, camera=True) as visitor:
        before = await reach(running, serving(Step.cpu, 2))
        looking = Looking(visitor)
        await looking.until(
            asyncio.create_task(asyncio.to_thread(serve_adapted, store, adapted, Enrollment()))
        )
        await looking.until(asyncio.create_task(reach(running, lambda standing: standing.model == identity)))
        assert (await looking.once()).model == identity
        told = await facts(running)
    assert looking.models == [before.model, identity]
    assert {answer.sightings[0].artifact for answer in looking.answers} == {BELL}
    assert (told["model"], told["canary"], told["rolled_back"]) == (identity, None, None)


async def test_a_model_that_names_nothing_is_rolled_back_and_told_and_a_restart_serves_the_former(
    store: Path, home: Home, opening: Opening, tmp_path: Path
) -> None:
    bad = await asyncio.to_thread(write_model, tmp_path / "bad", seed=5)
    identity = (await asyncio.to_thread(read_manifest, bad)).identity
    index = await asyncio.to_thread(home.index, bad)
    # It takes no frame for anything, since it knows another picture as the disc alone.
    await asyncio.to_thread(add_views, tmp_path / "views", bad, index, {40: DISC})
    compared = SETTINGS | {"recognition": {"canary_share": 0.5}}
    async with opening(store, **compared) as running, AsyncExitStack() as within:
        before = await reach(running, serving(Step.cpu, 2))
        await asyncio.to_thread(home.choose, Models(bad))
        await reach(running, lambda standing: standing.canary == identity)
        visitors = await twos(running, within)
        rolled_back = asyncio.create_task(reach(running, lambda standing: standing.rolled_back is not None))
        while not rolled_back.done():
            for looking in visitors:
                await looking.once()
        for looking in visitors:
            assert [one.artifact for one in (await looking.once()).sightings] == [BELL]
        told = await facts(running)
        metrics = (await running.client.get("/metrics")).text
    answers = [answer for looking in visitors for answer in looking.answers]
    rejections = [answer.rejection for answer in answers if answer.rejection is not None]
    assert {rejection.reason for rejection in rejections} <= {RejectionReason.NOT_OURS}
    assert (told["model"], told["canary"], told["rolled_back"]["model"]) == (before.model, None, identity)
    assert told["rolled_back"]["reason"].startswith("abstentions: ")
    assert "twin_recognition_rollbacks 1.0" in metrics
    async with opening(store, **SETTINGS) as running:
        assert (await reach(running, serving(Step.cpu, 2))).model == before.model
