"""A frame from outside becomes pixels, or a named refusal. Nothing here trusts a byte of it.

The header is read first and judged before any pixel is decoded: memory is bounded by the pixels allowed,
time by that and by the number of passes over the picture that a progressive JPEG may ask for.
"""

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

Pixels = NDArray[np.uint8]

_ORIENTATION: Final = 0x0112
"""EXIF tag."""
_START_OF_SCAN: Final = b"\xff\xda"
"""JPEG marker (ITU-T T.81, B.1.1.3). In coded data 0xFF is followed by 0 or a restart number."""


class Encoding(StrEnum):
    """How a frame is written."""

    jpeg = "jpeg"
    png = "png"
    gray8 = "gray8"
    """One byte a pixel, rows from the top, no padding; width and height come beside it."""


class UnreadableFrame(ValueError):
    """A frame that shows nothing we may look at; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """What one frame may cost."""

    bytes: int = 8 * 2**20
    pixels: int = 16_000_000
    """Of the picture as sent; 4 bytes each are held while it is decoded."""
    side: int = 8192
    scans: int = 40
    """Passes over a progressive JPEG; cameras write 1 to 10."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A camera frame as it came."""

    encoding: Encoding
    content: bytes
    width: int
    """Pixels, as the sender states and the picture must have; 0 where not known (never for ``gray8``)."""
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """An opened frame."""

    pixels: Pixels
    """(h, w, 3) RGB bytes of the upright picture."""
    reduction: float = 1.0
    """How many pixels of the frame one of these is wide."""
    orientation: int = 1
    """How the frame was turned to be upright: EXIF 2.32, tag 0x0112, 1 to 8; 1: it was."""


DEFAULT_LIMITS: Final = FrameLimits()


def decode(frame: Frame, limits: FrameLimits = DEFAULT_LIMITS) -> Pixels:
    """The frame's upright picture at full size, as :func:`decode_reduced` has it."""
    return decode_reduced(frame, limits, 0).pixels


def decode_reduced(frame: Frame, limits: FrameLimits, least_side: int) -> Decoded:
    """The frame's upright picture, how much smaller it is, and how it was turned.

    A large JPEG is decoded at 1/2, 1/4 or 1/8 of its size where its sides stay at least ``least_side``
    pixels long (0: never), which libjpeg does at a fraction of the cost. EXIF orientation is applied, CMYK
    and 16-bit pictures are converted, transparency is laid on gray, and of an animation the first picture
    counts.

    Raises :class:`UnreadableFrame` for everything else.
    """
    if len(frame.content) > limits.bytes:
        raise UnreadableFrame(f"{len(frame.content):,} bytes; a frame has at most {limits.bytes:,}")
    if frame.encoding is Encoding.gray8:
        return Decoded(_gray(frame, limits))
    if frame.encoding is Encoding.jpeg and frame.content.count(_START_OF_SCAN) > limits.scans:
        raise UnreadableFrame(f"a progressive JPEG of more than {limits.scans} scans: send a baseline one")
    try:
        with warnings.catch_warnings():
            # Our own limits are tighter than Pillow's warning about large pictures.
            warnings.simplefilter("ignore")
            return _decoded(frame, limits, least_side)
    except UnreadableFrame:
        raise
    except UnidentifiedImageError as error:
        raise UnreadableFrame(f"not a {frame.encoding.value.upper()} picture") from error
    except Image.DecompressionBombError as error:
        raise UnreadableFrame(f"a picture of more pixels than any camera has ({error})") from error
    # Which error a damaged file causes is an accident of where the damage lies, and in no decoder's contract.
    except Exception as error:
        raise UnreadableFrame(
            f"a damaged or truncated {frame.encoding.value.upper()} picture ({error})"
        ) from error


def _gray(frame: Frame, limits: FrameLimits) -> Pixels:
    _judge_size(frame.width, frame.height, limits)
    if len(frame.content) != frame.width * frame.height:
        raise UnreadableFrame(
            f"gray8 of {frame.width} x {frame.height} has {frame.width * frame.height:,} bytes, got "
            f"{len(frame.content):,}: send rows without padding"
        )
    gray = np.frombuffer(frame.content, dtype=np.uint8).reshape(frame.height, frame.width)
    return np.repeat(gray[:, :, None], 3, axis=2)


def _judge_size(width: int, height: int, limits: FrameLimits) -> None:
    if width < 1 or height < 1 or max(width, height) > limits.side or width * height > limits.pixels:
        raise UnreadableFrame(
            f"{width} x {height} pixels; allowed are 1 to {limits.side} a side and {limits.pixels:,} in all"
        )


def _decoded(frame: Frame, limits: FrameLimits, least_side: int) -> Decoded:
    with Image.open(io.BytesIO(frame.content), formats=[frame.encoding.value]) as opened:
        _judge_size(*opened.size, limits)
        stated = (frame.width, frame.height)
        if all(stated) and opened.size != stated:
            raise UnreadableFrame(
                f"the picture has {opened.size[0]} x {opened.size[1]} pixels, the frame states "
                f"{stated[0]} x {stated[1]}"
            )
        whole = opened.size[0]
        if least_side:
            opened.draft("RGB", (least_side, least_side))
        opened.load()
        # A PNG may tell it behind its pixels, so it is asked for once these are read.
        told = opened.getexif().get(_ORIENTATION, 1)
        upright = ImageOps.exif_transpose(opened)
        pixels = np.ascontiguousarray(np.asarray(_rgb(upright)))
        # A number that EXIF does not know turns nothing.
        return Decoded(pixels, whole / opened.size[0], told if told in range(1, 9) else 1)


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        # 16 bits a pixel: the upper eight.
        deep = np.asarray(picture).astype(np.float64)
        return Image.fromarray((np.clip(deep, 0, 65535) / 257.0 + 0.5).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        gray = Image.new("RGBA", clear.size, (128, 128, 128, 255))
        return Image.alpha_composite(gray, clear).convert("RGB")
    return picture.convert("RGB")
