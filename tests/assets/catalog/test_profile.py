"""A profile in TOML: what is accepted, and how each mistake is named."""

import pytest

from assets.catalog.field_rules import DateRule, MakerRule, TextRule
from assets.catalog.profile import Profile, nearest, parse_profile
from assets.catalog.row import SourceError

SMALLEST = """
[institution]
slug = "m"
name = "Museum"

[record]
id = "ID"
accession = "Number"

[[fields]]
to = "titles"
from = "Title"
"""


def refused(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        parse_profile(text, "m.toml")
    assert caught.value.file == "m.toml"
    assert caught.value.remedy
    return caught.value.reason


def profile(extra: str) -> Profile:
    return parse_profile(SMALLEST + extra, "m.toml")


def test_the_smallest_profile_needs_an_institution_keys_and_one_field() -> None:
    read = profile("")
    assert read.institution.language == "und"
    assert read.record.id == ("ID",)
    assert isinstance(read.fields[0], TextRule)


def test_what_a_field_is_read_as_follows_from_where_it_goes() -> None:
    read = profile('[[fields]]\nto = "produced"\nfrom = "Date"\n[[fields]]\nto = "makers"\nname = "Artist"\n')
    assert isinstance(read.fields[1], DateRule)
    assert isinstance(read.fields[2], MakerRule)


def test_several_paths_are_alternatives_and_only_the_first_must_be_there() -> None:
    read = profile('[[fields]]\nto = "medium"\nfrom = ["Medium", "Material"]\n')
    assert ("fields[1] (to = 'medium')", "Medium") in read.columns()
    assert "Material" not in [path for _, path in read.columns()]


def test_an_unknown_key_is_named_with_the_key_that_was_meant() -> None:
    assert refused(SMALLEST + 'langauge = "en"\n') == (
        "fields[0].text.langauge: there is no such key (did you mean 'language', 'language_from'?)"
    )


def test_an_unknown_table_is_named() -> None:
    assert refused(SMALLEST.replace("[record]", "[records]")).startswith("record: field required; records:")


def test_an_unknown_part_of_the_record_is_named_with_those_there_are() -> None:
    reason = refused(SMALLEST + '[[fields]]\nto = "titel"\nfrom = "Titel"\n')
    assert reason.startswith(
        "fields[1]: value error, 'to' is 'titel'; write one of: acquisition, credit_line"
    )


def test_a_reading_that_does_not_exist_is_named_with_those_there_are() -> None:
    reason = refused(SMALLEST + '[[fields]]\nto = "produced"\nfrom = "Date"\nas = "epoch"\n')
    assert reason.startswith("fields[1]: 'as' must be one of: acquisition, copy, cultures, date")


def test_a_reading_must_fit_the_part_of_the_record() -> None:
    assert "fields[1].date.to: input should be 'produced'" in refused(
        SMALLEST + '[[fields]]\nto = "titles"\nfrom = "Date"\nas = "date"\n'
    )


def test_a_rule_that_reads_nothing_is_refused() -> None:
    assert "fields[1] (to = 'medium') reads nothing: add 'from'" in refused(
        SMALLEST + '[[fields]]\nto = "medium"\n'
    )


def test_a_broken_pattern_is_refused_with_its_fault() -> None:
    assert "not a regular expression: missing )" in refused(SMALLEST + "extract = '(a'\n")


def test_bare_numbers_need_their_unit_stated() -> None:
    assert "say their numbers_unit" in refused(
        SMALLEST + '[[fields]]\nto = "dimensions"\nfrom = "Size"\nheight = "H"\n'
    )


def test_a_condition_must_ask_something() -> None:
    assert "a condition needs one of: is, is-not, matches, filled" in refused(
        SMALLEST + 'when = { column = "Role" }\n'
    )


def test_required_parts_must_be_parts_of_a_record() -> None:
    text = SMALLEST.replace('accession = "Number"', 'accession = "Number"\nrequired = ["title"]')
    assert "'title', which a record does not have (did you mean 'titles'" in refused(text)


def test_text_that_is_not_toml_is_refused_with_the_line() -> None:
    assert "line 2" in refused("[institution]\nslug = m\n")


def test_governance_is_read_with_its_defaults() -> None:
    read = profile('[governance]\nhide_rights = ["http://rightsstatements.org/vocab/InC/1.0/"]\n')
    assert read.governance.hide_rights == ("http://rightsstatements.org/vocab/InC/1.0/",)
    assert read.governance.duplicates_merge == "never"


def test_nearest_names_ignore_case_and_stay_silent_when_nothing_is_near() -> None:
    assert nearest("title", ["Title", "Medium"]) == " (did you mean 'Title'?)"
    assert nearest("xyz", ["Title", "Medium"]) == ""
