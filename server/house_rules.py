"""From settings to what the live connection and perception take: seconds to nanoseconds, names to numbers."""

from server.hub import Rules
from server.outbox import Patience
from server.protocol import limits as wire
from server.protocol.limits import SECOND, Limits
from server.protocol.messages import (
    POSE,
    Acknowledge,
    Bye,
    CameraFrame,
    ClockRequest,
    Gaze,
    Hello,
    Question,
)
from server.recognition import Bounds
from server.settings import Allowance, Live, Perception, Settings
from server.world.interest import Grid, Policy
from server.world.visit import Budget


def rules(settings: Settings) -> Rules:
    """How the hub runs."""
    live, frames = settings.live, settings.frames
    return Rules(
        limits=_limits(live),
        patience=Patience(_ns(live.resync_s), _ns(live.stuck_s), live.socket_bytes, live.delta_bytes),
        frames=Bounds(frames.deadline_s, frames.wait_s, frames.parallel, frames.threads),
        visitors=live.visitors,
        parked=live.parked,
        return_after=_ns(live.return_after_s),
    )


def policy(perception: Perception) -> Policy:
    """Thresholds of interest."""
    return Policy(
        size=perception.size_deg,
        reach=perception.reach_m,
        near=perception.near_m,
        margin=perception.margin_deg,
        large=perception.large_deg,
        kept=perception.kept,
        gaze_reach=perception.gaze_reach_m,
        label=(*perception.label_m, perception.label_s),
        full=(*perception.full_m, perception.full_s),
        media=(*perception.media_m, perception.media_s),
        tracker=perception.tracker_deg,
        hotspot=(perception.hotspot_deg, perception.hotspot_m),
    )


def budget(perception: Perception) -> Budget:
    """What a visitor's client can hold."""
    return Budget(perception.artifacts, perception.model_bytes)


def grid(perception: Perception) -> Grid:
    """Cells in which interest is judged."""
    return Grid(perception.cell_m, perception.cells)


def _limits(live: Live) -> Limits:
    allowances = {
        Hello.code: live.hello,
        ClockRequest.code: live.clock,
        Acknowledge.code: live.acknowledge,
        Bye.code: live.bye,
        POSE: live.pose,
        Gaze.code: live.gaze,
        CameraFrame.code: live.frame,
        Question.code: live.question,
    }
    return Limits(
        allowances={code: _allowance(stated) for code, stated in allowances.items()},
        depth=live.depth,
        excess=live.excess,
        faults=live.faults,
        handshake=_ns(live.handshake_s),
        idle=_ns(live.idle_s),
        resume=_ns(live.resume_s),
        unanswered_frames=live.unanswered_frames,
        unanswered_questions=live.unanswered_questions,
        replay_events=live.replay_events,
        replay_bytes=live.replay_bytes,
        acknowledge_every=live.acknowledge_every,
    )


def _allowance(stated: Allowance) -> wire.Allowance:
    return wire.Allowance(stated.size_bytes, stated.rate, stated.burst)


def _ns(seconds: float) -> int:
    return round(seconds * SECOND)
