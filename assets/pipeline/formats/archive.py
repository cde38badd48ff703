"""3MF archives before they are unpacked: sizes, names, the unit that the model states."""

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from assets.pipeline.examined import Examined, named_unit, refuse_too_many
from assets.pipeline.refusal import MIB, InputLimits, UnreadableScan

_AGAIN: Final = "Copy or export the file again"
_MODEL: Final = "3d/3dmodel.model"
_TRIANGLE: Final = 36
"""Bytes of the shortest triangle element."""
_UNIT: Final = re.compile(rb"<(?:\w+:)?model\b[^>]*\bunit\s*=\s*[\"'](\w+)")


def examine_3mf(path: Path, limits: InputLimits) -> Examined:
    """Check the archive's own table (3MF Core Specification 1.3). Raises :class:`UnreadableScan`."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(path.name, members, limits)
            models = [member for member in members if member.filename.lower().endswith(_MODEL)]
            if not models:
                raise UnreadableScan(
                    path.name,
                    "it is a zip archive without a 3D model",
                    "Unpack it, and give the scan that lies in it",
                )
            with archive.open(models[0]) as file:
                head = file.read(4096)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnreadableScan(path.name, f"its archive is damaged ({error})", _AGAIN) from error
    parts = [member.file_size for member in members if member.filename.lower().endswith(".model")]
    refuse_too_many(path.name, sum(parts) // (3 * _TRIANGLE), limits)
    stated = _UNIT.search(head)
    # Core Specification 3.4: a model that states no unit is in millimeters.
    unit = named_unit(stated[1].decode()) if stated else "mm"
    return Examined(sum(parts) // _TRIANGLE, unit=unit, up="+z")


def _check_members(file: str, members: list[zipfile.ZipInfo], limits: InputLimits) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if unpacked > limits.unpacked_bytes or (unpacked > MIB and unpacked > limits.unpacked_ratio * packed):
        raise UnreadableScan(
            file,
            f"it unpacks to {unpacked:,} bytes, {unpacked // packed:,} times its size",
            "Such an archive is not unpacked; ask the sender for the mesh itself",
        )
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise UnreadableScan(
                file, f"member {member.filename!r} climbs out of it", "Ask the sender for a clean archive"
            )
        if member.flag_bits & 1:
            raise UnreadableScan(file, "it is encrypted", "Unpack it, and give the mesh that lies in it")
