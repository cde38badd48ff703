"""The store of derivatives shows what it showed before, or what it should show now."""

import hashlib
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from assets.pipeline.building.store import DerivativeStore, StoreError
from assets.pipeline.manifest import Decision, Derivative, Manifest, SourceFile

CONTENT = b"glTF and so on"
SHA = hashlib.sha256(CONTENT).hexdigest()


def manifest(content: bytes = CONTENT, scan: str = "pot") -> Manifest:
    decided = Decision(value="m", by="file", reason="the file states m")
    return Manifest(
        scan=scan,
        key="0" * 64,
        source=SourceFile(
            name="pot.glb", sha256=SHA, files={"pot.glb": SHA}, bytes=14, triangles=1, format="glb",
            unit=decided, up=decided, matrix=(1.0,) * 16,
        ),
        bounds=((0, 0, 0), (1, 1, 1)),
        derivatives=(
            Derivative(
                sha256=hashlib.sha256(content).hexdigest(), usage="master", quality=0, encoding="plain",
                bytes=len(content), triangles=1, hausdorff_mm=0, rms_mm=0, bounds=((0, 0, 0), (1, 1, 1)),
                device_bytes=84,
            ),
        ),
    )  # fmt: skip


def test_a_file_lies_under_the_hash_of_its_content_and_is_written_once(tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    assert store.put(CONTENT) == SHA
    path = tmp_path / "derivatives" / f"{SHA}.glb"
    assert path.read_bytes() == CONTENT
    before = path.stat().st_ino
    assert store.put(CONTENT) == SHA
    assert path.stat().st_ino == before


def test_a_file_that_was_cut_short_on_disk_is_written_again(tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    store.put(CONTENT)
    store.path(SHA).write_bytes(b"glTF")
    store.put(CONTENT)
    assert store.path(SHA).read_bytes() == CONTENT


def test_a_manifest_comes_back_as_it_was_published(tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    store.put(CONTENT)
    store.publish(manifest())
    assert store.manifest("pot") == manifest()
    assert list(store.manifests()) == [manifest()]
    assert store.manifest("other") is None


def test_a_manifest_whose_files_are_missing_is_not_published(tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    with pytest.raises(StoreError, match="not in the store"):
        store.publish(manifest())
    assert store.manifest("pot") is None


def test_a_damaged_manifest_is_named_with_its_remedy(tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    store.put(CONTENT)
    store.publish(manifest())
    path = tmp_path / "scans" / "pot" / "manifest.json"
    path.write_text(path.read_text()[:200])
    with pytest.raises(StoreError, match=r"manifest\.json.*build the scan again"):
        store.manifest("pot")


def test_two_builds_do_not_share_a_store(tmp_path: Path) -> None:
    one, other = DerivativeStore(tmp_path), DerivativeStore(tmp_path)
    with one.building(), pytest.raises(StoreError, match="another build"), other.building():
        pass
    with DerivativeStore(tmp_path).building():
        pass


def test_files_of_no_manifest_are_known(tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    store.put(CONTENT)
    store.publish(manifest())
    other = store.put(b"of a build that was killed")
    assert [path.stem for path in store.unused()] == [other]
    assert store.sweep(before=store.path(other).stat().st_mtime) == []
    assert [path.stem for path in store.sweep(before=time.time() + 1)] == [other]
    assert store.is_whole(manifest())
    assert not store.holds(other)


def test_a_write_that_stops_before_its_last_step_shows_nothing_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DerivativeStore(tmp_path)
    store.put(CONTENT)
    store.publish(manifest())
    other = b"the next one" * 1000
    store.put(other)

    def stopped(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        store.put(b"a third")
    with pytest.raises(KeyboardInterrupt):
        store.publish(manifest(other))
    assert store.manifest("pot") == manifest()
    assert not store.holds(hashlib.sha256(b"a third").hexdigest())


def _write_for_ever(folder: Path) -> None:
    store = DerivativeStore(folder)
    with store.building():
        for k in range(1_000_000):
            content = b"%d" % k * 20_000
            store.put(content)
            store.publish(manifest(content))


@pytest.mark.parametrize("attempt", range(6))
def test_a_build_that_is_killed_leaves_a_whole_store(tmp_path: Path, attempt: int) -> None:
    worker = multiprocessing.get_context("spawn").Process(target=_write_for_ever, args=(tmp_path,))
    worker.start()
    store = DerivativeStore(tmp_path)
    deadline = time.monotonic() + 60
    while len(list((tmp_path / "derivatives").glob("*.glb"))) < 3 + 5 * attempt:
        assert time.monotonic() < deadline
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    found = store.manifest("pot")
    assert found is not None
    assert store.is_whole(found)
    for path in (tmp_path / "derivatives").glob("*.glb"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    with store.building():
        assert list(tmp_path.rglob("*.part")) == []
    assert store.manifest("pot") == found
