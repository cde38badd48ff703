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
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias
from zlib import crc32

from rapidfuzz.fuzz import ratio
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
Document: TypeAlias = "dict[str, Any]"
"""A record as JSON without defaults."""

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


@lru_cache(maxsize=8_192)
def _maker_key(name: str) -> int:
    # The family name: the same for "Abbott, Jackson", "Jackson Abbott" and "J. Abbott Jr.".
    words = [
        word for word in _WORD.findall(name.casefold().split(",")[0].split("(")[0]) if word not in _NOT_NAMES
    ]
    if not words or not _NOBODY.isdisjoint(words):
        return 0
    return crc32(words[-1].encode()) * 2_654_435_761 & 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a record is compared, made ready once for all its pairs."""

    id: str
    title: str
    """Words of the first title, folded and sorted (rapidfuzz's token sort)."""
    numbers: tuple[str, ...]
    """Numbers in the title, in order."""
    maker: str
    """Words of the first maker's name, folded and sorted."""
    span: tuple[int, int] | None
    sizes: dict[tuple[str, str], float]
    """Value in SI by kind and part."""
    document: Document


def likeness(document: Document) -> Likeness:
    """The likeness of a record, from its JSON without defaults as the store keeps it."""
    titles, makers = document.get("titles"), document.get("makers")
    title = titles[0]["content"] if titles else ""
    if _NO_TITLE.fullmatch(title.casefold()):
        title = ""
    made = document.get("produced") or {}
    span = (made["earliest"], made["latest"]) if "earliest" in made and "latest" in made else None
    return Likeness(
        id=document["id"],
        title=_sorted_words(title),
        numbers=tuple(_NUMBERS.findall(title)),
        maker=_sorted_words(makers[0]["actor"]["name"]) if makers else "",
        span=span,
        sizes={(d["kind"], d.get("of", "overall")): d["value"] for d in document.get("dimensions", ())},
        document=document,
    )


def score(a: Likeness, b: Likeness, at_least: float = 0.0) -> tuple[float, str]:
    """How alike two records are, 0 to 1, and what it rests on; (0, "") for a pair below ``at_least``."""
    dates, sizes = _dates_alike(a.span, b.span), _sizes_alike(a.sizes, b.sizes)
    known = _weighed("date", dates) + _weighed("dimensions", sizes)
    # Most pairs end here: what dates and sizes leave open, the best of titles and makers cannot fill.
    if known + WEIGHTS["title"] + WEIGHTS["maker"] < at_least:
        return 0.0, ""
    titles = _titles_alike(a, b)
    if titles in (None, 1.0) and same_content(a.document, b.document):
        return 1.0, "exact: alike in everything but number, pictures and links"
    known += _weighed("title", titles)
    if known + WEIGHTS["maker"] < at_least:
        return 0.0, ""
    makers = _alike(a.maker, b.maker)
    total = round(known + _weighed("maker", makers), 4)
    if total < at_least:
        return 0.0, ""
    parts = {"title": titles, "maker": makers, "date": dates, "dimensions": sizes}
    return total, ", ".join(f"{name} {part:.0%}" for name, part in parts.items() if part is not None)


def same_content(a: Document, b: Document) -> bool:
    """Whether two records differ in nothing but identifiers, sources, pictures and links."""
    return all(a.get(name) == b.get(name) for name in (a.keys() | b.keys()) - _SAME)


def _weighed(name: str, part: float | None) -> float:
    return WEIGHTS[name] * (UNKNOWN_PART if part is None else part)


def _sorted_words(text: str) -> str:
    return " ".join(sorted(default_process(text).split()))


def _titles_alike(a: Likeness, b: Likeness) -> float | None:
    alike = _alike(a.title, b.title)
    return alike if alike is None or a.numbers == b.numbers else alike * OTHER_NUMBER


def _alike(a: str, b: str) -> float | None:
    return ratio(a, b) / 100 if a and b else None


def _dates_alike(a: tuple[int, int] | None, b: tuple[int, int] | None) -> float | None:
    if a is None or b is None:
        return None
    (first, last), (begin, end) = a, b
    overlap = min(last, end) - max(first, begin) + 1
    if overlap > 0:
        return 0.7 + 0.3 * overlap / (max(last, end) - min(first, begin) + 1)
    return max(0.0, 0.7 * (1 + overlap / NEAR_YEARS))


def _sizes_alike(a: dict[tuple[str, str], float], b: dict[tuple[str, str], float]) -> float | None:
    shared = a.keys() & b.keys()
    if not shared:
        return None
    # Alike up to rounding (2 %), then less, down to nothing at a tenth.
    ratios = [min(a[key], b[key]) / max(a[key], b[key]) for key in shared]
    return sum(min(1.0, max(0.0, (one - 0.9) / 0.08)) for one in ratios) / len(ratios)
