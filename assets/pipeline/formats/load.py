"""A file of any format as a scan. The wall between whatever a sender sends and the rest of the pipeline."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import trimesh

from assets.pipeline.examined import Examined, Format
from assets.pipeline.formats.archive import examine_3mf
from assets.pipeline.formats.companions import CompanionNotes, Companions, check_image
from assets.pipeline.formats.convert import Conversion
from assets.pipeline.formats.counted import examine_obj, examine_off, examine_ply, examine_stl
from assets.pipeline.formats.gltf import GltfFile, embedded_images, examine_gltf, opened, with_materials
from assets.pipeline.formats.sniff import HEAD, sniffed
from assets.pipeline.loaded import Loaded
from assets.pipeline.refusal import LIMITS, InputLimits, UnreadableScan
from assets.pipeline.scan import Scan

_EXAMINERS = {
    Format.OBJ: examine_obj,
    Format.PLY: examine_ply,
    Format.STL: examine_stl,
    Format.OFF: examine_off,
    Format.THREE_MF: examine_3mf,
}


def load(path: Path, limits: InputLimits = LIMITS) -> Loaded:
    """Read a scan: OBJ, PLY, STL, OFF, 3MF, GLB or glTF, with the materials and textures it names.

    Raises :class:`UnreadableScan`, which names the file, the problem and the remedy, for whatever is not a
    scan, is damaged, or asks for more than ``limits`` allow.
    """
    notes = CompanionNotes()
    with _wall(path.name, notes):
        kind = sniffed(path, _head(path, limits))
        examined, scene = _scene(path, kind, limits, notes)
        conversion = Conversion(path.name, kind in (Format.GLB, Format.GLTF), limits, notes.remarks)
        scan, origin = conversion.scan(path.stem, scene)
        scan = replace(scan, provenance={"source": path.name, **scan.provenance, **examined.provenance})
        if examined.counted and scan.triangle_count < examined.triangles:
            raise UnreadableScan(
                path.name,
                f"it announces {examined.triangles:,} faces, {scan.triangle_count:,} triangles are there",
                "Copy or export the file again",
            )
    notes.remarks.extend(examined.remarks)
    if any(origin):
        notes.remarks.append(f"moved by {origin} of its own units, so that 32 bits hold its detail")
    files = (path, *dict.fromkeys(notes.read))
    return Loaded(scan, kind, examined.unit, examined.up, origin, files, tuple(notes.remarks))


def load_glb(name: str, content: bytes, limits: InputLimits = LIMITS) -> Scan:
    """Read a GLB that is in memory and names no other file. Raises :class:`UnreadableScan`."""
    notes = CompanionNotes()
    path = Path(f"{name}.glb")
    with _wall(path.name, notes):
        found = opened(path.name, io.BytesIO(content), len(content))
        if any("uri" in part for kind in ("buffers", "images") for part in found.header.get(kind, ())):
            raise UnreadableScan(path.name, "it names other files", "Export it as one GLB")
        examined, scene = _gltf_scene(path, found, limits, notes)
        scan, _ = Conversion(path.name, True, limits, notes.remarks).scan(name, scene)
        return replace(scan, provenance={**scan.provenance, **examined.provenance})


@contextmanager
def _wall(file: str, notes: CompanionNotes) -> Iterator[None]:
    """Whatever goes wrong behind it comes out as :class:`UnreadableScan`."""
    try:
        yield
    except UnreadableScan:
        raise
    except MemoryError as error:
        raise UnreadableScan(
            file,
            "it needs more memory than this process may take",
            "Export it at a lower resolution, or allow more with --memory",
        ) from error
    except OSError as error:
        raise UnreadableScan(
            file, f"it cannot be read ({error.strerror or error})", "Check the file"
        ) from error
    except Exception as error:  # the parsers of seven formats fail in as many ways
        if notes.refused:
            raise notes.refused[0] from error
        raise UnreadableScan(
            file, f"it is damaged ({type(error).__name__}: {error})", "Copy or export the file again"
        ) from error


def _head(path: Path, limits: InputLimits) -> bytes:
    if path.is_dir():
        raise UnreadableScan(path.name, "it is a folder", "Name the scan in it")
    size = path.stat().st_size
    if size == 0:
        raise UnreadableScan(path.name, "it is empty", "Copy or export the file again")
    if size > limits.file_bytes:
        raise UnreadableScan(
            path.name,
            f"it has {size:,} bytes, the limit is {limits.file_bytes:,}",
            "Export it at a lower resolution, or cut it into parts",
        )
    with path.open("rb") as file:
        return file.read(HEAD)


def _scene(path: Path, kind: Format, limits: InputLimits, notes: CompanionNotes) -> tuple[Examined, Any]:
    with path.open("rb") as file:
        if kind in (Format.GLB, Format.GLTF):
            found = opened(path.name, file, path.stat().st_size)
            return _gltf_scene(path, found, limits, notes)
        return _EXAMINERS[kind](path, limits), _read(path, file, kind, limits, notes)


def _gltf_scene(
    path: Path, found: GltfFile, limits: InputLimits, notes: CompanionNotes
) -> tuple[Examined, Any]:
    examined = examine_gltf(path.name, found, limits)
    for index, image in embedded_images(found):
        check_image(f"{path.name}, image {index}", image, limits)
    kind = Format.GLTF if found.binary is None else Format.GLB
    content = io.BytesIO(_with_own_buffers(found, path, limits, notes).packed())
    return examined, _read(path, content, kind, limits, notes)


def _with_own_buffers(found: GltfFile, path: Path, limits: InputLimits, notes: CompanionNotes) -> GltfFile:
    """The file with materials for all. Its images are asked for here: trimesh forgives missing ones."""
    companions = Companions(path, limits, notes)
    for image in found.header.get("images", ()):
        uri = image.get("uri", "data:")
        if not uri.startswith("data:"):
            companions.get(uri)
    return with_materials(found)


def _read(path: Path, content: Any, kind: Format, limits: InputLimits, notes: CompanionNotes) -> Any:
    companions = Companions(path, limits, notes)
    with warnings.catch_warnings():
        # numpy's reader of numbers in text stops at the first word that is none, with this warning only.
        warnings.filterwarnings("error", message="string or file could not be read")
        warnings.filterwarnings("ignore", category=RuntimeWarning)
        scene = trimesh.load_scene(content, file_type=kind.value, resolver=companions, process=False)
    if notes.refused:
        raise notes.refused[0]
    return scene
