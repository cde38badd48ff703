"""Rows mapped by a small profile, for tests of single rules."""

from typing import Any

from assets.catalog.mapping import Mapper
from assets.catalog.profile import parse_profile
from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Finding, Mapped, Rejection, SourceRow

HEAD = """
[institution]
slug = "m"
name = "Museum"
language = "en"

[record]
id = "ID"
accession = ["Number", "Numbers"]
accession_split = ' and '
required = ["titles"]
{record}

[[fields]]
to = "titles"
from = "Title"
"""


def outcome(fields: str, cells: dict[str, Any], record: str = "") -> Mapped | Rejection:
    profile = parse_profile(HEAD.replace("{record}", record) + fields, "m.toml")
    row = {"ID": "1", "Number": "1990.1", "Title": "Bowl"} | cells
    return Mapper(profile).map(SourceRow("m.csv", 7, row, b"raw"))


def mapped(fields: str, **cells: Any) -> tuple[ArtifactRecord, tuple[Finding, ...]]:
    result = outcome(fields, cells)
    assert isinstance(result, Mapped), result
    return result.record, result.findings


def rejected(fields: str, record: str = "", **cells: Any) -> Rejection:
    result = outcome(fields, cells, record)
    assert isinstance(result, Rejection), result
    assert result.remedy
    assert (result.file, result.row, result.raw) == ("m.csv", 7, b"raw")
    return result


def field(text: str) -> str:
    return f"\n[[fields]]\n{text}\n"


def rules(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity) for finding in findings]
