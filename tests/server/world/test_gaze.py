"""From single looks to what the gaze rests on."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.world.gaze import BLINK, FIXATION, LONGEST_GAP, NOWHERE, Look
from server.world.interest import Interest
from server.world.space import NS, Pose, Ray, Vector, minus, unit
from server.world.visit import NOTHING, Budget, Consent, Detail, Focus, Visit
from tests.server.world.scenes import exhibit, museum

MS = NS // 1000
A, B = (1, -1), (2, -1)


def test_a_look_counts_once_it_lasted_as_long_as_a_fixation() -> None:
    look = Look()
    assert [look.at(A, time * MS) for time in (0, 50, 99)] == [0, 0, 0]
    assert look.target == NOWHERE
    assert look.at(A, 100 * MS) == FIXATION, "what led to the fixation counts as dwell"
    assert look.target == A


def test_jumping_between_two_neighbors_at_every_sample_settles_on_neither() -> None:
    look = Look()
    for time in range(0, 2000, 33):
        look.at(A if (time // 33) % 2 else B, time * MS)
    assert look.target == NOWHERE


def test_a_blink_does_not_end_a_look_and_looking_away_does() -> None:
    look = Look()
    for time in range(0, 500, 20):
        look.at(A, time * MS)
    for time in range(500, 780, 20):
        assert look.at(NOWHERE, time * MS) == 0
        assert look.target == A
    for time in range(780, 1200, 20):
        look.at(NOWHERE, time * MS)
    assert look.target == NOWHERE
    assert BLINK == 300 * MS


def test_times_that_repeat_or_run_backwards_add_no_dwell() -> None:
    look = Look()
    for time in (0, 100, 200):
        look.at(A, time * MS)
    assert look.at(A, 200 * MS) == 0
    assert look.at(A, 150 * MS) == 0
    assert look.at(A, 230 * MS) == 30 * MS, "counted from the latest time so far"


def test_a_long_pause_between_two_looks_is_not_all_dwell() -> None:
    look = Look()
    for time in (0, 100):
        look.at(A, time * MS)
    assert look.at(A, 60_000 * MS) == LONGEST_GAP


@given(st.lists(st.tuples(st.sampled_from([NOWHERE, A, B]), st.integers(0, 5 * NS)), max_size=60))
def test_dwell_never_exceeds_the_time_that_passed(looks: list[tuple[tuple[int, int], int]]) -> None:
    look = Look()
    dwelt = sum(look.at(hit, time) for hit, time in looks)
    times = [time for _, time in looks]
    assert 0 <= dwelt <= (max(times) - times[0] if times else 0)


EYE = (0.0, 1.6, 0.0)
VASE = exhibit("vase", (0.0, 1.5, -1.6), (0.15, 0.2, 0.15))
BEYOND = exhibit("beyond", (0.0, 1.5, -4.0), (0.5, 0.5, 0.1))


def gazing(*exhibits_: object, consent: bool = True) -> Visit:
    visit = Visit(Interest(museum([VASE, BEYOND])), Budget(), Consent(gaze=consent))
    visit.pose(Pose(EYE), 0)
    return visit


def stare(visit: Visit, target: Vector, first: int, last: int) -> list[Detail]:
    levels = []
    for time in range(first, last, 20):
        changes = visit.gaze(Ray(EYE, unit(minus(target, EYE))), time * MS)
        levels += [one.detail for one in changes.changed if one.artifact == "test:vase"]
    return levels


def test_the_nearer_artifact_takes_the_look_and_its_detail_grows_with_dwell() -> None:
    visit = gazing()
    assert stare(visit, VASE.bounds.center, 0, 8000) == [Detail.FULL, Detail.MEDIA]
    assert visit.focus is not None
    assert visit.focus.artifact == "test:vase"
    assert "test:beyond" not in visit.seen
    assert visit.focus.dwell == visit.seen["test:vase"]
    assert visit.seen["test:vase"] == pytest.approx(7.98 * NS, rel=0.01)


def test_the_hotspot_under_the_ray_is_reported_and_one_that_faces_away_is_not() -> None:
    visit = gazing()
    stare(visit, VASE.hotspots[0].position, 0, 400)
    assert visit.focus == Focus("test:vase", "front")
    behind = Visit(Interest(museum([VASE])), Budget(), Consent(gaze=True))
    eye = (0.0, 1.6, -3.2)
    behind.pose(Pose(eye), 0)
    for time in range(0, 400, 20):
        behind.gaze(Ray(eye, unit(minus(VASE.hotspots[0].position, eye))), time * MS)
    assert behind.focus == Focus("test:vase", None)


def test_how_far_away_the_focus_is_is_measured_along_the_ray_to_the_bounds() -> None:
    visit = gazing()
    for time in range(0, 200, 20):
        visit.gaze(Ray((0.0, 1.5, 0.0), (0.0, 0.0, -1.0)), time * MS)
    assert visit.focus is not None
    assert visit.focus.distance == pytest.approx(1.6 - 0.15), "to the box's face, not to its middle"
    slanted = unit((0.1, 0.0, -1.6))
    visit.gaze(Ray((0.0, 1.5, 0.0), slanted), 200 * MS)
    assert visit.focus.distance == pytest.approx((1.6 - 0.15) / -slanted[2]), "that of the last ray"


def test_annotations_are_shown_with_the_full_text_and_removed_when_the_visitor_walks_off() -> None:
    visit = gazing()
    shown = [
        artifact
        for time in range(0, 3000, 20)
        for artifact in visit.gaze(Ray(EYE, unit(minus(VASE.bounds.center, EYE))), time * MS).shown
    ]
    assert shown == ["test:vase"]
    away = visit.pose(Pose((0.0, 1.6, 2.5)), 3000 * MS)
    assert away.hidden == ("test:vase",)


def test_without_consent_the_eyes_are_not_used_and_the_middle_of_the_view_stands_in() -> None:
    visit = gazing(consent=False)
    assert visit.gaze(Ray(EYE, unit(minus(VASE.bounds.center, EYE))), 0) is NOTHING
    assert visit.seen == {}
    for time in range(0, 600, 100):
        visit.pose(Pose(EYE), time * MS)
    assert visit.focus is not None
    assert visit.focus.artifact == "test:vase"


def test_a_wall_stops_the_gaze() -> None:
    from server.world.space import Box

    wall = Box.between((-2.0, 0.0, -1.1), (2.0, 4.0, -1.0))
    visit = Visit(Interest(museum([VASE], [wall])), Budget(), Consent(gaze=True))
    visit.pose(Pose(EYE), 0)
    stare(visit, VASE.bounds.center, 0, 1000)
    assert visit.focus is None


def recorded(shared_data: Path, name: str) -> list[dict[str, str]]:
    path = shared_data / "visitors" / "edvam_gaze" / name
    if not path.is_file():
        pytest.skip(f"no recorded gaze at {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.data
@pytest.mark.parametrize("name", ["1.csv.gz", "48.csv.gz"])
def test_gaze_recorded_in_a_virtual_museum_gives_steady_looks(shared_data: Path, name: str) -> None:
    rows = recorded(shared_data, name)
    points = [
        (float(r["L_x"]), float(r["L_y"]), float(r["L_z"])) for r in rows if float(r["confidence"]) >= 0.6
    ]
    # The exhibits are not in the recording; where people looked most stands in for them.
    often: dict[tuple[int, int, int], int] = {}
    for x, y, z in points:
        key = (round(x / 2), round(y / 2), round(z / 2))
        often[key] = often.get(key, 0) + 1
    places = sorted(often, key=lambda key: -often[key])[:40]
    placed = [
        exhibit(f"{n}", (2.0 * x, 2.0 * y, 2.0 * z), (0.9, 0.9, 0.9)) for n, (x, y, z) in enumerate(places)
    ]
    visit = Visit(Interest(museum(placed)), Budget(), Consent(gaze=True))
    refocused = looks = hits = 0
    before = None
    for row in rows:
        eye = (float(row["C_x"]), float(row["C_y"]), float(row["C_z"]))
        target = (float(row["L_x"]), float(row["L_y"]), float(row["L_z"]))
        time = int(float(row["time"]) * NS)
        visit.pose(Pose(eye), time)
        ray = None
        if float(row["confidence"]) >= 0.6 and minus(target, eye) != (0.0, 0.0, 0.0):
            ray = Ray(eye, unit(minus(target, eye)))
            looks += 1
        refocused += visit.gaze(ray, time).refocused
        hits += before is not None and visit.focus == before
        before = visit.focus
    seconds = float(rows[-1]["time"]) - float(rows[0]["time"])
    assert looks > 1000
    assert 0 < sum(visit.seen.values()) <= seconds * NS
    assert refocused / seconds < 4.0, "fixations are at most three to four a second"
    assert hits > refocused * 3, "most samples leave the focus where it is"
