"""The walk with an emulated Quest 3, in a real browser against the real server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.web.browser import Tab
from tests.web.conftest import SHOTS, Browsing, House
from tests.web.small_museum import BELL, DISC

SMALL = {"viewport": {"width": 480, "height": 320}}
"""The picture is drawn by the processor: a small one says the same."""
BELL_HERE = f"twin.world.exhibits.get('sample:{BELL}')"
FULL = 3

OPENED_AT = "twinStage.opened?.annotation?.position[1].toFixed(3)"
"""Height of the opened note's mark above its exhibit's foot, metres."""


async def moved_by_controller(page: Tab) -> None:
    """The trigger, let go over a free place of the floor, goes there; the stick aside turns by a step."""
    await page.see("twinHeadset.primaryInputMode = 'controller'; 0")
    await page.until("twinStage.renderer.xr.getSession().inputSources[0]?.gamepad?.axes.length === 4")
    # Backward and down, at 45 degrees, from 1.2 m above the floor and 0.9 m before the middle of the room.
    await page.see("twinHeadset.controllers.right.position.set(-1, 1.2, -1.6); 0")
    await page.see("twinHeadset.controllers.right.quaternion.set(0, 0.92388, 0.38268, 0); 0")
    await page.see("twinHeadset.controllers.right.updateButtonValue('trigger', 1); 0")
    await page.until("twinStage.hands.spot.visible")
    await page.see("twinHeadset.controllers.right.updateButtonValue('trigger', 0); 0")
    await page.until("Math.hypot(twinStage.place.at.x + 1, twinStage.place.at.z - 2.1) < 0.15")
    await page.see("twinHeadset.controllers.right.updateAxes('thumbstick', 1, 0); 0")
    await page.until("Math.abs(twinStage.rig.rotation.y + Math.PI / 6) < 1e-6")
    await page.see("twinHeadset.controllers.right.updateAxes('thumbstick', 0, 0); 0")
    await page.until("twinStage.hands.turned.size === 0")


@asynccontextmanager
async def headset(house: House, browsing: Browsing) -> AsyncIterator[Tab]:
    """A page that an emulated headset may enter, which draws one picture instead of two."""
    async with browsing(context=SMALL) as page:
        await page.call("goto", f"{house.address}/?measure=1&emulate=1#walk")
        await page.until(f"window.twin && {BELL_HERE} && twin.world.exhibits.has('sample:{DISC}')")
        await page.until("document.querySelectorAll('.doors button').length === 2")
        await page.see("twinHeadset.stereoEnabled = false")
        yield page


async def test_a_visitor_enters_with_a_headset_and_is_told_more_as_the_head_comes_nearer(
    house: House, browsing: Browsing
) -> None:
    async with headset(house, browsing) as page:
        await page.see("window.told = []; 0")
        await page.see("twin.world.subscribe(one => told.push(one.kind + ' ' + one.exhibit?.artifact)); 0")

        # Not by the mouse: playwright waits for a picture that stands still, and this one is drawn slowly.
        await page.see("document.querySelector('.doors .immersive-vr').click()")
        await page.until("twinStage.renderer.xr.isPresenting")
        assert await page.see("twinHeadset.activeSession.environmentBlendMode") == "opaque"
        assert await page.see(f"{BELL_HERE}.detail") < FULL
        await page.see("twinHeadset.position.set(-1, 1.2, -1.6); 0")

        await page.until(f"{BELL_HERE}.detail >= {FULL} && {BELL_HERE}.annotations.size >= 2")
        assert f"changed sample:{BELL}" in await page.see("window.told")
        await page.picture(SHOTS / "headset-vr.png")
        await page.see("document.querySelector('.doors button').click()")
        await page.until(
            "!twinStage.renderer.xr.isPresenting && document.querySelector('.doors .immersive-ar')"
        )

        await page.see("document.querySelector('.doors .immersive-ar').click()")
        await page.until("twinStage.renderer.xr.isPresenting")
        assert await page.see("twinHeadset.activeSession.environmentBlendMode") == "alpha-blend"
        await page.see("window.told.length = 0; twinHeadset.position.set(1, 1.2, -1.6); 0")
        await page.until(f"twin.world.exhibits.get('sample:{DISC}').detail >= {FULL}")
        assert f"changed sample:{DISC}" in await page.see("window.told")
        await page.picture(SHOTS / "headset-ar.png")


async def test_in_a_headset_a_look_and_a_pinch_open_notes_and_a_controller_goes_and_turns(
    house: House, browsing: Browsing
) -> None:
    async with headset(house, browsing) as page:
        # One picture is the left eye's, which is half of `ipd` aside: here it looks from the middle.
        await page.see("twinHeadset.ipd = 0; 0")
        await page.see("twinHeadset.position.set(-1, 1.126, -1.6); 0")
        await page.see("document.querySelector('.doors .immersive-vr').click()")
        await page.until(f"twinStage.renderer.xr.isPresenting && {BELL_HERE}.annotations.size >= 2")
        # A look rests on one note and opens it, a pinch opens another.
        await page.until(f"{OPENED_AT} === '0.126'")
        await page.picture(SHOTS / "headset-note.png")
        await page.see("twinHeadset.position.set(-1, 1.3, -1.6); twinHeadset.primaryInputMode = 'hand'; 0")
        await page.see("twinHeadset.hands.right.position.set(-1, 1.21, -1.93); 0")
        await page.see("twinHeadset.hands.right.quaternion.set(0, 0, 0, 1); 0")
        await page.until("twinStage.renderer.xr.getSession().inputSources[0]?.hand")
        await page.see("twinHeadset.hands.right.updatePinchValue(1); 0")
        await page.until(f"{OPENED_AT} === '0.210'")
        await page.see("twinHeadset.hands.right.updatePinchValue(0); 0")

        await moved_by_controller(page)
