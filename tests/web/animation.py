"""Makes the README's animation from a museum that is open: ``python -m tests.web.animation ADDRESS FILE``.

A real Chromium walks the sample museum: it looks round in a gallery, goes to an exhibit, opens a note with a
click, reads, and goes on to the next. The film is a list of shots, each a stand and what is open there. The
page stands where the shot says, and its picture is taken once that is drawn: so the animation moves evenly on
a machine without a graphics card, which takes seconds for a picture. A run that was stopped goes on with the
pictures that lie in ``--film``. FILE is an animated WebP.
"""

import argparse
import asyncio
import itertools
import json
import math
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from PIL import Image

from tests.web.browser import NotYet, Tab, tab

RATE: Final = 6
"""Pictures a second."""
SIZE: Final = (960, 540)
QUALITY: Final = 62
PATIENCE: Final = 6
"""Times the patience of a tab, on a machine that may take a minute for a picture."""
ANSWER_S: Final = 900
CONTEXT: Final[dict[str, Any]] = {
    "viewport": {"width": SIZE[0], "height": SIZE[1]},
    # Two pixels for one: the page draws 3D coarsely where it has no graphics card, and is made small again.
    "deviceScaleFactor": 2,
    # A veil that fades would be caught half shut.
    "reducedMotion": "reduce",
}
GALLERY: Final = "clay-and-fire"
ROUND: Final = 0.55
"""Radians that the first look round turns by."""
LEAN: Final = 0.16
"""Metres that a reader comes nearer."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One exhibit of the film: the way to it, its notes' titles, and the note that is read."""

    artifact: str
    note: str
    walk_s: float
    titles_s: float
    read_s: float


LOOK_S: Final = 2.5
VISITS: Final = (
    Visit("sample:attic-column-krater", "discus", 3.5, 1.0, 4.0),
    Visit("sample:jomon-deep-vessel", "peak", 4.0, 1.0, 4.0),
)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the visitor stands and looks: metres; radians about +Y, 0 along -Z, and radians upward."""

    x: float
    z: float
    heading: float
    pitch: float

    def toward(self, other: "Stand", share: float) -> "Stand":
        """On the way to the other, starting and ending gently."""
        eased = share * share * (3 - 2 * share)
        turn = math.remainder(other.heading - self.heading, math.tau)
        return Stand(
            self.x + (other.x - self.x) * eased, self.z + (other.z - self.z) * eased,
            self.heading + turn * eased, self.pitch + (other.pitch - self.pitch) * eased,
        )  # fmt: skip

    def nearer(self, metres: float) -> "Stand":
        """The same look from so much farther ahead."""
        ahead = (-math.sin(self.heading) * metres, -math.cos(self.heading) * metres)
        return replace(self, x=self.x + ahead[0], z=self.z + ahead[1])


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: from where, and which exhibit's note is open in it."""

    at: Stand
    reads: Visit | None = None
    names: Visit | None = None
    """The exhibit whose notes' titles stand beside it."""


def shots(arrival: Stand, stands: Mapping[str, Stand]) -> Iterator[Shot]:
    """The film, given where one arrives and where one stands before each artifact."""
    aside = replace(arrival, heading=arrival.heading + ROUND)
    yield from (Shot(at) for at in between(aside, arrival, LOOK_S))
    here = arrival
    for visit in VISITS:
        there = stands[visit.artifact]
        near = there.nearer(LEAN)
        yield from (Shot(at) for at in between(here, there, visit.walk_s))
        close = list(between(there, near, visit.titles_s + visit.read_s))
        named = round(visit.titles_s * RATE)
        yield from (Shot(at, names=visit) for at in close[:named])
        yield from (Shot(at, reads=visit) for at in close[named:])
        here = near


def between(begin: Stand, end: Stand, seconds: float) -> Iterator[Stand]:
    """As many stands as pictures are shown in that time; the last is the end."""
    steps = round(seconds * RATE)
    return (begin.toward(end, step / steps) for step in range(1, steps + 1))


ARRIVED: Final = """new Promise((done) => {
  const end = twinStage.subscribe((notice) => {
    if (notice !== 'arrived') return;
    end();
    done(true);
  });
  twinStage.%s(%s);
})"""
WHERE: Final = """(({at, heading}) => ({x: at.x, z: at.z, heading, pitch: twinStage.feet.pitch}))
  (twinStage.place)"""
TAKE_STAND: Final = """((to) => {
  const from = twinStage.place.at;
  const at = from.clone().set(to.x, 0, to.z);
  // A gallery's viewpoint may lie nearer to a wall than one can walk.
  if (twinStage.plan.isFree(from) && !twinStage.plan.isFree(at)) return false;
  const eye = twinStage.feet.eyeHeight + Math.tan(to.pitch);
  twinStage.feet.stand(at, at.clone().set(to.x - Math.sin(to.heading), eye, to.z - Math.cos(to.heading)));
  return true;
})(%s)"""
DRAWN: Final = """new Promise((done) => {
  const end = twinStage.eachFrame(() => {
    end();
    twinStage.drawnAt = Infinity;
    done(true);
  });
  twinStage.isStale = true;
})"""
"""One frame, and no other until something changes: that of each second, which the page draws at rest, would
take all the time of a slow machine."""
AT_REST: Final = "twinStage.drawnAt = 0"
SETTLED: Final = (
    "twinStage.progress.all > 0 && twinStage.progress.shown === twinStage.progress.all && twinStage.isBaked"
)
TITLES: Final = "document.querySelectorAll('.twin-tag:not([hidden])').length > 1"


async def patiently(page: Tab, script: str) -> None:
    """Wait until it is so."""
    for _ in range(PATIENCE - 1):
        with suppress(NotYet):
            await page.until(script)
            return
    await page.until(script)


async def arrived(page: Tab, verb: str, name: str) -> Stand:
    """Go there as the list of exhibits does, and look where that is: told only when the veil is lifted."""
    await page.see(ARRIVED % (verb, json.dumps(name)))
    return Stand(**await page.see(WHERE))


async def take(page: Tab, shot: Shot, file: Path) -> None:
    """Stand there, open or close what the shot says, and save the picture once all of it is drawn."""
    if not await page.see(TAKE_STAND % json.dumps(asdict(shot.at))):
        raise SystemExit(f"the film leads through something at {shot.at}: choose other exhibits in VISITS")
    is_as_before = await opened(page, shot)
    await page.see(DRAWN)
    if not is_as_before or not await page.see(SETTLED):
        # Panels are laid out after a frame, and change the next one.
        await patiently(page, SETTLED)
        await page.see(DRAWN)
    partial = file.with_suffix(".part.png")
    await page.call("screenshot", {"path": str(partial), "timeout": ANSWER_S * 1000})
    partial.replace(file)


async def opened(page: Tab, shot: Shot) -> bool:
    """Open the note that the shot shows, and close every other; whether all was so already."""
    visit = shot.reads
    if visit is None:
        was_closed: bool = await page.see("twinStage.opened === null")
        await page.see("twinStage.open(null)")
        if shot.names is not None:
            await page.see(AT_REST)
            await patiently(page, TITLES)
        return was_closed
    if await page.see(f"twinStage.opened?.annotation?.name === {json.dumps(visit.note)}"):
        return True
    await page.see(AT_REST)
    notes = f"[...twin.world.exhibits.get({json.dumps(visit.artifact)}).annotations.values()]"
    note = f"{notes}.find((one) => one.name === {json.dumps(visit.note)})"
    await patiently(page, f"Boolean({note})")
    await page.see(f"twinStage.open({{artifact: {json.dumps(visit.artifact)}, annotation: {note}}})")
    await patiently(page, "document.querySelector('.twin-note p')?.textContent.length > 20")
    return False


async def film(page: Tab, address: str, folder: Path) -> None:
    """Take every picture of the film that is not there yet."""
    await page.call("goto", f"{address}/?measure#walk", {"waitUntil": "commit"})
    await patiently(page, "window.twinStage?.plan")
    stands = {visit.artifact: await arrived(page, "visit", visit.artifact) for visit in VISITS}
    arrival = await arrived(page, "enter", GALLERY)
    for number, shot in enumerate(shots(arrival, stands)):
        file = folder / f"{number:03}.png"
        if not file.exists():
            await take(page, shot, file)
            sys.stdout.write(f"\r{number + 1} pictures, {(number + 1) / RATE:.1f} s")
            sys.stdout.flush()


def write(pictures: Sequence[Path], file: Path) -> None:
    """As an animated WebP that runs for ever. It shows what moves: two pictures alike are refused."""
    frames = [shown(picture) for picture in pictures]
    for number, (one, other) in enumerate(itertools.pairwise(frames)):
        if one.tobytes() == other.tobytes():
            raise SystemExit(f"{pictures[number + 1]} is the picture before it again: the walk stood still")
    frames[0].save(
        file, save_all=True, append_images=frames[1:], duration=1000 // RATE,
        loop=0, quality=QUALITY, method=6,
    )  # fmt: skip


def shown(picture: Path) -> Image.Image:
    """One picture at the size of the animation."""
    with Image.open(picture) as taken:
        return taken.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)


async def record(address: str, folder: Path, packages: Path, chromium: str) -> None:
    """Open a browser and take what is missing."""
    async with tab(packages, chromium, context=CONTEXT) as page:
        page.answer_s = ANSWER_S
        await film(page, address, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("address", help="of a server with the sample museum, as http://localhost:8080")
    parser.add_argument("file", type=Path)
    parser.add_argument("--film", type=Path, default=Path("build/film"), help="folder of the pictures")
    options = parser.parse_args()
    packages = Path(__file__).resolve().parents[2] / "web_client"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium here: run `make browser`")
    options.film.mkdir(parents=True, exist_ok=True)
    asyncio.run(record(options.address, options.film, packages, chromium))
    pictures = sorted(options.film.glob("[0-9][0-9][0-9].png"))
    write(pictures, options.file)
    # Of a whole film only: the next one is taken anew.
    shutil.rmtree(options.film)
    size = options.file.stat().st_size / 1e6
    sys.stdout.write(f"\n{options.file}: {len(pictures)} pictures, {size:.1f} MB\n")


if __name__ == "__main__":
    main()
