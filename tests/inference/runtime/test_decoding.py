import io
import struct
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inference.runtime.decoding import Encoding, Frame, FrameLimits, UnreadableFrame, decode, decode_reduced
from tests.inference.conftest import encoded, picture

PICTURE = picture(7)
HEIGHT, WIDTH = PICTURE.shape[:2]


def jpeg(content: bytes, width: int = 0, height: int = 0) -> Frame:
    return Frame(Encoding.jpeg, content, width, height)


def png(content: bytes, width: int = 0, height: int = 0) -> Frame:
    return Frame(Encoding.png, content, width, height)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises much more than its few bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))


def test_png_is_exact_and_jpeg_is_near() -> None:
    assert np.array_equal(decode(png(encoded(PICTURE), WIDTH, HEIGHT)), PICTURE)
    found = decode(jpeg(encoded(PICTURE, "JPEG"), WIDTH, HEIGHT))
    assert np.abs(found.astype(int) - PICTURE).mean() < 3


def test_raw_gray_is_taken_row_by_row() -> None:
    gray = PICTURE[..., 0].copy()
    found = decode(Frame(Encoding.gray8, gray.tobytes(), WIDTH, HEIGHT))
    assert np.array_equal(found, np.repeat(gray[..., None], 3, axis=2))


@pytest.mark.parametrize("length", [0, WIDTH * HEIGHT - 1, WIDTH * HEIGHT + 1])
def test_raw_gray_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(UnreadableFrame, match="send rows without padding"):
        decode(Frame(Encoding.gray8, bytes(length), WIDTH, HEIGHT))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = Image.fromarray(PICTURE)
    decoded = decode_reduced(png(saved(shown, "PNG", exif=exif)), FrameLimits(), 0)
    found = decoded.pixels
    assert decoded.orientation == orientation
    undone = {
        1: found, 2: found[:, ::-1], 3: found[::-1, ::-1], 4: found[::-1], 5: found.transpose(1, 0, 2),
        6: np.rot90(found), 7: np.rot90(found, 2).transpose(1, 0, 2), 8: np.rot90(found, -1),
    }[orientation]  # fmt: skip
    assert np.array_equal(undone, PICTURE)


def test_cmyk_is_converted_to_what_it_shows() -> None:
    found = decode(jpeg(saved(Image.fromarray(PICTURE).convert("CMYK"), "JPEG", quality=95)))
    assert np.abs(found.astype(int) - PICTURE).mean() < 4


def test_sixteen_bits_keep_their_upper_eight() -> None:
    deep = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    found = decode(png(saved(Image.fromarray(deep), "PNG")))
    assert np.abs(found[..., 0].astype(float) - deep / 257.0).max() <= 0.5


def test_transparency_is_laid_on_gray() -> None:
    clear = np.dstack([PICTURE, np.zeros((HEIGHT, WIDTH), dtype=np.uint8)])
    assert (decode(png(saved(Image.fromarray(clear), "PNG"))) == 128).all()


def test_of_an_animation_the_first_picture_counts() -> None:
    second = [Image.fromarray(255 - PICTURE)]
    animated = saved(Image.fromarray(PICTURE), "PNG", save_all=True, append_images=second)
    assert np.array_equal(decode(png(animated)), PICTURE)


def test_a_large_jpeg_is_decoded_smaller_but_never_below_the_least_side() -> None:
    large = encoded(picture(3, (1600, 1200)), "JPEG")
    assert decode(jpeg(large)).shape == (1200, 1600, 3)
    decoded = decode_reduced(jpeg(large), FrameLimits(), 448)
    assert decoded.pixels.shape == (600, 800, 3)
    assert (decoded.reduction, decoded.orientation) == (2.0, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not a PNG picture"),
        (b"MZ" + bytes(5000), "not a PNG picture"),
        (b"\x89PNG\r\n\x1a\n", "damaged or truncated|not a PNG"),
        (encoded(PICTURE)[:-200], "damaged or truncated"),
        (encoded(PICTURE, "JPEG"), "not a PNG picture"),
        (saved(Image.fromarray(PICTURE), "GIF"), "not a PNG picture"),
        (saved(Image.fromarray(PICTURE), "TIFF"), "not a PNG picture"),
        (bomb(8000, 8000), "8000 x 8000 pixels; allowed are"),
        (bomb(60000, 60000), "more pixels than any camera has"),
        (bomb(2000, 2000), "damaged or truncated"),
    ],
)
def test_what_is_no_whole_png_is_refused_by_name(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableFrame, match=told):
        decode(png(content))


def test_a_truncated_jpeg_is_refused() -> None:
    with pytest.raises(UnreadableFrame, match="damaged or truncated JPEG"):
        decode(jpeg(encoded(PICTURE, "JPEG")[:-300]))


@pytest.mark.parametrize("stated", [(10, 10), (4000, 4000), (HEIGHT, WIDTH)])
def test_a_picture_of_another_size_than_stated_is_refused(stated: tuple[int, int]) -> None:
    with pytest.raises(UnreadableFrame, match=f"the frame states {stated[0]} x {stated[1]}"):
        decode(png(encoded(PICTURE), *stated))


def test_a_frame_of_too_many_bytes_is_refused_unread() -> None:
    with pytest.raises(UnreadableFrame, match="a frame has at most 100"):
        decode(png(bytes(101)), FrameLimits(bytes=100))


def test_a_jpeg_of_endless_passes_is_refused() -> None:
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(20)
    with pytest.raises(UnreadableFrame, match="more than 40 scans"):
        decode(jpeg(encoded(PICTURE, "JPEG", progressive=True)[:-2] + scan * 5000))


def test_a_bomb_costs_no_memory() -> None:
    tracemalloc.start()
    with pytest.raises(UnreadableFrame):
        decode(png(bomb(8000, 8000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


@given(st.integers(0, 10**9), st.sampled_from(["PNG", "JPEG"]), st.integers(1, 12))
def test_damaged_bytes_give_a_picture_or_a_refusal_and_nothing_else(seed: int, kind: str, hits: int) -> None:
    content = bytearray(encoded(PICTURE, kind))
    draw = np.random.default_rng(seed)
    for place in draw.integers(0, len(content), hits):
        content[place] = draw.integers(256)
    frame = Frame(Encoding(kind.lower()), bytes(content), 0, 0)
    try:
        found = decode(frame, FrameLimits(pixels=10**6))
    except UnreadableFrame as refused:
        assert str(refused)
    else:
        assert found.ndim == 3
        assert found.shape[2] == 3
