"""A gallery as ``museum.json`` states it, of the sample and of every museum that is hung.

The format is described in ``docs/perception.md``; the server reads it in ``server.holdings``.
"""

from collections.abc import Iterable
from typing import Any

from assets.sample.galleries import DOOR_HEIGHT, DOOR_WIDTH, Gallery, Placement
from assets.sample.rooms import bench_size
from assets.sample.site import occluders


def gallery_entry(
    gallery: Gallery, placed: Iterable[Placement], name: dict[str, str], site: dict[str, Any]
) -> dict[str, Any]:
    """A room with what stands in it: metres, right-handed, +Y up, origin in the middle of the floor.

    ``site`` is the gallery's frame in that of the whole museum: ``position``, and ``rotation`` as x, y, z, w.
    """
    placements = list(placed)
    position, target = gallery.viewpoint
    return {
        "slug": gallery.slug,
        "name": name,
        "site": site,
        "file": f"galleries/{gallery.slug}.glb",
        "size": [gallery.width, gallery.height, gallery.depth],
        "doors": [
            {"wall": wall, "offset": offset, "width": DOOR_WIDTH, "height": DOOR_HEIGHT}
            for wall, offset in gallery.doors
        ],
        "wall_color": gallery.wall_color,
        "benches": [
            {"position": (x, 0.0, z), "size": bench_size(turned)} for x, z, turned in gallery.benches
        ],
        "occluders": occluders(gallery, placements),
        "viewpoint": {"position": position, "target": target},
        "placements": [
            {
                "artifact": p.slug,
                "position": p.position,
                "rotation": p.rotation,
                "support": p.support,
                "support_size": p.support_size,
                "bounds": [p.low, p.high],
            }
            for p in placements
        ],
    }
