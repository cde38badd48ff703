"""What the columns of a source look like, in bounded memory: the fingerprint two releases are compared by."""

from collections import Counter
from functools import lru_cache
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from assets.catalog.normalize.texts import looks_damaged
from assets.catalog.record import ArtifactRecord

Shape = Literal["integer", "number", "dated", "url", "short", "long"]
"""``dated``: digits beside words; ``short``: up to 40 characters without digits; ``long``: the rest."""

ALL_UP_TO: Final = 5_000
"""Records looked at one by one; of those after, every :data:`THINNING`-th."""

THINNING: Final = 16

DISTINCT_LIMIT: Final = 2_000
"""Distinct values counted per column; beyond it a column counts as rich in values."""


class ColumnProfile(BaseModel):
    """How one source column was filled."""

    model_config = ConfigDict(frozen=True)

    filled: int
    """Records that have a value from this column."""
    shapes: dict[str, float]
    """Share of filled values by :data:`Shape`."""
    distinct: int
    """Distinct values, counted up to :data:`DISTINCT_LIMIT`."""
    top_share: float
    """Share of the most frequent value."""
    damaged: int
    """Values that look like text decoded with the wrong encoding."""
    example: str
    """One value; a wrongly decoded one where there are any."""
    examples: dict[str, str] = {}
    """The first value of each :data:`Shape`."""


class ColumnsProfile(BaseModel):
    """How the columns of one release were filled."""

    model_config = ConfigDict(frozen=True)

    records: int
    """Records looked at."""
    columns: dict[str, ColumnProfile]


class _Column:
    __slots__ = ("damaged", "example", "examples", "filled", "shapes", "values")

    def __init__(self) -> None:
        self.filled = 0
        self.shapes: Counter[Shape] = Counter()
        self.values: Counter[str] = Counter()
        self.damaged = 0
        self.example = ""
        self.examples: dict[Shape, str] = {}

    def add(self, text: str) -> None:
        self.filled += 1
        shape = shape_of(text)
        self.shapes[shape] += 1
        if shape not in self.examples:
            self.examples[shape] = text[:200]
        if len(self.values) < DISTINCT_LIMIT or text in self.values:
            self.values[text] += 1
        if not text.isascii() and looks_damaged(text):
            self.damaged += 1
            self.example = text
        elif not self.example:
            self.example = text

    def profile(self) -> ColumnProfile:
        top = self.values.most_common(1)
        return ColumnProfile(
            filled=self.filled,
            shapes={shape: count / self.filled for shape, count in sorted(self.shapes.items())},
            distinct=len(self.values),
            top_share=top[0][1] / self.filled if top else 0.0,
            damaged=self.damaged,
            example=self.example[:200],
            examples=dict(self.examples),
        )


class ColumnsCollector:
    """Watches accepted records go by; the memory it takes does not grow with their number."""

    def __init__(self) -> None:
        self._offered = 0
        self._seen = 0
        self._columns: dict[str, _Column] = {}

    def add(self, record: ArtifactRecord) -> None:
        """Look at the columns a record was made from."""
        self._offered += 1
        if self._offered > ALL_UP_TO and self._offered % THINNING:
            return
        self._seen += 1
        for column, text in column_texts(record).items():
            known = self._columns.get(column)
            if known is None:
                known = self._columns[column] = _Column()
            known.add(text)

    def profile(self) -> ColumnsProfile:
        """What was seen."""
        columns = {name: column.profile() for name, column in sorted(self._columns.items())}
        return ColumnsProfile(records=self._seen, columns=columns)


def without_examples(profile: dict[str, Any]) -> dict[str, Any]:
    """A dumped :class:`ColumnsProfile` that quotes no value any more."""
    columns = {name: {**column, "example": "", "examples": {}} for name, column in profile["columns"].items()}
    return {**profile, "columns": columns}


def column_texts(record: ArtifactRecord) -> dict[str, str]:
    """The original text of each source column that gave the record a value."""
    texts: dict[str, str] = {}
    for pointer, origin in record.provenance.items():
        if origin.by == "constant" or origin.field in texts:
            continue
        text = origin.text if origin.text is not None else _text_at(record, pointer)
        if text:
            texts[origin.field] = text
    return texts


def shape_of(text: str) -> Shape:
    """What kind of value ``text`` is, coarsely enough to be stable over releases."""
    if text.isdecimal():
        return "integer"
    if text.startswith(("http://", "https://")):
        return "url"
    if text.replace(".", "", 1).replace("-", "", 1).isdecimal():
        return "number"
    if len(text) > 40:
        return "long"
    return "dated" if any(character.isdigit() for character in text) else "short"


def _text_at(record: ArtifactRecord, pointer: str) -> str | None:
    value: Any = record
    for step in _steps(pointer):
        if isinstance(value, tuple):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = getattr(value, step, None)
    for name in ("content", "label", "value", "uri", "name"):
        value = getattr(value, name, value)
    return str(value) if isinstance(value, str | int | float) else None


@lru_cache(maxsize=1024)
def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])
