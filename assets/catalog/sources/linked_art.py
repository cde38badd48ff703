"""Linked Art JSON-LD in: objects of the Linked Art API 1.0 and of its earlier drafts.

Read as plain JSON in the shape of the API (https://linked.art/api/1.0/), never by fetching contexts.
What drafts and publishers did differently is read too: ``ManMadeObject``, ``value`` and ``label`` for
``content`` and ``_label``, ``aat:`` prefixes, ``consists_of``, a single value where a list belongs,
numbers as text. Other classes (people, images, sets, archives) are rejected with a reason.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from assets.catalog import concepts as c
from assets.catalog.record import Acquisition, Identifier, Relation, RequiredStatement, Slug, Text
from assets.catalog.row import Mapped, Rejection
from assets.catalog.sources import linked_art_parts as parts
from assets.catalog.sources.documents import OnBytes
from assets.catalog.sources.draft import Draft
from assets.catalog.sources.json_documents import JsonStandard
from assets.catalog.sources.linked_art_node import Node

_OBJECTS: Final = frozenset({"HumanMadeObject", "ManMadeObject"})
_RIGHTS_WORDS: Final = re.compile(r"©|\(c\)|copyright|rights?\b|public domain|licen[cs]e", re.IGNORECASE)
_ARCHIVAL: Final = frozenset({"300375748", "300404022", "300404023"})


def read_linked_art(path: Path, institution: Slug, on_bytes: OnBytes = None) -> Iterator[Mapped | Rejection]:
    """Yield one artifact record or one rejection for every Linked Art record under ``path``.

    See :meth:`JsonStandard.read` for what ``path`` may be and what is raised.
    """
    return JsonStandard(
        "Linked Art record", lambda loaded, draft: map_linked_art(Node(loaded, "$"), draft)
    ).read(path, institution, on_bytes)


def map_linked_art(node: Node, draft: Draft) -> Mapped | Rejection:
    """One Linked Art object as a record; anything that is no object as a rejection."""
    shape = node.text("type")
    if shape is None:
        return draft.reject(
            "type", "no type: this is not a Linked Art record", 'Give it a "type", an "id" and names'
        )
    if shape not in _OBJECTS:
        return draft.reject(
            "type", f"expected a HumanMadeObject, found a {shape}",
            "Give records of objects; people, places and images are read from the objects that name them",
        )  # fmt: skip
    if any(number in _ARCHIVAL for child in node.all("classified_as") for number in child.aat()):
        return draft.reject(
            "classified_as", "an archival grouping, not one artifact", "Give its members instead"
        )
    _names(node, draft)
    _kinds(node, draft)
    _statements(node, draft)
    parts.production(node.first("produced_by"), draft)
    for child in node.all("made_of"):
        parts.term(child, "materials", "material", draft)
    for child in node.all("dimension"):
        parts.dimension(child, draft)
    parts.dimension_texts(node, draft)
    _keeping(node, draft)
    parts.places(node, draft)
    for child in node.all("representation"):
        parts.picture(child, draft)
    _relations(node, draft)
    _acquisition(node, draft)
    return draft.finish()


def _names(node: Node, draft: Draft) -> None:
    tail = parts.tail(node.text("id"))
    if tail:
        draft.name("fallback", tail, node.at("id"))
    identifiers = [child for child in node.all("identified_by") if child.text("type") == "Identifier"]
    for child in identifiers:
        _identifier(child, draft, identifiers)
    for child in node.all("equivalent"):
        if uri := child.text("id"):
            draft.identify(uri, "uri", child.at("id"))
    names = [child for child in node.all("identified_by") if child.text("type") == "Name"]
    for child in sorted(names, key=lambda name: c.PREFERRED not in name.kinds()):
        _title(child, draft)
    label = node.label()
    if label and not draft.has("titles") and label != draft.stated("accession"):
        draft.add("titles", Text(content=label, kind="title"), node.at("_label"))


def _identifier(child: Node, draft: Draft, siblings: list[Node]) -> None:
    content = child.content()
    if not content:
        return
    kinds = child.kinds()
    at = child.at("content")
    if c.ACCESSION_NUMBER in kinds:
        if not any(c.ACCESSION_NUMBER in other.kinds() for other in siblings[: siblings.index(child)]):
            draft.name("accession", content, at)
        else:
            draft.identify(content, "accession", at)
    elif c.SYSTEM_NUMBER in kinds:
        draft.name("local", content, at)
    elif c.REPOSITORY_NUMBER in kinds:
        if not any(c.SYSTEM_NUMBER in other.kinds() for other in siblings):
            draft.name("local", content, at)
        else:
            draft.identify(content, "local", at)
    elif child.minted("identifier-kind") == "uri":
        draft.identify(content, "uri", at)
    elif child.minted("identifier-kind"):
        draft.identify(content, "other", at)
    else:
        draft.add("identifiers", Identifier(value=content, kind="other"), at)


def _title(child: Node, draft: Draft) -> None:
    content = child.content()
    if not content:
        return
    kinds = child.kinds()
    kind = child.minted("text-kind") or (
        "alternative-title" if c.ALTERNATE_NAMES & kinds and c.PREFERRED not in kinds else "title"
    )
    draft.add("titles", Text(content=content, language=child.language(), kind=kind), child.at("content"))


def _statements(node: Node, draft: Draft) -> None:
    for child in [*node.all("referred_to_by"), *node.all("carries")]:
        content = child.content()
        if content:
            _statement(child, content, draft)
    for child in node.all("crm:P104_is_subject_to") + node.all("subject_to"):
        parts.rights(child, draft)


def _statement(child: Node, content: str, draft: Draft) -> None:
    kinds, at = child.kinds(), child.at("content")
    own = child.minted("text-kind")
    if own == "required-statement":
        statement = RequiredStatement(label=child.label() or "Attribution", value=content)
        draft.put("required_statement", statement, at)
    elif own == "rights-holder" or _is_rights(kinds, content):
        parts.rights_text(child, content, own == "rights-holder", draft)
    elif kinds & c.CREDIT_LINES:
        draft.put("credit_line", content, at)
    elif kinds & c.MATERIAL_STATEMENTS:
        draft.put("medium", content, at)
    elif kinds & c.DIMENSION_STATEMENTS:
        return  # read when it is known whether there are values: see dimension_texts
    elif kinds & c.CULTURE_STATEMENTS:
        parts.label_term("cultures", content, at, draft)
    elif c.PERIOD_STATEMENT in kinds:
        parts.label_term("periods", content, at, draft)
    elif c.TYPE_OF_WORK in kinds:
        parts.label_term("object_types", content, at, draft)
    elif c.PLACE_STATEMENT in kinds:
        parts.made_at(content, at, draft)
    else:
        known = next((c.TEXT_CONCEPTS[number] for number in sorted(kinds) if number in c.TEXT_CONCEPTS), None)
        kind = own or known or "note"
        text = Text(content=content, language=child.language(), kind=kind, rights=parts.license_of(child))
        draft.add("texts", text, at)


def _is_rights(kinds: frozenset[str], content: str) -> bool:
    """Drafts classify the method of acquisition as a legal concept too; there the words decide."""
    if kinds & c.RIGHTS_STATEMENTS == {c.LEGAL_CONCEPTS}:
        return bool(_RIGHTS_WORDS.search(content))
    return bool(kinds & c.RIGHTS_STATEMENTS)


def _kinds(node: Node, draft: Draft) -> None:
    for child in node.all("classified_as"):
        metatypes = child.kinds()
        if c.WORKS_OF_ART in child.aat():
            continue
        if c.CULTURE in metatypes:
            parts.term(child, "cultures", "culture", draft)
        elif c.STYLE_OR_PERIOD in metatypes:
            parts.term(child, "periods", "period", draft)
        else:
            parts.term(child, "object_types", "type", draft)
    for child in node.all("attributed_by"):
        if child.text("assigned_property") == "classified_as" and child.kinds() & {c.POSSIBLY, c.PROBABLY}:
            for assigned in child.all("assigned"):
                parts.term(assigned, "object_types", "type", draft, uncertain=True)
    for shown in node.all("shows"):
        for child in [*shown.all("about"), *shown.all("represents_instance_of_type")]:
            parts.term(child, "subjects", "subject", draft)


def _keeping(node: Node, draft: Draft) -> None:
    for key in ("current_custodian", "current_keeper"):
        for child in node.all(key):
            if label := child.label():
                draft.put("department", label, child.at("_label"))
                return


def _relations(node: Node, draft: Draft) -> None:
    for key, kind in (("part_of", "part-of"), ("member_of", "set")):
        for child in node.all(key):
            if uri := child.text("id"):
                target = _own_target(uri, draft.institution)
                relation = Relation.model_validate({"kind": kind, "target": target, "label": child.label()})
                draft.add("relations", relation, child.at("id"))
    for child in node.all("subject_of"):
        parts.page(child, draft)
    for child in node.all("related_from_by"):
        for other in child.all("relates_to"):
            if uri := other.text("id"):
                draft.add(
                    "relations", Relation(kind="related", target=uri, label=other.label()), other.at("id")
                )


def _own_target(uri: str, institution: Slug) -> str:
    """The artifact id or key inside a URI that this project minted; any other URI as it is."""
    artifact = c.published_artifact(uri)
    if artifact and artifact.startswith(f"{institution}:"):
        return artifact
    return c.minted_label(uri, "local-key") or uri


def _acquisition(node: Node, draft: Draft) -> None:
    """The last change of ownership is the one by which the owner came to the artifact."""
    changes = node.all("changed_ownership_through")
    for owner in node.all("current_owner"):
        changes += owner.all("acquired_title_through")
    if not changes:
        return
    last = changes[-1]
    span = parts.timespan(last.first("timespan"), draft)
    kinds = [child for child in last.all("classified_as") if "300157782" not in child.aat()]
    method = kinds[0].label() if kinds else None
    text = next((content for child in last.all("referred_to_by") if (content := child.content())), None)
    if span or method or text:
        draft.put("acquisition", Acquisition(method=method, when=span, text=text), last.path)
