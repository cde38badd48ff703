"""Records made for tests."""

from collections.abc import Iterable
from typing import Any

from assets.catalog.ingest import Source
from assets.catalog.mapping import Mapper
from assets.catalog.profile import parse_profile
from assets.catalog.record import (
    Actor,
    ArtifactRecord,
    Dimension,
    Maker,
    Origin,
    SourceRef,
    Text,
    TimeSpan,
)
from assets.catalog.row import Mapped, Rejection, SourceRow

STARTED = "2026-01-01T00:00:00+00:00"
PROFILE = """
[institution]
slug = "m"
name = "Museum"

[record]
id = "ID"
accession = "ID"
"""
"""What a profile must say at least; fields come after it."""


def a_record(number: str = "A1", **changes: object) -> ArtifactRecord:
    """A painting of the museum ``m``; ``changes`` replace its fields."""
    fields: dict[str, object] = {
        "id": f"m:{number}",
        "institution": "m",
        "accession": number,
        "titles": (Text(content=f"The Preaching of Warning {number}", language="en", kind="title"),),
        "makers": (Maker(actor=Actor(name="Robert Blake", kind="person"), role="artist"),),
        "produced": TimeSpan(earliest=1785, latest=1785, edtf="1785", text="1785"),
        "dimensions": (Dimension(kind="height", value=0.343, unit="m"),),
        "sources": (SourceRef(file="export.csv", row=1),),
        "provenance": {
            "/accession": Origin(field="Number"),
            "/titles/0": Origin(field="Title"),
            "/produced": Origin(field="Date", text="1785", by="dates.year"),
        },
    }
    return ArtifactRecord.model_validate(fields | changes)


def mapped(records: Iterable[ArtifactRecord]) -> list[Mapped]:
    """As a reader would yield them."""
    return [Mapped(record, (), record.accession.encode()) for record in records]


def a_source(outcomes: Iterable[Mapped | Rejection], name: str = "m", digest: str = "1") -> Source:
    """A source of one file."""
    return Source(name, "Museum", outcomes, {"export.csv": digest})


def mapped_row(profile: str, **cells: Any) -> Mapped:
    """What a profile makes of the row with these cells, whose ``ID`` is 1; it must make something of it."""
    row = SourceRow("m.csv", 1, {"ID": "1", **cells}, b"raw")
    outcome = Mapper(parse_profile(profile, "m.toml")).map(row)
    assert isinstance(outcome, Mapped), outcome
    return outcome
