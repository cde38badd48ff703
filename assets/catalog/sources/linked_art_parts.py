"""The parts of a Linked Art object: production, terms, dimensions, places, pictures, rights, pages."""

import re
from typing import Any, Final

from assets.catalog import concepts as c
from assets.catalog.record import (
    Actor,
    Dimension,
    Image,
    Maker,
    Phase,
    Place,
    Relation,
    Rights,
    ScanRef,
    Term,
    Text,
    TimeSpan,
)
from assets.catalog.sources.draft import Draft
from assets.catalog.sources.linked_art_node import Node

_STATED: Final = re.compile(r"^(?P<value>[0-9.e+-]+) (?P<unit>\S+)$")
_ACTOR_KINDS: Final = {"Person": "person", "Group": "group"}
_SI_UNITS: Final = frozenset({"m", "kg", "m3", "m2", "s"})
_LICENSES: Final = ("creativecommons.org/", "rightsstatements.org/")


def tail(uri: str | None) -> str | None:
    """The last segment of a URI, which names the record where nothing better does."""
    if not uri:
        return None
    return uri.rstrip("/#").rpartition("/")[2] or None


def term(node: Node, field: str, kind: str, draft: Draft, *, uncertain: bool = False) -> None:
    """A concept as a term; a minted URI is dropped, because it says nothing beyond the label."""
    uri = _absolute(node.text("id"))
    own = c.minted_label(uri or "", kind)
    label = node.label() or own or tail(uri)
    if not label:
        return
    name = node.first("identified_by")
    number = next(iter(node.aat()), None)
    value = Term(
        label=label,
        uri=None if own == label else c.aat(number) if number else uri,
        language=name.language() if name else "und",
        uncertain=uncertain,
    )
    draft.add(field, value, node.at("id"))


def label_term(field: str, label: str, at: str, draft: Draft) -> None:
    """A term that a statement gives in words; not taken where a concept of the record says the same."""
    if not any(known.casefold().startswith(label.casefold()) for known in draft.labels(field)):
        draft.add(field, Term(label=label), at)


def timespan(node: Node | None, draft: Draft) -> TimeSpan | None:
    """A time-span from its bounds and its display name, or from a label where there is no name."""
    if node is None:
        return None
    names = node.all("identified_by")
    edtf = next((child.content() for child in names if child.minted("identifier-kind") == "edtf"), None)
    text = next((child.content() for child in names if child.text("type") == "Name"), None)
    if edtf is None:
        text = text or node.label()
    bounds = node.text("begin_of_the_begin"), node.text("end_of_the_end")
    span, _ = draft.span(bounds, text, node.path, exact=edtf is not None)
    if span is None:
        return None
    flags: dict[str, Any] = {
        name: True
        for name in ("circa", "uncertain")
        if any(
            c.minted_label(child.text("id") or "", "qualifier") == name for child in node.all("classified_as")
        )
    }
    if edtf:
        # written by this project: flags and EDTF are stated, nothing has to be read from the wording
        flags = {"circa": False, "uncertain": False, **flags, "edtf": edtf}
    return span.model_copy(update=flags)


def production(node: Node | None, draft: Draft) -> None:
    """Makers, time, places and techniques; each step of a production that has steps."""
    if node is None:
        return
    span = timespan(node.first("timespan"), draft)
    if span is not None:
        draft.put("produced", span, node.at("timespan"), span.text, "dates")
    for place in node.all("took_place_at"):
        _place(place, "made", draft)
    steps = [*node.all("part"), *node.all("consists_of")]
    for technique in node.all("technique"):
        term(technique, "techniques", "technique", draft)
    makers = sum((_makers(step, draft) for step in steps), 0)
    if not makers:
        _makers(node, draft)
    for step in steps:
        _phase(step, draft)


def _phase(step: Node, draft: Draft) -> None:
    span = timespan(step.first("timespan"), draft)
    name = next((text for child in step.all("identified_by") if (text := child.content())), None)
    name = name or step.label()
    if span and name and not step.all("carried_out_by"):
        draft.add("phases", Phase(name=name, span=span), step.path)


def _makers(step: Node, draft: Draft) -> int:
    found = 0
    for child in step.all("carried_out_by"):
        actor = _actor(child)
        if actor is None:
            continue
        found += 1
        maker = Maker(actor=actor, role=_role(step, child), qualifier=_qualifier(step))
        draft.add("makers", maker, child.path)
    return found


def _actor(node: Node) -> Actor | None:
    uri = _absolute(node.text("id"))
    kind: Any = _ACTOR_KINDS.get(node.text("type") or "", "unknown")
    name = node.label()
    for own in ("actor", "person", "group"):
        if label := c.minted_label(uri or "", own):
            if label == name:
                kind, uri = ("unknown" if own == "actor" else own), None
            break
    if not name:
        return None
    others = [_absolute(child.text("id")) for key in ("equivalent", "exact_match") for child in node.all(key)]
    uris = tuple(dict.fromkeys(each for each in (uri, *others) if each))
    return Actor(name=name, kind=kind, uris=uris)


def _role(step: Node, actor: Node) -> str | None:
    for child in step.all("classified_as"):
        if c.OCCUPATION in child.kinds():
            return child.label()
    for child in step.all("technique"):
        # drafts put the role of the maker ("artist") under technique
        if any(number.startswith("30002") for number in child.aat()) or "relators:" in (
            child.text("id") or ""
        ):
            return child.label()
    for child in actor.all("referred_to_by"):
        if "role" in (child.label() or "").lower():
            return child.content()
    return None


def _qualifier(step: Node) -> str | None:
    for child in step.all("referred_to_by"):
        prefix = "prefix" in (child.label() or "").lower()
        if prefix or child.minted("text-kind") == "attribution-qualifier":
            return child.content()
    return None


def dimension(node: Node, draft: Draft) -> None:
    """A measured value; positions in a sequence are no dimensions of an artifact."""
    kinds = node.kinds()
    value, unit = node.text("value"), node.first("unit")
    if kinds & c.POSITIONAL or value is None or unit is None:
        return
    own = c.minted_label(unit.text("id") or "", "unit")
    symbol = own or c.UNITS.get(next(iter(unit.aat()), "")) or unit.label() or ""
    kind = node.minted("dimension-kind") or next(
        (c.DIMENSION_CONCEPTS[number] for number in kinds if number in c.DIMENSION_CONCEPTS), "other"
    )
    of = node.minted("dimension-of") or "overall"
    stated = _stated(node)
    if stated is None and symbol not in _SI_UNITS:
        draft.measure(kind, value, symbol, node.at("value"), of)
        return
    _own_dimension(node, kind, of, symbol, draft)


def _own_dimension(node: Node, kind: str, of: str, symbol: str, draft: Draft) -> None:
    """A dimension as this project writes it: SI value, with the stated one as a name."""
    stated = _stated(node)
    try:
        number = float(node.text("value") or "")
    except ValueError:
        number = 0.0
    if symbol not in _SI_UNITS or not number > 0:
        draft.measure(kind, node.text("value") or "", symbol, node.at("value"), of)
        return
    values = {
        "kind": kind,
        "value": number,
        "unit": symbol,
        "of": of,
        "stated_value": stated[0] if stated else None,
        "stated_unit": stated[1] if stated else None,
        "approximate": node.minted("qualifier") == "approximate",
    }
    draft.add("dimensions", Dimension.model_validate(values), node.at("value"))


def _stated(node: Node) -> tuple[float, str] | None:
    for child in node.all("identified_by"):
        match = _STATED.match(child.content() or "")
        if match:
            try:
                return float(match["value"]), match["unit"]
            except ValueError:
                return None
    return None


def dimension_texts(node: Node, draft: Draft) -> None:
    """Dimensions that statements give in words: read where none are given as values, else kept as text."""
    measured = draft.has("dimensions")
    for child in node.all("referred_to_by"):
        content = child.content()
        if content and child.kinds() & c.DIMENSION_STATEMENTS:
            at = child.at("content")
            draft.add("texts", Text(content=content, language=child.language(), kind="dimensions"), at)
            if not measured:
                draft.measurements(content, at)


def places(node: Node, draft: Draft) -> None:
    """Places of finding, use and keeping."""
    for key, role in (("encountered_by", "found"), ("used_for", "used")):
        for activity in node.all(key):
            for place in activity.all("took_place_at"):
                _place(place, role, draft)
    for place in node.all("current_location"):
        _place(place, "kept", draft)


def made_at(label: str, at: str, draft: Draft) -> None:
    """A place of making that a statement gives in words."""
    draft.add("places", Place(name=label, role="made"), at)


def _place(node: Node, role: str, draft: Draft) -> None:
    uri = _absolute(node.text("id"))
    own = c.minted_label(uri or "", "place")
    label = node.label() or own
    if label:
        value = {"name": label, "role": role, "uri": None if own == label else uri}
        draft.add("places", Place.model_validate(value), node.path)


def picture(node: Node, draft: Draft) -> None:
    """An image or a scan: the access points of its digital objects, or its own URI in the drafts."""
    caption = next((text for child in node.all("identified_by") if (text := child.content())), None)
    digital = node.all("digitally_shown_by")
    if not digital:
        uri = _absolute(node.text("id"))
        if uri:
            draft.add("images", Image(uri=uri, caption=node.label()), node.at("id"))
        return
    for each in digital:
        for point in each.all("access_point"):
            uri = _absolute(point.text("id"))
            if uri:
                _digital(each, uri, caption, draft)


def _digital(node: Node, uri: str, caption: str | None, draft: Draft) -> None:
    granted = next((_right(child) for child in node.all("subject_to")), None)
    if node.minted("digital-kind") == "scan":
        draft.add("scans", ScanRef(uri=uri, caption=caption, rights=granted), node.path)
        return
    pixels: dict[str, int] = {}
    for child in [*node.all("dimension"), *node.all("dimensions")]:
        for number in child.kinds():
            kind, value = c.DIMENSION_CONCEPTS.get(number), child.text("value")
            if kind in ("width", "height") and value and value.isdigit() and int(value) > 0:
                pixels[kind] = int(value)
    draft.add(
        "images",
        Image(
            uri=uri, caption=caption, width=pixels.get("width"), height=pixels.get("height"), rights=granted
        ),
        node.path,
    )


def _right(node: Node) -> Rights:
    licenses = [child.text("id") for child in node.all("classified_as")]
    stated = next((text for child in node.all("referred_to_by") if (text := child.content())), None)
    holder = next((label for child in node.all("possessed_by") if (label := child.label())), None)
    return Rights(
        uri=next((_absolute(uri) for uri in licenses if uri), None), statement=stated, holder=holder
    )


def rights(node: Node, draft: Draft) -> None:
    """Rights in the object itself, as drafts of the model had them."""
    uri = _absolute(node.text("id"))
    if uri and any(host in uri for host in _LICENSES):
        draft.merge("rights", {"uri": uri}, node.at("id"))
        return
    stated = _right(node)
    parts = {"uri": stated.uri, "statement": stated.statement, "holder": stated.holder}
    draft.merge("rights", parts, node.path)


def license_of(node: Node) -> str | None:
    """The license that a statement is classified by, or subject to as some publishers have it."""
    granted = [kind for right in node.all("subject_to") for kind in right.all("classified_as")]
    for child in [*node.all("classified_as"), *granted]:
        uri = _absolute(child.text("id"))
        if uri and any(host in uri for host in _LICENSES):
            return uri
    return None


def rights_text(node: Node, content: str, is_holder: bool, draft: Draft) -> None:
    """Rights that a statement gives: words, a license it is classified by, a holder."""
    uri = license_of(node)
    if is_holder:
        draft.merge("rights", {"holder": content}, node.at("content"))
    else:
        statement = None if content == uri else content
        draft.merge("rights", {"statement": statement, "uri": uri}, node.at("content"))


def page(node: Node, draft: Draft) -> None:
    """A web page or another document about the artifact."""
    points = [point for each in node.all("digitally_carried_by") for point in each.all("access_point")]
    for uri in [point.text("id") for point in points] or [node.text("id")]:
        if uri and uri.startswith(("http://", "https://")):
            label = node.label()
            draft.add("relations", Relation(kind="page", target=uri, label=label), node.path)


def _absolute(uri: str | None) -> str | None:
    if not uri or ":" not in uri or any(character.isspace() for character in uri):
        return None
    number = c.aat_number(uri)
    if number:
        return c.aat(number)
    if uri.startswith("ulan:"):
        return "http://vocab.getty.edu/ulan/" + uri.removeprefix("ulan:")
    scheme = uri.partition(":")[0]
    return (
        uri
        if scheme[0].isalpha() and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()
        else None
    )
