"""From a row to a record: every value with its origin, everything doubtful with a finding."""

import pytest

from assets.catalog.mapping.cells import JoinedRow
from assets.catalog.row import Mapped
from tests.assets.catalog.mapping.rows import field, mapped, outcome, rejected, rules


def test_the_smallest_record_has_an_id_an_accession_and_the_row_it_came_from() -> None:
    record, findings = mapped("")
    assert record.id == "m:1"
    assert record.accession == "1990.1"
    assert record.titles[0].content == "Bowl"
    assert record.titles[0].language == "en"
    assert [(source.file, source.row) for source in record.sources] == [("m.csv", 7)]
    assert findings == ()


def test_every_value_has_an_origin() -> None:
    record, _ = mapped(
        field('to = "produced"\nfrom = "Date"')
        + field('to = "dimensions"\nfrom = "Size"')
        + field('to = "makers"\nname = "Artist"\nborn = "Born"')
        + field('to = "credit_line"\nfrom = "Credit"'),
        Date="ca. 1350–1300 BCE",
        Size="30 x 20 cm",
        Artist="Jane Doe",
        Born="1920",
        Credit="Gift of X",
    )
    for pointer in (
        "/id",
        "/accession",
        "/titles/0",
        "/produced",
        "/dimensions/1",
        "/makers/0",
        "/credit_line",
    ):
        assert record.origin(pointer) is not None, pointer
    date = record.origin("/produced")
    assert date is not None
    assert (date.field, date.text, date.by.partition(".")[0]) == ("Date", "ca. 1350–1300 BCE", "dates")
    assert record.makers[0].actor.born is not None
    assert record.makers[0].actor.born.earliest == 1920


def test_a_copied_text_carries_no_second_copy_of_itself() -> None:
    record, _ = mapped(field('to = "department"\nfrom = "Dept"'), Dept="Prints")
    copied = record.origin("/department")
    assert copied is not None
    assert (copied.text, copied.by) == (None, "copied")


def test_a_row_without_an_identifier_is_rejected() -> None:
    assert "no identifier" in rejected("", ID="").reason


def test_a_row_without_an_accession_number_is_rejected_or_named_by_its_id_as_the_profile_says() -> None:
    assert "no accession number" in rejected("", Number=" ").reason
    result = outcome("", {"Number": ""}, 'accession_missing = "use-id"')
    assert isinstance(result, Mapped)
    assert result.record.accession == "1"
    assert rules(result.findings) == [("accession.missing", "warning")]


def test_an_empty_row_is_rejected_as_empty() -> None:
    assert rejected("", ID="", Number="", Title="").reason == "the row is empty"


def test_a_row_without_a_required_part_is_rejected_by_that_part() -> None:
    rejection = rejected("", Title="")
    assert (rejection.field, rejection.reason) == ("titles", "titles is required and no rule found a value")


def test_two_accession_numbers_in_one_cell_are_both_kept() -> None:
    record, _ = mapped("", Number="", Numbers="86.AE.211.1 and 86.AE.211.2")
    assert record.accession == "86.AE.211.1"
    assert [(i.value, i.kind) for i in record.identifiers] == [
        ("86.AE.211.1", "accession"),
        ("86.AE.211.2", "accession"),
    ]


def test_an_identifier_with_blanks_becomes_one_word() -> None:
    record, _ = mapped("", ID="A 12  b")
    assert record.id == "m:A_12_b"


def test_part_of_an_identifier_can_be_taken() -> None:
    result = outcome("", {"ID": "cmoa:things/8157d396"}, "id_extract = '[0-9a-f]{8}$'")
    assert isinstance(result, Mapped)
    assert result.record.id == "m:8157d396"


@pytest.mark.parametrize("cell", ["", "  ", "NULL", "n/a", None])
def test_cells_that_mean_nothing_make_no_value(cell: str | None) -> None:
    record, findings = mapped(field('to = "medium"\nfrom = "Medium"'), Medium=cell)
    assert record.medium is None
    assert findings == ()


DATE = field('to = "produced"\nfrom = "Date"\nearliest = "From"\nlatest = "To"')


def test_years_refine_a_text_they_overlap_and_keep_its_circa() -> None:
    record, findings = mapped(DATE, Date="circa 1870", From="1860", To="1880")
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.latest, record.produced.circa) == (1860, 1880, True)
    assert findings == ()


def test_years_stand_in_for_an_undated_text_which_is_noted() -> None:
    record, findings = mapped(DATE, Date="undated", From="1850", To="1900")
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.latest) == (1850, 1900)
    assert rules(findings) == [("dates.undated", "note")]


def test_years_that_contradict_the_text_are_reported_and_the_text_is_taken() -> None:
    record, findings = mapped(DATE, Date="1913", From="1904-01-01", To="1904-01-01")
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.latest) == (1913, 1913)
    assert rules(findings) == [("dates.disagree", "warning")]
    assert "1904" in findings[0].message


def test_a_first_of_january_shifted_into_december_counts_as_the_next_year() -> None:
    record, findings = mapped(DATE, Date="1512", From="1511-12-22", To="1511-12-22")
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.latest) == (1512, 1512)
    assert rules(findings) == [("dates.shifted", "note")] * 2


def test_negative_years_count_historically_unless_the_profile_says_otherwise() -> None:
    record, _ = mapped(DATE, From=-490, To="-480")
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.latest) == (-489, -479)
    iso, _ = mapped(DATE.replace('from = "Date"', 'years = "astronomical"'), From=-490, To=-480)
    assert iso.produced is not None
    assert (iso.produced.earliest, iso.produced.latest) == (-490, -480)


def test_year_zero_means_unknown_and_is_noted() -> None:
    record, findings = mapped(DATE, Date="", From="0", To="")
    assert record.produced is None
    assert rules(findings) == [("dates.year-zero", "note")]


def test_a_year_column_that_holds_words_is_an_error_and_the_text_is_still_read() -> None:
    record, findings = mapped(DATE, Date="2015", From="Oil", To="")
    assert record.produced is not None
    assert record.produced.earliest == 2015
    assert rules(findings) == [("dates.not-a-year", "error")]


def test_years_the_wrong_way_round_are_left_out_as_an_error() -> None:
    record, findings = mapped(DATE, Date="", From="1900", To="1800")
    assert record.produced is None
    assert rules(findings) == [("dates.reversed", "error")]


SIZE = field('to = "dimensions"\nfrom = "Size"\nheight = "H"\nwidth = "W"\nnumbers_unit = "mm"')


def test_swapped_columns_are_noted_and_the_text_is_taken() -> None:
    record, findings = mapped(SIZE, Size="support: 343 x 467 mm", H="467", W="343")
    assert [(d.kind, round(d.value, 3)) for d in record.dimensions] == [("height", 0.343), ("width", 0.467)]
    assert rules(findings) == [("dimensions.swapped", "note")]


def test_columns_that_agree_with_the_text_are_not_mentioned() -> None:
    _, findings = mapped(SIZE, Size="343 x 467 mm", H="343", W="467")
    assert findings == ()


def test_bare_numbers_are_taken_where_there_is_no_text() -> None:
    record, _ = mapped(SIZE, H="467", W="343")
    assert [(d.kind, d.value, d.stated_unit) for d in record.dimensions] == [
        ("height", 0.467, "mm"),
        ("width", 0.343, "mm"),
    ]


MEASURE = field('to = "dimensions"\nas = "measure"\nfrom = "H"\nkind = "height"\nunit = "in"')


def test_a_bare_number_gets_the_unit_that_the_profile_states() -> None:
    record, _ = mapped(MEASURE, H=10.5)
    assert record.dimensions[0].value == pytest.approx(0.2667)
    assert (record.dimensions[0].stated_value, record.dimensions[0].stated_unit) == (10.5, "in")


def test_a_measure_of_zero_is_unknown() -> None:
    record, findings = mapped(MEASURE, H=0.0)
    assert record.dimensions == ()
    assert findings == ()


def test_a_measure_that_is_no_number_is_an_error() -> None:
    _, findings = mapped(MEASURE, H="ea.316")
    assert rules(findings) == [("dimensions.not-a-number", "error")]


CHECKS = """
[checks.columns]
Year = "year"
Page = "address"
"""


def test_one_cell_of_the_wrong_kind_is_left_out_as_an_error() -> None:
    record, findings = mapped(
        field('to = "produced"\nearliest = "Year"') + CHECKS, Year="Oil", Page="http://x.y/1"
    )
    assert record.produced is None
    assert rules(findings) == [("columns.shifted", "error")]
    assert findings[0].text == "Oil"


def test_two_cells_of_the_wrong_kind_mean_shifted_columns_and_reject_the_row() -> None:
    rejection = rejected(CHECKS, Year="Oil", Page="30 x 20 cm")
    assert rejection.field == "Year"
    assert "Year holds 'Oil', not a year; Page holds '30 x 20 cm', not an address" in rejection.reason


def test_rows_can_be_rejected_by_a_condition_with_the_reason_the_profile_gives() -> None:
    extra = '\n[[reject]]\nwhen = { column = "Status", is = "Deaccessioned" }\nreason = "no longer held"\n'
    assert rejected(extra, Status="deaccessioned").reason == "no longer held"


def test_a_list_of_objects_makes_a_maker_of_each_element_that_meets_the_condition() -> None:
    rule = field(
        'to = "makers"\nfrom = "people[]"\nname = "name"\nrole = "role"\n'
        'when = { column = "role", is-not = "Depicted" }'
    )
    people = [{"name": "Jane Doe", "role": "Artist"}, {"name": "King Log", "role": "Depicted"}]
    record, _ = mapped(rule, people=people)
    assert [(maker.actor.name, maker.role) for maker in record.makers] == [("Jane Doe", "Artist")]


def test_a_role_that_is_a_doubt_becomes_the_makers_qualifier() -> None:
    rule = field('to = "makers"\nfrom = "people[]"\nname = "name"\nrole = "role"')
    record, _ = mapped(rule, people=[{"name": "William Blake", "role": "after"}])
    assert (record.makers[0].actor.name, record.makers[0].qualifier) == ("William Blake", "after")


def test_a_condition_is_asked_of_the_elements_of_the_list_a_path_goes_through() -> None:
    rule = field(
        'to = "texts"\nkind = "note"\nfrom = "titles[].Title"\nwhen = { column = "Type", is = "Primary" }'
    )
    record, _ = mapped(rule, titles=[{"Title": "A", "Type": "Primary"}, {"Title": "B", "Type": "Other"}])
    assert [text.content for text in record.texts] == ["A"]


def test_values_of_a_joined_row_name_that_row_as_their_source() -> None:
    rule = field('to = "cultures"\nas = "term"\nfrom = "culture[].Culture"')
    record, _ = mapped(rule, culture=[JoinedRow({"Culture": "Navajo"}, "culture.csv", 12)])
    came = record.origin("/cultures/0")
    assert came is not None
    source = record.sources[came.source]
    assert (source.file, source.row) == ("culture.csv", 12)


def test_a_path_can_be_a_column_name_with_dots() -> None:
    record, _ = mapped(field('to = "medium"\nfrom = "obj.medium"'), **{"obj.medium": "clay"})
    assert record.medium == "clay"


def test_a_cell_is_cut_extracted_and_replaced_in_the_order_the_guide_says() -> None:
    rule = field(
        "to = \"subjects\"\nfrom = \"Tags\"\nsplit = ';'\nextract = '([^.]+)$'\n"
        "replace = [['_', ' ']]\ndrop = \"unknown\""
    )
    record, _ = mapped(rule, Tags="a.red_fox; b.unknown ;c.owl")
    assert [term.label for term in record.subjects] == ["red fox", "owl"]
    came = record.origin("/subjects/0")
    assert came is not None
    assert came.text == "a.red_fox; b.unknown ;c.owl"


def test_doubt_in_a_term_is_kept_beside_its_label() -> None:
    record, _ = mapped(field('to = "periods"\nas = "term"\nfrom = "P"'), P="probably Sioux")
    assert (record.periods[0].label, record.periods[0].uncertain) == ("Sioux", True)


def test_one_text_may_have_a_license_of_its_own() -> None:
    by = "https://creativecommons.org/licenses/by/4.0/"
    record, _ = mapped(field(f'to = "texts"\nfrom = "D"\nrights = "{by}"'), D="A <i>fine</i> bowl.")
    assert (record.texts[0].content, record.texts[0].rights) == ("A fine bowl.", by)


def test_pictures_inside_the_record_are_left_out_with_a_finding() -> None:
    record, findings = mapped(field('to = "images"\nfrom = "I"'), I="data:image/gif;base64,R0lGOD")
    assert record.images == ()
    assert rules(findings) == [("images.no-address", "warning")]


def test_a_template_makes_an_address_of_a_bare_identifier() -> None:
    rule = field('to = "images"\nfrom = "I"\ntemplate = "https://x.org/{value}/full.jpg"')
    record, _ = mapped(rule, I="7b7a")
    assert record.images[0].uri == "https://x.org/7b7a/full.jpg"


def test_wordings_become_rights_and_may_forbid_showing() -> None:
    cc0 = "https://creativecommons.org/publicdomain/zero/1.0/"
    rule = field(f'to = "rights"\nfrom = "R"\nuris = {{ "Public Domain" = "{cc0}" }}\nhides = "No display"')
    free, _ = mapped(rule, R="public domain")
    assert free.rights is not None
    assert (free.rights.uri, free.rights.shows) == (cc0, True)
    closed, _ = mapped(rule, R="No display")
    assert closed.rights is not None
    assert closed.rights.shows is False


def test_coordinates_make_a_place_and_wrong_ones_an_error() -> None:
    rule = field('to = "places"\ncoordinates = "geo"\nrole = "found"')
    record, _ = mapped(rule, geo="37.62336, 14.74049")
    assert (record.places[0].latitude, record.places[0].longitude) == (37.62336, 14.74049)
    _, findings = mapped(rule, geo="95.0, 14.7")
    assert rules(findings) == [("places.no-coordinates", "error")]


def test_coordinates_in_two_columns_must_be_on_earth() -> None:
    rule = field('to = "places"\nfrom = "P"\nlatitude = "Lat"\nlongitude = "Lon"\nrole = "found"')
    record, findings = mapped(rule, P="Gela", Lat="137.06", Lon="14.25")
    assert (record.places[0].name, record.places[0].latitude) == ("Gela", None)
    assert rules(findings) == [("places.no-coordinates", "error")]


MET = field("""
to = "makers"
name = "Name"
role = "Role"
born = "Born"
died = "Died"
nationality = "Nation"
""")


def test_lists_side_by_side_in_several_columns_are_read_together() -> None:
    record, _ = mapped(
        MET,
        Name="Paulding Farnham|Tiffany & Co.",
        Role="Designer|Manufacturer",
        Born="1859      |1837      ",
        Died="1927      |9999      ",
        Nation="|",
    )
    read = [
        (
            maker.actor.name,
            maker.role,
            maker.actor.born and maker.actor.born.earliest,
            maker.actor.died and maker.actor.died.latest,
            maker.actor.nationality,
        )
        for maker in record.makers
    ]
    assert read == [
        ("Paulding Farnham", "Designer", 1859, 1927, None),
        ("Tiffany & Co.", "Manufacturer", 1837, None, None),
    ]


@pytest.mark.parametrize(
    ("born", "nations", "expected"),
    [
        ("(1895) (1847)", "(American) (French)", [(1895, "American"), (1847, "French")]),
        ("(1895) (0)", "(American) ()", [(1895, "American"), (None, None)]),
        ("(1895) (1847) (1900)", "American", [(None, "American"), (None, None)]),
    ],
)
def test_brackets_in_a_row_are_a_list_and_are_left_out_where_nobody_knows_whose_they_are(
    born: str, nations: str, expected: list[tuple[int | None, str | None]]
) -> None:
    record, _ = mapped(MET, Name="Paul Nelson, Frantz Jourdain", Born=born, Nation=nations)
    assert [
        (maker.actor.born and maker.actor.born.earliest, maker.actor.nationality) for maker in record.makers
    ] == expected


def test_a_role_that_is_no_list_is_every_makers_and_other_columns_are_the_firsts() -> None:
    record, _ = mapped(MET, Name="Anna Weaver|Berta Weaver", Role="Painter", Born="1850", Nation="Swiss")
    assert [(maker.role, maker.actor.nationality) for maker in record.makers] == [
        ("Painter", "Swiss"),
        ("Painter", None),
    ]


def test_a_wording_that_gives_no_date_stays_in_the_record_as_a_text() -> None:
    record, findings = mapped(field('to = "produced"\nfrom = "Date"'), Date="in the year of the dragon")
    assert record.produced is None
    assert [(text.kind, text.content) for text in record.texts] == [("date", "in the year of the dragon")]
    assert rules(findings) == [("dates.unread", "warning")]


def test_years_beside_a_wording_that_cannot_be_read_are_taken_and_the_wording_shown_with_them() -> None:
    rule = field('to = "produced"\nfrom = "Date"\nearliest = "From"\nlatest = "To"')
    record, findings = mapped(rule, Date="in the year of the dragon", From="1904", To="1904")
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.text) == (1904, "in the year of the dragon")
    assert record.texts == ()
    assert rules(findings) == [("dates.unread", "note")]


def test_a_wording_that_gives_no_dimension_stays_in_the_record_as_a_text() -> None:
    record, _ = mapped(field('to = "dimensions"\nfrom = "Size"'), Size="Dependent on screen size")
    assert [(text.kind, text.content) for text in record.texts] == [
        ("dimensions", "Dependent on screen size")
    ]


@pytest.mark.parametrize(
    ("title", "stated", "language"),
    [
        ("春江花月夜", "en", "zh"),
        ("富士山の図", "en", "ja"),
        ("춘향전", "zh", "ko"),
        ("富士山図", "ja", "ja"),
        ("春江花月夜", "zh-Hant", "zh-Hant"),
        ("Αθήνα", "grc", "grc"),
        ("Αθήνα", "en", "el"),
        ("Bowl with 碗", "en", "en"),
        ("Ṣaḥn – Schüssel", "de", "de"),
        ("Bowl", "und", "und"),
        ("春江", "und", "zh"),
    ],
)
def test_a_title_whose_script_is_not_that_of_the_stated_language_gets_its_own(
    title: str, stated: str, language: str
) -> None:
    record, _ = mapped(
        field(f'to = "titles"\nfrom = "Other"\nlanguage = "{stated}"')
        + field(f'to = "subjects"\nfrom = "Other"\nlanguage = "{stated}"'),
        Other=title,
    )
    assert (record.titles[-1].content, record.titles[-1].language) == (title, language)
    assert record.subjects[0].language == language
