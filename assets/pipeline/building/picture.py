"""The verb that renders the inspection sheet of the master."""

import io
from dataclasses import replace
from typing import Final

from pydantic import BaseModel

from assets.pipeline.building.bench import PLAIN, Bench
from assets.pipeline.building.digest import digest, pipeline_digest
from assets.pipeline.files import read_glb
from assets.pipeline.geometry.inspect import inspect, told
from assets.pipeline.rendering.render import RendererMissing
from assets.pipeline.rendering.sheet import inspection_sheet
from assets.pipeline.scan import Scan

_LARGE: Final = 400_000
"""Triangles above which the sheet shows the finest level instead of the master."""


class SheetMade(BaseModel):
    """Result of this verb, as the cache keeps it."""

    sha256: str


def picture_sheet(bench: Bench) -> None:
    """Render the master from four sides into the store, where a picture is wanted and can be made."""
    if not bench.options.sheet:
        return
    key = digest("sheet", pipeline_digest(), bench.built.derivative.sha256, bench.job.name)
    known = bench.store.recall(key)
    made = None if known is None else SheetMade.model_validate_json(known)
    if made is None or not bench.store.holds(made.sha256, suffix=".png"):
        try:
            content = sheet_png(_shown(bench), bench.master)
            made = SheetMade(sha256=bench.store.put(content, ".png"))
        except RendererMissing as missing:
            bench.remarks = (*bench.remarks, f"no sheet: {missing}")
            return
        bench.store.remember(key, made.model_dump_json().encode())
        bench.steps.append("sheet")
    bench.sheet = made.sha256


def _shown(bench: Bench) -> Scan:
    """The master, or of a large one its finest level, whose error is below a pixel of the sheet."""
    fine = [level for level in bench.levels if level.encoding == PLAIN and level.quality == 0]
    if bench.built.derivative.triangles <= _LARGE or not fine:
        return bench.master
    level = max(fine, key=lambda file: file.triangles)
    return replace(read_glb(bench.store.path(level.sha256)), name=bench.job.name)


def sheet_png(scan: Scan, measured: Scan | None = None) -> bytes:
    """The inspection sheet of a placed scan as PNG, with the facts of ``measured`` where that is another.

    Raises ``RendererMissing``.
    """
    content = io.BytesIO()
    lines = [line for line in told(inspect(measured or scan)).splitlines()[1:] if line.strip()]
    inspection_sheet(scan, [line.strip() for line in lines]).save(content, format="PNG")
    return content.getvalue()
