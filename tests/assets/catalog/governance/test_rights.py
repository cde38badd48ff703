"""May visitors see it."""

import pytest

from assets.catalog.governance.policy import Governance
from assets.catalog.governance.rights import decide
from tests.assets.catalog.records import a_record

IN_COPYRIGHT = "http://rightsstatements.org/vocab/InC/1.0/"


def test_what_states_no_rights_is_shown() -> None:
    assert decide(a_record(), Governance()).shows


def test_what_the_source_forbids_is_hidden_with_its_words() -> None:
    decision = decide(a_record(rights={"statement": "No display", "shows": False}), Governance())
    assert (decision.shows, "No display" in decision.reason) == (False, True)


@pytest.mark.parametrize(
    ("rights", "entry", "shows"),
    [
        ({"uri": IN_COPYRIGHT}, IN_COPYRIGHT, False),
        ({"uri": IN_COPYRIGHT}, "in copyright", True),
        ({"statement": "© The estate. All rights reserved."}, "All Rights Reserved", False),
        ({"statement": "CC0"}, "all rights reserved", True),
    ],
)
def test_the_policy_lists_rights_that_forbid_showing(
    rights: dict[str, str], entry: str, *, shows: bool
) -> None:
    decision = decide(a_record(rights=rights), Governance(hide_rights=(entry,)))
    assert decision.shows is shows
    assert bool(decision.reason) is not shows
