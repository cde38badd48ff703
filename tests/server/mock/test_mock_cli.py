"""``twin mock`` on the command line, before a whole server."""

import json
from pathlib import Path

from typer.testing import CliRunner

from server.cli import app

RUNNER = CliRunner()


def test_a_scenario_is_played_told_and_reported(standing_port: int, tmp_path: Path) -> None:
    url = f"ws://127.0.0.1:{standing_port}/live"
    options = ["--url", url, "--report", str(tmp_path), "--scale", "0.05", "--seconds", "2"]
    told = RUNNER.invoke(app, ["mock", "stroll", *options])
    assert told.exit_code == 0, told.output
    report = json.loads((tmp_path / "stroll.json").read_bytes())
    assert report["visitors"] == 5
    assert report["counts"]["welcomed"] > 0
    assert "lost" not in report["counts"]
    assert (tmp_path / "stroll.png").stat().st_size > 10_000
    for line in ("snapshot", "clients received", f"report: {tmp_path / 'stroll.json'}"):
        assert line in told.output


def test_a_scenario_that_is_not_there_ends_in_one_sentence() -> None:
    told = RUNNER.invoke(app, ["mock", "nowhere"])
    assert told.exit_code == 1
    assert "no scenario 'nowhere': name a TOML file, or one of drops, slow" in told.output
