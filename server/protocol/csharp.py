"""The protocol in C#: ``python -m server.protocol.csharp`` writes ``unity_client/Runtime/Core/Generated``.

Read off ``describe()``, as the documents are. The output is committed, so that a Unity project needs no
Python, and a test fails when it is not what this module writes today. It is plain C# 9: structs that read and
write themselves over spans, no reflection, no generic code over our types, so that ahead-of-time compilers
(IL2CPP) have nothing to guess.

A choice becomes an enum, a message or part a struct, a change a class (there are several kinds in one list).
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from server.protocol.schema import ChoiceOf, FieldOf, Schema, StructOf, TypeOf, describe
from server.protocol.written import write

FOLDER: Final = Path(__file__).resolve().parents[2] / "unity_client/Runtime/Core/Generated"
RENAMED: Final = {("Error", "error"): "Kind", ("Sightings", "sightings"): "Found"}
"""A C# member may not have its type's name."""

_HEAD: Final = """\
// Written by `python -m server.protocol.csharp` from the protocol's own definition. Change that, not this.

using System;

namespace MuseumTwin.Protocol
{
"""
_SCALARS: Final = {
    "bool": "bool", "u8": "byte", "u16": "ushort", "u32": "uint", "i64": "long", "f32": "float",
    "text": "string", "bytes": "byte[]", "vec3": "Vec3", "quat": "Quat",
}  # fmt: skip
_VERBS: Final = {
    "bool": "Bool", "u8": "Byte", "u16": "Short", "u32": "Int", "i64": "Long", "f32": "Float",
    "text": "Text", "bytes": "Bytes", "vec3": "Vec3", "quat": "Quat",
}  # fmt: skip
_EMPTY: Final = {"text": '""', "bytes": "Array.Empty<byte>()"}


def generate(schema: Schema) -> dict[str, str]:
    """The text of each file by its name."""
    return {
        "Protocol.cs": _file([_protocol(schema)]),
        "Choices.cs": _file([*map(_enum, schema.choices), _choice_readers(schema.choices)]),
        "Parts.cs": _file(_struct(one, schema) for one in schema.structs),
        "Changes.cs": _file([_change_base(schema), *(_change(one, schema) for one in schema.changes)]),
        "Messages.cs": _file(_struct(one, schema) for one in schema.messages),
    }


def member(struct: str, name: str) -> str:
    """The C# name of a field of ``struct``."""
    return RENAMED.get((struct, name)) or pascal(name)


def pascal(name: str) -> str:
    """``acknowledge_every`` and ``TOO_LARGE`` as C# writes them."""
    return "".join(word[:1].upper() + word[1:].lower() for word in name.split("_"))


def enum_member(name: str) -> str:
    """The C# name of a choice's member: ``GRAY8`` is ``Gray8``."""
    return pascal(name)


def _file(blocks: Iterable[Iterable[str]]) -> str:
    bodies = ["\n".join(f"    {line}" if line else "" for line in block) for block in blocks]
    return _HEAD + "\n\n".join(bodies) + "\n}\n"


def _protocol(schema: Schema) -> Iterator[str]:
    yield "/// <summary>Numbers and names of this version of the protocol.</summary>"
    yield "public static class Wire"
    yield "{"
    yield "    /// <summary>Asked for in the websocket handshake; carries the major version.</summary>"
    yield f'    public const string Subprotocol = "{schema.subprotocol}";'
    yield ""
    yield "    /// <summary>Minor version: grows with every field or message added.</summary>"
    yield f"    public const ushort Minor = {schema.minor};"
    yield ""
    yield "    /// <summary>First byte of a pose, which is not msgpack.</summary>"
    yield f"    public const byte Pose = {schema.pose};"
    yield "}"


def _enum(choice: ChoiceOf) -> Iterator[str]:
    yield from _summary(choice.doc)
    yield f"public enum {choice.name} : ushort"
    yield "{"
    for index, one in enumerate(choice.members):
        if index:
            yield ""
        yield from _indented(_summary(one.doc or f"{enum_member(one.name)}."))
        yield f"    {enum_member(one.name)} = {one.value},"
    yield "}"


def _choice_readers(choices: Iterable[ChoiceOf]) -> Iterator[str]:
    yield "/// <summary>A number that this version does not know reads as member 0.</summary>"
    yield "internal static class Choices"
    yield "{"
    for index, choice in enumerate(choices):
        if index:
            yield ""
        yield f"    internal static {choice.name} Read{choice.name}(ref WireReader reader)"
        yield "    {"
        yield "        var number = reader.ReadShort();"
        yield "        switch (number)"
        yield "        {"
        for one in choice.members:
            yield f"            case {one.value}:"
        yield f"                return ({choice.name})number;"
        yield "            default:"
        yield f"                return ({choice.name})0;"
        yield "        }"
        yield "    }"
    yield "}"


def _struct(struct: StructOf, schema: Schema) -> Iterator[str]:
    """A message or part: its fields, its defaults, reading and writing."""
    yield from _summary(struct.doc)
    yield f"public struct {struct.name}"
    yield "{"
    if struct.code:
        yield "    /// <summary>The message's number on the wire.</summary>"
        yield f"    public const byte Code = {struct.code};"
        yield ""
    yield from _indented(_fields(struct))
    yield "    /// <summary>All fields as the protocol leaves them where nothing is said.</summary>"
    yield from _indented(_defaults(struct))
    yield ""
    yield from _indented(_reading(struct))
    yield ""
    yield from _indented(_writing(struct))
    if not struct.code and _is_listed(struct.name, schema):
        yield ""
        yield from _indented(_listing(struct))
    yield "}"


def _fields(struct: StructOf) -> Iterator[str]:
    for field in struct.fields:
        unit = f" Unit: {field.type.unit}." if field.type.unit else ""
        yield from _summary(field.doc + unit)
        yield f"public {_type(field.type)} {member(struct.name, field.name)};"
        yield ""


def _defaults(struct: StructOf) -> Iterator[str]:
    set_ = [(field, text) for field in struct.fields if (text := _default(field))]
    if not set_:
        yield f"public static {struct.name} Default => default;"
        return
    yield f"public static {struct.name} Default => new {struct.name}"
    yield "{"
    for field, text in set_:
        yield f"    {member(struct.name, field.name)} = {text},"
    yield "};"


def _reading(struct: StructOf) -> Iterator[str]:
    lead = 1 if struct.code else 0
    required = sum(field.required for field in struct.fields) + lead
    doc = (
        "Read one message; bytes that are not this message are refused." if struct.code else "Read one part."
    )
    yield f"/// <summary>{doc}</summary>"
    access = "public" if struct.code else "internal"
    yield f"{access} static {struct.name} Read(ref WireReader reader)"
    yield "{"
    yield f'    var count = reader.ReadArray({required}, "{struct.name}");'
    if struct.code:
        yield "    reader.Expect(Code);"
    yield "    var value = Default;"
    yield from _indented(_read_fields(struct, lead))
    yield f"    reader.SkipRest(count - {len(struct.fields) + lead});"
    if struct.code:
        yield "    reader.ExpectEnd();"
    yield "    return value;"
    yield "}"


def _read_fields(struct: StructOf, lead: int) -> Iterator[str]:
    for index, field in enumerate(struct.fields, lead):
        line = f"value.{member(struct.name, field.name)} = {_read(field.type)};"
        if field.required:
            yield line
        else:
            yield f"if (count > {index})"
            yield "{"
            yield f"    {line}"
            yield "}"


def _writing(struct: StructOf) -> Iterator[str]:
    yield "/// <summary>Write all fields.</summary>"
    yield f"{'public' if struct.code else 'internal'} void Write(WireWriter writer)"
    yield "{"
    yield f"    writer.WriteArray({len(struct.fields) + (1 if struct.code else 0)});"
    if struct.code:
        yield "    writer.WriteByte(Code);"
    for field in struct.fields:
        yield from _indented(_write(field.type, member(struct.name, field.name)))
    yield "}"


def _listing(struct: StructOf) -> Iterator[str]:
    """Lists grow as their entries are read, so that a hostile count allocates nothing."""
    yield f"internal static {struct.name}[] ReadList(ref WireReader reader)"
    yield "{"
    yield "    var count = reader.ReadArray();"
    yield "    if (count == 0)"
    yield "    {"
    yield f"        return Array.Empty<{struct.name}>();"
    yield "    }"
    yield f"    var list = new {struct.name}[Math.Min(count, WireReader.FirstEntries)];"
    yield "    for (var index = 0; index < count; index++)"
    yield "    {"
    yield "        if (index == list.Length)"
    yield "        {"
    yield "            Array.Resize(ref list, Math.Min(count, 2 * list.Length));"
    yield "        }"
    yield "        list[index] = Read(ref reader);"
    yield "    }"
    yield "    return list;"
    yield "}"
    yield ""
    yield f"internal static void WriteList(WireWriter writer, {struct.name}[] list)"
    yield "{"
    yield f"    list = list ?? Array.Empty<{struct.name}>();"
    yield "    writer.WriteArray(list.Length);"
    yield "    for (var index = 0; index < list.Length; index++)"
    yield "    {"
    yield "        list[index].Write(writer);"
    yield "    }"
    yield "}"


def _change_base(schema: Schema) -> Iterator[str]:
    yield "/// <summary>One entry of a snapshot or delta.</summary>"
    yield "public abstract class Change"
    yield "{"
    yield "    private protected Change()"
    yield "    {"
    yield "    }"
    yield ""
    yield "    /// <summary>The kind's number on the wire.</summary>"
    yield "    public abstract byte Kind { get; }"
    yield ""
    yield "    internal abstract void Write(WireWriter writer);"
    yield ""
    yield "    /// <summary>Read a list; kinds that this version does not know are left out.</summary>"
    yield from _indented(_change_list())
    yield ""
    yield "    private static Change ReadOne(ref WireReader reader)"
    yield "    {"
    yield '        var count = reader.ReadArray(1, "Change");'
    yield "        var kind = reader.ReadUnsigned(uint.MaxValue);"
    yield "        switch (kind)"
    yield "        {"
    for change in schema.changes:
        yield f"            case {change.code}:"
        yield f"                return {change.name}.Read(ref reader, count);"
    yield "            default:"
    yield "                reader.SkipRest(count - 1);"
    yield "                return null;"
    yield "        }"
    yield "    }"
    yield "}"


def _change_list() -> Iterator[str]:
    yield "internal static Change[] ReadList(ref WireReader reader)"
    yield "{"
    yield "    var count = reader.ReadArray();"
    yield "    var list = new Change[Math.Min(count, WireReader.FirstEntries)];"
    yield "    var known = 0;"
    yield "    for (var index = 0; index < count; index++)"
    yield "    {"
    yield "        var change = ReadOne(ref reader);"
    yield "        if (change == null)"
    yield "        {"
    yield "            continue;"
    yield "        }"
    yield "        if (known == list.Length)"
    yield "        {"
    yield "            Array.Resize(ref list, Math.Min(count, 2 * list.Length));"
    yield "        }"
    yield "        list[known++] = change;"
    yield "    }"
    yield "    Array.Resize(ref list, known);"
    yield "    return list;"
    yield "}"
    yield ""
    yield "internal static void WriteList(WireWriter writer, Change[] list)"
    yield "{"
    yield "    list = list ?? Array.Empty<Change>();"
    yield "    writer.WriteArray(list.Length);"
    yield "    foreach (var change in list)"
    yield "    {"
    yield "        change.Write(writer);"
    yield "    }"
    yield "}"


def _change(change: StructOf, schema: Schema) -> Iterator[str]:
    yield from _summary(change.doc)
    yield f"public sealed class {change.name} : Change"
    yield "{"
    for field in change.fields:
        unit = f" Unit: {field.type.unit}." if field.type.unit else ""
        yield from _indented(_summary(field.doc + unit))
        default = _default(field)
        yield (
            f"    public {_type(field.type)} {member(change.name, field.name)}"
            f"{f' = {default}' if default else ''};"
        )
        yield ""
    yield "    /// <inheritdoc/>"
    yield f"    public override byte Kind => {change.code};"
    yield ""
    yield f"    internal static {change.name} Read(ref WireReader reader, int count)"
    yield "    {"
    required = sum(field.required for field in change.fields) + 1
    yield f'        reader.Require(count, {required}, "{change.name}");'
    yield f"        var value = new {change.name}();"
    yield from _indented(_read_fields(change, 1), 2)
    yield f"        reader.SkipRest(count - {len(change.fields) + 1});"
    yield "        return value;"
    yield "    }"
    yield ""
    yield "    internal override void Write(WireWriter writer)"
    yield "    {"
    yield f"        writer.WriteArray({len(change.fields) + 1});"
    yield "        writer.WriteByte(Kind);"
    for field in change.fields:
        yield from _indented(_write(field.type, member(change.name, field.name)), 2)
    yield "    }"
    yield "}"


def _type(kind: TypeOf) -> str:
    if kind.kind == "changes":
        return "Change[]"
    if kind.kind == "list":
        return f"{_SCALARS.get(kind.name, kind.name)}[]"
    name = _SCALARS.get(kind.name, kind.name)
    return f"{name}?" if kind.optional else name


def _read(kind: TypeOf) -> str:
    if kind.kind == "changes":
        return "Change.ReadList(ref reader)"
    if kind.kind == "list" and kind.of == "scalar":
        return f"reader.Read{_VERBS[kind.name]}s({kind.limit or ''})"
    if kind.kind == "list":
        return f"{kind.name}.ReadList(ref reader)"
    if kind.kind == "scalar":
        verb = "Ratio" if kind.unit == "0-1" else _VERBS[kind.name]
        return f"reader.Read{verb}({kind.limit or ''})"
    if kind.kind == "choice":
        return f"Choices.Read{kind.name}(ref reader)"
    if kind.optional:
        # Qualified, because a field of this name and another type (``T?``) hides the type.
        return f"reader.TryReadNil() ? (Protocol.{kind.name}?)null : Protocol.{kind.name}.Read(ref reader)"
    return f"{kind.name}.Read(ref reader)"


def _write(kind: TypeOf, name: str) -> Iterator[str]:
    if kind.kind == "changes":
        yield f"Change.WriteList(writer, {name});"
    elif kind.kind == "list" and kind.of == "scalar":
        yield f"writer.Write{_VERBS[kind.name]}s({name}{f', {kind.limit}' if kind.limit else ''});"
    elif kind.kind == "list":
        yield f"{kind.name}.WriteList(writer, {name});"
    elif kind.kind == "scalar":
        verb = "Ratio" if kind.unit == "0-1" else _VERBS[kind.name]
        yield f"writer.Write{verb}({name}{f', {kind.limit}' if kind.limit else ''});"
    elif kind.kind == "choice":
        yield f"writer.WriteShort((ushort){name});"
    elif not kind.optional:
        yield f"{name}.Write(writer);"
    else:
        yield f"if ({name}.HasValue)"
        yield "{"
        yield f"    {name}.Value.Write(writer);"
        yield "}"
        yield "else"
        yield "{"
        yield "    writer.WriteNil();"
        yield "}"


def _default(field: FieldOf) -> str:
    """The C# text of what a field is where nothing is said; empty where that is C#'s own zero."""
    kind = field.type
    if kind.optional:
        return ""
    if kind.kind in ("list", "changes"):
        return f"Array.Empty<{_type(kind)[:-2]}>()"
    if kind.kind == "struct":
        return f"{kind.name}.Default"
    if kind.name == "text":
        return f'"{field.default or ""}"'
    if kind.name == "bytes":
        return "Array.Empty<byte>()"
    if kind.name == "quat":
        return "Quat.Identity"
    if kind.name == "f32" and field.default:
        return f"{field.default}f"
    return "true" if field.default is True else ""


def _is_listed(name: str, schema: Schema) -> bool:
    structs = (*schema.messages, *schema.changes, *schema.structs)
    return any(
        field.type.kind == "list" and field.type.name == name for one in structs for field in one.fields
    )


def _summary(doc: str) -> Iterator[str]:
    text = " ".join(doc.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split())
    text = re.sub(r"``([^`]+)``", r"<c>\1</c>", text)
    yield f"/// <summary>{text}</summary>"


def _indented(lines: Iterable[str], levels: int = 1) -> Iterator[str]:
    return ("    " * levels + line if line else "" for line in lines)


if __name__ == "__main__":
    write(FOLDER, generate(describe()))
