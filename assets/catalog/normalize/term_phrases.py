"""Finding the phrases of a vocabulary in a text, longest first, and the marks of doubt beside them.

A text is cut into folded words and marks once; at each word the longest phrase that a table knows is
taken, so "cast iron" is not iron. Marks end a phrase: "glass; beads" are not glass beads.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from assets.catalog.normalize.vocabulary import (
    Kind,
    by_word,
    concepts,
    fold,
    function_words,
    longest_phrase,
)
from assets.catalog.record import Term

_TOKEN: Final = re.compile(r"[^\W_]+|[?;.:(),/]")
_COLORED: Final = re.compile(r"[^\W\d_]+-(?:colou?red|toned?|look)\b")
_HAND: Final = re.compile(r"\bhand-(?=colou?red|toned?)")
_LEADING_MARK: Final = re.compile(r"\?(?=[^\W_])")

DOUBT: Final = function_words("doubt")
_ALTERNATIVE: Final = function_words("alternative")
_IMITATION: Final = function_words("imitation")
_MARKS: Final = frozenset("?;.:(),/")
_SILENT: Final = function_words("stop") | DOUBT | _MARKS


@dataclass(frozen=True, slots=True)
class Named:
    """A concept of the tables as a term, sure and unsure, made once and shared."""

    kind: Kind
    sure: Term
    unsure: Term


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: the tokens ``start`` to ``end`` (excluded) and what they name, one a kind."""

    start: int
    end: int
    named: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases of one or more tables and, for a first word, how many words a phrase can have."""

    phrases: dict[str, tuple[Named, ...]]
    longest: dict[str, int]


@cache
def named_by_word(kind: Kind) -> dict[str, Named]:
    """Every folded phrase of ``kind`` and the term it names."""
    made = {
        concept.number: Named(
            kind,
            Term(label=concept.label, uri=concept.uri, language="en"),
            Term(label=concept.label, uri=concept.uri, language="en", uncertain=True),
        )
        for concept in concepts(kind)
    }
    return {word: made[concept.number] for word, concept in by_word(kind).items()}


@cache
def lexicon_of(*kinds: Kind) -> Lexicon:
    """The phrases of ``kinds`` together; a phrase of two kinds names a concept of each."""
    phrases: dict[str, tuple[Named, ...]] = {}
    for kind in kinds:
        for word, named in named_by_word(kind).items():
            phrases[word] = (*phrases.get(word, ()), named)
    return Lexicon(phrases, longest_phrase(phrases))


def tokens_of(text: str) -> list[str]:
    """The folded words and marks of ``text``; "gold-colored" says what it is not, and is left out."""
    folded = fold(text)
    if "-" in folded and _COLORED.search(folded):
        folded = _COLORED.sub(" ", _HAND.sub("hand ", folded))
    if "?" in folded:
        folded = _LEADING_MARK.sub(" possibly ", folded)
    return _TOKEN.findall(folded)


def hits_in(tokens: list[str], lexicon: Lexicon) -> list[Hit]:
    """The phrases of ``lexicon`` in ``tokens``, left to right, none overlapping another."""
    longest, phrases = lexicon.longest, lexicon.phrases
    found = []
    at, count = 0, len(tokens)
    while at < count:
        length = min(longest.get(tokens[at], 0), count - at)
        while length:
            named = phrases.get(tokens[at] if length == 1 else " ".join(tokens[at : at + length]))
            if named is not None:
                found.append(Hit(at, at + length, named))
                at += length - 1
                break
            length -= 1
        at += 1
    return found


def claimed(tokens: list[str], hits: Iterable[Hit]) -> list[Hit]:
    """The hits without those that an "imitation" or "faux" right before them denies."""
    return [hit for hit in hits if hit.start == 0 or tokens[hit.start - 1] not in _IMITATION]


def doubts(tokens: list[str], hits: list[Hit]) -> list[bool]:
    """For each hit, whether the text is unsure of it: "?", "possibly" before it, "(probably)", "A or B"."""
    if DOUBT.isdisjoint(tokens) and "?" not in tokens and _ALTERNATIVE.isdisjoint(tokens):
        return [False] * len(hits)
    unsure = []
    since = 0
    for hit in hits:
        behind = _doubt_behind(tokens, hit.end)
        unsure.append(behind > 0 or _doubt_before(tokens[since : hit.start]))
        since = hit.end + behind
    for number, (one, other) in enumerate(pairwise(hits)):
        if other.start - one.end == 1 and tokens[one.end] in _ALTERNATIVE:
            unsure[number] = unsure[number + 1] = True
    return unsure


def _doubt_before(words: list[str]) -> bool:
    for word in reversed(words):
        if word in DOUBT:
            return True
        if word in _MARKS and word != "(":
            return False
    return False


def _doubt_behind(tokens: list[str], end: int) -> int:
    """How many tokens of a mark of doubt follow at ``end``: "?", "(?" or "(probably"."""
    behind = tokens[end : end + 2]
    if behind[:1] == ["?"]:
        return 1
    if len(behind) == 2 and behind[0] == "(" and (behind[1] == "?" or behind[1] in DOUBT):
        return 2
    return 0


def content_words(tokens: Iterable[str]) -> str:
    """The words that could name something: no articles, colors, parts, numbers or marks."""
    return " ".join(
        word for word in tokens if word not in _SILENT and len(word) > 1 and not word[0].isdigit()
    )


def unread_words(tokens: list[str], hits: Iterable[Hit]) -> str:
    """The content words of ``tokens`` that no hit covers."""
    rest: list[str] = []
    at = 0
    for hit in hits:
        rest.extend(tokens[at : hit.start])
        at = hit.end
    rest.extend(tokens[at:])
    return content_words(rest) if rest else ""


def terms_of(tokens: list[str], hits: list[Hit]) -> Iterator[tuple[Named, Term]]:
    """What the hits name and the term for it; where the text is sure of it once, it is sure."""
    sure: dict[int, bool] = {}
    found: dict[int, Named] = {}
    for hit, doubt in zip(hits, doubts(tokens, hits), strict=True):
        for named in hit.named:
            found.setdefault(id(named), named)
            sure[id(named)] = sure.get(id(named), False) or not doubt
    for key, named in found.items():
        yield named, named.sure if sure[key] else named.unsure
