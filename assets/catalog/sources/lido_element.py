"""A LIDO element and the questions that LIDO's repeated shapes answer: terms, names, languages, URIs."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from assets.catalog import concepts as c
from assets.catalog.record import LanguageTag
from assets.catalog.sources.draft import language_tag

NAMESPACE: Final = "http://www.lido-schema.org"
_LIDO: Final = f"{{{NAMESPACE}}}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_SKOS: Final = "{http://www.w3.org/2004/02/skos/core#}"
_RDF_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PREFERRED: Final = ("preferred", "lido00169")
_NOT_FOR_DISPLAY: Final = ("alternat", "lido00170", "lido00426", "lido00526", "hidden")


class Element:
    """One element of LIDO 1.0 or 1.1. A missing child is an empty answer, never an error."""

    __slots__ = ("xml",)

    def __init__(self, xml: etree._Element) -> None:
        self.xml = xml

    def all(self, path: str) -> list["Element"]:
        """Elements at a path of LIDO names, such as ``eventWrap/eventSet``."""
        level = [self.xml]
        for name in path.split("/"):
            # lxml runs paths of find in Python; children by tag are a loop in C
            level = [child for node in level for child in node.iterchildren(_LIDO + name)]
        return [Element(found) for found in level]

    def first(self, path: str) -> "Element | None":
        """The first element at the path."""
        return next(iter(self.all(path)), None)

    def text(self, path: str = "") -> str | None:
        """The text of the first non-empty element at the path, white space collapsed."""
        return next(
            (text for element in (self.all(path) if path else [self]) if (text := element.own())), None
        )

    def own(self) -> str | None:
        """The element's own text, without that of its children."""
        return " ".join((self.xml.text or "").split()) or None

    def attribute(self, name: str) -> str:
        """A LIDO attribute, with or without its prefix, in lower case; empty where it is missing."""
        return (self.xml.get(_LIDO + name) or self.xml.get(name) or "").strip().lower()

    def language(self) -> LanguageTag:
        """``xml:lang`` of the element or of the nearest one around it."""
        node: etree._Element | None = self.xml
        while node is not None:
            if tag := node.get(_XML_LANG):
                return language_tag(tag)
            node = node.getparent()
        return "und"

    @property
    def is_preferred(self) -> bool:
        """Whether ``pref`` says so."""
        return self.attribute("pref").endswith(_PREFERRED)

    @property
    def is_alternative(self) -> bool:
        """Whether ``pref`` says that another form is to be shown."""
        return any(word in self.attribute("pref") for word in _NOT_FOR_DISPLAY)

    def place(self) -> str:
        """The XPath from the record to here, with positions where a name repeats."""
        steps: list[str] = []
        node: etree._Element | None = self.xml
        while node is not None and node.tag != _LIDO + "lido":
            steps.append(_step(node))
            node = node.getparent()
        return "/".join(reversed(steps))

    def term(self) -> tuple[str | None, str | None, LanguageTag]:
        """Label, URI and language of a concept (or of plain text, which mixed concepts allow)."""
        uri = self.uri("conceptID")
        best: tuple[int, str, LanguageTag] | None = None
        for position, (label, language, preferred) in enumerate(self._labels()):
            rank = position - 1000 * preferred - 100 * (language == "en" or language.startswith("en-"))
            if best is None or rank < best[0]:
                best = (rank, label, language)
        if best:
            return best[1], uri, best[2]
        return self.own(), uri, self.language()

    def _labels(self) -> Iterator[tuple[str, LanguageTag, bool]]:
        for term in self.all("term"):
            label = term.own()
            if label and term.attribute("addedSearchTerm") != "yes" and not term.is_alternative:
                yield label, term.language(), term.is_preferred
        for label_element in self.xml.iterfind(f"{_SKOS}Concept/{_SKOS}prefLabel"):
            label = " ".join((label_element.text or "").split())
            if label:
                yield label, Element(label_element).language(), True

    def uri(self, name: str) -> str | None:
        """The first identifier under ``name`` that is a URI or a number of a named Getty vocabulary."""
        for identifier in self.all(name):
            uri = authority_uri(identifier.own() or "", identifier.attribute("source"))
            if uri:
                return uri
        for concept in self.xml.iterfind(f"{_SKOS}Concept"):
            if uri := authority_uri(concept.get(_RDF_ABOUT) or "", ""):
                return uri
        return None

    def name(self, path: str) -> tuple[str, LanguageTag] | None:
        """The appellation to show at ``path`` (the set around ``appellationValue``) and its language."""
        values = [value for each in self.all(path) for value in each.all("appellationValue") if value.own()]
        shown = [value for value in values if value.is_preferred] or [
            value for value in values if not value.is_alternative
        ]
        chosen = next(iter(shown or values), None)
        return (chosen.own() or "", chosen.language()) if chosen else None


def authority_uri(text: str, source: str) -> str | None:
    """An absolute URI from an identifier and the authority it is said to be from."""
    if text.startswith(("http://", "https://")) and not any(character.isspace() for character in text):
        number = c.aat_number(text)
        return c.aat(number) if number else text
    digits = text.rpartition(":")[2]
    if digits.isdigit():
        for vocabulary in ("aat", "ulan", "tgn"):
            if vocabulary in source or text.lower().startswith(f"{vocabulary}:"):
                return f"http://vocab.getty.edu/{vocabulary}/{digits}"
        if "viaf" in source:
            return f"http://viaf.org/viaf/{digits}"
    if "gnd" in source or "d-nb" in source:
        return f"https://d-nb.info/gnd/{digits}" if digits.replace("-", "").isalnum() and digits else None
    return None


def _step(node: etree._Element) -> str:
    tag = str(node.tag)
    name = tag.rpartition("}")[2]
    before = sum(1 for _ in node.itersiblings(tag, preceding=True))
    alone = not before and next(node.itersiblings(tag), None) is None
    return f"lido:{name}" if alone else f"lido:{name}[{before + 1}]"
