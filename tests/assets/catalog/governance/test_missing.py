"""Gaps in the numbers that models read."""

from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.governance.missing import fill_feature
from assets.catalog.governance.policy import MissingPolicy

VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), max_size=40)
POLICIES = st.sampled_from(("leave", "mean", "median"))


@pytest.mark.parametrize(("policy", "fill"), [("leave", None), ("mean", 4.0), ("median", 2.0)])
def test_the_policy_decides_what_stands_in(policy: MissingPolicy, fill: float | None) -> None:
    feature = fill_feature([1.0, None, 2.0, 9.0], policy)
    assert feature.values == (1.0, fill, 2.0, 9.0)
    assert feature.filled == (False, fill is not None, False, False)


def test_nothing_stated_leaves_nothing_to_fill_with() -> None:
    feature = fill_feature([None, None], "mean")
    assert (feature.values, feature.fill) == ((None, None), None)


@given(VALUES, POLICIES)
def test_stated_values_never_change_and_filled_ones_are_marked(
    values: list[float | None], policy: MissingPolicy
) -> None:
    feature = fill_feature(values, policy)
    for before, after, filled in zip(values, feature.values, feature.filled, strict=True):
        assert filled == (before is None and after is not None)
        assert filled or before == after


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_the_fill_is_of_the_stated_values_alone(values: list[float]) -> None:
    assert fill_feature([None, *values], "mean").fill == fmean(values)
    assert fill_feature([None, *values], "median").fill == median(values)
