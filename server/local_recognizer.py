"""The recognizer's port over the runtime in this process: its words become the connection's."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from typing import Final

from inference.runtime import sightings as runtime
from inference.runtime.recognition import Recognition
from inference.runtime.serving import Question
from inference.runtime.sightings import Sighting, Sightings
from server.recognition import Lens, Outcome, Picture, Seen, Standpoint

_log = logging.getLogger(__name__)

_MARGIN: Final = 0.1
"""Seconds before the caller's deadline at which the runtime answers, so that it hears of late frames."""
IsShown = Callable[[str], Awaitable[bool]]


async def _all_shown(_: str) -> bool:
    return True


class LocalRecognizer:
    """A :class:`server.recognition.Recognizer` that asks the registry's recognizer in service."""

    def __init__(
        self, recognition: Recognition, deadline: float = 2.0, is_shown: IsShown = _all_shown
    ) -> None:
        """``deadline``: seconds that an answer may take, from when the picture is handed over.

        An artifact that is kept from visitors (``is_shown`` denies it) is never named, whatever was seen.
        """
        self._recognition, self._deadline, self._is_shown = recognition, deadline, is_shown
        self._numbers = count()

    async def recognize(self, picture: Picture) -> Outcome:
        """Sightings, or a refusal with its reason; never raises but for cancellation."""
        # The port's caller sees to it that each visitor has one frame under way; one without a name is new.
        told = picture.lens
        lens = None if told is None else runtime.Lens(told.fx, told.fy, told.cx, told.cy)
        question = Question(picture.near or None, lens, picture.reduction)
        seconds = self._deadline
        if picture.deadline is not None:
            seconds = max(0.0, picture.deadline - time.monotonic() - _MARGIN)
        visitor = picture.visitor or f"unnamed {next(self._numbers)}"
        found = await self._recognition.look(visitor, picture.pixels, seconds, question)
        artifacts = list({one.artifact for one in (*found.sightings, *found.nearby)})
        try:
            answers = await asyncio.gather(*map(self._is_shown, artifacts))
        except Exception as error:  # whatever the store raises: what may not be shown must not be named
            _log.warning("the store did not say what is shown to visitors: %s", error)
            return Outcome(refusal="unavailable", detail=f"the store does not answer: {error}")
        shown = dict(zip(artifacts, answers, strict=True))
        return outcome_of(
            replace(
                found,
                sightings=tuple(one for one in found.sightings if shown[one.artifact]),
                nearby=tuple(one for one in found.nearby if shown[one.artifact]),
            ),
            picture.lens,
        )


def outcome_of(found: Sightings, lens: Lens | None = None) -> Outcome:
    """The runtime's answer in the port's words."""
    refusal, detail = "", ""
    if found.rejection is not None:
        refusal, detail = found.rejection.reason.name, found.rejection.detail
    elif not found.sightings:
        refusal, detail = "not_ours", "nothing that is shown to visitors"
    return Outcome(
        tuple(_seen(one, lens) for one in found.sightings),
        refusal,
        detail,
        tuple((stage.stage, stage.duration) for stage in found.stages if stage.stage != "decode"),
        found.model,
        tuple(_seen(one, lens) for one in found.nearby),
    )


def _seen(sighting: Sighting, lens: Lens | None) -> Seen:
    pose = None
    if sighting.pose is not None and lens is not None:
        pose = Standpoint(sighting.pose.position, sighting.pose.rotation, sighting.pose.error, lens)
    return Seen(
        sighting.artifact, sighting.score, sighting.evidence, sighting.corners, sighting.view,
        sighting.inliers, sighting.region, pose,
    )  # fmt: skip
