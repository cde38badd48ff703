"""A hang as a plan seen from above: walls, doors, plinths with the way they face, numbers with a legend."""

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from assets.hanging.checks import Body, body_of, spot_before
from assets.hanging.listing import depths
from assets.hanging.work import Hang, HungGallery
from assets.sample.galleries import DOOR_WIDTH, Gallery, Placement
from assets.sample.rooms import WALL_THICKNESS

_INK, _FAINT, _FAULT = "#2b2b2b", "#8d8a84", "#c0392b"
_FILL: Final = {"plinth": "#d8c7a8", "case": "#c6d8dc", "wall": "#8f3b1b"}
_LINE: Final = 0.19
"""Inches from one line of the legend to the next."""
_INCHES_A_METRE: Final = 0.42


def draw_hang(hang: Hang, path: Path) -> None:
    """Write the plan as PNG. Raises ``OSError`` where it cannot be written."""
    wide = max(gallery.room.width for gallery in hang.galleries) + 1.5
    deep = sum(gallery.room.depth + WALL_THICKNESS for gallery in hang.galleries) + 1.5
    works = sum(len(gallery.placements) for gallery in hang.galleries)
    scale = min(_INCHES_A_METRE, 14.0 / deep)
    tall = max(deep * scale + 0.8, 6.5)
    columns = max(1, math.ceil((works + len(hang.galleries)) / ((tall - 0.9) / _LINE)))
    legend = 3.9 * columns
    figure = Figure(figsize=(max(wide * scale, 4.0) + legend, tall))
    share = max(wide * scale, 4.0) / (max(wide * scale, 4.0) + legend)
    plan = figure.add_axes((0.01, 0.01, share - 0.01, 0.92))
    plan.set_aspect("equal")
    plan.axis("off")
    plan.set_anchor("W")
    faulty = {problem.artifact for problem in hang.faults}
    number, lines = 1, []
    for gallery, depth in zip(hang.galleries, depths(hang), strict=True):
        _shell(plan, gallery.room, depth)
        lines.append((_name(gallery), "title"))
        for placement in gallery.placements:
            _exhibit(plan, placement, depth, number, placement.slug in faulty)
            label = gallery.works[placement.slug].label
            lines.append((f"{number:>3}  {_cut(label[0])}", "fault" if placement.slug in faulty else "work"))
            number += 1
    plan.autoscale_view()
    _legend(figure, lines, share, columns)
    figure.text(0.015, 0.955, _title(hang), color=_INK, fontsize=12, weight="bold")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, facecolor="white")


def _title(hang: Hang) -> str:
    works = sum(len(gallery.placements) for gallery in hang.galleries)
    return f"{hang.name}: {works} exhibits, entrance below"


def _name(gallery: HungGallery) -> str:
    room = gallery.room
    name = next(iter(gallery.name.values()), gallery.slug)
    return f"{name}  ({room.width:g} × {room.depth:g} m, {room.height:g} m high)"


def _cut(text: str) -> str:
    # The font of matplotlib draws Latin, Greek and Cyrillic only; other titles are told by their place.
    plain = "".join(c if ord(c) < 0x530 or 0x2010 <= ord(c) <= 0x2044 else "·" for c in text)
    return plain if len(plain) <= 44 else f"{plain[:42].rstrip()}…"


def _shell(plan: Any, room: Gallery, depth: float) -> None:
    w, d, t = room.width, room.depth, WALL_THICKNESS
    outer = Rectangle((-w / 2 - t, -depth - d / 2 - t), w + 2 * t, d + 2 * t, color="#4a4743", linewidth=0)
    plan.add_patch(outer)
    plan.add_patch(Rectangle((-w / 2, -depth - d / 2), w, d, color="#f6f2ea", linewidth=0))
    for wall, offset in room.doors:
        y = -depth - d / 2 - t if wall == "front" else -depth + d / 2
        plan.add_patch(Rectangle((offset - DOOR_WIDTH / 2, y), DOOR_WIDTH, t, color="#f6f2ea", linewidth=0))


def _exhibit(plan: Any, placement: Placement, depth: float, number: int, is_faulty: bool) -> None:
    """Seen from above with the entrance below: x to the right, -z upward."""
    body: Body = body_of(placement)
    corners = np.column_stack([body.plane[:, 0], -body.plane[:, 1] - depth])
    edge = _FAULT if is_faulty else _INK
    plan.add_patch(
        Polygon(
            corners, facecolor=_FILL[placement.support], edgecolor=edge, linewidth=1.6 if is_faulty else 0.7
        )
    )
    middle = corners.mean(axis=0)
    eye = spot_before(placement)
    toward = np.array([eye[0], -eye[2] - depth]) - middle
    toward /= max(float(np.hypot(*toward)), 1e-9)
    if body.is_wall:
        middle = middle + toward * 0.34
    else:
        reach = float(np.abs((corners - middle) @ toward).max())
        plan.annotate(
            "", middle + toward * (reach + 0.4), middle + toward * reach,
            arrowprops={"arrowstyle": "-|>", "color": _FAINT, "linewidth": 0.8, "mutation_scale": 7},
        )  # fmt: skip
    plan.text(*middle, str(number), ha="center", va="center", fontsize=6.5, color=edge)


def _legend(figure: Figure, lines: list[tuple[str, str]], share: float, columns: int) -> None:
    each = math.ceil(len(lines) / columns)
    wide = (1 - share) / columns
    step = _LINE / figure.get_figheight()
    for place, (text, kind) in enumerate(lines):
        column, row = divmod(place, each)
        figure.text(
            share + column * wide + 0.008, 0.91 - row * step, text, fontsize=7.5,
            color=_FAULT if kind == "fault" else _INK, weight="bold" if kind == "title" else "normal",
        )  # fmt: skip
