"""A museum whose curator never rests: a store on disk that is edited at random, in every way a store can be.

Artifacts are placed, moved and taken away; records get new titles and texts; annotations come, change and
go; models are replaced; artifacts are withdrawn. Edits gather in memory and are published as an institution
would: records by an ingest, the listing by replacing its file.
"""

import hashlib
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assets.catalog.ingest import Source, ingest
from assets.catalog.record import ArtifactRecord, Text
from assets.catalog.row import Mapped
from assets.catalog.store.catalog import Catalog

INSTITUTION = "living"
THE_END = f"{INSTITUTION}:the-end"
"""Placed with the last publication; who sees it has all that came before."""
_WORDS = ("bronze", "青銅鼎", "κρατήρ", "jade disc", "Kürbis", "🏺 amphora", "lacquer", "verre soufflé")
_SHARES = (2, 1, 1, 3, 1, 1)
"""How often each kind of edit is made."""
_HALL = 4.0
"""Half the edge of the hall; metres."""


@dataclass(slots=True)
class Thing:
    """One artifact as the curator has it."""

    titles: dict[str, str]
    position: tuple[float, float, float] | None = None
    """``None`` while it stands nowhere; metres."""
    model: bytes = b"glTF"
    annotations: dict[str, dict[str, Any]] = field(default_factory=dict)


class ChangingMuseum:
    """See the module. Blocking."""

    def __init__(self, store: Path, seed: int, artifacts: int = 40) -> None:
        self.store = store
        self.edits = 0
        self.withdrawn: set[str] = set()
        self._draw = random.Random(seed)
        self._things = {f"thing-{number}": Thing(self._titles()) for number in range(artifacts)}
        self._things["the-end"] = Thing({"en": "The end"})
        self._day = 0
        self._titles_changed = True
        for name in list(self._things)[: artifacts // 2]:
            self._things[name].position = self._place()
        (store / "artifacts").mkdir(parents=True)
        self.publish()

    @property
    def placed(self) -> set[str]:
        """Identifiers of what stands in the hall and is not withdrawn."""
        return {
            f"{INSTITUTION}:{name}"
            for name, thing in self._things.items()
            if thing.position is not None and name not in self.withdrawn
        }

    def edit(self, count: int) -> None:
        """Make so many random edits; nobody sees them before :meth:`publish`."""
        kinds = [self._move, self._remove, self._retitle, self._annotate, self._erase, self._remodel]
        for _ in range(count):
            name = self._draw.choice([name for name in self._things if name != "the-end"])
            (kind,) = self._draw.choices(kinds, _SHARES)
            kind(name, self._things[name])
        self.edits += count

    def end(self) -> None:
        """Place the last artifact, in the middle of the hall."""
        self._things["the-end"].position = (0.0, 1.0, 0.0)

    def add(self, name: str, title: str, position: tuple[float, float, float], model: bytes) -> str:
        """A new artifact; its identifier."""
        self._things[name] = Thing({"en": title}, position, model)
        self._titles_changed = True
        return f"{INSTITUTION}:{name}"

    def say(self, name: str, annotation: str, words: str) -> None:
        """Write an annotation's text."""
        self._things[name].annotations[annotation] = _annotation(name, annotation, {"en": words}, self._draw)

    def withdraw(self, name: str) -> None:
        """Take an artifact from the public at once."""
        with Catalog(self.store) as catalog:
            catalog.withdraw(f"{INSTITUTION}:{name}", "its keeper asked", self._now())
        self.withdrawn.add(name)

    def publish(self) -> None:
        """Write what changed: models, then records, then the listing, each whole or not at all."""
        for thing in self._things.values():
            path = self.store / _file(thing.model)
            if not path.is_file():
                path.write_bytes(thing.model)
        if self._titles_changed:
            self._ingest()
        listing = self.store / "museum.json"
        partial = listing.with_suffix(".part")
        partial.write_text(json.dumps(self._listing()), "utf-8")
        partial.replace(listing)

    def _move(self, name: str, thing: Thing) -> None:
        thing.position = self._place()

    def _remove(self, name: str, thing: Thing) -> None:
        thing.position = None

    def _retitle(self, name: str, thing: Thing) -> None:
        thing.titles = self._titles()
        self._titles_changed = True

    def _annotate(self, name: str, thing: Thing) -> None:
        annotation = f"note-{self._draw.randint(0, 5)}"
        thing.annotations[annotation] = _annotation(name, annotation, self._titles(), self._draw)

    def _erase(self, name: str, thing: Thing) -> None:
        if thing.annotations:
            del thing.annotations[self._draw.choice(sorted(thing.annotations))]

    def _remodel(self, name: str, thing: Thing) -> None:
        thing.model = b"glTF" + self._draw.randbytes(self._draw.randint(8, 64))

    def _place(self) -> tuple[float, float, float]:
        # At the height of eyes, so that a level look rests on things.
        return (self._somewhere(), self._draw.randint(10, 12) / 8, self._somewhere())

    def _somewhere(self) -> float:
        return self._draw.randint(-int(_HALL * 8), int(_HALL * 8)) / 8

    def _titles(self) -> dict[str, str]:
        return {
            language: " ".join(self._draw.choices(_WORDS, k=self._draw.randint(1, 6)))
            for language in ("en", "de")[: self._draw.randint(1, 2)]
        }

    def _now(self) -> str:
        self._day += 1
        return f"2026-01-01T{self._day // 3600:02}:{self._day // 60 % 60:02}:{self._day % 60:02}+00:00"

    def _ingest(self) -> None:
        records = [_record(name, thing) for name, thing in self._things.items()]
        source = Source("living", "Living museum", [Mapped(one, (), b"{}") for one in records], {})
        with Catalog(self.store) as catalog:
            ingest(source, catalog, self._now(), accept=True)
        self._titles_changed = False

    def _listing(self) -> dict[str, Any]:
        placements = [
            {
                "artifact": name, "position": thing.position, "rotation": [0.0, 0.0, 0.0, 1.0],
                "support": "plinth", "support_size": [0.5, 1.0, 0.5],
                "bounds": [[x - 0.2, y, z - 0.2], [x + 0.2, y + 0.4, z + 0.2]],
            }
            for name, thing in self._things.items()
            if thing.position is not None
            for x, y, z in [thing.position]
        ]  # fmt: skip
        hall = {
            "slug": "hall", "name": {"en": "Hall"}, "size": [4 * _HALL, 5.0, 4 * _HALL], "file": "none",
            "viewpoint": {"position": [0.0, 1.6, 6.0], "target": [0.0, 1.2, 0.0]}, "placements": placements,
        }  # fmt: skip
        return {
            "format": 2, "institution": INSTITUTION, "galleries": [hall],
            "artifacts": {name: _sheet(thing) for name, thing in self._things.items()},
        }  # fmt: skip


def _sheet(thing: Thing) -> dict[str, Any]:
    return {
        "file": _file(thing.model), "sha256": hashlib.sha256(thing.model).hexdigest(),
        "bytes": len(thing.model), "triangles": len(thing.model),
        "bounds": [[-0.2, 0.0, -0.2], [0.2, 0.4, 0.2]], "annotations": list(thing.annotations.values()),
    }  # fmt: skip


def _file(model: bytes) -> str:
    return f"artifacts/{hashlib.sha256(model).hexdigest()}.glb"


def _record(name: str, thing: Thing) -> ArtifactRecord:
    titles = tuple(Text(content=told, language=tag, kind="title") for tag, told in thing.titles.items())
    labels = tuple(Text(content=f"{told}.", language=tag, kind="label") for tag, told in thing.titles.items())
    return ArtifactRecord(
        id=f"{INSTITUTION}:{name}", institution=INSTITUTION, accession=name, titles=titles, texts=labels
    )


def _annotation(name: str, annotation: str, words: dict[str, str], draw: random.Random) -> dict[str, Any]:
    return {
        "id": annotation, "motivation": draw.choice(("describing", "highlighting")),
        "bodies": [{"content": told, "language": tag, "kind": "title"} for tag, told in words.items()],
        "target": {
            "artifact": f"{INSTITUTION}:{name}", "point": annotation,
            "surface": {"position": [0.0, draw.randint(0, 3) / 8, 0.2], "normal": [0.0, 0.0, 1.0]},
        },
    }  # fmt: skip
