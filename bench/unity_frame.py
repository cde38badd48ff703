"""What a frame of the Unity client costs: ``python bench/unity_frame.py``.

10,000 frames of the C# core in steady state on .NET 9: each sends a pose with a hand and gaze, and pumps what
came. The limit is the millisecond that the client may take of a frame of 8 to 14 (120 to 72 Hz).
"""

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.unity.assemblies import build_package, build_program
from tests.unity.kit import KitError, find_kit
from tests.unity.measured import measured

FRAMES = 10_000
LIMIT_US = 1000.0


def main() -> None:
    try:
        kit = find_kit()
    except KitError as error:
        sys.exit(str(error))
    program = build_program(kit, "FrameCost", [build_package(kit, ())["MuseumTwin.Core"]])
    told = json.loads(asyncio.run(measured(kit, program, FRAMES)))
    print(f"frames                       {told['frames']}")
    print(f"messages sent, received      {told['sent']}, {told['received']}")
    print(f"garbage a frame, its thread  {told['thread_bytes'] / FRAMES:.3f} bytes")
    print(f"garbage a frame, all threads {told['process_bytes'] / FRAMES:.3f} bytes")
    for name, key in (("median", "p50_us"), ("99 of 100", "p99_us"), ("worst", "worst_us")):
        print(f"{name:<10} {told[key]:8.1f} µs = {told[key] / LIMIT_US:.4f} of the limit of 1 ms")


if __name__ == "__main__":
    main()
