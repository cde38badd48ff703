"""Pictures for people: what was recognized in which picture, and what decided. Pillow only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inference.explanation import Explanation
from inference.preprocessing import Pixels
from inference.runtime.serving import Interpretation

_TILE: Final = 300
_TEXT: Final = 62
_GAP: Final = 12
_PAPER, _INK, _FAINT = (250, 249, 246), (32, 32, 34), (110, 108, 104)
_SEEN, _REFUSED = (24, 120, 72), (176, 60, 40)
_HEAT: Final = np.array([(0, 0, 0), (120, 20, 60), (230, 90, 30), (255, 220, 90)], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A picture that was looked at."""

    name: str
    picture: Pixels
    found: Interpretation


def contact_sheet(looked: Sequence[Looked], path: Path, columns: int = 4) -> None:
    """Every picture with what it shows, as PNG."""
    columns = min(columns, max(len(looked), 1))
    rows = -(-len(looked) // columns)
    size = (columns * (_TILE + _GAP) + _GAP, rows * (_TILE + _TEXT + _GAP) + _GAP)
    sheet = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, one in enumerate(looked):
        left = _GAP + number % columns * (_TILE + _GAP)
        top = _GAP + number // columns * (_TILE + _TEXT + _GAP)
        shown, scale = _fitted(one.picture, _TILE)
        corner = left + (_TILE - shown.width) // 2, top + (_TILE - shown.height) // 2
        sheet.paste(shown, corner)
        _outlines(draw, one.found, corner, scale)
        _told(draw, one, (left, top + _TILE + 4))
    sheet.save(path)


def explanation_page(told: Explanation, path: Path) -> None:
    """The picture with the features that agree, and beside it what must not be hidden, as PNG."""
    side = 480
    shown, scale = _fitted(told.picture, side)
    sheet = Image.new("RGB", (2 * side + 3 * _GAP, side + 2 * _GAP + 96), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, picture in enumerate((shown, _heated(told, shown, scale))):
        left = _GAP + number * (side + _GAP) + (side - shown.width) // 2
        corner = left, _GAP + (side - shown.height) // 2
        sheet.paste(picture, corner)
        if number == 0:
            _outlines(draw, told.found, corner, scale)
    below = _GAP + side + 6
    title, color = _verdict(told.found, told.artifact)
    draw.text((_GAP, below), title, color, _font(18))
    reason = told.found.sightings[0].evidence if told.found.sightings else ""
    if told.found.rejection is not None:
        reason = told.found.rejection.detail
    _wrapped(draw, reason, (_GAP, below + 28), side)
    strongest = float(told.drops.max(initial=0.0))
    _wrapped(
        draw,
        f"Bright: hidden there, the similarity of {told.similarity:.2f} falls (at most by {strongest:.2f}).",
        (2 * _GAP + side, below + 28),
        side,
    )
    sheet.save(path)


def _heated(told: Explanation, shown: Image.Image, scale: float) -> Image.Image:
    strength = np.clip(told.drops, 0, None)
    strength = strength / max(float(strength.max()), 1e-6)
    grid = Image.fromarray((strength * 255).astype(np.uint8))
    left, top, right, bottom = (at * scale for at in told.covered)
    whole = grid.resize((max(round(right - left), 1), max(round(bottom - top), 1)), Image.Resampling.BICUBIC)
    laid = Image.new("L", shown.size)
    laid.paste(whole, (round(left), round(top)))
    share = np.asarray(laid, dtype=np.float32) / 255
    steps = np.linspace(0, 1, len(_HEAT))
    heat = np.stack([np.interp(share, steps, _HEAT[:, channel]) for channel in range(3)], axis=-1)
    gray = np.asarray(shown.convert("L"), dtype=np.float32)[..., None] * np.ones(3)
    mixed = 0.55 * gray + 0.75 * heat
    return Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8))


def _outlines(
    draw: ImageDraw.ImageDraw, found: Interpretation, corner: tuple[int, int], scale: float
) -> None:
    for sighting in found.sightings[:1]:
        for points, width in ((sighting.corners, 2), (sighting.region, 3)):
            at = [
                (corner[0] + x * scale, corner[1] + y * scale)
                for x, y in zip(points[::2], points[1::2], strict=True)
            ]
            if len(at) > 2:
                draw.line([*at, at[0]], _SEEN if width == 3 else (90, 170, 220), width)


def _told(draw: ImageDraw.ImageDraw, one: Looked, at: tuple[int, int]) -> None:
    title, color = _verdict(one.found, "")
    draw.text(at, _cut(title, 34), color, _font(15))
    draw.text((at[0], at[1] + 20), _cut(one.name, 44), _FAINT, _font(12))
    if one.found.sightings:
        best = one.found.sightings[0]
        detail = f"similarity {best.similarity:.2f}, {best.inliers} features, {best.view}"
    else:
        detail = one.found.rejection.detail if one.found.rejection else ""
    draw.text((at[0], at[1] + 37), _cut(detail, 48), _FAINT, _font(11))


def _verdict(found: Interpretation, nearest: str) -> tuple[str, tuple[int, int, int]]:
    if found.sightings:
        return f"{found.sightings[0].artifact}  {found.sightings[0].score:.0%}", _SEEN
    reason = found.rejection.reason.value if found.rejection else "nothing"
    return f"{reason}{f' (nearest: {nearest})' if nearest else ''}", _REFUSED


def _fitted(picture: Pixels, side: int) -> tuple[Image.Image, float]:
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS), scale


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _wrapped(draw: ImageDraw.ImageDraw, text: str, at: tuple[int, int], width: int) -> None:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if draw.textlength(longer, _font(13)) > width and line:
            lines.append(line)
            line = word
        else:
            line = longer
    for number, told in enumerate([*lines, line][:4]):
        draw.text((at[0], at[1] + 17 * number), told, _INK, _font(13))
