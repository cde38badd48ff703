"""A build publishes what it says, computes nothing twice, and leaves the store as it was where it fails."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from jsonschema import Draft202012Validator

from assets.pipeline.building.batch import Batch, run_batch
from assets.pipeline.building.bench import BuildOptions
from assets.pipeline.building.build import build_scan, current
from assets.pipeline.building.jobs import ScanJob
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.building.workers import WorkerLimits
from assets.pipeline.files import read_glb
from assets.pipeline.geometry.place import PlaceOptions
from assets.pipeline.geometry.surface_points import NamedPoint, position_of
from assets.pipeline.manifest import Manifest, manifest_schema
from assets.pipeline.refusal import InputLimits, PipelineError, UnplacedScan, UnreadableScan, UnservableScan
from tests.assets.pipeline.made import exported
from tests.assets.pipeline.pot import HEIGHT, WIDTH, write_pot
from tests.assets.pipeline.readers import judged

SCHEMA = Path("docs", "schema", "scan-manifest.json")
QUICK = BuildOptions(usages=("thumb",), encodings=("meshopt",), sheet=False)
POT = PlaceOptions(lengths={"height": HEIGHT, "diameter": WIDTH})


def silent(verb: str, share: float) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def pot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scans") / "pot.ply"
    write_pot(path, 20_000)
    return path


@pytest.fixture(scope="module")
def built(pot: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[DerivativeStore, Manifest]:
    """The pot with a point on its belly, in the frame of its file: millimetres, on its back."""
    store = DerivativeStore(tmp_path_factory.mktemp("store"))
    belly = NamedPoint("belly", (133.0, 0.0, -176.4), (1.0, 0.0, 0.0))
    job = ScanJob("pot", pot, "museum:7", POT, (belly,))
    return store, build_scan(job, replace(QUICK, usages=("headset", "thumb")), store, silent).manifest


def test_the_unit_the_upright_axis_and_the_hole_are_found(built: tuple[DerivativeStore, Manifest]) -> None:
    source = built[1].source
    assert (source.unit.value, source.up.value) == ("mm", "-z")
    assert source.unit.ratio == pytest.approx(1.0, abs=0.02)
    low, high = built[1].bounds
    assert high[1] - low[1] == pytest.approx(HEIGHT, rel=0.01)
    assert low[1] == pytest.approx(0.0, abs=1e-6)
    assert [repair.changed for repair in built[1].repairs if repair.name == "small holes closed"] == [0]


def test_every_published_file_is_what_its_manifest_says(built: tuple[DerivativeStore, Manifest]) -> None:
    store, manifest = built
    assert manifest.derivatives[0] == manifest.master
    assert {file.usage for file in manifest.derivatives} == {"master", "headset", "thumb"}
    for file in manifest.derivatives:
        content = store.path(file.sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert len(content) == file.bytes
        if file.encoding == "plain":
            assert file.extensions == ()
            scan = read_glb(store.path(file.sha256))
            assert scan.triangle_count == file.triangles
            assert scan.bounds == pytest.approx(np.array(file.bounds), abs=1e-5)
        else:
            assert "EXT_meshopt_compression" in file.extensions


def test_every_published_file_passes_the_khronos_validator(
    built: tuple[DerivativeStore, Manifest], node_packages: Path
) -> None:
    store, manifest = built
    paths = [store.path(file.sha256).resolve() for file in manifest.derivatives]
    reports = judged(node_packages, paths)
    assert len(reports) == len(paths)
    assert [report["issues"]["numErrors"] for report in reports] == [0] * len(paths)


def test_levels_keep_their_bounds_and_their_error_grows_as_they_shrink(
    built: tuple[DerivativeStore, Manifest],
) -> None:
    manifest = built[1]
    levels = [f for f in manifest.derivatives if f.usage == "headset" and f.encoding == "plain"]
    assert [level.quality for level in levels] == list(range(len(levels)))
    assert len(levels) >= 3
    errors = [level.hausdorff_mm for level in levels]
    assert errors == sorted(errors)
    triangles = [level.triangles for level in levels]
    assert triangles == sorted(triangles, reverse=True)
    for level in levels:
        off = np.abs(np.array(level.bounds) - np.array(manifest.bounds)).max() * 1000.0
        assert off <= level.hausdorff_mm + 1e-3
        assert level.rms_mm <= level.hausdorff_mm
        assert 0 <= level.point_drift_mm["belly"] <= level.hausdorff_mm + 0.05


def test_a_point_given_in_the_files_frame_lies_on_the_master(built: tuple[DerivativeStore, Manifest]) -> None:
    store, manifest = built
    [belly] = manifest.points
    assert belly.review is None
    assert belly.position == pytest.approx((0.133, 0.1764, 0.0), abs=0.001)
    assert belly.normal[0] > 0.9
    master = read_glb(store.path(manifest.master.sha256))
    assert position_of(master, belly.mesh, belly.triangle, belly.barycentric) == pytest.approx(
        belly.position, abs=1e-6
    )


def test_a_manifest_follows_its_schema_of_which_a_copy_is_committed(
    built: tuple[DerivativeStore, Manifest], repository: Path
) -> None:
    committed = json.loads((repository / SCHEMA).read_text("utf-8"))
    assert committed == manifest_schema(), f"write {SCHEMA} anew from manifest_schema(), indented by 2"
    Draft202012Validator.check_schema(committed)
    document = json.loads((built[0].folder / "scans" / "pot" / "manifest.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(committed).iter_errors(document)] == []


def test_the_same_input_and_options_compute_nothing(pot: Path, tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    job = ScanJob("pot", pot, None, POT)
    assert current(job, QUICK, store) is None
    first = build_scan(job, QUICK, store, silent)
    assert first.steps == ("master", "thumb")
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert current(job, QUICK, store) == first.manifest
    again = build_scan(job, QUICK, store, silent)
    assert again.steps == ()
    assert again.manifest == first.manifest
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == stamps


def test_a_changed_option_computes_only_what_depends_on_it(pot: Path, tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    job = ScanJob("pot", pot, None, POT)
    first = build_scan(job, QUICK, store, silent).manifest
    more = replace(QUICK, usages=("phone", "thumb"))
    assert current(job, more, store) is None
    second = build_scan(job, more, store, silent)
    assert second.steps == ("phone",)
    assert second.manifest.master == first.master
    spot = replace(job, points=(NamedPoint("side", (133.0, 0.0, -210.0), (1.0, 0.0, 0.0)),))
    assert build_scan(spot, more, store, silent).steps == ("points",)
    upright = replace(job, place=replace(POT, up="-z"))
    turned = build_scan(upright, QUICK, store, silent)
    assert "master" in turned.steps
    assert turned.manifest.master == first.master


def test_a_file_that_was_lost_from_the_store_is_made_again(pot: Path, tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path)
    job = ScanJob("pot", pot, None, POT)
    manifest = build_scan(job, QUICK, store, silent).manifest
    store.path(manifest.derivatives[1].sha256).unlink()
    assert current(job, QUICK, store) is None
    again = build_scan(job, QUICK, store, silent)
    assert again.steps == ("thumb",)
    assert again.manifest == manifest


def test_points_stay_on_a_new_scan_that_stands_at_another_angle(tmp_path: Path) -> None:
    store = DerivativeStore(tmp_path / "store")
    master = PlaceOptions("m", "y")

    def lump(level: int, turn: float) -> Path:
        shape = trimesh.creation.icosphere(level, 0.1)
        unit = shape.vertices / 0.1
        bumps = 1 + 0.25 * unit[:, 0] + 0.2 * unit[:, 2] ** 2 + 0.15 * np.sin(3 * unit[:, 1] + 2 * unit[:, 0])
        shape.vertices *= bumps[:, None] * np.array([1.0, 1.8, 0.8])
        cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        shape.vertices = shape.vertices @ np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]]).T
        return exported(tmp_path / "lump.ply", shape)

    nose = NamedPoint("nose", (0.1386, 0.0, 0.0), (1.0, 0.0, 0.0))
    far = NamedPoint("far", (0.5, 0.1, 0.1), (1.0, 0.0, 0.0))
    job = ScanJob("lump", lump(5, 0.0), None, master, (nose, far))
    first = build_scan(job, QUICK, store, silent).manifest
    assert [point.name for point in first.points if point.review] == ["far"]
    kept = next(point for point in first.points if point.name == "far")
    # A point that was handed back stays where it was put, in the frame of the placed scan.
    matrix = np.array(first.source.matrix).reshape(4, 4)
    assert kept.position == pytest.approx(matrix[:3, :3] @ far.position + matrix[:3, 3], abs=1e-6)

    again = ScanJob("lump", lump(4, 40.0), None, master)
    second = build_scan(again, QUICK, store, silent).manifest
    assert second.master != first.master
    moved = next(point for point in second.points if point.name == "nose")
    assert moved.review is None
    assert moved.drift_mm < 1.0
    turned = np.array(second.source.matrix).reshape(4, 4)
    cosine, sine = np.cos(np.radians(40)), np.sin(np.radians(40))
    wanted = turned[:3, :3] @ (0.1386 * np.array([cosine, 0.0, -sine])) + turned[:3, 3]
    assert moved.position == pytest.approx(wanted, abs=0.002)
    # Built once more, nothing moves and nothing is forgotten: neither the drift nor what waits for a look.
    assert build_scan(again, QUICK, store, silent).manifest == second


@pytest.mark.parametrize("fault", ["unreadable", "unplaced", "unservable"])
def test_a_scan_that_fails_leaves_the_store_as_it_was(pot: Path, tmp_path: Path, fault: str) -> None:
    store = DerivativeStore(tmp_path / "store")
    path = tmp_path / "pot.ply"
    path.write_bytes(pot.read_bytes())
    before = build_scan(ScanJob("pot", path, None, POT), QUICK, store, silent).manifest
    files = sorted(store.folder.rglob("*.*"))
    place, error = POT, PipelineError
    if fault == "unreadable":
        path.write_bytes(path.read_bytes()[:5000])
        error = UnreadableScan
    elif fault == "unplaced":
        place, error = PlaceOptions(lengths={"height": 50.0}), UnplacedScan
    else:
        exported(path, trimesh.Trimesh([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2]], process=False))
        place, error = PlaceOptions("m", "y"), UnservableScan
    with pytest.raises(error, match=r"pot\.ply"):
        build_scan(ScanJob("pot", path, None, place), QUICK, store, silent)
    assert store.manifest("pot") == before
    assert sorted(store.folder.rglob("*.*")) == files


def test_one_bad_scan_does_not_hold_up_the_others(pot: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ply"
    bad.write_bytes(pot.read_bytes()[:3000])
    huge = tmp_path / "huge.stl"
    with huge.open("wb") as file:
        file.write(bytes(80) + (50_000_000).to_bytes(4, "little"))
        file.truncate(84 + 50 * 50_000_000)
    jobs = [ScanJob(path.stem, path, None, POT) for path in (bad, pot, huge)]
    batch = Batch(tmp_path / "store", QUICK, WorkerLimits(processes=2))
    ended = {each.name: each for each in run_batch(batch, jobs, lambda *_: None)}
    assert "cut off" in str(ended["bad"].refusal)
    assert "50,000,000 triangles" in str(ended["huge"].refusal)
    assert ended["pot"].manifest is not None
    assert [each.name for each in run_batch(batch, [jobs[1]], lambda *_: None) if not each.steps] == ["pot"]


def test_a_scan_too_large_for_its_worker_is_stopped_by_the_memory_limit(tmp_path: Path) -> None:
    path = tmp_path / "pot.ply"
    write_pot(path, 1_200_000)
    batch = Batch(tmp_path / "store", QUICK, WorkerLimits(memory_bytes=320 << 20))
    [ended] = run_batch(batch, [ScanJob("pot", path, None, POT)], lambda *_: None)
    assert ended.refusal is not None
    assert "--memory" in str(ended.refusal)
    assert DerivativeStore(tmp_path / "store").manifest("pot") is None


def test_a_damaged_manifest_or_a_full_disk_concerns_one_scan_only(pot: Path, tmp_path: Path) -> None:
    batch = Batch(tmp_path / "store", QUICK, WorkerLimits(processes=2))
    (tmp_path / "store" / "scans" / "damaged").mkdir(parents=True)
    (tmp_path / "store" / "scans" / "damaged" / "manifest.json").write_text("{")
    (tmp_path / "store" / "scans" / "barred").write_text("a file where a folder should be")
    jobs = [ScanJob(name, pot, None, POT) for name in ("damaged", "barred", "sound")]
    ended = {each.name: each for each in run_batch(batch, jobs, lambda *_: None)}
    assert "it is no manifest" in str(ended["damaged"].refusal)
    assert "Remove it and build the scan again" in str(ended["damaged"].refusal)
    assert "Free the disk or choose another place" in str(ended["barred"].refusal)
    assert ended["sound"].manifest is not None


def test_limits_of_the_input_are_part_of_the_options(pot: Path, tmp_path: Path) -> None:
    few = replace(QUICK, limits=InputLimits(triangles=1000))
    with pytest.raises(UnreadableScan, match="the limit is 1,000"):
        build_scan(ScanJob("pot", pot, None, POT), few, DerivativeStore(tmp_path), silent)


@pytest.mark.parametrize("moment", ["derivatives/*.glb", "cache/pipeline/*.json"])
def test_a_build_killed_at_any_moment_is_finished_by_the_next(pot: Path, tmp_path: Path, moment: str) -> None:
    command = [
        sys.executable, "-c", "import twin; twin.main()", "build", str(pot), "--store", str(tmp_path),
        "--units", "mm", "--up=-z", "--usage", "thumb", "--no-sheet",
    ]  # fmt: skip
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(moment)):
        assert time.monotonic() < deadline
        # It is watched closely, yet leaves it the processor.
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait()
    store = DerivativeStore(tmp_path)
    found = store.manifest("pot")
    assert found is None or store.is_whole(found)
    finished = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert finished.returncode == 0, finished.stderr
    found = store.manifest("pot")
    assert found is not None
    assert store.is_whole(found)
    assert store.unused() == []
    assert list(tmp_path.rglob("*.part")) == []
