"""What is counted, and how Prometheus reads it."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families

from server.metrics import Metrics, NoMetrics, PrometheusMetrics


def sample(metrics: PrometheusMetrics, name: str, **labels: str) -> float:
    text = metrics.page("")[0].decode()
    found = [
        entry.value
        for family in text_string_to_metric_families(text)
        for entry in family.samples
        if entry.name == name and labels.items() <= entry.labels.items()
    ]
    assert len(found) == 1, (name, labels, text)
    return found[0]


@pytest.fixture
def metrics() -> PrometheusMetrics:
    return PrometheusMetrics()


def test_messages_and_bytes_are_counted_by_kind_and_direction(metrics: PrometheusMetrics) -> None:
    for size in (24, 26):
        metrics.received("pose", size)
    metrics.sent("delta", 300)
    assert sample(metrics, "twin_received_messages_total", kind="pose") == 2
    assert sample(metrics, "twin_received_bytes_total", kind="pose") == 50
    assert sample(metrics, "twin_sent_bytes_total", kind="delta") == 300


def test_drops_and_ends_are_counted_by_kind_and_reason(metrics: PrometheusMetrics) -> None:
    metrics.dropped("frame", 3)
    metrics.dropped("frame")
    metrics.closed("idle")
    assert sample(metrics, "twin_dropped_total", kind="frame") == 4
    assert sample(metrics, "twin_closed_total", reason="idle") == 1


def test_stages_have_histograms(metrics: PrometheusMetrics) -> None:
    metrics.timed("interest", 0.0003)
    metrics.timed("interest", 0.0500)
    assert sample(metrics, "twin_stage_seconds_count", stage="interest") == 2
    assert sample(metrics, "twin_stage_seconds_sum", stage="interest") == pytest.approx(0.0503)
    assert sample(metrics, "twin_stage_seconds_bucket", stage="interest", le="0.0005") == 1


def test_gauges_are_read_when_someone_asks(metrics: PrometheusMetrics) -> None:
    depths = [1.0]
    metrics.watched("outbox_events", lambda: depths[0])
    assert sample(metrics, "twin_outbox_events") == 1
    depths[0] = 7.0
    assert sample(metrics, "twin_outbox_events") == 7


def test_the_execution_provider_in_use_is_stated(metrics: PrometheusMetrics) -> None:
    assert sample(metrics, "twin_inference_info", provider="none") == 1
    metrics.running_on("CPUExecutionProvider")
    assert sample(metrics, "twin_inference_info", provider="CPUExecutionProvider") == 1


def test_answers_over_http_are_timed_by_route_and_status(metrics: PrometheusMetrics) -> None:
    metrics.served("/api", 200, 0.002)
    assert sample(metrics, "twin_http_seconds_count", route="/api", status="200") == 1


def test_both_formats_of_prometheus_are_written(metrics: PrometheusMetrics) -> None:
    metrics.received("pose", 24)
    body, media_type = metrics.page("application/openmetrics-text; version=1.0.0")
    assert media_type.startswith("application/openmetrics-text")
    assert "twin_received_messages" in {family.name for family in open_families(body.decode())}  # type: ignore[no-untyped-call]
    assert metrics.page("text/plain")[1].startswith("text/plain")


def test_two_servers_in_one_process_count_apart() -> None:
    one, other = PrometheusMetrics(), PrometheusMetrics()
    one.received("pose", 24)
    other.received("pose", 1)
    assert sample(one, "twin_received_bytes_total", kind="pose") == 24


@pytest.mark.parametrize("adapter", [NoMetrics, PrometheusMetrics])
def test_every_adapter_takes_every_report(adapter: type[NoMetrics] | type[PrometheusMetrics]) -> None:
    metrics: Metrics = adapter()
    metrics.received("pose", 1)
    metrics.sent("delta", 1)
    metrics.dropped("frame")
    metrics.closed("idle")
    metrics.timed("interest", 0.1)
    metrics.watched("connections", lambda: 1)
    metrics.running_on("cpu")
    metrics.served("/", 200, 0.1)
