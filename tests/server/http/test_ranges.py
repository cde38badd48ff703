"""Byte ranges as RFC 9110 section 14 has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.http.ranges import MOST_RANGES, Unsatisfiable, byte_ranges


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=0-499", ((0, 499),)),
        ("bytes=500-999", ((500, 999),)),
        ("bytes=-500", ((9500, 9999),)),
        ("bytes=9500-", ((9500, 9999),)),
        ("bytes=0-0,-1", ((0, 0), (9999, 9999))),
        ("bytes=9990-20000", ((9990, 9999),)),
        ("BYTES = 0-1", ((0, 1),)),
        ("bytes=-20000", ((0, 9999),)),
        ("bytes=0-1, 20000-, 5-6", ((0, 1), (5, 6))),
    ],
)
def test_ranges_of_section_14_1_2_are_read(header: str, ranges: tuple[tuple[int, int], ...]) -> None:
    assert byte_ranges(header, 10_000) == ranges


@pytest.mark.parametrize(
    "header",
    [
        None, "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=0-1;2-3", "lines=1-2",
        "bytes=0x1-2", "bytes=--1", "bytes=1--2", "bytes=٣-٤", "bytes=" + "9" * 40 + "-",
        "bytes=" + ",".join("0-0" for _ in range(MOST_RANGES + 1)),
    ],
)  # fmt: skip
def test_a_header_that_is_malformed_of_another_unit_or_too_long_is_ignored(header: str | None) -> None:
    assert byte_ranges(header, 10_000) == ()


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=10000-10001,20000-", "bytes=-0"])
def test_ranges_that_all_lie_beyond_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        byte_ranges(header, 10_000)


def test_overlapping_ranges_bring_the_whole_file() -> None:
    assert byte_ranges("bytes=0-10,5-20", 10_000) == ()


@given(st.text(st.sampled_from("bytes=0123456789-, "), max_size=40), st.integers(1, 200))
def test_whatever_is_asked_every_range_lies_within_the_file_and_none_overlaps(header: str, size: int) -> None:
    try:
        ranges = byte_ranges(header, size)
    except Unsatisfiable:
        return
    taken = [position for first, last in ranges for position in range(first, last + 1)]
    assert len(taken) == len(set(taken))
    assert all(0 <= position < size for position in taken)
    assert all(first <= last for first, last in ranges)
