"""Artifacts of a store with their sizes: records as visitors see them, scans as they are published."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from assets.catalog.publication import visitor_record
from assets.catalog.store.catalog import Catalog
from assets.hanging.sizes import work_of
from assets.hanging.work import ScanFile, Unsized, Vector, Work
from assets.pipeline.building.store import DerivativeStore

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """What patterns brought."""

    works: tuple[Work, ...]
    """In order of their year, those without one last."""
    unsized: tuple[Unsized, ...]
    left_out: int
    """Artifacts that matched beyond the most that were wanted."""


class Stock:
    """Everything of a store that could be hung."""

    def __init__(self, catalog: Catalog, store: Path) -> None:
        """Raises :class:`~assets.pipeline.building.store.StoreError` where a scan's manifest is damaged."""
        self._catalog = catalog
        self._scans: dict[str, tuple[ScanFile, Vector, Vector]] = {}
        for manifest in DerivativeStore(store).manifests():
            if manifest.artifact is not None:
                master = manifest.master
                points = {point.name: (point.position, point.normal) for point in manifest.points}
                file = ScanFile(master.sha256, master.bytes, master.triangles, points)
                self._scans[manifest.artifact] = (file, *manifest.bounds)
        self._ids = tuple(_all_ids(catalog))
        self._known = frozenset(self._ids)

    @property
    def ids(self) -> Sequence[str]:
        """Of all artifacts that visitors may see, in order."""
        return self._ids

    @property
    def scanned(self) -> frozenset[str]:
        """Artifacts that visitors may see and that have a scan."""
        return self._known & self._scans.keys()

    def names(self) -> dict[str, str]:
        """Institution of an artifact's id to the institution's own name, as its last release states it."""
        found: dict[str, str] = {}
        for release in self._catalog.releases():
            first = next(self._catalog.records(source=release.source), None)
            report = self._catalog.summary(release.id)[0].get("report", {})
            if first is not None and report.get("institution") and release.state == "current":
                found[first.institution] = str(report["institution"])
        return found

    def is_there(self, artifact: str) -> bool:
        """Whether visitors may see it."""
        return artifact in self._known

    def why_not(self, artifact: str) -> str | None:
        """Why an artifact of the catalog is kept from visitors; ``None`` where the catalog has none."""
        if self._catalog.record(artifact) is None:
            return None
        return self._catalog.decision(artifact)[1]

    def work(self, artifact: str, stated: Vector | None = None) -> Work | Unsized:
        """The artifact with its size. Raises ``KeyError`` where visitors may not see it."""
        record = visitor_record(self._catalog, artifact)
        if record is None:
            raise KeyError(artifact)
        return work_of(record, self._scans.get(artifact), stated)

    def matching(self, patterns: Iterable[str], most: int, without: frozenset[str]) -> Found:
        """Artifacts whose id matches a pattern; of more than ``most``, scans first, then one of each of
        equal stretches of the catalog, so that what is shown is like the whole."""
        wanted = tuple(patterns)
        ids = [
            one for one in self._ids
            if one not in without and any(fnmatchcase(one, pattern) for pattern in wanted)
        ]  # fmt: skip
        scanned = [one for one in ids if one in self._scans]
        others = [one for one in ids if one not in self._scans]
        chosen: list[Work] = []
        unsized: list[Unsized] = []
        for stretch in [*([one] for one in scanned[:most]), *_stretches(others, most - len(scanned))]:
            for artifact in stretch:
                work = self.work(artifact)
                if isinstance(work, Work):
                    chosen.append(work)
                    break
                unsized.append(work)
        chosen.sort(key=lambda work: (work.year is None, work.year or 0, work.artifact))
        return Found(tuple(chosen), tuple(unsized), len(ids) - len(chosen) - len(unsized))


def _stretches(ids: Sequence[str], count: int) -> Iterator[Sequence[str]]:
    """``count`` stretches of as equal length as can be; fewer where there are fewer ids."""
    count = min(max(count, 0), len(ids))
    for number in range(count):
        yield ids[number * len(ids) // count : (number + 1) * len(ids) // count]


def _all_ids(catalog: Catalog) -> Iterator[str]:
    after = ""
    while page := catalog.ids(after=after, limit=_PAGE):
        yield from page
        after = page[-1]
