"""The sample museum's catalog: reads its TOML files into records and annotations.

Facts keep the public source that confirmed them: ``ArtifactRecord.sources`` lists the pages by address, the
entry's own file last, and each value's origin points at one of them. Texts have the entry's file as origin.
Terms carry the authority identifier that the project's tables know for them, or none.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from assets.catalog.annotation import Annotation, PointTarget
from assets.catalog.normalize.terms import term_for
from assets.catalog.record import (
    Actor,
    ArtifactRecord,
    Dimension,
    Identifier,
    Maker,
    Origin,
    Place,
    Relation,
    RequiredStatement,
    Rights,
    SourceRef,
    Term,
    Text,
    TimeSpan,
)
from assets.catalog.row import SourceError
from assets.sample.entry import (
    Bilingual,
    DimensionFact,
    Entry,
    Fact,
    GalleryEntry,
    HotspotEntry,
    MuseumEntry,
    Produced,
    TermFact,
    TourEntry,
)

FOLDER: Final = Path(__file__).resolve().parent
INSTITUTION: Final = "sample"

_ModelT = TypeVar("_ModelT", bound=BaseModel)

_SI: Final = {"cm": (0.01, "m"), "mm": (0.001, "m"), "l": (0.001, "m3")}


@dataclass(frozen=True, slots=True)
class SampleArtifact:
    """One artifact: its record, and the annotations of its hotspots (points named, not yet placed)."""

    slug: str
    record: ArtifactRecord
    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class SampleMuseum:
    """The whole catalog of the sample museum, galleries in walking order."""

    name: Bilingual
    welcome: Bilingual
    galleries: tuple[GalleryEntry, ...]
    tours: tuple[TourEntry, ...]
    artifacts: tuple[SampleArtifact, ...]

    def artifact(self, slug: str) -> SampleArtifact:
        """The artifact of that name; ``KeyError`` where there is none."""
        for artifact in self.artifacts:
            if artifact.slug == slug:
                return artifact
        raise KeyError(slug)


def load_sample(folder: Path = FOLDER) -> SampleMuseum:
    """Read ``museum.toml`` and every entry it shows from ``folder``.

    Raises :class:`SourceError` where a file is missing or damaged, or where galleries, tours and entries
    do not agree.
    """
    museum = _read(folder / "museum.toml", MuseumEntry)
    shown = [slug for gallery in museum.galleries for slug in gallery.artifacts]
    present = {path.stem for path in (folder / "artifacts").glob("*.toml")}
    _check_agreement(museum, shown, present)
    artifacts = tuple(load_artifact(folder / "artifacts" / f"{slug}.toml") for slug in shown)
    return SampleMuseum(museum.name, museum.welcome, museum.galleries, museum.tours, artifacts)


def load_artifact(path: Path) -> SampleArtifact:
    """Read one entry. Raises :class:`SourceError` naming the file and the field."""
    entry = _read(path, Entry)
    if entry.slug != path.stem:
        raise SourceError(path.name, f"slug is {entry.slug!r}", f"name it {path.stem!r} or rename the file")
    record = _record(entry, f"artifacts/{path.name}")
    annotations = tuple(_annotation(record.id, hotspot) for hotspot in entry.hotspots)
    return SampleArtifact(entry.slug, record, annotations)


def _read(path: Path, model: type[_ModelT]) -> _ModelT:
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise SourceError(path.name, "file not found", f"put it at {path}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(path.name, f"not TOML in UTF-8: {error}", "correct the file") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "entry"
        raise SourceError(path.name, f"{field}: {first['msg']}", "correct that field") from error


def _check_agreement(museum: MuseumEntry, shown: list[str], present: set[str]) -> None:
    doubled = sorted({slug for slug in shown if shown.count(slug) > 1})
    stops = {stop.artifact for tour in museum.tours for stop in tour.stops}
    for wrong, reason, remedy in (
        (doubled, "is shown in two galleries", "show it in one"),
        (sorted(set(shown) - present), "is shown but has no entry", "write artifacts/<slug>.toml"),
        (sorted(present - set(shown)), "has an entry but no gallery", "add it to a gallery"),
        (sorted(stops - set(shown)), "is a tour's stop but is not shown", "correct the stop"),
    ):
        if wrong:
            raise SourceError("museum.toml", f"{wrong[0]!r} {reason}", remedy)


class _Origins:
    """Collects where each value of one record came from."""

    def __init__(self, entry: Entry, file: str) -> None:
        self._position = {key: number for number, key in enumerate(entry.sources)}
        self.sources = tuple(
            SourceRef(file=file, row=0) for file in (*(source.url for source in entry.sources.values()), file)
        )
        self.own = len(self.sources) - 1
        self.provenance: dict[str, Origin] = {}

    def confirmed(self, pointer: str, fact: Fact, field: str, by: str = "copied") -> None:
        position = self._position[fact.source]
        self.provenance[pointer] = Origin(source=position, field=field, text=fact.text, by=by)

    def written(self, pointer: str, field: str) -> None:
        self.provenance[pointer] = Origin(source=self.own, field=field, by="written")


def _record(entry: Entry, file: str) -> ArtifactRecord:
    origins = _Origins(entry, file)
    terms = {role: _terms(entry.terms, role, origins) for role in _TERM_FIELDS}
    page = entry.object.url
    for field in ("accession", "identifiers", "relations", "credit_line", "medium"):
        origins.confirmed(f"/{field}", entry.object, "object")
    origins.confirmed("/rights", entry.rights, "rights")
    return ArtifactRecord(
        id=f"{INSTITUTION}:{entry.slug}",
        institution=INSTITUTION,
        accession=entry.object.accession,
        identifiers=(
            Identifier(value=f"{entry.object.institution}, {entry.object.accession}", kind="accession"),
            Identifier(value=page, kind="uri"),
        ),
        titles=tuple(_bilingual(entry.title, "title", "/titles", origins)),
        texts=tuple(_texts(entry, origins)),
        object_types=terms["object-type"],
        materials=terms["material"],
        techniques=terms["technique"],
        cultures=terms["culture"],
        periods=terms["period"],
        makers=tuple(_makers(entry, origins)),
        produced=_time_span(entry.produced, origins),
        medium=entry.object.medium,
        dimensions=tuple(_dimensions(entry.dimensions, origins)),
        places=tuple(_places(entry, origins)),
        credit_line=entry.object.credit_line,
        rights=Rights(uri=entry.rights.uri, statement=entry.rights.statement),
        required_statement=RequiredStatement(
            value=f"Modelled after {entry.object.institution}, {entry.object.accession}"
        ),
        relations=(Relation(kind="copy-of", target=page, label=entry.object.institution),),
        sources=origins.sources,
        provenance=origins.provenance,
    )


_TERM_FIELDS: Final = {
    "object-type": "object_types",
    "material": "materials",
    "technique": "techniques",
    "culture": "cultures",
    "period": "periods",
}


def _terms(facts: Iterable[TermFact], role: str, origins: _Origins) -> tuple[Term, ...]:
    terms: list[Term] = []
    for fact in facts:
        if fact.role != role:
            continue
        uri = term_for(fact.role, fact.en).uri
        for language, label in (("en", fact.en), ("zh-Hans", fact.zh)):
            by = "copied" if language == "en" else "translated"
            origins.confirmed(f"/{_TERM_FIELDS[role]}/{len(terms)}", fact, role, by)
            terms.append(Term(label=label, uri=uri, language=language, uncertain=fact.uncertain))
    return tuple(terms)


def _bilingual(text: Bilingual, kind: str, pointer: str, origins: _Origins) -> Iterator[Text]:
    for number, (language, content) in enumerate(text.items()):
        origins.written(f"{pointer}/{number}", kind)
        yield Text(content=content, language=language, kind=kind)


def _texts(entry: Entry, origins: _Origins) -> Iterator[Text]:
    number = 0
    for kind in ("glance", "label", "description", "audio_description", "simplifies"):
        text: Bilingual = getattr(entry.texts, kind)
        for language, content in text.items():
            origins.written(f"/texts/{number}", f"texts.{kind}")
            yield Text(content=content, language=language, kind=kind.replace("_", "-"))
            number += 1
    for fact in entry.inscriptions:
        origins.confirmed(f"/texts/{number}", fact, "inscriptions")
        yield Text(content=fact.content, language=fact.language, kind="inscription")
        number += 1


def _makers(entry: Entry, origins: _Origins) -> Iterator[Maker]:
    for number, fact in enumerate(entry.makers):
        origins.confirmed(f"/makers/{number}", fact, "makers")
        yield Maker(actor=Actor(name=fact.name, kind="person"), role=fact.role, qualifier=fact.qualifier)


def _places(entry: Entry, origins: _Origins) -> Iterator[Place]:
    for number, fact in enumerate(entry.places):
        origins.confirmed(f"/places/{number}", fact, "places")
        yield Place(name=fact.name, role=fact.role, uncertain=fact.uncertain)
    origins.confirmed(f"/places/{len(entry.places)}", entry.object, "object")
    yield Place(name=entry.object.institution, role="kept")


def _time_span(produced: Produced | None, origins: _Origins) -> TimeSpan | None:
    if produced is None:
        return None
    origins.confirmed("/produced", produced, "produced", "dated by hand")
    earliest, latest = produced.years
    return TimeSpan(
        earliest=earliest,
        latest=latest,
        circa=produced.circa,
        edtf=_edtf(earliest, latest, produced.circa),
        text=produced.text,
    )


def _edtf(earliest: int | None, latest: int, circa: bool) -> str:
    """EDTF level 1 (ISO 8601-2:2019): ``~`` marks about, ``/1959`` an unknown first year."""
    mark = "~" if circa else ""
    first, last = ("" if year is None else _edtf_year(year) + mark for year in (earliest, latest))
    return last if first == last else f"{first}/{last}"


def _edtf_year(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04d}"


def _dimensions(facts: Iterable[DimensionFact], origins: _Origins) -> Iterator[Dimension]:
    for number, fact in enumerate(facts):
        factor, unit = _SI[fact.unit]
        origins.confirmed(f"/dimensions/{number}", fact, "dimensions", f"{fact.unit} to {unit}")
        yield Dimension.model_validate(
            {
                "kind": fact.kind,
                "of": fact.of,
                "value": round(fact.value * factor, 9),
                "unit": unit,
                "stated_value": fact.value,
                "stated_unit": fact.unit,
            }
        )


def _annotation(artifact: str, hotspot: HotspotEntry) -> Annotation:
    bodies = [
        Text(content=content, language=language, kind=kind)
        for kind, text in (("title", hotspot.title), ("description", hotspot.text))
        for language, content in text.items()
    ]
    target = PointTarget(artifact=artifact, point=hotspot.point)
    return Annotation(id=hotspot.point, bodies=tuple(bodies), target=target)
