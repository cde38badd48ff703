"""Recognition in the running server: sightings over the websocket, what health says, what changes on disk."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inference.enrollment import ViewFile, enroll
from inference.manifest import read_manifest
from inference.runtime.home import NAME, Home, Models
from inference.runtime.ladder import Step
from inference.runtime.service import ServiceStanding
from server.protocol.messages import CameraFrame, Sightings
from server.protocol.parts import ImageEncoding, RejectionReason
from server.seeing import Sighted, without_folders
from tests.inference.conftest import encoded, picture, write_model
from tests.server.conftest import Opened
from tests.server.http.test_assets import withdraw
from tests.server.test_app import Visitor

BELL, DISC = "sample:lai-zhong-bell", "sample:jade-bi"
Opening = Callable[..., AbstractAsyncContextManager[Opened]]
pytestmark = pytest.mark.usefixtures("without_gpu")


def add_views(folder: Path, model: Path, index: Path, shown: dict[int, str]) -> None:
    """Make the index hold picture ``number`` as the artifact it is given for."""
    folder.mkdir(exist_ok=True)
    views = []
    for number, artifact in shown.items():
        path = folder / f"{number}.png"
        path.write_bytes(encoded(picture(number)))
        views.append(ViewFile(artifact, path))
    enroll(model, views, index)


@dataclass(frozen=True, slots=True)
class Known:
    """A store's recognition folder."""

    home: Home
    model: Path
    identity: str
    index: Path


@pytest.fixture
def known(store: Path, tmp_path: Path) -> Known:
    """With a small model of the museum's own that knows the bell."""
    home = Home(store / NAME)
    model = write_model(home.adapted)
    home.choose(Models(model))
    known = Known(home, model, read_manifest(model).identity, home.index(model))
    add_views(tmp_path / "views", model, known.index, {1: BELL})
    return known


@pytest.fixture
def other(store: Path, tmp_path: Path) -> Known:
    """Another model, which has no index yet."""
    model = write_model(tmp_path / "other", seed=5)
    home = Home(store / NAME)
    return Known(home, model, read_manifest(model).identity, home.index(model))


def serving(step: Step, artifacts: int = 0) -> Callable[[ServiceStanding], bool]:
    return lambda standing: standing.step is step and standing.artifacts >= artifacts


async def reach(running: Opened, is_so: Callable[[ServiceStanding], bool]) -> ServiceStanding:
    assert isinstance(running.twin.sight, Sighted)
    return await running.twin.sight.stands(is_so)


async def seen(visitor: Visitor, number: int, image: bytes, size: tuple[int, int] = (96, 80)) -> Sightings:
    """What the server says of a picture."""
    await visitor.send(
        CameraFrame(
            number=number, encoding=ImageEncoding.PNG, width=size[0], height=size[1], image=image, time=0
        )
    )
    answer = await visitor.hear(Sightings)
    assert isinstance(answer, Sightings)
    assert answer.number == number
    return answer


async def test_a_camera_frame_is_answered_by_the_model_with_its_artifact_and_times(
    store: Path, known: Known, opening: Opening
) -> None:
    async with opening(store) as running, Visitor(running.twin.port, camera=True) as visitor:
        await reach(running, serving(Step.cpu))
        answer = await seen(visitor, 1, encoded(picture(1)))
        assert [one.artifact for one in answer.sightings] == [BELL]
        assert answer.model == known.identity
        assert [stage.stage for stage in answer.stages] == ["queue", "decode", "embed", "search"]
        nothing = await seen(visitor, 2, encoded(picture(77)))
        assert nothing.rejection is not None
        assert nothing.rejection.reason is RejectionReason.NOT_OURS
        metrics = (await running.client.get("/metrics")).text
        for stage in ("decode", "embed", "search"):
            assert f'twin_stage_seconds_count{{stage="frame-{stage}"}} 2.0' in metrics
        assert "twin_recognition_artifacts 1.0" in metrics
        assert 'twin_inference_info{provider="CPUExecutionProvider"} 1.0' in metrics


async def test_health_tells_how_recognition_stands(store: Path, known: Known, opening: Opening) -> None:
    async with opening(store) as running:
        await reach(running, serving(Step.cpu))
        told = (await running.client.get("/readyz")).json()
    assert told["status"] == "ready"
    assert told["recognition"] == {
        "step": "cpu", "degraded": False, "provider": "CPUExecutionProvider",
        "model": known.identity, "artifacts": 1, "views": 1,
        "missing": ["gpu: not in this build of onnxruntime"], "canary": None, "rolled_back": None,
    }  # fmt: skip


async def test_an_artifact_that_enters_the_index_is_recognized_without_a_restart(
    store: Path, known: Known, opening: Opening, tmp_path: Path
) -> None:
    async with opening(store) as running, Visitor(running.twin.port, camera=True) as visitor:
        await reach(running, serving(Step.cpu))
        assert not (await seen(visitor, 1, encoded(picture(2)))).sightings
        await asyncio.to_thread(add_views, tmp_path / "views", known.model, known.index, {1: BELL, 2: DISC})
        await reach(running, serving(Step.cpu, 2))
        assert [one.artifact for one in (await seen(visitor, 2, encoded(picture(2)))).sightings] == [DISC]


async def test_without_an_index_the_server_opens_says_what_is_missing_and_tells_what_stands_near(
    store: Path, other: Known, opening: Opening
) -> None:
    async with opening(store, recognition={"model": other.model}) as running:
        await reach(running, lambda standing: bool(standing.passed_over))
        told = (await running.client.get("/readyz")).json()["recognition"]
        assert (told["step"], told["degraded"]) == ("place", True)
        assert "no index there; build it with `twin index`" in " ".join(told["missing"])
        async with Visitor(running.twin.port, camera=True) as visitor:
            answer = await seen(visitor, 1, encoded(picture(1)))
        assert answer.rejection is not None
        assert answer.rejection.reason is RejectionReason.UNAVAILABLE
        assert not answer.sightings
        assert {one.artifact for one in answer.nearby} == {BELL, DISC}
        assert all(one.score == 0.0 and "not looked at" in one.evidence for one in answer.nearby)


async def test_a_damaged_index_leaves_the_former_one_in_service_and_is_told(
    store: Path, known: Known, opening: Opening
) -> None:
    async with opening(store) as running, Visitor(running.twin.port, camera=True) as visitor:
        await reach(running, serving(Step.cpu))
        await asyncio.to_thread((known.index / "index-99999999.json").write_text, "{")
        standing = await reach(running, lambda one: any("not readable" in why for _, why in one.passed_over))
        assert (standing.step, standing.is_degraded) == (Step.cpu, True)
        assert (await seen(visitor, 1, encoded(picture(1)))).sightings[0].artifact == BELL


async def test_an_index_that_is_taken_away_is_not_served_on(
    store: Path, known: Known, opening: Opening
) -> None:
    async with opening(store) as running:
        await reach(running, serving(Step.cpu))
        await asyncio.to_thread(shutil.rmtree, known.index)
        await reach(running, serving(Step.place))


async def test_a_withdrawn_artifact_is_never_named_even_while_its_views_are_in_the_index(
    store: Path, known: Known, opening: Opening
) -> None:
    async with opening(store) as running, Visitor(running.twin.port, camera=True) as visitor:
        await reach(running, serving(Step.cpu))
        await asyncio.to_thread(withdraw, store, BELL)
        answer = await seen(visitor, 1, encoded(picture(1)))
        assert answer.rejection is not None
        assert answer.rejection.reason is RejectionReason.NOT_OURS
        assert BELL not in {one.artifact for one in (*answer.sightings, *answer.nearby)}


async def test_recognition_may_be_switched_off(store: Path, opening: Opening) -> None:
    async with opening(store, recognition={"enabled": False}) as running:
        told = (await running.client.get("/readyz")).json()["recognition"]
        assert told == {"step": "unavailable", "missing": ["recognition.enabled is off in the settings"]}
        async with Visitor(running.twin.port, camera=True) as visitor:
            answer = await seen(visitor, 1, encoded(picture(1)))
    assert answer.rejection is not None
    assert answer.rejection.reason is RejectionReason.UNAVAILABLE


async def test_without_the_runtimes_packages_the_server_opens_and_says_which_extra_to_install(
    store: Path, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("inference.runtime", "server.local_"))]:
        monkeypatch.delitem(sys.modules, name)
    blocked: dict[str, Any] = {"onnxruntime": None}
    for name, module in blocked.items():
        monkeypatch.setitem(sys.modules, name, module)
    async with opening(store) as running:
        told = (await running.client.get("/readyz")).json()["recognition"]
    assert "pip install 'museum-twin[cpu]'" in told["missing"][0]


async def test_a_library_that_a_package_needs_in_turn_is_told_and_the_server_runs(
    store: Path, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> None:
        raise ImportError("libcudart.so.12: cannot open shared object file", name="onnxruntime")

    monkeypatch.setattr("server.seeing.import_module", broken)
    async with opening(store) as running:
        assert running.twin.sight.facts()["missing"] == ["libcudart.so.12: cannot open shared object file"]


async def test_health_tells_nobody_where_files_lie_on_this_machine_and_the_log_does(
    store: Path, known: Known, opening: Opening, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread((tmp_path / "all of ours").mkdir)
    spaced = await asyncio.to_thread(store.rename, tmp_path / "all of ours" / "museum")
    weights = spaced / NAME / "models" / "cells.onnx"
    await asyncio.to_thread(weights.unlink)
    async with opening(spaced) as running:
        await reach(running, lambda standing: bool(standing.passed_over))
        told = (await running.client.get("/readyz")).text
    assert "\"cpu: museum/recognition/models/cells.onnx: the manifest's weights cannot be read" in told
    assert "of ours" not in told
    assert str(tmp_path) not in told
    assert str(weights) in caplog.text


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("/srv/twin/a.onnx: sha256 12ab…", "…/a.onnx: sha256 12ab…"),
        ("Permission denied: '/home/anna/Our Twin/m.json'", "Permission denied: '…/m.json'"),
        ("no /usr/lib/libcudart.so.12, see https://a.org/b", "no …/libcudart.so.12, see https://a.org/b"),
        (r"C:\Users\anna\a.onnx is damaged.", "…/a.onnx is damaged."),
        ("run `twin index` and/or name another", "run `twin index` and/or name another"),
    ],
)  # fmt: skip
def test_of_a_whole_path_only_the_name_is_told(reason: str, told: str) -> None:
    assert without_folders(reason) == told
