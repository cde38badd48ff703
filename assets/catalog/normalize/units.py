"""Units of museum measurements: how they are spelled, and their factor to SI.

The factors are exact by definition (NIST SP 811, appendix B, for the US customary units); a test holds each
to pint's registry. Units that are stated as such and are not here are pint's (``stated_units``).
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


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of measurement."""

    name: str
    """Short name, as kept in ``Dimension.stated_unit``."""
    family: Family
    system: System
    factor: float
    """Multiply by this to reach the family's SI unit."""


# name, factor, family, system, spellings in the languages of museum catalogs (lower case, no dot)
_UNITS: Final[tuple[tuple[str, float, Family, System, str], ...]] = (
    (
        "mm",
        0.001,
        "length",
        "metric",
        "mm millimeter millimeters millimetre millimetres millimètres millimetri",
    ),
    (
        "cm",
        0.01,
        "length",
        "metric",
        (
            "cm cms centimeter centimeters centimetre centimetres zentimeter "
            "centimètre centimètres centimetri "
            "centímetros センチ ㎝ 厘米 公分 см"
        ),
    ),
    ("dm", 0.1, "length", "metric", "dm decimeter decimetre"),
    (
        "m",
        1.0,
        "length",
        "metric",
        "m meter meters metre metres mètre mètres metro metri metros mtr mtrs 米",
    ),
    ("km", 1000.0, "length", "metric", "km kilometer kilometers kilometre kilometres"),
    ("in", 0.0254, "length", "imperial", "in ins inch inches \" '' zoll pouce pouces pulgadas pollici duim"),
    ("ft", 0.3048, "length", "imperial", "ft feet foot '"),
    ("yd", 0.9144, "length", "imperial", "yd yds yard yards"),
    ("mi", 1609.344, "length", "imperial", "mi mile miles"),
    ("mg", 1e-6, "mass", "metric", "mg milligram milligrams"),
    (
        "g",
        0.001,
        "mass",
        "metric",
        "g gm gms gram grams gramme grammes gramm gramo gramos grammi grammo grammen",
    ),
    ("kg", 1.0, "mass", "metric", "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm"),
    ("t", 1000.0, "mass", "metric", "t tonne tonnes"),
    ("oz", 0.028349523125, "mass", "imperial", "oz ozs ounce ounces"),
    ("ozt", 0.0311034768, "mass", "imperial", "ozt"),
    ("dwt", 0.00155517384, "mass", "imperial", "dwt dwts pennyweight pennyweights"),
    ("grain", 6.479891e-5, "mass", "imperial", "grain grains"),
    ("ct", 0.0002, "mass", "metric", "ct carat carats"),
    ("lb", 0.45359237, "mass", "imperial", "lb lbs pound pounds"),
    ("ton", 907.18474, "mass", "imperial", "ton tons"),
    ("ml", 1e-6, "volume", "metric", "ml milliliter milliliters millilitre millilitres cc"),
    ("cl", 1e-5, "volume", "metric", "cl centiliter centiliters centilitre centilitres"),
    ("l", 0.001, "volume", "metric", "l liter liters litre litres ltr litro litri litros"),
    ("cm3", 1e-6, "volume", "metric", "cm3 cm³ cubiccm"),
    ("m3", 1.0, "volume", "metric", "m3 m³ cubicm"),
    ("in3", 1.6387064e-5, "volume", "imperial", "in3 in³ cubicin"),
    ("ft3", 0.028316846592, "volume", "imperial", "ft3 ft³ cubicft"),
    ("floz", 2.95735295625e-5, "volume", "imperial", "floz"),
    ("pt", 4.73176473e-4, "volume", "imperial", "pt pint pints"),
    ("qt", 9.46352946e-4, "volume", "imperial", "qt qts quart quarts"),
    ("gal", 3.785411784e-3, "volume", "imperial", "gal gals gallon gallons"),
    ("mm2", 1e-6, "area", "metric", "mm2 mm² squaremm"),
    ("cm2", 1e-4, "area", "metric", "cm2 cm² squarecm"),
    ("m2", 1.0, "area", "metric", "m2 m² squarem"),
    ("in2", 6.4516e-4, "area", "imperial", "in2 in² squarein"),
    ("ft2", 0.09290304, "area", "imperial", "ft2 ft² squareft"),
    ("s", 1.0, "time", "time", "s sec secs second seconds sekunden secondes secondi segundos"),
    ("min", 60.0, "time", "time", "min mins minute minutes minuten minuti minutos"),
    ("h", 3600.0, "time", "time", "hr hrs hour hours std stunden heures ore horas"),
)


@cache
def unit_table() -> MappingProxyType[str, Unit]:
    """Every known spelling (lower case, without a final dot) and its unit."""
    table: dict[str, Unit] = {}
    for name, factor, family, system, spellings in _UNITS:
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
