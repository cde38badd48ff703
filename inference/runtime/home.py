"""The recognition folder of a museum's store: which models serve, and where each has its index.

``models.json`` names the models where they are not those that come with the project; ``indexes/<identity>``
is the index of one model, so that a new model's index is made beside the one in service and the change from
one to the other is the replacement of one small file. ``views`` holds pictures rendered from scans.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from inference.manifest import ManifestError, read_manifest, small_of
from inference.runtime.index import newest_state
from inference.runtime.serving import CALIBRATION
from inference.shipped import shipped_model

NAME: Final = "recognition"
"""Of the folder in a store."""
_CHOICE: Final = "models.json"


@dataclass(frozen=True, slots=True)
class Models:
    """The manifests that serve, one a step of the ladder."""

    cpu: Path
    gpu: Path | None = None
    """``None``: the same as on the processor."""
    small: Path | None = None
    """One with a smaller input; ``None``: the ladder lacks that step."""

    @property
    def all(self) -> tuple[Path, ...]:
        """Each once."""
        return tuple(dict.fromkeys(path for path in (self.cpu, self.gpu, self.small) if path is not None))


class _Choice(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    cpu: str
    gpu: str | None = None
    small: str | None = None


class Home:
    """See the module."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def views(self) -> Path:
        """Pictures rendered from scans."""
        return self.folder / "views"

    @property
    def adapted(self) -> Path:
        """Models made for this museum."""
        return self.folder / "models"

    def index(self, model: Path) -> Path:
        """Where the model with that manifest has its index.

        Raises :class:`inference.manifest.ManifestError`.
        """
        return self.folder / "indexes" / read_manifest(model).identity

    def models(self) -> Models:
        """What serves here: chosen by :meth:`choose`, or what comes with the project.

        Raises :class:`inference.manifest.ManifestError` where neither is there.
        """
        path = self.folder / _CHOICE
        try:
            choice = _Choice.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return _shipped()
        except (OSError, ValidationError) as error:
            raise ManifestError(
                f"{path}: cannot be read ({error}); remove it to use the shipped one"
            ) from error
        place = {
            name: self.folder / told
            for name in ("cpu", "gpu", "small")
            if (told := getattr(choice, name)) is not None
        }
        return Models(**place)

    def choose(self, models: Models) -> None:
        """Put models into service, in one step; those outside the folder are named by their whole path.

        What comes with the project is not named: the store may move, and the project may come with another.
        """
        if _is_shipped(models):
            (self.folder / _CHOICE).unlink(missing_ok=True)
            return
        told = {name: self._told(getattr(models, name)) for name in ("cpu", "gpu", "small")}
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f".{_CHOICE}.part"
        partial.write_text(_Choice(**told).model_dump_json(indent=1), encoding="utf-8")
        partial.replace(self.folder / _CHOICE)

    def take_back(self, refused: Path, models: Models) -> bool:
        """Have these models serve again in the place of a refused one; whether the choice still named that.

        Raises :class:`inference.manifest.ManifestError` as :meth:`models`, and ``OSError``.
        """
        if refused.resolve() not in {model.resolve() for model in self.models().all}:
            return False
        self.choose(models)
        return True

    def _told(self, model: Path | None) -> str | None:
        if model is None:
            return None
        whole, folder = model.resolve(), self.folder.resolve()
        return str(whole.relative_to(folder) if whole.is_relative_to(folder) else whole)


def _shipped() -> Models:
    model = shipped_model()
    return Models(model, small=small_of(model))


def _is_shipped(models: Models) -> bool:
    try:
        shipped = _shipped()
    except ManifestError:
        return False
    return models.gpu is None and [one.resolve() for one in models.all] == [
        one.resolve() for one in shipped.all
    ]


def state_of(index: Path) -> tuple[int, int]:
    """What changes when an index does: the number of its state (0: none), and when it was calibrated."""
    try:
        calibrated = (index / CALIBRATION).stat().st_mtime_ns
    except OSError:
        calibrated = 0
    return newest_state(index), calibrated
