"""Nothing of what the museum does is told to the maker of a library."""

import os
import subprocess
import sys
from pathlib import Path


def test_recognition_leaves_no_device_identifier_and_no_session_of_telemetry(tmp_path: Path) -> None:
    surroundings = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    surroundings |= {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", "import inference.runtime.recognizer, onnxruntime as o; print(o.__version__)"],
        env=surroundings, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    written = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    # Machine code that numba keeps is the project's own.
    assert [path for path in written if path.suffix not in (".nbi", ".nbc")] == []
