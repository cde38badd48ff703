"""How large an artifact is, and whether it hangs on a wall: from scan, plan or record. Rules only."""

from collections.abc import Iterable
from typing import Final

from assets.catalog.record import ArtifactRecord, Dimension
from assets.hanging.work import ScanFile, Unsized, Vector, Work

LARGEST: Final = 12.0
"""Metres; what has a longer side needs a room that a person plans."""
_FLAT_TERMS: Final = frozenset({
    "paintings", "prints", "drawings", "watercolors", "photographs", "works on paper", "reliefs", "collages",
    "textiles", "posters", "maps", "carpets", "tapestries", "engravings", "etchings", "lithographs",
    "woodcuts", "pastels", "calligraphy", "manuscripts",
})  # fmt: skip
_DEEPEST_FLAT: Final = 0.2
"""Metres; a relief deeper than that stands."""
_THIN: Final = 0.04
"""Metres: depth of a framed work of which only height and width are stated."""
_SLENDER: Final = 0.6
"""Width over height that is assumed of an object of which only the height is known."""
_PARTS_OF_FLAT: Final = ("overall", "frame", "support", "sheet", "image")


def work_of(
    record: ArtifactRecord, scan: tuple[ScanFile, Vector, Vector] | None, stated: Vector | None = None
) -> Work | Unsized:
    """The artifact ready to be hung.

    ``scan``: its master with lowest and highest corner, metres; goes before ``stated`` (width, height, depth
    of a plan), which goes before the record's dimensions.
    """
    label, year = _label(record), _year(record)
    if scan is not None:
        master, low, high = scan
        is_flat = _is_flat(record, high[2] - low[2])
        return Work(record.id, label, is_flat, low, high, "scan", "", year, master)
    size, assumed = (stated, "") if stated else _size(record)
    if size is None:
        return Unsized(
            record.id,
            "has no scan and its record states no size; build a scan with --artifact, "
            "or give its size = [width, height, depth] in metres in the plan",
        )
    if max(size) > LARGEST:
        return Unsized(
            record.id,
            f"is {max(size):.1f} m long, more than the {LARGEST:g} m a room is made for; "
            "give a smaller size in the plan, or leave it out",
        )
    low, high = (-size[0] / 2, 0.0, -size[2] / 2), (size[0] / 2, size[1], size[2] / 2)
    return Work(
        record.id, label, _is_flat(record, size[2]), low, high, "plan" if stated else "record", assumed, year
    )


def _is_flat(record: ArtifactRecord, depth: float) -> bool:
    if depth > _DEEPEST_FLAT:
        return False
    if record.object_types:
        return any(term.label.lower() in _FLAT_TERMS for term in record.object_types)
    return depth <= _THIN


def _size(record: ArtifactRecord) -> tuple[Vector | None, str]:
    """Width, height, depth; and which of them nothing states."""
    lengths = _lengths(record.dimensions)
    tall = lengths.get("height")
    wide = lengths.get("width") or lengths.get("diameter") or lengths.get("length")
    deep = lengths.get("depth") or lengths.get("thickness") or lengths.get("diameter")
    if tall is None and wide is None:
        return None, ""
    flat = not record.object_types or any(term.label.lower() in _FLAT_TERMS for term in record.object_types)
    sides = {"width": wide, "height": tall, "depth": deep}
    assumed = [side for side, length in sides.items() if length is None and not (flat and side == "depth")]
    wide = wide or (tall or 0.0) * _SLENDER
    tall = tall or min(wide, deep or wide)
    deep = deep or (_THIN if flat else wide)
    return (wide, tall, deep), " and ".join(assumed)


def _lengths(dimensions: Iterable[Dimension]) -> dict[str, float]:
    """The greatest of each kind; of the whole where it is stated, otherwise of any part."""
    whole: dict[str, float] = {}
    parts: dict[str, float] = {}
    for dimension in dimensions:
        if dimension.unit == "m" and dimension.kind != "other":
            found = whole if dimension.of in _PARTS_OF_FLAT else parts
            found[dimension.kind] = max(found.get(dimension.kind, 0.0), dimension.value)
    return {**parts, **whole}


def _year(record: ArtifactRecord) -> int | None:
    made = record.produced
    if made is None:
        return None
    return made.latest if made.latest is not None else made.earliest


def _label(record: ArtifactRecord) -> tuple[str, ...]:
    title = record.titles[0].content if record.titles else record.accession
    makers = ", ".join(maker.actor.name for maker in record.makers[:2])
    made = record.produced.text if record.produced and record.produced.text else ""
    lines = (title, makers, made, record.medium or "", record.accession)
    return tuple(_short(line) for line in lines if line)


def _short(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:57].rstrip()}..."
