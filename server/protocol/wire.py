"""What a field may be on the wire: a small closed set of types, so that three languages can follow it.

A message or part is a msgpack array of its fields in their order of declaration. Fields are only ever added
at the end and with a default: a peer of an older minor version ignores what it does not know, and a newer
one fills in what it did not get. Every float travels as 32 bits; a whole number is accepted for a float,
because JavaScript writes 1.0 as 1. Numbers are never taken for booleans, nor text for numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, ClassVar, Final, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator

U16_MAX: Final = 2**16 - 1
U32_MAX: Final = 2**32 - 1
NANOSECONDS_MAX: Final = 2**53 - 1
"""JavaScript's largest exact integer: 104 days of nanoseconds since the server started."""

FRAME_BYTES: Final = 2**20
"""Largest camera frame that can ever be sent; the server's own limit is usually lower."""

Scalar = Literal["bool", "u8", "u16", "u32", "i64", "f32", "text", "bytes", "vec3", "quat"]


@dataclass(frozen=True, slots=True)
class Wire:
    """How a value is written, and its unit; read by the generators of documents and clients."""

    scalar: Scalar
    unit: str = ""
    limit: int = 0
    """Longest text in characters, or longest byte string; 0 for the others."""


class Choice(IntEnum):
    """A closed list that may grow: an unknown number, sent by a newer peer, reads as member 0."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls(0) if type(value) is int and 0 < value <= U16_MAX else None


def _whole(value: object) -> object:
    if type(value) is int or isinstance(value, IntEnum):
        return value
    raise ValueError(f"expected a whole number, got {type(value).__name__}")


_C = TypeVar("_C", bound=Choice)
Chosen = Annotated[_C, Strict(False), BeforeValidator(_whole)]

U8 = Annotated[int, Wire("u8"), Field(ge=0, le=255)]
U16 = Annotated[int, Wire("u16"), Field(ge=0, le=U16_MAX)]
U32 = Annotated[int, Wire("u32"), Field(ge=0, le=U32_MAX)]
Nanoseconds = Annotated[int, Wire("i64", "ns"), Field(ge=0, le=NANOSECONDS_MAX)]
"""A server time: nanoseconds since the server started. Never a date."""
ClientNanoseconds = Annotated[int, Wire("i64", "ns"), Field(ge=0, le=2**63 - 1)]
"""A time of the client's own steady clock; the server only hands it back."""
Flag = Annotated[bool, Wire("bool")]
Ratio = Annotated[float, Wire("f32", "0-1"), Field(ge=0, le=1, allow_inf_nan=False)]
Metres = Annotated[float, Wire("f32", "m"), Field(allow_inf_nan=False)]
Millimetres = Annotated[float, Wire("f32", "mm"), Field(ge=0, allow_inf_nan=False)]
Pixels = Annotated[float, Wire("f32", "px"), Field(allow_inf_nan=False)]
_Finite = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
Position = Annotated[tuple[_Finite, _Finite, _Finite], Wire("vec3", "m")]
Direction = Annotated[tuple[_Finite, _Finite, _Finite], Wire("vec3", "unit vector")]
Extent = Annotated[tuple[_Finite, _Finite, _Finite], Wire("vec3", "m")]
Quaternion = Annotated[tuple[_Finite, _Finite, _Finite, _Finite], Wire("quat", "x, y, z, w; length 1")]
Name = Annotated[str, Wire("text", limit=128), Field(max_length=128)]
"""An identifier: of an artifact, gallery, annotation, derivative."""
Token = Annotated[str, Wire("text", limit=32), Field(max_length=32)]
"""A short word of an open list, such as a capability; unknown ones are ignored."""
Language = Annotated[str, Wire("text", "BCP 47", limit=35), Field(max_length=35)]
Line = Annotated[str, Wire("text", limit=1000), Field(max_length=1000)]
Passage = Annotated[str, Wire("text", limit=20_000), Field(max_length=20_000)]
Address = Annotated[str, Wire("text", limit=2000), Field(max_length=2000)]
"""A path on this server, or an absolute URI."""


ResumeToken = Annotated[bytes, Wire("bytes", limit=32), Field(max_length=32)]
Frame = Annotated[bytes, Wire("bytes", limit=FRAME_BYTES), Field(max_length=FRAME_BYTES)]


class Struct(BaseModel):
    """A msgpack array of named fields."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _from_array(cls, value: object) -> object:
        # Trailing fields that this version does not know are left away by zip.
        return dict(zip(cls.model_fields, value, strict=False)) if isinstance(value, tuple) else value


class Message(Struct):
    """A whole websocket message: ``[code, field, field, ...]``."""

    code: ClassVar[int]
    sender: ClassVar[Literal["client", "server", "both"]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(
        cls, *, code: int = -1, sender: Literal["client", "server", "both"] = "both", **kwargs: Any
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.code, cls.sender = code, sender


class Event(Message):
    """A message that must arrive exactly once: numbered, kept until acknowledged, replayed on resume."""

    sequence: U32 = 0
    """Number of this event in its session, from 1 without gaps; 0 until the session numbers it."""


class Change(Struct):
    """One entry of a delta: ``[kind, field, field, ...]``."""

    kind: ClassVar[int]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, *, kind: int = 0, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.kind = kind


def to_array(part: Struct) -> list[object]:
    """The fields of ``part`` in their order; parts within it likewise, changes led by their kind."""
    return [_plain(value) for value in part.__dict__.values()]


def _plain(value: object) -> object:
    if isinstance(value, Change):
        return [value.kind, *to_array(value)]
    if isinstance(value, Struct):
        return to_array(value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return value


def known_changes(kinds: Mapping[int, type[Change]]) -> BeforeValidator:
    """A validator that turns arrays led by a kind into changes; kinds of newer versions are ignored."""

    def read(value: object) -> object:
        if not isinstance(value, tuple):
            return value
        return tuple(_change(entry, kinds) for entry in value if not _is_unknown(entry, kinds))

    return BeforeValidator(read)


def _is_unknown(entry: object, kinds: Mapping[int, type[Change]]) -> bool:
    return isinstance(entry, tuple) and bool(entry) and type(entry[0]) is int and entry[0] not in kinds


def _change(entry: object, kinds: Mapping[int, type[Change]]) -> object:
    if isinstance(entry, tuple) and entry and type(entry[0]) is int:
        return kinds[entry[0]].model_validate(entry[1:])
    return entry
