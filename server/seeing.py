"""Recognition as the server runs it: from its settings to a recognizer for camera frames, kept up to date.

Needs the runtime's packages (the ``cpu`` or ``gpu`` extra); without them, and without a model or an index,
the server runs all the same and says what is missing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from server.metrics import Metrics
from server.recognition import Recognizer
from server.settings import Settings
from server.store import Museum

if TYPE_CHECKING:
    from inference.runtime.service import Load, Service, ServiceStanding, Way

_log = logging.getLogger(__name__)


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
        return {"step": "unavailable", "missing": [self._missing]}

    async def keep(self) -> None:
        """See :meth:`Seeing.keep`."""
        await asyncio.Event().wait()


class Sighted:
    """Recognition by the runtime in this process."""

    def __init__(self, service: "Service", recognizer: Recognizer, metrics: Metrics) -> None:
        self.recognizer: Recognizer | None = recognizer
        self._service = service
        service.tell = lambda standing: metrics.running_on(standing.provider or "none")
        for name in ("artifacts", "views"):
            metrics.watched(f"recognition_{name}", partial(self._count, name))
        metrics.watched("recognition_step", self._place)

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
        return {
            "step": standing.step.value,
            "degraded": standing.is_degraded,
            "provider": standing.provider,
            "model": standing.model,
            "artifacts": standing.artifacts,
            "views": standing.views,
            "missing": [f"{step.value}: {why}" for step, why in standing.passed_over],
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
    from inference.runtime.recognition import Recognition
    from inference.runtime.registry import Registry
    from inference.runtime.service import Service
    from server.local_recognizer import LocalRecognizer

    async def is_shown(artifact: str) -> bool:
        return await museum.record(artifact) is not None

    async with Registry() as registry:
        service = Service(registry, _ways(settings), load=_load(settings))
        recognition = Recognition(registry, heard=service.heard, workers=settings.frames.threads)
        try:
            recognizer = LocalRecognizer(recognition, settings.frames.deadline_s, is_shown)
            yield Sighted(service, recognizer, metrics)
        finally:
            recognition.close()


def _ways(settings: Settings) -> "Callable[[], list[Way]]":
    from inference.runtime.home import NAME, Home, Models
    from inference.runtime.service import ways_of

    told = settings.recognition
    home = Home(told.folder or settings.store / NAME)

    def declared() -> "list[Way]":
        models = home.models() if told.model is None else Models(told.model, told.gpu_model, told.small_model)
        return ways_of(home, models)

    return declared


def _load(settings: Settings) -> "Load":
    from inference.runtime.serving import Serving

    threads = settings.recognition.threads
    return lambda way: Serving.load(way.model, way.index, ladder=way.providers, threads=threads)
