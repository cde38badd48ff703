"""The protocol's reference page, written from the schema; ``docs/protocol.md`` is its output."""

from collections.abc import Iterator, Sequence

from server.protocol import posebytes
from server.protocol.limits import ALLOWANCES, SECOND, Limits
from server.protocol.schema import ChoiceOf, FieldOf, MoveOf, Schema, TypeOf

_SENDERS = {"client": "client → server", "server": "server → client", "both": "either"}
_SCALARS = {"vec3": "3 × f32", "quat": "4 × f32"}

_INTRODUCTION = """\
# The live connection

Written from `server/protocol/`; change it there and run `python -m server.protocol`.

A client opens a websocket at `/live` and asks for the subprotocol `{subprotocol}`: its number is the major
version, and a server that does not speak it refuses the handshake. This page describes 1.{minor}. Every
websocket message is binary and whole; text is refused, and nothing is compressed.

A message is a [msgpack](https://msgpack.org) array: its number, then its fields in the order of the tables
below. The pose alone, sent at frame rate, has [a layout of its own](#pose). Maps and extension types are not
used.

- **Growing.** Fields are only added at the end, with a default. Ignore fields, change kinds and members of
  lists that you do not know (an unknown member counts as 0); answer nothing to message types you do not
  know. The server answers a type it does not know with the error `UNKNOWN_TYPE` and goes on.
- **Space.** Metres, right-handed, +Y up, a view looks along -Z, quaternions x, y, z, w, as in glTF, WebXR and
  OpenXR.
- **Time.** Whole nanoseconds since the server started, below 2⁵³ (104 days), so that JavaScript keeps every
  one.
- **Numbers.** Floats travel as 32 bits. A reader takes a whole number for a float (JavaScript writes 1.0 as
  1), never a float for a whole number.
- **Files** travel over HTTP, addressed by their content's hash; never over this connection.
"""

_SESSION = """\
## Session

1. The client sends [Hello](#hello), the server [Welcome](#welcome) and a [Snapshot](#snapshot).
2. The client sends poses, gaze, frames and questions; the server sends numbered events: deltas, sightings,
   answers. Events are numbered from 1 without gaps. The client applies number n + 1 only after n, and
   acknowledges at least every `acknowledge_every` events.
3. When the connection breaks, the client opens another and sends hello with its token and the number of the
   last event it took in. Within `resume_within` the server answers with a welcome that says `resumed`, then
   exactly the missed events. A client that lost its state, or comes too late, gets `resumed: false` and a
   snapshot: it forgets everything it was told.
4. A client that is not heard of for the idle time is taken for lost; its session can be resumed.
5. Two connections with one token: the newer one has the session, the older one is closed with `REPLACED`.

Changes that a slow connection could not yet take are merged before they are numbered, so a number is never
skipped. A client that still cannot keep up is resynchronized by a snapshot, and closed with `TOO_SLOW` if
that does not help.

The clock: send [ClockRequest](#clockrequest) at T1, note the arrival of [ClockAnswer](#clockanswer) as T4.
The server's time less yours is ((T2 - T1) + (T3 - T4)) / 2; trust the answer with the smallest delay
(T4 - T1) - (T3 - T2) of the last few.

What may follow what; a move that is not drawn is the error `OUT_OF_ORDER`:
"""


def reference(schema: Schema) -> str:
    """The whole page as Markdown."""
    head = _INTRODUCTION.format(subprotocol=schema.subprotocol, minor=schema.minor)
    return "\n".join([head, *_contents(schema), *_session(schema), *_messages(schema), *_rest(schema)])


def _contents(schema: Schema) -> Iterator[str]:
    yield "## Messages at a glance\n"
    yield "| number | message | direction | |\n|---|---|---|---|"
    rows = [
        (one.code, f"[{one.name}](#{one.name.lower()})", _SENDERS[one.sender], _first(one.doc))
        for one in schema.messages
    ]
    rows.append((schema.pose, "[Pose](#pose)", _SENDERS["client"], "Where the visitor is; at frame rate."))
    yield from (_row(row) for row in sorted(rows))
    for first, last, use in schema.reserved:
        yield _row((f"{first}-{last}", "kept free", "", use))
    yield ""


def _session(schema: Schema) -> Iterator[str]:
    yield _SESSION
    yield "```mermaid\nstateDiagram-v2"
    yield "    [*] --> new"
    yield from (f"    {move.state} --> {move.next}: {_label(move)}" for move in schema.moves)
    yield "    closed --> [*]\n```\n"


def _messages(schema: Schema) -> Iterator[str]:
    for place, message in enumerate(schema.messages):
        if place and schema.messages[place - 1].code < schema.pose < message.code:
            yield from _pose()
        yield f"## {message.name}\n"
        numbered = " Numbered and replayed on resume." if message.event else ""
        yield f"**{message.code}**, {_SENDERS[message.sender]}.{numbered} {_text(message.doc)}\n"
        yield from _table(message.fields)


def _rest(schema: Schema) -> Iterator[str]:
    yield "# Changes\n\nEntries of snapshots and deltas: an array of the kind, then the fields.\n"
    for change in schema.changes:
        yield f"## {change.name}\n\nKind **{change.code}**. {_text(change.doc)}\n"
        yield from _table(change.fields)
    yield "# Parts\n"
    for part in schema.structs:
        yield f"## {part.name}\n\n{_text(part.doc)}\n"
        yield from _table(part.fields)
    yield "# Lists\n\nWhole numbers on the wire. Lists may grow: an unknown number counts as 0.\n"
    for choice in schema.choices:
        yield from _choice(choice)
    yield from _limits(schema)


def _pose() -> Iterator[str]:
    layout = (posebytes.__doc__ or "").split("\n\n", 1)[1]
    yield "## Pose\n"
    yield f"**{posebytes.POSE}**, client → server. The visitor's head, and hands and gaze where known.\n"
    yield f"```text\n{layout.strip().replace('``', '')}\n```\n"


def _table(fields: Sequence[FieldOf]) -> Iterator[str]:
    yield "| | field | type | default | |\n|---|---|---|---|---|"
    for place, field in enumerate(fields):
        default = "" if field.required else _default(field)
        yield _row((place, f"`{field.name}`", _type(field.type), default, _text(field.doc)))
    yield ""


def _default(field: FieldOf) -> str:
    if field.default in ("", [], None):
        return {"bytes": "empty", "text": "empty"}.get(
            field.type.name, "nil" if field.type.optional else "empty"
        )
    if field.type.kind == "struct":
        return "its defaults"
    return f"{field.default}".lower() if isinstance(field.default, bool) else f"{field.default}"


def _type(of: TypeOf) -> str:
    linked = (of.of or of.kind) in ("struct", "choice")
    name = f"[{of.name}](#{of.name.lower()})" if linked else _SCALARS.get(of.name, of.name)
    if of.kind == "changes":
        name = "[changes](#changes)"
    if of.unit:
        name += f", {of.unit}"
    if of.limit:
        name += f", ≤ {of.limit:,}"
    if of.kind == "list":
        name = f"list of {name}"
    return f"{name} or nil" if of.optional else name


def _choice(choice: ChoiceOf) -> Iterator[str]:
    yield f"## {choice.name}\n\n{_text(choice.doc)}\n"
    yield "| number | member | |\n|---|---|---|"
    yield from (_row((member.value, f"`{member.name}`", _text(member.doc))) for member in choice.members)
    yield ""


def _limits(schema: Schema) -> Iterator[str]:
    limits, names = Limits(), {one.code: one.name for one in schema.messages} | {schema.pose: "Pose"}
    yield "# Limits\n\nDefaults; each can be set. An excess is named by an [error](#errorcode).\n"
    yield "| message | bytes | per second | at once |\n|---|---|---|---|"
    for code, allowed in sorted(ALLOWANCES.items()):
        yield _row((names[code], f"{allowed.size:,}", f"{allowed.rate:g}", allowed.burst))
    yield ""
    yield "| limit | default |\n|---|---|"
    yield _row(("arrays within arrays", limits.depth))
    yield _row(("open connection to hello", f"{limits.handshake / SECOND:g} s"))
    yield _row(("silence", f"{limits.idle / SECOND:g} s"))
    yield _row(("lost connection to resume", f"{limits.resume / SECOND:g} s"))
    yield _row(("unanswered frames", limits.unanswered_frames))
    yield _row(("unanswered questions", limits.unanswered_questions))
    kept = f"{limits.replay_events:,} events or {limits.replay_bytes // 1024} KiB"
    yield _row(("kept for a resume, until acknowledged", kept))
    yield _row(("errors that do not close, before they do", limits.faults))
    yield ""


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _label(move: MoveOf) -> str:
    return move.trigger.replace(":", ",")


def _first(doc: str) -> str:
    return _text(doc).split(". ")[0].rstrip(".") + "."


def _text(doc: str) -> str:
    return " ".join(doc.split()).replace("``", "`").replace("|", "\\|")
