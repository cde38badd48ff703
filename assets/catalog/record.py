"""The record of an artifact, as museums describe it.

Words only: no files, no clock, no database. Each class names the CIDOC CRM class (and so the Linked Art
shape) it maps to. Units are SI, years are astronomical (ISO 8601: year 0 is 1 BCE, -1 is 2 BCE),
languages are BCP 47 tags.

Where each value came from stands beside the values, not inside them: ``ArtifactRecord.provenance`` maps
a JSON Pointer (RFC 6901) such as ``/dimensions/0`` to its :class:`Origin`. A value without an entry of
its own has the origin of its nearest parent.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"

Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
"""A short lower-case name made of letters, digits and single hyphens."""

ArtifactId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*:\S+$")]
"""``institution:identifier``, stable over releases; the identifier keeps the institution's own spelling."""

Uri = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$")]
"""An absolute URI (RFC 3986)."""

LanguageTag = Annotated[str, StringConstraints(pattern=r"^(?:[a-z]{2,3}|und)(?:-[A-Za-z0-9]{2,8})*$")]
"""A BCP 47 tag; ``und`` where the source does not say and the text does not show it."""

NonEmpty = Annotated[str, StringConstraints(min_length=1)]

SCHEMA_VERSION: Final = 1
"""Raised when a stored record of an older version can no longer be read as it is."""


class Word(BaseModel):
    """Base of everything here: immutable, closed to unknown fields, finite numbers only."""

    _template: ClassVar[dict[str, Any]]
    """Every field with its default, in their order; those without one hold a placeholder."""
    _required: ClassVar[tuple[str, ...]]
    _made: ClassVar[tuple[str, ...]]
    """Fields whose default is made anew for each word: by a factory, or a copy of what could be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def assembled(cls, values: dict[str, Any]) -> Self:
        """One made of values known to be valid; nothing is checked, what is left out has its default.

        For rules whose values come out of other words and ASCII texts (beyond ASCII a text may hold half a
        surrogate pair, which validation finds where a text has rules). For a Text it took 1.2 µs
        where validation took 1.5.

        Raises ``TypeError`` naming the fields that have no default and are left out.
        """
        for name in cls._required:
            if name not in values:
                missing = ", ".join(one for one in cls._required if one not in values)
                raise TypeError(f"{cls.__name__} without {missing}: state what has no default")
        state = cls._template | values
        for name in cls._made:
            if name not in values:
                made = cls.model_fields[name].get_default(call_default_factory=True, validated_data=state)
                state[name] = made
        word = object.__new__(cls)
        _set_values(word, state)
        _set_stated(word, set(values))
        _set_extra(word, None)
        _set_private(word, None)
        return word

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        fields = cls.model_fields
        cls._template = {name: field.default for name, field in fields.items()}
        cls._required = tuple(name for name, field in fields.items() if field.is_required())
        cls._made = tuple(
            name
            for name, field in fields.items()
            if field.default_factory is not None or not _is_hashable(field.default)
        )


def _is_hashable(value: object) -> bool:
    """Whether equal by worth for ever, as pydantic asks it before it shares a default."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


_set_values = vars(BaseModel)["__dict__"].__set__
_set_stated = vars(BaseModel)["__pydantic_fields_set__"].__set__
_set_extra = vars(BaseModel)["__pydantic_extra__"].__set__
_set_private = vars(BaseModel)["__pydantic_private__"].__set__


class Origin(Word):
    """Where one value came from. Maps to E13 Attribute Assignment."""

    source: int = Field(0, ge=0)
    """Position in ``ArtifactRecord.sources``."""
    field: str
    """Column name, JSON path or XPath in that source."""
    text: str | None = None
    """The original text, exactly as the source has it; ``None`` where the value is the text itself."""
    by: str = "copied"
    """The transformation: ``copied``, or the normalizer's name such as ``dates`` or ``dimensions.inches``."""


class SourceRef(Word):
    """One row of one source file that this record was read from."""

    file: str
    """File name, relative to the source that was ingested."""
    row: int = Field(ge=0)
    """1-based position of the record in the file (header not counted); 0 for a whole-file record."""


class Term(Word):
    """A controlled term. Maps to E55 Type, E57 Material."""

    label: NonEmpty
    uri: Uri | None = None
    """Authority identifier, Getty AAT where one was found."""
    language: LanguageTag = "und"
    uncertain: bool = False
    """The source marks the term with a question mark, "probably", "possibly"."""


class Text(Word):
    """A text in one language. Maps to E33 Linguistic Object, a title to E41 Appellation."""

    content: NonEmpty
    language: LanguageTag = "und"
    kind: Slug = "description"
    """``title``, ``alternative-title``, ``description``, ``label``, ``glance``, ``audio-description``,
    ``inscription``, ``provenance``, ``bibliography``, ``exhibitions``, ``note``; ``date`` and
    ``dimensions`` for wordings that no rule could read."""
    rights: Uri | None = None
    """License of this text where it differs from the record's rights."""


class Identifier(Word):
    """A name given to tell the artifact from others. Maps to E42 Identifier."""

    value: NonEmpty
    kind: Literal["accession", "local", "uri", "other"] = "other"


class TimeSpan(Word):
    """Earliest and latest bounds of an event, never one year. Maps to E52 Time-Span.

    ``earliest`` and ``latest`` are inclusive astronomical years; ``earliest_day`` and ``latest_day`` are
    given only where the source is finer than a year. Circa (about) and uncertain (perhaps) are kept apart,
    as in EDTF level 1 (``~`` and ``?``).
    """

    earliest: int | None = None
    """First year; ``None`` where the source leaves it open ("before 1920")."""
    latest: int | None = None
    """Last year; ``None`` where the source leaves it open ("after 1650")."""
    earliest_day: str | None = Field(None, pattern=r"^-?\d{4,}-\d\d-\d\d$")
    latest_day: str | None = Field(None, pattern=r"^-?\d{4,}-\d\d-\d\d$")
    circa: bool = False
    uncertain: bool = False
    edtf: str | None = None
    """The same in EDTF (ISO 8601-2:2019)."""
    text: str | None = None
    """The source's wording, for display."""

    @model_validator(mode="after")
    def _bounds_in_order(self) -> "TimeSpan":
        if self.earliest is None and self.latest is None:
            raise ValueError(
                "a time-span needs an earliest or a latest year; leave it out where neither is known"
            )
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise ValueError(f"earliest year {self.earliest} is after latest year {self.latest}")
        return self


class Phase(Word):
    """One dated step of making ("modeled 1844", "cast 2012"). Maps to E12 Production, a part of it."""

    name: NonEmpty
    span: TimeSpan


class Actor(Word):
    """A person or group. Maps to E21 Person, E74 Group."""

    name: NonEmpty
    kind: Literal["person", "group", "unknown"] = "unknown"
    uris: tuple[Uri, ...] = ()
    born: TimeSpan | None = None
    died: TimeSpan | None = None
    nationality: str | None = None


class Maker(Word):
    """An actor and the part they had in making. Maps to P14 carried out by."""

    actor: Actor
    role: str | None = None
    qualifier: str | None = None
    """``attributed to``, ``workshop of``, ``after``, ``circle of`` ...; ``None`` where stated as fact."""


class Place(Word):
    """A place and what it is to the artifact. Maps to E53 Place."""

    name: NonEmpty
    role: Literal["made", "found", "depicted", "used", "kept", "other"] = "other"
    uri: Uri | None = None
    latitude: float | None = Field(None, ge=-90, le=90)
    """WGS 84, degrees."""
    longitude: float | None = Field(None, ge=-180, le=180)
    """WGS 84, degrees."""
    uncertain: bool = False


class Dimension(Word):
    """A measured dimension. Maps to E54 Dimension. SI inside, the stated value beside it."""

    kind: Literal[
        "height", "width", "depth", "length", "diameter", "circumference", "thickness",
        "weight", "volume", "area", "duration", "other",
    ]  # fmt: skip
    value: float = Field(gt=0)
    """In ``unit``."""
    unit: Literal["m", "kg", "m3", "m2", "s"]
    of: str = "overall"
    """What was measured: ``overall``, ``frame``, ``image``, ``sheet``, ``base``, ``rim``, ``lid`` ..."""
    stated_value: float | None = None
    stated_unit: str | None = None
    approximate: bool = False


class Rights(Word):
    """What may be done with the record's content. Maps to E30 Right; IIIF ``rights``."""

    uri: Uri | None = None
    """Creative Commons or RightsStatements.org URI."""
    statement: str | None = None
    holder: str | None = None
    shows: bool = True
    """False where the source forbids showing the artifact or its image to visitors."""


class RequiredStatement(Word):
    """Text that must be shown with the artifact. IIIF Presentation 3 ``requiredStatement``."""

    label: NonEmpty = "Attribution"
    value: NonEmpty


class Image(Word):
    """A picture of the artifact. Maps to D1 Digital Object, Linked Art ``representation``."""

    uri: Uri
    caption: str | None = None
    width: int | None = Field(None, gt=0)
    """Pixels."""
    height: int | None = Field(None, gt=0)
    """Pixels."""
    rights: Rights | None = None


class ScanRef(Word):
    """A 3D capture of the artifact, by its store hash or URI. Maps to CRMdig D2 product."""

    uri: Uri
    caption: str | None = None
    rights: Rights | None = None


class Relation(Word):
    """A link to another artifact, work, set or page."""

    kind: Literal["part-of", "has-part", "copy-of", "related", "depicts", "set", "page"]
    target: NonEmpty
    """Artifact id, authority URI, or the source's own key."""
    label: str | None = None


class Acquisition(Word):
    """How the artifact came to its owner. Maps to E8 Acquisition."""

    method: str | None = None
    when: TimeSpan | None = None
    text: str | None = None


class ArtifactRecord(Word):
    """What the catalog says about one artifact. Maps to E22 Human-Made Object and its E31 record."""

    schema_version: Literal[1] = SCHEMA_VERSION
    id: ArtifactId
    institution: Slug
    accession: NonEmpty
    identifiers: tuple[Identifier, ...] = ()
    titles: tuple[Text, ...] = ()
    texts: tuple[Text, ...] = ()
    object_types: tuple[Term, ...] = ()
    subjects: tuple[Term, ...] = ()
    makers: tuple[Maker, ...] = ()
    produced: TimeSpan | None = None
    phases: tuple[Phase, ...] = ()
    materials: tuple[Term, ...] = ()
    techniques: tuple[Term, ...] = ()
    medium: str | None = None
    """The source's wording of materials and techniques, for display."""
    dimensions: tuple[Dimension, ...] = ()
    cultures: tuple[Term, ...] = ()
    periods: tuple[Term, ...] = ()
    places: tuple[Place, ...] = ()
    department: str | None = None
    credit_line: str | None = None
    rights: Rights | None = None
    required_statement: RequiredStatement | None = None
    images: tuple[Image, ...] = ()
    scans: tuple[ScanRef, ...] = ()
    relations: tuple[Relation, ...] = ()
    acquisition: Acquisition | None = None
    sources: tuple[SourceRef, ...] = ()
    provenance: dict[str, Origin] = {}

    @model_validator(mode="after")
    def _id_belongs_to_institution(self) -> "ArtifactRecord":
        if not self.id.startswith(f"{self.institution}:"):
            raise ValueError(
                f"id {self.id!r} does not begin with the institution {self.institution!r} and a colon"
            )
        return self

    def origin(self, pointer: str) -> Origin | None:
        """The origin of the value at ``pointer`` (RFC 6901), or of its nearest parent that has one."""
        while pointer:
            if pointer in self.provenance:
                return self.provenance[pointer]
            pointer = pointer.rpartition("/")[0]
        return None

    def origins(self, field: str) -> Iterator[tuple[str, Origin]]:
        """Every stated origin at or below the top-level ``field``, in pointer order."""
        head = f"/{field}"
        for pointer, origin in self.provenance.items():
            if pointer == head or pointer.startswith(f"{head}/"):
                yield pointer, origin
