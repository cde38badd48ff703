"""``twin place``: a museum's own artifacts set out in galleries."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from assets.catalog.cli import DEFAULT_STORE, StoreOption, err, out
from assets.catalog.store.catalog import DATABASE_NAME, Catalog
from assets.catalog.store.database import StoreError
from assets.hanging.gather import Stock
from assets.hanging.hanging import automatic, complete, hang
from assets.hanging.plan import PlanError, plan_text, read_plan
from assets.hanging.work import Hang, Problem
from assets.pipeline.refusal import PipelineError

app = typer.Typer(no_args_is_help=True)

SAMPLE = "sample"
"""Folder of the sample museum in a store; its own listing holds where there is no other."""
_TOLD_AT_MOST, _NAMED = 20, 4
"""Remarks that are printed, artifacts that are named in one; the rest is counted."""


@app.command()
def place(
    plan: Annotated[
        Path | None, typer.Argument(help="Floor plan in TOML (docs/placing.md); by rule without one.")
    ] = None,
    *,
    store: StoreOption = DEFAULT_STORE,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Without a plan: artifacts to hang, such as 'tate:T0*'; may be repeated."),
    ] = None,
    most: Annotated[int, typer.Option(help="Without a plan: most artifacts of an institution.", min=1)] = 24,
    picture: Annotated[
        Path | None, typer.Option(help="The plan drawn, PNG; pictures/plan.png in the store otherwise.")
    ] = None,
    write: Annotated[
        Path | None, typer.Option(help="Write the plan with every place stated, to correct by hand.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Judge and draw the plan; change nothing.")] = False,
) -> None:
    """Set out the catalog's artifacts in galleries, as a plan says or by rule; the server shows them."""
    drawn = picture or store / "pictures" / "plan.png"
    try:
        done = _hung(plan, store, (tuple(only or ()), most), write)
        from assets.hanging.drawing import draw_hang

        draw_hang(done, drawn)
        out.print(f"picture: {drawn}", markup=False)
        if done.faults:
            _leave(f"{len(done.faults)} faults, so nothing was placed")
        if not check:
            from assets.hanging.listing import LISTING, write_hang

            is_first = not (store / LISTING).exists()
            *_, listing = write_hang(done, store)
            out.print(f"placed: {listing}; a server that runs shows it within seconds", markup=False)
            if is_first and (store / SAMPLE / LISTING).exists():
                told = f"in place of the sample museum's galleries; remove {listing} to have them back"
                out.print(told, markup=False)
    except (PlanError, StoreError, PipelineError, ValueError) as error:
        _leave(str(error))
    except OSError as error:
        _leave(f"{error.filename}: {error.strerror}. Free the disk or choose another place, then try again")


def _hung(plan: Path | None, store: Path, choice: tuple[tuple[str, ...], int], write: Path | None) -> Hang:
    if not (store / DATABASE_NAME).exists():
        raise StoreError(
            f"{store}: holds no catalog. Name its folder with --store, or ingest an export first"
        )
    patterns, most = choice
    with Catalog(store, reading=True) as catalog:
        stock = Stock(catalog, store)
        wanted = read_plan(plan) if plan is not None else automatic(stock, most, patterns)
        done = hang(wanted, stock)
    _tell(done)
    if write is not None:
        write.write_text(plan_text(complete(wanted, done)), "utf-8")
        out.print(f"plan: {write}", markup=False)
    return done


def _tell(done: Hang) -> None:
    for gallery in done.galleries:
        room, works = gallery.room, gallery.works.values()
        scans = sum(work.measured == "scan" for work in works)
        walls = sum(placement.support == "wall" for placement in gallery.placements)
        out.print(
            f"{gallery.slug}: {room.width:g} × {room.depth:g} m, {len(works)} exhibits, "
            f"{scans} of them scanned, {walls} on walls",
            markup=False,
        )
    if done.left_out:
        out.print(f"{done.left_out:,} more artifacts are not placed: raise --most, or write a plan")
    remarks = list(_together(problem for problem in done.problems if not problem.stops))
    for remark in remarks[:_TOLD_AT_MOST]:
        err.print(f"remark {remark}", style="yellow", markup=False)
    if len(remarks) > _TOLD_AT_MOST:
        err.print(f"{len(remarks) - _TOLD_AT_MOST} more remarks")
    for fault in done.faults:
        err.print(f"fault {fault}", style="red", markup=False)


def _together(problems: Iterable[Problem]) -> Iterator[str]:
    """What is the same of many artifacts, told once."""
    same: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        same.setdefault((problem.gallery, problem.told), []).append(problem.artifact)
    for (gallery, told), artifacts in same.items():
        named = ", ".join(artifacts[:_NAMED]) + (
            f" and {len(artifacts) - _NAMED} more" if len(artifacts) > _NAMED else ""
        )
        yield f"{gallery}: {named}: {told}"


def _leave(message: str) -> None:
    err.print(f"error: {message}", style="red", markup=False)
    raise typer.Exit(1)
