"""What is published loads in three.js, in a real browser, as its manifest says, and looks as we draw it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.files import glb_bytes
from assets.pipeline.manifest import Derivative, Manifest
from assets.pipeline.rendering.camera import Lens, orbit
from assets.pipeline.rendering.light import Light, Surroundings
from assets.pipeline.rendering.render import Quality, Renderer
from assets.pipeline.scan import Material, Scan
from tests.assets.pipeline.browser import Browser, browser_over
from tests.assets.pipeline.pot import write_pot
from tests.assets.pipeline.shapes import ball, panel, picture, together
from twin import app

pytestmark = pytest.mark.xdist_group("browser")


def published(scan: Path, store: Path, *options: str) -> Manifest:
    result = CliRunner().invoke(app, ["build", str(scan), "--store", str(store), "--jobs", "1", *options])
    assert result.exit_code == 0, result.output
    [manifest] = DerivativeStore(store).manifests()
    return manifest


def compare(browser: Browser, derivative: Derivative) -> None:
    told = browser.told(f"{derivative.sha256}.glb")
    name = f"{derivative.usage} {derivative.quality} {derivative.encoding}"
    assert told["triangles"] == derivative.triangles, name
    # The manifest states bounds to a micrometre; compressed vertices are rounded to a grid.
    rounding = 2e-6 if derivative.encoding == "plain" else derivative.hausdorff_mm / 1000.0 + 2e-6
    assert np.abs(np.array(told["bounds"]) - np.array(derivative.bounds)).max() < rounding, name
    stated = {(texture.width, texture.height) for texture in derivative.textures}
    assert {tuple(size) for size in told["textures"].values()} == stated, name


def test_every_file_of_a_generated_scan_has_the_manifest_s_triangles_and_bounds(
    tmp_path: Path, node_packages: Path
) -> None:
    write_pot(tmp_path / "pot.ply", 8_000)
    manifest = published(tmp_path / "pot.ply", tmp_path / "store", "--units", "mm", "--up=-z", "--no-sheet")
    with browser_over(tmp_path / "store" / "derivatives", node_packages) as browser:
        for derivative in manifest.derivatives:
            compare(browser, derivative)
    assert len(manifest.derivatives) > 6


@pytest.mark.data
def test_every_file_of_a_textured_museum_scan_has_the_manifest_s_triangles_and_bounds(
    tmp_path: Path, node_packages: Path, shared_data: Path
) -> None:
    plato = shared_data / "models3d" / "statues" / "Plato" / "Plato.obj"
    manifest = published(plato, tmp_path, "--units", "m", "--up", "y", "--usage", "headset", "--no-sheet")
    with browser_over(tmp_path / "derivatives", node_packages) as browser:
        for derivative in manifest.derivatives:
            assert derivative.textures
            compare(browser, derivative)


COLORS = (((220, 30, 30), (30, 220, 30)), ((30, 30, 220), (220, 220, 30)))
EVEN = Light(Surroundings.painted((1, 1, 1), (1, 1, 1), (1, 1, 1)))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, node_packages: Path) -> Iterator[tuple[Browser, Scan]]:
    """A painted panel before a ball, standing askew, as three.js sees it."""
    folder = tmp_path_factory.mktemp("glb")
    front = panel(Material("paint", base_color_texture=picture(*COLORS)), 0.3, 0.2, z=0.15)
    scan = together(ball(0.12, bands=96), front)
    (folder / "scan.glb").write_bytes(glb_bytes(scan))
    with browser_over(folder, node_packages) as browser:
        yield browser, scan


@pytest.mark.parametrize(("azimuth", "elevation", "roll"), [(0, 0, 0), (35, 20, 0), (-50, -15, 30)])
def test_three_js_draws_the_same_silhouette_and_colors_from_the_same_camera(
    browser: tuple[Browser, Scan], azimuth: float, elevation: float, roll: float
) -> None:
    tab, scan = browser
    camera = orbit(Lens.of_field(40.0, 200, 160), (0.02, 0, 0.05), 0.7, azimuth, elevation).rolled(roll)
    theirs = tab.drawn("scan.glb", camera)
    with Renderer(scan, Quality(samples=1, openness=False)) as renderer:
        ours = renderer.view(camera, (0, 0, 0), EVEN)
    assert np.mean((theirs[..., 3] > 0) != ours.mask) < 0.001
    both = (theirs[..., 3] > 0) & ours.mask
    apart = np.abs(theirs[..., :3].astype(int) - ours.rgb)[both]
    assert np.median(apart) < 12
    assert np.mean(apart.max(axis=1) > 60) < 0.02
