"""Languages: names, codes, tags; what a script alone shows."""

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.normalize.languages import read_language, script_language
from assets.catalog.record import Text


@pytest.mark.parametrize(
    ("text", "tag"),
    [("English", "en"), ("eng", "en"), ("en-US", "en-US"), ("en_GB", "en-GB"),
    ("French", "fr"), ("fre", "fr"),
     ("ger", "de"), ("Deutsch", "de"), ("Latin", "la"), ("Latin language", "la"),
     ("grc", "grc"), ("xpu", "xpu"),
     ("Ancient Greek", "grc"), ("Greek", "el"), ("zh-Hant", "zh-Hant"), ("zho-hant", "zh-Hant"),
     ("Chinese (Traditional)", "zh-Hant"), ("jpn", "ja"), ("日本語", "ja"), (" DUTCH. ", "nl"),
     ("und", "und")],
)  # fmt: skip
def test_names_codes_and_tags_become_bcp_47(text: str, tag: str) -> None:
    assert read_language(text) == tag


@pytest.mark.parametrize("text", ["", "xx", "Klingonish", "not-a-language", "17", "French and Latin", "e"])
def test_what_is_no_language_gives_none(text: str) -> None:
    assert read_language(text) is None


@pytest.mark.parametrize(
    ("text", "tag"),
    [("Συρακούσαι", "el"), ("Ἐφέσιος", "grc"), ("青花壺", "zh"), ("お茶の壺", "ja"), ("カタカナ", "ja"),
     ("도자기", "ko"), ("ქართული", "ka"), ("Krater", "und"), ("Müller", "und"), ("Москва", "und"),
     ("אבג", "und"), ("青 vase with a long name", "und"), ("Κρατηρ vases", "und"), ("Κρατηρας vase", "el"),
     ("", "und"), ("12 × 5", "und"), ("…", "und")],
)  # fmt: skip
def test_only_a_script_of_one_language_decides(text: str, tag: str) -> None:
    assert script_language(text) == tag


@given(st.text(max_size=40))
def test_every_answer_is_a_tag_the_record_takes(text: str) -> None:
    for tag in (read_language(text), script_language(text)):
        if tag is not None:
            assert Text(content="x", language=tag).language == tag
            assert langcodes.tag_is_valid(tag)
