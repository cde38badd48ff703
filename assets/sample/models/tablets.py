"""Documents in clay."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.clay import Clay
from assets.sample.forms.finish import Finish, cavity, dressed, material, painted, ramp, shaded, smoothstep
from assets.sample.forms.noise import blurred, cells, generator, spectral
from assets.sample.forms.slab import cushion, embossed, slab
from assets.sample.forms.surface import Array
from assets.sample.replica import Replica, Sight, assembled, spotted

_WIDTH, _HEIGHT, _THICK = 0.036, 0.037, 0.014
_HALF = 768


def _sign(clay: Clay, rng: np.random.Generator, at: tuple[float, float], size: float) -> float:
    """One sign built of wedges in a few typical arrangements; returns its width."""
    x, y = at
    kind = int(rng.integers(0, 6))
    w, n = size * 0.34, size * 0.92
    if kind == 0:
        for k in range(3):
            clay.wedge((x + 0.06 * size, y + size * (0.18 + 0.30 * k)), 0, n * 0.8, w)
        clay.wedge((x + size * 0.62, y + 0.02 * size), 90, n, w)
    elif kind == 1:
        for k in range(2):
            clay.wedge((x + size * (0.18 + 0.34 * k), y + 0.05 * size), 90, n, w)
        clay.wedge((x, y + size * 0.5), 0, n * 0.85, w)
    elif kind == 2:
        clay.corner((x + 0.05 * size, y + size * 0.5), w * 1.2)
        clay.wedge((x + size * 0.42, y + size * 0.25), 0, n * 0.6, w)
        clay.wedge((x + size * 0.42, y + size * 0.72), 0, n * 0.6, w)
        clay.wedge((x + size * 0.80, y + 0.06 * size), 90, n, w)
    elif kind == 3:
        clay.wedge((x, y + size * 0.12), 38, n * 0.9, w)
        clay.wedge((x, y + size * 0.86), -38, n * 0.9, w)
        clay.wedge((x + size * 0.72, y + 0.05 * size), 90, n, w)
        clay.wedge((x + size * 0.92, y + 0.05 * size), 90, n, w)
    elif kind == 4:
        for k in range(4):
            clay.wedge((x + size * 0.24 * k, y + size * (0.05 + 0.1 * (k % 2))), 90, n * 0.55, w * 0.8)
        clay.wedge((x - 0.02 * size, y + size * 0.82), 0, n, w)
    else:
        for k in range(3):
            clay.corner((x + size * 0.30 * k, y + size * (0.3 + 0.3 * (k % 2))), w)
    return size * (1.12 if kind != 5 else 1.05)


def _written(clay: Clay, rng: np.random.Generator, x_shift: float, numerals: bool) -> None:
    """Four ruled lines of signs; the first of the obverse opens with a measure of grain."""
    pitch = 0.0074
    for line in range(4):
        y = 0.0042 + line * pitch
        clay.ruled(y + pitch * 0.90, x_shift + 0.0030, x_shift + _WIDTH - 0.003, 0.00022)
        x = x_shift + 0.0040
        if numerals and line == 0:
            for k in range(3):
                clay.wedge((x + 0.0014 * k, y + 0.0006), 90, 0.0048, 0.0019)
            clay.numeral((x + 0.0056, y + 0.0028), 0.0013)
            clay.numeral((x + 0.0088, y + 0.0028), 0.0013)
            x += 0.0112
        while x < x_shift + _WIDTH - 0.0072:
            x += _sign(clay, rng, (x, y + float(rng.uniform(-0.0002, 0.0003))), 0.0046) + 0.0006


def _seal() -> Array:
    """A presentation scene and a boxed legend, as a cylinder seal leaves them: faint raised figures."""
    canvas = Canvas((2 * _HALF, _HALF), (2 * _WIDTH, _HEIGHT))
    for k in range(3):
        base = 0.0075 + k * 0.0078
        for side in (0.0, _WIDTH):
            x, y = side + base, 0.0175
            canvas.limb(
                [(x, y - 0.009), (x - 0.0003, y - 0.004), (x + 0.0004, y + 0.001)], [0.0022, 0.0026, 0.0034]
            )
            canvas.disc((x, y - 0.0112), 0.0013)
            canvas.limb([(x, y - 0.008), (x + 0.0028, y - 0.0090)], [0.0009, 0.0006])
    for x0 in (0.0275, _WIDTH + 0.0275):
        for x in (x0, x0 + 0.0028, x0 + 0.0056):
            canvas.line([(x, 0.0045), (x, 0.0205)], 0.0004)
        for y in (0.0045, 0.0085, 0.0125, 0.0165, 0.0205):
            canvas.line([(x0, y), (x0 + 0.0056, y)], 0.0004)
    return canvas.array()


def umma_barley_receipt() -> Replica:
    """A barley receipt of Umma: wedges pressed into both faces, a seal rolled over them."""
    rng = generator("umma-barley-receipt")
    shape = (_HALF, 2 * _HALF)
    clay = Clay((2 * _HALF, _HALF), (2 * _WIDTH, _HEIGHT))
    _written(clay, rng, 0.0, numerals=True)
    _written(clay, rng, _WIDTH, numerals=False)
    fade = np.ones(shape)
    fade[_HALF // 2 :, _HALF:] = 0.15
    clay.rolled(_seal() * fade, 0.00028)
    lumps, grain = spectral(rng, shape, low=3, slope=1.8), spectral(rng, shape, low=80, slope=0.4)
    chips = cells(rng, shape, (7, 14))
    lost = smoothstep(0.90, 0.96, chips.owner) * smoothstep(0.36, 0.10, chips.nearest)
    height = (
        blurred(clay.height, 0.8, wrap=False) * (1 - lost)
        + 0.00010 * lumps
        + 0.000012 * grain
        - 0.0006 * lost
    )
    section = [
        (0.0, _THICK / 2),
        (0.45, _THICK * 0.48),
        (0.78, _THICK * 0.40),
        (0.93, _THICK * 0.27),
        (0.99, _THICK * 0.10),
        (1.0, 0.0),
    ]
    body = embossed(slab(cushion(_WIDTH, _HEIGHT, 4.5), section, (200, 200)), height)
    deep = cavity(height, 14)
    color = ramp(0.5 + 0.16 * lumps, [(0.0, "#9a7a58"), (0.5, "#b8956c"), (1.0, "#cbab80")])
    color = painted(shaded(color, 0.05 * grain), "#6b4f37", 0.62 * deep)
    color = painted(
        color, "#d8bd94", 0.35 * smoothstep(0.0, 0.00016, height - blurred(height, 8, wrap=False))
    )
    color = painted(color, "#8f6f50", 0.5 * lost)
    dress = material("clay", Finish(color, 0.9, occlusion=1 - 0.6 * deep, bump=0.25 * grain))
    scan = assembled(
        "umma-barley-receipt",
        [dressed("tablet", body, dress)],
        (_WIDTH, _HEIGHT, _THICK),
        "wedges pressed into a cushion of clay",
    )
    sights = {
        "numerals": Sight((-0.0093, 0.0302, 0.01), (0, 0, -1)),
        "seal-impression": Sight((0.012, 0.024, 0.01), (0, 0, -1)),
        "year-name": Sight((0.002, 0.010, -0.01), (0, 0, 1)),
        "edge": Sight((0.01, 0.018, 0.0), (-1, 0, 0)),
    }
    return Replica(scan, spotted(scan, sights), view=(14.0, 10.0))
