"""The README's animation: twenty seconds in which something moves, lit, and small enough for a page."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from tests.web.animation import LEAN, RATE, SIZE, VISITS, Shot, Stand, shots, write

ARRIVAL = Stand(0.9, 4.85, 0.15, -0.08)
STANDS = {visit.artifact: Stand(-2.0 * place, 2.0, 1.6 * place, -0.2) for place, visit in enumerate(VISITS)}


@pytest.fixture(scope="module")
def film() -> list[Shot]:
    return list(shots(ARRIVAL, STANDS))


def test_no_two_pictures_one_after_the_other_are_taken_from_the_same_stand(film: list[Shot]) -> None:
    assert all(one.at != other.at for one, other in itertools.pairwise(film))


def test_nothing_jumps_from_one_picture_to_the_next(film: list[Shot]) -> None:
    stands = [shot.at for shot in film]
    steps = [np.hypot(other.x - one.x, other.z - one.z) for one, other in itertools.pairwise(stands)]
    turns = [abs(other.heading - one.heading) for one, other in itertools.pairwise(stands)]
    assert max(steps) < 0.3
    assert max(turns) < 0.2


def test_every_exhibit_is_reached_and_then_its_note_is_read(film: list[Shot]) -> None:
    for visit in VISITS:
        reading = [shot for shot in film if shot.reads == visit]
        assert len(reading) == visit.read_s * RATE
        assert reading[-1].at == STANDS[visit.artifact].nearer(LEAN)


def test_a_film_in_which_the_walk_stands_still_is_refused(tmp_path: Path) -> None:
    pictures = []
    for number, shade in enumerate((90, 120, 120)):
        pictures.append(tmp_path / f"{number}.png")
        Image.new("RGB", SIZE, (shade, shade, shade)).save(pictures[-1])
    with pytest.raises(SystemExit, match=r"2\.png is the picture before it again"):
        write(pictures, tmp_path / "walk.webp")


def test_the_animation_of_the_readme_lasts_twenty_seconds_moves_and_is_lit(
    repository: Path, film: list[Shot]
) -> None:
    assert "docs/images/walk.webp" in (repository / "README.md").read_text("utf-8")
    file = repository / "docs" / "images" / "walk.webp"
    assert file.stat().st_size <= 3_000_000
    with Image.open(file) as animation:
        assert animation.size == SIZE
        # Small ones say enough of light and change.
        frames = [
            (np.asarray(frame.convert("L").reduce(4), np.float32), frame.info["duration"])
            for frame in ImageSequence.Iterator(animation)
        ]
    assert len(frames) == len(film)
    assert sum(milliseconds for _, milliseconds in frames) == pytest.approx(20_000, rel=0.02)
    assert min(picture.mean() for picture, _ in frames) > 40
    assert all(np.abs(one - other).max() > 4 for (one, _), (other, _) in itertools.pairwise(frames))
