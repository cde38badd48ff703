"""What a file is, by its first bytes; the name must agree, because a wrong name misleads every later tool."""

from pathlib import Path
from typing import Final

from assets.pipeline.examined import Format
from assets.pipeline.refusal import UnreadableScan

HEAD: Final = 4096
"""Bytes that are enough to tell a format."""


_FOREIGN: Final = (
    (b"Kaydara FBX Binary", "an FBX file"),
    (b"; FBX", "an FBX file"),
    (b"BLENDER", "a Blender file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF", "a PDF document"),
    (b"PXR-USDC", "a USD file"),
    (b"#usda", "a USD file"),
    (b"DRACO", "bare Draco data"),
)
_EXPORT: Final = "Export it as GLB, OBJ or PLY from the tool that made it"
_OBJ_WORDS: Final = {b"v", b"vt", b"vn", b"f", b"o", b"g", b"s", b"mtllib", b"usemtl", b"vp", b"l"}


def sniffed(path: Path, head: bytes) -> Format:
    """The format of a file whose first bytes are ``head``.

    Raises :class:`UnreadableScan` where it is none of ours, or the name says something else.
    """
    found = _by_content(head)
    if found is None:
        foreign = next((name for magic, name in _FOREIGN if head.startswith(magic)), None)
        if foreign is None and b"COLLADA" in head:
            foreign = "a COLLADA file"
        problem = f"it is {foreign}" if foreign else "its content is no format of scans that is read here"
        raise UnreadableScan(path.name, problem, _EXPORT)
    suffix = path.suffix.lower().lstrip(".")
    if suffix != found.value:
        raise UnreadableScan(
            path.name,
            f"its content is {found.value.upper()}, but its name ends in {path.suffix or 'nothing'!r}",
            f"Rename it to {path.stem}.{found.value} if that is what it is",
        )
    return found


def _by_content(head: bytes) -> Format | None:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"glTF"):
        return Format.GLB
    if head.startswith(b"PK\x03\x04"):
        return Format.THREE_MF
    if text[:3].lower() == b"ply" and text[3:4] in (b"\n", b"\r", b" "):
        return Format.PLY
    if text.startswith(b"{") and b'"' in text:
        return Format.GLTF
    if text[:4].upper() in (b"OFF\n", b"OFF\r", b"OFF ", b"COFF"):
        return Format.OFF
    if any(head.startswith(magic) for magic, _ in _FOREIGN):
        return None
    if text[:5].lower() == b"solid" and b"facet" in head.lower():
        return Format.STL
    if _looks_like_obj(text):
        return Format.OBJ
    return Format.STL if _looks_like_binary_stl(head) else None


def _looks_like_obj(text: bytes) -> bool:
    if b"\x00" in text:
        return False
    lines = [line.split() for line in text.splitlines()[:-1] or [text]]
    told = [words[0] for words in lines if words and not words[0].startswith(b"#")]
    if not told:
        return bool(lines) and any(words for words in lines) and text.startswith(b"#")
    return sum(word in _OBJ_WORDS for word in told) > 0.5 * len(told)


def _looks_like_binary_stl(head: bytes) -> bool:
    """80 bytes of anything, a count, then triangles whose attribute word is mostly 0."""
    count = int.from_bytes(head[80:84], "little")
    starts = range(84, len(head) - 49, 50)
    quiet = sum(head[at + 48 : at + 50] == b"\x00\x00" for at in starts)
    return len(head) >= 84 and (count == 0 or (len(starts) > 0 and quiet > 0.5 * len(starts)))
