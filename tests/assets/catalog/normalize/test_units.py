"""Units: spellings and factors."""

from typing import Final

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.normalize.units import SI_UNIT, find_unit, to_si, unit_table

_REGISTRY: pint.UnitRegistry[float] = pint.UnitRegistry()


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("in.", "in"),
        ("Inches", "in"),
        ('"', "in"),
        ("'", "ft"),
        ("centimètres", "cm"),
        ("lbs.", "lb"),
        ("厘米", "cm"),
    ],
)
def test_spellings_of_catalogs_are_known(spelling: str, name: str) -> None:
    unit = find_unit(spelling)
    assert unit is not None
    assert unit.name == name


@pytest.mark.parametrize("spelling", ["", "furlongish", "x", "gr"])
def test_unknown_and_ambiguous_spellings_are_no_unit(spelling: str) -> None:
    assert find_unit(spelling) is None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("in", 10.5, 0.2667), ("ft", 1, 0.3048), ("lb", 1, 0.45359237), ("oz", 16, 0.45359237), ("ml", 1, 1e-6),
     ("ozt", 1, 0.0311034768), ("gal", 1, 0.003785411784), ("min", 2, 120), ("ft2", 1, 0.09290304)],
)  # fmt: skip
def test_factors_are_those_of_the_standard(name: str, value: float, expected: float) -> None:
    unit = find_unit(name)
    assert unit is not None
    assert to_si(value, unit) == pytest.approx(expected, rel=1e-11)


def test_every_family_has_an_si_unit() -> None:
    assert {unit.family for unit in unit_table().values()} == set(SI_UNIT)


_BY_PINT: Final = {
    "in": "inch", "ft": "foot", "yd": "yard", "mi": "mile", "t": "tonne", "oz": "ounce", "ozt": "troy_ounce",
    "dwt": "pennyweight", "ct": "carat", "lb": "pound", "ton": "short_ton", "l": "liter", "cm3": "cm**3",
    "m3": "m**3", "in3": "inch**3", "ft3": "foot**3", "floz": "fluid_ounce", "pt": "pint", "qt": "quart",
    "gal": "gallon", "mm2": "mm**2", "cm2": "cm**2", "m2": "m**2", "in2": "inch**2", "ft2": "foot**2",
    "s": "second", "min": "minute", "h": "hour",
}  # fmt: skip
"""pint's name where it is another than ours."""


@pytest.mark.parametrize("name", sorted({unit.name for unit in unit_table().values()}))
def test_every_factor_is_the_one_of_pint(name: str) -> None:
    unit = unit_table()[name]
    si = {"m3": "m**3", "m2": "m**2"}.get(SI_UNIT[unit.family], SI_UNIT[unit.family])
    expected = _REGISTRY.Quantity(1, _BY_PINT.get(unit.name, unit.name)).to(si).magnitude
    assert unit.factor == pytest.approx(expected, rel=1e-14)


@given(st.sampled_from(["mm", "cm", "m", "inch", "foot", "yard"]), st.floats(0.01, 1e4))
def test_table_agrees_with_pint(name: str, value: float) -> None:
    unit = find_unit(name)
    assert unit is not None
    assert to_si(value, unit) == pytest.approx(_REGISTRY.Quantity(value, name).to("m").magnitude, rel=1e-11)
