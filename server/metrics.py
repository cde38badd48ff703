"""What the server counts: the port that everything reports to, and its Prometheus adapter.

The port's methods are called for every message, so the adapter looks up a counter once a label and then only
adds to it. Queue depths and connection counts are not pushed but read when someone asks (:meth:`watched`).
Labels come from closed sets of the code (message kinds, stages, reasons), never from a client.
"""

from collections.abc import Callable, Iterable
from typing import Final, Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

STAGE_SECONDS: Final = (
    0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5,
)  # fmt: skip
"""Upper bounds of the latency histograms: 50 microseconds to 5 seconds."""


class Metrics(Protocol):
    """Where the server's parts report what happened."""

    def received(self, kind: str, size: int) -> None:
        """A message of ``kind`` came from a client, ``size`` bytes."""

    def sent(self, kind: str, size: int) -> None:
        """A message of ``kind`` was handed to the socket, ``size`` bytes."""

    def dropped(self, kind: str, count: int = 1) -> None:
        """Messages of an outbox class, or camera frames, were given up for newer ones."""

    def closed(self, reason: str) -> None:
        """A session ended; ``reason`` is the name of its close code."""

    def timed(self, stage: str, seconds: float) -> None:
        """A stage took so long: ``interest``, ``frame-decode``, ``frame-infer``, ``snapshot`` ..."""

    def watched(self, name: str, read: Callable[[], float]) -> None:
        """Read a gauge such as ``connections`` or ``outbox_events`` whenever metrics are asked for."""

    def running_on(self, provider: str) -> None:
        """The execution provider that inference runs on now."""

    def served(self, route: str, status: int, seconds: float) -> None:
        """An HTTP request was answered; ``route`` is its template, never the path itself."""


class NoMetrics:
    """Counts nothing: for tests and tools that run parts of the server alone."""

    def received(self, kind: str, size: int) -> None:
        """Nothing."""

    def sent(self, kind: str, size: int) -> None:
        """Nothing."""

    def dropped(self, kind: str, count: int = 1) -> None:
        """Nothing."""

    def closed(self, reason: str) -> None:
        """Nothing."""

    def timed(self, stage: str, seconds: float) -> None:
        """Nothing."""

    def watched(self, name: str, read: Callable[[], float]) -> None:
        """Nothing."""

    def running_on(self, provider: str) -> None:
        """Nothing."""

    def served(self, route: str, status: int, seconds: float) -> None:
        """Nothing."""


class PrometheusMetrics:
    """The port over ``prometheus-client``, with a registry of its own (one server, one registry)."""

    def __init__(self) -> None:
        # A second series for each counter that only tells when it began.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._gauges: dict[str, Callable[[], float]] = {}
        r = self._registry
        self._received = _Traffic("received", "from clients", r)
        self._sent = _Traffic("sent", "to clients", r)
        self._dropped = _Labeled(
            Counter("twin_dropped_total", "Messages given up for newer ones", ["kind"], registry=r)
        )
        self._closed = _Labeled(Counter("twin_closed_total", "Sessions ended", ["reason"], registry=r))
        self._stages: dict[str, Histogram] = {}
        self._stage = Histogram(
            "twin_stage_seconds", "Time of a stage", ["stage"], registry=r, buckets=STAGE_SECONDS
        )
        self._http: dict[tuple[str, int], Histogram] = {}
        self._request = Histogram(
            "twin_http_seconds", "Time to answer an HTTP request", ["route", "status"],
            registry=r, buckets=STAGE_SECONDS,
        )  # fmt: skip
        self._provider = Info("twin_inference", "What inference runs on", registry=r)
        self.running_on("none")
        r.register(_Gauges(self._gauges))
        ProcessCollector(registry=r)
        PlatformCollector(registry=r)
        GCCollector(registry=r)

    def received(self, kind: str, size: int) -> None:
        """Count a message from a client."""
        self._received.count(kind, size)

    def sent(self, kind: str, size: int) -> None:
        """Count a message to a client."""
        self._sent.count(kind, size)

    def dropped(self, kind: str, count: int = 1) -> None:
        """Count messages given up."""
        self._dropped.add(kind, count)

    def closed(self, reason: str) -> None:
        """Count the end of a session."""
        self._closed.add(reason, 1)

    def timed(self, stage: str, seconds: float) -> None:
        """Add a stage's time to its histogram."""
        found = self._stages.get(stage)
        if found is None:
            found = self._stages[stage] = self._stage.labels(stage)
        found.observe(seconds)

    def watched(self, name: str, read: Callable[[], float]) -> None:
        """Read a gauge at each scrape; a second one of the same name takes its place."""
        self._gauges[name] = read

    def running_on(self, provider: str) -> None:
        """State the execution provider."""
        self._provider.info({"provider": provider})

    def served(self, route: str, status: int, seconds: float) -> None:
        """Add an answer's time to its histogram."""
        key = (route, status)
        found = self._http.get(key)
        if found is None:
            found = self._http[key] = self._request.labels(route, str(status))
        found.observe(seconds)

    def page(self, accept: str) -> tuple[bytes, str]:
        """Everything counted so far and its media type: OpenMetrics or Prometheus text, by ``Accept``."""
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type


class _Labeled:
    """A counter with one label, whose children are looked up once."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._children: dict[str, Counter] = {}

    def add(self, label: str, amount: float) -> None:
        child = self._children.get(label)
        if child is None:
            child = self._children[label] = self._counter.labels(label)
        child.inc(amount)


class _Traffic(Collector):
    """Messages and bytes by kind, summed in a plain dictionary and read at each scrape.

    A counter of the library takes a lock each time; this runs for every message in each direction.
    """

    def __init__(self, name: str, where: str, registry: CollectorRegistry) -> None:
        self._name = name
        self._where = where
        self._sums: dict[str, list[int]] = {}
        registry.register(self)

    def count(self, kind: str, size: int) -> None:
        sums = self._sums.get(kind)
        if sums is None:
            sums = self._sums[kind] = [0, 0]
        sums[0] += 1
        sums[1] += size

    def describe(self) -> Iterable[Metric]:
        return self._families()

    def collect(self) -> Iterable[Metric]:
        messages, volume = self._families()
        for kind, (count, size) in sorted(self._sums.items()):
            messages.add_sample(f"{messages.name}_total", {"kind": kind}, count)
            volume.add_sample(f"{volume.name}_total", {"kind": kind}, size)
        return [messages, volume]

    def _families(self) -> tuple[Metric, Metric]:
        name, where = self._name, self._where
        return (
            Metric(f"twin_{name}_messages", f"Messages {where}", "counter"),
            Metric(f"twin_{name}_bytes", f"Bytes of messages {where}", "counter"),
        )


class _Gauges(Collector):
    """Reads what is watched, at each scrape."""

    def __init__(self, gauges: dict[str, Callable[[], float]]) -> None:
        self._gauges = gauges

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        for name, read in sorted(self._gauges.items()):
            yield GaugeMetricFamily(f"twin_{name}", f"{name.replace('_', ' ').capitalize()} now", read())
