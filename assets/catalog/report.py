"""The quality report as files: one self-contained HTML page that a registrar reads, and the same as JSON."""

import io
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import jinja2
import matplotlib as mpl
from matplotlib.figure import Figure

from assets.catalog.governance.quality import QualityReport

INK: Final = "#1f2a30"
BAR: Final = "#8a5a2b"

_SPLIT_SHARE: Final = 0.01
"""Centuries at either end that together hold less than this share are drawn as one bar."""


def write_report(report: QualityReport, path: Path) -> None:
    """Write ``path``.html and ``path``.json, each whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path.with_name(f"{path.name}.json"), report.model_dump_json(indent=2))
    _replace(path.with_name(f"{path.name}.html"), render_report(report))


def render_report(report: QualityReport) -> str:
    """The page: no script, nothing loaded from elsewhere."""
    return _template().render(report=report, timeline=timeline_svg(report.centuries))


def timeline_svg(centuries: Mapping[int, float]) -> str:
    """Records by century of making, as SVG; empty where nothing is dated."""
    bars = _ends_gathered(dict(sorted(centuries.items())))
    if not bars:
        return ""
    # Fixed ids and text kept as text: the same report gives the same bytes, and can be searched.
    with mpl.rc_context({"svg.hashsalt": "timeline", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(10, 2.8), layout="constrained")
        axes = figure.subplots()
        places = range(len(bars))
        axes.bar(places, [count for _, count in bars], color=BAR, width=0.86)
        axes.set_xticks(places, [label for label, _ in bars], rotation=45 if len(bars) > 9 else 0, fontsize=9)
        if len(bars) > 9:
            for label in axes.get_xticklabels():
                label.set_horizontalalignment("right")
                label.set_rotation_mode("anchor")
        axes.set_ylabel("records", color=INK)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=INK, length=0)
        axes.set_axisbelow(True)
        axes.grid(axis="y", color="#e4ddd2")
        stream = io.StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    svg = stream.getvalue()
    return svg[svg.index("<svg") :]


def century_name(first_year: int) -> str:
    """``19th c.`` for 1800, ``5th c. BCE`` for -500 (astronomical, so 501 to 402 BCE)."""
    number = first_year // 100 + 1 if first_year >= 0 else -first_year // 100
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix} c." if first_year >= 0 else f"{number}{suffix} c. BCE"


def _ends_gathered(centuries: dict[int, float]) -> list[tuple[str, float]]:
    total = sum(centuries.values())
    names = list(centuries)
    early = _gathered(names, centuries, total)
    late = _gathered(names[::-1], centuries, total)[::-1]
    middle = [name for name in names if name not in early and name not in late]
    bars = []
    if early:
        bars.append((f"{century_name(early[-1])} and before", sum(centuries[name] for name in early)))
    if middle:
        # Empty centuries are drawn too, so that the axis is a time axis.
        bars += [(century_name(c), centuries.get(c, 0.0)) for c in range(middle[0], middle[-1] + 1, 100)]
    if late:
        bars.append((f"{century_name(late[0])} and after", sum(centuries[name] for name in late)))
    return bars


def _gathered(names: list[int], centuries: dict[int, float], total: float) -> list[int]:
    taken: list[int] = []
    share = 0.0
    for name in names:
        share += centuries[name] / total
        if share > _SPLIT_SHARE or len(names) - len(taken) <= 6:
            break
        taken.append(name)
    return taken if len(taken) > 1 else []


@cache
def _template() -> jinja2.Template:
    text = (resources.files("assets.catalog") / "report.html.jinja").read_text("utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["share"] = lambda part, whole: f"{100 * part / whole:.0f} %" if whole else "–"
    environment.filters["shade"] = lambda part, whole: f"{part / whole:.2f}" if whole else "0"
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["words"] = lambda name: name.replace("_", " ")
    return environment.from_string(text)


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
