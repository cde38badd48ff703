"""Bare numbers whose unit stands in another column of the row."""

from typing import Any

import pytest

from assets.catalog.profile import parse_profile
from assets.catalog.row import Mapped, SourceError
from tests.assets.catalog.records import PROFILE, mapped_row

HEAD = f'{PROFILE}\n[[fields]]\nto = "dimensions"\nas = "measure"\n'
LENGTH = 'from = "H"\nkind = "height"\nunit_from = "Units"\n'


def read(rule: str, **cells: Any) -> Mapped:
    return mapped_row(HEAD + rule, **cells)


@pytest.mark.parametrize(
    ("units", "meters", "by"),
    [
        ("cm", 0.2, "dimensions.cm"),
        ("Inches", 0.508, "dimensions.in"),
        ("mm.", 0.02, "dimensions.mm"),
        ("Hands", 2.032, "dimensions.hand"),
    ],
)
def test_each_row_is_read_in_the_unit_it_states(units: str, meters: float, by: str) -> None:
    outcome = read(LENGTH, H="20", Units=units)
    assert outcome.record.dimensions[0].value == pytest.approx(meters)
    assert outcome.record.provenance["/dimensions/0"].by == by
    assert outcome.findings == ()


def test_a_row_that_states_no_unit_is_read_in_the_rules() -> None:
    (height,) = read(LENGTH + 'unit = "cm"\n', H="20", Units="").record.dimensions
    assert height.value == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("rule", "units"), [(LENGTH, ""), (LENGTH, "kg"), (LENGTH + 'unit = "cm"\n', "cubits of old")]
)
def test_a_number_whose_unit_nobody_knows_is_left_out_as_an_error(rule: str, units: str) -> None:
    outcome = read(rule, H="20", Units=units)
    assert outcome.record.dimensions == ()
    (finding,) = outcome.findings
    assert (finding.rule, finding.severity, finding.pointer) == ("dimensions.no-unit", "error", "H")
    assert finding.text == "20"


def test_an_unmeasured_zero_needs_no_unit() -> None:
    assert read(LENGTH, H="0", Units="").findings == ()


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ('from = "H"\nkind = "height"\n', "needs its unit"),
        ('kind = "height"\nunit_from = "Units"\n', "say which column holds the number"),
        ('from = "H"\nkind = "height"\nunit = "cmm"\n', "'cmm' is no unit of length for height"),
        ('from = "H"\nkind = "weight"\nunit = "cm"\n', "'cm' is no unit of mass for weight; write e.g. 'kg'"),
        ('from = "m[].h"\nkind = "height"\nunit_from = "m[].u"\n', "cannot stand inside a list"),
    ],
)
def test_a_measure_without_a_unit_or_a_number_is_refused(rule: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        parse_profile(HEAD + rule, "m.toml")
