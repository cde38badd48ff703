"""``twin mock``: a scenario played before one's eyes, and its report written."""

from pathlib import Path

from rich.console import Console
from rich.live import Live

from server.mock.crowd import Standing, play
from server.mock.report import write_report
from server.mock.scenario import load_scenario
from server.mock.telling import outcome, progress, remarks


def run_mock(name: str, url: str, folder: Path, *, scale: float = 1.0, seconds: float | None = None) -> None:
    """Play the scenario, with ``scale`` times as many in each group, and write the report.

    Raises :class:`~server.mock.scenario.ScenarioError`, and ``OSError`` where the report cannot be written.
    """
    scenario = load_scenario(name)
    groups = tuple(
        group.model_copy(update={"visitors": max(1, round(group.visitors * scale))})
        for group in scenario.groups
    )
    scenario = scenario.model_copy(update={"groups": groups, "seconds": seconds or scenario.seconds})
    out = Console(highlight=False, soft_wrap=True)
    with Live(console=out, auto_refresh=False, transient=True) as live:

        def tell(standing: Standing) -> None:
            live.update(progress(standing, scenario.seconds), refresh=True)

        played = play(scenario, url, tell)
    out.print(outcome(played))
    for line in remarks(played):
        out.print(line, markup=False)
    for path in write_report(played, folder, Path(name).stem):
        out.print(f"report: {path}", markup=False)
