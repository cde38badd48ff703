"""The recognizer's port over the runtime in this process: its words become the connection's."""

from itertools import count

from inference.runtime.recognition import Recognition
from inference.runtime.sightings import Sightings
from server.recognition import Outcome, Picture, Seen


class LocalRecognizer:
    """A :class:`server.recognition.Recognizer` that asks the registry's recognizer in service."""

    def __init__(self, recognition: Recognition, deadline: float = 2.0) -> None:
        """``deadline``: seconds that an answer may take, from when the picture is handed over."""
        self._recognition = recognition
        self._deadline = deadline
        self._numbers = count()

    async def recognize(self, picture: Picture) -> Outcome:
        """Sightings, or a refusal with its reason; never raises but for cancellation."""
        # The port's caller sees to it that each visitor has one frame under way, so every call stands alone.
        found = await self._recognition.look(str(next(self._numbers)), picture.pixels, self._deadline)
        return outcome_of(found)


def outcome_of(found: Sightings) -> Outcome:
    """The runtime's answer in the port's words."""
    return Outcome(
        tuple(Seen(s.artifact, s.score, s.evidence, s.corners) for s in found.sightings),
        found.rejection.reason.name if found.rejection else "",
        found.rejection.detail if found.rejection else "",
        tuple((stage.stage, stage.duration) for stage in found.stages if stage.stage != "decode"),
        found.model,
    )
