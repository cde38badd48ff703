"""Reads the settings from their sources, and remembers where each came from."""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import EnvSettingsSource, SettingsError, TomlConfigSettingsSource

from server.settings import PREFIX, Section, Settings

MASK: Final = "**********"


class SettingError(Exception):
    """Settings that cannot be used; the message names each setting, where it came from, and the remedy."""


@dataclass(frozen=True, slots=True)
class Effective:
    """Settings as they hold, and where each came from."""

    settings: Settings
    origins: dict[str, str]
    """Dotted name to ``flag --port``, ``environment MUSEUM_TWIN_PORT`` or ``file twin.toml``; others are
    defaults."""
    unknown: tuple[str, ...]
    """Environment variables with our prefix that name no setting."""

    def origin(self, name: str) -> str:
        """Where the value of a setting came from."""
        return self.origins.get(name, "default")

    def lines(self) -> list[str]:
        """One line a setting: name, value (secrets masked), origin."""
        rows = [(name, shown(value), self.origin(name)) for name, value, _ in settings_of(self.settings)]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        return [f"{name:{widths[0]}} = {value:{widths[1]}}  {origin}" for name, value, origin in rows]


def settle(flags: Mapping[str, Any], file: Path | None = None) -> Effective:
    """Read all sources; ``flags`` maps dotted names to values, ``file`` is a TOML file.

    Raises :class:`SettingError` where a value is wrong, a name unknown, or the file cannot be read.
    """
    sources: list[tuple[str, dict[str, Any]]] = [
        ("file", _from_file(file)),
        ("environment", _from_environment()),
        ("flag", _nested(flags)),
    ]
    # Of a table that is given in part, the rest is at its defaults.
    merged = Settings().model_dump()
    origins: dict[str, str] = {}
    for source, values in sources:
        _merge(merged, values)
        origins |= {name: _named(source, name, file) for name in _leaves(values, Settings)}
    try:
        return Effective(Settings(**merged), origins, _unknown_variables())
    except ValidationError as error:
        raise SettingError(_told(error, origins)) from error


def parsed(assignment: str) -> tuple[str, Any]:
    """The name and value of ``NAME=VALUE``, the value as in TOML, or else as plain text.

    Raises :class:`SettingError` where there is no ``=``.
    """
    name, equals, text = assignment.partition("=")
    if not equals or not name.strip():
        raise SettingError(f"--set {assignment}: expected NAME=VALUE, such as --set http.page_records=50")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    return name.strip(), value


def settings_of(section: BaseModel, head: str = "") -> Iterator[tuple[str, Any, str]]:
    """Dotted name, value and description of each setting, in the order of the code."""
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from settings_of(value, f"{head}{name}.")
        else:
            yield f"{head}{name}", value, " ".join((field.description or "").split())


def shown(value: object) -> str:
    """A value as TOML would have it, secrets masked; ``none`` where there is none."""
    if value is None:
        return "none"
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | Path):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {shown(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(shown(entry) for entry in value) + "]"
    return f"{value}"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper().replace(".", "__")


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        if not file.is_file():
            raise SettingError(f"{file}: there is no such settings file. Name one that exists with --config")
        return dict(TomlConfigSettingsSource(Settings, file)())
    except OSError as error:
        raise SettingError(f"{file}: cannot be read ({error.strerror}). Let this user read it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{file}: is not TOML ({error}). Correct that line") from error


def _from_environment() -> dict[str, Any]:
    try:
        return dict(EnvSettingsSource(Settings)())
    except SettingsError as error:
        raise SettingError(
            f"environment {PREFIX}…: {error}. Lists and tables are written as JSON, "
            f"such as {PREFIX}HTTP__CORS_ORIGINS='[\"https://example.org\"]'"
        ) from error


def _unknown_variables() -> tuple[str, ...]:
    known = {variable(name) for name, _, _ in settings_of(Settings())}
    tables = tuple(
        f"{variable(name)}__" for name, value, _ in settings_of(Settings()) if isinstance(value, dict)
    )
    given = (name for name in os.environ if name.startswith(PREFIX))
    sections = {variable(name) for name in _section_names()}
    return tuple(
        sorted(name for name in given if name not in {*known, *sections} and not name.startswith(tables))
    )


def _section_names() -> Iterator[str]:
    return (name for name, value in Settings() if isinstance(value, Section))


def _nested(flags: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in flags.items():
        *path, leaf = name.split(".")
        table = tree
        for step in path:
            table = table.setdefault(step, {})
        table[leaf] = value
    return tree


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, dict) else value


def _leaves(values: Mapping[str, Any], section: type[BaseModel], head: str = "") -> Iterator[str]:
    for key, value in values.items():
        field = section.model_fields.get(key)
        inner = type(field.default) if field is not None else None
        if isinstance(value, dict) and inner is not None and issubclass(inner, BaseModel):
            yield from _leaves(value, inner, f"{head}{key}.")
        else:
            yield f"{head}{key}"


def _named(source: str, name: str, file: Path | None) -> str:
    if source == "environment":
        return f"environment {variable(name)}"
    if source == "file":
        return f"file {file}"
    return "flag"


def _told(error: ValidationError, origins: Mapping[str, str]) -> str:
    known = [name for name, _, _ in settings_of(Settings())]
    return "\n".join(_complaint(entry["loc"], entry, known, origins) for entry in error.errors())


def _complaint(
    place: tuple[int | str, ...], entry: Mapping[str, Any], known: list[str], origins: Mapping[str, str]
) -> str:
    name = ".".join(str(step) for step in place)
    origin = next((origins[head] for head in _heads(name) if head in origins), "")
    where = f"{name} (from {origin})" if origin else name
    if entry["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "`twin serve --check` lists all settings"
        return f"{where}: there is no such setting; {hint}"
    given = "" if isinstance(entry["input"], dict) else f" {_given(name, entry['input'])}"
    return f"{where}:{given} {entry['msg'][0].lower()}{entry['msg'][1:]}"


def _given(name: str, value: object) -> str:
    """A wrong value as it was given; of a secret, such as one that was taken for a number, nothing."""
    return MASK if name in _secrets(Settings) else repr(value)


def _secrets(section: type[BaseModel], head: str = "") -> Iterator[str]:
    for name, field in section.model_fields.items():
        if isinstance(field.default, BaseModel):
            yield from _secrets(type(field.default), f"{head}{name}.")
        elif SecretStr in get_args(field.annotation):
            yield f"{head}{name}"


def _heads(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def reference() -> str:
    """All settings as the table of ``docs/operations.md``: name, default, meaning."""
    rows = [f"| `{name}` | `{shown(value)}` | {about} |" for name, value, about in settings_of(Settings())]
    return "\n".join(("| setting | default | meaning |", "|---|---|---|", *rows))
