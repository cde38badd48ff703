"""Where the time of a camera frame goes: ``python bench/frame_journey.py``.

A C# visitor on .NET sends pictures that the index has not seen to a running server with the recognizer that
comes with the project, one after the other, and says how long each took by stage: capture (read from disk; a
device's camera and JPEG encoder are not here), the server's own stages, and delivery, which is all the rest:
both ways over the loopback, the client's frame loop of 15 ms and the wait for the event loop.
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inference.shipped import shipped_model
from server.settings import Perception
from tests.e2e.changing import ChangingMuseum
from tests.e2e.test_recognized import index_views, serves, write_frame
from tests.e2e.visiting import visiting
from tests.server.conftest import opened
from tests.unity.assemblies import build_package, build_program
from tests.unity.conftest import Runtime
from tests.unity.kit import Kit, KitError, find_kit, run_environment

FRAMES = 30
ARTIFACTS = 12


def main() -> None:
    try:
        kit = find_kit()
    except KitError as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory() as folder:
        times = asyncio.run(journeys(kit, Path(folder)))
    # One that was answered as late has not been in every room.
    stages = max(times, key=len)
    seen = [one for one in times if one.keys() == stages.keys()]
    total = statistics.median(sum(one.values()) for one in seen)
    print(f"{len(seen)} frames of 320 x 264 pixels, {ARTIFACTS} artifacts in the index; median milliseconds")
    print(f"{len(times) - len(seen)} more were answered before their end, as late ones are")
    for stage in stages:
        median = statistics.median(one[stage] for one in seen)
        print(f"{stage:<8} {median:8.2f}  {median / total:5.1%}")
    print(f"{'whole':<8} {total:8.2f}")


async def journeys(kit: Kit, folder: Path) -> tuple[dict[str, float], ...]:
    """Milliseconds by stage, a frame each."""
    museum = ChangingMuseum(folder / "museum", seed=5)
    model = shipped_model()
    index_views(museum, model, {number: f"living:thing-{number}" for number in range(ARTIFACTS)})
    frames = [write_frame(folder / f"{number}.jpg", number) for number in range(ARTIFACTS)]
    program = build_program(kit, "Visitor", [build_package(kit, ())["MuseumTwin.Core"]])
    runtime = Runtime("net", kit.dotnet, run_environment())
    async with opened(museum.store, perception=Perception(full_s=0.01)) as server:
        await serves(server, ARTIFACTS)
        async with visiting(runtime, program, server.live) as headset:
            for number in range(FRAMES):
                told = await headset.order(f"film {frames[number % ARTIFACTS]}")
    return told.times[3:]


if __name__ == "__main__":
    main()
