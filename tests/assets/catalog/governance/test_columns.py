"""The fingerprint of a release's columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.governance.columns import (
    ALL_UP_TO,
    DISTINCT_LIMIT,
    THINNING,
    ColumnsCollector,
    column_texts,
    shape_of,
)
from assets.catalog.record import Origin, Text
from tests.assets.catalog.records import a_record


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1887", "integer"),
        ("2010.91", "number"),
        ("-490", "number"),
        ("ca. 1887", "dated"),
        ("https://example.org/1", "url"),
        ("Painting", "short"),
        ("A long sentence about a painting of the Hudson river", "long"),
    ],
)
def test_values_have_a_coarse_shape(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def test_a_column_gives_its_original_text_and_a_constant_gives_none() -> None:
    record = a_record(
        titles=(Text(content="A view", kind="title"),),
        rights={"holder": "Museum"},
        provenance={
            "/titles/0": Origin(field="Title"),
            "/produced": Origin(field="Date", text="c. 1785", by="dates.year"),
            "/rights": Origin(field="profile", text="Museum", by="constant"),
        },
    )
    assert column_texts(record) == {"Title": "A view", "Date": "c. 1785"}


@given(st.lists(st.sampled_from(["1785", "c. 1785", "", "Ã©tude"]), min_size=1, max_size=50))
def test_counts_and_shares_add_up(texts: list[str]) -> None:
    collector = ColumnsCollector()
    for text in texts:
        collector.add(a_record(provenance={"/produced": Origin(field="Date", text=text, by="dates")}))
    profile = collector.profile()
    filled = [text for text in texts if text]
    assert profile.records == len(texts)
    if not filled:
        assert profile.columns == {}
        return
    column = profile.columns["Date"]
    assert column.filled == len(filled)
    assert sum(column.shapes.values()) == pytest.approx(1)
    assert column.distinct == len(set(filled))
    assert column.damaged == filled.count("Ã©tude")
    assert column.top_share == pytest.approx(max(map(filled.count, filled)) / len(filled))


def test_memory_is_bounded_in_records_and_in_values() -> None:
    collector = ColumnsCollector()
    record = a_record()
    for number in range(ALL_UP_TO + 10 * THINNING):
        date = Origin(field="Date", text=f"no. {number}", by="dates")
        collector.add(record.model_copy(update={"provenance": {"/produced": date}}))
    profile = collector.profile()
    assert profile.records == ALL_UP_TO + 10
    assert profile.columns["Date"].distinct == DISTINCT_LIMIT
