"""Free texts: cleaning and signs of damage."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalog.normalize.texts import clean_text, looks_damaged


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Plain text.", "Plain text."),
        ("<p>Schneiderman 37 I/I</p>", "Schneiderman 37 I/I"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("one<br/>two", "one\ntwo"),
        ("by <em>Thomas</em> Read", "by Thomas Read"),
        ("Currier &amp; Ives &eacute;", "Currier & Ives é"),
        ("a < b & c > d", "a < b & c > d"),
        ("AT&T", "AT&T"),
        ("<script>alert(1)</script>seen", "seen"),
        ("<style>p {}</style><!-- no -->seen", "seen"),
        ("x\u00a0 y\t z ", "x y z"),
        ("a\r\nb\n\n\n\nc", "a\nb\n\nc"),
        ("zero\u200bwidth\ufeff\x07", "zerowidth"),
        ("Cafe\u0301", "Café"),
        ("<unclosed", "<unclosed"),
        ("", ""),
    ],
)
def test_markup_entities_spaces_and_controls_are_taken_out(text: str, plain: str) -> None:
    assert clean_text(text) == plain


def test_markdown_is_taken_out_only_on_request() -> None:
    text = "*haltēres* (see [entry 2](/catalogue/2/)), 5*3, acc. no. 12*a"
    assert clean_text(text) == text
    assert clean_text(text, markdown=True) == "haltēres (see entry 2), 5*3, acc. no. 12*a"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CafÃ©", "'é'"),
        ("Ã‰douard", "'É'"),
        ("â€œquoteâ€", "'“'"),
        ("Â£5", "'£'"),
        ("caf\ufffd", "U+FFFD"),
        ("Whitefriar\x92s", "U+0092"),
        ("Caf?s", "question mark inside a word"),
        ("a\x00b", "NUL"),
        ("cut \ud83d", "lone surrogate"),
    ],
)
def test_damage_is_named(text: str, said: str) -> None:
    reason = looks_damaged(text)
    assert reason is not None
    assert said in reason


@pytest.mark.parametrize(
    "text",
    ["Café", "naïve – “quote”", "Île d’Orléans", "SÃO PAULO", "who? me", "http://a?b",
    "Ångström", "青花", "Ἐφέσιος",
     "Ñandú", "Às armas", "É!", "à «l'eau»", "Москва", "ÎLE…", "x"],
)  # fmt: skip
def test_good_texts_are_not_called_damaged(text: str) -> None:
    assert looks_damaged(text) is None


@given(st.text(max_size=80))
def test_cleaning_is_idempotent_on_text_without_markup(text: str) -> None:
    plain = text.replace("<", "").replace("&", "")
    once = clean_text(plain)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet=st.characters(min_codepoint=0xC0, max_codepoint=0xFF), min_size=1, max_size=20))
def test_utf_8_read_as_latin_1_is_found(text: str) -> None:
    assert looks_damaged(text.encode().decode("latin-1")) is not None


@given(st.text(max_size=60))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    reason = looks_damaged(text)
    assert reason is None or reason
