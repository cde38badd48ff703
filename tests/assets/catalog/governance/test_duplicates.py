"""Records that may be one artifact: who meets whom, and how alike they are."""

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.governance.duplicates import LARGEST_BLOCK, block_keys, likeness, same_content, score
from assets.catalog.governance.policy import Governance
from assets.catalog.intake import prepare
from assets.catalog.record import Actor, ArtifactRecord, Dimension, Maker, Text, TimeSpan
from assets.catalog.row import Mapped
from tests.assets.catalog.records import a_record


def titled(title: str, **changes: object) -> ArtifactRecord:
    return a_record("B1", titles=(Text(content=title, kind="title"),), **changes)


def document(record: ArtifactRecord) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_defaults=True)


def compare(a: ArtifactRecord, b: ArtifactRecord) -> tuple[float, str]:
    return score(likeness(document(a)), likeness(document(b)))


def by(name: str) -> dict[str, object]:
    return {"makers": (Maker(actor=Actor(name=name)),)}


def meet(a: ArtifactRecord, b: ArtifactRecord) -> bool:
    return not set(block_keys(a)).isdisjoint(block_keys(b))


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("THE PREACHING OF WARNING", "Robert Blake"),
        ("Warning, The Preaching of", "Robert Blake"),
        ("The Preching of Warning", "Blake, Robert"),
        ("Preaching of Warning", "R. Blake"),
    ],
)
def test_the_same_work_worded_otherwise_meets_and_scores_high(title: str, maker: str) -> None:
    known = titled("The Preaching of Warning", **by("Robert Blake"))
    other = titled(title, **by(maker))
    assert meet(known, other)
    assert compare(known, other)[0] >= Governance().duplicates_from


def test_works_of_other_makers_under_other_titles_do_not_meet() -> None:
    assert not meet(titled("The Preaching of Warning"), titled("Views on the Hudson", **by("Thomas Cole")))


def test_unknown_makers_and_missing_titles_make_no_key() -> None:
    assert block_keys(titled("Bowl", **by("Unknown"))) == ()
    assert block_keys(a_record(titles=(), makers=())) == ()


@pytest.mark.parametrize("title", ["Untitled", "[no title]", "(Title not known)", "無題"])
def test_having_no_title_is_not_having_the_same_title(title: str) -> None:
    _, reason = compare(titled(title, medium="Oil"), titled(title, medium="Ink"))
    assert "title" not in reason


def test_parts_of_a_series_are_told_apart_by_their_numbers() -> None:
    one, other = titled("Camera Notes, Vol. 3, No. 3"), titled("Camera Notes, Vol. 4, No. 1")
    assert compare(one, other)[0] < Governance().duplicates_from


def test_records_alike_in_all_but_number_are_exact() -> None:
    assert compare(a_record("A1", titles=()), a_record("A2", titles=())) == (
        1.0,
        "exact: alike in everything but number, pictures and links",
    )
    assert not same_content(document(a_record("A1")), document(a_record("A1", medium="Ink")))


def test_a_rounded_size_still_counts_as_the_same_and_another_size_does_not() -> None:
    def sized(height: float) -> ArtifactRecord:
        return titled(
            "A view", medium=str(height), dimensions=(Dimension(kind="height", value=height, unit="m"),)
        )

    assert "dimensions 100%" in compare(sized(0.343), sized(0.34))[1]
    assert "dimensions 0%" in compare(sized(0.343), sized(0.20))[1]


def test_about_1880_agrees_with_1882_and_not_with_1780() -> None:
    def dated(first: int, last: int) -> ArtifactRecord:
        return titled("A view", medium=str(first), produced=TimeSpan(earliest=first, latest=last))

    near = compare(dated(1882, 1882), dated(1875, 1885))[0]
    assert (
        near
        > compare(dated(1882, 1882), dated(1870, 1879))[0]
        > compare(dated(1882, 1882), dated(1775, 1785))[0]
    )


YEARS = st.integers(-3000, 2020)
RECORDS = st.builds(
    lambda title, maker, year, size: titled(
        title or "x",
        **by(maker or "x"),
        produced=TimeSpan(earliest=year, latest=year + 3),
        dimensions=(Dimension(kind="height", value=size, unit="m"),),
    ),
    st.text(max_size=30),
    st.text(max_size=20),
    YEARS,
    st.floats(0.001, 10),
)


@given(RECORDS, RECORDS)
def test_likeness_is_symmetric_and_between_nothing_and_all(a: ArtifactRecord, b: ArtifactRecord) -> None:
    likely, _ = compare(a, b)
    assert 0 <= likely <= 1
    assert compare(b, a)[0] == likely


@given(RECORDS, RECORDS, st.floats(0, 1))
def test_what_is_passed_over_early_would_not_have_been_reported(
    a: ArtifactRecord, b: ArtifactRecord, least: float
) -> None:
    likely, reason = compare(a, b)
    early = score(likeness(document(a)), likeness(document(b)), least)
    assert early == ((likely, reason) if likely >= least else (0.0, ""))


@given(RECORDS)
def test_every_record_is_like_itself_and_has_at_most_three_keys(record: ArtifactRecord) -> None:
    assert compare(record, record)[0] == 1
    keys = block_keys(record)
    assert len(keys) <= 3
    assert all(0 <= key < 2**32 for key in keys)


def misspelled(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, max(2, len(word) - 1))
    return word[:at] + word[at + 1 :]


def reworded(record: ArtifactRecord, chance: random.Random) -> ArtifactRecord:
    """As a second cataloger might type it: case, slip or order in the title, maker inverted, cm."""
    changes: dict[str, object] = {"id": f"{record.institution}:again", "accession": "again"}
    if record.titles:
        words = record.titles[0].content.split() or ["x"]
        how = chance.choice(("case", "slip", "order"))
        if how == "case":
            words = [word.upper() for word in words]
        elif how == "slip":
            at = chance.randrange(len(words))
            words[at] = misspelled(words[at], chance) or "x"
        else:
            words = words[1:] + words[:1]
        changes["titles"] = (record.titles[0].model_copy(update={"content": " ".join(words)}),)
    if record.makers:
        first, *rest = record.makers[0].actor.name.split()
        name = f"{' '.join(rest)}, {first}" if rest else first
        changes["makers"] = (Maker(actor=Actor(name=name)),)
    span = record.produced
    if span is not None and span.earliest is not None and span.latest is not None and chance.random() < 0.5:
        changes["produced"] = TimeSpan(earliest=span.earliest - 2, latest=span.latest + 2, circa=True)
    changes["dimensions"] = tuple(
        d.model_copy(update={"value": max(round(d.value, 2), 0.01)}) for d in record.dimensions
    )
    return record.model_copy(update=changes)


@pytest.mark.data
@pytest.mark.parametrize(
    ("folder", "profile", "least"),
    [("tate", "tate", 0.80), ("cmoa", "cmoa", 0.70), ("aac_nmwa", "nmwa", 0.80), ("aac_cbm", "cbm", 0.85)],
)
def test_planted_duplicates_of_real_records_are_reported(
    folder: str, profile: str, least: float, shared_data: Path
) -> None:
    """300 records a collection; the keys of larger blocks say nothing, as in the store."""
    source, _ = prepare(shared_data / "catalogue" / folder, profile, on_bytes=lambda _: None)
    records = [outcome.record for outcome in source.outcomes if isinstance(outcome, Mapped)]
    blocks: dict[int, set[str]] = defaultdict(set)
    for record in records:
        for key in block_keys(record):
            blocks[key].add(record.id)
    chance = random.Random(99)
    reported = 0
    for record in chance.sample(records, 300):
        planted = reworded(record, chance)
        met = any(
            record.id in blocks[key] and len(blocks[key]) < LARGEST_BLOCK for key in block_keys(planted)
        )
        reported += met and compare(record, planted)[0] >= Governance().duplicates_from
    assert reported / 300 >= least
