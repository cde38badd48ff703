"""Dimensions: wordings of many catalogs, the hand-checked sample, and properties."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.catalog.normalize.dimensions import dimension, read_dimensions
from assets.catalog.normalize.units import find_unit, to_si
from assets.catalog.record import Dimension
from tests.assets.catalog.normalize.checked import checked_rows, counted


def told(text: str, unit: str | None = None, order: str | None = None) -> str:
    """The reading in short: "overall height 26.7 cm; frame width 3 in"."""
    read = read_dimensions(text, default_unit=unit, order=order)
    return "; ".join(
        f"{one.of} {one.kind} {'~' if one.approximate else ''}{one.stated_value:g} {one.stated_unit}"
        for one in read.values
    )


WORDINGS = {
    # American museums: imperial first, metric in parentheses
    "H. 10 1/2 in. (26.7 cm)": "overall height 26.7 cm",
    "H. 12 1/4 in. (31.1 cm); diam. 9 in. (22.9 cm)": "overall height 31.1 cm; overall diameter 22.9 cm",
    "H. 7 1/16 × W. 3 × D. 2 1/4 in. (18 × 7.6 × 5.7 cm)": (
        "overall height 18 cm; overall width 7.6 cm; overall depth 5.7 cm"
    ),
    "H. 19.3 × W. 7.8 × D. 8.1 cm (7 5/8 × 3 1/16 × 3 3/16 in.)": (
        "overall height 19.3 cm; overall width 7.8 cm; overall depth 8.1 cm"
    ),
    "10 1/2 × 8 × 3 in., 15 lb. (26.7 × 20.3 × 7.6 cm, 6.8 kg)": (
        "overall height 26.7 cm; overall width 20.3 cm; overall depth 7.6 cm; overall weight 6.8 kg"
    ),
    "Diam. 4 3/4 in. (12.1 cm)": "overall diameter 12.1 cm",
    "L. 71 1/8 inches (180.7 cm)": "overall length 180.7 cm",
    "Th. 1/4 in.": "overall thickness 0.25 in",
    "H. 4-1/2 in.": "overall height 4.5 in",
    "H. 8 in., W. 3 in.": "overall height 8 in; overall width 3 in",
    "12 oz. 11 dwt. (390.5 g)": "overall weight 390.5 g",
    "Wt. 2 lb. 3 oz.": "overall weight 35 oz",
    "wt. 12.3 oz. (349 g)": "overall weight 349 g",
    "Framed: 15 1/2 × 13 × 1 5/8 in.": "frame height 15.5 in; frame width 13 in; frame depth 1.625 in",
    "9 1/4 x 7 1/4 in. (23.5 x 18.4 cm)\nFramed: 15 × 13 in.": (
        "overall height 23.5 cm; overall width 18.4 cm; frame height 15 in; frame width 13 in"
    ),
    "30 in x 24 1/2 in (76.2 cm x 62.23 cm)": "overall height 76.2 cm; overall width 62.23 cm",
    "Sheet: 13 in. × 9 1/2 in. (33 × 24.1 cm)": "sheet height 33 cm; sheet width 24.1 cm",
    "sight: 8 × 10 in.": "sight height 8 in; sight width 10 in",
    "mat opening: 9 1/2 × 11 in. (24.1 × 27.9 cm)": "mat opening height 24.1 cm; mat opening width 27.9 cm",
    "Plate trimmed: 29.1 × 20.1 cm (11 1/2 × 7 15/16 in.)": "plate height 29.1 cm; plate width 20.1 cm",
    "Other (image): 16 × 11 in.": "image height 16 in; image width 11 in",
    # modern and contemporary
    '11 x 8 1/2" (27.9 x 21.6 cm)': "overall height 27.9 cm; overall width 21.6 cm",
    "6'11\" x 5' 2\" (210.8 x 157.5 cm)": "overall height 210.8 cm; overall width 157.5 cm",
    "5'6\"": "overall other 66 in",
    "5 ft. 6 in.": "overall other 66 in",
    "20 × 15ft. 11 3/4 in. (609.6 × 487 cm)": "overall height 609.6 cm; overall width 487 cm",
    'composition: 10 x 8" (25.4 x 20.3 cm); sheet: 15 x 12" (38 x 30.5 cm)': (
        "image height 25.4 cm; image width 20.3 cm; sheet height 38 cm; sheet width 30.5 cm"
    ),
    "13 × 15 × 4 ft.": "overall height 13 ft; overall width 15 ft; overall depth 4 ft",
    "35mm film, black and white, 12 min.": "overall duration 12 min",
    "12 min., 30 sec": "overall duration 750 s",
    "duration: 3min, 20sec": "overall duration 200 s",
    "Duration: 1:02:03": "overall duration 3723 s",
    "overall display dimensions variable": "",
    # metric first, with kinds spelled out
    "26.7 × 12 cm": "overall height 26.7 cm; overall width 12 cm",
    "Overall: 26.7 x 12 cm (10 1/2 x 4 3/4 in.)": "overall height 26.7 cm; overall width 12 cm",
    "Diameter: 12.5 cm (4 15/16 in.)": "overall diameter 12.5 cm",
    "Height: 26.7 cm, Width: 12 cm, Depth: 5 cm": (
        "overall height 26.7 cm; overall width 12 cm; overall depth 5 cm"
    ),
    "Height: 12.50 centimetres": "overall height 12.5 cm",
    "Diameter: 20 millimetres; Weight: 3.45 grammes": "overall diameter 20 mm; overall weight 3.45 g",
    "H x W x D: 15.2 x 10 x 5 cm (6 x 3 15/16 x 1 15/16 in.)": (
        "overall height 15.2 cm; overall width 10 cm; overall depth 5 cm"
    ),
    "15.2 x 10 x 5 cm (L x W x H)": "overall length 15.2 cm; overall width 10 cm; overall height 5 cm",
    "HxWxD 10 x 20 x 30 mm": "overall height 10 mm; overall width 20 mm; overall depth 30 mm",
    "height 12 cm × width 3 cm × depth 4.5 cm": (
        "overall height 12 cm; overall width 3 cm; overall depth 4.5 cm"
    ),
    "support: 343 x 467 mm": "support height 343 mm; support width 467 mm",
    "object: 1702 x 813 x 1035 mm, 386kg": (
        "overall height 1702 mm; overall width 813 mm; overall depth 1035 mm; overall weight 386 kg"
    ),
    "overall: 4 in x 3 in; 10.16 cm x 7.62 cm": "overall height 10.16 cm; overall width 7.62 cm",
    "17060 mm long and 60 mm in diameter": "overall length 17060 mm; overall diameter 60 mm",
    "120 in. high (304.8 cm)": "overall height 304.8 cm",
    '19" W x 38" L': "overall width 19 in; overall length 38 in",
    "12 cm (h) x 5 cm (w)": "overall height 12 cm; overall width 5 cm",
    "Height (mm): 343": "overall height 343 mm",
    "H. 26.7, W. 12, D. 5 cm": "overall height 26.7 cm; overall width 12 cm; overall depth 5 cm",
    "each: 12 x 5 cm": "overall height 12 cm; overall width 5 cm",
    "Overall (approx.): 12 x 5 cm": "overall height ~12 cm; overall width ~5 cm",
    "ca. 12 cm": "overall other ~12 cm",
    "12 cm (approx)": "overall other ~12 cm",
    "Depth: 1.0-3.5 cm": "overall depth ~3.5 cm",
    "diam. of body 23.1–.4 cm": "body diameter ~23.4 cm",
    "diam. of rim 31.9 cm (outside); diam. of rim (inside) 25.7 cm": (
        "rim, outside diameter 31.9 cm; rim, inside diameter 25.7 cm"
    ),
    "diam. of foot (as restored) 17.1 cm. Capacity to rim 11.124 liters.": (
        "foot diameter 17.1 cm; to rim volume 11.124 l"
    ),
    "width with handles 37 cm": "with handles width 37 cm",
    "1,250 kg": "overall weight 1250 kg",
    "1½ × 2¾ in.": "overall height 1.5 in; overall width 2.75 in",
    "Area: 4.5 m²": "overall area 4.5 m2",
    "3 sq. ft.": "overall area 3 ft2",
    # Europe
    "12,5 cm": "overall other 12.5 cm",
    "Höhe: 12,5 cm; Breite: 5 cm, Tiefe 3 cm, Gewicht 250 g": (
        "overall height 12.5 cm; overall width 5 cm; overall depth 3 cm; overall weight 250 g"
    ),
    "H 12,5 cm, B 5 cm, T 3 cm": "overall height 12.5 cm; overall width 5 cm; overall depth 3 cm",
    "Durchmesser 4,2 cm": "overall diameter 4.2 cm",
    "Rahmen: 50 x 60 cm": "frame height 50 cm; frame width 60 cm",
    "H. 30 cm ; L. 20 cm ; l. 10 cm": "overall height 30 cm; overall length 20 cm; overall width 10 cm",
    "hauteur : 30 cm ; largeur : 20 cm ; épaisseur : 2 cm": (
        "overall height 30 cm; overall width 20 cm; overall thickness 2 cm"
    ),
    "hoogte 30 cm × breedte 20 cm × diepte 4,5 cm": (
        "overall height 30 cm; overall width 20 cm; overall depth 4.5 cm"
    ),
    "altezza cm 30": "overall height 30 cm",
    "cm 50 x 70": "overall height 50 cm; overall width 70 cm",
    "altezza 30 cm, larghezza 20 cm": "overall height 30 cm; overall width 20 cm",
    "alto 30 cm; ancho 20 cm; fondo 10 cm": "overall height 30 cm; overall width 20 cm; overall depth 10 cm",
    "lijst: hoogte 50 cm": "frame height 50 cm",
    "45 × 67 cm (ohne Rahmen), 60 × 80 cm (mit Rahmen)": (
        "overall height 45 cm; overall width 67 cm; frame height 60 cm; frame width 80 cm"
    ),
    "Hauteur en cm : 32 ; Largeur en cm : 25": "overall height 32 cm; overall width 25 cm",
    "h. cm 32, diam. cm 12,5": "overall height 32 cm; overall diameter 12.5 cm",
    "高 32.5 cm 口径 12 cm": "overall height 32.5 cm; overall diameter 12 cm",
    # several conventions in one text
    "H. 8 1/16 in. (20.5 cm); W. at base 3 1/2 in. (8.9 cm)": "overall height 20.5 cm; base width 8.9 cm",
    "H. with cover 9 7/8 in. (25.1 cm)": "with cover height 25.1 cm",
    "a: H. 10 in. (25.4 cm); b: H. 8 in. (20.3 cm)": "a height 25.4 cm; b height 20.3 cm",
    "H. 10 in. (25.4 cm) × W. 5 in. (12.7 cm)": "overall height 25.4 cm; overall width 12.7 cm",
    "17.5 × 10 in. (44.5 cm, 25.4 cm)": "overall height 44.5 cm; overall width 25.4 cm",
    "15.5 (height) x 9.2 (width) x 4 (depth) cm": (
        "overall height 15.5 cm; overall width 9.2 cm; overall depth 4 cm"
    ),
    '12 1/2" (31.8 cm) high, 5" (12.7 cm) wide': "overall height 31.8 cm; overall width 12.7 cm",
    "3' 6\" H x 2' W x 1' D": "overall height 42 in; overall width 2 ft; overall depth 1 ft",
    "height 90 mm × width 120 mm × diameter 30 mm × weight 2 kg": (
        "overall height 90 mm; overall width 120 mm; overall diameter 30 mm; overall weight 2 kg"
    ),
    "Closed: 12 × 5 in.": "closed height 12 in; closed width 5 in",
    "sheet: 30 x 20 cm (trimmed to platemark)": "sheet height 30 cm; sheet width 20 cm",
    "67 in x 7 1/8 in x 1.5 (170.2 cm x 18.1 cm cm)": (
        "overall height 170.2 cm; overall width 18.1 cm; overall depth 1.5 in"
    ),
    "support: 533 x 648 mm\nframe: 735 x 845 x 100": (
        "support height 533 mm; support width 648 mm; frame height 735 mm; frame width 845 mm; "
        "frame depth 100 mm"
    ),
    # not dimensions
    "": "",
    "see note": "",
    "1997.12.3a": "",
    "8 elements": "",
    "0 x 5 cm": "overall width 5 cm",
}


@pytest.mark.parametrize(("text", "expected"), WORDINGS.items())
def test_wording_of_a_catalog_is_read(text: str, expected: str) -> None:
    assert told(text) == expected


def test_value_is_si_and_the_stated_value_stays_beside_it() -> None:
    (height,) = read_dimensions("H. 10 1/2 in. (26.7 cm)").values
    assert height == Dimension(kind="height", value=0.267, unit="m", stated_value=26.7, stated_unit="cm")


def test_contradicting_systems_keep_what_is_stated_first_and_report_the_other() -> None:
    read = read_dimensions("Framed: 14 1/2 x 10 in. (47.6 x 25.4 cm)")
    assert [(one.stated_value, one.stated_unit) for one in read.values] == [(14.5, "in"), (25.4, "cm")]
    assert (read.by, read.unread) == ("dimensions.contradiction", "47.6 x 25.4 cm")


def test_text_that_says_dimensions_vary_is_understood_and_empty() -> None:
    read = read_dimensions("Overall display dimensions variable")
    assert (read.values, read.by, read.unread) == ((), "dimensions.variable", "")


def test_numbers_without_any_unit_are_left_unread_rather_than_guessed() -> None:
    read = read_dimensions("10.75 x 20.5 x 9.5")
    assert (read.values, read.by, read.unread) == ((), "dimensions.unread", "10.75 x 20.5 x 9.5")


def test_default_unit_is_named_as_an_assumption() -> None:
    assert told("i 12 x 14, f 15 x 20", "in") == (
        "image height 12 in; image width 14 in; frame height 15 in; frame width 20 in"
    )
    assert read_dimensions("i 12 x 14, f 15 x 20", default_unit="in").by == "dimensions.assumed-unit"


def test_order_of_the_profile_overrides_the_convention() -> None:
    assert told("12 x 5 x 3 cm", order="length x width x height") == (
        "overall length 12 cm; overall width 5 cm; overall height 3 cm"
    )
    assert told("1.0-3.5", "cm", "depth") == "overall depth ~3.5 cm"


@pytest.mark.parametrize("options", [{"default_unit": "furlong-ish"}, {"order": "tallness x width"}])
def test_unknown_unit_or_order_of_a_profile_is_an_error_that_names_it(options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(options.values())).split()[0]):
        read_dimensions("1 x 2", **options)


def test_unread_words_are_returned() -> None:
    assert read_dimensions("Height 34 cm; chips missing").unread == "chips missing"


@pytest.mark.parametrize("value", [0, 0.0, "", None, -3, "n/a", math.inf, math.nan])
def test_numeric_column_without_a_measure_gives_nothing(value: float | str | None) -> None:
    assert dimension("height", value, "in") is None


def test_numeric_column_is_converted_and_keeps_its_value() -> None:
    read = dimension("width", "19.25", "in", of="frame")
    assert read == Dimension(
        kind="width", value=0.48895, unit="m", of="frame", stated_value=19.25, stated_unit="in"
    )


def test_numeric_column_needs_a_known_unit() -> None:
    with pytest.raises(ValueError, match="unit"):
        dimension("width", 3, "")


def _expected(row: dict[str, str]) -> list[tuple[str, str, float]]:
    measures = []
    for measure in filter(None, row["expected"].split("; ")):
        of, kind, stated = measure.split("|")
        value, name = stated.split()
        unit = find_unit(name)
        assert unit is not None
        measures.append((of, kind, to_si(float(value), unit)))
    return measures


def _read(row: dict[str, str]) -> list[tuple[str, str, float]]:
    if row["field"].startswith("item_"):
        one = dimension("diameter", row["text"], row["unit"])
        read: tuple[Dimension, ...] = (one.model_copy(update={"kind": row["order"]}),) if one else ()
    else:
        read = read_dimensions(
            row["text"], default_unit=row["unit"] or None, order=row["order"] or None
        ).values
    return [(one.of, one.kind, one.value) for one in read]


def test_hand_checked_sample_of_231_records_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Whole records right (every kind, value and part) in a sample drawn with seed 20260101.

    At the first reading, before anything was changed after seeing the sample: 224 of 231 (97.0 %); aic 4/5,
    autry 30/30, cbm 38/40, cmoa 25/25, getty 9/12, isicily 23/24, nmwa 35/35, tate 60/60. That is the figure
    to quote. The slips it showed were then mended, so the count asserted here only guards against loss. One
    stays: "Stand: ... Capacity to rim", where the capacity is that of the krater above. The sample shows
    nothing about languages other than English, and little about letters (H., W., D.).
    """
    records: dict[tuple[str, str], bool] = {}
    for row in checked_rows("dimensions"):
        key = (row["institution"], row["record"])
        records[key] = records.get(key, True) and _read(row) == _expected(row)
    judged = ((institution, is_right) for (institution, _), is_right in records.items())
    assert counted(judged, capsys) == (230, 231)


@given(st.text(max_size=80))
@settings(max_examples=300)
def test_any_text_is_read_without_an_error_and_values_are_positive(text: str) -> None:
    read = read_dimensions(text, default_unit="cm")
    assert all(one.value > 0 and math.isfinite(one.value) for one in read.values)
    assert read.by.startswith("dimensions.")


_FRAGMENTS = st.sampled_from(
    ["H.", "W", "x", "×", "12", "1/2", "½", "10.5", "cm", "in.", "'", '"', "(", ")", "\n",
    ";", ":", "frame", "5-7",
     "ca.", "diam.", "of rim", "lb.", "oz", "min", "sq", "ft", "L", "l", "t", "each", "79.AE.95", "1:30", ","]
)  # fmt: skip


@given(st.lists(_FRAGMENTS, max_size=24))
@settings(max_examples=500)
def test_any_heap_of_dimension_words_is_read_without_an_error(fragments: list[str]) -> None:
    for text in (" ".join(fragments), "".join(fragments)):
        read = read_dimensions(text, default_unit="in")
        assert all(0 < one.value < 1e9 for one in read.values)


_TENTHS = st.integers(min_value=1, max_value=99_999).map(lambda tenths: tenths / 10)


@given(st.lists(_TENTHS, min_size=2, max_size=3), st.sampled_from(["mm", "cm", "m", "in", "ft"]))
def test_written_dimensions_come_back_in_convention_order(values: list[float], name: str) -> None:
    unit = find_unit(name)
    assert unit is not None
    read = read_dimensions(f"{' x '.join(f'{value:g}' for value in values)} {name}").values
    kept = [value for value in values if value * unit.factor < 1e9]
    assert [one.kind for one in read] == ["height", "width", "depth"][: len(kept)]
    assert [one.value for one in read] == pytest.approx([value * unit.factor for value in kept])


@given(st.integers(min_value=1, max_value=4000), st.integers(min_value=1, max_value=4000))
def test_sixteenths_of_inches_with_rounded_centimeters_are_one_dimension_each(one: int, other: int) -> None:
    inches = [one / 16, other / 16]
    written = " × ".join(f"{number // 16} {number % 16}/16" for number in (one, other))
    metric = " × ".join(f"{value * 2.54:.1f}" for value in inches)
    read = read_dimensions(f"{written} in. ({metric} cm)")
    if all(value * 2.54 >= 0.05 for value in inches):
        assert [d.value for d in read.values] == pytest.approx(
            [value * 0.0254 for value in inches], abs=0.000_51
        )


@pytest.mark.parametrize(
    "text",
    [
        "image: 10 × 8 in. (25.4 × 20.3 cm)\nframe: 13 × 11 in. (33 × 27.9 cm)",
        "30 in x 24 1/2 in (76.2 cm x 62.23 cm); Framed: 37 in x 31 in (94 cm x 78.7 cm)",
        "support: 343 x 467 x 20 mm",
        "40 x 48 in. (101.6 x 121.9 cm)",
    ],
)
def test_shortcut_for_regular_lines_reads_what_the_full_reading_reads(text: str) -> None:
    # a word that names nothing keeps the text off the shortcut
    shortcut, full = read_dimensions(text), read_dimensions(f"{text} zzz")
    assert (shortcut.values, shortcut.by) == (full.values, full.by)
    assert (shortcut.unread, full.unread) == ("", "zzz")
