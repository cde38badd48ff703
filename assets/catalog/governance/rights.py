"""May visitors see this artifact: the rights the record states, under its institution's policy."""

from dataclasses import dataclass

from assets.catalog.governance.policy import Governance
from assets.catalog.record import ArtifactRecord


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether visitors may see it, and the reason."""

    shows: bool
    reason: str
    """Empty where nothing stands against showing it."""


SHOWN = Decision(True, "")


def decide(record: ArtifactRecord, policy: Governance) -> Decision:
    """Rights stated in the record first, then the policy's list of rights that forbid showing."""
    rights = record.rights
    if rights is None:
        return SHOWN
    if not rights.shows:
        return Decision(
            False, f"the source forbids showing it: {rights.statement or rights.uri or 'no reason given'}"
        )
    for entry in policy.hide_rights:
        if rights.uri == entry or (rights.statement and entry.casefold() in rights.statement.casefold()):
            return Decision(
                False, f"rights {entry!r} forbid showing it by the profile's governance.hide_rights"
            )
    return SHOWN
