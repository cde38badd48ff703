"""What a museum tells of an artifact, as the live connection asks for it. Words and one port."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from server.world.visit import Detail

Vector = tuple[float, float, float]

CAPABILITIES: Final = frozenset({"meshopt", "ktx2", "draco", "webxr", "usdz", "splat"})
"""What a client may say that it can use; other words change nothing."""


@dataclass(frozen=True, slots=True)
class Audience:
    """What content is chosen by. Few differ, so what is encoded for one serves all that are equal."""

    languages: tuple[str, ...] = ()
    """BCP 47 tags, the dearest first; empty: the museum's own."""
    capabilities: frozenset[str] = frozenset()
    """Of :data:`CAPABILITIES`."""
    plain_language: bool = False
    audio_description: bool = False
    captions: bool = False
    device: Literal["headset", "phone"] = "headset"
    """For which kind of device files are chosen."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text in one language, with the place it comes from."""

    purpose: str
    """``title``, ``label``, ``description``, ``caption``, ``audio_description``, ``required_statement``,
    ``rights``."""
    language: str
    content: str
    source: str = ""
    """Record and field."""


@dataclass(frozen=True, slots=True)
class File:
    """A derivative to be fetched over HTTP."""

    address: str
    media_type: str
    size: int
    """Bytes."""
    usage: str = "geometry"
    triangles: int = 0
    error_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation with its hotspot, in the artifact's own frame."""

    annotation: str
    position: Vector
    normal: Vector
    texts: tuple[Told, ...]
    motivation: str = "describing"


@dataclass(frozen=True, slots=True)
class Stated:
    """One sentence that answers a question."""

    content: str
    language: str
    source: str
    address: str = ""
    confidence: float = 1.0


class Content(Protocol):
    """What may be told of the artifacts that are placed now. Held in memory: no method waits."""

    def texts(self, artifact: str, detail: Detail, audience: Audience) -> tuple[Told, ...]:
        """What is to be read at that level; each level holds the ones before it."""

    def files(self, artifact: str, detail: Detail, audience: Audience) -> tuple[File, ...]:
        """Files the client can use at that level, coarsest first."""

    def notes(self, artifact: str, audience: Audience) -> tuple[Note, ...]:
        """Its annotations."""

    def answer(self, artifact: str, question: str, audience: Audience) -> tuple[Stated, ...]:
        """What the record itself says to the question; empty where it says nothing."""
