"""The language of a text: what the profile states, unless the script of the text says otherwise."""

import re
from functools import lru_cache
from typing import Final

import langcodes

from assets.catalog.normalize.languages import script_language

_DECIDING: Final = re.compile(
    "[\u0370-\u03ff\u0530-\u058f\u0700-\u074f\u0b80-\u0bff\u0e00-\u1cff\u1f00-\u1fff"
    "\u2c80-\u2cff\u2d00-\u2d2f\u2e80-\ud7ff\uf900-\ufaff\uff66-\uff9d\U00010000-\U0003ffff]"
)
"""Letters of scripts that may decide a language. Latin letters with accents are not among them, so that a
long European text costs one scan."""
_EASTERN: Final = frozenset(("Hans", "Hant", "Hani", "Jpan", "Hrkt", "Kore", "Hang", "Bopo"))
"""Scripts of languages that are also written in Han characters alone."""
_GREEK: Final = frozenset(("el", "grc"))


def language_of(content: str, stated: str) -> str:
    """``stated`` (BCP 47), or the language of the script where ``stated`` is not written in that script.

    A title in Han characters in an English catalog is ``zh``; in a Japanese catalog it stays ``ja``.
    """
    if content.isascii() or _DECIDING.search(content) is None:
        return stated
    found = script_language(content)
    return stated if found == "und" or _written_alike(stated, found) else found


@lru_cache(1024)
def _written_alike(stated: str, found: str) -> bool:
    if stated == "und":
        return False
    one, other = langcodes.Language.get(stated), langcodes.Language.get(found)
    languages, scripts = {one.language, other.language}, {one.maximize().script, other.maximize().script}
    if len(languages) == 1 or languages <= _GREEK:
        return True
    return len(scripts) == 1 or (found == "zh" and scripts <= _EASTERN)
