"""Cut a date text into tokens. One pass, linear in the text's length."""

import re
from typing import Final

from assets.catalog.normalize.dates_han import han_stretches, has_han, in_grammar_order
from assets.catalog.normalize.dates_lexicon import LEXICON, Entry, Kind, Token
from assets.catalog.normalize.eras import folded, is_era_word

_DASH = "-‐‑‒–—―−"
_PATTERN: Final = re.compile(
    rf"""
    (?P<day>\d{{4}}-\d{{1,2}}-\d{{1,2}}(?!\d)|\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d\d)(?!\d)
        |\d{{1,2}}\.\s?\d{{1,2}}\.\s?\d{{4}}(?!\d)|(?:0?[1-9]|1[0-2])/\d{{4}}(?!\d))
  | (?P<mask>\d\d(?:\d[XU]|XX|UU|--)(?![^\W_])|\d{{3}}-(?=\]|\?\]))
  | (?P<open>\.\.)
  | (?P<decade>['’]?\d{{0,2}}\d0(?:['’]?s|er)(?![^\W\d_]))
  | (?P<century>C(?:1\d|2[01]|\d)(?:st|nd|rd|th)?(?![\d.])|\d{{1,2}}(?:st|nd|rd|th)C(?![^\W\d_]))
  | (?P<ordinal>\d{{1,2}}(?:st|nd|rd|th|ème|eme|er|ère|re|e|de|ste|[º°ª]|\.(?=[\s/{_DASH}]))(?![^\W_]))
  | (?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)
  | (?P<calendar>(?:B\.?\s?C\.?(?:\s?E\.?)?|A\.?\s?D\.|A\.?\s?H\.|C\.\s?E\.|AD|AH
        |v\.?\s?Chr\.?|n\.?\s?Chr\.?|v\.\s?u\.\s?Z\.?|u\.\s?Z\.
        |av(?:ant|\.)?\s?J\.?\s?-?\s?C\.?|ap(?:r[eè]s|r?\.)?\s?J\.?\s?-?\s?C\.?|a\.\s?C\.?|d\.\s?C\.?)(?![^\W\d_]))
  | (?P<word>[^\W\d_]+(?:[-'’./‑][^\W\d_]++(?!\d))*)
  | (?P<dash>[{_DASH}]+)
  | (?P<mark>[?/,;:()&~±…])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ROMAN: Final = re.compile(
    r"(?=[IVXLCDM])(M{0,3})(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})(?:e|ème|eme|er|o)?"
)
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_SINGLE_LETTERS: Final = frozenset("CDLM")
_CAPITAL_ONLY: Final = frozenset({"may", "march", "mar", "mars", "ad", "ah", "sept"})
_MARKS: Final = {
    "?": Kind.QUESTION, "/": Kind.SLASH, ",": Kind.COMMA, ";": Kind.SEMICOLON, "(": Kind.OPEN,
    ")": Kind.CLOSE, "&": Kind.AND, "~": Kind.CIRCA, "±": Kind.CIRCA, ":": Kind.FILLER, "…": Kind.UNKNOWN,
}  # fmt: skip
_MOST_DIGITS: Final = 6
_UNKNOWN: Final = Entry(Kind.UNKNOWN)


def tokens_of(text: str) -> list[Token]:
    """The text's tokens in order; blanks, brackets and stray signs are left out."""
    if not has_han(text):
        return _between(text, 0, len(text))
    tokens: list[Token] = []
    at = 0
    for start, end, pieces in han_stretches(text):
        tokens += _between(text, at, start)
        tokens += pieces
        at = end
    return in_grammar_order(tokens + _between(text, at, len(text)))


def _between(text: str, first: int, last: int) -> list[Token]:
    tokens: list[Token] = []
    for match in _PATTERN.finditer(text, first, last):
        group = match.lastgroup
        start, end = match.span()
        if group == "number":
            tokens.append(_number(match.group(), start, end))
        elif group == "word":
            _words(match.group(), start, tokens)
        elif group == "dash":
            tokens.append(Token(Kind.DASH, 0, match.group(), start, end))
        elif group == "mark":
            tokens.append(Token(_MARKS[match.group()], 0, match.group(), start, end))
        else:
            tokens.append(_special(str(group), match.group(), start))
    return tokens


def _number(wording: str, start: int, end: int) -> Token:
    digits = wording.replace(",", "")
    if len(digits) > _MOST_DIGITS:
        return Token(Kind.UNKNOWN, 0, wording, start, end)
    return Token(Kind.NUMBER, int(digits), digits, start, end)


def _special(group: str, wording: str, start: int) -> Token:
    end = start + len(wording)
    if group == "day":
        return Token(Kind.DAY, 0, wording, start, end)
    if group == "calendar":
        return Token(Kind.CALENDAR, _calendar(wording), wording, start, end)
    if group == "open":
        return Token(Kind.PRESENT, 0, wording, start, end)
    digits = "".join(sign for sign in wording if sign.isdecimal())
    if group == "mask":
        # "184X" and "18XX" of EDTF, "184-" and "18--" of library catalogs.
        if len(digits) == 3:
            return Token(Kind.DECADE, int(digits) * 10, digits + "0", start, end)
        return Token(Kind.CENTURY, int(digits) + 1, digits, start, end)
    kind = {"decade": Kind.DECADE, "ordinal": Kind.ORDINAL, "century": Kind.CENTURY}[group]
    if kind is Kind.CENTURY and wording.startswith("c"):
        # "c19" is as often "circa 19.." cut short as a century; only the capital letter is a usage.
        return Token(Kind.UNKNOWN, 0, wording, start, end)
    return Token(kind, int(digits), digits if kind is Kind.DECADE else wording.lower(), start, end)


def _calendar(wording: str) -> int:
    letters = "".join(sign for sign in folded(wording) if sign.isalpha())
    if letters == "ah":
        return 2
    return -1 if letters in {"bc", "bce", "vchr", "vuz", "avjc", "avantjc", "ac"} else 1


def _words(wording: str, start: int, tokens: list[Token]) -> None:
    word = folded(wording)
    if word in LEXICON or is_era_word(word) or not any(sign in word for sign in "-./‑"):
        tokens.append(_word(wording, word, start))
        return
    for piece in re.finditer(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[-‑/]", wording):
        at = start + piece.start()
        if piece.group() in "-‑":
            tokens.append(Token(Kind.DASH, 0, "-", at, at + 1))
        elif piece.group() == "/":
            tokens.append(Token(Kind.SLASH, 0, "/", at, at + 1))
        else:
            tokens.append(_word(piece.group(), folded(piece.group()), at))


def _word(wording: str, word: str, start: int) -> Token:
    end = start + len(wording)
    capital = wording[0].isupper()
    entry = LEXICON.get(word, _UNKNOWN)
    if entry.kind is not Kind.UNKNOWN and (capital or word not in _CAPITAL_ONLY):
        return Token(entry.kind, entry.value, word, start, end, entry.low, entry.high, capital)
    if capital and (roman := _roman(wording)):
        return Token(Kind.ROMAN, roman, word, start, end, capital=True)
    return Token(Kind.UNKNOWN, 0, word, start, end, capital=capital)


def _roman(wording: str) -> int:
    if wording in _SINGLE_LETTERS or not (match := _ROMAN.fullmatch(wording)):
        return 0
    total = 0
    letters = "".join(part or "" for part in match.groups())
    for letter, following in zip(letters, letters[1:] + "I", strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if value < _ROMAN_VALUES[following] else value
    return total
