"""Damaged and hostile files: whatever the bytes, rows, rejections or one SourceError come out.

Random bytes, and real exports truncated, with bits flipped, and spliced into one another.
"""

import gzip
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.catalog.row import Rejection, SourceError, SourceRow
from assets.catalog.sources.byte_source import memory_source
from assets.catalog.sources.open import ReadLimits, ReadOptions, read_rows
from assets.catalog.sources.options import Reporting
from assets.catalog.sources.tables import read_table
from assets.catalog.sources.xml_rows import read_elements

SUFFIXES: Final = ("csv", "tsv", "json", "ndjson", "xlsx", "yml", "md", "xml", "csv.gz", "zip", "txt")
REAL: Final = {
    "csv": "aac_nmwa/Data/NMWA_Data.csv",
    "cp1252.csv": "aac_cbm/CBMAA_Objects/LOD CBMAA Objects.csv",
    "json": "linked_art/records/6401.json",
    "ndjson": "cmoa/cmoa_objects.ndjson.gz",
    "yml": "getty_cva10/objects.yml",
    "md": "getty_cva10/content/catalogue/1.md",
    "xml": "linked_art/cidoc_crm/linkedart.xml",
    "csv.gz": "tate/artist_data.csv",
    "xlsx": "tate/artist_data.csv",
}
SMALL_RECORDS: Final = ReadOptions(limits=ReadLimits(max_record_bytes=64 * 1024))

Damage = Callable[[bytes, random.Random], bytes]


def truncated(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def bits_flipped(content: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(rng.randint(1, 30)):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def spliced(content: bytes, rng: random.Random) -> bytes:
    """Cut out a piece and put it in somewhere else."""
    start, length = rng.randrange(len(content)), rng.randint(1, 4096)
    at = rng.randrange(len(content))
    return content[:at] + content[start : start + length] + content[at + rng.randint(0, 4096) :]


def sprinkled(content: bytes, rng: random.Random) -> bytes:
    """Put in signs that mean something to the formats."""
    damaged = bytearray(content)
    for _ in range(rng.randint(1, 10)):
        sign = rng.choice(
            [b'"', b"\0", b"\r", b"\n", b",", b"{", b"]", b"\\", b"&a", b"*a", b"\xff", b"---\n"]
        )
        at = rng.randrange(len(damaged) + 1)
        damaged[at:at] = sign
    return bytes(damaged)


def read_all(path: Path) -> tuple[list[SourceRow | Rejection], SourceError | None]:
    """Everything that comes out of a file, and the error that ended it, if any."""
    read: list[SourceRow | Rejection] = []
    try:
        if path.suffix == ".xml":
            for number, _, raw in read_elements(path, "{*}Class", max_bytes=64 * 1024):
                read.append(SourceRow(path.name, number, {}, raw))
        else:
            read.extend(read_rows(path, SMALL_RECORDS))
    except SourceError as error:
        assert error.reason
        assert error.remedy
        return read, error
    return read, None


def assert_all_are_numbered(read: list[SourceRow | Rejection]) -> None:
    numbers = [each.number if isinstance(each, SourceRow) else each.row for each in read]
    assert numbers in ([0], list(range(1, len(read) + 1)))


def original(shared_data: Path, kind: str) -> bytes:
    """The first part of a real file, in the format that ``kind`` names."""
    content = (shared_data / "catalogue" / REAL[kind]).read_bytes()
    if REAL[kind].endswith(".gz"):
        content = gzip.decompress(content)
    content = (
        content[:60_000].rpartition(b"\n")[0]
        if kind in ("csv", "cp1252.csv", "ndjson")
        else content[:200_000]
    )
    if kind == "csv.gz":
        return gzip.compress(content[:60_000], mtime=0)
    return as_workbook(content[:20_000]) if kind == "xlsx" else content


def as_workbook(table: bytes) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for line in table.decode("utf-8-sig", "ignore").splitlines():
        sheet.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.data
@pytest.mark.parametrize("damage", [truncated, bits_flipped, spliced, sprinkled])
@pytest.mark.parametrize("kind", REAL)
def test_damaged_copies_of_real_files_end_in_rows_rejections_or_a_source_error(
    shared_data: Path, tmp_path: Path, kind: str, damage: Damage
) -> None:
    rng = random.Random(f"{kind} {damage.__name__}")
    content = original(shared_data, kind)
    path = tmp_path / f"damaged.{kind}"
    path.write_bytes(content)
    whole, error = read_all(path)
    assert error is None
    assert whole
    for _ in range(12):
        path.write_bytes(damage(content, rng))
        read, error = read_all(path)
        assert_all_are_numbered(read) if read else None
        assert read or error is not None or kind == "xml"


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=2000), suffix=st.sampled_from(SUFFIXES))
def test_random_bytes_raise_nothing_but_source_errors(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"random.{suffix}"
    path.write_bytes(content)
    read, _ = read_all(path)
    assert_all_are_numbered(read) if read else None


signs = st.sampled_from([*list('ab1,;\t"\n\r{}[]:-&*\\\x00é \u2028'), "\r\n", '""', '","', "null", "---\n"])


@settings(deadline=None, max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(signs, max_size=60),
    suffix=st.sampled_from(SUFFIXES),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_random_text_of_meaningful_signs_raises_nothing_but_source_errors(
    tmp_path: Path, parts: list[str], suffix: str, encoding: str
) -> None:
    path = tmp_path / f"random.{suffix}"
    path.write_bytes("".join(parts).encode(encoding, "replace"))
    read, _ = read_all(path)
    assert_all_are_numbered(read) if read else None


@settings(deadline=None, max_examples=500)
@given(parts=st.lists(signs, max_size=60))
def test_every_byte_of_a_table_below_its_header_is_in_a_row_a_rejection_or_an_empty_line(
    parts: list[str],
) -> None:
    content = ("a,b\n" + "".join(parts)).encode()
    read = list(read_table(memory_source("t.csv", content), ReadOptions(delimiter=","), Reporting()))
    kept = b"".join(each.raw for each in read)
    assert kept.translate(None, b"\r\n") == content[4:].translate(None, b"\r\n")


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)
    )
)
def test_what_the_csv_module_writes_is_read_back_the_same(rows: list[list[str]]) -> None:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out).writerows([["a", "b"], *rows])
    content = out.getvalue().encode()
    read = list(
        read_table(memory_source("t.csv", content), ReadOptions(encoding="utf-8", delimiter=","), Reporting())
    )
    kept = [[row.cells["a"], row.cells["b"]] for row in read if isinstance(row, SourceRow)]
    assert kept == [row for row in rows if any(row)]
