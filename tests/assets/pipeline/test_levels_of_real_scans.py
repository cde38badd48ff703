"""Real scans through the chain and the encoder: the same predicates as on generated shapes."""

from pathlib import Path

import numpy as np
import pytest

from assets.pipeline.encoding.compress import Encoding, compress
from assets.pipeline.encoding.quantize import Precision
from assets.pipeline.encoding.textures import with_textures_resized
from assets.pipeline.files import glb_bytes, read_glb
from assets.pipeline.geometry.deviation import deviation
from assets.pipeline.geometry.simplify import Budget, LodChain, Usage, lod_chain
from assets.pipeline.scan import Scan
from tests.assets.pipeline.readers import judged, node
from tests.assets.pipeline.solids import area, volume

pytestmark = pytest.mark.data

WANTED = (10_000, 2_000)
Made = tuple[Scan, LodChain]


@pytest.fixture(
    scope="module",
    params=["whale_cranium.glb", "saxophone_draco.glb"],
)
def made(request: pytest.FixtureRequest, shared_data: Path) -> Made:
    scan = with_textures_resized(read_glb(shared_data / "models3d" / request.param), 256)
    return scan, lod_chain(scan, Usage.PHONE, Budget(WANTED, limit_share=0.02))


def test_error_grows_along_the_chain_within_the_limit(made: Made) -> None:
    _, chain = made
    assert [level.triangles for level in chain.levels] == pytest.approx(WANTED, rel=0.02)
    errors = [(level.hausdorff_mm, level.rms_mm) for level in chain.levels]
    assert errors == sorted(errors)
    assert errors[-1][0] <= chain.limit_mm


def test_bounds_volume_and_area_are_kept_within_the_error(made: Made) -> None:
    scan, chain = made
    for level in chain.levels:
        assert np.abs(level.scan.bounds - scan.bounds).max() * 1000 <= level.hausdorff_mm + 1e-3
        assert abs(volume(level.scan) - volume(scan)) <= area(scan) * level.rms_mm / 1000
        assert area(level.scan) == pytest.approx(area(scan), rel=0.1)


def test_texture_coordinates_stay_in_their_range(made: Made) -> None:
    scan, chain = made
    for level in chain.levels:
        for mesh, master in zip(level.scan.meshes, scan.meshes, strict=True):
            assert (mesh.texcoords.min(axis=0) >= master.texcoords.min(axis=0)).all()
            assert (mesh.texcoords.max(axis=0) <= master.texcoords.max(axis=0)).all()


def test_every_level_passes_the_validator_and_holds_its_error_when_decoded(
    made: Made, node_packages: Path, tmp_path: Path
) -> None:
    scan, chain = made
    packed, decoded = [], []
    for number, level in enumerate(chain.levels):
        size = float(np.ptp(level.scan.bounds, axis=0).max())
        content = compress(glb_bytes(level.scan), Encoding.MESHOPT, Precision.beside(level.rms_mm, size))
        packed.append(tmp_path / f"{number}.glb")
        decoded.append(tmp_path / f"{number}.plain.glb")
        packed[-1].write_bytes(content)
    assert [report["issues"]["numErrors"] for report in judged(node_packages, packed)] == [0, 0]
    node(node_packages, "decode.mjs", *(path for pair in zip(packed, decoded, strict=True) for path in pair))
    for path, level in zip(decoded, chain.levels, strict=True):
        back = read_glb(path)
        assert back.triangle_count == level.triangles
        # A third of the RMS in any vertex adds little to it: 6 % where all of it were at right angles.
        assert deviation(scan, back).rms_mm <= 1.08 * level.rms_mm + 0.02
