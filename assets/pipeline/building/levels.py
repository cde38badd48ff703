"""The verb that makes the levels of detail of every usage, and writes each in the wanted encodings."""

import math
from collections.abc import Iterator
from functools import cached_property

from pydantic import BaseModel

from assets.pipeline.building.bench import Bench, published
from assets.pipeline.building.digest import digest, pipeline_digest
from assets.pipeline.encoding.compress import Encoding, compress
from assets.pipeline.encoding.quantize import Precision
from assets.pipeline.encoding.textures import texture_limit, with_textures_resized
from assets.pipeline.files import glb_bytes
from assets.pipeline.geometry.inspect import texture_facts
from assets.pipeline.geometry.simplify import Level, Master, Usage, lod_chain
from assets.pipeline.manifest import Derivative
from assets.pipeline.scan import Scan


class LevelsMade(BaseModel):
    """One usage's chain, as the cache keeps it."""

    derivatives: tuple[Derivative, ...]
    stopped: str | None
    """Why the chain is shorter than asked for."""


class _Shared:
    """The bench, and what chains share where one of them must be made."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    @cached_property
    def master(self) -> Master:
        return Master(self.bench.master)


def make_levels(bench: Bench) -> None:
    """Make the chain of every usage that is wanted, or find it in the store."""
    shared = _Shared(bench)
    chains = {usage: _chain(shared, Usage(usage)) for usage in bench.options.usages}
    bench.levels = tuple(file for chain in chains.values() for file in chain.derivatives)
    bench.remarks = tuple(
        f"{usage}: {chain.stopped}" for usage, chain in chains.items() if chain.stopped is not None
    )


def _chain(shared: _Shared, usage: Usage) -> LevelsMade:
    bench = shared.bench
    options = (usage.value, bench.options.encodings)
    key = digest("levels", pipeline_digest(), bench.built.derivative.sha256, options)
    content = bench.store.recall(key)
    if content is not None:
        made = LevelsMade.model_validate_json(content)
        if all(bench.store.holds(file.sha256, file.bytes) for file in made.derivatives):
            return made
    made = _made(shared, usage)
    bench.store.remember(key, made.model_dump_json().encode())
    bench.steps.append(usage.value)
    return made


def _made(shared: _Shared, usage: Usage) -> LevelsMade:
    bench, chain = shared.bench, lod_chain(shared.master, usage)
    files = tuple(
        file for quality, level in enumerate(chain.levels) for file in _files(bench, usage, quality, level)
    )
    return LevelsMade(derivatives=files, stopped=chain.stopped)


def _files(bench: Bench, usage: Usage, quality: int, level: Level) -> Iterator[Derivative]:
    """One level in every encoding, the plain one first."""
    limit = texture_limit(usage, quality)
    size = float((level.scan.bounds[1] - level.scan.bounds[0]).max())
    precision = Precision.beside(level.rms_mm, size)
    textured = _Textured(bench, level, limit)
    for encoding in (Encoding.PLAIN, *(Encoding(each) for each in bench.options.encodings)):
        scan, plain = textured[encoding is Encoding.MESHOPT_KTX2]
        rounding = 0.0 if encoding is Encoding.PLAIN else precision.position_error_mm(size)
        yield published(
            scan, compress(plain, encoding, precision), bench.store,
            usage=usage.value, quality=quality, encoding=encoding.value,
            hausdorff_mm=round(level.hausdorff_mm + rounding, 4),
            rms_mm=round(math.hypot(level.rms_mm, rounding), 4),
        )  # fmt: skip


class _Textured(dict[bool, tuple[Scan, bytes]]):
    """A level with its textures at size, and its plain file; made when first asked for.

    Under ``True`` its textures have sides of powers of two, as KTX2 on the web needs them.
    """

    def __init__(self, bench: Bench, level: Level, limit: int) -> None:
        self._bench, self._level, self._limit = bench, level, limit

    def __missing__(self, power_of_two: bool) -> tuple[Scan, bytes]:
        scan = with_textures_resized(self._level.scan, self._limit, power_of_two=power_of_two)
        as_it_is = not power_of_two and _is_master(self._bench, self._level, self._limit)
        self[power_of_two] = (scan, self._bench.master_content if as_it_is else glb_bytes(scan))
        return self[power_of_two]


def _is_master(bench: Bench, level: Level, limit: int) -> bool:
    """Whether a level is the master as it stands: then it is the same file, whose textures lose nothing."""
    textures = texture_facts(level.scan)
    return level.scan is bench.master and all(max(image.width, image.height) <= limit for image in textures)
