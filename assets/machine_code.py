"""Numba's machine code, kept on disk for as long as the sources it was made of stay as they are.

Numba asks only whether the file that defines a function has changed. Its machine code holds that of the
functions it calls and the constants it reads, too, which may stand in other files of the same folder, so here
all of the folder's files count. Code that is out of date is overwritten: nothing piles up.
"""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from numba import config, njit

P = ParamSpec("P")
R = TypeVar("R")
_settings: Any = config  # Numba does not type this module


def compiled(function: Callable[P, R], signature: Any = None, **options: Any) -> Callable[P, R]:
    """Numba's ``njit``, typed; compiled at once where a ``signature`` is given, else at the first call.

    The machine code is kept beside the function's file or in Numba's own cache folder; where neither can be
    written, every process compiles anew. The function may call compiled ones of its own folder only.
    """
    if _settings.DISABLE_JIT:
        return function
    try:
        made: Any = njit(cache=True, **options)(function)
    except RuntimeError:
        made = njit(**options)(function)
    else:
        file = made._cache._cache_file
        file._source_stamp = (file._source_stamp, written(Path(function.__code__.co_filename).parent))
    if signature is not None:
        made.compile(signature)
        made.disable_compile()
    result: Callable[P, R] = made
    return result


@cache
def written(folder: Path) -> str:
    """Digest of all Python sources in a folder, read once a process."""
    digest = blake2b(digest_size=16)
    for file in sorted(folder.glob("*.py")):
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)} ".encode() + content)
    return digest.hexdigest()
