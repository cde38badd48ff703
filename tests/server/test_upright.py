"""What is told in pixels belongs to the frame as the client sent it, however EXIF says that it is shown."""

import asyncio
import io
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from server.recognition import Frame, Frames, Lens, Outcome, Picture, Seen, Standpoint, opened
from server.upright import Turning
from server.world.space import IDENTITY, rotated

WIDTH, HEIGHT = 80, 48
SPOT = (12, 4, 18, 10)
"""Left, top, right, bottom of the one bright square in the frame as sent."""
LENS = Lens(100.0, 110.0, 43.0, 21.0, WIDTH, HEIGHT)
TURNS = (1, 3, 6, 8)
"""The orientations that a camera can have; the others are mirror images."""


def frame(orientation: int, lens: Lens | None = None) -> Frame:
    pixels = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
    left, top, right, bottom = SPOT
    pixels[top:bottom, left:right] = 255
    exif, stream = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(stream, "PNG", exif=exif)
    return Frame(1, "png", WIDTH, HEIGHT, stream.getvalue(), lens=lens)


@dataclass
class SquareFinder:
    """Sees the bright square of a picture: its corners, and where it stands a metre before the lens."""

    async def recognize(self, picture: Picture) -> Outcome:
        down, across = np.nonzero(picture.pixels[..., 0] > 128)
        left, top = float(across.min()), float(down.min())
        right, bottom = float(across.max() + 1), float(down.max() + 1)
        pose, lens = None, picture.lens
        if lens is not None:
            middle = ((left + right) / 2 - lens.cx) / lens.fx, (lens.cy - (top + bottom) / 2) / lens.fy
            pose = Standpoint((*middle, -1.0), IDENTITY, 0.5, lens)
        seen = Seen("made:0-0", 1.0, corners=(left, top, right, top, right, bottom, left, bottom), pose=pose)
        return Outcome((seen,), nearby=(seen,))


async def answered(sent: Frame) -> Outcome:
    frames, answer = Frames(SquareFinder()), asyncio.get_running_loop().create_future()
    frames.offer("visitor", sent, lambda _, outcome: answer.set_result(outcome))
    async with asyncio.timeout(60):
        outcome: Outcome = await answer
        await frames.close()
    return outcome


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_an_outline_lies_where_the_client_has_it_in_the_frame_it_sent(orientation: int) -> None:
    outcome = await answered(frame(orientation))
    for seen in (*outcome.seen, *outcome.nearby):
        across, down = seen.corners[::2], seen.corners[1::2]
        assert (min(across), min(down), max(across), max(down)) == SPOT


@pytest.mark.parametrize("orientation", TURNS)
async def test_a_pose_stands_before_the_camera_of_the_frame_as_sent(orientation: int) -> None:
    (seen,) = (await answered(frame(orientation, LENS))).seen
    assert seen.pose is not None
    assert seen.pose.lens == LENS
    x, y, z = seen.pose.position
    drawn = LENS.cx + LENS.fx * x / -z, LENS.cy - LENS.fy * y / -z
    assert drawn == pytest.approx((15.0, 7.0))
    # The square's own +X points to the right of the picture as shown: there it lies in the frame as sent.
    toward = Turning(orientation, WIDTH, HEIGHT)
    right = rotated(seen.pose.rotation, (1.0, 0.0, 0.0))
    ahead = toward.sent((1.0, 0.0))[0] - toward.sent((0.0, 0.0))[0]
    below = toward.sent((1.0, 0.0))[1] - toward.sent((0.0, 0.0))[1]
    assert right == pytest.approx((ahead, -below, 0.0))


@pytest.mark.parametrize("orientation", [2, 4, 5, 7])
async def test_a_mirror_image_has_an_outline_and_no_pose(orientation: int) -> None:
    (seen,) = (await answered(frame(orientation, LENS))).seen
    assert seen.corners
    assert seen.pose is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_way_there_and_back_moves_no_point(orientation: int) -> None:
    turning = Turning(orientation, WIDTH, HEIGHT)
    assert turning.sent(turning.upright(31.0, 7.0)) == (31.0, 7.0)


@pytest.mark.parametrize("orientation", [0, 9, 4711])
def test_an_orientation_that_exif_does_not_know_turns_nothing(orientation: int) -> None:
    picture = opened(frame(orientation, LENS))
    assert (picture.pixels.shape, picture.turning, picture.lens) == ((HEIGHT, WIDTH, 3), None, LENS)
