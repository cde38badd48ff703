"""The files that a scan names: materials, textures, buffers. They lie in its folder, or the scan is refused.

trimesh passes over what it cannot find or open. Here every such failure is kept, and raised once the scan has
been read.
"""

import io
import re
import urllib.parse
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from PIL import Image, UnidentifiedImageError
from trimesh import resolvers

from assets.pipeline.refusal import InputLimits, UnreadableScan

_Resolver: Any = resolvers.Resolver
_OPTIONS: Final = re.compile(r"^(?:-\w+(?:\s+(?:[-+]?[\d.]+|on|off|[rgbmlz]))*\s+)+")
"""Options before a file name in an MTL, such as ``-s 1 1 1`` or ``-bm 0.5``."""
_MAPS: Final = re.compile(r"^\s*((?:map_|norm|bump|disp|decal|refl)\S*)\s", re.MULTILINE | re.IGNORECASE)
_TEXT: Final = {".mtl"}
_BARE: Final = {".bin"}


@dataclass(slots=True)
class CompanionNotes:
    """What came up while the companions of one scan were read."""

    read: list[Path] = field(default_factory=list)
    refused: list[UnreadableScan] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Companions(_Resolver):  # type: ignore[misc]
    """Gives trimesh the files that a scan names, from the scan's own folder and nowhere else."""

    def __init__(self, scan: Path, limits: InputLimits, notes: CompanionNotes) -> None:
        self._scan = scan
        self._folder = scan.resolve().parent
        self._limits = limits
        self._notes = notes
        self.file_name = scan.name

    def get(self, key: str) -> bytes:
        """The bytes of a companion. Raises :class:`UnreadableScan`, and remembers that it did."""
        try:
            path = self._found(key)
            content = self._content(path)
        except UnreadableScan as refusal:
            self._notes.refused.append(refusal)
            raise
        self._notes.read.append(path)
        if path.suffix.lower() in _TEXT:
            self._remark_on_maps(path.name, content.decode("utf-8", "replace"))
        return content

    def write(self, name: str, data: Any) -> None:
        """Companions are read only."""
        raise NotImplementedError(f"{name} is not written")

    def namespaced(self, namespace: str) -> "Companions":
        """A scan has one folder."""
        raise NotImplementedError(namespace)

    def keys(self) -> Iterator[str]:
        """Nothing is looked for that the scan does not name."""
        return iter(())

    def _found(self, key: str) -> Path:
        name = urllib.parse.unquote(_OPTIONS.sub("", key.strip()).strip("\"'"))
        if PureWindowsPath(name).is_absolute() or PurePosixPath(name).is_absolute() or "://" in name:
            raise UnreadableScan(
                self._scan.name,
                f"it names {name!r}, a place on the machine that made it",
                "Copy that file beside the scan and name it without a folder",
            )
        wanted = self._folder / name.replace("\\", "/")
        path = wanted if wanted.exists() else _same_name(wanted)
        if not path.resolve().is_relative_to(self._folder):
            raise UnreadableScan(
                self._scan.name,
                f"it names {name!r}, which lies outside its folder",
                "Copy that file beside the scan and name it without a folder",
            )
        if not path.is_file():
            raise UnreadableScan(
                self._scan.name,
                f"it names {name!r}, which is not there",
                "Put that file beside the scan, or remove its name from the scan",
            )
        return path

    def _content(self, path: Path) -> bytes:
        size = path.stat().st_size
        if size > self._limits.file_bytes:
            raise UnreadableScan(
                path.name, f"it has {size:,} bytes, the limit is {self._limits.file_bytes:,}", "Shrink it"
            )
        content = path.read_bytes()
        if path.suffix.lower() not in _TEXT | _BARE:
            check_image(path.name, content, self._limits)
        return content

    def _remark_on_maps(self, file: str, text: str) -> None:
        unread = sorted({kind for kind in _MAPS.findall(text) if kind.lower() != "map_kd"})
        if unread:
            self._notes.remarks.append(f"{file}: {', '.join(unread)} not taken over; only map_Kd is")


def _same_name(wanted: Path) -> Path:
    """The file that differs in upper and lower case only, as it may where the scan was made."""
    if not wanted.parent.is_dir():
        return wanted
    alike = [path for path in wanted.parent.iterdir() if path.name.lower() == wanted.name.lower()]
    return alike[0] if len(alike) == 1 else wanted


def check_image(file: str, content: bytes, limits: InputLimits) -> None:
    """Read an image's header, not its pixels. Raises :class:`UnreadableScan`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                width, height = image.size
    except Image.DecompressionBombError as error:
        raise UnreadableScan(file, f"its image is too large ({error})", _smaller(limits)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableScan(file, "it is no image that can be read", "Save it as PNG or JPEG") from error
    if max(width, height) > limits.texture_side or width * height > limits.texture_pixels:
        raise UnreadableScan(file, f"its image is {width:,} x {height:,} px", _smaller(limits))


def _smaller(limits: InputLimits) -> str:
    megapixels = limits.texture_pixels // 1_000_000
    return f"Resize it to at most {megapixels} megapixels and {limits.texture_side:,} px a side"
