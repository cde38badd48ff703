"""A visitor in C# among scripted ones, through the whole sample museum, on the real server."""

import asyncio
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from assets.catalog.ingest import Source, ingest
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import Catalog
from assets.sample.catalog import load_sample
from server.app import Twin
from server.listener import listen
from server.questions import topics_of
from server.recognition import Outcome, Picture, Seen
from server.settings import Settings
from tests.assets.sample.conftest import built, museum_store
from tests.e2e.visiting import visiting, world_due
from tests.e2e.watched import Shown, shown
from tests.unity.conftest import Runtime

__all__ = ["built", "museum_store", "shown"]

SCENARIO = """
name = "company"
description = "A few visitors beside the one that is watched."
seconds = 12
arrive_s = 1

[[groups]]
name = "headsets"
visitors = 8
kind = "headset"
gaze = true
ask_every_s = 6
"""
ARTIFACTS = ("sample:lai-zhong-bell", "sample:jade-bi", "")
SIDE = 16


class ByLikeness:
    """A recognizer for the test: the known picture that a frame is most like, as small gray copies."""

    def __init__(self, known: dict[str, bytes]) -> None:
        self._known = {
            artifact: _small(np.asarray(Image.open(io.BytesIO(data)))) for artifact, data in known.items()
        }

    async def recognize(self, picture: Picture) -> Outcome:
        """The artifact, or that it is none of ours."""
        here = _small(picture.pixels)
        score, artifact = max((float((here * one).mean()), name) for name, one in self._known.items())
        if score < 0.9:
            return Outcome(refusal="not_ours", detail=f"nearest {score:.2f}")
        return Outcome(seen=(Seen(artifact, min(score, 1.0), "small gray copies agree"),))


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    gray: NDArray[np.float64] = np.asarray(
        Image.fromarray(pixels).convert("L").resize((SIDE, SIDE)), dtype=np.float64
    )
    gray -= gray.mean()
    gray /= gray.std() + 1e-9
    return gray


def pictures(repository: Path) -> Iterator[Image.Image]:
    """Three views of the sample museum, 320 × 240, each of other things."""
    for number in (1, 2, 3):
        with Image.open(repository / f"docs/images/gallery-{number}.jpg") as whole:
            yield whole.convert("RGB").resize((320, 240))


def jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.fixture
def store(built: object, museum_store: Path, tmp_path: Path) -> Path:
    """Records and geometry of the sample museum."""
    store = tmp_path / "museum"
    store.mkdir()
    (store / "sample").symlink_to(museum_store / "sample")
    outcomes = [Mapped(artifact.record, (), b"{}") for artifact in load_sample().artifacts]
    with Catalog(store) as catalog:
        ingest(
            Source("sample", "Sample", outcomes, {"sample": "0" * 64}), catalog, "2026-01-01T00:00:00+00:00"
        )
    return store


@pytest.fixture
def frames(repository: Path, tmp_path: Path) -> Path:
    """What the visitor's camera sees, as a phone would send it."""
    folder = tmp_path / "frames"
    folder.mkdir()
    for number, picture in enumerate(pictures(repository)):
        (folder / f"frame-{number}.jpg").write_bytes(jpeg(picture, 60))
    return folder


@pytest.fixture
def recognizer(repository: Path) -> ByLikeness:
    known = zip(ARTIFACTS, pictures(repository), strict=True)
    return ByLikeness({artifact: jpeg(picture, 95) for artifact, picture in known if artifact})


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "company.toml"
    file.write_text(SCENARIO, "utf-8")
    return file


@pytest.mark.timeout(240)
@pytest.mark.parametrize("runtime", ["net"], indirect=True)
async def test_a_visitor_walks_the_sample_museum_among_others_and_holds_what_the_server_holds(
    shown: Shown,
    runtime: Runtime,
    visitor_program: Path,
    store: Path,
    frames: Path,
    recognizer: ByLikeness,
    scenario: Path,
) -> None:
    await asyncio.to_thread(topics_of, "")
    sockets = await asyncio.to_thread(listen, "127.0.0.1", 0)
    twin = Twin(Settings(store=store, host="127.0.0.1"), sockets, recognizer=recognizer)
    serving = asyncio.create_task(twin.run())
    await twin.started.wait()
    address = f"ws://127.0.0.1:{twin.port}/live"
    company = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from twin import main; main()", "mock", str(scenario),
        "--url", address, "--report", str(scenario.with_suffix("")),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with visiting(runtime, visitor_program, address) as visitor:
        told = await visitor.order(f"tour {frames}")
        due = world_due(shown.hubs[0], told)
    _, errors = await asyncio.wait_for(company.communicate(), 60)
    twin.stop()
    await serving

    assert told.world == due
    assert len(told.visited) == 3
    assert told.opened
    assert told.seen == ("frame-0=sample:lai-zhong-bell", "frame-1=sample:jade-bi", "frame-2=NotOurs")
    assert tuple(answer.split("=")[0] for answer in told.answers) == told.visited
    assert (told.stray, told.connections) == (0, 1)
    assert company.returncode == 0, errors.decode()
