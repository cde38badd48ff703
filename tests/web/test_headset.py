"""The walk with an emulated Quest 3, in a real browser against the real server."""

from tests.web.conftest import SHOTS, Browsing, House
from tests.web.small_museum import BELL, DISC

SMALL = {"viewport": {"width": 480, "height": 320}}
"""The picture is drawn by the processor: a small one says the same."""
BELL_HERE = f"twin.world.exhibits.get('sample:{BELL}')"
FULL = 3


async def test_a_visitor_enters_with_a_headset_and_is_told_more_as_the_head_comes_nearer(
    house: House, browsing: Browsing
) -> None:
    async with browsing(context=SMALL) as page:
        await page.call("goto", f"{house.address}/?measure=1&emulate=1#walk")
        await page.until(f"window.twin && {BELL_HERE} && twin.world.exhibits.has('sample:{DISC}')")
        await page.until("document.querySelectorAll('.doors button').length === 2")
        await page.see("twinHeadset.stereoEnabled = false")
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
