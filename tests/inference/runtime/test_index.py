import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.patches import Axes, Layout
from inference.runtime.index import EmbeddingIndex, IndexConflict
from inference.runtime.index_files import Entry, FormerFormat, IndexRefused
from inference.runtime.sketch import DIRECTIONS, Sketch

DIMENSION, MODEL = 32, "0123456789abcdef"


def unit(rows: int, seed: int = 0) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(rows, DIMENSION))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def named(rows: int, views: int = 4) -> list[Entry]:
    return [Entry(f"vase-{row // views:04d}", f"view-{row}") for row in range(rows)]


def reopened(index: EmbeddingIndex, folder: Path) -> EmbeddingIndex:
    found = EmbeddingIndex.open(folder, model=MODEL, layout=Layout(DIMENSION))
    assert found.number == index.number
    return found


@pytest.fixture
def empty(tmp_path: Path) -> EmbeddingIndex:
    return EmbeddingIndex.create(tmp_path, model=MODEL, layout=Layout(DIMENSION))


def test_the_best_view_of_each_artifact_is_found_best_first(empty: EmbeddingIndex, tmp_path: Path) -> None:
    vectors, query = unit(200), unit(1, seed=1)[0]
    index = reopened(empty.added(named(200), vectors), tmp_path)
    scores = vectors @ query
    best = scores.reshape(50, 4).max(axis=1)
    order = np.argsort(-best)[:5]
    found = index.search(query, 5)
    assert [match.artifact for match in found] == [f"vase-{row:04d}" for row in order]
    assert [match.view for match in found] == [
        f"view-{4 * row + scores.reshape(50, 4)[row].argmax()}" for row in order
    ]
    assert np.allclose([match.similarity for match in found], best[order], atol=1e-6)


def test_an_artifact_is_found_from_the_moment_it_is_added_and_gone_when_removed(
    empty: EmbeddingIndex, tmp_path: Path
) -> None:
    first = empty.added(named(40), unit(40))
    query = unit(1, seed=5)
    second = first.added([Entry("new", "photo")], query)
    assert first.search(query[0], 1)[0].artifact != "new"
    assert reopened(second, tmp_path).search(query[0], 1)[0].artifact == "new"
    third = reopened(second.without("new"), tmp_path)
    assert "new" not in third.artifacts
    assert all(match.artifact != "new" for match in third.search(query[0], 100))
    assert third.without("never there") is third


def test_a_view_of_the_same_name_replaces_the_older_one(empty: EmbeddingIndex) -> None:
    old, new = unit(1, seed=1), unit(1, seed=2)
    index = empty.added([Entry("vase", "front")], old).added([Entry("vase", "front")], new)
    assert len(index) == 1
    assert index.search(new[0], 1)[0].similarity == pytest.approx(1.0, abs=1e-5)


def test_candidates_restrict_the_answer_and_unknown_ones_are_no_match(empty: EmbeddingIndex) -> None:
    index = empty.added(named(40), unit(40))
    query = unit(1, seed=9)[0]
    near = {"vase-0003", "vase-0007", "not in the index"}
    assert {match.artifact for match in index.search(query, 10, near)} == {"vase-0003", "vase-0007"}
    assert index.search(query, 10, {"not in the index"}) == []


def test_candidates_may_be_all_artifacts_in_any_order(empty: EmbeddingIndex) -> None:
    vectors = unit(10)
    index = empty.added(named(10, views=1), vectors)
    everyone = sorted(index.artifacts, reverse=True)
    for number, vector in enumerate(vectors):
        first = index.search(vector, 1, [*everyone, everyone[0]])[0]
        assert first.artifact == f"vase-{number:04d}"
        assert first.similarity == pytest.approx(1.0, abs=1e-5)


def test_an_empty_index_answers_with_nothing(empty: EmbeddingIndex) -> None:
    assert empty.search(unit(1)[0], 5) == []
    assert len(empty.compacted()) == 0


@pytest.mark.parametrize("exact_rows", [10_000, 100])
def test_compaction_changes_no_answer_and_leaves_no_old_file(
    empty: EmbeddingIndex, tmp_path: Path, exact_rows: int
) -> None:
    index = empty.added(named(400), unit(400)).added([Entry("new", "a"), Entry("new", "b")], unit(2, seed=8))
    index = index.without("vase-0000").without("vase-0050")
    compacted = reopened(index.compacted(exact_rows=exact_rows), tmp_path)
    assert compacted.is_approximate == (exact_rows == 100)
    for query in unit(20, seed=3):
        ours = [(match.artifact, match.view) for match in compacted.search(query, 3)]
        assert ours == [(match.artifact, match.view) for match in index.search(query, 3)]
    suffixes = sorted(path.suffix for path in tmp_path.iterdir())
    assert suffixes == [".json", ".json", ".npy", *([".npy", ".npz"] if exact_rows == 100 else [])]


def with_places(rows: int, seed: int = 0) -> NDArray[np.float32]:
    """Rows of vectors and, for nine places each, features that say more than the vectors."""
    features = np.random.default_rng([seed, 1]).normal(size=(rows, 9, 16)).astype(np.float32)
    return LOCATED.joined(unit(rows, seed), features)


LOCATED = Layout(DIMENSION, 9, 16)


@pytest.fixture
def located(tmp_path: Path) -> EmbeddingIndex:
    axes = Axes.of(LOCATED.features(with_places(60, seed=9)))
    return EmbeddingIndex.create(tmp_path, model=MODEL, layout=LOCATED, axes=axes)


def test_patches_decide_among_the_nearest_views(located: EmbeddingIndex, tmp_path: Path) -> None:
    rows = with_places(40)
    located.added(named(40), rows)
    index = EmbeddingIndex.open(tmp_path, model=MODEL, layout=LOCATED)
    query = rows[13].copy()
    # By its vector it is a little more like another one.
    query[:DIMENSION] = 0.6 * rows[30, :DIMENSION] + 0.5 * rows[13, :DIMENSION]
    query[:DIMENSION] /= np.linalg.norm(query[:DIMENSION])
    assert (rows[:, :DIMENSION] @ query[:DIMENSION]).argmax() == 30
    first, second = index.search(query, 2)
    assert (first.artifact, first.view) == ("vase-0003", "view-13")
    assert first.similarity == pytest.approx(
        (rows[13] @ query - rows[13, DIMENSION:] @ query[DIMENSION:] + 1) / 2, abs=0.01
    )
    assert first.similarity > second.similarity
    assert len(index.search(query, 10)) == 10
    assert index.search(query, 3, {"vase-0009", "vase-0003"})[0].artifact == "vase-0003"


def test_patches_stay_with_their_rows_when_others_go_and_segments_are_joined(
    located: EmbeddingIndex, tmp_path: Path
) -> None:
    rows = with_places(40)
    index = located.added(named(40)[:24], rows[:24]).added(named(40)[24:], rows[24:]).without("vase-0002")
    compacted = index.compacted()
    for query in with_places(10, seed=4):
        assert compacted.search(query, 5) == index.search(query, 5)
    names = sorted(path.name.split("-")[0] for path in tmp_path.iterdir())
    assert names == ["entries", "index", "patchaxes", "patches", "vectors"]


def test_an_index_is_rebuilt_along_other_axes_in_one_change(located: EmbeddingIndex, tmp_path: Path) -> None:
    rows, entries = with_places(40), named(40)
    before = located.added(entries[:20], rows[:20])
    seen: list[int] = []

    def batches() -> Iterator[tuple[list[Entry], NDArray[np.float32]]]:
        for at in range(0, 40, 10):
            seen.append(len(EmbeddingIndex.open(tmp_path, model=MODEL, layout=LOCATED)))
            yield entries[at : at + 10], rows[at : at + 10]

    after = before.rebuilt(Axes.of(LOCATED.features(rows)), batches())
    assert seen == [20] * 4
    assert (len(after), after.number) == (40, before.number + 1)
    assert after.search(rows[33], 1)[0].view == "view-33"


def test_patches_decide_among_what_a_sketch_proposes_too(located: EmbeddingIndex) -> None:
    rows = with_places(400)
    index = located.added(named(400), rows).compacted(exact_rows=100)
    assert index.is_approximate
    for number in (3, 250):
        found = index.search(rows[number], 3)
        assert found[0].view == f"view-{number}"
        assert found[0].similarity == pytest.approx(1.0, abs=0.02)


def test_a_rebuild_that_comes_too_late_changes_nothing_and_its_files_can_be_swept(
    located: EmbeddingIndex, tmp_path: Path
) -> None:
    rows = with_places(8)
    before = located.added(named(8), rows)
    before.without("vase-0001")
    with pytest.raises(IndexConflict):
        before.rebuilt(Axes.of(LOCATED.features(rows)), [(named(8), rows)])
    index = EmbeddingIndex.open(tmp_path, model=MODEL, layout=LOCATED)
    assert len(index) == 4
    index.compacted().swept()
    names = sorted(path.name.split("-")[0] for path in tmp_path.iterdir())
    assert names == ["entries", "index", "patchaxes", "patches", "vectors"]


def test_axes_of_other_features_than_the_layout_are_refused(tmp_path: Path) -> None:
    axes = Axes.of(np.random.default_rng(0).normal(size=(20, 9, 8)).astype(np.float32))
    with pytest.raises(IndexRefused, match="axes of 8 features, the header states 16"):
        EmbeddingIndex.create(tmp_path, model=MODEL, layout=LOCATED, axes=axes)


def test_an_index_whose_axes_are_damaged_is_refused(located: EmbeddingIndex, tmp_path: Path) -> None:
    located.added(named(4), with_places(4))
    (axes,) = tmp_path.glob("patchaxes-*")
    axes.write_bytes(axes.read_bytes()[:50])
    with pytest.raises(IndexRefused, match=f"{axes.name}: the axes of patches cannot be read"):
        EmbeddingIndex.open(tmp_path, model=MODEL, layout=LOCATED)


def test_what_was_added_after_the_sketch_was_made_is_found_as_well(empty: EmbeddingIndex) -> None:
    index = empty.added(named(400), unit(400)).compacted(exact_rows=100)
    query = unit(1, seed=5)
    later = index.added([Entry("new", "photo")], query).without("vase-0001")
    assert later.is_approximate
    assert later.search(query[0], 1)[0].artifact == "new"
    own = unit(400)[4]
    assert later.search(own, 3)[0].artifact != "vase-0001"


def test_every_view_is_found_by_its_own_vector_in_a_sketch(empty: EmbeddingIndex) -> None:
    vectors = unit(1000)
    # Ten equal views have equal codes: either all are proposed or none is.
    vectors[10:20] = vectors[10]
    index = empty.added(named(1000, views=1), vectors).compacted(exact_rows=100)
    assert index.is_approximate
    for row in range(1000):
        found = index.search(vectors[row], 12)
        assert f"vase-{row:04d}" in [match.artifact for match in found]


def test_a_large_gallery_is_copied_and_coded_in_pieces_with_the_same_answers(
    empty: EmbeddingIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = (
        empty.added(named(400), unit(400)).added([Entry("new", "a")], unit(1, seed=8)).without("vase-0002")
    )
    whole = index.compacted(exact_rows=100)
    monkeypatch.setattr("inference.runtime.index_files.PIECE_BYTES", 7 * 4 * DIMENSION)
    monkeypatch.setattr("inference.runtime.sketch.PIECE", 7)
    pieces = whole.compacted(exact_rows=100)
    for query in unit(20, seed=3):
        assert pieces.search(query, 3) == index.search(query, 3)


def test_a_sketch_proposes_the_nearest_rows_of_longer_vectors_too() -> None:
    """Components beyond those that are kept weigh little in embeddings: here as 1 / place."""
    draw = np.random.default_rng(4)
    falling = 1.0 / np.arange(1, 2 * DIRECTIONS + 1)
    vectors = draw.normal(size=(4000, len(falling))) * falling
    gallery = np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        codes, axes = Path(folder) / "codes.npy", Path(folder) / "axes.npz"
        sketch = Sketch.written(lambda start, end: gallery[start:end], len(gallery), codes, axes)
        assert sketch.codes.shape == (4000, DIRECTIONS)
        for query in gallery[:50]:
            nearest = np.argsort(-(gallery @ query))[:10]
            assert set(nearest.tolist()) <= set(sketch.proposed(query, 64).tolist())


def test_a_small_index_of_the_former_format_is_read_and_a_large_one_is_to_be_built_anew(
    empty: EmbeddingIndex, tmp_path: Path
) -> None:
    index = empty.added(named(40), unit(40))
    header = tmp_path / f"index-{index.number:08d}.json"
    told = json.loads(header.read_text()) | {"format": 2, "graph": None, "unreached": []}
    del told["sketch"]
    header.write_text(json.dumps(told))
    query = unit(1, seed=3)[0]
    assert reopened(index, tmp_path).search(query, 5) == index.search(query, 5)
    header.write_text(json.dumps(told | {"graph": f"graph-{'0' * 32}.usearch"}))
    with pytest.raises(FormerFormat, match="twin index"):
        reopened(index, tmp_path)


def test_an_older_state_answers_as_before_while_a_newer_one_is_written(
    empty: EmbeddingIndex, tmp_path: Path
) -> None:
    index = empty.added(named(40), unit(40))
    query = unit(1, seed=3)[0]
    before = index.search(query, 5)
    index.without("vase-0001").compacted()
    assert index.search(query, 5) == before


def test_of_two_writers_the_second_is_told_and_nothing_is_lost(empty: EmbeddingIndex, tmp_path: Path) -> None:
    first = empty.added([Entry("a", "1")], unit(1))
    with pytest.raises(IndexConflict, match="open it again"):
        empty.added([Entry("b", "1")], unit(1, seed=1))
    assert set(reopened(first, tmp_path).artifacts) == {"a"}
    with pytest.raises(IndexConflict):
        EmbeddingIndex.create(tmp_path, model=MODEL, layout=Layout(DIMENSION))


def test_an_index_of_another_model_or_dimension_is_refused(empty: EmbeddingIndex, tmp_path: Path) -> None:
    with pytest.raises(IndexRefused, match="made by model 0123456789abcdef"):
        EmbeddingIndex.open(tmp_path, model="f" * 16, layout=Layout(DIMENSION))
    with pytest.raises(IndexRefused, match="with 32 components; the recognizer is"):
        EmbeddingIndex.open(tmp_path, model=MODEL, layout=Layout(64))
    with pytest.raises(IndexRefused, match="no index there"):
        EmbeddingIndex.open(tmp_path / "elsewhere", model=MODEL, layout=Layout(DIMENSION))


@pytest.mark.parametrize(
    ("vectors", "told"),
    [
        (np.full((1, DIMENSION), np.nan, dtype=np.float32), "NaN"),
        (np.zeros((1, DIMENSION), dtype=np.float32), "length 0.000; 1 is needed"),
        (np.ones((1, 7), dtype=np.float32), r"this index holds \(n, 32\)"),
        (unit(2), "1 entries for 2 vectors"),
    ],
    ids=["nan", "zero", "dimension", "count"],
)
def test_vectors_that_no_network_should_give_are_refused(
    empty: EmbeddingIndex, vectors: NDArray[np.float32], told: str
) -> None:
    with pytest.raises(IndexRefused, match=told):
        empty.added([Entry("vase", "front")], vectors)


def test_a_query_with_a_nan_is_refused(empty: EmbeddingIndex) -> None:
    with pytest.raises(IndexRefused, match="NaN"):
        empty.search(np.full(DIMENSION, np.nan, dtype=np.float32), 1)


@pytest.mark.parametrize("name", ["vectors-*.npy", "entries-*.json", "codes-*.npy", "axes-*.npz"])
def test_a_truncated_file_is_refused_with_its_name(empty: EmbeddingIndex, tmp_path: Path, name: str) -> None:
    empty.added(named(400), unit(400)).compacted(exact_rows=100)
    (file,) = tmp_path.glob(name)
    # A power cut leaves empty files behind.
    for length in (100, 0):
        file.write_bytes(file.read_bytes()[:length])
        with pytest.raises(IndexRefused, match=file.name):
            EmbeddingIndex.open(tmp_path, model=MODEL, layout=Layout(DIMENSION))
