"""Cast and inlaid metal: a Tang mirror, a Zhou bell, a bidri bowl."""

import numpy as np

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.curves import Point, resampled, smooth
from assets.sample.forms.finish import (
    Finish,
    cavity,
    dressed,
    filled,
    material,
    painted,
    plain,
    shaded,
    smoothstep,
)
from assets.sample.forms.lathe import revolve, swept, tube
from assets.sample.forms.noise import blurred, generator, spectral
from assets.sample.forms.ornament import leaf, repeats, rosette, spiral
from assets.sample.forms.relief import Relief
from assets.sample.forms.slab import embossed, polar, slab
from assets.sample.forms.surface import Array, Surface, displaced, joined, make_grid
from assets.sample.models.mirror_relief import mirror_relief
from assets.sample.models.thrown import throw
from assets.sample.replica import Replica, Sight, assembled, spotted


def bronze(rng: np.random.Generator, height: Array, ground: str, crust: str) -> Finish:
    """Patinated bronze: dark metal, mineral crust in the hollows and in patches, worn high points."""
    shape = height.shape
    cloud, fine = spectral(rng, shape, low=2, slope=1.5), spectral(rng, shape, low=40, slope=0.7)
    deep = cavity(height, 10)
    high = smoothstep(0.15, 0.8, cavity(-height, 8))
    crusted = np.clip(smoothstep(0.5, 1.6, cloud + 0.5 * fine) + 0.7 * deep, 0, 1)
    color = shaded(filled(shape, ground), 0.10 * cloud + 0.05 * fine)
    color = painted(color, shaded(filled(shape, crust), 0.14 * fine), crusted * 0.72)
    color = painted(color, "#8d7a52", high * 0.35)
    rough = 0.42 + 0.42 * crusted - 0.10 * high
    return Finish(
        color, rough, metallic=0.85 * (1 - crusted), occlusion=1 - 0.5 * deep, bump=0.35 * fine * crusted
    )


def _lobed(angle: Array) -> Array:
    return 0.108 * (0.945 + 0.055 * np.abs(np.sin(4 * (angle + np.pi / 8))) ** 0.7)


def tang_phoenix_mirror() -> Replica:
    """Eight-lobed mirror: musician, dancing phoenix, tortoise knob; the other face polished."""
    rng = generator("tang-phoenix-mirror")
    relief = mirror_relief(900)
    y, x = np.indices(relief.shape)
    dx, dy = (x + 0.5) / 900 * 0.216 - 0.108, 0.108 - (y + 0.5) / 900 * 0.216
    inside = _lobed(np.arctan2(dy, dx)) - np.hypot(dx, dy)
    rim = 1.0 - smoothstep(0.0052, 0.0068, inside)
    line = np.exp(-(((inside - 0.0105) / 0.0007) ** 2))
    front = np.maximum(relief, 0.0022 * rim + 0.0006 * line)
    height = np.concatenate([front, np.zeros_like(front)], axis=1)
    height = blurred(height, 0.8, wrap=False)
    section = [(0.0, 0.0019), (0.90, 0.0019), (0.96, 0.0021), (0.992, 0.0016), (1.0, 0.0)]
    body = embossed(slab(polar(_lobed), section, (240, 240)), height)
    finish = bronze(rng, height, "#747a6c", "#5f7f68")
    polished = np.zeros(height.shape)
    polished[:, 900:] = 0.7
    color = painted(finish.color, "#7f8580", polished * 0.8)
    dress = material(
        "bronze",
        Finish(
            color,
            finish.roughness - 0.2 * polished,
            np.maximum(finish.metallic, polished * 0.9),
            finish.occlusion,
            finish.bump,
        ),
    )
    scan = assembled(
        "tang-phoenix-mirror",
        [dressed("mirror", body, dress)],
        (0.216, 0.216, 0.012),
        "cast relief on a lobed disk",
    )
    sights = {
        "knob": Sight((0.0, 0.108, 0.01), (0, 0, -1)),
        "musician": Sight((-0.048, 0.115, 0.01), (0, 0, -1)),
        "phoenix": Sight((0.045, 0.113, 0.01), (0, 0, -1)),
        "rim": Sight((0.0, 0.2115, 0.01), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(12.0, 8.0))


_BELL_ROWS, _BELL_COLUMNS = 260, 420


def _trim(c: Canvas) -> None:
    for middle in (0.24, 0.72, 1.2):
        for edge in (-0.205, -0.042, 0.042, 0.205):
            c.line([(middle + edge, 0.012), (middle + edge, 0.265)], 0.006)
        for y in (0.012, 0.055, 0.082, 0.125, 0.152, 0.195, 0.222, 0.265):
            for side in (-1, 1):
                c.line([(middle + side * 0.042, y), (middle + side * 0.205, y)], 0.005)


def _scrolls(c: Canvas) -> None:
    for middle in (0.24, 0.72):
        for side in (-1, 1):
            for y in (0.068, 0.138, 0.208):
                for k in range(4):
                    at = (middle + side * (0.062 + 0.040 * k), y)
                    c.line(spiral(at, 0.010, 1.3, 90 * k, side), 0.0028)
            c.line(spiral((middle + side * 0.055, 0.345), 0.040, 1.6, 0, side), 0.008)
            c.line(spiral((middle + side * 0.135, 0.335), 0.028, 1.4, 180, -side), 0.007)
            c.limb([(middle + side * 0.10, 0.385), (middle + side * 0.17, 0.400)], [0.008, 0.004])


def _writing(c: Canvas) -> None:
    rng = generator("lai-zhong-inscription")
    for middle in (0.24, 0.72):
        for column in range(3):
            for row in range(11):
                _seal_character(c, rng, (middle + (1 - column) * 0.025, 0.026 + row * 0.0225), 0.0085)
        for row in range(5):
            _seal_character(c, rng, (middle + 0.185, 0.300 + row * 0.022), 0.0085)


def _bell_height() -> Array:
    """Relief of the bell's wall: u runs round (front at 0.5), v from the crown to the mouth. Metres."""
    size = (0.96, 0.46)
    r = Relief((1440, 690), size)
    r.raise_(_trim, 0.0022, 0.003)
    r.raise_(_scrolls, 0.0024, 0.003)
    r.add(_writing, -0.0012, 0.0012)
    return r.height


def _seal_character(c: Canvas, rng: np.random.Generator, at: Point, half: float) -> None:
    """A character-like group of cast strokes; the text itself is not reproduced."""
    x, y = at
    pen = half * 0.20
    c.stroke([(x - half * 0.1, y - half), (x, y), (x - half * 0.15, y + half)], pen)
    for k in range(int(rng.integers(2, 5))):
        dy = -0.7 * half + 0.45 * half * k
        w = half * float(rng.uniform(0.5, 0.95))
        c.stroke([(x - w, y + dy + 0.1 * half), (x, y + dy - 0.15 * half), (x + w, y + dy + 0.1 * half)], pen)
    if rng.random() < 0.5:
        c.ring((x + half * 0.45, y + half * 0.35), half * 0.32, pen)


def _bell_point(u: Array, v: Array, shrink: float) -> Array:
    """The almond section flares towards the mouth; the mouth's edge arches up between two corners."""
    phi = 2 * np.pi * (u - 0.5)
    flare = 0.80 + 0.20 * v**1.15
    a, b = (0.185 - shrink) * flare, (0.133 - shrink) * flare
    s, c = np.sin(phi), np.cos(phi)
    x = a * np.sign(s) * np.abs(s) ** 0.92
    z = b * np.sign(c) * (1 - np.abs(s) ** 1.75)
    arch = 0.055 * (1 - np.abs(s) ** 2.0)
    y = 0.452 * (1 - v) + arch * v**3
    return np.stack([x, y, z], axis=-1)


def lai_zhong_bell() -> Replica:
    """Clapperless bell of the Western Zhou: 36 studs, inscription, shank with its ring."""
    rng = generator("lai-zhong-bell")
    u, v = np.meshgrid(np.linspace(0, 1, _BELL_COLUMNS + 1), np.linspace(0, 1, _BELL_ROWS))
    outer = make_grid(_bell_point(u, v, 0.0), np.stack([u, v], axis=-1))
    height = _bell_height()
    wall = displaced(outer, height)
    inner_v = v[::4][::-1]
    inner = make_grid(_bell_point(u[::4], inner_v, 0.009), np.stack([u[::4], inner_v], axis=-1))
    edge = make_grid(
        np.stack([_bell_point(u[0], v[-1], 0.0), _bell_point(u[0], v[-1], 0.009)]),
        np.stack([np.stack([u[0], v[0] * 0 + 1], -1)] * 2),
    )
    ring = _bell_point(u[0], v[0], 0.0)
    levels = np.linspace(0, 1, 30)[:, None, None]
    crown_points = ring[None] * np.concatenate([levels, np.ones_like(levels), levels], axis=-1)
    crown = make_grid(
        crown_points,
        np.stack(
            [
                np.broadcast_to(u[0], (30, len(u[0]))),
                np.broadcast_to(levels[:, :, 0] * 0.02, (30, len(u[0]))),
            ],
            axis=-1,
        ),
    )
    shank = [
        (0.0, 0.703),
        (0.030, 0.7025),
        (0.033, 0.699),
        (0.034, 0.640),
        (0.039, 0.560),
        (0.0395, 0.552),
        (0.0395, 0.552),
        (0.047, 0.550),
        (0.049, 0.541),
        (0.047, 0.532),
        (0.0415, 0.529),
        (0.0415, 0.529),
        (0.046, 0.455),
        (0.047, 0.445),
    ]
    post = revolve(resampled(smooth(shank), 90), 96)
    loop = tube(
        swept(
            [
                (0.0, 0.575, 0.036),
                (0.0, 0.580, 0.066),
                (0.0, 0.545, 0.078),
                (0.0, 0.512, 0.066),
                (0.0, 0.515, 0.036),
            ],
            60,
        ),
        0.0085,
        20,
    )
    studs = joined(
        [
            _stud(middle + side * (0.068 + 0.054 * k), y)
            for middle in (0.24, 0.72)
            for side in (-1, 1)
            for y in (0.0335, 0.1035, 0.1735)
            for k in range(3)
        ]
    )
    dress = material("bronze", bronze(rng, height, "#6d6b4e", "#5b8069"))
    shape = (256, 256)
    flat = spectral(rng, shape, low=4) * 0.0004
    rough = material("bronze-plain", bronze(rng, flat, "#6d6b4e", "#5b8069"))
    meshes = [
        dressed("wall", wall, dress),
        dressed("hollow", joined([inner, edge]), rough),
        dressed("crown", joined([crown, post, loop]), rough),
        dressed("studs", studs, rough),
    ]
    scan = assembled(
        "lai-zhong-bell",
        meshes,
        (0.37, 0.703, 0.266),
        "almond-section casting with relief from a design drawing",
    )
    sights = {
        "shank-loop": Sight((0.0, 0.545, 0.1), (0, 0, -1)),
        "studs": Sight((0.06, 0.35, 0.1), (0, 0, -1)),
        "inscription": Sight((0.0, 0.30, 0.1), (0, 0, -1)),
        "striking-point": Sight((0.0, 0.105, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(16.0, 10.0))


def _stud(x: float, y: float) -> Surface:
    """One stud of the wall: a stepped cone standing square to the surface at design coordinates."""
    u, v = np.array([x / 0.96]), np.array([y / 0.46])
    here = _bell_point(u, v, 0.0)[0]
    across = _bell_point(u + 1e-3, v, 0.0)[0] - _bell_point(u - 1e-3, v, 0.0)[0]
    down = _bell_point(u, v + 1e-3, 0.0)[0] - _bell_point(u, v - 1e-3, 0.0)[0]
    out = np.cross(down, across)
    out /= np.linalg.norm(out)
    profile = [
        (0.0, 0.026),
        (0.0052, 0.025),
        (0.0070, 0.021),
        (0.0070, 0.021),
        (0.0105, 0.019),
        (0.0120, 0.013),
        (0.0120, 0.013),
        (0.0145, 0.011),
        (0.0155, 0.0),
        (0.0155, -0.004),
    ]
    cone = revolve(resampled(smooth(profile), 28), 28)
    axis = np.cross([0.0, 1.0, 0.0], out)
    angle = float(np.degrees(np.arccos(np.clip(out[1], -1, 1))))
    return cone.turned([float(a) for a in axis], angle).moved([float(a) for a in here])


def bidri_hookah_bowl() -> Replica:
    """Hookah bowl of blackened zinc alloy, inlaid with silver roses and brass."""
    outer: list[Point] = [
        (0.0185, 0.185), (0.0225, 0.1845), (0.0240, 0.181), (0.0225, 0.174), (0.0195, 0.166), (0.0215,
        0.161), (0.0250, 0.158), (0.0215, 0.155), (0.0195, 0.151), (0.0215, 0.146),
        (0.0290, 0.143), (0.0500, 0.137), (0.0720, 0.118), (0.0820, 0.088), (0.0815, 0.068), (0.0710,
        0.035), (0.0500, 0.012), (0.0300, 0.002), (0.0, 0.0),
    ]  # fmt: skip
    inner: list[Point] = [
        (0.0, 0.004),
        (0.050, 0.016),
        (0.078, 0.068),
        (0.078, 0.088),
        (0.068, 0.117),
        (0.047, 0.133),
        (0.016, 0.147),
        (0.016, 0.17),
        (0.0185, 0.185),
    ]
    pot = throw(outer, inner, (240, 60), 288)
    rng = generator("bidri-hookah-bowl")
    pixels = (2048, 1024)
    silver, brass, cut = pot.canvas(pixels), pot.canvas(pixels), pot.canvas(pixels)
    top, bottom = pot.down(0.128), pot.down(0.022)
    count, step = repeats(pot.girth, pot.girth / 8)
    for k in range(count):
        x = (k + 0.5) * step
        _rose_plant(silver, brass, cut, (x, bottom - 0.006), bottom - top - 0.016)
        w = step * 0.47
        arch = smooth(
            [
                (x - w, bottom),
                (x - w, top + 0.045),
                (x - w * 0.72, top + 0.018),
                (x - w * 0.3, top + 0.010),
                (x, top),
                (x + w * 0.3, top + 0.010),
                (x + w * 0.72, top + 0.018),
                (x + w, top + 0.045),
                (x + w, bottom),
            ],
            10,
        )
        brass.line(arch, 0.0016)
    for height in (0.141, 0.132, 0.020, 0.012):
        y = pot.down(height)
        silver.band(y - 0.0011, y + 0.0011)
    y0, y1 = pot.down(0.141), pot.down(0.132)
    number, pitch = repeats(pot.girth, 0.030)
    for k in range(number):
        rosette(silver, ((k + 0.5) * pitch, (y0 + y1) / 2), 0.0062, 6)
        leaf(brass, (k * pitch - 0.006, (y0 + y1) / 2), -8, 0.013, 0.005)
    for height in (0.176, 0.158, 0.150):
        y = pot.down(height)
        silver.band(y - 0.0022, y + 0.0022)
    shape = (1024, 2048)
    cloud, fine = spectral(rng, shape, low=2), spectral(rng, shape, low=60, slope=0.6)
    s, b = silver.array() * (1 - 0.85 * cut.array()), brass.array()
    tarnish = smoothstep(0.4, 2.2, cloud)
    color = shaded(filled(shape, "#1b1a1a"), 0.16 * cloud + 0.1 * fine)
    color = painted(color, shaded(filled(shape, "#d4d2ca"), -0.16 * tarnish + 0.03 * fine), s)
    color = painted(color, shaded(filled(shape, "#c79f55"), -0.12 * tarnish), b * (1 - s))
    metal = np.clip(s + b, 0, 1)
    dress = material(
        "bidri",
        Finish(
            color, 0.62 - 0.32 * metal + 0.08 * tarnish, metal, bump=0.25 * fine * (1 - metal) + 0.4 * metal
        ),
    )
    meshes = [
        dressed("outer-wall", pot.outside, dress),
        dressed("inner-wall", pot.inside, plain("inside", "#201f1e", 0.8)),
        dressed("ring-stand", _ring(0.052, 0.008), plain("stand", "#3a3733", 0.55)),
    ]
    scan = assembled(
        "bidri-hookah-bowl", meshes, (0.165, 0.185, 0.165), "lathe from a measured profile, drawn inlay"
    )
    sights = {
        "neck": Sight((0.0, 0.168, 0.01), (0, 0, -1)),
        "rose": Sight((0.0, 0.095, 0.05), (0, 0, -1)),
        "shoulder-border": Sight((0.0, 0.139, 0.05), (0, -1, -0.2)),
    }
    return Replica(scan, spotted(scan, sights), view=(22.0, 12.0))


def _ring(radius: float, thickness: float) -> Surface:
    """A ring lying on the floor, which holds a vessel with a round bottom."""
    turn = np.linspace(0.0, 2 * np.pi, 33)
    profile = np.column_stack((radius + thickness * np.sin(turn), thickness + thickness * np.cos(turn)))
    return revolve(profile, 144)


def _rose_plant(silver: Canvas, brass: Canvas, cut: Canvas, root: Point, tall: float) -> None:
    x, y = root
    heads = [
        ((x, y - tall * 0.93), 0.0115),
        ((x - 0.017, y - tall * 0.66), 0.0085),
        ((x + 0.017, y - tall * 0.60), 0.0085),
        ((x - 0.013, y - tall * 0.36), 0.006),
        ((x + 0.013, y - tall * 0.32), 0.006),
    ]
    for (hx, hy), radius in heads:
        brass.stroke([(x, y), (x, (y + hy) / 2 + 0.006), (hx, hy)], 0.0016)
        rosette(silver, (hx, hy), radius, 7, heart=0.1)
        silver.disc((hx, hy), radius * 0.55)
        cut.ring((hx, hy), radius * 0.58, 0.0007)
        cut.line(spiral((hx, hy), radius * 0.36, 1.4), 0.0006)
        for side in (-1, 1):
            leaf(silver, (hx, hy + radius + 0.004), 90 - side * 62, 0.013, 0.0055)
    for k in range(3):
        for side in (-1, 1):
            leaf(silver, (x, y - tall * (0.05 + 0.22 * k)), 90 - side * 68, 0.015, 0.006)
