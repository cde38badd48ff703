"""A line between client and server that cuts, stalls, splits and delays what goes over it."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """What one connection suffers. Bytes count what the server sent."""

    cut_after: int = 0
    """Reset after so many bytes; 0: never."""
    stall_after: int = 0
    """Carry nothing more after so many bytes, with the connection left open; 0: never."""
    most: int = 65_536
    """Longest piece carried at once; short ones split messages and their heads."""
    delay: float = 0.0
    """Longest wait before a piece, seconds."""


@dataclass(slots=True)
class BadLine:
    """Carries each connection on to ``port`` with its fault; the last fault is for all later ones."""

    port: int
    faults: Sequence[Fault]
    seed: int = 1
    connections: int = 0
    listens_on: int = 0
    _carriers: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["BadLine"]:
        """Carry until the block is left."""
        listener = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.listens_on = listener.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            listener.close()
            for carrier in self._carriers:
                carrier.cancel()
            await asyncio.gather(*self._carriers, return_exceptions=True)

    def cut(self) -> None:
        """Reset all that is carried now, wherever in a message it stands."""
        for carrier in self._carriers:
            carrier.cancel()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.faults[min(self.connections, len(self.faults) - 1)]
        self.connections += 1
        carrier = asyncio.ensure_future(self._carry(reader, writer, fault))
        self._carriers.add(carrier)
        carrier.add_done_callback(self._carriers.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault) -> None:
        draw = random.Random(self.seed + self.connections)
        onward, backward = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, backward, Fault(most=fault.most), draw))
                both.create_task(self._pump(onward, writer, fault, draw))
        except* (ConnectionError, _Cut):
            pass
        finally:
            for end in (writer, backward):
                end.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, fault: Fault, draw: random.Random
    ) -> None:
        carried = 0
        while data := await source.read(draw.randint(1, fault.most)):
            if fault.cut_after and carried + len(data) > fault.cut_after:
                target.write(data[: fault.cut_after - carried])
                await target.drain()
                raise _Cut
            if fault.stall_after and carried + len(data) > fault.stall_after:
                await asyncio.Event().wait()
            if fault.delay:
                await asyncio.sleep(draw.random() * fault.delay)
            carried += len(data)
            target.write(data)
            await target.drain()
        with contextlib.suppress(OSError):
            target.write_eof()
        raise _Cut


class _Cut(Exception):
    pass
