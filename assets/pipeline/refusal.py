"""What the pipeline says when it will not go on, and the bounds beyond which it will not try.

Words only. A refusal names the file, what was found, and what a person can do about it.
"""

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20
TRIANGLE_BYTES: Final = 1000
"""Memory of a worker for each triangle of its input, with room to spare; measured are 600 to 800."""


class PipelineError(ValueError):
    """Root of the pipeline's refusals: the file, the problem, the remedy.

    ::

        PipelineError
        ├── UnreadableScan   the file is not a scan this project can read
        ├── UnplacedScan     its unit or its upright axis is neither stated nor found
        ├── UnservableScan   it was read, but no client could load what would come of it
        ├── OverLimit        a worker passed its memory or its deadline
        └── StoreError       the store is in use or damaged (assets.pipeline.building.store)
    """

    def __init__(self, file: str, problem: str, remedy: str) -> None:
        super().__init__(file, problem, remedy)
        self.file = file
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}. {self.remedy}"


class UnreadableScan(PipelineError):
    """The file is not a scan this project can read."""


class UnplacedScan(PipelineError):
    """The scan's unit or upright axis is neither stated nor found by comparison with the record."""


class UnservableScan(PipelineError):
    """The scan was read, but no client could load what would come of it."""


class OverLimit(PipelineError):
    """A worker passed its memory or its deadline and was stopped."""


@dataclass(frozen=True, slots=True)
class InputLimits:
    """How much a file may ask for; checked against headers and sizes before anything is decoded."""

    file_bytes: int = 4096 * MIB
    """Of the scan and of each file it names."""
    triangles: int = 4_000_000
    """What one worker's default memory holds; see :data:`TRIANGLE_BYTES`."""
    texture_side: int = 16_384
    """Pixels of the longer side of an image."""
    texture_pixels: int = 89_478_485
    """Pixels of one image: what Pillow opens without calling it a decompression bomb (9,459 squared)."""
    textures: int = 64
    """Images of one scan."""
    unpacked_bytes: int = 1024 * MIB
    """Of all members of a 3MF archive together; trimesh itself passes over members beyond its own budget."""
    unpacked_ratio: int = 200
    """Unpacked bytes a packed byte, above which an archive is a bomb; XML of meshes packs 10 to 30 times."""


LIMITS: Final = InputLimits()


def limits_within(memory_bytes: int) -> InputLimits:
    """The limits of a worker that may take so much memory."""
    return InputLimits(triangles=memory_bytes // TRIANGLE_BYTES)
