"""The graphs were made by their museums from the CSV files beside them: each is the other's ground truth."""

import csv
import random
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Mapped, Rejection, SourceError
from assets.catalog.sources.crm_graph import read_crm_graph
from assets.catalog.sources.crm_triples import check_literal

CRM = "http://www.cidoc-crm.org/cidoc-crm/"
OBJECT = f"""
@prefix crm: <{CRM}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix aat: <http://vocab.getty.edu/aat/> .
<https://m.example/o/7> a crm:E22_Human-Made_Object ;
  crm:P1_is_identified_by [ crm:P2_has_type aat:300312355 ; crm:P190_has_symbolic_content "1999.7" ] ;
  crm:P102_has_title [ crm:P2_has_type aat:300404670 ; rdf:value "Krug"@de ] ;
  crm:P43_has_dimension [ crm:P2_has_type aat:300055644 ;
    crm:P90_has_value 26.7 ; crm:P91_has_unit aat:300379098 ] ;
  crm:P45_consists_of aat:300010797 ;
  crm:P108i_was_produced_by [ crm:P4_has_time-span [
      crm:P82a_begin_of_the_begin "BEGIN"^^xsd:date ; crm:P82b_end_of_the_end "1650-12-31"^^xsd:date ] ;
    crm:P14_carried_out_by [ a crm:E21_Person ; rdfs:label "N. N." ] ] .
aat:300010797 rdfs:label "clay" .
"""


def _rows(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _graph(shared_data: Path, institution: str) -> dict[str, Mapped]:
    path = shared_data / "catalogue" / f"aac_{institution}" / "consolidated_data.n3.zip"
    read = list(read_crm_graph(path, institution))
    assert all(isinstance(each, Mapped) for each in read)
    return {each.record.id.partition(":")[2]: each for each in read if isinstance(each, Mapped)}


def _texts(record: ArtifactRecord, kind: str) -> set[str]:
    return {_words(text.content) for text in record.texts if text.kind == kind}


def _years(record: ArtifactRecord) -> tuple[int | None, int | None] | None:
    return (record.produced.earliest, record.produced.latest) if record.produced else None


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str, name: str = "graph.ttl") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.mark.data
def test_the_autry_graph_says_what_its_seven_tables_say(shared_data: Path) -> None:
    graph, folder = _graph(shared_data, "autry"), shared_data / "catalogue" / "aac_autry"
    objects = {row["ObjectNumber"]: row for row in _rows(folder / "AutryObjects" / "AutryObjects.csv")}
    dated, makers = defaultdict(list), defaultdict(set)
    for row in _rows(folder / "AutryDated" / "AutryDated.csv"):
        dated[row["ObjectID"]].append(row)
    for row in _rows(folder / "AutryMakers" / "AutryMakers.csv"):
        makers[row["ObjectID"]].add(_words(row["Maker"]))

    assert graph.keys() == objects.keys()
    for number, row in objects.items():
        record = graph[number].record
        assert record.accession == number
        assert _words(row["Title"]) in {_words(title.content) for title in record.titles}
        assert _words(record.credit_line) == _words(row["CreditLine"])
        assert _words(record.medium) == _words(row["Materials"])
        assert _texts(record, "dimensions") == ({_words(row["Measurements"])} - {""})
        assert {_words(maker.actor.name) for maker in record.makers} == makers[row["ObjectID"]]
        for date in dated[row["ObjectID"]]:
            if date["EARLIEST_YEAR"]:
                assert _years(record) == (int(date["EARLIEST_YEAR"]), int(date["LATEST_YEAR"]))


@pytest.mark.data
def test_the_crystal_bridges_graph_says_what_its_second_release_says(shared_data: Path) -> None:
    graph = _graph(shared_data, "cbm")
    file = shared_data / "catalogue" / "aac_cbm" / "CBMAA_Objects" / "LOD CBMAA Objects v2 1-2018.csv"
    rows = {row["ObjectID"]: row for row in _rows(file)}

    assert rows.keys() < graph.keys()
    assert len(graph.keys() - rows.keys()) == 135  # loans and others that the table leaves out
    for key, row in rows.items():
        record = graph[key].record
        if row["ObjectNumber"].strip():
            assert record.accession == _words(row["ObjectNumber"])
        assert _words(record.credit_line) == _words(row["CreditLine"])
        assert _words(record.medium) == _words(row["Medium"])
        assert _texts(record, "dimensions") == ({_words(row["Dimensions"])} - {""})
        if row["DateBegin"] not in ("", "0"):
            assert _years(record) == (int(row["DateBegin"]), int(row["DateEnd"]))


@pytest.mark.data
def test_the_wildlife_graph_says_what_its_table_says(shared_data: Path) -> None:
    graph = _graph(shared_data, "nmwa")
    rows = {
        row["ObjectID"]: row
        for row in _rows(shared_data / "catalogue" / "aac_nmwa" / "Data" / "NMWA_Data.csv")
    }

    assert graph.keys() <= rows.keys()
    for key, mapped in graph.items():
        record, row = mapped.record, rows[key]
        assert record.accession == _words(row["Object Number"])
        assert _words(record.credit_line) == _words(row["Credit"])
        assert _texts(record, "dimensions") == ({_words(row["Dimensions"])} - {""})
        if row["Title"].strip():
            assert _words(row["Title"]) in {_words(title.content) for title in record.titles}
        begin = row["Begin Date"].removeprefix("-")
        if begin.isdigit() and int(begin):
            assert record.produced is not None
            assert record.produced.earliest == int(row["Begin Date"])


@pytest.mark.data
def test_literals_that_are_no_dates_are_found_with_what_they_hold(shared_data: Path) -> None:
    graph = _graph(shared_data, "nmwa")

    found = {
        (key, finding.text)
        for key, mapped in graph.items()
        for finding in mapped.findings
        if finding.rule == "rdf.literal"
    }

    assert {text for _, text in found} == {
        f"{value}-{day}" for value in ("Oil", "Charcoal on rag paper", "") for day in ("01-01", "12-31")
    }
    assert len({key for key, text in found if text.startswith(("Oil", "Charcoal"))}) == 2


def test_current_names_blank_nodes_and_measured_dimensions_are_read(written: Callable[..., Path]) -> None:
    (read,) = read_crm_graph(written(OBJECT.replace("BEGIN", "1640-01-01")), "museum")

    assert isinstance(read, Mapped)
    record = read.record
    assert (record.id, record.accession) == ("museum:1999.7", "1999.7")
    assert [(title.content, title.language) for title in record.titles] == [("Krug", "de")]
    assert [(d.kind, d.value, d.unit) for d in record.dimensions] == [("height", 0.267, "m")]
    assert [(m.actor.name, m.actor.kind) for m in record.makers] == [("N. N.", "person")]
    assert [(term.label, term.uri) for term in record.materials] == [
        ("clay", "http://vocab.getty.edu/aat/300010797")
    ]
    assert _years(record) == (1640, 1650)
    assert read.findings == ()


def test_a_bad_literal_leaves_the_other_bound_and_says_so(written: Callable[..., Path]) -> None:
    (read,) = read_crm_graph(written(OBJECT.replace("BEGIN", "Oil-01-01")), "museum")

    assert isinstance(read, Mapped)
    assert _years(read.record) == (None, 1650)
    assert [finding.rule for finding in read.findings] == ["rdf.literal", "dates.bad-literal"]


def test_the_same_graph_is_read_in_rdf_xml(written: Callable[..., Path]) -> None:
    content = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"'
        f' xmlns:crm="{CRM}"><crm:E22_Man-Made_Object rdf:about="https://m.example/o/7"><rdfs:label>Jug</rdfs:label>'
        "</crm:E22_Man-Made_Object></rdf:RDF>"
    )

    (read,) = read_crm_graph(written(content, "graph.rdf"), "museum")

    assert isinstance(read, Mapped)
    assert (read.record.id, read.record.titles[0].content) == ("museum:7", "Jug")


@pytest.mark.parametrize(
    ("text", "datatype", "valid"),
    [
        ("1900-01-01", "date", True),
        ("-0489-12-31", "date", True),
        ("1900-01-01 or so", "date", False),
        ("c. 1900-01-01", "date", False),
        ("1900-13-01", "date", False),
        ("1900", "gYear", True),
        ("26.7", "decimal", True),
        ("26,7", "decimal", False),
        ("anything", "string", True),
    ],
)
def test_a_literal_is_checked_in_the_lexical_space_of_its_datatype(
    text: str, datatype: str, valid: bool
) -> None:
    literal = ox.Literal(text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))

    finding = check_literal("P82a", literal, ox.NamedNode("https://m.example/t"))

    assert (finding is None) == valid


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("graph.ttl", "<a> <b> ", "not valid RDF"),
        ("graph.ttl", '<https://a> <https://b> "c" .', "no object of class E22"),
        ("graph.ttl", "", "empty"),
        ("graph.xlsx", "x", "not known as RDF"),
    ],
)
def test_what_is_no_graph_of_objects_is_an_error_with_a_remedy(
    written: Callable[..., Path], name: str, content: str, reason: str
) -> None:
    with pytest.raises(SourceError, match=reason) as error:
        list(read_crm_graph(written(content, name), "museum"))
    assert error.value.file == name
    assert error.value.remedy


@pytest.mark.data
def test_damaged_copies_of_a_graph_are_read_or_refused_and_never_crash(
    shared_data: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(shared_data / "catalogue" / "aac_autry" / "consolidated_data.n3.zip") as archive:
        whole = archive.read(archive.namelist()[0])[:200_000]
    dice, path = random.Random(3), tmp_path / "damaged.nt"
    outcomes: set[type] = set()
    for _ in range(40):
        damaged = bytearray(whole)
        start = dice.randrange(len(damaged))
        damaged[start : start + dice.randint(0, 30)] = dice.choice([b"", b'"', b"\x00", b"<a> <b> <c> .\n"])
        path.write_bytes(bytes(damaged))
        try:
            outcomes |= {type(each) for each in read_crm_graph(path, "autry")}
        except SourceError as error:
            assert error.remedy
            outcomes.add(SourceError)
    assert outcomes <= {Mapped, Rejection, SourceError}
