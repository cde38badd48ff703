"""An artifact added while the museum is open: how long until a visitor who is there sees and recognizes it?

    python bench/newcomer.py [--triangles 200000] [--photos]

A server runs over a small store, and a visitor stands before a plinth. Then a technician types ``twin build``
(a scan of so many triangles in millimetres, for headsets and phones) and ``twin index``. Told are the seconds
from the first key to the manifest's levels at the visitor's, and to the visitor's camera frame named. With
``--photos`` the artifact has no scan but three photos, and only ``twin index`` is typed. The frame is another
picture than those in the index: nearer, darker, a poor JPEG. What it does not show: the hours of scanning and
the curator's words.
"""

import argparse
import asyncio
import io
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image

from bench.load_lab import port_of, started
from bench.results import record
from server.protocol.codec import encode
from server.protocol.messages import CameraFrame, Hello, Sightings
from server.protocol.parts import Consent, ImageEncoding
from tests.assets.pipeline.pot import write_pot
from tests.e2e.changing import ChangingMuseum
from tests.e2e.guests import HELLO, Guest, guests
from tests.e2e.test_recognized import write_frame
from tests.e2e.test_scanned import photographed
from tests.inference.conftest import picture

ROOT = Path(__file__).resolve().parent.parent
LEVEL = (0.0, 0.0, 0.0, 1.0)
PLINTH = (0.0, 1.0, 5.0)
BEFORE = (0.0, 1.6, 6.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--triangles", type=int, default=200_000)
    parser.add_argument("--photos", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.photos:
            told = asyncio.run(photos_come(Path(folder)))
        else:
            told = asyncio.run(scan_comes(Path(folder), options.triangles))
    for what, seconds in told.items():
        print(f"{what:<42} {seconds:7.1f} s")
    print(f"{'altogether':<42} {max(told.values()) / 60:7.1f} min")
    record("newcomer", [{"photos": options.photos, "triangles": options.triangles, **told}])


async def scan_comes(folder: Path, triangles: int) -> dict[str, float]:
    """Seconds since the first key."""
    museum = ChangingMuseum(folder / "museum", seed=5, artifacts=2)
    scan = folder / "pot.ply"
    write_pot(scan, triangles)
    pot = museum.add("pot", "A pot", PLINTH, b"glTF of an earlier scan")
    museum.publish()
    hello = HELLO.model_copy(update={"consent": Consent(camera=True), "capabilities": ("meshopt",)})
    async with visited(museum, hello, pot) as guest:
        earlier = guest.kept.artifacts[pot].derivatives
        began = time.monotonic()
        await twin("build", scan, "--store", museum.store, "--artifact", pot, "--units", "mm", "--up", "-z",
                   "--usage", "headset", "--usage", "phone")  # fmt: skip
        built = time.monotonic() - began
        await patiently(guest, lambda: guest.kept.artifacts[pot].derivatives not in ((), earlier))
        seen = time.monotonic() - began
        await twin("index", "--store", museum.store)
        indexed = time.monotonic() - began
        frame = await asyncio.to_thread(photographed, museum.store, folder / "photo.jpg")
        named = await recognized(guest, frame, pot) - began
    return {"`twin build` has ended": built, "the visitor has the scan's levels": seen,
            "`twin index` has ended": indexed, "the visitor's camera frame is named": named}  # fmt: skip


async def photos_come(folder: Path) -> dict[str, float]:
    """The same for three photos."""
    museum = ChangingMuseum(folder / "museum", seed=5, artifacts=2)
    jug = museum.add("jug", "A jug", PLINTH, b"glTF jug")
    museum.publish()
    lines = ["file,artifact"]
    for number in range(3):
        Image.fromarray(picture(number, (640, 528))).save(folder / f"{number}.png")
        lines.append(f"{folder / f'{number}.png'},{jug}")
    (folder / "labels.csv").write_text("\n".join(lines), "utf-8")
    frame = write_frame(folder / "frame.jpg", 1)
    hello = HELLO.model_copy(update={"consent": Consent(camera=True)})
    async with visited(museum, hello, jug) as guest:
        began = time.monotonic()
        await twin("index", folder / "labels.csv", "--store", museum.store)
        indexed = time.monotonic() - began
        named = await recognized(guest, frame, jug) - began
    return {"`twin index` has ended": indexed, "the visitor's camera frame is named": named}


@asynccontextmanager
async def visited(museum: ChangingMuseum, hello: Hello, artifact: str) -> AsyncIterator[Guest]:
    """A server in a process of its own, and a visitor who stands before the artifact and stays."""
    serving = ("-c", "import twin; twin.main()", "serve", "--store", str(museum.store), "--host", "127.0.0.1",
               "--port", "0", "--no-qr", "--set", "logs.level=error")  # fmt: skip
    with started(*serving) as server:
        port = await asyncio.to_thread(port_of, server, recognizing=False)
        async with guests(f"ws://127.0.0.1:{port}/live", 1, hello) as (guest,):
            staying = asyncio.create_task(stay(guest))
            await guest.until(lambda: artifact in guest.kept.artifacts)
            yield guest
            staying.cancel()


async def stay(guest: Guest) -> None:
    """Stand there; whoever says nothing for long is taken to be gone."""
    while True:
        await guest.stand(BEFORE, LEVEL)
        await asyncio.sleep(1)


async def recognized(guest: Guest, frame: Path, artifact: str) -> float:
    """Film it again and again until it is named; when that was."""
    content = await asyncio.to_thread(frame.read_bytes)
    with Image.open(io.BytesIO(content)) as image:
        width, height = image.size
    for number in range(1, 600):
        film = CameraFrame(number=number, encoding=ImageEncoding.JPEG, width=width, height=height,
                           image=content, time=0)  # fmt: skip
        await guest.kept.socket.send(encode(film))
        await patiently(guest, partial(answer_to, guest, number))
        told = answer_to(guest, number)
        if told is not None and told.sightings and told.sightings[0].artifact == artifact:
            return time.monotonic()
        await asyncio.sleep(0.2)
    raise SystemExit(f"{artifact} was not recognized within two minutes")


async def patiently(guest: Guest, is_so: Callable[[], object]) -> None:
    """Wait until it is so, longer than a test would."""
    while True:
        with suppress(TimeoutError):
            await guest.until(lambda: bool(is_so()))
            return


def answer_to(guest: Guest, number: int) -> Sightings | None:
    """The answer to a frame, where it came."""
    found = (one for one in guest.kept.others if isinstance(one, Sightings) and one.number == number)
    return next(found, None)


async def twin(*words: object) -> None:
    """A command as a technician types it, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import twin; twin.main()", *map(str, words),
        cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, told = await process.communicate()
    if process.returncode:
        raise SystemExit(f"twin {words[0]} ended with {process.returncode}: {told.decode()}")


if __name__ == "__main__":
    main()
