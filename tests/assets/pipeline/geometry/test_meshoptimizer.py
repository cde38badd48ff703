"""meshoptimizer's C library behind our functions: codecs undone, a missing library named."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.pipeline.geometry import meshoptimizer
from assets.pipeline.geometry.meshoptimizer import MissingMeshoptimizer
from tests.assets.pipeline.solids import grid

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture
def forgotten() -> Iterator[None]:
    """The library is looked for anew in the test, and again after it."""
    meshoptimizer._library.cache_clear()
    yield
    meshoptimizer._library.cache_clear()


@given(seeds, st.integers(1, 300), st.sampled_from([4, 8, 12, 16]))
def test_vertices_come_back_to_the_byte(seed: int, count: int, stride: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 256, (count, stride)).astype(np.uint8)
    assert np.array_equal(
        meshoptimizer.decode_vertices(meshoptimizer.encode_vertices(rows), count, stride), rows
    )


@given(st.integers(1, 12), st.integers(1, 12))
def test_triangles_come_back_with_the_same_facing(rows: int, columns: int) -> None:
    triangles, count = grid(rows, columns), (rows + 1) * (columns + 1)
    back = meshoptimizer.decode_triangles(meshoptimizer.encode_triangles(triangles, count), len(triangles))
    turned = [np.roll(back, turn, axis=1) for turn in range(3)]
    assert np.any([(each == triangles).all(axis=1) for each in turned], axis=0).all()


@given(seeds)
def test_octahedral_normals_come_back_within_a_degree_and_a_half(seed: int) -> None:
    drawn = np.random.default_rng(seed).normal(size=(50, 3)).astype(np.float32)
    unit = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    back = meshoptimizer.decode_octahedral(meshoptimizer.encode_octahedral(unit))
    back /= np.linalg.norm(back, axis=1, keepdims=True)
    assert np.einsum("ij,ij->i", unit, back).min() > np.cos(np.radians(1.5))


@given(seeds, st.integers(0, 40))
def test_equal_rows_are_found_byte_by_byte(seed: int, count: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 3, (count + 1, 2)).astype(np.float32)
    kinds, first = meshoptimizer.equal_rows(rows)
    assert np.array_equal(rows[first][kinds], rows)
    assert len(first) == len(np.unique(rows, axis=0))


def test_cache_order_keeps_the_triangles_and_drops_unused_vertices() -> None:
    triangles = grid(9, 9) + np.uint32(5)
    ordered, order = meshoptimizer.in_cache_order(triangles, 200)
    assert len(order) == 100
    found = np.sort(order[ordered.astype(np.int64)], axis=1)
    wanted = np.sort(triangles, axis=1)
    assert np.array_equal(found[np.lexsort(found.T)], wanted[np.lexsort(wanted.T)])
    assert ordered.reshape(-1)[0] == 0


@pytest.mark.parametrize("damage", [b"", b"\x00" * 12, b"\xa0\x01\x02"])
def test_damaged_bytes_are_refused(damage: bytes) -> None:
    with pytest.raises(ValueError, match="no meshopt vertex buffer"):
        meshoptimizer.decode_vertices(damage, 20, 8)
    with pytest.raises(ValueError, match="no meshopt index buffer"):
        meshoptimizer.decode_triangles(damage, 20)


@pytest.mark.usefixtures("forgotten")
def test_a_missing_library_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meshoptimizer, "_has_avx2", lambda: False)
    monkeypatch.setattr(meshoptimizer, "find_library", lambda name: None)
    assert "pip install almeshopt" in str(meshoptimizer.missing())
    with pytest.raises(MissingMeshoptimizer, match="a system libmeshoptimizer"):
        meshoptimizer.encode_vertices(np.zeros((3, 4), np.uint8))


@pytest.mark.usefixtures("forgotten")
def test_a_system_library_serves_where_the_wheel_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    (wheel,) = (Path(place) for place in meshoptimizer._places() if "almeshopt" in place)
    monkeypatch.setattr(meshoptimizer, "_has_avx2", lambda: False)
    monkeypatch.setattr(meshoptimizer, "find_library", lambda name: str(wheel))
    assert meshoptimizer.missing() is None


@pytest.mark.usefixtures("forgotten")
def test_an_old_system_library_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meshoptimizer, "_has_avx2", lambda: False)
    monkeypatch.setattr(meshoptimizer, "find_library", lambda name: "libc.so.6")
    assert "tried: libc.so.6" in str(meshoptimizer.missing())
