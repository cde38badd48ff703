"""Files and records over HTTP: our site beside bare applications on the same uvicorn.

    python bench/assets_and_api.py [--seconds 4]

Each serves from a process of its own, one at a time, to the same client: 16 connections kept alive, each
asking anew when its answer has come. *File* is a GLB of 8 MiB: ours by its hash, with rights judged and
content verified, beside Starlette's StaticFiles. *Record* is one artifact as JSON: ours from the catalog,
with masking, entity tag, negotiation and security headers, beside an application that answers with the same
constant bytes. Both peers under uvicorn with h11, as ours; then under httptools, uvicorn's faster parser,
which does not bound the head of a request. The ratio is of the server's processor time for one answer (user
and system, all threads, from /proc): it is what one can trust on a shared machine.

What it does not show: TLS, networks, several processes.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

CONNECTIONS = 16
ARTIFACT = "sample:lai-zhong-bell"
FILE_BYTES = 8 << 20

PEER = """
import sys, uvicorn
from pathlib import Path
from starlette.staticfiles import StaticFiles
folder, http = sys.argv[1:3]
body = (Path(folder) / "record.json").read_bytes()
files = StaticFiles(directory=folder)
async def app(scope, receive, send):
    if scope["path"].endswith(".glb"):
        return await files({**scope, "root_path": ""}, receive, send)
    await send({"type": "http.response.start", "status": 200, "headers": [
        (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})
uvicorn.run(app, port=0, http=http, lifespan="off", log_level="info", access_log=False)
"""


def make_store(folder: Path) -> str:
    """A store with the sample's records and one large file; returns the file's hash."""
    from assets.catalog.ingest import Source, ingest
    from assets.catalog.row import Mapped
    from assets.catalog.store.catalog import Catalog
    from assets.sample.catalog import load_sample

    outcomes = [Mapped(artifact.record, (), b"{}") for artifact in load_sample().artifacts]
    with Catalog(folder) as catalog:
        ingest(Source("sample", "Sample", outcomes, {}), catalog, "2026-01-01T00:00:00+00:00")
    content = hashlib.sha256(b"seed").digest() * (FILE_BYTES // 32)
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / "derivatives").mkdir()
    (folder / "derivatives" / f"{sha256}.glb").write_bytes(content)
    (folder / "file.glb").write_bytes(content)
    file = {
        "sha256": sha256, "media_type": "model/gltf-binary", "usage": "master", "quality": 0,
        "encoding": "plain", "bytes": len(content), "triangles": 1, "hausdorff_mm": 0.0,
    }  # fmt: skip
    manifest = {"schema_version": 1, "artifact": ARTIFACT, "derivatives": [file]}
    (folder / "scans" / "bell").mkdir(parents=True)
    (folder / "scans" / "bell" / "manifest.json").write_text(json.dumps(manifest))
    return sha256


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a process of its own."""

    port: int
    process: int

    @property
    def cpu(self) -> float:
        """Seconds of processor time it has taken."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(*command: str) -> Iterator[Server]:
    """Start a server, and end it."""
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        cwd=HERE.parent,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "http://" in line:
                yield Server(int(line.split("http://")[1].split(":")[1].split()[0].strip("/")), process.pid)
                return
        raise SystemExit("the server did not start")
    finally:
        process.terminate()
        process.wait(20)


async def asked(port: int, path: str, until: float) -> tuple[int, int]:
    """Answers and bytes that one connection got."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    request = f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()
    answers = size = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise SystemExit(head.decode())
        left = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        size += left
        while left:
            left -= len(await reader.read(min(left, 1 << 20)))
        answers += 1
    writer.close()
    return answers, size


async def load(port: int, path: str, seconds: float) -> tuple[int, int]:
    """Answers and bytes over all connections."""
    until = time.perf_counter() + seconds
    got = await asyncio.gather(*(asked(port, path, until) for _ in range(CONNECTIONS)))
    return sum(answers for answers, _ in got), sum(size for _, size in got)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a server did."""

    rate: float
    """Answers per second."""
    volume: float
    """MiB per second."""
    cost: float
    """Microseconds of processor time an answer."""


def measured(server: Server, path: str, seconds: float) -> Measure:
    """Ask for ``seconds``, after a short warm-up."""
    asyncio.run(load(server.port, path, 0.5))
    began, cpu = time.perf_counter(), server.cpu
    answers, size = asyncio.run(load(server.port, path, seconds))
    took = time.perf_counter() - began
    return Measure(answers / took, size / took / (1 << 20), (server.cpu - cpu) / answers * 1e6)


def record_of(port: int) -> bytes:
    """The record's JSON as our server answers it."""
    with urlopen(f"http://127.0.0.1:{port}/api/artifacts/{ARTIFACT}") as answer:
        body: bytes = answer.read()
    return body


def row(name: str, measure: Measure, peer: Measure | None = None) -> None:
    """Print one line."""
    ratio = "" if peer is None else f"{measure.cost / peer.cost:6.2f} × the peer's"
    print(
        f"{name:24} {measure.rate:8,.0f} answers/s {measure.volume:8,.1f} MiB/s "
        f"{measure.cost:8,.0f} µs CPU an answer {ratio}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=4.0)
    seconds: float = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = {"file": f"/assets/{make_store(folder)}", "record": f"/api/artifacts/{ARTIFACT}"}
        serve = ("serve", "--store", name, "--host", "127.0.0.1", "--port", "0", "--no-qr")
        with running("-c", "from twin import main; main()", *serve) as server:
            (folder / "record.json").write_bytes(record_of(server.port))
            ours = {kind: measured(server, path, seconds) for kind, path in paths.items()}
        for parser_name in ("h11", "httptools"):
            with running("-c", PEER, name, parser_name) as server:
                for kind, path in (("file", "/file.glb"), ("record", "/record")):
                    peer = measured(server, path, seconds)
                    row(f"{kind}: bare, {parser_name}", peer)
                    row(f"{kind}: ours", ours[kind], peer)


if __name__ == "__main__":
    main()
