"""The components for Unity on a fake engine: a scene's life, a phone's camera, the editor's window."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from server.protocol.parts import ImageEncoding
from tests.server.conftest import BELL, DISC, built_store, opened
from tests.unity import sighted
from tests.unity.assemblies import (
    FAKES,
    PROGRAMS,
    STUB_REFERENCES,
    Job,
    build_package,
    build_program,
    compile_all,
    sources_of,
)
from tests.unity.conftest import Runtime
from tests.unity.kit import FOLDER, Kit
from tests.unity.scripted import serving

__all__ = ["built_store"]

SAMPLES = 16
"""Rows and columns of the fake engine's pictures."""
COLORS = {
    "above left": (255, 0, 0),
    "above right": (0, 255, 0),
    "below left": (0, 0, 255),
    "below right": (255,) * 3,
}
"""What the fake camera looks at, upright."""
LINE_ANGLE, LEAST_LINE, MOST_LINE = 0.0227, 0.008, 0.09


@pytest.fixture(scope="module")
def engine_run(kit: Kit) -> Path:
    """The program with the fake engine, editor and packages in the real ones' place."""
    out = FOLDER / "built" / "fakes"
    jobs = [
        Job(name, sources_of(name, FAKES), tuple(out / f"{one}.dll" for one in names))
        for name, names in STUB_REFERENCES.items()
    ]
    compile_all(kit, jobs, out)
    package = build_package(kit)
    ours = [package[f"MuseumTwin{part}"] for part in ("", ".Core", ".Gltf", ".AR", ".Editor")]
    beside = [*(out / f"{name}.dll" for name in STUB_REFERENCES), *ours]
    return build_program(
        kit, "EngineRun", beside, sorted((PROGRAMS / "engine").glob("*.cs")), folder="engine"
    )


async def told_by(runtime: Runtime, program: Path, *arguments: str) -> list[dict[str, Any]]:
    """The lines that the program prints."""
    process = await asyncio.create_subprocess_exec(
        *runtime.command(program, *arguments),
        env=dict(runtime.environment),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), 200)
    assert process.returncode == 0, (output + errors).decode()
    # Mono tells of its surroundings here too.
    return [json.loads(line) for line in output.decode().splitlines() if line.startswith("{")]


async def test_a_scene_comes_to_life_leaves_nothing_behind_and_does_so_again_in_the_same_process(
    runtime: Runtime, engine_run: Path, built_store: Path
) -> None:
    async with opened(built_store) as server:
        first, second = await told_by(runtime, engine_run, "scene", f"ws://127.0.0.1:{server.twin.port}")

    assert first["logged"] == ""
    assert (first["state"], first["after"]) == ("Live", "Ended")
    # Two exhibits, each made once though the device slept; their models fetched over HTTP and let go.
    assert (first["made"], first["views"]) == (2, 2)
    assert first["resumes"] >= 1
    assert (first["models"], first["loaded"], first["disposed"]) == (2, 2, 2)
    assert first["bytes"] == len(BELL) + len(DISC)
    assert first["place_error_mm"] == 0
    assert first["turned"]
    assert first["tracked"] == "lost found "
    assert first["sent"] > 100
    assert first["events"] > 0
    # The head, the museum itself, and what divides glTFast's work over frames; every view and model is gone.
    assert first["left"] == 3
    assert first["clients"] == 0
    # Statics of the first session are no more. On a desktop the mouse turns 45 degrees, W walks there.
    assert second["logged"] == ""
    assert (second["views"], second["clients"], second["disposed"]) == (2, 1, 4)
    assert second["looks"] == pytest.approx([0.5**0.5, 0, 0.5**0.5], abs=1e-3)
    assert second["walked"] == pytest.approx([1.4 * 0.5**0.5, 0, 1.4 * 0.5**0.5], abs=0.05)
    assert second["still"] == [0, 0, 0]


async def test_a_phones_frames_stand_upright_and_what_is_seen_in_them_lays_the_twin_over_the_museum(
    runtime: Runtime, engine_run: Path
) -> None:
    phone = sighted.Watching()
    async with serving(phone.visit) as port:
        before, *answers, panels, rate = await told_by(
            runtime, engine_run, "camera", f"ws://127.0.0.1:{port}"
        )

    # Nothing is taken, let alone sent, before the hello tells of consent, nor after it is taken back.
    assert before["taken_before"] == 0
    connections = list(zip(phone.hellos, phone.by_connection, strict=True))
    assert sum(count for hello, count in connections if not hello.consent.camera) == 0
    assert sum(count for hello, count in connections if hello.consent.camera) > len(sighted.HELD)
    assert (rate["taken_after"], rate["sent_after"]) == (0, 0)
    # The sixth picture comes a second after the first at the earliest, whatever the inspector says.
    assert rate["seconds_for_six"] > 0.95
    assert rate["logged"] == ""
    for frame, held in zip(phone.frames, sighted.HELD, strict=False):
        assert_stands_upright(frame, held)
    assert_aligned(answers)
    assert_legible(panels["panels"])


def assert_stands_upright(frame: Any, held: str) -> None:
    """The picture shows what is before the lens as the screen is held, and its intrinsics fit it."""
    is_upright = held in ("portrait", "upside down")
    assert (frame.width, frame.height) == ((480, 640) if is_upright else (640, 480)), held
    assert frame.encoding is ImageEncoding.JPEG
    picture = np.frombuffer(frame.image, np.uint8).reshape(SAMPLES, SAMPLES, 3)
    quarters = {
        f"{above} {left}": tuple(int(one) for one in picture[row, column])
        for above, row in (("above", 0), ("below", -1))
        for left, column in (("left", 0), ("right", -1))
    }
    assert quarters == COLORS, held
    told = frame.intrinsics
    for point in ((0.2, 0.1, -1.0), (-0.3, -0.2, -1.0)):
        seen = (told.cx + told.fx * point[0], told.cy - told.fy * point[1])
        assert seen == pytest.approx(sighted.upright(held, np.array(point)), abs=1e-3), held


def assert_aligned(answers: list[dict[str, Any]]) -> None:
    """After each sighting the museum stands where the device's space has it."""
    wanted = sighted.MUSEUM_IN_SCENE
    assert [answer["aligned"] for answer in answers] == [1, 2, 3, 4, 5, 6, 6]
    # One anchor holds it, the one before is gone; no camera image is kept.
    assert {answer["anchors"] for answer in answers} == {1}
    assert {answer["open"] for answer in answers} == {0}
    assert [answer["logged"] for answer in answers] == [""] * len(answers)
    by_pose, *by_corners = answers[:5]
    for answer, metres in ((by_pose, 1e-3), *((one, 5e-3) for one in by_corners)):
        assert answer["place"] == pytest.approx(list(wanted[:3, 3]), abs=metres)
        turn = np.array(answer["turn"])
        due = np.array(sighted.quaternion(wanted[:3, :3]))
        assert abs(turn @ due) == pytest.approx(1, abs=1e-5)
    # The anchor slipped by 10 cm: a sighting takes back three tenths of it.
    before, slipped, doubtful = (np.array(answer["place"]) for answer in answers[4:])
    assert slipped - before == pytest.approx([0.07, 0, 0], abs=8e-3)
    # Three metres more, and a sighting too doubtful to move anything.
    assert doubtful - slipped == pytest.approx([3, 0, 0], abs=1e-3)


def assert_legible(numbers: list[float]) -> None:
    """The panel from five places: see the program for what each number is."""
    for metres, line, away, facing, before, end, start, drawn, order in np.array(numbers).reshape(-1, 9):
        assert facing == pytest.approx(1, abs=1e-3)
        # Before the ball around the exhibit, and the line ends at the hotspot.
        assert 0 < before < metres
        assert end < 1e-4
        # It begins at the lower edge of the panel, which is one line high and leaves some room around it.
        assert start == pytest.approx(0.9 * line, rel=1e-3)
        # As large to the eye near and far, within bounds.
        assert LEAST_LINE <= line <= MOST_LINE + 1e-6
        if line < MOST_LINE * 0.99:
            assert line / away == pytest.approx(LINE_ANGLE, rel=0.12)
        else:
            assert line / away < LINE_ANGLE
        # Text, panel and line each have a material, and the text is drawn last.
        assert (drawn, order) == (3, 1)


@pytest.mark.parametrize("runtime", ["net"], indirect=True)
async def test_the_editors_window_tests_a_server_and_the_scene_view_shows_its_galleries(
    runtime: Runtime, engine_run: Path, built_store: Path
) -> None:
    async with opened(built_store) as server:
        address = f"http://127.0.0.1:{server.twin.port}"
        window, scene = await told_by(runtime, engine_run, "editor", address)
        async with httpx.AsyncClient() as web:
            galleries = (await web.get(f"{address}/api/galleries")).json()["galleries"]

    assert "no address" in window["wrong"]
    assert "State=Live" in window["told"]
    assert f"Galleries={len(galleries)}" in window["told"]
    assert any(line.startswith("Round trip=") and line.endswith(" ms") for line in window["told"])
    # One press makes a client with the address, the next finds it.
    assert window["undo"] == ["Museum Twin", "Museum Twin address"]
    assert window["address"] == address
    assert (window["internet"], window["http"], window["listens"]) == (True, "AlwaysAllowed", 0)
    assert not any("Warning" in line for line in window["rest"])
    # The visitor's own gallery in white where the museum stands in the scene, and both exhibits' boxes.
    room = galleries[0]
    width, height, depth = room["size"]
    assert scene["logged"] == ""
    assert scene["gallery"] == room["slug"]
    assert f"label {room['slug']}" in scene["drawn"]
    boxes = [line for line in scene["drawn"] if line.startswith("box ")]
    assert boxes[0].startswith(f"box {width:.2f} {height:.2f} {depth:.2f} at ")
    assert boxes[0].endswith("color 1.0 1.0 1.0")
    assert len(boxes) == len(galleries) + 2
