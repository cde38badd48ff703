"""``Mapper``: one source row in, one artifact record or one reason against it out."""

import re
from collections.abc import Callable
from typing import Any, Final

from pydantic import ValidationError

from assets.catalog.field_rules import FieldRule
from assets.catalog.mapping.cells import part
from assets.catalog.mapping.checks import checker
from assets.catalog.mapping.choice import Apply, Setting, condition
from assets.catalog.mapping.dates import date_rule
from assets.catalog.mapping.dimensions import dimensions_rule, measure_rule
from assets.catalog.mapping.draft import Draft, origin
from assets.catalog.mapping.links import acquisition_rule, image_rule, relation_rule, rights_rule
from assets.catalog.mapping.makers import maker_rule
from assets.catalog.mapping.memory import reads_one_cell, remembered
from assets.catalog.mapping.places import place_rule
from assets.catalog.mapping.terms import term, term_rule
from assets.catalog.mapping.texts import copy_rule, identifier, identifier_rule, text_rule
from assets.catalog.profile import Profile
from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Mapped, Rejection, SourceRow

_COMPILE: Final[dict[str, Callable[[Any, Setting], Apply]]] = {
    "text": text_rule, "copy": copy_rule, "term": term_rule, "materials": term_rule,
    "techniques": term_rule, "object_types": term_rule, "cultures": term_rule, "periods": term_rule,
    "date": date_rule, "dimensions": dimensions_rule, "measure": measure_rule, "maker": maker_rule,
    "place": place_rule, "identifier": identifier_rule, "image": image_rule, "relation": relation_rule,
    "acquisition": acquisition_rule, "rights": rights_rule,
}  # fmt: skip

_CONSTANT: Final = origin(0, "profile", None, "constant")
_TERMS: Final = frozenset(("object_types", "cultures", "periods", "subjects"))


class Mapper:
    """A profile, compiled. Pure: the same row always gives the same answer.

    ``map`` never raises for what a row holds: what cannot be a record is a Rejection with field, reason
    and remedy; what can is Mapped with an Origin for every value and a Finding for whatever was noticed.
    """

    def __init__(self, profile: Profile) -> None:
        nothing = frozenset(profile.source.nothing)
        setting = Setting(profile.institution.language, nothing)
        self._profile = profile
        self._slug = profile.institution.slug
        self._rules = [_compile(rule, setting) for rule in profile.fields]
        self._constants = _constants(profile)
        self._check = checker(profile.checks, nothing)
        self._rejects = [(entry, condition(entry.when, nothing)) for entry in profile.reject]
        self._read_id = part(profile.record.id, nothing)
        self._read_accession = part(profile.record.accession, nothing)
        extract = profile.record.id_extract
        self._extract = re.compile(extract) if extract else None
        split = profile.record.accession_split
        self._split = re.compile(split) if split else None

    def map(self, row: SourceRow) -> Mapped | Rejection:
        """What the profile makes of one row."""
        for entry, holds in self._rejects:
            if holds(row.cells):
                return _reject(row, entry.when.column, entry.reason, entry.remedy)
        cells, failed = self._check(row)
        if isinstance(failed, Rejection):
            return failed
        draft = Draft(row, cells)
        draft.findings += failed
        problem = self._identify(draft, row)
        if problem is not None:
            return problem
        try:
            for apply in self._rules:
                apply(draft)
        except ValidationError as error:
            return _invalid(row, error)
        for field, value in self._constants:
            draft.values.setdefault(field, value)
            draft.provenance.setdefault(f"/{field}", _CONSTANT)
        return self._build(draft, row)

    def _identify(self, draft: Draft, row: SourceRow) -> Rejection | None:
        number, accession = self._read_id(draft.cells), self._read_accession(draft.cells)
        keys = self._profile.record
        if number is None:
            if not any(value not in (None, "", [], {}) for value in row.cells.values()):
                return _reject(row, "", "the row is empty", "Nothing to do; it holds no artifact.")
            reason = f"no identifier: {' and '.join(keys.id)} hold nothing"
            return _reject(
                row, keys.id[0], reason, "Fill in the identifier, or name another column in [record] id."
            )
        if accession is None:
            if keys.accession_missing == "reject":
                reason = f"no accession number: {' and '.join(keys.accession)} hold nothing"
                remedy = 'Fill it in, or set accession_missing = "use-id" in [record].'
                return _reject(row, keys.accession[0], reason, remedy)
            message = f"no accession number; the identifier {number} stands in for it"
            draft.note("accession.missing", "warning", "/accession", message)
        match = self._extract.search(number) if self._extract else None
        if match is not None:
            number = match[1] if match.re.groups else match[0]
        key = "_".join(number.split())
        draft.values["id"] = f"{self._slug}:{key}"
        draft.provenance["/id"] = origin(0, keys.id[0], None, "copied")
        self._put_accession(draft, accession, number)
        return None

    def _put_accession(self, draft: Draft, accession: str | None, number: str) -> None:
        column = self._profile.record.accession[0]
        if accession is None:
            draft.values["accession"] = number
            draft.provenance["/accession"] = origin(0, self._profile.record.id[0], None, "accession.id")
            return
        found = self._split.split(accession) if self._split else [accession]
        pieces = [piece.strip() for piece in found if piece.strip()] or [accession]
        draft.values["accession"] = pieces[0]
        split = len(pieces) > 1
        came = origin(0, column, accession if split else None, "accession.split" if split else "copied")
        draft.provenance["/accession"] = came
        if split:
            for piece in pieces:
                draft.add("identifiers", identifier(piece, "accession"), came)

    def _build(self, draft: Draft, row: SourceRow) -> Mapped | Rejection:
        values, profile = draft.values, self._profile
        for field in profile.record.required:
            if not values.get(field):
                reason = f"{field} is required and no rule found a value"
                return _reject(row, field, reason, "Fill it in, or take it out of required in [record].")
        values["institution"] = self._slug
        values["sources"] = tuple(draft.sources)
        values["provenance"] = draft.provenance
        if profile.rights is not None:
            values.setdefault("rights", profile.rights)
        if profile.required_statement is not None:
            values["required_statement"] = profile.required_statement
        try:
            record = _record(values)
        except ValidationError as error:
            return _invalid(row, error)
        return Mapped(record, tuple(draft.findings), row.raw)


def _compile(rule: FieldRule, setting: Setting) -> Apply:
    apply = _COMPILE[str(getattr(rule, "reading", ""))](rule, setting)
    return remembered(apply, rule.paths[0]) if reads_one_cell(rule) else apply


def _constants(profile: Profile) -> list[tuple[str, Any]]:
    made: list[tuple[str, Any]] = []
    for field, value in profile.constants.items():
        labels = (value,) if isinstance(value, str) else value
        if field in _TERMS:
            made.append((field, tuple(term(label, None, profile.institution.language) for label in labels)))
        else:
            made.append((field, "; ".join(labels)))
    return made


def _record(values: dict[str, Any]) -> ArtifactRecord:
    """The record of a draft whose parts were validated when they were made.

    What the draft itself puts together is an identifier by the rules of :data:`ArtifactId` and plain texts;
    where these are more than ASCII, or the identifier is empty, validation has the last word.
    """
    known: dict[str, Any] = {}
    for field, value in values.items():
        if type(value) is str and not value.isascii():
            return ArtifactRecord.model_validate(values)
        known[field] = tuple(value) if type(value) is list else value
    if known["id"].endswith(":"):
        return ArtifactRecord.model_validate(values)
    return ArtifactRecord.assembled(known)


def _invalid(row: SourceRow, error: ValidationError) -> Rejection:
    first = error.errors()[0]
    field = "/".join(str(step) for step in first["loc"])
    reason = f"{error.title}: {first['msg']}, found {str(first['input'])[:100]!r}"
    return _reject(row, field, reason, "Correct that value in the source, or its rule in the profile.")


def _reject(row: SourceRow, field: str, reason: str, remedy: str) -> Rejection:
    return Rejection(row.file, row.number, field, reason, remedy, row.raw)
