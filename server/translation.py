"""From what a visitor perceives to the bytes of changes; the one place where world and wire meet.

The bytes of one artifact at one level for one audience are the same for everybody, so they are made once and
kept: what a delta costs is then the joining of a few byte strings.
"""

from collections.abc import Iterator
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
    ClientKind,
    Derivative,
    Detail,
    TextKind,
    Wording,
)
from server.protocol.wire import Change
from server.view import Step
from server.world.placement import Placement
from server.world.visit import Perceived

KEPT: Final = 20_000
"""Steps kept encoded for an audience, about a kilobyte each; then all are forgotten."""
EDITIONS: Final = 256
"""Audiences whose encoded steps are kept."""
_LINE: Final = 1000
_PASSAGE: Final = 20_000


def audience_of(hello: Hello) -> Audience:
    """What the client's content is chosen by."""
    wishes = hello.accessibility
    return Audience(
        hello.languages,
        frozenset(hello.capabilities),
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


class Edition:
    """Encodes steps for one audience."""

    def __init__(self, placement: Placement, content: Content, audience: Audience, kept: int) -> None:
        self._placement = placement
        self._content = content
        self._audience = audience
        self._kept: dict[tuple[str, int], tuple[bytes, ...]] = {}
        self._most = kept

    def changes(self, step: Step) -> tuple[bytes, ...]:
        """The encoded changes that tell ``step``."""
        key = (step.artifact, (_code(step.was) << 5 | _code(step.now)) << 2 | step.opens << 1 | step.closes)
        made = self._kept.get(key)
        if made is None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            made = self._kept[key] = tuple(encode_change(change) for change in self._told(step))
        return made

    def _told(self, step: Step) -> Iterator[Change]:
        artifact, now = step.artifact, step.now
        if now is None:
            yield ArtifactLeave(artifact=artifact)
            return
        if step.was is None:
            yield self._entering(now)
        elif now != step.was:
            texts, files = self._described(now)
            detail = Detail(int(now.detail))
            yield ArtifactDetail(artifact=artifact, detail=detail, texts=texts, derivatives=files)
        if step.opens or step.closes:
            for note in self._content.notes(artifact, self._audience):
                if step.opens:
                    yield _annotation(artifact, note)
                else:
                    yield AnnotationRemove(artifact=artifact, annotation=note.annotation)

    def _entering(self, now: Perceived) -> ArtifactEnter:
        exhibit = self._placement.exhibit(now.artifact)
        texts, files = self._described(now)
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

    def _described(self, now: Perceived) -> tuple[tuple[Wording, ...], tuple[Derivative, ...]]:
        content, audience = self._content, self._audience
        texts = content.texts(now.artifact, now.detail, audience)
        files = content.files(now.artifact, now.detail, audience) if now.model else ()
        return tuple(_wording(text) for text in texts), tuple(_derivative(file) for file in files)


def _code(perceived: Perceived | None) -> int:
    """A number below 32 for a level and its model: much cheaper to look up by than what it stands for."""
    return 0 if perceived is None else perceived.detail * 2 + perceived.model + 1


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
