"""Embeddings of the gallery's views on disk, and which artifacts are nearest to a query.

A folder holds segments (vectors and what they show) and numbered headers that say which segments count. An
index in memory is one header's view: it never changes, so threads search it freely, and what it maps stays
readable after newer headers appear. A change writes its files, then a header under the next number, which
succeeds only if that number is free: a writer that was killed or overtaken leaves the index as it was.

Up to ``EXACT_ROWS`` rows are compared one by one. Above, a compacted index has a sketch (``sketch.py``) that
proposes rows by codes of a byte a component; scores are always computed from the vectors themselves.

Where the network gives patches (``inference/patches.py``), the nearest views by their vectors are compared by
them as well, and the mean of both is the similarity.
"""

import re
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from inference.patches import Axes, Layout, agreements
from inference.runtime.index_files import (
    FILE_NAME,
    FORMAT,
    AnyHeader,
    Entry,
    FormerFormat,
    Header,
    IndexRefused,
    SegmentWriter,
    mapped,
    open_axes,
    open_sketch,
    read_entries,
    read_header,
    rows_of,
    settle,
    write_axes,
    write_sketch,
)

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

EXACT_ROWS: Final = 10_000
"""Below, comparing all takes a few milliseconds and misses nothing (docs/recognition.md)."""
_PROPOSED: Final = 512
"""Rows that the sketch proposes for a query."""
_LOOKED_AT: Final = 16
"""Rows sorted for each artifact asked for."""
COMPARED: Final = 8
"""Views whose patches are compared, beside one of each artifact asked for (docs/recognition.md)."""
_HEADER: Final = "index-{:08d}.json"


class IndexConflict(RuntimeError):
    """Another writer changed the index first; open it again and repeat the change."""


@dataclass(frozen=True, slots=True)
class Match:
    """An artifact and the view of it that is nearest to the query."""

    artifact: str
    view: str
    similarity: float
    """Cosine, or its mean with the agreement of patches; -1..1."""


class EmbeddingIndex:
    """One state of an index. Changes return the next state; this one stays as it is."""

    def __init__(self, folder: Path, number: int, header: Header) -> None:
        self._folder, self._number, self._header = folder, number, header
        self._layout = header.layout
        self._vectors = [
            mapped(folder / part.vectors, (part.rows, header.dimension), np.float32) for part in header.parts
        ]
        self._axes = open_axes(folder, header.axes) if header.axes else None
        if self._axes is not None and self._axes.mean.shape != (header.channels,):
            raise IndexRefused(
                f"{folder / str(header.axes)}: axes of {len(self._axes.mean)} features, the header states "
                f"{header.channels}; build the index again"
            )
        shape = header.places, self._axes.components if self._axes else 0
        self._patches = [
            mapped(folder / part.patches, (part.rows, *shape), np.int8)
            for part in header.parts
            if part.patches
        ]
        entries = [entry for part in header.parts for entry in read_entries(folder / part.entries, part.rows)]
        self._entries = entries
        self._alive = np.ones(len(entries), dtype=np.bool_)
        self._alive[list(header.removed)] = False
        self._live = np.flatnonzero(self._alive)
        self._rows: dict[str, list[int]] = {}
        for row in self._live.tolist():
            self._rows.setdefault(entries[row].artifact, []).append(row)
        self._sketch = open_sketch(folder, header) if header.sketch else None

    @classmethod
    def create(cls, folder: Path, *, model: str, layout: Layout, axes: Axes | None = None) -> Self:
        """An empty index in a folder that holds none. Raises :class:`IndexConflict` where one is there.

        With ``axes`` it keeps patches, where the layout has places.
        """
        folder.mkdir(parents=True, exist_ok=True)
        return cls._published(folder, 1, cls._empty(folder, model, layout, axes))

    @classmethod
    def create_anew(cls, folder: Path, *, model: str, layout: Layout, axes: Axes | None = None) -> Self:
        """An empty state on top of an index of a former format, whose files go with the next compaction."""
        return cls._published(folder, _newest(folder) + 1, cls._empty(folder, model, layout, axes))

    @staticmethod
    def _empty(folder: Path, model: str, layout: Layout, axes: Axes | None) -> Header:
        name = write_axes(folder, axes) if axes and layout.places else None
        return Header(model=model, axes=name, **asdict(layout))

    @classmethod
    def open(cls, folder: Path, *, model: str, layout: Layout) -> Self:
        """The newest state.

        Raises :class:`IndexRefused` where none is there, it is damaged, or another model made it;
        :class:`FormerFormat` where an earlier version did.
        """
        number = _newest(folder)
        path = folder / _HEADER.format(number)
        try:
            stated = read_header(path, AnyHeader)
        except IndexRefused:
            if _newest(folder) == number:
                raise
            # A newer state was compacted while this one was found.
            return cls.open(folder, model=model, layout=layout)
        if (stated.model, stated.layout) != (model, layout):
            raise IndexRefused(
                f"{folder}: made by model {stated.model} with {stated.dimension} components; the recognizer "
                f"is {model} with {layout.dimension}: build the index again with `twin index`"
            )
        if stated.is_former:
            raise FormerFormat(
                f"{folder}: an index of format {stated.format}, this version reads {FORMAT}: run "
                "`twin index`, which builds it anew"
            )
        if stated.format > FORMAT:
            raise IndexRefused(
                f"{path}: of format {stated.format}, this version reads {FORMAT}: update Museum Twin, or "
                "build the index in another folder"
            )
        header = read_header(path, Header)
        try:
            return cls(folder, number, header)
        except IndexRefused:
            if _newest(folder) == number:
                raise
        # A newer state was compacted while this one was read.
        return cls.open(folder, model=model, layout=layout)

    @property
    def model(self) -> str:
        """Identity of the manifest whose network made the vectors."""
        return self._header.model

    @property
    def axes(self) -> Axes | None:
        """Along which patches are compared; ``None`` where none are kept."""
        return self._axes

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

        ``query`` is a row (width,) as the recognizer gives it. Raises :class:`IndexRefused` for a query of
        another shape or with a NaN. An empty index, or no candidate in it, gives an empty list.
        """
        _judge(query[None], self._layout)
        vector = self._layout.embeddings(query)
        rows = self._proposed(vector, nearest, candidates)
        scores = self._scores(vector, rows)
        # An artifact has a few views, so its best one is seldom far down: look at all only if it must be.
        few = min(len(rows), _LOOKED_AT * nearest)
        views = self._nearest(rows, scores, np.argpartition(-scores, few - 1)[:few] if few else rows, nearest)
        too_few = len({view.artifact for view in views}) < nearest or len(views) < self._compared_at_least
        if too_few and few < len(rows):
            views = self._nearest(rows, scores, np.arange(len(rows)), nearest)
        best: dict[str, Match] = {}
        for match in self._compared(query, views):
            best.setdefault(match.artifact, match)
        return list(best.values())[:nearest]

    def _nearest(self, rows: Rows, scores: Vectors, places: Rows, nearest: int) -> list[Match]:
        """Views by their best part, best first: of as many artifacts as are asked for, and no fewer views
        than have their patches compared."""
        found: dict[tuple[str, str], Match] = {}
        artifacts: set[str] = set()
        least = self._compared_at_least
        for place in places[np.argsort(-scores[places], kind="stable")].tolist():
            entry = self._entries[int(rows[place])]
            # Once there are views enough, one of each artifact that is missing.
            if len(found) < least or entry.artifact not in artifacts:
                known = entry.artifact, entry.view
                found.setdefault(known, Match(*known, float(scores[place])))
                artifacts.add(entry.artifact)
                if len(artifacts) >= nearest and len(found) >= least:
                    break
        return list(found.values())

    @property
    def _compared_at_least(self) -> int:
        return COMPARED if self._patches else 0

    def _compared(self, query: Vectors, views: list[Match]) -> list[Match]:
        """The same views, best first, by the mean of their similarity and their patches' agreement."""
        if self._axes is None or not views:
            return views
        numbers = {(view.artifact, view.view): number for number, view in enumerate(views)}
        owned = [
            (row, number)
            for artifact in {view.artifact for view in views}
            for row in self._rows[artifact]
            if (number := numbers.get((artifact, self._entries[row].view))) is not None
        ]
        rows, owners = np.array(owned, dtype=np.int64).T
        asked = self._axes.asked(self._layout.features(query))
        found = agreements(asked, _gathered(self._patches, rows), owners, len(views))
        both = [
            Match(view.artifact, view.view, (view.similarity + float(also)) / 2)
            for view, also in zip(views, found, strict=True)
        ]
        return sorted(both, key=lambda match: -match.similarity)

    def added(self, entries: Sequence[Entry], vectors: Vectors) -> Self:
        """With more parts of views, rows (n, width); the same part of the same view is replaced.

        Raises :class:`IndexRefused` where rows are not finite, begin with no unit vector or are not of this
        layout, one per entry, and :class:`IndexConflict` where another writer came first.
        """
        with SegmentWriter(self._folder) as writer:
            self._append(writer, entries, vectors)
            part = writer.finished()
        incoming = set(entries)
        artifacts = {entry.artifact for entry in entries}
        replaced = [
            row for artifact in artifacts for row in self._rows.get(artifact, ())
            if self._entries[row] in incoming
        ]  # fmt: skip
        return self._next(
            parts=(*self._header.parts, part), removed=(*self._header.removed, *sorted(replaced))
        )

    def rebuilt(self, axes: Axes | None, batches: Iterable[tuple[Sequence[Entry], Vectors]]) -> Self:
        """With nothing but these rows, whose patches lie along other axes.

        One change at the end: until then others see the state before. Raises as :meth:`added`; no part of a
        view may come twice.
        """
        empty = self._empty(self._folder, self.model, self._layout, axes)
        other = type(self)(self._folder, self._number, empty)
        with SegmentWriter(self._folder) as writer:
            for entries, rows in batches:
                other._append(writer, entries, rows)
            part = writer.finished()
        return self._published(self._folder, self._number + 1, empty.model_copy(update={"parts": (part,)}))

    def _append(self, writer: SegmentWriter, entries: Sequence[Entry], rows: Vectors) -> None:
        if len(entries) != len(rows) or not entries:
            raise IndexRefused(f"{len(entries)} entries for {len(rows)} vectors; one each is needed")
        if len(set(entries)) < len(entries):
            raise IndexRefused("two entries name the same part of the same view")
        _judge(rows, self._layout)
        given = np.asarray(rows, dtype=np.float32)
        patches = None if self._axes is None else self._axes.kept(self._layout.features(given))
        writer.append(entries, self._layout.embeddings(given), patches)

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
            with SegmentWriter(self._folder) as writer:
                step = rows_of((self._patches or self._vectors)[0][0])
                for start in range(0, len(rows), step):
                    some = rows[start : start + step]
                    entries = [self._entries[row] for row in some.tolist()]
                    patches = _gathered(self._patches, some) if self._patches else None
                    writer.append(entries, _gathered(self._vectors, some), patches)
                part = writer.finished()
            sketch = None
            if len(rows) > exact_rows:
                shape = len(rows), self._header.dimension
                sketch = write_sketch(self._folder, mapped(self._folder / part.vectors, shape, np.float32))
            state = self._next(parts=(part,), removed=(), sketch=sketch)
        state._sweep()
        return state

    def _proposed(self, query: Vectors, nearest: int, candidates: Collection[str] | None) -> Rows:
        if candidates is not None:
            # In the order of the files, each once, whatever the order of the candidates.
            own = [row for name in set(candidates) for row in self._rows.get(name, ())]
            return np.array(sorted(own), dtype=np.int64)
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
    def _published(cls, folder: Path, number: int, header: Header) -> Self:
        partial = folder / f".{uuid.uuid4().hex}.part"
        with partial.open("w", encoding="utf-8") as stream:
            stream.write(header.model_dump_json())
            settle(stream)
        # Opened before others can: what cannot be read is never a state.
        state = cls(folder, number, header)
        try:
            # A hard link is made only if the name is free: whoever makes it has changed the index.
            (folder / _HEADER.format(number)).hardlink_to(partial)
        except FileExistsError as error:
            raise IndexConflict(
                f"{folder}: state {number} was written by someone else; open it again"
            ) from error
        finally:
            partial.unlink()
        return state

    @property
    def segments(self) -> int:
        """Whose files are open."""
        return len(self._vectors)

    def swept(self) -> Self:
        """Itself, once files are removed that no state names: of writers that were killed or came too late.

        Only for whoever knows that no other writer is at work.
        """
        headers = [read_header(path, AnyHeader) for path in self._folder.glob("index-*.json")]
        named = {name for header in headers for name in header.files}
        for path in self._folder.iterdir():
            if re.fullmatch(FILE_NAME, path.name) and path.name not in named:
                path.unlink()
        return self

    def _sweep(self) -> None:
        kept = AnyHeader.model_validate(self._header.model_dump()).files
        for old in range(self._number - 1, 0, -1):
            path = self._folder / _HEADER.format(old)
            if not path.exists():
                break
            header = read_header(path, AnyHeader)
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


def _gathered(segments: Sequence[NDArray[Any]], rows: Rows) -> NDArray[Any]:
    """What segments, at least one, hold of rows that are numbered through all of them, in the rows' order."""
    found = np.empty((len(rows), *segments[0].shape[1:]), dtype=segments[0].dtype)
    start = 0
    for segment in segments:
        here = (rows >= start) & (rows < start + len(segment))
        found[here] = segment[rows[here] - start]
        start += len(segment)
    return found


def _judge(vectors: Vectors, layout: Layout) -> None:
    if vectors.ndim != 2 or vectors.shape[1] != layout.width:
        raise IndexRefused(f"vectors {vectors.shape}, this index holds (n, {layout.width})")
    if not np.isfinite(vectors).all():
        raise IndexRefused("a vector with a NaN or an infinity: the network that made it is broken")
    lengths = np.linalg.norm(layout.embeddings(vectors), axis=1)
    if np.abs(lengths - 1.0).max() > 1e-2:
        raise IndexRefused(f"a vector of length {lengths[np.abs(lengths - 1.0).argmax()]:.3f}; 1 is needed")
