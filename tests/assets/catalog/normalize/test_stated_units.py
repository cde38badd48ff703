"""A unit that a column states is taken from the table, else from pint's registry; anything else is none."""

import subprocess
import sys

import pytest

from assets.catalog.normalize.dimensions import dimension
from assets.catalog.normalize.stated_units import stated_unit
from assets.catalog.normalize.units import unit_table


@pytest.mark.parametrize(
    ("text", "family", "factor", "system"),
    [
        ("Fathoms", "length", 1.8288, "imperial"),
        ("stone", "mass", 6.35029318, "imperial"),
        ("µm", "length", 1e-6, "metric"),
        ("hectare", "area", 1e4, "metric"),
        ("weeks", "time", 604_800.0, "time"),
    ],
)
def test_units_that_the_table_lacks_are_those_of_pint(
    text: str, family: str, factor: float, system: str
) -> None:
    unit = stated_unit(text)
    assert unit is not None
    assert (unit.family, unit.system) == (family, system)
    assert unit.factor == pytest.approx(factor, rel=1e-5)


def test_the_table_has_the_first_word() -> None:
    assert {spelling: stated_unit(spelling) for spelling in unit_table()} == dict(unit_table())


@pytest.mark.parametrize(
    "text", ["", "a", "3", "cm x cm", "inches (in)", "degree", "pixel", "kelvin", "pieces", "none", "each"]
)
def test_what_is_no_unit_of_a_museum_is_none(text: str) -> None:
    assert stated_unit(text) is None


def test_a_number_in_such_a_unit_is_kept_in_si_with_the_unit_as_stated() -> None:
    made = dimension("length", 3, "fathoms")
    assert made is not None
    assert (made.unit, made.stated_value, made.stated_unit) == ("m", 3, "fathom")
    assert made.value == pytest.approx(5.4864, rel=1e-5)


def test_pint_is_loaded_only_where_the_table_lacks_the_unit() -> None:
    program = (
        "import sys; from assets.catalog.normalize.stated_units import stated_unit as find; find('cm'); "
        "assert 'pint' not in sys.modules; find('fathom'); assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
