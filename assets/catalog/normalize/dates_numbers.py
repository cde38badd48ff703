"""The rules of date texts for numbers, ordinals, days, months, centuries, eras and periods."""

from typing import Final

from assets.catalog.normalize.dates_atoms import BCE, LINKS, MIDDLE, Atom
from assets.catalog.normalize.dates_lexicon import Kind, Token
from assets.catalog.normalize.dates_state import Heard, Listener
from assets.catalog.normalize.eras import egyptian_dynasty, era_at

_LINK_KINDS: Final = frozenset({Kind.DASH, Kind.TO, Kind.OR, Kind.AND, Kind.SLASH})
_ORDINAL_KINDS: Final = frozenset({Kind.ORDINAL, Kind.NUMBER, Kind.ROMAN})
_AFTER_GERMAN_ORDINAL: Final = (
    Kind.UNIT, Kind.DYNASTY, Kind.DIVISION, Kind.MONTH, Kind.ORDINAL, Kind.SLASH, Kind.OR, Kind.AND, Kind.TO,
)  # fmt: skip


class NumberRules(Listener):
    """Each method takes the token at hand and makes an atom of it, or remembers it for one."""

    def _number(self, token: Token) -> None:
        digits, last = len(token.word), self._last
        if self._next_is(Kind.UNIT, Kind.DYNASTY, Kind.DIVISION) and token.value <= 31 and digits <= 2:
            self._ordinal(token)
        elif self._heard.decade and token.value % 10 == 0:
            self._decade(token)
        elif digits <= 2 and self._small_number(token, last):
            return
        else:
            self._year(token, digits)

    def _year(self, token: Token, digits: int) -> None:
        if digits <= 2 and self._expanded(token):
            return
        atom = self._emit("year" if digits > 2 else "small", token.value, token)
        atom.digits = digits

    def _small_number(self, token: Token, last: Atom | None) -> bool:
        """A number of one or two digits: a day, a dynasty, a year of an era, a century after "siglo"."""
        heard, value = self._heard, token.value
        if heard.dynasty or (last is not None and last.kind == "dynasty" and self._join in LINKS):
            self._dynasty(value, token)
        elif heard.unit:
            self._emit("unit", value, token).unit = heard.unit
        elif (heard.month and not heard.day and value <= 31 and self._kind(1) is not Kind.CALENDAR) or (
            self._next_is(Kind.MONTH) and value <= 31
        ):
            heard.day = value
        elif last is not None and last.kind == "month" and last.day and self._join == "-":
            heard.month, heard.day, heard.start, heard.end = last.month, value, token.start, token.end
        elif (era_atom := self._touching) is not None and era_atom.kind == "era" and era_atom.digits == 0:
            return self._year_of_era(era_atom, token)
        else:
            return False
        return True

    def _year_of_era(self, atom: Atom, token: Token) -> bool:
        if atom.era is None or atom.era.kind != "nengo":
            return False
        if not 1 <= token.value <= atom.era.last - atom.era.first + 1:
            return False
        atom.digits, atom.value, atom.end = len(token.word), token.value, token.end
        return True

    def _expanded(self, token: Token) -> bool:
        """The "41" of "1830-41", the "9" of "1788-9": the digits that the first year does not repeat."""
        last, digits = self._last, len(token.word)
        if last is None or last.kind != "year" or last.digits < 3 or self._join not in LINKS:
            return False
        if last.calendar == BCE or self._heard.calendar:
            return False
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
        if following is not None and following.kind is Kind.CALENDAR and following.value == BCE:
            return False
        scale = 10**digits
        value = last.value // scale * scale + token.value
        if value < last.value:
            return False
        atom = self._emit("year", value, token)
        atom.digits = last.digits
        return True

    def _ordinal(self, token: Token) -> None:
        value = token.value
        if token.word.endswith(".") and not self._next_is(*_AFTER_GERMAN_ORDINAL):
            self._number(token._replace(kind=Kind.NUMBER, word=token.word[:-1]))
            return
        if self._is_a_third(value):
            self._division(value, self._tokens[self._at + 1]._replace(kind=Kind.DIVISION, value=3))
            self._at += 1
        elif self._kind(1) is Kind.DIVISION:
            self._division(value, self._tokens[self._at + 1])
            self._at += 1
        elif (division := self._shared_division(value)) is not None:
            self._division(value, division)
        elif 0 < value <= 31 and (self._heard.month or self._next_is(Kind.MONTH)) and not self._heard.day:
            self._heard.day = value
        elif self._heard.unit and value > 0:
            unit = self._heard.unit
            self._emit("unit", value, token).unit = unit
        elif self._heard.dynasty and value > 0:
            self._dynasty(value, token)
        elif value > 0:
            self._emit("bare", value, token)
        else:
            self._unknown(token)

    def _is_a_third(self, value: int) -> bool:
        """ "Last third of": there "third" is a part and no ordinal."""
        after = self._tokens[self._at + 1 : self._at + 3]
        return value <= 2 and len(after) == 2 and after[0].word == "third" and after[1].word == "of"

    def _shared_division(self, value: int) -> Token | None:
        """The "quarter" of "1st-2nd quarter", seen from the first ordinal."""
        if self._kind(1) not in _LINK_KINDS or self._kind(2) not in _ORDINAL_KINDS:
            return None
        if self._kind(3) is not Kind.DIVISION or not 0 < value < self._tokens[self._at + 2].value:
            return None
        division = self._tokens[self._at + 3]
        return division if division.value > 2 else None

    def _roman(self, token: Token) -> None:
        if token.value >= 1000:
            self._year(token._replace(word=str(token.value)), 4)
        elif token.value <= 31:
            self._ordinal(token)
        else:
            self._unknown(token)

    def _division(self, ordinal: int, token: Token) -> None:
        count = token.value
        index = count if ordinal == -1 else ordinal
        if index > count:
            self._unknown(token)
            return
        low, high = (index - 1) / count, index / count
        if count == 10 and self._tokens[self._at + 1].word.endswith(("s", "e")):
            # "first decades": how many is not said; as "early" and "late".
            low, high = (0.0, 1 / 3) if index == 1 else (2 / 3, 1.0)
        self._hear_part((low, high))

    def _lone_division(self, token: Token) -> None:
        """Italian "metà del secolo", "half 19th century": the middle, where no ordinal stands before."""
        if token.value == 2 and token.word in {"meta", "mitad", "helft"}:
            self._hear_part(MIDDLE)
        else:
            self._unknown(token)

    def _decade(self, token: Token) -> None:
        value, last = token.value, self._last
        if value < 100:
            century = 1900
            if last is not None and last.kind in ("decade", "year") and self._join:
                century = last.value // 100 * 100
            else:
                self._result.short_year = True
            value += century
        elif value % 100 == 0 and value < 2000:
            self._emit("unit", value // 100 + 1, token).unit = 100
            return
        self._emit("decade", value, token)

    def _century(self, token: Token) -> None:
        self._emit("unit", token.value, token).unit = 100

    def _day(self, token: Token) -> None:
        parts = [int(piece) for piece in _digits(token.word)]
        if len(parts) == 2:
            month, year, day = parts[0], parts[1], 0
        elif parts[0] > 31:
            year, month, day = parts
        else:
            month, day, year = self._ordered(token.word, parts)
        if year < 100 and len(parts) == 3:
            year += 1900
            self._result.short_year = True
        atom = self._emit("year", year, token)
        atom.digits = 4
        atom.month, atom.day = (month, day) if 0 <= month <= 12 and day <= 31 else (0, 0)
        if not atom.month:
            self._result.unknown.append((token.start, token.end))

    def _ordered(self, wording: str, parts: list[int]) -> tuple[int, int, int]:
        first, second, year = parts
        if "." in wording or first > 12:
            return second, first, year
        if second > 12 or first == second:
            return first, second, year
        if self._day_first is None:
            self._result.order_unknown = True
            return 0, 0, year
        return (second, first, year) if self._day_first else (first, second, year)

    def _month(self, token: Token) -> None:
        heard, last = self._heard, self._last
        near = last is not None and last.kind == "year" and not last.month and self._join in ("", ",")
        if near and last is not None and not self._broken and not self._year_ahead():
            last.month, last.day, last.end = token.value, heard.day, token.end
            heard.day = 0
            self._join = ""
            if self._kind(1) in (Kind.NUMBER, Kind.ORDINAL) and self._tokens[self._at + 1].value <= 31:
                self._at += 1
                last.day, last.end = self._tokens[self._at].value, self._tokens[self._at].end
            return
        if heard.month:
            self._leave_month(token)
        heard = self._heard
        heard.month, heard.start, heard.end = token.value, token.start, token.end

    def _leave_month(self, token: Token) -> None:
        """A month (and day) before a connector; its year comes with the other end."""
        self._emit("month", 0, token)

    def _year_ahead(self) -> bool:
        for token in self._tokens[self._at + 1 : self._at + 5]:
            if token.kind is Kind.NUMBER and len(token.word) >= 3:
                return True
            if token.kind not in (Kind.NUMBER, Kind.ORDINAL, Kind.COMMA, Kind.FILLER):
                return False
        return False

    def _unit(self, token: Token) -> None:
        last = self._touching
        if last is not None and last.kind in ("bare", "small") and last.value <= 31:
            last.kind, last.unit, last.end = "unit", token.value, token.end
            last.calendar = last.calendar or self._heard.calendar
        elif self._kind(1) in (Kind.NUMBER, Kind.ROMAN, Kind.ORDINAL, Kind.FILLER):
            self._heard.unit = token.value

    def _dynasty_word(self, token: Token) -> None:
        last = self._touching
        if last is not None and last.kind in ("bare", "small"):
            last.kind, last.end = "dynasty", token.end
        else:
            self._heard.dynasty = True

    def _dynasty(self, value: int, token: Token) -> None:
        if egyptian_dynasty(value) is None:
            self._unknown(token)
        else:
            self._emit("dynasty", value, token)

    def _era(self, token: Token) -> bool:
        """Whether a name of the table starts here; it is taken."""
        found = era_at(self._words, self._at, token.capital)
        if found is None:
            return False
        era, length = found
        after = self._at + length
        if after < len(self._tokens) and self._tokens[after].kind is Kind.STYLE:
            return False
        self._emit("era", 0, token._replace(end=self._tokens[after - 1].end)).era = era
        self._at = after
        return True

    def _calendar(self, token: Token) -> None:
        last = self._touching
        if last is not None and not last.calendar and last.kind != "era" and self._heard == Heard():
            last.calendar, last.end = token.value, token.end
        else:
            self._heard.calendar = token.value

    def _season(self, token: Token) -> None:
        last = self._touching
        if last is not None and last.kind == "year" and not last.month and not self._year_ahead():
            last.month, last.end = token.value, token.end
        elif self._heard.month:
            self._heard.month = 0
        else:
            self._heard.month, self._heard.start, self._heard.end = token.value, token.start, token.end

    def _decade_prefix(self, token: Token) -> None:
        self._heard.decade = True


def _digits(wording: str) -> list[str]:
    return "".join(sign if sign.isdecimal() else " " for sign in wording).split()
