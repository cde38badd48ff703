"""A scan comes in while the museum is open: built, indexed, seen and recognized, with no restart."""

import asyncio
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance
from typer.testing import CliRunner

from assets.pipeline.building.store import DerivativeStore
from server.seeing import Sighted
from tests.assets.pipeline.pot import write_pot
from tests.e2e.changing import ChangingMuseum
from tests.e2e.visiting import visiting, world_due
from tests.e2e.watched import Shown
from tests.server.conftest import opened
from tests.unity.conftest import Runtime
from twin import app

QUICK = (
    "--units",
    "mm",
    "--up",
    "-z",
    "--usage",
    "headset",
    "--encoding",
    "meshopt",
    "--no-sheet",
    "--jobs",
    "1",
)
TRIANGLES = 12_000


def twin(*words: object) -> str:
    """A command as a technician types it; what it says."""
    ended = CliRunner().invoke(app, [str(word) for word in words])
    assert ended.exit_code == 0, ended.output
    return ended.output


def photographed(store: Path, file: Path) -> Path:
    """What a camera sees of the scan: a rendered view, turned, nearer, on another ground, as a poor JPEG."""
    view = sorted((store / "recognition" / "views").glob("*/*.jpg"))[3]
    with Image.open(view) as seen:
        width, height = seen.size
        turned = seen.rotate(6, Image.Resampling.BICUBIC, fillcolor=(96, 104, 112))
        near = turned.crop((width // 12, height // 12, width * 11 // 12, height * 11 // 12))
        ImageEnhance.Brightness(near.resize((400, 400))).enhance(0.85).save(file, "JPEG", quality=60)
    return file


@pytest.mark.timeout(400)
async def test_a_scan_that_comes_in_is_seen_and_recognized_by_who_is_there(
    shown: Shown, runtime: Runtime, visitor_program: Path, tmp_path: Path
) -> None:
    museum = await asyncio.to_thread(ChangingMuseum, tmp_path / "museum", seed=5, artifacts=2)
    scan = tmp_path / "pot.ply"
    await asyncio.to_thread(write_pot, scan, TRIANGLES)
    async with opened(museum.store) as server, visiting(runtime, visitor_program, server.live) as headset:
        before = await headset.order("tell")
        pot = museum.add("pot", "A pot", (0.0, 1.0, 5.0), b"glTF of an earlier scan")
        await asyncio.to_thread(museum.publish)
        await asyncio.to_thread(twin, "build", scan, "--store", museum.store, "--artifact", pot, *QUICK)
        await asyncio.to_thread(twin, "index", "--store", museum.store)
        assert isinstance(server.twin.sight, Sighted)
        await server.twin.sight.stands(lambda standing: standing.artifacts == 1)
        await shown.all_of(museum.store)

        await headset.order(f"stand 0 1.6 6.2 {pot}")
        frame = await asyncio.to_thread(photographed, museum.store, tmp_path / "photo.jpg")
        told = await headset.order(f"film {frame}")
        assert told.seen == (f"photo={pot}",)
        # What it holds are the manifest's levels, the first small enough for a glance.
        assert told.world == world_due(shown.hubs[0], told)
        (manifest,) = await asyncio.to_thread(lambda: list(DerivativeStore(museum.store).manifests()))
        levels = {f"/assets/{one.sha256}": one for one in manifest.derivatives}
        held = told.world[pot][0].derivatives
        assert held
        for file in held:
            level = levels[file.address]
            assert (file.triangles, file.size) == (level.triangles, level.bytes)
            assert file.error == pytest.approx(level.hausdorff_mm, rel=1e-6)
            assert len((await server.client.get(file.address)).content) == level.bytes
        assert told.token == before.token
        assert (told.stray, told.connections) == (0, 1)
