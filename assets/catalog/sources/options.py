"""How a source is to be read: what a profile may state, and the limits that guard memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assets.catalog.row import Finding, Severity

Format = Literal["csv", "tsv", "json", "ndjson", "xlsx", "yaml", "markdown-front-matter"]
"""File formats that rows are read from; XML is read by element, see ``xml_rows``."""


class ReadLimits(BaseModel):
    """Bounds that keep one damaged or hostile file from filling memory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_record_bytes: int = Field(default=16 * 2**20, ge=1)
    """Bytes of one record (a CSV row with all its lines, a JSON object, a whole YAML file)."""
    max_columns: int = Field(default=16_384, ge=1)
    """Columns of a table; the default is what a spreadsheet can hold."""
    max_depth: int = Field(default=100, ge=1)
    """Nesting of lists and objects in JSON and YAML."""
    max_nodes: int = Field(default=2_000_000, ge=1)
    """Values in one YAML document, each alias counted as often as it is repeated."""
    max_members: int = Field(default=1_000_000, ge=1)
    """Files in one folder or archive."""


class ReadOptions(BaseModel):
    """How one source is read. The defaults detect everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Format | Literal["auto"] = "auto"
    encoding: str = "auto"
    """Name of the character encoding of text files, e.g. ``utf-8`` or ``cp1252``."""
    delimiter: str = Field(default="auto", pattern=r"^(auto|[^\r\n])$")
    """What stands between the cells of CSV and TSV."""
    quote: str = Field(default="auto", pattern=r"^(auto|[^\r\n]?)$")
    """What encloses a cell of CSV and TSV that holds delimiters or line ends; empty where nothing does;
    ``auto``: the double quote, or nothing in a TSV file that plainly does not use it."""
    header_row: int | Literal["auto"] = Field(default="auto", union_mode="left_to_right")
    """1-based row that names the columns, empty rows not counted; ``auto``: the first row of CSV, and of a
    worksheet the first that looks like column names."""
    columns: tuple[str, ...] = ()
    """Names of the columns of a CSV or TSV file that has no row of names; ``header_row`` is not used then."""
    items: str = "auto"
    """Dotted path to the array of records inside a JSON or YAML object, e.g. ``data.items``; empty: the
    whole document is one record; ``auto``: a key such as ``data`` or ``records`` that holds objects."""
    sheet: str | None = None
    """Worksheet of a workbook; the first that holds anything where none is named."""
    limits: ReadLimits = ReadLimits()


def _ignore_bytes(_more: int) -> None:
    return


def _ignore_note(_note: Finding) -> None:
    return


@dataclass(slots=True)
class _Furthest:
    """The furthest byte that any pass over a file has come to."""

    position: int = 0


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who hears of progress over one file and of what was detected in it."""

    on_bytes: Callable[[int], None] = _ignore_bytes
    """Called with the number of further bytes on disk that were consumed."""
    on_note: Callable[[Finding], None] = _ignore_note
    _furthest: _Furthest = field(default_factory=_Furthest, repr=False)

    def one_pass(self) -> Callable[[int], None]:
        """A counter for one pass over the file: bytes that an earlier pass reported are not told again."""
        position = 0

        def advance(more: int) -> None:
            nonlocal position
            position += more
            if position > self._furthest.position:
                self.on_bytes(position - self._furthest.position)
                self._furthest.position = position

        return advance

    def silent(self) -> "Reporting":
        """The same progress without notes, for a pass that would tell them twice."""
        return Reporting(self.on_bytes, _ignore_note, self._furthest)

    def say(self, file: str, rule: str, message: str, severity: Severity = "note") -> None:
        """Report something a person should know about a file that can be read all the same."""
        self.on_note(Finding(rule=rule, severity=severity, pointer=file, message=message))
