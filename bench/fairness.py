"""Whom recognition serves worse: recall by culture and by material, for the sample museum's artifacts.

    python bench/fairness.py [--store museum] [--photos 6]

Each artifact is in the gallery with one rendered view from the front, and asked for by synthetic photos of
views from the sides and the back. Culture and material are those of its record, brought together into regions
and families, since the sample has hardly two artifacts of one culture. A museum's own table comes from
`twin evaluate` with the columns `culture` and `material` in its labels.csv.

What it does not show: real photos; anything about a culture, where a row has two or three artifacts, and the
forms that happen to be among them decide.
"""

import argparse
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assets.catalog.record import ArtifactRecord
from assets.catalog.store.catalog import Catalog
from bench.results import record
from inference.enrollment import ViewFile
from inference.runtime.home import NAME, Home
from inference.scan_views import DIRECTIONS, rendered, scans_of
from inference.shipped import shipped_model
from inference.training.augmentation import Augmentation, photographed
from inference.training.evaluate import Extent, evaluate
from inference.training.pictures import Shot

SIDE = 448
REGIONS = {
    "Americas": ("Acoma Pueblo", "Inka", "Maya", "Moche (Mochica)"),
    "East Asia": ("Korean", "Liangzhu", "Jōmon", "Chinese"),
    "West, Central and South Asia": (
        "Indian (Deccan)", "Persian", "Ottoman", "Samanid", "Turkmen, Saryk", "Neo-Sumerian",
    ),
    "Mediterranean": ("Greek", "Athenian", "Cycladic", "Roman"),
    "Africa": ("Egyptian", "Yoruba"),
    "Oceania": ("Marshallese",),
}  # fmt: skip
FAMILIES = {
    "clay": ("clay", "celadon", "fritware", "earthenware", "pottery", "ceramic", "porcelain"),
    "metal": ("silver", "zinc alloy", "brass", "bronze"),
    "stone": ("marble", "nephrite", "limestone"),
    "fiber": ("cotton", "wool", "parchment"),
    "wood": ("wood", "rosewood"),
    "glass": ("glass",),
}


def family(labels: Sequence[str], families: dict[str, tuple[str, ...]]) -> str:
    """Of the first label that is in one; empty where the record says nothing."""
    return next((name for label in labels for name, own in families.items() if label in own), "")


def photos(
    views: Sequence[ViewFile], records: dict[str, ArtifactRecord], folder: Path, count: int
) -> Iterator[Shot]:
    """The view from the front, and synthetic photos of ``count`` others."""
    per = len(DIRECTIONS)
    for artifact, own in ((views[at].artifact, views[at : at + per]) for at in range(0, len(views), per)):
        record_ = records[artifact]
        culture = family([term.label for term in record_.cultures], REGIONS)
        material = family([term.label for term in record_.materials], FAMILIES)
        yield Shot(own[0].path, artifact, role="gallery", culture=culture, material=material)
        for number in range(count):
            view = 1 + number * (per - 1) // count
            with Image.open(own[view].path) as opened:
                picture = np.asarray(opened.convert("RGB"))
            draw = np.random.default_rng([zlib.crc32(artifact.encode()), view])
            path = folder / f"{own[view].path.parent.name}-{view}.png"
            Image.fromarray(photographed(picture, SIDE, draw, Augmentation(0.6))).save(path)
            yield Shot(path, artifact, role="query", culture=culture, material=material)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--store", type=Path, default=Path("museum"))
    parser.add_argument("--photos", type=int, default=6)
    told = parser.parse_args()
    views, _ = rendered(scans_of(told.store), Home(told.store / NAME).views)
    with Catalog(told.store, reading=True) as catalog:
        found = {view.artifact: catalog.record(view.artifact) for view in views}
    records = {artifact: one for artifact, one in found.items() if one is not None}
    with tempfile.TemporaryDirectory() as scratch:
        shots = list(photos(views, records, Path(scratch), told.photos))
        measured = evaluate(shipped_model(), shots, Extent(robustness=False))
    print(f"all: {measured.figures['recall@1, one photo']} of {measured.queries} queries")
    for column in ("culture", "material"):
        for name, group in measured.groups[column].items():
            print(f"{column} {name}: {group} of {group.queries} queries, {group.artifacts} artifacts")
            record("fairness", [{"column": column, "group": name, "recall": group.recall.value}])


if __name__ == "__main__":
    main()
