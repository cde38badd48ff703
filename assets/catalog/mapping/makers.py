"""Makers: the name's reading, and what stands beside the name."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, TypeAlias

from assets.catalog.field_rules import MakerRule
from assets.catalog.mapping.cells import Cells, part
from assets.catalog.mapping.choice import Apply, Setting, condition, elements, shape, texts
from assets.catalog.mapping.draft import Draft, origin
from assets.catalog.mapping.parallel import paired, pairing
from assets.catalog.mapping.terms import address
from assets.catalog.normalize.dates import read_date, span_of_years
from assets.catalog.normalize.life_dates import read_life_dates
from assets.catalog.normalize.names import read_maker
from assets.catalog.record import Maker, TimeSpan
from assets.catalog.row import Reading

_Known: TypeAlias = tuple[str | None, ...]
"""Role, kind, born, died, life dates, nationality and address, as the cells have them."""

_ISO_YEAR: Final = re.compile(r"\(?(-?\d{1,4})(?:-\d\d-\d\d.*)?\)?")
_QUALIFIER: Final = re.compile(
    r"(?:(?:prints?|copy|copies) )?after|(?:possibly|probably|perhaps)(?: by)?|attributed to|near"
    r"|in the (?:manner|style) of|(?:follower|workshop|circle|school|manner|style|studio|pupil|imitator) of",
    re.I,
)
"""Wordings in a column of roles that say how sure the name is, not what the person did."""
_GROUPS: Final = frozenset(
    ("organization", "organisation", "corporate body", "company", "group", "firm", "institution", "corporate")
)
_BRACKETED: Final = re.compile(r"\([^()]*\)(?:\s*\([^()]*\))*")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_STILL_ALIVE: Final = 9999
"""What collection systems write as the last year of an actor who has none."""
_BESIDE_EACH_OTHER: Final = re.compile(r"\|")
"""Separates parallel lists in several columns of one row, where the profile names no other."""
_PERSONS: Final = frozenset(("person", "individual", "artist", "people"))


@lru_cache(65536)
def _year(text: str | None) -> TimeSpan | None:
    if text is None:
        return None
    match = _ISO_YEAR.fullmatch(text)
    if match:
        year = int(match[1])
        return span_of_years(year, year) if year and year != _STILL_ALIVE else None
    values = read_date(text).values
    return values[0] if values else None


@lru_cache(65536)
def _kind(text: str | None) -> str | None:
    folded = (text or "").casefold()
    return "group" if folded in _GROUPS else "person" if folded in _PERSONS else None


@lru_cache(65536)
def _maker(
    name: str, role: str | None, beside: tuple[str | None, ...], template: str | None
) -> Reading[Maker]:
    """The reading of a name with (kind, born, died, life, nationality, uri) added to its actors."""
    if role and _QUALIFIER.fullmatch(role):
        reading = read_maker(f"{role} {name}")
    else:
        reading = read_maker(name, role=role)
    if not reading.values or not any(beside):
        return reading
    lists = [_each(text, len(reading.values)) for text in beside]
    makers = [
        _known_as(maker, tuple([pieces[position] for pieces in lists]), template)
        for position, maker in enumerate(reading.values)
    ]
    return Reading(tuple(makers), reading.by, reading.unread)


def _each(text: str | None, makers: int) -> list[str | None]:
    """What each of several makers gets of one cell: "(1895) (1847)" is a list, anything else the first's."""
    if text is not None and _BRACKETED.fullmatch(text):
        pieces = [piece.strip() or None for piece in _BRACKETS.findall(text)]
        if len(pieces) == makers:
            return pieces
        if len(pieces) > 1:  # whose is whose is not known
            return [None] * makers
    return [text, *[None] * (makers - 1)]


def _known_as(maker: Maker, beside: _Known, template: str | None) -> Maker:
    if not any(beside):
        return maker
    kind, born, died, dates, nationality, uri = beside
    alive = read_life_dates(dates) if dates else None
    found: dict[str, Any] = {
        "kind": _kind(kind),
        "born": _year(born) or (alive.born if alive else None),
        "died": _year(died) or (alive.died if alive else None),
        "nationality": nationality.strip("()") or None if nationality else None,
    }
    made = address(uri, template)
    if made is not None:
        found["uris"] = (*maker.actor.uris, made)
    actor = maker.actor.model_copy(update={k: v for k, v in found.items() if v is not None})
    return maker.model_copy(update={"actor": actor})


def maker_rule(rule: MakerRule, setting: Setting) -> Apply:
    """Compiles a rule for makers."""
    return _parted(rule, setting) if rule.name else _plain(rule, setting)


def _beside(rule: MakerRule, setting: Setting) -> list[Any]:
    paths = (rule.kind, rule.born, rule.died, rule.life, rule.nationality, rule.uri)
    return [part(path, setting.nothing) if path else _nothing for path in paths]


def _nothing(_cells: Cells) -> None:
    return None


def _plain(rule: MakerRule, setting: Setting) -> Apply:
    choose, beside = texts(rule, setting), _beside(rule, setting)
    read_role = part(rule.role, setting.nothing) if rule.role else None
    bare = not rule.parts()
    lists = None if bare else _lists(rule, setting)

    def apply(draft: Draft) -> None:
        cells = draft.cells
        if lists is not None and lists(draft, cells, 0):
            return
        for position, chosen in enumerate(choose(draft)):
            role = (read_role(cells) if read_role else None) or rule.role_is
            # what stands beside the cell belongs to the first name in it
            known = () if bare or position else tuple(get(cells) for get in beside)
            reading = _maker(chosen.text, role, known, rule.uri_template)
            came = chosen.origin(reading.by)
            for maker in reading.values:
                draft.add("makers", maker, came)
            _note_unread(draft, reading, chosen.original)

    return apply


def _parted(rule: MakerRule, setting: Setting) -> Apply:
    each, shaped, beside = elements(rule, setting), shape(rule), _beside(rule, setting)
    split = re.compile(rule.split) if rule.split else _BESIDE_EACH_OTHER
    read_name = part(rule.name, setting.nothing)
    read_role = part(rule.role, setting.nothing) if rule.role else None
    column = f"{rule.paths[0]}.{rule.name[0]}" if rule.paths else rule.name[0]
    lists = _lists(rule, setting)

    def apply(draft: Draft) -> None:
        for cells, source in each(draft):
            if lists(draft, cells, source):
                continue
            name = read_name(cells)
            if name is None:
                continue
            role = (read_role(cells) if read_role else None) or rule.role_is
            known = (role, *[get(cells) for get in beside])
            for piece, own in _aligned(split, name, known):
                for plain in shaped(piece) if shaped else [piece]:
                    reading = _maker(plain, own[0], own[1:], rule.uri_template)
                    came = origin(source, column, name, reading.by)
                    for maker in reading.values:
                        draft.add("makers", maker, came)
                    _note_unread(draft, reading, name)

    return apply


def _lists(rule: MakerRule, setting: Setting) -> Callable[[Draft, Cells, int], bool]:
    """Compiles the reading of names in a list with lists beside it; ``False`` where a row has none."""
    names, shaped = rule.name or rule.paths, shape(rule)
    beside = (rule.role, rule.kind, rule.born, rule.died, rule.life, rule.nationality, rule.uri)
    pair = pairing(names, beside, setting.nothing)
    # several names inside one element are spellings of one maker, unless lists beside them say otherwise
    asked = paired(names, beside) if rule.reads_elements() else None
    test = condition(rule.when, setting.nothing) if rule.when and not rule.name else None
    column = f"{rule.paths[0]}.{names[0]}" if rule.reads_elements() else names[0]

    def apply(draft: Draft, cells: Cells, source: int) -> bool:
        found = pair(cells)
        if found is None or (asked and not asked(cells)) or (test and not test(cells)):
            return False
        for name, (role, *known) in found.named:
            for plain in shaped(name) if shaped else [name]:
                reading = _maker(plain, role or rule.role_is, tuple(known), rule.uri_template)
                came = origin(source, column, name, reading.by)
                for maker in reading.values:
                    draft.add("makers", maker, came)
                _note_unread(draft, reading, name)
        for path, text in found.unpaired:
            message = f"{path} and {column} are lists of different lengths; what is whose is not known"
            draft.note("makers.unpaired", "warning", path, f"{message}, {path} was left out", text)
        return True

    return apply


def _aligned(split: re.Pattern[str], name: str, known: _Known) -> Iterator[tuple[str, _Known]]:
    """Each name with what stands beside it: columns that hold as many pieces as there are names are lists.

    A role that is no list is everybody's; anything else that is none belongs to the first name.
    """
    names = split.split(name) if split.search(name) else [name]
    if len(names) == 1:
        yield name, known
        return
    lists = [split.split(text) if text is not None else [] for text in known]
    for position, piece in enumerate(names):
        own = [
            (pieces[position].strip() or None)
            if len(pieces) == len(names)
            else whole
            if column == 0 or position == 0
            else None
            for column, (pieces, whole) in enumerate(zip(lists, known, strict=True))
        ]
        if piece.strip():
            yield piece.strip(), tuple(own)


def _note_unread(draft: Draft, reading: Reading[Maker], text: str) -> None:
    if reading.unread and not reading.values:
        draft.note("makers.unread", "warning", "/makers", f"no name could be read: {reading.unread!r}", text)
