"""From what a visitor perceives to the bytes of changes; the one place where world and wire meet.

The bytes of one artifact at one level for one audience are the same for everybody, so they are made once and
kept: what a delta costs is then the joining of a few byte strings.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from server.content import CAPABILITIES, Audience, Content, File, Note, Told
from server.protocol.codec import encode_change
from server.protocol.messages import Hello
from server.protocol.parts import (
    AnnotationAdd,
    AnnotationRemove,
    ArtifactDetail,
    ArtifactEnter,
    ArtifactLeave,
    ClientKind,
    Derivative,
    Detail,
    GalleryEnter,
    TextKind,
    Wording,
)
from server.protocol.wire import Change
from server.world.placement import Placement
from server.world.steps import OPEN, parts
from server.world.visit import Detail as Showing

KEPT: Final = 20_000
"""Steps kept encoded for an audience, about a kilobyte each; then all are forgotten."""
EDITIONS: Final = 256
"""Audiences whose encoded steps are kept."""
WISHES: Final = 16
"""Languages of a client that are asked for, the dearest first; each is compared with all there are."""
LINE: Final = 1000
PASSAGE: Final = 20_000
ADDRESS: Final = 2000
"""Characters that the wire takes of a line, a text and an address."""


def audience_of(hello: Hello) -> Audience:
    """What the client's content is chosen by.

    Only what can matter, so that a client's whims make no audience of their own: each keeps its own bytes.
    """
    wishes = hello.accessibility
    return Audience(
        hello.languages[:WISHES],
        CAPABILITIES.intersection(hello.capabilities),
        plain_language=wishes.plain_language,
        audio_description=wishes.audio_description,
        captions=wishes.captions,
        device="phone" if hello.kind is ClientKind.PHONE else "headset",
    )


class Translator:
    """Makes editions for one placement, one an audience. Shared by all clients of a process."""

    def __init__(self, placement: Placement, content: Content, kept: int = KEPT) -> None:
        self._placement = placement
        self._content = content
        self._editions: dict[Audience, Edition] = {}
        self._kept = kept

    def edition(self, audience: Audience) -> "Edition":
        """What is told to that audience."""
        edition = self._editions.get(audience)
        if edition is None:
            if len(self._editions) >= EDITIONS:
                self._editions.clear()  # clients keep theirs; only the sharing begins anew
            edition = self._editions[audience] = Edition(self._placement, self._content, audience, self._kept)
        return edition


# A part of a step that many steps share: artifact's place, kind, and the code now where it matters.
_INDEX, _KIND, _CODE = 8, 0xF0, 0x0F
_LEAVES, _ENTERS, _CHANGES, _OPENS, _CLOSES = (kind << 4 for kind in range(5))


def _parts_of(step: int) -> Iterator[int]:
    index, was, now = parts(step)
    here = index << _INDEX
    if not now:
        yield here | _LEAVES
        return
    if was != now:
        yield here | (_CHANGES if was else _ENTERS) | now
    if (was >= OPEN) != (now >= OPEN):
        yield here | (_OPENS if now >= OPEN else _CLOSES)


class Encoded(NamedTuple):
    """The changes that tell one step."""

    changes: bytes
    """One after the other."""
    number: int


class Edition:
    """Encodes steps for one audience."""

    def __init__(self, placement: Placement, content: Content, audience: Audience, kept: int) -> None:
        self._placement = placement
        self._content = content
        self._audience = audience
        self._kept: dict[int, Encoded] = {}
        self._parts: dict[int, tuple[bytes, ...]] = {}
        self._most = kept

    def told(self, step: int) -> Encoded:
        """What tells ``step`` (see :mod:`server.world.steps`)."""
        made = self._kept.get(step)
        if made is None:
            if len(self._kept) >= self._most:
                self._kept.clear()
                self._parts.clear()
            changes = [change for part in _parts_of(step) for change in self._part(part)]
            made = self._kept[step] = Encoded(b"".join(changes), len(changes))
        return made

    def _part(self, part: int) -> tuple[bytes, ...]:
        made = self._parts.get(part)
        if made is None:
            made = self._parts[part] = tuple(encode_change(change) for change in self._changes(part))
        return made

    def told_all(self, steps: list[int]) -> tuple[int, bytes]:
        """How many changes tell the steps, and their bytes."""
        count, told, kept = 0, b"", self._kept
        for step in steps:
            changes, number = kept.get(step) or self.told(step)
            told += changes
            count += number
        return count, told

    def _changes(self, part: int) -> Iterator[Change]:
        index, kind, now = part >> _INDEX, part & _KIND, part & _CODE
        artifact = self._placement.exhibits[index].artifact
        detail, has_model = Showing(max(now >> 1, 1)), bool(now & 1)
        if kind == _LEAVES:
            yield ArtifactLeave(artifact=artifact)
        elif kind == _ENTERS:
            yield self._entering(index, detail, has_model)
        elif kind == _CHANGES:
            texts, files = self._described(artifact, detail, has_model)
            yield ArtifactDetail(
                artifact=artifact, detail=Detail(int(detail)), texts=texts, derivatives=files
            )
        else:
            for note in self._content.notes(artifact, self._audience):
                if kind == _OPENS:
                    yield _annotation(artifact, note)
                else:
                    yield AnnotationRemove(artifact=artifact, annotation=note.annotation)

    def _entering(self, index: int, detail: Showing, has_model: bool) -> ArtifactEnter:
        exhibit = self._placement.exhibits[index]
        texts, files = self._described(exhibit.artifact, detail, has_model)
        return ArtifactEnter(
            artifact=exhibit.artifact,
            position=exhibit.pose.position,
            orientation=exhibit.pose.rotation,
            bounds=exhibit.bounds.half,
            detail=Detail(int(detail)),
            texts=texts,
            derivatives=files,
            center=exhibit.pose.local(exhibit.bounds.center),
        )

    def _described(
        self, artifact: str, detail: Showing, has_model: bool
    ) -> tuple[tuple[Wording, ...], tuple[Derivative, ...]]:
        content, audience = self._content, self._audience
        texts = content.texts(artifact, detail, audience)
        files = content.files(artifact, detail, audience) if has_model else ()
        return tuple(_wording(text) for text in texts), tuple(_derivative(file) for file in files)


def entered(gallery: str) -> bytes:
    """The change that tells of another gallery; empty: none."""
    return encode_change(GalleryEnter(gallery=gallery))


def _wording(text: Told) -> Wording:
    return Wording(
        purpose=TextKind.__members__.get(text.purpose.upper(), TextKind.OTHER),
        language=text.language,
        content=shortened(text.content, PASSAGE),
        source=shortened(text.source, LINE),
    )


def _derivative(file: File) -> Derivative:
    return Derivative(
        address=file.address,
        media_type=file.media_type,
        size=file.size,
        triangles=file.triangles,
        error=file.error_mm,
        usage=file.usage,
    )


def _annotation(artifact: str, note: Note) -> AnnotationAdd:
    return AnnotationAdd(
        artifact=artifact,
        annotation=note.annotation,
        position=note.position,
        normal=note.normal,
        texts=tuple(_wording(text) for text in note.texts),
        motivation=note.motivation,
    )


def shortened(text: str, most: int) -> str:
    """The text, cut with a mark where it is longer than the wire takes: the visitor still gets most of it."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
