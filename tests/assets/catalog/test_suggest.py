"""A proposed profile: sound as it stands, honest about its confidence, right more often than not."""

import json
import tomllib
from pathlib import Path

import pytest
from openpyxl import Workbook

from assets.catalog.profile import Profile, parse_profile
from assets.catalog.row import Mapped, SourceError
from assets.catalog.sources.by_profile import load_profile, open_source
from assets.catalog.suggest import suggest
from assets.catalog.suggesting.headers import order_in, roles_of


def proposed(path: Path) -> Profile:
    return parse_profile(suggest(path).to_toml(), "proposed.toml")


def columns(path: Path) -> dict[str, str]:
    return {role: candidate.column.path for role, candidate in suggest(path).chosen.items()}


def written(tmp_path: Path, header: str, *rows: str) -> Path:
    path = tmp_path / "export.csv"
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


GERMAN = (
    "Inv.-Nr.;Objekttitel;Künstler;Datierung;Höhe (cm);Material/Technik;Standort",
    "1990.12;Deckelvase;Müller, Anna;um 1890;26,7;Porzellan;Depot 3",
    "1990.13;Teller;Schmidt, Karl;19. Jh.;2,5;Steingut;Depot 3",
    "1991.1;Kanne;Müller, Anna;1901;31;Silber;Saal 1",
)


def test_a_german_export_is_understood_by_names_and_values(tmp_path: Path) -> None:
    found = columns(written(tmp_path, *GERMAN))
    assert found["accession"] == "Inv.-Nr."
    assert found["maker"] == "Künstler"
    assert found["date"] == "Datierung"
    assert found["height"] == "Höhe (cm)"
    assert found["medium"] == "Material/Technik"


def test_a_proposal_imports_as_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, *GERMAN)
    records = [each.record for each in open_source(path, proposed(path)) if isinstance(each, Mapped)]
    assert [record.accession for record in records] == ["1990.12", "1990.13", "1991.1"]
    assert records[0].dimensions[0].value == pytest.approx(0.267)
    assert records[0].produced is not None
    assert records[0].produced.circa


def test_every_field_says_how_sure_it_is_and_shows_examples(tmp_path: Path) -> None:
    text = suggest(written(tmp_path, *GERMAN)).to_toml()
    for block in text.split("[[fields]]")[:-1]:
        assert "confidence" in block or 'to = "materials"' in text
    assert '# Datierung: confidence 1.00 (name 1.00, values 1.00); e.g. "um 1890", "19. Jh.", "1901"' in text


def test_columns_that_nothing_reads_are_listed_with_examples(tmp_path: Path) -> None:
    assert '#   Standort: e.g. "Depot 3", "Saal 1"' in suggest(written(tmp_path, *GERMAN)).to_toml()


def test_a_unit_that_the_header_states_is_taken_and_one_it_does_not_is_marked_as_a_guess(
    tmp_path: Path,
) -> None:
    text = suggest(written(tmp_path, *GERMAN)).to_toml()
    assert 'unit = "cm"' in text
    assert "check it" not in text
    bare = suggest(written(tmp_path, *(row.replace("Höhe (cm)", "Höhe") for row in GERMAN))).to_toml()
    assert "cm is a guess: check it" in bare


def test_columns_with_strange_names_come_through_toml_unharmed(tmp_path: Path) -> None:
    header = '"Title ""main""",Object Number,"Line\nbreak"'
    path = written(tmp_path, header, "Bowl,1990.1,x", "Cup,1990.2,y")
    tables = tomllib.loads(suggest(path).to_toml())
    assert tables["fields"][0]["from"] == 'Title "main"'


@pytest.mark.parametrize("header", ["composer", "Bildhauer", "peintre", "instrument_maker", "Sculptor"])
def test_a_column_called_after_the_craft_holds_makers(header: str) -> None:
    assert max(roles_of(header).items(), key=lambda pair: pair[1]) == ("maker", 1.0)


def test_years_of_the_makers_life_are_not_taken_for_the_artifacts(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "ObjectID,Title,Artist,BeginDate,EndDate,Date",
        "2,Bridge,Otto Wagner,(1841),(1918),1896",
        "3,Villa,Emil Hoppe,(1876),(1957),1903",
        "4,House,Louis I. Kahn,(1901),(1974),1970",
    )
    found = columns(path)
    assert found["maker-born"] == "BeginDate"
    assert found["maker-died"] == "EndDate"
    assert "earliest" not in found
    first = next(iter(open_source(path, proposed(path))))
    assert isinstance(first, Mapped)
    assert first.record.makers[0].actor.born is not None
    assert first.record.makers[0].actor.born.earliest == 1841


def test_a_birthplace_is_not_where_the_artifact_was_made(tmp_path: Path) -> None:
    rows = [
        {"id": n, "title": "Bowl", "creator": [{"full_name": "Jane Doe", "birth_place": "Gela"}]}
        for n in (1, 2)
    ]
    path = tmp_path / "export.json"
    path.write_text(json.dumps(rows))
    assert "place-made" not in columns(path)
    rule = proposed(path).fields[1]
    assert (rule.to, rule.paths) == ("makers", ("creator[]",))


def test_a_folder_of_documents_is_one_export(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    folder.mkdir()
    for n in (1, 2):
        (folder / f"{n}.json").write_text(json.dumps({"id": n, "title": f"Bowl {n}", "dated": "1905"}))
    assert suggest(folder).rows == 2
    assert len(list(open_source(folder, proposed(folder)))) == 2


def test_an_export_without_anything_like_an_identifier_says_so(tmp_path: Path) -> None:
    text = (
        suggest(written(tmp_path, "a,b", "red,blue", "green,blue")).to_toml()
        + '[[fields]]\nto="medium"\nfrom="b"\n'
    )
    assert "# no column looks like an identifier" in text
    assert parse_profile(text, "m.toml").record.id == ("a",)


def test_the_same_file_gives_the_same_proposal(tmp_path: Path) -> None:
    rows = [f"{n};Vase {n};Müller, Anna;{1800 + n % 90};{n % 50};Silber;Depot" for n in range(5000)]
    path = written(tmp_path, GERMAN[0], *rows)
    assert suggest(path).rows == 3000
    assert suggest(path).to_toml() == suggest(path).to_toml()


def test_an_empty_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no row could be read"):
        suggest(written(tmp_path, "a,b"))


def placed(profile: Profile) -> set[tuple[str, str]]:
    """(part of the record, path in the main table) of everything a profile reads."""
    joins = tuple(f"{join.name}[" for join in profile.source.joins)
    found = {("id", profile.record.id[0]), ("accession", profile.record.accession[0])}
    for rule in profile.fields:
        base = f"{rule.paths[0]}." if rule.reads_elements() else ""
        paths = [*rule.parts()] if base else [*rule.paths[:1], *rule.parts()]
        to = "medium" if rule.to in ("materials", "techniques") else rule.to
        found |= {(to, f"{base}{path}") for path in paths if not f"{base}{path}".startswith(joins)}
    return {(to, path) for to, path in found if not any(join in path for join in joins)}


# Measured 2026-11: fields that proposal and hand-written profile share, of those of the hand-written one, and
# how many the proposal has besides. The rules were tuned on tate and cmoa alone. Agreement with one person's
# profile on seven exports, five of them English and American, says little about other languages. What the
# proposal for isicily-labels has besides is the column of units, which the hand-written profile passes over.
TUNED = {"tate": (14, 27, 3), "cmoa": (23, 26, 0)}
HELD_OUT = {
    "autry": (8, 8, 0), "cbm": (13, 15, 0), "nmwa": (18, 19, 0), "aic": (20, 29, 2),
    "isicily-labels": (10, 11, 1),
}  # fmt: skip
FILES = {
    "tate": "catalogue/tate/tate_objects.ndjson.gz",
    "cmoa": "catalogue/cmoa/cmoa_objects.ndjson.gz",
    "autry": "catalogue/aac_autry/AutryObjects/AutryObjects.csv",
    "cbm": "catalogue/aac_cbm/CBMAA_Objects/LOD CBMAA Objects.csv",
    "nmwa": "catalogue/aac_nmwa/Data/NMWA_Data.csv",
    "aic": "catalogue/aic_api_samples/json/artworks",
    "isicily-labels": "text/isicily_labels.csv",
}


@pytest.mark.data
@pytest.mark.parametrize("name", FILES)
def test_proposals_agree_with_the_hand_written_profiles(name: str, shared_data: Path) -> None:
    ours, by_hand = placed(proposed(shared_data / FILES[name])), placed(load_profile(name))
    shared, wanted, besides = (TUNED | HELD_OUT)[name]
    assert len(by_hand) == wanted
    assert len(ours & by_hand) >= shared
    assert len(ours - by_hand) <= besides


def test_terms_in_one_cell_are_cut_at_the_sign_between_them(tmp_path: Path) -> None:
    path = written(tmp_path, "id,title,tags", "1,Coin,Birds|Coins", "2,Bust,Men | Portraits")
    (outcome, _) = (row for row in open_source(path, proposed(path)) if isinstance(row, Mapped))
    assert [term.label for term in outcome.record.subjects] == ["Birds", "Coins"]


def test_a_column_of_yes_and_no_becomes_rights_only_where_it_says_yes(tmp_path: Path) -> None:
    path = written(tmp_path, "id,title,Is Public Domain", "1,Coin,True", "2,Bust,False")
    rights = [row.record.rights for row in open_source(path, proposed(path)) if isinstance(row, Mapped)]
    assert rights[0] is not None
    assert rights[0].uri == "https://creativecommons.org/publicdomain/mark/1.0/"
    assert rights[1] is None
    assert "check it" in suggest(path).to_toml()


def test_lists_of_one_length_beside_the_makers_are_proposed_side_by_side(tmp_path: Path) -> None:
    rows = [
        {
            "ObjectID": n, "AccessionNumber": f"{n}.1996", "Title": f"Villa {n}", "Date": "1932",
            "Artist": ["Paul Nelson", "Frantz Jourdain"][: 1 + n % 2], "BeginDate": [1895, 1847][: 1 + n % 2],
            "EndDate": [1979, 1935][: 1 + n % 2], "Nationality": ["American", "French"][: 1 + n % 2],
        }
        for n in range(1, 20)
    ]  # fmt: skip
    path = tmp_path / "works.json"
    path.write_text(json.dumps(rows))
    first = next(iter(open_source(path, proposed(path))))
    assert isinstance(first, Mapped)
    told = [
        (one.actor.name, one.actor.born and one.actor.born.earliest, one.actor.nationality)
        for one in first.record.makers
    ]
    assert told == [("Paul Nelson", 1895, "American"), ("Frantz Jourdain", 1847, "French")]


def test_lists_of_other_lengths_are_not_the_makers(tmp_path: Path) -> None:
    rows = [
        {
            "id": n,
            "title": f"Villa {n}",
            "artists": ["Paul Nelson", "Ann Lee"],
            "nationality": ["Swiss"] * (n % 5),
        }
        for n in range(1, 20)
    ]
    path = tmp_path / "works.json"
    path.write_text(json.dumps(rows))
    assert "nationality[]" not in columns(path).values()


MEASURED = (
    "id,title,HEIGHT,WIDTH,WEIGHT,LENGTHUNIT,WEIGHTUNIT",
    "1,Bowl,20,10,500,cm,g",
    "2,Cup,3,2,1,in,kg",
    "3,Jug,30,10,,cm,",
)


def test_units_in_a_column_beside_the_measures_are_read_row_by_row(tmp_path: Path) -> None:
    path = written(tmp_path, *MEASURED)
    read = [
        [(one.kind, one.value) for one in row.record.dimensions]
        for row in open_source(path, proposed(path))
        if isinstance(row, Mapped)
    ]
    assert read[0] == [("height", 0.2), ("width", 0.1), ("weight", 0.5)]
    assert read[1] == [("height", 0.0762), ("width", 0.0508), ("weight", 1.0)]
    text = suggest(path).to_toml()
    assert (
        "# the unit stands in LENGTHUNIT: cm in 2, in in 1 of 3 rows that state one; rows that state none"
        in text
    )
    assert "#   LENGTHUNIT" not in text


@pytest.mark.parametrize("name", ["units", "Unit of Measure", "height_unit", "unit height", "Höhe Einheit"])
def test_columns_of_units_are_known_by_many_names(tmp_path: Path, name: str) -> None:
    measure = "Höhe" if name.startswith("Höhe") else "height"
    path = written(tmp_path, f"id,title,{measure},{name}", "1,Bowl,20,mm", "2,Cup,3,mm")
    assert suggest(path).units["height"].path == name


def test_a_column_of_units_of_something_else_is_not_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "id,title,height,weight,weight unit", "1,Bowl,20,5,kg", "2,Cup,3,1,kg")
    assert {role: unit.path for role, unit in suggest(path).units.items()} == {"weight": "weight unit"}


def test_units_inside_a_list_give_the_unit_of_most_rows_with_a_remark(tmp_path: Path) -> None:
    rows = [
        {"id": n, "title": "Bowl", "sizes": [{"height": 20 + n, "unit": "in" if n == 3 else "mm"}]}
        for n in range(1, 9)
    ]
    path = tmp_path / "works.json"
    path.write_text(json.dumps(rows))
    text = suggest(path).to_toml()
    assert 'unit = "mm"' in text
    assert "mm in 7, in in 1 of 8 rows that state one; all rows are read in mm: check it" in text
    assert "unit_from" not in text


def test_a_header_that_states_unit_and_order_is_proposed_and_read(
    tmp_path: Path,
) -> None:
    export = tmp_path / "export.csv"
    rows = "".join(f"19{n:02}/{n:04};Krug;o. D.;{n},5 x 12,3 x 4;Ankauf 1912\r\n" for n in range(1, 40))
    header = "Inv.-Nr.;Objekttitel;Datierung;Maße (HxBxT) cm;Erwerb\r\n"
    export.write_bytes((header + rows).encode("cp1252"))
    profile = parse_profile(suggest(export).to_toml(), "export.toml")
    first = next(open_source(export, profile))
    assert isinstance(first, Mapped)
    assert [(d.kind, d.value) for d in first.record.dimensions] == [
        ("height", 0.015), ("width", 0.123), ("depth", 0.04)
    ]  # fmt: skip
    assert first.record.titles[0].content == "Krug"
    assert first.record.credit_line == "Ankauf 1912"
    assert first.record.produced is None
    assert not [finding for finding in first.findings if finding.rule == "dates.unread"]


@pytest.mark.parametrize("header", ["B/W photo", "Location", "Held by"])
def test_headers_that_only_look_like_an_order_state_none(header: str) -> None:
    assert order_in(header) == ()


def test_a_workbook_whose_notes_come_first_is_read_from_its_table(tmp_path: Path) -> None:
    book = Workbook()
    notes = book.worksheets[0]
    notes.append(["Exported by the registrar"])
    table = book.create_sheet("Objects")
    table.append(["Museum of Things"])
    for row in (["Object No.", "Title"], ["2010.1", "Teapot"], ["2010.2", "Quilt"]):
        table.append(row)
    book.save(tmp_path / "things.xlsx")
    assert suggest(tmp_path / "things.xlsx").rows == 2
