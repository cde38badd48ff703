"""A scenario of a load test, as its TOML file has it: who comes, how many, and what they do."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.protocol.wire import U32_MAX, Language, Line, Token

_Within = Annotated[float, Field(ge=-500, le=500)]
"""Metres; a pose reaches no farther."""


class ScenarioError(ValueError):
    """A scenario that cannot be played: file, field, what was expected."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class Group(_Part):
    """Visitors who behave alike. A behavior whose interval is 0 is not shown."""

    name: str = Field(min_length=1)
    visitors: int = Field(gt=0, le=20_000)
    kind: Literal["headset", "phone", "desktop", "mock"] = "headset"
    languages: tuple[Language, ...] = ("en",)
    capabilities: tuple[Token, ...] = ("meshopt", "ktx2")
    byte_budget: int = Field(0, ge=0, le=U32_MAX)
    """Bytes per second the client asks for; 0: no wish."""
    pose_hz: float = Field(10.0, gt=0, le=120)
    gaze: bool = False
    """Send the gaze with each pose, resting on what is looked at."""
    route: tuple[tuple[_Within, _Within], ...] = ()
    """x, z of the site in metres, walked round and round; without one, from artifact to artifact as told."""
    eye_height: float = Field(1.6, ge=0, le=3)
    speed: float = Field(1.0, ge=0, le=5)
    """Metres per second; 0: stands and looks about."""
    dwell_s: float = Field(5.0, ge=0)
    """Seconds before an artifact, looking at it."""
    clock_every_s: float = Field(1.0, ge=0)
    """Seconds between clock requests: the echo time beside which the others are read."""
    ask_every_s: float = Field(0.0, ge=0)
    questions: tuple[Line, ...] = ("When was it made?", "Who made it?", "What is it made of?")
    frame_every_s: float = Field(0.0, ge=0)
    frames: Path | None = None
    """Folder of JPEG and PNG files that the camera sees in turn."""
    drop_every_s: float = Field(0.0, ge=0)
    """Seconds after which the line is cut without a word, again and again."""
    away_s: float = Field(2.0, ge=0)
    """Seconds until the visitor is back with the resume token."""
    read_bytes_s: int = Field(0, ge=0)
    """Bytes per second that the client reads; 0: all that comes."""


class Scenario(_Part):
    """One load test."""

    name: str = Field(min_length=1)
    description: str = ""
    seconds: float = Field(gt=0, le=3600)
    """How long it lasts from the first arrival."""
    arrive_s: float = Field(0.0, ge=0)
    """Seconds over which all visitors arrive, evenly."""
    seed: int = 1
    groups: tuple[Group, ...] = Field(min_length=1)

    @property
    def visitors(self) -> int:
        """Of all groups together."""
        return sum(group.visitors for group in self.groups)


def shipped() -> tuple[str, ...]:
    """Names of the scenarios that come with the project."""
    found = (entry.name for entry in files("server").joinpath("scenarios").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def load_scenario(name: str) -> Scenario:
    """The scenario of that name, or in the file of that path.

    Raises :class:`ScenarioError` where there is none, or where it is damaged.
    """
    path = Path(name)
    try:
        if path.suffix == ".toml":
            text, folder = path.read_text("utf-8"), path.parent
        else:
            text, folder = files("server").joinpath(f"scenarios/{name}.toml").read_text("utf-8"), Path()
        scenario = Scenario.model_validate(tomllib.loads(text))
    except FileNotFoundError as error:
        raise ScenarioError(
            f"no scenario {name!r}: name a TOML file, or one of {', '.join(shipped())}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{name}: not TOML in UTF-8: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ScenarioError(f"{name}: {place}: {first['msg']}") from error
    groups = tuple(
        group.model_copy(update={"frames": folder / group.frames}) if group.frames else group
        for group in scenario.groups
    )
    return scenario.model_copy(update={"groups": groups})
