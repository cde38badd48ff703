"""Every assembly definition of the Unity package, compiled on its own, seeing only what it names.

The engine and the optional packages are hand-written signatures (``stubs/``), so this finds what a Unity
project would refuse to compile: a type of the engine in the core, an assembly that is not named, a feature
newer than C# 9, a field that is unused when an optional package is missing. Warnings are errors.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.unity.kit import FOLDER, HERE, Kit, alone, run_environment, write_runtime_config

PACKAGE = HERE.parents[1] / "unity_client"
STUBS = HERE / "stubs"
PROGRAMS = HERE / "programs"
FAKES = HERE / "fakes"
DECLARED = HERE / "declared"

INPUT = "com.unity.inputsystem"
OPTIONAL = ("com.unity.cloud.gltfast", INPUT, "com.unity.xr.arfoundation")
"""Packages that the client uses where a project has them."""

STUB_PACKAGES = {
    "glTFast": "com.unity.cloud.gltfast",
    "Unity.InputSystem": "com.unity.inputsystem",
    "Unity.XR.ARSubsystems": "com.unity.xr.arfoundation",
    "Unity.XR.ARFoundation": "com.unity.xr.arfoundation",
}
"""The package that brings each stub assembly; without it Unity leaves the reference out."""

STUB_REFERENCES: dict[str, tuple[str, ...]] = {
    "UnityEngine": (),
    "UnityEditor": ("UnityEngine",),
    "glTFast": ("UnityEngine",),
    "Unity.InputSystem": ("UnityEngine",),
    "Unity.XR.ARSubsystems": ("UnityEngine",),
    "Unity.XR.ARFoundation": ("UnityEngine", "Unity.XR.ARSubsystems"),
}
"""Each stub assembly and the stubs that it names, in order of building."""

DEFINES = ("UNITY_2022_3_OR_NEWER", "UNITY_INCLUDE_TESTS", "UNITY_EDITOR")
SILENT = "0649,1701,1702"
"""0649: fields that Unity's inspector sets. 1701, 1702: versions of .NET's own assemblies."""


class CompileError(Exception):
    """What the compiler said."""


@dataclass(frozen=True, slots=True)
class Job:
    """One assembly to compile."""

    name: str
    sources: tuple[Path, ...]
    references: tuple[Path, ...]
    defines: tuple[str, ...] = ()
    program: bool = False
    """A program instead of a library."""
    silent: str = SILENT


@dataclass(frozen=True, slots=True)
class Definition:
    """One ``.asmdef`` and the sources it owns."""

    name: str
    folder: Path
    sources: tuple[Path, ...]
    references: tuple[str, ...]
    precompiled: tuple[str, ...]
    constraints: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    """Package and the define it switches on."""
    engine: bool
    editor: bool

    def defines(self, packages: Iterable[str]) -> tuple[str, ...]:
        """What is defined for it when the project has ``packages``.

        A project with the Input System has its input switched to it, another has the old one.
        """
        handled = "ENABLE_INPUT_SYSTEM" if INPUT in packages else "ENABLE_LEGACY_INPUT_MANAGER"
        return (*DEFINES, handled, *(define for package, define in self.versions if package in packages))

    def is_built(self, packages: Iterable[str]) -> bool:
        """Whether its constraints hold."""
        defined = self.defines(packages)
        return all(
            (one not in defined) if one.startswith("!") else one in defined for one in self.constraints
        )


def definitions(package: Path = PACKAGE) -> list[Definition]:
    """All assembly definitions; a source that none owns is an error, as in a package it never compiles."""
    files = sorted(package.rglob("*.asmdef"))
    folders = sorted((file.parent for file in files), key=lambda one: len(one.parts), reverse=True)
    owned: dict[Path, list[Path]] = {folder: [] for folder in folders}
    for source in sorted(package.rglob("*.cs")):
        owner = next((folder for folder in folders if source.is_relative_to(folder)), None)
        if owner is None:
            raise CompileError(f"{source.relative_to(package)}: no assembly definition owns it")
        owned[owner].append(source)
    return [_definition(file, tuple(owned[file.parent])) for file in files]


def _definition(file: Path, sources: tuple[Path, ...]) -> Definition:
    told = json.loads(file.read_text("utf-8"))
    return Definition(
        name=told["name"],
        folder=file.parent,
        sources=sources,
        references=tuple(told.get("references", ())),
        precompiled=tuple(told.get("precompiledReferences", ())),
        constraints=tuple(told.get("defineConstraints", ())),
        versions=tuple((one["name"], one["define"]) for one in told.get("versionDefines", ())),
        engine=not told.get("noEngineReferences", False),
        editor=told.get("includePlatforms") == ["Editor"],
    )


def ordered(found: Sequence[Definition]) -> list[Definition]:
    """``found`` so that each comes after those it names."""
    left, done = list(found), list[Definition]()
    while left:
        names = {one.name for one in left}
        ready = [one for one in left if not names & set(one.references)]
        if not ready:
            raise CompileError(f"assemblies name each other in a circle: {sorted(names)}")
        done += ready
        left = [one for one in left if one not in ready]
    return done


def build_package(kit: Kit, packages: Iterable[str] = OPTIONAL) -> dict[str, Path]:
    """Compile the package for a project that has ``packages``; the assemblies by name.

    Raises:
        CompileError: what the compiler said.
    """
    packages = tuple(sorted(packages))
    out = FOLDER / "built" / ("with-" + "-".join(packages) if packages else "without-packages")
    jobs = [
        _stub(name, names, out)
        for name, names in STUB_REFERENCES.items()
        if STUB_PACKAGES.get(name) in (None, *packages)
    ]
    stubs = {job.name: out / f"{job.name}.dll" for job in jobs}
    built = dict(stubs)
    for one in ordered(definitions()):
        if not one.is_built(packages):
            continue
        missing = [name for name in one.references if name not in built and name not in _ABSENT]
        if missing:
            raise CompileError(f"{one.name} names assemblies that are not built here: {missing}")
        references = [built[name] for name in one.references if name in built]
        references += [stubs["UnityEngine"]] if one.engine else []
        references += [stubs["UnityEditor"]] if one.editor else []
        references += [kit.nunit] if "nunit.framework.dll" in one.precompiled else []
        jobs.append(Job(one.name, one.sources, tuple(references), one.defines(packages)))
        built[one.name] = out / f"{one.name}.dll"
    compile_all(kit, jobs, out)
    return built


_ABSENT = ("UnityEngine.TestRunner", "UnityEditor.TestRunner", *STUB_PACKAGES)


def sources_of(assembly: str, folder: Path) -> tuple[Path, ...]:
    """Of a stub or a fake: a file or a folder of its name, and what both of them declare alike."""
    own = sorted((folder / assembly).glob("*.cs")) or [folder / f"{assembly}.cs"]
    return (*own, *DECLARED.glob(f"{assembly}.cs"))


def _stub(name: str, names: tuple[str, ...], out: Path) -> Job:
    # Stubs promise signatures only, so their events are never raised and their bodies have no await.
    references = tuple(out / f"{one}.dll" for one in names)
    return Job(name, sources_of(name, STUBS), references, silent=f"{SILENT},0067,1998,0169,0414,0626,0824")


def build_program(
    kit: Kit, name: str, references: Sequence[Path], sources: Sequence[Path] = (), folder: str = "programs"
) -> Path:
    """Compile a program of ``programs/`` that .NET and mono can start; its references lie beside it."""
    out = FOLDER / "built" / folder
    job = Job(name, (PROGRAMS / f"{name}.cs", *sources), tuple(references), program=True)
    compile_all(kit, [job], out)
    for reference in references:
        target = out / reference.name
        if reference != target and (not target.is_file() or target.read_bytes() != reference.read_bytes()):
            target.write_bytes(reference.read_bytes())
    program = out / f"{name}.exe"
    write_runtime_config(kit, program)
    return program


def compile_all(kit: Kit, jobs: Sequence[Job], out: Path) -> None:
    """Compile ``jobs`` in one process, those whose sources, references or defines changed since last time.

    Raises:
        CompileError: what the compiler said.
    """
    with alone():
        out.mkdir(parents=True, exist_ok=True)
        _compile_due(kit, jobs, out)


def _compile_due(kit: Kit, jobs: Sequence[Job], out: Path) -> None:
    changed = False
    due: list[tuple[Job, str]] = []
    for job in jobs:
        mark = _fingerprint(job)
        seen = out / f"{job.name}.mark"
        # What comes later in the list may name what came before.
        changed = changed or not seen.is_file() or seen.read_text("ascii") != mark
        if changed:
            seen.unlink(missing_ok=True)
            due.append((job, mark))
    if not due:
        return
    files = [_response_file(kit, job, out) for job, _ in due]
    command = [str(kit.dotnet), str(kit.compiler), *map(str, files)]
    done = subprocess.run(command, env=run_environment(), capture_output=True, text=True, check=False)
    if done.returncode or done.stdout.strip():
        raise CompileError((done.stdout + done.stderr)[-6000:])
    for job, mark in due:
        (out / f"{job.name}.mark").write_text(mark, "ascii")


def _fingerprint(job: Job) -> str:
    told = hashlib.sha256(repr((job.name, job.defines, job.program, job.silent)).encode())
    for source in job.sources:
        told.update(str(source).encode() + source.read_bytes())
    for reference in job.references:
        told.update(str(reference).encode())
        # Others of the same list are built first and tell by their own marks.
        told.update(reference.read_bytes() if job.program else b"")
    return told.hexdigest()


def _response_file(kit: Kit, job: Job, out: Path) -> Path:
    suffix = "exe" if job.program else "dll"
    lines = [
        f"-target:{'exe' if job.program else 'library'}",
        f'-out:"{out / job.name}.{suffix}"',
        "-nologo", "-noconfig", "-nostdlib", "-langversion:9.0", "-o+", "-warn:4", "-warnaserror+",
        "-deterministic", f"-nowarn:{job.silent}",
        *(f"-define:{define}" for define in job.defines),
        *(f'-r:"{path}"' for path in sorted(kit.standard.glob("*.dll"))),
        *(f'-r:"{path}"' for path in job.references),
        *(f'"{source}"' for source in job.sources),
    ]  # fmt: skip
    file = out / f"{job.name}.rsp"
    file.write_text("\n".join(lines), "utf-8")
    return file
