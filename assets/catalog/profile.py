"""A mapping profile: how one institution's export becomes artifact records, written in TOML, without code.

Words only; files are read in ``assets.catalog.sources.by_profile``. Every table is closed: a key that is not
known is an error that names the key and what to write instead. Units of length are stated where the source
states none; years are astronomical in the record, and a rule says how the source counts them.
"""

import difflib
import tomllib
from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError, model_validator

from assets.catalog.field_rules import Closed, Condition, FieldRule, Paths, Pattern, Rule
from assets.catalog.governance.policy import Governance
from assets.catalog.record import ArtifactRecord, LanguageTag, RequiredStatement, Rights, Slug, Uri
from assets.catalog.row import SourceError

Format = Literal["csv", "tsv", "json", "ndjson", "xlsx", "yaml", "markdown-front-matter"]

NOTHING: Final = ("null", "nan", "n/a", "#n/a", "\\n")
"""Cells that mean "empty" in any table, lower case."""


class Institution(Closed):
    """Whose collection it is."""

    slug: Slug
    """First half of every artifact id."""
    name: str = Field(min_length=1)
    uri: Uri | None = None
    language: LanguageTag = "und"
    """Language of texts and terms where a rule does not say it."""


class Join(Closed):
    """Another table whose rows belong to rows of the main one; it is held in memory."""

    name: Slug
    """Its rows are reached as ``name[].Column``."""
    files: Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]
    on: str
    """Path in the main row; ``contributors[].id`` hangs the rows under each contributor."""
    key: str
    """Path in this table that holds the same value."""
    columns: tuple[str, ...] = ()
    """Names of the columns where the file has no header."""
    format: Format | None = None
    encoding: str | None = None
    delimiter: str | None = None
    items: str | None = None
    optional: bool = False
    """True where the export is complete without this file."""


class Source(Closed):
    """Which files, and how they are read."""

    files: Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)] = ("*",)
    """Names or patterns below the folder that is ingested; ``**`` goes down."""
    format: Format | None = None
    """Told from the file's name where it is left out."""
    encoding: str | None = None
    """Found out where it is left out."""
    delimiter: str | None = None
    items: str | None = None
    """Path of the records inside a JSON or YAML document, such as ``data``."""
    sheet: str | None = None
    header: bool = True
    columns: tuple[str, ...] = ()
    """Names of the columns where ``header`` is false."""
    nothing: tuple[Annotated[str, StringConstraints(to_lower=True)], ...] = NOTHING
    """Cells that mean "empty", upper and lower case alike."""
    joins: tuple[Join, ...] = ()


class RecordKeys(Closed):
    """What makes a record the same record in the next export."""

    id: Paths
    """The institution's key that does not change, often a number of its database."""
    accession: Paths
    id_extract: Pattern | None = None
    """Take only this part of the identifier: the first group, or the whole match."""
    accession_split: Pattern | None = None
    """Where one cell holds several numbers: the first is the accession, all become identifiers."""
    accession_missing: Literal["reject", "use-id"] = "reject"
    required: tuple[str, ...] = ()
    """Parts of the record without which a row is rejected."""

    @model_validator(mode="after")
    def _required_parts_exist(self) -> "RecordKeys":
        for name in self.required:
            if name not in ArtifactRecord.model_fields:
                near = nearest(name, ArtifactRecord.model_fields)
                raise ValueError(f"required names {name!r}, which a record does not have{near}")
        return self


class Reject(Closed):
    """Rows that are not artifacts, or must not be taken."""

    when: Condition
    reason: str
    remedy: str = "Nothing to do where that is meant; otherwise change the condition in the profile."


class Checks(Closed):
    """What columns must look like; a cell that does not is a sign of shifted columns."""

    columns: dict[str, Literal["year", "number", "integer", "address", "date"]] = Field(default_factory=dict)
    reject_at: int = Field(2, ge=1)
    """A row with so many failing cells is rejected; below that the cell is dropped with an error finding."""


class Profile(Closed):
    """How one institution's export becomes artifact records."""

    institution: Institution
    source: Source = Source()
    record: RecordKeys
    rights: Rights | None = None
    """Rights of every record that no rule says otherwise of."""
    required_statement: RequiredStatement | None = None
    constants: dict[
        Literal["department", "credit_line", "medium", "object_types", "cultures", "periods", "subjects"],
        str | tuple[str, ...],
    ] = Field(default_factory=dict)
    """Values that every record of this export has."""
    fields: tuple[Rule, ...] = ()
    checks: Checks = Checks()
    reject: tuple[Reject, ...] = ()
    governance: Governance = Governance()

    @model_validator(mode="after")
    def _fields_read_something(self) -> "Profile":
        for position, rule in enumerate(self.fields):
            if not rule.paths and not rule.parts():
                raise ValueError(f"fields[{position}] (to = {rule.to!r}) reads nothing: add 'from'")
        return self

    def columns(self) -> tuple[tuple[str, str], ...]:
        """(profile key, path) of everything the main row must have."""
        named = [("record.id", path) for path in self.record.id[:1]]
        named += [("record.accession", path) for path in self.record.accession[:1]]
        named += [(f"source.joins[{n}].on", join.on) for n, join in enumerate(self.source.joins)]
        named += [("checks.columns", path) for path in self.checks.columns]
        named += [(f"reject[{n}].when.column", entry.when.column) for n, entry in enumerate(self.reject)]
        for position, rule in enumerate(self.fields):
            if not rule.optional:
                named += [(f"fields[{position}] (to = {rule.to!r})", path) for path in _needed(rule)]
        return tuple(named)


def _needed(rule: FieldRule) -> tuple[str, ...]:
    alternatives = set(rule.paths[1:])
    return tuple(path for path in rule.columns if path not in alternatives)


def nearest(name: str, known: Iterable[str]) -> str:
    """`` (did you mean 'Title', 'Titel'?)``, or nothing where no known name is near."""
    folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)
    names = ", ".join(repr(folded[match]) for match in found)
    return f" (did you mean {names}?)" if names else ""


def parse_profile(text: str, name: str) -> Profile:
    """Reads a profile's TOML; ``name`` is the file's name for messages.

    Raises SourceError naming the key and the remedy for everything that is wrong with it.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise SourceError(
            name, f"not TOML: {problem}", "Correct that line; text values need quotes."
        ) from None
    try:
        return Profile.model_validate(table)
    except ValidationError as problem:
        reasons = [_explain(error["loc"], error["msg"], error["type"]) for error in problem.errors()]
        raise SourceError(
            name, "; ".join(reasons), "Correct these keys; docs/profiles.md lists them."
        ) from None


def _explain(location: tuple[int | str, ...], message: str, kind: str) -> str:
    key = ""
    for step in location:
        key += f"[{step}]" if isinstance(step, int) else f".{step}" if key else str(step)
    if kind == "extra_forbidden":
        return f"{key}: there is no such key{nearest(str(location[-1]), _known_keys(location))}"
    return f"{key}: {message[0].lower()}{message[1:]}" if key else message


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    models: list[type[BaseModel]] = [Profile]
    models += [
        model for model in (Institution, Source, Join, RecordKeys, Checks, Reject) if len(location) > 1
    ]
    if location[0] == "fields" and len(location) > 2:
        named = f"{location[2]}rule"
        models = [rule for rule in FieldRule.__subclasses__() if rule.__name__.lower() == named]
    return [field.alias or name for model in models for name, field in model.model_fields.items()]
