"""Where benches leave figures for machines: JSON, one object a line, in the file $BENCH_RESULTS names."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "BENCH_RESULTS"


def record(bench: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows of figures; nothing where nobody asked for them. Raises ``OSError`` as writing does."""
    name = os.environ.get(VARIABLE)
    if name:
        with Path(name).open("a", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps({"bench": bench, **row}, ensure_ascii=False) + "\n")
