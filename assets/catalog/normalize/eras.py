"""Periods, dynasties, reigns and counted eras that stand for years; the facts lie in ``eras.tsv``.

The table names, row by row, the public source with which its years were compared. Bounds are
conventional: a piece called "Roman" was made some time between them. Pure after import; the table is
package data.
"""

import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from typing import Final, NamedTuple

from assets.catalog.normalize.years import historical_to_astronomical


class Era(NamedTuple):
    """A named span of astronomical years, both ends included."""

    label: str
    kind: str
    """``period``, ``reign``, ``nengo`` (its years are counted from 1) or ``dynasty``."""
    first: int
    last: int
    about: bool
    """Conventional bounds, or bounds that scholars dispute by more than a year."""
    source: str
    """Key of the public source; the head of the table spells the keys out."""


_LOWER_CASE_IS_NO_ERA: Final = frozenset(
    {"song", "liang", "chen", "joo", "stuart", "norman", "manji", "tempo"}
)


def folded(word: str) -> str:
    """Lower case without diacritics and with plain apostrophes: "Shōwa" and "T’ang" as the table has them."""
    if word.isascii():
        return word.lower()
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))
    return plain.lower().replace("’", "'").replace("‘", "'").replace("ʼ", "'")


def _rows() -> list[list[str]]:
    text = files("assets.catalog.normalize").joinpath("eras.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return lines[1:]


def _load() -> tuple[dict[str, list[tuple[tuple[str, ...], Era]]], dict[int, Era]]:
    named: dict[str, list[tuple[tuple[str, ...], Era]]] = {}
    numbered: dict[int, Era] = {}
    for names, kind, first, last, about, source, han in _rows():
        spellings = names.split("|")
        era = Era(
            spellings[0],
            kind,
            historical_to_astronomical(int(first)),
            historical_to_astronomical(int(last)),
            about == "c",
            source,
        )
        if kind == "dynasty":
            numbered[int(names)] = era
            continue
        for spelling in [*spellings, *filter(None, han.split("|"))]:
            first_word, *rest = spelling.split(" ")
            named.setdefault(first_word, []).append((tuple(rest), era))
    for entries in named.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return named, numbered


_NAMED, _NUMBERED = _load()
HAN_NAMES: Final = frozenset(name for row in _rows() for name in row[6].split("|") if name)
"""The names that the table has in Chinese characters."""

_WHOLE_WORDS: Final = frozenset(_NAMED) | {
    word for entries in _NAMED.values() for rest, _ in entries for word in rest
}


def is_era_word(word: str) -> bool:
    """Whether the folded word occurs in a name of the table."""
    return word in _WHOLE_WORDS


def era_at(words: Sequence[str], position: int, capital: bool) -> tuple[Era, int] | None:
    """The longest name that starts at ``position``, with the number of words it takes.

    ``capital`` says whether the source writes the first word with a capital letter: "Song" is a dynasty,
    "song" is not.
    """
    entries = _NAMED.get(words[position])
    if entries is None or (not capital and words[position] in _LOWER_CASE_IS_NO_ERA):
        return None
    for rest, era in entries:
        if tuple(words[position + 1 : position + 1 + len(rest)]) == rest:
            return era, 1 + len(rest)
    return None


def egyptian_dynasty(number: int) -> Era | None:
    """The numbered dynasty of ancient Egypt, 1 to 31."""
    return _NUMBERED.get(number)


def year_of_era(era: Era, count: int) -> int | None:
    """Gregorian year in which the era's ``count``-th year began; ``None`` past the era's end.

    A lunar year ran into the next Gregorian one by a few weeks; the table's convention leaves that out.
    """
    year = era.first + count - 1
    if era.kind != "nengo" or count < 1 or year > era.last:
        return None
    return year
