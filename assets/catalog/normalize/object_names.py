"""Names of things as museums write them, to terms: "Krater, Column-", "Print-Woodcut", "basket with lid"."""

import re
from collections.abc import Iterator
from typing import Final

from assets.catalog.normalize.term_phrases import (
    DOUBT,
    Named,
    hits_in,
    lexicon_of,
    named_by_word,
    tokens_of,
)
from assets.catalog.normalize.vocabulary import fold_phrase, function_words
from assets.catalog.record import Term

_AMOUNT: Final = function_words("amount")
_AFTER_HEAD: Final = function_words("after-head")
_JOINING: Final = function_words("joining") | {"&", "+"}

_PART: Final = re.compile(r"\s*(?:[;|\n\r\t]+|\s/\s|\band/or\b)\s*")
_PARENTHESES: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_INVERTED: Final = re.compile(r"^([^,]+),\s*([^,]+?)-?$")
_DASHES: Final = re.compile(r"\s*(?:--|[–—-])\s*")


def object_name_parts(text: str) -> Iterator[str]:
    """The names that ``text`` lists, by semicolon, bar, line or spaced slash; one where it is one name."""
    if _whole(text) is not None:
        yield " ".join(text.split())
        return
    for part in _PART.split(text):
        if part.strip():
            yield " ".join(part.split())


def object_name_terms(part: str) -> tuple[Term, ...]:
    """Terms of one name, the most exact reading first; empty where no word of it is known."""
    unsure = "?" in part or not DOUBT.isdisjoint(fold_phrase(part).split())
    return tuple(named.unsure if unsure else named.sure for named in _read(part))


def _read(part: str) -> list[Named]:
    whole = _whole(part)
    if whole is not None:
        return [whole]
    bare = _PARENTHESES.sub(" ", part).strip(" ,.-?")
    notes = [first or second for first, second in _PARENTHESES.findall(part)]
    if not bare and notes:
        bare, notes = notes[0], notes[1:]
    heads = [_whole(bare)] if _whole(bare) is not None else _pieces(bare)
    heads.extend(_whole(note) for note in notes)
    return [head for head in dict.fromkeys(heads) if head is not None]


def _pieces(name: str) -> list[Named | None]:
    """ "Print-Woodcut" is a print and a woodcut, "drawings and watercolors" are two; else the head."""
    for pieces in (_DASHES.split(name), _joined(name)):
        known = [_whole(piece) for piece in pieces]
        if len(pieces) > 1 and known[0] is not None:
            return known
    return [_head(name)]


def _joined(name: str) -> list[str]:
    pieces: list[list[str]] = [[]]
    for word in name.replace(",", " , ").split():
        if word == "," or word.casefold() in _JOINING:
            pieces.append([])
        else:
            pieces[-1].append(word)
    return [" ".join(piece) for piece in pieces if piece]


def _whole(text: str) -> Named | None:
    table = named_by_word("object-type")
    named = table.get(fold_phrase(text))
    if named is None and (inverted := _INVERTED.match(text.strip())):
        head, qualifier = inverted.groups()
        named = table.get(fold_phrase(f"{qualifier} {head}"))
    return named


def _head(name: str) -> Named | None:
    """The head: the phrase that ends an English compound, else the first (French)."""
    tokens = tokens_of(name)
    start = next((at for at, word in enumerate(tokens) if word not in _AMOUNT and word not in DOUBT), 0)
    stop = next(
        (at for at in range(start + 1, len(tokens)) if tokens[at] in _AFTER_HEAD or tokens[at] in ",.:("),
        len(tokens),
    )
    segment = tokens[start:stop]
    hits = hits_in(segment, lexicon_of("object-type"))
    closing = [hit for hit in hits if hit.end == len(segment)]
    for hit in (*closing, *hits):
        return hit.named[0]
    return None
