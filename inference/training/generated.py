"""Artifacts in any number, drawn by chance from the sample museum's building blocks.

Workshops have a palette, a repertoire of ornament and a taste in shapes; artifacts of one workshop resemble
each other, which makes them hard to tell apart, as those of a real collection are. Number ``n`` is the same
artifact on every machine. No two share a decoration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from assets.pipeline.scan import Material, Scan
from assets.sample.forms import ornament
from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import resampled, smooth
from assets.sample.forms.finish import Finish, dressed, material, painted
from assets.sample.forms.lathe import revolve, swept, tube
from assets.sample.forms.noise import generator, spectral
from assets.sample.forms.slab import cushion, embossed, slab
from assets.sample.forms.surface import Array

ARTIFACTS_A_WORKSHOP: Final = 25
_PIXELS: Final = (448, 256)

Draw = np.random.Generator


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the artifacts of one workshop have in common."""

    name: str
    ground: str
    """``#rrggbb`` of the body; ``paints`` lie on it."""
    paints: tuple[str, ...]
    repertoire: tuple[int, ...]
    """Numbers of the bands that it paints."""
    metallic: float
    roughness: float
    kind: str


def workshop(number: int) -> Workshop:
    """The workshop that makes artifacts ``25 number`` to ``25 number + 24``."""
    draw = generator(f"workshop {number}")
    hue, light = float(draw.random()), float(draw.uniform(0.15, 0.85))
    earthy = draw.random() < 0.6
    ground = _color(0.02 + 0.10 * hue if earthy else hue, float(draw.uniform(0.1, 0.6)), light)
    paints = tuple(
        _color(float(draw.random()), float(draw.uniform(0.1, 0.8)), float(np.clip(light + away, 0.05, 0.95)))
        for away in (draw.choice([-0.5, 0.5]), draw.uniform(-0.4, 0.4), draw.choice([-0.3, 0.3]))
    )
    repertoire = tuple(int(n) for n in draw.choice(len(_BANDS), size=4, replace=False))
    metal = float(draw.random() < 0.15)
    kind = str(draw.choice(["vessel", "vessel", "plaque", "figure"]))
    roughness = float(draw.uniform(0.25, 0.9))
    return Workshop(f"workshop-{number:03d}", ground, paints, repertoire, metal, roughness, kind)


def artifact(number: int) -> Scan:
    """Artifact ``number``, 5 to 60 cm tall, standing on y = 0, front toward +Z."""
    made_in = workshop(number // ARTIFACTS_A_WORKSHOP)
    draw = generator(f"artifact {number}")
    return _KINDS[made_in.kind](f"generated-{number:05d}", made_in, draw)


def _color(hue: float, saturation: float, light: float) -> str:
    k = (np.array([0.0, 8.0, 4.0]) + hue * 12.0) % 12.0
    chroma = saturation * min(light, 1 - light)
    rgb = light - chroma * np.maximum(-1.0, np.minimum(np.minimum(k - 3.0, 9.0 - k), 1.0))
    return "#" + "".join(f"{round(float(c) * 255):02x}" for c in np.clip(rgb, 0.0, 1.0))


def _vessel(name: str, made_in: Workshop, draw: Draw) -> Scan:
    height = float(draw.uniform(0.1, 0.6))
    belly = height * float(draw.uniform(0.22, 0.5))
    at = float(draw.uniform(0.35, 0.75))
    neck, lip = belly * float(draw.uniform(0.25, 0.9)), belly * float(draw.uniform(0.3, 1.1))
    foot = belly * float(draw.uniform(0.3, 0.7))
    outer = [
        (lip, height), (neck, height * float(draw.uniform(0.86, 0.95))), (belly, height * at),
        (foot * 1.1, height * 0.12), (foot, 0.0), (0.001, 0.0),
    ]  # fmt: skip
    profile = resampled(np.maximum(smooth(outer), [0.001, 0.0]), 72)
    girth = 2 * np.pi * belly
    cloth = _dressed_in(made_in, draw, (girth, 1.3 * height), wrap=True)
    meshes = [dressed("wall", revolve(profile, 96), cloth)]
    inside = resampled(smooth([(0.001, 0.05 * height), (0.9 * belly, height * at), (0.96 * lip, height)]), 24)
    meshes.append(dressed("inside", revolve(inside, 64), cloth))
    for side in (1.0, -1.0) if draw.random() < 0.45 else ():
        low, reach = height * float(draw.uniform(0.45, 0.6)), belly * float(draw.uniform(1.15, 1.5))
        path = swept(
            [
                (side * belly * 0.9, low, 0),
                (side * reach, (low + height) / 2, 0),
                (side * neck, height * 0.9, 0),
            ],
            24,
        )
        meshes.append(dressed("handle", tube(path, 0.08 * belly, sides=12), cloth))
    return Scan(name, tuple(meshes))


def _plaque(name: str, made_in: Workshop, draw: Draw) -> Scan:
    width, height = float(draw.uniform(0.08, 0.5)), float(draw.uniform(0.08, 0.5))
    thickness = float(draw.uniform(0.01, 0.05)) * max(width, height)
    outline = cushion(width, height, float(draw.choice([2.0, 4.0, 12.0])))
    section = [(0.0, thickness), (0.85, thickness), (0.97, thickness * 0.7), (1.0, 0.0)]
    face = slab(outline, section, (96, 96))
    carved = _decorated(made_in, draw, (2 * width, height), wrap=False)[0]
    raised = embossed(face, carved * thickness * float(draw.choice([0.0, 0.4, 0.8])))
    body = dressed("slab", raised.moved((0, height / 2, 0)), _dressed_in(made_in, draw, (2 * width, height)))
    return Scan(name, (body,))


def _figure(name: str, made_in: Workshop, draw: Draw) -> Scan:
    height = float(draw.uniform(0.1, 0.5))
    meshes = []
    for limb in range(int(draw.integers(4, 9))):
        start = np.array([draw.normal(0, 0.12), draw.uniform(0.05, 0.8), draw.normal(0, 0.08)]) * height
        end = start + np.array([draw.normal(0, 0.2), draw.uniform(0.05, 0.3), draw.normal(0, 0.12)]) * height
        bend = (start + end) / 2 + draw.normal(0, 0.06, 3) * height
        radius = np.interp(np.arange(20), [0, 8, 19], draw.uniform(0.04, 0.14, 3) * height)
        surface = tube(
            swept(np.stack([start, bend, end]).tolist(), 20),
            radius,
            sides=20,
            flat=float(draw.uniform(0.7, 1.0)),
        )
        cloth = _dressed_in(made_in, draw, (0.4 * height, 0.4 * height), wrap=True)
        meshes.append(dressed(f"limb {limb}", surface, cloth))
    return Scan(name, tuple(meshes))


_KINDS: Final[dict[str, Callable[[str, Workshop, Draw], Scan]]] = {
    "vessel": _vessel, "plaque": _plaque, "figure": _figure,
}  # fmt: skip


def _dressed_in(made_in: Workshop, draw: Draw, size: tuple[float, float], *, wrap: bool = False) -> Material:
    coverage, layers = _decorated(made_in, draw, size, wrap=wrap)
    shape = (_PIXELS[1], _PIXELS[0])
    color = painted(np.zeros((*shape, 3)), made_in.ground, np.ones(shape))
    for paint, layer in layers:
        color = painted(color, paint, layer)
    worn = np.clip(spectral(draw, shape, low=2) - float(draw.uniform(0.8, 2.5)), 0.0, 1.0)
    color = painted(color, made_in.ground, 0.8 * worn)
    grain = 1.0 + float(draw.uniform(0.02, 0.12)) * spectral(draw, shape, low=1, slope=1.3)
    finish = Finish(
        np.clip(color * grain[..., None], 0.0, 1.0), made_in.roughness, made_in.metallic, bump=0.6 * coverage
    )
    return material("surface", finish)


def _decorated(
    made_in: Workshop, draw: Draw, size: tuple[float, float], *, wrap: bool
) -> tuple[Array, list[tuple[str, Array]]]:
    """Where anything is painted, and each paint's coverage."""
    layers = []
    edges = np.sort(np.append(draw.uniform(0.05, 0.95, int(draw.integers(2, 5))), [0.0, 1.0])) * size[1]
    for top, bottom in pairwise(edges.tolist()):
        if bottom - top < 0.06 * size[1] or draw.random() < 0.25:
            continue
        canvas = Canvas(_PIXELS, size, wrap=wrap)
        band = _BANDS[int(draw.choice(made_in.repertoire))]
        band(canvas, top, bottom, draw)
        layers.append((str(draw.choice(made_in.paints)), canvas.array()))
    scene = Canvas(_PIXELS, size, wrap=wrap)
    for _ in range(int(draw.integers(1, 6))):
        _being(scene, draw, size)
    layers.append((made_in.paints[0], scene.array()))
    return np.maximum.reduce([layer for _, layer in layers]), layers


def _being(canvas: Canvas, draw: Draw, size: tuple[float, float]) -> None:
    """A body with limbs that no other artifact has: what a figured scene is to a camera."""
    x, y = float(draw.uniform(0.0, size[0])), float(draw.uniform(0.2, 0.8)) * size[1]
    scale = float(draw.uniform(0.08, 0.25)) * size[1]
    for _ in range(int(draw.integers(3, 8))):
        away = draw.normal(0.0, scale, (3, 2))
        points = [(x, y), *((x + float(dx), y + float(dy)) for dx, dy in away)]
        canvas.limb(points, [float(w) for w in draw.uniform(0.05, 0.3, len(points)) * scale])
    canvas.disc((x, y - scale), scale * float(draw.uniform(0.15, 0.35)))


def _stripes(canvas: Canvas, top: float, bottom: float, draw: Draw) -> None:
    for edge in np.linspace(top, bottom, int(draw.integers(2, 5)), endpoint=False):
        canvas.band(float(edge), float(edge) + (bottom - top) * float(draw.uniform(0.05, 0.2)))


def _rays(canvas: Canvas, top: float, bottom: float, draw: Draw) -> None:
    ornament.rays(canvas, top, bottom, (bottom - top) * float(draw.uniform(0.3, 1.2)))


def _petals(canvas: Canvas, top: float, bottom: float, draw: Draw) -> None:
    pitch = (bottom - top) * float(draw.uniform(0.4, 1.0))
    ornament.petals(canvas, top, bottom, pitch, pitch * 0.05)


def _waves(canvas: Canvas, top: float, bottom: float, draw: Draw) -> None:
    pitch = (bottom - top) * float(draw.uniform(0.8, 2.0))
    ornament.waves(canvas, top, bottom, pitch, pitch * 0.06)


def _rosettes(canvas: Canvas, top: float, bottom: float, draw: Draw) -> None:
    reach = (bottom - top) / 2
    count, step = ornament.repeats(canvas.size[0], reach * float(draw.uniform(2.2, 5.0)))
    petals = int(draw.integers(4, 10))
    for k in range(count):
        ornament.rosette(canvas, ((k + 0.5) * step, top + reach), reach * 0.9, petals)


def _vines(canvas: Canvas, top: float, bottom: float, draw: Draw) -> None:
    reach = (bottom - top) / 2
    pitch = reach * float(draw.uniform(1.5, 4.0))
    for seat, degrees in ornament.scroll(canvas, top + reach, reach * 0.6, pitch, reach * 0.08):
        ornament.leaf(canvas, seat, degrees, reach * 0.7, reach * 0.3, teeth=int(draw.integers(0, 4)))


def _spirals(canvas: Canvas, top: float, bottom: float, draw: Draw) -> None:
    reach = (bottom - top) / 2
    count, step = ornament.repeats(canvas.size[0], reach * float(draw.uniform(2.0, 3.5)))
    turns = float(draw.uniform(1.5, 3.0))
    for k in range(count):
        line = ornament.spiral(((k + 0.5) * step, top + reach), reach * 0.9, turns, 180.0 * (k % 2))
        canvas.line(line, reach * 0.12)


def _meander(canvas: Canvas, top: float, bottom: float, draw: Draw) -> None:
    tall = bottom - top
    count, step = ornament.repeats(canvas.size[0], tall * float(draw.uniform(0.8, 1.6)))
    key = [(0, 1), (0, 0), (0.8, 0), (0.8, 0.75), (0.35, 0.75), (0.35, 0.4), (0.55, 0.4)]
    for k in range(count):
        canvas.line([((k + x) * step, top + y * tall) for x, y in key], tall * 0.1)
    canvas.band(bottom - 0.05 * tall, bottom)


_BANDS: Final = (_stripes, _rays, _petals, _waves, _rosettes, _vines, _spirals, _meander)
