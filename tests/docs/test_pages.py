"""The pages keep their promises: links lead somewhere, commands and make targets exist."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from twin import app

PAGES = ("README.md", "CONTRIBUTING.md", "docs")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
BLOCK = re.compile(r"^```(?:sh|console|bash)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:\.venv/bin/)?twin [^`]+|make [a-z]+)`")


def pages(repository: Path) -> list[Path]:
    named = [repository / name for name in PAGES]
    return [page for path in named for page in ([path] if path.is_file() else sorted(path.glob("*.md")))]


def commands(text: str) -> list[list[str]]:
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()] + INLINE.findall(text)
    words = [shlex.split(line.split("#")[0].split(";")[0], posix=True) for line in lines if "'" not in line]
    return [line for line in words if line]


def test_every_link_leads_to_a_file(repository: Path) -> None:
    broken = [
        f"{page.name}: {target}"
        for page in pages(repository)
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_make_target_that_is_named_exists(repository: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        words[1]
        for page in pages(repository)
        for words in commands(page.read_text("utf-8"))
        if words[0] == "make" and len(words) > 1
    }
    assert named
    assert named <= targets


@cache
def help_of(*command: str) -> Result:
    """Asked for once, however many pages name the command."""
    return CliRunner().invoke(app, [*command, "--help"], terminal_width=200)


def test_every_twin_command_that_is_named_exists_with_its_options(repository: Path) -> None:
    unknown = []
    for page in pages(repository):
        for words in commands(page.read_text("utf-8")):
            if Path(words[0]).name != "twin" or len(words) < 2:
                continue
            path = [word for word in words[1:3] if word in ("sample", "build")] or words[1:2]
            told = help_of(*path)
            options = {word.split("=")[0] for word in words if word.startswith("--")}
            if told.exit_code or not all(option in told.output for option in options):
                unknown.append(f"{page.name}: {' '.join(words)}")
    assert unknown == []


def names(commands: typer.Typer) -> Iterator[str]:
    """The words that may follow ``twin``: of two commands of one name the later would hide the other."""
    for command in commands.registered_commands:
        yield command.name or getattr(command.callback, "__name__", "").replace("_", "-")
    for group in commands.registered_groups:
        told = group.name if isinstance(group.name, str) else None
        if told:
            yield told
        elif group.typer_instance is not None:
            yield from names(group.typer_instance)


def test_every_command_has_a_name_of_its_own() -> None:
    told = sorted(names(app))
    assert {"ingest", "serve", "search", "tune"} <= set(told)
    assert told == sorted(set(told))


@pytest.mark.parametrize(
    "page",
    [
        "api.md",
        "architecture.md",
        "benchmarks.md",
        "clients.md",
        "data-formats.md",
        "end-to-end.md",
        "first-hour.md",
        "governance.md",
        "operations.md",
        "perception.md",
        "pipeline.md",
        "pipeline-lod.md",
        "placing.md",
        "profiles.md",
        "protocol.md",
        "recognition.md",
        "rendering.md",
        "security.md",
        "tutorial.md",
        "vocabulary.md",
    ],
)
def test_every_subject_has_its_page(page: str, repository: Path) -> None:
    assert (repository / "docs" / page).is_file()


def test_no_page_speaks_of_paths_of_one_machine(repository: Path) -> None:
    # Put together here, so that this file itself may be searched as well.
    private = re.compile("|".join(("/wo" + "rk/", "/ho" + "me/[a-z]+/", "/ro" + "ot/")))
    assert [page.name for page in pages(repository) if private.search(page.read_text("utf-8"))] == []
