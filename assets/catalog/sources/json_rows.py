"""Rows of a JSON file: an array of objects, an object that wraps such an array, or one object.

Streamed: a window of text moves over the file, and each record is parsed out of it together with the
place where it ends, so that it keeps its own bytes. Memory: one record (``max_record_bytes``) with its
value, twice, and two chunks of the file. One object that is not a wrapper is one record.
"""

import codecs
import json
from collections.abc import Iterator
from typing import Final

from assets.catalog.row import Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import ByteSource
from assets.catalog.sources.encoding import find_encoding, report_encoding
from assets.catalog.sources.json_values import JsonParser, RecordJudge, kind_of
from assets.catalog.sources.options import ReadOptions, Reporting

WRAPPER_KEYS: Final = frozenset(
    {"artworks", "data", "docs", "documents", "entries", "features", "hits", "items", "objects"}
    | {"records", "response", "result", "results", "rows", "value"}
)
"""Keys under which exports and APIs wrap their records; ``*_list`` is taken as well."""

_WHITE: Final = " \t\r\n"
_DOUBT: Final = 16
"""An error this near to the end of the window may come from the window's end, not from the file."""


class JsonWindow:
    """The part of a JSON file that is being parsed, as text."""

    def __init__(self, source: ByteSource, options: ReadOptions, report: Reporting) -> None:
        form = find_encoding(source, options.encoding)
        report_encoding(source.file, form, report)
        self.file = source.file
        self.row: int | None = None
        """The record that is being read, for errors."""
        self.parser = JsonParser()
        self._encoding = form.encoding
        self._limit = options.limits.max_record_bytes
        self._chunks = source.chunks(on_bytes=report.one_pass())
        self._decoder = codecs.getincrementaldecoder(form.encoding)("surrogateescape")
        self._text = ""
        self._at = 0
        self._dropped = 0
        self._ended = False
        self._more()
        if form.mark_bytes:
            self._text = self._text.removeprefix("\ufeff")
            self._dropped = form.mark_bytes

    def _more(self) -> bool:
        """Read on, at least doubling what is unread; False at the end of the file."""
        if self._ended:
            return False
        self._dropped += len(self._bytes(self._text[: self._at]))
        parts = [self._text[self._at :]]
        wanted = max(len(parts[0]), 1)
        while wanted > 0 and not self._ended:
            chunk = next(self._chunks, b"")
            self._ended = not chunk
            parts.append(self._decoder.decode(chunk, final=self._ended))
            wanted -= len(parts[-1])
        self._text, self._at = "".join(parts), 0
        return True

    def _bytes(self, text: str) -> bytes:
        return text.encode(self._encoding, "surrogateescape")

    def next_sign(self) -> str:
        """The next character that is not white space, not yet taken; empty at the end of the file."""
        while True:
            text, at = self._text, self._at
            while at < len(text) and text[at] in _WHITE:
                at += 1
            self._at = at
            if at < len(text):
                return text[at]
            if not self._more():
                return ""

    def skip(self, sign: str) -> None:
        """Take ``sign``, which must be the next character.

        Raises:
            SourceError: something else stands there.
        """
        found = self.next_sign()
        if found != sign:
            raise self.error(f"expected {sign!r}, found {repr(found) if found else 'the end of the file'}")
        self._at += 1

    def value(self) -> tuple[object, str]:
        """Take the next value; with it comes its text.

        Raises:
            SourceError: there is none, or it is larger than the limit of a record.
        """
        self.next_sign()
        while True:
            try:
                value, end = self.parser.value_at(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._is_cut(error) or not self._more_of_value():
                    raise self.error(f"not valid JSON: {error.msg}", error.pos) from error
            except (ValueError, RecursionError) as error:
                raise self.error(f"cannot be parsed: {error}") from error
            else:
                if end < len(self._text) or not self._more_of_value():
                    text = self._text[self._at : end]
                    self._at = end
                    return value, text

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or error.pos > len(self._text) - _DOUBT

    def _more_of_value(self) -> bool:
        if len(self._text) - self._at > self._limit:
            raise self.error(f"one value is longer than {self._limit:,} bytes")
        return self._more()

    def raw(self, text: str) -> bytes:
        """The bytes in the file of a text that was taken from it."""
        return self._bytes(text)

    def error(self, reason: str, position: int | None = None) -> SourceError:
        """An error at a position of the window, or where reading stands."""
        at = self._at if position is None else position
        place = self._dropped + len(self._bytes(self._text[:at]))
        return SourceError(
            self.file,
            f"{reason}, at byte {place:,}",
            "Mend the file there or export it again; records before it can be read",
            self.row,
        )


def read_json(source: ByteSource, options: ReadOptions, report: Reporting) -> Iterator[SourceRow | Rejection]:
    """Yield each object of the array of records, or the one object of the file as row 0.

    Raises:
        SourceError: the file is empty, not JSON, truncated (its whole records were yielded before), a
            record passes ``limits.max_record_bytes``, or ``items`` does not lead to records.
    """
    window = JsonWindow(source, options, report)
    first = window.next_sign()
    if not first:
        raise SourceError(source.file, "the file is empty", "Export it again")
    judge = RecordJudge(source.file, window.parser, options.limits, report)
    if first == "[":
        if options.items not in ("auto", ""):
            raise _no_items(source.file, options.items, "the file is an array itself")
        yield from _array(window, judge)
        _nothing_after(window)
    elif options.items not in ("auto", ""):
        _walk(window, options.items)
        yield from _array(window, judge)
    else:
        yield from _object(source, window, options, report)


def _object(
    source: ByteSource, window: JsonWindow, options: ReadOptions, report: Reporting
) -> Iterator[SourceRow | Rejection]:
    """The file is no array: one record, or a wrapper to be found."""
    judge = RecordJudge(source.file, window.parser, options.limits, report)
    try:
        value, text = window.value()
    except SourceError as error:
        if options.items == "" or not (path := _path_in_part(source, options, report)):
            raise error
    else:
        found = find_items(value) if options.items == "auto" else ()
        if not found:
            yield judge.judge(value, text, window.raw(text), 0)
            _nothing_after(window)
            return
        path = ".".join(found)
    report.say(source.file, "source.items", f"records were found under {path}")
    again = JsonWindow(source, options, report.silent())
    _walk(again, path)
    yield from _array(again, RecordJudge(source.file, again.parser, options.limits, report))


def find_items(document: object, depth: int = 2) -> tuple[str, ...]:
    """The path to the one list of objects that a wrapper's key names, or empty."""
    if not isinstance(document, dict) or not depth:
        return ()
    wrappers = [key for key in document if _is_wrapper(key)]
    for key in wrappers:
        if isinstance(document[key], list) and document[key] and isinstance(document[key][0], dict):
            return (key,)
    for key in wrappers:
        if inner := find_items(document[key], depth - 1):
            return (key, *inner)
    return ()


def _path_in_part(source: ByteSource, options: ReadOptions, report: Reporting) -> str:
    """The path to the records of a wrapper too large or too damaged to be read whole; empty if not seen."""
    window = JsonWindow(source, options, report.silent())
    try:
        return ".".join(_first_array(window, depth=2))
    except SourceError:
        return ""


def _first_array(window: JsonWindow, depth: int) -> tuple[str, ...]:
    """The keys that lead to the first array under a wrapper's key, from the object that comes next."""
    window.skip("{")
    while window.next_sign() == '"':
        key, _ = window.value()
        window.skip(":")
        sign = window.next_sign()
        if isinstance(key, str) and _is_wrapper(key) and (sign == "[" or (sign == "{" and depth > 1)):
            return (key,) if sign == "[" else (key, *_first_array(window, depth - 1))
        window.value()
        if window.next_sign() == ",":
            window.skip(",")
    raise window.error("no array of records")


def _is_wrapper(key: str) -> bool:
    return key in WRAPPER_KEYS or key.endswith("_list")


def _walk(window: JsonWindow, path: str) -> None:
    """Go to the array at ``path``."""
    for key in path.split("."):
        if window.next_sign() != "{":
            raise _no_items(window.file, path, f"{key!r} was looked for where there is no object")
        _enter(window, key, path)
    if window.next_sign() != "[":
        value, _ = window.value()
        raise _no_items(window.file, path, f"there is {kind_of(value)} and no array")


def _enter(window: JsonWindow, wanted: str, path: str) -> None:
    window.skip("{")
    seen: list[str] = []
    while window.next_sign() == '"':
        key, _ = window.value()
        window.skip(":")
        if key == wanted:
            return
        seen.append(str(key))
        window.value()
        if window.next_sign() != ",":
            break
        window.skip(",")
    raise _no_items(window.file, path, f"there is no {wanted!r} among {', '.join(seen[:20]) or 'no keys'}")


def _array(window: JsonWindow, judge: RecordJudge) -> Iterator[SourceRow | Rejection]:
    window.skip("[")
    number = 0
    while window.next_sign() != "]":
        number += 1
        window.row = number
        value, text = window.value()
        yield judge.judge(value, text, window.raw(text), number)
        window.row = number + 1
        if window.next_sign() != "]":
            window.skip(",")
    window.skip("]")


def _nothing_after(window: JsonWindow) -> None:
    if window.next_sign():
        raise window.error("text goes on after the end of the JSON value")


def _no_items(file: str, path: str, found: str) -> SourceError:
    return SourceError(
        file, f"items {path!r} does not lead to records: {found}", "Correct items in the profile"
    )
