"""The servers that bench/realtime.py measures, each in a process of its own.

``websockets``, ``uvicorn`` and ``picows`` send every message back. ``twin`` is the live connection over the
museum of ``bench/interest.py`` (``--artifacts``), with metrics counted as in service. Prints its port, and
ends when its input ends.
"""

import argparse
import asyncio
import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.interest import museum as made_museum
from bench.interest import walks


async def websockets_echo(listening: socket.socket, _: argparse.Namespace) -> None:
    from websockets.asyncio.server import ServerConnection, serve

    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with serve(echo, sock=listening, compression=None, ping_interval=None, max_queue=64):
        await _told_to_stop()


async def uvicorn_echo(listening: socket.socket, _: argparse.Namespace) -> None:
    import uvicorn

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "bytes": message["bytes"]})

    config = uvicorn.Config(
        echo, ws="websockets-sansio", ws_per_message_deflate=False, ws_ping_interval=None, lifespan="off",
        log_level="error",
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    await _told_to_stop()
    serving.cancel()


async def picows_echo(listening: socket.socket, _: argparse.Namespace) -> None:
    import picows

    class Echo(picows.WSListener):
        def on_ws_frame(self, transport: Any, frame: Any) -> None:
            if frame.msg_type == picows.WSMsgType.CLOSE:
                transport.disconnect()
            else:
                transport.send(frame.msg_type, frame.get_payload_as_bytes())

    await picows.ws_create_server(lambda _: Echo(), sock=listening)
    await _told_to_stop()


async def twin(listening: socket.socket, options: argparse.Namespace) -> None:
    from server.app import spare_the_collector
    from server.connection import live
    from server.hub import Hub, Rules
    from server.metrics import PrometheusMetrics
    from server.protocol.limits import ALLOWANCES, SECOND, Allowance, Limits
    from server.protocol.messages import POSE, Acknowledge, Hello
    from server.protocol.parts import ClientKind
    from server.showing import Showing
    from server.world.interest import Interest
    from tests.server.museum import PlainContent

    # The load generator sends faster than any visitor; all other limits are those of the service.
    fast = {code: Allowance(52, 1e6, 10**6) for code in (POSE, Acknowledge.code)}
    limits = Limits(allowances={**ALLOWANCES, **fast}, idle=3600 * SECOND)
    museum = Showing(Interest(made_museum(options.artifacts)), PlainContent())
    # A museum that has been open for a while: its cells are prepared (bench/interest.py tells at what cost).
    for path in walks(options.artifacts):
        visit = museum.visit(Hello(kind=ClientKind.MOCK))
        for pose in path:
            visit.pose(pose, 0)
    hub = Hub(museum, None, Rules(limits=limits), PrometheusMetrics())
    spare_the_collector()
    server = await asyncio.get_running_loop().create_server(live(hub), sock=listening, backlog=4096)
    await _told_to_stop()
    server.close()


SERVERS: dict[str, Callable[[socket.socket, argparse.Namespace], Awaitable[None]]] = {
    "websockets": websockets_echo,
    "uvicorn": uvicorn_echo,
    "picows": picows_echo,
    "twin": twin,
}


async def _told_to_stop() -> None:
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _serve(options: argparse.Namespace) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
    listening.setblocking(False)
    print(listening.getsockname()[1], flush=True)
    await SERVERS[options.kind](listening, options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=SERVERS)
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--artifacts", type=int, default=1000)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {options.core})
    logging.disable(logging.WARNING)
    uvloop.run(_serve(options))


if __name__ == "__main__":
    main()
