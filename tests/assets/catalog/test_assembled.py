"""A word assembled of valid values is the word that validation makes of them."""

import copy
import pickle
from typing import Any

import pytest
from pydantic import Field, ValidationError

from assets.catalog.mapping.draft import Draft
from assets.catalog.record import ArtifactRecord, Origin, SourceRef, Text, Word
from assets.catalog.row import SourceRow

ORIGIN = {"source": 0, "field": "Title", "text": "Bowl", "by": "copied"}
RECORD = {
    "id": "m:1",
    "institution": "m",
    "accession": "1990.1",
    "titles": (Text(content="Bowl", kind="title"),),
    "sources": (SourceRef(file="m.csv", row=7),),
    "provenance": {"/titles/0": Origin.model_validate(ORIGIN)},
}
WORDS: list[tuple[type[Word], dict[str, Any]]] = [
    (Text, {"content": "Bowl", "language": "en", "kind": "title", "rights": None}),
    (Text, {"content": "Bowl"}),
    (Origin, ORIGIN),
    (Origin, {"field": "Title"}),
    (SourceRef, {"file": "m.csv", "row": 7}),
    (ArtifactRecord, RECORD),
    (ArtifactRecord, {key: value for key, value in RECORD.items() if key != "provenance"}),
]
NAMES = [f"{word.__name__}-{len(values)}" for word, values in WORDS]


class Noted(Word):
    name: str
    notes: list[str] = Field(default_factory=list)
    shared: dict[str, list[int]] = Field({"all": [1]})
    length: int = Field(default_factory=lambda before: len(before["name"]))


@pytest.mark.parametrize(("word", "values"), [*WORDS, (Noted, {"name": "abc"})], ids=[*NAMES, "Noted-1"])
def test_it_is_the_validated_word_in_every_respect(word: type[Word], values: dict[str, Any]) -> None:
    made, expected = word.assembled(values), word.model_validate(values)
    assert made == expected
    assert repr(made) == repr(expected)
    assert made.model_fields_set == expected.model_fields_set
    assert made.model_dump_json() == expected.model_dump_json()
    assert made.model_dump(exclude_unset=True) == expected.model_dump(exclude_unset=True)
    for again in (pickle.loads(pickle.dumps(made)), copy.copy(made), copy.deepcopy(made), made.model_copy()):
        assert again == expected
        assert again.model_fields_set == expected.model_fields_set
    with pytest.raises(ValidationError, match="frozen"):
        setattr(made, next(iter(values)), None)


@pytest.mark.parametrize(("word", "values"), WORDS[:5], ids=NAMES[:5])
def test_it_has_the_hash_of_the_validated_word(word: type[Word], values: dict[str, Any]) -> None:
    assert hash(word.assembled(values)) == hash(word.model_validate(values))


@pytest.mark.parametrize(
    ("word", "values", "missing"),
    [
        (SourceRef, {}, "file, row"),
        (SourceRef, {"file": "m.csv"}, "row"),
        (Text, {"kind": "note"}, "content"),
    ],
    ids=["nothing", "no-row", "no-content"],
)
def test_what_has_no_default_must_be_stated(word: type[Word], values: dict[str, Any], missing: str) -> None:
    with pytest.raises(TypeError, match=f"^{word.__name__} without {missing}: "):
        word.assembled(values)


def test_no_two_share_a_default_that_can_be_changed() -> None:
    bare = {key: value for key, value in RECORD.items() if key != "provenance"}
    one, other = ArtifactRecord.assembled(bare), ArtifactRecord.assembled(bare)
    one.provenance["/id"] = Origin(field="Id")
    assert other.provenance == {} == ArtifactRecord.assembled(bare).provenance
    first, second = Noted.assembled({"name": "a"}), Noted.assembled({"name": "b"})
    first.notes.append("x")
    first.shared["all"].append(2)
    assert (second.notes, second.shared) == ([], {"all": [1]})


@pytest.mark.parametrize("name", ["m.csv", "Öl.csv", "Ol\udcff.csv"], ids=["ascii", "umlaut", "surrogate"])
def test_the_reference_to_a_file_is_the_validated_one_whatever_its_name(name: str) -> None:
    (made,) = Draft(SourceRow(name, 1, {}, b""), {}).sources
    assert made == SourceRef.model_validate({"file": name, "row": 1})
