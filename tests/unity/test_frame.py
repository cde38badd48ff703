"""A frame in steady state makes no garbage. How long it takes is measured by bench/unity_frame.py."""

import json
from pathlib import Path

from tests.unity.assemblies import build_program
from tests.unity.kit import Kit
from tests.unity.measured import measured

FRAMES = 10_000


async def test_ten_thousand_frames_make_no_garbage(kit: Kit, core: dict[str, Path]) -> None:
    program = build_program(kit, "FrameCost", [core["MuseumTwin.Core"]])
    told = json.loads(await measured(kit, program, FRAMES))

    assert told["state"] == "Live"
    assert told["sent"] > FRAMES / 2
    assert told["focuses"] > 100
    assert told["thread_bytes"] == 0
    # The network's threads too. Not exactly 0: .NET's thread pool may need a new thread just then.
    assert told["process_bytes"] < FRAMES
