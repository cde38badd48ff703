"""Which of the languages there are serves a person best. Pure.

RFC 4647 lookup (section 3.4) for each wished language in turn; where it finds nothing, the nearest language
in which a reader of the wished one is at home by CLDR's language matching (``zh-CN`` reads ``zh-Hans``,
``gsw`` reads ``de``). Then the museum's own languages, in its order.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import langcodes
from langcodes.tag_parser import LanguageTagError

UNKNOWN: Final = "und"
READABLE: Final = 60
"""Largest CLDR distance at which a text is still readable: the same language in another script is 50 to 55,
an unrelated one 80 and more."""


@lru_cache(maxsize=4096)
def ranked(wished: tuple[str, ...], available: tuple[str, ...]) -> tuple[str, ...]:
    """The available tags, the most suitable first; those nobody wished for keep their order at the end."""
    best: dict[str, None] = {}
    for wish in wished:
        for tag in _served(wish, available):
            best.setdefault(tag)
    rest = sorted(available, key=lambda tag: tag == UNKNOWN)
    return tuple(best | dict.fromkeys(rest))


def looked_up(wish: str, available: tuple[str, ...]) -> str | None:
    """RFC 4647 section 3.4: the wish shortened from its end until an available tag is the same."""
    known = {tag.lower(): tag for tag in available}
    parts = wish.lower().split("-")
    while parts:
        found = known.get("-".join(parts))
        if found is not None:
            return found
        parts.pop()
        if parts and len(parts[-1]) == 1:
            parts.pop()  # a single letter says nothing without what followed it
    return None


def _served(wish: str, available: tuple[str, ...]) -> Iterator[str]:
    if wish == "*":
        return
    found = looked_up(wish, available)
    if found is not None:
        yield found
    near = sorted((_distance(wish, tag), at, tag) for at, tag in enumerate(available))
    for distance, _, tag in near:
        if distance <= READABLE:
            yield tag


def _distance(wish: str, tag: str) -> int:
    if tag == UNKNOWN:
        return 1000
    try:
        return langcodes.tag_distance(wish, tag)
    except LanguageTagError:
        return 1000  # what a client sent as a language is none
