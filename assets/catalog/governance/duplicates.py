"""Two records that may be one artifact: blocking keys, then a score over title, maker, date and dimensions.

Blocking (Christen, *Data Matching*, 2012, ch. 4) keeps the number of compared pairs linear: only records
that share a key are scored. Title and maker similarity are rapidfuzz's token ratios. Splink, dedupe and
recordlinkage were weighed: they fit weights to labeled pairs or to a whole table held in memory, and bring
DuckDB, scikit-learn or pandas along; records here come one by one, four parts are compared, and a registrar
must be able to follow the score. Their way of learning weights is worth it once pairs have been judged.

What no score can tell: impressions of one edition, sheets of one series, pairs and sets are alike in every
part that is compared. A pair is a question for a registrar, never an answer.
"""

import re
from functools import lru_cache
from typing import Final
from zlib import crc32

from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.utils import default_process

from assets.catalog.record import ArtifactRecord

WEIGHTS: Final = {"title": 0.45, "maker": 0.25, "date": 0.15, "dimensions": 0.15}

UNKNOWN_PART: Final = 0.6
"""What a part counts that a record does not state: less than agreement, more than contradiction."""

OTHER_NUMBER: Final = 0.6
"""What titles that differ in a number ("Vol. 3", "Vol. 4") keep of their likeness."""

NEAR_YEARS: Final = 20
"""Years apart at which two dates are no longer alike."""

LARGEST_BLOCK: Final = 60
"""Records under one key beyond which the key says nothing ("Untitled", "Coin")."""

_WORD = re.compile(r"\w+")
_NUMBERS = re.compile(r"\d+")
_NO_TITLE = re.compile(
    r"[\W_]*(?:untitled|no title|title (?:not known|unknown)|not titled|ohne titel|sans titre|無題|无题)"
    r"[\W_]*"
)
_NOT_NAMES: Final = frozenset(
    ("jr", "sr", "ii", "iii", "iv", "ra", "pra", "ara", "rsa", "inc", "ltd", "co", "s", "a")
)
_NOBODY: Final = frozenset(
    ("unknown", "anonymous", "unidentified", "anon", "inconnu", "unbekannt", "佚名", "不詳")
)
_SAME: Final = frozenset({"id", "accession", "identifiers", "sources", "provenance", "images", "relations"})


def block_keys(record: ArtifactRecord) -> tuple[int, ...]:
    """32-bit keys under which this record meets its likely duplicates; at most three.

    Maker with the longest and with the next longest word of the title, so that a slip in one of them still
    meets. The third is the title alone, or what exact duplicates share where it has fewer than two words.
    """
    maker = _maker_key(record.makers[0].actor.name) if record.makers else 0
    first, second, whole = _title_keys(record.titles[0].content) if record.titles else (0, 0, 0)
    if whole:
        if not maker or not first:
            return (whole,)
        return (whole, first ^ maker, second ^ maker) if second else (whole, first ^ maker)
    if not maker:
        return ()
    size = record.dimensions[0].value if record.dimensions else None
    year = record.produced.earliest if record.produced is not None else None
    exact = crc32(f"{record.medium}{year}{size}".encode(), maker ^ first)
    return (exact, first ^ maker) if first else (exact,)


@lru_cache(maxsize=65_536)
def _title_keys(title: str) -> tuple[int, int, int]:
    folded = title.casefold()
    words = sorted(set(_WORD.findall(folded)))
    if not words or _NO_TITLE.fullmatch(folded):
        return 0, 0, 0
    # Keys that meet by chance are told apart by the score, so 32 bits are enough.
    longest = max(words, key=len)
    first = crc32(longest.encode()) if len(longest) > 2 else 0
    if len(words) < 2:
        return first, 0, 0
    whole = crc32(" ".join(words).encode())
    words.remove(longest)
    longest = max(words, key=len)
    return first, crc32(longest.encode()) if len(longest) > 3 else 0, whole


@lru_cache(maxsize=65_536)
def _maker_key(name: str) -> int:
    # The family name: the same for "Abbott, Jackson", "Jackson Abbott" and "J. Abbott Jr.".
    words = [
        word for word in _WORD.findall(name.casefold().split(",")[0].split("(")[0]) if word not in _NOT_NAMES
    ]
    if not words or not _NOBODY.isdisjoint(words):
        return 0
    return crc32(words[-1].encode()) * 2_654_435_761 & 0xFFFF_FFFF


def compare(a: ArtifactRecord, b: ArtifactRecord) -> tuple[float, str]:
    """Likeness of two records, 0 to 1, and what it rests on."""
    if same_content(a, b):
        return 1.0, "exact: alike in everything but number, pictures and links"
    parts = {
        "title": _titles_alike(_first_title(a), _first_title(b)),
        "maker": _alike(_first_maker(a), _first_maker(b)),
        "date": _dates_alike(a, b),
        "dimensions": _sizes_alike(a, b),
    }
    score = sum(WEIGHTS[name] * (UNKNOWN_PART if part is None else part) for name, part in parts.items())
    stated = ", ".join(f"{name} {part:.0%}" for name, part in parts.items() if part is not None)
    return round(score, 4), stated


def same_content(a: ArtifactRecord, b: ArtifactRecord) -> bool:
    """Whether two records differ in nothing but identifiers, sources, pictures and links."""
    return all(
        getattr(a, name) == getattr(b, name) for name in ArtifactRecord.model_fields if name not in _SAME
    )


def _first_title(record: ArtifactRecord) -> str:
    title = record.titles[0].content if record.titles else ""
    return "" if _NO_TITLE.fullmatch(title.casefold()) else title


def _first_maker(record: ArtifactRecord) -> str:
    return record.makers[0].actor.name if record.makers else ""


def _titles_alike(a: str, b: str) -> float | None:
    alike = _alike(a, b)
    if alike is None or _NUMBERS.findall(a) == _NUMBERS.findall(b):
        return alike
    return alike * OTHER_NUMBER


def _alike(a: str, b: str) -> float | None:
    if not a or not b:
        return None
    return token_sort_ratio(a, b, processor=default_process) / 100


def _dates_alike(a: ArtifactRecord, b: ArtifactRecord) -> float | None:
    spans = [
        (span.earliest, span.latest)
        for span in (a.produced, b.produced)
        if span is not None and span.earliest is not None and span.latest is not None
    ]
    if len(spans) < 2:
        return None
    (first, last), (begin, end) = spans
    overlap = min(last, end) - max(first, begin) + 1
    if overlap > 0:
        return 0.7 + 0.3 * overlap / (max(last, end) - min(first, begin) + 1)
    return max(0.0, 0.7 * (1 + overlap / NEAR_YEARS))


def _sizes_alike(a: ArtifactRecord, b: ArtifactRecord) -> float | None:
    sizes = [{(d.kind, d.of): d.value for d in record.dimensions} for record in (a, b)]
    shared = sizes[0].keys() & sizes[1].keys()
    if not shared:
        return None
    # Alike up to rounding (2 %), then less, down to nothing at a tenth.
    ratios = [min(sizes[0][k], sizes[1][k]) / max(sizes[0][k], sizes[1][k]) for k in shared]
    return sum(min(1.0, max(0.0, (ratio - 0.9) / 0.08)) for ratio in ratios) / len(ratios)
