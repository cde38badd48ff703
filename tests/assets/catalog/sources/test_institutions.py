"""Real exports through their profiles: nothing lost, known records right, known dirt caught."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Finding, Mapped, Rejection
from assets.catalog.sources.by_profile import (
    joined_files,
    load_profile,
    open_source,
    profile_names,
    source_files,
)

pytestmark = pytest.mark.data

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"

FOLDERS = {
    "tate": "catalogue/tate",
    "cmoa": "catalogue/cmoa",
    "autry": "catalogue/aac_autry",
    "cbm": "catalogue/aac_cbm",
    "nmwa": "catalogue/aac_nmwa",
    "aic": "catalogue/aic_api_samples",
    "getty-cva10": "catalogue/getty_cva10",
    "isicily-labels": "text",
}
COUNTS = {
    "tate": (2755, 0), "cmoa": (2852, 0), "autry": (193, 0), "cbm": (1556, 0), "nmwa": (2212, 1),
    "aic": (10, 0), "getty-cva10": (24, 0), "isicily-labels": (447, 0),
}  # fmt: skip
"""Accepted and rejected rows; together what the files hold, counted with csv, json and yaml of Python."""


@dataclass(frozen=True)
class Read:
    accepted: dict[str, Mapped]
    rejected: list[Rejection]

    def record(self, identifier: str) -> ArtifactRecord:
        return self.accepted[identifier].record

    def findings(self, identifier: str) -> list[Finding]:
        return list(self.accepted[identifier].findings)

    def rules(self) -> Counter[str]:
        return Counter(finding.rule for each in self.accepted.values() for finding in each.findings)


@cache
def read(name: str, path: Path) -> Read:
    accepted: dict[str, Mapped] = {}
    rejected: list[Rejection] = []
    for outcome in open_source(path, load_profile(name)):
        if isinstance(outcome, Mapped):
            assert outcome.record.id not in accepted, "two rows with one identifier"
            accepted[outcome.record.id] = outcome
        else:
            rejected.append(outcome)
    return Read(accepted, rejected)


def test_every_profile_of_the_project_is_tested_here() -> None:
    assert set(profile_names()) == set(FOLDERS)


@pytest.mark.parametrize("name", FOLDERS)
def test_rows_read_are_rows_accepted_and_rows_rejected(name: str, shared_data: Path) -> None:
    result = read(name, shared_data / FOLDERS[name])
    assert (len(result.accepted), len(result.rejected)) == COUNTS[name]


@pytest.mark.parametrize("name", FOLDERS)
def test_every_value_of_every_record_names_its_source(name: str, shared_data: Path) -> None:
    stated = {"schema_version", "institution", "sources", "provenance", "rights", "required_statement"}
    for each in read(name, shared_data / FOLDERS[name]).accepted.values():
        for field in ArtifactRecord.model_fields:
            value = getattr(each.record, field)
            if field in stated or not value:
                continue
            pointers = (
                [f"/{field}/{n}" for n in range(len(value))] if isinstance(value, tuple) else [f"/{field}"]
            )
            for pointer in pointers:
                origin = each.record.origin(pointer)
                assert origin is not None, (each.record.id, pointer)
                assert origin.source < len(each.record.sources)


@pytest.mark.parametrize("name", FOLDERS)
def test_rights_stay_with_every_record(name: str, shared_data: Path) -> None:
    records = [each.record for each in read(name, shared_data / FOLDERS[name]).accepted.values()]
    assert all(record.rights is not None and record.rights.uri in (CC0, CC_BY) for record in records)


def test_tate_dimensions_come_from_the_text_because_the_columns_are_swapped(shared_data: Path) -> None:
    result = read("tate", shared_data / FOLDERS["tate"])
    record = result.record("tate:A00003")
    assert [(d.kind, d.value) for d in record.dimensions] == [("height", 0.343), ("width", 0.467)]
    assert record.produced is not None
    assert (record.produced.circa, record.produced.uncertain) == (True, True)
    assert [finding.rule for finding in result.findings("tate:A00003")] == ["dimensions.swapped"]
    assert result.rules()["dimensions.swapped"] > 2300


def test_tate_makers_are_joined_with_the_table_of_artists(shared_data: Path) -> None:
    record = read("tate", shared_data / FOLDERS["tate"]).record("tate:N05029")
    maker = record.makers[0]
    assert (maker.actor.name, maker.role) == ("Eric Kennington", "artist")
    assert maker.actor.born is not None
    assert maker.actor.born.earliest == 1888
    assert maker.actor.uris == ("http://www.tate.org.uk/art/artists/eric-kennington-1399",)


def test_tate_subjects_are_the_leaves_of_the_tree_and_the_terms_of_use_stay(shared_data: Path) -> None:
    record = read("tate", shared_data / FOLDERS["tate"]).record("tate:A00003")
    assert [term.label for term in record.subjects] == [
        "arm/arms raised",
        "standing",
        "group",
        "man",
        "preaching",
    ]
    assert record.required_statement is not None
    assert "Tate" in record.required_statement.value


def test_tate_roles_that_state_doubt_are_qualifiers(shared_data: Path) -> None:
    makers = [
        maker
        for each in read("tate", shared_data / FOLDERS["tate"]).accepted.values()
        for maker in each.record.makers
    ]
    assert Counter(maker.qualifier for maker in makers)["attributed to"] == 5
    assert not any((maker.role or "").startswith(("after", "attributed")) for maker in makers)


def test_cmoa_bare_numbers_are_inches_and_zero_is_unknown(shared_data: Path) -> None:
    result = read("cmoa", shared_data / FOLDERS["cmoa"])
    holder = next(each.record for each in result.accepted.values() if each.record.accession == "46.2.230")
    assert [(d.kind, round(d.value, 6), d.stated_unit) for d in holder.dimensions] == [
        ("height", 0.0889, "in"),
        ("width", 0.066675, "in"),
        ("depth", 0.0762, "in"),
    ]


def test_cmoa_years_that_contradict_the_text_are_reported_and_shifted_ones_put_right(
    shared_data: Path,
) -> None:
    result = read("cmoa", shared_data / FOLDERS["cmoa"])
    disagree = [
        each for each in result.accepted.values() if any(f.rule == "dates.disagree" for f in each.findings)
    ]
    assert any(f.text == "1913" and "1904" in f.message for each in disagree for f in each.findings)
    assert result.rules()["dates.shifted"] > 100


def test_nmwa_rows_whose_begin_date_is_a_medium_are_errors_and_keep_their_date(shared_data: Path) -> None:
    result = read("nmwa", shared_data / FOLDERS["nmwa"])
    shifted = {
        identifier: finding
        for identifier, each in result.accepted.items()
        for finding in each.findings
        if finding.rule == "columns.shifted"
    }
    assert {finding.text for finding in shifted.values()} == {"Oil", "Charcoal on rag paper"}
    assert all(finding.severity == "error" for finding in shifted.values())
    produced = result.record("nmwa:6377").produced
    assert produced is not None
    assert (produced.earliest, produced.latest) == (2015, 2015)


def test_nmwa_begin_date_zero_is_unknown_and_counted(shared_data: Path) -> None:
    result = read("nmwa", shared_data / FOLDERS["nmwa"])
    assert result.rules()["dates.year-zero"] == 1020
    assert not any(
        each.record.produced is not None and 0 in (each.record.produced.earliest, each.record.produced.latest)
        for each in result.accepted.values()
    )


def test_nmwa_frame_smaller_than_its_picture_is_reported(shared_data: Path) -> None:
    result = read("nmwa", shared_data / FOLDERS["nmwa"])
    assert "dimensions.frame" in [finding.rule for finding in result.findings("nmwa:3197")]


def test_nmwa_last_row_is_empty_and_says_so(shared_data: Path) -> None:
    rejection = read("nmwa", shared_data / FOLDERS["nmwa"]).rejected[0]
    assert (rejection.file, rejection.row) == ("Data/NMWA_Data.csv", 2213)


def test_autry_joins_seven_tables_and_each_value_names_its_own(shared_data: Path) -> None:
    record = read("autry", shared_data / FOLDERS["autry"]).record("autry:89.54.1")
    assert [term.label for term in record.cultures] == ["Yankton"]
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.latest) == (1834, 1866)
    dated = record.origin("/produced")
    assert dated is not None
    assert dated.text == "mid-1800s"
    files = {source.file for source in record.sources}
    assert "AutryObjects/AutryObjects.csv" in files
    assert any(file.endswith("AutryCultureMade.csv") for file in files)
    assert any(file.endswith("AutryDated.csv") for file in files)
    assert any(
        maker.actor.uris
        for maker in read("autry", shared_data / FOLDERS["autry"]).record("autry:2008.34.2").makers
    )


def test_autry_lists_the_files_it_joins(shared_data: Path) -> None:
    folder = shared_data / FOLDERS["autry"]
    assert len(source_files(folder, load_profile("autry"))) == 1
    assert len(joined_files(folder, load_profile("autry"))) == 6


def test_cbm_both_encodings_give_the_same_texts(shared_data: Path) -> None:
    folder = shared_data / FOLDERS["cbm"]
    first = read("cbm", folder)
    second = read("cbm", folder / "CBMAA_Objects" / "LOD CBMAA Objects v2 1-2018.csv")
    assert set(first.accepted) == set(second.accepted)
    texts = [(first.record(i).dimensions, first.record(i).texts) for i in first.accepted]
    assert texts == [(second.record(i).dimensions, second.record(i).texts) for i in first.accepted]


def test_cbm_titles_and_makers_come_from_their_tables(shared_data: Path) -> None:
    record = read("cbm", shared_data / FOLDERS["cbm"]).record("cbm:26")
    assert record.titles[0].content == "The Studio"
    assert [maker.actor.name for maker in record.makers] == ["George Wesley Bellows"]
    assert "Emma Story Bellows" in [term.label for term in record.subjects]


def test_cbm_second_release_keeps_all_records_though_its_numbers_are_damaged(shared_data: Path) -> None:
    folder = shared_data / FOLDERS["cbm"]
    second = read("cbm", folder / "CBMAA_Objects" / "LOD CBMAA Objects v2 1-2018.csv")
    assert len(second.accepted) == 1556
    assert second.rules()["accession.missing"] == 1049
    before, after = read("cbm", folder), second
    damaged = {
        before.record(i).accession: after.record(i).accession
        for i in before.accepted
        if before.record(i).accession == after.record(i).accession + "0"
    }
    assert damaged["2010.80"] == "2010.8"


def test_aic_description_has_a_license_of_its_own_and_no_inline_picture(shared_data: Path) -> None:
    records = [each.record for each in read("aic", shared_data / FOLDERS["aic"]).accepted.values()]
    described = [text for record in records for text in record.texts if text.kind == "description"]
    assert described
    assert all(text.rights == CC_BY for text in described)
    others = [text for record in records for text in record.texts if text.kind != "description"]
    assert not any(text.rights for text in others)
    assert not any("<p>" in text.content for record in records for text in record.texts)
    assert all(image.uri.startswith("https://www.artic.edu/iiif/2/") for r in records for image in r.images)


def test_getty_dates_are_before_our_era_as_text_or_number(shared_data: Path) -> None:
    result = read("getty-cva10", shared_data / FOLDERS["getty-cva10"])
    text, number = (
        result.record("getty-cva10:86AE205").produced,
        result.record("getty-cva10:86AE206").produced,
    )
    assert text is not None
    assert (text.earliest, text.latest) == (-489, -479)
    assert number is not None
    assert (number.earliest, number.latest) == (-479, -479)


def test_getty_entry_with_two_accession_numbers_keeps_both(shared_data: Path) -> None:
    record = read("getty-cva10", shared_data / FOLDERS["getty-cva10"]).record("getty-cva10:86AE2111")
    assert record.accession == "86.AE.211.1"
    assert [i.value for i in record.identifiers if i.kind == "accession"] == ["86.AE.211.1", "86.AE.211.2"]


def test_getty_dimensions_are_read_from_the_essay_of_the_vase(shared_data: Path) -> None:
    record = read("getty-cva10", shared_data / FOLDERS["getty-cva10"]).record("getty-cva10:86AE205")
    assert record.dimensions[0].kind == "height"
    assert record.dimensions[0].value == pytest.approx(0.34)
    assert any(d.kind == "volume" and d.value == pytest.approx(0.011124) for d in record.dimensions)
    assert any(source.file.endswith("content/catalogue/1.md") for source in record.sources)


def test_isicily_years_before_our_era_and_coordinates_are_read(shared_data: Path) -> None:
    record = read("isicily-labels", shared_data / FOLDERS["isicily-labels"]).record("isicily:ISic000076")
    assert record.produced is not None
    assert (record.produced.earliest, record.produced.latest) == (-499, -199)
    assert record.places[0].latitude == pytest.approx(38.13205)
