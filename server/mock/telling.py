"""A crowd's progress and outcome on a terminal."""

from rich.table import Table

from server.mock.crowd import Played, Standing
from server.mock.tally import KINDS, Latencies, quantile

_RECENT = 2.0
"""Seconds that live figures look back."""


def progress(standing: Standing, seconds: float) -> Table:
    """How things stand: latencies of the last two seconds, counts from the start."""
    counts = standing.tally.counts
    table = Table(
        title=f"{standing.seconds:5.1f} of {seconds:g} s   {standing.here:,} visitors here   "
        f"{counts['poses']:,} poses   {counts['deltas']:,} deltas   "
        f"{counts['lost'] + counts['refused']:,} lost   {counts['resumed']:,} resumed",
        title_justify="left",
    )
    for column in ("last 2 s", "count", "p50 ms", "p99 ms", "max ms"):
        table.add_column(column, justify="left" if column == "last 2 s" else "right")
    for kind in KINDS:
        recent = sorted(standing.tally.latencies[kind].since(standing.seconds - _RECENT))
        if recent:
            p50, p99, most = (f"{quantile(recent, share) * 1e3:.2f}" for share in (0.5, 0.99, 1.0))
            table.add_row(kind, f"{len(recent):,}", p50, p99, most)
    return table


def outcome(played: Played) -> Table:
    """Latencies of the whole run: of all visitors, and of each group where there are several."""
    table = Table(title=played.scenario.name, title_justify="left")
    for column in ("kind", "group", "count", "p50 ms", "p90 ms", "p99 ms", "max ms"):
        table.add_column(column, justify="left" if column in ("kind", "group") else "right")
    groups = played.tally.groups if len(played.tally.groups) > 1 else {}
    for kind in KINDS:
        _rows(table, kind, "all", played.tally.latencies[kind])
        for group, own in groups.items():
            _rows(table, "", group, own[kind])
    return table


def _rows(table: Table, kind: str, group: str, latencies: Latencies) -> None:
    figures = latencies.summary()
    if figures["count"]:
        rest = (f"{figures[key]:.2f}" for key in ("p50_ms", "p90_ms", "p99_ms", "max_ms"))
        table.add_row(kind, group, f"{figures['count']:,}", *rest)


def remarks(played: Played) -> list[str]:
    """What else a person should know, one line each."""
    tally = played.tally
    counts = ", ".join(f"{count:,} {name}" for name, count in sorted(tally.counts.items()))
    lines = [f"counted: {counts}"]
    lines += [f"error {name}: {count:,} times" for name, count in tally.errors.most_common()]
    lines += [f"closed {name}: {count:,} times" for name, count in tally.closes.most_common()]
    for group, figures in tally.per_client().items():
        lines.append(
            f"{group}: {figures['clients']:,} clients received {figures['received_mean'] / 1000:,.1f} kB "
            f"(at most {figures['received_max'] / 1000:,.1f} kB) and sent "
            f"{figures['sent_mean'] / 1000:,.1f} kB each"
        )
    if played.busy > 0.8:
        lines.append(
            f"the generator used {played.busy:.0%} of its core: it is part of what was measured; "
            "play the scenario from several processes"
        )
    return lines
