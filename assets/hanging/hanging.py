"""From a plan and a store to a hang that was judged; without a plan, one gallery for each institution."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from assets.catalog.annotation import Annotation, PointTarget, SurfacePoint
from assets.catalog.record import Text
from assets.hanging.checks import problems
from assets.hanging.gather import Stock
from assets.hanging.plan import Plan, PlannedAnnotation, PlannedExhibit, PlannedGallery
from assets.hanging.poses import Spot, posed, usual_support
from assets.hanging.rows import Hung, hung
from assets.hanging.work import Hang, HungGallery, Problem, Unsized, Work
from assets.sample.galleries import EYE_HEIGHT, Gallery, Wall

_COLORS: Final = ("#8f5f4a", "#4c5a66", "#5d6453", "#6d5873", "#7a6a4f")


def automatic(stock: Stock, most: int, patterns: Sequence[str] = ()) -> Plan:
    """A plan of one gallery for each institution. Raises ``ValueError`` where the catalog shows nothing."""
    institutions = sorted({artifact.partition(":")[0] for artifact in stock.ids})
    if not institutions:
        raise ValueError("the catalog holds nothing that visitors may see; ingest an export first")
    names = stock.names()
    galleries = tuple(
        PlannedGallery(
            slug=institution, name={"und": names.get(institution, institution)},
            wall_color=_COLORS[number % len(_COLORS)], most=most,
            artifacts=tuple(p for p in patterns if p.startswith(f"{institution}:")) or (f"{institution}:*",),
        )
        for number, institution in enumerate(institutions)
        if not patterns or any(pattern.startswith(f"{institution}:") for pattern in patterns)
    )  # fmt: skip
    if not galleries:
        raise ValueError(
            f"{', '.join(patterns)}: no artifact's id begins like that. "
            f"Institutions of this catalog: {', '.join(institutions)}"
        )
    return Plan(galleries=galleries)


def hang(plan: Plan, stock: Stock) -> Hang:
    """The plan carried out, with everything that is wrong with it."""
    found: list[Problem] = list(_doubled(plan))
    galleries: list[HungGallery] = []
    stated = frozenset(exhibit.artifact for gallery in plan.galleries for exhibit in gallery.exhibits)
    taken, left_out = set(stated), 0
    for number, planned in enumerate(plan.galleries):
        matched = stock.matching(planned.artifacts, planned.most, frozenset(taken))
        taken |= {work.artifact for work in matched.works}
        left_out += matched.left_out
        found += _remarks(planned.slug, matched.unsized, stops=False)
        works, unsized = _stated_works(planned, stock)
        found += unsized
        doors: tuple[Wall, ...] = ("front", "back") if number + 1 < len(plan.galleries) else ("front",)
        gallery, homeless = _hung(planned, works, matched.works, doors)
        found += homeless
        found += problems(gallery)
        galleries.append(gallery)
    annotations, wrong = _annotations(plan.annotations, galleries)
    return Hang(plan.name, tuple(galleries), (*found, *wrong), annotations, left_out)


def complete(plan: Plan, done: Hang) -> Plan:
    """The plan with every place stated, for a person to correct."""
    return plan.model_copy(
        update={
            "galleries": tuple(
                planned.model_copy(
                    update={
                        "size": (hung.room.width, hung.room.height, hung.room.depth),
                        "artifacts": (),
                        "exhibits": tuple(_as_planned(hung, planned, work) for work in hung.works.values()),
                    }
                )
                for planned, hung in zip(plan.galleries, done.galleries, strict=True)
            )
        }
    )


def _as_planned(gallery: HungGallery, planned: PlannedGallery, work: Work) -> PlannedExhibit:
    placed = next(p for p in gallery.placements if p.slug == work.artifact)
    said = {exhibit.artifact: exhibit for exhibit in planned.exhibits}.get(work.artifact)
    x, z = (placed.low[0] + placed.high[0]) / 2, (placed.low[2] + placed.high[2]) / 2
    if placed.support == "wall":
        x, z = _to_wall(gallery.room, x, z, placed.facing)
    middle = (placed.low[1] + placed.high[1]) / 2
    return PlannedExhibit(
        artifact=work.artifact, at=(round(x, 4), round(z, 4)), facing=placed.facing, support=placed.support,
        height=round(middle if placed.support == "wall" else placed.support_size[1], 4),
        size=said.size if said else None,
    )  # fmt: skip


def _doubled(plan: Plan) -> Iterable[Problem]:
    slugs: set[str] = set()
    met: dict[str, str] = {}
    for gallery in plan.galleries:
        if gallery.slug in slugs:
            yield Problem(gallery.slug, "", "two galleries have this slug; give one another")
        slugs.add(gallery.slug)
        for exhibit in gallery.exhibits:
            if exhibit.artifact in met:
                yield Problem(
                    gallery.slug, exhibit.artifact,
                    f"is placed in {met[exhibit.artifact]} already; keep one of the two",
                )  # fmt: skip
            met[exhibit.artifact] = gallery.slug


def _remarks(gallery: str, unsized: Iterable[Unsized], *, stops: bool) -> list[Problem]:
    return [Problem(gallery, one.artifact, one.reason, stops=stops) for one in unsized]


def _stated_works(planned: PlannedGallery, stock: Stock) -> tuple[list[Work], list[Problem]]:
    works: list[Work] = []
    found: list[Problem] = []
    for exhibit in planned.exhibits:
        if not stock.is_there(exhibit.artifact):
            found.append(Problem(planned.slug, exhibit.artifact, _absent(exhibit.artifact, stock)))
            continue
        work = stock.work(exhibit.artifact, exhibit.size)
        if isinstance(work, Unsized):
            found.append(Problem(planned.slug, work.artifact, work.reason))
        elif all(one.artifact != work.artifact for one in works):
            works.append(replace(work, is_flat=exhibit.support == "wall") if exhibit.support else work)
    return works, found


def _absent(artifact: str, stock: Stock) -> str:
    kept = stock.why_not(artifact)
    if kept is not None:
        return f"is kept from visitors ({kept}); take it out of the plan, or change that decision"
    near = difflib.get_close_matches(artifact, stock.ids, n=1, cutoff=0.7)
    hint = f"did you mean {near[0]}?" if near else "`twin search WORDS` finds ids"
    return f"the catalog has no such artifact; {hint}"


def _hung(
    planned: PlannedGallery, stated: list[Work], matched: Sequence[Work], doors: tuple[Wall, ...]
) -> tuple[HungGallery, list[Problem]]:
    """One gallery; works that found no place are problems, those of patterns in a stated size remarks."""
    said = {exhibit.artifact: exhibit for exhibit in planned.exhibits}
    fixed = {one.artifact for one in stated if said[one.artifact].at is not None}
    free = [work for work in (*stated, *matched) if work.artifact not in fixed]
    layout = hung(free, doors, planned.size)
    size = planned.size or _around(layout, [said[artifact] for artifact in fixed])
    room = Gallery(
        planned.slug, size[0], size[2], size[1], planned.wall_color, tuple((door, 0.0) for door in doors),
        (), (), ((0.0, EYE_HEIGHT, size[2] / 2 - 0.8), (0.0, 1.3, -size[2] / 4)),
    )  # fmt: skip
    works: dict[str, Work] = {}
    placements = []
    for work in (*stated, *matched):
        exhibit = said.get(work.artifact)
        spot = _spot(work, exhibit, layout)
        if spot is not None:
            works[work.artifact] = work
            placements.append(posed(work, spot))
    homeless = [
        Problem(
            planned.slug, work.artifact,
            f"finds no free place in a room of {size[0]:g} × {size[2]:g} m; make the gallery larger, "
            "leave out its size, or state the place with at = [x, z]",
            stops=work.artifact in said,
        )
        for work in free if work.artifact not in works
    ]  # fmt: skip
    return HungGallery(room, dict(planned.name), tuple(placements), works), homeless


def _spot(work: Work, exhibit: PlannedExhibit | None, layout: Hung) -> Spot | None:
    if exhibit is not None and exhibit.at is not None:
        x, z = exhibit.at
        support = exhibit.support or usual_support(work)
        return Spot(x, z, exhibit.facing, support, exhibit.height)
    spot = layout.spots.get(work.artifact)
    if spot is None or exhibit is None:
        return spot
    support = exhibit.support or spot.support
    return replace(spot, support=support, height=exhibit.height)


def _around(layout: Hung, fixed: Iterable[PlannedExhibit]) -> tuple[float, float, float]:
    """A size that holds stated places as well: nobody should have to reckon it."""
    width, height, depth = layout.size
    for exhibit in fixed:
        assert exhibit.at is not None
        width, depth = max(width, 2 * abs(exhibit.at[0]) + 3.0), max(depth, 2 * abs(exhibit.at[1]) + 3.0)
    return (width, height, depth)


def _to_wall(room: Gallery, x: float, z: float, facing: float) -> tuple[float, float]:
    """The same spot on the face of the wall that a picture hangs on."""
    turned = facing % 360
    if turned == 90:
        return -room.width / 2, z
    if turned == 270:
        return room.width / 2, z
    return x, (room.depth / 2 if turned == 180 else -room.depth / 2)


def _annotations(
    planned: Iterable[PlannedAnnotation], galleries: Iterable[HungGallery]
) -> tuple[dict[str, tuple[Annotation, ...]], list[Problem]]:
    works = {artifact: work for gallery in galleries for artifact, work in gallery.works.items()}
    found: dict[str, tuple[Annotation, ...]] = {}
    wrong: list[Problem] = []
    for one in planned:
        surface = _surface(one, works.get(one.artifact))
        if isinstance(surface, str):
            wrong.append(Problem("", one.artifact, f"annotation {one.id!r}: {surface}"))
        elif any(other.id == one.id for other in found.get(one.artifact, ())):
            wrong.append(Problem("", one.artifact, f"annotation {one.id!r} is there twice; rename one"))
        else:
            found[one.artifact] = (*found.get(one.artifact, ()), _annotation(one, surface))
    return found, wrong


def _surface(planned: PlannedAnnotation, work: Work | None) -> SurfacePoint | str:
    """Where the annotation's marker is, or what is wrong."""
    if work is None:
        return "its artifact is placed nowhere; place it, or take the annotation out"
    if work.scan is None:
        return "its artifact has no scan to point at; build one with `twin build SCAN --artifact ID`"
    if planned.position is not None:
        try:
            return SurfacePoint(position=planned.position, normal=planned.normal or (0.0, 0.0, 1.0))
        except ValueError:
            return f"its normal {planned.normal} is not of length 1; state a unit vector"
    if planned.point in work.scan.points:
        position, normal = work.scan.points[planned.point]
        return SurfacePoint(position=position, normal=normal)
    known = ", ".join(sorted(work.scan.points)) or "none"
    return (
        f"the scan has no point {planned.point!r} (it has: {known}); put it into the scan's .json and build "
        "again, or state position and normal"
    )


def _annotation(planned: PlannedAnnotation, surface: SurfacePoint) -> Annotation:
    bodies = [
        Text(content=content, language=language, kind=kind)
        for kind, texts in (("title", planned.title), ("description", planned.description))
        for language, content in texts.items()
    ]
    target = PointTarget(artifact=planned.artifact, point=planned.point or planned.id, surface=surface)
    return Annotation(id=planned.id, bodies=tuple(bodies), target=target)
