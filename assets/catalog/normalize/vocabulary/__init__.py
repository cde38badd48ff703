"""The controlled vocabularies: words that museums write, and the Getty AAT concept each one names.

One table a kind, tab-separated: ``kind``, ``aat`` (the concept's number), ``label``, ``words`` (folded,
separated by `` | ``) and ``source`` (where number and label were confirmed, as named in ``sources.tsv``).
A word stands for one concept in its table only. This module reads the tables; ``terms`` matches words.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

Kind = Literal["material", "technique", "object-type", "culture", "period"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

AAT: Final = "http://vocab.getty.edu/aat/"

_TABLES: Final[dict[Kind, str]] = {
    "material": "materials.tsv",
    "technique": "techniques.tsv",
    "object-type": "object_types.tsv",
    "culture": "cultures.tsv",
    "period": "periods.tsv",
}
_COLUMNS: Final = ["kind", "aat", "label", "words", "source"]
_LIGATURES: Final = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "’": "'", "\u02bc": "'"})
_POSSESSIVE: Final = re.compile(r"'s\b")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Concept:
    """One row of a table."""

    kind: Kind
    number: str
    """The AAT number, nine digits."""
    label: str
    """The English label, with AAT's qualifier where the bare word would mislead."""
    words: tuple[str, ...]
    """Folded words and phrases that name the concept, the label's own first."""
    sources: tuple[str, ...]
    """Names of rows in ``sources.tsv`` that confirm number and label."""

    @property
    def uri(self) -> str:
        """The concept's identifier, as Getty publishes it."""
        return f"{AAT}{self.number}"


def fold(text: str) -> str:
    """``text`` without case, accents and ligatures; ``artist's`` becomes ``artists``, as it is searched."""
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded.translate(_LIGATURES))
        folded = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return _POSSESSIVE.sub("s", folded) if "'" in folded else folded


def fold_phrase(text: str) -> str:
    """The words of ``text``, folded and joined by single spaces: the form in which tables hold them."""
    return " ".join(_WORD.findall(fold(text)))


def _rows(table: str) -> Iterator[list[str]]:
    lines = (files(__package__) / table).read_text(encoding="utf-8").splitlines()
    for line in lines:
        yield line.split("\t")


@cache
def concepts(kind: Kind) -> tuple[Concept, ...]:
    """All concepts of ``kind``, in the order of labels.

    Raises ``ValueError`` naming table and line where a row is not as the module's head says.
    """
    table = _TABLES[kind]
    rows = _rows(table)
    if next(rows) != _COLUMNS:
        raise ValueError(f"{table}, line 1: expected the columns {', '.join(_COLUMNS)}")
    found = []
    for number, row in enumerate(rows, 2):
        if len(row) != len(_COLUMNS) or row[0] != kind or not all(row):
            raise ValueError(f"{table}, line {number}: expected five filled cells, the first {kind!r}")
        words, sources = tuple(row[3].split(" | ")), tuple(row[4].split())
        found.append(Concept(kind, row[1], row[2], words, sources))
    return tuple(found)


@cache
def by_word(kind: Kind) -> dict[str, Concept]:
    """Every folded word or phrase of ``kind`` and the concept it names.

    Raises ``ValueError`` naming both concepts where one word stands for two.
    """
    found: dict[str, Concept] = {}
    for concept in concepts(kind):
        for word in concept.words:
            other = found.setdefault(word, concept)
            if other is not concept:
                raise ValueError(
                    f"{_TABLES[kind]}: {word!r} stands for {other.label!r} and {concept.label!r}; "
                    "keep it in one of the two rows"
                )
    return found


@cache
def source_names() -> dict[str, str]:
    """Short name and description of every source of the tables."""
    rows = _rows("sources.tsv")
    next(rows)
    return {row[0]: "; ".join(row[1:]) for row in rows}


@cache
def function_words(role: str) -> frozenset[str]:
    """Folded words that carry no concept but steer the reading: marks of doubt, "imitation", articles."""
    return frozenset(word for row in _rows("function_words.tsv") if row[0] == role for word in row[1].split())


def longest_phrase(words: Iterable[str]) -> dict[str, int]:
    """For the first word of each phrase, the length in words of the longest phrase that begins with it."""
    longest: defaultdict[str, int] = defaultdict(int)
    for phrase in words:
        first, _, rest = phrase.partition(" ")
        longest[first] = max(longest[first], 1 + (rest.count(" ") + 1 if rest else 0))
    return dict(longest)
