"""Pictures, scans, relations, acquisition and rights."""

from collections.abc import Callable
from typing import TypeAlias

from assets.catalog.field_rules import AcquisitionRule, ImageRule, RelationRule, RightsRule
from assets.catalog.mapping.cells import Cells, part
from assets.catalog.mapping.choice import Apply, Chosen, Setting, elements, texts
from assets.catalog.mapping.draft import Draft, origin
from assets.catalog.mapping.terms import address
from assets.catalog.normalize.dates import read_date
from assets.catalog.normalize.texts import clean_text
from assets.catalog.record import Acquisition, Image, Relation, Rights, ScanRef

_Addresses: TypeAlias = Callable[[Draft], list[tuple[Cells, Chosen]]]


def image_rule(rule: ImageRule, setting: Setting) -> Apply:
    """Compiles a rule for pictures or scans."""
    each = _addresses(rule, rule.uri, setting)
    read_caption, read_credit = part(rule.caption, setting.nothing), part(rule.credit, setting.nothing)
    kind = Image if rule.to == "images" else ScanRef

    def apply(draft: Draft) -> None:
        for cells, chosen in each(draft):
            uri = address(chosen.text, rule.template)
            if uri is None or uri.startswith("data:"):
                message = "not an absolute address; it was left out. A bare identifier needs a template"
                draft.note(f"{rule.to}.no-address", "warning", f"/{rule.to}", message, chosen.original[:80])
                continue
            credit = read_credit(cells)
            rights = Rights(uri=rule.rights, statement=credit) if credit or rule.rights else None
            value = kind(uri=uri, caption=read_caption(cells), rights=rights)
            draft.add(rule.to, value, chosen.origin_of(uri, rule.to))

    return apply


def relation_rule(rule: RelationRule, setting: Setting) -> Apply:
    """Compiles a rule for links."""
    each = _addresses(rule, rule.target, setting)
    read_label = part(rule.label, setting.nothing)

    def apply(draft: Draft) -> None:
        for cells, chosen in each(draft):
            target = rule.template.replace("{value}", chosen.text) if rule.template else chosen.text
            value = Relation(kind=rule.kind, target=target, label=read_label(cells))
            draft.add("relations", value, chosen.origin_of(target, "relations"))

    return apply


def acquisition_rule(rule: AcquisitionRule, setting: Setting) -> Apply:
    """Compiles a rule for the acquisition."""
    choose = texts(rule, setting)
    read_method, read_when = part(rule.method, setting.nothing), part(rule.date, setting.nothing)
    column = ", ".join((*rule.paths, *rule.parts()))

    def apply(draft: Draft) -> None:
        chosen = choose(draft)
        when = read_when(draft.cells)
        spans = read_date(when).values if when else ()
        text = clean_text(chosen[0].text) if chosen else None
        method = read_method(draft.cells)
        if text or spans or method:
            value = Acquisition(method=method, when=spans[0] if spans else None, text=text or None)
            draft.put("acquisition", value, origin(0, column, when, "acquisition"))
        if when and not spans:
            draft.note("acquisition.unread", "warning", "/acquisition/when", "no date could be read", when)

    return apply


def rights_rule(rule: RightsRule, setting: Setting) -> Apply:
    """Compiles a rule for rights that differ from row to row."""
    choose = texts(rule, setting)
    uris = {wording.casefold(): uri for wording, uri in rule.uris.items()}
    hides = frozenset(wording.casefold() for wording in rule.hides)

    def apply(draft: Draft) -> None:
        for chosen in choose(draft)[:1]:
            folded = chosen.text.casefold()
            uri = uris.get(folded) or (address(chosen.text, None) if chosen.text.startswith("http") else None)
            statement = None if folded in uris or uri == chosen.text else chosen.text
            value = Rights(uri=uri, statement=statement, shows=folded not in hides)
            draft.put("rights", value, chosen.origin("rights"))

    return apply


def _addresses(rule: ImageRule | RelationRule, path: str | None, setting: Setting) -> _Addresses:
    """What yields (element, chosen address) of a rule, from elements of a list or from a column."""
    if path is None:
        choose = texts(rule, setting)
        return lambda draft: [(draft.cells, chosen) for chosen in choose(draft)]
    read = part(path, setting.nothing)
    each = elements(rule, setting)
    column = f"{rule.paths[0]}.{path}" if rule.paths else path

    def inside(draft: Draft) -> list[tuple[Cells, Chosen]]:
        found = [(cells, source, read(cells)) for cells, source in each(draft)]
        return [(cells, Chosen(text, text, source, column)) for cells, source, text in found if text]

    return inside
