"""Opening a source by its profile: files, joins, and what is said when they do not fit."""

import gzip
import json
from pathlib import Path

import pytest

from assets.catalog.profile import Profile, parse_profile
from assets.catalog.row import Finding, Mapped, Rejection, SourceError
from assets.catalog.sources.by_profile import load_profile, open_source, profile_names, source_files

SMALLEST = """
[institution]
slug = "m"
name = "Museum"

[source]
files = "objects.*"
{source}

[record]
id = "ID"
accession = "ID"

[[fields]]
to = "titles"
from = "Title"
"""


def profile(source: str = "", fields: str = "") -> Profile:
    return parse_profile(SMALLEST.replace("{source}", source) + fields, "m.toml")


def titles(path: Path, used: Profile) -> list[str]:
    found = list(open_source(path, used))
    assert all(isinstance(each, Mapped) for each in found), found
    return [each.record.titles[0].content for each in found if isinstance(each, Mapped)]


def refused(path: Path, used: Profile) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(open_source(path, used))
    assert caught.value.remedy
    return caught.value


ROWS = [{"ID": "1", "Title": "Bowl"}, {"ID": "2", "Title": "Cup"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("objects.csv", b"ID,Title\n1,Bowl\n2,Cup\n"),
        ("objects.csv", b"\xef\xbb\xbfID;Title\r\n1;Bowl\r\n2;Cup\r\n"),
        ("objects.tsv", b"ID\tTitle\n1\tBowl\n2\tCup\n"),
        ("objects.json", json.dumps(ROWS).encode()),
        ("objects.ndjson", b"\n".join(json.dumps(row).encode() for row in ROWS)),
        ("objects.ndjson.gz", gzip.compress(b"\n".join(json.dumps(row).encode() for row in ROWS))),
        ("objects.yml", b'- ID: "1"\n  Title: Bowl\n- ID: "2"\n  Title: Cup\n'),
    ],
)
def test_one_profile_reads_every_format(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert titles(tmp_path, profile()) == ["Bowl", "Cup"]
    assert titles(tmp_path / name, profile()) == ["Bowl", "Cup"]


def test_a_column_that_is_not_there_is_named_with_the_nearest_and_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Titel\n1,Bowl\n")
    error = refused(tmp_path, profile())
    assert error.file == "objects.csv"
    assert error.reason == (
        "columns that are not there: fields[0] (to = 'titles') names 'Title' (did you mean 'Titel'?)"
    )
    assert "The file has: 'ID', 'Titel'." in error.remedy


def test_an_optional_column_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n1,Bowl\n")
    extra = '\n[[fields]]\nto = "medium"\nfrom = "Medium"\noptional = true\n'
    assert titles(tmp_path, profile(fields=extra)) == ["Bowl"]


def test_a_key_that_only_later_documents_have_is_there(tmp_path: Path) -> None:
    rows = [{"ID": "1"}, {"ID": "2", "Title": "Cup"}]
    (tmp_path / "objects.ndjson").write_text("\n".join(map(json.dumps, rows)))
    assert len(list(open_source(tmp_path, profile()))) == 2


def test_a_folder_without_the_files_names_the_pattern(tmp_path: Path) -> None:
    (tmp_path / "object.csv").write_text("ID,Title\n")
    assert refused(tmp_path, profile()).reason == "no file matches source.files = objects.*"


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file or folder"):
        source_files(tmp_path / "nowhere", profile())


JOIN = '[[source.joins]]\nname = "makers"\nfiles = "makers.csv"\non = "ID"\nkey = "Object"\n'
MAKERS = '\n[[fields]]\nto = "makers"\nfrom = "makers[]"\nname = "Name"\n'


def joined(tmp_path: Path) -> list[Mapped]:
    return [each for each in open_source(tmp_path, profile(JOIN, MAKERS)) if isinstance(each, Mapped)]


def test_rows_of_a_joined_table_are_found_by_key_and_named_as_sources(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n1,Bowl\n2,Cup\n")
    (tmp_path / "makers.csv").write_text("Object,Name\n2,Jane Doe\n2,John Roe\n")
    bowl, cup = joined(tmp_path)
    assert bowl.record.makers == ()
    assert [maker.actor.name for maker in cup.record.makers] == ["Jane Doe", "John Roe"]
    assert [(s.file, s.row) for s in cup.record.sources] == [
        ("objects.csv", 2),
        ("makers.csv", 1),
        ("makers.csv", 2),
    ]


def test_a_change_in_a_joined_row_changes_the_bytes_of_the_record(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n1,Bowl\n2,Cup\n")
    (tmp_path / "makers.csv").write_text("Object,Name\n2,Jane Doe\n")
    bowl, cup = joined(tmp_path)
    (tmp_path / "makers.csv").write_text("Object,Name\n2,Jane Roe\n")
    same_bowl, other_cup = joined(tmp_path)
    assert same_bowl.raw == bowl.raw
    assert other_cup.raw != cup.raw


def test_a_missing_joined_table_is_an_error_unless_it_is_optional(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n1,Bowl\n")
    assert refused(tmp_path, profile(JOIN, MAKERS)).reason == "join 'makers': no file matches makers.csv"
    assert titles(tmp_path, profile(JOIN + "optional = true\n", MAKERS)) == ["Bowl"]


def test_a_joined_table_without_the_key_is_named_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n1,Bowl\n")
    (tmp_path / "makers.csv").write_text("Objekt,Name\n1,Jane Doe\n")
    error = refused(tmp_path, profile(JOIN, MAKERS))
    assert error.file == "makers.csv"
    assert "(did you mean 'Objekt'?)" in error.remedy


def test_rows_of_a_joined_table_that_cannot_be_read_are_rejected_and_not_lost(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n1,Bowl\n")
    (tmp_path / "makers.csv").write_text("Object,Name\n1,Jane Doe\n1,a,b,c\n")
    found = list(open_source(tmp_path, profile(JOIN, MAKERS)))
    assert [(each.file, each.row) for each in found if isinstance(each, Rejection)] == [("makers.csv", 2)]
    assert len(found) == 2


def test_rows_of_a_joined_table_that_belong_to_nothing_are_counted_in_one_note(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n1,Bowl\n2,Cup\n")
    (tmp_path / "makers.csv").write_text("Object,Name\n9,Ann\n2,Jane Doe\n,Bob\n9,Cy\n2,John Roe\n7,Di\n")
    notes: list[Finding] = []
    assert len(list(open_source(tmp_path, profile(JOIN, MAKERS), on_note=notes.append))) == 2
    (note,) = (note for note in notes if note.rule == "source.unmatched_join")
    assert (note.severity, note.pointer) == ("note", "makers.csv")
    assert note.message == (
        "join 'makers': 4 rows match no main row and were not used: such as makers.csv row 1 (Object '9'), "
        "makers.csv row 3 (no Object), makers.csv row 4 (Object '9')"
    )


def test_nothing_is_said_of_a_joined_table_whose_rows_are_all_used(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n1,Bowl\n2,Cup\n")
    (tmp_path / "makers.csv").write_text("Object,Name\n2,Jane Doe\n1,Ann\n")
    notes: list[Finding] = []
    assert len(list(open_source(tmp_path, profile(JOIN, MAKERS), on_note=notes.append))) == 2
    assert "source.unmatched_join" not in {note.rule for note in notes}


def test_a_table_without_column_names_gets_them_from_the_profile(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_bytes(b"\xef\xbb\xbf1,Bowl\n2,Cup\n")
    assert titles(tmp_path, profile('columns = ["ID", "Title"]')) == ["Bowl", "Cup"]


def test_a_join_inside_a_list_hangs_its_rows_under_each_element(tmp_path: Path) -> None:
    row = {
        "ID": "1",
        "Title": "Bowl",
        "people": [{"pid": 7, "name": "Jane Doe"}, {"pid": 8, "name": "John Roe"}],
    }
    (tmp_path / "objects.json").write_text(json.dumps([row]))
    (tmp_path / "lives.csv").write_text("id,born\n7,1901\n")
    join = '[[source.joins]]\nname = "lives"\nfiles = "lives.csv"\non = "people[].pid"\nkey = "id"\n'
    rule = '\n[[fields]]\nto = "makers"\nfrom = "people[]"\nname = "name"\nborn = "lives[].born"\n'
    (found,) = open_source(tmp_path, profile(join, rule))
    assert isinstance(found, Mapped)
    assert [maker.actor.born and maker.actor.born.earliest for maker in found.record.makers] == [1901, None]


def test_bytes_used_add_up_to_the_size_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "objects.csv").write_text("ID,Title\n" + "".join(f"{n},Bowl\n" for n in range(5000)))
    used: list[int] = []
    assert len(list(open_source(tmp_path, profile(), on_bytes=used.append))) == 5000
    assert sum(used) == (tmp_path / "objects.csv").stat().st_size


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_of_the_project_loads_by_its_name(name: str) -> None:
    assert load_profile(name).institution.name


def test_a_profile_that_is_not_there_is_named_with_those_there_are() -> None:
    with pytest.raises(SourceError, match=r"tait: there is no such profile\. .*tate") as caught:
        load_profile("tait")
    assert "did you mean 'tate'" in caught.value.remedy


def test_a_profile_in_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("\ufeff" + SMALLEST.replace("{source}", ""), "utf-8")
    assert load_profile(tmp_path / "own.toml").institution.slug == "m"
