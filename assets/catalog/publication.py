"""What visitors may see of an artifact: shown by its rights, not a hidden double, personal data masked."""

from assets.catalog.governance.personal import masked
from assets.catalog.governance.policy import Governance
from assets.catalog.record import ArtifactRecord
from assets.catalog.store.catalog import Catalog


def visitor_record(catalog: Catalog, artifact: str) -> ArtifactRecord | None:
    """The record as it may be published; ``None`` where it is kept from visitors or not there at all.

    The policy is that of the release the record came with. Every export for the public passes through here.
    """
    record = catalog.record(artifact, shown_only=True)
    if record is None:
        return None
    return masked(record, Governance.model_validate(catalog.policy(artifact)))
