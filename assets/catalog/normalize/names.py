"""Makers as museums write them: inverted or direct names, qualifiers, life dates, several makers, anonymity.

What is read is what the text shows: a name is turned from "Abbott, Jackson Miles" to display order, never
completed; a person or group is called so only where an inverted name, a title, life dates or a firm's word
shows it; makers are separated at semicolons and line breaks, and at "and" only between complete names
("John Langlands and John Robertson", not "Currier and Ives").
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from assets.catalog.normalize.life_dates import LifeDates, read_life_dates
from assets.catalog.normalize.name_words import (
    ANONYMOUS,
    DEED_BEFORE,
    DEEDS,
    FIRM,
    FIRM_END,
    FIRM_TAIL,
    NOBILITY,
    PARTICLES,
    QUALIFIER_ASIDE,
    QUALIFIER_BEFORE,
    QUALIFIERS,
    ROLE_ASIDE,
    ROLE_BEFORE,
    ROLES,
    SUFFIXES,
    TELLING,
    TITLES,
    is_nationality,
)
from assets.catalog.record import Actor, Maker
from assets.catalog.row import Reading

_SPACES: Final = re.compile(r"[ \t\u00a0]+")
_EMPTY: Final = frozenset(
    ("", "-", "–", "n/a", "na", "none", "null", "?", "see note", "not applicable", "various", ".")
)
_BIO_ASIDE: Final = re.compile(r"[ ]*\(([^()]*(?:\([^()]*\)[^()]*)*)\)[ ]*")
_WORD: Final = r"[A-Z\u00c0-\u00de][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?"
_SIMPLE: Final = re.compile(
    rf"{_WORD}(?: {_WORD}){{0,3}}|(?P<surname>{_WORD}), (?P<given>{_WORD}(?: {_WORD}){{0,2}})"
)
_COMMA: Final = re.compile(r",(?![^(]*\))")
_AND: Final = re.compile(r"[ ]+(?:and|und|et|en|y|&)[ ]+")
_AND_OUTSIDE: Final = re.compile(r"[ ]+(?:and|und|et|en|y|&)[ ]+(?![^(]*\))")
_AND_COMPANY: Final = re.compile(
    r"(?:and|&|et|und|en) (?:Sons?|Co|Company|Cie|Brothers|Fils|Sohn|Söhne|Zonen)\b.*"
)
_TRAILING: Final = re.compile(r"(.+) ((?:Jr|Sr)\.?|I{1,3}|IV|VI{1,3})")
_DOUBT: Final = re.compile(r"[ ]*\(\?\)|^\?[ ]*|[ ]*\?$")
_SEPARATOR: Final = re.compile(r"[ ]*[;|][ ]*|\n+")


@dataclass(slots=True)
class _Part:
    """One maker's text while it is taken apart."""

    name: str
    role: str | None
    qualifier: str | None = None
    nationality: str | None = None
    life: LifeDates | None = None
    unread: str = ""


@lru_cache(maxsize=65536)
def read_maker(text: str, *, role: str | None = None) -> Reading[Maker]:
    """The makers that ``text`` names, in its order.

    ``role`` is the role where the text gives none. ``by`` is ``names.person``, ``names.group``,
    ``names.plain`` (nothing shows whether person or group), ``names.anonymous``, ``names.several`` or
    ``names.none``. An anonymous maker has the name "Unknown", the kind ``unknown`` and the people stated.
    """
    plain = _SPACES.sub(" ", text).strip()
    if plain.lower() in _EMPTY:
        return Reading((), "names.none")
    simple = _SIMPLE.fullmatch(plain)
    if simple and TELLING.isdisjoint(plain.lower().replace(",", "").split()) and not FIRM.search(plain):
        return _simple(simple, role)
    return _read_wording(plain, role)


def _simple(match: re.Match[str], role: str | None) -> Reading[Maker]:
    """The shortcut for "Jane Doe" and "Doe, Jane"; it gives what the full reading would give."""
    if match["surname"] is None:
        return Reading((Maker(actor=Actor(name=match[0]), role=role),), "names.plain")
    actor = Actor(name=f"{match['given']} {match['surname']}", kind="person")
    return Reading((Maker(actor=actor, role=role),), "names.person")


def _read_wording(plain: str, role: str | None) -> Reading[Maker]:
    parts = [part for segment in _segments(plain) for part in _read_segment(segment, role)]
    makers = tuple(_maker(part) for part in parts)
    unread = "; ".join(part.unread for part in parts if part.unread)
    return Reading(makers, _rule(makers), unread)


def _rule(makers: tuple[Maker, ...]) -> str:
    if len(makers) != 1:
        return "names.several" if makers else "names.none"
    actor = makers[0].actor
    if actor.name == "Unknown":
        return "names.anonymous"
    return f"names.{actor.kind}" if actor.kind != "unknown" else "names.plain"


def _segments(text: str) -> list[str]:
    """One string per line or semicolon; a line that only tells nationality and life dates joins its name."""
    segments: list[str] = []
    for raw in _SEPARATOR.split(text):
        segment = raw.strip(" ,")
        if segment.lower() in _EMPTY:
            continue
        if segments and "(" not in segment and _is_bio(segment):
            segments[-1] = f"{segments[-1]} ({segment})"
        elif segments and segments[-1].count("(") > segments[-1].count(")"):
            segments[-1] = f"{segments[-1]}; {segment}"
        else:
            segments.append(segment)
    return segments


def _is_bio(text: str) -> bool:
    """ "French, 1821-1868", "American, born Germany", "19th century", "born 1965"."""
    life = read_life_dates(text)
    head = re.split(r",| born | active ", life.rest, maxsplit=1)[0].strip(" ,")
    if is_nationality(head):
        return True
    return not head and (life.born is not None or life.died is not None)


def _read_segment(segment: str, role: str | None) -> list[_Part]:
    segment, stated = _take_role(segment)
    anonymous = ANONYMOUS.match(segment)
    if anonymous:
        return [_anonymous(segment[anonymous.end() :], stated or role)]
    return [_read_one(name, stated or role) for name in _several(segment)]


def _take_role(segment: str) -> tuple[str, str | None]:
    match = ROLE_BEFORE.match(segment)
    if match:
        return segment[match.end() :], match[1].lower()
    match = DEED_BEFORE.match(segment)
    if match:
        return segment[match.end() :], DEEDS[match[1].lower()]
    head, _, last = segment.rpartition(",")
    if head and last.strip().lower() in ROLES:  # "Vincent van Gogh (Dutch, 1853–1890), artist"
        return head.strip(), last.strip().lower()
    match = ROLE_ASIDE.search(segment)
    if match:
        return (segment[: match.start()] + segment[match.end() :]).strip(" ,"), match[1].lower().rstrip("s")
    return segment, None


def _anonymous(rest: str, role: str | None) -> _Part:
    rest = rest.strip(" ,()")
    head, _, tail = rest.partition(",")
    people, _, faith = head.partition(" ")
    if not is_nationality(head) and is_nationality(people):
        head, tail = people, f"{faith} {tail}"
    if head and (is_nationality(head) or " " not in head.strip()):
        return _Part("Unknown", role, nationality=head.strip(), unread=tail.strip())
    return _Part("Unknown", role, unread=rest)


def _several(segment: str) -> list[str]:
    """The names in one segment; more than one only where each is complete in itself."""
    names = _AND_OUTSIDE.split(segment)
    if len(names) > 1 and not FIRM.search(segment) and all(_is_complete(name) for name in names):
        return [piece for name in names for piece in _listed(name)]
    return _listed(segment)


def _listed(text: str) -> list[str]:
    """ "Peter Fischli, David Weiss": a list only where no side can be a surname or a biography."""
    sides = [side.strip() for side in text.split(",")]
    if len(sides) < 2 or "(" in text or any(read_life_dates(side).rest != side for side in sides):
        return [text]
    if all(_is_direct_name(side) for side in sides):
        return sides
    return [text]


def _is_complete(name: str) -> bool:
    bare = _BIO_ASIDE.sub(" ", name).strip(" ,")
    if "," in bare:
        return all(side.strip()[:1].isupper() for side in bare.split(","))
    return _is_direct_name(bare) or ("(" in name and bool(bare))


def _is_direct_name(text: str) -> bool:
    words = text.split()
    if not 2 <= len(words) <= 4 or is_nationality(text) or FIRM.search(text) or NOBILITY.match(text):
        return False
    if words[0].lower() in PARTICLES or words[0].lower() in TITLES or SUFFIXES.fullmatch(words[-1]):
        return False
    return all(word[:1].isupper() or word.lower() in PARTICLES for word in words) and not words[0].endswith(
        "."
    )


def _read_one(name: str, role: str | None) -> _Part:
    part = _Part(name.strip(" ,"), role)
    _take_qualifiers(part)
    _take_aside(part)
    _take_trailing_bio(part)
    _take_qualifiers(part)
    if _DOUBT.search(part.name) and "School" not in part.name:
        part.name = _DOUBT.sub("", part.name).strip()
        part.qualifier = part.qualifier or "possibly"
    part.name = part.name.strip(" ,")
    if not any(character.isalnum() for character in part.name):
        part.name = ""
    if not part.name or is_nationality(part.name):
        if part.name and part.nationality:  # "Greek, Attic"
            part.unread = ", ".join(filter(None, (part.nationality, part.unread)))
        part.nationality = part.name or part.nationality
        part.name = "Unknown"
    return part


def _take_qualifiers(part: _Part) -> None:
    found: list[str] = [part.qualifier] if part.qualifier else []
    while match := QUALIFIER_BEFORE.match(part.name):
        found.append(QUALIFIERS[match[1].lower()])
        part.name = part.name[match.end() :]
    match = QUALIFIER_ASIDE.search(part.name)
    if match:
        found.append(QUALIFIERS[(match[1] or match[2]).lower()])
        part.name = (part.name[: match.start()] + " " + part.name[match.end() :]).strip()
    part.qualifier = " ".join(found) or None


def _take_aside(part: _Part) -> None:
    """Nationality and life dates in parentheses; other parentheses stay in the name."""
    for match in _BIO_ASIDE.finditer(part.name):
        if not _take_bio(part, match[1]):
            continue
        part.name = (part.name[: match.start()] + " " + part.name[match.end() :]).strip(" ,")
        return


def _take_bio(part: _Part, bio: str) -> bool:
    life = read_life_dates(bio)
    sides = [side.strip() for side in life.rest.split(",") if side.strip(" ,;")]
    national = bool(sides) and is_nationality(sides[0])
    if not (national or life.born or life.died or life.active):
        return False
    part.life = life
    if national:
        part.nationality = sides.pop(0).rstrip("?").strip()
    part.unread = ", ".join(side for side in sides if side)
    return True


def _take_trailing_bio(part: _Part) -> None:
    """ "Adam Grimm, United States, b. 1980"; "Abbott, Jackson Miles, American, 1920-1988"."""
    sides = part.name.split(",")
    for at in range(1, len(sides)):
        bio = ",".join(sides[at:]).strip()
        life = read_life_dates(bio)
        dated = (life.born or life.died or life.active) and not sides[at].strip()[:1].isalpha()
        worded = (life.born or life.died) and re.match(r"(?:b\.|born|d\.|died|active|fl\.|c\.|ca\.)", bio)
        of_people = life.active and is_nationality(sides[0])
        if is_nationality(sides[at]) or dated or worded or of_people:
            if _take_bio(part, bio):
                part.name = ",".join(sides[:at]).strip()
            return


def _maker(part: _Part) -> Maker:
    name, kind = _display(part.name)
    life = part.life
    if life and (life.born or life.died) and kind == "unknown":
        kind = "person"
    actor = Actor(
        name=name,
        kind=kind if name != "Unknown" else "unknown",
        born=life.born if life else None,
        died=life.died if life else None,
        nationality=part.nationality,
    )
    return Maker(actor=actor, role=part.role, qualifier=part.qualifier)


def _display(name: str) -> tuple[str, Literal["person", "group", "unknown"]]:
    """The name in display order and what it shows its bearer to be."""
    sides = [side.strip() for side in _COMMA.split(name) if side.strip()]
    if len(sides) < 2:
        return _join(sides), _kind(name)
    if " or " in name:
        return ", ".join(sides), _kind(name)
    if FIRM.search(sides[0]) and " " in sides[0] and not FIRM_END.fullmatch(sides[-1]):
        return ", ".join(sides), "group"  # "Meissener Porzellan Manufaktur, Meissen"
    conjoined = _AND.search(name) is not None
    if len(sides) == 3 and _AND_COMPANY.fullmatch(sides[2]):
        return _join([sides[1], sides[0], sides[2]]), "group"
    tail = FIRM_TAIL.search(sides[1])
    if FIRM_END.fullmatch(sides[-1]) or (conjoined and not tail):
        # "Babb, Cook and Willard", "Clews, James and Ralph": nothing tells them apart, so neither is turned
        return _firm(sides), "group"
    if NOBILITY.match(sides[1]):
        return ", ".join(sides), "person"
    if tail:
        given = sides[1][: tail.start()]
        return _join([given, sides[0], ", ".join([tail[1], *sides[2:]])]), "group"
    suffixes = [side for side in sides[1:] if SUFFIXES.fullmatch(side)]
    given = [side for side in sides[1:] if not SUFFIXES.fullmatch(side)]
    if not given:
        return ", ".join(sides), "person"
    trailing = _TRAILING.fullmatch(given[0])
    if trailing:  # "Joe, Oreland C. Sr.", "Sadeler, Jan I"
        return _join([trailing[1], *given[:0:-1], sides[0], trailing[2]]), "person"
    turned = _join([*given[::-1], sides[0]])
    for suffix in suffixes:
        turned += f" {suffix}" if " " in suffix else f", {suffix}"
    return turned, "group" if FIRM.search(name) else "person"


def _firm(sides: list[str]) -> str:
    if sides[-1].lower() == "the":
        return _join(["The", ", ".join(sides[:-1])])
    if len(sides) > 2 and (tail := FIRM_TAIL.search(sides[1])) and len(sides[0].split()) == 1:
        return _join([sides[1][: tail.start()], sides[0], ", ".join([tail[1], *sides[2:]])])
    return ", ".join(sides)


def _kind(name: str) -> Literal["person", "group", "unknown"]:
    if FIRM.search(name) or _AND.search(name) or " + " in name or "&" in name:
        return "group"
    return "person" if name.partition(" ")[0].lower() in TITLES and " " in name else "unknown"


def _join(pieces: list[str]) -> str:
    return _SPACES.sub(" ", " ".join(piece for piece in pieces if piece)).strip()
