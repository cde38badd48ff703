"""Linked Art 1.0 out: an artifact record as JSON-LD that validates against the published schema.

Pure. https://linked.art/api/1.0/endpoint/object/ is the shape, https://linked.art/model/ the meaning.
Years are astronomical in the record and in XSD 1.1 (year 0000 is 1 BCE), so they pass through.

What the object document of the standard has no place for stays behind: life dates and nationality of
makers, coordinates, subjects (they belong to the visual item), the language of a material, a second
whole, and relations other than part-of, set and page. ``docs/data-formats.md`` lists them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from assets.catalog import concepts as c
from assets.catalog.record import (
    Acquisition,
    Actor,
    ArtifactRecord,
    Dimension,
    Identifier,
    Image,
    Maker,
    Place,
    Rights,
    ScanRef,
    Term,
    Text,
    TimeSpan,
)

Json: TypeAlias = dict[str, Any]

CONTEXT: Final = "https://linked.art/ns/v1/linked-art.json"
MEDIA_TYPE: Final = 'application/ld+json;profile="https://linked.art/ns/v1/linked-art.json"'


def to_linked_art(record: ArtifactRecord, *, base_uri: str, owner: str | None = None) -> Json:
    """The record as a Linked Art 1.0 HumanMadeObject.

    ``base_uri`` is where the records are published, ``owner`` the institution's name for display
    (its slug otherwise). URIs of terms, actors and places without an authority are minted below it.
    """
    return _Writer(base_uri, owner or record.institution).document(record)


class _Writer:
    """Holds the base URI that every minted identifier needs."""

    def __init__(self, base_uri: str, owner: str) -> None:
        self._base = base_uri.rstrip("/")
        self._owner = owner

    def document(self, record: ArtifactRecord) -> Json:
        uncertain = [term for term in record.object_types if term.uncertain]
        return _filled(
            {
                "@context": CONTEXT,
                "id": c.object_uri(self._base, record.id),
                "type": "HumanMadeObject",
                "_label": record.titles[0].content if record.titles else record.accession,
                "identified_by": self._identified_by(record),
                "classified_as": self._classified_as(record),
                "referred_to_by": self._statements(record),
                "equivalent": self._equivalent(record.identifiers),
                "produced_by": self._production(record),
                "made_of": [self._ref("Material", "material", t.label, t.uri) for t in record.materials],
                "dimension": [self._dimension(d) for d in record.dimensions],
                "encountered_by": self._activities("Encounter", record.places, "found"),
                "used_for": self._activities("Activity", record.places, "used"),
                "current_owner": [self._group("institution", record.institution, self._owner)],
                "current_custodian": self._department(record.department),
                "current_location": self._kept(record.places),
                "changed_ownership_through": self._acquired(record.acquisition),
                "representation": self._representation(record),
                "attributed_by": [self._attributed(term) for term in uncertain],
                **self._related(record),
            }
        )

    # names and texts

    def _identified_by(self, record: ArtifactRecord) -> list[Json]:
        local = record.id.partition(":")[2]
        names = [
            _identifier(record.accession, self._type(c.ACCESSION_NUMBER, "Accession Number")),
            _identifier(local, self._type(c.SYSTEM_NUMBER, "System-Assigned Number")),
        ]
        for identifier in record.identifiers:
            if identifier.kind == "accession":
                names.append(
                    _identifier(identifier.value, self._type(c.ACCESSION_NUMBER, "Accession Number"))
                )
            elif identifier.kind == "local":
                names.append(
                    _identifier(identifier.value, self._type(c.REPOSITORY_NUMBER, "Owner-Assigned Number"))
                )
            elif identifier.kind == "other" or not _is_http(identifier.value):
                names.append(
                    _identifier(identifier.value, self._minted_type("identifier-kind", identifier.kind))
                )
        return names + [self._title(title) for title in record.titles]

    def _title(self, title: Text) -> Json:
        kind = (
            self._type(c.PREFERRED, "Primary Name")
            if title.kind == "title"
            else self._type(c.ALTERNATE_NAME, "Alternate Name")
            if title.kind == "alternative-title"
            else self._minted_type("text-kind", title.kind)
        )
        return _filled(
            {
                "type": "Name",
                "content": title.content,
                "classified_as": [kind],
                "language": self._language(title.language),
            }
        )

    def _equivalent(self, identifiers: Iterable[Identifier]) -> list[Json]:
        return [
            {"id": identifier.value, "type": "HumanMadeObject"}
            for identifier in identifiers
            if identifier.kind == "uri" and _is_http(identifier.value)
        ]

    def _statements(self, record: ArtifactRecord) -> list[Json]:
        statements = [self._text(text) for text in record.texts]
        if record.medium:
            statements.append(
                self._statement(record.medium, self._type(c.MATERIAL_STATEMENT, "Material Statement"))
            )
        if record.credit_line:
            statements.append(
                self._statement(record.credit_line, self._type(c.CREDIT_LINE, "Credit Statement"))
            )
        statements += self._rights(record.rights)
        if record.required_statement:
            required = self._statement(
                record.required_statement.value, self._minted_type("text-kind", "required-statement")
            )
            statements.append(required | {"_label": record.required_statement.label})
        return statements

    def _text(self, text: Text) -> Json:
        """A statement has no ``subject_to`` either: it is classified by its license."""
        statement = self._statement(text.content, self._text_kind(text.kind), text.language)
        if text.rights:
            statement["classified_as"].append({"id": text.rights, "type": "Type"})
        return statement

    def _text_kind(self, kind: str) -> Json:
        number = c.TEXT_KINDS.get(kind)
        return self._type(number, kind.capitalize()) if number else self._minted_type("text-kind", kind)

    def _statement(self, content: str, kind: Json, language: str = "und") -> Json:
        brief = self._type(c.BRIEF_TEXT, "Brief Text")
        return _filled(
            {
                "type": "LinguisticObject",
                "content": content,
                "classified_as": [{**kind, "classified_as": [brief]}],
                "language": self._language(language),
            }
        )

    def _rights(self, rights: Rights | None) -> list[Json]:
        """The object document has no ``subject_to``: a statement carries the text and the license's URI."""
        if rights is None:
            return []
        statements = []
        if rights.statement or rights.uri:
            kind = self._type(c.RIGHTS_STATEMENT, "Copyright/License Statement")
            statement = self._statement(rights.statement or rights.uri or "", kind)
            if rights.uri:
                statement["classified_as"].append({"id": rights.uri, "type": "Type"})
            statements.append(statement)
        if rights.holder:
            statements.append(self._statement(rights.holder, self._minted_type("text-kind", "rights-holder")))
        return statements

    def _language(self, tag: str) -> list[Json]:
        if tag == "und":
            return []
        number = c.LANGUAGES.get(tag)
        uri = c.aat(number) if number else c.minted(self._base, "language", tag)
        return [{"id": uri, "type": "Language", "_label": tag}]

    # what it is

    def _classified_as(self, record: ArtifactRecord) -> list[Json]:
        work = self._type(c.TYPE_OF_WORK, "Type of Work")
        culture, period = self._type(c.CULTURE, "Culture"), self._type(c.STYLE_OR_PERIOD, "Style or Period")
        return [
            *(self._concept(term, "type", work) for term in record.object_types if not term.uncertain),
            *(self._concept(term, "culture", culture) for term in record.cultures),
            *(self._concept(term, "period", period) for term in record.periods),
        ]

    def _concept(self, term: Term, kind: str, metatype: Json | None = None) -> Json:
        named = {"type": "Name", "content": term.label, "language": self._language(term.language)}
        return _filled(
            {
                "id": term.uri or c.minted(self._base, kind, term.label),
                "type": "Type",
                "_label": term.label,
                "identified_by": [named] if term.language != "und" else [],
                "classified_as": [metatype] if metatype else [],
            }
        )

    def _attributed(self, term: Term) -> Json:
        work = self._type(c.TYPE_OF_WORK, "Type of Work")
        return {
            "type": "AttributeAssignment",
            "classified_as": [self._type(c.POSSIBLY, "Possibly")],
            "assigned_property": "classified_as",
            "assigned": [_ref_only(self._concept(term, "type", work))],
        }

    def _dimension(self, dimension: Dimension) -> Json:
        number = c.DIMENSION_KINDS.get(dimension.kind)
        kinds = [
            self._type(number, dimension.kind.capitalize())
            if number
            else self._minted_type("dimension-kind", dimension.kind)
        ]
        if dimension.of != "overall":
            kinds.append(self._minted_type("dimension-of", dimension.of))
        if dimension.approximate:
            kinds.append(self._minted_type("qualifier", "approximate"))
        return _filled(
            {
                "type": "Dimension",
                "identified_by": _stated(dimension),
                "classified_as": kinds,
                "value": dimension.value,
                "unit": self._unit(dimension.unit),
            }
        )

    def _unit(self, symbol: str) -> Json:
        number = c.UNIT_CONCEPTS.get(symbol)
        uri = c.aat(number) if number else c.minted(self._base, "unit", symbol)
        return {"id": uri, "type": "MeasurementUnit", "_label": symbol}

    # how it came to be

    def _production(self, record: ArtifactRecord) -> Json | None:
        made = [self._place(place) for place in record.places if place.role == "made"]
        parts = [self._made_by(maker) for maker in record.makers]
        parts += [
            {
                "type": "Production",
                "_label": phase.name,
                "identified_by": [{"type": "Name", "content": phase.name}],
                "timespan": self._timespan(phase.span),
            }
            for phase in record.phases
        ]
        production = _filled(
            {
                "type": "Production",
                "timespan": self._timespan(record.produced) if record.produced else None,
                "took_place_at": made,
                "technique": [self._concept(term, "technique") for term in record.techniques],
                "part": parts,
            }
        )
        return production if len(production) > 1 else None

    def _made_by(self, maker: Maker) -> Json:
        role = Term(label=maker.role) if maker.role else None
        qualified = self._minted_type("text-kind", "attribution-qualifier")
        return _filled(
            {
                "type": "Production",
                "classified_as": [self._concept(role, "role", self._type(c.OCCUPATION, "Occupation"))]
                if role
                else [],
                "referred_to_by": [self._statement(maker.qualifier, qualified)] if maker.qualifier else [],
                "carried_out_by": [self._actor(maker.actor)],
            }
        )

    def _actor(self, actor: Actor) -> Json:
        """The schema knows persons and groups only; ``actor`` in the minted URI says that we do not know."""
        shape = "Group" if actor.kind == "group" else "Person"
        kind = "actor" if actor.kind == "unknown" else actor.kind
        return _filled(
            {
                "id": c.minted(self._base, kind, actor.name),
                "type": shape,
                "_label": actor.name,
                "equivalent": [{"id": uri, "type": shape} for uri in actor.uris],
            }
        )

    def _timespan(self, span: TimeSpan) -> Json:
        names: list[Json] = []
        if span.text:
            names.append(
                {
                    "type": "Name",
                    "content": span.text,
                    "classified_as": [self._type(c.DISPLAY_NAME, "Display Title")],
                }
            )
        if span.edtf:
            names.append(_identifier(span.edtf, self._minted_type("identifier-kind", "edtf")))
        begin = span.earliest_day or _day(span.earliest, "01-01")
        end = span.latest_day or _day(span.latest, "12-31")
        return _filled(
            {
                "type": "TimeSpan",
                "identified_by": names,
                "classified_as": [
                    self._minted_type("qualifier", name)
                    for name, on in (("circa", span.circa), ("uncertain", span.uncertain))
                    if on
                ],
                "begin_of_the_begin": begin and f"{begin}T00:00:00Z",
                "end_of_the_end": end and f"{end}T23:59:59Z",
            }
        )

    # where it is and belongs

    def _place(self, place: Place) -> Json:
        return self._ref("Place", "place", place.name, place.uri)

    def _activities(self, shape: str, places: Sequence[Place], role: str) -> list[Json]:
        return [{"type": shape, "took_place_at": [self._place(p)]} for p in places if p.role == role]

    def _kept(self, places: Sequence[Place]) -> Json | None:
        return next((self._place(place) for place in places if place.role == "kept"), None)

    def _department(self, department: str | None) -> list[Json]:
        return [self._group("department", department, department)] if department else []

    def _group(self, kind: str, key: str, label: str) -> Json:
        return {"id": c.minted(self._base, kind, key), "type": "Group", "_label": label}

    def _acquired(self, acquisition: Acquisition | None) -> list[Json]:
        if acquisition is None:
            return []
        method = Term(label=acquisition.method) if acquisition.method else None
        kind = self._type(c.ACQUISITION_STATEMENT, "Acquisition Statement")
        acquired = _filled(
            {
                "type": "Acquisition",
                "classified_as": [self._concept(method, "acquisition-method")] if method else [],
                "timespan": self._timespan(acquisition.when) if acquisition.when else None,
                "referred_to_by": [self._statement(acquisition.text, kind)] if acquisition.text else [],
            }
        )
        return [acquired] if len(acquired) > 1 else []

    def _representation(self, record: ArtifactRecord) -> list[Json]:
        shown = [self._shown(image, self._type(c.DIGITAL_IMAGE, "Digital Image")) for image in record.images]
        return shown + [self._shown(scan, self._minted_type("digital-kind", "scan")) for scan in record.scans]

    def _shown(self, picture: Image | ScanRef, kind: Json) -> Json:
        digital: Json = {
            "type": "DigitalObject",
            "classified_as": [kind],
            "access_point": [{"id": picture.uri, "type": "DigitalObject"}],
        }
        if isinstance(picture, Image):
            digital["dimension"] = [
                {
                    "type": "Dimension",
                    "classified_as": [self._type(c.DIMENSION_KINDS[name], name.capitalize())],
                    "value": pixels,
                    "unit": {"id": c.aat(c.PIXELS), "type": "MeasurementUnit", "_label": "pixels"},
                }
                for name, pixels in (("width", picture.width), ("height", picture.height))
                if pixels
            ]
        if picture.rights:
            digital["subject_to"] = [self._right(picture.rights)]
        caption = [{"type": "Name", "content": picture.caption}] if picture.caption else []
        return _filled(
            {"type": "VisualItem", "identified_by": caption, "digitally_shown_by": [_filled(digital)]}
        )

    def _right(self, rights: Rights) -> Json:
        kind = self._type(c.RIGHTS_STATEMENT, "Copyright/License Statement")
        return _filled(
            {
                "type": "Right",
                "classified_as": [{"id": rights.uri, "type": "Type"}] if rights.uri else [],
                "referred_to_by": [self._statement(rights.statement, kind)] if rights.statement else [],
                "possessed_by": [self._group("group", rights.holder, rights.holder)] if rights.holder else [],
            }
        )

    def _related(self, record: ArtifactRecord) -> Json:
        wholes = [relation for relation in record.relations if relation.kind == "part-of"]
        return {
            "part_of": self._target("HumanMadeObject", wholes[0].target, wholes[0].label, record.institution)
            if wholes
            else None,
            "member_of": [
                self._target("Set", relation.target, relation.label, record.institution)
                for relation in record.relations
                if relation.kind == "set"
            ],
            "subject_of": [
                _page(relation.target, relation.label)
                for relation in record.relations
                if relation.kind == "page" and _is_http(relation.target)
            ],
        }

    def _target(self, shape: str, target: str, label: str | None, institution: str) -> Json:
        own = target.startswith(f"{institution}:")
        uri = c.object_uri(self._base, target) if own else c.minted(self._base, "local-key", target)
        uri = target if _is_http(target) else uri
        return _filled({"id": uri, "type": shape, "_label": label})

    # small shapes

    def _type(self, number: str, label: str) -> Json:
        return {"id": c.aat(number), "type": "Type", "_label": label}

    def _minted_type(self, kind: str, label: str) -> Json:
        return {"id": c.minted(self._base, kind, label), "type": "Type", "_label": label}

    def _ref(self, shape: str, kind: str, label: str, uri: str | None) -> Json:
        return {"id": uri or c.minted(self._base, kind, label), "type": shape, "_label": label}


def _filled(document: Json) -> Json:
    return {key: value for key, value in document.items() if value not in (None, [], {}, "")}


def _identifier(content: str, kind: Json) -> Json:
    return {"type": "Identifier", "content": content, "classified_as": [kind]}


def _ref_only(concept: Json) -> Json:
    return {key: concept[key] for key in ("id", "type", "_label")}


def _stated(dimension: Dimension) -> list[Json]:
    if dimension.stated_value is None or not dimension.stated_unit:
        return []
    return [{"type": "Name", "content": f"{dimension.stated_value!r} {dimension.stated_unit}"}]


def _page(target: str, label: str | None) -> Json:
    point = {"id": target, "type": "DigitalObject"}
    page = {"id": c.aat(c.WEB_PAGE), "type": "Type", "_label": "Web Page"}
    digital = {"type": "DigitalObject", "classified_as": [page], "access_point": [point]}
    return _filled({"type": "LinguisticObject", "_label": label, "digitally_carried_by": [digital]})


def _day(year: int | None, month_and_day: str) -> str | None:
    if year is None:
        return None
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month_and_day}"


def _is_http(text: str) -> bool:
    return text.startswith(("http://", "https://"))
