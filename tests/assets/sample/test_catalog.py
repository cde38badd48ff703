"""The sample museum's catalog: complete, sourced, in two languages, and honest about its models."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from edtf import parse_edtf

from assets.catalog.annotation import SurfacePoint
from assets.catalog.row import SourceError
from assets.sample.catalog import FOLDER, SampleArtifact, load_artifact, load_sample
from assets.sample.entry import Bilingual, Entry

ENTRIES = sorted((FOLDER / "artifacts").glob("*.toml"))
MUSEUM = load_sample()
LANGUAGES = ("en", "zh-Hans")
WORDS = {"glance": (3, 14), "label": (50, 80), "description": (120, 175), "audio-description": (65, 110)}
CHARACTERS = {
    "glance": (4, 26),
    "label": (70, 130),
    "description": (170, 290),
    "audio-description": (100, 170),
}
FACTS = (
    "object_types",
    "materials",
    "techniques",
    "cultures",
    "periods",
    "dimensions",
    "places",
    "makers",
)
SPAN_OF_THE_MUSEUM = (-3400, 1990)
LARGEST = 3.0
"""Metres; nothing in the museum is larger."""

HAN = re.compile(r"[㐀-鿿]")
RARE = {"逨": "the maker's own name on the bell; it has no place in GB 2312"}


def text(artifact: SampleArtifact, kind: str, language: str) -> str:
    found = [t.content for t in artifact.record.texts if (t.kind, t.language) == (kind, language)]
    assert len(found) == 1, f"{artifact.slug}: {len(found)} texts of kind {kind} in {language}"
    return found[0]


def every_text() -> list[tuple[str, str, str]]:
    """Where, language, content of everything that visitors read."""
    parts: list[tuple[str, Bilingual]] = [("name", MUSEUM.name), ("welcome", MUSEUM.welcome)]
    for gallery in MUSEUM.galleries:
        parts += [(gallery.slug, gallery.name), (gallery.slug, gallery.wall_text)]
    for tour in MUSEUM.tours:
        parts += [(tour.slug, tour.name), (tour.slug, tour.introduction)]
        parts += [(f"{tour.slug}/{stop.artifact}", stop.text) for stop in tour.stops]
    texts = [(where, language, content) for where, part in parts for language, content in part.items()]
    for artifact in MUSEUM.artifacts:
        record = artifact.record
        bodies = [body for annotation in artifact.annotations for body in annotation.bodies]
        written = [t for t in (*record.titles, *record.texts, *bodies) if t.kind != "inscription"]
        texts += [(artifact.slug, t.language, t.content) for t in written]
    return texts


artifacts = pytest.mark.parametrize("artifact", MUSEUM.artifacts, ids=lambda a: a.slug)
entries = pytest.mark.parametrize("path", ENTRIES, ids=lambda p: p.stem)


def test_the_museum_shows_at_least_twenty_four_artifacts_each_in_one_gallery() -> None:
    shown = [slug for gallery in MUSEUM.galleries for slug in gallery.artifacts]
    assert len(shown) >= 24
    assert sorted(shown) == [path.stem for path in ENTRIES]


def test_the_museum_spans_many_cultures_and_institutions() -> None:
    cultures = {term.label for a in MUSEUM.artifacts for term in a.record.cultures if term.language == "en"}
    keepers = {place.name for a in MUSEUM.artifacts for place in a.record.places if place.role == "kept"}
    assert len(cultures) >= 18
    assert len(keepers) >= 8


@artifacts
def test_an_artifact_has_every_kind_of_text_in_both_languages(artifact: SampleArtifact) -> None:
    for kind, (least, most) in WORDS.items():
        assert least <= len(text(artifact, kind, "en").split()) <= most, kind
    for kind, (least, most) in CHARACTERS.items():
        assert least <= len(text(artifact, kind, "zh-Hans")) <= most, kind
    assert {t.language for t in artifact.record.titles} == set(LANGUAGES)


@artifacts
def test_an_artifact_says_what_its_model_simplifies(artifact: SampleArtifact) -> None:
    for language in LANGUAGES:
        assert len(text(artifact, "simplifies", language)) > 30


@artifacts
def test_an_artifact_has_three_or_more_hotspots_with_title_and_text(artifact: SampleArtifact) -> None:
    assert len(artifact.annotations) >= 3
    for annotation in artifact.annotations:
        assert annotation.target.artifact == artifact.record.id
        assert annotation.target.surface is None
        for kind in ("title", "description"):
            assert all(annotation.body(kind, language) for language in LANGUAGES)


@artifacts
def test_an_artifact_is_a_real_object_of_a_named_institution(artifact: SampleArtifact) -> None:
    record = artifact.record
    assert record.id == f"sample:{artifact.slug}"
    (copied,) = [r for r in record.relations if r.kind == "copy-of"]
    (identifier,) = [i for i in record.identifiers if i.kind == "accession"]
    assert copied.label is not None
    assert identifier.value == f"{copied.label}, {record.accession}"
    assert copied.target.startswith("http")


@artifacts
def test_every_fact_has_a_public_source_and_every_text_has_its_file(artifact: SampleArtifact) -> None:
    record = artifact.record
    own = f"artifacts/{artifact.slug}.toml"
    assert [source.file for source in record.sources].count(own) == 1
    pointers = [f"/{field}" for field in ("accession", "identifiers", "relations", "rights", "produced")]
    for field in FACTS:
        pointers += [f"/{field}/{number}" for number in range(len(getattr(record, field)))]
    for pointer in pointers:
        assert source_of(artifact, pointer).startswith("http"), pointer
    for number, written in enumerate(record.texts):
        is_own = source_of(artifact, f"/texts/{number}") == own
        assert is_own == (written.kind != "inscription")


def source_of(artifact: SampleArtifact, pointer: str) -> str:
    assert pointer in artifact.record.provenance, pointer
    return artifact.record.sources[artifact.record.provenance[pointer].source].file


@artifacts
def test_dates_parse_and_lie_within_the_span_of_the_museum(artifact: SampleArtifact) -> None:
    span = artifact.record.produced
    assert span is not None
    assert span.edtf is not None
    assert span.latest is not None
    parse_edtf(span.edtf)
    first, last = SPAN_OF_THE_MUSEUM
    assert first <= (span.earliest if span.earliest is not None else span.latest) <= span.latest <= last


@artifacts
def test_dimensions_in_meters_agree_with_the_stated_ones(artifact: SampleArtifact) -> None:
    factors = {"cm": 0.01, "mm": 0.001, "l": 0.001}
    assert artifact.record.dimensions
    for dimension in artifact.record.dimensions:
        assert dimension.stated_value is not None
        assert dimension.stated_unit is not None
        assert dimension.value == pytest.approx(dimension.stated_value * factors[dimension.stated_unit])
        if dimension.unit == "m":
            assert 0.005 <= dimension.value <= LARGEST


@entries
def test_the_stated_centimeters_are_those_of_the_quoted_source(path: Path) -> None:
    entry = Entry.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    quoted = ""
    for fact in entry.dimensions:
        quoted = fact.text or quoted
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", quoted)]
        if numbers:
            assert any(number in (fact.value, pytest.approx(fact.value / 100)) for number in numbers), fact


def test_tours_lead_from_one_shown_artifact_to_another_and_never_twice_to_the_same() -> None:
    shown = {artifact.slug for artifact in MUSEUM.artifacts}
    assert len(MUSEUM.tours) >= 2
    for tour in MUSEUM.tours:
        stops = [stop.artifact for stop in tour.stops]
        assert set(stops) <= shown
        assert len(set(stops)) == len(stops) >= 5


def traditional(content: str) -> set[str]:
    """Han characters outside GB 2312, the character set of simplified Chinese."""
    return {
        character
        for character in set(content) - RARE.keys()
        if HAN.match(character) and not character.encode("gb2312", errors="ignore")
    }


def test_chinese_texts_are_simplified_chinese_and_english_texts_carry_no_chinese() -> None:
    for where, language, content in every_text():
        if language == "en":
            assert not HAN.search(content), f"{where}: {content}"
        else:
            assert HAN.search(content) or content == "America", f"{where}: {content}"
            assert not traditional(content), f"{where}: {traditional(content)} in {content}"


def test_texts_use_the_punctuation_of_their_language() -> None:
    for where, language, content in every_text():
        if language == "en":
            assert not re.search(r"  | ,|[，。；：“”]", content), f"{where}: {content}"
        else:
            assert not re.search(r"[㐀-鿿][,;:?!.]|  ", content), f"{where}: {content}"


def test_texts_are_written_in_american_spelling() -> None:
    british = re.compile(
        r"\b(?:colour|centre|grey|metres?|centimetres?|catalogue|honour|mould|travell)\w*", re.I
    )
    for where, language, content in every_text():
        if language == "en":
            assert not british.search(content), f"{where}: {content}"


def test_no_text_is_used_twice() -> None:
    contents = [content for _, _, content in every_text() if len(content) > 40]
    assert len(set(contents)) == len(contents)


def test_the_sample_museum_stays_under_three_megabytes() -> None:
    files = [p for p in FOLDER.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert sum(p.stat().st_size for p in files) < 3_000_000


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the catalog to damage."""
    shutil.copytree(FOLDER / "artifacts", tmp_path / "artifacts")
    shutil.copy(FOLDER / "museum.toml", tmp_path / "museum.toml")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('source = "cma"', 'source = "hearsay"', "'hearsay' is not among the entry's sources"),
        ("value = 32", "value = -32", "dimensions.0.value"),
        ('from = "3300 BCE"', 'from = "long ago"', "produced.from"),
        ('accession = "1917.974"', "", "object.accession"),
        ("[texts.glance]", "[texts.glanse]", "texts"),
        ('point = "edge"', 'point = "hole"', "two hotspots share a point"),
        ('slug = "jade-bi"', 'slug = "jade-pi"', "name it 'jade-bi'"),
        ("[title]", "[title", "not TOML"),
    ],
)
def test_a_damaged_entry_is_refused_with_file_and_field(
    copy: Path, old: str, new: str, complaint: str
) -> None:
    path = copy / "artifacts" / "jade-bi.toml"
    change(path, old, new)
    with pytest.raises(SourceError) as caught:
        load_artifact(path)
    assert str(caught.value).startswith("jade-bi.toml")
    assert complaint in str(caught.value)


def test_a_missing_entry_is_named_with_the_remedy(copy: Path) -> None:
    (copy / "artifacts" / "jade-bi.toml").unlink()
    with pytest.raises(SourceError, match=r"'jade-bi' is shown but has no entry"):
        load_sample(copy)


def test_an_entry_without_a_gallery_is_named(copy: Path) -> None:
    change(copy / "museum.toml", '  "moon-lute",\n', "")
    with pytest.raises(SourceError, match=r"'moon-lute' has an entry but no gallery"):
        load_sample(copy)


def test_a_tour_may_not_stop_at_what_is_not_shown(copy: Path) -> None:
    change(copy / "museum.toml", 'artifact = "saryk-carpet"', 'artifact = "flying-carpet"')
    with pytest.raises(SourceError, match=r"'flying-carpet' is a tour's stop but is not shown"):
        load_sample(copy)


def test_a_hotspot_is_placed_by_the_geometry_without_changing_its_texts() -> None:
    annotation = MUSEUM.artifact("jade-bi").annotations[0]
    surface = SurfacePoint(position=(0.0, 0.16, 0.005), normal=(0.0, 0.0, 1.0))
    placed = annotation.placed(surface)
    assert placed.target.surface == surface
    assert placed.bodies == annotation.bodies
