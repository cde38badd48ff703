"""The words of a catalog entry as curators write it in TOML: facts with their sources, texts, hotspots.

Words only. An entry is closed to unknown keys, so that a misspelt one is an error and never a lost fact.
Every table of facts names the public source (a key of ``sources``) in which it was confirmed.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from assets.catalog.record import LanguageTag, NonEmpty, Slug, Uri, Word

_YEAR: Final = re.compile(r"^(\d{1,4}) (BCE|CE)$")

Prose = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class PublicSource(Word):
    """A public page or data set in which facts were confirmed."""

    name: NonEmpty
    url: Uri
    confirmed: datetime.date
    """The day the facts were read there."""
    version: NonEmpty | None = None
    """What the source says of its own date or release."""
    license: Uri | None = None
    """License of the source's data, where it states one."""


class Fact(Word):
    """Anything that a source was asked for."""

    source: NonEmpty
    """Key in the entry's ``sources``."""
    text: NonEmpty | None = None
    """The source's own wording, where it differs from the value."""


class ObjectFacts(Fact):
    """Which object it is, and who keeps it."""

    institution: NonEmpty
    accession: NonEmpty
    url: Uri
    credit_line: NonEmpty | None = None
    medium: NonEmpty | None = None


class RightsFact(Fact):
    """What the source says may be done with its data."""

    uri: Uri | None = None
    statement: NonEmpty


class Produced(Fact):
    """When it was made: first and last year, such as ``3300 BCE`` and ``2200 BCE``.

    The first year is left out where a source knows only that the object existed by the last.
    """

    earliest: str | None = Field(None, alias="from", pattern=_YEAR.pattern)
    latest: str = Field(alias="to", pattern=_YEAR.pattern)
    circa: bool = False

    @property
    def years(self) -> tuple[int | None, int]:
        """Both bounds as astronomical years (0 is 1 BCE)."""
        earliest = None if self.earliest is None else _astronomical(self.earliest)
        return earliest, _astronomical(self.latest)


class TermFact(Fact):
    """A type, material, technique, culture or period, in both languages."""

    role: Literal["object-type", "material", "technique", "culture", "period"]
    en: NonEmpty
    zh: NonEmpty
    uncertain: bool = False


class DimensionFact(Fact):
    """A measurement as the source states it."""

    kind: Literal["height", "width", "depth", "length", "diameter", "volume", "thickness"]
    of: NonEmpty = "overall"
    value: float = Field(gt=0)
    unit: Literal["cm", "mm", "l"]


class PlaceFact(Fact):
    """A place and what it is to the object, named in English; the texts name it in both languages."""

    role: Literal["made", "found", "used", "other"]
    name: NonEmpty
    uncertain: bool = False


class MakerFact(Fact):
    """A person or group who made it."""

    name: NonEmpty
    role: NonEmpty
    qualifier: NonEmpty | None = None


class InscriptionFact(Fact):
    """What is written on it, in the source's reading."""

    content: Prose
    language: LanguageTag


class Bilingual(Word):
    """One text in both languages of the sample museum."""

    en: Prose
    zh: Prose

    def items(self) -> Iterator[tuple[LanguageTag, str]]:
        """Language tag and text, English first."""
        yield "en", self.en
        yield "zh-Hans", self.zh


class EntryTexts(Word):
    """What visitors read and hear, in the project's own words."""

    glance: Bilingual
    """One line, read in passing."""
    label: Bilingual
    """About 60 words, on the wall beside the artifact."""
    description: Bilingual
    """About 150 words, for those who stay."""
    audio_description: Bilingual
    """About 80 words for visitors who do not see it: what stands there, in the order a hand would find it."""
    simplifies: Bilingual
    """What our model of the object leaves out or assumes."""


class HotspotEntry(Word):
    """A marker on the artifact and what it opens."""

    point: Slug
    """Name of the point in the artifact's geometry."""
    title: Bilingual
    text: Bilingual


class Entry(Word):
    """One artifact of the sample museum, as its TOML file has it."""

    slug: Slug
    title: Bilingual
    sources: dict[str, PublicSource] = Field(min_length=1)
    object: ObjectFacts
    rights: RightsFact
    produced: Produced | None = None
    terms: tuple[TermFact, ...] = Field(min_length=1)
    dimensions: tuple[DimensionFact, ...] = Field(min_length=1)
    places: tuple[PlaceFact, ...] = ()
    makers: tuple[MakerFact, ...] = ()
    inscriptions: tuple[InscriptionFact, ...] = ()
    texts: EntryTexts
    hotspots: tuple[HotspotEntry, ...] = Field(min_length=3)

    def facts(self) -> Iterator[Fact]:
        """Every fact, in the file's order."""
        yield self.object
        yield self.rights
        if self.produced is not None:
            yield self.produced
        yield from (*self.terms, *self.dimensions, *self.places, *self.makers, *self.inscriptions)

    @model_validator(mode="after")
    def _sources_and_points_are_sound(self) -> "Entry":
        unknown = sorted({fact.source for fact in self.facts()} - self.sources.keys())
        if unknown:
            raise ValueError(f"source {unknown[0]!r} is not among the entry's sources {sorted(self.sources)}")
        unused = sorted(self.sources.keys() - {fact.source for fact in self.facts()})
        if unused:
            raise ValueError(f"source {unused[0]!r} confirms no fact; remove it or say what it confirms")
        points = [hotspot.point for hotspot in self.hotspots]
        if len(set(points)) < len(points):
            raise ValueError(f"two hotspots share a point: {sorted(points)}")
        return self


class GalleryEntry(Word):
    """A room: its name, the text on its wall, the artifacts it shows."""

    slug: Slug
    name: Bilingual
    wall_text: Bilingual
    artifacts: tuple[Slug, ...] = Field(min_length=1)


class StopEntry(Word):
    """One stop of a tour: the artifact and what the guide says there."""

    artifact: Slug
    text: Bilingual


class TourEntry(Word):
    """An ordered walk from artifact to artifact."""

    slug: Slug
    name: Bilingual
    introduction: Bilingual
    stops: tuple[StopEntry, ...] = Field(min_length=3)


class MuseumEntry(Word):
    """The museum as a whole."""

    name: Bilingual
    welcome: Bilingual
    galleries: tuple[GalleryEntry, ...] = Field(min_length=3)
    tours: tuple[TourEntry, ...] = Field(min_length=2)


def _astronomical(year: str) -> int:
    found = _YEAR.match(year)
    if found is None:
        raise ValueError(f"year {year!r} is not of the form '490 BCE' or '1507 CE'")
    number = int(found[1])
    return 1 - number if found[2] == "BCE" else number
