"""A frame in steady state makes no garbage. How long it takes is measured by bench/unity_frame.py."""

import json
from pathlib import Path

import pytest

from tests.unity.assemblies import build_program
from tests.unity.kit import Kit
from tests.unity.measured import measured

FRAMES = 10_000


@pytest.fixture(scope="module")
def frame_cost(kit: Kit, core: dict[str, Path]) -> Path:
    return build_program(kit, "FrameCost", [core["MuseumTwin.Core"]])


async def test_ten_thousand_frames_make_no_garbage(kit: Kit, frame_cost: Path) -> None:
    # What a frame leaves behind it leaves in every run; what a busy machine adds once (a lock at which two
    # threads meet gets its monitor then) is not in all of three.
    runs = [json.loads(await measured(kit, frame_cost, FRAMES))]
    while runs[-1]["thread_bytes"] and len(runs) < 3:
        runs.append(json.loads(await measured(kit, frame_cost, FRAMES)))
    told = runs[-1]

    assert told["state"] == "Live"
    assert told["sent"] > FRAMES / 2
    assert told["focuses"] > 100
    assert told["thread_bytes"] == 0, [run["thread_bytes"] for run in runs]
    # The network's threads too. Not exactly 0: .NET's thread pool may need a new thread just then.
    assert told["process_bytes"] < FRAMES
