"""The verb that makes the levels of detail of every usage, and writes each in the wanted encodings."""

from pydantic import BaseModel

from assets.pipeline.bench import PLAIN, Bench, published
from assets.pipeline.digest import digest, pipeline_digest
from assets.pipeline.files import glb_bytes
from assets.pipeline.manifest import Derivative
from assets.pipeline.simplify import Usage, lod_chain


class LevelsMade(BaseModel):
    """One usage's chain, as the cache keeps it."""

    derivatives: tuple[Derivative, ...]
    stopped: str | None
    """Why the chain is shorter than asked for."""


def make_levels(bench: Bench) -> None:
    """Make the chain of every usage that is wanted, or find it in the store."""
    chains = {usage: _chain(bench, usage) for usage in bench.options.usages}
    bench.levels = tuple(file for chain in chains.values() for file in chain.derivatives)
    bench.remarks = tuple(
        f"{usage}: {chain.stopped}" for usage, chain in chains.items() if chain.stopped is not None
    )


def _chain(bench: Bench, usage: str) -> LevelsMade:
    key = digest(
        "levels", pipeline_digest(), bench.built.derivative.sha256, usage, bench.options.encodings
    )  # fmt: skip
    content = bench.store.recall(key)
    if content is not None:
        made = LevelsMade.model_validate_json(content)
        if all(bench.store.holds(file.sha256, file.bytes) for file in made.derivatives):
            return made
    made = _made(bench, usage)
    bench.store.remember(key, made.model_dump_json().encode())
    bench.steps.append(usage)
    return made


def _made(bench: Bench, usage: str) -> LevelsMade:
    chain = lod_chain(bench.master, Usage(usage))
    files = []
    for quality, level in enumerate(chain.levels):
        plain = glb_bytes(level.scan)
        for encoding in (PLAIN, *bench.options.encodings):
            content = plain if encoding == PLAIN else plain
            files.append(
                published(
                    level.scan, content, bench.store,
                    usage=usage, quality=quality, encoding=encoding,
                    hausdorff_mm=round(level.hausdorff_mm, 4), rms_mm=round(level.rms_mm, 4),
                )
            )  # fmt: skip
    return LevelsMade(derivatives=tuple(files), stopped=chain.stopped)
