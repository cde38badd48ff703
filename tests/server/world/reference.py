"""The rules of interest once more, plainly: every artifact against every occluder, no cells, no arrays.

Written from docs/perception.md, not from the compiled code, so that the two can be held against each other.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from server.world.interest import Policy
from server.world.placement import Exhibit, Placement
from server.world.space import Box, FieldOfView, Pose, Ray, Vector, dot, minus, plus, scaled
from server.world.visit import Budget, Perceived

SLIMMER, SPREAD = 0.1, 0.7


def slimmer(box: Box) -> Box:
    x, y, z = (h - min(SLIMMER, h / 2) for h in box.half)
    return Box(box.center, (x, y, z), box.rotation)


def sight_points(box: Box) -> list[Vector]:
    longest = sorted(range(3), key=lambda k: -box.half[k])[:2]
    points = [box.center]
    for k in longest:
        along = scaled(box.axes[k], SPREAD * box.half[k])
        points += [plus(box.center, along), minus(box.center, along)]
    return points


def is_between(eye: Vector, point: Vector, box: Box) -> bool:
    away = minus(point, eye)
    length = math.hypot(*away)
    if length == 0.0:
        return box.contains(eye)
    met = box.hit(Ray(eye, scaled(away, 1 / length)))
    return met is not None and met <= length


def is_clear(eye: Vector, box: Box, occluders: Iterable[Box]) -> bool:
    walls = list(occluders)
    return any(not any(is_between(eye, point, wall) for wall in walls) for point in sight_points(box))


def angle_between(a: Vector, b: Vector) -> float:
    return math.acos(max(-1.0, min(1.0, dot(a, b) / (math.hypot(*a) * math.hypot(*b)))))


def distance_to_cone(offset: Vector, ahead: Vector, half_angle: float) -> float:
    """Metres from a point to the solid cone about ``ahead``; negative inside."""
    beyond = angle_between(offset, ahead) - half_angle
    length = math.hypot(*offset)
    return length if beyond > math.pi / 2 else length * math.sin(beyond)


@dataclass
class Reference:
    placement: Placement
    policy: Policy
    budget: Budget
    view: FieldOfView

    def priority(self, exhibit: Exhibit, pose: Pose, held: bool) -> tuple[int, float] | None:
        policy, side = self.policy, int(held)
        box = exhibit.bounds
        offset = minus(box.center, pose.position)
        distance = math.hypot(*offset)
        angle = 2 * math.degrees(math.atan2(box.radius, distance))
        if angle < policy.size[side] or distance > policy.reach[side]:
            return None
        near = distance <= policy.near[side]
        half_angle = self.view.half_cone + math.radians(policy.margin[side])
        if not near and distance_to_cone(offset, pose.ahead, half_angle) > box.radius:
            return None
        walls = self.placement.occluders
        if not is_clear(pose.position, box, [slimmer(wall) for wall in walls] if held else walls):
            return None
        tier = 3 if near else (2 if angle >= policy.large[side] else 1)
        return tier, min(box.radius / distance, 100.0) * (policy.kept if held else 1.0)

    def perceived(self, pose: Pose, held: dict[str, Perceived], gazed: str | None) -> dict[str, bool]:
        """Artifacts to perceive after this pose, and whether each comes with its model."""
        found: list[tuple[tuple[int, float], Exhibit]] = []
        for exhibit in self.placement.exhibits:
            rank = self.priority(exhibit, pose, exhibit.artifact in held)
            if exhibit.artifact == gazed:
                rank = (4, 0.0)
            if rank is not None:
                found.append((rank, exhibit))
        found.sort(key=lambda one: one[0], reverse=True)
        left, chosen = self.budget.model_bytes, {}
        for _, exhibit in found[: self.budget.artifacts]:
            chosen[exhibit.artifact] = exhibit.weight <= left
            left -= exhibit.weight if exhibit.weight <= left else 0
        return chosen
