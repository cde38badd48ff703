"""Headers of PLY, STL, OFF and OBJ: how many triangles they promise, and whether the file can hold them."""

import mmap
import re
from pathlib import Path
from typing import Final

from assets.pipeline.examined import Examined, refuse_too_many, unit_in_comments
from assets.pipeline.formats.sniff import HEAD
from assets.pipeline.refusal import InputLimits, UnreadableScan

_AGAIN: Final = "Copy or export the file again"
_SIZES: Final = {
    "char": 1, "uchar": 1, "int8": 1, "uint8": 1, "short": 2, "ushort": 2, "int16": 2, "uint16": 2,
    "float16": 2, "int": 4, "uint": 4, "int32": 4, "uint32": 4, "float": 4, "float32": 4,
    "int64": 8, "uint64": 8, "double": 8, "float64": 8,
}  # fmt: skip
_PLY_HEADER: Final = 1 << 16
_STL_FACET: Final = 70
"""Bytes of the shortest facet of a text STL."""
_NEGATIVE: Final = re.compile(rb"\nf[ \t][^\n]*-\d")
_ZERO: Final = re.compile(rb"\nf[ \t](?:[^\n]*[ \t])?0+[/ \t\r\n]")
_VERTEX_AFTER_FACE: Final = re.compile(rb"\nv[ \t]")


def examine_ply(path: Path, limits: InputLimits) -> Examined:
    """Count what a PLY header promises (Turk 1994). Raises :class:`UnreadableScan`."""
    with path.open("rb") as file:
        head = file.read(_PLY_HEADER)
    mark = head.find(b"end_header")
    if mark < 0:
        raise UnreadableScan(path.name, "its PLY header has no end_header", _AGAIN)
    lines = head[:mark].decode("ascii", "replace").splitlines()
    elements = _ply_elements(path.name, lines)
    counts = {name: count for name, count, _, _ in elements}
    faces = counts.get("face", counts.get("tristrips", 0))
    if not faces:
        raise UnreadableScan(
            path.name,
            "it holds points and no triangles",
            "Export the mesh of the scan instead of its point cloud",
        )
    refuse_too_many(path.name, faces, limits)
    ascii_file = any(line.split()[:2] == ["format", "ascii"] for line in lines)
    least = sum(count * (2 * fields if ascii_file else size) for _, count, fields, size in elements)
    held = path.stat().st_size - mark
    if held < least:
        raise UnreadableScan(
            path.name,
            f"it is cut off: its header promises at least {least:,} bytes, {held:,} are there",
            _AGAIN,
        )
    return Examined(faces, counted=True, unit=unit_in_comments(head[:mark]))


def _ply_elements(file: str, lines: list[str]) -> list[tuple[str, int, int, int]]:
    """Name, count, least number of fields and least bytes of each element of a PLY header."""
    elements: list[tuple[str, int, int, int]] = []
    for words in (line.split() for line in lines):
        if words[:1] == ["element"] and len(words) == 3 and words[2].isdigit():
            elements.append((words[1], int(words[2]), 0, 0))
        elif words[:1] == ["element"]:
            raise UnreadableScan(file, f"its header has a broken line {' '.join(words)!r}", _AGAIN)
        elif words[:1] == ["property"] and elements:
            name, count, fields, size = elements[-1]
            kinds = words[2:4] if words[1:2] == ["list"] else words[1:2]
            if not kinds or any(kind not in _SIZES for kind in kinds):
                raise UnreadableScan(file, f"its header has a broken line {' '.join(words)!r}", _AGAIN)
            listed = words[1] == "list"
            corners = 3 if listed and name == "face" and "ind" in words[-1] else 0
            more = _SIZES[kinds[0]] + (corners * _SIZES[kinds[1]] if listed else 0)
            elements[-1] = (name, count, fields + 1 + corners, size + more)
    return elements


def examine_stl(path: Path, limits: InputLimits) -> Examined:
    """Count a binary STL exactly, a text STL by its size. Raises :class:`UnreadableScan`."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD)
    count = int.from_bytes(head[80:84], "little")
    stated = unit_in_comments(head[:80])
    if size == 84 + 50 * count:
        refuse_too_many(path.name, count, limits)
        return Examined(count, counted=True, unit=stated)
    if head[:5].lower() == b"solid" and b"facet" in head.lower():
        if b"endsolid" not in _tail(path).lower():
            raise UnreadableScan(path.name, "it is cut off: no endsolid at its end", _AGAIN)
        refuse_too_many(path.name, size // (4 * _STL_FACET), limits)
        return Examined(size // _STL_FACET, unit=stated)
    raise UnreadableScan(
        path.name,
        f"it announces {count:,} triangles, which take {84 + 50 * count:,} bytes, and has {size:,}",
        _AGAIN,
    )


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 256, 0))
        return file.read()


def examine_off(path: Path, limits: InputLimits) -> Examined:
    """Read the counts of an OFF file. Raises :class:`UnreadableScan`."""
    with path.open("rb") as file:
        lines = file.read(HEAD).decode("ascii", "replace").splitlines()
    words = " ".join(line.partition("#")[0] for line in lines).split()
    numbers = words[1:4] if words and words[0].upper() in ("OFF", "COFF") else []
    if len(numbers) < 2 or not all(number.isdigit() for number in numbers[:2]):
        raise UnreadableScan(path.name, "its OFF header states no counts", _AGAIN)
    vertices, faces = int(numbers[0]), int(numbers[1])
    refuse_too_many(path.name, faces, limits)
    least, held = 6 * vertices + 8 * faces, path.stat().st_size
    if held < least:
        raise UnreadableScan(
            path.name, f"it is cut off: its counts take at least {least:,} bytes, it has {held:,}", _AGAIN
        )
    return Examined(faces, counted=True, unit=unit_in_comments("\n".join(lines).encode()))


def examine_obj(path: Path, limits: InputLimits) -> Examined:
    """Count the faces of an OBJ, and refuse references that mean another vertex than they are read as.

    Raises :class:`UnreadableScan`.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        faces = _lines_beginning(text, b"f")
        refuse_too_many(path.name, faces, limits)
        if not faces:
            raise UnreadableScan(path.name, "it holds no faces", "Export the mesh of the scan with its faces")
        if zero := _ZERO.search(text):
            line = zero[0].strip().decode("ascii", "replace")
            raise UnreadableScan(path.name, f"a face names vertex 0: {line!r}; OBJ counts from 1", _AGAIN)
        relative = _NEGATIVE.search(text)
        if relative and _VERTEX_AFTER_FACE.search(text, relative.start()):
            raise UnreadableScan(
                path.name,
                "faces count vertices backwards while more vertices follow",
                "Export it with absolute indices, as most tools do",
            )
        remarks = () if text[-1:] == b"\n" else (f"{path.name}: its last line has no end; it may be cut off",)
        unit = unit_in_comments(_comments(text[:HEAD]))
        return Examined(faces, counted=True, unit=unit, remarks=remarks)


def _lines_beginning(text: mmap.mmap, word: bytes) -> int:
    marks = (b"\n" + word + b" ", b"\n" + word + b"\t")
    count = int(text[:2] in (word + b" ", word + b"\t"))
    step = 1 << 24
    for start in range(0, len(text), step):
        part = text[max(start - 2, 0) : start + step]
        count += sum(part.count(mark) for mark in marks)
    return count


def _comments(head: bytes) -> bytes:
    return b"\n".join(line for line in head.splitlines() if line.startswith(b"#"))
