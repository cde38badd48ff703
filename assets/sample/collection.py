"""The builders of the sample museum by artifact."""

from collections.abc import Callable
from typing import Final

from assets.sample.models import (
    bronzes,
    coins,
    earthenware,
    figures,
    greek,
    instruments,
    porcelain,
    sheets,
    stone_and_glass,
    tablets,
    textiles,
)
from assets.sample.replica import Replica

BUILDERS: Final[dict[str, Callable[[], Replica]]] = {
    builder.__name__.replace("_", "-"): builder
    for builder in (
        figures.moche_feline_vessel,
        figures.shabty_amunemhat,
        figures.cycladic_figure,
        textiles.saryk_carpet,
        sheets.waldseemueller_map,
        bronzes.tang_phoenix_mirror,
        earthenware.maya_ruler_vase,
        instruments.isfahan_astrolabe,
        greek.attic_column_krater,
        tablets.umma_barley_receipt,
        coins.athens_tetradrachm,
        porcelain.iznik_artichoke_dish,
        porcelain.yuan_blue_white_jar,
        porcelain.goryeo_celadon_bowl,
        bronzes.lai_zhong_bell,
        bronzes.bidri_hookah_bowl,
        instruments.yoruba_talking_drum,
        instruments.moon_lute,
        earthenware.jomon_deep_vessel,
        earthenware.acoma_water_jar,
        earthenware.samanid_proverb_bowl,
        textiles.inka_key_tunic,
        sheets.antiphonary_leaf,
        stone_and_glass.jade_bi,
        stone_and_glass.roman_glass_aryballos,
        stone_and_glass.marshall_stick_chart,
    )
}
"""Slug to builder; the slowest first, so that they do not keep the others' processes waiting at the end."""
