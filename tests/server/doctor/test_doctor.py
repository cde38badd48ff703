"""``twin doctor`` finds each thing that is broken, says so by name, and knows the remedy."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assets.catalog.store.catalog import DATABASE_NAME
from server.doctor.checks import CHECKS, Diagnosis, Patient, Verdict, examine
from server.doctor.surroundings import Surroundings, free_bytes, output_of
from server.settings import Settings, Tls
from tests.server.test_certificate import certificate
from twin import app

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def well(**changes: Any) -> Surroundings:
    """A machine on which everything is as it should be, but for the changes."""
    told = {"node": "v22.1.0", "timedatectl": "yes"}
    fields: dict[str, Any] = {
        "python": lambda: (3, 12, 1), "bits": 64, "system": "Test", "now": lambda: NOW,
        "free_bytes": lambda _: 10**12, "output_of": lambda program, *_: told.get(program),
        "is_installed": lambda _: True, "providers": lambda: ("CPUExecutionProvider",),
        "open_files": lambda: 100_000,
    }  # fmt: skip
    return Surroundings(**(fields | changes))


def found(settings: Settings, machine: Surroundings, subject: str) -> Diagnosis:
    """The one finding on a subject."""
    (one,) = (one for one in examine(Patient(settings, machine)) if one.subject == subject)
    return one


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["doctor", *map(str, arguments)])


def written(store: Path, when: datetime) -> None:
    """As if the catalog was written then."""
    os.utime(store / DATABASE_NAME, (when.timestamp(), when.timestamp()))


@pytest.fixture
def settings(store: Path) -> Settings:
    written(store, NOW - timedelta(hours=1))
    return Settings(store=store, host="127.0.0.1", port=0)


def outputs(**told: str) -> Callable[..., str | None]:
    return lambda program, *_: told.get(program.replace("-", "_"))


@pytest.mark.parametrize(
    ("subject", "changes", "verdict", "told", "remedy"),
    [
        ("python", {"python": lambda: (3, 10, 4)}, "fault", "3.10.4", "Install Python 3.11"),
        ("python", {"bits": 32}, "fault", "32 bit", "64 bit Python"),
        ("onnxruntime", {"is_installed": lambda m: m != "cv2"}, "note", "cv2 not installed", "[cpu]"),
        ("onnxruntime", {"output_of": outputs(nvidia_smi="GPU 0")}, "note", "has an NVIDIA GPU", "[gpu]"),
        ("gpu", {"output_of": outputs(nvidia_smi="H100, 80 GB")}, "good", "H100, 80 GB", ""),
        ("open files", {"open_files": lambda: 256}, "note", "256 allowed", "ulimit -n 21000"),
        ("disk", {"free_bytes": lambda _: 10**8}, "fault", "0.1 GB free", "Free space"),
        ("disk", {"free_bytes": lambda _: 2 * 10**9}, "note", "2.0 GB free", "may not fit"),
        ("node", {"output_of": outputs()}, "note", "not here", "apt-get install nodejs"),
        ("node", {"output_of": outputs(node="v12.22.0")}, "note", "v12.22.0 is too old", "Node 20.19"),
        ("clock", {"now": lambda: datetime(1970, 1, 1, tzinfo=UTC)}, "fault", "1970-01-01", "Set the clock"),
        ("clock", {"output_of": outputs(timedatectl="no")}, "note", "nothing keeps it right", "set-ntp"),
    ],
)  # fmt: skip
def test_what_is_broken_on_the_machine_is_found(
    subject: str, changes: dict[str, Any], verdict: str, told: str, remedy: str, settings: Settings
) -> None:
    one = found(settings, well(**changes), subject)
    assert (one.verdict, told in one.told, remedy in one.remedy) == (verdict, True, True), one


def test_an_onnxruntime_that_cannot_be_loaded_is_told_and_ends_nothing(settings: Settings) -> None:
    def broken() -> tuple[str, ...]:
        raise ImportError("libcudart.so.12: cannot open shared object file")

    one = found(settings, well(providers=broken), "onnxruntime")
    assert one.verdict is Verdict.note
    assert "libcudart.so.12" in one.told


def test_a_check_that_fails_is_a_finding_and_the_others_go_on(settings: Settings) -> None:
    def failing(_: Path) -> int:
        raise PermissionError("no look at the disk")

    everything = examine(Patient(settings, well(free_bytes=failing)))
    assert {one.subject for one in everything} >= set(CHECKS)
    (disk,) = (one for one in everything if one.subject == "disk")
    assert disk.verdict is Verdict.fault
    assert "no look at the disk" in disk.told


def test_a_catalog_from_the_future_shows_that_the_clock_was_set_back(settings: Settings) -> None:
    written(settings.store, NOW + timedelta(hours=1))
    one = found(settings, well(), "clock")
    assert one.verdict is Verdict.fault
    assert "before the catalog was written" in one.told


def test_a_taken_port_is_found(settings: Settings, taken: int) -> None:
    one = found(settings.model_copy(update={"port": taken}), well(), "port")
    assert one.verdict is Verdict.fault
    assert f"port {taken} is taken" in one.told
    assert one.remedy


def test_a_missing_certificate_file_is_found(settings: Settings, tmp_path: Path) -> None:
    tls = Tls(certificate=tmp_path / "none.pem")
    one = found(settings.model_copy(update={"tls": tls}), well(), "certificate")
    assert one.verdict is Verdict.fault
    assert "there is no such certificate" in one.told
    assert one.remedy


@pytest.mark.parametrize(
    ("days", "verdict", "told"),
    [
        (-1, "fault", "expired on 2026-05-31"),
        (3, "note", "3 days left"),
        (90, "good", "localhost, 127.0.0.1"),
    ],
)
def test_a_certificate_is_found_expired_or_about_to(
    days: int, verdict: str, told: str, settings: Settings, tmp_path: Path
) -> None:
    tls = certificate(tmp_path, until=NOW + timedelta(days=days))
    one = found(settings.model_copy(update={"tls": tls}), well(), "certificate")
    assert (one.verdict, told in one.told, bool(one.remedy)) == (verdict, True, verdict != "good"), one


def test_a_store_without_a_catalog_is_found(settings: Settings, tmp_path: Path) -> None:
    one = found(settings.model_copy(update={"store": tmp_path}), well(), "store")
    assert one.verdict is Verdict.fault
    assert "holds no catalog" in one.told
    assert "--store" in one.remedy


def test_a_museum_in_which_nothing_is_placed_is_found(settings: Settings) -> None:
    (settings.store / "sample" / "museum.json").unlink()
    one = found(settings, well(), "placement")
    assert (one.verdict, one.remedy) == (Verdict.note, f"twin place --store {settings.store}")


def test_a_damaged_model_of_an_artifact_is_found_by_name(settings: Settings) -> None:
    (settings.store / "sample" / "artifacts" / "jade-bi.glb").write_bytes(b"glTF cut sho")
    one = found(settings, well(), "files")
    assert one.verdict is Verdict.fault
    assert "jade-bi.glb of sample:jade-bi" in one.told


def test_a_damaged_recognizer_is_found(settings: Settings) -> None:
    folder = settings.store / "recognition" / "models"
    folder.mkdir(parents=True)
    (folder / "ours.onnx.json").write_text("{}")
    told = [one for one in examine(Patient(settings, well())) if one.subject == "models"]
    assert [one.verdict for one in told if "ours.onnx.json" in one.told] == [Verdict.fault]


def test_a_chosen_model_that_is_gone_and_a_damaged_choice_are_found(settings: Settings) -> None:
    choice = settings.store / "recognition" / "models.json"
    choice.parent.mkdir(parents=True)
    gone = '{"cpu": "../gone.onnx.json"}'
    for content, fault in ((gone, "gone.onnx.json: no manifest"), ("{", "models.json: cannot be read")):
        choice.write_text(content)
        told = [one for one in examine(Patient(settings, well())) if one.subject == "models"]
        assert [one.verdict for one in told if fault in one.told] == [Verdict.fault]


def test_a_web_client_that_is_named_and_not_built_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    one = found(settings.model_copy(update={"web_client": tmp_path}), well(), "web client")
    assert (one.verdict, one.remedy) == (Verdict.fault, "Build it: make web")


def test_a_museum_that_can_open_ends_with_0_and_one_that_cannot_with_1(store: Path, tmp_path: Path) -> None:
    assert run("--store", store, "--set", "port=0", "--set", "host=127.0.0.1").exit_code == 0
    told = run("--store", tmp_path, "--set", "port=0")
    assert told.exit_code == 1
    assert "FAULT store" in told.output
    assert "mend the faults first" in told.output


def test_every_finding_is_told_as_json(store: Path) -> None:
    told = json.loads(run("--store", store, "--set", "port=0", "--json").stdout)
    assert told["fit"] is True
    assert {one["subject"] for one in told["found"]} >= set(CHECKS)
    assert all(set(one) == {"subject", "verdict", "told", "remedy"} for one in told["found"])


def test_the_machine_is_really_asked(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "there") > 0
    assert output_of("no-such-program-anywhere") is None
    assert output_of("false") is None
