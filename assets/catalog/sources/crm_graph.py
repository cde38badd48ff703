"""CIDOC CRM graphs in: objects (E22) of an RDF graph as artifact records.

Reads the CRM as museums publish it (https://cidoc-crm.org/): current and earlier class names
(``E22_Man-Made_Object``), the official and the Erlangen namespaces, Getty AAT types of names and texts,
``rdf:value`` and ``P190`` for symbols. Literals are checked against their datatypes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

import pyoxigraph as ox

from assets.catalog import concepts as c
from assets.catalog.record import Actor, Image, Maker, Place, Relation, Slug, Term, Text, TimeSpan
from assets.catalog.row import Mapped, Rejection, SourceError
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.crm_triples import Graph, Thing, check_literal, load_graph
from assets.catalog.sources.documents import OnBytes, read_each
from assets.catalog.sources.draft import Draft, language_tag

SUFFIXES: Final = (".nt", ".n3", ".ttl", ".rdf", ".owl", ".jsonld", ".trig", ".nq")
_OBJECT_CLASSES: Final = ("E22", "E84", "E24")
_VALUE: Final = ("value", "P190", "P3", "label", "prefLabel")
_LABEL: Final = ("prefLabel", "label", "value", "P190")
_SAME: Final = ("exactMatch", "sameAs", "closeMatch")
_DEPTH: Final = 4


def read_crm_graph(path: Path, institution: Slug, on_bytes: OnBytes = None) -> Iterator[Mapped | Rejection]:
    """Yield one artifact record or one rejection for every object (E22) of the graphs under ``path``.

    ``path`` is an RDF file, a folder or a zip. Rows are numbered in the order in which the objects first
    appear; ``field`` of an origin is the path of predicates from the object. Each document is one graph
    and is held in memory (about 1 kB a triple while it is parsed).

    Raises:
        SourceError: nothing to read there, no valid RDF, or a graph without any object.
    """
    yield from read_each(path, SUFFIXES, lambda source: _document(source, institution, on_bytes))


def _document(source: ByteSource, institution: Slug, on_bytes: OnBytes) -> Iterator[Mapped | Rejection]:
    graph = load_graph(source, on_bytes)
    number = 0
    for subject in graph.subjects(*_OBJECT_CLASSES):
        number += 1
        yield _Reader(graph, subject, Draft(source.file, number, institution, _raw(graph, subject))).read()
    if not number:
        raise SourceError(
            source.file,
            "the graph has no object of class E22 (Human-Made Object)",
            "Give the graph that holds the objects; graphs of links or terms alone are not records",
        )


class _Reader:
    """One object of a graph being read."""

    def __init__(self, graph: Graph, subject: Thing, draft: Draft) -> None:
        self._graph = graph
        self._subject = subject
        self._draft = draft

    def read(self) -> Mapped | Rejection:
        self._check_literals()
        self._identifiers()
        self._titles()
        self._texts()
        self._types()
        for production in self._graph.objects(self._subject, "P108i"):
            self._production(production)
        for material in self._graph.objects(self._subject, "P45"):
            self._term(material, "materials", "P45_consists_of")
        self._dimensions()
        self._surroundings()
        return self._draft.finish()

    def _check_literals(self) -> None:
        """Every literal within reach of the object; what other objects share is reported with each."""
        seen: set[Thing] = {self._subject}
        layer: list[Thing] = [self._subject]
        for _ in range(_DEPTH):
            reached: list[Thing] = []
            for node in layer:
                for predicate, literal in self._graph.literals(node):
                    finding = check_literal(predicate, literal, node)
                    if finding is not None:
                        self._draft.note(
                            finding.rule, finding.severity, finding.pointer, finding.message, finding.text
                        )
                for thing in self._graph.objects(node, *_OWN_PARTS):
                    if thing not in seen:
                        seen.add(thing)
                        reached.append(thing)
            layer = reached

    def _identifiers(self) -> None:
        found: list[tuple[str, frozenset[str]]] = []
        for node in self._graph.objects(self._subject, "P1", "P48", "P47"):
            if isinstance(node, ox.Literal):
                found.append((node.value, frozenset()))
                continue
            if value := self._first(node, *_VALUE):
                found.append((value, self._aat(node, "P2")))
        accession = _chosen(found, (c.ACCESSION_NUMBER, c.REPOSITORY_NUMBER, c.PREFERRED))
        others = [(value, kinds) for value, kinds in found if value != accession]
        local = _chosen(others, (c.SYSTEM_NUMBER, c.REPOSITORY_NUMBER, c.PREFERRED))
        if accession:
            self._draft.name("accession", accession, "P1_is_identified_by")
        if local:
            self._draft.name("local", local, "P1_is_identified_by")
        for value in dict.fromkeys(value for value, _ in found):
            if value not in (accession, local):
                self._draft.identify(value, "other", "P1_is_identified_by")
        if isinstance(self._subject, ox.NamedNode):
            uri = self._subject.value
            self._draft.identify(uri, "uri", "@id")
            self._draft.name("fallback", uri.rstrip("/#").rpartition("/")[2], "@id")

    def _titles(self) -> None:
        label = self._first(self._subject, "label", "prefLabel")
        nodes = self._graph.objects(self._subject, "P102")
        ranked = sorted(nodes, key=lambda node: c.PREFERRED not in self._aat(node, "P2"))
        for node in ranked:
            literal = self._own_value(node, label)
            if literal is None:
                continue
            first = c.PREFERRED in self._aat(node, "P2") or len(nodes) == 1
            kind = "title" if first else "alternative-title"
            text = Text(content=literal.value.strip(), language=language_tag(literal.language), kind=kind)
            self._draft.add("titles", text, "P102_has_title/rdf:value")
        if not self._draft.has("titles") and label:
            self._draft.add("titles", Text(content=label, kind="title"), "rdfs:label")

    def _own_value(self, node: Thing, label: str | None) -> ox.Literal | None:
        """The value of a title; where several objects share its node, the one that is this object's."""
        if isinstance(node, ox.Literal):
            return node
        values = self._graph.texts(node, *_VALUE)
        if len({literal.value for literal in values}) > 1:
            own = [literal for literal in values if literal.value == label]
            if not own:
                message = "several objects share the node of this title; its first value was taken"
                self._draft.note("graph.shared-node", "warning", "P102_has_title", message, values[0].value)
            values = own or values
        return values[0] if values else None

    def _texts(self) -> None:
        for node in self._graph.objects(self._subject, "P67i", "P129i", "P70i"):
            literal = next(iter(self._graph.texts(node, *_VALUE)), None)
            if literal is None:
                continue
            content, kinds = literal.value.strip(), self._aat(node, "P2")
            tail = node.value.rpartition("/")[2].lower() if isinstance(node, ox.NamedNode) else ""
            at = "P67i_is_referred_to_by/rdf:value"
            if kinds & c.CREDIT_LINES or "credit" in tail:
                self._draft.put("credit_line", content, at)
            elif kinds & c.MATERIAL_STATEMENTS or tail.startswith("medium"):
                self._draft.put("medium", content, at)
            elif kinds & c.DIMENSION_STATEMENTS or tail.startswith("dimension"):
                self._draft.add("texts", Text(content=content, kind="dimensions"), at)
                self._draft.measurements(content, at)
            elif kinds & c.RIGHTS_STATEMENTS:
                self._draft.merge("rights", {"statement": content}, at)
            else:
                known = [c.TEXT_CONCEPTS[number] for number in sorted(kinds) if number in c.TEXT_CONCEPTS]
                kind = known[0] if known else _slug_or(tail, "note")
                text = Text(content=content, language=language_tag(literal.language), kind=kind)
                self._draft.add("texts", text, at)

    def _types(self) -> None:
        own = self._graph.objects(self._subject, "P2")
        assigned: dict[Thing, str] = {}
        for event in self._graph.objects(self._subject, "P41i"):
            purposes = self._aat(event, "P21", "P2")
            kind = "cultures" if purposes & {c.STYLE_OR_PERIOD, c.CULTURE} else "object_types"
            things = self._graph.objects(event, "P42")
            # an event that several objects share assigns to all of them; keep what this object has
            for thing in [thing for thing in things if thing in own] or things[:1]:
                assigned[thing] = kind
        for thing, kind in assigned.items():
            self._term(thing, kind, "P41i_was_classified_by/P42_assigned")
        for thing in own:
            if thing in assigned or isinstance(thing, ox.Literal):
                continue
            if "/department/" in str(thing):
                if label := self._label(thing):
                    self._draft.put("department", label, "P2_has_type")
            else:
                self._term(thing, "object_types", "P2_has_type")
        for thing in self._graph.objects(self._subject, "P62", "P129"):
            self._term(thing, "subjects", "P62_depicts")

    def _production(self, production: Thing) -> None:
        at = "P108i_was_produced_by"
        for span_node in self._graph.objects(production, "P4"):
            span = self._span(span_node, f"{at}/P4_has_time-span")
            if span is not None:
                self._draft.put("produced", span, f"{at}/P4_has_time-span", span.text, "dates.bounds")
        for part in [production, *self._graph.objects(production, "P9")]:
            for actor in self._graph.objects(part, "P14"):
                self._maker(actor, f"{at}/P14_carried_out_by")
        for place in self._graph.objects(production, "P7"):
            self._place(place, "made", f"{at}/P7_took_place_at")
        for technique in self._graph.objects(production, "P32"):
            self._term(technique, "techniques", f"{at}/P32_used_general_technique")

    def _span(self, node: Thing, at: str) -> TimeSpan | None:
        begin = self._first(node, "P82a", "P81a", "P79")
        end = self._first(node, "P82b", "P81b", "P80")
        text = self._first(node, *_LABEL) or self._name_of(node)
        bounds = _bound(begin), _bound(end)
        return self._draft.span(bounds, text, at)[0]

    def _name_of(self, node: Thing) -> str | None:
        names = self._graph.objects(node, "P1", "P78", "P131", "P87")
        return next((value for name in names if (value := self._first(name, *_VALUE))), None)

    def _maker(self, actor: Thing, at: str) -> None:
        name = self._label(actor)
        if not name:
            return
        uris = [actor.value] if isinstance(actor, ox.NamedNode) else []
        uris += [
            thing.value for thing in self._graph.objects(actor, *_SAME) if isinstance(thing, ox.NamedNode)
        ]
        groups = self._graph.objects(actor, "P107i")
        nations = [group for group in groups if c.NATIONALITY in self._aat(group, "P2")]
        known = Actor(
            name=name,
            kind=self._actor_kind(actor),
            uris=tuple(dict.fromkeys(uris)),
            born=self._life(actor, f"{at}/P98i_was_born", "P98i", "P92i"),
            died=self._life(actor, f"{at}/P100i_died_in", "P100i", "P93i"),
            nationality=next((label for group in nations if (label := self._label(group))), None),
        )
        self._draft.add("makers", Maker(actor=known), at)

    def _actor_kind(self, actor: Thing) -> Literal["person", "group", "unknown"]:
        kinds = {str(kind).rpartition("/")[2] for kind in self._graph.objects(actor, "type")}
        if any(kind.startswith("E21_") for kind in kinds):
            return "person"
        return "group" if any(kind.startswith(("E74_", "E40_")) for kind in kinds) else "unknown"

    def _life(self, actor: Thing, at: str, *predicates: str) -> TimeSpan | None:
        for event in self._graph.objects(actor, *predicates):
            for node in self._graph.objects(event, "P4"):
                return self._span(node, at)
        return None

    def _place(self, place: Thing, role: str, at: str) -> None:
        if label := self._label(place):
            uri = place.value if isinstance(place, ox.NamedNode) else None
            values: dict[str, Any] = {"name": label, "role": role, "uri": uri}
            self._draft.add("places", Place.model_validate(values), at)

    def _dimensions(self) -> None:
        for node in self._graph.objects(self._subject, "P43"):
            value = self._first(node, "P90")
            unit = next(
                (label for thing in self._graph.objects(node, "P91") if (label := self._unit(thing))), ""
            )
            kinds = self._aat(node, "P2")
            kind = next(
                (c.DIMENSION_CONCEPTS[each] for each in kinds if each in c.DIMENSION_CONCEPTS), "other"
            )
            if value:
                self._draft.measure(kind, value, unit, "P43_has_dimension")

    def _unit(self, thing: Thing) -> str | None:
        number = c.aat_number(thing.value) if isinstance(thing, ox.NamedNode) else None
        return c.UNITS.get(number or "") or self._label(thing)

    def _surroundings(self) -> None:
        for node in self._graph.objects(self._subject, "P138i", "P65"):
            if isinstance(node, ox.NamedNode):
                line = [self._first(text, *_VALUE) for text in self._graph.objects(node, "P67i")]
                rights = {"statement": line[0]} if line and line[0] else None
                image = Image.model_validate({"uri": node.value, "rights": rights})
                self._draft.add("images", image, "P138i_has_representation")
        for predicate, kind in (("P46i", "set"), ("homepage", "page"), ("P106i", "part-of")):
            for node in self._graph.objects(self._subject, predicate):
                label = self._label(node)
                target = node.value if isinstance(node, ox.NamedNode) else label
                if target:
                    named = label if label != target else None
                    values = {"kind": kind, "target": target, "label": named}
                    self._draft.add("relations", Relation.model_validate(values), predicate)
        for place in self._graph.objects(self._subject, "P55", "P54"):
            self._place(place, "kept", "P55_has_current_location")

    def _term(self, thing: Thing, field: str, at: str) -> None:
        label = self._label(thing)
        uri = thing.value if isinstance(thing, ox.NamedNode) else None
        if not label and not uri:
            return
        number = c.aat_number(uri) if uri else None
        matches = [
            each.value for each in self._graph.objects(thing, *_SAME) if isinstance(each, ox.NamedNode)
        ]
        same = next((each for each in matches if c.aat_number(each)), None)
        shown = label or (uri or "").rstrip("/#").rpartition("/")[2]
        term = Term(label=shown, uri=c.aat(number) if number else same or uri)
        self._draft.add(field, term, at)

    def _label(self, thing: Thing) -> str | None:
        if isinstance(thing, ox.Literal):
            return thing.value.strip() or None
        return self._first(thing, *_LABEL) or self._name_of(thing)

    def _first(self, thing: Thing, *predicates: str) -> str | None:
        if isinstance(thing, ox.Literal):
            return thing.value.strip() or None
        return next((literal.value.strip() for literal in self._graph.texts(thing, *predicates)), None)

    def _aat(self, thing: Thing, *predicates: str) -> frozenset[str]:
        things = self._graph.objects(thing, *predicates)
        numbers = (c.aat_number(each.value) for each in things if isinstance(each, ox.NamedNode))
        return frozenset(number for number in numbers if number)


_OWN_PARTS: Final = (
    "P108i", "P4", "P14", "P9", "P43", "P1", "P102", "P98i", "P92i", "P100i", "P93i", "P67i", "P129i",
)  # fmt: skip
"""Predicates that lead from an object to what is said of it, and not to other objects."""


def _chosen(found: list[tuple[str, frozenset[str]]], kinds: tuple[str, ...]) -> str | None:
    for kind in kinds:
        for value, stated in found:
            if kind in stated:
                return value
    return None


def _bound(text: str | None) -> str | None:
    """A literal's day without a time zone, which ISO bounds in the record do not have."""
    return text.partition("+")[0] if text else None


def _slug_or(text: str, default: str) -> str:
    slug = "-".join(part for part in text.replace("_", "-").split("-") if part.isalnum() and part.isascii())
    return slug if slug and not slug.isdigit() else default


def _raw(graph: Graph, subject: Thing) -> bytes:
    """The object's own triples, for telling whether they changed and for the reject file."""
    lines = [
        f"{subject} {predicate} {thing} ."
        for predicate in graph.predicates(subject)
        for thing in graph.objects(subject, predicate)
    ]
    return "\n".join(sorted(lines)).encode()
