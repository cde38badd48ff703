"""``make bench``: every bench is in the plan, the plan keeps its time, the page what people wrote."""

from pathlib import Path

import pytest

from bench.run_all import BEGIN, END, PARTS, PLAN, Bench, part, placed, run, run_all, whole_plan


def test_every_bench_is_run_or_is_named_as_a_part(repository: Path) -> None:
    files = {path.stem for path in (repository / "bench").glob("[a-z]*.py")}
    planned = [bench.name for bench in whole_plan()]
    assert set(planned) == files - PARTS
    assert len(planned) == len(set(planned))


def test_a_bench_that_does_not_end_is_ended_and_told(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("print('begun', flush=True)\nwhile True: pass\n")
    ran = run(Bench("endless"), 5.0, tmp_path)
    assert ran.outcome == "not ended within 5 s"


def test_a_bench_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise SystemExit('no peer here')\n")
    ran = run(Bench("broken"), 60.0, tmp_path)
    assert (ran.outcome, ran.output) == ("failed, exit status 1", "no peer here\n")


def test_a_bench_that_ends_is_measured_with_its_arguments(tmp_path: Path) -> None:
    (tmp_path / "quick.py").write_text("import sys\nprint(sys.argv[1:])\n")
    ran = run(Bench("quick", ("--rows", "5")), 60.0, tmp_path)
    assert (ran.outcome, ran.output, ran.command) == (
        "measured", "['--rows', '5']\n", "python bench/quick.py --rows 5",
    )  # fmt: skip


def test_without_time_nothing_is_run_and_all_of_it_is_told() -> None:
    assert [one.outcome for one in run_all(PLAN[:3], 0.0)] == ["no time was left"] * 3


def test_the_page_keeps_everything_but_the_measured_part(tmp_path: Path) -> None:
    (tmp_path / "quick.py").write_text("print('1 | 2')\n")
    ran = run(Bench("quick"), 60.0, tmp_path)
    page = "# Benchmarks\n\nWritten by a person.\n"
    once = placed(page, part([ran], "a machine", "2026-01-01"))
    twice = placed(f"{once}\n## More\n", part([ran, ran], "another machine", "2026-01-02"))
    assert once.startswith("# Benchmarks\n\nWritten by a person.\n\n## Everything")
    assert "    1 | 2" in once
    assert twice.count(BEGIN) == twice.count(END) == 1
    assert "another machine" in twice
    assert "2026-01-01" not in twice
    assert twice.endswith("\n## More\n")
    with pytest.raises(ValueError, match="put it back"):
        placed(f"{page}{BEGIN}", "x")
