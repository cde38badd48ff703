"""Answers from a record's own fields, each with its source, until the knowledge services come.

A question's topics are found by words (``questions.toml``); the record's values of those fields are told as
they stand. Where no topic is found, the sentences of the record's texts that share the most words with the
question are told. What the record does not say is not said.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from assets.catalog.record import ArtifactRecord, Dimension, Maker, Place, Term
from server.citation import cited
from server.content import Stated
from server.languages import UNKNOWN, ranked

MOST: Final = 8
"""Statements in one answer."""
LONGEST: Final = 1000
"""Characters of a question that are read."""

_SHORT: Final = 4
_UNSPACED: Final = ("zh", "ja")
_SENTENCE: Final = re.compile(r"[^.!?。！？]+[.!?。！？]*")
_WORD: Final = re.compile(r"\w+")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_UNITS: Final = {
    "m": (100.0, "cm"),
    "kg": (1.0, "kg"),
    "m3": (1000.0, "l"),
    "m2": (10_000.0, "cm²"),
    "s": (1.0, "s"),
}

# Read with the module: the first question comes while visitors wait.
_TOPICS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    files("server").joinpath("questions.toml").read_text("utf-8")
)

Value = tuple[str, str, str]
"""JSON Pointer, language, text."""


def answers(record: ArtifactRecord, question: str, languages: tuple[str, ...]) -> tuple[Stated, ...]:
    """Statements of the record to the question, in the order of its topics; at most :data:`MOST`."""
    asked = question[:LONGEST].casefold()
    stated = [
        statement for topic in topics_of(asked) for statement in _stated(record, topic, languages)
    ]  # fmt: skip
    if not stated:
        stated = list(_quoted(record, asked, languages))
    return tuple(stated[:MOST])


def topics_of(question: str) -> list[str]:
    """Topics that a question (case-folded) names, in the order it names them."""
    places = {topic: _place_of(question, words) for topic, words in _TOPICS.items()}
    found = sorted((topic for topic in places if places[topic] >= 0), key=lambda topic: places[topic])
    # "What is it made of?" does not ask what it is.
    return [topic for topic in found if topic != "kind"] or found


def _place_of(question: str, topic: dict[str, Any]) -> int:
    """Where the question first has a word of the topic; -1 where it has none."""
    places = [
        match.start()
        for language, words in topic.items()
        if language != "heading"
        for word in words
        if (match := _pattern(word, language in _UNSPACED).search(question))
    ]
    return min(places, default=-1)


@lru_cache(maxsize=1024)
def _pattern(word: str, unspaced: bool) -> re.Pattern[str]:
    if unspaced:
        return re.compile(re.escape(word))
    # A short word must stand alone: "wo" is not in "woraus".
    return re.compile(rf"\b{re.escape(word.casefold())}" + (r"\b" if len(word) <= _SHORT else ""))


def _stated(record: ArtifactRecord, topic: str, languages: tuple[str, ...]) -> Iterator[Stated]:
    headings: dict[str, str] = _TOPICS[topic]["heading"]
    values = list(_VALUES[topic](record))
    tags = tuple(dict.fromkeys(tag for _, tag, _ in values if tag != UNKNOWN))
    best = ranked(languages, tags)[0] if tags else UNKNOWN
    heading_language = ranked(languages, tuple(headings))[0]
    for pointer, tag, text in values:
        # A term given in two languages is told once, in the better one.
        if tag in (best, UNKNOWN) or topic == "inscription":
            language = tag if tag != UNKNOWN else heading_language
            yield _statement(record, pointer, f"{headings[heading_language]}: {text}", language)


def _statement(record: ArtifactRecord, pointer: str, content: str, language: str) -> Stated:
    source, address = cited(record, pointer)
    return Stated(content, language, source, address)


def _quoted(record: ArtifactRecord, question: str, languages: tuple[str, ...]) -> Iterator[Stated]:
    """The two sentences that share the most telling words with the question, in the texts' order."""
    wanted = _telling(question)
    tags = tuple(dict.fromkeys(text.language for text in record.texts))
    if not wanted or not tags:
        return
    best = ranked(languages, tags)[0]
    found: list[tuple[int, int, str, str]] = []
    for number, text in enumerate(record.texts):
        if text.language != best:
            continue
        for sentence in _SENTENCE.findall(text.content):
            shared = len(wanted & _telling(sentence.casefold()))
            found.append((shared, len(found), f"/texts/{number}", sentence.strip()))
    chosen = sorted((one for one in found if one[0]), key=lambda one: (-one[0], one[1]))[:2]
    for _, _, pointer, sentence in sorted(chosen, key=lambda one: one[1]):
        yield _statement(record, pointer, sentence, best)


def _telling(text: str) -> set[str]:
    """Words of five letters and more by their first five; pairs of characters where words have no spaces."""
    words = {word[:5] for word in _WORD.findall(text) if len(word) > 4 and not _CJK.search(word)}
    characters = "".join(_CJK.findall(text))
    return words | {characters[at : at + 2] for at in range(len(characters) - 1)}


def _makers(record: ArtifactRecord) -> Iterator[Value]:
    for number, maker in enumerate(record.makers):
        yield f"/makers/{number}", UNKNOWN, _maker(maker)


def _maker(maker: Maker) -> str:
    name = " ".join(part for part in (maker.qualifier, maker.actor.name) if part)
    return f"{name} ({maker.role})" if maker.role else name


def _dates(record: ArtifactRecord) -> Iterator[Value]:
    span = record.produced
    if span is not None:
        yield "/produced", UNKNOWN, span.text or span.edtf or f"{span.earliest}/{span.latest}"


def _places(record: ArtifactRecord) -> Iterator[Value]:
    for number, place in enumerate(record.places):
        if place.role != "kept":
            yield f"/places/{number}", UNKNOWN, _place(place)


def _place(place: Place) -> str:
    return f"{place.name} ({place.role}{', uncertain' if place.uncertain else ''})"


def _terms(*fields: str) -> Callable[[ArtifactRecord], Iterator[Value]]:
    def values(record: ArtifactRecord) -> Iterator[Value]:
        for name in fields:
            terms: tuple[Term, ...] = getattr(record, name)
            for number, term in enumerate(terms):
                yield f"/{name}/{number}", term.language, f"{term.label}{' ?' if term.uncertain else ''}"

    return values


def _materials(record: ArtifactRecord) -> Iterator[Value]:
    if record.medium:
        yield "/medium", UNKNOWN, record.medium
    yield from _terms("materials", "techniques")(record)


def _sizes(record: ArtifactRecord) -> Iterator[Value]:
    for number, dimension in enumerate(record.dimensions):
        yield f"/dimensions/{number}", UNKNOWN, _dimension(dimension)


def _dimension(dimension: Dimension) -> str:
    factor, unit = _UNITS[dimension.unit]
    value, stated = dimension.value * factor, dimension.stated_value
    size = f"{stated:g} {dimension.stated_unit}" if stated is not None else f"{value:.4g} {unit}"
    part = "" if dimension.of == "overall" else f" ({dimension.of})"
    return f"{dimension.kind}{part} {size}"


def _kinds(record: ArtifactRecord) -> Iterator[Value]:
    for number, title in enumerate(record.titles):
        yield f"/titles/{number}", title.language, title.content
    yield from _terms("object_types")(record)


def _inscriptions(record: ArtifactRecord) -> Iterator[Value]:
    for number, text in enumerate(record.texts):
        if text.kind == "inscription":
            yield f"/texts/{number}", text.language, text.content


def _keepers(record: ArtifactRecord) -> Iterator[Value]:
    for number, place in enumerate(record.places):
        if place.role == "kept":
            yield f"/places/{number}", UNKNOWN, place.name
    if record.credit_line:
        yield "/credit_line", UNKNOWN, record.credit_line


def _rights(record: ArtifactRecord) -> Iterator[Value]:
    rights = record.rights
    if rights is not None:
        for text in (rights.statement, rights.uri):
            if text:
                yield "/rights", UNKNOWN, text


_VALUES: Final[dict[str, Callable[[ArtifactRecord], Iterator[Value]]]] = {
    "maker": _makers,
    "date": _dates,
    "place": _places,
    "material": _materials,
    "size": _sizes,
    "culture": _terms("cultures", "periods"),
    "kind": _kinds,
    "inscription": _inscriptions,
    "keeper": _keepers,
    "rights": _rights,
}
