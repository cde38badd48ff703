"""Places as museums write them: stated role, doubt, and the name in the order given.

Nothing is looked up, completed or turned: "China, Jingdezhen" stays in that order, and so does
"Leeds (England, United Kingdom)": parentheses hold a wider place in one catalog, another name in the next.
"""

import re
from functools import lru_cache
from typing import Final, Literal

from assets.catalog.record import Place
from assets.catalog.row import Reading

Role = Literal["made", "found", "depicted", "used", "kept", "other"]

_ROLE_WORDS: Final[dict[Role, str]] = {
    "made": (
        "made in|made at|made|produced in|produced|manufactured in|manufactured|created in|created|"
        "printed in|printed|published in|published|place made|place of origin|origin|production place|"
        "minted in|minted|mint|woven in|cast in|painted in|hergestellt in|entstehungsort|"
        "herstellungsort|lieu de création|lieu de production|vervaardigd te|plaats vervaardiging|"
        "luogo di produzione|lugar de producción"
    ),
    "found": (
        "found in|found at|found near|found|excavated in|excavated at|excavated|from|findspot|find spot|"
        "find-spot|discovered in|discovered at|discovered|said to be from|said to have been found in|"
        "said to have been found at|collected in|collected at|unearthed in|recovered from|provenance|"
        "fundort|gefunden in|provenienz|lieu de découverte|provenant de|vindplaats|gevonden te|"
        "luogo di ritrovamento|provenienza|procedencia"
    ),
    "depicted": ("depicted|depicts|view of|subject|place depicted|site depicted|dargestellt"),
    "used": ("used in|used at|used|worn in|place used"),
    "kept": (
        "kept in|kept at|located in|location|now in|current location|standort|lieu de conservation|"
        "bewaarplaats"
    ),
}
_SPELLED: Final = {
    spelling: role for role, spellings in _ROLE_WORDS.items() for spelling in spellings.split("|")
}
_SPELLINGS: Final = "|".join(re.escape(word) for word in sorted(_SPELLED, key=len, reverse=True))
_ROLE_BEFORE: Final = re.compile(
    rf"({_SPELLINGS})(?:[ ]*:[ ]*|[ ]+)(?=\S)",
    re.IGNORECASE,
)
_COLON_ONLY: Final = frozenset(("mint", "subject", "origin", "provenance", "location", "view of", "from"))
_DOUBTS: Final = (
    r"(?:most )?(?:probably|possibly|perhaps|presumably|likely|maybe|attributed to|said to be(?: from)?|"
    r"reportedly|wahrscheinlich|vermutlich|vielleicht|angeblich|probablement|peut-être|waarschijnlijk|"
    r"mogelijk|vermoedelijk|probabilmente|forse|probablemente|posiblemente)"
)
_DOUBT_WORD: Final = re.compile(rf"{_DOUBTS}[ ,]+(?:from[ ]+)?(?=\S)", re.IGNORECASE)
_DOUBT_MARK: Final = re.compile(
    r"[ ]*(?:\(\?\)|\[\?\]|\?)|[ ]*\((?:probably|possibly|perhaps|uncertain|doubtful)\)", re.IGNORECASE
)
_DOUBT_INSIDE: Final = re.compile(rf"[(\[]{_DOUBTS}[ ]", re.IGNORECASE)
_WHOLE_ASIDE: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_SEPARATOR: Final = re.compile(r"[ ]*[;|\n][ ]*")
_OR: Final = re.compile(r"[ ]+or(?:[ ]+(?:possibly|perhaps))?[ ]+")
_SPACES: Final = re.compile(r"\s*[ \t\u00a0]\s*|[ \t\u00a0]+")
_UNKNOWN: Final = frozenset(
    (
        "", "-", "–", "?", "unknown", "n/a", "na", "none", "null", "not known", "unbekannt", "inconnu",
        "onbekend", "place unknown", "unknown place", "uncertain", "unidentified",
        "sconosciuto", "desconocido",
        "see note",
    )
)  # fmt: skip


@lru_cache(maxsize=65536)
def read_place(text: str, role: Role = "other") -> Reading[Place]:
    """The places in ``text``, with ``role`` where the text states none.

    Alternatives ("Athens or Corinth") become several uncertain places. ``by`` is ``places.stated``,
    ``places.uncertain``, ``places.several`` or ``places.none``; ``unread`` holds what names no place.
    """
    places: list[Place] = []
    unread: list[str] = []
    for segment in _SEPARATOR.split(text):
        plain = _SPACES.sub(" ", segment).strip(" ,.") if segment.strip(" ,.") != "" else ""
        if plain.lower() in _UNKNOWN or not any(letter.isalpha() for letter in plain):
            if plain and plain.lower() not in _UNKNOWN:
                unread.append(plain)
            continue
        places += _read_segment(plain, role)
    return Reading(tuple(places), _rule(places), "; ".join(unread))


def _rule(places: list[Place]) -> str:
    if len(places) != 1:
        return "places.several" if places else "places.none"
    return "places.uncertain" if places[0].uncertain else "places.stated"


def _read_segment(segment: str, role: Role) -> list[Place]:
    role, name = _take_role(segment, role)
    uncertain = False
    alternatives = _OR.split(name)
    places: list[Place] = []
    for alternative in alternatives:
        plain, doubted = _take_doubt(alternative)
        uncertain |= doubted
        if plain and plain.lower() not in _UNKNOWN:
            places.append(Place(name=plain, role=role, uncertain=uncertain or len(alternatives) > 1))
    return places


def _take_role(segment: str, role: Role) -> tuple[Role, str]:
    match = _ROLE_BEFORE.match(segment)
    if match is None:
        return role, segment
    word, rest = match[1].lower(), segment[match.end() :]
    if ":" not in match[0]:
        names_place = rest[0].isupper() or rest[0] in "([" or _DOUBT_WORD.match(rest) is not None
        if not names_place or (word in _COLON_ONLY and word != "from"):
            return role, segment  # "Mint Hill" is a town
    return _SPELLED[word], f"probably {rest}" if word.startswith("said") else rest


def _take_doubt(text: str) -> tuple[str, bool]:
    uncertain = False
    whole = _WHOLE_ASIDE.fullmatch(text)
    if whole:  # "(Athens?)": a place in parentheses is the cataloger's inference
        text, uncertain = (whole[1] or whole[2] or "").strip(), True
    while match := _DOUBT_WORD.match(text):
        text, uncertain = text[match.end() :], True
    marked = _DOUBT_MARK.sub("", text)
    uncertain |= marked != text
    text = marked.strip(" ,")
    uncertain |= _DOUBT_INSIDE.search(text) is not None
    return text.strip(" ,"), uncertain
