"""What a crowd experienced: latencies by kind, counts, bytes."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

KINDS = ("connect", "snapshot", "delta", "clock", "answer", "sightings", "resume")
"""``connect``: socket to welcome; ``snapshot``: hello to first snapshot; ``delta``: a pose to the delta that
names it; ``clock``: request to answer, the echo beside which the others are read; ``answer``, ``sightings``:
question, camera frame to theirs; ``resume``: socket to welcome of a session that went on."""


@dataclass(slots=True)
class Latencies:
    """One kind's latencies: when each ended (seconds from the start) and how long it took (seconds)."""

    ends: "array[float]" = field(default_factory=lambda: array("d"))
    spans: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, end: float, span: float) -> None:
        """One more."""
        self.ends.append(end)
        self.spans.append(span)

    def summary(self) -> dict[str, float]:
        """Count, and p50, p90, p99 and the largest in milliseconds."""
        ordered = sorted(self.spans)
        return {
            "count": len(ordered),
            **{f"p{share}_ms": round(quantile(ordered, share / 100) * 1e3, 3) for share in (50, 90, 99)},
            "max_ms": round(ordered[-1] * 1e3, 3) if ordered else 0.0,
        }

    def since(self, start: float) -> list[float]:
        """Spans that ended after ``start``, looking back from the newest."""
        at = len(self.ends)
        while at and self.ends[at - 1] >= start:
            at -= 1
        return list(self.spans[at:])


def quantile(ordered: "list[float]", share: float) -> float:
    """Nearest-rank quantile of ascending values; 0 of none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


class Tally:
    """Everything that is counted during one run."""

    def __init__(self) -> None:
        self.latencies: Mapping[str, Latencies] = {kind: Latencies() for kind in KINDS}
        """Of all groups together."""
        self.groups: dict[str, Mapping[str, Latencies]] = {}
        """Of each group."""
        self.counts: Counter[str] = Counter()
        """``poses``, ``gazes``, ``questions``, ``frames`` sent; ``deltas``, ``snapshots`` told; ``named`` and
        ``unnamed``: answers to frames in which an artifact was named, and others; ``refused``, ``dropped``
        (by script), ``lost`` (by the server), ``resumed``, ``restarted``; ``missing`` and ``repeated``
        events; ``late``: poses sent more than a period after their time."""
        self.errors: Counter[str] = Counter()
        """Error messages by name."""
        self.closes: Counter[str] = Counter()
        """Close codes with their reasons."""
        self.bytes: dict[str, list[tuple[int, int]]] = {}
        """By group: bytes received and sent, of each client."""

    def took(self, group: str, kind: str, end: float, span: float) -> None:
        """One latency: ``end`` in seconds from the start, ``span`` in seconds."""
        self.latencies[kind].add(end, span)
        own = self.groups.get(group)
        if own is None:
            own = self.groups[group] = {kind: Latencies() for kind in KINDS}
        own[kind].add(end, span)

    def per_client(self) -> dict[str, dict[str, float]]:
        """Bytes of the clients of each group: mean, and the largest received."""
        return {
            group: {
                "clients": len(pairs),
                "received_mean": round(_mean(got for got, _ in pairs)),
                "received_max": max((got for got, _ in pairs), default=0),
                "sent_mean": round(_mean(sent for _, sent in pairs)),
            }
            for group, pairs in self.bytes.items()
        }


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
