"""Scenarios as their TOML files have them."""

from pathlib import Path

import pytest

from server.mock.scenario import ScenarioError, load_scenario, shipped

GROUP = 'name="x"\nseconds=5\n[[groups]]\nname="g"\nvisitors=1\n'


def test_every_scenario_that_comes_along_can_be_played() -> None:
    assert shipped() == ("drops", "slow", "storm", "stroll", "thousand")
    visitors = {name: load_scenario(name).visitors for name in shipped()}
    assert visitors["thousand"] == 1000
    assert visitors["storm"] == 500
    assert load_scenario("storm").arrive_s == 5


def test_a_folder_of_frames_is_found_beside_the_scenario(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name="x"\nseconds=1\n[[groups]]\nname="g"\nvisitors=1\nframes="photos"\nframe_every_s=1')
    assert load_scenario(str(path)).groups[0].frames == tmp_path / "photos"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 1", "name: Input should be a valid string"),
        ('name="x"\nseconds=5', "groups: Field required"),
        ('name="x"\nseconds=5\n[[groups]]\nname="g"\nvisitors=0', r"groups\.0\.visitors: .*greater than 0"),
        ('name="x"\nseconds=5\n[[groups]]\nname="g"\nvisitors=1\njumps=1', r"groups\.0\.jumps: Extra inputs"),
        ("name = ", "not TOML in UTF-8"),
        (f"{GROUP}eye_height=nan", r"groups\.0\.eye_height: .*finite"),
        (f"{GROUP}route=[[0, 900]]", r"groups\.0\.route\.0\.1: .*less than or equal to 500"),
        (f'{GROUP}languages=["{"x" * 36}"]', r"groups\.0\.languages\.0: .*at most 35"),
    ],
)
def test_a_damaged_scenario_is_told_with_file_and_field(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=f"mine.toml: {message}"):
        load_scenario(str(path))


@pytest.mark.parametrize("name", ["nowhere", "nowhere.toml"])
def test_a_scenario_that_is_not_there_is_answered_with_those_that_are(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"name a TOML file, or one of drops, slow, storm"):
        load_scenario(name)
