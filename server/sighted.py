"""What came of a camera frame, in the protocol's words; hotspots laid into the frame by the artifact's pose.

Rules only.
"""

from collections.abc import Callable, Iterator, Sequence

from server.content import Note
from server.protocol.messages import Sightings
from server.protocol.parts import Rejection, RejectionReason, SeenPose, Sighting, Spot, StageTime
from server.recognition import Outcome, Seen, Standpoint
from server.world.space import dot, minus, plus, rotated

_LONGEST = 1000
"""Characters of a reason."""

Notes = Callable[[str], Sequence[Note]]
"""An artifact's annotations whose hotspot is known."""


def sightings_of(number: int, outcome: Outcome, notes: Notes) -> Sightings:
    """The answer to the frame with that number."""
    rejection = None
    if not outcome.seen:
        reason = RejectionReason.__members__.get(outcome.refusal.upper(), RejectionReason.OTHER)
        rejection = Rejection(reason=reason, detail=outcome.detail[:_LONGEST])
    return Sightings(
        number=number,
        sightings=tuple(_sighting(one, notes) for one in outcome.seen),
        rejection=rejection,
        stages=tuple(StageTime(stage=name, duration=duration) for name, duration in outcome.stages),
        model=outcome.model,
        nearby=tuple(_sighting(one, notes) for one in outcome.nearby),
    )


def _sighting(seen: Seen, notes: Notes) -> Sighting:
    stands = seen.pose
    pose = None
    if stands is not None:
        pose = SeenPose(position=stands.position, orientation=stands.rotation, error=stands.error)
    return Sighting(
        artifact=seen.artifact,
        score=seen.score,
        evidence=seen.evidence[:_LONGEST],
        corners=seen.corners,
        view=seen.view,
        inliers=seen.inliers,
        region=seen.region,
        pose=pose,
        spots=tuple(spots(stands, notes(seen.artifact))) if stands is not None else (),
    )


def spots(stands: Standpoint, notes: Sequence[Note]) -> Iterator[Spot]:
    """Where hotspots lie in the frame: those that face the camera and lie within it."""
    lens = stands.lens
    for note in notes:
        x, y, z = place = plus(rotated(stands.rotation, note.position), stands.position)
        # Away from the surface and toward the camera, which is the origin.
        if z >= 0.0 or dot(rotated(stands.rotation, note.normal), minus((0.0, 0.0, 0.0), place)) <= 0.0:
            continue
        right, down = lens.cx + lens.fx * x / -z, lens.cy - lens.fy * y / -z
        if 0.0 <= right < lens.width and 0.0 <= down < lens.height:
            yield Spot(annotation=note.annotation, x=right, y=down)
