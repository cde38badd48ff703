"""The museum as it opens: placement, published records and files read once into what is shown.

Blocking; a server that is running already calls it in a thread.
"""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assets.catalog.publication import visitor_record
from assets.catalog.store.catalog import Catalog
from server.content import Audience
from server.holdings import Holdings, read_holdings
from server.perception import Perception
from server.placement_files import read_placement
from server.showing import Showing
from server.store import standing_catalog
from server.world.interest import Grid, Interest, Policy
from server.world.placement import Placement
from server.world.visit import Budget, Detail

if TYPE_CHECKING:
    from assets.catalog.record import ArtifactRecord

_HEADSET: Final = Audience(capabilities=frozenset({"meshopt", "ktx2"}))


def open_exhibition(
    store: Path, policy: Policy | None = None, budget: Budget | None = None, grid: Grid | None = None
) -> Showing:
    """What the store shows now: exhibits whose record visitors may see.

    Raises :class:`~assets.catalog.store.database.StoreError` where catalog or placement cannot be read.
    """
    records: dict[str, ArtifactRecord] = {}
    with closing(Catalog(standing_catalog(store), reading=True)) as catalog:

        def is_shown(artifact: str) -> bool:
            record = visitor_record(catalog, artifact)
            if record is None:
                return False
            records[artifact] = record
            return True

        placed = read_placement(store, is_shown)
    holdings = read_holdings(store, Holdings.none())
    files = {artifact: holdings.of(artifact) for artifact in records}
    content = Perception(records, placed.annotations, files)
    placement = _weighed(placed.placement, content)
    return Showing(Interest(placement, policy, grid), content, placed.starts, budget or Budget())


def _weighed(placement: Placement, content: Perception) -> Placement:
    """The placement with the bytes a headset loads of each artifact until it is looked at closely."""
    exhibits = (
        replace(exhibit, weight=max((file.size for file in files), default=exhibit.weight))
        for exhibit in placement.exhibits
        for files in [content.files(exhibit.artifact, Detail.LABEL, _HEADSET)]
    )
    return replace(placement, exhibits=tuple(exhibits))
