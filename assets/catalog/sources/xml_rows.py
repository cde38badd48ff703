"""Records of an XML file, one element at a time: LIDO and other exports larger than memory.

Parsed by lxml with entities, network and external DTDs off. A document type that declares entities is
refused before anything is expanded (billion laughs, XML external entity injection; OWASP "XML External
Entity Prevention").
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.parsers import expat

from lxml import etree

from assets.catalog.row import SourceError
from assets.catalog.sources.byte_source import ByteSource, file_source

_PROLOG_BYTES: Final = 1024 * 1024


class _EntityDeclared(Exception):
    """The document type declares an entity."""


class _PrologEnded(Exception):
    """The root element opened: no declaration can follow."""


class _BoundedReader:
    """What lxml reads from: refuses to go on when one element alone would pass ``max_bytes``."""

    def __init__(self, source: ByteSource, max_bytes: int) -> None:
        self._source = source
        self._chunks = source.chunks(chunk_bytes=32 * 1024)
        self._max_bytes = max_bytes
        self._since_element = 0
        self.elements = 0

    def read(self, _size: int = -1) -> bytes:
        chunk = next(self._chunks, b"")
        self._since_element += len(chunk)
        if self._since_element > self._max_bytes:
            raise SourceError(
                self._source.file,
                f"no record ends within {self._max_bytes:,} bytes",
                "Check that the file holds the expected record element and that the element is closed",
                self.elements + 1,
            )
        return chunk

    def element_ended(self) -> None:
        self._since_element = 0
        self.elements += 1


def read_elements(
    path: Path, tag: str, *, max_bytes: int = 16 * 2**20
) -> Iterator[tuple[int, etree._Element, bytes]]:
    """Yield each outermost ``tag`` element as (1-based number, element, its XML in UTF-8).

    ``tag`` is in lxml's form: ``{namespace}name``, or ``{*}name`` for any namespace. The element may be
    used until the next one is asked for, then it is emptied: memory stays below a few times
    ``max_bytes`` (the limit of one record) whatever the file's length. ``path`` may end in ``.gz``.

    Raises:
        SourceError: the file cannot be read, is not well-formed, declares entities, or a record is
            larger than ``max_bytes``. Elements before the damage were yielded.
    """
    yield from read_source_elements(file_source(path), tag, max_bytes=max_bytes)


def read_source_elements(
    source: ByteSource, tag: str, *, max_bytes: int = 16 * 2**20
) -> Iterator[tuple[int, etree._Element, bytes]]:
    """Do what :func:`read_elements` does, for a source that need not be a file of its own."""
    refuse_entities(source)
    reader = _BoundedReader(source, max_bytes)
    depth = 0
    try:
        for event, element in _parse(reader, tag):
            depth += 1 if event == "start" else -1
            if event == "start" or depth:
                continue
            reader.element_ended()
            yield reader.elements, element, etree.tostring(element, encoding="utf-8", with_tail=False)
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise _malformed(source.file, error, reader.elements + 1) from error


def _parse(reader: _BoundedReader, tag: str) -> "etree.iterparse[tuple[str, etree._Element]]":
    return etree.iterparse(
        reader,
        events=("start", "end"),
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )


def refuse_entities(source: ByteSource) -> None:
    """Read the prolog with expat and stop at the first entity declaration, before any is expanded.

    What is wrong in another way is left for the parser proper, which says it better.
    """
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = _stop
    read = 0
    try:
        for chunk in source.chunks(chunk_bytes=16 * 1024):
            parser.Parse(chunk, False)
            read += len(chunk)
            if read > _PROLOG_BYTES:
                raise SourceError(
                    source.file,
                    f"no XML element opens within the first {_PROLOG_BYTES:,} bytes",
                    "Check that the file is an XML export",
                )
    except _EntityDeclared as error:
        raise SourceError(
            source.file,
            "the document type declares entities, which can expand without end or read other files",
            "Export without a DOCTYPE, or with the entities written out",
        ) from error
    except _PrologEnded:
        return
    except (expat.ExpatError, ValueError, LookupError):
        return


def _refuse(*_declaration: object) -> None:
    raise _EntityDeclared


def _stop(*_element: object) -> None:
    raise _PrologEnded


def _forget(element: etree._Element) -> None:
    """Empty an element that was read and drop what stood before it, so that the tree does not grow."""
    element.clear()
    read: etree._Element | None = element
    while read is not None:
        parent = read.getparent()
        # what follows may be parsed already and still wants reading
        while parent is not None and read.getprevious() is not None:
            del parent[0]
        read = parent


def _malformed(file: str, error: etree.XMLSyntaxError, row: int) -> SourceError:
    reason = " ".join(str(error.msg).split()) if error.msg else "it ends before its first element"
    return SourceError(
        file,
        f"not well-formed XML: {reason}",
        "Export the file again, or mend it at that line; records before it can be read",
        row,
    )
