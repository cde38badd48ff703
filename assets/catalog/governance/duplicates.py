"""Two records that may be one artifact: blocking keys, then a score over title, maker, date and dimensions.

Blocking (Christen, *Data Matching*, 2012, ch. 4) keeps the number of compared pairs linear: only records
that share a key are scored. Title and maker similarity are rapidfuzz's token ratios. Editions, pairs and
sets are alike by nature, so a pair is a question for a registrar, never an answer.
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

LARGEST_BLOCK: Final = 60
"""Records under one key beyond which the key says nothing ("Untitled", "Coin")."""

_WORD = re.compile(r"\w+")
_SAME: Final = frozenset({"id", "accession", "identifiers", "sources", "provenance", "images", "relations"})


def block_keys(record: ArtifactRecord) -> tuple[int, ...]:
    """32-bit keys under which this record meets its likely duplicates; at most three."""
    title = title_key(record.titles[0].content) if record.titles else ""
    maker = maker_key(record.makers[0].actor.name) if record.makers else ""
    keys = []
    if title and maker:
        keys.append(_hash(f"tm|{title}|{maker}"))
    if title and record.produced is not None and record.produced.earliest is not None:
        keys.append(_hash(f"td|{title}|{record.produced.earliest // 10}"))
    sizes = sorted(f"{d.kind}{int(100 * d.value + 0.5)}" for d in record.dimensions if d.of == "overall")
    if maker and len(sizes) >= 2:
        keys.append(_hash(f"ms|{maker}|{'|'.join(sizes)}"))
    return tuple(keys)


@lru_cache(maxsize=65_536)
def title_key(title: str) -> str:
    """Words of a title, folded and sorted; empty where there are fewer than two."""
    words = sorted(set(_WORD.findall(title.casefold())))
    return " ".join(words) if len(words) > 1 else ""


@lru_cache(maxsize=65_536)
def maker_key(name: str) -> str:
    """The longest word of a maker's name, folded: the same for ``Abbott, Jackson`` and ``Jackson Abbott``."""
    folded: list[str] = _WORD.findall(name.casefold())
    if not folded or "unknown" in folded or "anonymous" in folded:
        return ""
    return max(sorted(folded), key=len)


def compare(a: ArtifactRecord, b: ArtifactRecord) -> tuple[float, str]:
    """Likeness of two records, 0 to 1, and what it rests on."""
    if same_content(a, b):
        return 1.0, "exact: alike in everything but number, pictures and links"
    parts = {
        "title": _alike(_first_title(a), _first_title(b)),
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


def _hash(text: str) -> int:
    # Keys that meet by chance are told apart by the score, so 32 bits are enough.
    return crc32(text.encode())


def _first_title(record: ArtifactRecord) -> str:
    return record.titles[0].content if record.titles else ""


def _first_maker(record: ArtifactRecord) -> str:
    return record.makers[0].actor.name if record.makers else ""


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
    return max(0.0, overlap / (max(last, end) - min(first, begin) + 1))


def _sizes_alike(a: ArtifactRecord, b: ArtifactRecord) -> float | None:
    sizes = [{(d.kind, d.of): d.value for d in record.dimensions} for record in (a, b)]
    shared = sizes[0].keys() & sizes[1].keys()
    if not shared:
        return None
    ratios = [min(sizes[0][k], sizes[1][k]) / max(sizes[0][k], sizes[1][k]) for k in shared]
    return sum(ratio >= 0.98 for ratio in ratios) / len(ratios)
