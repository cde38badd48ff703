"""What visitors may see."""

from pathlib import Path

from assets.catalog.ingest import ingest
from assets.catalog.publication import visitor_record
from assets.catalog.record import Text
from assets.catalog.store.catalog import Catalog
from tests.assets.catalog.records import STARTED, a_record, a_source, mapped


def test_personal_data_is_masked_for_visitors_and_kept_for_the_museum(tmp_path: Path) -> None:
    donor = Text(content="Given by Ann Smith, ann@example.org, in 1990.", language="en")
    with Catalog(tmp_path) as catalog:
        ingest(a_source(mapped([a_record("A1", texts=(donor,))])), catalog, STARTED)
        shown, kept = visitor_record(catalog, "m:A1"), catalog.record("m:A1")
    assert shown is not None and kept is not None
    assert shown.texts[0].content == "Given by Ann Smith, [e-mail removed], in 1990."
    assert kept.texts[0].content == donor.content


def test_what_rights_forbid_is_not_published(tmp_path: Path) -> None:
    hidden = a_record("A1", rights={"statement": "no display", "shows": False})
    with Catalog(tmp_path) as catalog:
        ingest(a_source(mapped([hidden])), catalog, STARTED)
        assert visitor_record(catalog, "m:A1") is None
        assert visitor_record(catalog, "m:A404") is None
