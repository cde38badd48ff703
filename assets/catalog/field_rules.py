"""The ``[[fields]]`` of a profile: which column becomes which part of the record, and how.

Words only. Each class is one way of reading (``as``) and says which parts of the record it may fill (``to``).
A path names a column (``Title``), a key inside JSON (``dateRange.text``) or every element of a list
(``contributors[].mda``); a list of paths means the first that holds something.
"""

import re
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Tag, model_validator
from pydantic import Discriminator as ByFunction

from assets.catalog.normalize.stated_units import stated_unit
from assets.catalog.record import LanguageTag, Slug, Uri


class Closed(BaseModel):
    """Base of a profile's tables: immutable, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as problem:
        raise ValueError(f"not a regular expression: {problem}") from None
    return value


Paths = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One path, or several of which the first that holds something is taken."""

Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression in Python's syntax, searched anywhere in the value."""

LengthUnit = Literal["mm", "cm", "m", "in", "ft"]


class Condition(Closed):
    """When a row or a value counts. Every key that is given must hold."""

    column: str
    equals: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = Field((), alias="is")
    """The value is one of these, upper and lower case alike."""
    differs: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = Field((), alias="is-not")
    matches: Pattern | None = None
    filled: bool | None = None
    """``true``: the column holds something; ``false``: it is empty."""

    @model_validator(mode="after")
    def _says_something(self) -> "Condition":
        if not self.equals and not self.differs and self.matches is None and self.filled is None:
            raise ValueError("a condition needs one of: is, is-not, matches, filled")
        return self


class FieldRule(Closed):
    """What all rules share."""

    paths: Paths = Field((), alias="from")
    when: Condition | None = None
    """Take the value only where this holds; for ``titles[].Title`` it is asked of each element."""
    drop: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    """Values that mean "nothing" here, such as ``0.0`` or ``unknown``."""
    extract: Pattern | None = None
    """Take only this part of the value: the first group, or the whole match."""
    replace: tuple[tuple[Pattern, str], ...] = ()
    """Pairs of pattern and replacement, applied in order, after ``extract``, before anything is read."""
    split: Pattern | None = None
    """Cut one cell into several values at this pattern."""
    optional: bool = False
    """True where an export may lack the column altogether."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every path this rule reads from the row, for checking that it is there."""
        inside = self.reads_elements() or any("[]" in path for path in self.paths)
        condition = (self.when.column,) if self.when and not inside else ()
        return self.paths + condition + (() if self.reads_elements() else self.parts())

    def parts(self) -> tuple[str, ...]:
        """Further paths, inside the element that ``from`` names or in the row where it names none."""
        return ()

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return bool(self.paths) and bool(self.parts())


class TextRule(FieldRule):
    """Titles and texts, cleaned of markup, in one language."""

    to: Literal["titles", "texts"]
    reading: Literal["text"] = Field("text", alias="as")
    kind: Slug | None = None
    language: LanguageTag | None = None
    """The institution's language where it is left out."""
    language_from: str | None = None
    """Column that states the language of this text, by name or code ("French", "fre", "fr")."""
    markdown: bool = False
    """True where asterisks and brackets are markup."""
    rights: Uri | None = None
    """License of this field where it differs from the record's."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every path this rule reads from the row."""
        return super().columns + ((self.language_from,) if self.language_from else ())


class CopyRule(FieldRule):
    """A value taken as it is."""

    to: Literal["medium", "department", "credit_line"]
    reading: Literal["copy"] = Field("copy", alias="as")


class TermRule(FieldRule):
    """Terms: looked up in the authority table, or as the source words them."""

    to: Literal["object_types", "subjects", "cultures", "periods", "materials", "techniques"]
    reading: Literal["term", "materials", "techniques", "object_types", "cultures", "periods"] = Field(
        "term", alias="as"
    )
    language: LanguageTag | None = None
    label: str | None = None
    """Path of the label inside the element that ``from`` names."""
    uri: str | None = None
    """Path of the term's authority identifier, beside the label."""
    uri_template: str | None = None
    """Makes a URI of a bare identifier: ``http://vocab.getty.edu/aat/{value}``."""

    def parts(self) -> tuple[str, ...]:
        """The paths of label and authority identifier, where they are named."""
        return tuple(path for path in (self.label, self.uri) if path)

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return bool(self.paths) and self.label is not None


class DateRule(FieldRule):
    """When it was made: a text, a pair of years, or both, which are then compared."""

    to: Literal["produced"]
    reading: Literal["date"] = Field("date", alias="as")
    earliest: str | None = None
    latest: str | None = None
    prefer: Literal["text", "years"] = "years"
    """Which is taken where both can be read and overlap. Where they do not, the text is taken."""
    years: Literal["historical", "astronomical"] = "historical"
    """What -490 means: ``historical`` 490 BCE (museum systems), ``astronomical`` 491 BCE (ISO 8601)."""
    zero: Literal["unknown", "year"] = "unknown"
    """What year 0 means; there is none in the historical count."""
    day_first: bool | None = None
    """What 6/10/1935 means: ``true`` 6 October, ``false`` June 10; left out, only the year is taken."""
    tolerance: int = Field(0, ge=0)
    """Years by which text and years may miss each other before a person is asked to look."""

    def parts(self) -> tuple[str, ...]:
        """The paths of the two years."""
        return tuple(path for path in (self.earliest, self.latest) if path)

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return False


class DimensionsRule(FieldRule):
    """Measurements as prose, compared with bare numbers where the source has both."""

    to: Literal["dimensions"]
    reading: Literal["dimensions"] = Field("dimensions", alias="as")
    unit: LengthUnit | None = None
    """Unit of a text that states none."""
    order: tuple[Literal["height", "width", "depth", "length"], ...] = ()
    """What the numbers of ``30 x 24 x 2`` are, in order."""
    height: str | None = None
    width: str | None = None
    depth: str | None = None
    numbers_unit: LengthUnit | None = None
    """Unit of ``height``, ``width`` and ``depth``."""

    def parts(self) -> tuple[str, ...]:
        """The paths of the bare numbers."""
        return tuple(path for path in (self.height, self.width, self.depth) if path)

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return False

    @model_validator(mode="after")
    def _numbers_have_a_unit(self) -> "DimensionsRule":
        if self.parts() and self.numbers_unit is None:
            raise ValueError("height, width and depth are bare numbers: say their numbers_unit, e.g. 'mm'")
        return self


class MeasureRule(FieldRule):
    """One bare number in one column; its unit is stated here, or in another column of the row."""

    to: Literal["dimensions"]
    reading: Literal["measure"] = Field(alias="as")
    kind: Literal[
        "height", "width", "depth", "length", "diameter", "circumference", "thickness", "weight", "volume"
    ]
    unit: str | None = None
    """Unit of the column; with ``unit_from``, of rows whose unit column is empty."""
    unit_from: str | None = None
    """Column that states the unit row by row."""
    of: str = "overall"
    zero: Literal["unknown"] = "unknown"

    def parts(self) -> tuple[str, ...]:
        """The path of the unit."""
        return (self.unit_from,) if self.unit_from else ()

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return False

    @model_validator(mode="after")
    def _has_a_unit(self) -> "MeasureRule":
        if not self.paths:
            raise ValueError("say which column holds the number: 'from'")
        if self.unit is None and self.unit_from is None:
            raise ValueError("a bare number needs its unit: 'unit', e.g. 'cm', or 'unit_from', a column")
        if self.unit_from and "[]" in self.unit_from:
            raise ValueError("unit_from is one cell of the row; it cannot stand inside a list")
        known = stated_unit(self.unit) if self.unit is not None else None
        family = {"weight": "mass", "volume": "volume"}.get(self.kind, "length")
        if self.unit is not None and (known is None or known.family != family):
            example = {"mass": "kg", "volume": "ml", "length": "cm"}[family]
            raise ValueError(f"{self.unit!r} is no unit of {family} for {self.kind}; write e.g. {example!r}")
        return self


class MakerRule(FieldRule):
    """Makers by name, with what stands beside the name."""

    to: Literal["makers"]
    reading: Literal["maker"] = Field("maker", alias="as")
    name: Paths = ()
    """Path of the name inside the element; left out where ``from`` is the name itself."""
    role: str | None = None
    role_is: str | None = None
    """The role of everyone in this column, where no column says it."""
    kind: str | None = None
    born: str | None = None
    died: str | None = None
    life: str | None = None
    """Path of life dates as text, such as ``1852–1911`` or ``born 1965``."""
    nationality: str | None = None
    uri: str | None = None
    uri_template: str | None = None

    def parts(self) -> tuple[str, ...]:
        """The paths inside the element."""
        single = (self.role, self.kind, self.born, self.died, self.life, self.nationality, self.uri)
        return self.name + tuple(path for path in single if path)

    @model_validator(mode="after")
    def _has_a_name(self) -> "MakerRule":
        if not self.paths and not self.name:
            raise ValueError("say where the name is: 'from' for a column, or 'name' beside other parts")
        return self

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return bool(self.paths) and bool(self.name)


class PlaceRule(FieldRule):
    """A place and what it is to the artifact."""

    to: Literal["places"]
    reading: Literal["place"] = Field("place", alias="as")
    role: Literal["made", "found", "depicted", "used", "kept", "other"] = "other"
    latitude: str | None = None
    longitude: str | None = None
    coordinates: str | None = None
    """Path of ``latitude, longitude`` in one cell, WGS 84 degrees."""
    name: str | None = None
    """Path of the name inside the element; coordinates without a name carry themselves as the name."""

    def parts(self) -> tuple[str, ...]:
        """The paths of name and coordinates."""
        return tuple(p for p in (self.name, self.latitude, self.longitude, self.coordinates) if p)

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return bool(self.paths) and self.name is not None


class IdentifierRule(FieldRule):
    """Further names of the artifact."""

    to: Literal["identifiers"]
    reading: Literal["identifier"] = Field("identifier", alias="as")
    kind: Literal["accession", "local", "uri", "other"] = "other"
    template: str | None = None


class ImageRule(FieldRule):
    """Pictures and scans by address; anything that is not an absolute address (inline data) is left out."""

    to: Literal["images", "scans"]
    reading: Literal["image"] = Field("image", alias="as")
    uri: str | None = None
    """Path of the address inside the element that ``from`` names."""
    template: str | None = None
    """Makes an address of a bare identifier: ``https://example.org/iiif/{value}/full/843,/0/default.jpg``."""
    caption: str | None = None
    credit: str | None = None
    """Path of the picture's own copyright notice."""
    rights: Uri | None = None

    def parts(self) -> tuple[str, ...]:
        """The paths inside the element."""
        return tuple(path for path in (self.uri, self.caption, self.credit) if path)

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return bool(self.paths) and self.uri is not None


class RelationRule(FieldRule):
    """Links to other artifacts, sets and pages."""

    to: Literal["relations"]
    reading: Literal["relation"] = Field("relation", alias="as")
    kind: Literal["part-of", "has-part", "copy-of", "related", "depicts", "set", "page"]
    target: str | None = None
    """Path inside the element that ``from`` names."""
    label: str | None = None
    template: str | None = None

    def parts(self) -> tuple[str, ...]:
        """The paths inside the element."""
        return tuple(path for path in (self.target, self.label) if path)

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return bool(self.paths) and self.target is not None


class AcquisitionRule(FieldRule):
    """How it came to its owner."""

    to: Literal["acquisition"]
    reading: Literal["acquisition"] = Field("acquisition", alias="as")
    method: str | None = None
    date: str | None = None

    def parts(self) -> tuple[str, ...]:
        """The paths of method and date."""
        return tuple(path for path in (self.method, self.date) if path)

    def reads_elements(self) -> bool:
        """Whether ``from`` names a list of objects whose parts are read one by one."""
        return False

    @model_validator(mode="after")
    def _reads_something(self) -> "AcquisitionRule":
        if not self.paths and not self.parts():
            raise ValueError("say what to read: from, method or date")
        return self


class RightsRule(FieldRule):
    """Rights that differ from row to row."""

    to: Literal["rights"]
    reading: Literal["rights"] = Field("rights", alias="as")
    uris: dict[str, Uri] = {}
    """The source's wording to a Creative Commons or RightsStatements.org URI, upper and lower case alike."""
    hides: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    """Wordings that forbid showing the artifact to visitors."""


DEFAULT_READING: Final = {
    "titles": "text", "texts": "text", "medium": "copy", "department": "copy", "credit_line": "copy",
    "object_types": "object_types", "subjects": "term", "cultures": "cultures", "periods": "periods",
    "materials": "materials", "techniques": "techniques", "produced": "date", "dimensions": "dimensions",
    "makers": "maker", "places": "place", "identifiers": "identifier", "images": "image", "scans": "image",
    "relations": "relation", "acquisition": "acquisition", "rights": "rights",
}  # fmt: skip
"""How a part of the record is read where a rule does not say ``as``."""

_RULES: Final[dict[str, str]] = {
    "text": "text", "copy": "copy", "term": "term", "materials": "term", "techniques": "term",
    "object_types": "term", "cultures": "term", "periods": "term", "date": "date",
    "dimensions": "dimensions", "measure": "measure", "maker": "maker", "place": "place",
    "identifier": "identifier", "image": "image", "relation": "relation",
    "acquisition": "acquisition", "rights": "rights",
}  # fmt: skip


def _rule_tag(value: Any) -> str | None:
    if isinstance(value, FieldRule):
        return _RULES[str(getattr(value, "reading", ""))]
    return _RULES.get(str(value.get("as"))) if isinstance(value, dict) else None


def _fill_reading(value: object) -> object:
    if not isinstance(value, dict) or "as" in value:
        return value
    to = value.get("to")
    if to not in DEFAULT_READING:
        known = ", ".join(sorted(DEFAULT_READING))
        raise ValueError(f"'to' is {to!r}; write one of: {known}")
    return {**value, "as": DEFAULT_READING[to]}


AnyRule: TypeAlias = Annotated[
    Annotated[TextRule, Tag("text")]
    | Annotated[CopyRule, Tag("copy")]
    | Annotated[TermRule, Tag("term")]
    | Annotated[DateRule, Tag("date")]
    | Annotated[DimensionsRule, Tag("dimensions")]
    | Annotated[MeasureRule, Tag("measure")]
    | Annotated[MakerRule, Tag("maker")]
    | Annotated[PlaceRule, Tag("place")]
    | Annotated[IdentifierRule, Tag("identifier")]
    | Annotated[ImageRule, Tag("image")]
    | Annotated[RelationRule, Tag("relation")]
    | Annotated[AcquisitionRule, Tag("acquisition")]
    | Annotated[RightsRule, Tag("rights")],
    ByFunction(
        _rule_tag,
        custom_error_type="reading_unknown",
        custom_error_message=f"'as' must be one of: {', '.join(sorted(_RULES))}",
    ),
]

Rule = Annotated[AnyRule, BeforeValidator(_fill_reading)]
"""One entry of ``[[fields]]``."""
