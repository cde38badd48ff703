"""The tutorial, carried out: every command of it, in order, on the real exports, scans and photos."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

BLOCK = re.compile(r"^```(sh|csv)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SERVE = "twin serve --store museum"
pytestmark = [pytest.mark.data, pytest.mark.timeout(3000)]


def environment(repository: Path) -> dict[str, str]:
    return os.environ | {
        "PATH": f"{repository / '.venv' / 'bin'}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        # `twin doctor` finds fault with a port that something else on this machine has.
        "MUSEUM_TWIN_PORT": "0",
    }


@contextmanager
def open_museum(folder: Path, repository: Path) -> Iterator[str]:
    """``twin serve`` as the page has it, on a free port; its address."""
    with subprocess.Popen(
        [*SERVE.split(), "--port", "0", "--host", "127.0.0.1", "--no-qr"], cwd=folder, text=True,
        env=environment(repository), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        try:
            address = next(
                re.findall(r"http://localhost:\d+", line)[0] for line in server.stdout if "http" in line
            )
            # The socket listens before the address is told: this waits for the answer, however long it takes.
            with urlopen(f"{address}/readyz", timeout=600) as answer:
                assert answer.status == 200
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(600)
    assert server.returncode == 0


def read(address: str) -> list[dict[str, object]]:
    with urlopen(address, timeout=60) as answer:
        found: list[dict[str, object]] = json.load(answer)["galleries"]
        return found


def test_the_tutorial_leads_from_exports_scans_and_photos_to_visitors(
    repository: Path, shared_data: Path, tmp_path: Path
) -> None:
    page = (repository / "docs" / "tutorial.md").read_text("utf-8")
    (tmp_path / "data").symlink_to(shared_data)
    (table,) = (text for kind, text in BLOCK.findall(page) if kind == "csv")
    (tmp_path / "statues.csv").write_text(table, "utf-8")
    told = ""
    for line in "".join(text for kind, text in BLOCK.findall(page) if kind == "sh").splitlines():
        if line.startswith(SERVE):
            continue
        ended = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", line], cwd=tmp_path, env=environment(repository),
            capture_output=True, text=True, timeout=1500,
        )  # fmt: skip
        assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
        told += ended.stdout
    assert told.count("= accepted") == 4
    assert "size in m)" in told  # the record told the unit of the statues
    with open_museum(tmp_path, repository) as address:
        galleries = read(f"{address}/api/galleries")
    placed = {exhibit["artifact"] for gallery in galleries for exhibit in gallery["placements"]}  # type: ignore[attr-defined]
    assert {"statues:plato", "statues:hermes", "statues:column03", "getty-cva10:73AE135"} <= placed
    assert {artifact.partition(":")[0] for artifact in placed} == {"tate", "cmoa", "getty-cva10", "statues"}
