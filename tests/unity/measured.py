"""The frame's cost, measured against a server in which nothing is new."""

import asyncio
from pathlib import Path

from tests.unity.kit import Kit, run_environment
from tests.unity.scripted import serving, steady


async def measured(kit: Kit, program: Path, frames: int) -> str:
    """The line that FrameCost prints."""
    async with serving(steady) as port:
        process = await asyncio.create_subprocess_exec(
            str(kit.dotnet), str(program), f"ws://127.0.0.1:{port}", str(frames),
            env=run_environment(), stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        output, _ = await asyncio.wait_for(process.communicate(), 100)
    assert process.returncode == 0, output
    return output.decode()
