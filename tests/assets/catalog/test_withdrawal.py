"""A withdrawn artifact is forgotten in the store and in every file written from it."""

from pathlib import Path

from assets.catalog.ingest import ingest
from assets.catalog.rejects import write_rejects
from assets.catalog.report import write_report
from assets.catalog.row import Finding, Mapped
from assets.catalog.store.catalog import Catalog
from assets.catalog.withdrawal import withdraw
from tests.assets.catalog.records import STARTED, a_record, a_source

SECRET = "unmistakable words"


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_below_the_folder_quotes_it_any_more(tmp_path: Path) -> None:
    finding = Finding("texts.damaged", "warning", "/titles/0", f"damaged: {SECRET}", SECRET)
    first = a_record("A1", medium=SECRET, provenance={"/medium": {"field": "Medium"}})
    # The second row of the identifier is rejected, and lies in the reject file with its bytes.
    rows = [Mapped(first, (finding,), SECRET.encode())] * 2
    with Catalog(tmp_path) as catalog:
        ended = ingest(a_source([*rows, Mapped(a_record("A2"), (), b"other")]), catalog, STARTED)
        assert ended.release is not None
        write_report(ended.report, tmp_path / "reports" / "m-1")
        write_rejects(tmp_path / "rejects" / "m-1.csv", catalog.rejections(ended.release))
        assert SECRET.encode() in bytes_below(tmp_path)
        withdraw(catalog, "m:A1", "asked by the museum", STARTED)
        assert catalog.record("m:A2") is not None
    assert SECRET.encode() not in bytes_below(tmp_path)
