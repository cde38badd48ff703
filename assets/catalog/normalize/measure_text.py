"""Reads the wording of a dimensions text into groups of measures, before kinds and units are settled.

The tokens come from :mod:`assets.catalog.normalize.measure_tokens`; :class:`Wording` walks over them and
knows, for every number, the unit and kind letter beside it, the part it belongs to, the numbers it is
multiplied with and the parentheses it stands in. Settling all that into dimensions is the work of
:mod:`assets.catalog.normalize.dimensions`.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from assets.catalog.normalize.measure_tokens import TOKEN, read_number
from assets.catalog.normalize.measures import (
    APPROXIMATE,
    KINDS,
    LETTERS,
    PARTS,
    REMARKS,
    VARIABLE,
    Kind,
    clean_part,
    part_in,
)
from assets.catalog.normalize.units import Unit, find_unit

_LONG_REMARK: Final = 4
"""Words in parentheses beyond this many are a remark, not the name of a part."""
_QUALIFYING: Final = frozenset(("with", "without", "at", "of", "to", "max", "as", "incl", "including"))
_SUFFIX_WORDS: Final = frozenset(("high", "tall", "long", "wide", "deep", "thick"))


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
    _kind_inside: bool = False
    _unit_before: Unit | None = None
    _suffixed: bool = False
    _rejoins: int = 0
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
        self._tokens = list(TOKEN.finditer(self.text))
        handlers = {
            "num": self._number, "word": self._word, "x": self._times, "mark": self._mark,
            "open": self._open, "close": self._close, "end": self._end, "colon": self._colon,
            "code": self._name, "clock": self._clock, "about": self._about, "comma": self._comma,
            "film": self._name,
        }  # fmt: skip
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            handlers[token.lastgroup or ""](token)
            self._at += 1
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
            group, self._rejoins = self._rejoins or last.group, 0
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
            group = self._group
        self.measures.append(
            Measure(
                value, step, group, self._inside is not None, self._line, of, named,
                token.start(), token.end(), kind=self._kind, approximate=self._group_approximate or ranged,
            )
        )  # fmt: skip
        if self._unit_before is not None and find_unit(self._next_word() or "-") is None:
            self.measures[-1].unit, self._previous = self._unit_before, "unit"
        else:
            self._previous = "num"
        self._kind = self._unit_before = None
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
        if word in ("x", "by") and self._previous in ("num", "unit", "unit,", "kind") and self.measures:
            self._times(token)
        elif word in KINDS and self._kind_word(word):
            pass
        elif word in APPROXIMATE and (len(word) > 1 or self._next() == "num"):
            self._about(token)
        elif word == "in" and self._previous == "unit":
            pass
        elif self._previous.startswith("unit") and self.measures and (unit := find_unit(word)):
            self._repeated_unit(unit)
        elif self._next() == "num" and word in ("cm", "mm", "kg") and self._previous != "num":
            self._unit_before = find_unit(word)  # Italian: "altezza cm 30", "cm 50 x 70"
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
        kind = KINDS[word]
        if word in LETTERS and not self._letter_counts(word):
            return False
        if word == "l" and "L." in self.text and self._tokens[self._at][0].startswith("l"):
            kind = "width"  # French: L. longueur, l. largeur
        if word in _SUFFIX_WORDS and self._previous == "unit," and self._last_is_recent():
            self._kind_after(kind)
            return True
        if self._is_suffix(word):
            last = self.measures[-1]
            if last.kind is None:
                last.kind = kind
            self._suffixed = self._previous == "open"
            self._previous = "unit" if self._previous != "open" else "kind"
            return True
        if self._kind is not None and not self._words:
            return True  # "Maximum height length": the first one counts
        self._words_before_kind()
        self._kind_inside = self._inside is not None
        self._kind = kind
        self._previous = "kind"
        return True

    def _letter_counts(self, word: str) -> bool:
        """Whether a letter stands for a kind: "H. 10", "H x W", "W. at base 3", but not in "b: H. 8"."""
        following, next_word = self._next(), self._next_word()
        if following == "colon":
            return self._next_word(2) not in KINDS
        if following in ("num", "x", "open", "about"):
            return True
        if following == "word" and self._next(2) == "num" and next_word in ("cm", "mm", "x"):
            return True
        if following == "word" and self._tokens[self._at][0].endswith(".") and next_word in _QUALIFYING:
            return True
        return self._previous in ("num", "unit", "open") and self._is_suffix(word)

    def _kind_after(self, kind: Kind) -> None:
        """The kind of a measure and of its repetition: "12 1/2 in. (31.8 cm) high"."""
        last = self.measures[-1]
        for measure in self.measures:
            if measure.group >= last.group - last.paren and measure.kind is None:
                measure.kind = kind

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
        part = part_in(self._words)
        if part:
            self._soft = part
        self.unread.extend(word for word in self._words if word not in PARTS)
        self._words = []

    def _name_part(self) -> tuple[str, bool]:
        """What the group that begins here measures, and whether it was named just before it."""
        words, self._words = self._words, []
        inherited = self._soft or self._label
        if self._kind is not None:
            qualifier = clean_part(words)
            if not qualifier:
                return inherited or "overall", bool(self._soft)
            joined = qualifier if inherited in ("", "overall") else f"{inherited}, {qualifier}"
            return joined, True
        part = part_in(words)
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
        if not self.measures or self._previous not in ("num", "unit", "unit,", "kind"):
            return
        if self._previous == "unit,":  # "10 in. (25.4 cm) × 5 in. (12.7 cm)"
            self._rejoins = self.measures[-1].group - self.measures[-1].paren
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
        elif self._kind_inside and inside:  # "Framed (estimated depth):" speaks about one of several numbers
            self._kind = None
        self._kind_inside = False
        words = [word for word in inside if word not in REMARKS and word not in APPROXIMATE]
        after = self.measures and self._last_is_recent() and self._kind is None and not self._measured_inside
        self._previous = "unit," if after or self._measured_inside else "close"
        if self._suffixed:  # "15.5 (height) x 9.2 (width) cm"
            self._previous, self._suffixed = "unit" if self.measures[-1].unit else "num", False
            return
        if not words or self._measured_inside:
            self.unread.extend(words if self._measured_inside else [])
            return
        if len(words) > _LONG_REMARK:
            self.unread.append(" ".join(inside))
        elif after:
            if len(words) < 3 and words[0] != "to":
                self._name_after(words)
        else:
            self._words += [",", *inside, ","]

    def _name_after(self, words: list[str]) -> None:
        """ "31.9 cm (outside)", "24 × 30 in. (sight)": the part is named after the numbers."""
        name = clean_part(words)
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
            label = clean_part(words)
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
        part = clean_part(words)
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
