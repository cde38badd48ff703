"""The placement of a museum as its store has it."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from assets.catalog.store.database import StoreError
from server.placement_files import facing, read_placement
from server.world.interest import Interest
from server.world.space import turn
from server.world.visit import Visit


def stated() -> dict[str, Any]:
    point = {"position": [0.0, 0.2, 0.1], "normal": [0.0, 0.0, 1.0]}
    quarter = list(turn((0.0, 1.0, 0.0), math.pi / 2))
    return {
        "format": 2,
        "institution": "test",
        "artifacts": {
            "bowl": {
                "file": "artifacts/bowl.glb", "sha256": "0" * 64, "bytes": 1000, "triangles": 12,
                "bounds": [[-0.1, 0.0, -0.1], [0.1, 0.2, 0.1]],
                "annotations": [
                    {
                        "id": "rim", "bodies": [{"content": "Rim", "kind": "title", "language": "en"}],
                        "target": {"artifact": "test:bowl", "point": "rim", "surface": point},
                    }
                ],
            }
        },
        "galleries": [
            {
                "slug": "first", "size": [8, 3, 6], "site": {"position": [10, 0, 0], "rotation": quarter},
                "name": {"en": "First"}, "doors": [{"wall": "front", "offset": 1.0}],
                "occluders": [{"center": [0, 1.5, -3.1], "half": [4, 1.5, 0.1]}],
                "viewpoint": {"position": [0, 1.6, 2], "target": [0, 1.1, -1]},
                "placements": [
                    {
                        "artifact": "bowl", "position": [0.0, 1.0, -1.0], "rotation": [0, 0, 0, 1],
                        "support": "plinth", "support_size": [0.5, 1.0, 0.5],
                        "bounds": [[-0.1, 1.0, -1.1], [0.1, 1.2, -0.9]],
                    }
                ],
            }
        ],
    }  # fmt: skip


def stored(folder: Path, content: dict[str, Any]) -> Path:
    (folder / "museum.json").write_text(json.dumps(content), "utf-8")
    return folder


def test_everything_is_read_into_the_site_frame(tmp_path: Path) -> None:
    placed = read_placement(stored(tmp_path, stated()))
    (exhibit,) = placed.placement.exhibits
    # The gallery is turned a quarter to the left about +Y: its -Z is the site's -X.
    assert exhibit.artifact == "test:bowl"
    assert exhibit.pose.position == pytest.approx((9.0, 1.0, 0.0))
    assert exhibit.bounds.center == pytest.approx((9.0, 1.1, 0.0))
    assert exhibit.weight == 1000
    (spot,) = exhibit.hotspots
    assert spot.position == pytest.approx((9.1, 1.2, 0.0))
    assert spot.normal == pytest.approx((1.0, 0.0, 0.0), abs=1e-12)
    (gallery,) = placed.placement.galleries
    assert gallery.doors[0].position == pytest.approx((13.0, 0.0, -1.0))
    assert placed.placement.gallery_at((12.9, 1.6, 3.9)) is gallery
    assert placed.placement.gallery_at((13.1, 1.6, 0.0)) is None
    assert placed.placement.occluders[0].center == pytest.approx((6.9, 1.5, 0.0))


def test_a_visit_starts_at_the_viewpoint_and_sees_what_it_aims_at(tmp_path: Path) -> None:
    placed = read_placement(stored(tmp_path, stated()))
    start = placed.starts["first"]
    assert start.position == pytest.approx((12.0, 1.6, 0.0))
    visit = Visit(Interest(placed.placement))
    assert [one.artifact for one in visit.pose(start, 0).entered] == ["test:bowl"]
    assert visit.gallery == "first"


def test_what_may_not_be_shown_is_not_placed_and_makes_another_version(tmp_path: Path) -> None:
    store = stored(tmp_path, stated())
    shown, hidden = read_placement(store), read_placement(store, lambda artifact: artifact != "test:bowl")
    assert hidden.placement.exhibits == ()
    assert hidden.annotations == {}
    assert shown.placement.version == read_placement(store).placement.version != hidden.placement.version


def test_a_pose_that_faces_a_point_keeps_the_horizon_level() -> None:
    pose = facing((1.0, 1.6, 2.0), (-3.0, 0.4, 5.0))
    assert pose.ahead == pytest.approx((-4 / 5.142, -1.2 / 5.142, 3 / 5.142), abs=1e-3)
    right = pose.point((1.0, 0.0, 0.0))
    assert right[1] == pytest.approx(1.6)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda m: m.update(format=4), r"format: .* 2.*Correct it, or build it anew"),
        (lambda m: m.update(galleries=[]), "galleries: .*at least 1 item"),
        (lambda m: m["galleries"][0].update(size=[1, 2]), r"galleries\.0\.size"),
        (lambda m: m["galleries"][0]["site"].update(position=[1, 2, math.nan]), "museum.json"),
        (lambda m: m["galleries"].append(m["galleries"][0]), "two of them have the same site frame"),
        (
            lambda m: m["galleries"][0].update(placements=m["galleries"][0]["placements"] * 2),
            "is placed twice",
        ),
        (
            lambda m: m["galleries"][0]["placements"][0].update(bounds=[[1, 1, 1], [0, 0, 0]]),
            r"galleries\.0\.placements\.0\.bounds: .*above highest",
        ),
        (lambda m: m["artifacts"]["bowl"].update(bounds=[[1, 1, 1], [0, 0, 0]]), r"artifacts\.bowl\.bounds"),
        (lambda m: m["galleries"][0]["site"].update(rotation=[0, 0, 0, 0]), r"site\.rotation: .*length 1"),
        (lambda m: m["galleries"][0]["site"].update(position=[1e7, 0, 0]), r"site\.position"),
        (
            lambda m: m["galleries"][0].update(viewpoint={"position": [0, 1, 0], "target": [0, 1, 0]}),
            r"museum\.json: direction .* has length 0",
        ),
        (
            lambda m: m["galleries"][0]["placements"][0].update(artifact="test:" + "x" * 124),
            "its id has 129 characters",
        ),
    ],
)
def test_damage_is_told_with_file_field_and_remedy(tmp_path: Path, damage: Any, message: str) -> None:
    content = stated()
    damage(content)
    with pytest.raises(StoreError, match=message):
        read_placement(stored(tmp_path, content))


def test_a_store_without_placement_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"holds no placement.*twin sample build --store"):
        read_placement(tmp_path)


def test_an_artifact_without_a_scan_stands_in_the_box_its_placement_states(tmp_path: Path) -> None:
    content = stated()
    with_scan = read_placement(stored(tmp_path, content)).placement.exhibits[0]
    content["artifacts"].clear()
    (without,) = read_placement(stored(tmp_path, content)).placement.exhibits
    assert without.bounds.center == pytest.approx(with_scan.bounds.center)
    assert without.bounds.half == pytest.approx(with_scan.bounds.half)
    assert (without.weight, without.hotspots) == (0, ())
