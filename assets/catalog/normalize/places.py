"""Places as museums write them: stated role, doubt, and the name in the order given.

Nothing is looked up, completed or turned: "China, Jingdezhen" stays in that order, and so does
"Leeds (England, United Kingdom)": parentheses hold a wider place in one catalog, another name in the next.

Of a sentence about a find ("Found by Orsi in 1928 in the necropolis of Gela, reused as cover") only the place
after its preposition is taken; who, when and how stay unread. A sentence that names no place gives none.
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
_DOUBT_INSIDE: Final = re.compile(rf"(?:[(\[]|,[ ]){_DOUBTS}[ ]", re.IGNORECASE)
_WHOLE_ASIDE: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_SEPARATOR: Final = re.compile(r"[ ]*[;|\n][ ]*|(?<=[^\W\d])[ ]*/[ ]+")
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

_COORDINATES: Final = re.compile(
    r"[ ]*(?:(?<![\d.])-?\d{1,3}|\d{2})\.\d{3,}[ ]*,[ ]*-?\d{1,3}\.\d{3,}(?:[ ]*[.,]?[ ]*$)?"
)
"""Decimal degrees, also where an export glued them to the word or grave number before them."""
_YEAR_AFTER: Final = re.compile(r",[ ]+(?:in[ ]+)?(?:c(?:a|irca)?\.?[ ]*)?[12]\d{3}$")
_MONTHS: Final = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
_NO_PLACE: Final = (
    r"(?:\d{3,4}\b|c(?:a|irca)?\.?[ ]?\d|C\d\d\b|\d+(?:st|nd|rd|th)[ ]+c|(?:early|mid|late|spring|summer|"
    r"autumn|fall|winter|period|course|years?|his|her|their|\d*0s)\b|re-?use|secondary|situ\b|"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ ]+)?(?:of[ ]+)?{_MONTHS}|"
    r"(?:an?[ ]+)?[\w-]*[ ]?(?:layer|level|context|date)\b)"
)
_FINDING: Final = re.compile(
    rf"(?:(?P<doubt>said to have been|{_DOUBTS})[ ]+)?"
    r"(?:(?:was|were|first|sporadic|chance|material from)[ ]+)*(?:found|discovered|excavated|"
    r"unearthed|recovered|(?:discovery|excavations?)(?=[ ]+(?-i:[a-z(])))\b(?![ ]*:)",
    re.IGNORECASE,
)
_SEEING: Final = re.compile(
    r"(?:first[ ]+)?(?:recorded|observed|described|identified|published|seen|noted|mentioned)[ ]+"
    r"(?=by|in|at|near|on|and|as)",
    re.IGNORECASE,
)
_WHERE: Final = (
    r"\b(?:in|at|near|on|within|inside|outside|beneath|under|behind{0})[ ]+(?:the[ ]+)?+"
    r"(?!(?i:{1}))(?P<name>\w.*)"
)
_FOUND_WHERE: Final = re.compile(_WHERE.format("|from|(?:excavations?|^)[ ]+of", _NO_PLACE))
_SEEN_WHERE: Final = re.compile(_WHERE.format("", _NO_PLACE))
_PLACE_ENDS: Final = re.compile(
    r"[,]?[ ]+(?:by|during|when|while|between|before|after|according|re-?used|acquired|prior to|"
    r"and[ ]+(?:then|first|later|published|sold|taken|brought|given|purchased|acquired|moved|now)|"
    rf"in[ ]+(?:the[ ]+)?{_NO_PLACE}|c(?:a|irca)?\.?[ ]?\d{{3}})(?![^\W\d]).*|,[ ]+{_MONTHS}.*"
    r"|,[ ]+(?:in|now|not|\d[\d.,]*[ ]?k?m)\b.*|[ ]*(?-i:\([a-z\d].*)|(?<=\w{6})(?-i:\.[ ]+[A-Z].*)",
    re.IGNORECASE,
)
_FOUND_AFTER: Final = re.compile(
    r"(?P<name>\w.*?),[ ]+(?:found|discovered|excavated|unearthed)[ ]+(?P<rest>.+)"
)


@lru_cache(maxsize=65536)
def read_place(text: str, role: Role = "other") -> Reading[Place]:
    """The places in ``text``, with ``role`` where the text states none.

    Alternatives ("Athens or Corinth") become several uncertain places. ``by`` is ``places.stated``,
    ``places.uncertain``, ``places.several`` or ``places.none``; ``unread`` holds what names no place.
    """
    places: list[Place] = []
    unread: list[str] = []
    story = False
    for segment in _SEPARATOR.split(text):
        plain = _SPACES.sub(" ", segment).strip(" ,.") if segment.strip(" ,.") != "" else ""
        if plain.lower() in _UNKNOWN or not any(letter.isalpha() for letter in plain):
            if plain and plain.lower() not in _UNKNOWN:
                unread.append(plain)
            continue
        if story and plain[0].islower():
            unread.append(plain)  # "found in Gela; subsequently lost"
            continue
        story = story or _FINDING.match(plain) is not None
        found, rest = _read_segment(plain, role)
        places += found
        if rest:
            unread.append(rest)
    return Reading(tuple(places), _rule(places), "; ".join(unread))


def _rule(places: list[Place]) -> str:
    if len(places) != 1:
        return "places.several" if places else "places.none"
    return "places.uncertain" if places[0].uncertain else "places.stated"


def _read_segment(segment: str, role: Role) -> tuple[list[Place], str]:
    """The places of one segment, and what of it names none."""
    segment, left = _cut_figures(segment)
    told = _take_sentence(segment, role)
    if told is None:
        role, name = _take_role(segment, role)
    else:
        role, name, rest = told
        left = [rest, *left] if rest else left
    uncertain = False
    alternatives = _OR.split(name)
    places: list[Place] = []
    for alternative in alternatives:
        plain, doubted = _take_doubt(alternative)
        uncertain |= doubted
        if plain and plain.lower() not in _UNKNOWN:
            places.append(Place(name=plain, role=role, uncertain=uncertain or len(alternatives) > 1))
    return places, "; ".join(left)


def _cut_figures(segment: str) -> tuple[str, list[str]]:
    """The segment without decimal degrees and a closing year, and those."""
    left: list[str] = []
    if not any(figure in segment for figure in "0123456789"):
        return segment, left
    for pattern in (_COORDINATES, _YEAR_AFTER):
        if match := pattern.search(segment):
            left.append(match[0].strip(" ,."))
            segment = (segment[: match.start()] + segment[match.end() :]).strip(" ,")
    return segment, left


def _take_sentence(segment: str, role: Role) -> tuple[Role, str, str] | None:
    """Role, place and rest of a sentence on where a thing was found or seen; ``None`` for no sentence."""
    finding = _FINDING.match(segment)
    seeing = None if finding else _SEEING.match(segment)
    if finding:
        where = _FOUND_WHERE.search(
            segment, finding.end() - 10 if "xcavation" in finding[0] else finding.end()
        )
    elif seeing:
        where = _SEEN_WHERE.search(segment, seeing.end())
    else:
        after = _FOUND_AFTER.fullmatch(segment)
        return ("found", after["name"], after["rest"]) if after else None
    if where is None:
        names_itself = finding and segment[finding.end() :].strip()[:1].isupper()
        return None if names_itself or segment.count(" ") < 2 else (role, "", segment)
    name = _PLACE_ENDS.sub("", where["name"])
    rest = " ".join((segment[: where.start()] + " " + where["name"][len(name) :]).split())
    name = name.strip(" ,.'\"‘’“”")
    rest = rest.replace(" ,", ",")
    if finding is None:
        return role, name, rest
    rest = rest[finding.end() :].strip(" ,")
    return "found", f"probably {name}" if finding["doubt"] else name, rest


def _take_role(segment: str, role: Role) -> tuple[Role, str]:
    match = _ROLE_BEFORE.match(segment)
    if match is None:
        return role, segment
    word, rest = match[1].lower(), segment[match.end() :]
    if ":" not in match[0]:
        if word == "from" and rest.startswith("the ") and " collection" not in rest:
            return "found", rest.removeprefix("the ")
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
