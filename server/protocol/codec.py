"""Messages to bytes and back; the only place that knows msgpack.

Writing trusts its caller: messages were validated when they were made. Reading trusts nobody: length is
checked before a byte is decoded, maps, extension types and wrong UTF-8 are refused, depth is bounded, and
every field is checked against the schema with no conversion between kinds.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgpack
from pydantic import ValidationError

from server.protocol.limits import Limits
from server.protocol.messages import MESSAGES, POSE
from server.protocol.parts import ErrorCode
from server.protocol.wire import Change, Event, Message, to_array

Raw = object
"""Decoded but not checked: None, bool, int, float, str, bytes or a tuple of them."""

_ARRAY_16: Final = 0xDC
_FIXARRAY: Final = range(0x90, 0xA0)
_ARRAY_16_MOST: Final = 2**16
_DEFAULT: Final = Limits()
_MOST_ENTRIES: Final = 1024
"""Entries of any array that a client sends. A header alone, five bytes, may make the decoder set aside eight
bytes for each entry that it promises, and a header within a header again: depth is judged after decoding."""
_HEADS: Final = {
    code: bytes((0x90 | len(message.model_fields) + 1, code)) for code, message in MESSAGES.items()
}
# One packer for the numbers at the head of every event: making one costs more than its work. Events are
# numbered in one thread, that of the event loop.
_quick: Final[Callable[[int], bytes]] = msgpack.Packer().pack


class WireError(Exception):
    """Bytes that are no message. ``error`` names the fault, ``about`` the message type or 0."""

    def __init__(self, error: ErrorCode, detail: str, about: int = 0) -> None:
        super().__init__(detail)
        self.error, self.detail, self.about = error, detail, about


def encode(message: Message) -> bytes:
    """The bytes of ``message``."""
    return _pack([message.code, *to_array(message)])


def encode_tail(event: Event) -> bytes:
    """All of ``event`` behind its sequence number, for ``numbered``."""
    return b"".join(map(_pack, to_array(event)[1:]))


def numbered(code: int, sequence: int, tail: bytes) -> bytes:
    """An event's bytes from those that ``encode_tail``, ``delta_tail`` or ``snapshot_tail`` made."""
    return _HEADS[code] + _quick(sequence) + tail


def encode_change(change: Change) -> bytes:
    """One entry of a delta, to be kept and used again in many."""
    return _pack([change.kind, *to_array(change)])


def delta_tail(time: int, pose: int, count: int, changes: bytes) -> bytes:
    """A ``Delta`` behind its sequence number, from ``count`` encoded changes one after the other."""
    return _quick(time) + _quick(pose) + _header(count) + changes


def snapshot_tail(told: tuple[int, str, str], count: int, changes: bytes) -> bytes:
    """A ``Snapshot`` behind its sequence number; ``told``: time, gallery, placement."""
    return b"".join((*map(_pack, told), _header(count), changes))


def message_type(data: bytes) -> int:
    """The number of the message in ``data``, before anything is decoded.

    Raises:
        WireError: neither a pose nor an array led by a small number.
    """
    if data and data[0] == POSE:
        return POSE
    at = 1 if data and data[0] in _FIXARRAY else 3 if data and data[0] == _ARRAY_16 else 0
    if at and len(data) > at and data[at] < 0x80 and data[at] != POSE:
        return data[at]
    raise WireError(
        ErrorCode.MALFORMED, "expected a pose, or a msgpack array led by a message number below 128"
    )


def decode(data: bytes, limits: Limits = _DEFAULT) -> Message:
    """The message in ``data``; a pose is read by ``posebytes`` instead.

    Raises:
        WireError: too large, too deep, of unknown type, or not what the schema says.
    """
    code = message_type(data)
    check_size(code, len(data), limits)
    message = MESSAGES.get(code)
    if message is None:
        raise WireError(
            ErrorCode.UNKNOWN_TYPE,
            f"message {code} is not of this version; ignore it or update the server",
            code,
        )
    array = _unpack(data, limits.depth, code, len(data) if message.sender == "server" else _MOST_ENTRIES)
    try:
        return message.model_validate(array[1:])
    except ValidationError as error:
        raise WireError(ErrorCode.MALFORMED, f"{message.__name__}: {_first(error)}", code) from error


def check_size(code: int, size: int, limits: Limits) -> None:
    """Refuse a message of ``size`` bytes that its type does not allow.

    Raises:
        WireError: it is too large.
    """
    allowance = limits.allowances.get(code)
    if allowance is not None and size > allowance.size:
        raise WireError(
            ErrorCode.TOO_LARGE, f"message {code} has {size} bytes; its limit is {allowance.size}", code
        )


def unpack(data: bytes) -> tuple[Raw, ...]:
    """The array in ``data`` unchecked, for load generators that count rather than read.

    Raises:
        WireError: not a msgpack array.
    """
    return _unpack(data, _DEFAULT.depth + 2, 0, len(data))


def _unpack(data: bytes, depth: int, code: int, entries: int) -> tuple[Raw, ...]:
    try:
        value = msgpack.unpackb(
            data, use_list=False, max_array_len=entries, max_map_len=0, max_ext_len=0, strict_map_key=True
        )
    except RecursionError as error:
        raise _too_deep(depth, code) from error
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        if isinstance(error, msgpack.exceptions.StackError):
            raise _too_deep(depth, code) from error
        name = type(error).__name__
        raise WireError(
            ErrorCode.MALFORMED, f"message {code} is not msgpack: {name}: {error}"[:200], code
        ) from error
    if not isinstance(value, tuple):
        raise WireError(ErrorCode.MALFORMED, f"expected a msgpack array, got {type(value).__name__}", code)
    if _is_deeper(value, depth):
        raise _too_deep(depth, code)
    return value


def _is_deeper(value: Iterable[Raw], depth: int) -> bool:
    level: list[Iterable[Raw]] = [value]
    for _ in range(depth):
        level = [inner for outer in level for inner in outer if type(inner) is tuple]
        if not level:
            return False
    return True


def _too_deep(depth: int, code: int) -> WireError:
    return WireError(ErrorCode.TOO_DEEP, f"message {code} has arrays nested deeper than {depth}", code)


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'message'}: {first['msg']}"


def _pack(value: object) -> bytes:
    packed: bytes = msgpack.packb(value, use_single_float=True)
    return packed


def _header(count: int) -> bytes:
    if count < 16:
        return bytes((0x90 | count,))
    if count >= _ARRAY_16_MOST:
        raise ValueError(f"an array on the wire has at most {_ARRAY_16_MOST - 1} entries, got {count}")
    return bytes((_ARRAY_16, count >> 8, count & 0xFF))
