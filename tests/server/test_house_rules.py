"""Every limit of the live connection and of perception has its setting, with the default the code has."""

from server.house_rules import budget, policy, rules
from server.hub import Rules
from server.protocol.limits import SECOND
from server.protocol.messages import POSE
from server.settings import Perception, Settings
from server.settle import settle
from server.world.interest import Policy
from server.world.visit import Budget


def test_settings_as_they_come_are_the_defaults_of_the_code() -> None:
    settings = Settings()
    assert rules(settings) == Rules()
    assert policy(settings.perception) == Policy()
    assert budget(settings.perception) == Budget()


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
