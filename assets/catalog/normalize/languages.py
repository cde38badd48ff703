"""Languages to BCP 47 tags, and what the script of a text alone shows.

Codes and tags are read and validated by langcodes (IANA Language Subtag Registry, ISO 639-1/2/3); so are the
names in that registry, some 8,000 languages in English. The names that museum exports use besides those, in
English, in the language itself and in other languages of museums, are a table here.
"""

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import langcodes
from langcodes.registry_parser import parse_registry
from langcodes.tag_parser import LanguageTagError

_NAMES: Final = {
    "ar": "arabic العربية arabisch arabe arabo árabe",
    "akk": "akkadian babylonian assyrian akkadisch akkadien",
    "arc": "aramaic aramäisch",
    "bg": "bulgarian български",
    "bn": "bengali bangla",
    "bo": "tibetan tibetisch",
    "ca": "catalan català",
    "cop": "coptic koptisch copte",
    "cs": "czech čeština tschechisch",
    "cy": "welsh cymraeg",
    "da": "danish dansk dänisch danois",
    "de": "german deutsch allemand tedesco alemán duits",
    "egy": "egyptian hieroglyphic hieratic hieroglyphs ägyptisch",
    "el": "modern_greek ελληνικά neugriechisch",
    "en": "english englisch anglais inglese inglés engels british_english american_english",
    "eo": "esperanto",
    "es": "spanish español castellano spanisch espagnol spagnolo spaans castilian",
    "et": "estonian eesti",
    "ett": "etruscan",
    "eu": "basque euskara",
    "fa": "persian farsi فارسی persisch persan",
    "fi": "finnish suomi finnisch",
    "fr": "french français francais französisch francese francés frans",
    "frm": "middle_french",
    "fro": "old_french",
    "ga": "irish gaeilge irish_gaelic",
    "gd": "scottish_gaelic gàidhlig",
    "gez": "ge'ez geez ethiopic",
    "gmh": "middle_high_german mittelhochdeutsch",
    "goh": "old_high_german",
    "got": "gothic",
    "grc": "ancient_greek classical_greek altgriechisch greek_(ancient) grec_ancien",
    "he": "hebrew עברית hebräisch hébreu ebraico",
    "hi": "hindi हिन्दी",
    "hit": "hittite",
    "hr": "croatian hrvatski",
    "hu": "hungarian magyar ungarisch",
    "hy": "armenian հայերեն armenisch",
    "id": "indonesian bahasa_indonesia",
    "is": "icelandic íslenska",
    "it": "italian italiano italienisch italien italiaans",
    "ja": "japanese 日本語 japanisch japonais giapponese japonés",
    "ka": "georgian ქართული",
    "ko": "korean 한국어 koreanisch coréen",
    "la": "latin latein latino latín latijn lateinisch",
    "lt": "lithuanian lietuvių",
    "lv": "latvian latviešu",
    "lzh": "classical_chinese literary_chinese 文言",
    "mn": "mongolian mongolisch",
    "mt": "maltese",
    "nl": "dutch nederlands niederländisch néerlandais flemish olandese",
    "no": "norwegian norsk norwegisch",
    "ang": "old_english anglo-saxon",
    "enm": "middle_english",
    "non": "old_norse",
    "osc": "oscan",
    "peo": "old_persian",
    "phn": "phoenician",
    "pl": "polish polski polnisch polonais",
    "pt": "portuguese português portugiesisch portugais portoghese",
    "ro": "romanian română",
    "ru": "russian русский russisch russe russo",
    "sa": "sanskrit संस्कृतम्",
    "scx": "sicel sicula sikel siculan",
    "sk": "slovak slovenčina",
    "sl": "slovenian slovene slovenščina",
    "sr": "serbian српски",
    "sxc": "sikan sicanian",
    "sh": "serbo-croat",
    "xco": "khwarezmian khwarazmian",
    "sux": "sumerian sumerisch",
    "sv": "swedish svenska schwedisch suédois",
    "sw": "swahili kiswahili",
    "syc": "classical_syriac",
    "syr": "syriac",
    "ta": "tamil தமிழ்",
    "th": "thai ไทย",
    "tr": "turkish türkçe türkisch turc",
    "ota": "ottoman_turkish ottoman",
    "uk": "ukrainian українська",
    "und": "undetermined unknown undefined unspecified",
    "ur": "urdu اردو",
    "vi": "vietnamese tiếng_việt",
    "xly": "elymian",
    "xpu": "punic",
    "yi": "yiddish ייִדיש",
    "zh": "chinese 中文 汉语 漢語 chinesisch chinois cinese chino chinees mandarin",
    "zh-Hans": "simplified_chinese 简体中文 chinese_(simplified)",
    "zh-Hant": "traditional_chinese 繁體中文 chinese_(traditional)",
    "zxx": "no_linguistic_content",
}
_BY_NAME: Final = MappingProxyType(
    {name.replace("_", " "): tag for tag, names in _NAMES.items() for name in names.split()}
)
_BY_AAT: Final = MappingProxyType(
    {
        "300387827": "grc", "300387843": "ar", "300387971": "bn", "300388113": "zh", "300388185": "hr",
        "300388191": "cs", "300388204": "da", "300388256": "nl", "300388277": "en", "300388296": "fa",
        "300388299": "fi", "300388306": "fr", "300388343": "ka", "300388344": "de", "300388371": "gu",
        "300388401": "he", "300388449": "is", "300388467": "ga", "300388474": "it", "300388486": "ja",
        "300388633": "ko", "300388693": "la", "300388723": "lt", "300388760": "mk", "300388770": "hu",
        "300388992": "no", "300389109": "pl", "300389115": "pt", "300389157": "ro", "300389168": "ru",
        "300389247": "sr", "300389279": "si", "300389290": "sk", "300389291": "sl", "300389311": "es",
        "300389336": "sv", "300389365": "ta", "300389470": "tr", "300389734": "el",
    }
)  # fmt: skip
"""Languages in the Getty AAT, as Linked Art exports name them."""

_AAT: Final = re.compile(r"(?:(?:https?://)?vocab\.getty\.edu/(?:page/)?aat/|aat:)(\d{9})", re.IGNORECASE)
_SCHEME: Final = re.compile(r"ISO[ -]?639(?:-\d)?[ :]+(?=[a-z]{2,3}$)", re.IGNORECASE)
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_DOUBT: Final = re.compile(r"[ ]*(?:\(\?\)|\[\?\]|\?)$")
_ASIDE: Final = re.compile(r"[ ]*\([^)]*\)$|[ ]+(?:language|langue|sprache|script)$", re.IGNORECASE)
_INVERTED: Final = re.compile(r"([^,:]+)([,:])[ ]*([^,:]+)")
_NO_REGION: Final = frozenset(
    (
        "old", "middle", "ancient", "classical", "early", "late", "medieval", "proto", "creole", "pidgin",
        "sign", "low", "high", "upper", "lower", "judeo", "vulgar", "biblical", "literary", "ottoman",
        "imperial", "bilingual",
    )
)  # fmt: skip
"""What before a name makes another language of it; "Ulster" or "Andean" do not."""
_GREEK_UNDECIDED: Final = frozenset(("greek", "griechisch", "grec", "greco", "griego", "grieks"))
_RECORD_TAG: Final = re.compile(r"(?:[a-z]{2,3}|und)(?:-[A-Za-z0-9]{2,8})*")

_RANGES: Final[tuple[tuple[int, int, str], ...]] = (
    (0x0041, 0x024F, "Latn"), (0x03E2, 0x03EF, "Copt"), (0x0370, 0x03FF, "Grek"), (0x0400, 0x052F, "Cyrl"),
    (0x0530, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"), (0x0600, 0x06FF, "Arab"), (0x0700, 0x074F, "Syrc"), (0x0750, 0x077F, "Arab"),
    (0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"), (0x0A00, 0x0A7F, "Guru"), (0x0A80, 0x0AFF, "Gujr"),
    (0x0B00, 0x0B7F, "Orya"), (0x0B80, 0x0BFF, "Taml"), (0x0C00, 0x0C7F, "Telu"), (0x0C80, 0x0CFF, "Knda"),
    (0x0D00, 0x0D7F, "Mlym"), (0x0D80, 0x0DFF, "Sinh"), (0x0E80, 0x0EFF, "Laoo"), (0x0780, 0x07BF, "Thaa"),
    (0x13A0, 0x13FF, "Cher"), (0x0E00, 0x0E7F, "Thai"),
    (0x0F00, 0x0FFF, "Tibt"), (0x10A0, 0x10FF, "Geor"), (0x1100, 0x11FF, "Hang"), (0x1200, 0x137F, "Ethi"),
    (0x1780, 0x17FF, "Khmr"), (0x1E00, 0x1EFF, "Latn"), (0x1F00, 0x1FFF, "Grek"), (0x2C80, 0x2CFF, "Copt"),
    (0x3040, 0x30FF, "Kana"), (0x31F0, 0x31FF, "Kana"), (0x3400, 0x4DBF, "Hani"), (0x4E00, 0x9FFF, "Hani"),
    (0xAC00, 0xD7AF, "Hang"), (0xF900, 0xFAFF, "Hani"), (0x12000, 0x1254F, "Xsux"),
    (0x13000, 0x1342F, "Egyp"), (0x20000, 0x3134F, "Hani"),
)  # fmt: skip
_BY_SCRIPT: Final = MappingProxyType(
    {
        "Grek": "el", "Armn": "hy", "Hang": "ko", "Kana": "ja", "Hani": "zh", "Thai": "th", "Tibt": "bo",
        "Geor": "ka", "Khmr": "km", "Taml": "ta", "Copt": "cop", "Egyp": "egy", "Syrc": "syr",
        "Guru": "pa", "Gujr": "gu", "Orya": "or", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Sinh": "si",
        "Laoo": "lo", "Thaa": "dv", "Cher": "chr",
    }
)  # fmt: skip
"""Scripts that practically one language uses. Latin, Cyrillic, Arabic, Hebrew, Devanagari, Bengali,
Ethiopic and cuneiform serve several, so they decide nothing."""

_MOST: Final = 0.6
_OTHER_GREEK: Final = frozenset("ͰͱͲͳͶͷϘϙϜϝϞϟϠϡϷϸϺϻ")
"""Greek letters of no textbook dialect: Bactrian, Sicel, Elymian, or an archaic local Greek."""
_LEARNED_MARKS: Final = frozenset("\u0304\u0342\u0345")
"""Macron, circumflex and iota subscript: signs of ancient or learned Greek."""


@lru_cache(maxsize=4096)
def read_language(text: str) -> str | None:
    """The BCP 47 tag of a language name, ISO 639 code or tag; ``None`` for what is none of them.

    "Greek" alone gives ``el``; a catalog of antiquities states ``grc`` in its profile.
    """
    plain = _SCHEME.sub("", _DOUBT.sub("", " ".join(text.split()).strip(" .;,")))
    if match := _AAT.fullmatch(plain):
        return _BY_AAT.get(match[1])
    name = plain.lower()
    for candidate in (name, _ASIDE.sub("", name)):
        if candidate in _BY_NAME:
            return _BY_NAME[candidate]
        if candidate in _GREEK_UNDECIDED:
            return "el"
    code = _code(plain)
    if code and (len(code) == 2 or not plain.istitle()):
        return code  # "col" is a code; "Col" a name
    return _registered(name) or code or _variety(name)


def _code(plain: str) -> str | None:
    if not _TAG.fullmatch(plain):
        return None
    try:
        language = langcodes.Language.get(plain)
        tag = langcodes.standardize_tag(plain)
    except (LanguageTagError, ValueError):
        return None
    return tag if not language.extlangs and language.is_valid() and _RECORD_TAG.fullmatch(tag) else None


@lru_cache(maxsize=1)
def _registry() -> dict[str, str]:
    """Folded names of single languages to their subtags; a name that several languages have is left out."""
    found: dict[str, set[str]] = {}
    for entry in parse_registry():  # type: ignore[no-untyped-call]
        if entry["Type"] != "language" or entry.get("Scope") in ("collection", "special", "private-use"):
            continue
        if "Deprecated" not in entry:
            for description in entry["Description"]:
                found.setdefault(_folded(description).removesuffix(" (macrolanguage)"), set()).add(
                    entry["Subtag"]
                )
    short: dict[str, set[str]] = {}
    for name, tags in found.items():
        short.setdefault(_ASIDE.sub("", name), set()).update(tags)
    return {name: min(tags) for name, tags in (short | found).items() if len(tags) == 1}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in "'’ʼʻ")


def _registered(name: str) -> str | None:
    if len(name) < 2:
        return None
    names, folded = _registry(), _folded(name)
    return names.get(folded) or names.get(_ASIDE.sub("", folded))


def _variety(name: str) -> str | None:
    """A name that a catalog turned round ("Sorbian, Lower") or narrowed ("Breton: Gwened")."""
    if match := _INVERTED.fullmatch(_ASIDE.sub("", name)):
        turned = f"{match[3].strip()} {match[1].strip()}"
        base = match[1].strip() if match[2] == ":" else ""
        return _named(turned) or (_named(match[3].strip()) or _named(base) if base else None)
    words = name.split()
    regional = len(words) == 2 and words[0].replace("-", "").isalpha() and words[0] not in _NO_REGION
    if regional and _named(words[0]) is None:
        return _BY_NAME.get(words[1])
    return None


def _named(name: str) -> str | None:
    return _BY_NAME.get(name) or _registered(name)


@lru_cache(maxsize=16384)
def script_language(text: str) -> str:
    """The language that the script of ``text`` alone decides, else ``und``.

    Han with kana is Japanese, Han alone Chinese: a short Japanese title without kana is taken for Chinese,
    as it is by readers of Chinese. Greek with polytonic letters is ancient or learned: ``grc``; with letters
    outside the alphabet it may be another language. One letter of an alphabet decides nothing.
    """
    if text.isascii():
        return "und"
    counts: dict[str, int] = {}
    for character in text:
        if character.isalpha():
            script = _script(ord(character))
            counts[script] = counts.get(script, 0) + 1
    total = sum(counts.values())
    if not total:
        return "und"
    east = counts.get("Hani", 0) + counts.get("Kana", 0)
    if counts.get("Kana") and east >= _MOST * total:
        return "ja"
    script, count = max(counts.items(), key=lambda pair: pair[1])
    if count < _MOST * total:
        return "und"
    if total == 1 and script not in ("Hani", "Kana", "Hang"):
        return "und"
    return _greek(text) if script == "Grek" else _BY_SCRIPT.get(script, "und")


def _greek(text: str) -> str:
    if not _OTHER_GREEK.isdisjoint(text):
        return "und"
    composed = text + unicodedata.normalize("NFC", text)
    learned = any(0x1F00 <= ord(character) <= 0x1FFF for character in composed)
    return "grc" if learned or not _LEARNED_MARKS.isdisjoint(composed) else "el"


def _script(code: int) -> str:
    for first, last, script in _RANGES:
        if first <= code <= last:
            return script
    return ""
