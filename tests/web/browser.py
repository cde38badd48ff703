"""A tab of a real headless Chromium, driven from tests: see drive.mjs."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ANSWER_S: Final = 120
"""Deadline of one request; only a browser that hangs reaches it."""
PATIENCE: Final = 4
"""Times a minute that one wait may take: the first frames compile every shader, without a graphics card."""
PHONE: Final = {"viewport": {"width": 390, "height": 800}, "hasTouch": True, "isMobile": True}
DESK: Final = {"viewport": {"width": 900, "height": 600}}


class PageFault(AssertionError):
    """What the page, or the request to it, failed of."""


class NotYet(PageFault):
    """What was waited for is still not so; the page complains of nothing."""


@dataclass
class Tab:
    """One page. Every complaint of it (an exception, an error on its console) fails the test it came in."""

    process: Process
    forgiven: tuple[str, ...] = ()
    """Parts of complaints that are what a test is about, as the loss of a connection is."""
    answer_s: float = ANSWER_S
    """Deadline of one request."""
    complaints: list[str] = field(default_factory=list)
    """Not told yet."""
    asked: int = 0
    """Number of the last request."""

    async def call(self, method: str, *args: Any) -> Any:
        """Call a method of playwright's Page."""
        assert self.process.stdin is not None
        self.asked += 1
        request = {"number": self.asked, "method": method, "args": args}
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        try:
            answer = await asyncio.wait_for(self._answer(), self.answer_s)
        except TimeoutError as error:
            raise PageFault(f"{method} {args}: no answer within {self.answer_s:.0f} s") from error
        wrong = [one for one in self.complaints if not any(part in one for part in self.forgiven)]
        self.complaints.clear()
        said = answer.get("error", "")
        if wrong or said:
            fault = NotYet if "still not so" in said and not wrong else PageFault
            raise fault("\n".join([f"{method} {args}: {said}", *wrong]))
        return answer.get("value")

    async def _answer(self) -> dict[str, Any]:
        """To the last request; what comes late to an earlier one is passed over, but for its complaints."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            answer: dict[str, Any] = json.loads(line)
            self.complaints += answer["complaints"]
            if answer["number"] == self.asked:
                return answer
        raise PageFault("the browser is gone")

    async def see(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return await self.call("evaluate", script)

    async def until(self, script: str) -> None:
        """Wait until a JavaScript expression is true, however slowly frames come."""
        for _ in range(PATIENCE - 1):
            with suppress(NotYet):
                await self.call("until", script)
                return
        await self.call("until", script)

    async def serious(self, packages: Path) -> Any:
        """What axe-core calls serious or critical in the page as it stands: rule and elements.

        The page must be open to tests: without its own content security policy (``bypassCSP``).
        """
        if not await self.see("'axe' in window"):
            await self.call(
                "addScriptTag", {"path": str(packages / "node_modules" / "axe-core" / "axe.min.js")}
            )
        return await self.see(
            "axe.run(document, {resultTypes: ['violations']}).then((all) => all.violations"
            ".filter((one) => ['serious', 'critical'].includes(one.impact))"
            ".map((one) => [one.id, one.nodes.map((node) => node.html)]))"
        )

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
