"""Records to export: any that the model allows, and those of real institutions."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from assets.catalog.record import (
    Acquisition,
    Actor,
    ArtifactRecord,
    Dimension,
    Identifier,
    Image,
    Maker,
    Phase,
    Place,
    Relation,
    RequiredStatement,
    Rights,
    ScanRef,
    Term,
    Text,
    TimeSpan,
)
from assets.catalog.row import Mapped
from assets.catalog.sources.bounds import to_edtf
from assets.catalog.sources.by_profile import load_profile, open_source
from assets.catalog.sources.crm_graph import read_crm_graph
from assets.catalog.sources.linked_art import read_linked_art

_WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=12,
)
_MAYBE = st.none() | _WORDS
_TAGS = st.sampled_from(["und", "en", "de", "zh", "zh-Hant", "grc", "tlh", "pt-BR"])
_URIS = st.sampled_from(
    [
        "http://vocab.getty.edu/aat/300010900",
        "http://vocab.getty.edu/ulan/500018666",
        "https://museum.example/thing/7",
        "https://collection.example/a?b=c&d=1#x",
    ]
)
_LICENSES = st.sampled_from(
    ["https://creativecommons.org/publicdomain/zero/1.0/", "http://rightsstatements.org/vocab/InC/1.0/"]
)


def _several(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3, unique=True).map(tuple)


@st.composite
def _spans(draw: st.DrawFn) -> TimeSpan:
    low = draw(st.none() | st.integers(-20000, 3000))
    high = draw(
        st.integers(-20000 if low is None else low, 3000) | (st.none() if low is not None else st.nothing())
    )
    fine = low is not None and high is not None and draw(st.booleans())
    span = TimeSpan(
        earliest=low,
        latest=high,
        earliest_day=f"{'-' if low < 0 else ''}{abs(low):04d}-03-05" if fine and low is not None else None,
        latest_day=f"{'-' if high < 0 else ''}{abs(high):04d}-11-30" if fine and high is not None else None,
        circa=draw(st.booleans()),
        uncertain=draw(st.booleans()),
        text=draw(_MAYBE),
    )
    return span.model_copy(update={"edtf": to_edtf(span)})


_TERMS = st.builds(Term, label=_WORDS, uri=st.none() | _URIS, language=_TAGS, uncertain=st.booleans())
_ACTORS = st.builds(
    Actor,
    name=_WORDS,
    kind=st.sampled_from(["person", "group", "unknown"]),
    uris=_several(_URIS),
    born=st.none() | _spans(),
    nationality=_MAYBE,
)
_RIGHTS = st.builds(Rights, uri=st.none() | _LICENSES, statement=_MAYBE, holder=_MAYBE, shows=st.booleans())
_DIMENSIONS = st.one_of(
    [
        st.builds(
            Dimension,
            kind=st.sampled_from(
                ["height", "width", "depth", "circumference", "weight", "volume", "area", "other"]
            ),
            value=st.floats(1e-6, 1e6),
            unit=st.sampled_from(["m", "kg", "m3", "m2", "s"]),
            of=st.sampled_from(["overall", "frame", "lid"]),
            stated_value=stated,
            stated_unit=unit,
            approximate=st.booleans(),
        )
        for stated, unit in (
            (st.none(), st.none()),
            (st.floats(0.001, 1e6), st.sampled_from(["cm", "in", "lb"])),
        )
    ]
)
_PLACES = st.builds(
    Place,
    name=_WORDS,
    role=st.sampled_from(["made", "found", "depicted", "used", "kept", "other"]),
    uri=st.none() | _URIS,
    latitude=st.none() | st.floats(-90, 90),
)
_RELATIONS = st.builds(
    Relation,
    kind=st.sampled_from(["part-of", "has-part", "copy-of", "related", "depicts", "set", "page"]),
    target=_URIS | _WORDS | st.just("museum:17"),
    label=_MAYBE,
)
_IDENTIFIERS = st.builds(
    Identifier, value=_WORDS | _URIS, kind=st.sampled_from(["accession", "local", "uri", "other"])
)
_TITLES = st.builds(
    Text, content=_WORDS, language=_TAGS, kind=st.sampled_from(["title", "alternative-title"])
)
_TEXTS = st.builds(
    Text,
    content=_WORDS,
    language=_TAGS,
    rights=st.none() | _LICENSES,
    kind=st.sampled_from(["description", "note", "glance", "inscription", "audio-description", "provenance"]),
)
_IMAGES = st.builds(
    Image,
    uri=_URIS,
    caption=_MAYBE,
    width=st.none() | st.integers(1, 20000),
    height=st.none() | st.integers(1, 20000),
    rights=st.none() | _RIGHTS,
)

RECORDS: st.SearchStrategy[ArtifactRecord] = st.builds(
    ArtifactRecord,
    id=_WORDS.map(lambda word: f"museum:{word}"),
    institution=st.just("museum"),
    accession=_WORDS,
    identifiers=_several(_IDENTIFIERS),
    titles=_several(_TITLES),
    texts=_several(_TEXTS),
    object_types=_several(_TERMS),
    subjects=_several(_TERMS),
    makers=_several(st.builds(Maker, actor=_ACTORS, role=_MAYBE, qualifier=_MAYBE)),
    produced=st.none() | _spans(),
    phases=_several(st.builds(Phase, name=_WORDS, span=_spans())),
    materials=_several(_TERMS),
    techniques=_several(_TERMS),
    medium=_MAYBE,
    dimensions=_several(_DIMENSIONS),
    cultures=_several(_TERMS),
    periods=_several(_TERMS),
    places=_several(_PLACES),
    department=_MAYBE,
    credit_line=_MAYBE,
    rights=st.none() | _RIGHTS,
    required_statement=st.none() | st.builds(RequiredStatement, label=_WORDS, value=_WORDS),
    images=_several(_IMAGES),
    scans=_several(st.builds(ScanRef, uri=_URIS, caption=_MAYBE, rights=st.none() | _RIGHTS)),
    relations=_several(_RELATIONS),
    acquisition=st.none() | st.builds(Acquisition, method=_MAYBE, when=st.none() | _spans(), text=_MAYBE),
)


def _draw(data: st.DataObject) -> ArtifactRecord:
    return data.draw(RECORDS)


@pytest.fixture(scope="session")
def draw_record() -> Callable[[st.DataObject], ArtifactRecord]:
    """Draws any record, without provenance."""
    return _draw


_FOLDERS = {
    "aic": "aic_api_samples",
    "autry": "aac_autry",
    "cbm": "aac_cbm",
    "cmoa": "cmoa",
    "getty-cva10": "getty_cva10",
    "nmwa": "aac_nmwa",
    "tate": "tate",
}


@pytest.fixture(scope="session")
def real_records(shared_data: Path) -> list[ArtifactRecord]:
    """Records of every institution, from its own format and from its graph; every 20th of the large ones."""
    catalog = shared_data / "catalogue"
    read = list(read_linked_art(catalog / "linked_art" / "records", "linked-art"))
    for profile, folder in _FOLDERS.items():
        step = 20 if folder in ("aac_cbm", "cmoa", "aac_nmwa", "tate") else 5
        read += islice(open_source(catalog / folder, load_profile(profile)), 0, None, step)
    for institution in ("autry", "cbm", "nmwa"):
        graph = catalog / f"aac_{institution}" / "consolidated_data.n3.zip"
        read += islice(read_crm_graph(graph, institution), 0, None, 20)
    return [each.record for each in read if isinstance(each, Mapped)]
