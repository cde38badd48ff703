"""The quality report as a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

from assets.catalog.governance.quality import QualityReport
from assets.catalog.ingest import ingest
from assets.catalog.report import century_name, render_report, timeline_svg, write_report
from assets.catalog.row import Finding, Mapped, Rejection
from assets.catalog.store.catalog import Catalog
from tests.assets.catalog.records import STARTED, a_record, a_source


def a_report(folder: Path) -> QualityReport:
    evil = Finding("texts.damaged", "warning", "/titles/0", "looks damaged", "<script>alert('x')</script>")
    rows = [Mapped(a_record(f"A{n}", department="Prints & Drawings"), (evil,), b"") for n in range(3)]
    broken = Rejection("export.csv", 9, "Date", "not a date", "Correct the date", b"A9;??")
    with Catalog(folder) as catalog:
        return ingest(a_source([*rows, broken]), catalog, STARTED).report


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href") and not _local(value)]


def _local(value: str | None) -> bool:
    return value is None or value.startswith("#")


def test_the_page_stands_alone_and_runs_no_script(tmp_path: Path) -> None:
    page = render_report(a_report(tmp_path))
    parser = _Links()
    parser.feed(page)
    assert parser.loads == []
    assert "script" not in parser.open
    assert "&lt;script&gt;" in page


def test_the_page_tells_counts_rejections_and_remedies(tmp_path: Path) -> None:
    page = re.sub(r"\s+", " ", render_report(a_report(tmp_path)))
    for words in (
        "4 read = 3 accepted + 1 rejected",
        "Prints &amp; Drawings",
        "Date: not a date",
        "Correct the date",
    ):
        assert words in page


def test_the_same_numbers_lie_beside_it_as_json(tmp_path: Path) -> None:
    report = a_report(tmp_path)
    write_report(report, tmp_path / "reports" / "m-1")
    assert QualityReport.model_validate_json((tmp_path / "reports" / "m-1.json").read_text()) == report
    assert (tmp_path / "reports" / "m-1.html").read_text("utf-8") == render_report(report)


def test_centuries_are_named_as_people_name_them() -> None:
    assert [century_name(year) for year in (1800, 2000, 0, -100, -500)] == [
        "19th c.", "21st c.", "1st c.", "1st c. BCE", "5th c. BCE",
    ]  # fmt: skip


def test_the_timeline_shows_centuries_without_records_too() -> None:
    svg = timeline_svg({1500: 4, 1800: 9})
    assert [name for name in ("16th c.", "17th c.", "18th c.", "19th c.") if f">{name}<" in svg] == [
        "16th c.", "17th c.", "18th c.", "19th c.",
    ]  # fmt: skip
    assert timeline_svg({}) == ""
