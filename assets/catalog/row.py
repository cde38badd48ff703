"""What travels between a source file and the store: rows, readings, findings, rejections.

Words only. A reader yields :class:`SourceRow` or :class:`Rejection`; a mapper turns a row into
:class:`Mapped` or :class:`Rejection`. Nothing is dropped between the two: read = accepted + rejected.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

from assets.catalog.record import ArtifactRecord

Cell: TypeAlias = "str | int | float | bool | list[Cell] | dict[str, Cell] | None"
"""One value of a row: text from tables, JSON values from JSON."""

Severity = Literal["note", "warning", "error"]
"""``note``: put right by a rule; ``warning``: a person should look; ``error``: the value was not taken."""

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One record of a source file, before it is understood."""

    file: str
    """File name, relative to the source that is ingested."""
    number: int
    """1-based position of the record in the file, header not counted; 0 for a whole-file record."""
    cells: Mapping[str, Cell]
    """Column name (or JSON key) to value."""
    raw: bytes
    """The record's original bytes, for the reject file and for telling whether it changed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule noticed in an accepted record."""

    rule: str
    """Dotted name of the rule, e.g. ``dimensions.swapped`` or ``dates.unread``."""
    severity: Severity
    pointer: str
    """JSON Pointer (RFC 6901) into the record, or the source column where no value was made."""
    message: str
    """What was expected, what was found, what was done."""
    text: str = ""
    """The original text it is about."""
    about: str = ""
    """The part of it that a rule did not know, where that is counted over a collection."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken, kept with its reason."""

    file: str
    row: int
    """1-based, as in :class:`SourceRow`."""
    field: str
    """Column or path that caused it; empty where the whole row did."""
    reason: str
    remedy: str
    """What a person can do so that the row is taken next time."""
    raw: bytes


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row understood: the record and what was noticed on the way."""

    record: ArtifactRecord
    findings: tuple[Finding, ...]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Reading(Generic[ValueT]):
    """What a normalizer made of one text. Pure, so that it can be cached by text."""

    values: tuple[ValueT, ...]
    """The values read, in the text's order; empty where nothing could be read."""
    by: str
    """The rule that read it, e.g. ``dates.century``; recorded as the value's transformation."""
    unread: str = ""
    """The part of the text that no rule could read; empty where all of it was used."""


class SourceError(Exception):
    """A source that cannot be read at all, or not further than ``row``.

    Carries ``file``, ``row`` (``None`` where no row was reached), ``reason`` and ``remedy``.
    """

    def __init__(self, file: str, reason: str, remedy: str, row: int | None = None) -> None:
        super().__init__(file, reason, remedy, row)
        self.file = file
        self.reason = reason
        self.remedy = remedy
        self.row = row

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        return f"{place}: {self.reason}. {self.remedy}"
