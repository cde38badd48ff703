"""A phone's camera in a real browser through the running server: to the right annotation on the screen."""

import asyncio
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.changing import ChangingMuseum
from tests.e2e.test_recognized import CURIOUS, STAGES, begin, serves, write_frame
from tests.e2e.watched import Shown
from tests.server.conftest import opened
from tests.web.browser import PHONE
from tests.web.conftest import SHOTS, Browsing
from tests.web.filming import film

CAMERA = (640, 528)
CARD = "document.querySelector('.card')"
NOTES = "[...document.querySelectorAll('.annotations summary')].map((one) => one.textContent)"
pytestmark = pytest.mark.usefixtures("without_gpu")


def seen_by_camera(file: Path) -> Image.Image:
    """The photo that the index has not seen, as large as a camera's picture."""
    with Image.open(write_frame(file, 1)) as photo:
        return photo.resize(CAMERA, Image.Resampling.BICUBIC)


@pytest.mark.timeout(600)
async def test_what_a_phone_films_leads_to_its_annotation_on_the_screen_and_tells_where_the_time_went(
    shown: Shown, museum: ChangingMuseum, web_client: Path, browsing: Browsing, tmp_path: Path
) -> None:
    jug, _ = await asyncio.to_thread(begin, museum)
    photo = await asyncio.to_thread(seen_by_camera, tmp_path / "photo.jpg")
    camera = await film(tmp_path / "camera.y4m", [photo])
    async with opened(museum.store, perception=CURIOUS, web_client=web_client) as server:
        await serves(server, 1)
        async with browsing(flags=camera, context=PHONE) as page:
            await page.call("goto", f"http://127.0.0.1:{server.twin.port}/?measure=1#phone")
            await page.call("click", "text=Use the camera")
            await page.until(f"{CARD} && {CARD}.dataset.artifact === '{jug}'")
            await page.until("document.querySelector('.name').textContent === 'A jug'")
            await page.until(f"{NOTES}.includes('Mended twice')")
            assert await page.see(NOTES) == ["Mended twice"]
            assert (await page.see(f"{CARD}.dataset.stages")).split() == STAGES

            await page.call("click", ".card details:not(.annotations details) > summary")
            await asyncio.to_thread(SHOTS.mkdir, parents=True, exist_ok=True)
            await page.picture(SHOTS / "phone-journey.png")
            took = await page.call("textContent", ".took")
            assert "picture" in took
            assert "way there and back" in took
