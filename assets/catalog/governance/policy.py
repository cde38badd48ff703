"""What an institution lets be done with its records: the ``[governance]`` table of a profile. Words only."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Policy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OutlierLimits(_Policy):
    """When a number is too far from the rest. Values in SI units."""

    box_factor: float = Field(3.0, gt=0)
    """Distance from the quartiles in interquartile ranges (Tukey's outer fence), on a logarithmic scale."""
    robust_z: float = Field(6.0, gt=0)
    """Distance from the median in scaled median absolute deviations, on a logarithmic scale."""
    limits: dict[str, float] = {"coin diameter": 0.25, "coin weight": 20.0}
    """Largest believable value by words of the object type and the dimension kind (m, kg). The heaviest
    known coin but for showpieces of today is a Swedish plate of 19.7 kg."""


class ReleaseLimits(_Policy):
    """How much may change between two releases before a person is asked."""

    lost_share: float = Field(0.01, ge=0, le=1)
    """Share of the records shown now that a release may lack."""
    emptied_share: float = Field(0.2, ge=0, le=1)
    """How far a column's filled share may fall."""
    shape_shift: float = Field(0.35, ge=0, le=1)
    """Total variation distance between a column's value shapes, then and now."""
    top_share_rise: float = Field(0.4, ge=0, le=1)
    """How far the share of a column's most frequent value may rise."""
    damaged_share: float = Field(0.005, ge=0, le=1)
    """How far the share of wrongly decoded texts in a column may rise."""
    fewest_records: int = Field(20, ge=1)
    """Columns with fewer values than this tell nothing."""


MissingPolicy = Literal["leave", "mean", "median"]


class Governance(_Policy):
    """Policy of the institution."""

    hide_rights: tuple[str, ...] = ()
    """Rights URIs, or words of a rights statement, under which an artifact is not shown."""
    missing: dict[str, MissingPolicy] = {}
    """What models get where a numeric feature is missing; the record itself stays empty."""
    outliers: OutlierLimits = OutlierLimits()
    release: ReleaseLimits = ReleaseLimits()
    duplicates_merge: Literal["never", "exact"] = "never"
    """``exact``: records alike in everything but their number are shown once."""
    duplicates_from: float = Field(0.85, ge=0, le=1)
    """Pairs of this score and above are reported."""
    region: str = Field("US", pattern=r"^[A-Z]{2}$")
    """ISO 3166-1 country whose telephone numbers stand without a country code."""
    mask: tuple[Literal["texts", "credit_line", "acquisition"], ...] = ("texts", "credit_line", "acquisition")
    """Parts of the record in which personal data is looked for and masked."""
