"""The whole server: a visitor walks in, the store changes, the house closes, a loop falls."""

import asyncio
import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from server.app import LoopDied, Twin
from server.hub import Hub
from server.listener import Listener, listen
from server.protocol.codec import decode, encode
from server.protocol.messages import (
    SUBPROTOCOL,
    Bye,
    ClockAnswer,
    ClockRequest,
    Delta,
    Hello,
    Snapshot,
    Welcome,
)
from server.protocol.parts import ArtifactEnter, ByeReason, ClientKind, Consent
from server.protocol.posebytes import WirePose, encode_pose
from server.protocol.wire import Message
from server.settings import Settings
from server.store import StoreBusy, StoredMuseum
from tests.server.conftest import BELL as BELL_FILE
from tests.server.conftest import Opening, under_way
from tests.server.http.test_assets import withdraw

BELL = "sample:lai-zhong-bell"


class Visitor:
    """A client on a real websocket."""

    def __init__(self, port: int, *, camera: bool = False) -> None:
        self._consent = Consent(camera=camera)
        self._dialed = connect(
            f"ws://127.0.0.1:{port}/live",
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            proxy=None,
        )

    async def __aenter__(self) -> "Visitor":
        self._socket = await self._dialed.__aenter__()
        await self._socket.send(
            encode(Hello(kind=ClientKind.HEADSET, languages=("en",), consent=self._consent))
        )
        return self

    async def send(self, message: Message) -> None:
        """Send a message."""
        await self._socket.send(encode(message))

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def hear(self, kind: type[Message]) -> Message:
        """The next message of that kind."""
        while True:
            data = await asyncio.wait_for(self._socket.recv(), 90)
            assert isinstance(data, bytes)
            message = decode(data)
            if isinstance(message, kind):
                return message

    async def stand(self, number: int, position: tuple[float, float, float]) -> None:
        """Send a pose."""
        await self._socket.send(encode_pose(WirePose(number, 0, position, (0.0, 0.0, 0.0, 1.0))))

    async def clock(self) -> None:
        """Ask for the time; once it has come, all that was sent before was taken in."""
        await self._socket.send(encode(ClockRequest(client_sent=0)))
        await self.hear(ClockAnswer)

    async def ended(self) -> ConnectionClosed:
        """How the connection was closed."""
        try:
            while True:
                await asyncio.wait_for(self._socket.recv(), 90)
        except ConnectionClosed as closed:
            return closed


def entered(message: Message) -> dict[str, ArtifactEnter]:
    assert isinstance(message, Snapshot | Delta)
    return {change.artifact: change for change in message.changes if isinstance(change, ArtifactEnter)}


async def test_a_visitor_gets_what_stands_before_them_and_fetches_its_file_on_the_same_port(
    built_store: Path, opening: Opening
) -> None:
    async with opening(built_store) as running, Visitor(running.twin.port) as visitor:
        welcome = await visitor.hear(Welcome)
        assert isinstance(welcome, Welcome)
        assert welcome.gallery == "hall"
        seen = entered(await visitor.hear(Snapshot))
        assert set(seen) == {BELL, "sample:jade-bi"}
        bell = seen[BELL]
        assert bell.texts[0].content == "Bell of Lai (Lai zhong)"
        assert (await running.client.get(bell.derivatives[0].address)).content == BELL_FILE
        text = (await running.client.get("/metrics")).text
        assert 'twin_received_messages_total{kind="hello"} 1.0' in text
        assert 'twin_sent_messages_total{kind="snapshot"} 1.0' in text
        assert "twin_sessions 1.0" in text
        await visitor.stand(0, (0.0, 1.6, 2.0))
        await visitor.clock()
        text = (await running.client.get("/metrics")).text
        assert 'twin_stage_seconds_count{stage="interest"} 1.0' in text


async def test_a_visitor_who_stands_before_it_sees_a_withdrawn_artifact_leave(
    store: Path, opening: Opening
) -> None:
    async with opening(store) as running, Visitor(running.twin.port) as visitor:
        assert BELL in entered(await visitor.hear(Snapshot))
        await asyncio.to_thread(withdraw, store, BELL)
        again = await visitor.hear(Snapshot)
        assert set(entered(again)) == {"sample:jade-bi"}


async def test_a_store_that_becomes_unreadable_changes_nothing_for_visitors_and_is_told(
    store: Path, opening: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    listing = store / "sample" / "museum.json"
    async with opening(store) as running, Visitor(running.twin.port) as visitor:
        await visitor.hear(Snapshot)
        await asyncio.to_thread(listing.write_text, "{")
        while "cannot be shown" not in caplog.text:
            await running.client.get("/healthz")
        assert not running.task.done()


async def test_a_store_that_is_slow_at_the_start_keeps_no_museum_closed(
    opening: Opening, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Slow(StoredMuseum):
        async def version(self) -> str:
            asked.append(self)
            if len(asked) == 1:
                raise StoreBusy("the store did not answer within 5 s")
            return await super().version()

    monkeypatch.setattr("server.app.StoredMuseum", Slow)
    async with opening(store) as server:
        assert (await server.client.get("/readyz")).status_code == 200


async def test_at_the_end_visitors_are_bidden_farewell_before_the_port_closes(
    built_store: Path, opening: Opening
) -> None:
    async with opening(built_store) as running, Visitor(running.twin.port) as visitor:
        await visitor.hear(Snapshot)
        running.twin.stop()
        farewell = await visitor.hear(Bye)
        assert isinstance(farewell, Bye)
        assert farewell.reason is ByeReason.SHUTTING_DOWN
        assert farewell.return_after > 0
        closed = await visitor.ended()
        assert closed.rcvd is not None
        assert closed.rcvd.code == 1001
        await running.task
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", running.twin.port)


@pytest.mark.parametrize("falls", ["raises", "ends"])
async def test_a_loop_that_falls_takes_the_server_with_it_loudly(
    falls: str, built_store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fallen(*_: object) -> None:
        if falls == "raises":
            raise RuntimeError("out of luck")

    monkeypatch.setattr(Listener, "serve", fallen)
    sockets = await asyncio.to_thread(listen, "127.0.0.1", 0)
    with pytest.raises(LoopDied, match="listener"):
        await Twin(Settings(store=built_store), sockets).run()
    assert any(record.levelname == "CRITICAL" for record in caplog.records)
    assert all(opened.fileno() == -1 for opened in sockets)


async def test_a_hub_that_cannot_show_what_changed_is_such_a_loop(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Hub, "show", broken)
    sockets = await asyncio.to_thread(listen, "127.0.0.1", 0)
    twin = Twin(Settings(store=store, drain_s=1), sockets)
    task = asyncio.create_task(twin.run())
    await under_way(twin, task)
    await asyncio.to_thread(withdraw, store, BELL)
    with pytest.raises(LoopDied, match="exhibition loop died"):
        await asyncio.wait_for(task, 30)


async def begun(store: Path, *arguments: str) -> tuple[asyncio.subprocess.Process, int]:
    """``twin serve`` as a process, and its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from twin import main; main()", "serve",
        "--store", str(store), "--host", "127.0.0.1", "--port", "0", "--no-qr", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    while line := await asyncio.wait_for(process.stdout.readline(), 60):
        if found := re.search(rb"http://localhost:(\d+)", line):
            return process, int(found[1])
    raise AssertionError((await process.communicate())[1].decode())


async def test_a_signal_ends_the_process_in_order(built_store: Path) -> None:
    process, port = await begun(built_store)
    async with Visitor(port) as visitor:
        await visitor.hear(Snapshot)
        process.send_signal(signal.SIGTERM)
        await visitor.hear(Bye)
        await visitor.ended()
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, errors.decode()
    assert b"Traceback" not in errors
    assert b'"session":"' in errors


async def test_two_signals_at_once_are_one(built_store: Path) -> None:
    process, port = await begun(built_store)
    async with Visitor(port) as visitor:
        await visitor.hear(Snapshot)
        # Stopped meanwhile, the process finds both when it goes on.
        for number in (signal.SIGSTOP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT):
            process.send_signal(number)
        await visitor.hear(Bye)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, errors.decode()


async def test_a_later_signal_ends_it_at_once(built_store: Path) -> None:
    process, port = await begun(built_store, "--set", "drain_s=600", "--set", "http.header_s=600")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    # A request whose body never comes keeps the house open until the end of the drain.
    writer.write(b"POST /api HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n")
    assert (await reader.readuntil(b"\r\n")).split(b" ")[1] == b"100"
    ended = asyncio.create_task(process.communicate())
    while not ended.done():
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await asyncio.wait({ended}, timeout=0.1)
    _, errors = await ended
    assert process.returncode == 128 + signal.SIGTERM, errors.decode()
    assert b"second signal" in errors
    writer.close()
