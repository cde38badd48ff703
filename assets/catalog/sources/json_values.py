"""One JSON value of a source: parsed strictly, judged, and made a row or a rejection.

The standard library's decoder is used and not orjson, which is twice as fast, for two reasons: it tells
where a value ends, so that each record keeps its own bytes, and it shows keys that occur twice, of which
orjson keeps the last without a word.
"""

import json
from collections.abc import Callable
from typing import Final, cast

import orjson

from assets.catalog.row import Cell, Rejection, SourceRow
from assets.catalog.sources.options import ReadLimits, Reporting

_SHOWN_KEYS: Final = 3


class JsonParser:
    """Decodes values one at a time and remembers what RFC 8259 forbids or leaves open in the last one."""

    def __init__(self) -> None:
        self.repeated: list[str] = []
        """Keys that the last value holds twice in one object; the last of each was kept."""
        self.constants: list[str] = []
        """``NaN`` or ``Infinity`` in the last value."""
        self._decode = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant
        ).raw_decode

    def value_at(self, text: str, start: int) -> tuple[object, int]:
        """The value that begins at ``start``, and where it ends.

        Raises:
            json.JSONDecodeError: there is no whole value.
            ValueError: it holds a whole number of more than 4,300 digits.
            RecursionError: it is nested too deeply to be parsed.
        """
        self.repeated.clear()
        self.constants.clear()
        return self._decode(text, start)

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) != len(pairs):
            keys = [key for key, _ in pairs]
            self.repeated.extend({key for key in keys if keys.count(key) > 1})
        return made

    def _constant(self, name: str) -> None:
        self.constants.append(name)


class RecordJudge:
    """Makes rows of parsed values; says why where it cannot."""

    def __init__(self, file: str, parser: JsonParser, limits: ReadLimits, report: Reporting) -> None:
        self._file = file
        self._parser = parser
        self._limits = limits
        self._report = report

    def judge(self, value: object, text: str, raw: bytes, number: int) -> SourceRow | Rejection:
        """The row of ``value``, which was parsed just now from ``text``."""
        reason, remedy = self._objection(value, text)
        if reason:
            return Rejection(self._file, number, "", reason, remedy, raw)
        if self._parser.repeated:
            keys = ", ".join(sorted(set(self._parser.repeated))[:_SHOWN_KEYS])
            self._report.say(
                self._file,
                "source.repeated_key",
                f"record {number} repeats {keys}; the last was taken",
                "warning",
            )
        return SourceRow(self._file, number, cast("dict[str, Cell]", value), raw)

    def _objection(self, value: object, text: str) -> tuple[str, str]:
        if not isinstance(value, dict):
            return f"a record is an object, this is {kind_of(value)}", "State where the records are: items"
        if not value:
            return "the record is empty", "Remove it"
        if self._parser.constants:
            return f"{self._parser.constants[0]} is not JSON (RFC 8259)", "Write null instead"
        if self._is_too_deep(value, text):
            depth = self._limits.max_depth
            return f"nested deeper than {depth} levels", "Flatten the record, or raise limits.max_depth"
        if "\\u0000" in text:
            return "the record holds a zero character", "Remove it, or export again"
        if not is_text(value, text):
            return "the record holds half of a surrogate pair", "Export again as UTF-8"
        return "", ""

    def _is_too_deep(self, value: object, text: str) -> bool:
        limit = self._limits.max_depth
        return text.count("{") + text.count("[") > limit and depth_of(value) > limit


def depth_of(value: object) -> int:
    """How many lists and objects are nested in each other at most."""
    level, depth = [value], 0
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else cast("list[object]", each))
        ]
    return depth


def is_text(value: object, text: str) -> bool:
    r"""Whether all strings are Unicode text; ``\ud800`` on its own is not (RFC 8259, section 8.2)."""
    if "\\ud" not in text and "\\uD" not in text:
        return True
    try:
        orjson.dumps(value)
    except (orjson.JSONEncodeError, RecursionError):
        return False
    return True


def kind_of(value: object) -> str:
    """The JSON name of a value's kind, with its article."""
    kinds: tuple[tuple[Callable[[object], bool], str], ...] = (
        (lambda each: each is None, "null"),
        (lambda each: isinstance(each, bool), "a truth value"),
        (lambda each: isinstance(each, int | float), "a number"),
        (lambda each: isinstance(each, str), "a string"),
        (lambda each: isinstance(each, list), "an array"),
    )
    return next((name for fits, name in kinds if fits(value)), "an object")
