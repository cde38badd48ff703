import numpy as np
import pytest

from inference.manifest import Preprocessing
from inference.preprocessing import fitted, gallery_inputs
from inference.subject import Pixels, details, subject
from tests.inference.conftest import picture


def studio(seed: int = 0) -> Pixels:
    """(300, 400, 3): a backdrop that darkens downward, with a thing in rows 90-210, columns 150-290."""
    shade = np.linspace(180, 110, 300)[:, None, None] * np.ones((1, 400, 3))
    seen = shade + np.random.default_rng(seed).normal(0, 2, shade.shape)
    seen[90:210, 150:290] = picture(5, (140, 120))
    return np.clip(seen, 0, 255).astype(np.uint8)


def test_an_even_backdrop_is_cut_away() -> None:
    box = subject(studio())
    assert 75 <= box.top <= 90 and 210 <= box.bottom <= 225
    assert 135 <= box.left <= 150 and 290 <= box.right <= 305


def test_brightness_and_size_of_the_picture_do_not_move_the_subject() -> None:
    dim, large = (studio() * 0.5).astype(np.uint8), np.repeat(np.repeat(studio(), 2, axis=0), 2, axis=1)
    box, darker, larger = subject(studio()), subject(dim), subject(large)
    for name in ("top", "bottom", "left", "right"):
        assert abs(getattr(darker, name) - getattr(box, name)) <= 6
        assert abs(getattr(larger, name) / 2 - getattr(box, name)) <= 6


@pytest.mark.parametrize(
    "seen",
    [
        np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8),
        np.full((120, 90, 3), 77, dtype=np.uint8),
        np.zeros((1, 1, 3), dtype=np.uint8),
        np.zeros((2000, 3, 3), dtype=np.uint8),
    ],
    ids=["busy", "blank", "one pixel", "sliver"],
)
def test_without_an_even_background_the_whole_picture_is_the_subject(seen: Pixels) -> None:
    assert np.array_equal(subject(seen).cut(seen), seen)
    assert len(details(seen)) == 6


def test_a_gallery_picture_is_embedded_as_a_query_would_be_and_in_five_details() -> None:
    preprocessing = Preprocessing(size=64, fit="subject")
    inputs = gallery_inputs(studio(), preprocessing)
    assert np.array_equal(inputs[0], fitted(studio(), preprocessing))
    assert {one.shape for one in inputs} == {(64, 64, 3)}
    assert len(inputs) == 6
    whole, middle = details(studio())[0], details(studio())[5]
    assert middle.shape[0] == int(whole.shape[0] * 0.6)
    assert len(gallery_inputs(studio(), Preprocessing(size=64))) == 1
