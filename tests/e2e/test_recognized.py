"""Camera frames of a headset in C# through the running server: to the right annotation, for an artifact that
came meanwhile, and through a change of models."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from inference.enrollment import ViewFile, enroll
from inference.manifest import read_manifest
from inference.runtime.home import NAME, Home, Models
from inference.runtime.ladder import Step
from inference.runtime.service import ServiceStanding
from server.seeing import Sighted
from server.settings import Perception
from tests.e2e.changing import ChangingMuseum
from tests.e2e.visiting import CSharpVisitor, visiting
from tests.e2e.watched import Shown
from tests.inference.conftest import picture, write_model
from tests.server.conftest import Opened, opened
from tests.unity.conftest import Runtime

CURIOUS = Perception(full_m=(6.0, 8.0), full_s=0.01)
"""A glance opens the annotations of what is near."""
pytestmark = pytest.mark.usefixtures("without_gpu")
STAGES = ["capture", "queue", "decode", "embed", "search", "deliver"]


def write_frame(path: Path, number: int) -> Path:
    """Picture ``number`` as another camera has it: larger, cut at its edges, as a poor JPEG."""
    whole = Image.fromarray(picture(number))
    width, height = whole.size
    cut = whole.crop((2, 1, width - 1, height - 2)).resize((320, 264), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=60)
    path.write_bytes(out.getvalue())
    return path


def index_views(museum: ChangingMuseum, model: Path, shown: dict[int, str]) -> None:
    """Make the museum's index for ``model`` hold picture ``number`` as the artifact it is given for."""
    folder = museum.store / "photos"
    folder.mkdir(exist_ok=True)
    views = []
    for number, artifact in shown.items():
        path = folder / f"{number}.png"
        Image.fromarray(picture(number)).save(path)
        views.append(ViewFile(artifact, path))
    enroll(model, views, Home(museum.store / NAME).index(model))


def begin(museum: ChangingMuseum) -> tuple[str, Path]:
    """A jug with an annotation, known by one photo to a small model of the museum's own."""
    jug = museum.add("jug", "A jug", (0.0, 1.2, 5.0), b"glTF jug")
    museum.say("jug", "handle", "Mended twice")
    museum.publish()
    home = Home(museum.store / NAME)
    model = write_model(home.adapted)
    home.choose(Models(model))
    index_views(museum, model, {1: jug})
    return jug, model


async def serves(server: Opened, artifacts: int, model: str = "") -> ServiceStanding:
    """Once recognition has so many artifacts, with that model."""
    assert isinstance(server.twin.sight, Sighted)
    return await server.twin.sight.stands(
        lambda standing: standing.artifacts == artifacts and model in ("", standing.model)
    )


@pytest.mark.timeout(180)
async def test_a_frame_leads_to_its_annotation_and_an_artifact_that_came_meanwhile_is_recognized(
    shown: Shown, runtime: Runtime, visitor_program: Path, museum: ChangingMuseum, tmp_path: Path
) -> None:
    jug, model = await asyncio.to_thread(begin, museum)
    first = await asyncio.to_thread(write_frame, tmp_path / "first.jpg", 1)
    second = await asyncio.to_thread(write_frame, tmp_path / "second.jpg", 2)
    async with opened(museum.store, perception=CURIOUS) as server:
        standing = await serves(server, 1)
        # Without a graphics processor's provider the processor serves, and health says so.
        assert standing.step is Step.cpu
        facts = (await server.client.get("/readyz")).json()["recognition"]
        assert facts["missing"] == ["gpu: not in this build of onnxruntime"]
        async with visiting(runtime, visitor_program, server.live) as headset:
            await headset.order(f"stand 0 1.6 6.2 {jug}")
            await headset.order(f"reads {jug}/handle Mended twice")
            told = await headset.order(f"film {first}")
            assert told.seen == (f"first={jug}",)
            _, annotations = told.world[jug]
            assert [text.content for text in annotations["handle"].texts] == ["Mended twice"]
            assert list(told.times[0]) == STAGES
            assert all(milliseconds >= 0 for milliseconds in told.times[0].values())

            told = await headset.order(f"film {second}")
            assert told.seen[-1] == "second=NotOurs"
            jar = museum.add("jar", "A jar", (0.5, 1.2, 5.0), b"glTF jar")
            museum.say("jar", "rim", "Chipped")
            await asyncio.to_thread(museum.publish)
            await asyncio.to_thread(index_views, museum, model, {1: jug, 2: jar})
            await serves(server, 2)
            await headset.order(f"stand 0.5 1.6 6.2 {jar}")
            await headset.order(f"reads {jar}/rim Chipped")
            told = await headset.order(f"film {second}")
            assert told.seen[-1] == f"second={jar}"

            # What is withdrawn is not named, though its photo is still in the index.
            await asyncio.to_thread(museum.withdraw, "jar")
            await headset.order(f"without {jar}")
            told = await headset.order(f"film {second}")
            assert told.seen[-1] == "second=NotOurs"
            assert (told.stray, told.connections) == (0, 1)


@pytest.mark.timeout(180)
async def test_a_model_is_changed_under_load_and_no_frame_fails(
    shown: Shown, runtime: Runtime, visitor_program: Path, museum: ChangingMuseum, tmp_path: Path
) -> None:
    jug, _ = await asyncio.to_thread(begin, museum)
    frame = await asyncio.to_thread(write_frame, tmp_path / "frame.jpg", 1)
    other = await asyncio.to_thread(write_model, tmp_path / "other", seed=5)
    identity = (await asyncio.to_thread(read_manifest, other)).identity
    # Both headsets are shown a new model right after the first frame of its trial.
    tried = {"canary_share": 0.5, "canary_s": 1e-9}
    async with opened(museum.store, perception=CURIOUS, recognition=tried) as server:
        await serves(server, 1)
        async with (
            visiting(runtime, visitor_program, server.live) as one,
            visiting(runtime, visitor_program, server.live) as two,
        ):
            changed = asyncio.Event()

            async def filmed_on(headset: CSharpVisitor) -> tuple[str, ...]:
                seen: tuple[str, ...] = ()
                while not changed.is_set() or len(seen) < 5:
                    seen = (await headset.order(f"film {frame}")).seen
                return seen

            filming = [asyncio.create_task(filmed_on(headset)) for headset in (one, two)]
            await asyncio.to_thread(index_views, museum, other, {1: jug})
            await asyncio.to_thread(Home(museum.store / NAME).choose, Models(other))
            await serves(server, 1, identity)
            changed.set()
            for seen in await asyncio.gather(*filming):
                assert len(seen) >= 5
                assert set(seen) == {f"frame={jug}"}
