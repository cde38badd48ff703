"""How a scripted visitor walks and looks. Pure: time and chance are arguments."""

import math
from dataclasses import dataclass, field
from random import Random

from server.world.space import Quaternion, Vector

_STAND_OFF = 1.4
"""Metres before an artifact at which a visitor stops."""
_TURN = 2.5
"""Radians per second that a head turns."""
_TREMBLE = 0.002


@dataclass(slots=True)
class Walker:
    """One visitor's body: place, view direction (yaw about +Y from -Z, pitch up), and what they are up to."""

    chance: Random
    eye_height: float
    speed: float
    dwell_s: float
    route: tuple[tuple[float, float], ...] = ()
    x: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    target: Vector | None = None
    """What is walked to and looked at."""
    known: dict[str, Vector] = field(default_factory=dict)
    """Artifacts told of so far that are still perceived, with the places of their middles."""
    _stays: float = 0.0
    _stop: int = -1

    def appear(self) -> None:
        """Stand at the route's beginning, or before an artifact that is known."""
        if self.route:
            self.x, self.z = self.route[0]
        elif self.known:
            x, _, z = self.chance.choice(list(self.known.values()))
            angle = self.chance.uniform(0.0, 2.0 * math.pi)
            self.x, self.z = x + 2.0 * math.sin(angle), z + 2.0 * math.cos(angle)

    def step(self, seconds: float) -> None:
        """Walk and look for so long."""
        if self.target is None:
            self._choose()
        if self.target is None:
            self.yaw += 0.3 * seconds
            return
        away_x, away_z = self.target[0] - self.x, self.target[2] - self.z
        distance = math.hypot(away_x, away_z)
        self._look(self.target, distance, seconds)
        nearest = 0.05 if self.route else _STAND_OFF
        if distance > nearest and self.speed > 0.0:
            step = min(self.speed * seconds, distance - nearest)
            self.x, self.z = self.x + away_x / distance * step, self.z + away_z / distance * step
            return
        self._stays += seconds
        if self._stays >= self.dwell_s:
            self.target = None

    @property
    def eye(self) -> Vector:
        """Where the eye is, trembling a little as heads do."""
        tremble = self.chance.gauss
        return (
            self.x + tremble(0.0, _TREMBLE), self.eye_height + tremble(0.0, _TREMBLE),
            self.z + tremble(0.0, _TREMBLE),
        )  # fmt: skip

    @property
    def rotation(self) -> Quaternion:
        """Orientation of the head."""
        sy, cy = math.sin(self.yaw / 2), math.cos(self.yaw / 2)
        sp, cp = math.sin(self.pitch / 2), math.cos(self.pitch / 2)
        return (cy * sp, sy * cp, -sy * sp, cy * cp)

    def _choose(self) -> None:
        self._stays = 0.0
        if self.route:
            self._stop = (self._stop + 1) % len(self.route)
            x, z = self.route[self._stop]
            self.target = (x, self.eye_height, z)
        elif self.known:
            self.target = self.chance.choice(list(self.known.values()))

    def _look(self, target: Vector, distance: float, seconds: float) -> None:
        if distance > 0.2:
            wanted = math.atan2(self.x - target[0], self.z - target[2])
            turn = (wanted - self.yaw + math.pi) % (2.0 * math.pi) - math.pi
            self.yaw += max(-_TURN * seconds, min(_TURN * seconds, turn))
            tilt = math.atan2(target[1] - self.eye_height, distance) - self.pitch
            self.pitch += max(-_TURN * seconds, min(_TURN * seconds, tilt))
