"""Embeddings of the gallery's views on disk, and which artifacts are nearest to a query.

A folder holds segments (vectors and what they show) and numbered headers that say which segments count. An
index in memory is one header's view: it never changes, so threads search it freely, and what it maps stays
readable after newer headers appear. A change writes its files, then a header under the next number, which
succeeds only if that number is free: a writer that was killed or overtaken leaves the index as it was.

Up to ``EXACT_ROWS`` rows are compared one by one. Above, a compacted index has a sketch (``sketch.py``) that
proposes rows by codes of a byte a component; scores are always computed from the vectors themselves.
"""

import json
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

if TYPE_CHECKING:
    from inference.runtime.sketch import Sketch

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Piece = Callable[[int, int], Vectors]
"""Vectors of the rows from one number to another, the end excluded."""

EXACT_ROWS: Final = 10_000
"""Below, comparing all takes a few milliseconds and misses nothing (docs/recognition.md)."""
_PROPOSED: Final = 512
"""Rows that the sketch proposes for a query."""
_LOOKED_AT: Final = 16
"""Rows sorted for each artifact asked for."""
_PIECE: Final = 50_000
"""Rows that are copied at a time."""
_HEADER: Final = "index-{:08d}.json"
_FORMAT: Final = 3
"""Format 1 knew no parts of views; format 2 had a graph where there is a sketch now."""

_H = TypeVar("_H", bound=BaseModel)

FileName = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[0-9a-f]{32}\.[a-z]+$")]


class IndexRefused(ValueError):
    """An index that must not be used, or vectors that must not enter one; says why and what to do."""


class FormerFormat(IndexRefused):
    """An index that an earlier version wrote; pictures are needed to write it anew."""


class IndexConflict(RuntimeError):
    """Another writer changed the index first; open it again and repeat the change."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row shows."""

    artifact: str
    view: str
    """Name of the photo or rendered view, one of its kind for the artifact."""
    part: int = 0
    """Which part of the view; 0 is the whole of it."""


@dataclass(frozen=True, slots=True)
class Match:
    """An artifact and the view of it that is nearest to the query."""

    artifact: str
    view: str
    similarity: float
    """Cosine, -1..1."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    vectors: FileName
    entries: FileName
    rows: int = Field(ge=1)


class _SketchFiles(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    codes: FileName
    axes: FileName


class _AnyHeader(BaseModel):
    """What headers of all formats state."""

    format: int
    model: str
    dimension: int
    parts: tuple[_Part, ...] = ()
    sketch: _SketchFiles | None = None
    graph: FileName | None = None

    @property
    def is_former(self) -> bool:
        """Whether only an earlier version can search it; a small index of format 2 is no different today."""
        return self.format < 2 or (self.format == 2 and self.graph is not None)

    @property
    def files(self) -> set[str]:
        """Names of all that it needs."""
        names = {name for part in self.parts for name in (part.vectors, part.entries)}
        names |= {self.sketch.codes, self.sketch.axes} if self.sketch else set()
        return names | ({self.graph} if self.graph else set())


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[3] = _FORMAT
    model: str
    """Identity of the manifest whose network made the vectors."""
    dimension: int = Field(ge=1)
    parts: tuple[_Part, ...] = ()
    removed: tuple[int, ...] = ()
    """Rows that no longer count, numbered through all parts."""
    sketch: _SketchFiles | None = None
    """Of the rows of the first part."""

    @model_validator(mode="before")
    @classmethod
    def _of_format_2(cls, told: Any) -> Any:
        """A header of format 2 without a graph says the same in other words."""
        if isinstance(told, dict) and told.get("format") == 2 and told.get("graph") is None:
            return {name: of for name, of in told.items() if name not in ("graph", "unreached")} | {
                "format": 3
            }
        return told


class EmbeddingIndex:
    """One state of an index. Changes return the next state; this one stays as it is."""

    def __init__(self, folder: Path, number: int, header: _Header) -> None:
        self._folder, self._number, self._header = folder, number, header
        self._vectors = [_mapped(folder / part.vectors, part.rows, header.dimension) for part in header.parts]
        entries = [entry for part in header.parts for entry in _entries(folder / part.entries, part.rows)]
        self._entries = entries
        self._alive = np.ones(len(entries), dtype=np.bool_)
        self._alive[list(header.removed)] = False
        self._live = np.flatnonzero(self._alive)
        self._rows: dict[str, list[int]] = {}
        for row in self._live.tolist():
            self._rows.setdefault(entries[row].artifact, []).append(row)
        self._sketch = _sketch(folder, header) if header.sketch else None

    @classmethod
    def create(cls, folder: Path, *, model: str, dimension: int) -> Self:
        """An empty index in a folder that holds none. Raises :class:`IndexConflict` where one is there."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls._published(folder, 1, _Header(model=model, dimension=dimension))

    @classmethod
    def create_anew(cls, folder: Path, *, model: str, dimension: int) -> Self:
        """An empty state on top of an index of a former format, whose files go with the next compaction."""
        return cls._published(folder, _newest(folder) + 1, _Header(model=model, dimension=dimension))

    @classmethod
    def open(cls, folder: Path, *, model: str, dimension: int) -> Self:
        """The newest state.

        Raises :class:`IndexRefused` where none is there, it is damaged, or another model made it;
        :class:`FormerFormat` where an earlier version did.
        """
        number = _newest(folder)
        path = folder / _HEADER.format(number)
        stated = _read(path, _AnyHeader)
        if (stated.model, stated.dimension) != (model, dimension):
            raise IndexRefused(
                f"{folder}: made by model {stated.model} with {stated.dimension} components; the recognizer "
                f"is {model} with {dimension}: build the index again with `twin index`"
            )
        if stated.is_former:
            raise FormerFormat(
                f"{folder}: an index of format {stated.format}, this version reads {_FORMAT}: run "
                "`twin index`, which builds it anew"
            )
        if stated.format > _FORMAT:
            raise IndexRefused(
                f"{path}: of format {stated.format}, this version reads {_FORMAT}: update Museum Twin, or "
                "build the index in another folder"
            )
        header = _read(path, _Header)
        try:
            return cls(folder, number, header)
        except IndexRefused:
            if _newest(folder) == number:
                raise
        # A newer state was compacted while this one was read.
        return cls.open(folder, model=model, dimension=dimension)

    @property
    def model(self) -> str:
        """Identity of the manifest whose network made the vectors."""
        return self._header.model

    @property
    def number(self) -> int:
        """Of this state; grows with every change."""
        return self._number

    @property
    def artifacts(self) -> Collection[str]:
        """Artifacts with at least one view."""
        return self._rows.keys()

    @property
    def is_approximate(self) -> bool:
        """Whether a search may miss a near view."""
        return self._sketch is not None

    def __len__(self) -> int:
        """Rows that count: a view has one for each of its parts."""
        return len(self._live)

    def views(self, artifact: str) -> list[str]:
        """The artifact's views, in the order in which they came."""
        return list(dict.fromkeys(self._entries[row].view for row in self._rows.get(artifact, ())))

    def search(self, query: Vectors, nearest: int, candidates: Collection[str] | None = None) -> list[Match]:
        """The ``nearest`` artifacts by their best view, best first; only ``candidates`` where given.

        ``query`` is (dimension,) of length 1. Raises :class:`IndexRefused` for a query of another shape or
        with a NaN. An empty index, or no candidate in it, gives an empty list.
        """
        _judge(query[None], self._header.dimension)
        rows = self._proposed(query, nearest, candidates)
        scores = self._scores(query, rows)
        # An artifact has a few views, so its best one is seldom far down: look at all only if it must be.
        few = min(len(rows), _LOOKED_AT * nearest)
        best = self._best(rows, scores, np.argpartition(-scores, few - 1)[:few] if few else rows, nearest)
        if len(best) < nearest and few < len(rows):
            best = self._best(rows, scores, np.arange(len(rows)), nearest)
        return best

    def _best(self, rows: Rows, scores: Vectors, places: Rows, nearest: int) -> list[Match]:
        best: dict[str, Match] = {}
        for place in places[np.argsort(-scores[places], kind="stable")].tolist():
            entry = self._entries[int(rows[place])]
            if entry.artifact not in best:
                best[entry.artifact] = Match(entry.artifact, entry.view, float(scores[place]))
                if len(best) == nearest:
                    break
        return list(best.values())

    def added(self, entries: Sequence[Entry], vectors: Vectors) -> Self:
        """With more parts of views, (n, dimension); the same part of the same view is replaced.

        Raises :class:`IndexRefused` where vectors are not finite unit vectors of this dimension, one per
        entry, and :class:`IndexConflict` where another writer came first.
        """
        if len(entries) != len(vectors) or not entries:
            raise IndexRefused(f"{len(entries)} entries for {len(vectors)} vectors; one each is needed")
        if len(set(entries)) < len(entries):
            raise IndexRefused("two entries name the same part of the same view")
        _judge(vectors, self._header.dimension)
        incoming = set(entries)
        artifacts = {entry.artifact for entry in entries}
        replaced = [
            row for artifact in artifacts for row in self._rows.get(artifact, ())
            if self._entries[row] in incoming
        ]  # fmt: skip
        incoming_rows = np.asarray(vectors, dtype=np.float32)
        part = _written(
            self._folder, entries, lambda start, end: incoming_rows[start:end], self._header.dimension
        )
        return self._next(
            parts=(*self._header.parts, part), removed=(*self._header.removed, *sorted(replaced))
        )

    def without(self, artifact: str) -> Self:
        """With all views of an artifact gone; the same state where it has none."""
        rows = self._rows.get(artifact)
        return self._next(removed=(*self._header.removed, *rows)) if rows else self

    def compacted(self, *, exact_rows: int = EXACT_ROWS) -> Self:
        """In one segment without removed rows, with a sketch above ``exact_rows``; files no state needs go.

        Memory is bounded: rows are copied in pieces. Older states that are open stay readable on systems that
        keep mapped files.
        """
        rows = self._live
        if len(rows) == 0:
            state = self._next(parts=(), removed=(), sketch=None)
        else:
            entries = [self._entries[row] for row in rows.tolist()]
            part = _written(self._folder, entries, self._vectors_of, self._header.dimension)
            sketch = None
            if len(rows) > exact_rows:
                sketch = _sketched(
                    self._folder, _mapped(self._folder / part.vectors, len(rows), self._header.dimension)
                )
            state = self._next(parts=(part,), removed=(), sketch=sketch)
        state._sweep()
        return state

    def _vectors_of(self, start: int, end: int) -> Vectors:
        """Vectors of the live rows from the one with that number among them to another, in order."""
        rows, found, before = self._live[start:end], [], 0
        for vectors in self._vectors:
            here = rows[(rows >= before) & (rows < before + len(vectors))] - before
            found.append(vectors[here])
            before += len(vectors)
        return np.concatenate(found)

    def _proposed(self, query: Vectors, nearest: int, candidates: Collection[str] | None) -> Rows:
        if candidates is not None:
            return np.array([row for name in candidates for row in self._rows.get(name, ())], dtype=np.int64)
        if self._sketch is None:
            return self._live
        proposed = np.sort(self._sketch.proposed(query, max(_PROPOSED, _LOOKED_AT * nearest)))
        rows = np.concatenate([proposed, np.arange(len(self._vectors[0]), len(self._entries))])
        return np.asarray(rows[self._alive[rows]])

    def _scores(self, query: Vectors, rows: Rows) -> Vectors:
        """Cosine of the query with each row; whole segments are multiplied without copying them."""
        if len(rows) == len(self._entries):
            return np.concatenate([vectors @ query for vectors in self._vectors] or [query[:0]])
        scores = np.empty(len(rows), dtype=np.float32)
        start = 0
        for vectors in self._vectors:
            here = (rows >= start) & (rows < start + len(vectors))
            local = rows[here] - start
            if len(local) > len(vectors) // 4:
                scores[here] = (vectors @ query)[local]
            elif len(local):
                scores[here] = vectors[local] @ query
            start += len(vectors)
        return scores

    def _next(self, **changes: Any) -> Self:
        return self._published(self._folder, self._number + 1, self._header.model_copy(update=changes))

    @classmethod
    def _published(cls, folder: Path, number: int, header: _Header) -> Self:
        partial = folder / f".{uuid.uuid4().hex}.part"
        partial.write_text(header.model_dump_json(), encoding="utf-8")
        try:
            # A hard link is made only if the name is free: whoever makes it has changed the index.
            (folder / _HEADER.format(number)).hardlink_to(partial)
        except FileExistsError as error:
            raise IndexConflict(
                f"{folder}: state {number} was written by someone else; open it again"
            ) from error
        finally:
            partial.unlink()
        return cls(folder, number, header)

    def _sweep(self) -> None:
        kept = _AnyHeader.model_validate(self._header.model_dump()).files
        for old in range(self._number - 1, 0, -1):
            path = self._folder / _HEADER.format(old)
            if not path.exists():
                break
            header = _read(path, _AnyHeader)
            path.unlink()
            for name in header.files - kept:
                (self._folder / name).unlink(missing_ok=True)


def newest_state(folder: Path) -> int:
    """Number of the newest state in a folder; 0 where there is none."""
    numbers = (int(path.stem.split("-")[1]) for path in folder.glob("index-" + "[0-9]" * 8 + ".json"))
    return max(numbers, default=0)


def _newest(folder: Path) -> int:
    number = newest_state(folder)
    if not number:
        raise IndexRefused(f"{folder}: no index there; build it with `twin index`")
    return number


def _read(path: Path, kind: type[_H]) -> _H:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise IndexRefused(
            f"{path}: not readable ({error}); delete {path.parent} and build it again with `twin index`"
        ) from error


def _judge(vectors: Vectors, dimension: int) -> None:
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise IndexRefused(f"vectors {vectors.shape}, this index holds (n, {dimension})")
    if not np.isfinite(vectors).all():
        raise IndexRefused("a vector with a NaN or an infinity: the network that made it is broken")
    lengths = np.linalg.norm(vectors, axis=1)
    if np.abs(lengths - 1.0).max() > 1e-2:
        raise IndexRefused(f"a vector of length {lengths[np.abs(lengths - 1.0).argmax()]:.3f}; 1 is needed")


def _mapped(path: Path, rows: int, dimension: int) -> Vectors:
    try:
        vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise IndexRefused(f"{path}: vectors cannot be read ({error}); build the index again") from error
    if vectors.dtype != np.float32 or vectors.shape != (rows, dimension):
        raise IndexRefused(
            f"{path}: {vectors.dtype} {vectors.shape}, the header states float32 {(rows, dimension)}; build "
            "the index again"
        )
    return np.asarray(vectors)


def _entries(path: Path, rows: int) -> list[Entry]:
    try:
        found = [
            Entry(str(artifact), str(view), int(part))
            for artifact, view, part in json.loads(path.read_bytes())
        ]
    except (OSError, ValueError, TypeError) as error:
        raise IndexRefused(f"{path}: entries cannot be read ({error}); build the index again") from error
    if len(found) != rows:
        raise IndexRefused(f"{path}: {len(found)} entries, the header states {rows}; build the index again")
    return found


def _written(folder: Path, entries: Sequence[Entry], piece: Piece, dimension: int) -> _Part:
    token = uuid.uuid4().hex
    part = _Part(vectors=f"vectors-{token}.npy", entries=f"entries-{token}.json", rows=len(entries))
    # Written, not mapped: a disk that is full raises an error instead of ending the process.
    with (folder / part.vectors).open("wb") as stream:
        shape = {"descr": "<f4", "fortran_order": False, "shape": (len(entries), dimension)}
        np.lib.format.write_array_header_1_0(stream, shape)
        for start in range(0, len(entries), _PIECE):
            stream.write(np.ascontiguousarray(piece(start, min(start + _PIECE, len(entries)))).data)
    rows = [(entry.artifact, entry.view, entry.part) for entry in entries]
    (folder / part.entries).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return part


def _sketched(folder: Path, vectors: Vectors) -> _SketchFiles:
    # Loaded only where a gallery is large.
    from inference.runtime.sketch import Sketch

    token = uuid.uuid4().hex
    files = _SketchFiles(codes=f"codes-{token}.npy", axes=f"axes-{token}.npz")
    Sketch.written(
        lambda start, end: vectors[start:end], len(vectors), folder / files.codes, folder / files.axes
    )
    return files


def _sketch(folder: Path, header: _Header) -> "Sketch":
    from inference.runtime.sketch import Sketch

    assert header.sketch is not None
    codes, axes = folder / header.sketch.codes, folder / header.sketch.axes
    try:
        return Sketch.opened(codes, axes, (header.parts[0].rows, header.dimension))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise IndexRefused(
            f"{codes}, {axes.name}: the sketch cannot be read ({error}); build the index again"
        ) from error
