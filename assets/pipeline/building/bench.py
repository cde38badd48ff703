"""What the verbs of one build share: the job, the options, the store, and what is done so far."""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import BaseModel

from assets.pipeline.building.jobs import ScanJob
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.files import read_glb
from assets.pipeline.geometry.inspect import device_bytes, texture_facts
from assets.pipeline.geometry.repair import RepairOptions
from assets.pipeline.manifest import Derivative, Manifest, Point, Repair, SourceFile, TextureSize, Vector
from assets.pipeline.refusal import LIMITS, InputLimits
from assets.pipeline.scan import Scan

Tell = Callable[[str, float], None]
MASTER: Final = "master"
PLAIN: Final = "plain"
USAGES: Final = ("headset", "phone", "thumb")


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What is made of every scan of a build."""

    repair: RepairOptions = field(default_factory=RepairOptions)
    usages: tuple[str, ...] = USAGES
    encodings: tuple[str, ...] = ()
    """Beside the plain files, which every reader can open and points are measured on."""
    drift_mm: float = 2.0
    """How far a point may move to the surface without a curator's look."""
    sheet: bool = True
    """Whether a picture of the scan is rendered."""
    limits: InputLimits = LIMITS


class MasterMade(BaseModel):
    """Result of the first verb, as the cache keeps it."""

    derivative: Derivative
    source: SourceFile
    repairs: tuple[Repair, ...]
    provenance: dict[str, str]


@dataclass(slots=True)
class Bench:
    """One build at work."""

    job: ScanJob
    options: BuildOptions
    store: DerivativeStore
    previous: Manifest | None
    made: MasterMade | None = None
    levels: tuple[Derivative, ...] = ()
    remarks: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    sheet: str | None = None
    steps: list[str] = field(default_factory=list)
    """Names of the verbs that computed something."""
    _master: Scan | None = None

    @property
    def built(self) -> MasterMade:
        """The master, once it is made."""
        if self.made is None:
            raise RuntimeError("the master is made by the first verb of the recipe")
        return self.made

    @property
    def master(self) -> Scan:
        """The master as readers get it; read when first asked for."""
        if self._master is None:
            path = self.store.path(self.built.derivative.sha256)
            self._master = replace(read_glb(path), name=self.job.name)
        return self._master

    @master.setter
    def master(self, scan: Scan) -> None:
        self._master = scan

    @property
    def master_content(self) -> bytes:
        """The master's file."""
        return self.store.path(self.built.derivative.sha256).read_bytes()


def published(scan: Scan, content: bytes, store: DerivativeStore, **stated: object) -> Derivative:
    """Put a file into the store, and state what a client must know of it. ``stated`` are the other fields."""
    low, high = scan.bounds.round(6).tolist()
    bounds: tuple[Vector, Vector] = (tuple(low), tuple(high))
    return Derivative.model_validate(
        {
            "sha256": store.put(content),
            "bytes": len(content),
            "triangles": scan.triangle_count,
            "textures": tuple(
                TextureSize(use=t.use, width=t.width, height=t.height) for t in texture_facts(scan)
            ),
            "bounds": bounds,
            "extensions": required_extensions(content),
            "device_bytes": device_bytes(scan),
            **stated,
        }
    )


def required_extensions(glb: bytes) -> tuple[str, ...]:
    """The extensions that a GLB says a reader must know (glTF 2.0, section 3.12)."""
    (length,) = struct.unpack_from("<I", glb, 12)
    return tuple(sorted(json.loads(glb[20 : 20 + length]).get("extensionsRequired", ())))
