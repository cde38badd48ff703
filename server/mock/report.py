"""The report of a load test: JSON for machines, a picture of latencies over time for people."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from server.mock.crowd import Played
from server.mock.tally import KINDS, Latencies, quantile

_INK, _GRID = "#2b2b2b", "#d9d6d0"
_COLORS: Final = {
    "delta": "#8f3b1b", "clock": "#4c5a66", "answer": "#3a7d44", "sightings": "#7a5195", "resume": "#c98a00",
    "snapshot": "#1f77b4", "connect": "#9aa0a6",
}  # fmt: skip
_GROUPS: Final = ("#2b2b2b", "#e07b00", "#7a5195", "#3a7d44", "#1f77b4")
"""Colors of groups, in the scenario's order; further groups have no line."""


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
        "groups": {
            group: {kind: own[kind].summary() for kind in KINDS if own[kind].spans}
            for group, own in tally.groups.items()
        },
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
    """Latencies over time, a panel a kind that occurred.

    Every one as a dot, p50 of each second as a line, and p99 of each second for each group of visitors.
    """
    tally = played.tally
    kinds = [kind for kind in reversed(KINDS) if tally.latencies[kind].spans] or ["delta"]
    figure = Figure(figsize=(10.0, 1.5 + 1.75 * len(kinds)), layout="constrained")
    panels = figure.subplots(len(kinds), 1, sharex=True, squeeze=False)[:, 0]
    for panel, kind in zip(panels, kinds, strict=True):
        groups = {name: own[kind] for name, own in tally.groups.items() if own[kind].spans}
        _panel(panel, kind, tally.latencies[kind], groups)
        panel.set_xlim(0, played.seconds)
    panels[-1].set_xlabel("seconds since the first visitor came", color=_INK)
    figure.suptitle(
        f"{played.scenario.name}: {played.scenario.visitors:,} visitors, "
        f"{tally.counts['poses'] / played.seconds:,.0f} poses a second",
        color=_INK, fontsize=13, x=0.01, ha="left",
    )  # fmt: skip
    lines = [Line2D([], [], color=_INK, linewidth=1.2, label="p50 of each second, all visitors")]
    lines += [
        Line2D([], [], color=color, linestyle="--", linewidth=1.2, label=f"p99, {name}")
        for color, name in zip(_GROUPS, tally.groups, strict=False)
    ]
    figure.legend(handles=lines, loc="outside lower left", frameon=False, fontsize=9, ncols=5)
    return figure


def _panel(panel: Any, kind: str, latencies: Latencies, groups: Mapping[str, Latencies]) -> None:
    step = max(1, len(latencies.spans) // 20_000)  # more dots than that say no more
    spans = [span * 1e3 for span in latencies.spans]
    panel.plot(
        latencies.ends[::step], spans[::step], "o", color=_COLORS[kind], alpha=0.5, markeredgewidth=0,
        markersize=3.0 if len(spans) < 400 else 1.2, rasterized=True,
    )  # fmt: skip
    panel.plot(*_by_second(latencies, 0.5), color=_INK, linewidth=1.2)
    for color, own in zip(_GROUPS, groups.values(), strict=False):
        panel.plot(*_by_second(own, 0.99), "--", color=color, linewidth=1.2)
    panel.set_yscale("log")
    panel.grid(True, which="major", color=_GRID, linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    panel.yaxis.set_minor_formatter(NullFormatter())
    panel.set_ylabel("ms", color=_INK)
    figures = latencies.summary()
    p50, p99, most = (_rounded(figures[key]) for key in ("p50_ms", "p99_ms", "max_ms"))
    panel.set_title(
        f"{kind}: p50 {p50}, p99 {p99}, max {most} ms ({figures['count']:,})",
        loc="left", fontsize=10, color=_COLORS[kind],
    )  # fmt: skip


def _rounded(milliseconds: float) -> str:
    return f"{milliseconds:,.0f}" if milliseconds >= 100 else f"{milliseconds:.2g}"


def _by_second(latencies: Latencies, share: float) -> tuple[list[float], list[float]]:
    seconds: dict[int, list[float]] = {}
    for end, span in zip(latencies.ends, latencies.spans, strict=True):
        seconds.setdefault(int(end), []).append(span * 1e3)
    xs = sorted(seconds)
    return [x + 0.5 for x in xs], [quantile(sorted(seconds[x]), share) for x in xs]
