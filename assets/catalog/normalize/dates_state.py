"""What the scanner of date texts knows while it reads: position, what it has heard, the atoms so far."""

from dataclasses import dataclass
from typing import Final

from assets.catalog.normalize.dates_atoms import LINKS, Atom, Part, Scan
from assets.catalog.normalize.dates_lexicon import Kind, Token
from assets.catalog.normalize.dates_tokens import tokens_of

STARTS_DATE: Final = frozenset(
    {
        Kind.NUMBER, Kind.ORDINAL, Kind.ROMAN, Kind.DECADE, Kind.CENTURY, Kind.DAY, Kind.ERA_NAME, Kind.PART,
        Kind.MONTH, Kind.SEASON, Kind.CIRCA, Kind.C, Kind.BEFORE, Kind.AFTER, Kind.LATER, Kind.PERHAPS,
        Kind.BETWEEN, Kind.QUESTION, Kind.DIVISION, Kind.CALENDAR, Kind.DECADE_PREFIX, Kind.UNIT,
        Kind.DYNASTY,
    }
)  # fmt: skip


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


class Listener:
    """Position, memory and output of one scan; the rules that fill them are in the subclasses."""

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

    def _run(self) -> list[Atom]:
        """The last atom and those that links tie to it."""
        atoms = self._result.atoms
        first = len(atoms) - 1
        while first > 0 and atoms[first].join in LINKS:
            first -= 1
        return atoms[first:]

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
        if self._phase:
            # "?later cast" is about a step without a date; none of it belongs to the date before.
            self._result.unknown.append(self._phase_span)
            self._phase = ""
            self._heard = Heard()
        self._give_back()

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
        for atom in self._run():
            atom.circa |= heard.circa
            atom.perhaps |= heard.perhaps

    def _unknown(self, token: Token) -> None:
        self._result.unknown.append((token.start, token.end))
        if self._group:
            self._unknown_in_group = True
        else:
            self._broken = True
        self._heard = Heard()

    def _hear_part(self, part: Part) -> None:
        heard = self._heard
        if heard.part is not None and self._join in LINKS:
            heard.part = (min(heard.part[0], part[0]), max(heard.part[1], part[1]))
            self._join = heard.part_join
            return
        heard.part, heard.part_join = part, self._join
