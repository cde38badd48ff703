"""A record while a reader of a standard fills it: values with their origins, findings, then the verdict.

Shared by the readers of LIDO, Linked Art, IIIF and CIDOC CRM, so that all four keep provenance, choose
identifiers and reject in the same way.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import ValidationError

from assets.catalog.normalize.dimensions import read_dimensions
from assets.catalog.normalize.languages import read_language
from assets.catalog.normalize.stated_units import stated_unit
from assets.catalog.normalize.units import SI_UNIT, to_si
from assets.catalog.record import (
    ArtifactRecord,
    Dimension,
    Identifier,
    LanguageTag,
    Origin,
    Slug,
    SourceRef,
    Term,
    Text,
    TimeSpan,
    Word,
)
from assets.catalog.row import Finding, Mapped, Rejection, Severity
from assets.catalog.sources.bounds import StatedSpan, stated_span

DimensionKind = Literal[
    "height", "width", "depth", "length", "diameter", "circumference", "thickness",
    "weight", "volume", "area", "duration", "other",
]  # fmt: skip
DIMENSION_KINDS: frozenset[str] = frozenset(get_args(DimensionKind))

_MAX_IDENTIFIER = 200


class Draft:
    """Collects one record of ``file``. ``at`` arguments are the source's own paths to a value."""

    def __init__(self, file: str, number: int, institution: Slug, raw: bytes) -> None:
        self.file = file
        self.number = number
        self.institution = institution
        self.raw = raw
        self._many: dict[str, list[Word]] = {}
        self._one: dict[str, object] = {}
        self._provenance: dict[str, Origin] = {}
        self._findings: list[Finding] = []
        self._names: dict[str, tuple[str, str]] = {}

    def add(self, field: str, value: Word, at: str, text: str | None = None, by: str = "copied") -> None:
        """Append to a field that holds several values; an equal value is not taken twice."""
        values = self._many.setdefault(field, [])
        if value in values:
            return
        values.append(value)
        self._provenance[f"/{field}/{len(values) - 1}"] = Origin(field=at, text=text, by=by)

    def put(self, field: str, value: object, at: str, text: str | None = None, by: str = "copied") -> None:
        """Set a field that holds one value; a second, different one is kept as a finding."""
        if field in self._one:
            if self._one[field] != value:
                self.note(
                    "record.second-value",
                    "warning",
                    f"/{field}",
                    f"the source states {field} more than once: the first is kept, this one at {at} is not",
                    text if text is not None else str(value),
                )
            return
        self._one[field] = value
        self._provenance[f"/{field}"] = Origin(field=at, text=text, by=by)

    def has(self, field: str) -> bool:
        """Whether the field has a value by now."""
        return field in self._one or bool(self._many.get(field))

    def stated(self, kind: Literal["accession", "local", "fallback"]) -> str | None:
        """The identifier that was offered by :meth:`name`."""
        return self._names[kind][0] if kind in self._names else None

    def values(self, field: str) -> tuple[Word, ...]:
        """What a field that holds several values has by now."""
        return tuple(self._many.get(field, ()))

    def contents(self, field: str) -> list[str]:
        """Contents of the texts that the field has by now."""
        return [value.content for value in self._many.get(field, ()) if isinstance(value, Text)]

    def labels(self, field: str) -> list[str]:
        """Labels of the terms that the field has by now."""
        return [value.label for value in self._many.get(field, ()) if isinstance(value, Term)]

    def note(self, rule: str, severity: Severity, pointer: str, message: str, text: str = "") -> None:
        """Report something a person should know."""
        self._findings.append(Finding(rule, severity, pointer, message, text))

    def name(self, kind: Literal["accession", "local", "fallback"], value: str, at: str) -> None:
        """Offer an identifier: the accession number, the stable local number, or whatever else names it.

        The first offer of each kind counts. The accession falls back on the local number and then on
        the fallback; the record's id takes the local number before the accession.
        """
        value = value.strip()
        if len(value) > _MAX_IDENTIFIER:
            message = f"an identifier of more than {_MAX_IDENTIFIER} characters was not taken"
            self.note("record.long-identifier", "warning", at, message, value)
        elif value:
            self._names.setdefault(kind, (value, at))

    def merge(self, field: str, values: Mapping[str, str | None], at: str) -> None:
        """Fill the parts of a field that the source states in several places; what is there stays."""
        stated = {key: value for key, value in values.items() if value}
        held = self._one.get(field)
        parts = dict(held) if isinstance(held, dict) else {}
        for key, value in stated.items():
            if parts.setdefault(key, value) != value:
                message = f"the source states it more than once: the first is kept, this one at {at} is not"
                self.note("record.second-value", "warning", f"/{field}/{key}", message, value)
            else:
                self._provenance.setdefault(f"/{field}/{key}", Origin(field=at))
        if parts:
            self._one[field] = parts

    def span(
        self, bounds: tuple[str | None, str | None], text: str | None, at: str, *, exact: bool = False
    ) -> tuple[TimeSpan | None, str]:
        """Bounds and wording as one time-span, with the rule that made it; findings are kept here."""
        stated: StatedSpan = stated_span(*bounds, text, exact=exact)
        for rule, severity, message, original in stated.remarks:
            self.note(rule, severity, at, message, original)
        return stated.span, stated.by

    def dates(self, text: str, field: str, at: str) -> None:
        """Read ``text`` into the time-span ``field``; what cannot be read is reported."""
        span, by = self.span((None, None), text, at)
        if span is not None:
            self.put(field, span, at, text, by)

    def measurements(self, text: str, at: str) -> None:
        """Read dimension text such as ``26.7 x 12 cm``; what cannot be read is reported."""
        reading = read_dimensions(text)
        for dimension in reading.values:
            self.add("dimensions", dimension, at, text, reading.by)
        if reading.unread or not reading.values:
            self.note(
                "dimensions.unread",
                "warning",
                at,
                "part of the dimension text was not understood; it is kept as written",
                reading.unread or text,
            )

    def measure(self, kind: str, value: str, unit: str, at: str, of: str = "overall") -> None:
        """Take one measured value with its unit; ``kind`` outside the record's list becomes ``other``."""
        found = stated_unit(unit)
        number = _number(value)
        text = f"{value} {unit}".strip()
        if found is None or number is None or number <= 0:
            self.note("dimensions.unread", "warning", at, "expected a positive number and a known unit", text)
            return
        known: Any = kind if kind in DIMENSION_KINDS else "other"
        dimension = Dimension(
            kind=known,
            value=to_si(number, found),
            unit=SI_UNIT[found.family],
            of=of or "overall",
            stated_value=number,
            stated_unit=found.name,
        )
        self.add("dimensions", dimension, at, text, f"dimensions.{found.name}")

    def finish(self) -> Mapped | Rejection:
        """The record and its findings, or the reason why there is none."""
        stable = self._names.get("local") or self._names.get("accession") or self._names.get("fallback")
        accession = self._names.get("accession") or stable
        if stable is None or accession is None:
            return self.reject(
                "", "no identifier: neither an accession number nor another identifier nor a URI is stated",
                "Export the records with their inventory numbers",
            )  # fmt: skip
        if "accession" not in self._names:
            message = "no accession number is stated; another identifier stands in its place"
            self.note("accession.missing", "warning", "/accession", message, accession[0])
        self._provenance["/id"] = Origin(field=stable[1], text=stable[0], by="identifier")
        self._provenance["/accession"] = Origin(field=accession[1])
        values: dict[str, object] = {
            **{field: tuple(many) for field, many in self._many.items()},
            **self._one,
            "id": artifact_id(self.institution, stable[0]),
            "institution": self.institution,
            "accession": accession[0],
            "sources": (SourceRef(file=self.file, row=self.number),),
            "provenance": self._provenance,
        }
        try:
            record = ArtifactRecord.model_validate(values)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = "/".join(str(step) for step in first["loc"])
            return self.reject(place, first["msg"], "Correct the value in the source")
        return Mapped(record, tuple(self._findings), self.raw)

    def reject(self, field: str, reason: str, remedy: str) -> Rejection:
        """The record as a rejection."""
        return Rejection(self.file, self.number, field, reason, remedy, self.raw)

    def identify(self, value: str, kind: Literal["accession", "local", "uri", "other"], at: str) -> None:
        """Keep a further identifier beside the ones that name the record."""
        if value.strip():
            self.add("identifiers", Identifier(value=value.strip(), kind=kind), at)


def artifact_id(institution: Slug, identifier: str) -> str:
    """``institution:identifier``; white space, which an id cannot hold, becomes one underscore."""
    return f"{institution}:{'_'.join(identifier.split())}"


def language_tag(text: str | None) -> LanguageTag:
    """A BCP 47 tag as the record wants it; ``und`` for what is none."""
    return (read_language(text) if text else None) or "und"


def _number(text: str) -> float | None:
    cleaned = text.strip().replace("\u00a0", "").replace(" ", "")
    if cleaned.count(",") == 1 and "." not in cleaned:
        cleaned = cleaned.replace(",", ".")
    try:
        number = float(cleaned)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None
