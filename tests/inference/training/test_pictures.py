import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from inference.training.pictures import (
    LeakError,
    PicturesError,
    Shot,
    fingerprint,
    read_labels,
    refuse_leak,
    split,
    write_labels,
)


def test_labels_read_back_as_they_were_written(shots: list[Shot], labels: Path) -> None:
    assert read_labels(write_labels(labels.parent, shots)) == shots
    assert shots[0].pixels().shape == (64, 64, 3)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("gone.png,thing-1", "gone.png is missing"),
        ("000-0.png,", "'file' and 'artifact' must be filled"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(labels: Path, row: str, told: str) -> None:
    labels.write_text(f"file,artifact\n{row}\n")
    with pytest.raises(PicturesError, match=told) as refused:
        read_labels(labels)
    assert "labels.csv:2" in str(refused.value)


def test_a_file_that_is_no_picture_is_named(labels: Path) -> None:
    (labels.parent / "000-0.png").write_bytes(b"no picture")
    with pytest.raises(PicturesError, match=r"000-0\.png: not a readable picture"):
        read_labels(labels)[0].pixels()


@pytest.mark.parametrize("by", ["artifact", "institution"])
def test_a_split_keeps_every_picture_and_no_group_on_both_sides(shots: list[Shot], by: str) -> None:
    rest, aside = split(shots, 0.25, seed=3, by=lambda shot: getattr(shot, by))
    assert sorted(rest + aside, key=str) == sorted(shots, key=str)
    assert not {getattr(s, by) for s in rest} & {getattr(s, by) for s in aside}
    assert len({getattr(s, by) for s in aside}) == round(0.25 * len({getattr(s, by) for s in shots}))
    assert split(shots, 0.25, seed=3, by=lambda shot: getattr(shot, by)) == (rest, aside)


def test_a_split_by_picture_is_refused_as_a_leak(shots: list[Shot]) -> None:
    with pytest.raises(LeakError, match="artifacts are on both sides, such as 'thing-000'"):
        refuse_leak(shots[::2], shots[1::2])
    with pytest.raises(LeakError):
        split(shots, 0.5, seed=0, by=lambda shot: shot.path.name)


def test_one_picture_under_two_names_is_refused_as_a_leak(shots: list[Shot], tmp_path: Path) -> None:
    copy = tmp_path / "copy.png"
    shutil.copy(shots[0].path, copy)
    with pytest.raises(LeakError, match="same picture as"):
        refuse_leak(shots[:3], [replace(shots[0], path=copy, artifact="another name")])


def test_the_fingerprint_follows_pictures_and_labels_and_not_their_order(shots: list[Shot]) -> None:
    assert fingerprint(shots[::-1]) == fingerprint(shots)
    assert fingerprint([replace(shots[0], artifact="other"), *shots[1:]]) != fingerprint(shots)
