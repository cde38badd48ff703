"""Pages of pictures that a person looks at: worst failures, robustness curves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from inference.training.evaluate import Evaluation, Failure
from inference.training.pictures import Shot

_TILE, _GAP, _TEXT = 180, 12, 40
_PAPER, _INK, _WRONG, _RIGHT = "#f6f5f2", "#2b2a28", "#a8382b", "#2f6b45"


_LEVELS: Final = {
    "blur": "sigma in pixels of 224",
    "noise": "deviation of 0 to 255",
    "low light": "share of the light left",
    "scale": "share of 224 pixels left",
    "occlusion": "share hidden",
    "jpeg": "quality",
}
"""What the numbers under each curve say."""


def failures_page(failures: Sequence[Failure], path: Path, columns: int = 3, rows: int = 6) -> Path:
    """Most confident failures: each query, what it was taken for, and what it is."""
    shown = failures[: columns * rows]
    wide, tall = 3 * _TILE + 2 * _GAP, _TILE + _TEXT
    lines = max(-(-len(shown) // columns), 1)
    page = Image.new("RGB", (columns * (wide + 3 * _GAP) + _GAP, lines * (tall + 2 * _GAP) + 44), _PAPER)
    draw = ImageDraw.Draw(page)
    for column in range(columns):
        for place, (words, color) in enumerate((("asked", _INK), ("taken for", _WRONG), ("is", _RIGHT))):
            left = _GAP + column * (wide + 3 * _GAP) + place * (_TILE + _GAP)
            draw.text((left, 10), words, fill=color, font=_font(18))
    for number, failure in enumerate(shown):
        left = _GAP + (number % columns) * (wide + 3 * _GAP)
        top = 44 + (number // columns) * (tall + 2 * _GAP)
        told = f"similarity {failure.similarity:.2f}"
        for place, (shot, color, words) in enumerate(
            ((failure.query, _INK, told), (failure.answered, _WRONG, ""), (failure.right, _RIGHT, ""))
        ):
            _place(page, draw, (left + place * (_TILE + _GAP), top), shot, (color, words))
    page.save(path)
    return path


def robustness_page(evaluation: Evaluation, path: Path) -> Path:
    """Recall@1 over the levels of each disturbance, undisturbed at the left."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    whole = evaluation.figures["recall@1, one photo"]
    figure, axes = pyplot.subplots(2, 3, figsize=(9.5, 5.2), sharey=True, layout="constrained")
    for panel, (name, curve) in zip(axes.flat, evaluation.robustness.items(), strict=False):
        labels = ["none", *(f"{level:g}" for level, _ in curve)]
        recalls, steps = [whole, *(recall for _, recall in curve)], range(len(labels))
        panel.fill_between(
            steps, [r.low for r in recalls], [r.high for r in recalls], color=_RIGHT, alpha=0.15, linewidth=0
        )
        panel.plot(steps, [recall.value for recall in recalls], "o-", color=_RIGHT)
        panel.set_xticks(steps, labels)
        panel.set_title(f"{name}: {_LEVELS[name]}", fontsize=10)
        panel.set_ylim(0, 1)
        panel.grid(axis="y", alpha=0.3)
        panel.spines[["top", "right"]].set_visible(False)
    for panel in axes[:, 0]:
        panel.set_ylabel("recall@1")
    title = f"{evaluation.model}: one gallery photo each, {evaluation.queries} queries; 95 % intervals"
    figure.suptitle(title, fontsize=12)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return path


def _place(
    page: Image.Image,
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    shot: Shot | None,
    told: tuple[str, str],
) -> None:
    color, words = told
    if shot is None:
        draw.text((at[0], at[1] + _TILE // 2), "not in the gallery", fill=color, font=_font(13))
        return
    picture = Image.fromarray(shot.pixels())
    picture.thumbnail((_TILE, _TILE), Image.Resampling.LANCZOS)
    page.paste(picture, (at[0] + (_TILE - picture.width) // 2, at[1] + (_TILE - picture.height) // 2))
    draw.text(
        (at[0], at[1] + _TILE + 4), f"{shot.artifact} {shot.path.stem}"[-28:], fill=color, font=_font(12)
    )
    draw.text((at[0], at[1] + _TILE + 20), words, fill=color, font=_font(12))


def _font(size: int) -> ImageFont.FreeTypeFont:
    from importlib.resources import as_file, files

    with as_file(files("matplotlib") / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf") as path:
        return ImageFont.truetype(str(path), size)
