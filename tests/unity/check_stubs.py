"""Compare the stubs with the real sources: ``python -m tests.unity.check_stubs REPOSITORY TAG STUB...``.

By hand, when a stub changes, with a clone of the public source beside it (for the engine
Unity-Technologies/UnityCsReference, whose license allows reading and nothing else). Each member of a stub
must be in the source with the same name, types, parameters and static-ness, and not be obsolete there. Git
objects are read, nothing is copied. Needs ``pip install tree-sitter tree-sitter-c-sharp``. Results are kept
in ``stubs/README.md``.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.unity.assemblies import STUBS, sources_of

TYPES = {
    "class_declaration", "struct_declaration", "enum_declaration", "interface_declaration",
    "delegate_declaration",
}  # fmt: skip
BLOCKS = {"namespace_declaration", "file_scoped_namespace_declaration", "declaration_list"}
_QUALIFIERS = re.compile(r"(?:\w+\.)+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a type. ``kind``: M method, C constructor, V property, field or event, E enum member."""

    kind: str
    name: str
    type: str
    parameters: tuple[str, ...]
    is_static: bool
    is_obsolete: bool = field(default=False, compare=False)
    """Marked so: a project's console would tell."""


class Source:
    """One revision of a repository."""

    def __init__(self, repository: Path, tag: str) -> None:
        import tree_sitter_c_sharp
        from tree_sitter import Language, Parser

        self._parser = Parser(Language(tree_sitter_c_sharp.language()))
        self._repository, self._tag = repository, tag
        self._found: dict[str, list[Any]] = {}

    def parse(self, data: bytes) -> Any:
        """The syntax tree's root."""
        return self._parser.parse(data).root_node

    def find(self, tops: set[str]) -> None:
        """Read the declarations of these outermost types, in one pass over all files."""
        pattern = rf"\b(class|struct|enum|interface)\s+({'|'.join(sorted(tops))})\b"
        listing = self._git("grep", "-lE", pattern, self._tag, "--", "*.cs").decode()
        for file in filter(None, listing.splitlines()):
            for name, node in declared(self.parse(self._git("show", file))):
                if name.split(".")[0] in tops:
                    self._found.setdefault(name, []).append(node)

    def types(self, name: str) -> list[Any]:
        """Declarations of that type, by its dotted name."""
        return self._found.get(name, [])

    def _git(self, *arguments: str) -> bytes:
        done = subprocess.run(
            ["git", "-C", str(self._repository), *arguments], capture_output=True, check=False
        )
        return done.stdout


def declared(node: Any, outer: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every type under ``node`` by its dotted name without namespaces."""
    for child in node.named_children:
        if child.type in TYPES:
            name = (*outer, _text(child.child_by_field_name("name")))
            yield ".".join(name), child
            body = child.child_by_field_name("body")
            if body is not None:
                yield from declared(body, name)
        elif child.type in BLOCKS or child.type.startswith("preproc"):
            yield from declared(child, outer)


def members(node: Any) -> Iterator[Member]:
    """The members of one declaration, those behind conditions included."""
    body = node.child_by_field_name("body")
    for child in _flat(body) if body is not None else ():
        obsolete = is_obsolete(child)
        yield from (replace(one, is_obsolete=obsolete) for one in _members_of(child))


def is_obsolete(node: Any) -> bool:
    """Whether a declaration bears that attribute."""
    marks = (one for one in node.children if one.type == "attribute_list")
    return any(re.search(r"\b(System\.)?Obsolete\b", _text(one)) for one in marks)


def _members_of(child: Any) -> Iterator[Member]:
    static = any(_text(one) in ("static", "const") for one in child.children if one.type == "modifier")
    name = _text(child.child_by_field_name("name"))
    given = child.child_by_field_name("returns") or child.child_by_field_name("type")
    if child.type == "method_declaration":
        yield Member("M", name, _plain(_text(given)), _parameters(child), static)
    elif child.type == "operator_declaration":
        operator = _text(child.child_by_field_name("operator"))
        yield Member("M", operator, _plain(_text(given)), _parameters(child), static)
    elif child.type == "conversion_operator_declaration":
        yield Member("M", "conversion", _plain(_text(given)), _parameters(child), static)
    elif child.type == "constructor_declaration":
        yield Member("C", "constructor", "", _parameters(child), False)
    elif child.type in ("property_declaration", "event_declaration"):
        yield Member("V", name, _plain(_text(given)), (), static)
    elif child.type in ("field_declaration", "event_field_declaration"):
        yield from _variables(child, static)
    elif child.type == "enum_member_declaration":
        yield Member("E", name, "", (), True)


def _variables(field: Any, static: bool) -> Iterator[Member]:
    inner = next(one for one in field.named_children if one.type == "variable_declaration")
    kind = _plain(_text(inner.child_by_field_name("type")))
    for one in inner.named_children:
        if one.type == "variable_declarator":
            yield Member(
                "V", _text(one.child_by_field_name("name") or one.named_children[0]), kind, (), static
            )


def _flat(body: Any) -> Iterator[Any]:
    for child in body.named_children:
        if child.type.startswith("preproc"):
            yield from _flat(child)
        else:
            yield child


def _parameters(node: Any) -> tuple[str, ...]:
    told = node.child_by_field_name("parameters")
    if told is None:
        return ()
    out = []
    for one in told.named_children:
        if one.type == "parameter":
            lead = "".join(
                f"{_text(part)} " for part in one.children if _text(part) in ("ref", "out", "params")
            )
            optional = "?" if "=" in [_text(part) for part in one.children] else ""
            out.append(f"{lead}{_plain(_text(one.child_by_field_name('type')))}{optional}")
        elif one.type not in ("attribute_list", "comment") and _text(one) not in ("params",):
            out.append(_plain(_text(one)))
    return tuple(out)


def _text(node: Any) -> str:
    return str(node.text.decode("utf-8", "replace")) if node is not None else ""


def _plain(kind: str) -> str:
    return re.sub(r"\s+", "", _QUALIFIERS.sub("", kind)).replace("String", "string")


def compare(source: Source, stub: str) -> tuple[int, list[str]]:
    """How many members of a stub assembly agree, and what does not."""
    agree, faults = 0, list[str]()
    files = sources_of(stub, STUBS)
    stubbed = [one for file in files for one in declared(source.parse(file.read_bytes()))]
    source.find({name.split(".")[0] for name, _ in stubbed})
    for name, node in stubbed:
        real = source.types(name)
        if not real:
            faults.append(f"{name}: no such type")
            continue
        there = [member for one in real for member in members(one)]
        if all(is_obsolete(one) for one in real):
            faults.append(f"{name}: obsolete")
        for member in members(node):
            found = [one for one in there if one == member]
            if found and all(one.is_obsolete for one in found):
                faults.append(f"{name}.{member.name}: obsolete")
            elif found:
                agree += 1
            else:
                alike = [f"{one.type} {one.parameters}" for one in there if one.name == member.name]
                faults.append(
                    f"{name}.{member.name} {member.type} {member.parameters}: there is {alike or 'none'}"
                )
    return agree, faults


def main(repository: str, tag: str, *stubs: str) -> int:
    """Print the result for each stub."""
    source = Source(Path(repository), tag)
    total = 0
    for stub in stubs:
        agree, faults = compare(source, stub)
        print(f"{stub} against {tag}: {agree} members agree, {len(faults)} do not")  # noqa: T201
        for fault in faults:
            print(f"  {fault}")  # noqa: T201
        total += len(faults)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
