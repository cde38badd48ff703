"""LIDO XML in (Lightweight Information Describing Objects 1.0 and 1.1, https://lido-schema.org/).

One ``lido:lido`` element is one record. Where a record repeats its descriptive metadata in several
languages, titles and texts are taken from all of them, everything else from the first. Event and role
types are known by their terms in the LIDO Terminology or by their words in the larger languages.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from assets.catalog.normalize.measures import KINDS
from assets.catalog.record import Image, Place, Relation, Rights, ScanRef, Slug, Term, Text
from assets.catalog.row import Mapped, Rejection, SourceError
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.documents import OnBytes, read_each
from assets.catalog.sources.draft import Draft
from assets.catalog.sources.lido_element import NAMESPACE, Element
from assets.catalog.sources.lido_events import events, put_term
from assets.catalog.sources.xml_rows import read_source_elements

MAX_RECORD_BYTES: Final = 16 * 2**20
_MODEL_ENDINGS: Final = (".glb", ".gltf", ".obj", ".ply", ".stl", ".nxs", ".nxz", ".usdz", ".x3d", ".dae")
_PREVIEW: Final = ("thumb", "lido00451", "preview", "vorschau")


def read_lido(path: Path, institution: Slug, on_bytes: OnBytes = None) -> Iterator[Mapped | Rejection]:
    """Yield one artifact record or one rejection for every ``lido:lido`` element under ``path``.

    ``path`` is an XML file (also ``.gz``), a folder or a zip of them.

    Raises:
        SourceError: nothing to read there; XML that is not well-formed, declares entities or is no
            LIDO; a record larger than :data:`MAX_RECORD_BYTES`. Records before the damage were yielded.
    """
    yield from read_each(path, (".xml", ".lido"), lambda source: _document(source, institution, on_bytes))


def _document(source: ByteSource, institution: Slug, on_bytes: OnBytes) -> Iterator[Mapped | Rejection]:
    found = reported = 0
    for number, xml, raw in read_source_elements(source, f"{{{NAMESPACE}}}lido", max_bytes=MAX_RECORD_BYTES):
        found = number
        if on_bytes is not None and source.path is not None:
            heard = min(len(raw), source.size - reported)
            reported += heard
            on_bytes(heard)
        yield map_lido(Element(xml), Draft(source.file, number, institution, raw))
    if on_bytes is not None:
        on_bytes(source.size - reported)
    if not found:
        raise SourceError(
            source.file,
            f"no lido:lido element in the namespace {NAMESPACE}",
            "Check that this is LIDO 1.0 or 1.1 and that its namespace is declared as the schema has it",
        )


def map_lido(record: Element, draft: Draft) -> Mapped | Rejection:
    """One LIDO record as an artifact record."""
    described = record.all("descriptiveMetadata")
    if not described:
        return draft.reject(
            "lido:descriptiveMetadata", "the record has no descriptive metadata",
            "Export the record with objectClassificationWrap and objectIdentificationWrap",
        )  # fmt: skip
    _identifiers(record, described[0], draft)
    for metadata in described:
        _titles_and_texts(metadata, draft)
    first = described[0]
    _types(first, draft)
    events(first, draft)
    _measurements(first, draft)
    _relations(first, draft)
    for metadata in record.all("administrativeMetadata"):
        _rights(metadata, draft)
        _resources(metadata, draft)
    return draft.finish()


def _identifiers(record: Element, described: Element, draft: Draft) -> None:
    for identifier in record.all("lidoRecID"):
        if text := identifier.own():
            draft.name("fallback", text, identifier.place())
            draft.identify(text, "other", identifier.place())
    for identifier in record.all("objectPublishedID"):
        if text := identifier.own():
            draft.identify(text, "uri" if text.startswith("http") else "other", identifier.place())
    for identifier in record.all("administrativeMetadata/recordWrap/recordID"):
        if text := identifier.own():
            draft.name("local", text, identifier.place())
            draft.identify(text, "local", identifier.place())
    holdings = described.all("objectIdentificationWrap/repositoryWrap/repositorySet")
    current = [each for each in holdings if _is_current(each)] or holdings[:1]
    for position, holding in enumerate([*current, *(each for each in holdings if each not in current)]):
        _holding(holding, draft, is_current=position < len(current))


def _is_current(holding: Element) -> bool:
    kind = holding.attribute("type")
    return "current" in kind or "lido00475" in kind


def _holding(holding: Element, draft: Draft, *, is_current: bool) -> None:
    for number in holding.all("workID"):
        if text := number.own():
            if is_current:
                draft.name("accession", text, number.place())
            draft.identify(text, "accession" if is_current else "other", number.place())
    if not is_current:
        return
    repository = holding.first("repositoryName")
    if repository and (named := repository.name("legalBodyName")):
        place = repository.place()
        draft.add("texts", Text(content=named[0], language=named[1], kind="repository"), place)
    for location in holding.all("repositoryLocation"):
        if named := location.name("namePlaceSet"):
            place_of = Place(name=named[0], role="kept", uri=location.uri("placeID"))
            draft.add("places", place_of, location.place())


def _titles_and_texts(metadata: Element, draft: Draft) -> None:
    identification = metadata.first("objectIdentificationWrap")
    if identification is None:
        return
    for title_set in identification.all("titleWrap/titleSet"):
        for value in title_set.all("appellationValue"):
            if text := value.own():
                other = value.is_alternative or title_set.is_alternative
                kind = "alternative-title" if other else "title"
                draft.add("titles", Text(content=text, language=value.language(), kind=kind), value.place())
    for path, kind in (
        ("inscriptionsWrap/inscriptions/inscriptionTranscription", "inscription"),
        ("inscriptionsWrap/inscriptions/inscriptionDescription/descriptiveNoteValue", "inscription"),
        ("objectDescriptionWrap/objectDescriptionSet/descriptiveNoteValue", "description"),
        ("displayStateEditionWrap/displayState", "note"),
        ("displayStateEditionWrap/displayEdition", "note"),
    ):
        for value in identification.all(path):
            if text := value.own():
                draft.add("texts", Text(content=text, language=value.language(), kind=kind), value.place())


def _types(metadata: Element, draft: Draft) -> None:
    wrap = metadata.first("objectClassificationWrap")
    if wrap is None:
        return
    for work_type in wrap.all("objectWorkTypeWrap/objectWorkType"):
        put_term(work_type, "object_types", draft)
    for classification in wrap.all("classificationWrap/classification"):
        kind = classification.attribute("type")
        if "europeana" in kind:
            continue  # IMAGE, SOUND, TEXT, VIDEO, 3D: a portal's facet, not a type of work
        if "lido00132" in kind or "lido00513" in kind:
            put_term(classification, "materials", draft)
        else:
            put_term(classification, "object_types", draft)


def _measurements(metadata: Element, draft: Draft) -> None:
    wrap = metadata.first("objectIdentificationWrap/objectMeasurementsWrap")
    if wrap is None:
        return
    for group in wrap.all("objectMeasurementsSet"):
        before = len(draft.values("dimensions"))
        for measured in group.all("objectMeasurements"):
            _measured(measured, draft)
        for display in group.all("displayObjectMeasurements"):
            if text := display.own():
                place = display.place()
                draft.add("texts", Text(content=text, language=display.language(), kind="dimensions"), place)
                if len(draft.values("dimensions")) == before:
                    draft.measurements(text, place)


def _measured(measured: Element, draft: Draft) -> None:
    extent = next((label for each in measured.all("extentMeasurements") if (label := each.term()[0])), None)
    for each in measured.all("measurementsSet"):
        value = each.text("measurementValue")
        kind, unit = _label(each, "measurementType"), _label(each, "measurementUnit")
        if value:
            known = KINDS.get(kind.casefold().rstrip("."), "other")
            draft.measure(known, value, unit, each.place(), extent or "overall")


def _label(element: Element, path: str) -> str:
    child = element.first(path)
    return (child.term()[0] or "") if child else ""


def _relations(metadata: Element, draft: Draft) -> None:
    wrap = metadata.first("objectRelationWrap")
    if wrap is None:
        return
    for subject_set in wrap.all("subjectWrap/subjectSet"):
        _subject(subject_set, draft)
    for related in wrap.all("relatedWorksWrap/relatedWorkSet"):
        _related(related, draft)


def _subject(subject_set: Element, draft: Draft) -> None:
    subjects = subject_set.all("subject")
    for subject in subjects:
        for concept in subject.all("subjectConcept"):
            put_term(concept, "subjects", draft)
        for actor_set in subject.all("subjectActor"):
            actor = actor_set.first("actor")
            named = actor.name("nameActorSet") if actor else None
            label = named[0] if named else actor_set.text("displayActor")
            if label:
                uri = actor.uri("actorID") if actor else None
                draft.add("subjects", Term(label=label, uri=uri), actor_set.place())
        for place_set in subject.all("subjectPlace"):
            place = place_set.first("place")
            named = place.name("namePlaceSet") if place else None
            label = named[0] if named else place_set.text("displayPlace")
            if label:
                uri = place.uri("placeID") if place else None
                draft.add("places", Place(name=label, role="depicted", uri=uri), place_set.place())
    if not subjects and (label := subject_set.text("displaySubject")):
        draft.add("subjects", Term(label=label), subject_set.place())


_PART_OF: Final = ("part of", "teil von", "fait partie", "parte di", "deel van", "component of", "lido00292")


def _related(related: Element, draft: Draft) -> None:
    work = related.first("relatedWork/object")
    label = related.text("relatedWork/displayObject") or related.text("displayRelatedWork")
    target = work and (work.text("objectWebResource") or work.text("objectID"))
    if not target and not label:
        return
    words = _label(related, "relatedWorkRelType").lower()
    kind: Any = "part-of" if any(word in words for word in _PART_OF) else "related"
    draft.add("relations", Relation(kind=kind, target=target or label or "", label=label), related.place())


def _rights(metadata: Element, draft: Draft) -> None:
    for rights in metadata.all("rightsWorkWrap/rightsWorkSet"):
        if line := rights.text("creditLine"):
            draft.put("credit_line", line, rights.place())
        read = _rights_of(rights)
        if read is not None:
            parts = {"uri": read.uri, "statement": read.statement, "holder": read.holder}
            draft.merge("rights", parts, rights.place())
    for link in metadata.all("recordWrap/recordInfoSet/recordInfoLink"):
        if (text := link.own()) and text.startswith("http") and " " not in text:
            draft.add("relations", Relation(kind="page", target=text), link.place())


def _rights_of(rights: Element) -> Rights | None:
    uri = statement = holder = None
    for kind in rights.all("rightsType"):
        label, found, _ = kind.term()
        if label and label.startswith(("http://", "https://")) and " " not in label:
            label, found = None, label
        uri, statement = uri or found, statement or label
    for body in rights.all("rightsHolder"):
        named = body.name("legalBodyName")
        holder = holder or (named[0] if named else None)
    return Rights(uri=uri, statement=statement, holder=holder) if uri or statement or holder else None


def _resources(metadata: Element, draft: Draft) -> None:
    for resource in metadata.all("resourceWrap/resourceSet"):
        shown = resource.all("resourceRepresentation")
        full = [each for each in shown if not any(word in each.attribute("type") for word in _PREVIEW)]
        for representation in full or shown:
            _representation(resource, representation, draft)


def _representation(resource: Element, representation: Element, draft: Draft) -> None:
    link = representation.first("linkResource")
    uri = link.own() if link else None
    if link is None or uri is None:
        return
    if ":" not in uri or " " in uri:
        draft.note("images.not-a-uri", "warning", link.place(), "expected an absolute URI; not taken", uri)
        return
    rights = next((found for each in resource.all("rightsResource") if (found := _rights_of(each))), None)
    caption = resource.text("resourceDescription")
    kind = representation.attribute("type") + link.attribute("formatResource")
    if uri.lower().endswith(_MODEL_ENDINGS) or any(word in kind for word in ("3d", "model/", "lido00468")):
        draft.add("scans", ScanRef(uri=uri, caption=caption, rights=rights), link.place())
        return
    pixels = {}
    for each in representation.all("resourceMeasurementsSet"):
        side = KINDS.get(_label(each, "measurementType").casefold(), "other")
        value = each.text("measurementValue") or ""
        if side in ("width", "height") and value.isdigit() and int(value):
            pixels[side] = int(value)
    image = Image(
        uri=uri, caption=caption, width=pixels.get("width"), height=pixels.get("height"), rights=rights
    )
    draft.add("images", image, link.place())
