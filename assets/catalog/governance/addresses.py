"""Postal addresses in running text, by the forms that many countries write them in.

House number and street word (English, French), street word and house number (German, Dutch, Nordic,
Italian, Spanish, Portuguese, Polish, Russian, Hungarian), British and Canadian postcodes (Royal Mail PAF
formats; Canada Post) with what stands before them, post boxes, and Chinese, Japanese and Korean forms.
What no rule sees: an address without a street word or postcode, and one written in lower-case letters.
Patterns begin with a digit or are guarded by a plain word, so that a text without either costs little.
"""

import re
from collections.abc import Iterator
from typing import Final

_STREET_WORDS: Final = (
    "Street", "St", "Avenue", "Ave", "Av", "Road", "Rd", "Lane", "Ln", "Drive", "Dr", "Boulevard", "Blvd",
    "Court", "Ct", "Place", "Pl", "Square", "Sq", "Terrace", "Terr", "Highway", "Hwy", "Parkway", "Pkwy",
    "Way", "Crescent", "Cres", "Close", "Gardens", "Gdns", "Mews", "Grove", "Row", "Walk", "Circle", "Trail",
    "Alley", "Turnpike", "Heights", "Rise", "Parade", "Esplanade",
)  # fmt: skip
_STREET: Final = "|".join(form for word in _STREET_WORDS for form in (word, word.upper()))


def _both(words: str) -> frozenset[str]:
    return frozenset(form for word in words.split() for form in (word, word.capitalize()))


_NAME: Final = r"[^\W\d_a-zà-ÿ][\w'’.-]*"
_PLACE: Final = r"(?![A-Z]{2,3}(?!\w))[^\W\d_a-zà-ÿ](?:[^\W\d_]|['’-])+(?!\w)"
_BRITISH: Final = r"[A-Z]{1,2}[0-9][A-Z0-9]?\s[0-9][ABD-HJLNP-UW-Z]{2}(?!\w)"
_CANADIAN: Final = r"[ABCEGHJ-NPRSTVXY][0-9][A-Z]\s?[0-9][A-Z][0-9](?!\w)"

_ENGLISH: Final = re.compile(
    rf"""
    [0-9](?<![\w.$£€/-][0-9])[0-9]{{0,4}}(?:-[0-9]{{1,5}})?[A-Za-z]?(?:\s1/2)?,?\s   # 12, 12A, 12-14
    (?:
        (?:[NSEW]\.\s?)?(?:(?:[A-Z0-9][\w'’.-]*|of|the|de|la)\s){{1,4}}?
        (?:{_STREET})(?!\w)(?:(?<!\sSt)(?<!\sDr)|(?!\.?\s[A-Z][a-z]))\.?    # not St. Louis, Dr. Miller
      | Broadway(?!\w)
    )
    (?:,?\s[NS]\.?\s?[EW]\.?(?!\w))?
    (?:,?\s(?:(?:Apt|APT|Apartment|Suite|Ste|Unit|Flat|Rm|Room)\.?\s?|\#\s?)\w+)?
    (?:,\s(?:St\.\s)?{_PLACE}(?:\s{_PLACE}){{0,2}})?
    (?:,?\s[A-Z]{{2,3}}(?!\w))?
    (?:,?\s(?:{_BRITISH}|{_CANADIAN}|[0-9]{{5}}(?:-[0-9]{{4}})?(?!\w)|(?<=[A-Z]{{2}}\s)[0-9]{{4}}(?!\w)))?
    """,
    re.VERBOSE,
)
_FRENCH: Final = re.compile(
    r"[0-9](?<![\w.][0-9])[0-9]{0,3}(?:\s?(?:bis|ter))?,?\s"
    r"(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d\.?|[Qq]uai|[Pp]lace|[Ii]mpasse|[Aa]llée|[Cc]hemin|[Cc]ours|[Pp]assage)"
    rf"\s(?:(?:de|du|des|la|le|les|à|au|aux)\s|[dl]['’])*{_NAME}(?:[\s-](?:{_NAME}|de|du|des)){{0,4}}"
    r"(?:,?\s[0-9]{4,5}\s[^\W\d_]\w+(?:-\w+)*)?"
)
_NUMBER: Final = r"(?!1[4-9]\d\d|20\d\d)[0-9]{1,4}\s?[a-zA-Z]?(?:-[0-9]{1,3})?(?!\w|[.,]\d)"
_TOWN: Final = (
    r"(?:,?\s(?:[A-Z]{1,2}-)?(?:[0-9]{4}\s[A-Z]{2}|[0-9]{2}-[0-9]{3}|[0-9]{3}\s[0-9]{2}|[0-9]{4,5})"
    r"\s[^\W\d_a-z]\w+(?:\s[^\W\d_a-z]\w+)?)?"
)
_SUFFIXED: Final = re.compile(
    r"(?<!\w)(?:[^\W\d_a-z][\w.-]*(?:stra(?:ß|ss)e|str\.|gasse|platz|weg|allee|ufer|damm|straat|laan|plein|gracht"
    r"|kade|singel|dijk|gatan|vägen|veien|gata|vej|(?<!Bri)(?<!Rene)gade)"
    r"|[^\W\d_a-z]\w+(?:er|es)\s(?:Straße|Strasse|Str\.|Allee|Platz|Weg|Ufer|Damm))"
    rf"\s{_NUMBER}{_TOWN}"
)
_GERMAN: Final = re.compile(
    r"(?<!\w)(?:Am|An\sde[rnm]|Auf\sde[rnm]|Im|In\sde[rnm]|Zum|Zur|Unter\sden|Hinter\sde[rnm])"
    r"\s[^\W\d_a-z]\w+\s[0-9]{1,3}\s?[a-z]?,\s(?:[A-Z]{1,2}-)?[0-9]{4,5}\s[^\W\d_a-z]\w+"
)
_LED: Final = re.compile(
    r"(?<!\w)(?:[Vv]ia|[Vv]iale|[Cc]orso|[Pp]iazza|[Pp]iazzale|[Vv]icolo|[Ll]argo|[Cc]alle|C/|[Aa]venida|Avda\."
    r"|[Pp]aseo|[Pp]laza|[Cc]arrer|[Rr]ua|[Tt]ravessa|[Pp]raça|[Aa]lameda|[Uu]l\.|[Uu]lica|[Aa]leja"
    r"|[Уу]л\.|[Уу]лица|[Пп]роспект|пр\.|Jalan|Jl\.)"
    rf"\s(?:(?:de|del|della|dei|delle|da|do|dos|das|di|la|las|los|el)\s)*{_NAME}(?:\s(?:de\s|da\s|do\s|d')?{_NAME}){{0,3}}"
    rf",?\s(?:n[.º°]?\s?|д\.\s?)?{_NUMBER}{_TOWN}"
)
_HUNGARIAN: Final = re.compile(rf"{_NAME}(?:\s{_NAME})?\s(?:utca|u\.|út|tér|körút)\s[0-9]{{1,3}}(?!\d|\.\d)")
_BOX: Final = re.compile(
    r"\b(?:P\.?\s?O\.?\s?(?:Box|BOX)|Post Office Box|Postfach|Apartado|Boîte postale|BP)\s[0-9]+\b"
)
_POSTCODE_HINT: Final = re.compile(r" [0-9][A-Z](?:[A-Z](?!\w)|[0-9])")
_POSTCODE: Final = re.compile(
    r"(?<=[A-Z])[0-9](?:[A-Z0-9]?\s[0-9][ABD-HJLNP-UW-Z]{2}|[A-Z]\s?[0-9][A-Z][0-9])(?!\w)"
)
_BEFORE_POSTCODE: Final = re.compile(
    rf"(?:(?:{_NAME}(?:\s(?:{_NAME}|the|of|on|upon|by)){{0,3}},\s)"
    rf"{{0,3}}{_NAME}(?:\s(?:{_NAME}|on|upon|the)){{0,3}},?\s(?:[A-Z]{{2}}\s)?)?[A-Z]{{1,2}}$"
)
_EAST_ASIAN: Final = re.compile(
    r"〒\s?\d{3}-\d{4}\s?[\u3040-\u30ff\u4e00-\u9fff0-9０-９-]*"
    r"|[\u4e00-\u9fff]{2,14}(?:路|街|大道|巷|弄|胡同)(?:[一二三四五六七八九十]段)?[0-9０-９]{1,5}(?:-\d+)?[号號](?:\d+[室楼樓])?"
    r"|[\u4e00-\u9fff]{2,12}[0-9０-９一二三四五六七八九十]+丁目[0-9０-９番地号の-]*"
    r"|[가-힣]+(?:시|구|군|동)\s[가-힣0-9]+(?:로|길)\s?\d{1,4}(?:-\d+)?"
)
_BUSINESS: Final = re.compile(
    r"(?:[Gg]aller(?:y|ies|ie|ia)|GALLER(?:Y|IES)|Galerie|Galería|Museum|Museo|Musée|University|College|Library"
    r"|Institute|Institut|Academy|School|Hotel|Press|Publish(?:er|ers|ing)|Inc\.?|Ltd\.?|LLC|GmbH|Company|Co\.|&\sSons?"
    r"|Auction(?:s|eers?)?|Sotheby['’]s|Christie['’]s|Bonhams|Club|Church|Theat(?:er|re)|Center|Centre|Plaza"
    r"|Dealer|Antiques|Art(?:s)?|Shop|Store|Bank|Society)\)?,?\s*(?:\(?at\s)?$"
)
_YEAR_BEFORE: Final = re.compile(
    r"(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ff]rom|[Tt]o|[Bb]y|[Oo]f|[Cc]irca|c\.|ca\.|and|the)\s$"
)
_YEAR: Final = re.compile(r"1[4-9]\d\d(?!\d)|20\d\d(?!\d)")
_MONTH: Final = re.compile(
    r"\d+,?\s(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


_BY_WORD: Final = (
    (frozenset(form for word in (*_STREET_WORDS, "Broadway") for form in (word, word.upper())), _ENGLISH),
    (frozenset(_both("rue avenue boulevard bd quai place impasse allée chemin cours passage")), _FRENCH),
    (
        frozenset(
            _both(
                "via viale corso piazza piazzale vicolo largo calle avenida paseo plaza carrer rua travessa "
                "praça alameda ul ulica aleja ул улица проспект пр"
            )
            | {"C/", "Avda", "Jalan", "Jl"}
        ),
        _LED,
    ),
    (frozenset(("Am", "An", "Auf", "Im", "In", "Zum", "Zur", "Unter", "Hinter")), _GERMAN),
    (frozenset(("utca", "út", "tér", "körút", "u")), _HUNGARIAN),
    (frozenset(("Box", "BOX", "Postfach", "Apartado", "postale", "BP")), _BOX),
)
_ALL_WORDS: Final = frozenset[str]().union(*(trigger for trigger, _ in _BY_WORD))
_SHORT_NUMBER: Final = re.compile(r" [0-9]{1,4}(?![0-9])")
_SUFFIXES: Final = (
    "straße", "strasse", "str.", "gasse", "platz", "weg", "allee", "ufer", "damm", "straat", "laan", "plein",
    "gracht", "kade", "singel", "dijk", "gatan", "vägen", "veien", "gata", "vej", "gade",
    "Straße", "Strasse", "Str.", "Allee", "Platz", "Weg", "Ufer", "Damm",
)  # fmt: skip
_HAN_OR_HANGUL: Final = re.compile("[\u3012\u3040-\ud7a3]")


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Character spans of postal addresses in ``text``, in no order, some within others.

    An address right after a gallery, museum, publisher or other business is passed over: it is public.
    """
    for pattern in _worth_trying(text):
        for match in pattern.finditer(text):
            if not _is_date(text, match) and not _is_public(text, match.start()):
                yield match.span()
    if _POSTCODE_HINT.search(text) is None:
        return
    for match in _POSTCODE.finditer(text):
        before = _BEFORE_POSTCODE.search(text, max(0, match.start() - 120), match.start())
        if before is not None and not _is_public(text, before.start()):
            yield before.start(), match.end()


def _apart(text: str) -> str:
    # Several times as fast as str.translate or a pattern.
    text = text.replace(",", " ").replace(".", " ").replace(";", " ")
    return text.replace("(", " ").replace(")", " ").replace(":", " ") if "(" in text or ":" in text else text


def _worth_trying(text: str) -> list[re.Pattern[str]]:
    words = _apart(text).split()
    patterns = []
    if not _ALL_WORDS.isdisjoint(words):
        patterns = [pattern for trigger, pattern in _BY_WORD if not trigger.isdisjoint(words)]
    if any(text.endswith(_SUFFIXES, 0, match.start()) for match in _SHORT_NUMBER.finditer(text)):
        patterns.append(_SUFFIXED)
    if not text.isascii() and _HAN_OR_HANGUL.search(text):
        patterns.append(_EAST_ASIAN)
    return patterns


def _is_date(text: str, match: re.Match[str]) -> bool:
    if not match[0][0].isdigit():
        return False
    if _MONTH.match(match[0]):
        return True
    return bool(_YEAR.match(match[0]) and _YEAR_BEFORE.search(text, max(0, match.start() - 8), match.start()))


def _is_public(text: str, start: int) -> bool:
    return _BUSINESS.search(text, max(0, start - 30), start) is not None
