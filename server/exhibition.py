"""The museum as it opens: placement, published records and files read once into what is shown.

Blocking; a server that is running already calls it in a thread.
"""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from assets.catalog.publication import visitor_record
from assets.catalog.store.catalog import Catalog
from server.holdings import Holdings, read_holdings
from server.perception import Perception
from server.placement_files import read_placement
from server.showing import Showing
from server.store import standing_catalog
from server.world.interest import Interest, Policy
from server.world.visit import Budget

if TYPE_CHECKING:
    from assets.catalog.record import ArtifactRecord


def open_exhibition(store: Path, policy: Policy | None = None, budget: Budget | None = None) -> Showing:
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
    return Showing(Interest(placed.placement, policy), content, placed.starts, budget or Budget())
