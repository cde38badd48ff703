"""What an index is on disk: numbered headers, and segments of vectors, patches and what they show.

Everything is written completely before a header names it, and judged by shape and type when it is mapped.
"""

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, BinaryIO, Final, Literal, Self, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from inference.patches import Axes, Bytes, Layout

if TYPE_CHECKING:
    from inference.runtime.sketch import Sketch

Vectors = NDArray[np.float32]

FORMAT: Final = 4
"""Format 1 knew no parts of views; format 2 had a graph where there is a sketch now; format 3 no patches."""
PIECE_BYTES: Final = 32 * 2**20
"""Of vectors and patches that are copied at a time."""

_H = TypeVar("_H", bound=BaseModel)

FILE_NAME: Final = r"[a-z]+-[0-9a-f]{32}\.[a-z]+"
"""Of all files of an index but its headers."""
FileName = Annotated[str, StringConstraints(pattern=rf"^{FILE_NAME}$")]


class IndexRefused(ValueError):
    """An index that must not be used, or vectors that must not enter one; says why and what to do."""


class FormerFormat(IndexRefused):
    """An index that an earlier version wrote; pictures are needed to write it anew."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row shows."""

    artifact: str
    view: str
    """Name of the photo or rendered view, one of its kind for the artifact."""
    part: int = 0
    """Which part of the view; 0 is the whole of it."""


class Segment(BaseModel):
    """Files of rows that were written together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vectors: FileName
    entries: FileName
    patches: FileName | None = None
    rows: int = Field(ge=1)


class SketchFiles(BaseModel):
    """Files of a sketch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    codes: FileName
    axes: FileName


class AnyHeader(BaseModel):
    """What headers of all formats state."""

    format: int
    model: str
    dimension: int
    places: int = 0
    channels: int = 0
    axes: FileName | None = None
    parts: tuple[Segment, ...] = ()
    sketch: SketchFiles | None = None
    graph: FileName | None = None

    @property
    def layout(self) -> Layout:
        """Of the rows that it holds."""
        return Layout(self.dimension, self.places, self.channels)

    @property
    def is_former(self) -> bool:
        """Whether only an earlier version can search it; a small index of format 2 is no different today."""
        return self.format < 2 or (self.format == 2 and self.graph is not None)

    @property
    def files(self) -> set[str]:
        """Names of all that it needs."""
        names = {name for part in self.parts for name in (part.vectors, part.entries, part.patches) if name}
        names |= {self.sketch.codes, self.sketch.axes} if self.sketch else set()
        return names | {name for name in (self.graph, self.axes) if name}


class Header(BaseModel):
    """Which files make a state."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[4] = FORMAT
    model: str
    """Identity of the manifest whose network made the vectors."""
    dimension: int = Field(ge=1)
    places: int = Field(default=0, ge=0)
    """That the model gives features of; they are kept where there are ``axes``."""
    channels: int = Field(default=0, ge=0)
    axes: FileName | None = None
    parts: tuple[Segment, ...] = ()
    removed: tuple[int, ...] = ()
    """Rows that no longer count, numbered through all parts."""
    sketch: SketchFiles | None = None
    """Of the rows of the first part."""

    @model_validator(mode="before")
    @classmethod
    def _of_an_earlier_format(cls, told: Any) -> Any:
        """A header of format 3, or of format 2 without a graph, says the same in other words."""
        if isinstance(told, dict) and told.get("format") in (2, 3) and told.get("graph") is None:
            return {name: of for name, of in told.items() if name not in ("graph", "unreached")} | {
                "format": FORMAT
            }
        return told

    @property
    def layout(self) -> Layout:
        """Of the rows that it holds."""
        return Layout(self.dimension, self.places, self.channels)

    @model_validator(mode="after")
    def _all_have_patches_or_none(self) -> Self:
        if any((part.patches is None) != (self.axes is None) for part in self.parts):
            raise ValueError(
                "patches and axes: all segments have the first and the header the second, or none"
            )
        return self


def read_header(path: Path, kind: type[_H]) -> _H:
    """A header. Raises :class:`IndexRefused` where it is missing or damaged."""
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise IndexRefused(
            f"{path}: not readable ({error}); delete {path.parent} and build it again with `twin index`"
        ) from error


def mapped(path: Path, shape: tuple[int, ...], dtype: type[np.generic]) -> NDArray[Any]:
    """A file's rows, mapped. Raises :class:`IndexRefused` where they are not what the header states."""
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IndexRefused(f"{path}: vectors cannot be read ({error}); build the index again") from error
    if found.dtype != dtype or found.shape != shape:
        raise IndexRefused(
            f"{path}: {found.dtype} {found.shape}, the header states {dtype.__name__} {shape}; build the "
            "index again"
        )
    return np.asarray(found)


def read_entries(path: Path, rows: int) -> list[Entry]:
    """What a segment's rows show. Raises :class:`IndexRefused` where that is not told of each."""
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


class SegmentWriter:
    """Rows that are written one batch after another into the files of one segment.

    Used in a ``with`` block, whose end without :meth:`finished` removes the files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._token = folder, uuid.uuid4().hex
        self._entries: list[Entry] = []
        self._files: dict[str, _Growing] = {}
        self._is_finished = False

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files, and remove them where the segment was not finished."""
        for name, file in self._files.items():
            file.stream.close()
            if not self._is_finished:
                (self._folder / name).unlink(missing_ok=True)

    def append(self, entries: Sequence[Entry], vectors: Vectors, patches: Bytes | None = None) -> None:
        """Write rows and what they show; all batches have patches or none. Raises as writing does."""
        self._entries += entries
        self._grow("vectors", "<f4", vectors)
        if patches is not None:
            self._grow("patches", "|i1", patches)

    def finished(self) -> Segment:
        """What was written, safe on the disk. Raises as writing does, and ``ValueError`` for no row."""
        if not self._entries:
            raise ValueError("a segment without rows")
        for file in self._files.values():
            file.finish()
        entries = f"entries-{self._token}.json"
        told = [(entry.artifact, entry.view, entry.part) for entry in self._entries]
        with (self._folder / entries).open("w", encoding="utf-8") as stream:
            json.dump(told, stream, ensure_ascii=False)
            settle(stream)
        patches = self._name("patches")
        self._is_finished = True
        return Segment(
            vectors=self._name("vectors"), entries=entries, rows=len(self._entries),
            patches=patches if patches in self._files else None,
        )  # fmt: skip

    def _name(self, kind: str) -> str:
        return f"{kind}-{self._token}.npy"

    def _grow(self, kind: str, dtype: str, rows: NDArray[Any]) -> None:
        name = self._name(kind)
        if name not in self._files:
            # Written, not mapped: a disk that is full raises an error instead of ending the process.
            stream = (self._folder / name).open("wb")
            self._files[name] = _Growing(stream, dtype, rows.shape[1:])
        self._files[name].append(rows)


class _Growing:
    """A file of rows whose number is told at the end; numpy leaves room for it in the header."""

    def __init__(self, stream: BinaryIO, dtype: str, shape: tuple[int, ...]) -> None:
        self.stream, self._dtype, self._shape, self._rows = stream, dtype, shape, 0
        self._write_header()

    def append(self, rows: NDArray[Any]) -> None:
        self.stream.write(np.ascontiguousarray(rows, dtype=self._dtype).data)
        self._rows += len(rows)

    def finish(self) -> None:
        self.stream.seek(0)
        self._write_header()
        settle(self.stream)

    def _write_header(self) -> None:
        header = {"descr": self._dtype, "fortran_order": False, "shape": (self._rows, *self._shape)}
        np.lib.format.write_array_header_1_0(self.stream, header)


def settle(stream: IO[Any]) -> None:
    """Have what was written on the disk before anything names it: a power cut leaves no empty file behind."""
    stream.flush()
    os.fsync(stream.fileno())


def rows_of(row: NDArray[Any]) -> int:
    """How many rows like one are copied at a time, at least one."""
    return max(PIECE_BYTES // max(row.nbytes, 1), 1)


def write_sketch(folder: Path, vectors: Vectors) -> SketchFiles:
    """Code vectors into files. Raises ``OSError`` as writing does."""
    # Loaded only where a gallery is large.
    from inference.runtime.sketch import Sketch

    token = uuid.uuid4().hex
    files = SketchFiles(codes=f"codes-{token}.npy", axes=f"axes-{token}.npz")
    Sketch.written(
        lambda start, end: vectors[start:end], len(vectors), folder / files.codes, folder / files.axes
    )
    return files


def open_sketch(folder: Path, header: Header) -> "Sketch":
    """The sketch that a header names. Raises :class:`IndexRefused` where it cannot be read."""
    from inference.runtime.sketch import Sketch

    assert header.sketch is not None
    codes, axes = folder / header.sketch.codes, folder / header.sketch.axes
    try:
        return Sketch.opened(codes, axes, (header.parts[0].rows, header.dimension))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise IndexRefused(
            f"{codes}, {axes.name}: the sketch cannot be read ({error}); build the index again"
        ) from error


def write_axes(folder: Path, axes: Axes) -> str:
    """Keep axes; returns the file's name. Raises ``OSError`` as writing does."""
    name = f"patchaxes-{uuid.uuid4().hex}.npz"
    with (folder / name).open("wb") as stream:
        np.savez(stream, mean=axes.mean, matrix=axes.matrix, pictures=np.int64(axes.pictures))
        settle(stream)
    return name


def open_axes(folder: Path, name: str) -> Axes:
    """The axes that a header names. Raises :class:`IndexRefused` where they cannot be read."""
    try:
        # Opened here: numpy leaves a damaged file open.
        with (folder / name).open("rb") as stream, np.load(stream, allow_pickle=False) as found:
            return Axes(found["mean"], found["matrix"], int(found["pictures"]))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise IndexRefused(
            f"{folder / name}: the axes of patches cannot be read ({error}); build the index again"
        ) from error
