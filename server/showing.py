"""One version of the museum, as visits are made in it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from server.content import Audience, Content, Stated
from server.protocol.messages import Hello
from server.protocol.parts import ClientKind
from server.translation import Translator
from server.world.interest import Interest
from server.world.space import FieldOfView, Pose
from server.world.visit import HEADSET, Budget, Consent, Visit

VIEWS: Mapping[ClientKind, FieldOfView] = {
    ClientKind.PHONE: FieldOfView.symmetric(math.radians(70.0), math.radians(70.0)),
    ClientKind.DESKTOP: FieldOfView.symmetric(math.radians(90.0), math.radians(60.0)),
}
"""Assumed fields of view; a phone may be held upright or across. All others: a headset's."""


@dataclass(frozen=True, slots=True)
class Showing:
    """One version of the museum: where things stand and what is told of them."""

    interest: Interest
    content: Content
    starts: Mapping[str, Pose] = field(default_factory=dict)
    """Where a visit begins, by gallery; the first is the museum's entrance."""
    budget: Budget = field(default_factory=Budget)
    translator: Translator = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "translator", Translator(self.interest.placement, self.content))

    @property
    def version(self) -> str:
        """The placement's version."""
        return self.interest.placement.version

    def visit(self, hello: Hello) -> Visit:
        """A new visit, standing where the hello wishes or at the entrance."""
        consent = Consent(gaze=hello.consent.gaze, frames=hello.consent.camera)
        view = VIEWS.get(hello.kind, HEADSET)
        visit = Visit(self.interest, self.budget, consent, view, hello.accessibility.seated)
        start = self.starts.get(hello.gallery) or next(iter(self.starts.values()), None)
        if start is not None:
            visit.pose(start, 0)
        return visit

    def answer(self, artifact: str, question: str, language: str, audience: Audience) -> tuple[Stated, ...]:
        """What the record says, in the question's language where it can."""
        asked = (language, *audience.languages) if language else audience.languages
        return self.content.answer(artifact, question, replace(audience, languages=asked))
