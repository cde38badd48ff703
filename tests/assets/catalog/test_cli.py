"""The commands of the catalog, as a technician types them."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assets.catalog.cli import HELD
from twin import app

PROFILE = """
[institution]
slug = "hill"
name = "Hill Museum"
language = "en"

[record]
id = "No"
accession = "No"

[[fields]]
to = "titles"
from = "Title"

[[fields]]
to = "produced"
from = "Date"

[[fields]]
to = "dimensions"
from = "Size"
"""


class Desk:
    """A technician's desk: a folder, an export, a profile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.export = folder / "export.csv"
        self.profile = folder / "hill.toml"
        self.profile.write_text(PROFILE, "utf-8")
        self.rows = [f'{n},Jar with birds {n},c. {1500 + n},"{n}.5 x 12 cm"' for n in range(1, 41)]
        self.save(self.rows)

    def save(self, rows: list[str]) -> None:
        self.export.write_text("\n".join(["No,Title,Date,Size", *rows]) + "\n", "utf-8")

    def twin(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--store", str(self.folder / "museum")])

    def ingest(self, *words: str) -> Result:
        return self.twin("ingest", str(self.export), "--profile", str(self.profile), *words)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_ingest_ends_with_its_balance_and_a_report(desk: Desk) -> None:
    told = desk.ingest()
    assert told.exit_code == 0, told.output
    assert "read 40 = accepted 40 + rejected 0" in told.output
    assert (desk.folder / "museum" / "reports" / "hill-1.html").is_file()


def test_rejected_rows_go_to_a_file_and_come_back_mended(desk: Desk) -> None:
    desk.save([*desk.rows[:-1], "only one cell too many,a,b,c,d"])
    told = desk.ingest()
    assert "read 40 = accepted 39 + rejected 1" in told.output
    assert "only one cell too many" in (desk.folder / "museum" / "rejects" / "hill-1.csv").read_text("utf-8")
    desk.save(desk.rows)
    again = desk.ingest()
    assert "added 1, changed 0, unchanged 39" in again.output


def test_a_suspicious_release_is_held_listed_and_accepted(desk: Desk) -> None:
    desk.ingest()
    desk.save(desk.rows[:10])
    held = desk.ingest()
    assert held.exit_code == HELD
    assert "release.lost-identifiers" in held.stderr
    assert "held" in desk.twin("releases").output
    assert desk.twin("accept", "2").exit_code == 0
    assert desk.twin("show", "hill:40").exit_code == 1


def test_why_names_file_row_column_text_and_rule(desk: Desk) -> None:
    desk.ingest()
    told = desk.twin("why", "hill:7", "produced")
    for words in ("export.csv, row 7", "'Date'", "'c. 1507'", "by dates."):
        assert words in told.output


def test_show_writes_a_record_as_linked_art_and_as_iiif(desk: Desk) -> None:
    desk.ingest()
    linked_art = json.loads(desk.twin("show", "hill:7", "--as", "linked-art").output)
    manifest = json.loads(desk.twin("show", "hill:7", "--as", "iiif").output)
    assert (linked_art["type"], manifest["type"]) == ("HumanMadeObject", "Manifest")


def test_a_withdrawn_artifact_is_not_found_any_more(desk: Desk) -> None:
    desk.ingest()
    assert desk.twin("withdraw", "hill:7", "--reason", "asked by the museum").exit_code == 0
    assert desk.twin("search", "birds 7").stdout == ""
    told = desk.twin("show", "hill:7")
    assert told.exit_code == 1
    assert "withdrawn" in told.stderr


def test_a_profile_is_suggested_and_can_be_used_at_once(desk: Desk) -> None:
    proposed = desk.folder / "proposed.toml"
    assert desk.twin("ingest", str(desk.export), "--suggest", "--write", str(proposed)).exit_code == 0
    told = desk.twin("ingest", str(desk.export), "--profile", str(proposed))
    assert "read 40 = accepted 40 + rejected 0" in told.output


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("ingest", "nowhere.csv", "--profile", "tate"), "Check the path"),
        (("ingest", ".", "--profile", "no-such-profile"), "Give the path of a .toml file"),
        (("ingest", "."), "--suggest"),
        (("ingest", ".", "--profile", "lido"), "--institution"),
        (("ingest", ".", "--profile", "lido", "--institution", "The Louvre"), "lower-case letters"),
        (("search", "jar"), "--store"),
        (("releases",), "--store"),
        (("show", "hill:404"), "--store"),
    ],
)
def test_a_mistake_is_answered_with_its_remedy_and_no_traceback(
    desk: Desk, words: tuple[str, ...], remedy: str
) -> None:
    told = desk.twin(*words)
    assert told.exit_code == 1
    assert remedy in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("accept", "99"), "twin releases"),
        (("why", "hill:404", "produced"), "twin search"),
        (("withdraw", "hill:404", "--reason", "x"), "twin search"),
    ],
)
def test_what_the_catalog_does_not_hold_is_said_with_the_way_to_find_it(
    desk: Desk, words: tuple[str, ...], remedy: str
) -> None:
    desk.ingest()
    told = desk.twin(*words)
    assert told.exit_code == 1
    assert remedy in told.stderr


def test_looking_something_up_makes_no_catalog(desk: Desk) -> None:
    assert desk.twin("search", "jar").exit_code == 1
    assert not (desk.folder / "museum").exists()


def test_text_is_printed_as_the_museum_wrote_it(desk: Desk) -> None:
    desk.save(["b:bell:1,Jar :bell: [red] :b:,1500,1 x 2 cm"])
    desk.ingest()
    assert desk.twin("search", "jar").output == "hill:b:bell:1\tJar :bell: [red] :b:\n"
    assert json.loads(desk.twin("show", "hill:b:bell:1").output)["titles"][0]["content"] == (
        "Jar :bell: [red] :b:"
    )
    assert "b:bell:2" in desk.twin("show", "hill:b:bell:2").stderr


def test_a_report_that_cannot_be_written_says_that_the_release_is_taken(desk: Desk) -> None:
    desk.ingest()
    for report in (desk.folder / "museum" / "reports").iterdir():
        report.unlink()
    (desk.folder / "museum" / "reports").rmdir()
    (desk.folder / "museum" / "reports").touch()
    desk.save([*desk.rows, "41,Jar with feet,1600,5 x 6 cm"])
    told = desk.ingest()
    assert told.exit_code == 1
    assert "release 2 is current, but its report" in told.stderr
    assert desk.twin("search", "feet").output == "hill:41\tJar with feet\n"


def test_a_proposal_that_cannot_be_written_is_told_plainly(desk: Desk) -> None:
    told = desk.twin(
        "ingest", str(desk.export), "--suggest", "--write", str(desk.folder / "none" / "proposed.toml")
    )
    assert told.exit_code == 1
    assert "No such file or directory" in told.stderr


def test_every_command_explains_itself() -> None:
    told = CliRunner().invoke(app, ["--help"])
    for command in (
        "ingest",
        "releases",
        "accept",
        "refuse",
        "search",
        "why",
        "show",
        "withdraw",
        "profiles",
        "sample",
    ):
        assert command in told.output
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_a_file_whose_name_is_no_text_is_refused_with_a_remedy(desk: Desk) -> None:
    strange = Path(os.fsdecode(os.fsencode(desk.folder) + b"/caf\xe9.csv"))
    try:
        desk.export.rename(strange)
    except OSError:
        pytest.skip("this file system keeps no such name")
    told = desk.twin("ingest", str(strange), "--profile", str(desk.profile))
    assert told.exit_code == 1
    assert "caf\\udce9.csv': the name is not text in UTF-8. Rename it" in told.output
