"""The plain page at ``/`` that says what runs, until the web client takes its place.

Drawn on the server, without a script: a plan of every gallery with what stands in it, the address for
phones as a QR code, the way into the API.
"""

import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jinja2
import segno
from starlette.requests import Request
from starlette.responses import Response

from assets.catalog.record import ArtifactRecord
from server.holdings import Exhibit, Gallery
from server.http.api import answered
from server.http.shapes import quoted, summary
from server.http.standing import phone_uri, standing
from server.store import Museum

LANGUAGE: Final = "en"
_THINNEST: Final = 0.2
"""A picture on a wall is drawn at least so deep, or nobody would see it; metres."""

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
# Read now: rendering must not touch the disk.
_page = _templates.get_template("page.html.jinja")


@dataclass(frozen=True, slots=True)
class Mark:
    """An exhibit in a plan: its footprint in centimetres, seen from above."""

    number: int
    x: float
    z: float
    width: float
    depth: float
    turn: float
    """Degrees."""
    support: str


@dataclass(frozen=True, slots=True)
class Line:
    """An exhibit in the list beside the plan."""

    number: int
    title: str
    produced: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A gallery, drawn and listed. Centimetres; x to the right, z down: the entrance is below."""

    name: str
    width: float
    depth: float
    gaps: tuple[tuple[float, float, float, float], ...]
    """Door openings as lines: x1, y1, x2, y2."""
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]


async def page(request: Request) -> Response:
    """The page."""
    museum, settings = standing(request).museum, standing(request).settings
    plans = [await _plan(museum, gallery) for gallery in await museum.galleries()]
    html = _page.render(
        name=settings.name,
        address=phone_uri(request),
        artifacts=await museum.count(),
        plans=plans,
        encrypted=phone_uri(request).startswith("https://"),
    )
    return answered(request, html.encode(), "text/html")


async def picture(request: Request) -> Response:
    """The page's own address as a QR code (ISO/IEC 18004), SVG."""
    drawn = io.BytesIO()
    segno.make(phone_uri(request), error="m").save(drawn, kind="svg", border=2, dark="#1c1a17", light="#fff")
    return answered(request, drawn.getvalue(), "image/svg+xml")


async def _plan(museum: Museum, gallery: Gallery) -> Plan:
    width, _, depth = gallery.size
    marks, lines = [], []
    for number, exhibit in enumerate(gallery.placements, start=1):
        record = await museum.record(exhibit.artifact)
        if record is not None:
            marks.append(_mark(number, exhibit, gallery))
            lines.append(_line(number, record))
    gaps = tuple(_gap(door.wall, door.offset, width, depth) for door in gallery.doors)
    name = gallery.name.get(LANGUAGE) or gallery.slug.replace("-", " ").capitalize()
    return Plan(name, width * 100, depth * 100, gaps, tuple(marks), tuple(lines))


def _mark(number: int, exhibit: Exhibit, gallery: Gallery) -> Mark:
    width, depth = exhibit.support_size[0], exhibit.support_size[2]
    if exhibit.support == "wall":
        low, high = exhibit.bounds
        width, depth = (max(high[axis] - low[axis], _THINNEST) for axis in (0, 2))
        turn = 0.0
    else:
        x, y, z, w = exhibit.rotation
        turn = -math.degrees(math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y)))
    x, z = (
        min(max(exhibit.position[axis] + gallery.size[axis] / 2, side / 2), gallery.size[axis] - side / 2)
        for axis, side in ((0, width), (2, depth))
    )
    return Mark(number, x * 100, z * 100, width * 100, depth * 100, turn, exhibit.support)


def _line(number: int, record: ArtifactRecord) -> Line:
    told = summary(record, "")
    title = told.titles.get(LANGUAGE) or next(iter(told.titles.values()), record.accession)
    return Line(number, title, told.produced, f"/api/artifacts/{quoted(record.id)}")


def _gap(wall: str, offset: float, width: float, depth: float) -> tuple[float, float, float, float]:
    half, w, d = 90.0, width * 100, depth * 100
    if wall in ("front", "back"):
        y = d if wall == "front" else 0.0
        return (w / 2 + offset * 100 - half, y, w / 2 + offset * 100 + half, y)
    x = w if wall == "right" else 0.0
    return (x, d / 2 + offset * 100 - half, x, d / 2 + offset * 100 + half)
