"""The reject file keeps every byte."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.rejects import COLUMNS, read_rejects, write_rejects
from assets.catalog.row import Rejection

plain = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
rejections = st.lists(
    st.builds(Rejection, plain, st.integers(0, 10**6), plain, plain, plain, st.binary(max_size=200)),
    max_size=8,
)


@given(rejections)
def test_what_is_written_is_read_back_byte_for_byte(kept: list[Rejection]) -> None:
    path = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path()
    file = path / "rejects-property.csv"
    file.unlink(missing_ok=True)
    assert write_rejects(file, kept) == len(kept)
    assert (list(read_rejects(file)) if kept else []) == kept
    assert file.exists() == bool(kept)
    file.unlink(missing_ok=True)


def test_bytes_that_are_no_text_are_kept_in_base64(tmp_path: Path) -> None:
    file = tmp_path / "rejects.csv"
    write_rejects(file, [Rejection("a.csv", 3, "Date", "bad", "mend", b"13 \xd7 4")])
    lines = file.read_text("utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1] == "a.csv,3,Date,bad,mend,base64,MTMg1yA0"
