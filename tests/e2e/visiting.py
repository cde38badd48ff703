"""The C# visitor program as a test drives it: an order a line, an answer a line."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.content import Audience
from server.hub import Hub
from tests.e2e.worlds import World, shown_world, told_world
from tests.unity.conftest import Runtime

AUDIENCE = Audience(("en",), frozenset({"meshopt"}))
"""As the program's hello asks."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the program holds, and what happened to it so far."""

    token: bytes
    world: World
    opened: tuple[str, ...]
    """``artifact/annotation`` of every annotation that was open at some time."""
    visited: tuple[str, ...]
    seen: tuple[str, ...]
    """``frame=artifact`` or ``frame=Reason``, in the order of the answers."""
    answers: tuple[str, ...]
    times: tuple[dict[str, float], ...]
    """Milliseconds of each frame by stage, ``capture`` first, ``deliver`` last."""
    stray: int
    connections: int


@dataclass(slots=True)
class CSharpVisitor:
    """One process."""

    process: asyncio.subprocess.Process

    async def order(self, line: str) -> Told:
        """Have it obey, and settle: what the server had to tell is told."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n".encode())
        answer = await asyncio.wait_for(self.process.stdout.readline(), 100)
        told: dict[str, Any] = json.loads(answer or b'{"failed": "it ended without a word"}')
        assert "failed" not in told, f"{line}: {told['failed']}"
        return Told(
            bytes.fromhex(told["token"]), told_world(told["world"]), tuple(told["opened"]),
            tuple(told["visited"]), tuple(told["seen"]), tuple(told["answers"]), tuple(told["times"]),
            told["stray"], told["connections"],
        )  # fmt: skip


@asynccontextmanager
async def visiting(runtime: Runtime, program: Path, address: str) -> AsyncIterator[CSharpVisitor]:
    """A visitor until the block is left."""
    process = await asyncio.create_subprocess_exec(
        *runtime.command(program, address), env=dict(runtime.environment),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**22,
    )  # fmt: skip
    try:
        yield CSharpVisitor(process)
        await asyncio.wait_for(process.communicate(b"leave\n"), 30)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def world_due(hub: Hub, told: Told, audience: Audience = AUDIENCE) -> World:
    """What the hub says that this visitor should hold now."""
    client = hub.client(told.token)
    assert client is not None
    return shown_world(hub.showing, client, audience)
