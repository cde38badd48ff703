"""What a visitor is told of an artifact: in their language, for their device, as their wishes ask.

Pure: made from published records, placed annotations and published files, which whoever opens the museum has
read. Serves as :class:`server.content.Content`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from assets.catalog.annotation import Annotation
from assets.catalog.record import ArtifactRecord, Text
from server.citation import cited
from server.content import Audience, File, Note, Stated, Told
from server.files import Derivative
from server.languages import UNKNOWN, ranked
from server.questions import answers
from server.world.visit import Detail

_BODIES: Final = {"title": "title", "description": "description"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A kind of text, the level from which it is told, and what it is told as."""

    kind: str
    level: Detail
    purpose: str


_ENTRIES: Final = (
    _Entry("glance", Detail.GLANCE, "glance"),
    _Entry("label", Detail.LABEL, "label"),
    _Entry("description", Detail.FULL, "description"),
    _Entry("simplifies", Detail.FULL, "note"),
    _Entry("inscription", Detail.FULL, "inscription"),
    _Entry("provenance", Detail.MEDIA, "provenance"),
    _Entry("audio-description", Detail.MEDIA, "audio_description"),
    _Entry("caption", Detail.MEDIA, "caption"),
)
_PLAIN: Final = "plain-"
"""A text of kind ``plain-label`` says what ``label`` says in short sentences and common words."""
_AS_WRITTEN: Final = frozenset({"inscription"})
"""Kinds that are told in the language they have, whatever the visitor reads."""


class Perception:
    """Content of one version of the museum."""

    def __init__(
        self,
        records: Mapping[str, ArtifactRecord],
        annotations: Mapping[str, Sequence[Annotation]],
        files: Mapping[str, Sequence[Derivative]],
    ) -> None:
        """All by artifact; ``records`` are those that visitors may see."""
        self._records = records
        self._annotations = annotations
        self._files = files

    def texts(self, artifact: str, detail: Detail, audience: Audience) -> tuple[Told, ...]:
        """What is to be read at that level; each level holds the ones before it. Unknown artifacts: nothing.

        What must be shown with the artifact is there at every level.
        """
        record = self._records.get(artifact)
        if record is None:
            return ()
        return tuple(_Teller(record, audience).at(detail))

    def files(self, artifact: str, detail: Detail, audience: Audience) -> tuple[File, ...]:
        """Files the device can use, coarsest first: one at a glance, two at the label, then all of its chain.

        Pictures come with the full text. The master only where nothing was made from it.
        """
        usable = [file for file in self._files.get(artifact, ()) if _can_use(file, audience)]
        models = [file for file in usable if file.media_type.startswith("model/")]
        wanted = (audience.device, "thumb")
        fit = (
            [file for file in models if file.usage in wanted]
            or [file for file in models if file.usage != "master"]
            or models
        )
        chain = list(_smallest_of_each(fit))
        chain = chain[: {Detail.GLANCE: 1, Detail.LABEL: 2}.get(detail, len(chain))]
        pictures = [file for file in usable if file not in models] if detail >= Detail.FULL else []
        return tuple(_published(file) for file in (*chain, *pictures))

    def notes(self, artifact: str, audience: Audience) -> tuple[Note, ...]:
        """Annotations whose hotspot is known, in the visitor's language."""
        return tuple(
            Note(
                annotation.id, surface.position, surface.normal,
                tuple(_bodies(annotation, audience)), annotation.motivation,
            )
            for annotation in self._annotations.get(artifact, ())
            if (surface := annotation.target.surface) is not None
        )  # fmt: skip

    def answer(self, artifact: str, question: str, audience: Audience) -> tuple[Stated, ...]:
        """What the record itself says to the question, each sentence with its source; empty for nothing."""
        record = self._records.get(artifact)
        if record is None:
            return ()
        return answers(record, question, audience.languages)


@dataclass(frozen=True, slots=True)
class _Teller:
    record: ArtifactRecord
    audience: Audience
    _by_kind: dict[str, list[tuple[str, Text]]] = field(init=False)

    def __post_init__(self) -> None:
        by_kind: dict[str, list[tuple[str, Text]]] = {}
        for part, texts in (("titles", self.record.titles), ("texts", self.record.texts)):
            for number, text in enumerate(texts):
                by_kind.setdefault(text.kind, []).append((f"/{part}/{number}", text))
        object.__setattr__(self, "_by_kind", by_kind)

    def at(self, detail: Detail) -> Iterator[Told]:
        yield self._title()
        if self.record.required_statement is not None:
            yield self._told(
                "/required_statement", "required_statement", self.record.required_statement.value
            )
        for entry in _ENTRIES:
            if detail >= self._level(entry):
                yield from self._texts(entry)
        if detail >= Detail.LABEL and "label" not in self._by_kind:
            yield from self._facts()
        if detail >= Detail.FULL:
            yield from self._rights()

    def _level(self, entry: _Entry) -> Detail:
        """Who asked for audio description or captions gets them with the label, before the long text."""
        asked = (entry.kind == "audio-description" and self.audience.audio_description) or (
            entry.kind == "caption" and self.audience.captions
        )
        return min(entry.level, Detail.LABEL) if asked else entry.level

    def _title(self) -> Told:
        titles = self._by_kind.get("title") or [
            (f"/titles/{number}", text) for number, text in enumerate(self.record.titles[:1])
        ]
        if not titles:
            return self._told("/accession", "title", self.record.accession)
        pointer, text = self._best(titles)
        return self._told(pointer, "title", text.content, text.language)

    def _texts(self, entry: _Entry) -> Iterator[Told]:
        found = self._by_kind.get(entry.kind, [])
        if self.audience.plain_language:
            found = self._by_kind.get(_PLAIN + entry.kind) or found
        if not found:
            return
        chosen = found if entry.kind in _AS_WRITTEN else self._all_best(found)
        for pointer, text in chosen:
            yield self._told(pointer, entry.purpose, text.content, text.language)

    def _best(self, found: Sequence[tuple[str, Text]]) -> tuple[str, Text]:
        return self._all_best(found)[0]

    def _all_best(self, found: Sequence[tuple[str, Text]]) -> list[tuple[str, Text]]:
        tags = tuple(dict.fromkeys(text.language for _, text in found))
        best = ranked(self.audience.languages, tags)[0]
        return [(pointer, text) for pointer, text in found if text.language == best]

    def _facts(self) -> Iterator[Told]:
        """What a wall label says where nobody wrote one: who, when, of what."""
        record = self.record
        for number, maker in enumerate(record.makers[:3]):
            name = " ".join(part for part in (maker.qualifier, maker.actor.name) if part)
            yield self._told(f"/makers/{number}", "label", name)
        if record.produced is not None and (record.produced.text or record.produced.edtf):
            yield self._told("/produced", "label", record.produced.text or str(record.produced.edtf))
        if record.medium:
            yield self._told("/medium", "label", record.medium)

    def _rights(self) -> Iterator[Told]:
        rights = self.record.rights
        if rights is not None and (rights.statement or rights.uri):
            yield self._told("/rights", "rights", rights.statement or str(rights.uri))

    def _told(self, pointer: str, purpose: str, content: str, language: str = UNKNOWN) -> Told:
        return Told(purpose, language, content, cited(self.record, pointer)[0])


def _bodies(annotation: Annotation, audience: Audience) -> Iterator[Told]:
    for kind, purpose in _BODIES.items():
        bodies = {body.language: body for body in annotation.bodies if body.kind == kind}
        if bodies:
            body = bodies[ranked(audience.languages, tuple(bodies))[0]]
            yield Told(purpose, body.language, body.content, annotation.target.artifact)


def _can_use(file: Derivative, audience: Audience) -> bool:
    needs = set(file.needs)
    if file.media_type == "model/vnd.usdz+zip":
        needs.add("usdz")
    return needs <= audience.capabilities


def _smallest_of_each(files: Iterable[Derivative]) -> Iterator[Derivative]:
    """Of files that differ only in how they are packed, the smallest; coarsest first."""
    best: dict[tuple[str, int, int | None], Derivative] = {}
    for file in files:
        key: tuple[str, int, int | None] = (file.usage, file.quality, file.triangles)
        if key not in best or file.size < best[key].size:
            best[key] = file
    yield from sorted(best.values(), key=lambda file: (file.triangles or 0, file.size))


def _published(file: Derivative) -> File:
    is_geometry = file.media_type.startswith("model/")
    return File(
        f"/assets/{file.sha256}", file.media_type, file.size,
        "geometry" if is_geometry else file.media_type.partition("/")[0],
        file.triangles or 0, file.error_mm or 0.0,
    )  # fmt: skip
