"""A museum of real vases: the Getty's catalog of Attic kraters, some known by one photo each."""

import csv
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from assets.catalog.ingest import ingest
from assets.catalog.intake import prepare
from assets.catalog.store.catalog import Catalog
from inference.enrollment import Enrollment, ViewFile, enroll
from inference.runtime.home import NAME, Home
from inference.shipped import shipped_model

KNOWN: Final = 6
_SPELLED: Final = {"81AE37": "81AE037", "79AE9512": "79AE09512"}
"""Numbers that list of photos and catalog spell each in its way."""


def write_vases(shared_data: Path, store: Path) -> list[tuple[str, Path]]:
    """Catalog, and an index of gallery photos for the model that comes with the project.

    Returns artifact and photo of the vases in the index.
    """
    source, _ = prepare(shared_data / "catalogue" / "getty_cva10", "getty-cva10", on_bytes=lambda _: None)
    with Catalog(store) as catalog:
        ingest(source, catalog, "2026-01-01T00:00:00+00:00")
    known = photos(shared_data, "gallery")[:KNOWN]
    views = [ViewFile(artifact, path, details=False) for artifact, path in known]
    model = shipped_model()
    enroll(model, views, Home(store / NAME).index(model), Enrollment(verify=True))
    return known


def held(photo: Path, width: int, height: int, shift: int = 0) -> Image.Image:
    """What a phone's camera has of a printed photo on a wall: smaller, a little turned, in another light."""
    light = np.linspace(205, 150, height)[:, None, None] * np.array([1, 0.97, 0.92])
    wall = Image.fromarray(np.broadcast_to(light, (height, width, 3)).astype(np.uint8))
    with Image.open(photo) as opened:
        sheet = opened.convert("RGB")
    sheet.thumbnail((height * 5 // 6, height * 5 // 6))
    dimmed = sheet.point(lambda value: int(value * 0.9))
    turned = dimmed.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor=dimmed.getpixel((0, 0)))
    wall.paste(turned, ((width - turned.width) // 2 + shift, (height - turned.height) // 2))
    return wall


def photos(shared_data: Path, role: str) -> list[tuple[str, Path]]:
    """Artifact and file of the photos with that role."""
    images = shared_data / "images"
    with (images / "cva10_labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["role"] == role]
    return [(f"getty-cva10:{_number(row['accession_number'])}", images / row["file"]) for row in rows]


def _number(accession: str) -> str:
    first = accession.split(" and ")[0].split(",")[0].replace(".", "")
    return _SPELLED.get(first, first)
