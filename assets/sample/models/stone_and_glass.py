"""Ground jade, blown glass, and a lattice of sticks and shells."""

import numpy as np

from assets.sample.forms.curves import resampled, smooth
from assets.sample.forms.finish import (
    Finish,
    dressed,
    filled,
    material,
    painted,
    plain,
    ramp,
    shaded,
    smoothstep,
)
from assets.sample.forms.lathe import revolve, swept, tube
from assets.sample.forms.noise import generator, spectral
from assets.sample.forms.surface import Surface, joined, make_grid
from assets.sample.models.thrown import seen_from_above, throw
from assets.sample.replica import Replica, Sight, assembled, spotted


def jade_bi() -> Replica:
    """Ceremonial disk: a hole drilled from both sides, faces polished and not quite even."""
    rng = generator("jade-bi")
    profile = smooth(
        [(0.0285, 0.0005), (0.0270, 0.0), (0.0285, -0.0005), (0.0295, -0.0045), (0.0305, -0.005), (0.0305,
        -0.005), (0.155, -0.0049), (0.1585, -0.0042), (0.160, 0.0), (0.1585, 0.0042),
         (0.155, 0.0049), (0.0305, 0.005), (0.0305, 0.005), (0.0295, 0.0045), (0.0285, 0.0005)], 12,
    )  # fmt: skip
    ring = revolve(resampled(profile, 190)[::-1], 260)
    p = ring.positions.copy()
    a, r = np.arctan2(p[:, 0], p[:, 2]), np.hypot(p[:, 0], p[:, 2])
    p[:, 1] *= 1 + 0.06 * np.sin(a + 0.7) * r / 0.16 + 0.03 * np.sin(2 * a)
    edge = 1 - 0.004 * np.exp(-(((a - 1.2) / 0.12) ** 2)) * (r > 0.15) + 0.0015 * np.sin(3 * a + 1)
    p[:, [0, 2]] *= edge[:, None]
    body = seen_from_above(ring.reshaped(p)).turned((1, 0, 0), 90)
    n = (1024, 1024)
    cloud, vein, fine = (
        spectral(rng, n, low=1.5, slope=1.5),
        spectral(rng, n, low=2, slope=1.4, stretch=(1.0, 4.0)),
        spectral(rng, n, low=30, slope=0.9),
    )
    color = ramp(
        0.5 + 0.22 * cloud + 0.04 * fine,
        [(0.0, "#232a1d"), (0.4, "#3f4a30"), (0.7, "#5b5f3c"), (1.0, "#75683f")],
    )
    veins = np.exp(-((vein / 0.06) ** 2))
    color = painted(color, "#20190f", 0.55 * veins * smoothstep(-0.3, 0.8, cloud))
    altered = smoothstep(1.3, 2.4, spectral(rng, n, low=2, slope=1.4) + 0.3 * fine)
    color = painted(color, "#b3a984", 0.65 * altered)
    finish = Finish(color, 0.14 + 0.3 * altered + 0.03 * fine.clip(-1, 1), bump=0.05 * fine)
    scan = assembled(
        "jade-bi",
        [dressed("disk", body, material("nephrite", finish))],
        (0.32, 0.32, 0.01),
        "turned ring, unevenly ground",
    )
    sights = {
        "hole": Sight((0.0305, 0.16, 0.2), (0, 0, -1)),
        "polished-face": Sight((0.06, 0.22, 0.1), (0, 0, -1)),
        "edge": Sight((0.1, 0.16, 0.0), (-1, 0, 0)),
    }
    return Replica(scan, spotted(scan, sights), view=(20.0, 6.0))


def roman_glass_aryballos() -> Replica:
    """Free-blown oil bottle, blue-green and see-through, with dolphin handles and weathering."""
    rng = generator("roman-glass-aryballos")
    vessel = throw(
        [(0.0085, 0.085), (0.0205, 0.0848), (0.0222, 0.0830), (0.0205, 0.0808), (0.0125, 0.0780), (0.0112,
        0.074), (0.0112, 0.066), (0.0125, 0.0625), (0.0235, 0.0575), (0.0325, 0.044), (0.0345, 0.033),
         (0.0315, 0.017), (0.0230, 0.0050), (0.0160, 0.0008), (0.0135, 0.0), (0.0, 0.0022)],
        [(0.0, 0.0050), (0.0150, 0.0045), (0.0225, 0.0085), (0.0292, 0.0180), (0.0322, 0.033), (0.0302,
        0.0435), (0.0220, 0.0548), (0.0095, 0.0610), (0.0085, 0.067), (0.0085, 0.085)],
        (170, 110), 200,
    )  # fmt: skip
    handles = []
    for side in (-1, 1):
        bend = swept(
            [
                (side * 0.0245, 0.0560, 0),
                (side * 0.0305, 0.0650, 0),
                (side * 0.0290, 0.0735, 0),
                (side * 0.0190, 0.0760, 0),
                (side * 0.0120, 0.0715, 0),
                (side * 0.0150, 0.0660, 0),
            ],
            90,
        )
        radius = np.interp(
            np.linspace(0, 1, 90), [0, 0.12, 0.6, 0.85, 1], [0.0052, 0.0036, 0.0030, 0.0036, 0.0030]
        )
        handles.append(tube(bend, radius, 24, flat=1.5))
    shape = (512, 1024)
    cloud, fine = spectral(rng, shape, low=2, slope=1.4), spectral(rng, shape, low=50, slope=0.7)
    crust = smoothstep(0.35, 1.3, cloud + 0.35 * fine)
    bubbles = smoothstep(3.0, 3.4, spectral(rng, shape, low=60, slope=0.5))
    color = shaded(filled(shape, "#5fa7a0"), 0.05 * cloud)
    color = painted(
        color, ramp(0.5 + 0.25 * fine, [(0.0, "#a08a66"), (0.5, "#b9b2a0"), (1.0, "#d0a85a")]), 0.85 * crust
    )
    color = painted(color, "#d9efe9", bubbles * 0.6)
    alpha = np.clip(0.26 + 0.60 * crust + 0.2 * bubbles, 0, 1)
    glass = material("glass", Finish(color, 0.06 + 0.5 * crust, 0.0, bump=0.15 * fine * crust, alpha=alpha))
    trail_shape = (128, 128)
    trail = material(
        "glass-trail", Finish(filled(trail_shape, "#4f9a94"), 0.08, alpha=np.full(trail_shape, 0.5))
    )
    meshes = [
        dressed("outer-wall", vessel.outside, glass),
        dressed("inner-wall", vessel.inside, glass),
        dressed("handles", joined(handles), trail),
    ]
    scan = assembled(
        "roman-glass-aryballos", meshes, (0.069, 0.085, 0.069), "lathe from a measured profile, bent trails"
    )
    sights = {
        "rim": Sight((0.0, 0.0830, 0.1), (0, 0, -1)),
        "dolphin-handle": Sight((0.029, 0.069, 0.1), (0, 0, -1)),
        "weathering": Sight((0.008, 0.035, 0.1), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(14.0, 12.0))


_STICKS: list[list[tuple[float, float]]] = [
    [(-0.46, -0.62), (-0.46, 0.62)], [(0.46, -0.62), (0.45, 0.63)], [(-0.49, -0.55), (0.49, -0.55)],
    [(-0.49, 0.56), (0.49, 0.55)], [(-0.49, 0.0), (0.49, 0.01)],
    [(0.0, -0.63), (0.0, 0.63)], [(-0.47, -0.56), (0.47, 0.56)], [(-0.47, 0.56), (0.47, -0.56)], [(-0.23,
    -0.58), (-0.22, 0.58)], [(0.23, -0.58), (0.24, 0.58)],
    [(-0.48, 0.28), (0.48, 0.29)], [(-0.48, -0.28), (0.48, -0.27)], [(-0.46, -0.20), (-0.18, 0.0), (-0.46,
    0.22)], [(0.46, -0.22), (0.18, 0.0), (0.46, 0.20)],
    [(-0.20, 0.55), (0.0, 0.32), (0.20, 0.55)], [(-0.20, -0.55), (0.0, -0.33), (0.20, -0.55)], [(-0.35,
    -0.10), (0.0, 0.16), (0.35, -0.10)], [(-0.35, 0.12), (0.0, -0.14), (0.35, 0.12)],
    [(-0.46, 0.42), (-0.24, 0.30), (-0.23, 0.03)], [(0.46, -0.42), (0.24, -0.30), (0.23, -0.03)],
]  # fmt: skip


def _cowrie(at: tuple[float, float], turn: float) -> Surface:
    """A cowrie, its slit up."""
    u, v = np.meshgrid(np.linspace(2 * np.pi, 0, 29), np.linspace(0, np.pi, 19))
    x, y = 0.0095 * np.sin(v) * np.cos(u), 0.0135 * np.cos(v) * (1 - 0.10 * np.cos(v))
    z = 0.0075 * np.sin(v) * np.sin(u)
    slit = np.exp(-((x / 0.0012) ** 2)) * (z > 0) * 0.0022
    shell = make_grid(np.stack([x, y, z - slit], axis=-1), np.stack([u / (2 * np.pi), v / np.pi], axis=-1))
    return shell.turned((0, 0, 1), turn).moved((at[0], at[1], 0.016))


def _wrap(at: tuple[float, float], turn: float, length: float, turns: int) -> Surface:
    """Twine wound around a stick."""
    t = np.linspace(0, 1, turns * 10)
    angle = 2 * np.pi * turns * t
    path = np.stack([(t - 0.5) * length, 0.0056 * np.cos(angle), 0.0056 * np.sin(angle)], axis=1)
    return tube(path, 0.0011, 5).turned((0, 0, 1), turn).moved((at[0], at[1], 0.0))


def marshall_stick_chart() -> Replica:
    """Stick chart: straight sticks, curved sticks for bent swells, 28 cowries, lashings and repairs."""
    rng = generator("marshall-stick-chart")
    sticks, lashings, crossings = [], [], []
    for number, stick in enumerate(_STICKS):
        points = smooth(stick, 40) if len(stick) > 2 else np.linspace(stick[0], stick[1], 60)
        z = 0.004 * np.sin(np.linspace(0, 3, len(points)) + number) + (0.0045 if number % 2 else -0.0045)
        path = resampled(np.column_stack([points, z]), 110)
        radius = 0.0034 + 0.0006 * spectral(rng, (1, 110), low=2)[0].clip(-1.5, 1.5)
        sticks.append(tube(path, radius, 14))
        crossings.append(points)
    joints = _joints(crossings)
    for k, (at, turn) in enumerate(joints):
        lashings.append(_wrap(at, turn + 45, 0.012, 5))
        if k % 2:
            lashings.append(_wrap(at, turn - 45, 0.012, 4))
    chosen = joints[:: max(1, len(joints) // 28)][:28]
    shells = [_cowrie(at, float(rng.uniform(0, 180))) for at, _ in chosen]
    repairs = []
    for k in range(7):
        line = crossings[(3 * k + 2) % len(crossings)]
        spot, ahead = line[len(line) // 3], line[len(line) // 3 + 1]
        turn = float(np.degrees(np.arctan2(ahead[1] - spot[1], ahead[0] - spot[0])))
        repairs.append(_wrap((float(spot[0]), float(spot[1])), turn, 0.030, 11))
    shape = (256, 256)
    grain = spectral(rng, shape, low=3, stretch=(10.0, 1.0))
    cane = material(
        "midrib", Finish(ramp(0.5 + 0.2 * grain, [(0.0, "#6d4a2a"), (1.0, "#b08a58")]), 0.7, bump=0.2 * grain)
    )
    twine = plain("twine", "#5b4027", 0.95)
    shell_color = painted(
        filled(shape, "#efe8da"), "#c9a77f", 0.4 * smoothstep(0.2, 1.8, spectral(rng, shape, low=2))
    )
    meshes = [
        dressed("sticks", joined(sticks), cane), dressed("lashings", joined(lashings), twine),
        dressed("cowries", joined(shells), material("cowrie", Finish(shell_color, 0.2))), dressed("repairs",
        joined(repairs), plain("string", "#e6e0d2", 0.9)),
    ]  # fmt: skip
    scan = assembled(
        "marshall-stick-chart",
        meshes,
        (1.0, 1.28, 0.045),
        "sticks along drawn lines, lashed where they cross",
    )
    low = np.min([m.positions.min(axis=0) for m in meshes], axis=0)
    high = np.max([m.positions.max(axis=0) for m in meshes], axis=0)
    factor = np.array([1.0, 1.28]) / (high - low)[:2]

    def framed(x: float, y: float) -> tuple[float, float, float]:
        px, py = (np.array([x, y]) - [(low[0] + high[0]) / 2, low[1]]) * factor
        return (float(px), float(py), 0.1)

    (sx, sy), _ = chosen[4]
    rx, ry = crossings[2][len(crossings[2]) // 3]
    lash = next(place for place, _ in joints if place not in [c for c, _ in chosen])
    curved = resampled(crossings[16], 9)[3]
    sights = {
        "cowrie": Sight(framed(sx + 0.004, sy), (0, 0, -1)),
        "curved-stick": Sight(framed(float(curved[0]), float(curved[1])), (0, 0, -1)),
        "lashing": Sight(framed(*lash), (0, 0, -1)),
        "repair": Sight(framed(float(rx), float(ry)), (0, 0, -1)),
    }
    return Replica(scan, spotted(scan, sights), view=(10.0, 4.0))


def _joints(
    lines: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]],
) -> list[tuple[tuple[float, float], float]]:
    """Where two sticks cross, and the direction of the first; near duplicates are left out."""
    found: list[tuple[tuple[float, float], float]] = []
    for i, a in enumerate(lines):
        fine_a = resampled(a, 240)
        for b in lines[i + 1 :]:
            gap = np.linalg.norm(fine_a[:, None] - resampled(b, 240)[None], axis=2)
            k = int(np.argmin(gap))
            row = k // 240
            if gap.ravel()[k] > 0.006:
                continue
            x, y = (float(value) for value in fine_a[row])
            if all(np.hypot(x - p[0], y - p[1]) > 0.03 for p, _ in found):
                ahead = fine_a[min(row + 1, 239)] - fine_a[max(row - 1, 0)]
                found.append(((x, y), float(np.degrees(np.arctan2(ahead[1], ahead[0])))))
    return found
