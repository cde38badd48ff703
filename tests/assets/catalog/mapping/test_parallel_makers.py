"""Makers in lists that belong together by position."""

from typing import Any

import pytest

from assets.catalog.row import Mapped
from tests.assets.catalog.records import PROFILE, mapped_row

HEAD = f'{PROFILE}\n[[fields]]\nto = "makers"\n'
BESIDE = 'role = "Role"\nborn = "BeginDate"\ndied = "EndDate"\nnationality = "Nationality"\n'


def read(rule: str, **cells: Any) -> Mapped:
    return mapped_row(HEAD + rule, **cells)


def told(outcome: Mapped) -> list[tuple[str, str | None, int | None, int | None, str | None]]:
    return [
        (
            maker.actor.name,
            maker.role,
            maker.actor.born.earliest if maker.actor.born else None,
            maker.actor.died.latest if maker.actor.died else None,
            maker.actor.nationality,
        )
        for maker in outcome.record.makers
    ]


@pytest.mark.parametrize("rule", ['name = "Artist"\n', 'name = "Artist[]"\n', 'from = "Artist"\n'])
def test_what_stands_at_the_same_position_of_each_list_is_one_makers(rule: str) -> None:
    outcome = read(
        rule + BESIDE,
        Artist=["Paul Nelson", None, "Frantz Jourdain"],
        BeginDate=[1895, 1901, 1847],
        EndDate=[1979, 0, "1935"],
        Nationality=["American", "", "French"],
        Role="Architect",
    )
    assert told(outcome) == [
        ("Paul Nelson", "Architect", 1895, 1979, "American"),
        ("Frantz Jourdain", "Architect", 1847, 1935, "French"),
    ]
    assert outcome.record.provenance["/makers/1"].text == "Frantz Jourdain"
    assert outcome.findings == ()


def test_lists_inside_an_object_are_read_side_by_side_too() -> None:
    rule = 'name = "makers.names"\nborn = "makers.born"\n'
    outcome = read(rule, makers={"names": ["Ann Lee", "Bo Roe"], "born": [1895, 1847]})
    assert [(name, born) for name, _, born, _, _ in told(outcome)] == [("Ann Lee", 1895), ("Bo Roe", 1847)]


def test_lists_of_other_lengths_are_left_out_with_a_finding() -> None:
    outcome = read(
        'name = "Artist"\n' + BESIDE,
        Artist=["Ann Lee", "Bo Roe"],
        BeginDate=[1895, 1847, 1900],
        Nationality=["Swiss"],
    )
    assert told(outcome) == [("Ann Lee", None, None, None, "Swiss"), ("Bo Roe", None, None, None, None)]
    (finding,) = outcome.findings
    assert (finding.rule, finding.severity, finding.pointer) == ("makers.unpaired", "warning", "BeginDate")
    assert finding.text == "1895, 1847, 1900"


def test_several_spellings_in_one_element_are_one_maker() -> None:
    rule = 'from = "people[]"\nname = "names"\nborn = "born"\n'
    outcome = read(rule, people=[{"names": ["Ann Lee", "A. Lee"], "born": 1895}, {"names": ["Bo Roe"]}])
    assert [(name, born) for name, _, born, _, _ in told(outcome)] == [("Ann Lee", 1895), ("Bo Roe", None)]


def test_lists_beside_the_names_of_one_element_are_read_side_by_side() -> None:
    rule = 'from = "events[]"\nname = "names"\nborn = "born"\n'
    outcome = read(rule, events=[{"names": ["Ann Lee", "Bo Roe"], "born": [1895, 1847]}])
    assert [(name, born) for name, _, born, _, _ in told(outcome)] == [("Ann Lee", 1895), ("Bo Roe", 1847)]


def test_a_condition_that_does_not_hold_keeps_lists_of_makers_out() -> None:
    rule = 'from = "Artist"\nborn = "BeginDate"\nwhen = { column = "Kind", is = "print" }\n'
    assert told(read(rule, Artist=["Ann Lee", "Bo Roe"], BeginDate=[1895, 1847], Kind="coin")) == []
