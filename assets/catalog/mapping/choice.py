"""Which texts of a row a field rule gets: its paths, condition, and the cutting and replacing it asks for."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from assets.catalog.field_rules import Condition, FieldRule
from assets.catalog.mapping.cells import Cells, Finder, Found, finder, head, part, text_of
from assets.catalog.mapping.draft import Draft, origin
from assets.catalog.record import Origin

Apply: TypeAlias = Callable[[Draft], None]
"""One compiled field rule."""
Choose: TypeAlias = "Callable[[Draft], Sequence[Chosen]]"
Test: TypeAlias = Callable[[Cells], bool]
Shape: TypeAlias = Callable[[str], list[str]]


_LONGEST_ORIGINAL: Final = 500
"""A longer cell that a rule takes a part of is not kept whole with every part."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every rule of a profile shares."""

    language: str
    """BCP 47, of texts whose rule says nothing."""
    nothing: frozenset[str]
    """Lower-case cells that mean "empty"."""


class Chosen(NamedTuple):
    """One text a rule is to read."""

    text: str
    """After cutting and replacing."""
    original: str
    """As the source has it."""
    source: int
    """Position in the record's sources."""
    column: str
    """Path it was found at."""

    def origin(self, by: str) -> Origin:
        """Origin of a value that the rule ``by`` made of it."""
        return origin(self.source, self.column, self.original, by)

    def origin_of(self, made: str, by: str) -> Origin:
        """Origin of a text that may be the original itself, and then is ``copied``."""
        if made == self.original:
            return origin(self.source, self.column, None, "copied")
        return origin(self.source, self.column, self.original, by)


def condition(wanted: Condition, nothing: frozenset[str]) -> Test:
    """Compiles a condition to a test of a row or element."""
    read = part(wanted.column, nothing)
    equals = frozenset(value.casefold() for value in wanted.equals)
    differs = frozenset(value.casefold() for value in wanted.differs)
    pattern = re.compile(wanted.matches) if wanted.matches is not None else None

    def holds(cells: Cells) -> bool:
        text = read(cells)
        folded = (text or "").casefold()
        return (
            (wanted.filled is None or wanted.filled == (text is not None))
            and (not equals or folded in equals)
            and folded not in differs
            and (pattern is None or (text is not None and pattern.search(text) is not None))
        )

    return holds


def shape(rule: FieldRule) -> Shape | None:
    """The rule's split, replace, extract and drop as one function; ``None`` where it asks for none."""
    if not (rule.split or rule.replace or rule.extract or rule.drop):
        return None
    split = re.compile(rule.split) if rule.split else None
    replacements = [(re.compile(pattern), new) for pattern, new in rule.replace]
    extract = re.compile(rule.extract) if rule.extract else None
    drop = frozenset(value.casefold() for value in rule.drop)

    def one(text: str) -> str:
        if text.casefold() in drop:
            return ""
        if extract is not None:
            match = extract.search(text)
            text = (match[1] if match.re.groups else match[0]) or "" if match else ""
        for pattern, new in replacements:
            text = pattern.sub(new, text)
        text = text.strip()
        return "" if text.casefold() in drop else text

    def shaped(text: str) -> list[str]:
        pieces = split.split(text) if split else [text]
        return [piece for piece in (one(raw.strip()) for raw in pieces if raw) if piece]

    return shaped


def texts(rule: FieldRule, setting: Setting) -> Choose:
    """Compiles where a rule's texts come from; the first path that holds something wins."""
    plain = rule.when is None and shape(rule) is None and len(rule.paths) == 1
    chooser = _chooser(rule, setting)
    return _one_column(rule.paths[0], setting.nothing, chooser) if plain else chooser


def _one_column(name: str, nothing: frozenset[str], otherwise: Choose) -> Choose:
    """The usual case, a text in a column, without the general machinery."""

    limit = max(map(len, nothing), default=0)

    def choose(draft: Draft) -> Sequence[Chosen]:
        cell = draft.cells.get(name)
        if type(cell) is not str:
            return otherwise(draft)
        text = cell.strip()
        if not text or (len(text) <= limit and text.lower() in nothing):
            return ()
        return (Chosen(text, cell, 0, name),)

    return choose


def _chooser(rule: FieldRule, setting: Setting) -> Choose:
    shaped, nothing = shape(rule), setting.nothing
    inside = any("[]." in path for path in rule.paths)
    test = condition(rule.when, nothing) if rule.when and not inside else None
    finders = [(path, _asked(path, rule.when, setting) if inside else finder(path)) for path in rule.paths]

    def choose(draft: Draft) -> Sequence[Chosen]:
        cells = draft.cells
        if test is not None and not test(cells):
            return []
        for path, find in finders:
            chosen: list[Chosen] = []
            for cell, row in find(cells):
                text = text_of(cell, nothing)
                if text is None:
                    continue
                source = draft.source_of(row) if row is not None else 0
                original = cell if type(cell) is str else text
                if shaped is None:
                    chosen.append(Chosen(text, original, source, path))
                else:
                    pieces = shaped(text)
                    whole = len(original) <= _LONGEST_ORIGINAL
                    chosen += [Chosen(piece, original if whole else piece, source, path) for piece in pieces]
            if chosen:
                return chosen
        return []

    return choose


def _asked(path: str, wanted: Condition | None, setting: Setting) -> Finder:
    """A finder that asks the condition of the innermost list's elements; of the row where they lack it."""
    if wanted is None or "[]." not in path:
        return finder(path)
    where, _, rest = path.rpartition("[].")
    each, find, holds = finder(f"{where}[]"), finder(rest), condition(wanted, setting.nothing)
    column = head(wanted.column)

    def asked(cells: Cells) -> list[Found]:
        return [
            (value, row)
            for element, row in each(cells)
            if isinstance(element, dict) and holds(element if column in element else cells)
            for value, _ in find(element)
        ]

    return asked


def elements(rule: FieldRule, setting: Setting) -> Callable[[Draft], list[tuple[Cells, int]]]:
    """The objects whose parts a rule reads: those ``from`` names, or the row itself."""
    test = condition(rule.when, setting.nothing) if rule.when else None
    if not rule.reads_elements():
        return lambda draft: [(draft.cells, 0)] if test is None or test(draft.cells) else []
    find = finder(rule.paths[0])

    def each(draft: Draft) -> list[tuple[Cells, int]]:
        return [
            (cell, draft.source_of(row))
            for cell, row in find(draft.cells)
            if isinstance(cell, dict) and (test is None or test(cell))
        ]

    return each
