"""A scan on one page: from three quarters, front, side and top, with its measures; and its thumbnail.

Front, side and top stand as in a measured drawing (third-angle projection, ISO 5456-2), all three at the
scale of the bar beside them. They are taken from so far away that a length at the front and one at the back
of the scan differ by less than half a percent.
"""

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from assets.pipeline.rendering.camera import Camera, Lens, framed, orbit
from assets.pipeline.rendering.light import Light, studio
from assets.pipeline.rendering.render import Color, Quality, Renderer
from assets.pipeline.rendering.typeface import REMEDY, typeface
from assets.pipeline.scan import Material, Mesh, Pixels, Scan

WIDTH, HEIGHT = 2000, 1460
PAPER: Color = (250, 249, 246)
INK: Color = (43, 41, 38)
FAINT: Color = (128, 123, 115)
LINE: Color = (214, 210, 202)

_MARGIN = 80
_TOP, _BOTTOM = 200, 1142
_PORTRAIT = (_MARGIN, _TOP, 930, _BOTTOM)
_DRAWING = (1010, _TOP, WIDTH - _MARGIN, _BOTTOM)
_GROUND = "ground beneath the scan"
_PAPER_LIGHT = 3.6
"""Light that the renderer develops to about the tone of the paper."""
_PLASTER = (0.50, 0.485, 0.455, 1.0)
_FINE = Quality(samples=16)
_FAR = 400.0
"""Radii from which a measured view is taken."""


@dataclass(frozen=True, slots=True)
class Side:
    """One view of the measured drawing. Degrees."""

    name: str
    azimuth: float
    elevation: float
    light: float
    """By how much the studio is turned, so that light comes from the upper left of the picture."""


FRONT, RIGHT, ABOVE = Side("Front", 0, 0, 0), Side("Right side", 90, 0, 90), Side("Top", 0, 90, -97)


def inspection_sheet(scan: Scan, facts: Sequence[str] = ()) -> Image.Image:
    """The scan (metres, +Y up, front toward +Z) as a page of 2000 x 1460 pixels.

    ``facts`` are lines such as :func:`assets.pipeline.geometry.inspect.told` writes: a label, two blanks or
    more, a value. A scan without any color of its own is shown in plaster.
    """
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    low, high = scan.bounds
    _heading(page, scan, high - low)
    left, top, right, bottom = _PORTRAIT
    with Renderer(_standing(scan), _FINE) as renderer:
        page.paste(_portrait(renderer, scan, right - left, bottom - top), (left, top))
        _drawing(page, renderer.without(_GROUND), high - low)
    _facts(page, facts)
    return page


def png(picture: Image.Image) -> bytes:
    """The picture as PNG; equal pictures give equal bytes."""
    content = io.BytesIO()
    picture.save(content, format="PNG", compress_level=9)
    return content.getvalue()


def thumbnail(scan: Scan, size: int = 512) -> Image.Image:
    """The scan from three quarters on a pale ground, ``size`` x ``size`` pixels."""
    with Renderer(_standing(scan), _FINE) as renderer:
        return _portrait(renderer, scan, size, size)


def _standing(scan: Scan) -> Scan:
    dressed = in_plaster(scan)
    return replace(dressed, meshes=(*dressed.meshes, _ground(scan.bounds, PAPER, studio())))


def _portrait(renderer: Renderer, scan: Scan, width: int, height: int) -> Image.Image:
    """The scan from three quarters, standing on the ground."""
    azimuth, elevation = _viewpoint(scan.bounds[1] - scan.bounds[0])
    camera = framed(Lens.of_field(22.0, width, height), _outline(scan), azimuth, elevation, fill=0.9)
    view = renderer.view(camera, PAPER, studio().turned(azimuth - 12.0))
    return _faded(view.rgb, PAPER)


def _viewpoint(size: NDArray[np.float64]) -> tuple[float, float]:
    """Azimuth and elevation of the three-quarter view: toward the broad side, from higher for flat things."""
    wide, tall, deep = size
    azimuth = 32.0 if deep < 1.5 * wide else 58.0
    return azimuth, 16.0 if tall > 0.35 * max(wide, deep) else 38.0


def _faded(picture: Pixels, paper: Color) -> Image.Image:
    """The picture with its outermost twentieth running out into the paper, so that it has no edge."""
    height, width = picture.shape[:2]
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    inward = np.minimum(np.minimum(x, width - x) / width, np.minimum(y, height - y)[:, None] / height)
    share = np.clip(inward / 0.05, 0.0, 1.0)[..., None]
    share = share * share * (3.0 - 2.0 * share)
    return Image.fromarray((picture * share + np.asarray(paper) * (1.0 - share) + 0.5).astype(np.uint8))


def in_plaster(scan: Scan) -> Scan:
    """The scan, with parts that state no color of their own in the tone of a plaster cast."""
    dressed = []
    for mesh in scan.meshes:
        material = mesh.material
        bare = material.base_color_texture is None and mesh.colors is None
        if bare and min(material.base_color) >= 0.99:
            material = replace(material, base_color=_PLASTER, metallic=0.0, roughness=0.85)
        dressed.append(replace(mesh, material=material))
    return replace(scan, meshes=tuple(dressed))


def bar_length(longest: float) -> tuple[float, str]:
    """The longest of 1, 2, 5 x 10^n metres that is not longer than ``longest``, and its name."""
    power = 10.0 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))
    for unit, metres in (("km", 1000.0), ("m", 1.0), ("cm", 0.01), ("mm", 0.001)):
        if length >= metres * (1 - 1e-9):
            return length, f"{length / metres:.0f} {unit}"
    return length, f"{length * 1000:g} mm"


def _outline(scan: Scan) -> NDArray[np.float64]:
    used = [mesh.positions[np.unique(mesh.triangles)] for mesh in scan.meshes]
    return np.concatenate(used).astype(np.float64)


def _ground(bounds: NDArray[np.float64], paper: Color, light: Light) -> Mesh:
    """A disc under the scan that fades into the paper: it shows where the scan stands, and its shadow.

    In full light it is as bright as the paper, which takes more than a matt surface can give back.
    """
    low, high = bounds
    center, reach = (low + high) / 2.0, float(np.linalg.norm((high - low)[[0, 2]])) / 2.0
    reach = max(reach, 0.12 * float(high[1] - low[1]), 1e-6)
    rings, spokes = 48, 96
    share = np.linspace(0.0, 1.0, rings + 1)
    around = np.linspace(0.0, 2 * math.pi, spokes, endpoint=False)
    r, angle = np.meshgrid(share * reach * 1.9, around, indexing="ij")
    below = float(low[1]) - 0.001 * float(np.linalg.norm(high - low))
    positions = np.stack(
        [center[0] + r * np.sin(angle), np.full_like(r, below), center[2] + r * np.cos(angle)], axis=-1
    )
    first = (np.arange(rings)[:, None] * spokes + np.arange(spokes)).ravel()
    aside = (np.arange(rings)[:, None] * spokes + (np.arange(spokes) + 1) % spokes).ravel()
    triangles = np.concatenate(
        [
            np.stack([first, first + spokes, aside], 1),
            np.stack([aside, first + spokes, aside + spokes], 1),
        ]
    )
    fade = 1.0 - np.clip((share - 0.25) / 0.7, 0.0, 1.0)
    colors = np.empty((rings + 1, spokes, 4), dtype=np.uint8)
    colors[..., :3] = paper
    colors[..., 3] = (255 * fade**2 * (3 - 2 * fade)).astype(np.uint8)[:, None]
    count = (rings + 1) * spokes
    return Mesh(
        _GROUND,
        positions.reshape(-1, 3).astype(np.float32),
        np.tile(np.array([0, 1, 0], dtype=np.float32), (count, 1)),
        np.zeros((count, 2), dtype=np.float32),
        triangles.astype(np.uint32),
        Material(_GROUND, base_color=(*(_PAPER_LIGHT / _above(light),) * 3, 1.0), double_sided=True),
        colors.reshape(-1, 4),
    )


def _above(light: Light) -> float:
    """What a white surface sends out that lies in a light and faces up."""
    maps = light.surroundings.maps
    middle = maps.shape[1] // 2
    around = float(maps[-1, middle - 1 : middle + 1, middle - 1 : middle + 1].mean())
    lamps = sum(lamp.color[1] * math.sin(math.radians(lamp.elevation)) / math.pi for lamp in light.lamps)
    return (around + lamps) * light.gain[1]


def _drawing(page: Image.Image, renderer: Renderer, size: NDArray[np.float64]) -> None:
    """Top above front, right side beside it, all at one scale, and the bar."""
    left, top, right, bottom = _DRAWING
    gap, caption = 46, 40
    wide, tall, deep = (max(float(length), 1e-9) for length in size)
    beside = 240  # the least that the column of side and bar takes
    scale = min(
        (right - left - gap) / (wide + deep),
        (right - left - gap - beside) / wide,
        (bottom - top - 2 * caption - gap) / (tall + deep),
    )
    w, h, d = (max(round(length * scale), 8) for length in (wide, tall, deep))
    spare_x, spare_y = (
        (right - left - gap - w - max(d, beside)) // 2,
        (bottom - top - 2 * caption - gap - h - d) // 2,
    )
    x, y = left + max(spare_x, 0), top + max(spare_y, 0)
    light = studio()
    for side, at, shape in (
        (ABOVE, (x, y), (w, d)),
        (FRONT, (x, y + d + caption + gap), (w, h)),
        (RIGHT, (x + w + gap, y + d + caption + gap), (d, h)),
    ):
        _measured(page, renderer, side, (at, shape, scale), light)
    _bar(page, (x + w + gap, y + d), max(d, beside), scale)


def _measured(
    page: Image.Image,
    renderer: Renderer,
    side: Side,
    place: tuple[tuple[int, int], tuple[int, int], float],
    light: Light,
) -> None:
    """One side at a place of the page: corner and size in pixels, and pixels a metre."""
    (x, y), (width, height), scale = place
    pad = 6
    camera = _from_afar(renderer, side, (width + 2 * pad, height + 2 * pad), scale)
    view = renderer.view(camera, PAPER, light.turned(side.light))
    page.paste(Image.fromarray(view.rgb), (x - pad, y - pad))
    draw = ImageDraw.Draw(page)
    face, _ = typeface(side.name, 21)
    draw.text((x + width / 2, y + height + 14), side.name, fill=FAINT, font=face, anchor="mt")


def _from_afar(renderer: Renderer, side: Side, size: tuple[int, int], scale: float) -> Camera:
    distance = _FAR * renderer.radius
    width, height = size
    lens = Lens(width, height, scale * distance, scale * distance, width / 2.0, height / 2.0)
    return orbit(lens, tuple(renderer.center), distance, side.azimuth, side.elevation)


def _bar(page: Image.Image, corner: tuple[int, int], room: int, scale: float) -> None:
    """A bar of ten fields, its lower left at ``corner``, in at most ``room`` pixels."""
    length, name = bar_length(min(room, 320) / scale)
    x, y = corner
    draw = ImageDraw.Draw(page)
    across = length * scale
    for part in range(5):
        begin, end = x + across * part / 5, x + across * (part + 1) / 5
        box = (round(begin), y - 12, round(end), y)
        draw.rectangle(box, fill=INK if part % 2 == 0 else PAPER, outline=INK, width=2)
    face, _ = typeface(name, 22)
    draw.text((x - 1, y - 22), "0", fill=INK, font=face, anchor="lb")
    draw.text((x + across, y - 22), name, fill=INK, font=face, anchor="rb" if across > 90 else "lb")


def _heading(page: Image.Image, scan: Scan, size: NDArray[np.float64]) -> None:
    draw = ImageDraw.Draw(page)
    face, found = typeface(scan.name, 50, "DejaVuSerif")
    room, name = WIDTH - 2 * _MARGIN - 300, scan.name
    while draw.textlength(name, font=face) > room:
        name = name.removesuffix("…")[:-1] + "…"
    draw.text((_MARGIN, 132), name, fill=INK, font=face, anchor="ls")
    measures = spelled([float(length) for length in size])
    plain, _ = typeface(measures, 24)
    draw.text((WIDTH - _MARGIN, 132), measures, fill=FAINT, font=plain, anchor="rs")
    draw.line((_MARGIN, 164, WIDTH - _MARGIN, 164), fill=LINE, width=2)
    if not found:
        small, _ = typeface(REMEDY, 18)
        draw.text((_MARGIN, 172), REMEDY, fill=FAINT, font=small)


def spelled(lengths: Sequence[float]) -> str:
    """Width, height and depth in metres, in the unit that fits the longest: ``26.5 × 66.5 × 12.1 cm``."""
    longest = max(lengths)
    unit, factor = ("m", 1.0) if longest >= 10.0 else ("cm", 100.0) if longest >= 0.01 else ("mm", 1000.0)
    digits = 2 if unit == "mm" else 1
    return " × ".join(f"{length * factor:,.{digits}f}" for length in lengths) + f" {unit}"


def _facts(page: Image.Image, facts: Sequence[str]) -> None:
    """Labels and values in two columns under the pictures."""
    draw = ImageDraw.Draw(page)
    draw.line((_MARGIN, _BOTTOM + 36, WIDTH - _MARGIN, _BOTTOM + 36), fill=LINE, width=2)
    rows = [parts for line in facts if len(parts := re.split(r"\s{2,}", line.strip(), maxsplit=1)) == 2]
    column = (WIDTH - 2 * _MARGIN - 60) // 2
    lines = [wrapped for label, value in rows for wrapped in _wrapped(draw, label, value, column - 190)]
    half = max((len(lines) + 1) // 2, 1)
    half = next((n for n in range(half, len(lines)) if lines[n][0]), len(lines)) if lines else 0
    step = 33
    for number, (label, value) in enumerate(lines[: 2 * (HEIGHT - _BOTTOM - 90) // step]):
        x = _MARGIN + (column + 60) * (number >= half)
        y = _BOTTOM + 76 + step * (number - half if number >= half else number)
        for text, at, ink in ((label, x, FAINT), (value, x + 190, INK)):
            face, _ = typeface(text, 21)
            draw.text((at, y), text, fill=ink, font=face, anchor="ls")


def _wrapped(draw: ImageDraw.ImageDraw, label: str, value: str, room: int) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    rest = value
    while rest:
        face, _ = typeface(rest, 21)
        words = rest.split(" ")
        count = len(words)
        while count > 1 and draw.textlength(" ".join(words[:count]), font=face) > room:
            count -= 1
        lines.append((label if not lines else "", " ".join(words[:count])))
        rest = " ".join(words[count:])
    return lines
