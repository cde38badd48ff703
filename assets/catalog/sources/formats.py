"""Which format a file of records is in, by its content and its name together."""

import json
import re
from pathlib import PurePosixPath
from typing import Final, cast

from assets.catalog.row import SourceError
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.options import Format, ReadOptions, Reporting

_BY_SUFFIX: Final[dict[str, Format]] = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".json": "json", ".jsonld": "json", ".geojson": "json",
    ".ndjson": "ndjson", ".jsonl": "ndjson", ".ldjson": "ndjson", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".yml": "yaml", ".yaml": "yaml", ".md": "markdown-front-matter", ".markdown": "markdown-front-matter",
}  # fmt: skip

_SPREADSHEET: Final = "Open it in a spreadsheet program and save it as .xlsx, or as CSV in UTF-8"
_XML: Final = (
    "LIDO is ingested with --profile lido --institution NAME, RDF with --profile crm-graph; "
    "export other XML as CSV or JSON"
)
_EXPORT: Final = "Export the records as CSV, JSON, NDJSON or XLSX"
_UNPACK: Final = "Unpack it first, or pack it as .zip or .gz"
_FOREIGN: Final = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel file (.xls), or a workbook with a password",
        _SPREADSHEET,
    ),
    (b"%PDF", "a PDF", _EXPORT),
    (b"SQLite format 3\0", "an SQLite database", _EXPORT),
    (b"PAR1", "a Parquet file", _EXPORT),
    (b"{\\rtf", "a rich text document", _EXPORT),
    (b"\x89PNG", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
    (b"GIF8", "a picture", _EXPORT),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK),
    (b"(\xb5/\xfd", "a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
)
_ZIP: Final = b"PK\x03\x04"
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROL: Final = bytes(set(range(32)) - set(b"\0\t\n\v\f\r\x1a\x1b\x1e"))
_FRONT_MATTER: Final = re.compile(r"---[ \t]*\r?\n.*?^---[ \t]*$", re.S | re.M)
_LINES_TRIED: Final = 20


def format_by_name(name: str) -> Format | None:
    """The format that a file's name promises, looking through ``.gz``; None where it promises none."""
    return _BY_SUFFIX.get(PurePosixPath(name.lower().removesuffix(".gz")).suffix)


def find_format(source: ByteSource, options: ReadOptions, report: Reporting) -> Format:
    """The format of a file. Content decides; the name decides where content leaves it open.

    A name that says otherwise than the content is reported. A format stated by the profile is taken,
    unless the content cannot be in it.

    Raises:
        SourceError: the file is empty, or in no format that holds rows.
    """
    head = source.head()
    named = format_by_name(source.name)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        if head.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise SourceError(source.file, "it holds nothing but zero bytes", "Copy or export the file again")
        raise SourceError(source.file, "the file is empty", "Export it again")
    found = _by_content(head, named, source)
    if options.format != "auto":
        _refuse_contradiction(source, options.format, found)
        return options.format
    if named is not None and found != named and {found, named} != {"csv", "tsv"}:
        report.say(
            source.file,
            "source.extension",
            f"the name says {named}, the content is {found}: read as {found}",
            "warning",
        )
    return found


def _by_content(head: bytes, named: Format | None, source: ByteSource) -> Format:
    _refuse_foreign(head, source)
    if head.startswith(_ZIP):
        if b"opendocument.spreadsheet" in head[:200]:
            raise SourceError(source.file, "it is an OpenDocument spreadsheet", _SPREADSHEET)
        if b"[Content_Types].xml" in head or b"xl/" in head or named == "xlsx":
            return "xlsx"
        raise SourceError(source.file, "it is a zip archive where a file was expected", _UNPACK)
    text = _as_text(head).lstrip()
    if text.startswith("<"):
        raise _markup(source, text)
    if text.startswith(("{", "[")):
        return _json_kind(text, named)
    if _FRONT_MATTER.match(text) and named not in ("yaml", "csv", "tsv"):
        return "markdown-front-matter"
    if text.startswith(("%YAML", "---\n", "---\r\n")) and named not in ("csv", "tsv"):
        return "markdown-front-matter" if named == "markdown-front-matter" else "yaml"
    if named in ("yaml", "markdown-front-matter", "csv", "tsv"):
        return cast("Format", named)
    if named in ("json", "ndjson") and not _looks_like_table(text):
        raise SourceError(source.file, "it does not begin like JSON, with { or [", "Export it again")
    return "csv"


def _refuse_foreign(head: bytes, source: ByteSource) -> None:
    for magic, what, remedy in _FOREIGN:
        if head.startswith(magic):
            raise SourceError(source.file, f"it is {what}", remedy)
    controls = len(head) - len(head.translate(None, _CONTROL))
    if controls > len(head) // 20 and not head.startswith((_ZIP, b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(source.file, "it is a binary file of an unknown kind", _EXPORT)


def _markup(source: ByteSource, text: str) -> SourceError:
    if re.match(r"<(!doctype html|html|head|body)\b", text, re.I):
        return SourceError(
            source.file,
            "it is a web page, perhaps a log-in or error page saved in place of the export",
            "Download the export again",
        )
    return SourceError(source.file, "it is XML, which has no rows", _XML)


def _json_kind(text: str, named: Format | None) -> Format:
    """``ndjson`` where lines are objects of their own."""
    if text.startswith("["):
        return "json"
    lines = [line for line in text.split("\n")[:_LINES_TRIED] if line.strip()]
    whole = [line for line in lines if _is_object(line)]
    if len(lines) == 1:
        return "ndjson" if named == "ndjson" else "json"
    if whole:
        return "ndjson"
    return "ndjson" if named == "ndjson" and lines[0].strip() != "{" else "json"


def _is_object(line: str) -> bool:
    text = line.strip(" \t\r\n\x1e")
    if not text.startswith("{") or not text.endswith("}"):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _looks_like_table(text: str) -> bool:
    first = text.split("\n", 1)[0]
    return "\n" in text and any(sign in first for sign in ",;\t|")


def _as_text(head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    return head.replace(b"\0", b"").decode("utf-8", "replace")


def _refuse_contradiction(source: ByteSource, stated: Format, found: Format) -> None:
    """Text may be read as any text format; a workbook only as one."""
    if (stated == "xlsx") != (found == "xlsx"):
        raise SourceError(
            source.file,
            f"the profile states {stated}, the content is {found}",
            f"Export the file as {stated}, or correct format in the profile",
        )
