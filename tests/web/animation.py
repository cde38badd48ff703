"""Makes the README's animation from a museum that is open: ``python -m tests.web.animation ADDRESS FILE``.

A real Chromium walks the sample museum: it stands in each gallery, goes to an exhibit, and opens a note. Each
picture is taken once it is drawn, whatever that took, and shown for an equal time: a machine without a
graphics card draws a second of it in a minute. FILE is an animated WebP.

``python -m tests.web.animation build/web FILE`` makes it of the pictures instead that the tests of the web
client took in their browser: stills.
"""

import argparse
import asyncio
import io
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps

from tests.web.browser import NotYet, Tab, tab

PATIENCE: Final = 6
SIZE: Final = {"width": 600, "height": 375}
QUALITY: Final = 55
SETTLED: Final = (
    "twinStage.progress.all > 0 && twinStage.progress.shown === twinStage.progress.all && twinStage.isBaked"
)
DRAWN: Final = """new Promise((done) => {
  const end = twinStage.eachFrame(() => { end(); done(true); });
  twinStage.isStale = true;
})"""
PLACE: Final = "(({at, heading}) => ({x: at.x, z: at.z, heading}))(twinStage.place)"


@dataclass(frozen=True, slots=True)
class Scene:
    """One gallery: across it to an exhibit, of which a note is read."""

    gallery: str
    artifact: str
    look_s: float
    """Seconds at the gallery's viewpoint, and again before the exhibit; on the way; with the note open."""
    walk_s: float
    read_s: float


SCENES: Final = (
    Scene("clay-and-fire", "sample:attic-column-krater", 1.0, 3.0, 2.5),
    Scene("signs-and-numbers", "sample:isfahan-astrolabe", 1.0, 2.5, 2.0),
    Scene("sound-cloth-and-ceremony", "sample:lai-zhong-bell", 1.0, 2.0, 2.0),
)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the visitor stands and where they look: radians about +Y, 0 along -Z."""

    x: float
    z: float
    heading: float

    def toward(self, other: "Stand", share: float) -> "Stand":
        """On the way to the other, starting and ending gently."""
        eased = share * share * (3 - 2 * share)
        turn = (other.heading - self.heading + 3.141592653589793) % 6.283185307179586 - 3.141592653589793
        return Stand(
            self.x + (other.x - self.x) * eased, self.z + (other.z - self.z) * eased,
            self.heading + turn * eased,
        )  # fmt: skip


Shown = tuple[Image.Image, int]
"""A picture, and for how many milliseconds it stands."""


async def pictures(page: Tab, rate: int) -> AsyncIterator[Shown]:
    """All pictures of all scenes; ``rate`` of them a second where something moves."""
    for scene in SCENES:
        artifact, gallery = json.dumps(scene.artifact), json.dumps(scene.gallery)
        await page.see(f"twinStage.visit({artifact})")
        await patiently(page, SETTLED)
        near = Stand(**await page.see(PLACE))
        await page.see(f"twinStage.open(null), twinStage.enter({gallery})")
        await patiently(page, SETTLED)
        far = Stand(**await page.see(PLACE))
        yield await taken(page, far), round(scene.look_s * 1000)
        steps = round(scene.walk_s * rate)
        for step in range(1, steps + 1):
            yield await taken(page, far.toward(near, step / steps)), 1000 // rate
        await page.see(f"twinStage.visit({artifact})")
        notes = f"[...twin.world.exhibits.get({artifact})?.annotations.values() ?? []]"
        await patiently(page, f"{notes}.length > 1")
        yield await taken(page, None), round(scene.look_s * 1000)
        await page.see(f"twinStage.open({{artifact: {artifact}, annotation: {notes}[1]}})")
        await patiently(page, "Boolean(twinStage.opened?.annotation)")
        yield await taken(page, None), round(scene.read_s * 1000)


async def patiently(page: Tab, script: str) -> None:
    """Wait until it is so, on a machine that may take a minute for a frame."""
    for _ in range(PATIENCE):
        with suppress(NotYet):
            await page.until(script)
            return
    raise NotYet(script)


async def taken(page: Tab, at: Stand | None) -> Image.Image:
    """What is seen from there, once it is drawn; ``None``: from where the visitor stands."""
    if at is not None:
        place = json.dumps({"x": at.x, "z": at.z, "heading": at.heading})
        await page.see(f"""((to) => {{
          const at = twinStage.place.at;
          at.set(to.x, 0, to.z);
          const ahead = at.clone();
          ahead.set(to.x - Math.sin(to.heading), twinStage.feet.eyeHeight, to.z - Math.cos(to.heading));
          twinStage.feet.stand(at, ahead);
        }})({place})""")
    await page.see(DRAWN)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "picture.png"
        await page.picture(file)
        return Image.open(io.BytesIO(file.read_bytes())).convert("RGB")


async def animated(page: Tab, address: str, rate: int) -> AsyncIterator[list[Shown]]:
    """All that there is so far, after each picture."""
    await page.call("goto", f"{address}/?measure#walk", {"waitUntil": "commit"})
    await patiently(page, "window.twinStage?.plan")
    await patiently(page, SETTLED)
    shown: list[Shown] = []
    async for one in pictures(page, rate):
        shown.append(one)
        yield shown


def write(shown: list[Shown], file: Path) -> None:
    """As an animated WebP that runs for ever."""
    first, *rest = (picture for picture, _ in shown)
    first.save(
        file, save_all=True, append_images=rest, duration=[milliseconds for _, milliseconds in shown],
        loop=0, quality=QUALITY, method=6,
    )  # fmt: skip


STILLS: Final = (
    ("walk-gallery", 3000), ("walk-note", 4000), ("walk-map", 3000), ("walk-phone", 3500),
    ("phone-seen", 3500), ("headset-vr", 3000),
)  # fmt: skip
"""Pictures of tests, and for how many milliseconds each stands."""
STILL_SIZE: Final = (760, 460)
GROUND: Final = (23, 24, 27)


def stills(folder: Path) -> list[Shown]:
    """The tests' pictures, each as large as it fits on one ground."""
    found = []
    for name, milliseconds in STILLS:
        with Image.open(folder / f"{name}.png") as picture:
            fitted = ImageOps.contain(picture.convert("RGB"), STILL_SIZE, Image.Resampling.LANCZOS)
            found.append((ImageOps.pad(fitted, STILL_SIZE, color=GROUND), milliseconds))
    return found


async def record(options: argparse.Namespace, packages: Path, chromium: str) -> None:
    """Open the page and write what is there after each picture: a run that is stopped leaves its part."""
    context: dict[str, Any] = {"viewport": SIZE, "reducedMotion": "reduce"}
    async with tab(packages, chromium, context=context) as page:
        async for shown in animated(page, options.address, options.rate):
            await asyncio.to_thread(write, shown, options.file)
            sys.stdout.write(f"\r{len(shown)} pictures, {sum(ms for _, ms in shown) / 1000:.1f} s")
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("address", help="of a server with the sample museum; or a folder of pictures")
    parser.add_argument("file", type=Path)
    parser.add_argument("--rate", type=int, default=6, help="pictures a second where something moves")
    options = parser.parse_args()
    packages = Path(__file__).resolve().parents[2] / "web_client"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium here: run `make browser`")
    if Path(options.address).is_dir():
        write(stills(Path(options.address)), options.file)
    else:
        asyncio.run(record(options, packages, chromium))
    sys.stdout.write(f"\n{options.file}: {options.file.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
