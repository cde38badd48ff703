"""Bodies of the catalog API: what each answer holds, from which the OpenAPI document is made."""

from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from assets.catalog.record import ArtifactRecord
from server.files import Derivative
from server.holdings import Bench, Door, Exhibit, Frame, Gallery, Vector, Viewpoint


class Body(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Entry(Body):
    """The way into the API."""

    name: str
    """The museum's name."""
    artifacts: int
    """How many artifacts are published."""
    links: dict[str, str]
    """Relation to address (a URI template, RFC 6570, where it has variables)."""


class Summary(Body):
    """An artifact in a list."""

    id: str
    accession: str
    titles: dict[str, str]
    """Language (BCP 47, ``und`` where not stated) to title."""
    produced: str | None
    """When it was made, as the source words it."""
    object_types: tuple[str, ...]
    rights: str | None
    """License or rights statement, a URI."""
    required_statement: str | None
    """Text that must be shown with the artifact."""
    url: str


class ArtifactList(Body):
    """A page of a list of artifacts."""

    artifacts: tuple[Summary, ...]
    next: str | None
    """Address of the next page; null at the end."""


class File(Body):
    """A published file; its address never changes and may be kept for ever."""

    sha256: str
    url: str
    media_type: str
    bytes: int
    usage: str
    """``master``, ``headset``, ``phone``, ``thumb``; ``picture`` of a scan; ``gallery``: a room."""
    quality: int
    """Place in the usage's chain: 0 is the finest."""
    encoding: str
    """``plain``, ``meshopt``, ``draco``."""
    needs: tuple[str, ...]
    """Capabilities a client must have to use it."""
    triangles: int | None
    error_mm: float | None
    """Largest distance from the master in millimetres; null where not measured."""


class FileList(Body):
    """The files of one artifact, largest first."""

    artifact: str
    files: tuple[File, ...]


class Room(Body):
    """A gallery. Metres, right-handed, +Y up; origin in the middle of its floor, entrance at +Z."""

    slug: str
    name: dict[str, str]
    """Language (BCP 47) to name."""
    site: Frame
    """The gallery's frame in that of the whole museum, which poses on the live connection are in."""
    size: Vector
    """Width (x), height (y), depth (z)."""
    doors: tuple[Door, ...]
    viewpoint: Viewpoint
    placements: tuple[Exhibit, ...]
    wall_color: str | None
    """sRGB as ``#rrggbb``, for clients that draw the room from this description; null: theirs to choose."""
    benches: tuple[Bench, ...]
    model: str | None
    """Address of the room's GLB; null where it was not built."""
    url: str


class RoomList(Body):
    """All galleries."""

    galleries: tuple[Room, ...]


def summary(record: ArtifactRecord, base: str) -> Summary:
    """A record in a list; of several titles in one language the first."""
    titles: dict[str, str] = {}
    for title in record.titles:
        titles.setdefault(title.language, title.content)
    return Summary(
        id=record.id,
        accession=record.accession,
        titles=titles,
        produced=record.produced.text if record.produced else None,
        object_types=tuple(dict.fromkeys(term.label for term in record.object_types)),
        rights=record.rights.uri if record.rights else None,
        required_statement=record.required_statement.value if record.required_statement else None,
        url=f"{base}/api/artifacts/{quoted(record.id)}",
    )


def whole(record: ArtifactRecord) -> dict[str, Any]:
    """The record as its JSON Schema has it, without what is at its default."""
    return record.model_dump(mode="json", exclude_defaults=True)


def file(derivative: Derivative, base: str) -> File:
    """A derivative with its address."""
    return File(
        sha256=derivative.sha256,
        url=f"{base}/assets/{derivative.sha256}",
        media_type=derivative.media_type,
        bytes=derivative.size,
        usage=derivative.usage,
        quality=derivative.quality,
        encoding=derivative.encoding,
        needs=tuple(sorted(derivative.needs)),
        triangles=derivative.triangles,
        error_mm=derivative.error_mm,
    )


def room(gallery: Gallery, base: str) -> Room:
    """A gallery with its addresses."""
    return Room(
        slug=gallery.slug,
        name=gallery.name,
        site=gallery.site,
        size=gallery.size,
        doors=gallery.doors,
        viewpoint=gallery.viewpoint,
        placements=gallery.placements,
        wall_color=gallery.wall_color,
        benches=gallery.benches,
        model=f"{base}/assets/{gallery.model}" if gallery.model else None,
        url=f"{base}/api/galleries/{gallery.slug}",
    )


def quoted(artifact: str) -> str:
    """An artifact id as one segment of a path; a slash inside it becomes ``%2F``."""
    return quote(artifact, safe=":")
