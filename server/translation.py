"""From what a visitor perceives to the bytes of changes; the one place where world and wire meet.

The bytes of one artifact at one level for one audience are the same for everybody, so they are made once and
kept: what a delta costs is then the joining of a few byte strings.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from server.content import Audience, Content, File, Note, Told
from server.protocol.codec import encode_change
from server.protocol.messages import Hello
from server.protocol.parts import (
    AnnotationAdd,
    AnnotationRemove,
    ArtifactDetail,
    ArtifactEnter,
    ArtifactLeave,
    Derivative,
    Detail,
    TextKind,
    Wording,
)
from server.view import Step
from server.world.placement import Placement
from server.world.visit import Detail as Level
from server.world.visit import Perceived

KEPT: Final = 20_000
"""Encoded changes kept, the least used forgotten first; about a kilobyte each."""
_LINE: Final = 1000
_PASSAGE: Final = 20_000

Key = tuple[str, str, int, bool, Audience]


def audience_of(hello: Hello) -> Audience:
    """What the client's content is chosen by."""
    wishes = hello.accessibility
    return Audience(
        hello.languages,
        frozenset(hello.capabilities),
        plain_language=wishes.plain_language,
        audio_description=wishes.audio_description,
        captions=wishes.captions,
    )


class Translator:
    """Encodes steps for one placement. Shared by all clients of a process."""

    def __init__(self, placement: Placement, content: Content, kept: int = KEPT) -> None:
        self._placement = placement
        self._content = content
        self._kept: OrderedDict[Key, tuple[bytes, ...]] = OrderedDict()
        self._most = kept

    def changes(self, step: Step, audience: Audience) -> Sequence[bytes]:
        """The encoded changes that tell ``step``."""
        now = step.now
        if now is None:
            return self._made("leave", Perceived(step.artifact, Level.GLANCE, False), audience)
        told: list[bytes] = []
        if step.was is None:
            told.extend(self._made("enter", now, audience))
        elif step.alters:
            told.extend(self._made("detail", now, audience))
        if step.opens:
            told.extend(self._made("open", now, audience))
        if step.closes:
            told.extend(self._made("close", now, audience))
        return told

    def _made(self, verb: str, now: Perceived, audience: Audience) -> tuple[bytes, ...]:
        key = (verb, now.artifact, int(now.detail), now.model, audience)
        made = self._kept.get(key)
        if made is None:
            made = self._kept[key] = tuple(self._encoded(verb, now, audience))
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return made

    def _encoded(self, verb: str, now: Perceived, audience: Audience) -> list[bytes]:
        artifact = now.artifact
        if verb == "leave":
            return [encode_change(ArtifactLeave(artifact=artifact))]
        if verb == "enter":
            return [encode_change(self._entering(now, audience))]
        if verb == "detail":
            texts, files = self._described(now, audience)
            detail = Detail(int(now.detail))
            change = ArtifactDetail(artifact=artifact, detail=detail, texts=texts, derivatives=files)
            return [encode_change(change)]
        notes = self._content.notes(artifact, audience)
        if verb == "close":
            return [
                encode_change(AnnotationRemove(artifact=artifact, annotation=note.annotation))
                for note in notes
            ]
        return [encode_change(_annotation(artifact, note)) for note in notes]

    def _entering(self, now: Perceived, audience: Audience) -> ArtifactEnter:
        exhibit = self._placement.exhibit(now.artifact)
        texts, files = self._described(now, audience)
        return ArtifactEnter(
            artifact=now.artifact,
            position=exhibit.pose.position,
            orientation=exhibit.pose.rotation,
            bounds=exhibit.bounds.half,
            detail=Detail(int(now.detail)),
            texts=texts,
            derivatives=files,
            center=exhibit.pose.local(exhibit.bounds.center),
        )

    def _described(
        self, now: Perceived, audience: Audience
    ) -> tuple[tuple[Wording, ...], tuple[Derivative, ...]]:
        texts = self._content.texts(now.artifact, now.detail, audience)
        files = self._content.files(now.artifact, now.detail, audience) if now.model else ()
        return tuple(_wording(text) for text in texts), tuple(_derivative(file) for file in files)


def _wording(text: Told) -> Wording:
    return Wording(
        purpose=TextKind.__members__.get(text.purpose.upper(), TextKind.OTHER),
        language=text.language,
        content=_shortened(text.content, _PASSAGE),
        source=_shortened(text.source, _LINE),
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


def _shortened(text: str, most: int) -> str:
    # A text longer than the wire takes is cut with a mark, not refused: the visitor still gets most of it.
    return text if len(text) <= most else f"{text[: most - 1]}…"
