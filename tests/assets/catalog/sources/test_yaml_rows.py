"""YAML and Markdown front matter: records with their own bytes, and nothing turned into what it is not."""

from pathlib import Path
from typing import Final

import pytest

from assets.catalog.row import Finding, Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import memory_source
from assets.catalog.sources.open import read_rows
from assets.catalog.sources.options import ReadLimits, ReadOptions, Reporting
from assets.catalog.sources.yaml_rows import read_front_matter, read_yaml

DEFAULT: Final = ReadOptions()
LIST: Final = b"- id: 1\n  title: Vase\n- id: 2\n  title: Bowl\n"


def read(content: bytes, options: ReadOptions = DEFAULT) -> list[SourceRow | Rejection]:
    return list(read_yaml(memory_source("t.yml", content), options, Reporting()))


def cells(content: bytes) -> object:
    made = read(content)[0]
    assert isinstance(made, SourceRow)
    return made.cells


def test_a_list_gives_its_mappings_with_position_and_bytes() -> None:
    made = read(LIST)
    assert [row.cells for row in made if isinstance(row, SourceRow)] == [
        {"id": 1, "title": "Vase"},
        {"id": 2, "title": "Bowl"},
    ]
    assert [(row.number, row.raw.strip()) for row in made if isinstance(row, SourceRow)] == [
        (1, b"id: 1\n  title: Vase"),
        (2, b"id: 2\n  title: Bowl"),
    ]


@pytest.mark.parametrize(
    ("content", "items"),
    [
        (b"order: [a]\nobject_list:\n" + LIST, "auto"),
        (b"a:\n  b:\n    - id: 1\n    - id: 2\n", "a.b"),
        (b"id: 1\n---\nid: 2\n", "auto"),
    ],
)
def test_records_are_found_where_they_are_wrapped(content: bytes, items: str) -> None:
    made = read(content, ReadOptions(items=items))
    assert [row.cells["id"] for row in made if isinstance(row, SourceRow)] == [1, 2]


def test_a_mapping_is_one_record_numbered_0() -> None:
    made = read(b"id: 1\n")
    assert [row.number for row in made if isinstance(row, SourceRow)] == [0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2010.80", "2010.80"), ("0042", "0042"), ("12:30", "12:30"), ("no", "no"), ("1e3", "1e3"),
        ("1890-01-01", "1890-01-01"), ("1_000", "1_000"), ("0x1A", "0x1A"), ("-490 to -480", "-490 to -480"),
        ("-480", -480), ("7", 7), ("'7'", "7"), ("!!str 7", "7"), ("true", True), ("~", None), ("", None),
    ],
)  # fmt: skip
def test_a_scalar_becomes_what_can_be_written_back_the_same(text: str, value: object) -> None:
    assert cells(f"a: {text}\n".encode()) == {"a": value}


def test_merge_keys_and_aliases_are_written_out() -> None:
    assert cells(b"base: &b {x: 1}\nmade: {<<: *b, y: 2}\nsame: *b\n") == {
        "base": {"x": 1},
        "made": {"x": 1, "y": 2},
        "same": {"x": 1},
    }


def test_an_object_of_python_is_not_made() -> None:
    assert cells(b"a: !!python/object/apply:os.system ['true']\n") == {"a": ["true"]}


def test_an_alias_bomb_is_refused_before_it_expands() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(SourceError, match="once its aliases are written out"):
        read("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"# nothing\n", "the file is empty"),
        (b"a: [1", "not valid YAML in line"),
        (b"a: &a [*a]", "refers to itself"),
        (b"a: *b", "refers to itself or to nothing"),
        (b"[" * 3000, "nested deeper than 100 levels"),
        (b"a: \x00", "not valid YAML"),
    ],
)
def test_what_is_not_yaml_is_a_source_error(content: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(content)
    assert reason in caught.value.reason


def test_a_file_over_the_limit_is_an_error() -> None:
    with pytest.raises(SourceError, match="longer than 1,000 bytes"):
        read(b"a: " + b"x" * 2000, ReadOptions(limits=ReadLimits(max_record_bytes=1000)))


def test_what_is_no_mapping_is_rejected_and_the_rest_read() -> None:
    made = read(b"- id: 1\n- just text\n- id: 3\n")
    assert [type(each) for each in made] == [SourceRow, Rejection, SourceRow]


def test_repeated_keys_are_told() -> None:
    heard: list[Finding] = []
    list(read_yaml(memory_source("t", b"a: 1\na: 2\n"), DEFAULT, Reporting(on_note=heard.append)))
    assert [note.rule for note in heard] == ["source.repeated_key"]


def test_a_path_that_leads_nowhere_is_told() -> None:
    with pytest.raises(SourceError, match="there is no 'b'"):
        read(b"a: 1\n", ReadOptions(items="b"))


def front(content: bytes) -> SourceRow | Rejection:
    return next(read_front_matter(memory_source("t.md", content), DEFAULT, Reporting()))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_and_text_make_one_record(end: str) -> None:
    content = end.join(
        ["---", "label: 16", "date: 1642-01-01", "---", "", "## Provenance", "text", ""]
    ).encode()
    assert front(content) == SourceRow(
        "t.md", 0, {"label": 16, "date": "1642-01-01", "body": f"## Provenance{end}text"}, content
    )


@pytest.mark.parametrize(
    "content", [b"# Title\n", b"---\na: 1\n", b"---\n---\n", b"---\na: [\n---\n", b"---\n- 1\n---\n"]
)
def test_markdown_without_a_record_is_rejected_with_its_bytes(content: bytes) -> None:
    made = front(content)
    assert isinstance(made, Rejection)
    assert made.reason
    assert made.remedy


@pytest.mark.data
def test_the_vases_of_a_real_catalog_are_read(shared_data: Path) -> None:
    folder = shared_data / "catalogue/getty_cva10"
    objects = list(read_rows(folder / "objects.yml"))
    assert [row.cells["id"] for row in objects if isinstance(row, SourceRow)] == list(range(1, 25))
    essays = list(read_rows(folder / "content/catalogue"))
    assert len(essays) == 27
    assert all(isinstance(row, SourceRow) for row in essays)
