"""Draws ``docs/images/perception.png``: what one visitor of the sample museum perceives, and why.

twin sample build --store museum --pictures none
python docs/diagrams/perception.py --store museum
"""

import argparse
import math
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Wedge

from server.placement_files import facing, read_placement
from server.world.interest import Interest
from server.world.placement import Exhibit, Placement
from server.world.space import Box, Pose, Vector
from server.world.visit import HEADSET, Visit

HERE = Path(__file__).resolve().parent
INK, WALL, HIDDEN, SEEN, VIEW = "#2b2b2b", "#8c857b", "#b9b3aa", "#8f3b1b", "#e9c46a"
EYE = (-0.9, 1.62, -2.9)
AIM = (0.15, 1.3, -9.5)


def outline(box: Box) -> list[tuple[float, float]]:
    """The box seen from above: x to the right, -z up."""
    pose = Pose(box.center, box.rotation)
    x, _, z = box.half
    corners = [pose.point((a * x, 0.0, b * z)) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return [(corner[0], -corner[2]) for corner in corners]


def why_not(exhibit: Exhibit, pose: Pose, interest: Interest) -> str:
    """The first rule that keeps an artifact from being perceived."""
    away = [c - e for c, e in zip(exhibit.bounds.center, pose.position, strict=True)]
    distance = math.hypot(*away)
    angle = 2 * math.degrees(math.atan2(exhibit.bounds.radius, distance))
    if angle < interest.policy.size[0]:
        return "too small on the eye"
    along = sum(a * b for a, b in zip(away, pose.ahead, strict=True)) / distance
    limit = HEADSET.half_cone + math.radians(interest.policy.margin[0])
    if math.acos(along) - math.asin(min(1.0, exhibit.bounds.radius / distance)) > limit:
        return "out of view"
    return "hidden"


MARKS = {"out of view": "s", "hidden": "X", "too small on the eye": "v"}


def draw(placement: Placement) -> Figure:
    """The plan."""
    interest = Interest(placement)
    visit, pose = Visit(interest), facing(EYE, AIM)
    visit.pose(pose, 0)
    seen = {one.artifact for one in visit.snapshot().perceived}
    figure = Figure(figsize=(10.4, 9.0), layout="constrained")
    panel = figure.subplots()
    cone(panel, pose)
    for box in placement.occluders:
        if box.half[1] < 1.0 and box.center[1] > 2.0:
            continue  # the wall over a door
        panel.add_patch(Polygon(outline(box), facecolor=WALL if box.half[1] > 0.7 else "#ded9d0", zorder=2))
    used = set()
    for exhibit in placement.exhibits:
        x, z = exhibit.bounds.center[0], -exhibit.bounds.center[2]
        if exhibit.artifact in seen:
            panel.plot([pose.position[0], x], [-pose.position[2], z], color=SEEN, linewidth=0.8, zorder=3)
            panel.plot(x, z, "o", color=SEEN, markersize=8, zorder=4)
            panel.annotate(
                exhibit.artifact.partition(":")[2], (x, z), (7, 5), textcoords="offset points",
                fontsize=8.5, color=SEEN, zorder=5,
            )  # fmt: skip
        else:
            reason = why_not(exhibit, pose, interest)
            label = None if reason in used else f"not perceived: {reason}"
            used.add(reason)
            panel.plot(
                x, z, MARKS[reason], color="#6b6660", markersize=7, linestyle="", label=label, zorder=4
            )
    person(panel, pose.position)
    for gallery in placement.galleries:
        low, high = gallery.interior.extent
        panel.text(
            low[0] + 0.35, -high[2] + 0.45, gallery.slug, fontsize=10, color=INK, style="italic", zorder=5
        )
    panel.plot([], [], "o", color=SEEN, label=f"perceived: {len(seen)} of {len(placement.exhibits)}")
    panel.legend(loc="lower right", frameon=False, fontsize=10)
    panel.set_aspect("equal")
    panel.autoscale_view()
    panel.set_xlabel("site x, metres", color=INK)
    panel.set_ylabel("site -z, metres", color=INK)
    panel.spines[["top", "right"]].set_visible(False)
    panel.set_title("What one visitor perceives: large enough, in view, not hidden", loc="left", color=INK)
    return figure


def cone(panel: Any, pose: Pose) -> None:
    """The cone in which artifacts come, the wider one in which they stay, and arm's reach."""
    middle = (pose.position[0], -pose.position[2])
    ahead = math.degrees(math.atan2(-pose.ahead[2], pose.ahead[0]))
    half = math.degrees(HEADSET.half_cone)
    for margin, alpha in ((25, 0.13), (10, 0.2)):
        wedge = Wedge(middle, 9.0, ahead - half - margin, ahead + half + margin, facecolor=VIEW, alpha=alpha)
        panel.add_patch(wedge)
    panel.add_patch(Circle(middle, 1.2, facecolor=VIEW, alpha=0.5))


def person(panel: Any, position: Vector) -> None:
    """The visitor from above."""
    panel.add_patch(Circle((position[0], -position[2]), 0.22, facecolor=INK, zorder=6))
    panel.annotate(
        "visitor", (position[0], -position[2]), (-12, -16), textcoords="offset points", ha="right",
        fontsize=10, color=INK,
    )  # fmt: skip


def main() -> None:
    """Read the store and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=Path("museum"))
    store = parser.parse_args().store
    draw(read_placement(store).placement).savefig(HERE.parent / "images" / "perception.png", dpi=110)


if __name__ == "__main__":
    main()
