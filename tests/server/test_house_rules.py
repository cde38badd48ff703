"""Every limit of the live connection and of perception has its setting, with the default the code has."""

import re
from pathlib import Path

from pydantic import BaseModel

from server.house_rules import budget, grid, policy, rules
from server.hub import Rules
from server.protocol.limits import SECOND
from server.protocol.messages import POSE
from server.settings import Perception, Settings
from server.settle import settle
from server.world.interest import Grid, Policy
from server.world.visit import Budget


def test_settings_as_they_come_are_the_defaults_of_the_code() -> None:
    settings = Settings()
    assert rules(settings) == Rules()
    assert policy(settings.perception) == Policy()
    assert budget(settings.perception) == Budget()
    assert grid(settings.perception) == Grid()


def test_a_setting_of_the_live_connection_reaches_its_limit() -> None:
    flags = {"live.idle_s": 7, "live.pose.rate": 30, "live.stuck_s": 0.5, "frames.deadline_s": 0.25}
    made = rules(settle(flags).settings)
    assert made.limits.idle == 7 * SECOND
    assert made.limits.allowances[POSE].rate == 30
    assert made.limits.allowances[POSE].burst == 288
    assert made.patience.stuck == SECOND // 2
    assert made.frames.deadline == 0.25


def test_a_setting_of_perception_reaches_its_threshold() -> None:
    made = policy(Perception(label_m=(4.0, 5.0), label_s=1.0))
    assert made.label == (4.0, 5.0, 1.0)
    assert grid(Perception(cell_m=4.0, cells=16)) == Grid(4.0, 16)


def test_no_setting_is_without_effect(repository: Path) -> None:
    files = [file for file in (repository / "server").rglob("*.py") if file.name != "settings.py"]
    code = "".join(file.read_text("utf-8") for file in files)

    def names(model: type[BaseModel]) -> set[str]:
        inner = [field.annotation for field in model.model_fields.values()]
        parts = [one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)]
        return set(model.model_fields).union(*map(names, parts))

    assert {name for name in names(Settings) if not re.search(rf"\.{name}\b", code)} == set()
