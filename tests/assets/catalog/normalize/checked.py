"""Samples that a person read: what each text should be read as."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest


def checked_rows(subject: str) -> list[dict[str, str]]:
    """Rows of the sample of ``names``, ``places``, ``dates`` ..."""
    with Path(__file__).with_name(f"{subject}_checked.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(judged: Iterable[tuple[str, bool]], capsys: pytest.CaptureFixture[str]) -> tuple[int, int]:
    """How many of how many are right; both are shown for each kind, which stands first, as the test runs."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    for kind, is_right in judged:
        kinds[kind].append(is_right)
    with capsys.disabled():
        print("\n", {kind: f"{sum(right)}/{len(right)}" for kind, right in kinds.items()})  # noqa: T201
    return sum(map(sum, kinds.values())), sum(map(len, kinds.values()))
