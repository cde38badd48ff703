"""A proposed profile as TOML that a person likes to read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from assets.catalog.suggesting.columns import Column
from assets.catalog.suggesting.evidence import Candidate

_SHOWN: Final = 50
_EXAMPLES: Final = 3


Value: TypeAlias = str | Mapping[str, str] | Sequence[str] | None


@dataclass(frozen=True)
class Field:
    """One entry of ``[[fields]]`` with the reasons for it."""

    to: str
    keys: Mapping[str, Value]
    """Key to value, in the order they are written; ``None`` is left out."""
    reasons: tuple[Candidate, ...]
    note: str | None = None


def comment(candidate: Candidate, what: str) -> str:
    """The line that says why a column was chosen."""
    return (
        f"# {what}: confidence {candidate.confidence:.2f} (name {candidate.by_name:.2f}, "
        f"values {candidate.by_values:.2f}); {_examples(candidate.column)}"
    )


def write_profile(header: list[str], keys: list[str], fields: Sequence[Field], left: Sequence[Column]) -> str:
    """The whole text."""
    lines = [*header, *keys]
    for entry in fields:
        lines += [comment(reason, _clean(reason.column.path)) for reason in entry.reasons]
        if entry.note:
            lines.append(f"# {entry.note}")
        lines += ["[[fields]]", f'to = "{entry.to}"']
        lines += [f"{key} = {_quote(value)}" for key, value in entry.keys.items() if value is not None]
        lines.append("")
    if left:
        lines.append("# Columns that nothing reads. To take one: add a [[fields]] entry with to and from.")
        lines += [f"#   {_clean(column.path)}: {_examples(column)}" for column in left]
    return "\n".join(lines).rstrip() + "\n"


def _examples(column: Column) -> str:
    if not column.values:
        return "empty in the sample"
    shown = ", ".join(
        json.dumps(_clean(value[:_SHOWN]), ensure_ascii=False) for value in column.distinct[:_EXAMPLES]
    )
    return f"e.g. {shown}"


def _clean(text: str) -> str:
    """One line without control characters, which a TOML comment may not hold."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _quote(value: str | Mapping[str, str] | Sequence[str]) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_quote(key)} = {_quote(text)}" for key, text in value.items()) + " }"
    if not isinstance(value, str):
        return "[" + ", ".join(map(_quote, value)) + "]"
    # a JSON string is a TOML basic string, but for the delete character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
