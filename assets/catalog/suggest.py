"""``suggest``: reads a sample of an export nobody has described and proposes a profile a person can edit.

The proposal is a TOML text with a comment on every field: how sure the rule is, why, and what the values look
like. It is sound as it stands (``load_profile`` reads it), so a first import can be tried at once.
"""

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias, get_args

from assets.catalog.field_rules import LengthUnit
from assets.catalog.mapping.cells import Cells, listed, part
from assets.catalog.mapping.dimensions import number
from assets.catalog.normalize.dates import read_date
from assets.catalog.normalize.dimension_checks import infer_unit
from assets.catalog.row import Cell, SourceError, SourceRow
from assets.catalog.sources.open import read_rows
from assets.catalog.sources.options import ReadOptions
from assets.catalog.suggesting.columns import Column, columns_of
from assets.catalog.suggesting.evidence import Candidate, candidates
from assets.catalog.suggesting.headers import Role, order_in, unit_in
from assets.catalog.suggesting.units import UnitColumn, unit_beside
from assets.catalog.suggesting.writing import Field, Value, comment, write_profile

FIRST_ROWS: Final = 2_000
RANDOM_ROWS: Final = 1_000
"""Rows drawn at random from those that follow the first."""
_LOOKED_AT: Final = 500_000
"""Rows read at most; an export of a million rows is judged by its first half."""
_FEWEST: Final = 0.3
"""Confidence below which a column is only mentioned."""

_YES: Final = frozenset(("true", "yes", "y", "1"))
_NO: Final = frozenset(("false", "no", "n", "0"))
_PUBLIC_DOMAIN: Final = "https://creativecommons.org/publicdomain/mark/1.0/"

_FITTING: Final = 0.7
"""Share of rows in which text and years must fit for the years to be the artifact's."""
_APART: Final = 15
_SAME_LENGTH: Final = 0.9
_YEAR: Final = re.compile(r"-?\d{1,4}")
_YEARS: Final[dict[Role, Role]] = {"earliest": "maker-born", "latest": "maker-died"}
_TEXTS: Final[dict[Role, str]] = {
    "description": "description", "inscription": "inscription", "provenance": "provenance",
    "bibliography": "bibliography", "exhibitions": "exhibitions",
}  # fmt: skip
_PLAIN: Final[dict[Role, str]] = {
    "culture": "cultures", "period": "periods", "subject": "subjects", "object-type": "object_types",
    "department": "department", "credit-line": "credit_line", "rights": "rights",
}  # fmt: skip
_MAKER_PARTS: Final[dict[Role, str]] = {
    "maker-role": "role", "maker-born": "born", "maker-died": "died", "maker-nationality": "nationality",
    "maker-uri": "uri",
}  # fmt: skip
_MEASURES: Final[tuple[Role, ...]] = ("height", "width", "depth", "diameter", "weight")

Lists: TypeAlias = Callable[[Cells], list[Cell] | None]
"""Finds a list in a row."""


@dataclass(frozen=True)
class SuggestedProfile:
    """A proposal for one file."""

    file: str
    pattern: str
    """Names of the files, for ``[source]``."""
    rows: int
    """Rows looked at."""
    chosen: dict[Role, Candidate]
    """The column proposed for each part of the record."""
    left: tuple[Column, ...]
    """Columns that no rule reads."""
    units: dict[Role, UnitColumn]
    """The column that states the unit of a measure, where one stands beside it."""

    def to_toml(self) -> str:
        """The proposal as TOML with comments; ``parse_profile`` reads it."""
        return write_profile(_header(self), _keys(self), list(_fields(self.chosen, self.units)), self.left)


def suggest(path: Path, options: ReadOptions | None = None) -> SuggestedProfile:
    """Looks at the first 2,000 rows of a file and 1,000 more drawn at random (always the same ones).

    ``path`` may be a folder of documents of one kind. Raises SourceError where nothing can be read.
    """
    rows = _sample(row for file in _files(path) for row in read_rows(file, options or ReadOptions()))
    if not rows:
        raise SourceError(
            path.name, "no row could be read", "Give a table or document with at least one record."
        )
    columns = columns_of(rows)
    chosen = _settle_lists(_settle_years(_choose(columns), rows), rows)
    if "dimensions" in chosen:
        chosen = {role: found for role, found in chosen.items() if role not in _MEASURES}
    units = _units(chosen, columns)
    used = {candidate.column.path for candidate in chosen.values()} | {one.path for one in units.values()}
    left = tuple(column for column in columns if column.path not in used)
    pattern = f"*{_files(path)[0].suffix}" if path.is_dir() else path.name
    return SuggestedProfile(path.name, pattern, len(rows), chosen, left, units)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))


def _sample(rows: Iterable[object]) -> list[SourceRow]:
    """The first rows, and a reservoir of the rest (Vitter 1985, algorithm R)."""
    sound: Iterator[SourceRow] = (row for row in islice(rows, _LOOKED_AT) if isinstance(row, SourceRow))
    first = list(islice(sound, FIRST_ROWS))
    draw = random.Random(0)  # the same sample for the same file
    reservoir: list[SourceRow] = []
    for position, row in enumerate(sound):
        if position < RANDOM_ROWS:
            reservoir.append(row)
            continue
        place = draw.randint(0, position)
        if place < RANDOM_ROWS:
            reservoir[place] = row
    return first + reservoir


def _choose(columns: list[Column]) -> dict[Role, Candidate]:
    """Each role to its likeliest column, each column to one role, the surest pairs first."""
    pairs = [candidate for column in columns for candidate in candidates(column)]
    filled = {column.path: column.rows for column in columns}
    pairs.sort(key=lambda pair: (-pair.confidence, pair.column.path.count("."), -filled[pair.column.path]))
    chosen: dict[Role, Candidate] = {}
    used: set[str] = set()
    for pair in pairs:
        if pair.confidence >= _FEWEST and pair.role not in chosen and pair.column.path not in used:
            chosen[pair.role] = pair
            used.add(pair.column.path)
    return chosen


def _settle_years(chosen: dict[Role, Candidate], rows: list[SourceRow]) -> dict[Role, Candidate]:
    """Years that do not fit the date text are the maker's, not the artifact's, and move there."""
    if "date" not in chosen:
        return chosen
    settled = dict(chosen)
    fit = [_fits(rows, chosen["date"], chosen[role]) for role in _YEARS if role in chosen]
    if fit and max(fit) < _FITTING:
        for role, other in _YEARS.items():
            moved = settled.pop(role, None)
            if moved is not None and "maker" in chosen and other not in chosen:
                settled[other] = replace(moved, role=other)
    return settled


def _settle_lists(chosen: dict[Role, Candidate], rows: list[SourceRow]) -> dict[Role, Candidate]:
    """Lists beside the list of makers are theirs only where they have as many elements, row by row."""
    maker = chosen.get("maker")
    if maker is None or not maker.column.path.endswith("[]"):
        return chosen
    names = listed(maker.column.path)
    settled = dict(chosen)
    for role in _MAKER_PARTS:
        if role in chosen and not _alike(rows, names, listed(chosen[role].column.path)):
            del settled[role]
    return settled


def _alike(rows: list[SourceRow], names: Lists, others: Lists) -> bool:
    """Whether two lists have the same number of elements in nine of ten rows that have both."""
    pairs = [(names(row.cells), others(row.cells)) for row in rows]
    same = [len(one) == len(other) for one, other in pairs if one and other]
    return bool(same) and sum(same) >= _SAME_LENGTH * len(same)


def _units(chosen: dict[Role, Candidate], columns: list[Column]) -> dict[Role, UnitColumn]:
    found: dict[Role, UnitColumn] = {}
    for role in _MEASURES:
        path = chosen[role].column.path if role in chosen else ""
        unit = unit_beside(path, role, columns) if path and not unit_in(path) else None
        if unit is not None:
            found[role] = unit
    return found


def _fits(rows: list[SourceRow], date: Candidate, year: Candidate) -> float:
    """Share of rows whose year is not more than 15 years from what the text says."""
    read_text, read_year = part(date.column.path, frozenset()), part(year.column.path, frozenset())
    near: list[bool] = []
    for row in rows:
        number, text = _YEAR.search(read_year(row.cells) or ""), read_text(row.cells)
        spans = read_date(text).values if number and text and int(number[0]) else ()
        if number and spans and spans[0].earliest is not None and spans[0].latest is not None:
            near.append(spans[0].earliest - _APART <= int(number[0]) <= spans[0].latest + _APART)
    return sum(near) / len(near) if near else 1.0


def _header(profile: SuggestedProfile) -> list[str]:
    slug = _slug(Path(profile.file).name.partition(".")[0]) or "museum"
    return [
        f"# Proposed from {profile.rows} rows of {profile.file}. Read the comments, correct, import.",
        "# Confidence is 0 to 1: what a column is called, and how many of its values can be read as that.",
        "",
        "[institution]",
        f"slug = {json.dumps(slug)}  # short name of the institution, first half of every id: change it",
        f"name = {json.dumps(slug, ensure_ascii=False)}  # the institution's name: change it",
        'language = "und"  # language of titles and texts, e.g. "en"',
        "",
        "[source]",
        f"files = {json.dumps(profile.pattern, ensure_ascii=False)}",
        "",
    ]


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _keys(profile: SuggestedProfile) -> list[str]:
    number, accession = profile.chosen.get("id"), profile.chosen.get("accession")
    sure = [candidate for candidate in (number, accession) if candidate is not None]
    lines = [comment(candidate, candidate.role) for candidate in sure]
    first = sure[0].column.path if sure else _likeliest_key(profile)
    if not sure:
        lines.append("# no column looks like an identifier: choose one that never repeats and never changes")
    stated = (number or accession, accession or number)
    paths = [candidate.column.path if candidate else first for candidate in stated]
    lines += [
        "[record]",
        f"id = {json.dumps(paths[0], ensure_ascii=False)}",
        f"accession = {json.dumps(paths[1], ensure_ascii=False)}",
        "",
        "# [rights]",
        "# What may be done with the data: fill in.",
        '# uri = "https://creativecommons.org/publicdomain/zero/1.0/"',
        "",
    ]
    return lines


def _likeliest_key(profile: SuggestedProfile) -> str:
    columns = [*profile.left, *(candidate.column for candidate in profile.chosen.values())]
    return max(columns, key=lambda column: (column.rows, -column.repeats, column.keys)).path


def _fields(chosen: dict[Role, Candidate], units: dict[Role, UnitColumn]) -> Iterator[Field]:
    for role, kind in (("title", None), ("alternative-title", "alternative-title")):
        if role in chosen:
            yield Field("titles", {"from": chosen[role].column.path, "kind": kind}, (chosen[role],))
    yield from _maker(chosen)
    yield from _dates(chosen)
    yield from _plain_fields(chosen)
    yield from _dimensions(chosen, units)
    for role, kind in _TEXTS.items():
        if role in chosen:
            yield Field("texts", {"from": chosen[role].column.path, "kind": kind}, (chosen[role],))
    if "acquired" in chosen:
        yield Field("acquisition", {"date": chosen["acquired"].column.path}, (chosen["acquired"],))
    if "image" in chosen:
        yield Field("images", {"from": chosen["image"].column.path}, (chosen["image"],))
    if "page" in chosen:
        yield Field("relations", {"from": chosen["page"].column.path, "kind": "page"}, (chosen["page"],))


def _plain_fields(chosen: dict[Role, Candidate]) -> Iterator[Field]:
    if "medium" in chosen:
        for to in ("medium", "materials", "techniques"):
            yield Field(
                to, {"from": chosen["medium"].column.path}, (chosen["medium"],) if to == "medium" else ()
            )
    for role, to in _PLAIN.items():
        if role in chosen:
            column = chosen[role].column
            more, note = _flags(column) if role == "rights" else ({"split": _separator(column, role)}, None)
            yield Field(to, {"from": column.path, **more}, (chosen[role],), note)
    for role, kind in (("place-made", "made"), ("place-found", "found")):
        if role in chosen:
            yield Field("places", {"from": chosen[role].column.path, "role": kind}, (chosen[role],))


def _separator(column: Column, role: Role) -> str | None:
    """What separates several terms in one cell; ``None`` where nothing does."""
    signs = {"|": r"\s*\|\s*"} | ({";": r"\s*;\s*"} if role == "subject" else {})
    return next((cut for sign, cut in signs.items() if any(sign in value for value in column.values)), None)


def _flags(column: Column) -> tuple[dict[str, Value], str | None]:
    """How a column of yes and no becomes rights."""
    said = {value.casefold(): value for value in column.distinct}
    if not said or not said.keys() <= _YES | _NO:
        return {}, None
    uris = {value: _PUBLIC_DOMAIN for folded, value in said.items() if folded in _YES}
    denied = [value for folded, value in said.items() if folded in _NO]
    return {"uris": uris, "drop": denied}, "yes was taken for 'in the public domain': check it"


def _maker(chosen: dict[Role, Candidate]) -> Iterator[Field]:
    if "maker" not in chosen:
        return
    path = chosen["maker"].column.path
    where, bracket, name = path.rpartition("[].")
    prefix = f"{where}[]." if bracket else ""
    if path.endswith("[]"):
        yield _listed_makers(chosen)
        return
    keys: dict[str, str | None] = {
        "from": f"{where}[]" if bracket else None,
        "name": name if bracket else path,
    }
    reasons = [chosen["maker"]]
    for role, key in _MAKER_PARTS.items():
        found = chosen.get(role)
        if found is None:
            continue
        rest = found.column.path.removeprefix(prefix)
        if found.column.path.startswith(prefix) and "[]" not in rest:
            keys[key] = rest
            reasons.append(found)
    yield Field("makers", keys, tuple(reasons))


def _listed_makers(chosen: dict[Role, Candidate]) -> Field:
    """A list of names, with the lists beside it paired by position."""
    path = chosen["maker"].column.path
    beside = {key: chosen[role] for role, key in _MAKER_PARTS.items() if role in chosen}
    if not beside or "[]" in path.removesuffix("[]"):
        return Field("makers", {"from": path}, (chosen["maker"],))
    keys = {key: found.column.path.removesuffix("[]") for key, found in beside.items()}
    note = "lists of the same length: the first of each belongs to the first maker, and so on"
    names = {"name": path.removesuffix("[]")}
    return Field("makers", names | keys, (chosen["maker"], *beside.values()), note)


def _dates(chosen: dict[Role, Candidate]) -> Iterator[Field]:
    keys = {
        key: chosen[role].column.path
        for key, role in (("from", "date"), ("earliest", "earliest"), ("latest", "latest"))
        if role in chosen
    }
    if keys:
        found = [chosen[role] for role in ("date", "earliest", "latest") if role in chosen]
        yield Field("produced", dict(keys), tuple(found))


def _dimensions(chosen: dict[Role, Candidate], units: dict[Role, UnitColumn]) -> Iterator[Field]:
    if "dimensions" in chosen:
        path = chosen["dimensions"].column.path
        unit = unit_in(path)
        stated = {"unit": unit if unit in get_args(LengthUnit) else None, "order": order_in(path) or None}
        yield Field("dimensions", {"from": path, **stated}, (chosen["dimensions"],))
        return
    for role in _MEASURES:
        if role in chosen:
            column = chosen[role].column
            keys: dict[str, Value] = {"as": "measure", "from": column.path, "kind": role}
            measured, note = _stated_unit(units[role]) if role in units else _unit_of(role, column)
            yield Field("dimensions", keys | measured, (chosen[role],), note)


def _stated_unit(beside: UnitColumn) -> tuple[dict[str, Value], str]:
    found = f"the unit stands in {beside.path}: {beside.told}"
    if beside.by_row:
        note = f"{found}; rows that state none are read in {beside.unit}: check it"
        return {"unit": beside.unit, "unit_from": beside.path}, note
    return {"unit": beside.unit}, f"{found}; all rows are read in {beside.unit}: check it"


def _unit_of(role: Role, column: Column) -> tuple[dict[str, Value], str | None]:
    stated = unit_in(column.path)
    if stated:
        return {"unit": stated}, None
    if role == "weight":
        return {"unit": "kg"}, "the unit is not stated; kg is a guess: check it"
    evidence = infer_unit([value for value in map(number, column.values) if value is not None])
    if evidence.unit is None:
        doubt = f"the unit is not stated and {evidence.reason}; cm is a guess: check it"
        return {"unit": "cm"}, doubt
    doubt = f"the unit is not stated; {evidence.reason}, so it may be {evidence.unit}: check it"
    return {"unit": evidence.unit}, doubt
