"""A running server takes in a model that was adapted to its gallery meanwhile."""

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

from inference.enrollment import Enrollment
from inference.manifest import read_manifest
from inference.museum_adaptation import MuseumAdapted, adapt_museum
from inference.museum_index import enroll_museum
from inference.runtime.ladder import Step
from tests.inference.training.conftest import choose_toy_model, write_collection, write_recipe
from tests.server.test_app import Visitor
from tests.server.test_seeing import BELL, Opening, reach, seen, serving

pytestmark = [pytest.mark.usefixtures("without_gpu"), pytest.mark.timeout(900)]


def known(store: Path, folder: Path) -> str:
    """A gallery of 16 photos, the first of them the bell's, known to a model that has learned nothing."""
    labels = write_collection(folder, artifacts=16, views=1)
    labels.write_text(labels.read_text().replace("thing-000", BELL))
    model = choose_toy_model(store)
    enroll_museum(store, [labels], None, Enrollment())
    return read_manifest(model).identity


async def test_the_model_is_swapped_while_the_server_runs_and_frames_are_answered_all_along(
    store: Path, opening: Opening, tmp_path: Path
) -> None:
    before = await asyncio.to_thread(known, store, tmp_path / "photos")
    recipe = await asyncio.to_thread(write_recipe, tmp_path)
    frame = await asyncio.to_thread((tmp_path / "photos" / "000-0.png").read_bytes)
    async with opening(store) as running, Visitor(running.twin.port, camera=True) as visitor:
        standing = await reach(running, serving(Step.cpu, 16))
        assert standing.model == before
        assert (await seen(visitor, 1, frame, (64, 64))).model == before

        def adapted() -> MuseumAdapted:
            return adapt_museum(store, Enrollment(), recipe=recipe)

        made = await asyncio.to_thread(adapted)
        after = (await asyncio.to_thread(read_manifest, Path(made.report.serves))).identity
        assert after != before
        standing = await reach(running, lambda standing: standing.model == after)
        assert (standing.step, standing.artifacts) == (Step.cpu, 16)
        answer = await seen(visitor, 2, frame, (64, 64))
        assert answer.model == after
        assert [one.artifact for one in answer.sightings][:1] in ([BELL], [])
