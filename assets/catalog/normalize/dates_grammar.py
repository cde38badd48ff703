"""From tokens to atoms: single years, decades, centuries, days and periods, with what is said of each.

The scanner reads left to right and keeps what it has heard but not yet used (a "circa", a month, a part
of a century) until the atom it belongs to arrives. What it cannot read is kept as ``unknown``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from assets.catalog.normalize.dates_atoms import BCE, LINKS, MIDDLE, Atom, Part, Scan
from assets.catalog.normalize.dates_lexicon import Kind
from assets.catalog.normalize.dates_tokens import Token, tokens_of
from assets.catalog.normalize.eras import egyptian_dynasty, era_at


@dataclass(slots=True)
class Heard:
    """What was said for an atom that has not come yet."""

    circa: bool = False
    perhaps: bool = False
    part: Part | None = None
    part_join: str = ""
    calendar: int = 0
    bound: str = ""
    month: int = 0
    day: int = 0
    unit: int = 0
    dynasty: bool = False
    decade: bool = False
    between: bool = False
    start: int = 0
    end: int = 0


class Scanner:
    """One reading of one text; call :meth:`scan` once."""

    def __init__(self, text: str, day_first: bool | None) -> None:
        self._day_first = day_first
        self._tokens = tokens_of(text)
        self._words = [token.word for token in self._tokens]
        self._at = 0
        self._join = ""
        self._heard = Heard()
        self._phase = ""
        self._phase_span = (0, 0)
        self._broken = False
        self._group = 0
        self._groups = 0
        self._open_at = 0
        self._unknown_in_group = False
        self._result = Scan()

    def scan(self) -> Scan:
        """Read all tokens."""
        tokens = self._tokens
        while self._at < len(tokens):
            token = tokens[self._at]
            if self._era(token):
                continue
            handler = _HANDLERS.get(token.kind)
            if handler is not None:
                handler(self, token)
            self._at += 1
        if self._group:
            self._close_group(tokens[-1].end)
        self._settle()
        return self._result

    # looking around

    def _kind(self, ahead: int) -> Kind | None:
        at = self._at + ahead
        return self._tokens[at].kind if at < len(self._tokens) else None

    def _next_is(self, *kinds: Kind) -> bool:
        """Whether the next token that matters (no hyphen, no filler) is of one of these kinds."""
        for token in self._tokens[self._at + 1 : self._at + 4]:
            if token.kind not in (Kind.DASH, Kind.FILLER):
                return token.kind in kinds
        return False

    @property
    def _last(self) -> Atom | None:
        return self._result.atoms[-1] if self._result.atoms else None

    @property
    def _touching(self) -> Atom | None:
        """The last atom, where nothing but filler stands between it and here."""
        return self._last if not self._join and not self._broken else None

    # making atoms

    def _emit(self, kind: str, value: int, token: Token) -> Atom:
        heard = self._heard
        join = heard.part_join or self._join
        last = self._last
        phase = self._phase or (last.phase if last is not None and join in LINKS else "")
        atom = Atom(kind, value, token.start, token.end, join=join if last else "", phase=phase)
        atom.circa, atom.perhaps, atom.leads, atom.part = (
            heard.circa,
            heard.perhaps,
            heard.perhaps,
            heard.part,
        )
        atom.calendar, atom.bound = heard.calendar, heard.bound
        atom.month, atom.day = heard.month, heard.day
        atom.group, atom.broken = self._group, self._broken and not self._phase
        self._heard = Heard(between=heard.between)
        self._join, self._phase, self._broken = "", "", False
        self._result.atoms.append(atom)
        return atom

    def _settle(self) -> None:
        """Give what no atom took to the last one, where it may stand behind; else it is unread."""
        self._give_back()
        if self._phase:
            self._result.unknown.append(self._phase_span)
            self._phase = ""

    def _give_back(self) -> None:
        """ "17th century, second half", "1500 ca.", "1890, probably": said after what it is about."""
        heard, last = self._heard, self._last
        self._heard = Heard()
        if heard.month:
            self._result.unknown.append((heard.start, heard.end))
        if last is None or self._broken:
            return
        if last.part is None and last.kind in ("unit", "era", "dynasty"):
            last.part = heard.part
        last.circa |= heard.circa
        last.perhaps |= heard.perhaps

    def _unknown(self, token: Token) -> None:
        self._result.unknown.append((token.start, token.end))
        if self._group:
            self._unknown_in_group = True
        else:
            self._broken = True
        self._heard = Heard()

    # numbers

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
        elif heard.month and not heard.day and value <= 31 and self._kind(1) is not Kind.CALENDAR:
            heard.day = value
        elif self._next_is(Kind.MONTH) and value <= 31:
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
        if self._kind(1) is Kind.DIVISION:
            self._division(value, self._tokens[self._at + 1])
            self._at += 1
        elif (
            self._kind(1) in _LINK_KINDS
            and self._kind(2) in _ORDINAL_KINDS
            and self._kind(3) is Kind.DIVISION
        ):
            self._division(value, self._tokens[self._at + 3])
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

    # days

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

    # units, calendars, periods

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

    # qualifiers

    def _hear_part(self, part: Part) -> None:
        heard = self._heard
        if heard.part is not None and self._join in LINKS:
            heard.part = (min(heard.part[0], part[0]), max(heard.part[1], part[1]))
            self._join = heard.part_join
            return
        heard.part, heard.part_join = part, self._join

    def _part(self, token: Token) -> None:
        self._hear_part((token.low, token.high))

    def _later(self, token: Token) -> None:
        """ "or later", "later than", or the later part of something."""
        last = self._last
        if self._kind(1) is Kind.FILLER and self._tokens[self._at + 1].word == "than":
            self._heard.bound = "before" if self._negated() else "after"
        elif last is not None and self._join in ("|", "&") and self._kind(1) not in _STARTS_DATE:
            last.bound, self._join = "later", ""
        else:
            self._hear_part((token.low, token.high))

    def _earlier(self, token: Token) -> None:
        last = self._last
        if self._kind(1) is Kind.FILLER and self._tokens[self._at + 1].word == "than":
            self._heard.bound = "after" if self._negated() else "before"
        elif last is not None and self._join in ("|", "&") and self._kind(1) not in _STARTS_DATE:
            last.bound, self._join = "earlier", ""
        else:
            self._hear_part((token.low, token.high))

    def _negated(self) -> bool:
        return any(token.kind is Kind.NOT for token in self._tokens[max(0, self._at - 2) : self._at])

    def _part_or_earlier(self, token: Token) -> None:
        if token.word == "earlier":
            self._earlier(token)
        else:
            self._part(token)

    def _circa(self, token: Token) -> None:
        last = self._touching
        if last is not None and last.group == self._group and self._kind(1) not in _STARTS_DATE:
            for atom in self._run():
                atom.circa = True
        else:
            self._heard.circa = True

    def _run(self) -> list[Atom]:
        """The last atom and those that links tie to it."""
        atoms = self._result.atoms
        first = len(atoms) - 1
        while first > 0 and atoms[first].join in LINKS:
            first -= 1
        return atoms[first:]

    def _c(self, token: Token) -> None:
        last = self._touching
        if last is not None and last.kind == "bare" and self._kind(1) is not Kind.NUMBER:
            last.kind, last.unit, last.end = "unit", 100, token.end
        elif self._last is not None and self._last.kind == "bare" and self._kind(1) in (None, Kind.CALENDAR):
            self._last.kind, self._last.unit = "unit", 100
        else:
            self._circa(token)

    def _perhaps(self, token: Token) -> None:
        self._heard.perhaps = True

    def _question(self, token: Token) -> None:
        last = self._touching
        if self._group and self._tokens[self._at - 1].kind is Kind.OPEN and self._kind(1) is Kind.CLOSE:
            # "(?)" is said of the whole statement before it.
            for atom in self._result.atoms:
                atom.perhaps = True
        elif last is not None and last.end == token.start:
            last.perhaps = True
        elif last is not None and self._kind(1) not in _STARTS_DATE:
            last.perhaps = True
        else:
            self._heard.perhaps = True

    def _before(self, token: Token) -> None:
        self._heard.bound = "after" if self._negated() else "before"

    def _after(self, token: Token) -> None:
        last = self._last
        if last is not None and self._join in ("|", "&") and self._kind(1) not in _STARTS_DATE:
            last.bound, self._join = "later", ""
        else:
            self._heard.bound = "before" if self._negated() else "after"

    def _between(self, token: Token) -> None:
        self._heard.between = True

    # connectors

    def _dash(self, token: Token) -> None:
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
        if following is not None and following.kind is Kind.NUMBER and following.start == token.end:
            if (self._last is None or self._join) and token.word in "-−" and not self._heard.part:
                self._heard.calendar = BCE
                return
            if self._last is None and self._heard == Heard():
                self._heard.bound = "before"
                return
        if self._kind(1) in (Kind.UNIT, Kind.DYNASTY) or self._kind(1) in (Kind.TO, Kind.OR, Kind.AND):
            return
        if self._heard.part is not None and self._kind(1) is not Kind.PART:
            return
        if following is None:
            if (last := self._touching) is not None and not self._group:
                last.bound = "later"
            return
        self._link("-")

    def _to(self, token: Token) -> None:
        if self._heard.bound:
            return
        if self._last is None and not self._heard.part and not self._heard.month:
            self._heard.bound = "before" if token.word in _UNTIL else ""
            return
        self._link("-")

    def _or(self, token: Token) -> None:
        self._link("|")

    def _and(self, token: Token) -> None:
        if self._heard.between:
            self._heard.between = False
            self._link("-")
        else:
            self._link("&")

    def _slash(self, token: Token) -> None:
        self._link("/")

    def _link(self, join: str) -> None:
        if self._heard.month:
            self._leave_month(self._tokens[self._at])
        elif (
            self._heard.part is not None
            and self._heard.part_join in (",", "(")
            and self._kind(1) is not Kind.PART
        ):
            self._give_back()
        self._join = join

    def _comma(self, token: Token) -> None:
        if not self._heard.month and not self._join:
            self._join = ","

    def _semicolon(self, token: Token) -> None:
        self._settle()
        self._join = ";"

    def _open(self, token: Token) -> None:
        if self._group:
            return
        self._groups += 1
        self._group, self._open_at, self._unknown_in_group = self._groups, token.start, False
        if self._kind(1) is not Kind.QUESTION:
            self._join = "("

    def _close(self, token: Token) -> None:
        if self._group:
            self._close_group(token.end)

    def _close_group(self, end: int) -> None:
        """A remark that is not wholly a date ("(Biondi 1997)") says nothing about the date."""
        group, inside = self._group, [atom for atom in self._result.atoms if atom.group == self._group]
        self._group, self._join = 0, ""
        if self._phase and not inside and self._last is not None:
            for atom in self._run():
                atom.phase = atom.phase or self._phase
            self._phase = ""
        if self._unknown_in_group:
            self._result.atoms = [atom for atom in self._result.atoms if atom.group != group]
            self._result.unknown.append((self._open_at, end))
            self._phase = ""
        self._give_back()

    def _phase_word(self, token: Token) -> None:
        last = self._touching
        ahead = self._kind(1)
        if last is not None and not last.phase and not self._phase and ahead not in _AFTER_PHASE:
            for atom in self._run():
                atom.phase = token.word
            return
        self._phase = f"{self._phase} {token.word}".strip()
        self._phase_span = (token.start, token.end)
        if self._join in LINKS:
            self._join = ","

    def _present(self, token: Token) -> None:
        if self._last is None or self._join != "-":
            self._unknown(token)
        else:
            self._emit("present", 0, token)

    def _onward(self, token: Token) -> None:
        if self._last is not None:
            self._last.bound = "later"

    def _decade_prefix(self, token: Token) -> None:
        self._heard.decade = True

    def _season(self, token: Token) -> None:
        last = self._touching
        if last is not None and last.kind == "year" and not last.month and not self._year_ahead():
            last.month, last.end = token.value, token.end
        elif self._heard.month:
            self._heard.month = 0
        else:
            self._heard.month, self._heard.start, self._heard.end = token.value, token.start, token.end


def _digits(wording: str) -> list[str]:
    return "".join(sign if sign.isdecimal() else " " for sign in wording).split()


_UNTIL: Final = frozenset({"until", "till", "bis", "through", "thru", "hasta", "fino", "tot", "jusqu'en"})
_LINK_KINDS: Final = frozenset({Kind.DASH, Kind.TO, Kind.OR, Kind.AND, Kind.SLASH})
_ORDINAL_KINDS: Final = frozenset({Kind.ORDINAL, Kind.NUMBER, Kind.ROMAN})
_AFTER_GERMAN_ORDINAL: Final = (
    Kind.UNIT, Kind.DYNASTY, Kind.DIVISION, Kind.MONTH, Kind.ORDINAL, Kind.SLASH, Kind.OR, Kind.AND, Kind.TO,
)  # fmt: skip
_STARTS_DATE: Final = frozenset(
    {
        Kind.NUMBER, Kind.ORDINAL, Kind.ROMAN, Kind.DECADE, Kind.CENTURY, Kind.DAY, Kind.ERA_NAME, Kind.PART,
        Kind.MONTH, Kind.SEASON, Kind.CIRCA, Kind.C, Kind.BEFORE, Kind.AFTER, Kind.LATER, Kind.PERHAPS,
        Kind.BETWEEN, Kind.QUESTION, Kind.DIVISION, Kind.CALENDAR, Kind.DECADE_PREFIX, Kind.UNIT, Kind.DYNASTY,
    }
)  # fmt: skip
_AFTER_PHASE: Final = _STARTS_DATE | {Kind.PHASE, Kind.FILLER}
_HANDLERS: Final[dict[Kind, Callable[[Scanner, Token], None]]] = {
    Kind.NUMBER: Scanner._number,
    Kind.ORDINAL: Scanner._ordinal,
    Kind.ROMAN: Scanner._roman,
    Kind.DECADE: Scanner._decade,
    Kind.CENTURY: Scanner._century,
    Kind.DAY: Scanner._day,
    Kind.UNIT: Scanner._unit,
    Kind.DYNASTY: Scanner._dynasty_word,
    Kind.DIVISION: Scanner._lone_division,
    Kind.PART: Scanner._part_or_earlier,
    Kind.MONTH: Scanner._month,
    Kind.SEASON: Scanner._season,
    Kind.CALENDAR: Scanner._calendar,
    Kind.CIRCA: Scanner._circa,
    Kind.C: Scanner._c,
    Kind.PERHAPS: Scanner._perhaps,
    Kind.QUESTION: Scanner._question,
    Kind.BEFORE: Scanner._before,
    Kind.AFTER: Scanner._after,
    Kind.BETWEEN: Scanner._between,
    Kind.LATER: Scanner._later,
    Kind.TO: Scanner._to,
    Kind.DASH: Scanner._dash,
    Kind.OR: Scanner._or,
    Kind.AND: Scanner._and,
    Kind.SLASH: Scanner._slash,
    Kind.COMMA: Scanner._comma,
    Kind.SEMICOLON: Scanner._semicolon,
    Kind.OPEN: Scanner._open,
    Kind.CLOSE: Scanner._close,
    Kind.PRESENT: Scanner._present,
    Kind.ONWARD: Scanner._onward,
    Kind.DECADE_PREFIX: Scanner._decade_prefix,
    Kind.PHASE: Scanner._phase_word,
    Kind.STYLE: Scanner._unknown,
    Kind.UNKNOWN: Scanner._unknown,
}
