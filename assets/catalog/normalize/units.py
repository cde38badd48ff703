"""Units of museum measurements: how they are spelled, and their factor to SI.

The factors come from pint's registry (NIST SP 811 for the US customary units). A pint quantity costs about
a hundred times the multiplication it stands for, so the registry is asked once, at first use, and the
answers are kept in a small table by spelling.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final, Literal

Family = Literal["length", "mass", "volume", "area", "time"]
System = Literal["metric", "imperial", "time"]
SiUnit = Literal["m", "kg", "m3", "m2", "s"]

SI_UNIT: Final[MappingProxyType[Family, SiUnit]] = MappingProxyType(
    {"length": "m", "mass": "kg", "volume": "m3", "area": "m2", "time": "s"}
)
_PINT_SI: Final = {"length": "m", "mass": "kg", "volume": "m**3", "area": "m**2", "time": "s"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of measurement."""

    name: str
    """Short name, as kept in ``Dimension.stated_unit``."""
    family: Family
    system: System
    factor: float
    """Multiply by this to reach the family's SI unit."""


# name, pint's name, family, system, spellings in the languages of museum catalogs (lower case, no dot)
_UNITS: Final[tuple[tuple[str, str, Family, System, str], ...]] = (
    (
        "mm",
        "mm",
        "length",
        "metric",
        "mm millimeter millimeters millimetre millimetres millimètres millimetri",
    ),
    (
        "cm",
        "cm",
        "length",
        "metric",
        (
            "cm cms centimeter centimeters centimetre centimetres zentimeter "
            "centimètre centimètres centimetri "
            "centímetros センチ ㎝ 厘米 公分 см"
        ),
    ),
    ("dm", "dm", "length", "metric", "dm decimeter decimetre"),
    (
        "m",
        "m",
        "length",
        "metric",
        "m meter meters metre metres mètre mètres metro metri metros mtr mtrs 米",
    ),
    ("km", "km", "length", "metric", "km kilometer kilometers kilometre kilometres"),
    ("in", "inch", "length", "imperial", "in ins inch inches \" '' zoll pouce pouces pulgadas pollici duim"),
    ("ft", "foot", "length", "imperial", "ft feet foot '"),
    ("yd", "yard", "length", "imperial", "yd yds yard yards"),
    ("mi", "mile", "length", "imperial", "mi mile miles"),
    ("mg", "mg", "mass", "metric", "mg milligram milligrams"),
    (
        "g",
        "g",
        "mass",
        "metric",
        "g gm gms gram grams gramme grammes gramm gramo gramos grammi grammo grammen",
    ),
    ("kg", "kg", "mass", "metric", "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm"),
    ("t", "tonne", "mass", "metric", "t tonne tonnes"),
    ("oz", "ounce", "mass", "imperial", "oz ozs ounce ounces"),
    ("ozt", "troy_ounce", "mass", "imperial", "ozt"),
    ("dwt", "pennyweight", "mass", "imperial", "dwt dwts pennyweight pennyweights"),
    ("grain", "grain", "mass", "imperial", "grain grains"),
    ("ct", "carat", "mass", "metric", "ct carat carats"),
    ("lb", "pound", "mass", "imperial", "lb lbs pound pounds"),
    ("ton", "short_ton", "mass", "imperial", "ton tons"),
    ("ml", "ml", "volume", "metric", "ml milliliter milliliters millilitre millilitres cc"),
    ("cl", "cl", "volume", "metric", "cl centiliter centiliters centilitre centilitres"),
    ("l", "liter", "volume", "metric", "l liter liters litre litres ltr litro litri litros"),
    ("cm3", "cm**3", "volume", "metric", "cm3 cm³ cubiccm"),
    ("m3", "m**3", "volume", "metric", "m3 m³ cubicm"),
    ("in3", "inch**3", "volume", "imperial", "in3 in³ cubicin"),
    ("ft3", "foot**3", "volume", "imperial", "ft3 ft³ cubicft"),
    ("floz", "fluid_ounce", "volume", "imperial", "floz"),
    ("pt", "pint", "volume", "imperial", "pt pint pints"),
    ("qt", "quart", "volume", "imperial", "qt qts quart quarts"),
    ("gal", "gallon", "volume", "imperial", "gal gals gallon gallons"),
    ("mm2", "mm**2", "area", "metric", "mm2 mm² squaremm"),
    ("cm2", "cm**2", "area", "metric", "cm2 cm² squarecm"),
    ("m2", "m**2", "area", "metric", "m2 m² squarem"),
    ("in2", "inch**2", "area", "imperial", "in2 in² squarein"),
    ("ft2", "foot**2", "area", "imperial", "ft2 ft² squareft"),
    ("s", "second", "time", "time", "s sec secs second seconds sekunden secondes secondi segundos"),
    ("min", "minute", "time", "time", "min mins minute minutes minuten minuti minutos"),
    ("h", "hour", "time", "time", "hr hrs hour hours std stunden heures ore horas"),
)


@cache
def unit_table() -> MappingProxyType[str, Unit]:
    """Every known spelling (lower case, without a final dot) and its unit."""
    # pint's registry takes about half a second to load; only texts with measurements pay for it
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    table: dict[str, Unit] = {}
    for name, pint_name, family, system, spellings in _UNITS:
        factor = float(registry.Quantity(1, pint_name).to(_PINT_SI[family]).magnitude)
        unit = Unit(name, family, system, factor)
        table.update(dict.fromkeys(spellings.split(), unit))
        table.setdefault(name, unit)
    return MappingProxyType(table)


@lru_cache(maxsize=1024)
def find_unit(spelling: str) -> Unit | None:
    """The unit spelled so ("in.", "Inches", "cm"), or ``None``."""
    return unit_table().get(spelling.strip().rstrip(".").lower())


def to_si(value: float, unit: Unit) -> float:
    """``value`` in the SI unit of the unit's family, without the noise of binary fractions."""
    return float(f"{value * unit.factor:.12g}")
