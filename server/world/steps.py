"""A step: what became of one artifact for one visitor, in one number.

A step is ``index << 8 | was << 4 | now``: the artifact's place in its placement, and what was perceived of it
before and is now; the code of that is ``detail * 2 + model``, 0 where it is not perceived. Steps are small,
compare and hash fast, and what is told for one can be kept by it.
"""

from typing import Final

OPEN: Final = 3 * 2
"""From this code on the annotations are shown (``Detail.FULL``)."""
INDEX: Final = 8
"""Bits behind the artifact's place."""
_CODE: Final = 0xF


def step_of(index: int, was: int, now: int) -> int:
    """The step that an artifact takes from one code to another."""
    return index << INDEX | was << 4 | now


def parts(step: int) -> tuple[int, int, int]:
    """Artifact's place, code before, code now."""
    return step >> INDEX, step >> 4 & _CODE, step & _CODE
