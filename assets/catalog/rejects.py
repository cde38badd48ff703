"""The reject file: every row that was not taken, with reason, remedy and its original bytes.

CSV in UTF-8, because it is opened in a spreadsheet. ``original`` holds the bytes as text where they are
UTF-8 (``encoding`` says so), in base64 where they are not, so that they come back exactly either way.
"""

import base64
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from assets.catalog.row import Rejection

COLUMNS: Final = ("file", "row", "field", "reason", "remedy", "encoding", "original")


def write_rejects(path: Path, rejections: Iterable[Rejection]) -> int:
    """Write ``rejections`` to ``path`` whole or not at all; returns their number, writes no file for none."""
    unfinished = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with unfinished.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for rejection in rejections:
            encoding, original = _as_text(rejection.raw)
            writer.writerow(
                (
                    rejection.file, rejection.row, rejection.field, rejection.reason, rejection.remedy,
                    encoding, original,
                )
            )  # fmt: skip
            count += 1
    if count:
        unfinished.replace(path)
    else:
        unfinished.unlink()
    return count


def read_rejects(path: Path) -> Iterator[Rejection]:
    """The rejections of a reject file, original bytes and all."""
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            raw = (
                base64.b64decode(row["original"]) if row["encoding"] == "base64" else row["original"].encode()
            )
            yield Rejection(row["file"], int(row["row"]), row["field"], row["reason"], row["remedy"], raw)


def _as_text(raw: bytes) -> tuple[str, str]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return "base64", base64.b64encode(raw).decode()
    # A spreadsheet, and the csv module itself, may not bring NUL and bare returns back as they were.
    if "\0" in text or "\r" in text:
        return "base64", base64.b64encode(raw).decode()
    return "utf-8", text
