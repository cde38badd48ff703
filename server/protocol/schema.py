"""The protocol as plain values: what the documents and the C# and TypeScript codecs are generated from.

Read off the message classes themselves, so that there is one place to change. ``describe()`` is also written
to ``docs/schema/protocol.json``.
"""

import ast
import inspect
import types
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from server.protocol import parts
from server.protocol.messages import MESSAGES, MINOR, POSE, RESERVED, SUBPROTOCOL
from server.protocol.parts import CHANGES
from server.protocol.session import TRANSITIONS, State
from server.protocol.wire import Change, Choice, Event, Message, Struct, Wire, to_array


@dataclass(frozen=True, slots=True)
class TypeOf:
    """Type of a field. ``kind`` is ``scalar``, ``choice``, ``struct``, ``list`` or ``changes``."""

    kind: str
    name: str
    """The scalar's, choice's or struct's name; of a list, its entries'."""
    unit: str = ""
    limit: int = 0
    """Most characters of a text or bytes of a byte string; 0: none stated."""
    optional: bool = False
    """May be nil."""
    of: str = ""
    """Of a list: the kind of its entries."""


@dataclass(frozen=True, slots=True)
class FieldOf:
    """One field; its place in the list is its place in the array."""

    name: str
    type: TypeOf
    doc: str
    required: bool
    default: object
    """As on the wire; ``None`` too where the field is required."""


@dataclass(frozen=True, slots=True)
class StructOf:
    """A message, a part of one, or a change."""

    name: str
    doc: str
    fields: tuple[FieldOf, ...]
    code: int = 0
    """Number of the message or kind of the change; 0 for a part."""
    sender: str = ""
    event: bool = False
    """Numbered and replayed."""


@dataclass(frozen=True, slots=True)
class MemberOf:
    """One member of a choice."""

    name: str
    value: int
    doc: str


@dataclass(frozen=True, slots=True)
class ChoiceOf:
    """A closed list that may grow; an unknown number reads as member 0."""

    name: str
    doc: str
    members: tuple[MemberOf, ...]


@dataclass(frozen=True, slots=True)
class MoveOf:
    """One row of the session's state table."""

    state: str
    trigger: str
    next: str


@dataclass(frozen=True, slots=True)
class Schema:
    """All of it."""

    subprotocol: str
    minor: int
    pose: int
    messages: tuple[StructOf, ...]
    changes: tuple[StructOf, ...]
    structs: tuple[StructOf, ...]
    choices: tuple[ChoiceOf, ...]
    reserved: tuple[tuple[int, int, str], ...]
    """First number, last number, what for."""
    states: tuple[str, ...]
    moves: tuple[MoveOf, ...]

    def as_json(self) -> dict[str, object]:
        """Values that JSON can hold."""
        return asdict(self)


def describe() -> Schema:
    """The protocol of this version."""
    classes = [value for value in vars(parts).values() if isinstance(value, type)]
    structs = [one for one in classes if issubclass(one, Struct) and not issubclass(one, Change | Message)]
    choices = [one for one in classes if issubclass(one, Choice)]
    docs = _member_docs()
    return Schema(
        subprotocol=SUBPROTOCOL,
        minor=MINOR,
        pose=POSE,
        messages=tuple(_message(message) for message in MESSAGES.values()),
        changes=tuple(_struct(change, change.kind) for change in CHANGES.values()),
        structs=tuple(_struct(one) for one in structs if one is not Struct),
        choices=tuple(_choice(one, docs) for one in choices if one is not Choice),
        reserved=tuple((numbers[0], numbers[-1], use) for numbers, use in RESERVED.items()),
        states=tuple(state.value for state in State),
        moves=tuple(
            MoveOf(state.value, trigger.value, then.value) for (state, trigger), then in TRANSITIONS.items()
        ),
    )


def _message(message: type[Message]) -> StructOf:
    spec = _struct(message, message.code)
    return StructOf(spec.name, spec.doc, spec.fields, spec.code, message.sender, issubclass(message, Event))


def _struct(struct: type[Struct], code: int = 0) -> StructOf:
    fields = tuple(_field(name, field) for name, field in struct.model_fields.items())
    return StructOf(struct.__name__, inspect.cleandoc(struct.__doc__ or ""), fields, code)


def _field(name: str, field: FieldInfo) -> FieldOf:
    required = field.default is PydanticUndefined
    return FieldOf(
        name=name,
        type=_type(field.annotation, field.metadata),
        doc=inspect.cleandoc(field.description or ""),
        required=required,
        default=None if required else _default(field.default),
    )


def _default(value: object) -> object:
    if isinstance(value, Struct):
        return to_array(value)
    if isinstance(value, bytes):
        return value.hex()
    return list(value) if isinstance(value, tuple) else value


def _type(annotation: object, metadata: list[object]) -> TypeOf:
    wire = next((entry for entry in metadata if isinstance(entry, Wire)), None)
    if wire is not None:
        return TypeOf("scalar", wire.scalar, wire.unit, wire.limit)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0], list(arguments[1:]))
    if origin in (types.UnionType, Union):
        inner = _type(next(one for one in arguments if one is not type(None)), [])
        return TypeOf(inner.kind, inner.name, inner.unit, inner.limit, optional=True)
    if origin is tuple:
        if get_origin(arguments[0]) in (types.UnionType, Union):
            return TypeOf("changes", "Change")
        inner = _type(arguments[0], [])
        return TypeOf("list", inner.name, inner.unit, inner.limit, of=inner.kind)
    if isinstance(annotation, type) and issubclass(annotation, Choice):
        return TypeOf("choice", annotation.__name__)
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return TypeOf("struct", annotation.__name__)
    raise TypeError(f"{annotation} has no form on the wire: use the types of server.protocol.wire")


def _choice(choice: type[Choice], docs: dict[tuple[str, str], str]) -> ChoiceOf:
    members = tuple(MemberOf(one.name, int(one), docs.get((choice.__name__, one.name), "")) for one in choice)
    return ChoiceOf(choice.__name__, inspect.cleandoc(choice.__doc__ or ""), members)


def _member_docs() -> dict[tuple[str, str], str]:
    """The text beneath each member of a choice; Python itself does not keep it."""
    tree = ast.parse(inspect.getsource(parts))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {(one.name, member): doc for one in classes for member, doc in _documented(one)}


def _documented(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for line, below in zip(body.body, body.body[1:], strict=False):
        match line, below:
            case ast.Assign(targets=[ast.Name(id=member)]), ast.Expr(value=ast.Constant(value=str(doc))):
                yield member, inspect.cleandoc(doc)
