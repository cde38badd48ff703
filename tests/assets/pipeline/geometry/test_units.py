"""The unit and the upright axis: stated, found by comparison with the record, or refused."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.record import ArtifactRecord, Dimension
from assets.pipeline.examined import UNITS
from assets.pipeline.geometry.units import FIT, Stated, lengths_of, unit_of, up_of, upright
from assets.pipeline.refusal import UnplacedScan

POT = {"height": 0.42, "diameter": 0.268}
"""Metres."""
AXES = ("+x", "-x", "+y", "-y", "+z", "-z")


def test_an_option_is_believed_whatever_the_file_says() -> None:
    ruling = unit_of("a.glb", (1, 2, 3), Stated("cm", "m"), {})
    assert (ruling.value, ruling.by, ruling.ratio) == ("cm", "option", None)


def test_the_file_is_believed_where_it_states_a_size_that_artifacts_have() -> None:
    assert unit_of("a.glb", (0.2, 0.4, 0.2), Stated(file="m"), {}).by == "file"


@pytest.mark.parametrize("unit", UNITS)
def test_the_record_tells_the_unit_and_how_well_it_fits(unit: str) -> None:
    factor = UNITS[unit]
    ruling = unit_of("a.ply", (0.268 / factor, 0.27 / factor, 0.42 / factor), Stated(), POT)
    assert (ruling.value, ruling.by) == (unit, "record")
    assert ruling.ratio == pytest.approx(0.27 / 0.268)
    assert unit in ruling.reason


@given(
    sides=st.tuples(*[st.floats(0.01, 10)] * 3),
    unit=st.sampled_from(sorted(UNITS)),
    off=st.floats(0.85, 1.15),
)
def test_a_box_that_fits_its_record_never_gets_another_unit(
    sides: tuple[float, float, float], unit: str, off: float
) -> None:
    lengths = dict(zip(("height", "width", "depth"), sides, strict=True))
    x, y, z = (side * off / UNITS[unit] for side in sides)
    try:
        found = unit_of("a.ply", (x, y, z), Stated(), lengths).value
    except UnplacedScan:
        found = unit  # refused, because the sides fit in two units: never guessed
    assert found == unit


def test_a_statement_that_the_record_contradicts_gives_way_and_is_reported() -> None:
    # A glTF is in metres by definition, and many are not.
    ruling = unit_of("venus.glb", (694.0, 2118.0, 637.0), Stated(file="m"), {"height": 2.12})
    assert (ruling.value, ruling.by) == ("mm", "record")
    assert "although the file states m" in ruling.reason


@pytest.mark.parametrize(
    ("extents", "stated", "lengths", "words"),
    [
        ((1.0, 2.0, 3.0), None, {}, "neither the file nor a record says of what"),
        ((1.0, 2.0, 7.0), None, POT, "in no unit"),
        ((694.0, 2118.0, 637.0), "m", {}, "no artifact measures"),
        ((0.1, 0.1, 0.1), "m", {"height": 5.0}, "which is not the record's height 5 m"),
        ((10.0, 25.4, 1.0), None, {"height": 0.254}, "fits the record in cm and in ft and in in"),
    ],
)
def test_what_nothing_states_and_nothing_fits_is_refused(
    extents: tuple[float, float, float], stated: str | None, lengths: dict[str, float], words: str
) -> None:
    with pytest.raises(UnplacedScan) as caught:
        unit_of("a.ply", extents, Stated(file=stated), lengths)
    assert words in str(caught.value)
    assert "--units" in caught.value.remedy
    assert f"mm ({max(extents) * 0.001:.3g} m long)" in caught.value.remedy


def test_no_box_fits_a_length_in_two_units() -> None:
    for one, other in itertools.combinations(UNITS.values(), 2):
        assert max(one / other, other / one) > FIT**2


@pytest.mark.parametrize(("axis", "sides"), [("x", (0.42, 0.27, 0.26)), ("z", (0.27, 0.26, 0.41))])
def test_the_side_that_is_as_long_as_the_record_is_high_stands_upright(
    axis: str, sides: tuple[float, float, float]
) -> None:
    ruling = up_of("a.ply", sides, Stated(), POT)
    assert (ruling.value, ruling.by) == (f"+{axis}", "record")
    assert "assumed" in ruling.reason


@pytest.mark.parametrize(("hole", "up"), [(-1.0, "+z"), (1.0, "-z"), (0.0, "+z")])
def test_a_thing_stands_on_its_widest_hole(hole: float, up: str) -> None:
    assert up_of("a.ply", (0.27, 0.27, 0.42), Stated(), POT, (0.0, 0.0, hole)).value == up


def test_a_format_that_defines_the_axis_is_believed_unless_the_record_says_otherwise() -> None:
    assert up_of("a.glb", (0.2, 0.4, 0.2), Stated(file="+y"), {}).by == "format"
    assert up_of("a.glb", (0.2, 0.9, 0.2), Stated(file="+y"), POT).by == "format"
    lying = up_of("a.glb", (0.42, 0.268, 0.268), Stated(file="+y"), POT)
    assert (lying.value, lying.by) == ("+x", "record")


@pytest.mark.parametrize("lengths", [{}, {"width": 0.2}, {"height": 1.0}])
def test_an_axis_that_nothing_tells_is_refused(lengths: dict[str, float]) -> None:
    with pytest.raises(UnplacedScan, match="--up"):
        up_of("a.ply", (0.2, 0.3, 0.4), Stated(), lengths)


@pytest.mark.parametrize("axis", AXES)
def test_turning_upright_mirrors_nothing(axis: str) -> None:
    turn = upright(axis)
    vector = np.eye(3)["xyz".index(axis[1])] * (1 if axis[0] == "+" else -1)
    assert turn @ vector == pytest.approx([0, 1, 0])
    assert np.linalg.det(turn) == pytest.approx(1.0)
    assert turn @ turn.T == pytest.approx(np.eye(3))


def test_lengths_are_those_of_the_whole_artifact() -> None:
    record = ArtifactRecord(
        id="museum:1",
        institution="museum",
        accession="1",
        dimensions=(
            Dimension(kind="height", value=0.4, unit="m"),
            Dimension(kind="height", value=0.42, unit="m"),
            Dimension(kind="height", value=2.0, unit="m", of="frame"),
            Dimension(kind="weight", value=3.0, unit="kg"),
            Dimension(kind="diameter", value=0.268, unit="m"),
        ),
    )
    assert lengths_of(record) == POT
