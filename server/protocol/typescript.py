"""The protocol in TypeScript: ``python -m server.protocol.typescript`` writes it into the web client.

Read off ``describe()``, as the documents and the C# are; the output is committed and a test fails when it is
stale. What is written are types, which cost a page nothing, and one table of layouts by which the client's
``codec.ts`` reads and writes: code for each message would be several times its size, and every visitor
downloads it.

A choice becomes an object of numbers, a message, part or change an interface; fields are in camel case.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from server.protocol.schema import ChoiceOf, FieldOf, Schema, StructOf, TypeOf, describe
from server.protocol.written import write

FOLDER: Final = Path(__file__).resolve().parents[2] / "web_client/src/protocol/generated"
RENAMED: Final = {"Error": "ErrorMessage"}
"""Interfaces that would hide a name of the language itself."""

_HEAD: Final = (
    "// Written by `python -m server.protocol.typescript` from the protocol's own definition. "
    "Change that, not this.\n\n"
)
_SCALARS: Final = {
    "bool": "boolean", "u8": "number", "u16": "number", "u32": "number", "i64": "Long", "f32": "number",
    "text": "string", "bytes": "Uint8Array", "vec3": "Vector", "quat": "Quaternion",
}  # fmt: skip


def generate(schema: Schema) -> dict[str, str]:
    """The text of each file by its name."""
    return {
        "choices.ts": _file(_choice(one) for one in schema.choices),
        "messages.ts": _file(
            [_imports(schema), _vectors(), *map(_part, schema.structs), *map(_change, schema.changes),
             _union("Change", schema.changes), *map(_message, schema.messages),
             _union("Message", schema.messages)]
        ),
        "layouts.ts": _file([_protocol(schema), _codes(schema), _kinds(schema), *_layouts(schema)]),
    }  # fmt: skip


def camel(name: str) -> str:
    """``acknowledge_every`` as TypeScript writes it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def type_name(struct: str) -> str:
    """The name of the interface of ``struct``."""
    return RENAMED.get(struct, struct)


def _file(blocks: Iterable[Iterable[str]]) -> str:
    return _HEAD + "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _doc(text: str, indent: str = "") -> Iterator[str]:
    yield f"{indent}/** {' '.join(text.replace('``', '`').split())} */"


def _choice(choice: ChoiceOf) -> Iterator[str]:
    yield from _doc(choice.doc)
    yield f"export const {choice.name} = {{"
    for one in choice.members:
        if one.doc:
            yield from _doc(one.doc, "  ")
        yield f"  {one.name}: {one.value},"
    yield "} as const;"
    yield f"export type {choice.name} = (typeof {choice.name})[keyof typeof {choice.name}];"


def _imports(schema: Schema) -> Iterator[str]:
    structs = (*schema.messages, *schema.changes, *schema.structs)
    used = {one.type.name for struct in structs for one in struct.fields if one.type.kind == "choice"}
    yield f"import type {{ {', '.join(sorted(used))} }} from './choices';"


def _vectors() -> Iterator[str]:
    yield "export type Vector = readonly [number, number, number];"
    yield "/** A number below 2⁵³, as all times here are; what is larger stays exact as a bigint. */"
    yield "export type Long = number | bigint;"
    yield "/** x, y, z, w. */"
    yield "export type Quaternion = readonly [number, number, number, number];"


def _part(struct: StructOf) -> Iterator[str]:
    yield from _interface(struct, [])


def _change(struct: StructOf) -> Iterator[str]:
    yield from _interface(struct, [f"  readonly kind: {struct.code};"])


def _message(struct: StructOf) -> Iterator[str]:
    yield from _interface(struct, [f"  readonly code: {struct.code};"])


def _interface(struct: StructOf, lead: list[str]) -> Iterator[str]:
    yield from _doc(struct.doc)
    yield f"export interface {type_name(struct.name)} {{"
    yield from lead
    for field in struct.fields:
        unit = f" Unit: {field.type.unit}." if field.type.unit else ""
        yield from _doc(field.doc + unit, "  ")
        yield f"  readonly {camel(field.name)}: {_type(field.type)};"
    yield "}"


def _type(kind: TypeOf) -> str:
    if kind.kind == "changes":
        return "readonly Change[]"
    name = _SCALARS.get(kind.name) or type_name(kind.name)
    if kind.kind == "list":
        return f"readonly {name}[]"
    return f"{name} | null" if kind.optional else name


def _union(name: str, structs: Iterable[StructOf]) -> Iterator[str]:
    yield f"export type {name} ="
    *most, last = [f"  | {type_name(one.name)}" for one in structs]
    yield from most
    yield f"{last};"


def _protocol(schema: Schema) -> Iterator[str]:
    yield "import type { Layout } from '../layout';"
    yield ""
    yield from _doc("Asked for in the websocket handshake; carries the major version.")
    yield f"export const SUBPROTOCOL = '{schema.subprotocol}';"
    yield from _doc("Minor version: grows with every field or message added.")
    yield f"export const MINOR = {schema.minor};"
    yield from _doc("First byte of a pose, which is not msgpack.")
    yield f"export const POSE = {schema.pose};"


def _codes(schema: Schema) -> Iterator[str]:
    yield from _numbers("Code", "Numbers of the messages.", schema.messages)


def _kinds(schema: Schema) -> Iterator[str]:
    yield from _numbers("Kind", "Numbers of the changes in a snapshot or delta.", schema.changes)


def _numbers(name: str, doc: str, structs: Iterable[StructOf]) -> Iterator[str]:
    yield from _doc(doc)
    yield f"export const {name} = {{"
    for one in structs:
        yield f"  {one.name}: {one.code},"
    yield "} as const;"


def _layouts(schema: Schema) -> Iterator[Iterable[str]]:
    yield _table("PARTS", "Parts of messages by name.", schema.structs, lambda one: one.name)
    yield _table("CHANGES", "Changes by kind.", schema.changes, lambda one: str(one.code))
    yield _table("MESSAGES", "Messages by number.", schema.messages, lambda one: str(one.code))
    members = {one.name: [member.value for member in one.members] for one in schema.choices}
    yield [
        *_doc("Numbers that each choice knows; another one reads as member 0."),
        "export const CHOICES: Readonly<Record<string, readonly number[]>> = {",
        *(f"  {name}: {json.dumps(values)}," for name, values in members.items()),
        "};",
    ]


def _table(name: str, doc: str, structs: Iterable[StructOf], key: Callable[[StructOf], str]) -> Iterator[str]:
    yield from _doc(doc)
    number = "string" if name == "PARTS" else "number"
    yield f"export const {name}: Readonly<Record<{number}, Layout>> = {{"
    for one in structs:
        yield f"  {key(one)}: {{"
        yield f"    name: '{one.name}',"
        yield "    fields: ["
        yield from (f"      {_field(field)}," for field in one.fields)
        yield "    ],"
        yield "  },"
    yield "};"


def _field(field: FieldOf) -> str:
    kind = field.type
    entries = [f"name: '{camel(field.name)}'", f"kind: '{_kind(kind)}'"]
    if kind.kind in ("choice", "struct") or kind.of == "struct":
        entries.append(f"of: '{kind.name}'")
    if kind.kind == "list":
        entries.append("list: true")
    if kind.limit:
        entries.append(f"limit: {kind.limit}")
    if kind.optional:
        entries.append("nil: true")
    if not field.required:
        entries.append(f"otherwise: {json.dumps(field.default, ensure_ascii=False)}")
    return f"{{ {', '.join(entries)} }}"


def _kind(kind: TypeOf) -> str:
    if kind.kind == "scalar" or kind.of == "scalar":
        return "ratio" if kind.unit == "0-1" else kind.name
    return kind.of if kind.kind == "list" else kind.kind


if __name__ == "__main__":
    write(FOLDER, generate(describe()))
