"""A GLB made smaller, for clients that read the extension: meshopt, Draco, meshopt with KTX2 textures.

Each encoding is a list of steps over the document; the master itself stays as it is. Extensions are the
ones that Unity's glTFast and three.js both read: EXT_meshopt_compression (not KHR_meshopt_compression),
never WebP.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

from assets.pipeline.encoding import draco, ktx2, meshopt
from assets.pipeline.encoding.glb import Glb, UnsupportedGlb
from assets.pipeline.encoding.quantize import Precision
from assets.pipeline.geometry import meshoptimizer

Step = Callable[[Glb, Precision], Glb]


class Encoding(StrEnum):
    """How a GLB's triangles and textures are stored."""

    PLAIN = "plain"
    """No extension: what any glTF 2.0 reader takes."""
    MESHOPT = "meshopt"
    """EXT_meshopt_compression, KHR_mesh_quantization, KHR_texture_transform."""
    DRACO = "draco"
    """KHR_draco_mesh_compression: fewest bytes, slowest to decode."""
    MESHOPT_KTX2 = "meshopt-ktx2"
    """As MESHOPT, with textures that stay compressed in the GPU's memory (KHR_texture_basisu)."""


class EncodingUnavailable(RuntimeError):
    """A tool that the encoding needs is not installed; the message holds the remedy."""


DEFAULT = Precision()


def compress(glb: bytes, encoding: Encoding, precision: Precision = DEFAULT) -> bytes:
    """Encode a master GLB. Equal input gives equal bytes.

    Positions move by ``precision.position_error_mm(size)`` at most. Texture coordinates that no texture reads
    are left out.

    Raises:
        UnsupportedGlb: the bytes are no GLB, or hold animations, morphs, points or lines.
        EncodingUnavailable: a tool is missing; the message says what to install.
    """
    lacking = unavailable(encoding)
    if lacking is not None:
        raise EncodingUnavailable(f"{encoding}: {lacking}")
    steps = _steps(encoding)
    if not steps:
        return glb
    document = Glb.read(glb)
    try:
        for step in steps:
            document = step(document, precision)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        # The document names parts it does not have, or gives them the wrong form.
        raise UnsupportedGlb(f"the GLB is broken ({error!r}); export the scan again") from error
    return document.write()


def available_encodings() -> tuple[Encoding, ...]:
    """The encodings whose tools are installed."""
    return tuple(encoding for encoding in Encoding if unavailable(encoding) is None)


def unavailable(encoding: Encoding) -> str | None:
    """Why an encoding cannot be made here and what to install, or ``None`` where it can."""
    match encoding:
        case Encoding.PLAIN:
            return None
        case Encoding.MESHOPT:
            return meshoptimizer.missing()
        case Encoding.DRACO:
            return draco.missing()
        case Encoding.MESHOPT_KTX2:
            return meshoptimizer.missing() or ktx2.missing()
        case _:
            assert_never(encoding)


def _steps(encoding: Encoding) -> tuple[Step, ...]:
    match encoding:
        case Encoding.PLAIN:
            return ()
        case Encoding.MESHOPT:
            return (meshopt.encoded,)
        case Encoding.DRACO:
            return (draco.encoded,)
        case Encoding.MESHOPT_KTX2:
            return (ktx2.encoded, meshopt.encoded)
        case _:
            assert_never(encoding)
