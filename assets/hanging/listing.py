"""A hang written into a store: ``museum.json``, which the server reads, and a model of each gallery.

The format is described in ``docs/perception.md``. Galleries stand in a row along -Z, door to door.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from assets.hanging.work import Hang, Work
from assets.pipeline.building.store import DERIVATIVES, write_durably
from assets.pipeline.files import glb_bytes
from assets.sample.listing import gallery_entry
from assets.sample.rooms import WALL_THICKNESS, room

FORMAT: Final = 3
LISTING: Final = "museum.json"
GALLERIES: Final = "galleries"


def write_hang(hang: Hang, store: Path) -> list[Path]:
    """Write the rooms and then the listing, each completely or not at all; what was written.

    Raises ``OSError`` where the store cannot be written.
    """
    written = []
    for place, gallery in enumerate(hang.galleries):
        path = store / GALLERIES / f"{gallery.slug}.glb"
        labels = {artifact: list(work.label) for artifact, work in gallery.works.items()}
        joined = {"front"} if place else set()
        joined |= {"back"} if place + 1 < len(hang.galleries) else set()
        model = room(gallery.room, gallery.placements, labels, open_to=frozenset(joined))
        write_durably(path, glb_bytes(model))
        written.append(path)
    listing = store / LISTING
    write_durably(listing, listing_bytes(hang))
    return [*written, listing]


def listing_bytes(hang: Hang) -> bytes:
    """``museum.json``."""
    works = {artifact: work for gallery in hang.galleries for artifact, work in gallery.works.items()}
    content = {
        "format": FORMAT,
        "name": hang.name,
        "units": "metres, right-handed, +Y up; quaternions x, y, z, w",
        "artifacts": dict(sorted(_scanned(hang, works))),
        "galleries": [
            gallery_entry(
                gallery.room,
                gallery.placements,
                gallery.name,
                {"position": [0.0, 0.0, depth], "rotation": [0.0, 0.0, 0.0, 1.0]},
            )
            for gallery, depth in zip(hang.galleries, depths(hang), strict=True)
        ],
    }
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def depths(hang: Hang) -> list[float]:
    """z of each gallery's middle in the site frame: they share the wall with the door between them."""
    found: list[float] = []
    for gallery in hang.galleries:
        before = hang.galleries[len(found) - 1] if found else None
        away = (before.room.depth + gallery.room.depth) / 2 + WALL_THICKNESS if before else 0.0
        found.append(round((found[-1] if found else 0.0) - away, 6))
    return found


def _scanned(hang: Hang, works: dict[str, Work]) -> Iterator[tuple[str, dict[str, Any]]]:
    for artifact, work in works.items():
        if work.scan is not None:
            annotations = hang.annotations.get(artifact, ())
            yield (
                artifact,
                {
                    "file": f"{DERIVATIVES}/{work.scan.sha256}.glb",
                    "sha256": work.scan.sha256,
                    "bytes": work.scan.bytes,
                    "triangles": work.scan.triangles,
                    "bounds": [work.low, work.high],
                    "annotations": [
                        one.model_dump(mode="json", exclude_defaults=True) for one in annotations
                    ],
                },
            )
