"""A run described: everything that decides what a training run makes, and what it was run with."""

import hashlib
import json
import platform
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from inference.manifest import Preprocessing

RUN: Final = "run.json"
"""Beside every checkpoint: what the run is, and what it was made with."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Rate = Annotated[float, Field(gt=0.0, le=1.0)]


class ExperimentError(ValueError):
    """A description of a run that cannot be used; names the field and what was expected."""


class Table(BaseModel):
    """Closed to unknown keys, so that a misspelt one is an error and never a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PictureSources(Table):
    """Where pictures come from."""

    folder: Path = Path("training/pictures")
    """Rendered views are kept here and rendered once."""
    generated: int = Field(default=1000, ge=0)
    """Artifacts drawn from the sample museum's building blocks; ``views`` pictures each."""
    views: int = Field(default=6, ge=2)
    size: int = Field(default=192, ge=32)
    """Pixels of a rendered view's side."""
    photos: tuple[Path, ...] = ()
    """``labels.csv`` of collections that may be trained on."""
    held_out: Share = 0.1
    """Share of the artifacts, or institutions, that only validate."""
    by_institution: bool = True


class Network(Table):
    """What is trained."""

    backbone: str = "efficientnet-lite0"
    embedding: int = Field(default=256, ge=0)
    """Components of the head; 0 leaves the backbone's features as they are."""
    dropout: Share = 0.1


class Loss(Table):
    """What is minimized; ``both`` adds them."""

    kind: Literal["arcface", "contrastive", "both"] = "arcface"
    scale: float = Field(default=30.0, gt=0)
    margin: float = Field(default=0.3, ge=0, lt=1.5)
    temperature: float = Field(default=0.1, gt=0)

    @property
    def has_prototypes(self) -> bool:
        """Whether artifacts have prototypes to learn."""
        return self.kind != "contrastive"


class Adversary(Table):
    """Pictures changed to be taken for others while training (PGD, Madry et al. 2018); off at ``share`` 0."""

    share: Share = 0.0
    """Of the steps that learn from changed pictures."""
    epsilon: float = Field(default=2.0, ge=0, le=64)
    """Largest change of a pixel, of 255."""
    steps: int = Field(default=2, ge=1, le=50)


class Schedule(Table):
    """How it is minimized."""

    steps: int = Field(default=600, ge=1)
    artifacts: int = Field(default=16, ge=2)
    """In a batch, with ``pictures`` of each."""
    pictures: int = Field(default=2, ge=1)
    accumulation: int = Field(default=1, ge=1)
    """Batches whose gradients make one step."""
    warm_up: int = Field(default=20, ge=0)
    """Steps in which rates rise from 0; after them they fall as a cosine."""
    rate: Rate = 4e-4
    """Of the backbone's last stage; each stage before has ``slower`` times the rate of the next."""
    head_rate: Rate = 3e-3
    slower: Rate = 0.7
    weight_decay: float = Field(default=1e-4, ge=0)
    thaw: tuple[int, ...] = (0, 0, 50, 100)
    """Step from which each stage learns, the last stage first; stages without a step never do."""
    validate_every: int = Field(default=50, ge=1)
    patience: int = Field(default=6, ge=1)
    """Validations without a better one after which training stops."""


class Experiment(Table):
    """One training run."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    seed: int = 7
    threads: int = Field(default=1, ge=1)
    pictures: PictureSources = PictureSources()
    preprocessing: Preprocessing = Preprocessing(size=160)
    network: Network = Network()
    loss: Loss = Loss()
    schedule: Schedule = Schedule()
    adversary: Adversary = Adversary()
    learning_size: int = Field(default=0, ge=0, le=1024)
    """Pixels of the input's side while learning; 0 for that of ``preprocessing``. Learning at a smaller size
    than is served costs less and fits the apparent sizes better (Touvron et al. 2019)."""
    pretrained_share: Share = 0.0
    """How much of the released weights is the pretrained network's: the two are averaged, which keeps what
    fine-tuning forgot (Wortsman et al. 2022, WiSE-FT). Not for networks with a head of their own."""
    power: float = Field(default=1.0, gt=0, le=1)
    """Each component of a released embedding is raised to it, and the length set to 1 again; 0.5 keeps the
    few strongest channels from deciding alone (Perronnin et al. 2010)."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Of training: ``auto`` mixes bf16 in where there is a GPU, and only there."""
    augmentation: Share = 1.0
    """Strength, 0 to 1."""
    whitening: int = Field(default=256, ge=0)
    """Components after PCA-whitening, fitted on the training pictures; 0 for none."""

    @model_validator(mode="after")
    def _trains_on_something(self) -> Self:
        if not self.pictures.generated and not self.pictures.photos:
            raise ValueError("pictures: 'generated' is 0 and 'photos' is empty, so there is nothing to learn")
        if self.pretrained_share and self.network.embedding:
            raise ValueError(
                "pretrained_share: a head of its own has no pretrained weights; set embedding = 0"
            )
        return self

    @property
    def learned_with(self) -> Preprocessing:
        """The preprocessing while learning."""
        return self.preprocessing.model_copy(update={"size": self.learning_size or self.preprocessing.size})

    @property
    def identity(self) -> str:
        """SHA-256 of the description."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def read_experiment(path: Path) -> Experiment:
    """Read a TOML description. Raises :class:`ExperimentError`."""
    try:
        return Experiment.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ExperimentError(f"{path}: cannot be read ({error.strerror})") from error
    except tomllib.TOMLDecodeError as error:
        raise ExperimentError(f"{path}: not TOML ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise ExperimentError(f"{path}: {where}: {first['msg']}") from error


def refuse_other_pictures(folder: Path, pictures: str) -> None:
    """Raises ``ValueError`` where the run in the folder saw pictures of another fingerprint."""
    path = folder / RUN
    try:
        known = json.loads(path.read_bytes())["pictures_sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}: cannot be read, so what its run saw is not known ({error}); name another folder"
        ) from error
    if known != pictures:
        raise ValueError(
            f"{folder}: its run began with other pictures ({known[:12]}…, now {pictures[:12]}…): name "
            "another folder, or remove this one"
        )


def save_run(folder: Path, experiment: Experiment, pictures: str) -> Path:
    """Write ``run.json``: the description, the pictures' fingerprint, git revision and environment."""
    told = {
        "experiment": experiment.model_dump(mode="json"),
        "identity": experiment.identity,
        "pictures_sha256": pictures,
        "revision": _revision(),
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "packages": {name: _version(name) for name in ("torch", "numpy", "opencv-python-headless", "numba")},
    }
    path = folder / RUN
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return path


def _revision() -> str:
    """Git revision of the code, with ``+`` where files were changed; ``unknown`` outside a repository."""
    here = Path(__file__).resolve().parent
    try:
        head = subprocess.run(
            ["git", "-C", str(here), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout.strip()
        changed = subprocess.run(
            ["git", "-C", str(here), "status", "--porcelain", "--untracked-files=no"],
            capture_output=True, text=True, timeout=10, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return head + ("+" if changed.strip() else "")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
