"""The checks: each looks at one thing and says how it is, with a remedy where it is not well."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import inference
from assets.catalog.store.catalog import DATABASE_NAME, Catalog
from assets.catalog.store.database import StoreError
from inference.manifest import ManifestError, read_manifest, verified_weights
from inference.runtime.home import NAME, Home
from server.certificate import CertificateError, read_certificate, server_context
from server.doctor.surroundings import Surroundings
from server.files import is_intact
from server.holdings import Holdings, read_holdings
from server.http.web_client import INDEX, built_client
from server.listener import PortError, listen
from server.placement_files import PlacementMissing, read_placement
from server.settings import Settings
from server.store import standing_catalog

OLDEST_PYTHON: Final = (3, 11)
OLDEST_NODE: Final = (20, 19)
LITTLE_DISK, SCARCE_DISK = 5_000_000_000, 500_000_000
"""Bytes: from where a build may not fit, and from where nothing does."""
CLOCK_SLACK: Final = 120.0
"""Seconds that a file may be newer than now: file servers have clocks of their own."""
YOUNGEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""No right clock shows an earlier day: this program is younger."""


class Verdict(StrEnum):
    """How one thing is."""

    good = "good"
    note = "note"
    """The museum opens, something is missing from it."""
    fault = "fault"
    """The museum does not open, or would show what is wrong."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one check found."""

    subject: str
    verdict: Verdict
    told: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: a machine, and the settings a server would start with."""

    settings: Settings
    machine: Surroundings


Found = Iterator[Diagnosis]


def examine(patient: Patient, subjects: Iterable[str] | None = None) -> list[Diagnosis]:
    """Findings of the checks on ``subjects`` (all by default); one that fails is a fault of its subject."""
    found: list[Diagnosis] = []
    for subject, check in CHECKS.items():
        if subjects is not None and subject not in subjects:
            continue
        try:
            found += check(patient)
        except Exception as error:
            # A doctor must survive what it finds; whatever a broken machine raises is a finding.
            told = f"could not be looked at ({type(error).__name__}: {error})"
            found.append(
                Diagnosis(subject, Verdict.fault, told, "Mend what the message names, then ask again")
            )
    return found


def _python(patient: Patient) -> Found:
    version = patient.machine.python()
    told = f"{'.'.join(map(str, version))}, {patient.machine.bits} bit, {patient.machine.system}"
    if version[:2] < OLDEST_PYTHON:
        yield Diagnosis(
            "python", Verdict.fault, told, "Install Python 3.11 or newer and make a new .venv with it"
        )
    elif patient.machine.bits < 64:
        yield Diagnosis("python", Verdict.fault, told, "Install a 64 bit Python: scans do not fit otherwise")
    else:
        yield Diagnosis("python", Verdict.good, told)


def _onnxruntime(patient: Patient) -> Found:
    missing = [name for name in ("onnxruntime", "cv2") if not patient.machine.is_installed(name)]
    if missing:
        yield Diagnosis(
            "onnxruntime", Verdict.note, f"{', '.join(missing)} not installed: no frame is recognized",
            "pip install 'museum-twin[cpu]' (or [gpu])",
        )  # fmt: skip
        return
    try:
        offered = patient.machine.providers()
    except Exception as error:
        yield Diagnosis(
            "onnxruntime", Verdict.note, f"cannot be loaded ({error}): no frame is recognized",
            "pip install --force-reinstall 'museum-twin[cpu]'",
        )  # fmt: skip
        return
    short = ", ".join(name.removesuffix("ExecutionProvider") for name in offered)
    if patient.machine.output_of("nvidia-smi", "-L") and "CUDAExecutionProvider" not in offered:
        yield Diagnosis(
            "onnxruntime", Verdict.note, f"offers {short}, but this machine has an NVIDIA GPU",
            "pip uninstall onnxruntime, then pip install 'museum-twin[gpu]'",
        )  # fmt: skip
        return
    yield Diagnosis("onnxruntime", Verdict.good, f"offers {short}")


def _gpu(patient: Patient) -> Found:
    asked = patient.machine.output_of(
        "nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"
    )
    yield Diagnosis("gpu", Verdict.good, asked.replace("\n", "; ") if asked else "none; the processor serves")


def _port(patient: Patient) -> Found:
    settings = patient.settings
    try:
        for opened in listen(settings.host, settings.port):
            opened.close()
    except PortError as error:
        told, _, remedy = str(error).partition(". ")
        yield Diagnosis("port", Verdict.fault, told, remedy or "Name another with --port")
        return
    yield Diagnosis("port", Verdict.good, f"{settings.port} on {settings.host} is free")


def _open_files(patient: Patient) -> Found:
    most = patient.machine.open_files()
    wanted = patient.settings.connections
    if most is not None and 0 <= most < wanted:
        yield Diagnosis(
            "open files", Verdict.note, f"{most:,} allowed, and settings allow {wanted:,} connections",
            f"ulimit -n {wanted + 1000} (systemd: LimitNOFILE=), or set connections lower",
        )  # fmt: skip
    else:
        yield Diagnosis(
            "open files", Verdict.good, "no limit" if most is None or most < 0 else f"{most:,} allowed"
        )


def _disk(patient: Patient) -> Found:
    free = patient.machine.free_bytes(patient.settings.store)
    told = f"{free / 1e9:.1f} GB free at {patient.settings.store}"
    if free < SCARCE_DISK:
        yield Diagnosis(
            "disk", Verdict.fault, told, "Free space, or name a store on another disk with --store"
        )
    elif free < LITTLE_DISK:
        yield Diagnosis(
            "disk", Verdict.note, told, "A build of many scans may not fit; free space before one"
        )
    else:
        yield Diagnosis("disk", Verdict.good, told)


def _node(patient: Patient) -> Found:
    told = patient.machine.output_of("node", "--version")
    install = "Install Node 20.19 or newer (Debian 13: apt-get install nodejs npm), then make web"
    if told is None:
        yield Diagnosis("node", Verdict.note, "not here: the web client cannot be built", install)
    elif tuple(map(int, told.lstrip("v").split(".")[:2])) < OLDEST_NODE:
        yield Diagnosis("node", Verdict.note, f"{told} is too old to build the web client", install)
    else:
        yield Diagnosis("node", Verdict.good, told)


def _certificate(patient: Patient) -> Found:
    tls, now = patient.settings.tls, patient.machine.now()
    if tls.certificate is None:
        yield Diagnosis(
            "certificate", Verdict.note,
            "none: phones and headsets on the network give a page no camera and no WebXR",
            "--tls-certificate FILE --tls-key FILE; mkcert makes some for a try (docs/operations.md)",
        )  # fmt: skip
        return
    try:
        found = read_certificate(tls, now)
        server_context(tls)
    except CertificateError as error:
        told, _, remedy = str(error).rpartition(". ")
        yield Diagnosis("certificate", Verdict.fault, told or str(error), remedy)
        return
    left = found.remaining(now).days
    told = f"{tls.certificate} for {', '.join(found.names) or 'no name'}, {left} days left"
    if left < tls.warn_days:
        yield Diagnosis("certificate", Verdict.note, told, "Renew it and start the server anew")
    else:
        yield Diagnosis("certificate", Verdict.good, told)


def _clock(patient: Patient) -> Found:
    now = patient.machine.now()
    told = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    remedy = "Set the clock, and let it be kept: timedatectl set-ntp true"
    if now < YOUNGEST:
        yield Diagnosis("clock", Verdict.fault, f"{told} is before this program was written", remedy)
        return
    catalog = patient.settings.store / DATABASE_NAME
    ahead = catalog.stat().st_mtime - now.timestamp() if catalog.exists() else 0.0
    if ahead > CLOCK_SLACK:
        yield Diagnosis(
            "clock", Verdict.fault, f"{told} is {ahead:,.0f} s before the catalog was written", remedy
        )
        return
    kept = patient.machine.output_of("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if kept == "no":
        yield Diagnosis("clock", Verdict.note, f"{told}, and nothing keeps it right", remedy)
    else:
        yield Diagnosis("clock", Verdict.good, told)


def _store(patient: Patient) -> Found:
    store = patient.settings.store
    try:
        with closing(Catalog(standing_catalog(store), reading=True)) as catalog:
            all_, shown = catalog.count(), catalog.count(shown_only=True)
    except StoreError as error:
        told, _, remedy = str(error).partition(". ")
        yield Diagnosis("store", Verdict.fault, told, remedy)
        return
    yield Diagnosis("store", Verdict.good, f"{store}: {all_:,} records, {shown:,} for visitors")


def _placement(patient: Patient) -> Found:
    store = patient.settings.store
    try:
        exhibits = len(read_placement(store).placement.exhibits)
    except PlacementMissing:
        yield Diagnosis(
            "placement", Verdict.note, "none: visitors would see empty space", f"twin place --store {store}"
        )
    except StoreError as error:
        yield Diagnosis("placement", Verdict.fault, str(error), "Place it anew: twin place")
    else:
        yield Diagnosis("placement", Verdict.good, f"{exhibits:,} exhibits")


def _files(patient: Patient) -> Found:
    """Every published file's content against its hash; a file of the store is what visitors load."""
    try:
        holdings = read_holdings(patient.settings.store, Holdings.none())
    except StoreError as error:
        yield Diagnosis("files", Verdict.fault, str(error), "Build it anew: twin build, or twin sample build")
        return
    files = [file for same in holdings.files.values() for file in same[:1]]
    damaged = [file for file in files if not is_intact(file)]
    if damaged:
        names = ", ".join(f"{file.path.name} of {file.artifact or 'a gallery'}" for file in damaged[:3])
        yield Diagnosis(
            "files", Verdict.fault,
            f"{len(damaged)} of {len(files)} are missing or not what their hash says: {names}",
            "Build those scans again (twin build, twin sample build); until then they are not served",
        )  # fmt: skip
    else:
        size = sum(file.size for file in files)
        yield Diagnosis(
            "files", Verdict.good, f"{len(files):,} files, {size / 1e6:,.0f} MB, each as its hash says"
        )


def _models(patient: Patient) -> Found:
    named = patient.settings.recognition
    store = named.folder or patient.settings.store / NAME
    shipped = Path(inference.__file__).parent / "models"
    manifests = {*shipped.glob("*.onnx.json"), *store.glob("models/*.onnx.json")}
    manifests |= {path for path in (named.model, named.gpu_model, named.small_model) if path is not None}
    try:
        manifests |= set(Home(store).models().all)
    except ManifestError as error:
        if manifests:
            yield Diagnosis("models", Verdict.fault, str(error), "twin index --model puts one into service")
    if not manifests:
        yield Diagnosis(
            "models", Verdict.note, "no model: no frame is recognized", "Train one (make train), or name one"
        )
        return
    for path in sorted(manifests):
        try:
            verified_weights(path, read_manifest(path))
        except (ManifestError, ValueError, OSError) as error:
            yield Diagnosis(
                "models", Verdict.fault, str(error), "Restore the file, or export the model again"
            )
        else:
            yield Diagnosis("models", Verdict.good, f"{path.name.removesuffix('.onnx.json')}, whole")
    if any(store.rglob("index-*.json")):
        yield Diagnosis("index", Verdict.good, f"{store}")
    else:
        yield Diagnosis(
            "index",
            Verdict.note,
            "none: nothing is recognized yet",
            f"twin index --store {patient.settings.store}",
        )


def _web_client(patient: Patient) -> Found:
    named = patient.settings.web_client
    folder = named or built_client()
    if folder is not None and (folder / INDEX).is_file():
        yield Diagnosis("web client", Verdict.good, str(folder))
    elif named is not None:
        yield Diagnosis("web client", Verdict.fault, f"{named} holds no index.html", "Build it: make web")
    else:
        yield Diagnosis("web client", Verdict.note, "not built: a plain page stands in its place", "make web")


CHECKS: Final[dict[str, Callable[[Patient], Found]]] = {
    "python": _python,
    "onnxruntime": _onnxruntime,
    "gpu": _gpu,
    "port": _port,
    "open files": _open_files,
    "disk": _disk,
    "node": _node,
    "certificate": _certificate,
    "clock": _clock,
    "store": _store,
    "placement": _placement,
    "files": _files,
    "models": _models,
    "web client": _web_client,
}
"""By subject, in the order they are told."""
