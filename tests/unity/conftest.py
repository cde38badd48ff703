"""The toolchain and the compiled package, once for all tests of the Unity client."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unity.assemblies import build_package, build_program
from tests.unity.kit import HERE, Kit, KitError, find_kit, find_mono, run_environment

COMPILING = 300
"""Seconds that a test has, and the compiler in it."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a compiled program runs on."""

    name: str
    host: Path
    environment: Mapping[str, str]

    def command(self, program: Path, *arguments: str) -> list[str]:
        """The command line that starts ``program``."""
        return [str(self.host), str(program), *arguments]

    def run(self, program: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``program`` to its end; a minute at most."""
        return subprocess.run(
            self.command(program, *arguments),
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one test process: they share compiled assemblies, and each starts programs of its own."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("unity"))
            # Whichever comes first compiles what it needs, which a loaded machine takes its time for.
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(COMPILING))


@pytest.fixture(scope="session")
def kit() -> Kit:
    """The C# toolchain."""
    try:
        return find_kit()
    except KitError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session", params=["net", "mono"])
def runtime(request: pytest.FixtureRequest, kit: Kit) -> Runtime:
    """.NET, then mono."""
    if request.param == "net":
        return Runtime("net", kit.dotnet, run_environment())
    try:
        mono = find_mono()
    except KitError as error:
        pytest.skip(str(error))
    return Runtime("mono", mono.program, {**run_environment(), "MONO_PATH": str(mono.facades)})


@pytest.fixture(scope="session")
def core(kit: Kit) -> dict[str, Path]:
    """The package's assemblies in a project without optional packages."""
    return build_package(kit, ())


@pytest.fixture(scope="session")
def nunit(kit: Kit, core: dict[str, Path]) -> Path:
    """The program that runs the NUnit tests of the assemblies beside it."""
    beside = [kit.nunit, core["MuseumTwin.Core"], core["MuseumTwin.Core.Tests"]]
    return build_program(kit, "NUnitMain", beside, folder="nunit")


@pytest.fixture(scope="session")
def visitor_program(kit: Kit, core: dict[str, Path]) -> Path:
    """A visitor without an engine that obeys lines of input."""
    return build_program(kit, "Visitor", [core["MuseumTwin.Core"]])
