"""Byte ranges of RFC 9110, sections 14.1 and 14.2. Pure."""

import re
from itertools import pairwise
from typing import Final

MOST_RANGES: Final = 16
"""A request for more is answered with the whole file, as section 14.2 allows."""

_SPEC: Final = re.compile(r"(\d{0,19})-(\d{0,19})", re.ASCII)


class Unsatisfiable(Exception):
    """None of the ranges lies within the file: 416."""


def byte_ranges(header: str | None, size: int) -> tuple[tuple[int, int], ...]:
    """First and last byte (inclusive) of each range, in the order asked; empty: send the whole file.

    A header that is malformed, of another unit, or asks for more than :data:`MOST_RANGES` is ignored
    (section 14.2), ranges beyond the end are left out, and overlapping ones answered with the whole file.
    Raises :class:`Unsatisfiable` where nothing is left.
    """
    unit, equals, listed = (header or "").partition("=")
    if not equals or unit.strip().lower() != "bytes":
        return ()
    specs = [part.strip() for part in listed.split(",") if part.strip()]
    if not specs or len(specs) > MOST_RANGES:
        return ()
    found: list[tuple[int, int]] = []
    for spec in specs:
        match = _SPEC.fullmatch(spec)
        if match is None or spec == "-":
            return ()
        first, last = match.groups()
        if first and last and int(last) < int(first):
            return ()
        found += _within(first, last, size)
    if not found:
        raise Unsatisfiable
    ordered = sorted(found)
    overlap = any(after[0] <= before[1] for before, after in pairwise(ordered))
    return () if overlap else tuple(found)


def _within(first: str, last: str, size: int) -> list[tuple[int, int]]:
    if not first:
        length = min(int(last), size)
        return [(size - length, size - 1)] if length else []
    if int(first) >= size:
        return []
    return [(int(first), min(int(last), size - 1) if last else size - 1)]
