"""How many rows of a gallery's photo: whole only, with details while photos are few, or always with details.

    python bench/gallery_parts.py [--artifacts 40] [--views 8] [--folder DIR]

Generated artifacts that the shipped model never saw, rendered as visitors stand. Each is in the gallery with
1, 2, 4 or all but a fifth of its views, and asked for by the others: as they are, as a detail of 0.35 to 0.65
of the sides, and as a strong synthetic photo. Printed is recall@1.

What it does not show: real photos, which are lit alike within one studio and differ by their subject.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.manifest import Preprocessing, read_manifest
from inference.preprocessing import Pixels, fitted, gallery_inputs
from inference.shipped import shipped_model
from inference.subject import subject
from inference.training.augmentation import Augmentation, photographed
from inference.training.evaluate import folds
from inference.training.export import embedded
from inference.training.generated import artifact
from inference.training.rendered import write_views

Vectors = NDArray[np.float32]
FIRST = 1000
"""The shipped model learned from artifacts below 480."""
FEW = 2
SIZE = 320


def detail(picture: Pixels, draw: np.random.Generator) -> Pixels:
    shown = subject(picture).cut(picture)
    height, width = shown.shape[:2]
    share = draw.uniform(0.35, 0.65)
    rows, columns = max(int(height * share), 8), max(int(width * share), 8)
    top, left = int(draw.integers(height - rows + 1)), int(draw.integers(width - columns + 1))
    return np.ascontiguousarray(shown[top : top + rows, left : left + columns])


def asked(picture: Pixels, seed: list[int], preprocessing: Preprocessing) -> list[Pixels]:
    """A detail of the picture and a synthetic photo of it."""
    draw = np.random.default_rng(seed)
    part = fitted(detail(picture, draw), preprocessing)
    photo = photographed(picture, 2 * preprocessing.size, draw, Augmentation(0.8))
    return [part, fitted(photo, preprocessing)]


def vectors(folder: Path, artifacts: int, views: int) -> Vectors:
    """(artifacts * views, 8, dimension): the picture, its five details, then the queries of it."""
    manifest = shipped_model()
    told, found = read_manifest(manifest), []
    for number in range(FIRST, FIRST + artifacts):
        inputs: list[Pixels] = []
        for view, path in enumerate(write_views(artifact(number), folder / str(number), views, SIZE, number)):
            with Image.open(path) as opened:
                picture = np.asarray(opened.convert("RGB"))
            inputs += gallery_inputs(picture, told.preprocessing)
            inputs += asked(picture, [number, view], told.preprocessing)
        found.append(embedded(manifest.parent / told.weights, np.stack(inputs)).reshape(views, 8, -1))
    return np.concatenate(found)


def splits(names: list[str], views: int) -> dict[str, list[tuple[list[int], list[int]]]]:
    """By title: queries and gallery, several times."""
    found = {}
    for held in (1, 2, 4):
        found[str(held)] = [
            parted(names, views, {(2 * turn + at * (views // held)) % views for at in range(held)})
            for turn in range(4)
        ]
    return found | {"five folds": list(folds(names))}


def parted(names: list[str], views: int, kept: set[int]) -> tuple[list[int], list[int]]:
    every = range(len(names))
    return [n for n in every if n % views not in kept], [n for n in every if n % views in kept]


def answers(queries: Vectors, parts: Vectors, owners: list[str]) -> Iterator[tuple[str, list[str]]]:
    scores = np.einsum("qd,gpd->qgp", queries, parts)
    whole, nearest = scores[:, :, 0], scores.max(axis=2)
    few = np.array([owners.count(owner) <= FEW for owner in owners])
    artifacts = sorted(set(owners))
    two = np.stack(
        [np.sort(nearest[:, np.array(owners) == name])[:, -2:].mean(axis=1) for name in artifacts], axis=1
    )
    for title, table, said in (
        ("whole only", whole, owners),
        (f"details up to {FEW} photos", np.where(few, nearest, whole), owners),
        ("always details", nearest, owners),
        ("details, two nearest photos", two, artifacts),
    ):
        yield title, [said[place] for place in table.argmax(axis=1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--artifacts", type=int, default=40)
    parser.add_argument("--views", type=int, default=8)
    parser.add_argument("--folder", type=Path, help="where rendered views are kept")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        found = vectors(told.folder or Path(temporary), told.artifacts, told.views)
    names = [str(number) for number in range(told.artifacts) for _ in range(told.views)]
    for place, query in ((0, "view"), (6, "detail"), (7, "synthetic photo")):
        for title, rounds in splits(names, told.views).items():
            right: dict[str, list[bool]] = {}
            for queries, gallery in rounds:
                owners, shown = [names[n] for n in gallery], [names[n] for n in queries]
                for rule, said in answers(found[queries, place], found[gallery, :6], owners):
                    hits = [one == other for one, other in zip(said, shown, strict=True)]
                    right.setdefault(rule, []).extend(hits)
            figures = ", ".join(f"{rule} {np.mean(own):.3f}" for rule, own in right.items())
            print(f"{query}, {title} in the gallery: {figures}", flush=True)


if __name__ == "__main__":
    main()
