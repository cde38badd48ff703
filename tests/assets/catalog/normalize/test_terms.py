"""Words of museum statements as controlled terms, and how well the tables read real rows."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.normalize.terms import (
    read_cultures,
    read_materials,
    read_object_types,
    read_periods,
    read_techniques,
    term_for,
)
from assets.catalog.normalize.vocabulary import (
    KINDS,
    Kind,
    by_word,
    concepts,
    fold_phrase,
    function_words,
    source_names,
)
from assets.catalog.record import Term
from assets.catalog.row import Reading

Reader = Callable[[str], Reading[Term]]

READERS: list[Reader] = [read_materials, read_techniques, read_object_types, read_cultures, read_periods]

CHECKED = Path(__file__).with_name("terms_checked.csv")


def labels(reading: Reading[Term]) -> list[str]:
    return [term.label.split(" (")[0] + "?" * term.uncertain for term in reading.values]


def uris(reading: Reading[Term]) -> list[str]:
    return [term.uri for term in reading.values if term.uri]


@pytest.mark.parametrize(
    ("medium", "materials", "techniques"),
    [
        ("Oil on canvas, gilded wooden frame", ["oil paint", "canvas", "wood"], ["gilding"]),
        ("Graphite on paper. Verso: graphite on paper", ["graphite", "paper"], []),
        ("bronze with brown patina", ["bronze"], ["patination"]),
        ("hard-paste porcelain with overglaze enamel", ["hard-paste porcelain", "enamel"], ["overglazing"]),
        ("Bronze, silvered and gilt", ["bronze"], ["silvering", "gilding"]),
        ("Albumen silver print", [], ["albumen process"]),
        ("Etching on heavy ivory laid paper", ["laid paper"], ["etching"]),
        ("hanging scroll; ink and color on silk", ["ink", "silk"], []),
        ("Terracotta; red-figure", ["terracotta"], ["red-figure vase painting"]),
        ("blown glass", ["blown glass"], ["glassblowing"]),
        ("wood (oak)", ["wood", "oak"], []),
    ],
)
def test_a_medium_statement_gives_its_materials_and_techniques(
    medium: str, materials: list[str], techniques: list[str]
) -> None:
    assert labels(read_materials(medium)) == materials
    assert labels(read_techniques(medium)) == techniques


@pytest.mark.parametrize(
    ("medium", "materials"),
    [
        ("cast iron", ["cast iron"]),
        ("soft-paste porcelain", ["soft-paste porcelain"]),
        ("mother-of-pearl", ["mother of pearl"]),
        ("glass; beads", ["glass", "beads"]),
        ("glass beads", ["beads"]),
    ],
)
def test_the_longest_phrase_wins_and_marks_end_a_phrase(medium: str, materials: list[str]) -> None:
    assert labels(read_materials(medium)) == materials


def test_casting_is_not_read_from_cast_iron() -> None:
    assert read_techniques("cast iron").values == ()
    assert labels(read_techniques("iron, cast")) == ["casting"]


@pytest.mark.parametrize(
    ("medium", "materials"),
    [
        ("Öl auf Leinwand", ["oil paint", "canvas"]),
        ("Öl auf Eichenholz", ["oil paint", "oak"]),
        ("bois sculpté et doré", ["wood"]),
        ("bronzo dorato", ["gilt bronze"]),
        ("óleo sobre lienzo", ["oil paint", "canvas"]),
        ("olieverf op paneel", ["oil paint", "panel"]),
        ("Elfenbein", ["ivory"]),
        ("watercolour and bodycolour", ["watercolor", "gouache"]),
    ],
)
def test_other_languages_and_spellings_name_the_same_materials(medium: str, materials: list[str]) -> None:
    assert labels(read_materials(medium)) == materials


@pytest.mark.parametrize(
    ("medium", "materials"),
    [
        ("possibly ivory", ["ivory?"]),
        ("ivory (?), gold", ["ivory?", "gold"]),
        ("ivory? and gold", ["ivory?", "gold"]),
        ("?ivory", ["ivory?"]),
        ("bone ?ivory", ["bone", "ivory?"]),
        ("bronze (probably) and iron", ["bronze?", "iron"]),
        ("ebony or rosewood", ["ebony?", "rosewood?"]),
        ("perhaps bone; iron", ["bone?", "iron"]),
        ("vermutlich Bronze", ["bronze?"]),
        ("silver, possibly gold, silver", ["silver", "gold?"]),
    ],
)
def test_doubt_marks_the_term_it_stands_beside(medium: str, materials: list[str]) -> None:
    assert labels(read_materials(medium)) == materials


def test_a_material_is_sure_where_one_mention_is_sure() -> None:
    assert labels(read_materials("possibly gold; gold")) == ["gold"]


def test_an_imitation_is_not_the_material() -> None:
    reading = read_materials("imitation pearls, glass")
    assert labels(reading) == ["glass"]
    assert "pearls" in reading.unread.split()


def test_a_color_named_after_a_material_is_not_the_material() -> None:
    assert labels(read_materials("gold-colored metal")) == ["metal"]
    assert labels(read_techniques("hand-colored etching")) == ["hand coloring", "etching"]


def test_unread_keeps_only_words_that_could_name_something() -> None:
    assert read_materials("black basaltes on a white ground, 12 x 4 cm").unread == "basaltes"
    assert read_materials("oil on canvas").unread == ""


def test_a_statement_of_unknown_words_gives_no_material() -> None:
    reading = read_materials("unobtainium")
    assert reading == Reading((), "terms.materials", "unobtainium")


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Ceramics", ["ceramics"]),
        ("prints", ["prints"]),
        ("on paper, unique", ["works on paper"]),
        ("krater", ["kraters"]),
        ("Krater, Column-", ["column kraters"]),
        ("Column-krater", ["column kraters"]),
        ("Print-Woodcut", ["prints", "woodcuts"]),
        ("Decorative Arts--Ceramic", ["decorative arts", "ceramics"]),
        ("drawings and watercolors", ["drawings", "watercolors"]),
        ("weapons and ammunition", ["weapons and ammunition"]),
        ("paintings (visual works)", ["paintings"]),
        ("Bowl (kylix)", ["bowls", "kylix"]),
        ("basket with lid", ["baskets"]),
        ("silver spoon", ["spoons"]),
        ("vase painting", ["paintings"]),
        ("vase à deux anses", ["vases"]),
        ("possible bag (pair)", ["bags"]),
        ("Pair of earrings", ["earrings"]),
        ("Statuette féminine", ["figurines"]),
        ("Gemälde", ["paintings"]),
        ("Drawing|Sketch", ["drawings", "sketches"]),
        ("Sculpture?", ["sculpture?"]),
    ],
)
def test_object_names_give_their_head(text: str, types: list[str]) -> None:
    reading = read_object_types(text)
    assert labels(reading) == types
    assert reading.by == "terms.object-types"
    assert len(uris(reading)) == len(types)


def test_an_unknown_object_name_is_kept_without_identifier_and_says_so() -> None:
    assert read_object_types("Wibble  device") == Reading(
        (Term(label="Wibble device"),), "terms.unmapped", "Wibble device"
    )
    assert read_object_types(" ").values == ()


def test_an_unknown_name_beside_a_known_one_is_kept_too() -> None:
    assert [(term.label, term.uri is None) for term in read_object_types("vase; wibble").values] == [
        ("vases", False),
        ("wibble", True),
    ]


def test_cultures_and_periods_are_read_from_free_text() -> None:
    assert labels(read_cultures("Greek, Attic")) == ["Ancient Greek", "Attic"]
    assert labels(read_cultures("probably Italian")) == ["Italian?"]
    assert labels(read_periods("Edo period (1615-1868)")) == ["Edo"]
    assert read_periods("Wibble period").by == "terms.unmapped"


def test_a_label_is_looked_up_whole() -> None:
    assert term_for("material", "Oil Paint").uri == "http://vocab.getty.edu/aat/300015050"
    assert term_for("material", "oil paint and more") == Term(label="oil paint and more")
    with pytest.raises(ValueError, match="leave the term out"):
        term_for("culture", "  ")


@pytest.mark.parametrize("kind", KINDS)
def test_each_identifier_is_well_formed_and_stands_for_one_concept(kind: Kind) -> None:
    numbers = Counter(concept.number for concept in concepts(kind))
    assert {number: times for number, times in numbers.items() if times > 1} == {}
    assert [number for number in numbers if not re.fullmatch(r"300\d{6}", number)] == []
    names = Counter(concept.label for concept in concepts(kind))
    assert {name: times for name, times in names.items() if times > 1} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_each_concept_names_a_described_source(kind: Kind) -> None:
    described = source_names()
    missing = [c.label for c in concepts(kind) if not c.sources or not set(c.sources) <= set(described)]
    assert missing == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_word_is_folded_and_stands_for_one_concept(kind: Kind) -> None:
    words = [word for concept in concepts(kind) for word in concept.words]
    assert [word for word in words if fold_phrase(word) != word] == []
    assert len(words) == len(by_word(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_each_concept_is_found_by_each_of_its_words(kind: Kind) -> None:
    lost = [
        (concept.label, word)
        for concept in concepts(kind)
        for word in concept.words
        if term_for(kind, word.upper()).uri != concept.uri
    ]
    assert lost == []


def test_every_source_is_used_and_the_tables_are_large_enough() -> None:
    used = {source for kind in KINDS for concept in concepts(kind) for source in concept.sources}
    assert used == set(source_names())
    assert sum(len(concepts(kind)) for kind in KINDS) >= 1_000


def test_function_words_have_known_roles() -> None:
    for role in ("doubt", "alternative", "imitation", "amount", "after-head", "joining", "stop"):
        assert function_words(role)


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    for read in READERS:
        for term in read(text).values:
            assert term.label


WORDS = st.sampled_from(
    [
        *sorted(by_word("material"))[::9],
        *sorted(by_word("object-type"))[::11],
        *("possibly", "or", "with", "and", "(?)", "wibble", "?"),
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=8), st.sampled_from([" ", ", ", "; "]))
def test_case_and_spacing_do_not_change_what_is_found(words: list[str], separator: str) -> None:
    text = separator.join(words)
    loud = "  " + text.upper().replace(" ", "   ") + " "
    for read in READERS:
        assert uris(read(loud)) == uris(read(text))


@given(st.lists(WORDS, max_size=8))
def test_terms_are_given_once_each(words: list[str]) -> None:
    for read in READERS:
        found = labels(read(", ".join(words)))
        assert len(found) == len(set(found))


def checked() -> list[dict[str, str]]:
    with CHECKED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIELDS: list[tuple[str, str, Reader]] = [
    ("materials", "medium", read_materials),
    ("techniques", "medium", read_techniques),
    ("object_types", "classification", read_object_types),
]


@pytest.mark.parametrize(("field", "column", "read"), FIELDS)
def test_the_checked_rows_are_read_as_the_page_on_vocabulary_says(
    field: str, column: str, read: Reader, repository: Path
) -> None:
    right = extra = missing = 0
    for row in checked():
        expected = set(row[field].split())
        found = {uri[-9:] for uri in uris(read(row[column]))}
        right += len(found & expected)
        extra += len(found - expected)
        missing += len(expected - found)
    page = (repository / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    precision, recall = right / (right + extra), right / (right + missing)
    name = field.replace("_", " ")
    assert f"| now: {name} | {right} | {extra} | {missing} | {precision:.3f} | {recall:.3f} |" in page


def test_the_checked_rows_are_enough_and_from_every_collection() -> None:
    rows = checked()
    assert len(rows) >= 200
    assert set(Counter(row["institution"] for row in rows)) == {
        "tate", "cmoa", "cbm", "nmwa", "autry", "aic", "getty", "isicily",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_on_vocabulary_counts_the_tables(kind: Kind, repository: Path) -> None:
    page = (repository / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    assert f"| {kind.replace('-', ' ')}s | {len(concepts(kind))} |" in page


@pytest.mark.data
def test_most_rows_of_real_collections_get_a_term(shared_data: Path) -> None:
    folder = shared_data / "catalogue"
    tables = {
        "nmwa": (folder / "aac_nmwa/Data/NMWA_Data.csv", "Medium", "Classification"),
        "autry": (folder / "aac_autry/AutryObjects/AutryObjects.csv", "Materials", "ObjectName"),
    }
    covered: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for name, (path, medium, classification) in tables.items():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if not row[medium]:
                    continue
                count = covered[name]
                count[0] += 1
                count[1] += bool(read_materials(row[medium]).values or read_techniques(row[medium]).values)
                count[2] += bool(uris(read_object_types(row[classification])))
    for rows, with_medium, with_type in covered.values():
        assert with_medium >= 0.98 * rows
        assert with_type >= 0.99 * rows
