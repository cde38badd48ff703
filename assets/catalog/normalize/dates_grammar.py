"""From tokens to atoms: the rules of date texts for qualifiers, connectors and remarks, and the scan.

The scanner reads left to right and keeps what it has heard but not yet used (a "circa", a month, a part
of a century) until the atom it belongs to arrives. What it cannot read is kept as ``unknown``.
"""

from collections.abc import Callable
from typing import Final

from assets.catalog.normalize.dates_atoms import BCE, LINKS, Scan
from assets.catalog.normalize.dates_lexicon import Kind, Token
from assets.catalog.normalize.dates_numbers import NumberRules
from assets.catalog.normalize.dates_state import STARTS_DATE, Heard

_SINCE: Final = frozenset({"since", "seit", "depuis", "以降", "以後", "以后", "之後", "之后", "以来", "以來"})
_UP_TO: Final = frozenset({"by", "以前", "之前", "まで"})
_UNTIL: Final = frozenset({"until", "till", "bis", "through", "thru", "hasta", "fino", "tot", "jusqu'en"})
_AFTER_PHASE: Final = STARTS_DATE | {Kind.PHASE, Kind.FILLER}


class Scanner(NumberRules):
    """One reading of one text; call :meth:`scan` once."""

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

    def _later(self, token: Token) -> None:
        """ "or later", "later than", or the later part of something."""
        last = self._last
        if self._kind(1) is Kind.FILLER and self._tokens[self._at + 1].word == "than":
            self._heard.bound = "earlier" if self._negated() else "after"
        elif last is not None and self._join in ("|", "&") and self._kind(1) not in STARTS_DATE:
            last.bound, self._join = "later", ""
        elif self._phase and self._kind(1) not in STARTS_DATE:
            # "1966 (printed later)": a step without a date of its own.
            self._result.unknown.append((self._phase_span[0], token.end))
            self._phase = ""
        else:
            self._hear_part((token.low, token.high))

    def _earlier(self, token: Token) -> None:
        last = self._last
        if self._kind(1) is Kind.FILLER and self._tokens[self._at + 1].word == "than":
            self._heard.bound = "later" if self._negated() else "before"
        elif last is not None and self._join in ("|", "&") and self._kind(1) not in STARTS_DATE:
            last.bound, self._join = "earlier", ""
        else:
            self._hear_part((token.low, token.high))

    def _negated(self) -> bool:
        return any(token.kind is Kind.NOT for token in self._tokens[max(0, self._at - 2) : self._at])

    def _part_or_earlier(self, token: Token) -> None:
        if token.word == "earlier":
            self._earlier(token)
            return
        self._hear_part((token.low, token.high))
        # "Turn of the century" is about, and its entry says so.
        self._heard.circa |= token.value == 1

    def _circa(self, token: Token) -> None:
        last = self._touching
        if last is not None and last.group == self._group and self._kind(1) not in STARTS_DATE:
            for atom in self._run():
                atom.circa = True
        else:
            self._heard.circa = True

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
        elif (last is not None and last.end == token.start) or (
            last is not None and self._kind(1) not in STARTS_DATE
        ):
            last.perhaps = True
        else:
            self._heard.perhaps = True

    def _before(self, token: Token) -> None:
        last = self._last
        if last is not None and self._join in ("|", "&") and self._kind(1) not in STARTS_DATE:
            last.bound, self._join = "earlier", ""
        elif token.word in _UP_TO:
            self._heard.bound = "earlier"
        else:
            self._heard.bound = "later" if self._negated() else "before"

    def _after(self, token: Token) -> None:
        last = self._last
        if last is not None and self._join in ("|", "&") and self._kind(1) not in STARTS_DATE:
            last.bound, self._join = "later", ""
        elif token.word in _SINCE:
            self._heard.bound = "later"
        elif last is not None and not self._join and self._names_model():
            if self._phase:
                for atom in self._run():
                    atom.phase = atom.phase or self._phase
                self._phase = ""
            self._unknown(token)
        else:
            self._heard.bound = "earlier" if self._negated() else "after"

    def _names_model(self) -> bool:
        """Whether "after" names what was copied ("1815 after 1767 original"), not a bound."""
        ahead = [token.kind for token in self._tokens[self._at + 1 : self._at + 5]]
        while ahead and ahead[0] in (Kind.CIRCA, Kind.C, Kind.FILLER):
            del ahead[0]
        return ahead[:2] == [Kind.NUMBER, Kind.UNKNOWN]

    def _between(self, token: Token) -> None:
        self._heard.between = True

    def _dash(self, token: Token) -> None:
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
        if following is not None and following.kind is Kind.NUMBER and following.start == token.end:
            if (self._last is None or self._join) and token.word in "-−" and self._awaits_nothing():
                self._heard.calendar = BCE
                return
            if self._last is None and self._heard == Heard():
                self._heard.bound = "before"
                return
        if self._kind(1) in (Kind.UNIT, Kind.DYNASTY) or self._kind(1) in (Kind.TO, Kind.OR, Kind.AND):
            return
        if self._heard.part is not None and not self._part_follows():
            return
        if following is None:
            if (last := self._touching) is not None and not self._group:
                last.bound = "later"
            return
        self._link("-")

    def _awaits_nothing(self) -> bool:
        """Whether no part and no month is heard, to which a number after a hyphen would belong."""
        return self._heard.part is None and not self._heard.month

    def _part_follows(self) -> bool:
        return self._kind(1) is Kind.PART or self._kind(2) is Kind.DIVISION

    def _to(self, token: Token) -> None:
        if self._heard.bound:
            return
        if self._last is None and not self._heard.part and not self._heard.month:
            self._heard.bound = "earlier" if token.word in _UNTIL else ""
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
        if self._last is None and token.word == "..":
            self._heard.bound = "earlier"
        elif self._last is None or self._join not in ("-", "/"):
            self._unknown(token)
        else:
            self._emit("present", 0, token)

    def _onward(self, token: Token) -> None:
        if self._last is not None:
            self._last.bound = "later"


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
