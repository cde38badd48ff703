"""What happens in a server, second by second, from its own metrics and its scripted visitors' clocks."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from server.mock.tally import Tally, quantile

_SAMPLE: Final = re.compile(r'^(twin_\w+?)(?:\{kind="([\w-]+)"\})? ([0-9.eE+-]+)$', re.MULTILINE)
RECENT: Final = 5.0
"""Seconds that rates and quantiles look back."""
_TOLD: Final = ("delta", "sightings", "answer")


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of the last seconds."""

    visitors: int
    """Sessions of the server: scripted ones and real ones."""
    deltas_s: float
    sightings_s: float
    p99_ms: dict[str, float]
    """By kind of message, as the scripted visitors saw it; what did not occur is not there."""

    def __str__(self) -> str:
        late = ", ".join(f"{kind} {value:,.1f} ms" for kind, value in self.p99_ms.items())
        return (
            f"{self.visitors:,} visitors   {self.deltas_s:,.1f} deltas/s   "
            f"{self.sightings_s:,.1f} sightings/s   p99: {late or 'nothing measured yet'}"
        )


def read_metrics(page: bytes) -> dict[str, float]:
    """Prometheus text to values; a counter by kind is ``name/kind``."""
    return {
        f"{name}/{kind}" if kind else name: float(value)
        for name, kind, value in _SAMPLE.findall(page.decode())
    }


@dataclass(slots=True)
class Figures:
    """Rates from counters that only grow."""

    _seen: deque[tuple[float, float, float]] = field(default_factory=lambda: deque([(0.0, 0.0, 0.0)]))

    def line(self, now: float, metrics: dict[str, float], recent: Iterable[tuple[str, list[float]]]) -> Line:
        """Figures at ``now`` (seconds); ``recent``: latencies in seconds of the last :data:`RECENT`."""
        deltas = metrics.get("twin_sent_messages_total/delta", 0.0)
        sightings = metrics.get("twin_sent_messages_total/sightings", 0.0)
        self._seen.append((now, deltas, sightings))
        while len(self._seen) > 2 and now - self._seen[1][0] >= RECENT:
            self._seen.popleft()
        before, earlier_deltas, earlier_sightings = self._seen[0]
        passed = max(now - before, 1e-9)
        return Line(
            int(metrics.get("twin_sessions", 0.0)),
            (deltas - earlier_deltas) / passed,
            (sightings - earlier_sightings) / passed,
            {kind: quantile(sorted(spans), 0.99) * 1e3 for kind, spans in recent if spans},
        )


def recent_latencies(tally: Tally, seconds: float) -> list[tuple[str, list[float]]]:
    """Latencies that ended within :data:`RECENT` before ``seconds`` from the tally's start."""
    return [(kind, tally.latencies[kind].since(seconds - RECENT)) for kind in _TOLD]
