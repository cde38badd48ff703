"""Sources as a whole: files by content, folders, patterns, archives; progress and notes."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Final

import pytest

from assets.catalog.row import Finding, Rejection, SourceError, SourceRow
from assets.catalog.sources.open import ReadLimits, ReadOptions, count_hint, read_rows

CSV: Final = b"id,title\n1,Vase\n2,Bowl\n"
JSON: Final = b'[{"id": "1"}, {"id": "2"}]'
NDJSON: Final = b'{"id": "1"}\n{"id": "2"}\n'
YAML: Final = b"- id: '1'\n- id: '2'\n"
OPEN_DOCUMENT: Final = b"application/vnd.oasis.opendocument.spreadsheet"


def ids(path: Path, **stated: str) -> list[object]:
    made = list(read_rows(path, ReadOptions.model_validate(stated)))
    return [row.cells["id"] if isinstance(row, SourceRow) else row.reason for row in made]


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("content", [CSV, JSON, NDJSON, CSV.replace(b",", b"\t")])
@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.ndjson", "a.txt", "a", "a.xlsx", "A.CSV"])
def test_content_decides_whatever_the_name(tmp_path: Path, name: str, content: bytes) -> None:
    assert ids(written(tmp_path, name, content)) == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", JSON, "the name says csv, the content is json: read as json"),
        ("a.xlsx", CSV, "the name says xlsx, the content is csv: read as csv"),
        ("a.json", NDJSON, "the name says json, the content is ndjson: read as ndjson"),
        ("a.ndjson", b'{\n"id": "1"}', "the name says ndjson, the content is json: read as json"),
    ],
)
def test_a_wrong_extension_is_told(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    heard: list[Finding] = []
    list(read_rows(written(tmp_path, name, content), on_note=heard.append))
    assert [(note.rule, note.message) for note in heard] == [("source.extension", told)]


@pytest.mark.parametrize(("name", "content"), [("a.csv", CSV), ("a.json", JSON), ("a.yml", YAML), ("a", CSV)])
def test_a_right_extension_or_none_needs_no_word(tmp_path: Path, name: str, content: bytes) -> None:
    heard: list[Finding] = []
    list(read_rows(written(tmp_path, name, content), on_note=heard.append))
    assert heard == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t", "the file is empty"),
        (b"\0" * 500, "nothing but zero bytes"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old Excel file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"<?xml version='1.0'?><lido/>", "it is XML"),
        (b"\x01\x02\x03\x04\x05\x06" * 50, "binary file"),
        (zipped({"mimetype": OPEN_DOCUMENT}, zipfile.ZIP_STORED), "an OpenDocument spreadsheet"),
    ],
)
def test_a_file_that_holds_no_rows_is_named_for_what_it_is(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(SourceError) as caught:
        ids(written(tmp_path, "a.csv", content))
    assert reason in caught.value.reason
    assert caught.value.remedy
    assert caught.value.file == "a.csv"


def test_a_stated_format_that_cannot_be_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the profile states xlsx, the content is csv"):
        ids(written(tmp_path, "a.xlsx", CSV), format="xlsx")


def test_json_that_does_not_begin_like_json_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not begin like JSON"):
        ids(written(tmp_path, "a.json", b"Internal Server Error"))


def test_gzip_is_looked_through(tmp_path: Path) -> None:
    assert ids(written(tmp_path, "a.csv.gz", gzip.compress(CSV))) == ["1", "2"]


@pytest.mark.parametrize("cut", [1, 8, 12])
def test_a_truncated_gzip_is_an_error(tmp_path: Path, cut: int) -> None:
    with pytest.raises(SourceError, match="damaged or truncated"):
        ids(written(tmp_path, "a.csv.gz", gzip.compress(CSV)[:-cut]))


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * (20 * 2**20)))
    with pytest.raises(SourceError, match="zip bomb"):
        ids(path)


def test_a_folder_of_single_records_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for number in (2, 1, 3):
        written(tmp_path, f"deep/{number}.json", json.dumps({"id": number}).encode())
    written(tmp_path, "README.md", b"# read me")
    written(tmp_path, ".hidden.json", b"{")
    made = list(read_rows(tmp_path))
    assert [(row.file, row.number, row.cells["id"]) for row in made if isinstance(row, SourceRow)] == [
        ("deep/1.json", 0, 1),
        ("deep/2.json", 0, 2),
        ("deep/3.json", 0, 3),
    ]


def test_a_broken_file_among_others_is_a_rejection_with_its_bytes(tmp_path: Path) -> None:
    written(tmp_path, "1.json", b'{"id": 1}')
    written(tmp_path, "2.json", b'{"id": ')
    written(tmp_path, "3.json", b'{"id": 3}')
    made = list(read_rows(tmp_path))
    assert [type(each) for each in made] == [SourceRow, Rejection, SourceRow]
    assert isinstance(made[1], Rejection)
    assert (made[1].file, made[1].row, made[1].raw) == ("2.json", 0, b'{"id": ')


def test_a_table_cut_off_among_others_ends_the_reading(tmp_path: Path) -> None:
    written(tmp_path, "1.json", b'[{"id": 1}, {"id"')
    written(tmp_path, "2.json", b'[{"id": 2}]')
    with pytest.raises(SourceError) as caught:
        list(read_rows(tmp_path))
    assert (caught.value.file, caught.value.row) == ("1.json", 2)


def test_a_folder_of_several_formats_asks_which(tmp_path: Path) -> None:
    written(tmp_path, "a.csv", CSV)
    written(tmp_path, "b.json", JSON)
    with pytest.raises(SourceError, match="files of several formats: 1 csv, 1 json"):
        ids(tmp_path)
    assert ids(tmp_path, format="json") == ["1", "2"]


def test_a_pattern_names_its_files(tmp_path: Path) -> None:
    written(tmp_path, "x/a1.csv", CSV)
    written(tmp_path, "x/a2.csv", CSV)
    written(tmp_path, "x/b.csv", CSV)
    assert [each.file for each in read_rows(tmp_path / "x/a*.csv")] == ["a1.csv"] * 2 + ["a2.csv"] * 2


@pytest.mark.parametrize("name", ["nothing", "none*.csv", "a\0b"])
def test_what_is_not_there_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError):
        ids(tmp_path / name)


def test_an_empty_folder_and_a_device_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no file in it holds records"):
        ids(tmp_path)
    with pytest.raises(SourceError, match="not a regular file"):
        ids(Path("/dev/zero"))


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "secret/a.csv", CSV)
    (tmp_path / "open").mkdir()
    (tmp_path / "open/b.csv").symlink_to(tmp_path / "secret/a.csv")
    with pytest.raises(SourceError, match="a link leads out of the folder"):
        ids(tmp_path / "open")


def test_members_of_a_zip_are_read_in_place(tmp_path: Path) -> None:
    path = written(tmp_path, "a.zip", zipped({"d/b.csv": CSV, "d/a.csv": CSV, "LICENSE": b"text"}))
    assert [each.file for each in read_rows(path)] == ["d/a.csv"] * 2 + ["d/b.csv"] * 2
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.zip"]


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "d/../../a.csv", "..\\a.csv", "C:\\a.csv"])
def test_a_zip_slip_is_refused(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, "a.zip", zipped({"ok.csv": CSV, name: CSV}))
    with pytest.raises(SourceError, match="climbs out of the archive"):
        ids(path)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SourceError, match="it is a link"):
        ids(tmp_path / "a.zip")


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.zip", zipped({"a.csv": b"a,b\n" + b"1,2\n" * (20 * 2**20)}))
    with pytest.raises(SourceError, match="zip bomb"):
        ids(path)


def test_a_zip_with_a_damaged_member_is_an_error(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": CSV * 100}))
    content[45] ^= 0xFF
    with pytest.raises(SourceError, match="damaged or truncated archive"):
        ids(written(tmp_path, "a.zip", bytes(content)))


def test_too_many_files_are_an_error(tmp_path: Path) -> None:
    for number in range(4):
        written(tmp_path, f"{number}.csv", CSV)
    with pytest.raises(SourceError, match="4 files are more than the limit of 3"):
        list(read_rows(tmp_path, ReadOptions(limits=ReadLimits(max_members=3))))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV * 50_000),
        ("a.csv.gz", gzip.compress(CSV * 5_000)),
        ("a.zip", zipped({"b.csv": CSV * 5_000, "c.csv": CSV})),
        ("a.json", JSON),
        ("a.ndjson", NDJSON * 20_000),
        ("a.yml", YAML),
        ("folder/a.csv", CSV),
    ],
)
def test_progress_adds_up_to_the_bytes_that_were_announced(tmp_path: Path, name: str, content: bytes) -> None:
    path = written(tmp_path, name, content)
    source = path.parent if name.startswith("folder") else path
    told: list[int] = []
    assert list(read_rows(source, on_bytes=told.append))
    assert min(told) >= 0
    assert sum(told) == count_hint(source) > 0


@pytest.mark.data
@pytest.mark.parametrize(
    ("source", "records"),
    [
        ("tate/raw", 60),
        ("cmoa/raw", 60),
        ("aic_api_samples/json/artworks", 10),
        ("tate/tate_objects.ndjson.gz", 2755),
        ("cmoa/cmoa_objects.ndjson.gz", 2852),
        ("aac_cbm/CBMAA_Objects/*.csv", 3112),
        ("linked_art/records", 11),
    ],
)
def test_real_sources_are_read_to_the_record(shared_data: Path, source: str, records: int) -> None:
    made = list(read_rows(shared_data / "catalogue" / source))
    assert len(made) == records
    assert all(isinstance(row, SourceRow) for row in made)
