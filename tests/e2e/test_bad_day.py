"""A bad day: damaged files, a full disk, a taken port, a clock that jumps. What visitors see stays right."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.settings import Live
from tests.e2e.changing import ChangingMuseum
from tests.e2e.guests import AUDIENCE, guests
from tests.e2e.watched import Shown
from tests.e2e.worlds import shown_world
from tests.server.conftest import opened
from twin import app

PATIENT = Live(idle_s=600)
"""Visitors may be silent while a process is started on a busy machine."""
PROFILE = """
[institution]
slug = "living"
name = "Living museum"
language = "en"

[record]
id = "No"
accession = "No"

[[fields]]
to = "titles"
from = "Title"
"""


async def test_a_damaged_model_is_not_served_the_log_says_so_and_all_else_goes_on(
    shown: Shown, museum: ChangingMuseum, caplog: pytest.LogCaptureFixture
) -> None:
    jug = museum.add("jug", "A jug", (0.0, 1.2, 5.0), b"glTF jug")
    jar = museum.add("jar", "A jar", (0.5, 1.2, 5.0), b"glTF jar")
    await asyncio.to_thread(museum.publish)
    async with opened(museum.store) as server, guests(server.live, 1) as (guest,):
        await guest.stand((0.0, 1.6, 6.2), (0.0, 0.0, 0.0, 1.0))
        await guest.until(lambda: {jug, jar} <= set(guest.world))
        (broken,), (whole,) = (guest.world[one][0].derivatives for one in (jug, jar))
        model = museum.store / "artifacts" / f"{broken.address.rpartition('/')[2]}.glb"

        await asyncio.to_thread(model.write_bytes, b"glTF jag")
        answer = await server.client.get(broken.address)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert "not what its hash says" in caplog.text
        assert (await server.client.get(whole.address)).content == b"glTF jar"
        await guest.settle()
        assert {jug, jar} <= set(guest.world)

        await asyncio.to_thread(model.write_bytes, b"glTF jug")
        assert (await server.client.get(broken.address)).content == b"glTF jug"


def largest_file(store: Path) -> int:
    """Bytes."""
    return max(file.stat().st_size for file in store.iterdir() if file.is_file())


async def ingested(store: Path, export: Path, most_bytes: int | None = None) -> tuple[int | None, str]:
    """``twin ingest`` in a process that may write no file longer than ``most_bytes``; status and errors."""
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {most_bytes})); " if most_bytes else ""
    profile = export.with_suffix(".toml")
    await asyncio.to_thread(profile.write_text, PROFILE, "utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"import resource; {limit}from twin import main; main()", "ingest", str(export),
        "--profile", str(profile), "--store", str(store), "--partial", "--accept",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 150)
    return process.returncode, output.decode()


@pytest.mark.timeout(180)
async def test_a_disk_that_fills_up_during_an_ingest_changes_nothing_for_visitors(
    shown: Shown, museum: ChangingMuseum, tmp_path: Path
) -> None:
    export = tmp_path / "export.csv"
    rows = "".join(f"thing-{number},Jar with birds {number}\n" for number in range(5_000))
    await asyncio.to_thread(export.write_text, f"No,Title\n{rows}", "utf-8")
    async with opened(museum.store, live=PATIENT) as server, guests(server.live, 2) as company:
        before = [guest.world for guest in company]
        largest = await asyncio.to_thread(largest_file, museum.store)
        status, output = await ingested(museum.store, export, largest + 300_000)
        assert status == 1, output
        assert "Traceback" not in output
        assert "disk" in output
        for guest in company:
            await guest.settle()
        assert [guest.world for guest in company] == before

        # With room again, the same ingest shows the same visitors what is new.
        status, output = await ingested(museum.store, export)
        assert status == 0, output
        await shown.all_of(museum.store)
        for guest in company:
            await guest.settle()
            client = shown.hubs[0].client(guest.token)
            assert client is not None
            assert guest.world == shown_world(shown.hubs[0].showing, client, AUDIENCE)
            titles = {text.content for entered, _ in guest.world.values() for text in entered.texts}
            assert any(title.startswith("Jar with birds") for title in titles)


async def test_a_second_server_on_a_taken_port_says_so_and_leaves_the_first_alone(
    museum: ChangingMuseum,
) -> None:
    async with opened(museum.store) as server, guests(server.live, 1) as (guest,):
        port = str(server.twin.port)
        words = ["serve", "--store", str(museum.store), "--host", "127.0.0.1", "--port", port, "--no-qr"]
        ended = await asyncio.to_thread(CliRunner().invoke, app, words)
        assert ended.exit_code == 1
        assert f"port {port} is taken. Choose another with --port" in ended.output
        await guest.settle()
        assert len(guest.sessions) == 1


@pytest.mark.parametrize("step_s", [-86_400.0, 86_400.0], ids=["a-day-back", "a-day-on"])
async def test_a_clock_that_is_set_ends_no_visit_and_loses_no_change(
    shown: Shown, museum: ChangingMuseum, monkeypatch: pytest.MonkeyPatch, step_s: float
) -> None:
    async with opened(museum.store) as server, guests(server.live, 3) as company:
        real, real_ns = time.time, time.time_ns
        monkeypatch.setattr(time, "time", lambda: real() + step_s)
        monkeypatch.setattr(time, "time_ns", lambda: real_ns() + int(step_s * 1e9))
        await asyncio.to_thread(museum.edit, 50)
        await asyncio.to_thread(museum.publish)
        await shown.all_of(museum.store)
        await asyncio.gather(*(guest.walk(10) for guest in company))
        await company[0].cut()
        await company[0].come()
        for guest in company:
            await guest.settle()
            client = shown.hubs[0].client(guest.token)
            assert client is not None
            assert guest.world == shown_world(shown.hubs[0].showing, client, AUDIENCE)
            assert len(set(guest.sessions)) == 1
