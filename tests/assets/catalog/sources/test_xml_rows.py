"""XML: records one at a time, entities refused, memory flat."""

import gzip
from pathlib import Path

import pytest

from assets.catalog.row import SourceError
from assets.catalog.sources.xml_rows import read_elements
from tests.assets.catalog.sources.memory import peak_of

LIDO = "{http://www.lido-schema.org}lido"
XML_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
OPENING = XML_HEAD + b'<l:lidoWrap xmlns:l="http://www.lido-schema.org">\n'
CLOSING = b"</l:lidoWrap>\n"


def record(number: int) -> bytes:
    return f"<l:lido><l:lidoRecID>r{number} \u00e9</l:lidoRecID></l:lido>\n".encode()


def wrapped(count: int) -> bytes:
    return OPENING + b"".join(record(number) for number in range(1, count + 1)) + CLOSING


def written(folder: Path, content: bytes, name: str = "records.xml") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_each_record_comes_with_its_number_its_element_and_its_own_xml(tmp_path: Path) -> None:
    path = written(tmp_path, wrapped(3))
    read = [
        (number, element.findtext("{*}lidoRecID"), raw) for number, element, raw in read_elements(path, LIDO)
    ]
    assert [(number, text) for number, text, _ in read] == [(1, "r1 é"), (2, "r2 é"), (3, "r3 é")]
    assert read[1][2] == (
        b'<l:lido xmlns:l="http://www.lido-schema.org"><l:lidoRecID>r2 \xc3\xa9</l:lidoRecID></l:lido>'
    )


def test_any_namespace_may_be_asked_for(tmp_path: Path) -> None:
    assert len(list(read_elements(written(tmp_path, wrapped(2)), "{*}lido"))) == 2


def test_a_record_inside_a_record_belongs_to_the_outer_one(tmp_path: Path) -> None:
    path = written(tmp_path, b"<all><r>1<r>2</r></r><r>3</r></all>")
    assert [raw for _, _, raw in read_elements(path, "r")] == [b"<r>1<r>2</r></r>", b"<r>3</r>"]


def test_the_root_itself_may_be_the_record(tmp_path: Path) -> None:
    assert [raw for _, _, raw in read_elements(written(tmp_path, b"<r><a/></r>"), "r")] == [b"<r><a/></r>"]


def test_gzip_is_unpacked_on_the_way(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(wrapped(5)), "records.xml.gz")
    assert [number for number, _, _ in read_elements(path, LIDO)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        b'<!ENTITY x SYSTEM "file:///etc/passwd">',
        b'<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
        b'<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_before_they_expand(
    tmp_path: Path, declaration: bytes, encoding: str
) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE r [{declaration.decode()}]><r>&x;&b;</r>'
    with pytest.raises(SourceError, match="declares entities"):
        list(read_elements(written(tmp_path, text.encode(encoding)), "r"))


def test_a_doctype_without_entities_is_harmless(tmp_path: Path) -> None:
    path = written(tmp_path, b'<!DOCTYPE r SYSTEM "nowhere.dtd"><r>text</r>')
    assert [raw for _, _, raw in read_elements(path, "r")] == [b"<r>text</r>"]


def test_a_truncated_file_gives_its_whole_records_and_then_names_the_next_row(tmp_path: Path) -> None:
    path = written(tmp_path, OPENING + record(1) + record(2) + record(3)[:20])
    rows = read_elements(path, LIDO)
    assert [next(rows)[0], next(rows)[0]] == [1, 2]
    with pytest.raises(SourceError) as caught:
        next(rows)
    assert (caught.value.file, caught.value.row) == ("records.xml", 3)


@pytest.mark.parametrize(
    "content", [b"", b"   \n", b"not xml", b"\x00\x01\x02", b"<r>\x0b</r>", b"<r><s></r>"]
)
def test_what_is_not_xml_is_a_source_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError):
        list(read_elements(written(tmp_path, content), "r"))


def test_a_record_over_the_limit_is_refused_with_its_number(tmp_path: Path) -> None:
    huge = b"<l:lido>" + b"<l:x>text</l:x>" * 40_000 + b"</l:lido>"
    path = written(tmp_path, OPENING + record(1) + huge + CLOSING)
    with pytest.raises(SourceError, match="no record ends within 100,000 bytes") as caught:
        list(read_elements(path, LIDO, max_bytes=100_000))
    assert caught.value.row == 2


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="folder"):
        list(read_elements(tmp_path, "r"))
    with pytest.raises(SourceError, match="no such file"):
        list(read_elements(tmp_path / "none.xml", "r"))


def peak(path: Path) -> int:
    return peak_of(lambda: read_elements(path, LIDO))


def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path) -> None:
    few = written(tmp_path, wrapped(10_000), "few.xml")
    many = written(tmp_path, wrapped(30_000), "many.xml")
    peak(few)  # the first reading also fills caches
    assert peak(many) < 1.2 * peak(few)


def test_the_tree_does_not_grow_with_the_number_of_records(tmp_path: Path) -> None:
    sizes = set()
    for number, element, _ in read_elements(written(tmp_path, wrapped(500)), LIDO):
        parent = element.getparent()
        assert parent is not None
        if number > 1:
            sizes.add(parent.index(element))
    assert max(sizes) <= 1
