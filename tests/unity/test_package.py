"""The package as Unity's package manager and compiler would take it."""

import json
import re
import shutil
from pathlib import Path

import pytest

from server.protocol.messages import MINOR, SUBPROTOCOL
from tests.unity import metafiles
from tests.unity.assemblies import (
    OPTIONAL,
    PACKAGE,
    CompileError,
    Job,
    build_package,
    compile_all,
    definitions,
)
from tests.unity.kit import Kit

MODULES = {
    "AudioSource": "audio", "Animator": "animation", "Canvas": "ui", "Collider": "physics",
    "ImageConversion": "imageconversion", "InputDevices": "xr", "JsonUtility": "jsonserialize",
    "UnityWebRequest": "unitywebrequest",
}  # fmt: skip
"""Types of the engine that a project may lack, and the module that brings each."""


def manifest() -> dict[str, object]:
    told: dict[str, object] = json.loads((PACKAGE / "package.json").read_text("utf-8"))
    return told


@pytest.mark.parametrize("packages", [OPTIONAL, ()], ids=["with-all-packages", "with-none"])
def test_every_assembly_compiles_alone_without_warnings(kit: Kit, packages: tuple[str, ...]) -> None:
    build_package(kit, packages)


def test_the_core_names_no_engine_and_no_other_assembly() -> None:
    core = next(one for one in definitions() if one.name == "MuseumTwin.Core")
    assert not core.engine
    assert core.references == ()


def test_an_assembly_that_nobody_names_is_kept_by_the_linker_of_a_player() -> None:
    """One that registers itself is left out of builds otherwise, and models with it."""
    named = {name for one in definitions() for name in one.references}
    for one in definitions():
        sources = "\n".join(source.read_text("utf-8") for source in one.sources)
        if one.name not in named and "[RuntimeInitializeOnLoadMethod(" in sources:
            assert "[assembly: AlwaysLinkAssembly]" in sources, one.name
    assert "MuseumTwin.Gltf" not in named


def test_an_engine_type_in_the_core_would_be_refused(kit: Kit, tmp_path: Path) -> None:
    core = next(one for one in definitions() if one.name == "MuseumTwin.Core")
    trespasser = tmp_path / "Trespasser.cs"
    trespasser.write_text("class Trespasser { UnityEngine.Vector3 _here; }", "utf-8")

    with pytest.raises(CompileError, match="UnityEngine"):
        compile_all(kit, [Job(core.name, (trespasser,), ())], tmp_path / "out")


def test_the_manifest_says_what_the_package_manager_needs() -> None:
    told = manifest()
    assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9-]+)+", str(told["name"]))
    assert told["unity"] == "2022.3"
    dependencies = told["dependencies"]
    assert isinstance(dependencies, dict)
    # Only modules of the engine itself, those whose types are used: all else is optional.
    sources = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.cs"))
    used = {module for word, module in MODULES.items() if re.search(rf"\b{word}\b", sources)}
    assert dependencies == {f"com.unity.modules.{module}": "1.0.0" for module in used}
    samples = told["samples"]
    assert isinstance(samples, list)
    for sample in samples:
        assert (PACKAGE / sample["path"]).is_dir()


def test_the_version_is_one_everywhere_and_in_step_with_the_protocol() -> None:
    version = str(manifest()["version"])
    # Unity's way to say that nobody has opened it in the editor yet.
    assert re.fullmatch(rf"{SUBPROTOCOL.removeprefix('museum-twin.v')}\.{MINOR}\.\d+-pre\.\d+", version)
    assert f'Version = "{version}"' in (PACKAGE / "Runtime/Core/Package.cs").read_text("utf-8")
    assert f"## {version}\n" in (PACKAGE / "CHANGELOG.md").read_text("utf-8")
    newest = (PACKAGE / "CHANGELOG.md").read_text("utf-8").split("\n## ")[1]
    assert SUBPROTOCOL in newest


def test_assemblies_name_each_other_by_name() -> None:
    # "GUID:..." cannot be read and breaks when a file is moved.
    assert [one.name for one in definitions() if any("GUID:" in name for name in one.references)] == []


def test_a_missing_a_left_over_and_a_doubled_meta_file_are_told(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "package.json").write_text('{"name": "org.example.a"}', "utf-8")
    for name in ("A.cs", "B.cs", "C.cs"):
        (package / name).touch()
    metafiles.write(package)
    assert metafiles.faults(package) == []

    (package / "A.cs.meta").unlink()
    (package / "C.cs").unlink()
    shutil.copy(package / "package.json.meta", package / "B.cs.meta")

    assert metafiles.faults(package) == [
        "A.cs.meta: missing",
        "C.cs.meta: its asset is gone",
        "B.cs.meta: its guid is not that of its path",
    ]


def test_all_that_the_client_tells_is_an_event_of_the_inspector_too() -> None:
    events = (PACKAGE / "Runtime/Core/TwinClient.Events.cs").read_text("utf-8")
    told = re.findall(r"public event Action<[^;]*> (\w+);", events)
    component = (PACKAGE / "Runtime/Unity/MuseumTwinClient.cs").read_text("utf-8")
    heard = component.split("private void Listen(TwinClient client)")[1].split("if (!showExhibits)")[0]

    assert len(told) > 10
    assert [name for name in told if f"client.{name} +=" not in heard] == []


def test_the_museums_space_and_unitys_meet_in_one_file() -> None:
    mirrored = re.compile(r"new (Vec3|Vector3|Quat|Quaternion)\([^()]*-\s*\w+(\.\w+)*\.[zZ]\b")
    allowed = {"Runtime/Core/Coordinates.cs", "Runtime/Core/Space.cs"}
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.cs")
        if mirrored.search(path.read_text("utf-8")) and "Tests" not in path.parts
    }
    assert found - allowed == set()
    assert "Runtime/Core/Coordinates.cs" in found
