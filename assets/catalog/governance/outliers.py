"""Numbers too far from the rest of their kind: a coin of 3 m.

Two rules, both on the logarithm of the value because sizes are skewed: Tukey's box plot (*Exploratory Data
Analysis*, 1977) and the robust z score by median absolute deviation (Iglewicz and Hoaglin, 1993). A value is
reported where both agree, or where it passes a limit that the institution stated. Streamed: each group keeps
a sample and its extremes, so memory does not grow with the number of records.
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, log
from statistics import median, quantiles
from typing import Final

from assets.catalog.governance.policy import OutlierLimits
from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Finding

SAMPLE: Final = 2_000
"""Values kept a group for the quartiles."""

EXTREMES: Final = 50
"""Largest and smallest values kept a group with their records; more outliers than these are not listed."""

GROUPS: Final = 1_000
"""Groups kept; values of further ones fall into their dimension kind alone."""

FEWEST: Final = 20
"""Values below which a group says nothing about what is usual."""

_MAD_TO_SIGMA: Final = 1.4826


@dataclass(slots=True)
class _Group:
    count: int = 0
    sample: list[float] = field(default_factory=list)
    largest: list[tuple[float, str, str]] = field(default_factory=list)
    smallest: list[tuple[float, str, str]] = field(default_factory=list)


class OutlierCollector:
    """Watches the dimensions of accepted records; ``findings`` tells which stand out, and of which record."""

    def __init__(self, limits: OutlierLimits) -> None:
        self._limits = limits
        self._groups: dict[str, _Group] = {}
        # Seeded: the same records in the same order give the same report.
        self._random = random.Random(0)

    def add(self, record: ArtifactRecord) -> None:
        """Take a record's dimensions into their groups, by object type and kind."""
        if not record.dimensions:
            return
        label = record.object_types[0].label if record.object_types else ""
        for position, dimension in enumerate(record.dimensions):
            name = _name(label, dimension.kind)
            if name not in self._groups and len(self._groups) >= GROUPS:
                name = dimension.kind
            self._take(name, log(dimension.value), record.id, f"/dimensions/{position}")

    def findings(self) -> Iterator[tuple[str, Finding]]:
        """(artifact id, finding) for each outlier, by group."""
        for name, group in sorted(self._groups.items()):
            listed = {
                (record, pointer): value
                for value, record, pointer in [*group.largest, *((-v, r, p) for v, r, p in group.smallest)]
            }
            low, high = self._fences(name, group)
            for (record, pointer), value in sorted(listed.items(), key=lambda pair: -abs(pair[1])):
                if not low <= value <= high:
                    yield record, _finding(name, group, value, pointer)

    def _take(self, name: str, value: float, record: str, pointer: str) -> None:
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = _Group()
        group.count += 1
        if len(group.sample) < SAMPLE:
            group.sample.append(value)
        else:
            # Reservoir sampling (Vitter, 1985, algorithm R).
            slot = int(self._random.random() * group.count)
            if slot < SAMPLE:
                group.sample[slot] = value
        if len(group.largest) < EXTREMES or value > group.largest[0][0]:
            _keep(group.largest, (value, record, pointer))
        if len(group.smallest) < EXTREMES or -value > group.smallest[0][0]:
            _keep(group.smallest, (-value, record, pointer))

    def _fences(self, name: str, group: _Group) -> tuple[float, float]:
        ceiling = log(min(self._stated(name), default=float("inf")))
        if group.count < FEWEST:
            return float("-inf"), ceiling
        first, middle, third = quantiles(group.sample, n=4)
        spread = _MAD_TO_SIGMA * median(abs(value - middle) for value in group.sample)
        reach = self._limits.box_factor * (third - first)
        far = self._limits.robust_z * spread
        return min(first - reach, middle - far), min(max(third + reach, middle + far), ceiling)

    def _stated(self, name: str) -> Iterator[float]:
        """Limits all of whose words begin words of the group's name, as ``coin`` begins ``coins``."""
        words = name.split()
        for key, limit in self._limits.limits.items():
            if all(any(word.startswith(part) for word in words) for part in key.split()):
                yield limit


@lru_cache(maxsize=4096)
def _name(label: str, kind: str) -> str:
    return f"{label.casefold()} {kind}".strip()


def _keep(heap: list[tuple[float, str, str]], entry: tuple[float, str, str]) -> None:
    if len(heap) < EXTREMES:
        heapq.heappush(heap, entry)
    else:
        heapq.heapreplace(heap, entry)


def _finding(name: str, group: _Group, value: float, pointer: str) -> Finding:
    usual = exp(median(group.sample))
    return Finding(
        "outliers.dimension",
        "warning",
        pointer,
        f"{name} of {exp(value):.4g} stands far from the usual {usual:.4g} of {group.count} records "
        "(SI units): a slip of unit or of the decimal point, or a remarkable artifact",
    )
