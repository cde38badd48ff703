"""Dimensions: read from prose, taken from bare numbers, and the two compared."""

from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from assets.catalog.field_rules import DimensionsRule, MeasureRule
from assets.catalog.mapping.cells import Cells, part
from assets.catalog.mapping.choice import Apply, Chosen, Setting, texts
from assets.catalog.mapping.draft import Draft, origin
from assets.catalog.mapping.languages import language_of
from assets.catalog.normalize.dimension_checks import check_frames, swapped
from assets.catalog.normalize.dimensions import dimension, read_dimensions
from assets.catalog.normalize.measures import Kind
from assets.catalog.normalize.stated_units import stated_unit
from assets.catalog.normalize.units import Family
from assets.catalog.record import Dimension, Text

_FAMILIES: Final[MappingProxyType[str, Family]] = MappingProxyType({"weight": "mass", "volume": "volume"})
"""What kinds of measures are that are no lengths."""


@lru_cache(65536)
def _measured(kind: Kind, text: str, unit: str, of: str) -> Dimension | None:
    value = number(text)
    return dimension(kind, value, unit, of) if value is not None and value > 0 else None


def number(text: str | None) -> float | None:
    """A bare decimal number, with point or comma."""
    try:
        return float((text or "").replace(",", "."))
    except ValueError:
        return None


def measure_rule(rule: MeasureRule, setting: Setting) -> Apply:
    """Compiles a rule for one bare number; 0 means unknown."""
    choose, kind, of = texts(rule, setting), rule.kind, rule.of
    unit_of = _unit_of_row(rule, setting) if rule.unit_from else None

    def apply(draft: Draft) -> None:
        for chosen in choose(draft):
            unit = rule.unit if unit_of is None else unit_of(draft, chosen)
            if unit is None:
                continue
            value = number(chosen.text)
            if value is None or value < 0:
                message = f"{chosen.column} is not a measure in {unit}; it was left out"
                draft.note("dimensions.not-a-number", "error", chosen.column, message, chosen.original)
                continue
            made = _measured(kind, chosen.text, unit, of)
            if made is not None:
                came = chosen.origin(f"dimensions.{unit}")
                draft.add("dimensions", made, came)

    return apply


def _unit_of_row(rule: MeasureRule, setting: Setting) -> Callable[[Draft, Chosen], str | None]:
    """Compiles which unit a row states; the rule's where it states none, ``None`` where there is none."""
    path, read = rule.unit_from, part(rule.unit_from, setting.nothing)
    family = _FAMILIES.get(rule.kind, "length")

    def find(draft: Draft, chosen: Chosen) -> str | None:
        stated = read(draft.cells)
        if stated is None and rule.unit is not None:
            return rule.unit
        known = stated_unit(stated) if stated else None
        if known is not None and known.family == family:
            return known.name
        if (number(chosen.text) or 0) > 0:
            found = f"{stated!r} is no unit of {family}" if stated else "states none"
            message = f"the unit of {chosen.column} is not known: {path} {found}; the number was left out"
            draft.note("dimensions.no-unit", "error", chosen.column, message, chosen.original)
        return None

    return find


def dimensions_rule(rule: DimensionsRule, setting: Setting) -> Apply:
    """Compiles a rule for dimensions as prose, with bare numbers beside it where the profile names them."""
    choose, unit, order = texts(rule, setting), rule.unit, " ".join(rule.order) or None
    numbers = _Numbers(rule, setting) if rule.parts() else None

    def apply(draft: Draft) -> None:
        found: tuple[Dimension, ...] = ()
        for chosen in choose(draft):
            reading = read_dimensions(chosen.text, default_unit=unit, order=order)
            came = chosen.origin(reading.by)
            for value in reading.values:
                draft.add("dimensions", value, came, unique=False)
            found += reading.values
            if not reading.values:
                message = "no dimension could be read; write numbers with a unit, e.g. 30 x 20 cm"
                draft.note("dimensions.unread", "warning", "/dimensions", message, chosen.original)
                language = language_of(chosen.text, setting.language)
                wording = Text(content=chosen.text, language=language, kind="dimensions")
                draft.add("texts", wording, chosen.origin_of(chosen.text, "copied"))
            elif reading.unread:
                message = f"not read: {reading.unread!r}"
                draft.note("dimensions.partly-read", "note", "/dimensions", message, chosen.original)
        if len(found) > 2:
            for reason in check_frames(found):
                draft.note("dimensions.frame", "warning", "/dimensions", reason)
        if numbers is not None:
            numbers.compare(draft, found)

    return apply


class _Numbers:
    """The bare numbers beside a dimensions text."""

    def __init__(self, rule: DimensionsRule, setting: Setting) -> None:
        self._unit = rule.numbers_unit or "cm"
        self._parts = {
            kind: (path, part(path, setting.nothing))
            for kind, path in (("height", rule.height), ("width", rule.width), ("depth", rule.depth))
            if path is not None
        }

    def compare(self, draft: Draft, found: tuple[Dimension, ...]) -> None:
        """Notes numbers that contradict the text; takes them where there is no text."""
        measured = self._measures(draft, draft.cells)
        if not found:
            for kind, value in measured.items():
                came = origin(0, self._parts[kind][0], str(value.stated_value), f"dimensions.{self._unit}")
                draft.add("dimensions", value, came)
            return
        height, width = measured.get("height"), measured.get("width")
        if height is None or width is None:
            return
        if swapped(height.value, width.value, found):
            message = (
                f"columns {self._parts['height'][0]} {height.stated_value} and {self._parts['width'][0]} "
                f"{width.stated_value} are swapped against the text; the text was taken"
            )
            draft.note("dimensions.swapped", "note", "/dimensions", message)

    def _measures(self, draft: Draft, cells: Cells) -> dict[str, Dimension]:
        measured: dict[str, Dimension] = {}
        for kind, (path, get) in self._parts.items():
            text = get(cells)
            if text is None:
                continue
            made = _measured(kind, text, self._unit, "overall")
            if made is not None:
                measured[kind] = made
            elif number(text) is None:
                message = f"{path} is not a measure in {self._unit}; it was left out"
                draft.note("dimensions.not-a-number", "error", path, message, text)
        return measured
