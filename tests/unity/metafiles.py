"""The ``.meta`` files of the Unity package: ``python -m tests.unity.metafiles`` writes those missing.

A package that is added by git address is an immutable folder: Unity ignores every file in it that has no
``.meta`` file. Their GUIDs come from the package's name and the file's path, so they are the same in every
copy, and two packages never share one. Names that start with a dot or end with ``~`` are not imported and
need none.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "unity_client"

_SCRIPT = (
    "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n"
    "  executionOrder: 0\n  icon: {instanceID: 0}"
)
_TEXT = "TextScriptImporter:\n  externalObjects: {}"
_IMPORTERS = {
    ".cs": _SCRIPT,
    ".asmdef": "AssemblyDefinitionImporter:\n  externalObjects: {}",
    ".md": _TEXT,
    ".json": _TEXT,
    ".txt": _TEXT,
    ".shader": "ShaderImporter:\n  externalObjects: {}\n  defaultTextures: []\n  nonModifiableTextures: []",
}
_DEFAULT = "DefaultImporter:\n  externalObjects: {}"


def assets(package: Path = PACKAGE) -> Iterator[Path]:
    """Every file and folder that Unity imports."""
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if path.suffix != ".meta" and not any(part.startswith(".") or part.endswith("~") for part in parts):
            yield path


def guid(asset: Path, package: Path = PACKAGE) -> str:
    """32 hexadecimal digits."""
    name = json.loads((package / "package.json").read_text("utf-8"))["name"]
    return hashlib.md5(f"{name}/{asset.relative_to(package).as_posix()}".encode()).hexdigest()


def content(asset: Path, package: Path = PACKAGE) -> str:
    """The text of ``asset``'s ``.meta`` file."""
    if asset.is_dir():
        importer = f"folderAsset: yes\n{_DEFAULT}"
    elif asset == package / "package.json":
        importer = "PackageManifestImporter:\n  externalObjects: {}"
    else:
        importer = _IMPORTERS.get(asset.suffix, _DEFAULT)
    tail = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
    return f"fileFormatVersion: 2\nguid: {guid(asset, package)}\n{importer}\n{tail}"


def faults(package: Path = PACKAGE) -> list[str]:
    """What is missing, left over, or has another GUID than its path gives (and so perhaps another's)."""
    wanted = {meta_of(asset): asset for asset in assets(package)}
    found = {
        path
        for path in package.rglob("*.meta")
        if not any(part.endswith("~") for part in path.relative_to(package).parts)
    }
    told = [f"{path.relative_to(package)}: missing" for path in sorted(wanted.keys() - found)]
    told += [f"{path.relative_to(package)}: its asset is gone" for path in sorted(found - wanted.keys())]
    for path in sorted(found & wanted.keys()):
        stated = re.search(r"^guid: ([0-9a-f]{32})$", path.read_text("utf-8"), re.MULTILINE)
        if stated is None:
            told.append(f"{path.relative_to(package)}: no guid")
        elif stated[1] != guid(wanted[path], package):
            told.append(f"{path.relative_to(package)}: its guid is not that of its path")
    return told


def meta_of(asset: Path) -> Path:
    """Where ``asset``'s ``.meta`` file lies."""
    return asset.with_name(f"{asset.name}.meta")


def write(package: Path = PACKAGE) -> None:
    """Write what is missing or stale and remove what is left over."""
    wanted = {meta_of(asset): content(asset, package) for asset in assets(package)}
    for path in package.rglob("*.meta"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    write()
    sys.exit("\n".join(faults()) or 0)
