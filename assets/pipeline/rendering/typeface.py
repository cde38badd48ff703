"""Letters on pictures: DejaVu, which ships with matplotlib, and what the system has for other scripts."""

from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from PIL import ImageFont

_FOLDER = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_OTHER_SCRIPTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Droid Sans Fallback", "Noto Sans", "PingFang SC", "Hiragino Sans", "Microsoft YaHei", "Arial Unicode MS",
)  # fmt: skip
REMEDY = "some letters have no font on this machine; install one, such as fonts-noto-cjk"


def typeface(text: str, size: float, name: str = "DejaVuSans") -> tuple[ImageFont.FreeTypeFont, bool]:
    """A face that has all letters of ``text``, and whether one was found; ``size`` in pixels."""
    wanted = {ord(letter) for letter in text if not letter.isspace()}
    own = _FOLDER / f"{name}.ttf"
    for path in (own, *_system_fonts()):
        if wanted <= _letters(path):
            return ImageFont.truetype(path, size), True
    return ImageFont.truetype(own, size), False


@cache
def _system_fonts() -> tuple[Path, ...]:
    known: dict[str, Any] = {font.name: font.fname for font in font_manager.fontManager.ttflist}
    return tuple(Path(known[name]) for name in _OTHER_SCRIPTS if name in known)


@cache
def _letters(path: Path) -> frozenset[int]:
    return frozenset(font_manager.get_font(path).get_charmap())
