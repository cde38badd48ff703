"""Interest: what one pose costs, from a hundred artifacts to a million at equal density.

    python bench/interest.py [--artifacts 100 1000 10000 100000 1000000] [--plot FILE.png]

A museum of square rooms of ten metres with a door in each wall and ten artifacts in each (the sample
museum has nine a room), from a coin to a carpet. Sixty-four visitors spread over it walk and look about;
each pose is what ``Visit.stand`` does for it: find the cell, cast the middle of the view as a gaze, judge,
tell what changed.

- *pose*: the walk repeated until the museum around it is prepared; best of nine rounds
- *changed*: share of poses that changed what is perceived
- *prepare*: one cell, the first time anybody comes there
- *numpy scan*: the peer without an index: distance and view cone of every artifact, walls left out

What it does not show: sockets, encoding (``bench/realtime.py``), or several placements at once.
"""

import argparse
import gc
import json
import math
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOM, PER_ROOM, DOOR, WALL, HEIGHT = 10.0, 10, 1.8, 0.24, 4.0
VISITORS, STEPS, ROUNDS = 64, 120, 9


def rooms_of(artifacts: int) -> int:
    """Rooms along one side of the museum."""
    return max(1, round(math.sqrt(artifacts / PER_ROOM)))


def museum(artifacts: int) -> Any:
    """The placement, the same for the same number."""
    from server.world.placement import Exhibit, Gallery, Placement
    from server.world.space import Box, Pose

    draw = random.Random(artifacts)
    side = rooms_of(artifacts)
    length = side * ROOM
    exhibits = []
    for number in range(artifacts):
        room = number % (side * side)
        x = (room % side) * ROOM + draw.uniform(0.6, ROOM - 0.6)
        z = (room // side) * ROOM + draw.uniform(0.6, ROOM - 0.6)
        half = 10 ** draw.uniform(-1.9, 0.1) / 2
        at = (x, draw.uniform(1.1, 1.6), z)
        exhibits.append(
            Exhibit(f"made:{number}", "all", Pose(at), Box(at, (half, half, half * 0.6)), 2_000_000)
        )
    hall = Gallery("all", Pose((0.0, 0.0, 0.0)), Box.between((0.0, 0.0, 0.0), (length, HEIGHT, length)))
    return Placement("1", (hall,), tuple(exhibits), tuple(walls(side)))


def walls(side: int) -> list[Any]:
    """Two pieces a wall, beside its door."""
    from server.world.space import Box

    pieces = []
    for line in range(side + 1):
        at = line * ROOM
        for room in range(side):
            start, middle, end = room * ROOM, room * ROOM + ROOM / 2, (room + 1) * ROOM
            for a, b in ((start, middle - DOOR / 2), (middle + DOOR / 2, end)):
                pieces.append(Box.between((at - WALL / 2, 0.0, a), (at + WALL / 2, HEIGHT, b)))
                pieces.append(Box.between((a, 0.0, at - WALL / 2), (b, HEIGHT, at + WALL / 2)))
    return pieces


def walks(artifacts: int) -> list[list[Any]]:
    """Poses of each visitor: a metre a second at ten poses a second, the head turning as they go."""
    from server.world.space import Pose

    draw = random.Random(7)
    length = rooms_of(artifacts) * ROOM
    paths = []
    for _ in range(VISITORS):
        x, z, yaw = draw.uniform(0, length), draw.uniform(0, length), draw.uniform(0, 6.28)
        path = []
        for _ in range(STEPS):
            yaw += draw.gauss(0.0, 0.12)
            x, z = (x - 0.1 * math.sin(yaw)) % length, (z - 0.1 * math.cos(yaw)) % length
            turn = (0.0, math.sin(yaw / 2), 0.0, math.cos(yaw / 2))
            path.append(Pose((x, 1.6 + draw.gauss(0.0, 0.01), z), turn))
        paths.append([*path, *reversed(path)])
    return paths


def measure(artifacts: int) -> dict[str, Any]:
    """All figures for one size, in this process."""
    from server.world.cell import unpacked
    from server.world.interest import Interest
    from server.world.visit import Visit

    placement = museum(artifacts)
    began = time.perf_counter()
    interest = Interest(placement)
    loading = time.perf_counter() - began
    paths = walks(artifacts)
    visits = [Visit(interest) for _ in paths]
    gc.collect()
    gc.freeze()
    cold, _ = play(visits, paths, 0)
    rounds, changed = zip(*(play(visits, paths, number) for number in range(1, ROUNDS + 1)), strict=True)
    cells = interest.statistics()
    pose = min(rounds)
    inside = list(interest._cells.values())
    return {
        "artifacts": artifacts,
        "load_s": round(loading, 2),
        "pose_us": round(pose * 1e6, 2),
        "changed": round(statistics.mean(changed), 3),
        "prepare_us": round((cold - pose) * len(paths) * len(paths[0]) / cells.prepared * 1e6),
        "cells": cells.cells,
        "candidates": round(statistics.mean(len(unpacked(cell.scene).rows) for cell in inside), 1),
        "scan_us": round(scan(placement, paths) * 1e6, 1),
    }


def play(visits: list[Any], paths: list[list[Any]], round_: int) -> tuple[float, float]:
    """Seconds a pose, and the share that changed something; visitors take turns, as on a server."""
    from server.world.visit import STILL

    first, steps = round_ * 2 * STEPS, len(paths[0])
    changed = 0
    began = time.process_time()
    for step in range(steps):
        now = (first + step) * 100_000_000
        for visit, path in zip(visits, paths, strict=True):
            pose = path[step]
            if visit.stand(pose.position, pose.rotation, now) is not STILL:
                changed += 1
    return (time.process_time() - began) / (steps * len(paths)), changed / (steps * len(paths))


def scan(placement: Any, paths: list[list[Any]]) -> float:
    """Seconds a pose of a scan of all artifacts with numpy."""
    centers = np.array([exhibit.bounds.center for exhibit in placement.exhibits])
    radii = np.array([exhibit.bounds.radius for exhibit in placement.exhibits])
    most = np.minimum(25.0, radii / math.tan(math.radians(0.5)))
    cos = math.cos(math.radians(65.0))
    times = []
    for path in paths[:8]:
        for pose in path[::40]:
            began = time.process_time()
            away = centers - pose.position
            distance = np.sqrt(np.einsum("ij,ij->i", away, away))
            np.nonzero((distance <= most) & (away @ np.array(pose.ahead) >= cos * distance - radii))
            times.append(time.process_time() - began)
    return statistics.median(times)


def plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Cost of a pose over the number of artifacts, beside the scan."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.2, 4.6), layout="constrained")
    panel = figure.subplots()
    sizes = [row["artifacts"] for row in rows]
    ink = "#2b2b2b"
    panel.plot(sizes, [row["scan_us"] for row in rows], "o--", color="#9aa0a6")
    panel.plot(sizes, [row["pose_us"] for row in rows], "o-", color="#8f3b1b", linewidth=2)
    last = rows[-1]
    panel.annotate(
        "numpy scan of all artifacts,\nwalls left out", (sizes[-1], last["scan_us"]), (-90, 0),
        textcoords="offset points", ha="right", va="top", color="#6b7075",
    )  # fmt: skip
    panel.annotate(
        "one pose: cell, gaze, size, view, walls, budget, changes", (sizes[-1], last["pose_us"]), (0, 10),
        textcoords="offset points", ha="right", color="#8f3b1b",
    )  # fmt: skip
    for row in rows:
        panel.annotate(
            f"{row['pose_us']:.1f}", (row["artifacts"], row["pose_us"]),
            (0, -16 if row["scan_us"] > row["pose_us"] else 8),
            textcoords="offset points", ha="center", color="#8f3b1b", fontsize=9,
        )  # fmt: skip
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_ylim(3, None)
    panel.set_xlabel("artifacts in the museum, ten to a room of 10 m by 10 m", color=ink)
    panel.set_ylabel("microseconds", color=ink)
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    panel.grid(True, which="major", color="#d9d6d0", linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)
    panel.set_title("What one pose costs as the collection grows", loc="left", color=ink)
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--artifacts", type=int, nargs="+", default=[100, 1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--one", action="store_true", help="Measure one size in this process; print JSON.")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.artifacts[0])))
        return
    rows = []
    print(
        "| artifacts | pose µs | times the first | changed | prepare a cell µs | candidates a cell "
        "| numpy scan µs |"
    )
    print("|---|---|---|---|---|---|---|")
    for artifacts in given.artifacts:
        command = [sys.executable, __file__, "--one", "--artifacts", str(artifacts)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows.append(row)
        print(
            f"| {artifacts:,} | {row['pose_us']} | {row['pose_us'] / rows[0]['pose_us']:.2f} "
            f"| {row['changed']:.0%} | {row['prepare_us']:,} | {row['candidates']} | {row['scan_us']:,} |",
            flush=True,
        )
    if given.plot:
        plot(rows, given.plot)


if __name__ == "__main__":
    main()
