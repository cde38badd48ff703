"""Missing numbers, for the features that models read: left missing, or filled by a declared rule.

Never used on a record: what the institution did not state stays unstated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from assets.catalog.governance.policy import MissingPolicy


@dataclass(frozen=True, slots=True)
class FilledFeature:
    """A numeric feature ready for a model."""

    values: tuple[float | None, ...]
    filled: tuple[bool, ...]
    """True where the value was not stated but filled by the policy."""
    fill: float | None
    """The value filled in; ``None`` where the policy leaves gaps or nothing was stated at all."""
    policy: MissingPolicy


def fill_feature(values: Sequence[float | None], policy: MissingPolicy) -> FilledFeature:
    """Fill the gaps of one feature by ``policy``, and say which values were filled."""
    stated = [value for value in values if value is not None]
    fill: float | None = None
    if stated and policy == "mean":
        fill = fmean(stated)
    elif stated and policy == "median":
        fill = median(stated)
    gaps = tuple(value is None and fill is not None for value in values)
    return FilledFeature(tuple(fill if value is None else value for value in values), gaps, fill, policy)
