"""Cuts the wording of a dimensions text into tokens, and reads its numbers.

Numbers are whole, decimal (point or comma), mixed ("10 1/2", "4-1/2", "½") or ranges ("1.0-3.5").
"""

import re
from functools import lru_cache
from typing import Final

from assets.catalog.normalize.measures import KINDS, Kind

NUMBER: Final = (
    r"(?:(?:\d+[ \-])?\d{1,3}[ ]?/[ ]?(?:2|3|4|5|6|7|8|9|10|12|16|20|24|32|64|100)(?!\d)"
    r"|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"
    r"|\d{1,3}[ ]\d{3}(?=[ ]?(?:mm|cm|m|kg|g)\b)"
    r"|\d+(?:[.,]\d+)?|\.\d+)"
)
TOKEN: Final = re.compile(
    rf"""
    (?P<code>\d+\.[A-Za-z]{{1,4}}\.\d[\w.]*\w|\d+(?:\.\d+){{2,}}\w*)
    |(?P<film>\d+[ ]?mm(?=[ ](?:film|slide|negative|projector|transparenc)))
    |(?P<clock>\d{{1,3}}:[0-5]\d(?::[0-5]\d)?(?!\d))
    |(?P<num>{NUMBER}(?:[ ]?(?:-|–|—|−|to|bis|à)[ ]?{NUMBER})?)
    |(?P<word>[^\W\d_]+(?:[23](?!\d))?[.]?)
    |(?P<x>[×✕╳*·])
    |(?P<mark>''|["'])
    |(?P<open>[(\[])
    |(?P<close>[)\]])
    |(?P<end>[;|\n])
    |(?P<colon>[:=])
    |(?P<about>[~±≈])
    |(?P<comma>[,/&+])
    """,
    re.VERBOSE,
)
_RANGE: Final = re.compile(rf"({NUMBER})(?:[ ]?(?:-|–|—|−|to|bis|à)[ ]?({NUMBER}))?")
_ORDER: Final = re.compile(
    r"\(?([^\W\d_]+)\.?[ ]*[x×][ ]*([^\W\d_]+)\.?(?:[ ]*[x×][ ]*([^\W\d_]+)\.?)?[ ]*\)?"
)
_GLUED_ORDER: Final = re.compile(r"\b([HWDLTBhwdltb])[xX]([HWDLTBhwdltb])(?:[xX]([HWDLTBhwdltb]))?\b")
_FRACTIONS: Final = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5",
    "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
_PLAIN: Final = str.maketrans(
    {fraction: f" {plain} " for fraction, plain in _FRACTIONS.items()}
    | {"⁄": "/", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "\r": "\n"}
    | {"″": '"', "“": '"', "”": '"', "′": "'", "’": "'", "‘": "'"}
    | {"：": ":", "（": "(", "）": ")", "；": ";", "，": ",", "、": ",", "．": "."}
)
_SPACES: Final = re.compile(r"  +| +(?=/)")


@lru_cache(maxsize=8192)
def read_number(text: str) -> tuple[float, float, bool] | None:
    """Value, step of the last place, and whether it is a range (whose larger end is the value)."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    first = _single(match[1])
    if match[2] is None:
        return (*first, False)
    second = _single(match[2])
    if match[2].startswith("."):  # 23.1–.4 stands for 23.1–23.4
        second = (float(int(first[0])) + second[0], second[1])
    return (*max(first, second), True)


def _single(text: str) -> tuple[float, float]:
    if "/" in text:
        whole, _, fraction = text.replace(" /", "/").replace("/ ", "/").replace("-", " ").rpartition(" ")
        upper, lower = fraction.split("/")
        return float(whole or 0) + float(upper) / float(lower), 1 / float(lower)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text) and not text.startswith("0"):
        text = text.replace(",", "")
    plain = text.replace(",", ".").replace(" ", "")
    return float(plain), 10.0 ** -len(plain.partition(".")[2])


def plain_text(text: str) -> str:
    """``text`` with typographic fractions, quotes and spaces written plainly."""
    if not text.isascii():
        text = _SPACES.sub(" ", text.translate(_PLAIN))
    elif "\r" in text or "\t" in text:
        text = text.replace("\r", "\n").replace("\t", " ")
    return text


def read_order(text: str) -> tuple[tuple[Kind, ...], str]:
    """The stated order ("H x W x D") and the text without it; an empty order where none is stated."""
    for pattern in (_ORDER, _GLUED_ORDER):
        for match in pattern.finditer(text):
            words = [word.lower() for word in match.groups() if word]
            if all(word in KINDS for word in words):
                return tuple(KINDS[word] for word in words), text[: match.start()] + " " + text[match.end() :]
    return (), text
