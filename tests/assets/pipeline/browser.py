"""A real browser with three.js, asked what it makes of a GLB."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assets.pipeline.rendering.camera import Camera

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DEADLINE = 100.0


class _Files(SimpleHTTPRequestHandler):
    """Two folders: the Node packages with the page, and the GLBs."""

    extensions_map = {  # noqa: RUF012 (the base class declares it so)
        **SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm",
        ".glb": "model/gltf-binary",
    }  # fmt: skip

    def __init__(self, *arguments: Any, folders: dict[str, Path], **options: Any) -> None:
        self.folders = folders
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        first, _, rest = path.split("?")[0].lstrip("/").partition("/")
        folder = self.folders.get(first)
        inside = (folder / rest).resolve() if folder is not None else None
        found = inside is not None and folder is not None and inside.is_relative_to(folder.resolve())
        return str(inside) if found else ""

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: the tests say what went wrong."""


class Browser:
    """One tab that loads GLBs from a folder."""

    def __init__(self, process: "subprocess.Popen[str]", base: str) -> None:
        self._process, self._base = process, base

    def told(self, name: str) -> dict[str, Any]:
        """What three.js holds after loading: triangles, bounds (2, 3) in metres, textures."""
        return self._asked({"told": f"{self._base}/glb/{name}"})

    def drawn(self, name: str, camera: Camera) -> NDArray[np.uint8]:
        """(h, w, 4) sRGB and alpha of the scan in even light, not antialiased."""
        lens = camera.lens
        stated = {
            "width": lens.width, "height": lens.height, "degrees": lens.field_of_view,
            "pose": camera.pose.tolist(),
        }  # fmt: skip
        answer = self._asked({"drawn": f"{self._base}/glb/{name}", "camera": stated})
        pixels = np.array(answer["rgba"], dtype=np.uint8).reshape(lens.height, lens.width, 4)
        return np.ascontiguousarray(pixels[::-1])

    def _asked(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the browser ended without an answer"
        answer: dict[str, Any] = json.loads(line)
        assert not answer.get("error"), answer
        assert answer["complaints"] == []
        return answer


def chromium() -> str:
    """Path of an installed Chromium; skips the test where there is none."""
    for name in _BROWSERS:
        if (path := shutil.which(name)) is not None:
            return path
    pytest.skip("no Chromium here: install it to run this test (Debian: apt-get install chromium)")


@contextmanager
def browser_over(glbs: Path, node_packages: Path) -> Iterator[Browser]:
    """A browser that can load the GLBs of a folder; all of it ends within a deadline."""
    folders = {"node": node_packages, "glb": glbs}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, folders=folders))
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    command = ["node", "browser.mjs", chromium(), f"{base}/node/viewer.html"]
    process = subprocess.Popen(
        command, cwd=node_packages, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    overdue = threading.Timer(_DEADLINE, process.kill)
    overdue.start()
    try:
        yield Browser(process, base)
        process.communicate(timeout=30)
        assert process.returncode == 0
    finally:
        overdue.cancel()
        process.kill()
        process.communicate()
        server.shutdown()
        server.server_close()
        serving.join()
