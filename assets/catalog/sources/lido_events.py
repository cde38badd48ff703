"""The events of a LIDO record: making, finding, acquisition and what else happened to the artifact."""

import re
from typing import Any, Final, Literal

from pydantic import ValidationError

from assets.catalog.record import (
    Acquisition,
    Actor,
    LanguageTag,
    Maker,
    Phase,
    Place,
    Term,
    Text,
    TimeSpan,
)
from assets.catalog.sources.draft import Draft
from assets.catalog.sources.lido_element import Element, authority_uri

EventKind = Literal["made", "found", "used", "acquired", "step", "other"]

_BY_TERM: Final[dict[str, EventKind]] = {
    "lido00007": "made",  # production
    "lido00012": "made",  # creation
    "lido00002": "found",  # finding
    "lido00033": "found",  # excavation
    "lido00010": "found",  # collecting
    "lido00011": "used",  # use
    "lido00001": "acquired",  # acquisition
    "lido00224": "step",  # designing
    "lido00226": "step",  # commissioning
    "lido00228": "step",  # publication
    "lido00006": "step",  # modification
    "lido00032": "step",  # planning
}
"""Terms of the LIDO Terminology for types of events (http://terminology.lido-schema.org)."""

_BY_WORD: Final[tuple[tuple[re.Pattern[str], EventKind], ...]] = (
    (
        re.compile(r"design|entwurf|ontwerp|commission|auftrag|publi|druck|modif|änderung|planning|planung"),
        "step",
    ),
    (
        re.compile(
            r"produc|creat|creaz|créa|creac|herstell|entsteh|vervaardig|manufact|fabric|made|making|"
            r"tillverk|fremstill|valmist|制作|製作"
        ),
        "made",
    ),
    (
        re.compile(
            r"find|found|fund|excavat|ausgrab|grabung|découv|fouille|scavo|vondst|collecting|hallazgo"
        ),
        "found",
    ),
    (
        re.compile(r"acqui|erwerb|verwerving|zugang|adquis|aankoop|ankauf|schenk|donation|purchase"),
        "acquired",
    ),
    (re.compile(r"\buse\b|nutzung|gebrauch|utilis|gebruik"), "used"),
)
_TECHNIQUE: Final = ("techni", "lido00131")
_PERSON: Final = ("person", "lido00163")
_GROUP: Final = ("corporate", "group", "institution", "organi", "körperschaft", "company", "family")
_POSITION: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")


def put_term(element: Element, field: str, draft: Draft) -> None:
    """Take a concept as a term of ``field``."""
    label, uri, language = element.term()
    if label or uri:
        draft.add(field, Term(label=label or uri or "", uri=uri, language=language), element.place())


def events(metadata: Element, draft: Draft) -> None:
    """Every event of a record, by its kind."""
    for event_set in metadata.all("eventWrap/eventSet"):
        for event in event_set.all("event"):
            _event(event_set, event, draft)
        if not event_set.all("event") and (text := event_set.text("displayEvent")):
            draft.add(
                "texts", Text(content=text, language=event_set.language(), kind="note"), event_set.place()
            )
    wrap = metadata.first("objectIdentificationWrap/objectMaterialsTechWrap")
    if wrap is not None:
        for materials in wrap.all("objectMaterialsTechSet"):
            _materials(materials, draft)


def _event(event_set: Element, event: Element, draft: Draft) -> None:
    kind, name, language = _kind(event)
    if kind == "made":
        _making(event, draft)
    elif kind == "acquired":
        _acquired(event_set, event, draft)
    elif kind == "step":
        _step(event, name, draft)
    role = kind if kind in ("made", "found", "used") else "other"
    _places(event, role, draft)
    for materials in event.all("eventMaterialsTech"):
        _materials(materials, draft)
    if kind in ("made", "found", "used"):
        for culture in event.all("culture"):
            put_term(culture, "cultures", draft)
        for period in event.all("periodName"):
            put_term(period, "periods", draft)
    if kind != "acquired":
        _described(event_set, event, "" if kind == "made" else name, language, draft)


def _kind(event: Element) -> tuple[EventKind, str, LanguageTag]:
    kind = event.first("eventType")
    if kind is None:
        return "other", "event", "und"
    label, uri, language = kind.term()
    terms = [identifier.own() or "" for identifier in kind.all("conceptID")] + [uri or ""]
    for term in terms:
        if known := _BY_TERM.get(term.rstrip("/").rpartition("/")[2].lower()):
            return known, label or known, language
    words = " ".join([*(each.own() or "" for each in kind.all("term")), *terms, label or ""]).casefold()
    for pattern, known in _BY_WORD:
        if pattern.search(words):
            return known, label or known, language
    return "other", label or "event", language


def _making(event: Element, draft: Draft) -> None:
    span, by = _dated(event, draft)
    if span is not None:
        if draft.has("produced"):
            draft.add("phases", Phase(name="production", span=span), event.place())
        else:
            draft.put("produced", span, f"{event.place()}/lido:eventDate", span.text, by)
    for actor_set in event.all("eventActor"):
        maker = _maker(actor_set, draft)
        if maker is not None:
            draft.add("makers", maker, actor_set.place(), actor_set.text("displayActorInRole"))
    for method in event.all("eventMethod"):
        put_term(method, "techniques", draft)


def _step(event: Element, name: str, draft: Draft) -> None:
    """A dated step beside the making: design, commission, publication; its actors have a part in it."""
    span, _ = _dated(event, draft)
    if span is not None:
        draft.add("phases", Phase(name=name, span=span), event.place())
    for actor_set in event.all("eventActor"):
        maker = _maker(actor_set, draft)
        if maker is not None:
            role = maker.role or name
            draft.add("makers", maker.model_copy(update={"role": role}), actor_set.place())


def _acquired(event_set: Element, event: Element, draft: Draft) -> None:
    span, _ = _dated(event, draft)
    methods = [label for method in event.all("eventMethod") if (label := method.term()[0])]
    text = event_set.text("displayEvent") or event.text("eventDescriptionSet/descriptiveNoteValue")
    if span or methods or text:
        acquisition = Acquisition(method=next(iter(methods), None), when=span, text=text)
        draft.put("acquisition", acquisition, event.place(), text)


def _described(event_set: Element, event: Element, name: str, language: LanguageTag, draft: Draft) -> None:
    """Words about an event, so that nothing of an event that the record has no field for is lost."""
    said = [text for each in event.all("eventDescriptionSet/descriptiveNoteValue") if (text := each.own())]
    if not said and name and (display := event_set.text("displayEvent")):
        said = [display]
    for text in said:
        content = f"{name}: {text}" if name else text
        draft.add("texts", Text(content=content, language=language, kind="note"), event.place())
    if name and not said:
        _noted(event, name, language, draft)


def _noted(event: Element, name: str, language: LanguageTag, draft: Draft) -> None:
    date = event.text("eventDate/displayDate") or event.text("eventDate/date/earliestDate")
    actors = [text for each in event.all("eventActor") if (text := each.text("displayActorInRole"))]
    parts = [part for part in (date, *actors) if part]
    if parts:
        content = f"{name}: {', '.join(parts)}"
        draft.add("texts", Text(content=content, language=language, kind="note"), event.place())


def _dated(event: Element, draft: Draft) -> tuple[TimeSpan | None, str]:
    date = event.first("eventDate")
    if date is None:
        return None, "dates"
    bounds = date.text("date/earliestDate"), date.text("date/latestDate")
    displays = date.all("displayDate")
    english = [each for each in displays if each.language().startswith("en")]
    text = next((words for each in [*english, *displays] if (words := each.own())), None)
    span, by = draft.span(bounds, text, date.place())
    if span is not None and text is None:
        kinds = {
            each.attribute("type") for each in [*date.all("date/earliestDate"), *date.all("date/latestDate")]
        }
        if any("estimat" in kind or "geschätzt" in kind for kind in kinds):
            span = span.model_copy(update={"circa": True})
    return span, by


def _maker(actor_set: Element, draft: Draft) -> Maker | None:
    in_role = actor_set.first("actorInRole")
    display = actor_set.text("displayActorInRole")
    actor = in_role.first("actor") if in_role else None
    named = actor.name("nameActorSet") if actor else None
    if named is None and display is None:
        return None
    role = qualifier = None
    if in_role is not None:
        role = next((label for each in in_role.all("roleActor") if (label := each.term()[0])), None)
        qualifier = next(
            (label for each in in_role.all("attributionQualifierActor") if (label := each.term()[0])), None
        )
    known = Actor(name=named[0] if named else display or "", **(_life(actor, draft) if actor else {}))
    return Maker(actor=known, role=role, qualifier=qualifier)


def _life(actor: Element, draft: Draft) -> dict[str, Any]:
    kind = actor.attribute("type")
    uris = [
        uri
        for each in actor.all("actorID")
        if (uri := authority_uri(each.own() or "", each.attribute("source")))
    ]
    dates = actor.first("vitalDatesActor")
    nationality = actor.first("nationalityActor")
    life: dict[str, Any] = {
        "kind": "person"
        if any(word in kind for word in _PERSON)
        else "group"
        if any(word in kind for word in _GROUP)
        else "unknown",
        "uris": tuple(dict.fromkeys(uris)),
        "nationality": nationality.term()[0] if nationality else None,
    }
    if dates is not None:
        for key, name in (("born", "earliestDate"), ("died", "latestDate")):
            day = dates.text(name)
            if day:
                life[key] = draft.span((day, day), None, dates.place())[0]
    return life


def _places(event: Element, role: str, draft: Draft) -> None:
    for place_set in event.all("eventPlace"):
        place = place_set.first("place")
        named = place.name("namePlaceSet") if place else None
        label = named[0] if named else place_set.text("displayPlace")
        if not label:
            continue
        values: dict[str, Any] = {"name": label, "role": role, "uri": place.uri("placeID") if place else None}
        position = _position(place) if place else None
        try:
            taken = Place.model_validate(values | (position or {}))
        except ValidationError:
            message = "coordinates are outside WGS 84 degrees (latitude, longitude); they were not taken"
            draft.note("places.coordinates", "warning", place_set.place(), message, str(position))
            taken = Place.model_validate(values)
        draft.add("places", taken, place_set.place(), place_set.text("displayPlace"))


def _position(place: Element) -> dict[str, float] | None:
    """Latitude and longitude of a GML point; EPSG:4326 names the latitude first."""
    for gml in place.all("gml"):
        for node in gml.xml.iter("{*}pos", "{*}coordinates"):
            numbers = _POSITION.findall(node.text or "")
            if len(numbers) >= 2:
                return {"latitude": float(numbers[0]), "longitude": float(numbers[1])}
    return None


def _materials(materials: Element, draft: Draft) -> None:
    for display in materials.all("displayMaterialsTech"):
        if text := display.own():
            if draft.has("medium"):
                draft.add(
                    "texts", Text(content=text, language=display.language(), kind="note"), display.place()
                )
            else:
                draft.put("medium", text, display.place())
    for term in materials.all("materialsTech/termMaterialsTech"):
        is_technique = any(word in term.attribute("type") for word in _TECHNIQUE)
        put_term(term, "techniques" if is_technique else "materials", draft)
