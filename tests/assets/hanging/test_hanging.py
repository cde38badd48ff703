"""``twin place``: from a plan or none to a museum that the server opens."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from assets.catalog.store.catalog import Catalog
from assets.hanging.gather import Stock
from assets.hanging.hanging import automatic, complete, hang
from assets.hanging.listing import listing_bytes, write_hang
from assets.hanging.plan import Plan, PlannedExhibit, PlannedGallery, plan_text, read_plan
from assets.sample.galleries import DOOR_HEIGHT, DOOR_WIDTH
from assets.sample.rooms import bench_size
from server.exhibition import open_exhibition
from server.holdings import Holdings, read_holdings
from server.placement_files import read_placement
from twin import app


def run(store: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["place", "--store", str(store), *map(str, arguments)])


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_plan_everything_with_a_size_is_hung_and_the_server_shows_it(museum: Path) -> None:
    told = run(museum)
    assert told.exit_code == 0, told.output
    placed = read_placement(museum)
    assert placed.names["m"] == {"und": "Museum"}  # as the release states it
    hung = {exhibit.artifact for exhibit in placed.placement.exhibits}
    assert hung == {*(f"m:picture-{n}" for n in range(6)), *(f"m:bowl-{n}" for n in range(5)), "m:statue"}
    assert "m:nameless: has no scan and its record states no size" in told.output
    assert "m:rope: is 40.0 m long" in told.output
    assert "m:secret" not in told.output
    showing = open_exhibition(museum)
    assert {e.artifact for e in showing.interest.placement.exhibits} == hung


def test_a_scanned_artifact_stands_with_the_bounds_of_its_scan_and_its_file(museum: Path) -> None:
    run(museum)
    statue = read_placement(museum).placement.exhibit("m:statue")
    assert statue.bounds.half == pytest.approx((0.3, 0.9, 0.25))
    assert statue.pose.position[1] == pytest.approx(0.42)  # its middle at 1.32 m
    holdings = read_holdings(museum, Holdings.none())
    assert [file.usage for file in holdings.of("m:statue")] == ["master"]
    assert holdings.galleries[0].model is not None


def test_the_plan_that_is_written_places_the_same_museum(museum: Path, tmp_path: Path) -> None:
    with Catalog(museum, reading=True) as catalog:
        stock = Stock(catalog, museum)
        plan = automatic(stock, 24)
        first = hang(plan, stock)
        path = written(tmp_path, plan_text(complete(plan, first)))
        again = hang(read_plan(path), stock)
    assert again.faults == ()
    assert listing_bytes(again) == listing_bytes(first)


def test_galleries_follow_one_another_door_to_door(museum: Path, tmp_path: Path) -> None:
    plan = written(tmp_path, """
        [[galleries]]
        slug = "clay"
        name = { en = "Clay", de = "Ton" }
        artifacts = ["m:bowl-*"]
        [[galleries]]
        slug = "paint"
        artifacts = ["m:picture-*"]
    """)  # fmt: skip
    assert run(museum, plan).exit_code == 0
    placed = read_placement(museum)
    clay, paint = placed.placement.galleries
    assert placed.names["clay"] == {"en": "Clay", "de": "Ton"}
    back_door, front_door = clay.doors[1].position, paint.doors[0].position
    assert back_door[0] == front_door[0]
    assert back_door[2] - front_door[2] == pytest.approx(0.24)  # one wall
    assert clay.interior.center[2] > paint.interior.center[2]


def test_the_walls_have_the_color_of_the_plan_and_the_doors_their_size_in_the_browser_too(
    museum: Path, tmp_path: Path
) -> None:
    plan = written(tmp_path, """
        [[galleries]]
        slug = "clay"
        wall_color = "#A0B0CC"
        artifacts = ["m:bowl-*"]
    """)  # fmt: skip
    told = run(museum, plan)
    assert told.exit_code == 0, told.output
    (clay,) = read_holdings(museum, Holdings.none()).galleries
    assert clay.wall_color == "#a0b0cc"
    (listed,) = json.loads((museum / "museum.json").read_bytes())["galleries"]
    assert listed["doors"] == [{"wall": "front", "offset": 0.0, "width": DOOR_WIDTH, "height": DOOR_HEIGHT}]


def test_benches_of_a_room_are_in_its_listing(museum: Path) -> None:
    with Catalog(museum, reading=True) as catalog:
        stock = Stock(catalog, museum)
        hung = hang(automatic(stock, 24), stock)
    furnished = replace(
        hung,
        galleries=tuple(
            replace(one, room=replace(one.room, benches=((0.5, 1.0, True),))) for one in hung.galleries
        ),
    )
    write_hang(furnished, museum)
    for gallery in read_holdings(museum, Holdings.none()).galleries:
        (bench,) = gallery.benches
        assert (bench.position, bench.size) == ((0.5, 0.0, 1.0), bench_size(turned=True))


@pytest.mark.parametrize(
    ("exhibit", "fault"),
    [
        ('artifact = "m:bowl-9"', "m:bowl-9: the catalog has no such artifact; did you mean m:bowl-"),
        ('artifact = "m:secret"', "m:secret: is kept from visitors"),
        ('artifact = "m:nameless"', "has no scan and its record states no size"),
        ('artifact = "m:bowl-1"\nat = [9.0, 0.0]', "m:bowl-1: reaches 4.2"),
        ('artifact = "m:statue"\nat = [0.0, 3.4]', "stands in the way of the front door"),
        ('artifact = "m:bowl-2"\nat = [-2.0, 0.1]', "m:bowl-0: overlaps m:bowl-2 by"),
        ('artifact = "m:bowl-0"', "m:bowl-0: is placed in hall already; keep one of the two"),
    ],
)
def test_a_fault_is_told_with_its_remedy_and_nothing_is_placed(
    exhibit: str, fault: str, museum: Path, tmp_path: Path
) -> None:
    plan = written(
        tmp_path,
        '[[galleries]]\nslug = "hall"\nsize = [10, 4, 8]\n'
        '[[galleries.exhibits]]\nartifact = "m:bowl-0"\nat = [-2.0, 0.0]\n'
        f"[[galleries.exhibits]]\n{exhibit}\n",
    )
    told = run(museum, plan)
    assert told.exit_code == 1
    assert fault in told.output
    assert "nothing was placed" in told.output
    assert not (museum / "museum.json").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[galleries]", "not TOML in UTF-8"),
        ('name = "x"', "galleries: Field required"),
        ('[[galleries]]\nslug = "a b"', "galleries.0.slug"),
        (
            '[[galleries]]\nslug = "a"\n[[galleries.exhibits]]\nartefact = "m:1"',
            "galleries.0.exhibits.0.artefact",
        ),
    ],
)
def test_a_plan_that_cannot_be_read_is_told_by_file_and_field(
    text: str, told: str, museum: Path, tmp_path: Path
) -> None:
    ended = run(museum, written(tmp_path, text))
    assert ended.exit_code == 1
    assert told in ended.output
    assert "plan.toml" in ended.output


def test_a_text_about_a_spot_is_shown_where_the_scan_has_its_point(museum: Path, tmp_path: Path) -> None:
    plan = written(tmp_path, """
        [[galleries]]
        slug = "hall"
        artifacts = ["m:statue"]
        [[annotations]]
        artifact = "m:statue"
        id = "brow"
        point = "brow"
        title = { en = "A furrowed brow" }
        description = { en = "Cut with a claw chisel." }
    """)  # fmt: skip
    assert run(museum, plan).exit_code == 0
    placed = read_placement(museum)
    (spot,) = placed.placement.exhibit("m:statue").hotspots
    statue = placed.placement.exhibit("m:statue").pose.position
    assert spot.position == pytest.approx((statue[0], statue[1] + 1.7, statue[2] + 0.2))
    (annotation,) = placed.annotations["m:statue"]
    assert annotation.body("description", "en") == "Cut with a claw chisel."


def test_a_text_about_a_point_that_is_not_there_names_those_that_are(museum: Path, tmp_path: Path) -> None:
    plan = written(
        tmp_path,
        '[[galleries]]\nslug = "hall"\nartifacts = ["m:statue"]\n[[annotations]]\nartifact = "m:statue"\n'
        'id = "nose"\npoint = "nose"\ntitle = { en = "Nose" }\n',
    )
    told = run(museum, plan)
    assert told.exit_code == 1
    assert "the scan has no point 'nose' (it has: brow)" in told.output


def test_more_than_is_wanted_is_taken_evenly_and_scans_first(museum: Path) -> None:
    with Catalog(museum, reading=True) as catalog:
        found = Stock(catalog, museum).matching(["m:picture-*", "m:statue"], 4, frozenset())
    assert [work.artifact for work in found.works] == [
        "m:picture-0",
        "m:picture-2",
        "m:picture-4",
        "m:statue",
    ]
    assert found.left_out == 3


def test_check_draws_the_plan_and_changes_nothing(museum: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn" / "plan.png"
    told = run(museum, "--check", "--picture", drawn)
    assert told.exit_code == 0, told.output
    assert not (museum / "museum.json").exists()
    with Image.open(drawn) as picture:
        assert min(picture.size) > 500


def test_whoever_places_over_the_sample_museum_is_told_how_to_have_it_back(museum: Path) -> None:
    (museum / "sample").mkdir()
    (museum / "sample" / "museum.json").write_text("{}", "utf-8")
    assert f"remove {museum / 'museum.json'} to have them back" in run(museum, "--only", "m:bowl-*").output
    assert "to have them back" not in run(museum, "--only", "m:bowl-*").output


def test_only_chooses_by_pattern_and_a_wrong_one_names_the_institutions(museum: Path) -> None:
    assert run(museum, "--only", "m:bowl-*").exit_code == 0
    assert {e.artifact for e in read_placement(museum).placement.exhibits} == {
        f"m:bowl-{n}" for n in range(5)
    }
    told = run(museum, "--only", "louvre:*")
    assert told.exit_code == 1
    assert "Institutions of this catalog: m" in told.output


def test_a_folder_without_a_catalog_is_refused_with_the_remedy(tmp_path: Path) -> None:
    told = run(tmp_path)
    assert told.exit_code == 1
    assert "holds no catalog" in told.output


def test_the_plan_of_the_page_can_be_read(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs" / "placing.md").read_text("utf-8")
    plan = read_plan(written(tmp_path, page.partition("```toml\n")[2].partition("```")[0]))
    assert [gallery.slug for gallery in plan.galleries] == ["stone", "clay"]
    assert plan.annotations[0].id == "brow"


def test_a_plan_survives_quotes_and_line_ends_in_its_texts(tmp_path: Path) -> None:
    plan = Plan(
        name='The "Blue"\nHall \\ 2',
        galleries=(
            PlannedGallery(slug="a", name={"en": "x"}, exhibits=(PlannedExhibit(artifact="m:1", at=(1, 2)),)),
        ),
    )
    assert read_plan(written(tmp_path, plan_text(plan))) == plan
