"""The glue for Unity: OnEnable, a thousand frames, OnDisable, on a fake engine, against the real server."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.server.conftest import BELL, DISC, built_store, opened
from tests.unity.assemblies import FAKES, Job, build_program, compile_all
from tests.unity.conftest import Runtime
from tests.unity.kit import FOLDER, Kit

__all__ = ["built_store"]


@pytest.fixture(scope="module")
def engine_run(kit: Kit, core: dict[str, Path]) -> Path:
    """The program with the fake engine in the real one's place."""
    out = FOLDER / "built" / "fakes"
    compile_all(kit, [Job("UnityEngine", tuple(sorted(FAKES.glob("*.cs"))), ())], out)
    beside = [out / "UnityEngine.dll", core["MuseumTwin"], core["MuseumTwin.Core"]]
    return build_program(kit, "EngineRun", beside, folder="engine")


@pytest.mark.timeout(90)
async def test_a_scene_comes_to_life_and_leaves_nothing_behind(
    runtime: Runtime, engine_run: Path, built_store: Path
) -> None:
    async with opened(built_store) as server:
        process = await asyncio.create_subprocess_exec(
            *runtime.command(engine_run, f"ws://127.0.0.1:{server.twin.port}"),
            env=dict(runtime.environment),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(), 60)
    told = json.loads(output.decode().splitlines()[-1])

    assert told["logged"] == ""
    assert (told["state"], told["after"]) == ("Live", "Ended")
    # Two exhibits, each made once though the device slept; their models fetched over HTTP and let go.
    assert (told["made"], told["views"], told["resumes"]) == (2, 2, 1)
    assert (told["models"], told["loaded"], told["disposed"]) == (2, 2, 2)
    assert told["bytes"] == len(BELL) + len(DISC)
    assert told["place_error_mm"] == 0
    assert told["legible"]
    assert told["sent"] > 100
    assert told["events"] > 0
    # The head and the museum itself; every view, box, model and panel is gone.
    assert told["left"] == 2
    assert told["clients"] == 0
