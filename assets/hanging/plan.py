"""A floor plan in TOML: galleries, what goes into them, and as much of where as a person wants to say.

A gallery without ``size`` is made as large as what it shows; an exhibit without ``at`` is hung by rule.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from assets.catalog.record import ArtifactId, LanguageTag, NonEmpty, Slug, Word

Metres = Annotated[float, Field(gt=0, le=200)]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
"""sRGB, ``#rrggbb``; kept in lower case."""
Place = Annotated[float, Field(ge=-200, le=200)]
Texts = dict[LanguageTag, NonEmpty]


class PlanError(ValueError):
    """A plan that cannot be read: file, field, what was expected."""


class PlannedExhibit(Word):
    """An artifact, and where it is to be."""

    artifact: ArtifactId
    at: tuple[Place, Place] | None = None
    """x, z of its middle in metres; the gallery's middle is 0, 0 and its entrance at +z. None: by rule."""
    facing: float = Field(0.0, ge=-360, le=360)
    """Degrees about the upright axis; 0 faces the entrance, 90 the right wall."""
    support: Literal["plinth", "case", "wall"] | None = None
    """None: by its shape."""
    height: float | None = Field(None, ge=0, le=20)
    """Metres: top of the plinth, or the picture's middle above the floor. None: by rule."""
    size: tuple[Metres, Metres, Metres] | None = None
    """Width, height, depth in metres, where neither scan nor record says them."""


class PlannedGallery(Word):
    """A room."""

    slug: Slug
    name: Texts = Field(default_factory=dict)
    size: tuple[Metres, Metres, Metres] | None = None
    """Width (x), height (y), depth (z) in metres. None: as large as needed."""
    wall_color: Color = "#6b6f68"
    artifacts: tuple[NonEmpty, ...] = ()
    """Patterns of artifact ids, such as ``tate:T0*``, hung by rule in order of their date."""
    most: int = Field(24, ge=1, le=500)
    """Most artifacts that patterns bring."""
    exhibits: tuple[PlannedExhibit, ...] = ()


class PlannedAnnotation(Word):
    """A text about one spot of a scanned artifact."""

    artifact: ArtifactId
    id: Slug
    point: Slug | None = None
    """Name of a point of the scan; or ``position`` and ``normal`` say where it is."""
    position: tuple[Place, Place, Place] | None = None
    """Metres in the artifact's own frame, as the viewer of `twin inspect` shows it."""
    normal: tuple[float, float, float] | None = None
    title: Texts = Field(min_length=1)
    description: Texts = Field(default_factory=dict)


class Plan(Word):
    """A museum's floor plan. Galleries follow one another from the entrance, door to door."""

    name: NonEmpty = "Museum"
    galleries: tuple[PlannedGallery, ...] = Field(min_length=1)
    annotations: tuple[PlannedAnnotation, ...] = ()


def read_plan(path: Path) -> Plan:
    """The plan in a TOML file. Raises :class:`PlanError` naming file, field and what was expected."""
    try:
        return Plan.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise PlanError(
            f"{path}: there is no such plan. Let one be made with `twin place --write {path}`"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: not TOML in UTF-8: {error}") from error
    except ValidationError as error:
        # A misspelt key says more than the field that is missing because of it.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        place = ".".join(str(step) for step in first["loc"])
        raise PlanError(f"{path}: {place}: {first['msg']}. docs/placing.md lists the keys") from error


def plan_text(plan: Plan) -> str:
    """The plan as TOML that :func:`read_plan` reads to an equal plan."""
    lines = [f"name = {_value(plan.name)}"]
    for gallery in plan.galleries:
        lines += ["", "[[galleries]]", *_keys(gallery, {"exhibits"})]
        for exhibit in gallery.exhibits:
            lines += ["", "[[galleries.exhibits]]", *_keys(exhibit, set())]
    for annotation in plan.annotations:
        lines += ["", "[[annotations]]", *_keys(annotation, set())]
    return "\n".join(lines) + "\n"


def _keys(word: Word, without: set[str]) -> list[str]:
    said = word.model_dump(mode="json", exclude_defaults=True, exclude=without)
    return [f"{key} = {_value(value)}" for key, value in said.items()]


def _value(value: object) -> str:
    """A TOML value; strings as basic strings (TOML 1.0, String)."""
    if isinstance(value, str):
        escaped = "".join(
            f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c
            for c in value.replace("\\", "\\\\").replace('"', '\\"')
        )
        return f'"{escaped}"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {_value(each)}' for key, each in value.items()) + " }"
    return str(value)
