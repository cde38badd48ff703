"""A tab of a real headless Chromium, driven from tests: see drive.mjs."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ANSWER_S: Final = 120
"""Deadline of one request; only a browser that hangs reaches it."""
PHONE: Final = {"viewport": {"width": 390, "height": 800}, "hasTouch": True, "isMobile": True}
DESK: Final = {"viewport": {"width": 900, "height": 600}}


class PageFault(AssertionError):
    """What the page, or the request to it, failed of."""


@dataclass
class Tab:
    """One page. Every complaint of it (an exception, an error on its console) fails the test it came in."""

    process: Process
    forgiven: tuple[str, ...] = ()
    """Parts of complaints that are what a test is about, as the loss of a connection is."""
    complaints: list[str] = field(default_factory=list)

    async def call(self, method: str, *args: Any) -> Any:
        """Call a method of playwright's Page."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"method": method, "args": args}).encode() + b"\n")
        line = await asyncio.wait_for(self.process.stdout.readline(), ANSWER_S)
        if not line:
            raise PageFault("the browser is gone")
        answer = json.loads(line)
        wrong = [one for one in answer["complaints"] if not any(part in one for part in self.forgiven)]
        if "error" in answer or wrong:
            raise PageFault("\n".join([f"{method} {args}: {answer.get('error', '')}", *wrong]))
        return answer.get("value")

    async def see(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return await self.call("evaluate", script)

    async def until(self, script: str) -> None:
        """Wait until a JavaScript expression is true."""
        await self.call("until", script)

    async def picture(self, path: Path) -> None:
        """Save a screenshot."""
        await self.call("screenshot", {"path": str(path)})


@asynccontextmanager
async def tab(
    packages: Path, chromium: str, *, flags: Sequence[str] = (), context: dict[str, Any] | None = None
) -> AsyncIterator[Tab]:
    """A new browser with one tab, until the block is left."""
    options = json.dumps({"flags": list(flags), "context": {"locale": "en-US", **(context or DESK)}})
    driver = Path(__file__).with_name("drive.mjs")
    process = await asyncio.create_subprocess_exec(
        "node", str(driver), chromium, str(packages), options, stdin=PIPE, stdout=PIPE, limit=2**24
    )
    try:
        yield Tab(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 30)
        except TimeoutError:
            process.kill()
            await process.wait()
        assert process.stdout is not None
        await process.stdout.read()  # to its end, so that the pipe is closed before the loop is
