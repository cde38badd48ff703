"""Years of birth and death as they stand beside a name: "1762–1787", "born 1965", "ca. 490–430 BCE"."""

import re
from dataclasses import dataclass
from typing import Final

from assets.catalog.record import TimeSpan

_YEAR: Final = (
    r"(?P<{0}about>(?:c|ca|circa|about|um|vers)\.?[ ]*)?(?P<{0}year>\d{{3,4}})"
    r"(?:/(?P<{0}alt>\d{{1,4}}))?(?P<{0}doubt>[ ]?\(?\?\)?)?"
)
_ERA: Final = r"(?:[ ]*(?P<era>B\.?C\.?(?:E\.?)?|v\. ?Chr\.?|av\. ?J\.-?C\.?))?"
_BORN_WORD: Final = (
    r"(?<!\w)(?:b\.|b(?= \d)|born|geb\.|geboren|né|née|n\.|nato|nata|nacido|\*)[ ]*(?:in[ ]+)?"
)
_DIED_WORD: Final = (
    r"(?<!\w)(?:d\.|d(?= \d)|died|gest\.|gestorben|morte?|†|overleden|m\.|murió)[ ]*(?:in[ ]+)?"
)
_SPAN: Final = re.compile(
    rf"{_YEAR.format('b')}[ ]*(?:[-–—]|to|bis)[ ]*(?:{_DIED_WORD})?{_YEAR.format('d')}{_ERA}", re.IGNORECASE
)
_SPAN_WITH_PLACES: Final = re.compile(
    rf"{_YEAR.format('b')}[ ,]+[^\d()–—;-]{{2,40}}?[ ]*[-–—][ ]*{_YEAR.format('d')}{_ERA}", re.IGNORECASE
)
_BOTH: Final = re.compile(
    rf"{_BORN_WORD}{_YEAR.format('b')}[ ]*[;,.\-–—]*[ ]*{_DIED_WORD}{_YEAR.format('d')}{_ERA}", re.IGNORECASE
)
_BORN: Final = re.compile(
    rf"{_BORN_WORD}{_YEAR.format('b')}{_ERA}|{_YEAR.format('o')}[ ]*[-–—][ ]*(?!\d)", re.IGNORECASE
)
_DIED: Final = re.compile(rf"(?:{_DIED_WORD}){_YEAR.format('d')}{_ERA}", re.IGNORECASE)
_SHORT_END: Final = re.compile(r"(?<!\d)(\d{2})(\d{2})[ ]?([-–—])[ ]?(\d{2})(?!\d)")
_ACTIVE: Final = re.compile(
    r"\b(?:active|act\.|fl\.|flourished|tätig|actif|werkzaam|attivo|activo)(?!\w)", re.IGNORECASE
)
_CENTURY: Final = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)[ -](?:century|c\.)|\bcentury\b|\bperiod\b|\bdynasty\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class LifeDates:
    """What a text says of birth and death."""

    born: TimeSpan | None
    died: TimeSpan | None
    rest: str
    """The text without the years it gave."""
    active: bool = False
    """The years are of activity or of a century, not of a life; none is given then."""


def read_life_dates(text: str) -> LifeDates:
    """Birth and death in ``text``; years of activity and centuries are recognized and left alone."""
    if not any(letter.isdigit() for letter in text):
        return LifeDates(None, None, text, bool(_ACTIVE.search(text) or _CENTURY.search(text)))
    if _ACTIVE.search(text) or _CENTURY.search(text):
        return LifeDates(None, None, text, True)
    text = _SHORT_END.sub(lambda match: f"{match[1]}{match[2]}{match[3]}{match[1]}{match[4]}", text)
    for pattern in (_BOTH, _SPAN, _SPAN_WITH_PLACES, _BORN, _DIED):
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groupdict()
        before = bool(groups.get("era"))
        prefix = "b" if groups.get("byear") else "o"
        born = _span(groups, prefix, before) if groups.get(f"{prefix}year") else None
        died = _span(groups, "d", before) if groups.get("dyear") else None
        if not _is_life(born, died):
            continue
        rest = (text[: match.start()] + " " + text[match.end() :]).strip()
        return LifeDates(born, died, rest)
    return LifeDates(None, None, text, False)


def _span(groups: dict[str, str | None], prefix: str, before: bool) -> TimeSpan:
    year = int(groups[f"{prefix}year"] or 0)
    other = groups.get(f"{prefix}alt")
    last = (
        int(str(year)[: -len(other)] + other) if other and len(other) < len(str(year)) else int(other or year)
    )
    first, last = min(year, last), max(year, last)
    if before:
        first, last = 1 - last, 1 - first
    return TimeSpan(
        earliest=first,
        latest=last,
        circa=groups.get(f"{prefix}about") is not None,
        uncertain=groups.get(f"{prefix}doubt") is not None,
    )


def _is_life(born: TimeSpan | None, died: TimeSpan | None) -> bool:
    if born is None or died is None or born.earliest is None or died.latest is None:
        return born is not None or died is not None
    return 0 < died.latest - born.earliest <= 120
