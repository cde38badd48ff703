"""Object types, subjects, cultures, periods, materials and techniques."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from assets.catalog.field_rules import TermRule
from assets.catalog.mapping.cells import Cells, part
from assets.catalog.mapping.choice import Apply, Chosen, Setting, elements, shape, texts
from assets.catalog.mapping.draft import Draft
from assets.catalog.mapping.languages import language_of
from assets.catalog.normalize.terms import (
    read_cultures,
    read_materials,
    read_object_types,
    read_periods,
    read_techniques,
)
from assets.catalog.normalize.texts import clean_text
from assets.catalog.record import Term
from assets.catalog.row import Reading

_DOUBT: Final = re.compile(r"^(?:probably|possibly|perhaps|likely|prob\.|poss\.)\s+|\s*\(?\?\)?\s*$", re.I)
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")

_READERS: Final[dict[str, Callable[[str], Reading[Term]]]] = {
    "materials": read_materials,
    "techniques": read_techniques,
    "object_types": read_object_types,
    "cultures": read_cultures,
    "periods": read_periods,
}


@lru_cache(65536)
def term(label: str, uri: str | None, language: str) -> Term:
    """A Term in the source's words, with doubt ("probably Sioux", "bowl?") taken out of the label."""
    plain = _DOUBT.sub("", label)
    spoken = language_of(label, language)
    return Term(label=plain or label, uri=uri, language=spoken, uncertain=plain not in ("", label))


def address(value: str | None, template: str | None) -> str | None:
    """An absolute URI of a cell, by the template where the cell holds a bare identifier."""
    if value is None:
        return None
    made = template.replace("{value}", value) if template and not value.startswith("http") else value
    made = made.replace(" ", "%20")
    return made if _URI.fullmatch(made) else None


def term_rule(rule: TermRule, setting: Setting) -> Apply:
    """Compiles a rule for terms."""
    if rule.reading != "term":
        return _looked_up(rule, setting)
    return _as_worded(rule, setting) if rule.parts() else _plain(rule, setting)


def _plain(rule: TermRule, setting: Setting) -> Apply:
    choose, to, language = texts(rule, setting), rule.to, rule.language or setting.language

    def apply(draft: Draft) -> None:
        for chosen in choose(draft):
            label = clean_text(chosen.text)
            if label:
                value = term(label, None, language)
                draft.add(to, value, chosen.origin_of(value.label, "terms"))

    return apply


def _as_worded(rule: TermRule, setting: Setting) -> Apply:
    each, shaped = elements(rule, setting), shape(rule)
    label_path = rule.label or rule.paths
    column = f"{rule.paths[0]}.{rule.label}" if rule.label and rule.paths else (rule.label or rule.paths[0])
    read_label, read_uri = part(label_path, setting.nothing), part(rule.uri, setting.nothing)
    language = rule.language or setting.language

    def labels(cells: Cells) -> list[str]:
        text = read_label(cells)
        return [] if text is None else [text] if shaped is None else shaped(text)

    def apply(draft: Draft) -> None:
        for cells, source in each(draft):
            for original in labels(cells):
                label = clean_text(original)
                if label:
                    value = term(label, address(read_uri(cells), rule.uri_template), language)
                    came = Chosen(label, original, source, column).origin_of(value.label, "terms")
                    draft.add(rule.to, value, came)

    return apply


def _looked_up(rule: TermRule, setting: Setting) -> Apply:
    choose, to, read = texts(rule, setting), rule.to, _READERS[rule.reading]

    def apply(draft: Draft) -> None:
        for chosen in choose(draft):
            reading = read(chosen.text)
            came = chosen.origin(reading.by)
            for value in reading.values:
                draft.add(to, value, came)
            # materials and techniques are read from one statement: what neither knows is said once
            if reading.unread and to != "techniques":
                draft.note_unmapped(to, reading.unread, chosen.original)

    return apply
