"""The phone's page with a fake camera: consent, what it is, its notes, its way into the visitor's room."""

import asyncio
import io
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

from assets.pipeline.encoding.compress import Encoding, unavailable
from server.seeing import Sighted
from server.settings import FrameWork, Settings
from tests.web.browser import PHONE
from tests.web.conftest import PATIENT, SHOTS, Browsing, House, standing
from tests.web.filming import film
from tests.web.small_museum import BELL, DISC, picture_of
from tests.web.vases import held, write_vases

WIDTH, HEIGHT = 960, 720
"""Of the camera: larger than what may be sent."""
OPEN_TO_TESTS = {**PHONE, "bypassCSP": True}
CARD = "document.querySelector('.card')"


def views(slug: str) -> Iterator[Image.Image]:
    """What a trembling hand sees."""
    return (picture_of(slug, WIDTH, HEIGHT, shift) for shift in (0, 6, 2, -4))


FETCH = """async address => {
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  window.fetched = btoa(text);
}"""


def assert_quick_look(usdz: bytes) -> None:
    """What Apple's viewer asks: nothing compressed, files at multiples of 64 bytes, metres, +Y up."""
    with zipfile.ZipFile(io.BytesIO(usdz)) as archive:
        entries = archive.infolist()
        assert entries[0].filename.endswith((".usda", ".usdc"))
        assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
        starts = [
            entry.header_offset + 30 + int.from_bytes(usdz[at + 26 : at + 28], "little")
            + int.from_bytes(usdz[at + 28 : at + 30], "little")
            for entry in entries
            for at in (entry.header_offset,)
        ]  # fmt: skip
        assert [start % 64 for start in starts] == [0] * len(starts)
        text = archive.read(entries[0]).decode()
        assert "metersPerUnit = 1" in text
        assert 'upAxis = "Y"' in text
        assert any(entry.filename.endswith((".png", ".jpg")) for entry in entries)


async def test_nothing_is_seen_or_sent_before_the_visitor_agreed_and_nothing_after_it_was_taken_back(
    house: House, browsing: Browsing, web_packages: Path, tmp_path: Path
) -> None:
    flags = await film(tmp_path / "camera.y4m", views(BELL))
    async with browsing(flags=flags, context=OPEN_TO_TESTS) as page:
        await page.call("goto", f"{house.address}/?measure=1#phone")
        await page.until("window.twin && twin.world.connection.phase === 'live'")
        await page.picture(SHOTS / "phone-consent.png")
        assert await page.serious(web_packages) == []
        assert "never kept" in await page.call("textContent", ".consent")
        assert await page.see("document.querySelector('video')") is None
        assert await page.see("twin.consent.camera") is False
        assert house.recognizer.shapes == []

        await page.call("click", "text=Use the camera")
        await page.until(f"{CARD} && {CARD}.dataset.artifact")
        assert await page.serious(web_packages) == []
        await page.call("click", "text=Stop the camera")

        await page.until("twin.world.connection.phase === 'live' && twin.consent.camera === false")
        sent = len(house.recognizer.shapes)
        assert await page.see("twin.show({jpeg: new Uint8Array(9), width: 1, height: 1})") is None
        assert await page.see("document.querySelector('.consent') !== null")
        assert sent == len(house.recognizer.shapes)
        assert all(max(shape[:2]) <= 640 for shape in house.recognizer.shapes)


async def test_a_phone_shows_which_exhibit_it_is_why_what_there_is_to_see_and_hands_it_to_quick_look(
    house: House, browsing: Browsing, tmp_path: Path
) -> None:
    async with browsing(flags=await film(tmp_path / "camera.y4m", views(BELL)), context=PHONE) as page:
        # As Safari says it: what such a link leads to is looked at below.
        await page.call("addInitScript", {"content": "DOMTokenList.prototype.supports = () => true"})
        await page.call("goto", f"{house.address}/?measure=1&emulate=1#phone")
        await page.call("click", "text=Use the camera")
        await page.until(f"{CARD} && {CARD}.dataset.artifact === 'sample:{BELL}'")
        await page.until("document.querySelector('.name').textContent === 'Bell of Lai (Lai zhong)'")
        assert await page.call("textContent", ".sure span") == "93 % sure"
        assert "of the middle" in await page.call("textContent", ".evidence")
        await page.until("document.querySelector('.highlight .outline').getAttribute('points') !== ''")
        await page.until("document.querySelectorAll('.annotations li').length >= 2")
        await page.call("click", ".annotations summary")
        await page.picture(SHOTS / "phone-seen.png")

        await page.call("click", "text=Look at it here")
        await page.until("document.querySelector('.place[data-ready]')")
        assert (
            await page.see("document.querySelector('.place').dataset.ways") == "webxr quicklook overlay orbit"
        )
        assert await page.see("document.querySelectorAll('canvas').length") == 1
        await page.picture(SHOTS / "phone-place.png")

        await page.until("document.querySelector('a[rel=ar] > img')")
        await page.see(f"({FETCH})(document.querySelector('a[rel=ar]').href)")
        await page.until("window.fetched")
        assert_quick_look(b64decode(await page.see("window.fetched")))


async def test_an_artifact_is_placed_where_the_visitor_taps_on_the_floor_its_textures_compressed(
    house: House, browsing: Browsing, tmp_path: Path
) -> None:
    # The emulated headset stands for a phone with WebXR AR: a floor to hit, a trigger for the tap.
    async with browsing(flags=await film(tmp_path / "camera.y4m", views(DISC)), context=PHONE) as page:
        await page.call("goto", f"{house.address}/?measure=1&emulate=1#phone")
        await page.call("click", "text=Use the camera")
        await page.until(f"{CARD} && {CARD}.dataset.artifact === 'sample:{DISC}'")
        await page.call("click", "text=Look at it here")
        await page.until("document.querySelector('.place[data-ready]')")
        loaded = await page.see("performance.getEntriesByType('resource').map((one) => one.name).join(' ')")
        assert ("basis_transcoder" in loaded) == (unavailable(Encoding.MESHOPT_KTX2) is None)
        assert "Drag to turn it" in await page.call("textContent", ".place .hint")
        await page.picture(SHOTS / "phone-place-ktx2.png")

        await page.see("window.asked = []; 0")
        await page.see(
            "(function () { const ask = navigator.xr.requestSession.bind(navigator.xr);"
            " navigator.xr.requestSession = (...all) => { asked.push(all); return ask(...all); }; })()"
        )
        await page.see("twinHeadset.stereoEnabled = false; twinHeadset.position.set(0.4, 1.6, 0); 0")
        await page.see("twinHeadset.quaternion.set(-Math.sin(Math.PI / 8), 0, 0, Math.cos(Math.PI / 8)); 0")
        await page.see("document.querySelector('.ways button.first').click()")
        await page.until("window.twinHeadset.activeSession !== undefined")
        wished = await page.see("JSON.stringify([asked[0][0], asked[0][1].requiredFeatures])")
        assert wished == '["immersive-ar",["hit-test","local-floor"]]'
        assert await page.see("asked[0][1].domOverlay.root === document.querySelector('.over-room')")
        assert await page.see("twinHeadset.activeSession.environmentBlendMode") == "alpha-blend"
        await page.until("document.querySelector('.over-room p').textContent.startsWith('Tap')")
        await page.see(
            "twinHeadset.activeSession.addEventListener('selectstart',"
            " () => twinHeadset.controllers.right.updateButtonValue('trigger', 0)); 0"
        )
        await page.see("twinHeadset.controllers.right.updateButtonValue('trigger', 1); 0")

        # The ray falls at 45 degrees from 1.6 m above the floor.
        await page.until("document.querySelector('.over-room').dataset.placed === '0.400 0.000 -1.600'")
        await page.picture(SHOTS / "phone-room.png")
        await page.see("document.querySelector('.over-room button').click()")
        await page.until("!window.twinHeadset.activeSession && document.querySelector('.over-room').hidden")


async def test_a_phone_pointed_at_a_photo_of_a_real_vase_says_which_it_is(
    shared_data: Path, web_client: Path, browsing: Browsing, web_packages: Path, tmp_path: Path
) -> None:
    if find_spec("onnxruntime") is None or find_spec("cv2") is None:
        pytest.skip("no recognizer here: pip install 'museum-twin[cpu]'")
    store = tmp_path / "museum"
    known = await asyncio.to_thread(write_vases, shared_data, store)
    artifact, photo = known[1]
    pictures = [await asyncio.to_thread(held, photo, WIDTH, HEIGHT, shift) for shift in (0, 6, 2, -4)]
    flags = await film(tmp_path / "camera.y4m", pictures)
    settings = Settings(
        store=store, host="127.0.0.1", web_client=web_client, drain_s=2.0,
        frames=FrameWork(deadline_s=60.0, wait_s=60.0), http=PATIENT,
    )  # fmt: skip
    async with standing(settings, None) as twin, browsing(flags=flags, context=OPEN_TO_TESTS) as page:
        assert isinstance(twin.sight, Sighted)
        await twin.sight.stands(lambda standing: standing.artifacts == len(known))
        await page.call("goto", f"http://127.0.0.1:{twin.port}/?measure=1#phone")
        await page.call("click", "text=Use the camera")

        await page.until(f"{CARD} && {CARD}.dataset.artifact === '{artifact}'")
        await page.until("document.querySelector('.name').textContent.length > 8")
        await page.until("document.querySelector('.highlight .region').getAttribute('points') !== ''")
        await page.call("click", "text=Why")
        assert "small details lie as on" in await page.call("textContent", ".why")
        assert await page.serious(web_packages) == []
        await page.picture(SHOTS / "phone-vase.png")
        await page.call("setViewportSize", {"width": 800, "height": 390})
        await page.picture(SHOTS / "phone-vase-landscape.png")


async def test_a_picture_of_nothing_of_ours_is_said_to_be_none_of_ours(
    house: House, browsing: Browsing, tmp_path: Path
) -> None:
    blank = Image.new("RGB", (WIDTH, HEIGHT), (90, 90, 190))
    chinese = {**PHONE, "locale": "zh-CN"}
    async with browsing(flags=await film(tmp_path / "camera.y4m", iter([blank])), context=chinese) as page:
        await page.call("goto", f"{house.address}/?measure=1#phone")
        await page.call("click", "text=使用相机")

        await page.until(f"{CARD} && {CARD}.dataset.verdict === 'notOurs'")
        assert "不是本馆的藏品" in await page.call("textContent", ".card")
        assert await page.see("document.querySelector('.phone').lang") == "zh-Hans"
        await page.picture(SHOTS / "phone-not-ours.png")


async def test_a_phone_whose_camera_is_refused_says_what_to_do(house: House, browsing: Browsing) -> None:
    async with browsing(flags=("--deny-permission-prompts",), context=PHONE) as page:
        await page.call("goto", f"{house.address}/?measure=1#phone")
        await page.call("click", "text=Use the camera")

        await page.until("document.querySelector('[role=alert]')")
        assert await page.call("textContent", "[role=alert]")
        assert await page.see("twin.consent.camera") is False
        assert house.recognizer.shapes == []
