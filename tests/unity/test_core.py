"""The NUnit tests of the core, the same that Unity's Test Runner runs, on .NET and on mono."""

from pathlib import Path

from tests.unity.conftest import Runtime


def test_the_core_holds(runtime: Runtime, nunit: Path) -> None:
    done = runtime.run(nunit, str(nunit.with_name("MuseumTwin.Core.Tests.dll")))

    failed = "\n".join(line for line in done.stdout.splitlines() if not line.startswith("ok "))
    assert done.returncode == 0, failed + done.stderr
    assert " failed 0 " in done.stdout
