"""A cable between browser and server that a test can pull: connections are cut, and no new one comes up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Cable:
    """Listens on a port of its own and carries bytes to ``port`` as long as it is plugged in."""

    def __init__(self, port: int) -> None:
        self.port = port
        """Where it leads; may change, as after the server's restart."""
        self._is_plugged = True
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._carried: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """What the browser is told."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def pull(self) -> None:
        """Cut every connection; refuse new ones."""
        self._is_plugged = False
        for end in list(self._ends):
            end.transport.abort()

    def plug(self, port: int | None = None) -> None:
        """Carry again."""
        self.port = port or self.port
        self._is_plugged = True

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._came, "127.0.0.1", 0)

    async def close(self) -> None:
        """End for good; returns when nothing is carried any more."""
        assert self._server is not None
        self.pull()
        self._server.close()
        await asyncio.gather(*self._carried, return_exceptions=True)

    def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._carried.add(task)
        task.add_done_callback(self._carried.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        try:
            if not self._is_plugged:
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
            self._ends.add(far_writer)
            try:
                await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
            finally:
                self._ends.discard(far_writer)
                far_writer.transport.abort()
        except OSError:
            pass  # a cut connection is what this is for
        finally:
            self._ends.discard(writer)
            writer.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


@asynccontextmanager
async def cable(port: int) -> AsyncIterator[Cable]:
    """A cable to ``port`` until the block is left."""
    made = Cable(port)
    await made.open()
    try:
        yield made
    finally:
        await made.close()
