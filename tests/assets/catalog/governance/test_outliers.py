"""Numbers too far from the rest of their kind."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalog.governance.outliers import EXTREMES, FEWEST, OutlierCollector
from assets.catalog.governance.policy import OutlierLimits
from assets.catalog.record import ArtifactRecord, Dimension, Term
from assets.catalog.row import Finding
from tests.assets.catalog.records import a_record


def thing(number: int, value: float, label: str = "Vase", kind: str = "height") -> ArtifactRecord:
    size = Dimension.model_validate({"kind": kind, "value": value, "unit": "kg" if kind == "weight" else "m"})
    return a_record(str(number), object_types=(Term(label=label),), dimensions=(size,))


def found(records: list[ArtifactRecord], limits: OutlierLimits | None = None) -> list[tuple[str, Finding]]:
    collector = OutlierCollector(limits or OutlierLimits())
    for record in records:
        collector.add(record)
    return list(collector.findings())


def vases(count: int = 60) -> list[ArtifactRecord]:
    chance = random.Random(1)
    return [thing(n, chance.lognormvariate(-1.2, 0.4)) for n in range(count)]


def test_a_slip_of_the_unit_is_found_in_either_direction() -> None:
    names = {artifact for artifact, _ in found([*vases(), thing(1000, 340.0), thing(1001, 0.00034)])}
    assert names == {"m:1000", "m:1001"}


def test_the_finding_names_value_usual_value_and_place() -> None:
    ((artifact, finding),) = found([*vases(), thing(1000, 340.0)])
    assert (artifact, finding.pointer, finding.severity) == ("m:1000", "/dimensions/0", "warning")
    assert finding.message.startswith("vase height of 340 stands far from the usual 0.3")


def test_a_small_group_says_nothing_of_what_is_usual() -> None:
    assert found([*vases(FEWEST - 2), thing(1000, 340.0)]) == []


def test_a_stated_limit_holds_even_where_few_are_known() -> None:
    assert [name for name, _ in found([thing(1, 3.0, "Coins", "diameter")])] == ["m:1"]
    assert found([thing(1, 0.02, "Coin", "diameter")]) == []


def test_an_institution_may_state_limits_of_its_own() -> None:
    limits = OutlierLimits(limits={"coin diameter": 5.0})
    assert found([thing(1, 3.0, "Coin", "diameter")], limits) == []


def test_equal_values_make_no_outlier_of_their_like() -> None:
    assert found([thing(n, 0.25) for n in range(100)]) == []


def test_sizes_are_compared_within_their_object_type() -> None:
    murals = [thing(n, 8.0 + n / 100, "Mural") for n in range(40)]
    assert found([*vases(), *murals]) == []


def test_not_more_than_the_stated_number_of_extremes_is_listed() -> None:
    many = [thing(1000 + n, 1e4 + n) for n in range(EXTREMES * 2)]
    assert len(found([*vases(20 * EXTREMES), *many])) == EXTREMES


@settings(max_examples=30)
@given(st.lists(st.floats(1e-4, 1e4), min_size=1, max_size=80), st.randoms(use_true_random=False))
def test_the_same_records_give_the_same_findings(values: list[float], chance: random.Random) -> None:
    records = [thing(number, value) for number, value in enumerate(values)]
    assert found(records) == found(records)


@settings(max_examples=30)
@given(st.lists(st.floats(0.01, 1.0), min_size=20, max_size=60), st.floats(0.01, 100))
def test_outliers_do_not_depend_on_the_unit(values: list[float], factor: float) -> None:
    plain = {name for name, _ in found([thing(n, v) for n, v in enumerate([*values, 1e5])])}
    scaled = {name for name, _ in found([thing(n, v * factor) for n, v in enumerate([*values, 1e5])])}
    assert f"m:{len(values)}" in plain
    assert f"m:{len(values)}" in scaled
