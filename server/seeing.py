"""Recognition as the server runs it: from its settings to a recognizer for camera frames, kept up to date.

Needs the runtime's packages (the ``cpu`` or ``gpu`` extra); without them, and without a model or an index,
the server runs all the same and says what is missing.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from server.metrics import Metrics
from server.recognition import Recognizer
from server.settings import Settings
from server.store import Museum

if TYPE_CHECKING:
    from inference.runtime.service import Load, Service, ServiceStanding, Way

_log = logging.getLogger(__name__)


_PATH: Final = re.compile(
    r"""(?P<quote>["'])(?P<quoted>(?:[A-Za-z]:)?[/\\].*?)(?P=quote)"""
    r"""|(?<![\w.:/\\])(?P<plain>(?:[A-Za-z]:)?[/\\][^\s"'<>|,;()]*[^\s"'<>|,;():.])"""
)
"""A file's whole path, in quotes or as one word."""


def without_folders(reason: str, known: Iterable[str] = ()) -> str:
    """A reason as people outside may read it: a file by its name, not by where it lies on this machine.

    ``known`` are whole paths of folders, which may hold spaces: their last name stays. The log has all.
    """
    for folder in sorted(known, key=len, reverse=True):
        reason = reason.replace(folder, _last(folder))

    def named(found: re.Match[str]) -> str:
        quote = found["quote"] or ""
        return f"{quote}…/{_last(found['quoted'] or found['plain'])}{quote}"

    return _PATH.sub(named, reason)


def _last(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]


class Seeing(Protocol):
    """What the server has of recognition."""

    @property
    def recognizer(self) -> Recognizer | None:
        """Looks at frames; ``None``: every frame is answered as unavailable."""

    def facts(self) -> Mapping[str, object]:
        """How it stands, for health: the step of the ladder, and what is missing for a higher one."""

    async def keep(self) -> None:
        """Keep it up to date, until cancelled."""


class Blind:
    """No recognition: switched off, or its packages are not installed."""

    def __init__(self, missing: str) -> None:
        self.recognizer: Recognizer | None = None
        self._missing = missing

    def facts(self) -> Mapping[str, object]:
        """See :meth:`Seeing.facts`."""
        return {"step": "unavailable", "missing": [without_folders(self._missing)]}

    async def keep(self) -> None:
        """See :meth:`Seeing.keep`."""
        await asyncio.Event().wait()


class Sighted:
    """Recognition by the runtime in this process."""

    def __init__(
        self, service: "Service", recognizer: Recognizer, metrics: Metrics, folders: Iterable[str] = ()
    ) -> None:
        """``folders``: whole paths that nobody outside is told."""
        self.recognizer: Recognizer | None = recognizer
        self._folders = tuple(folders)
        self._service = service
        service.tell = lambda standing: metrics.running_on(standing.provider or "none")
        for name in ("artifacts", "views"):
            metrics.watched(f"recognition_{name}", partial(self._count, name))
        metrics.watched("recognition_step", self._place)
        metrics.watched("recognition_canaries", lambda: float(bool(service.standing.canary)))
        metrics.watched("recognition_rollbacks", lambda: float(service.rollbacks))

    @property
    def standing(self) -> "ServiceStanding":
        """How it stands now."""
        return self._service.standing

    async def stands(self, is_so: Callable[["ServiceStanding"], bool]) -> "ServiceStanding":
        """Wait until the standing is so."""
        return await self._service.stands(is_so)

    def facts(self) -> Mapping[str, object]:
        """See :meth:`Seeing.facts`."""
        standing = self.standing
        rolled_back = None
        if standing.rolled_back is not None:
            model, reason = standing.rolled_back
            rolled_back = {"model": model, "reason": without_folders(reason, self._folders)}
        return {
            "step": standing.step.value,
            "degraded": standing.is_degraded,
            "provider": standing.provider,
            "model": standing.model,
            "artifacts": standing.artifacts,
            "views": standing.views,
            "missing": [
                f"{step.value}: {without_folders(why, self._folders)}" for step, why in standing.passed_over
            ],
            "canary": standing.canary or None,
            "rolled_back": rolled_back,
        }

    async def keep(self) -> None:
        """See :meth:`Seeing.keep`."""
        await self._service.keep()

    def _count(self, name: str) -> float:
        return float(getattr(self.standing, name))

    def _place(self) -> float:
        return float(list(type(self.standing.step)).index(self.standing.step))


@asynccontextmanager
async def seeing(settings: Settings, museum: Museum, metrics: Metrics) -> AsyncIterator[Seeing]:
    """Recognition for as long as the block runs. The death of a batch loop ends it."""
    if not settings.recognition.enabled:
        yield Blind("recognition.enabled is off in the settings")
        return
    try:
        # Large packages are loaded, which takes its time.
        for name in ("server.local_recognizer", "inference.runtime.service"):
            await asyncio.to_thread(import_module, name)
    except ImportError as error:
        if (error.name or "").split(".")[0] in ("server", "inference"):
            raise
        # A package may be there, but not what it needs in turn, such as a library of CUDA.
        why = str(error)
        if isinstance(error, ModuleNotFoundError):
            why = f"{error.name} is not installed: pip install 'museum-twin[cpu]'"
        _log.warning("camera frames are not recognized: %s", why)
        yield Blind(why)
        return
    from inference.runtime.canary import CanaryLimits
    from inference.runtime.recognition import Recognition
    from inference.runtime.registry import Registry
    from inference.runtime.service import Newcomers, Service
    from server.local_recognizer import LocalRecognizer

    async def is_shown(artifact: str) -> bool:
        return await museum.record(artifact) is not None

    told = settings.recognition
    async with Registry(canary_limits=CanaryLimits(longest=told.canary_s)) as registry:
        newcomers = Newcomers(told.canary_share, _take_back(settings))
        service = Service(registry, _ways(settings), load=_load(settings), newcomers=newcomers)
        recognition = Recognition(registry, heard=service.heard, workers=settings.frames.threads)
        try:
            recognizer = LocalRecognizer(recognition, settings.frames.deadline_s, is_shown)
            yield Sighted(service, recognizer, metrics, _folders(settings))
        finally:
            recognition.close()


def _folders(settings: Settings) -> list[str]:
    """Where the files of recognition lie."""
    told = settings.recognition
    models = (told.model, told.gpu_model, told.small_model)
    files = [settings.store, told.folder, *(path and path.parent for path in models)]
    return [str(path.absolute()) for path in files if path is not None]


def _ways(settings: Settings) -> "Callable[[], list[Way]]":
    from inference.runtime.home import NAME, Home, Models
    from inference.runtime.service import ways_of

    told = settings.recognition
    home = Home(told.folder or settings.store / NAME)

    def declared() -> "list[Way]":
        models = home.models() if told.model is None else Models(told.model, told.gpu_model, told.small_model)
        return ways_of(home, models)

    return declared


def _take_back(settings: Settings) -> "Callable[[Path, Sequence[Way]], str]":
    """Has the store's choice of models name again those that serve, where a new one was rolled back."""
    from inference.manifest import ManifestError
    from inference.runtime.home import NAME, Home
    from inference.runtime.service import models_of

    told = settings.recognition
    home = Home(told.folder or settings.store / NAME)

    def taken_back(refused: Path, ways: "Sequence[Way]") -> str:
        if told.model is not None:
            return "set recognition.model to the one before"
        try:
            home.take_back(refused, models_of(ways))
        except (ManifestError, OSError) as error:
            return f"name the one before by `twin index --model` ({error})"
        return ""

    return taken_back


def _load(settings: Settings) -> "Load":
    from inference.runtime.serving import Serving

    threads = settings.recognition.threads
    return lambda way: Serving.load(way.model, way.index, ladder=way.providers, threads=threads)
