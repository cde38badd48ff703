import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.catalog.record import ArtifactRecord, Rights, Term, Text
from assets.catalog.row import Mapped, Rejection, SourceError
from assets.catalog.sources.linked_art import read_linked_art

OBJECT = {
    "@context": "https://linked.art/ns/v1/linked-art.json",
    "id": "https://museum.example/object/7",
    "type": "HumanMadeObject",
    "identified_by": [
        {
            "type": "Identifier",
            "content": "1999.7",
            "classified_as": [{"id": "http://vocab.getty.edu/aat/300312355", "type": "Type"}],
        }
    ],
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[object], Path]:
    def write(content: object) -> Path:
        path = tmp_path / "record.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Mapped | Rejection]:
    folder = shared_data / "catalogue" / "linked_art" / "records"
    read = list(read_linked_art(folder, "published"))
    assert len(read) == len(list(folder.iterdir()))
    return {_file(each): each for each in read}


def _file(each: Mapped | Rejection) -> str:
    return each.record.sources[0].file if isinstance(each, Mapped) else each.file


def _record(each: Mapped | Rejection) -> ArtifactRecord:
    assert isinstance(each, Mapped), each
    return each.record


def _one(path: Path) -> Mapped | Rejection:
    (each,) = read_linked_art(path, "museum")
    return each


@pytest.mark.data
def test_images_and_fragments_are_rejected_and_every_object_is_read(
    published: dict[str, Mapped | Rejection],
) -> None:
    rejected = {name: each.reason for name, each in published.items() if isinstance(each, Rejection)}

    assert rejected == {
        "a69d5696-70c2-56ed-9f82-fb2e69311e5d.json": "expected a HumanMadeObject, found a VisualItem",
        "titles_lanugages.json": "no type: this is not a Linked Art record",
    }


@pytest.mark.data
def test_the_current_shape_is_read(published: dict[str, Mapped | Rejection]) -> None:
    irises = _record(published["c88b3df0-de91-4f5b-a9ef-7b2b9a6d8abb.json"])

    assert (irises.accession, irises.titles[0].content) == ("90.PA.20", "Irises")
    assert [maker.actor.name for maker in irises.makers] == ["Vincent van Gogh"]
    assert irises.produced is not None
    assert (irises.produced.earliest, irises.produced.latest, irises.produced.earliest_day) == (
        1889,
        1889,
        None,
    )
    assert irises.medium == "Oil on canvas"
    assert [term.uri for term in irises.materials] == [
        "http://vocab.getty.edu/aat/300015050",
        "http://vocab.getty.edu/aat/300014078",
    ]
    assert [(d.kind, round(d.value, 4)) for d in irises.dimensions] == [("height", 0.743), ("width", 0.943)]


@pytest.mark.data
def test_the_shape_of_earlier_drafts_is_read(published: dict[str, Mapped | Rejection]) -> None:
    air = _record(published["duschamp2.json"])

    assert (air.id, air.accession) == ("published:51617", "1950-134-78")
    assert [(maker.actor.name, maker.role) for maker in air.makers] == [
        ("Duchamp, Marcel, 1887-1968", "artist")
    ]
    assert air.credit_line == "The Louise and Walter Arensberg Collection, 1950"
    assert air.object_types[0].uri == "http://vocab.getty.edu/aat/300047090"


@pytest.mark.data
def test_years_that_a_publisher_counts_historically_are_put_right(
    published: dict[str, Mapped | Rejection],
) -> None:
    cup = published["dd808888-4dfe-441c-b3d0-ce57c4167c5b.json"]

    produced = _record(cup).produced
    assert isinstance(cup, Mapped)
    assert produced is not None
    assert produced.text == "about 500 B.C."
    assert (produced.earliest, produced.latest, produced.circa) == (-499, -499, True)
    assert "dates.historical-bce" in {finding.rule for finding in cup.findings}


@pytest.mark.data
def test_dimensions_in_words_are_read_where_none_are_given_as_values(
    published: dict[str, Mapped | Rejection],
) -> None:
    line = _record(published["nga-70182.json"])

    assert [(d.of, d.kind, d.stated_value, d.stated_unit) for d in line.dimensions] == [
        ("overall", "height", 81.2, "cm"),
        ("overall", "width", 41.2, "cm"),
        ("frame", "height", 83.8, "cm"),
        ("frame", "width", 43.2, "cm"),
        ("frame", "depth", 3.5, "cm"),
    ]


@pytest.mark.data
def test_every_top_level_value_has_an_origin(published: dict[str, Mapped | Rejection]) -> None:
    for each in published.values():
        if isinstance(each, Mapped):
            stated = each.record.model_dump(exclude_defaults=True)
            for field in stated.keys() - {"institution", "provenance", "sources"}:
                assert list(each.record.origins(field)), (each.record.id, field)


def test_a_text_keeps_the_license_that_it_is_subject_to(written: Callable[[object], Path]) -> None:
    license_uri = "http://creativecommons.org/licenses/by/4.0/"
    statement = {
        "type": "LinguisticObject",
        "content": "<p>A cup.</p>",
        "classified_as": [{"id": "http://vocab.getty.edu/aat/300435416"}],
        "subject_to": [{"type": "Right", "classified_as": [{"id": license_uri, "type": "Type"}]}],
    }

    record = _record(_one(written(OBJECT | {"referred_to_by": [statement]})))

    assert record.texts == (Text(content="<p>A cup.</p>", kind="description", rights=license_uri),)


def test_rights_in_a_draft_property_are_read(written: Callable[[object], Path]) -> None:
    uri = "http://rightsstatements.org/vocab/InC/1.0/"

    record = _record(_one(written(OBJECT | {"crm:P104_is_subject_to": {"id": uri, "type": "crm:E30_Right"}})))

    assert record.rights == Rights(uri=uri)


def test_cultures_and_types_are_told_apart_by_their_metatype(written: Callable[[object], Path]) -> None:
    aat = "http://vocab.getty.edu/aat/"
    concepts = [
        {"id": aat + "300111175", "_label": "Dutch", "classified_as": [{"id": aat + "300055768"}]},
        {"id": aat + "300033618", "_label": "Paintings", "classified_as": [{"id": aat + "300435443"}]},
        {"id": aat + "300133025", "_label": "works of art"},
    ]

    record = _record(_one(written(OBJECT | {"classified_as": concepts})))

    assert record.cultures == (Term(label="Dutch", uri=aat + "300111175"),)
    assert record.object_types == (Term(label="Paintings", uri=aat + "300033618"),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"type": "HumanMadeObject", "identified_by": [', "not valid JSON"),
        ('"text"', "expected a JSON object"),
        ({"type": "Person", "id": "https://museum.example/p"}, "found a Person"),
        ({"type": "HumanMadeObject"}, "no identifier"),
        (
            OBJECT | {"classified_as": [{"id": "http://vocab.getty.edu/aat/300375748", "type": "Type"}]},
            "archival grouping",
        ),
    ],
)
def test_what_is_no_record_of_an_artifact_is_rejected_with_reason_remedy_and_bytes(
    written: Callable[[object], Path], content: object, reason: str
) -> None:
    path = written(content)

    rejection = _one(path)

    assert isinstance(rejection, Rejection)
    assert reason in rejection.reason
    assert rejection.remedy
    assert rejection.raw == path.read_bytes()


def test_arrays_graphs_and_lines_are_numbered_records(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([OBJECT, OBJECT]))
    (tmp_path / "b.json").write_text(json.dumps({"@graph": [OBJECT]}))
    (tmp_path / "c.jsonl").write_text(f"{json.dumps(OBJECT)}\n{{broken\n{json.dumps(OBJECT)}\n")

    read = list(read_linked_art(tmp_path, "museum"))

    assert [(_file(each), each.row) for each in read if isinstance(each, Rejection)] == [("c.jsonl", 2)]
    assert [(r.record.sources[0].file, r.record.sources[0].row) for r in read if isinstance(r, Mapped)] == [
        ("a.json", 1), ("a.json", 2), ("b.json", 1), ("c.jsonl", 1), ("c.jsonl", 3),
    ]  # fmt: skip


def test_progress_adds_up_to_the_bytes_on_disk(written: Callable[[object], Path]) -> None:
    path, heard = written(OBJECT), list[int]()

    list(read_linked_art(path, "museum", heard.append))

    assert sum(heard) == path.stat().st_size


@pytest.mark.parametrize("content", ["", "  ", "[]", '{"@graph": []}'])
def test_a_file_without_any_record_is_rejected(written: Callable[[object], Path], content: str) -> None:
    rejection = _one(written(content))

    assert isinstance(rejection, Rejection)
    assert "empty" in rejection.reason


def test_a_missing_path_and_a_folder_without_records_are_errors(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    for name in ("nowhere.json", "folder"):
        with pytest.raises(SourceError) as error:
            list(read_linked_art(tmp_path / name, "museum"))
        assert error.value.remedy


def test_a_zip_that_climbs_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "slip.zip", "w") as archive:
        archive.writestr("../../etc/record.json", json.dumps(OBJECT))

    with pytest.raises(SourceError, match="climbs out"):
        list(read_linked_art(tmp_path / "slip.zip", "museum"))


def test_a_damaged_zip_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.json", json.dumps([OBJECT] * 50))
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(bytes(content))

    with pytest.raises(SourceError):
        list(read_linked_art(path, "museum"))


@pytest.mark.data
def test_damaged_copies_of_published_records_never_crash(shared_data: Path, tmp_path: Path) -> None:
    dice = random.Random(7)
    path = tmp_path / "damaged.json"
    for name in ("6401.json", "nga-70182.json", "duschamp.json"):
        whole = json.loads((shared_data / "catalogue" / "linked_art" / "records" / name).read_text())
        for _ in range(150):
            path.write_text(json.dumps(_damaged(whole, dice)))
            assert isinstance(_one(path), Mapped | Rejection)


def _damaged(value: object, dice: random.Random) -> object:
    """The same JSON with some values replaced by values of another type."""
    if dice.random() < 0.02:
        return dice.choice([None, 0, -1.5, True, "", " ", "x", [], {}, [[]], [None], {"id": 3}, {"type": []}])
    if isinstance(value, dict):
        return {key: _damaged(each, dice) for key, each in value.items()}
    if isinstance(value, list):
        return [_damaged(each, dice) for each in value]
    return value
