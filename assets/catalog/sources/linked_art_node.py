"""A node of a Linked Art document and the ways of asking it that hold for every version of the shape."""

from typing import Any

from assets.catalog import concepts as c
from assets.catalog.record import LanguageTag


class Node:
    """One JSON object with its JSON path. Never raises on a shape it did not expect: it has no answer."""

    __slots__ = ("_json", "path")

    def __init__(self, json: dict[str, Any], path: str) -> None:
        self._json = json
        self.path = path

    def at(self, key: str) -> str:
        """The JSON path of a key of this node."""
        return f"{self.path}.{key}"

    def all(self, key: str) -> list["Node"]:
        """The nodes under ``key``: a list, a single one, or plain URIs, always as a list."""
        value = self._json.get(key)
        single = not isinstance(value, list)
        nodes = []
        for position, child in enumerate([value] if single else value or []):
            path = self.at(key) if single else f"{self.at(key)}[{position}]"
            if isinstance(child, str):
                child = {"id": child}
            if isinstance(child, dict):
                nodes.append(Node(child, path))
        return nodes

    def first(self, key: str) -> "Node | None":
        """The first node under ``key``."""
        return next(iter(self.all(key)), None)

    def text(self, key: str) -> str | None:
        """The value of ``key`` as text; from a language map or a list the English one, or the first."""
        return _text(self._json.get(key))

    def label(self) -> str | None:
        """``_label``, or ``label`` of the drafts, or else the content of the node's first name."""
        stated = self.text("_label") or self.text("label")
        if stated:
            return stated
        return next((text for child in self.all("identified_by") if (text := child.content())), None)

    def content(self) -> str | None:
        """``content``, or ``value`` of the drafts."""
        return self.text("content") or self.text("value")

    def aat(self) -> list[str]:
        """The AAT number of the node's own URI, if it has one."""
        number = c.aat_number(self._json["id"]) if isinstance(self._json.get("id"), str) else None
        return [number] if number else []

    def kinds(self) -> frozenset[str]:
        """AAT numbers by which the node is classified."""
        return frozenset(number for child in self.all("classified_as") for number in child.aat())

    def minted(self, kind: str) -> str | None:
        """The label of the first classification that was minted for ``kind``."""
        for child in self.all("classified_as"):
            label = c.minted_label(child.text("id") or "", kind)
            if label and label == child.text("_label"):
                return label
        return None

    def language(self) -> LanguageTag:
        """The language of a name or text, ``und`` where none is stated or known."""
        for child in self.all("language"):
            uri = child.text("id") or ""
            tag = c.LANGUAGE_CONCEPTS.get(next(iter(child.aat()), "")) or c.minted_label(uri, "language")
            if tag:
                return tag
        return "und"


def _text(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict):
        return _text(value.get("@value") or value.get("en") or next(iter(value.values()), None))
    if isinstance(value, list):
        english = [each for each in value if isinstance(each, dict) and each.get("@language") == "en"]
        return next((text for each in [*english, *value] if (text := _text(each))), None)
    return None
