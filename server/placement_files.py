"""A museum's placement on disk: one JSON file that says where everything stands.

``museum.json`` in the store's folder, or in its folder ``sample`` where the sample museum was built. The
format is described in ``docs/perception.md``; what it says of files is read by :mod:`server.holdings`.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationError

from assets.catalog.annotation import Annotation
from assets.catalog.record import LanguageTag, NonEmpty, Slug
from assets.catalog.store.database import StoreError
from server.holdings import SAMPLE, Door, Stated, Viewpoint, artifact_id
from server.world.placement import Door as Opening
from server.world.placement import Exhibit, Gallery, Hotspot, Placement, PlacementError
from server.world.space import IDENTITY, Box, Pose, Quaternion, Vector, minus, product, rotated, turn, unit

LISTING: Final = "museum.json"
SITE_M: Final = 10_000.0
"""Farthest that anything may be stated from its frame's origin; metres."""
LONGEST_NAME: Final = 128
"""Characters of an identifier that the live connection takes."""
_TOLERANCE: Final = 1e-3
_UP, _RIGHT = (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)


class PlacementMissing(StoreError):
    """A store that says nowhere what stands where."""


def _turning(rotation: Quaternion) -> Quaternion:
    length = math.hypot(*rotation)
    if abs(length - 1.0) > _TOLERANCE:
        raise ValueError(f"a quaternion x, y, z, w has length 1, this one {length:.4g}")
    return rotation


def _ordered(bounds: tuple[Vector, Vector]) -> tuple[Vector, Vector]:
    if any(low > high for low, high in zip(*bounds, strict=True)):
        raise ValueError(f"lowest corner {bounds[0]} is above highest corner {bounds[1]}")
    return bounds


Rotation = Annotated[Quaternion, AfterValidator(_turning)]
Within = Annotated[float, Field(ge=-SITE_M, le=SITE_M)]
Place = tuple[Within, Within, Within]
Length = Annotated[float, Field(ge=0, le=SITE_M)]
Corners = Annotated[tuple[Place, Place], AfterValidator(_ordered)]


class _Frame(Stated):
    position: Place = (0.0, 0.0, 0.0)
    rotation: Rotation = IDENTITY

    @property
    def pose(self) -> Pose:
        return Pose(self.position, self.rotation)


class _Solid(Stated):
    center: Place
    half: tuple[Length, Length, Length]
    rotation: Rotation = IDENTITY


class _Placed(_Frame):
    artifact: NonEmpty
    bounds: Corners


class _Room(Stated):
    slug: Slug
    name: dict[LanguageTag, NonEmpty] = Field(default_factory=dict)
    site: _Frame = Field(default_factory=_Frame)
    size: tuple[Length, Length, Length]
    doors: tuple[Door, ...] = ()
    occluders: tuple[_Solid, ...] = ()
    viewpoint: Viewpoint
    placements: tuple[_Placed, ...]


class _Thing(Stated):
    bytes: int = Field(ge=0)
    bounds: Corners
    annotations: tuple[Annotation, ...] = ()


class _Museum(Stated):
    format: Literal[1, 2, 3]
    institution: Slug = SAMPLE
    artifacts: dict[str, _Thing]
    galleries: tuple[_Room, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class PlacedMuseum:
    """What the file says, in the site frame."""

    placement: Placement
    starts: dict[str, Pose]
    """Where a visit of each gallery begins; the first is the museum's entrance."""
    names: dict[str, dict[str, str]]
    """Name of each gallery, by language."""
    annotations: dict[str, tuple[Annotation, ...]]
    """By artifact."""


def read_placement(store: Path, is_shown: Callable[[str], bool] = lambda _: True) -> PlacedMuseum:
    """The placement of a store; only exhibits whose artifact ``is_shown``.

    Raises :class:`PlacementMissing` where there is none, and :class:`StoreError` naming file and field where
    it is damaged.
    """
    path = next((p for p in (store / LISTING, store / SAMPLE / LISTING) if p.is_file()), None)
    if path is None:
        raise PlacementMissing(
            f"{store}: holds no placement. Put a {LISTING} there, or make one: "
            f"twin sample build --store {store}"
        )
    content = path.read_bytes()
    try:
        museum = _Museum.model_validate_json(content)
        return _placed(museum, hashlib.sha256(content), is_shown)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise StoreError(
            f"{path}: {place}: {first['msg']}. Correct it, or build it anew: "
            f"twin sample build --store {store}"
        ) from error
    except ValueError as error:  # PlacementError, and what geometry makes of impossible numbers
        raise StoreError(f"{path}: {error}") from error


def facing(position: Vector, target: Vector) -> Pose:
    """A pose at ``position`` that looks at ``target`` with the horizon level."""
    x, y, z = unit(minus(target, position))
    return Pose(position, product(turn(_UP, math.atan2(-x, -z)), turn(_RIGHT, math.asin(y))))


def _placed(museum: _Museum, digest: "hashlib._Hash", is_shown: Callable[[str], bool]) -> PlacedMuseum:
    _check_frames(museum.galleries)
    exhibits: list[Exhibit] = []
    occluders: list[Box] = []
    annotations: dict[str, tuple[Annotation, ...]] = {}
    for room in museum.galleries:
        frame = room.site.pose
        occluders += [Box(s.center, s.half, s.rotation).seen_from(frame) for s in room.occluders]
        for placed in room.placements:
            artifact = artifact_id(museum.institution, placed.artifact)
            if not is_shown(artifact):
                continue
            if len(artifact) > LONGEST_NAME:
                raise PlacementError(
                    f"artifact {artifact!r}: its id has {len(artifact)} characters and the live connection "
                    f"takes {LONGEST_NAME}; leave it out, or ingest it under a shorter identifier"
                )
            thing = museum.artifacts.get(placed.artifact)
            exhibits.append(_exhibit(artifact, room, placed, thing))
            annotations[artifact] = thing.annotations if thing else ()
    digest.update("\n".join(annotations).encode())
    rooms = tuple(_gallery(room) for room in museum.galleries)
    return PlacedMuseum(
        Placement(digest.hexdigest()[:12], rooms, tuple(exhibits), tuple(occluders)),
        {room.slug: _start(room) for room in museum.galleries},
        {room.slug: dict(room.name) for room in museum.galleries},
        annotations,
    )


def _check_frames(rooms: Sequence[_Room]) -> None:
    frames = [room.site for room in rooms]
    if len(set(frames)) < len(frames):
        raise PlacementError(
            "galleries: two of them have the same site frame and would stand in one another; "
            "state each gallery's site: position and rotation in the museum"
        )


def _exhibit(artifact: str, room: _Room, placed: _Placed, thing: _Thing | None) -> Exhibit:
    """An artifact of which there is no scan stands in the box that its placement states."""
    frame = room.site.pose
    pose = frame.then(placed.pose)
    if thing is None:
        return Exhibit(artifact, room.slug, pose, Box.between(*placed.bounds).seen_from(frame))
    bounds = Box.between(*thing.bounds).seen_from(pose)
    spots = tuple(_hotspots(pose, thing.annotations))
    return Exhibit(artifact, room.slug, pose, bounds, thing.bytes, spots)


def _hotspots(pose: Pose, annotations: Iterable[Annotation]) -> Iterable[Hotspot]:
    for annotation in annotations:
        surface = annotation.target.surface
        if surface is not None:
            normal = rotated(pose.rotation, surface.normal)
            yield Hotspot(annotation.id, pose.point(surface.position), normal)


def _gallery(room: _Room) -> Gallery:
    width, height, depth = room.size
    frame = room.site.pose
    inside = Box((0.0, height / 2, 0.0), (width / 2, height / 2, depth / 2)).seen_from(frame)
    doors = tuple(Opening(frame.point(_sill(room.size, door))) for door in room.doors)
    return Gallery(room.slug, frame, inside, doors)


def _sill(size: Vector, door: Door) -> Vector:
    x, z = size[0] / 2, size[2] / 2
    if door.wall in ("front", "back"):
        return (door.offset, 0.0, z if door.wall == "front" else -z)
    return (x if door.wall == "right" else -x, 0.0, door.offset)


def _start(room: _Room) -> Pose:
    frame = room.site.pose
    return facing(frame.point(room.viewpoint.position), frame.point(room.viewpoint.target))
