import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.catalog.record import ArtifactRecord, Image, Place, Rights, Term, Text, TimeSpan
from assets.catalog.row import Mapped, Rejection, SourceError
from assets.catalog.sources.lido import read_lido

SAMPLE = Path(__file__).with_name("lido") / "krater.xml"
AAT = "http://vocab.getty.edu/aat/"


def _records(path: Path) -> list[ArtifactRecord]:
    return [each.record for each in read_lido(path, "example") if isinstance(each, Mapped)]


def _lido(inner: str, declarations: str = 'xmlns:lido="http://www.lido-schema.org"') -> str:
    return f"<?xml version='1.0'?><lido:lidoWrap {declarations}>{inner}</lido:lidoWrap>"


def _minimal(recorded: str = "<lido:lidoRecID>9</lido:lidoRecID>", events: str = "") -> str:
    return (
        f"<lido:lido>{recorded}<lido:descriptiveMetadata><lido:objectIdentificationWrap><lido:titleWrap>"
        "<lido:titleSet><lido:appellationValue>Cup</lido:appellationValue></lido:titleSet></lido:titleWrap>"
        f"</lido:objectIdentificationWrap><lido:eventWrap>{events}</lido:eventWrap></lido:descriptiveMetadata></lido:lido>"
    )


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(content: str) -> Path:
        path = tmp_path / "source.xml"
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def krater() -> ArtifactRecord:
    return _records(SAMPLE)[0]


def test_the_local_record_number_names_the_record_and_the_inventory_number_is_its_accession(
    krater: ArtifactRecord,
) -> None:
    assert (krater.id, krater.accession) == ("example:77", "1999.10")
    assert {(i.kind, i.value) for i in krater.identifiers} == {
        ("other", "EX-MUS/lido/77"),
        ("uri", "https://museum.example/object/77"),
        ("local", "77"),
        ("accession", "1999.10"),
        ("other", "Old 12"),
    }


def test_titles_of_all_languages_are_taken(krater: ArtifactRecord) -> None:
    assert krater.titles == (
        Text(content="Column krater with athletes", language="en", kind="title"),
        Text(content="Athletes vase", language="en", kind="alternative-title"),
        Text(content="Kolonettenkrater mit Athleten", language="de", kind="title"),
    )


def test_the_preferred_term_and_its_aat_uri_are_the_object_type(krater: ArtifactRecord) -> None:
    assert krater.object_types == (Term(label="kraters", uri=AAT + "300198842", language="en"),)


def test_making_is_read_with_its_actor_date_place_and_technique(krater: ArtifactRecord) -> None:
    (maker,) = krater.makers
    assert (maker.actor.name, maker.actor.kind, maker.role, maker.qualifier) == (
        "Example Painter", "person", "vase painter", "attributed to",
    )  # fmt: skip
    assert maker.actor.uris == ("http://vocab.getty.edu/ulan/500000001",)
    assert krater.produced == TimeSpan(
        earliest=-489, latest=-479, circa=True, edtf="-0489~/-0479~", text="ca. 490–480 BCE"
    )
    assert [term.label for term in krater.cultures + krater.periods] == ["Attic", "Late Archaic"]
    assert krater.materials == (Term(label="terracotta", uri=AAT + "300010669", language="en"),)
    assert krater.techniques == (Term(label="red-figure", language="en"),)
    assert krater.medium == "terracotta, red-figure technique"


def test_places_keep_what_they_are_to_the_artifact(krater: ArtifactRecord) -> None:
    tgn = "http://vocab.getty.edu/tgn/"
    assert set(krater.places) == {
        Place(name="Exampletown", role="kept", uri=tgn + "7004446"),
        Place(name="Athens", role="made", uri=tgn + "7001393", latitude=37.98, longitude=23.73),
        Place(name="Vulci, necropolis", role="found"),
        Place(name="Olympia", role="depicted"),
    }


def test_measurements_are_in_si_with_the_stated_value_beside(krater: ArtifactRecord) -> None:
    assert [(d.kind, d.value, d.unit, d.of, d.stated_value, d.stated_unit) for d in krater.dimensions] == [
        ("height", 0.355, "m", "overall", 35.5, "cm"),
        ("weight", 2.5, "kg", "overall", 2.5, "kg"),
        ("diameter", 0.28, "m", "rim", 280.0, "mm"),
    ]


def test_acquisition_is_read_with_its_method_and_day(krater: ArtifactRecord) -> None:
    assert krater.acquisition is not None
    assert (krater.acquisition.method, krater.acquisition.text) == (
        "purchase",
        "Bought from a dealer in 1999",
    )
    assert krater.acquisition.when is not None
    assert krater.acquisition.when.earliest_day == "1999-05-04"


def test_an_event_without_a_field_of_its_own_is_kept_as_a_note(krater: ArtifactRecord) -> None:
    assert Text(content="Restoration: 2001", language="en", kind="note") in krater.texts


def test_resources_are_images_and_scans_and_previews_are_left_out(krater: ArtifactRecord) -> None:
    rights = Rights(uri="https://creativecommons.org/licenses/by/4.0/")
    full = "https://img.example/77/full.jpg"
    assert krater.images == (Image(uri=full, caption="side A", width=4000, height=3000, rights=rights),)
    assert [scan.uri for scan in krater.scans] == ["https://img.example/77/scan.glb"]


def test_rights_credit_subjects_and_relations_are_read(krater: ArtifactRecord) -> None:
    assert krater.rights == Rights(
        uri="http://rightsstatements.org/vocab/NoC-NC/1.0/", holder="Example Museum"
    )
    assert krater.credit_line == "Gift of the Friends, 1999"
    assert krater.subjects == (Term(label="athletes", uri=AAT + "300025962", language="en"),)
    assert [(r.kind, r.target) for r in krater.relations] == [
        ("part-of", "EX-MUS/lido/70"),
        ("page", "https://museum.example/page/77"),
    ]


def test_every_value_says_where_it_came_from(krater: ArtifactRecord) -> None:
    origin = krater.origin("/materials/0")
    assert origin is not None
    assert origin.field == (
        "lido:descriptiveMetadata[1]/lido:eventWrap/lido:eventSet[1]/lido:event/lido:eventMaterialsTech/"
        "lido:materialsTech/lido:termMaterialsTech[1]"
    )
    for field in ("titles", "dimensions", "places", "images", "makers", "produced", "medium", "credit_line"):
        assert list(krater.origins(field)), field


def test_a_record_in_words_alone_is_read_by_the_words() -> None:
    coin = _records(SAMPLE)[1]

    assert (coin.id, coin.accession) == ("example:78_b", "78 b")
    assert [maker.actor.name for maker in coin.makers] == ["Münzstätte Dresden"]
    assert coin.produced is not None
    assert (coin.produced.earliest, coin.produced.latest) == (1592, 1592)
    assert [(d.kind, d.value) for d in coin.dimensions] == [("diameter", 0.041)]


def test_what_was_not_iso_is_reported() -> None:
    coin = list(read_lido(SAMPLE, "example"))[1]

    assert isinstance(coin, Mapped)
    assert [f.text for f in coin.findings if f.rule == "dates.bound-in-words"] == ["Ende 1592"]


def test_a_folder_and_a_zip_give_the_same_records(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "lido.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(SAMPLE, "export/krater.xml")

    zipped, folder = _records(tmp_path / "lido.zip"), _records(SAMPLE.parent)

    assert (
        [record.id for record in zipped] == [record.id for record in folder] == ["example:77", "example:78_b"]
    )
    assert zipped[0].sources[0].file == "lido.zip/export/krater.xml"


def test_a_record_without_any_identifier_is_rejected_with_its_bytes(written: Callable[[str], Path]) -> None:
    (rejection,) = read_lido(written(_lido(_minimal(recorded=""))), "example")

    assert isinstance(rejection, Rejection)
    assert (rejection.file, rejection.row) == ("source.xml", 1)
    assert "no identifier" in rejection.reason
    assert b"Cup" in rejection.raw


def test_coordinates_off_the_earth_are_not_taken(written: Callable[[str], Path]) -> None:
    event = (
        "<lido:eventSet><lido:event><lido:eventType><lido:term>Production</lido:term></lido:eventType><lido:eventPlace>"
        "<lido:place><lido:namePlaceSet><lido:appellationValue>Here</lido:appellationValue></lido:namePlaceSet>"
        '<lido:gml><p:pos xmlns:p="http://www.opengis.net/gml">137.9 23.7</p:pos></lido:gml></lido:place>'
        "</lido:eventPlace></lido:event></lido:eventSet>"
    )

    (read,) = read_lido(written(_lido(_minimal(events=event))), "example")

    assert isinstance(read, Mapped)
    assert read.record.places == (Place(name="Here", role="made"),)
    assert [finding.rule for finding in read.findings if finding.rule.startswith("places")] == [
        "places.coordinates"
    ]


def test_another_namespace_is_an_error_that_names_the_remedy(written: Callable[[str], Path]) -> None:
    path = written(_lido(_minimal(), 'xmlns:lido="http://www.lido-schema.org/other"'))

    with pytest.raises(SourceError, match="no lido:lido element") as error:
        list(read_lido(path, "example"))
    assert error.value.file == "source.xml"
    assert error.value.remedy


def test_an_entity_bomb_is_refused(written: Callable[[str], Path]) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    path = written(_lido(_minimal()).replace("?>", f"?>{bomb}", 1))

    with pytest.raises(SourceError, match="entities"):
        list(read_lido(path, "example"))


def test_a_truncated_file_yields_what_was_whole_and_then_says_where_it_broke(
    written: Callable[[str], Path],
) -> None:
    whole = SAMPLE.read_text(encoding="utf-8")
    path = written(whole[: whole.index("Taler")])

    reading = read_lido(path, "example")

    first = next(reading)
    assert isinstance(first, Mapped)
    assert first.record.id == "example:77"
    with pytest.raises(SourceError) as error:
        next(reading)
    assert error.value.row == 2


def test_one_broken_file_among_several_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<unclosed")
    (tmp_path / "b.xml").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "c.xml").write_text("<other/>")

    read = list(read_lido(tmp_path, "example"))

    assert [(each.file, each.raw) for each in read if isinstance(each, Rejection)] == [
        ("a.xml", b"<unclosed"),
        ("c.xml", b"<other/>"),
    ]
    assert len([each for each in read if isinstance(each, Mapped)]) == 2


def test_progress_adds_up_to_the_bytes_on_disk() -> None:
    heard: list[int] = []

    list(read_lido(SAMPLE, "example", heard.append))

    assert len(heard) > 1
    assert sum(heard) == SAMPLE.stat().st_size


@pytest.mark.parametrize("missing", ["nowhere.xml", "empty"])
def test_a_path_with_nothing_to_read_is_an_error(tmp_path: Path, missing: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(SourceError):
        list(read_lido(tmp_path / missing, "example"))


def test_damaged_copies_are_read_rejected_or_refused_and_never_crash(tmp_path: Path) -> None:
    whole = SAMPLE.read_bytes()
    dice = random.Random(20)
    path = tmp_path / "damaged.xml"
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            start = dice.randrange(len(damaged))
            damaged[start : start + dice.randint(0, 40)] = dice.randbytes(dice.randint(0, 6))
        path.write_bytes(bytes(damaged))
        try:
            for each in read_lido(path, "example"):
                assert isinstance(each, Mapped | Rejection)
        except SourceError as error:
            assert error.reason
            assert error.remedy
