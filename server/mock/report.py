"""The report of a load test: JSON for machines, a picture of latencies over time for people."""

from pathlib import Path
from typing import Any, Final

import orjson
from matplotlib.figure import Figure

from server.mock.crowd import Played
from server.mock.tally import KINDS, Latencies, quantile

_INK, _GRID = "#2b2b2b", "#d9d6d0"
_COLORS: Final = {
    "delta": "#8f3b1b", "clock": "#4c5a66", "answer": "#3a7d44", "sightings": "#7a5195", "resume": "#c98a00",
    "snapshot": "#1f77b4", "connect": "#9aa0a6",
}  # fmt: skip


def summary(played: Played) -> dict[str, Any]:
    """Everything that was counted, in plain values."""
    tally, scenario = played.tally, played.scenario
    return {
        "scenario": scenario.model_dump(mode="json"),
        "url": played.url,
        "seconds": round(played.seconds, 3),
        "visitors": scenario.visitors,
        "generator_busy": round(played.busy, 3),
        "poses_per_second": round(tally.counts["poses"] / played.seconds, 1),
        "latencies": {kind: tally.latencies[kind].summary() for kind in KINDS},
        "counts": dict(sorted(tally.counts.items())),
        "errors": dict(tally.errors.most_common()),
        "closes": dict(tally.closes.most_common()),
        "bytes": tally.per_client(),
    }


def write_report(played: Played, folder: Path, name: str) -> tuple[Path, Path]:
    """Write ``name``.json and ``name``.png into a folder. Raises ``OSError`` where it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    report, picture = folder / f"{name}.json", folder / f"{name}.png"
    report.write_bytes(orjson.dumps(summary(played), option=orjson.OPT_INDENT_2))
    draw(played).savefig(picture, dpi=110)
    return report, picture


def draw(played: Played) -> Figure:
    """Latencies over time, a panel a kind that occurred: every one as a dot, p50 and p99 of each second."""
    tally = played.tally
    kinds = [kind for kind in reversed(KINDS) if tally.latencies[kind].spans] or ["delta"]
    figure = Figure(figsize=(10.0, 1.1 + 1.75 * len(kinds)), layout="constrained")
    panels = figure.subplots(len(kinds), 1, sharex=True, squeeze=False)[:, 0]
    for panel, kind in zip(panels, kinds, strict=True):
        _panel(panel, kind, tally.latencies[kind], played.seconds)
    panels[-1].set_xlabel("seconds since the first visitor came", color=_INK)
    figure.suptitle(
        f"{played.scenario.name}: {played.scenario.visitors:,} visitors, "
        f"{tally.counts['poses'] / played.seconds:,.0f} poses a second",
        color=_INK, fontsize=13, x=0.01, ha="left",
    )  # fmt: skip
    return figure


def _panel(panel: Any, kind: str, latencies: Latencies, seconds: float) -> None:
    color = _COLORS[kind]
    step = max(1, len(latencies.spans) // 20_000)  # more dots than that say no more
    spans = [span * 1e3 for span in latencies.spans]
    panel.plot(latencies.ends[::step], spans[::step], ",", color=color, alpha=0.5, rasterized=True)
    if len(spans) < 400:
        panel.plot(latencies.ends, spans, "o", color=color, markersize=2.5)
    for share, style in ((0.5, "-"), (0.99, "--")):
        xs, ys = _by_second(latencies, share)
        panel.plot(xs, ys, style, color=_INK, linewidth=1.2, label=f"p{share * 100:.0f} of each second")
    panel.set_yscale("log")
    panel.set_xlim(0, seconds)
    panel.grid(True, which="major", color=_GRID, linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    figures = latencies.summary()
    panel.set_ylabel("ms", color=_INK)
    panel.set_title(
        f"{kind}: p50 {figures['p50_ms']:g}, p99 {figures['p99_ms']:g}, max {figures['max_ms']:g} ms "
        f"({figures['count']:,})",
        loc="left", fontsize=10, color=color,
    )  # fmt: skip
    if panel.get_subplotspec().is_first_row():
        panel.legend(loc="upper right", frameon=False, fontsize=8, ncols=2)


def _by_second(latencies: Latencies, share: float) -> tuple[list[float], list[float]]:
    seconds: dict[int, list[float]] = {}
    for end, span in zip(latencies.ends, latencies.spans, strict=True):
        seconds.setdefault(int(end), []).append(span * 1e3)
    xs = sorted(seconds)
    return [x + 0.5 for x in xs], [quantile(sorted(seconds[x]), share) for x in xs]
