"""Reads the wording of a dimensions text into groups of measures, before kinds and units are settled.

``tokens`` cuts the text; :class:`Wording` walks over the tokens and knows, for every number, the unit and
kind letter beside it, the part it belongs to, the numbers it is multiplied with and the parentheses it
stands in. Settling all that into dimensions is the work of :mod:`assets.catalog.normalize.dimensions`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from assets.catalog.normalize.measures import APPROXIMATE, KINDS, LETTERS, PARTS, REMARKS, VARIABLE, Kind
from assets.catalog.normalize.units import Unit, find_unit

_NUMBER: Final = (
    r"(?:(?:\d+[ \-])?\d{1,3}[ ]?/[ ]?(?:2|3|4|5|6|7|8|9|10|12|16|20|24|32|64|100)(?!\d)"
    r"|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"
    r"|\d{1,3}[ ]\d{3}(?=[ ]?(?:mm|cm|m|kg|g)\b)"
    r"|\d+(?:[.,]\d+)?|\.\d+)"
)
_TOKEN: Final = re.compile(
    rf"""
    (?P<code>\d+\.[A-Za-z]{{1,4}}\.\d[\w.]*\w|\d+(?:\.\d+){{2,}}\w*)
    |(?P<film>\d+[ ]?mm(?=[ ](?:film|slide|negative|projector|transparenc)))
    |(?P<clock>\d{{1,3}}:[0-5]\d(?::[0-5]\d)?(?!\d))
    |(?P<num>{_NUMBER}(?:[ ]?(?:-|–|—|−|to|bis|à)[ ]?{_NUMBER})?)
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
_RANGE: Final = re.compile(rf"({_NUMBER})(?:[ ]?(?:-|–|—|−|to|bis|à)[ ]?({_NUMBER}))?")
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
_NOTHING: Final[frozenset[str]] = frozenset()
_LONG_REMARK: Final = 4
"""Words in parentheses beyond this many are a remark, not the name of a part."""
_SUFFIX_WORDS: Final = frozenset("high tall long wide deep thick".split())


@dataclass(slots=True, eq=False)
class Measure:
    """One number of the text with what stands beside it."""

    value: float
    step: float
    """One unit of the number's last place, in its own unit."""
    group: int
    paren: bool
    line: int
    of: str
    named: bool
    """The part was named directly before this group, not inherited."""
    start: int
    end: int
    unit: Unit | None = None
    first_unit: Unit | None = None
    """The larger unit of "15 ft. 11 in."."""
    kind: Kind | None = None
    approximate: bool = False


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


@dataclass(slots=True)
class Wording:
    """Walks over one text; afterwards ``measures`` and ``unread`` hold what was found."""

    text: str
    measures: list[Measure] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    variable: bool = False
    """The text says that the dimensions vary."""
    unit_ahead: Unit | None = None
    """A unit stated before the numbers: "Height (cm): 12"."""
    _label: str = ""
    _soft: str = ""
    _kind: Kind | None = None
    _approximate: bool = False
    _label_approximate: bool = False
    _group_approximate: bool = False
    _words: list[str] = field(default_factory=list)
    _inside: list[str] | None = None
    _measured_inside: bool = False
    _previous: str = ""
    _group: int = 0
    _line: int = 0
    _tokens: list[re.Match[str]] = field(default_factory=list)
    _at: int = 0

    def walk(self) -> None:
        """Read the whole text."""
        self._tokens = list(_TOKEN.finditer(self.text))
        handlers = {
            "num": self._number, "word": self._word, "x": self._times, "mark": self._mark,
            "open": self._open, "close": self._close, "end": self._end, "colon": self._colon,
            "code": self._name, "clock": self._clock, "about": self._about, "comma": self._comma,
            "film": self._name,
        }  # fmt: skip
        for self._at, token in enumerate(self._tokens):
            handlers[token.lastgroup or ""](token)
        self._end(None)

    def _next(self, ahead: int = 1) -> str:
        at = self._at + ahead
        return (self._tokens[at].lastgroup or "") if at < len(self._tokens) else ""

    def _next_word(self, ahead: int = 1) -> str:
        at = self._at + ahead
        return self._tokens[at][0].rstrip(".").lower() if at < len(self._tokens) else ""

    def _number(self, token: re.Match[str]) -> None:
        read = read_number(token[0])
        if read is None:  # pragma: no cover - the token's pattern is the number's pattern
            return
        value, step, ranged = read
        joins = self._previous == "x" and bool(self.measures)
        if self._previous.startswith("unit") and self._joins_compound(value, step):
            return
        if joins:
            last = self.measures[-1]
            of, named = last.of, last.named
        elif self._only_counts():
            self._name(token)
            return
        else:
            self._group += 1
            if self._inside:
                self._words += self._inside
                self._inside = []
            of, named = self._name_part()
            self._group_approximate = self._approximate or self._label_approximate
            self._approximate = False
        self.measures.append(
            Measure(
                value, step, self._group, self._inside is not None, self._line, of, named,
                token.start(), token.end(), kind=self._kind, approximate=self._group_approximate or ranged,
            )
        )  # fmt: skip
        self._kind = None
        self._previous = "num"
        if self._inside is not None:
            self._measured_inside = True

    def _only_counts(self) -> bool:
        """ "Panel 1 (wood)", "8 elements", "together with 2007.77)": a number that measures nothing."""
        if self._kind is not None:
            return False
        following, word = self._next(), self._next_word()
        if following == "word":
            known = (
                word in KINDS
                or word in APPROXIMATE
                or word in ("x", "by", "sq", "cu", "cubic", "square", "fl")
            )
            return not (known or word in PARTS or find_unit(word))
        if following in ("open", "colon"):
            return self._previous == "word"
        return following == "close" and bool(self._inside)

    def _joins_compound(self, value: float, step: float) -> bool:
        """5 ft. 6 in., 2 lb. 3 oz., 3 min, 20 sec: one measure in the smaller unit."""
        last, word = self.measures[-1], self._next_word()
        smaller = find_unit(word) if word else None
        larger = last.unit
        if smaller is None or larger is None or smaller.family != larger.family:
            return False
        if self._kind is not None or smaller.system != larger.system or smaller.factor >= larger.factor:
            return False
        if larger.system == "metric" or value * smaller.factor >= larger.factor * (1 + 1e-9):
            return smaller.name == "lb" and larger.name == "ton" and self._take_smaller(value, step, smaller)
        if smaller.name == "dwt" and larger.name == "oz":
            larger = find_unit("ozt") or larger
        return self._take_smaller(value, step, smaller, larger)

    def _take_smaller(self, value: float, step: float, smaller: Unit, larger: Unit | None = None) -> bool:
        last = self.measures[-1]
        larger = larger or last.unit
        if larger is None:
            return False
        last.value = float(f"{last.value * larger.factor / smaller.factor + value:.12g}")
        last.step, last.unit, last.first_unit = step, smaller, larger
        self._tokens[self._at + 1 : self._at + 2] = []
        last.end = self._tokens[self._at].end()
        self._previous = "unit"
        return True

    def _word(self, token: re.Match[str]) -> None:
        raw = token[0]
        word = raw.rstrip(".").lower()
        if self._previous == "num" and self._unit(token, word):
            return
        if word in ("x", "by") and self._previous in ("num", "unit", "kind") and self.measures:
            self._previous = "x"
        elif word in KINDS and self._kind_word(word):
            pass
        elif word in APPROXIMATE and (len(word) > 1 or self._next() == "num"):
            self._about(token)
        elif word == "in" and self._previous == "unit":
            pass
        elif self._previous.startswith("unit") and self.measures and (unit := find_unit(word)):
            self._repeated_unit(unit)
        elif self._ahead_unit(word):
            pass
        else:
            self._name(token)

    def _unit(self, token: re.Match[str], word: str) -> bool:
        if word in ("sq", "square", "cubic", "cu", "fl", "troy"):
            return self._two_word_unit(word)
        last = self.measures[-1]
        grouped = len(self.measures) > 1 and self.measures[-2].group == last.group
        if word in ("l", "t") and (grouped or self._next() == "x" or self._next_word() in ("x", "by")):
            return False
        if word == "h" and not (self._next() == "num" and self._next_word(2) in ("m", "min")):
            return False
        unit = find_unit("hr" if word == "h" else word)
        if unit is None:
            return False
        last.unit, last.end = unit, token.end()
        self._previous = "unit"
        return True

    def _two_word_unit(self, word: str) -> bool:
        prefix = {"sq": "square", "cu": "cubic"}.get(word, word)
        following = find_unit(self._next_word())
        joined = {"fl": "floz", "troy": "ozt"}.get(prefix) or (prefix + following.name if following else "")
        unit = find_unit(joined)
        if unit is None or following is None:
            return False
        self.measures[-1].unit = unit
        self.measures[-1].end = self._tokens[self._at + 1].end()
        self._previous = "num"
        # the second word of the unit must not be read again as a unit of its own
        self._tokens[self._at + 1 : self._at + 2] = []
        self._previous = "unit"
        return True

    def _repeated_unit(self, unit: Unit) -> None:
        """ "18.1 cm cm": a slip that changes nothing; any other unit without a number is kept as unread."""
        if self.measures[-1].unit is not unit:
            self.unread.append(unit.name)

    def _ahead_unit(self, word: str) -> bool:
        if self._inside is None and (self._next() != "colon" or len(word) < 2):
            return False
        unit = find_unit(word) if word not in ("foot", "l", "t") else None
        if unit is None or unit.family not in ("length", "mass"):
            return False
        self.unit_ahead = unit
        return True

    def _kind_word(self, word: str) -> bool:
        following, kind = self._next(), KINDS[word]
        if (
            word in LETTERS
            and following not in ("num", "x", "colon", "open", "about")
            and not (self._previous in ("num", "unit", "open") and self._is_suffix(word))
        ):
            return False
        if (
            word == "l"
            and "L" in self.text
            and self._tokens[self._at][0].startswith("l")
            and "L." in self.text
        ):
            kind = "width"  # French: L. longueur, l. largeur
        if self._is_suffix(word):
            last = self.measures[-1]
            if last.kind is None:
                last.kind = kind
            self._previous = "unit" if self._previous != "open" else "kind"
            return True
        if self._kind is not None and not self._words:
            return True  # "Maximum height length": the first one counts
        self._words_before_kind()
        self._kind = kind
        self._previous = "kind"
        return True

    def _is_suffix(self, word: str) -> bool:
        """ "120 in. high", "38 cm (h)", '19" W x 38" L': the kind follows its number."""
        if not self.measures or self._kind is not None:
            return False
        following = self._next()
        if self._previous == "open":
            return following == "close" and self._tokens[self._at - 1].start() - self.measures[-1].end <= 1
        if self._previous not in ("num", "unit"):
            return False
        if word in _SUFFIX_WORDS:
            return True
        return following in ("", "x", "close", "end", "open", "comma") or self._next_word() in (
            "x",
            "and",
            "by",
        )

    def _words_before_kind(self) -> None:
        part = _part_in(self._words)
        if part:
            self._soft = part
        self.unread.extend(word for word in self._words if word not in PARTS)
        self._words = []

    def _name_part(self) -> tuple[str, bool]:
        """What the group that begins here measures, and whether it was named just before it."""
        words, self._words = self._words, []
        inherited = self._soft or self._label
        if self._kind is not None:
            qualifier = _clean(words)
            if not qualifier:
                return inherited or "overall", bool(self._soft)
            joined = qualifier if inherited in ("", "overall") else f"{inherited}, {qualifier}"
            return joined, True
        part = _part_in(words)
        if not part or (part == "overall" and inherited):
            self.unread.extend(word for word in words if word not in PARTS and not word.isdigit())
            return inherited or "overall", False
        self._soft = part
        self.unread.extend(word for word in words if word not in PARTS and not word.isdigit())
        return part, True

    def _name(self, token: re.Match[str]) -> None:
        word = token[0] if token.lastgroup == "code" else token[0].lower().rstrip(".")
        if word in VARIABLE:
            self.variable = True
        (self._words if self._inside is None else self._inside).append(word)
        if self._previous not in ("kind", "open"):
            self._previous = "word"

    def _times(self, token: re.Match[str]) -> None:
        if self._previous in ("num", "unit", "kind") and self.measures:
            self._previous = "x"

    def _mark(self, token: re.Match[str]) -> None:
        if self._previous == "num":
            self._unit(token, token[0])

    def _comma(self, token: re.Match[str]) -> None:
        if self._previous == "unit":
            self._previous = "unit,"
        elif self._words and self._inside is None and token[0] == ",":
            self._words.append(",")

    def _about(self, token: re.Match[str]) -> None:
        if self._inside is not None:
            self._inside.append(token[0].lower().rstrip("."))
        follows = self._inside is not None or self._next() in ("", "end", "comma", "x", "open")
        if (
            follows
            and self._next() != "num"
            and self._previous in ("unit", "open")
            and self._last_is_recent()
        ):
            self._mark_last_group()
        else:
            self._approximate = True

    def _last_is_recent(self) -> bool:
        return bool(self.measures) and self.measures[-1].line == self._line and not self._words

    def _mark_last_group(self) -> None:
        group = self.measures[-1].group
        for measure in self.measures:
            if measure.group >= group - self.measures[-1].paren:
                measure.approximate = True

    def _open(self, token: re.Match[str]) -> None:
        if self._inside is None:
            self._inside = []
            self._measured_inside = False
        self._previous = "open"

    def _close(self, token: re.Match[str]) -> None:
        inside, self._inside = self._inside or [], None
        if self._measured_inside:
            self._soft = ""
        words = [word for word in inside if word not in REMARKS and word not in APPROXIMATE]
        after = self.measures and self._last_is_recent() and self._kind is None and not self._measured_inside
        self._previous = "unit," if after or self._measured_inside else "close"
        if not words or self._measured_inside:
            self.unread.extend(words if self._measured_inside else [])
            return
        if len(words) > _LONG_REMARK:
            self.unread.append(" ".join(inside))
        elif after:
            self._name_after(words)
        else:
            self._words += [",", *inside, ","]

    def _name_after(self, words: list[str]) -> None:
        """ "31.9 cm (outside)", "24 × 30 in. (sight)": the part is named after the numbers."""
        name = _clean(words)
        last = self.measures[-1]
        first_group = last.group - last.paren
        for measure in self.measures:
            if measure.group >= first_group and name:
                measure.of = name if measure.of == "overall" else f"{measure.of}, {name}"

    def _colon(self, token: re.Match[str]) -> None:
        if self._inside is not None:
            return
        if self._kind is None:
            words, self._words = self._words, []
            label = _clean(words)
            if label and (label != "overall" or not self._label):
                self._label, self._soft = label, ""
            self._label_approximate, self._approximate = self._approximate, False
        self._previous = "colon"

    def _clock(self, token: re.Match[str]) -> None:
        parts = [int(part) for part in token[0].split(":")]
        unit = find_unit("s")
        timed = self._kind == "duration" or len(parts) == 3 or self._next_word() in ("min", "minutes")
        if not timed or unit is None:
            self._name(token)
            return
        seconds = 0
        for part in parts:
            seconds = seconds * 60 + part
        self._group += 1
        of, named = self._name_part()
        self.measures.append(
            Measure(
                seconds, 1, self._group, self._inside is not None, self._line, of, named,
                token.start(), token.end(), unit=unit, kind="duration",
            )
        )  # fmt: skip
        self._kind, self._previous = None, "unit"

    def _end(self, token: re.Match[str] | None) -> None:
        words = [word for word in self._words if word != ","]
        part = _clean(words)
        if words and self._last_is_direct() and part in PARTS.values():
            self._name_after(words)
        else:
            self.unread.extend(words)
        self._words, self._inside, self._kind = [], None, None
        self._soft, self._approximate = "", False
        if token is None or token[0] == "\n":
            self._label, self._label_approximate = "", False
            self._line += 1
        self._previous = ""

    def _last_is_direct(self) -> bool:
        return (
            bool(self.measures) and self.measures[-1].line == self._line and self.measures[-1].of == "overall"
        )


def _part_in(words: Sequence[str]) -> str:
    """The part that the last few words name, with its number; empty where they name none."""
    for section in _sections(words):
        for at in range(len(section) - 1, max(len(section) - 5, -1), -1):
            part = PARTS.get(section[at])
            if part:
                following = section[at + 1 : at + 2]
                return f"{part} {following[0]}" if following and following[0].isdigit() else part
    return ""


def _sections(words: Sequence[str]) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            sections.append([])
        else:
            sections[-1].append(word)
    return sections


def _clean(words: Sequence[str]) -> str:
    """The name of a part as the record keeps it: "sheet", "sheet, a", "support, right", "with handles"."""
    coded = [at for at, word in enumerate(words) if word[-1:].isdigit() and word.count(".") > 1]
    if coded:
        words = words[coded[-1] :]  # an accession number begins the naming of another object
    names = [name for section in _sections(words) if (name := _clean_section(section))]
    specific = [name for name in names if name != "overall"]
    return ", ".join(specific or names[:1])[:80]


def _clean_section(words: list[str]) -> str:
    if (
        len(words) == 2
        and words[0] in ("mat", "sheet", "sight")
        and words[1] in ("opening", "window", "size")
    ):
        return "mat opening" if words[0] == "mat" and words[1] != "size" else words[0]
    if len(words) == 1:
        word = words[0]
        return PARTS.get(word, "" if word in REMARKS else word)
    kept = [word for word in words if word not in REMARKS and word not in APPROXIMATE]
    if not kept:
        return "overall" if any(word in PARTS for word in words) else ""
    if len(kept) == 1:
        return PARTS.get(kept[0], kept[0]) if len(kept[0]) > 1 else kept[0]
    if words[0] in ("with", "without", "to", "incl", "including"):
        return " ".join(word for word in words if word not in ("is", "are"))
    return " ".join([PARTS[kept[0]] if kept[0] == "framed" else kept[0], *kept[1:]])
