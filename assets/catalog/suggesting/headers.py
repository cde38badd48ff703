"""What columns are called in museum exports, by the part of the record they fill.

The phrases stand in ``headers.tsv``, lower case and without punctuation, in English, German, French, Dutch,
Spanish, Italian, Portuguese, Danish and Swedish.
"""

import re
from functools import lru_cache
from importlib import resources
from typing import Final, Literal, TypeAlias, cast, get_args

Role: TypeAlias = Literal[
    "id", "accession", "title", "alternative-title", "description", "inscription", "provenance",
    "bibliography", "exhibitions", "maker", "maker-role", "maker-born", "maker-died",
    "maker-nationality", "maker-uri", "date", "earliest", "latest", "medium", "object-type",
    "dimensions", "height", "width", "depth", "diameter", "weight", "culture", "period",
    "place-made", "place-found", "subject", "department", "credit-line", "acquired", "rights",
    "image", "page",
]  # fmt: skip
"""What a column may be."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)


_UNITS: Final = {
    "mm": "mm", "cm": "cm", "m": "m", "in": "in", "inch": "in", "inches": "in", "ft": "ft", "kg": "kg",
    "g": "g", "centimeters": "cm", "centimetres": "cm", "millimeters": "mm", "grams": "g",
    "zentimeter": "cm",
}  # fmt: skip
_KINDS: Final = {
    "h": "height", "w": "width", "b": "width", "d": "depth", "t": "depth", "l": "length",
}  # fmt: skip
"""Initials in an order of measures, English and German (Höhe, Breite, Tiefe, Länge)."""
_ORDER: Final = re.compile(
    r"\(?(?<![^\W_])([HWBDTL](?:(?:\s?[x×]\s?[HWBDTL]){1,2}|(?:/[HWBDTL]){2}))(?![^\W_])\)?", re.I
)
"""``(HxBxT)``: no words, but the order of the numbers."""
_CAMEL: Final = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD: Final = re.compile(r"[^\W_]+")


def _read_phrases() -> dict[str, list[Role]]:
    table = (resources.files("assets.catalog.suggesting") / "headers.tsv").read_text("utf-8")
    by_phrase: dict[str, list[Role]] = {}
    for line in table.splitlines()[1:]:
        role, _, phrases = line.partition("\t")
        for phrase in phrases.split("; "):
            by_phrase.setdefault(phrase, []).append(cast("Role", role))
    return by_phrase


_BY_PHRASE: Final = _read_phrases()


def words(header: str) -> tuple[str, ...]:
    """``ObjectBeginDate`` and ``object_begin-date`` as ``object begin date``."""
    return tuple(match.lower() for match in _WORD.findall(_CAMEL.sub(" ", _ORDER.sub(" ", header))))


@lru_cache(4096)
def unit_in(header: str) -> str | None:
    """The unit that a header states: ``height_cm``, ``Höhe (cm)``."""
    return next((_UNITS[word] for word in reversed(words(header)) if word in _UNITS), None)


def order_in(header: str) -> tuple[str, ...]:
    """The order of measures that a header states: ``Maße (HxBxT)``; empty where it states none."""
    match = _ORDER.search(header)
    return tuple(_KINDS[letter] for letter in match[1].lower() if letter in _KINDS) if match else ()


@lru_cache(4096)
def roles_of(path: str) -> dict[Role, float]:
    """How well a column's name speaks for each role, 0..1. For ``a.b[].c`` the last name counts most."""
    steps = [step for step in re.split(r"[.\[\]]+", path) if step]
    if not steps:
        return {}
    scores = _scores(words(steps[-1]))
    if len(steps) > 1:
        for role, score in _scores(words(steps[-2]) + words(steps[-1])).items():
            scores[role] = max(scores.get(role, 0.0), score * 0.9)
        for role, score in _scores(words(steps[-2])).items():
            scores[role] = max(scores.get(role, 0.0), score * (0.7 if _names_label(steps[-1]) else 0.2))
    return scores


def _names_label(step: str) -> bool:
    return bool({"name", "label", "title", "value", "text", "term", "preferred", "full"} & set(words(step)))


def _scores(found: tuple[str, ...]) -> dict[Role, float]:
    plain = tuple(word for word in found if word not in _UNITS) or found
    scores: dict[Role, float] = {}
    length = len(plain)
    for size in range(length, 0, -1):
        for start in range(length - size + 1):
            for role in _BY_PHRASE.get(" ".join(plain[start : start + size]), ()):
                # the end of a compound names the thing: "object begin date" is a date of beginning
                ends = start + size == length
                score = 1.0 if size == length else (0.75 if ends else 0.45) * (size / length) ** 0.5
                scores[role] = max(scores.get(role, 0.0), score)
    return scores
