"""Scripted visitors before the real server on a real socket."""

import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from server.mock.crowd import Crowd, Played, pictures_in
from server.mock.report import summary, write_report
from server.mock.scenario import Group, Scenario, ScenarioError
from server.mock.telling import outcome, remarks
from server.protocol.codec import encode
from server.protocol.limits import ALLOWANCES
from server.protocol.messages import CameraFrame
from server.protocol.parts import ImageEncoding
from tests.server.museum import opened


def scenario(seconds: float = 1.5, **behavior: Any) -> Scenario:
    group = Group(**{"name": "guests", "visitors": 6, "pose_hz": 20, "speed": 3, "dwell_s": 0.2} | behavior)
    return Scenario(name="Test", seconds=seconds, arrive_s=0.2, groups=(group,))


def _size_of(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as image:
        return image.size


async def played(wanted: Scenario) -> Played:
    async with opened() as house:
        crowd = await asyncio.to_thread(Crowd, wanted, house.address)  # reads the frames
        return await crowd.play()


async def test_visitors_come_walk_are_told_and_leave_without_a_loss() -> None:
    seen = await played(scenario(gaze=True, clock_every_s=0.3))
    counts = seen.tally.counts
    assert (counts["welcomed"], counts["snapshots"]) == (6, 6)
    assert counts["poses"] == pytest.approx(6 * 20 * 1.4, rel=0.5)
    assert counts["deltas"] > 0
    assert counts["gazes"] > 0
    assert not {"lost", "refused", "missing", "repeated"} & counts.keys()
    assert not seen.tally.errors
    for kind in ("connect", "snapshot", "delta", "clock"):
        assert seen.tally.latencies[kind].summary()["count"] > 0
    received = seen.tally.per_client()["guests"]
    assert received["clients"] == 6
    assert received["received_max"] >= received["received_mean"] > 0


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    Image.new("RGB", (32, 24), "red").save(tmp_path / "a.jpg")
    Image.new("L", (16, 16)).save(tmp_path / "b.png")
    (tmp_path / "notes.txt").write_text("not a picture")
    return tmp_path


async def test_questions_and_frames_are_each_answered(photos: Path) -> None:
    wanted = scenario(ask_every_s=0.5, frame_every_s=0.4, frames=photos, visitors=3)
    seen = await played(wanted)
    counts, took = seen.tally.counts, seen.tally.latencies
    assert counts["questions"] >= len(took["answer"].spans) > 0
    assert counts["frames"] >= len(took["sightings"].spans) > 0
    assert counts["frames"] - len(took["sightings"].spans) <= 3, "at most the last of each is under way"


async def test_dropped_visitors_come_back_and_no_event_is_lost_or_told_twice() -> None:
    seen = await played(scenario(seconds=2.5, drop_every_s=0.6, away_s=0.1, visitors=8))
    counts = seen.tally.counts
    assert counts["dropped"] >= 8
    assert counts["resumed"] >= 8
    assert not {"lost", "restarted", "missing", "repeated"} & counts.keys()


async def test_a_slow_reader_reads_no_faster_than_it_says() -> None:
    seen = await played(scenario(seconds=2.0, read_bytes_s=1500, visitors=3))
    most = seen.tally.per_client()["guests"]["received_max"]
    assert most <= 1500 * 2.0 + 8192, "its pace, and what the last read brought at once"


async def test_a_server_that_is_not_there_refuses_every_visitor() -> None:
    async with opened() as house:
        address = house.address
    seen = await Crowd(scenario(seconds=0.6), address).play()
    assert seen.tally.counts["refused"] == seen.tally.counts["lost"] == 6


async def test_the_report_holds_what_happened_and_a_picture(tmp_path: Path) -> None:
    seen = await played(scenario(seconds=1.0))
    report, picture = await asyncio.to_thread(write_report, seen, tmp_path / "new", "test")
    stated = json.loads(await asyncio.to_thread(report.read_bytes))
    assert stated == summary(seen)
    assert stated["latencies"]["delta"]["p50_ms"] <= stated["latencies"]["delta"]["max_ms"]
    assert stated["scenario"]["groups"][0]["visitors"] == stated["bytes"]["guests"]["clients"] == 6
    assert (await asyncio.to_thread(_size_of, picture))[0] > 800
    assert outcome(seen).row_count >= 3
    assert any("6 clients received" in line for line in remarks(seen))


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="holds no JPEG or PNG file"):
        pictures_in(tmp_path)


def test_a_photo_larger_than_a_server_takes_is_sent_smaller(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1200, 1600, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    Image.fromarray(noise[:60, :80]).save(tmp_path / "b.png")
    large, small = pictures_in(tmp_path)
    assert (large.encoding, large.width, large.height) == (ImageEncoding.JPEG, 960, 720)
    frame = CameraFrame(
        number=1, encoding=large.encoding, width=large.width, height=large.height, image=large.image, time=0
    )
    assert len(encode(frame)) <= ALLOWANCES[CameraFrame.code].size
    assert (small.encoding, small.width, small.height) == (ImageEncoding.PNG, 80, 60)
