"""Ornament of many hands, drawn on a canvas: meanders, rays, petals, scrolls, leaves, flowers."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point, smooth


def around(center: Point, radius: float, degrees: float) -> Point:
    """The point at a distance and compass-like angle (0 right, 90 up on the canvas)."""
    a = np.radians(degrees)
    return (center[0] + radius * float(np.cos(a)), center[1] - radius * float(np.sin(a)))


def repeats(width: float, pitch: float) -> tuple[int, float]:
    """How many motifs of about ``pitch`` fill the width exactly, and their true pitch."""
    count = max(1, round(width / pitch))
    return count, width / count


def rays(canvas: Canvas, top: float, bottom: float, pitch: float) -> None:
    """Tall triangles standing on the lower edge."""
    count, step = repeats(canvas.size[0], pitch)
    for k in range(count):
        x = (k + 0.5) * step
        canvas.polygon([(x - step * 0.3, bottom), (x, top), (x + step * 0.3, bottom)])


def petals(canvas: Canvas, top: float, bottom: float, pitch: float, pen: float) -> None:
    """Upright lotus panels with a double outline and a drop inside."""
    count, step = repeats(canvas.size[0], pitch)
    height = bottom - top
    for k in range(count):
        x = (k + 0.5) * step
        for inset, thick in ((0.06, pen * 1.7), (0.20, pen * 0.8)):
            w, h = step * (0.5 - inset), height * (1 - inset)
            outline = [(x - w, bottom), (x - w, bottom - h * 0.6), (x - w * 0.55, bottom - h * 0.88)]
            outline += [(x, bottom - h), (x + w * 0.55, bottom - h * 0.88), (x + w, bottom - h * 0.6)]
            canvas.line([*outline, (x + w, bottom)], thick)
        canvas.blob(
            [
                (x, top + height * 0.38),
                (x + step * 0.12, top + height * 0.68),
                (x, top + height * 0.78),
                (x - step * 0.12, top + height * 0.68),
            ]
        )
        canvas.ring((x, top + height * 0.30), step * 0.07, pen)


def waves(canvas: Canvas, top: float, bottom: float, pitch: float, pen: float) -> None:
    """Breaking waves, drawn as rows of hooks."""
    count, step = repeats(canvas.size[0], pitch)
    height = bottom - top
    for k in range(count):
        x = k * step
        turn = np.linspace(0, 1.6 * np.pi, 14)
        radius = height * 0.30 * (1 - turn / (2.2 * np.pi))
        cx, cy = x + step * 0.55, top + height * 0.42
        curl = [
            (float(cx + r * np.cos(a)), float(cy - r * np.sin(a))) for a, r in zip(turn, radius, strict=True)
        ]
        canvas.line([(x - step * 0.3, bottom), (x + step * 0.35, bottom - height * 0.18), *curl], pen)
        canvas.line(
            [(x - step * 0.1, bottom), (x + step * 0.55, bottom - height * 0.12), (x + step, bottom)],
            pen * 0.6,
        )


def leaf(  # noqa: PLR0913  a leaf has this many free choices
    canvas: Canvas, base: Point, degrees: float, length: float, width: float, *, teeth: int = 0
) -> None:
    """A pointed leaf; ``teeth`` serrate its edges (saz leaf). It bends to the left as it grows."""
    steps = 24
    t = np.linspace(0, 1, steps)
    heading = np.radians(degrees) + 0.7 * (t - 0.3)
    dx, dy = np.cos(heading) * length / steps, -np.sin(heading) * length / steps
    spine = np.stack([base[0] + np.cumsum(dx), base[1] + np.cumsum(dy)], axis=1)
    side = np.stack([np.sin(heading), np.cos(heading)], axis=1)
    half = np.sin(np.pi * t**0.75) * width / 2
    if teeth:
        half = half * (0.72 + 0.28 * (1.0 - (t * teeth) % 1.0))
    canvas.polygon(np.vstack([spine + side * half[:, None], (spine - side * half[:, None])[::-1]]))


def rosette(canvas: Canvas, center: Point, radius: float, count: int, *, heart: float = 0.28) -> None:
    """Rounded petals around an empty heart."""
    for k in range(count):
        a = 360.0 / count * k
        canvas.blob(
            [
                around(center, radius * heart, a),
                around(center, radius * 0.75, a + 140 / count),
                around(center, radius, a),
                around(center, radius * 0.75, a - 140 / count),
            ]
        )


def peony(canvas: Canvas, lines: Canvas, center: Point, radius: float, turn: float = 0.0) -> None:
    """A full-blown peony: three rings of lobed petals on ``canvas``, their outlines on ``lines``."""
    for ring, (reach, count) in enumerate(((1.0, 9), (0.70, 7), (0.40, 5))):
        for k in range(count):
            a = 360.0 / count * k + turn + ring * 20
            r = radius * reach
            spread = 230 / count
            outline = [
                around(center, r * 0.25, a),
                around(center, r * 0.72, a + spread),
                around(center, r * 0.97, a + spread * 0.55),
                around(center, r * 0.90, a),
                around(center, r * 0.97, a - spread * 0.55),
                around(center, r * 0.72, a - spread),
            ]
            canvas.blob(outline, 0.55 + 0.15 * ring)
            lines.line(smooth([*outline, outline[0]], 8), radius * 0.045)


def scroll(
    canvas: Canvas, middle: float, swing: float, pitch: float, pen: float
) -> list[tuple[Point, float]]:
    """A wavy stem round the whole width with curling side shoots; returns where leaves sit and point."""
    count, step = repeats(canvas.size[0], pitch)
    count += count % 2
    step = canvas.size[0] / count
    x = np.linspace(0, canvas.size[0], count * 24)
    y = middle + swing * np.sin(2 * np.pi * x / (2 * step))
    canvas.line(np.stack([x, y], axis=1), pen)
    seats: list[tuple[Point, float]] = []
    for k in range(count * 4):
        at = (k + 0.5) * step / 4
        height = middle + swing * float(np.sin(np.pi * at / step))
        up = 1.0 if k % 2 else -1.0
        seats.append(((at, height), 65.0 * up + 20.0))
    return seats


def spiral(center: Point, radius: float, turns: float, start: float = 0.0, hand: int = 1) -> list[Point]:
    """Points of a spiral that runs inward; angles in degrees, ``hand`` +1 or -1."""
    t = np.linspace(0, 1, int(24 * turns) + 2)
    angle = start + hand * 360.0 * turns * t
    return [around(center, float(radius * (1 - 0.92 * s)), float(a)) for s, a in zip(t, angle, strict=True)]
