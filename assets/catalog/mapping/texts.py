"""Titles, texts, values taken as they are, identifiers."""

from functools import lru_cache

from assets.catalog.field_rules import CopyRule, IdentifierRule, TextRule
from assets.catalog.mapping.cells import part
from assets.catalog.mapping.choice import Apply, Setting, texts
from assets.catalog.mapping.draft import Draft
from assets.catalog.mapping.languages import language_of
from assets.catalog.normalize.languages import read_language
from assets.catalog.normalize.texts import clean_text, looks_damaged
from assets.catalog.record import Identifier, Text


def _text(content: str, language: str, kind: str, rights: str | None) -> Text:
    if content.isascii():
        return Text.assembled({"content": content, "language": language, "kind": kind, "rights": rights})
    return Text(content=content, language=language_of(content, language), kind=kind, rights=rights)


@lru_cache(65536)
def identifier(value: str, kind: str) -> Identifier:
    """An Identifier; equal ones are the same object."""
    return Identifier.model_validate({"value": value, "kind": kind})


def text_rule(rule: TextRule, setting: Setting) -> Apply:
    """Compiles a rule for titles or texts."""
    choose = texts(rule, setting)
    to, language = rule.to, rule.language or setting.language
    markdown = rule.markdown
    kind = rule.kind or ("title" if to == "titles" else "description")
    stated = part(rule.language_from, setting.nothing) if rule.language_from else None

    def apply(draft: Draft) -> None:
        tag = language if stated is None else _stated_language(draft, stated(draft.cells), language)
        for chosen in choose(draft):
            content = clean_text(chosen.text, markdown=markdown)
            if not content:
                continue
            value = _text(content, tag, kind, rule.rights)
            pointer = draft.add(to, value, chosen.origin_of(content, "texts.clean"))
            _note_damage(draft, pointer, content)

    return apply


def _stated_language(draft: Draft, stated: str | None, otherwise: str) -> str:
    if stated is None:
        return otherwise
    tag = read_language(stated)
    if tag is None:
        message = f"not a language that is known; {otherwise} was taken"
        draft.note("languages.unread", "warning", "/texts", message, stated)
    return tag or otherwise


def copy_rule(rule: CopyRule, setting: Setting) -> Apply:
    """Compiles a rule for a value that is taken as it is."""
    choose, to = texts(rule, setting), rule.to

    def apply(draft: Draft) -> None:
        for chosen in choose(draft):
            content = clean_text(chosen.text)
            if content:
                pointer = draft.put(to, content, chosen.origin_of(content, "texts.clean"))
                _note_damage(draft, pointer, content)

    return apply


def identifier_rule(rule: IdentifierRule, setting: Setting) -> Apply:
    """Compiles a rule for further identifiers."""
    choose, template = texts(rule, setting), rule.template

    def apply(draft: Draft) -> None:
        for chosen in choose(draft):
            value = template.replace("{value}", chosen.text) if template else chosen.text
            came = chosen.origin_of(value, "identifiers")
            draft.add("identifiers", identifier(value, rule.kind), came)

    return apply


def _note_damage(draft: Draft, pointer: str, content: str) -> None:
    if content.isascii() and "?" not in content:
        return
    reason = looks_damaged(content)
    if reason is not None:
        message = f"{reason}; state the encoding in [source] and ingest again"
        draft.note("texts.damaged", "warning", pointer, message, content[:200])
