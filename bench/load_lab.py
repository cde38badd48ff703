"""Load lab: one scenario of everything, over a bad network, with ever more visitors until it breaks.

    python bench/load_lab.py [--visitors 50 200 500 1000] [--seconds 20] [--store museum] [--frames FOLDER]
                             [--plot load-lab.png]

Poses at 10 a second (half of them with gaze), camera frames, questions and clock requests reach the real
server through ``bench/bad_network.py``: 40 ms delay, 10 ms jitter, 1 % loss each way. The clock's echo in the
same run is the raw limit: what a message costs that the server only has to answer. The level *breaks* where a
visitor is lost or refused or does not get in, more than 1 % of poses leave late or a tenth not at all, or the
p99 of deltas is more than 200 ms over the echo's.

Without ``--store`` and ``--frames`` a museum of the sample's records is placed for the run, and the pictures
that phones film are in its recognition index, so that the shipped network looks at each. Each process's share
of a core says who was at its limit: server, generator (this process) or network.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from matplotlib.figure import Figure
from PIL import Image

from bench.results import record
from server.mock.crowd import Played, play
from server.mock.scenario import Group, Scenario
from server.mock.tally import KINDS

HERE: Final = Path(__file__).resolve().parent
ARRIVE_S: Final = 4.0
OVER_ECHO_MS: Final = 200.0
LATE_SHARE: Final = 0.01
POSE_HZ, POSE_SHARE = 10.0, 0.9
"""Poses a second that each visitor means to send, and the share of them that must get out."""
_COLORS: Final = {
    "delta": "#8f3b1b", "clock": "#4c5a66", "answer": "#3a7d44", "sightings": "#7a5195",
    "snapshot": "#1f77b4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One number of visitors."""

    visitors: int
    latencies: dict[str, dict[str, float]]
    counts: dict[str, int]
    server: float
    """Share of a core."""
    generator: float
    network: float
    seconds: float
    """How long all of them could be there."""

    @property
    def pose_rate(self) -> float:
        """Poses a second of a visitor, on the whole."""
        return self.counts.get("poses", 0) / self.visitors / self.seconds

    @property
    def named(self) -> float:
        """Share of the answered camera frames in which an artifact was named."""
        named, unnamed = self.counts.get("named", 0), self.counts.get("unnamed", 0)
        return named / max(named + unnamed, 1)

    @property
    def broken(self) -> str:
        """Why the level counts as broken; empty where it holds."""
        delta, echo = self.latencies["delta"], self.latencies["clock"]
        gone = self.counts.get("lost", 0) + self.counts.get("refused", 0)
        late = self.counts.get("late", 0) / max(self.counts.get("poses", 0), 1)
        came = self.latencies["snapshot"]["count"]
        if gone:
            return f"{gone} visitors lost or refused"
        if came < self.visitors:
            return f"only {came:.0f} came in before the time was up"
        if self.pose_rate < POSE_SHARE * POSE_HZ:
            return f"visitors got to send {self.pose_rate:.1f} of {POSE_HZ:g} poses a second"
        if late > LATE_SHARE:
            return f"{late:.0%} of poses left late"
        if delta["p99_ms"] - echo["p99_ms"] > OVER_ECHO_MS:
            return f"p99 of deltas {delta['p99_ms'] - echo['p99_ms']:.0f} ms over the echo"
        return ""


def scenario(visitors: int, seconds: float, frames: Path) -> Scenario:
    """Half look about with headsets, half film and ask with phones."""
    phones = visitors // 2
    return Scenario(
        name="Load lab", seconds=seconds + ARRIVE_S, arrive_s=ARRIVE_S,
        groups=(
            Group(name="headsets", visitors=visitors - phones, gaze=True, ask_every_s=20, clock_every_s=2),
            Group(name="phones", visitors=phones, kind="phone", ask_every_s=10, clock_every_s=2,
                  frame_every_s=5, frames=frames),
        ),
    )  # fmt: skip


def small_museum(store: Path) -> Path:
    """The sample's records, hung by rule."""
    from assets.catalog.ingest import Source, ingest
    from assets.catalog.row import Mapped
    from assets.catalog.store.catalog import Catalog
    from assets.hanging.gather import Stock
    from assets.hanging.hanging import automatic, hang
    from assets.hanging.listing import LISTING, listing_bytes
    from assets.sample.catalog import load_sample

    outcomes = [Mapped(artifact.record, (), b"{}") for artifact in load_sample().artifacts]
    with Catalog(store) as catalog:
        ingest(
            Source("sample", "Sample", outcomes, {"sample": "0" * 64}), catalog, "2026-01-01T00:00:00+00:00"
        )
        stock = Stock(catalog, store)
        (store / LISTING).write_bytes(listing_bytes(hang(automatic(stock, 26), stock)))
    return store


def index_frames(store: Path, frames: Path) -> None:
    """Each of the pictures becomes the photo of an artifact: so none is answered without being looked at."""
    from assets.sample.catalog import load_sample
    from inference.enrollment import ViewFile, enroll
    from inference.runtime.home import NAME, Home
    from inference.shipped import shipped_model

    model = shipped_model()
    shown = zip(load_sample().artifacts, sorted(frames.iterdir()), strict=False)
    views = [ViewFile(artifact.record.id, path) for artifact, path in shown]
    enroll(model, views, Home(store / NAME).index(model))


def frames_in(folder: Path) -> Path:
    """Three pictures of 640 × 480 with detail, as a phone sends them."""
    folder.mkdir()
    for number in range(3):
        noise = Image.effect_noise((80, 60), 90 + 20 * number).resize((640, 480), Image.Resampling.BICUBIC)
        noise.convert("RGB").save(folder / f"{number}.jpg", quality=80)
    return folder


@contextmanager
def started(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that ends with the block."""
    process = subprocess.Popen(
        [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, cwd=HERE.parent,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def port_of(server: "subprocess.Popen[str]", *, recognizing: bool) -> int:
    """Once the server is ready, and recognizes where it is meant to. ``RuntimeError`` where it does not."""
    assert server.stdout is not None
    for line in server.stdout:
        if "http://localhost:" in line:
            port = int(line.rsplit(":", 1)[1])
            break
    else:
        raise RuntimeError("the server did not start; try `twin serve --check`")
    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                step = json.load(answer)["recognition"]["step"]
                if step not in ("place", "unavailable") or not recognizing:
                    return port
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not get ready, with its recognizer, within a minute")


def cpu(process: int) -> float:
    """Seconds of processor time so far, user and system."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(visitors: int, options: argparse.Namespace, store: Path, frames: Path) -> Level:
    """A server of its own for each level, so that none inherits another's backlog."""
    serving = ("-c", "import twin; twin.main()", "serve", "--store", str(store), "--host", "127.0.0.1",
               "--port", "0", "--no-qr", "--set", "logs.level=error")  # fmt: skip
    bad = (str(HERE / "bad_network.py"), "--delay", str(options.delay), "--jitter", str(options.jitter),
           "--loss", str(options.loss))  # fmt: skip
    is_ours = options.store is None and options.frames is None
    with (
        started(*serving) as server,
        started(*bad, str(port_of(server, recognizing=is_ours))) as network,
    ):
        assert network.stdout is not None
        through = int(network.stdout.readline())
        before = cpu(server.pid), cpu(network.pid)
        played: Played = play(scenario(visitors, options.seconds, frames), f"ws://127.0.0.1:{through}/live")
        after = cpu(server.pid), cpu(network.pid)
    tally = played.tally
    shares = [(b - a) / played.seconds for a, b in zip(before, after, strict=True)]
    latencies = {kind: tally.latencies[kind].summary() for kind in KINDS}
    return Level(
        visitors, latencies, dict(tally.counts), shares[0], played.busy, shares[1],
        played.seconds - ARRIVE_S,
    )  # fmt: skip


def told(level: Level) -> str:
    cells = [f"{level.visitors:>6}"]
    for kind in _COLORS:
        found = level.latencies[kind]
        cells.append(f"{found['p50_ms']:.0f} / {found['p99_ms']:.0f}" if found["count"] else "-")
    cells += [f"{share:.0%}" for share in (level.named, level.server, level.generator, level.network)]
    return " | ".join([*cells, level.broken or "holds"])


def draw(levels: list[Level], path: Path, title: str) -> None:
    """p50 and p99 of each kind over the number of visitors."""
    figure = Figure(figsize=(9.5, 5.2), layout="constrained")
    panel = figure.subplots()
    counts = [level.visitors for level in levels]
    for kind, color in _COLORS.items():
        for share, style in (("p50_ms", "-"), ("p99_ms", "--")):
            shown = [(v, level.latencies[kind][share]) for v, level in zip(counts, levels, strict=True)
                     if level.latencies[kind]["count"]]  # fmt: skip
            if shown:
                label = f"{kind}, {'p50' if share == 'p50_ms' else 'p99'}"
                panel.plot(
                    *zip(*shown, strict=True), style, color=color, marker="o", markersize=4, label=label
                )
    broken = next((level for level in levels if level.broken), None)
    if broken is not None:
        panel.axvspan(broken.visitors * 0.97, counts[-1] * 1.1, color="#c0392b", alpha=0.08, linewidth=0)
        side = "right" if broken is levels[-1] else "left"
        panel.text(
            broken.visitors, 0.02, f" breaks: {broken.broken}", color="#c0392b", fontsize=9, ha=side,
            transform=panel.get_xaxis_transform(),
        )  # fmt: skip
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks(counts, [f"{count:,}" for count in counts])
    panel.minorticks_off()
    panel.set_yticks(ticks := [50, 100, 200, 500, 1000, 2000, 5000, 10_000], [f"{tick:,}" for tick in ticks])
    low, high = panel.get_ylim()
    panel.set_ylim(min(low, 50), max(high, 1000))
    panel.grid(True, color="#d9d6d0", linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)
    panel.set_xlabel("visitors")
    panel.set_ylabel("milliseconds")
    panel.set_title(title, loc="left", fontsize=11)
    figure.legend(loc="outside right upper", frameon=False, fontsize=9)
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--visitors", type=int, nargs="+", default=[50, 200, 500, 1000])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each level, after all arrived")
    parser.add_argument("--delay", type=float, default=40.0, help="milliseconds, one way")
    parser.add_argument("--jitter", type=float, default=10.0, help="milliseconds, more or less")
    parser.add_argument("--loss", type=float, default=1.0, help="percent")
    parser.add_argument("--store", type=Path, help="A museum of your own.")
    parser.add_argument("--frames", type=Path, help="Folder of pictures that phones film.")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    print("visitors | " + " | ".join(f"{kind} p50 / p99 ms" for kind in _COLORS)
          + " | frames named | server core | generator core | network core |")  # fmt: skip
    levels: list[Level] = []
    with tempfile.TemporaryDirectory() as scratch:
        store = options.store or small_museum(Path(scratch) / "museum")
        frames = options.frames or frames_in(Path(scratch) / "frames")
        if options.store is None and options.frames is None:
            index_frames(store, frames)
        for visitors in options.visitors:
            levels.append(measured(visitors, options, store, frames))
            print(told(levels[-1]), flush=True)
    rows: list[dict[str, Any]] = [
        {"visitors": level.visitors, "server_core": round(level.server, 3), "broken": level.broken,
         "named": round(level.named, 3),
         "generator_core": round(level.generator, 3), "network_core": round(level.network, 3),
         **{f"{kind}_{key}": value for kind in _COLORS for key, value in level.latencies[kind].items()}}
        for level in levels
    ]  # fmt: skip
    record("load_lab", rows)
    if options.plot:
        weather = f"{options.delay:g} ms ± {options.jitter:g} ms each way, {options.loss:g} % loss"
        draw(levels, options.plot, f"Poses, gaze, frames and questions at once; {weather}")
        print(f"picture: {options.plot}")


if __name__ == "__main__":
    main()
