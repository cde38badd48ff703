"""Rows of a YAML file, and of Markdown files that begin with YAML.

Parsed by PyYAML's C parser into nodes, so that each record keeps its own bytes. Scalars are read by the
JSON-like core of YAML 1.2 and only where nothing is lost: ``2010.80``, ``0042``, ``12:30``, ``no`` and
``1890-01-01`` stay text, because a YAML 1.1 reader would make 2010.8, 34, 750, false and a date of them.

Memory: the whole document, which may not be larger than ``max_record_bytes``.
"""

import re
from collections.abc import Iterator
from typing import Final, cast

import yaml

from assets.catalog.row import Cell, Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.encoding import find_encoding, report_encoding
from assets.catalog.sources.json_rows import find_items
from assets.catalog.sources.json_values import kind_of
from assets.catalog.sources.options import ReadLimits, ReadOptions, Reporting

BODY: Final = "body"
"""The cell that holds a Markdown file's text after its front matter."""

_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_WORDS: Final[dict[str, Cell]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_FRONT: Final = re.compile(r"\A---[ \t]*\r?\n(?P<front>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_MERGE: Final = "tag:yaml.org,2002:merge"
_TEXT: Final = "tag:yaml.org,2002:str"


class _DocumentReader:
    """Reads the nodes of one YAML text."""

    def __init__(self, file: str, limits: ReadLimits) -> None:
        self.file = file
        self._limits = limits
        self.repeated: set[str] = set()

    def documents(self, text: str) -> list[yaml.Node]:
        """The documents of ``text`` as nodes, none of them large enough to hurt.

        Raises:
            SourceError: not YAML, nested too deeply, or aliases that expand too far.
        """
        try:
            self._refuse_bombs(text)
            return [node for node in yaml.compose_all(text, yaml.CSafeLoader) if node is not None]
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise self._malformed(error) from error

    def _refuse_bombs(self, text: str) -> None:
        """Count values with aliases written out, before anything is built."""
        limits = self._limits
        sizes: dict[str, int] = {}
        open_nodes: list[tuple[str | None, int]] = []
        total = 0
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                if event.anchor not in sizes:
                    raise self._error("an alias refers to itself or to nothing", "Write the value out")
                total += sizes[event.anchor]
            elif isinstance(event, yaml.NodeEvent):
                total += 1
                if isinstance(event, yaml.CollectionStartEvent):
                    open_nodes.append((event.anchor, total))
                elif event.anchor:
                    sizes[event.anchor] = 1
            elif isinstance(event, yaml.CollectionEndEvent):
                anchor, before = open_nodes.pop()
                if anchor:
                    sizes[anchor] = total - before + 1
            if total > limits.max_nodes:
                raise self._error(
                    f"more than {limits.max_nodes:,} values once its aliases are written out",
                    "Split the file, or raise limits.max_nodes if you trust it",
                )
            if len(open_nodes) > limits.max_depth:
                raise self._too_deep()

    def value(self, node: yaml.Node) -> Cell:
        """The node as JSON values; repeated keys keep their last value and are remembered."""
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each) for each in node.value]
        return self._mapping(cast("yaml.MappingNode", node))

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Cell]:
        made: dict[str, Cell] = {}
        merged: dict[str, Cell] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                for each in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    inner = self.value(each)
                    merged = {**(inner if isinstance(inner, dict) else {}), **merged}
                continue
            name = key.value if isinstance(key, yaml.ScalarNode) else str(self.value(key))
            if name in made:
                self.repeated.add(name)
            made[name] = self.value(value)
        return {**merged, **made} if merged else made

    def _malformed(self, error: Exception) -> SourceError:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        if "nesting depth" in problem:  # the library's own limit, met while it looks ahead
            return self._too_deep()
        return self._error(f"not valid YAML{place}: {problem}", "Mend the file at that line")

    def _too_deep(self) -> SourceError:
        return self._error(f"nested deeper than {self._limits.max_depth} levels", "Flatten the file")

    def _error(self, reason: str, remedy: str) -> SourceError:
        return SourceError(self.file, reason, remedy)


def _scalar(node: yaml.ScalarNode) -> Cell:
    """Plain text becomes a number, a truth value or nothing only where it can be written back the same."""
    text: str = node.value
    if node.tag == _TEXT:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) and text != "-0" else text


def read_yaml(source: ByteSource, options: ReadOptions, report: Reporting) -> Iterator[SourceRow | Rejection]:
    """Yield the records of a YAML file: of a list, of the list that ``items`` names, or documents.

    Raises:
        SourceError: not YAML, larger than ``limits.max_record_bytes``, nested too deeply, aliases that
            expand past ``limits.max_nodes``, or ``items`` that leads to no list.
    """
    text, encoding = _whole_text(source, options, report)
    reader = _DocumentReader(source.file, options.limits)
    documents = reader.documents(text)
    if not documents:
        raise SourceError(source.file, "the file is empty", "Export it again")
    nodes = documents
    if len(documents) == 1:
        nodes = _record_nodes(documents[0], reader, options, source.file)
    whole = len(nodes) == 1 and nodes[0] is documents[0]
    for number, node in enumerate(nodes, start=1):
        raw = text[node.start_mark.index : node.end_mark.index].encode(encoding)
        yield _row(reader, node, raw, 0 if whole else number, report)


def _record_nodes(
    root: yaml.Node, reader: _DocumentReader, options: ReadOptions, file: str
) -> list[yaml.Node]:
    path = [] if options.items in ("auto", "") else options.items.split(".")
    if options.items == "auto":
        path = list(find_items(reader.value(root)))
    node = root
    for key in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = [value for name, value in pairs if isinstance(name, yaml.ScalarNode) and name.value == key]
        if not found:
            raise SourceError(
                file,
                f"items {options.items!r} does not lead to records: there is no {key!r}",
                "Correct items in the profile",
            )
        node = found[-1]
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return [node]


def _row(
    reader: _DocumentReader, node: yaml.Node, raw: bytes, number: int, report: Reporting
) -> SourceRow | Rejection:
    file = reader.file
    reader.repeated.clear()
    cells = reader.value(node)
    if not isinstance(cells, dict):
        reason = f"a record is a mapping, this is {kind_of(cells)}"
        return Rejection(file, number, "", reason, "State where the records are: items", raw)
    if reader.repeated:
        keys = ", ".join(sorted(reader.repeated)[:3])
        report.say(
            file, "source.repeated_key", f"record {number} repeats {keys}; the last was taken", "warning"
        )
    return SourceRow(file, number, cells, raw)


def read_front_matter(
    source: ByteSource, options: ReadOptions, report: Reporting
) -> Iterator[SourceRow | Rejection]:
    """Yield the one record of a Markdown file: its YAML front matter, and its text as the cell ``body``.

    A file without front matter is rejected.

    Raises:
        SourceError: as :func:`read_yaml`.
    """
    text, encoding = _whole_text(source, options, report)
    raw = text.encode(encoding)
    front = _FRONT.match(text)
    if front is None:
        remedy = "Begin the file with its fields between two lines of ---"
        yield Rejection(source.file, 0, "", "the file has no front matter", remedy, raw)
        return
    reader = _DocumentReader(source.file, options.limits)
    try:
        nodes = reader.documents(front["front"])
    except SourceError as error:
        yield Rejection(source.file, 0, "", error.reason, error.remedy, raw)
        return
    if not nodes:
        yield Rejection(source.file, 0, "", "the front matter is empty", "Give the record its fields", raw)
        return
    row = _row(reader, nodes[0], raw, 0, report)
    if isinstance(row, SourceRow):
        row = SourceRow(row.file, 0, {**row.cells, BODY: text[front.end() :].strip()}, raw)
    yield row


def _whole_text(source: ByteSource, options: ReadOptions, report: Reporting) -> tuple[str, str]:
    form = find_encoding(source, options.encoding)
    report_encoding(source.file, form, report)
    limit = options.limits.max_record_bytes
    parts: list[bytes] = []
    length = 0
    for chunk in source.chunks(on_bytes=report.one_pass()):
        parts.append(chunk)
        length += len(chunk)
        if length > limit:
            raise SourceError(
                source.file,
                f"longer than {limit:,} bytes, which is the limit of a file that must be read whole",
                "Split the file, convert it to NDJSON, or raise limits.max_record_bytes",
            )
    try:
        return b"".join(parts)[form.mark_bytes :].decode(form.encoding), form.encoding
    except UnicodeDecodeError as error:
        raise SourceError(
            source.file,
            f"byte {error.start + 1:,} is not {form.encoding} ({error.reason})",
            "Save the file as UTF-8, or state its encoding in the profile",
        ) from error
