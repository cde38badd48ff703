"""A camera that shows what a test wants: Chromium's fake one, fed with pictures."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image


async def film(path: Path, pictures: Iterable[Image.Image]) -> tuple[str, ...]:
    """Flags that give Chromium a camera which shows these pictures, all of one even size, over and over."""
    return await asyncio.to_thread(_film, path, list(pictures))


def _film(path: Path, pictures: list[Image.Image]) -> tuple[str, ...]:
    width, height = pictures[0].size
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420\n".encode())
        for picture in pictures:
            planes = np.asarray(picture.convert("YCbCr"))
            file.write(b"FRAME\n" + planes[..., 0].tobytes())
            file.write(planes[::2, ::2, 1].tobytes() + planes[::2, ::2, 2].tobytes())
    return (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    )
