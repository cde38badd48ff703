"""Places by name, by coordinates, or both."""

import re
from typing import Final

from assets.catalog.field_rules import PlaceRule
from assets.catalog.mapping.cells import part
from assets.catalog.mapping.choice import Apply, Setting, elements, texts
from assets.catalog.mapping.dimensions import number
from assets.catalog.mapping.draft import Draft, origin
from assets.catalog.normalize.places import read_place
from assets.catalog.record import Place

_PAIR: Final = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


def place_rule(rule: PlaceRule, setting: Setting) -> Apply:
    """Compiles a rule for places."""
    return _parted(rule, setting) if rule.parts() else _plain(rule, setting)


def _plain(rule: PlaceRule, setting: Setting) -> Apply:
    choose, role = texts(rule, setting), rule.role

    def apply(draft: Draft) -> None:
        for chosen in choose(draft):
            reading = read_place(chosen.text, role)
            came = chosen.origin(reading.by)
            for place in reading.values:
                draft.add("places", place, came)
            if reading.unread and reading.values:
                message = f"not read: {reading.unread!r}"
                draft.note("places.partly-read", "note", "/places", message, chosen.original)
            elif reading.unread:
                message = "no place could be read; write it as 'City, Region, Country'"
                draft.note("places.unread", "warning", "/places", message, chosen.original)

    return apply


def _parted(rule: PlaceRule, setting: Setting) -> Apply:
    each = elements(rule, setting)
    read_name = part(rule.name or rule.paths or None, setting.nothing)
    read_pair = part(rule.coordinates, setting.nothing)
    read_ends = (part(rule.latitude, setting.nothing), part(rule.longitude, setting.nothing))
    column = ", ".join((*rule.paths, *rule.parts()))

    def apply(draft: Draft) -> None:
        for cells, source in each(draft):
            name, pair = read_name(cells), read_pair(cells)
            point = _point(pair) if pair else (number(read_ends[0](cells)), number(read_ends[1](cells)))
            original = ", ".join(text for text in (name, pair) if text)
            stated = pair or ", ".join(text for end in read_ends if (text := end(cells)))
            if stated and not _on_earth(point):
                message = "not a pair of latitude and longitude in degrees; it was left out"
                draft.note("places.no-coordinates", "error", rule.parts()[-1], message, stated)
            place = _place(rule, name, point)
            if place is not None:
                draft.add("places", place, origin(source, column, original, "places"))

    return apply


def _place(rule: PlaceRule, name: str | None, point: tuple[float | None, float | None]) -> Place | None:
    known = _on_earth(point)
    values = read_place(name, rule.role).values if name else ()
    if not values and not known:
        return None
    first = values[0] if values else Place(name=f"{point[0]}, {point[1]}", role=rule.role)
    return first.model_copy(update={"latitude": point[0], "longitude": point[1]}) if known else first


def _point(pair: str) -> tuple[float | None, float | None]:
    match = _PAIR.fullmatch(pair)
    return (float(match[1]), float(match[2])) if match else (None, None)


def _on_earth(point: tuple[float | None, float | None]) -> bool:
    return point[0] is not None and point[1] is not None and abs(point[0]) <= 90 and abs(point[1]) <= 180
