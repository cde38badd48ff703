"""The web client: time to first geometry and first annotation, beside a bare page; bytes of its JavaScript.

    make web && python bench/web_client.py [--runs 5]

Both pages open in a headless Chromium, in turn, each in a browser of its own (empty cache), against the
same server on this machine. The bare page is the least that can show the first file that the walk shows:
three.js, its loader, one GLB, one light; it stops the clock after the first frame. The note is of the exhibit
before which a visit begins: the client goes there and opens the first note it is told of, with the server's
dwell set to nothing.

What the figures do not show: a graphics card (Chromium draws in software here, so a frame takes long), and a
network. A ratio near 1 would say that connection, rooms and interface cost nothing beside the download.
"""

import argparse
import asyncio
import gzip
import json
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from server.app import Twin  # noqa: E402
from server.listener import listen  # noqa: E402
from server.settings import Perception, Settings  # noqa: E402
from tests.web.browser import tab  # noqa: E402
from tests.web.sample_rooms import write_light_museum  # noqa: E402

CLIENT = HERE.parent / "web_client"
EXHIBIT = "sample:attic-column-krater"
BUDGET_KB = 350


def scripts(dist: Path) -> dict[str, int]:
    """Bytes after gzip of the scripts that a visitor of the walk loads, by name."""
    manifest: dict[str, Any] = json.loads((dist / ".vite" / "manifest.json").read_text())
    entry = next(name for name, chunk in manifest.items() if chunk.get("isEntry"))
    wanted, found = [entry, "src/scene/open.ts", "src/ui/open.ts", "src/xr/entry.ts"], {}
    while wanted:
        chunk = manifest.get(wanted.pop())
        if chunk is None or chunk["file"] in found:
            continue
        found[chunk["file"]] = len(gzip.compress((dist / chunk["file"]).read_bytes(), 9))
        wanted += chunk.get("imports", [])
    return found


async def walked(packages: Path, chromium: str, address: str) -> tuple[float, float]:
    """Seconds from navigation to the first exhibit drawn, and to the first note opened."""
    async with tab(packages, chromium) as page:
        await page.call("goto", f"{address}/?measure#walk", {"waitUntil": "commit"})
        await page.until("performance.getEntriesByName('twin-first-geometry').length > 0")
        await page.until("twinStage.plan !== null")
        await page.see(f"twinStage.visit('{EXHIBIT}')")
        await page.until(f"twinStage.world.exhibits.get('{EXHIBIT}')?.annotations.size > 0")
        await page.see(
            f"twinStage.open({{artifact: '{EXHIBIT}', annotation: "
            f"[...twinStage.world.exhibits.get('{EXHIBIT}').annotations.values()][0]}})"
        )
        marks = await page.see(
            "['geometry', 'annotation'].map((name) =>"
            " performance.getEntriesByName(`twin-first-${name}`)[0].startTime / 1000)"
        )
        return marks[0], marks[1]


async def bare(packages: Path, chromium: str, address: str, glb: str) -> float:
    """Seconds from navigation to the first frame that draws the file."""
    async with tab(packages, chromium) as page:
        await page.call("goto", f"{address}/app/bare.html?glb={glb}", {"waitUntil": "commit"})
        await page.until("performance.getEntriesByName('bare').length > 0")
        return float(await page.see("performance.getEntriesByName('bare')[0].startTime / 1000"))


async def first_file(packages: Path, chromium: str, address: str) -> str:
    """Path of the file that the walk shows first."""
    async with tab(packages, chromium) as page:
        await page.call("goto", f"{address}/?measure#walk", {"waitUntil": "commit"})
        await page.until("performance.getEntriesByName('twin-first-geometry').length > 0")
        loaded = "performance.getEntriesByType('resource').map((one) => one.name)"
        urls: list[str] = await page.see(loaded)
        return next(url.removeprefix(address) for url in urls if url.startswith(f"{address}/assets/"))


async def build(dist: Path, *arguments: str) -> None:
    """Run Vite."""
    process = await asyncio.create_subprocess_exec(
        "node", str(CLIENT / "node_modules" / "vite" / "bin" / "vite.js"), "build",
        "--outDir", str(dist), "--logLevel", "error", *arguments, cwd=CLIENT,
    )  # fmt: skip
    if await process.wait() != 0:
        raise SystemExit("the web client does not build")


async def measure(runs: int, folder: Path) -> dict[str, Any]:
    """All figures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or not (CLIENT / "node_modules").is_dir():
        raise SystemExit("needs Chromium and the web client's packages: make browser web")
    dist = folder / "dist"
    await build(dist)
    await build(folder / "bare", "--config", str(HERE / "bare" / "vite.config.mjs"))
    for made in (folder / "bare").rglob("*"):
        if made.is_file():
            target = dist / made.relative_to(folder / "bare")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(made, target)
    store = folder / "museum"
    await asyncio.to_thread(shutil.rmtree, store, ignore_errors=True)
    await asyncio.to_thread(write_light_museum, HERE.parent / "build", store)
    settings = Settings(
        store=store, host="127.0.0.1", web_client=dist, perception=Perception(full_s=0.01, media_s=0.02)
    )
    twin = Twin(settings, listen("127.0.0.1", 0), None, None)
    task = asyncio.create_task(twin.run())
    await twin.started.wait()
    try:
        return await compared(runs, chromium, f"http://127.0.0.1:{twin.port}") | {"gzip": scripts(dist)}
    finally:
        twin.stop()
        await task


async def compared(runs: int, chromium: str, address: str) -> dict[str, Any]:
    """The two pages in turn."""
    glb = await first_file(CLIENT, chromium, address)
    times: list[tuple[float, float, float]] = []
    for _ in range(runs):
        alone = await bare(CLIENT, chromium, address, glb)
        times.append((alone, *await walked(CLIENT, chromium, address)))
    alone, geometry, annotation = (statistics.median(column) for column in zip(*times, strict=True))
    return {"bare_s": alone, "geometry_s": geometry, "annotation_s": annotation}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    folder = HERE.parent / "build" / "bench-web"
    found = asyncio.run(measure(runs, folder))
    alone, geometry, annotation = found["bare_s"], found["geometry_s"], found["annotation_s"]
    print(f"median of {runs} runs, seconds from navigation; Chromium draws in software")
    print(f"  bare page, same file drawn       {alone:6.2f}")
    print(f"  walk, first exhibit drawn        {geometry:6.2f}  {geometry / alone:5.2f} x")
    print(f"  walk, gone there, note opened    {annotation:6.2f}  {annotation / alone:5.2f} x")
    total = sum(found["gzip"].values())
    for name, size in sorted(found["gzip"].items(), key=lambda one: -one[1]):
        print(f"  {name:44} {size / 1000:7.1f} kB gzip")
    print(f"  {'JavaScript of the walk':44} {total / 1000:7.1f} kB gzip of {BUDGET_KB}")


if __name__ == "__main__":
    main()
