"""RDF triples of a CIDOC CRM graph in memory, by subject, with the CRM's codes as predicates.

Parsed by pyoxigraph (Rust): 160,000 triples take half a second where rdflib takes a minute. Any
serialization it knows is read: N-Triples, N3, Turtle, RDF/XML, JSON-LD, TriG, N-Quads.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeAlias

import pyoxigraph as ox

from assets.catalog.row import Finding, SourceError
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.documents import OnBytes, whole

Subject: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Triple"
Thing: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Triple | ox.Literal"

_CODE: Final = re.compile(r"^([EP]\d+[ab]?i?)_")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_LEXICAL: Final = {
    "date": re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(Z|[+-]\d\d:\d\d)?"),
    "dateTime": re.compile(
        r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
    ),
    "gYear": re.compile(r"-?\d{4,}(Z|[+-]\d\d:\d\d)?"),
    "gYearMonth": re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])(Z|[+-]\d\d:\d\d)?"),
    "integer": re.compile(r"[+-]?\d+"),
    "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    "double": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN"),
    "float": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN"),
    "boolean": re.compile(r"true|false|0|1"),
    "anyURI": re.compile(r"\S+"),
}
"""Lexical forms of XML Schema 1.1 part 2 (W3C, 2012)."""


class Graph:
    """What a graph says, by subject and predicate code, in the order of the file, each triple once."""

    def __init__(self, triples: Iterator[tuple[Subject, str, Thing]]) -> None:
        said: dict[Subject, dict[str, dict[Thing, None]]] = defaultdict(lambda: defaultdict(dict))
        for subject, predicate, thing in triples:
            said[subject][predicate][thing] = None
        self._said = said

    def __len__(self) -> int:
        return len(self._said)

    def subjects(self, *codes: str) -> Iterator[Subject]:
        """Subjects of a class with one of the codes."""
        for subject, said in self._said.items():
            if any(
                isinstance(kind, ox.NamedNode) and code(kind.value) in codes for kind in said.get("type", ())
            ):
                yield subject

    def objects(self, subject: Thing, *predicates: str) -> list[Thing]:
        """What the subject's predicates say, those named first first."""
        if isinstance(subject, ox.Literal) or subject not in self._said:
            return []
        said = self._said[subject]
        return [thing for predicate in predicates for thing in said.get(predicate, ())]

    def predicates(self, subject: Thing) -> list[str]:
        """The codes of the subject's predicates."""
        return [] if isinstance(subject, ox.Literal) else list(self._said.get(subject, ()))

    def texts(self, subject: Thing, *predicates: str) -> list[ox.Literal]:
        """The literals among :meth:`objects` that are not empty."""
        return [
            thing
            for thing in self.objects(subject, *predicates)
            if isinstance(thing, ox.Literal) and thing.value.strip()
        ]

    def literals(self, subject: Thing) -> Iterator[tuple[str, ox.Literal]]:
        """Every literal of the subject with its predicate."""
        if not isinstance(subject, ox.Literal) and subject in self._said:
            for predicate, things in self._said[subject].items():
                for thing in things:
                    if isinstance(thing, ox.Literal):
                        yield predicate, thing


def load_graph(source: ByteSource, on_bytes: OnBytes = None) -> Graph:
    """Parse one document.

    Raises:
        SourceError: it is no RDF in a serialization known by its file name, with the line at fault.
    """
    suffix = source.name.removesuffix(".gz").rpartition(".")[2].lower()
    rdf_format = ox.RdfFormat.from_extension(suffix)
    if rdf_format is None:
        raise SourceError(
            source.file,
            f"files ending in .{suffix} are not known as RDF",
            "Name it by its serialization: .nt, .n3, .ttl, .rdf, .jsonld, .trig or .nq",
        )
    content = whole(source, on_bytes)
    if not content.strip():
        raise SourceError(source.file, "the file is empty", "Export the graph again")
    try:
        return Graph(
            (quad.subject, code(quad.predicate.value), quad.object)
            for quad in ox.parse(content, format=rdf_format)
        )
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        message = getattr(error, "msg", None) or str(error)
        raise SourceError(
            source.file,
            f"not valid RDF: {message}" + (f" (line {line})" if line else ""),
            "Export the graph again, or mend it at that line",
        ) from error


@lru_cache(maxsize=65536)
def code(uri: str) -> str:
    """The CRM code in a class or property URI (``E22``, ``P108i``), or its local name."""
    local = uri.rpartition("#")[2].rpartition("/")[2]
    match = _CODE.match(local)
    return match[1] if match else local


def check_literal(predicate: str, literal: ox.Literal, subject: Thing) -> Finding | None:
    """A finding where a literal is not in the lexical space of its datatype."""
    datatype = literal.datatype.value
    if not datatype.startswith(_XSD):
        return None
    pattern = _LEXICAL.get(datatype.removeprefix(_XSD))
    if pattern is None or pattern.fullmatch(literal.value):
        return None
    where = subject.value if isinstance(subject, ox.NamedNode) else str(subject)
    return Finding(
        "rdf.literal",
        "error",
        predicate,
        f"expected a literal of xsd:{datatype.removeprefix(_XSD)} at {where}, found {literal.value!r}",
        literal.value,
    )
